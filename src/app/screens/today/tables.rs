//! The sections of Today as tables: pace, why, do today, balance; under them the headline numbers and the sources.

use crate::domain::plans::OpType;
use crate::query::{Cause, Compared, Coverage, Lamp, LampFact, Primary, TaskRow, Today};
use crate::ui::table::{Align, Cell, Column, Row, Table};
use crate::ui::theme::Role;
use crate::ui::verdict::Verdict;
use crate::ui::{amount, dates, format};

use super::super::super::view::Env;
use super::super::super::{brief, number};
use super::super::plans::words;

const NUMBERS: &[Column] = &[
    Column::new("", Align::Left(1), 24).compact(Align::Left(1)),
    Column::new("value", Align::Right(33), 10).compact(Align::Right(33)),
    Column::new("prev", Align::Right(42), 8).compact(Align::Right(42)),
    Column::new("delta", Align::Right(51), 8).compact(Align::Right(51)),
    Column::new("28 days", Align::Left(52), 28),
];

const PACE: &[Column] = &[
    Column::new("", Align::Left(1), 13).compact(Align::Left(1)),
    Column::new("actual/target", Align::Right(25), 13).compact(Align::Right(25)),
    Column::new("", Align::Left(26), 11),
    Column::new("pace", Align::Right(43), 5).compact(Align::Right(31)),
    Column::new("lead", Align::Right(49), 5).compact(Align::Right(37)),
    Column::new("fcst", Align::Right(55), 5),
    Column::new("~80%", Align::Right(65), 9),
    Column::new("hit", Align::Right(70), 4).compact(Align::Right(43)),
    Column::new("", Align::Left(71), 8).compact(Align::Left(45)),
];

const WHY: &[Column] = &[
    Column::new("", Align::Left(1), 22).compact(Align::Left(1)),
    Column::new("actual vs line", Align::Right(38), 16).compact(Align::Right(38)),
    Column::new("effect", Align::Right(47), 8).compact(Align::Right(47)),
    Column::new("", Align::Left(48), 23).compact(Align::Left(48)),
    Column::new("", Align::Right(80), 8),
];

const DO: &[Column] = &[
    Column::new("", Align::Left(1), 43).compact(Align::Left(1)),
    Column::new("", Align::Left(45), 7).compact(Align::Left(45)),
    Column::new("", Align::Left(54), 11),
    Column::new("", Align::Left(66), 13),
];

const BALANCE: &[Column] = &[
    Column::new("", Align::Left(1), 9).compact(Align::Left(1)),
    Column::new("1Pro", Align::Left(12), 5).compact(Align::Left(11)),
    Column::new("2Use", Align::Left(18), 5).compact(Align::Left(15)),
    Column::new("3Act", Align::Left(24), 5).compact(Align::Left(19)),
    Column::new("4Mkt", Align::Left(30), 5).compact(Align::Left(23)),
    Column::new("5Con", Align::Left(36), 5).compact(Align::Left(27)),
    Column::new("6Com", Align::Left(42), 5).compact(Align::Left(31)),
    Column::new("7Cha", Align::Left(48), 5).compact(Align::Left(35)),
    Column::new("LAMPS", Align::Left(55), 25).compact(Align::Left(40)),
];

const ASPECTS: [&str; 4] = ["plan", "targets", "live data", "review"];

/// PACE.
pub fn pace(today: Option<&Today>) -> Table {
    Table {
        title: "PACE".to_owned(),
        columns: PACE,
        rows: today.map_or_else(Vec::new, |today| today.primaries.iter().map(primary).collect()),
        empty: "no plan runs with a target: 8 Plans, a makes one".to_owned(),
        ..Table::default()
    }
}

fn primary(primary: &Primary) -> Row {
    let course = &primary.course;
    let value = |value| amount::brief(value, course.unit);
    let (word, role) = words::standing(primary.standing);
    let share = course.line.zip(course.target).filter(|(_, target)| *target != 0.0).map(|(line, target)| line / target);
    let time = if course.accumulation == crate::query::Accumulation::Flow { share } else { primary.time };
    let outlook = course.outlook;
    Row {
        id: primary.plan.to_string(),
        cells: vec![
            Cell::text(&course.label),
            Cell::number(
                format!("{}/{}", value(course.actual), value(course.target)),
                course.actual,
                course.actual.map_or_else(String::new, |actual| amount::exact(actual, course.unit)),
            ),
            Cell::text(words::bar(course.attainment, time)),
            Cell::text(words::pace(course.pace)),
            Cell::text(
                course.lead.map_or_else(|| format::MISSING.to_owned(), |lead| format!("{}d", brief::lead_days(lead))),
            ),
            Cell::text(value(outlook.map(|outlook| outlook.value))),
            Cell::text(
                outlook.map_or_else(|| format::MISSING.to_owned(), |o| band(&value(Some(o.low)), &value(Some(o.high)))),
            ),
            Cell::text(words::hit(outlook.map(|outlook| outlook.p_hit))),
            Cell::text(word).role(role),
        ],
    }
}

/// Low and high with the unit once: `271-279k`; of rates without it, as the target beside it has it.
fn band(low: &str, high: &str) -> String {
    if let (Some(low), Some(high)) = (low.strip_suffix('%'), high.strip_suffix('%')) {
        return format!("{low}-{high}");
    }
    let thousands = |text: &str| text.replace(',', "").parse::<f64>().ok().filter(|v| v.abs() >= 1_000.0);
    if let (Some(low), Some(high)) = (thousands(low), thousands(high)) {
        return format!("{}-{}k", format::fixed(low / 1e3, 1), format::fixed(high / 1e3, 1));
    }
    let unit = high.chars().last().filter(|c| !c.is_ascii_digit());
    let low = unit.map_or(low, |unit| low.strip_suffix(unit).unwrap_or(low));
    format!("{low}-{high}")
}

/// WHY.
pub fn why(today: Option<&Today>) -> Table {
    let rows =
        |today: &Today| today.causes.iter().enumerate().map(|(at, cause)| self::cause(at, cause, today)).collect();
    let snoozed = today.map_or(0, |today| today.snoozed);
    Table {
        title: "WHY".to_owned(),
        note: if snoozed > 0 { format!("{snoozed} put off") } else { String::new() },
        columns: WHY,
        rows: today.map_or_else(Vec::new, rows),
        empty: "nothing is abnormal and no plan is behind".to_owned(),
        ..Table::default()
    }
}

/// A row of WHY.
pub fn cause(at: usize, cause: &Cause, today: &Today) -> Row {
    let bad = cause.weight > 0.0 || cause.effect.is_some();
    let split = brief::cause_split(cause);
    let since = brief::cause_since(cause, today);
    Row {
        id: cause.place.key(),
        cells: vec![
            Cell::text(format!("{} {}", at + 1, cause.label)),
            Cell::text(brief::cause_values(cause)),
            Cell::text(brief::cause_effect(cause)).role(if bad { Role::Bad } else { Role::Good }),
            Cell::text(if since.is_empty() { split } else { since }),
            Cell::text(brief::cause_screen(cause)).role(Role::Accent),
        ],
    }
}

/// DO TODAY.
pub fn work(today: Option<&Today>, env: &Env<'_>) -> Table {
    let note = today.map_or_else(String::new, |today| {
        let work = &today.work;
        let typed =
            if work.to_type.is_empty() { String::new() } else { format!("  {} to type: L", work.to_type.len()) };
        format!("{} due  {} overdue  {} blocked{typed}", work.due, work.overdue, work.blocked)
    });
    let to_type = today.map_or(&[][..], |today| &today.work.to_type);
    Table {
        title: "DO TODAY".to_owned(),
        note,
        columns: DO,
        rows: today.map_or_else(Vec::new, |today| today.work.tasks.iter().map(|row| task(row, env)).collect()),
        empty: match to_type {
            [] => "nothing is due".to_owned(),
            names => format!("L types {} of {}", names.join(", "), dates::weekday(env.today.plus(-1), env.today)),
        },
        ..Table::default()
    }
}

/// A row of DO TODAY.
pub fn task(row: &TaskRow, env: &Env<'_>) -> Row {
    let late = row.due.map_or(0, |due| env.today.since(due));
    let when = if late > 0 { format!("overdue {}", dates::age(late)) } else { "today".to_owned() };
    let blocks = if row.blocks.is_empty() { String::new() } else { format!("blocks {}", row.blocks.len()) };
    Row {
        id: row.task.id.to_string(),
        cells: vec![
            Cell::text(format!("{} {:3}{}", words::task_box(row), words::priority(&row.task), row.task.title)),
            Cell::text(words::tab(row.task.op_type)),
            Cell::text(when).role(if late > 0 { Role::Bad } else { Role::Base }),
            Cell::text(blocks),
        ],
    }
}

/// BALANCE: a row an aspect of the matrix, beside the three lamps and the feedback.
pub fn balance(today: Option<&Today>) -> Table {
    let rows = |today: &Today| (0..ASPECTS.len()).map(|aspect| balance_row(aspect, today)).collect();
    Table {
        title: "BALANCE".to_owned(),
        columns: BALANCE,
        rows: today.map_or_else(Vec::new, rows),
        empty: "..".to_owned(),
        ..Table::default()
    }
}

fn balance_row(aspect: usize, today: &Today) -> Row {
    let cell = |cells: &[Coverage; 4]| {
        let (text, role) = match cells[aspect] {
            Coverage::Ok => ("ok", Role::Base),
            Coverage::Absent => (format::MISSING, Role::Muted),
            Coverage::Due => ("due", Role::Warn),
            Coverage::Old => ("old", Role::Warn),
            Coverage::Aside => (" ", Role::Muted),
        };
        Cell::text(text).role(role)
    };
    let mut cells = vec![Cell::text(ASPECTS[aspect])];
    cells.extend(today.matrix.cells.iter().take(OpType::ALL.len()).map(cell));
    cells.push(today.lamps.get(aspect).map_or_else(
        || feedback(today),
        |lamp| {
            let (text, role) = lamp_cell(lamp, today);
            Cell::text(text).role(role)
        },
    ));
    Row { id: ASPECTS[aspect].to_owned(), cells }
}

/// `LEAK   ! OFF 3 facts`.
pub fn lamp_cell(lamp: &Lamp, today: &Today) -> (String, Role) {
    let (text, role) = brief::lamp_words(lamp, today);
    let sign = match role {
        Role::Bad => "! ",
        Role::Warn => "o ",
        Role::Good => "+ ",
        _ => "? ",
    };
    (format!("{:6} {sign}{text}", lamp.name.word()), role)
}

fn feedback(today: &Today) -> Cell {
    let age = today.feedback.1.map_or_else(String::new, |days| format!(", {}", dates::age(days)));
    Cell::text(format!("feedback {} new{age}", today.feedback.0)).role(Role::Muted)
}

/// The facts of a lamp, each with what it is about and the key that mends it.
pub fn facts(lamp: &Lamp) -> Vec<String> {
    let line = |fact: &LampFact| {
        let about = brief::about(fact);
        let about = if about.is_empty() { String::new() } else { format!(" ({about})") };
        format!("{}{about}; key {}", brief::fact(fact), fact.measure.key)
    };
    lamp.facts.iter().map(line).collect()
}

/// The headline numbers with their 28 days.
pub fn numbers(all: &[Compared], env: &Env<'_>) -> Table {
    Table {
        title: "TREND".to_owned(),
        note: env.currency(),
        columns: NUMBERS,
        rows: all.iter().map(|c| number_row(c, env)).collect(),
        empty: format!("{}: no data in the period", Verdict::NoData.text()),
        ..Table::default()
    }
}

fn number_row(shown: &Compared, env: &Env<'_>) -> Row {
    let name = if shown.stale {
        Cell::text(format!("{} {}", number::name(shown), Verdict::Stale.sign()))
    } else {
        Cell::text(number::name(shown))
    };
    let value = |n, cells| {
        let text = format::number_fit(n, cells);
        let role = if text == format::MISSING { Role::Muted } else { Role::Base };
        Cell::number(text, n.value(), format::exact(n)).role(role)
    };
    let now = if shown.now.value().is_none() && number::is_defined(shown.metric, env) {
        Cell::number(Verdict::NoData.text(), None, "").role(Role::Muted)
    } else {
        value(shown.now, 10)
    };
    Row {
        id: shown.metric.to_owned(),
        cells: vec![name, now, value(shown.before, 8), number::delta_cell(shown), number::line(&shown.trend)],
    }
}
