//! `quarterdeck retention`: the cohort triangle.

pub mod rows;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use crate::domain::calendar::{Grain, Span};
use crate::query::{
    Average, BreakdownBy, BreakdownKey, CohortKind, Columns, Criterion, EventFilter, IntervalZero, Period, PropFilter,
    Retention, RetentionQuery, RetentionTable, Split, Status, Window,
};

use super::Deck;
use super::basis;
use super::flags::Days;
use super::nearest::Asked;
use super::output::{Failure, left_out};
use super::segment_flags::SegmentFlags;
use super::table::{Format, Table};
use rows::Shape;

/// The cohort triangle.
#[derive(Debug, Args)]
pub struct RetentionArgs {
    /// Width of cohorts and intervals
    #[arg(long, value_enum, default_value_t)]
    grain: GrainFlag,
    /// So many hours, days, weeks or months in a cohort and in an interval, counted from the first cohort
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=366))]
    block: u32,
    #[command(flatten)]
    days: Days,
    /// Intervals after 0; else 24 hours, 30 days, 12 weeks or 12 months
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(0..=400), conflicts_with = "brackets")]
    intervals: Option<u16>,
    /// Columns of so many intervals each, from interval 1 on: 4,10,3
    #[arg(long, value_name = "SIZES", value_delimiter = ',', value_parser = clap::value_parser!(u16).range(1..=400))]
    brackets: Vec<u16>,
    /// Where the intervals of a user begin
    #[arg(long, value_enum, default_value_t)]
    window: WindowFlag,
    /// Who is in a cohort
    #[arg(long, value_enum, default_value_t)]
    kind: KindFlag,
    /// Which return counts for an interval
    #[arg(long, value_enum, default_value_t)]
    criterion: CriterionFlag,
    /// Return events that an interval needs to count
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    min: u32,
    /// What interval 0 holds
    #[arg(long, value_enum, default_value_t)]
    interval_zero: ZeroFlag,
    /// Event that starts; else any activity
    #[arg(long, value_name = "EVENT")]
    start: Option<String>,
    /// Only start events with this property: plan=pro, seats>=5; may be given again
    #[arg(long, value_name = "FILTER", value_parser = PropFilter::parse)]
    start_where: Vec<PropFilter>,
    /// Event that returns; else any activity
    #[arg(long = "return", value_name = "EVENT")]
    ret: Option<String>,
    /// Only return events with this property; may be given again
    #[arg(long, value_name = "FILTER", value_parser = PropFilter::parse)]
    return_where: Vec<PropFilter>,
    /// Split by channel, platform, or a property of the event that starts
    #[arg(long, value_name = "PROPERTY")]
    by: Option<String>,
    /// Values of the split with rows of their own, the largest first
    #[arg(long, value_name = "N", default_value_t = 10, requires = "by")]
    top: usize,
    /// A return must carry the value of the split too
    #[arg(long, requires = "by")]
    same_value: bool,
    /// Add up this property of return events in the cells
    #[arg(long, value_name = "PROPERTY")]
    sum: Option<String>,
    /// How the average row is formed from complete cells
    #[arg(long, value_enum, default_value_t)]
    average: AverageFlag,
    #[command(flatten)]
    segment: SegmentFlags,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum GrainFlag {
    Hour,
    Day,
    #[default]
    Week,
    Month,
}

impl GrainFlag {
    fn period(self) -> Period {
        match self {
            Self::Hour => Period::Hour,
            Self::Day => Period::Day,
            Self::Week => Period::Week,
            Self::Month => Period::Month,
        }
    }

    /// Days of cohorts shown when nothing else is said.
    fn usual_days(self) -> i32 {
        match self {
            Self::Hour => 1,
            Self::Day => 14,
            Self::Week => 70,
            Self::Month => 180,
        }
    }

    fn usual_intervals(self) -> u16 {
        match self {
            Self::Hour => 24,
            Self::Day => 30,
            Self::Week | Self::Month => 12,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum WindowFlag {
    /// Calendar buckets of the workspace's zone
    #[default]
    Calendar,
    /// At his first start event, both times cut to the hour; a week is 7 days, a month 30
    Rolling,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum KindFlag {
    /// By the first start event over the whole history that passes its filter
    #[default]
    FirstTime,
    /// By the first event of its name; in no cohort where that one fails the filter
    FirstEver,
    /// In the cohort of every interval with a start event; in a rolling window in that of the first in these days
    Recurring,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum CriterionFlag {
    /// Active in interval N
    #[default]
    On,
    /// Active in interval N or a later one
    OnOrAfter,
    /// Active in interval N or an earlier one
    OnOrBefore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum ZeroFlag {
    /// Users with the return event at or after their start event
    #[default]
    Observed,
    /// The size of the cohort
    Size,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum AverageFlag {
    /// Users returned over users started
    #[default]
    Pooled,
    /// Mean of the cohorts' rates
    Simple,
}

/// Runs the command.
///
/// # Errors
/// A span that runs backwards, options that do not go together, and whatever the workspace refuses.
pub fn run(args: &RetentionArgs, deck: &mut Deck) -> Result<u8, Failure> {
    args.segment.without_streams()?;
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    let through = status.through;
    let mut span = args.days.span(through.unwrap_or(status.today), args.grain.usual_days()).map_err(Failure::usage)?;
    if let (None, Some(grain)) = (args.days.from, args.grain.period().grain()) {
        span.first = status.calendar().bucket(grain, span.first).first;
    }
    let asked = question(args, span);
    if let Some(conflict) = asked.conflict() {
        return Err(Failure::usage(conflict));
    }
    let shape = shape(args, &asked.columns, &status, deck);
    if through.is_none() {
        let whole = RetentionTable { period: asked.period, block: 1, cohorts: Vec::new(), average: Vec::new() };
        return deck.no_data(&rows::long(&Retention { whole, parts: Vec::new(), excluded: 0 }, &shape), args.format);
    }
    let (mut properties, split) = by_parts(args.by.as_deref());
    properties.extend(args.start_where.iter().chain(&args.return_where).map(|prop| prop.name.clone()));
    properties.extend(args.sum.clone());
    let events = args.start.iter().chain(&args.ret).collect();
    args.segment.check(Asked { events, properties, split, ..Asked::default() }, &mut engine, deck)?;
    let answer = answer!(deck, engine, Retention(Box::new(asked.clone())));
    left_out(answer.excluded, "amounts");
    let mut table: Table =
        if args.format == Format::Table { rows::wide(&answer, &shape) } else { rows::long(&answer, &shape) };
    table.choices = choices(args, &asked, &status);
    deck.write(&table, args.format)
}

fn question(args: &RetentionArgs, span: Span) -> RetentionQuery {
    let grain = args.grain.period().grain().unwrap_or(Grain::Day);
    let filter = |name: &Option<String>, props: &[PropFilter]| EventFilter {
        name: name.clone(),
        props: PropFilter::all(props.iter().cloned()),
    };
    RetentionQuery {
        period: args.grain.period(),
        block: args.block,
        window: match args.window {
            WindowFlag::Calendar => Window::Calendar,
            WindowFlag::Rolling => Window::Rolling,
        },
        columns: if args.brackets.is_empty() {
            Columns::Each(args.intervals.unwrap_or(args.grain.usual_intervals()))
        } else {
            Columns::Brackets(args.brackets.clone())
        },
        kind: match args.kind {
            KindFlag::FirstTime => CohortKind::FirstTime,
            KindFlag::FirstEver => CohortKind::FirstEver,
            KindFlag::Recurring => CohortKind::Recurring,
        },
        criterion: match args.criterion {
            CriterionFlag::On => Criterion::On,
            CriterionFlag::OnOrAfter => Criterion::OnOrAfter,
            CriterionFlag::OnOrBefore => Criterion::OnOrBefore,
        },
        occurrences: args.min,
        interval_zero: match args.interval_zero {
            ZeroFlag::Observed => IntervalZero::Observed,
            ZeroFlag::Size => IntervalZero::Size,
        },
        average: match args.average {
            AverageFlag::Pooled => Average::Pooled,
            AverageFlag::Simple => Average::Simple,
        },
        start: filter(&args.start, &args.start_where),
        ret: filter(&args.ret, &args.return_where),
        breakdown: args.by.as_deref().map(|by| BreakdownBy { key: key(by), top: Some(args.top) }),
        same_value: args.same_value,
        amount: args.sum.clone(),
        segment: args.segment.segment(),
        ..RetentionQuery::new(span, grain, 0)
    }
}

/// What `--by` names: the two attributes that are columns of their own, else a property.
pub fn key(by: &str) -> BreakdownKey {
    match by {
        "channel" => BreakdownKey::Channel,
        "platform" => BreakdownKey::Platform,
        property => BreakdownKey::Property(property.to_owned()),
    }
}

/// The property that `--by` names, or the column.
pub fn by_parts(by: Option<&str>) -> (Vec<String>, Option<Split>) {
    match by.map(key) {
        None => (Vec::new(), None),
        Some(BreakdownKey::Channel) => (Vec::new(), Some(Split::Channel)),
        Some(BreakdownKey::Platform) => (Vec::new(), Some(Split::Platform)),
        Some(BreakdownKey::Property(name)) => (vec![name], None),
    }
}

/// Name of the column that holds the values of a split.
pub fn part_column(by: &str) -> &'static str {
    match key(by) {
        BreakdownKey::Channel => "channel",
        BreakdownKey::Platform => "platform",
        BreakdownKey::Property(_) => "value",
    }
}

fn shape<'a>(args: &RetentionArgs, columns: &'a Columns, status: &Status, deck: &Deck) -> Shape<'a> {
    Shape {
        by: args.by.as_deref().map(part_column),
        amounts: args.sum.is_some(),
        columns,
        zone: status.profile.zone,
        average: if args.average == AverageFlag::Pooled { "pooled" } else { "simple" },
        ascii: deck.look().ascii,
    }
}

fn choices(args: &RetentionArgs, asked: &RetentionQuery, status: &Status) -> Vec<(&'static str, String)> {
    let event = |filter: &EventFilter| {
        let name = filter.name.clone().unwrap_or_else(|| "any activity".to_owned());
        filter.props.iter().fold(name, |said, prop| format!("{said} {prop}"))
    };
    let word = |value: Option<PossibleValue>| value.map_or(String::new(), |value| value.get_name().to_owned());
    let mut choices = vec![
        ("start", event(&asked.start)),
        ("return", event(&asked.ret)),
        ("kind", word(args.kind.to_possible_value())),
        ("criterion", word(args.criterion.to_possible_value())),
        ("window", word(args.window.to_possible_value())),
        ("interval_zero", word(args.interval_zero.to_possible_value())),
        ("average", word(args.average.to_possible_value())),
        ("grain", asked.period.name().to_owned()),
    ];
    if args.block > 1 {
        choices.push(("block", args.block.to_string()));
    }
    if args.min > 1 {
        choices.push(("min", args.min.to_string()));
    }
    if let Some(by) = &args.by {
        choices.push(("by", by.clone()));
    }
    if let Some(sum) = &args.sum {
        choices.push(("sum", sum.clone()));
    }
    choices.push(("segment", args.segment.words()));
    choices.push(basis::zone(&status.profile));
    choices.push(basis::week(&status.profile));
    choices
}
