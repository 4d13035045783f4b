//! The list of plans: worst first, four gauges, probability, verdict; then what the gauges tell and the strategy.

use crate::domain::operations::OPERATIONS;
use crate::domain::plans::{OpType, PlanStatus};
use crate::query::{Course, Gauges, PlanBoard, PlanRow, TargetWord};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::{Align, Cell, Column, Row, Table, rule};
use crate::ui::theme::Role;
use crate::ui::{amount, dates, format};

use super::super::super::view::Env;

const COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 26).compact(Align::Left(1)),
    Column::new("owner", Align::Left(28), 6),
    Column::new("period", Align::Left(35), 12),
    Column::new("time", Align::Right(50), 4).compact(Align::Right(32)),
    Column::new("work", Align::Right(55), 4),
    Column::new("reslt", Align::Right(61), 5).compact(Align::Right(38)),
    Column::new("budg", Align::Right(66), 4),
    Column::new("hit", Align::Right(70), 4).compact(Align::Right(44)),
    Column::new("status", Align::Left(71), 9).compact(Align::Left(45)),
];

/// Plans that run, and all others.
pub fn tables(board: Option<&PlanBoard>, env: &Env<'_>) -> Vec<Table> {
    let empty = || "..".to_owned();
    let mut running = Table { title: "PLANS".to_owned(), columns: COLUMNS, empty: empty(), ..Table::default() };
    let mut others = Table { title: "OTHERS".to_owned(), columns: COLUMNS, empty: empty(), ..Table::default() };
    let Some(board) = board else { return vec![running, others] };
    let runs = |row: &&PlanRow| matches!(row.status, PlanStatus::Running | PlanStatus::Paused);
    running.rows = board.plans.iter().filter(runs).map(|plan| row(plan, env)).collect();
    others.rows = board.plans.iter().filter(|plan| !runs(plan)).map(|plan| row(plan, env)).collect();
    running.note = format!("{} running", running.rows.len());
    "no plan runs; a makes one, o moves one on".clone_into(&mut running.empty);
    "no plan is a draft, in review or closed".clone_into(&mut others.empty);
    vec![running, others]
}

fn row(plan: &PlanRow, env: &Env<'_>) -> Row {
    let course = plan.primary.as_ref();
    let Gauges { time, work, result, budget } = plan.gauges;
    let hit = course.and_then(|course| course.outlook).map(|outlook| outlook.p_hit);
    let (status, role) = status(plan);
    Row {
        id: plan.plan.id.to_string(),
        cells: vec![
            Cell::text(format!("{}{} {}", plan.plan.op_type.digit(), two(plan.plan.op_type), plan.plan.name())),
            Cell::text(&plan.plan.owner),
            Cell::text(dates::period(plan.plan.span(), env.today)),
            share(time),
            share(work),
            share(result),
            share(budget),
            hit.map_or_else(missing, |p| Cell::number(format::odds(p), Some(p), format!("{p}"))),
            Cell::text(status).role(role),
        ],
    }
}

fn two(op: OpType) -> &'static str {
    OPERATIONS.get(op as usize).and_then(|row| row.name.get(..2)).unwrap_or("")
}

/// A gauge as whole percent.
pub fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| format::MISSING.to_owned(), |value| format!("{}%", format::fixed(value * 100.0, 0)))
}

fn share(value: Option<f64>) -> Cell {
    value.map_or_else(missing, |v| Cell::number(percent(Some(v)), Some(v), format!("{v}")))
}

fn missing() -> Cell {
    Cell::number(format::MISSING, None, "").role(Role::Muted)
}

/// The verdict of a running plan, else what it shows as.
pub fn status(plan: &PlanRow) -> (String, Role) {
    match plan.standing {
        Some(word) => standing(word),
        None => (plan.status.word().to_owned(), Role::Muted),
    }
}

/// Sign and word of a verdict.
pub fn standing(word: TargetWord) -> (String, Role) {
    let (text, role) = match word {
        TargetWord::Ok => ("+ OK", Role::Good),
        TargetWord::Risk => ("o RISK", Role::Warn),
        TargetWord::Off => ("! OFF", Role::Bad),
        TargetWord::Over => ("^ OVER", Role::Warn),
        TargetWord::NoData => ("? NODATA", Role::Muted),
        TargetWord::Stale => ("z STALE", Role::Warn),
    };
    (text.to_owned(), role)
}

/// What gauges tell, and the strategy in force; gives the rows it took.
pub fn draw_below(pen: &mut Pen<'_>, board: &PlanBoard) {
    rule(pen, 0, "READING", "");
    let mut y = 1;
    let told = board.plans.iter().filter(|plan| !plan.readings.is_empty());
    for plan in told.take(2) {
        let words: Vec<&str> = plan.readings.iter().map(|reading| reading.text()).collect();
        let width = pen.width().saturating_sub(2);
        pen.within(1, y, width, &format!("{}: {}", plan.plan.name(), words.join("; ")), Role::Base);
        y += 1;
    }
    if y == 1 {
        pen.text(1, y, "the gauges of every plan go together", Role::Muted);
        y += 1;
    }
    let Some((row, strategy)) =
        board.strategies.first().and_then(|row| Some((row, board.book.strategies.iter().find(|s| s.id == row.id)?)))
    else {
        rule(pen, y, "STRATEGY", "");
        pen.text(1, y + 1, "none yet; A writes one: what is, what is in the way, what may help", Role::Muted);
        return;
    };
    rule(pen, y, "STRATEGY", &format!("{}  focus {}", strategy.title, strategy.focus.word()));
    let budget = ["acquire", "retain", "revenue", "balanced"];
    let parts: Vec<String> = budget
        .iter()
        .zip(row.budget)
        .filter_map(|(name, share)| Some(format!("{name} {}", percent(Some(share.filter(|s| *s > 0.0)?)))))
        .collect();
    let dark: Vec<String> =
        OpType::ALL.iter().filter(|op| !row.covers.contains(op)).map(|op| op.digit().to_string()).collect();
    let covers: Vec<String> = row.covers.iter().map(|op| op.digit().to_string()).collect();
    let dark = if dark.is_empty() { String::new() } else { format!("   dark {}", dark.join(" ")) };
    let lines = [
        ("situation", strategy.situation.clone()),
        ("hypothesis", strategy.hypothesis.clone()),
        ("budget", parts.join("  ")),
        ("covers", format!("{}{dark}", covers.join(" "))),
    ];
    for (at, (name, text)) in (1..).zip(lines) {
        pen.text(1, y + at, name, Role::Muted);
        let width = pen.width().saturating_sub(14);
        pen.within(13, y + at, width, &text, Role::Base);
    }
}

/// Rows that [`draw_below`] wants.
pub const BELOW: u16 = 8;

/// The plan under the cursor in one sentence.
pub fn sentence(plan: &PlanRow) -> Vec<Run> {
    let Some(course) = &plan.primary else {
        return vec![(
            format!("{} has no primary target; Enter, then e or + gives it one", plan.plan.name()),
            Role::Base,
        )];
    };
    vec![(format!("{}: {}", plan.plan.name(), course_words(plan, course)), Role::Base)]
}

fn course_words(plan: &PlanRow, course: &Course) -> String {
    let value = |value| amount::brief(value, course.unit);
    let mut words = vec![format!("{} of {}", value(course.actual), value(course.target))];
    if let Some(line) = course.line {
        words.push(format!(", line {}", value(Some(line))));
    }
    let needed = course.required.iter().copied().reduce(f64::max).filter(|need| *need > 0.0);
    if let (Some(need), Some(uplift)) = (needed, course.uplift) {
        let change = format::signed((uplift - 1.0) * 100.0, 1);
        words.push(format!("; needs up to {}/day, {change}%", value(Some(need))));
    }
    if plan.overdue > 0 {
        words.push(format!("; {} overdue", plan.overdue));
    }
    words.concat()
}
