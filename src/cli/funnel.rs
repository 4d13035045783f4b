//! `quarterdeck funnel`: how far users get through some steps.

use clap::{Args, ValueEnum};

use crate::engine::Engine;
use crate::query::{
    ANY_ACTIVITY, BreakdownBy, Entry, EventFilter, Exclusion, Funnel, FunnelQuery, FunnelTable, Order, PropFilter,
    Times,
};

use super::Deck;
use super::basis;
use super::flags::Days;
use super::nearest::Asked;
use super::output::{Failure, note};
use super::retention::{by_parts, key, part_column};
use super::segment_flags::SegmentFlags;
use super::table::{Cell, Format, Table};

/// How far users get through some steps.
#[derive(Debug, Args)]
pub struct FunnelArgs {
    /// Event names in the order of the steps; one may come again. Without any, the steps of the Product tab
    #[arg(value_name = "EVENT")]
    steps: Vec<String>,
    /// Only events with this property are a step: 2:plan=pro is for the second; may be given again
    #[arg(long, value_name = "STEP:FILTER", value_parser = step_filter)]
    step_where: Vec<(usize, PropFilter)>,
    /// What may come between two steps
    #[arg(long, value_enum, default_value_t)]
    order: OrderFlag,
    /// Time from the entry to the last step: 30m, 1d, 14d, or open
    #[arg(long, value_name = "TIME", default_value = "14d", value_parser = window)]
    window: Window,
    /// Which entry of a user counts
    #[arg(long, value_enum, default_value_t)]
    entry: EntryFlag,
    /// This event must not come between the entry and the last step; may be given again
    #[arg(long, value_name = "EVENT")]
    exclude: Vec<String>,
    /// What such an event does
    #[arg(long, value_enum, default_value_t, requires = "exclude")]
    exclusion: ExclusionFlag,
    /// Split by channel, platform, or a property of the event of entry
    #[arg(long, value_name = "PROPERTY")]
    by: Option<String>,
    /// Values of the split with rows of their own, the largest first
    #[arg(long, value_name = "N", default_value_t = 10, requires = "by")]
    top: usize,
    /// Print how many users took how long between two steps instead, such as 1-3
    #[arg(long, value_name = "STEPS", num_args = 0..=1, default_missing_value = "all", value_parser = between)]
    times: Option<Between>,
    /// Bins of the times; else as many as the cube root of the users
    #[arg(long, value_name = "N", requires = "times", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    bins: Option<u32>,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum ExclusionFlag {
    /// Ends the attempt at the steps reached so far
    #[default]
    Ends,
    /// The user is in no step
    Drops,
}

/// Seconds; `None` is open.
type Window = Option<u64>;

/// Steps counted from 0; `None` is from the first to the last.
type Between = Option<(usize, usize)>;

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

fn step_filter(text: &str) -> Result<(usize, PropFilter), String> {
    const SAYS: &str = "a filter of a step is written 2:plan=pro; steps count from 1";
    let (step, filter) = text.split_once(':').ok_or(SAYS)?;
    let step = step.parse::<usize>().ok().and_then(|step| step.checked_sub(1)).ok_or(SAYS)?;
    Ok((step, PropFilter::parse(filter)?))
}

fn between(text: &str) -> Result<Between, String> {
    if text == "all" {
        return Ok(None);
    }
    let step = |text: &str| text.parse::<usize>().ok().and_then(|step| step.checked_sub(1));
    let steps = text.split_once('-').and_then(|(first, last)| step(first).zip(step(last)));
    let steps = steps.filter(|(first, last)| first < last);
    steps.map(Some).ok_or_else(|| "two steps are written 1-3, the earlier first".to_owned())
}

/// Runs the command.
///
/// # Errors
/// An unknown event, a step that is not there, a span that runs backwards, and whatever the workspace refuses.
pub fn run(args: &FunnelArgs, deck: &mut Deck) -> Result<u8, Failure> {
    args.segment.without_streams()?;
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    let mut table = Table::new(if args.times.is_some() { &TIMES } else { &STEPS });
    if let Some(by) = args.by.as_deref().map(part_column) {
        table.columns.insert(0, by.into());
    }
    let Some(through) = status.through else {
        return deck.no_data(&table, args.format);
    };
    let steps = steps_of(args, &mut engine, deck)?;
    let mut asked = question(args, &steps)?;
    let (mut properties, split) = by_parts(args.by.as_deref());
    properties.extend(args.step_where.iter().map(|(_, prop)| prop.name.clone()));
    let events = steps.iter().flatten().chain(&args.exclude).collect();
    args.segment.check(Asked { events, properties, split, ..Asked::default() }, &mut engine, deck)?;
    let whole = args.days.from.is_none() && args.days.to.is_none();
    asked.span = if whole { None } else { Some(args.days.span(through, 28).map_err(Failure::usage)?) };
    let funnel = answer!(deck, engine, Funnel(Box::new(asked.clone())));
    let open: u64 = funnel.whole.conversion.steps.iter().map(|step| step.open).sum();
    if open > 0 {
        note(&format!("{open} users entered so late that they may still get farther"));
    }
    table.rows = rows(&funnel, &steps, args);
    table.choices = choices(args, &asked);
    let span = asked.span;
    table.choices.extend([
        ("from", span.map_or_else(|| "the first event".to_owned(), |s| s.first.to_string())),
        ("to", span.map_or(through, |s| s.last).to_string()),
        ("segment", args.segment.words()),
        ("users", funnel.users.to_string()),
        basis::zone(&status.profile),
    ]);
    deck.write(&table, args.format)
}

/// The events given, else those of the Product tab; `None` is any activity.
fn steps_of(args: &FunnelArgs, engine: &mut Engine, deck: &Deck) -> Result<Vec<Option<String>>, Failure> {
    if !args.steps.is_empty() {
        return Ok(args.steps.iter().cloned().map(Some).collect());
    }
    let found = answer!(deck, engine, FunnelSteps);
    if found.steps.len() < 2 {
        return Err(Failure::usage("no event has a role of a step; name the events: `quarterdeck funnel view pay`"));
    }
    Ok(found.steps)
}

fn question(args: &FunnelArgs, steps: &[Option<String>]) -> Result<FunnelQuery, Failure> {
    let count = steps.len();
    let missing = |step: usize| Failure::usage(format!("there is no step {}; there are {count}", step + 1));
    let steps = steps.iter().map(|name| EventFilter::named(name.as_deref())).collect();
    let histogram = (0, count.saturating_sub(1), None);
    let mut asked = FunnelQuery { steps, histogram, ..FunnelQuery::new(&[], args.window) };
    for (step, filter) in &args.step_where {
        asked.steps.get_mut(*step).ok_or_else(|| missing(*step))?.props.push(filter.clone());
    }
    for step in &mut asked.steps {
        step.props = PropFilter::all(std::mem::take(&mut step.props));
    }
    if let Some(Some((first, last))) = args.times {
        if last >= count {
            return Err(missing(last));
        }
        (asked.histogram.0, asked.histogram.1) = (first, last);
    }
    asked.histogram.2 = args.bins;
    asked.order = match args.order {
        OrderFlag::Ordered => Order::Ordered,
        OrderFlag::Strict => Order::Strict,
        OrderFlag::Any => Order::Any,
    };
    asked.entry = match args.entry {
        EntryFlag::Best => Entry::Best,
        EntryFlag::First => Entry::First,
    };
    asked.exclusion = match args.exclusion {
        ExclusionFlag::Ends => Exclusion::EndsAttempt,
        ExclusionFlag::Drops => Exclusion::DropsUser,
    };
    asked.exclusions = args.exclude.iter().map(|name| EventFilter::named(Some(name))).collect();
    asked.breakdown = args.by.as_deref().map(|by| BreakdownBy { key: key(by), top: Some(args.top) });
    asked.segment = args.segment.segment();
    Ok(asked)
}

fn choices(args: &FunnelArgs, asked: &FunnelQuery) -> Vec<(&'static str, String)> {
    let name =
        |value: Option<clap::builder::PossibleValue>| value.map_or_else(String::new, |v| v.get_name().to_owned());
    let mut choices = vec![
        ("order", name(args.order.to_possible_value())),
        ("entry", name(args.entry.to_possible_value())),
        ("window", args.window.map_or_else(|| "open".to_owned(), |seconds| format!("{seconds} s"))),
    ];
    for (at, step) in asked.steps.iter().enumerate() {
        choices.extend(step.props.iter().map(|prop| ("where", format!("{}:{prop}", at + 1))));
    }
    if !args.exclude.is_empty() {
        let what = name(args.exclusion.to_possible_value());
        choices.push(("exclude", format!("{} ({what})", args.exclude.join(", "))));
    }
    if let Some(by) = &args.by {
        choices.push(("by", by.clone()));
    }
    if args.times.is_some() {
        choices.push(("times", format!("step {} to {}", asked.histogram.0 + 1, asked.histogram.1 + 1)));
    }
    choices
}

const STEPS: [&str; 9] =
    ["step", "event", "users", "open", "of_first", "of_previous", "of_all", "mean_seconds", "median_seconds"];
const TIMES: [&str; 3] = ["from_seconds", "to_seconds", "users"];

/// The whole last, after its parts.
fn rows(funnel: &Funnel, names: &[Option<String>], args: &FunnelArgs) -> Vec<Vec<Cell>> {
    let parts = funnel.parts.iter().map(|(name, table)| (Cell::text(name), table));
    let all = parts.chain(std::iter::once((Cell::Total, &funnel.whole)));
    let mut rows = Vec::new();
    for (name, table) in all {
        let made = if args.times.is_some() { times(table) } else { steps(table, (names, args), funnel.users) };
        let name = args.by.as_ref().map(|_| name);
        rows.extend(made.into_iter().map(|row| name.iter().cloned().chain(row).collect()));
    }
    rows
}

fn steps(table: &FunnelTable, (names, args): (&[Option<String>], &FunnelArgs), users: u64) -> Vec<Vec<Cell>> {
    let conversion = &table.conversion;
    let seconds = |times: Option<Times>, of: fn(&Times) -> f64| {
        times.map_or(Cell::Missing, |times| Cell::Rate(format!("{:.3}", of(&times))))
    };
    let row = |at: usize| {
        let step = conversion.steps[at];
        // In any order a step is a number of events done, whichever they are.
        let any = args.order == OrderFlag::Any;
        vec![
            Cell::Count(at as i128 + 1),
            if any {
                Cell::Text(format!("any {}", at + 1))
            } else {
                Cell::text(names[at].as_deref().unwrap_or(ANY_ACTIVITY))
            },
            Cell::Count(step.users.into()),
            Cell::Count(step.open.into()),
            Cell::number(conversion.from_start(at)),
            Cell::number(conversion.from_previous(at)),
            Cell::number(conversion.of_all(at, users)),
            seconds(step.times, |times| times.mean),
            seconds(step.times, |times| times.median),
        ]
    };
    (0..conversion.steps.len()).map(row).collect()
}

fn times(table: &FunnelTable) -> Vec<Vec<Cell>> {
    let Some(histogram) = &table.histogram else { return Vec::new() };
    let bin = |(start, users): &(i64, u64)| {
        let end = i128::from(start + histogram.width);
        vec![Cell::Count(i128::from(*start)), Cell::Count(end), Cell::Count(i128::from(*users))]
    };
    histogram.bins.iter().map(bin).collect()
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

    #[test]
    fn steps_are_counted_from_one() {
        assert_eq!(between("1-3"), Ok(Some((0, 2))));
        assert_eq!(between("all"), Ok(None));
        for wrong in ["", "3-1", "0-2", "2", "1-1", "a-b"] {
            assert!(between(wrong).is_err(), "{wrong}");
        }
        assert_eq!(step_filter("2:plan=pro"), Ok((1, PropFilter::is("plan", &["pro"]))));
        assert!(step_filter("0:plan=pro").is_err() && step_filter("plan=pro").is_err());
    }
}
