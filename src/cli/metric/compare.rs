//! `metric --compare`: a period beside another, whole and by parts, with what each part adds to the change of a rate.

use clap::ValueEnum;

use crate::domain::calendar::{Day, Grain, Span};
use crate::engine::Engine;
use crate::query::{Change, Compared, Comparison, Detail, DetailQuery, Metric, Number, Scope, Split, Status};

use super::super::Deck;
use super::super::output::Failure;
use super::super::table::{Cell, Table};
use super::{MetricArgs, choices};

/// What a period is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CompareFlag {
    /// The calendar month, week or day before, or as many days before
    Previous,
    /// The same weekdays one week earlier
    WeekEarlier,
    /// The same days last year
    LastYear,
}

impl CompareFlag {
    fn comparison(self) -> Comparison {
        match self {
            Self::Previous => Comparison::Previous,
            Self::WeekEarlier => Comparison::WeekEarlier,
            Self::LastYear => Comparison::LastYear,
        }
    }
}

/// What is told of a number beside its comparison.
pub const COLUMNS: [&str; 10] =
    ["metric", "from", "to", "value", "before_from", "before_to", "before", "change", "unit", "note"];

/// Runs the command.
///
/// # Errors
/// Whatever the workspace refuses.
pub fn run(
    (args, with): (&MetricArgs, CompareFlag),
    (metric, span): (&'static Metric, Span),
    (engine, status): (&mut Engine, &Status),
    deck: &mut Deck,
) -> Result<u8, Failure> {
    let scope =
        Scope { period: span, grain: Grain::Day, comparison: with.comparison(), segment: args.segment.segment() };
    let (event, window_days) = (args.event.clone(), args.window);
    let asked = DetailQuery { event, window_days, ..DetailQuery::new(metric.id, scope) };
    let detail = answer!(deck, engine, Detail(Box::new(asked)));
    let mut table = Table::new(&COLUMNS);
    table.rows = rows(&detail, metric, args.by.map(super::SplitFlag::split));
    if let Some(by) = args.by {
        table.columns.insert(3, by.name().into());
        table.columns.extend(["by_rate".into(), "by_mix".into()]);
    }
    table.choices = choices(args, metric, span, status);
    deck.write(&table, args.format)
}

/// The parts, then the whole.
fn rows(detail: &Detail, metric: &Metric, split: Option<Split>) -> Vec<Vec<Cell>> {
    let number = &detail.number;
    let points = |value: f64| Cell::Rate(format!("{value:.6}"));
    let mut rows = Vec::new();
    let breakdown = split.and_then(|split| detail.splits.iter().find(|b| b.split == split));
    for part in breakdown.into_iter().flat_map(|b| &b.parts) {
        let of_part = Compared { metric: metric.id, now: part.now, before: part.before, ..number.clone() };
        let mut cells = row(&of_part, Some(Cell::text(&part.name)), "");
        let effect = |of: f64| if part.effect.is_some() { points(of) } else { Cell::Missing };
        let found = part.effect.unwrap_or_default();
        cells.extend([effect(found.rate), effect(found.mix)]);
        rows.push(cells);
    }
    let mut whole = whole(number, split.map(|_| Cell::Total));
    if let Some(breakdown) = breakdown {
        let effects = || breakdown.parts.iter().filter_map(|part| part.effect);
        let sum = |of: fn(crate::query::Effect) -> f64| {
            if effects().next().is_some() { points(effects().map(of).sum()) } else { Cell::Missing }
        };
        whole.extend([sum(|e| e.rate), sum(|e| e.mix)]);
    }
    rows.push(whole);
    rows
}

/// A whole number beside its comparison, by [`COLUMNS`]; a cell for its part stands after the days.
pub fn whole(number: &Compared, part: Option<Cell>) -> Vec<Cell> {
    let note = match (number.stale, number.within_chance) {
        (true, _) => "stale",
        (false, true) => "within chance",
        (false, false) => "",
    };
    row(number, part, note)
}

fn row(number: &Compared, part: Option<Cell>, note: &str) -> Vec<Cell> {
    let day =
        |span: Option<Span>, of: fn(Span) -> Day| span.map_or(Cell::Missing, |span| Cell::text(of(span).to_string()));
    let (change, unit) = changed(number.now, number.before);
    let head = [
        Cell::text(number.metric),
        Cell::text(number.span.first.to_string()),
        Cell::text(number.span.last.to_string()),
    ];
    let tail = [
        Cell::number(number.now),
        day(number.before_span, |span| span.first),
        day(number.before_span, |span| span.last),
        Cell::number(number.before),
        change,
        unit,
        Cell::text(note),
    ];
    head.into_iter().chain(part).chain(tail).collect()
}

/// A change with its unit: percentage points of a rate, percent of anything else, `new` from zero.
pub fn changed(now: Number, before: Number) -> (Cell, Cell) {
    let hundredths = |value: f64| Cell::Rate(format!("{:.4}", value * 100.0));
    match Change::of(now, before) {
        Change::Unknown => (Cell::Missing, Cell::Missing),
        Change::New => (Cell::Missing, Cell::text("new")),
        Change::Points(change) => (hundredths(change), Cell::text("pp")),
        Change::Relative(change) => (hundredths(change), Cell::text("percent")),
    }
}
