//! `metric fact:NAME`: a daily fact by its own name.

use crate::domain::calendar::Span;
use crate::domain::money;
use crate::engine::Engine;
use crate::query::{Accumulation, Binding, FactPoint, FactQuery, Segment, Status};

use super::super::output::Failure;
use super::super::table::{Cell, Table};
use super::super::{Deck, basis};
use super::{MetricArgs, SplitFlag, state};

/// The name of a fact and how it adds up, where `fact:NAME` or `level:NAME` is asked for.
pub fn named(id: &str) -> Option<(String, Accumulation)> {
    match Binding::parse(id).ok()? {
        Binding::Fact(name, accumulation) => Some((name, accumulation)),
        Binding::Metric(_) | Binding::Ratio(..) => None,
    }
}

/// Refuses what only a measured metric has.
///
/// # Errors
/// Names it.
pub fn check(args: &MetricArgs) -> Result<(), Failure> {
    let segment = args.segment.segment();
    let narrowed = segment != Segment { channels: segment.channels.clone(), ..Segment::default() };
    let reckoned = args.event.is_some()
        || args.window.is_some()
        || args.compare.is_some()
        || args.limits
        || args.lift
        || args.histogram.histogram;
    let other = [
        (args.by.is_some_and(|by| by != SplitFlag::Channel), "be split by channel alone"),
        (narrowed, "be limited to channels alone"),
        (reckoned, "be asked by --from, --to, --grain and --by channel alone"),
    ];
    match other.iter().find(|(asked, _)| *asked) {
        Some((_, can)) => Err(Failure::usage(format!("a daily fact can {can}"))),
        None => Ok(()),
    }
}

/// Runs the command.
///
/// # Errors
/// Without such a fact the names that there are, and whatever the workspace refuses.
pub fn run(
    args: &MetricArgs,
    (name, accumulation): (String, Accumulation),
    span: Span,
    (engine, status): (&mut Engine, &Status),
    deck: &mut Deck,
) -> Result<u8, Failure> {
    let by_channel = args.by.is_some();
    let channels = args.segment.segment().channels;
    let query = FactQuery { name: name.clone(), accumulation, span, grain: args.grain.grain(), channels, by_channel };
    let answer = answer!(deck, engine, Fact(query));
    let mut table = Table::new(&["metric", "from", "to", "value", "state"]);
    if by_channel {
        table.columns.insert(3, "channel".into());
    }
    let row = |channel: &Option<String>, point: &FactPoint| {
        let mut row = vec![
            Cell::text(&name),
            Cell::text(point.span.first.to_string()),
            Cell::text(point.span.last.to_string()),
            point.value.map_or(Cell::Missing, |value| Cell::Rate(money::exact(value))),
            Cell::text(state(point.state)),
        ];
        if by_channel {
            row.insert(3, channel.as_ref().map_or(Cell::Total, Cell::text));
        }
        row
    };
    for (channel, points) in &answer.lines {
        table.rows.extend(points.iter().map(|point| row(channel, point)));
    }
    let over = if accumulation == Accumulation::Level { "the last day" } else { "the sum of the days" };
    table.choices = vec![("fact", name.clone()), ("value", over.to_owned())];
    table.choices.extend(basis::days(span));
    table.choices.push(("segment", args.segment.words()));
    table.choices.push(basis::zone(&status.profile));
    table.choices.push(basis::week(&status.profile));
    deck.write(&table, args.format)
}
