//! `quarterdeck plan list`.

use crate::query::{Course, PlanRow, TargetWord, Unit};

use super::super::output::{Failure, note};
use super::super::table::{Cell, Format, Table};
use super::super::values::{chance, rate, text, times, value};
use super::super::{Deck, basis};

/// Prints all plans.
///
/// # Errors
/// Whatever the workspace refuses.
pub fn run(format: Format, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let board = answer!(deck, engine, Plans);
    let status = deck.status(&mut engine)?;
    if board.plans.is_empty() {
        note("no plan yet: `quarterdeck plan new` makes one, `quarterdeck plan import FILE` reads one");
    }
    let mut table = table(&board.plans, format);
    table.choices.extend(basis::currency(&status.profile));
    deck.write(&table, format)
}

/// One row a plan.
pub fn table<'a>(plans: impl IntoIterator<Item = &'a PlanRow>, format: Format) -> Table {
    let mut table = Table::new(&[
        "id", "plan", "type", "status", "standing", "start", "finish", "time", "work", "result", "budget", "metric",
        "target", "actual", "pace", "p_hit", "overdue", "owner",
    ]);
    table.rows = plans.into_iter().map(|plan| row(plan, format)).collect();
    table
}

fn row(row: &PlanRow, format: Format) -> Vec<Cell> {
    let (plan, gauges) = (&row.plan, &row.gauges);
    let course = row.primary.as_ref();
    let of =
        |pick: fn(&Course) -> Option<f64>| value(course.and_then(pick), course.map_or(Unit::Times, |c| c.unit), format);
    vec![
        Cell::Count(plan.id.into()),
        Cell::text(plan.name()),
        Cell::text(plan.op_type.word()),
        Cell::text(row.status.word()),
        row.standing.map_or(Cell::Missing, |word| Cell::text(standing(word))),
        Cell::text(plan.start.to_string()),
        Cell::text(plan.finish.to_string()),
        rate(gauges.time, format),
        rate(gauges.work, format),
        rate(gauges.result, format),
        rate(gauges.budget, format),
        course.map_or(Cell::Missing, |course| Cell::text(&course.label)),
        of(|course| course.target),
        of(|course| course.actual),
        times(course.and_then(|course| course.pace), format),
        chance(course.and_then(|course| course.outlook.as_ref()).map(|outlook| outlook.p_hit), format),
        Cell::Count(row.overdue as i128),
        text(&plan.owner),
    ]
}

/// The word of a standing, as screens have it.
pub fn standing(word: TargetWord) -> &'static str {
    match word {
        TargetWord::Off => "OFF",
        TargetWord::Over => "OVER",
        TargetWord::Risk => "RISK",
        TargetWord::Stale => "STALE",
        TargetWord::NoData => "NODATA",
        TargetWord::Ok => "OK",
    }
}
