//! `quarterdeck funnel`: how far users get through some steps.

use clap::{Args, ValueEnum};

use crate::query::{Answer, Entry, FunnelQuery, FunnelTable, Number, Order, Query};

use super::Deck;
use super::flags::Days;
use super::metric::SegmentFlags;
use super::nearest::{self, Asked};
use super::output::{Failure, note};
use super::table::{Cell, Format, Table, rate};

/// How far users get through some steps.
#[derive(Debug, Args)]
pub struct FunnelArgs {
    /// Event names in the order of the steps; one may come again
    #[arg(required = true, value_name = "EVENT")]
    steps: Vec<String>,
    /// What may come between two steps
    #[arg(long, value_enum, default_value_t)]
    order: OrderFlag,
    /// Time from the entry to the last step: 30m, 1d, 14d, or open
    #[arg(long, value_name = "TIME", default_value = "14d", value_parser = window)]
    window: Window,
    /// Which entry of a user counts
    #[arg(long, value_enum, default_value_t)]
    entry: EntryFlag,
    #[command(flatten)]
    days: Days,
    #[command(flatten)]
    segment: SegmentFlags,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum OrderFlag {
    /// Any other event
    #[default]
    Ordered,
    /// No event at all
    Strict,
    /// The steps in any order
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum EntryFlag {
    /// The one that gets farthest, the earliest of equal ones
    #[default]
    Best,
    /// The first of the days asked for
    First,
}

/// Seconds; `None` is open.
type Window = Option<u64>;

fn window(text: &str) -> Result<Window, String> {
    const SAYS: &str = "a window is written 30m, 12h, 14d or open";
    if text == "open" {
        return Ok(None);
    }
    let unit = match text.chars().last() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 3_600,
        Some('d') => 86_400,
        _ => return Err(SAYS.to_owned()),
    };
    let number: u64 = text[..text.len() - 1].parse().map_err(|_| SAYS.to_owned())?;
    number.checked_mul(unit).filter(|seconds| *seconds > 0).map(Some).ok_or_else(|| SAYS.to_owned())
}

/// Runs the command.
///
/// # Errors
/// An unknown event, a span that runs backwards, and whatever the workspace refuses.
pub fn run(args: &FunnelArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    let mut table =
        Table::new(&["step", "event", "users", "of_first", "of_previous", "mean_seconds", "median_seconds"]);
    let Some(through) = status.through else {
        note("no data yet: `quarterdeck import FILE` brings some");
        return deck.write(&table, args.format);
    };
    let SegmentFlags { channel: channels, platform: platforms } = &args.segment;
    nearest::check(&Asked { channels, platforms, events: args.steps.iter().collect() }, &mut engine, deck)?;
    let whole = args.days.from.is_none() && args.days.to.is_none();
    let span = if whole { None } else { Some(args.days.span(through, 28).map_err(Failure::usage)?) };
    let asked = FunnelQuery {
        steps: args.steps.clone(),
        order: match args.order {
            OrderFlag::Ordered => Order::Ordered,
            OrderFlag::Strict => Order::Strict,
            OrderFlag::Any => Order::Any,
        },
        entry: match args.entry {
            EntryFlag::Best => Entry::Best,
            EntryFlag::First => Entry::First,
        },
        window: args.window,
        span,
        segment: args.segment.segment(),
        histogram: (0, args.steps.len() - 1, None),
    };
    let Answer::Funnel(funnel) = engine.answer(&Query::Funnel(asked), deck.clock())? else {
        return Err(Failure::failed("the engine answered another question"));
    };
    if funnel.open > 0 {
        note(&format!("{} users entered so late that they may still get farther", funnel.open));
    }
    table.rows = rows(&funnel, args.order);
    table.choices = vec![
        ("order", name(args.order.to_possible_value())),
        ("entry", name(args.entry.to_possible_value())),
        ("window", args.window.map_or_else(|| "open".to_owned(), |seconds| format!("{seconds} s"))),
        ("from", span.map_or_else(|| "the first event".to_owned(), |s| s.first.to_string())),
        ("to", span.map_or(through, |s| s.last).to_string()),
        ("segment", args.segment.words()),
        ("users", funnel.users.to_string()),
        ("zone", status.profile.zone.name().to_owned()),
    ];
    deck.write(&table, args.format)
}

fn name(value: Option<clap::builder::PossibleValue>) -> String {
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

fn rows(funnel: &FunnelTable, order: OrderFlag) -> Vec<Vec<Cell>> {
    let first = funnel.steps.first().map_or(0, |step| step.users);
    let share = |part: u64, whole: u64| match Number::ratio(part.into(), whole.into()) {
        Number::Ratio { num, den } => Cell::Rate(rate(num, den)),
        _ => Cell::Missing,
    };
    let seconds = |value: Option<f64>| value.map_or(Cell::Missing, |v| Cell::Rate(format!("{v:.3}")));
    let row = |at: usize| {
        let step = &funnel.steps[at];
        let before = at.checked_sub(1).map(|before| funnel.steps[before].users);
        vec![
            Cell::Count(at as i128 + 1),
            // In any order a step is a number of events done, whichever they are.
            if order == OrderFlag::Any { Cell::Text(format!("any {}", at + 1)) } else { Cell::text(&step.event) },
            Cell::Count(step.users.into()),
            share(step.users, first),
            before.map_or(Cell::Missing, |before| share(step.users, before)),
            seconds(step.mean),
            seconds(step.median),
        ]
    };
    (0..funnel.steps.len()).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_in_their_units() {
        assert_eq!(window("30m"), Ok(Some(1_800)));
        assert_eq!(window("14d"), Ok(Some(1_209_600)));
        assert_eq!(window("open"), Ok(None));
        for wrong in ["", "d", "0d", "-1d", "14", "99999999999999999999d", "2w"] {
            assert!(window(wrong).is_err(), "{wrong}");
        }
    }
}
