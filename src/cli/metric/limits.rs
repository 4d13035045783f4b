//! `metric --limits`: each day beside what is usual on its weekday.

use crate::domain::calendar::Span;
use crate::engine::Engine;
use crate::query::{DayLimits, LimitsQuery, Metric, Status};

use super::super::Deck;
use super::super::output::Failure;
use super::super::table::{Cell, Table};
use super::{MetricArgs, choices};

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
    let asked = LimitsQuery { metric: metric.id, span, segment: args.segment.segment(), event: args.event.clone() };
    let days = answer!(deck, engine, Limits(asked));
    let mut table = Table::new(&["metric", "day", "value", "lower", "mean", "upper", "n", "signal"]);
    table.rows = days.iter().map(|day| row(metric, day)).collect();
    table.choices = choices(args, metric, span, status);
    deck.write(&table, args.format)
}

fn row(metric: &Metric, day: &DayLimits) -> Vec<Cell> {
    let limit = |of: fn(&crate::query::Band) -> f64| {
        day.band.as_ref().map_or(Cell::Missing, |band| Cell::Rate(format!("{:.6}", of(band))))
    };
    let signal = match (day.left_out, day.outside, day.run) {
        (true, ..) => "left out",
        (false, true, _) => "outside",
        (false, false, true) => "run of 8",
        (false, false, false) => "",
    };
    vec![
        Cell::text(metric.id),
        Cell::text(day.day.to_string()),
        Cell::number(day.value),
        limit(|band| band.lower),
        limit(|band| band.mean),
        limit(|band| band.upper),
        Cell::Count(day.n as i128),
        Cell::text(signal),
    ]
}
