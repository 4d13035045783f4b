//! `metric stickiness --histogram`: users by the number of days, weeks or months in which they were active.

use clap::Args;

use crate::domain::calendar::{Grain, Span};
use crate::engine::Engine;
use crate::query::{Metric, Occurrences, Status, StickinessQuery};

use super::super::Deck;
use super::super::output::Failure;
use super::super::table::{Cell, Table};
use super::{MetricArgs, choices};

/// Which users the histogram counts where.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Stickiness")]
pub struct HistogramFlags {
    /// Users by the number of days, weeks or months in which they were active
    #[arg(long, conflicts_with_all = ["compare", "limits", "lift", "by", "window"])]
    pub histogram: bool,
    /// A day counts from so many events on; else from one
    #[arg(long, value_name = "EVENTS", requires = "histogram", conflicts_with_all = ["at_most", "exactly"])]
    at_least: Option<u32>,
    /// A day counts with at most so many events, and at least one
    #[arg(long, value_name = "EVENTS", requires = "histogram", conflicts_with = "exactly")]
    at_most: Option<u32>,
    /// A day counts with exactly so many events
    #[arg(long, value_name = "EVENTS", requires = "histogram")]
    exactly: Option<u32>,
    /// Users active in so many or more, instead of exactly so many
    #[arg(long, requires = "histogram")]
    cumulative: bool,
}

impl HistogramFlags {
    fn rule(self) -> Occurrences {
        match (self.at_most, self.exactly) {
            (Some(most), _) => Occurrences::AtMost(most),
            (None, Some(exactly)) => Occurrences::Exactly(exactly),
            (None, None) => Occurrences::AtLeast(self.at_least.unwrap_or(1)),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// Another metric than stickiness, no width of a row, and whatever the workspace refuses.
pub fn run(
    args: &MetricArgs,
    (metric, span): (&'static Metric, Span),
    (engine, status): (&mut Engine, &Status),
    deck: &mut Deck,
) -> Result<u8, Failure> {
    let grain = grain(args, metric)?;
    let asked = StickinessQuery {
        span,
        grain,
        event: args.event.clone(),
        rule: args.histogram.rule(),
        cumulative: args.histogram.cumulative,
        segment: args.segment.segment(),
    };
    let users = answer!(deck, engine, Stickiness(asked));
    let mut table = Table::new(&["active_in", "users"]);
    let counted = users.iter().enumerate();
    table.rows = counted.map(|(at, n)| vec![Cell::Count(at as i128 + 1), Cell::Count((*n).into())]).collect();
    table.choices = choices(args, metric, span, status);
    table.choices.push(("grain", grain.name().to_owned()));
    table.choices.push(("counts", if args.histogram.cumulative { "or more" } else { "exactly" }.to_owned()));
    deck.write(&table, args.format)
}

fn grain(args: &MetricArgs, metric: &Metric) -> Result<Grain, Failure> {
    if metric.id != "stickiness" {
        return Err(Failure::usage(format!("{} has no histogram; stickiness has one", metric.id)));
    }
    args.grain.grain().ok_or_else(|| Failure::usage("a histogram needs days, weeks or months, not the total"))
}
