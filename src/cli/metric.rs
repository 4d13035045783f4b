//! `quarterdeck metric`: one number over time, whole or split.

pub mod compare;
mod fact;
mod histogram;
mod lift;
mod limits;

use clap::{Args, ValueEnum};

use crate::domain::calendar::{Day, Grain, Span};
use crate::query::{
    self, Accumulation, Direction, FactUse, Focus, METRICS, Metric, MetricQuery, Number, Series, Split, State, Unit,
};

use super::Deck;
use super::basis;
use super::flags::Days;
use super::nearest::{Asked, nearest};
use super::output::{Failure, left_out, note};
use super::segment_flags::SegmentFlags;
use super::table::{Cell, Format, Table};

/// One number over time.
#[derive(Debug, Args)]
pub struct MetricArgs {
    /// Id of the metric; `--list` names them all; fact:NAME is a daily fact whose days add up, level:NAME one of which
    /// the last day counts
    #[arg(required_unless_present = "list", value_name = "ID")]
    id: Option<String>,
    /// List every metric with its unit and formula
    #[arg(long, conflicts_with = "id")]
    list: bool,
    #[command(flatten)]
    days: Days,
    /// Width of a row
    #[arg(long, value_enum, default_value_t)]
    grain: GrainFlag,
    /// Split by this; the last rows are the total
    #[arg(long, value_enum)]
    by: Option<SplitFlag>,
    #[command(flatten)]
    segment: SegmentFlags,
    /// Only this event counts as activity
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
    /// One row for all days, beside another period
    #[arg(long, value_enum, conflicts_with = "grain")]
    compare: Option<compare::CompareFlag>,
    /// Each day beside the limits of what is usual on its weekday: 28 days, mean and 2.66 times the usual move; a run is
    /// the last 8 on one side of it
    #[arg(long, conflicts_with_all = ["compare", "grain", "by", "window"])]
    limits: bool,
    /// All days together beside the same weekdays of the four weeks before; it tells no cause. A day without its weekday
    /// before, or without data, is left out
    #[arg(long, conflicts_with_all = ["compare", "grain", "by", "window", "limits"])]
    lift: bool,
    /// Leave this day out of a lift besides those that the journal leaves out; may be given again
    #[arg(long, value_name = "DATE", value_parser = super::flags::day, requires = "lift")]
    flag: Vec<Day>,
    #[command(flatten)]
    histogram: histogram::HistogramFlags,
    /// Active users of so many days ending with each row
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=366))]
    window: Option<u16>,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Width of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum GrainFlag {
    /// A row a day
    #[default]
    Day,
    /// A row a week
    Week,
    /// A row a calendar month
    Month,
    /// One row for all days
    Total,
}

impl GrainFlag {
    /// The width; `None` is all days in one.
    pub fn grain(self) -> Option<Grain> {
        match self {
            Self::Day => Some(Grain::Day),
            Self::Week => Some(Grain::Week),
            Self::Month => Some(Grain::Month),
            Self::Total => None,
        }
    }

    /// Days shown when nothing else is said.
    pub fn usual_days(self) -> i32 {
        match self {
            Self::Day | Self::Total => 28,
            Self::Week => 84,
            Self::Month => 365,
        }
    }

    /// The days asked for, from the first of a whole bucket where none is named.
    pub fn span(self, days: Days, through: Day, status: &query::Status) -> Result<Span, Failure> {
        let mut span = days.span(through, self.usual_days()).map_err(Failure::usage)?;
        if let (None, Some(grain)) = (days.from, self.grain()) {
            span.first = status.calendar().bucket(grain, span.first).first;
        }
        Ok(span)
    }
}

/// What to split by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SplitFlag {
    Channel,
    Platform,
    Stream,
}

impl SplitFlag {
    fn name(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Platform => "platform",
            Self::Stream => "stream",
        }
    }

    fn split(self) -> Split {
        match self {
            Self::Channel => Split::Channel,
            Self::Platform => Split::Platform,
            Self::Stream => Split::Stream,
        }
    }

    fn allowed(self, metric: &Metric) -> bool {
        match self {
            Self::Channel => metric.by_channel,
            Self::Platform => metric.by_platform,
            Self::Stream => metric.by_stream,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// An unknown id, a split the metric does not have, and whatever the workspace refuses.
pub fn run(args: &MetricArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let Some(id) = args.id.as_deref() else {
        return list(args.format, deck);
    };
    let fact = fact::named(id);
    if fact.is_some() {
        fact::check(args)?;
    } else {
        check(args, known(id)?)?;
    }
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    let mut table = Table::new(&["metric", "from", "to", "value", "state"]);
    if let Some(by) = args.by {
        table.columns.insert(3, by.name().into());
    }
    let Some(through) = status.through else {
        return deck.no_data(&table, args.format);
    };
    if let Some(fact) = fact {
        let span = args.grain.span(args.days, through, &status)?;
        return fact::run(args, fact, span, (&mut engine, &status), deck);
    }
    let metric = known(id)?;
    let (events, split) = (args.event.iter().collect(), args.by.map(SplitFlag::split));
    args.segment.check(Asked { events, split, ..Asked::default() }, &mut engine, deck)?;
    let span = args.grain.span(args.days, through, &status)?;
    let (what, place) = ((metric, span), (&mut engine, &status));
    if let Some(with) = args.compare {
        return compare::run((args, with), what, place, deck);
    }
    if args.limits {
        return limits::run(args, what, place, deck);
    }
    if args.lift {
        return lift::run(args, what, place, deck);
    }
    if args.histogram.histogram {
        return histogram::run(args, what, place, deck);
    }
    let asked = MetricQuery {
        metric: metric.id,
        span,
        grain: args.grain.grain(),
        segment: args.segment.segment(),
        split: args.by.map(SplitFlag::split),
        event: args.event.clone(),
        window_days: args.window,
    };
    let series = answer!(deck, engine, Metric(asked));
    table.rows = rows(&series, args.by.is_some());
    table.choices = choices(args, metric, span, &status);
    notes(metric, series.needs, (series.excluded, series.undated));
    if series.facts.filled > 0 {
        note(&format!("{} days are told by daily facts, because nothing measures them", series.facts.filled));
    }
    if let Some(line) = overruled(&series.facts) {
        note(&line);
    }
    deck.write(&table, args.format)
}

/// Days on which a fact and a measured value differ, with the widest difference.
fn overruled(facts: &FactUse) -> Option<String> {
    let differ = || {
        let apart =
            |(day, fact, value): &(Day, Number, Number)| Some((*day, *fact, *value, fact.value()? - value.value()?));
        facts.overruled.iter().filter_map(apart).filter(|(.., by)| by.abs() > 1e-9)
    };
    let (day, fact, value, _) = differ().max_by(|a, b| a.3.abs().total_cmp(&b.3.abs()))?;
    let count = differ().count();
    let text = |number: Number| number.value().map_or_else(String::new, |v| format!("{v}"));
    Some(format!(
        "{count} days have a daily fact that differs from what was measured, which holds: {day} says {} and is {}",
        text(fact),
        text(value)
    ))
}

/// Says what would feed a metric where nothing does, and what is left out of it.
pub fn notes(metric: &Metric, needs: Option<&str>, (excluded, undated): (u64, u64)) {
    if let Some(needs) = needs {
        note(&format!("nothing feeds {}: it needs {needs}", metric.id));
    }
    left_out(excluded, "money rows");
    if undated > 0 {
        note(&format!(
            "{undated} money rows with a subscription are left out: service_from and service_to are no days in order"
        ));
    }
}

fn known(id: &str) -> Result<&'static Metric, Failure> {
    query::find_metric(id).ok_or_else(|| {
        let names = METRICS.iter().flat_map(|m| [m.id, m.name]);
        let near = nearest(id, names).and_then(|near| METRICS.iter().find(|m| m.id == near || m.name == near));
        let hint = near.map_or(String::new(), |near| format!("did you mean {}? ", near.id));
        Failure::usage(format!("no metric is called {id}; {hint}`quarterdeck metric --list` names them all"))
    })
}

fn check(args: &MetricArgs, metric: &Metric) -> Result<(), Failure> {
    let refuse = |what: &str| Err(Failure::usage(format!("{} {what}; `metric --list` says what it allows", metric.id)));
    if let Some(by) = args.by.filter(|by| !by.allowed(metric)) {
        return refuse(&format!("cannot be split by {}", by.name()));
    }
    if let Some(what) = args.segment.segment().refused_by(metric) {
        return refuse(what);
    }
    if args.window.is_some() && metric.id != "active_users" {
        return refuse("has no window; active_users has one");
    }
    Ok(())
}

fn rows(series: &Series, split: bool) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for line in &series.lines {
        for point in &line.points {
            let mut row = vec![
                Cell::text(series.metric),
                Cell::text(point.span.first.to_string()),
                Cell::text(point.span.last.to_string()),
                Cell::number(point.value),
                Cell::text(state(point.state)),
            ];
            if split {
                row.insert(3, line.part.as_ref().map_or(Cell::Total, Cell::text));
            }
            rows.push(row);
        }
    }
    rows
}

/// The word for how much of an interval the data covers.
pub fn state(state: State) -> &'static str {
    match state {
        State::Complete => "complete",
        State::Running => "running",
        State::NotReached => "not_reached",
    }
}

fn choices(args: &MetricArgs, metric: &Metric, span: Span, status: &query::Status) -> Vec<(&'static str, String)> {
    let mut choices = vec![
        ("metric", metric.id.to_owned()),
        ("unit", unit(metric.unit).to_owned()),
        ("from", span.first.to_string()),
        ("to", span.last.to_string()),
        ("segment", args.segment.words()),
    ];
    if let Unit::Money | Unit::MoneyPer = metric.unit {
        choices.extend(basis::currency(&status.profile));
    }
    if let Some(event) = &args.event {
        choices.push(("event", event.clone()));
    }
    if let Some(window) = args.window {
        choices.push(("window", format!("{window} days")));
    }
    choices.push(basis::zone(&status.profile));
    choices.push(basis::week(&status.profile));
    choices
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Users => "users",
        Unit::Orders => "orders",
        Unit::Events => "events",
        Unit::Money => "money",
        Unit::MoneyPer => "money_per_head",
        Unit::EventsPer => "events_per_user",
        Unit::Times => "times",
        Unit::Rate => "rate",
    }
}

fn list(format: Format, deck: &mut Deck) -> Result<u8, Failure> {
    let mut table = Table::new(&["id", "name", "unit", "adds_up", "better", "focus", "splits", "formula"]);
    table.rows = METRICS.iter().map(described).collect();
    deck.write(&table, format)
}

fn described(metric: &Metric) -> Vec<Cell> {
    let splits: Vec<_> = [SplitFlag::Channel, SplitFlag::Platform, SplitFlag::Stream]
        .into_iter()
        .filter(|split| split.allowed(metric))
        .map(SplitFlag::name)
        .collect();
    let adds_up = match metric.accumulation {
        Accumulation::Flow => "flow",
        Accumulation::Level => "level",
        Accumulation::Ratio => "ratio",
        Accumulation::Unique => "unique",
    };
    let better = match metric.direction {
        Direction::Up => "up",
        Direction::Down => "down",
    };
    let focus = match metric.focus {
        Focus::Acquire => "acquire",
        Focus::Retain => "retain",
        Focus::Revenue => "revenue",
    };
    vec![
        Cell::text(metric.id),
        Cell::text(metric.name),
        Cell::text(unit(metric.unit)),
        Cell::text(adds_up),
        Cell::text(better),
        Cell::text(focus),
        Cell::text(splits.join(" ")),
        Cell::text(metric.formula),
    ]
}
