//! The detail pane: the row under the cursor with all its numbers, what they are, and how sure.

use crate::domain::operations::Section;
use crate::query::{Detail, Figure, PlanBoard, PlanRow, SectionRow, Split, TaskRow, Value};
use crate::ui::pen::Pen;
use crate::ui::theme::Role;
use crate::ui::{amount, dates, format};

use super::super::super::view::Env;
use super::super::super::{number, pane};
use super::shapes::{Shape, Show};
use super::{cells, work};

/// The numbers of a row by the heads of its columns, as they are told in a sentence.
pub fn told(shape: Shape, row: &SectionRow, env: &Env<'_>) -> Vec<String> {
    let of = |(column, show): (&crate::ui::table::Column, &Show)| {
        let figure = row.figures.get(show.figure()?)?;
        let text = match figure {
            Figure::Blank | Figure::Days(_) => return None,
            Figure::Value(value) if value.now.value().is_none() => return None,
            Figure::Value(value) => {
                let now = format!("{}{}", format::number(value.now), if value.running { "*" } else { "" });
                match value.before.value() {
                    Some(_) => format!("{now} ({})", cells::delta(value).text),
                    None => now,
                }
            }
            other => cells::figure(other, usize::from(column.width), env).text,
        };
        Some(format!("{} {text}", cells::head(column, *show, Some(figure), env)).trim().to_owned())
    };
    shape.columns.iter().zip(shape.shows).filter_map(of).collect()
}

/// The pane of a row; `value` is the metric under the cursor. Gives the row below.
pub fn row(pen: &mut Pen<'_>, (shape, row): (Shape, &SectionRow), value: Option<&Value>, env: &Env<'_>) -> u16 {
    let mut y = pane::head(pen, &cells::called(&shape, row, env), &shape.title.to_lowercase());
    for (column, show) in shape.columns.iter().zip(shape.shows) {
        let Some(figure) = show.figure().and_then(|at| row.figures.get(at)) else { continue };
        let (value, remark, role) = match figure {
            Figure::Blank | Figure::Days(_) => continue,
            Figure::Value(value) => {
                let change =
                    if value.before.value().is_some() { cells::delta(value) } else { crate::ui::table::Cell::text("") };
                (format::number(value.now), format!("  {}", change.text), change.role)
            }
            other => (cells::figure(other, 18, env).text, String::new(), Role::Muted),
        };
        y = pane::fact(pen, y, &cells::head(column, *show, Some(figure), env), (&value, Role::Base), (&remark, role));
    }
    let Some(value) = value else { return y };
    y = sure(pen, y + 1, value, env);
    pane::paragraph(pen, y + 1, number::formula_of(value.metric.unwrap_or_default()), Role::Muted)
}

/// The parts of a number by the first split it has, the largest first, as many as there is room for.
pub fn parts(pen: &mut Pen<'_>, y: u16, found: Option<&Detail>) {
    let Some(split) = found.and_then(|found| found.splits.first()).filter(|split| !split.parts.is_empty()) else {
        return;
    };
    let by = match split.split {
        Split::Channel => "by channel",
        Split::Platform => "by platform",
        Split::Stream => "by stream",
    };
    if pen.height() < y + 3 {
        return;
    }
    pen.text(1, y, by, Role::Title);
    let room = usize::from(pen.height() - y - 1);
    for (y, part) in (y + 1..).zip(split.parts.iter().take(room)) {
        let change = format::delta(part.now, part.before, false);
        pane::fact(pen, y, &part.name, (&format::number(part.now), Role::Base), (&format!("  {change}"), Role::Muted));
    }
}

/// Days, observations and interval of a metric; gives the row below.
fn sure(pen: &mut Pen<'_>, y: u16, value: &Value, env: &Env<'_>) -> u16 {
    let (Some(metric), Some(span)) = (value.metric, value.span) else { return y };
    let days = match number::cohorts(metric, span) {
        Some(cohorts) => format!("cohorts {}", dates::period(cohorts, env.today)),
        None => dates::period(span, env.today),
    };
    let mut lines = vec![format!("{} {}, {days}", number::name_of(metric), format::number(value.now))];
    if let Some(n) = number::observations(metric, value.now) {
        let interval = number::interval(metric, value.now).map_or_else(String::new, |i| format!(", 95% {i}%"));
        lines.push(format!("n {}{interval}", format::count(n)));
    }
    lines.iter().fold(y, |y, line| pane::paragraph(pen, y, line, Role::Base))
}

/// The pane of a plan.
pub fn plan(pen: &mut Pen<'_>, row: &PlanRow, env: &Env<'_>) {
    let mut y = pane::head(pen, &row.plan.name(), &row.plan.owner);
    y = pane::paragraph(pen, y, &dates::period(row.plan.span(), env.today), Role::Base) + 1;
    if let Some(course) = &row.primary {
        let value = |value| amount::brief(value, course.unit);
        for (name, number) in [("actual", course.actual), ("line", course.line), ("target", course.target)] {
            y = pane::fact(pen, y, name, (&value(number), Role::Base), ("", Role::Base));
        }
        if let Some(outlook) = course.outlook {
            let band = format!("  {}-{}", value(Some(outlook.low)), value(Some(outlook.high)));
            y = pane::fact(pen, y, "forecast", (&value(Some(outlook.value)), Role::Base), (&band, Role::Muted));
            y = pane::fact(pen, y, "hit", (&format::odds(outlook.p_hit), Role::Base), ("", Role::Base));
        }
    }
    for reading in &row.readings {
        y = pane::paragraph(pen, y + 1, reading.text(), Role::Base);
    }
}

/// The pane of a task.
pub fn task(pen: &mut Pen<'_>, row: &TaskRow, env: &Env<'_>) {
    let y = pane::head(pen, &row.task.title, "task");
    let y = if row.task.owner.is_empty() { y } else { pane::paragraph(pen, y, &row.task.owner, Role::Base) + 1 };
    let due = row.due.map_or_else(|| format::MISSING.to_owned(), |due| dates::weekday(due, env.today));
    words(pen, y, &[("due", &due), ("state", row.task.state.word()), ("kind", row.task.kind.word())]);
}

/// The pane of what was noted: the whole text, and what was said of it.
pub fn noted(pen: &mut Pen<'_>, (section, at): (Section, usize), board: &PlanBoard, env: &Env<'_>) {
    if section == Section::Feedback {
        let Some(one) = work::feedback(board).get(at).copied() else { return };
        let y = pane::head(pen, "Feedback", &dates::weekday(one.day, env.today));
        let y = pane::paragraph(pen, y, &one.body, Role::Base) + 1;
        let times = format::count(one.count);
        return words(pen, y, &[("from", one.source.word()), ("times", &times), ("state", one.state.word())]);
    }
    let Some(one) = work::competitors(board).get(at).copied() else { return };
    let y = pane::head(pen, work::rival(board, one), &dates::weekday(one.day, env.today));
    let y = pane::paragraph(pen, y, &one.body, Role::Base) + 1;
    words(pen, y, &[("kind", one.kind.word()), ("verdict", one.verdict.word())]);
}

fn words(pen: &mut Pen<'_>, y: u16, facts: &[(&str, &str)]) {
    let fact = |y, (name, text): &(&str, &str)| pane::fact(pen, y, name, (text, Role::Base), ("", Role::Base));
    facts.iter().fold(y, fact);
}

/// A plan in one sentence.
pub fn plan_sentence(row: &PlanRow, env: &Env<'_>) -> String {
    let Some(course) = &row.primary else {
        return format!("{}: no primary target yet; Enter opens its tree", row.plan.name());
    };
    let value = |value| amount::brief(value, course.unit);
    let days = dates::period(row.plan.span(), env.today);
    let line = course.line.map_or_else(String::new, |line| format!(", line {}", value(Some(line))));
    format!(
        "{}, {days}: {} of {}{line}; Enter opens its tree",
        row.plan.name(),
        value(course.actual),
        value(course.target)
    )
}
