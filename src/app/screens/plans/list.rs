//! The list: plans worst first with four gauges, what they tell together, and the strategy they serve.
//!
//! ```text
//! ── PLANS  6 running ── owner period ── time work reslt budg  hit status ──
//! ── REVIEW AND CLOSED  2 ──
//! ── READING ──
//! ── STRATEGY  Q2 ──
//! ```

use crate::domain::calendar::Day;
use crate::domain::plans::PlanStatus;
use crate::query::{Course, PlanRow};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::{Align, Cell, Column, Row, Table, rule};
use crate::ui::theme::Role;
use crate::ui::{amount, format, text};

use super::super::super::list::{Board, allot};
use super::super::super::pane;
use super::facts::{self, About};
use super::{Seen, strategy, words};

/// Place of the tables.
pub const PLANS: usize = 0;
pub const OVER: usize = 1;
pub const STRATEGY: usize = 2;

const COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 24).compact(Align::Left(1)),
    Column::new("owner", Align::Left(26), 5),
    Column::new("period", Align::Left(32), 12),
    Column::new("time", Align::Right(49), 4).compact(Align::Right(31)),
    Column::new("work", Align::Right(54), 4).compact(Align::Right(36)),
    Column::new("reslt", Align::Right(60), 5).compact(Align::Right(42)),
    Column::new("budg", Align::Right(65), 4).compact(Align::Right(47)),
    Column::new("hit", Align::Right(70), 4),
    Column::new("status", Align::Left(71), 9).compact(Align::Left(49)),
    // What the pane tells of one plan stands beside all of them where there is room.
    Column::new("actual", Align::Right(90), 8).from(WIDE),
    Column::new("line", Align::Right(99), 8).from(WIDE),
    Column::new("target", Align::Right(108), 8).from(WIDE),
    Column::new("forecast", Align::Right(117), 8).from(WIDE),
];

/// Cells from which a table has the values of its plans.
const WIDE: u16 = 118;

/// Whether a plan stands below the others: to be reviewed, or over.
fn is_below(row: &PlanRow) -> bool {
    row.status == PlanStatus::Review || row.status.is_over()
}

/// The section that a plan stands in.
pub fn section_of(row: &PlanRow) -> usize {
    if is_below(row) { OVER } else { PLANS }
}

/// The three tables of the list.
pub fn tables(seen: &Seen<'_>) -> Vec<Table> {
    let (below, open): (Vec<&PlanRow>, Vec<&PlanRow>) = seen.board.plans.iter().partition(|row| is_below(row));
    let count = |of: &[PlanStatus], word: &str| {
        let n = open.iter().filter(|row| of.contains(&row.status)).count();
        (n > 0).then(|| format!("{n} {word}"))
    };
    let counts = [count(&[PlanStatus::Running], "running"), count(&[PlanStatus::Draft, PlanStatus::Ready], "to begin")];
    let none = seen.board.plans.is_empty();
    vec![
        Table {
            title: "PLANS".to_owned(),
            note: counts.into_iter().flatten().next().unwrap_or_default(),
            columns: COLUMNS,
            rows: open.iter().map(|row| plan_row(row, seen)).collect(),
            empty: if none { String::new() } else { "no plan is open: a writes one".to_owned() },
            ..Table::default()
        },
        Table {
            title: "REVIEW AND CLOSED".to_owned(),
            note: if below.is_empty() { String::new() } else { below.len().to_string() },
            columns: COLUMNS,
            rows: below.iter().map(|row| plan_row(row, seen)).collect(),
            empty: "none yet: a plan comes here when its days of watching are over".to_owned(),
            ..Table::default()
        },
        strategy::table(seen),
    ]
}

fn plan_row(row: &PlanRow, seen: &Seen<'_>) -> Row {
    let plan = &row.plan;
    let share = |value: Option<f64>, cells: usize| {
        let exact = value.map_or_else(String::new, |v| format::fixed(v, 6));
        let role = if value.is_none() { Role::Muted } else { Role::Base };
        Cell::number(words::percent_within(value, cells), value, exact).role(role)
    };
    let (status, role) = words::status(row);
    let p = row.primary.as_ref().and_then(|course| course.outlook).map(|outlook| outlook.p_hit);
    let hit = if words::status(row).0 == "closed" { None } else { p };
    Row {
        id: plan.id.to_string(),
        cells: vec![
            Cell::text(format!("{} {}", words::code(plan.op_type), plan.name())),
            Cell::text(&plan.owner),
            Cell::text(words::days(plan.span(), seen.env.today)),
            share(row.gauges.time, 4),
            share(row.gauges.work, 4),
            share(row.gauges.result, 5),
            share(row.gauges.budget, 4),
            Cell::number(words::hit(hit), hit, hit.map_or_else(String::new, |v| format::fixed(v, 6)))
                .role(if hit.is_none() { Role::Muted } else { Role::Base }),
            Cell::text(status).role(role),
            value(row, |course| course.actual),
            value(row, |course| course.line),
            value(row, |course| course.target),
            value(row, |course| course.outlook.as_ref().map(|outlook| outlook.value)),
        ],
    }
}

/// A number of the primary target.
fn value(row: &PlanRow, pick: fn(&Course) -> Option<f64>) -> Cell {
    let Some(course) = &row.primary else { return Cell::text(format::MISSING).role(Role::Muted) };
    let value = pick(course);
    let exact = value.map_or_else(String::new, |v| amount::exact(v, course.unit));
    let role = if value.is_none() { Role::Muted } else { Role::Base };
    Cell::number(amount::brief(value, course.unit), value, exact).role(role)
}

/// What the gauges of running plans tell, worst first.
fn readings(seen: &Seen<'_>) -> Vec<String> {
    let told = seen.board.plans.iter().filter(|row| row.status == PlanStatus::Running).filter_map(|row| {
        let reading = row.readings.iter().min()?;
        Some(format!("{}: {}", row.plan.name(), reading.text()))
    });
    told.collect()
}

/// Draws rows 3 to 22.
pub fn draw(pen: &mut Pen<'_>, seen: &Seen<'_>, cursor: &Board, tables: &[Table]) {
    if seen.board.plans.is_empty() {
        return draw_empty(pen, seen, cursor, tables);
    }
    facts::draw(pen, about(seen, cursor, tables));
    let (width, height) = (pane::content_width(pen.width()), pen.height());
    let mut pen = pen.part(0, 0, width, height);
    let said = readings(seen);
    let measured = |row: &PlanRow| row.primary.as_ref().is_some_and(|course| course.actual.is_some());
    let told = seen.board.plans.iter().any(|row| row.status == PlanStatus::Running && measured(row));
    let reading = if told && pen.height() >= 16 { said.len().clamp(1, 3) as u16 + 1 } else { 0 };
    let rows = |at: usize| tables[at].rows.len().max(1) as u16 + 1;
    let wants = [(rows(0).min(7), rows(0)), (rows(1).min(3), rows(1)), (rows(2).min(2), rows(2))];
    let heights = allot(height.saturating_sub(reading), &wants, cursor.section(tables));
    let mut y = 0;
    for (at, rows) in heights.into_iter().enumerate() {
        if at == STRATEGY && reading > 0 {
            rule(&mut pen, y, "READING", "");
            if said.is_empty() {
                pen.text(3, y + 1, "the gauges of the running plans tell no pattern", Role::Muted);
            }
            for (line, text) in (1..reading).zip(&said) {
                pen.within(1, y + line, width.saturating_sub(2), text, Role::Base);
            }
            y += reading;
        }
        cursor.draw(&mut pen.part(0, y, width, rows), tables, at);
        y += rows;
    }
    text_in_full(&mut pen.part(0, y, width, height.saturating_sub(y)), seen, cursor, tables);
}

/// The text of the strategy under the cursor, where no pane tells it.
fn text_in_full(pen: &mut Pen<'_>, seen: &Seen<'_>, cursor: &Board, tables: &[Table]) {
    let has_pane = pane::content_width(seen.env.size.0) < seen.env.size.0;
    let here = cursor.current(tables).filter(|(section, _)| *section == STRATEGY && !has_pane);
    if let Some((_, row)) = here {
        strategy::in_full(pen, seen, &row.id);
    }
}

fn draw_empty(pen: &mut Pen<'_>, seen: &Seen<'_>, cursor: &Board, tables: &[Table]) {
    rule(pen, 0, "PLANS", "");
    let width = pen.width();
    pen.text(3, 1, "No plan yet.", Role::Base);
    let about = "A plan has a period, an owner and one target, broken down to parts that are measured.";
    let mut y = 2;
    for line in text::wrapped(about, usize::from(width.saturating_sub(6))) {
        pen.text(3, y, &line, Role::Base);
        y += 1;
    }
    let ways = [
        ("A", "writes down a strategy first"),
        ("a", "writes a plan here"),
        ("quarterdeck plan new", "the same without the screen"),
        ("i", "imports the data to measure it by"),
    ];
    for (key, does) in ways {
        y += 1;
        pen.text(3, y, key, Role::Accent);
        pen.within(25, y, width.saturating_sub(26), does, Role::Base);
    }
    if !tables[STRATEGY].rows.is_empty() {
        let rows = tables[STRATEGY].rows.len() as u16 + 1;
        cursor.draw(&mut pen.part(0, y + 2, width, rows), tables, STRATEGY);
        let below = y + 2 + rows;
        let left = pen.height().saturating_sub(below);
        text_in_full(&mut pen.part(0, below, width, left), seen, cursor, tables);
    }
}

/// What the pane tells of the row under the cursor.
fn about(seen: &Seen<'_>, cursor: &Board, tables: &[Table]) -> Option<About> {
    let (section, row) = cursor.current(tables)?;
    if section == STRATEGY {
        return strategy::about(seen, &row.id);
    }
    let row = seen.board.plans.iter().find(|plan| plan.plan.id.to_string() == row.id)?;
    let plan = &row.plan;
    let mut facts = vec![
        ("method", plan.method.clone()),
        ("focus", plan.focus.word().to_owned()),
        ("revenue", plan.revenue_link.word().to_owned()),
        ("audience", plan.audience.clone()),
        ("place", plan.place.clone()),
        ("mechanic", plan.mechanic.clone()),
        ("why", plan.status_reason.clone()),
    ];
    facts.extend(row.primary.iter().flat_map(course_facts));
    let money = |micros: i64| amount::brief(Some(micros as f64), crate::query::Unit::Money);
    facts.extend([("granted", money(row.granted)), ("spent", money(row.spent))]);
    Some(About { title: plan.name(), remark: words::tab(plan.op_type), facts })
}

fn course_facts(course: &Course) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("metric", course.label.clone()),
        ("actual", amount::full(course.actual, course.unit)),
        ("line", amount::full(course.line, course.unit)),
        ("target", amount::full(course.target, course.unit)),
        ("pace", words::pace(course.pace)),
    ];
    if let Some(outlook) = &course.outlook {
        let show = |v| amount::brief(Some(v), course.unit);
        facts.push(("forecast", format!("{} ({}-{})", show(outlook.value), show(outlook.low), show(outlook.high))));
        let level = if outlook.level_shift { ", on another level since a week" } else { "" };
        if outlook.n > 0 {
            facts.push(("from", format!("{} days{level}", outlook.n)));
        }
    }
    facts
}

/// A plan in one sentence.
pub fn plan_sentence(row: &PlanRow, today: Day) -> String {
    let name = row.plan.name();
    let overdue = if row.overdue > 0 { format!("; {} overdue", row.overdue) } else { String::new() };
    match &row.primary {
        None => format!("{name}: no target yet; Enter, then t gives it a metric and a target{overdue}"),
        Some(course) => format!("{name}: {}{overdue}", course_sentence(course, today)),
    }
}

fn course_sentence(course: &Course, today: Day) -> String {
    let show = |value| amount::brief(value, course.unit);
    if course.actual.is_none() {
        let why = course.missing.as_ref().map_or_else(
            || "is not measured yet".to_owned(),
            |why| format!("has no value: {}", words::with_days(why, today)),
        );
        return format!("{} {why}; target {}", course.label, show(course.target));
    }
    let line = course.line.map(|line| format!(", line {}", show(Some(line)))).unwrap_or_default();
    let needs = course.required.first().map(|need| {
        let more = course.uplift.map(|uplift| format!(", {}%", format::signed((uplift - 1.0) * 100.0, 1)));
        format!("; needs {}/day{}", amount::full(Some(*need), course.unit), more.unwrap_or_default())
    });
    format!("{} of {}{line}{}", show(course.actual), show(course.target), needs.unwrap_or_default())
}

/// The row under the cursor in one sentence.
pub fn sentence(seen: &Seen<'_>, section: usize, id: &str) -> Vec<Run> {
    let said = if section == STRATEGY {
        strategy::sentence(seen, id)
    } else {
        seen.board
            .plans
            .iter()
            .find(|row| row.plan.id.to_string() == id)
            .map(|row| plan_sentence(row, seen.env.today))
            .unwrap_or_default()
    };
    vec![(said, Role::Base)]
}
