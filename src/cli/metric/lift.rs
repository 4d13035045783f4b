//! `metric --lift`: a period beside the same weekdays of the four weeks before it.

use crate::domain::calendar::Span;
use crate::engine::Engine;
use crate::query::{LiftQuery, Metric, Status};

use super::super::Deck;
use super::super::output::Failure;
use super::super::table::{Cell, Table};
use super::{MetricArgs, choices, notes};

const COLUMNS: [&str; 11] =
    ["metric", "from", "to", "days", "mean", "before_from", "before_to", "before_days", "usual", "lift", "note"];

/// Runs the command.
///
/// # Errors
/// Whatever the workspace refuses.
pub fn run(
    args: &MetricArgs,
    (metric, span): (&'static Metric, Span),
    (engine, status): (&mut Engine, &Status),
    deck: &mut Deck,
) -> Result<u8, Failure> {
    let (segment, event, flagged) = (args.segment.segment(), args.event.clone(), args.flag.clone());
    let asked = LiftQuery { metric: metric.id, span, segment, event, flagged };
    let found = answer!(deck, engine, Lift(asked));
    notes(metric, found.needs, (0, 0));
    let lift = found.lift;
    let mean = |value: f64, days: u64| if days > 0 { Cell::Rate(format!("{value:.6}")) } else { Cell::Missing };
    let mut table = Table::new(&COLUMNS);
    table.rows.push(vec![
        Cell::text(metric.id),
        Cell::text(span.first.to_string()),
        Cell::text(span.last.to_string()),
        Cell::Count(lift.days.into()),
        mean(lift.mean, lift.days),
        Cell::text(found.before.first.to_string()),
        Cell::text(found.before.last.to_string()),
        Cell::Count(lift.usual_days.into()),
        mean(lift.usual, lift.usual_days),
        lift.ratio().map_or(Cell::Missing, |ratio| Cell::Rate(format!("{ratio:.6}"))),
        Cell::text("same weekdays, no cause"),
    ]);
    table.choices = choices(args, metric, span, status);
    let flagged: Vec<String> = found.flagged.iter().map(ToString::to_string).collect();
    table.choices.push(("flagged", if flagged.is_empty() { "none".to_owned() } else { flagged.join(", ") }));
    deck.write(&table, args.format)
}
