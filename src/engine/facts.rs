//! Daily facts: numbers that exist only as typed or imported totals of a day. One that is named like a metric feeds it on
//! days that no source measures (metrics.md, Facts and metrics); where both exist the measured value holds.

use std::collections::BTreeMap;

use crate::domain::calendar::{Day, Span};
use crate::metrics::catalog::{Accumulation, Metric, Unit, find};
use crate::metrics::number::{Horizon, Number, Point};
use crate::query::Segment;

use super::EngineError;
use super::ask::{Ask, Part};
use super::view::{Extent, View};

/// Millionths of one, in which facts are held.
const UNIT: i128 = 1_000_000;

/// The facts that a question takes, by day; none for one that a fact cannot answer.
fn of(view: &mut View, ask: &Ask) -> Result<BTreeMap<Day, i128>, EngineError> {
    let plain = ask.part == Part::Whole && ask.window.is_none() && ask.event.is_none();
    let channels = &ask.segment.channels;
    let by_channel = Segment { channels: channels.clone(), ..Segment::default() };
    if !plain || ask.segment != by_channel || !ask.is_defined() {
        return Ok(BTreeMap::new());
    }
    let facts = view.cache.facts(view.store)?;
    let fits = |channel: &str| channels.iter().any(|wanted| wanted == channel);
    let mut days = facts.days(ask.metric.fact(), (!channels.is_empty()).then_some(&fits));
    let until = view.until;
    days.retain(|day, _| *day <= until);
    Ok(days)
}

/// How far facts reach.
pub(super) fn horizon(view: &mut View, metric: &'static Metric) -> Result<Option<Horizon>, EngineError> {
    let days = of(view, &Ask::of(metric, &Segment::default()))?;
    Ok(days.keys().last().map(|last| Horizon { through: *last, reach: *last }))
}

/// Whether a metric is known by channel: by rows, or by facts that name one.
pub(super) fn has_channels(view: &mut View, metric: &Metric) -> Result<bool, EngineError> {
    let measured = !view.extent(metric.measure.feed())?.is_empty();
    Ok(measured || !view.cache.facts(view.store)?.channels(metric.fact()).is_empty())
}

/// First day with a fact of a metric.
pub(super) fn first(view: &mut View, metric: &'static Metric) -> Result<Option<Day>, EngineError> {
    Ok(of(view, &Ask::of(metric, &Segment::default()))?.keys().next().copied())
}

/// Fills points with the facts of the days that nothing measures.
pub(super) fn fill(view: &mut View, ask: &Ask, extent: &Extent, points: &mut [Point]) -> Result<(), EngineError> {
    let facts = of(view, ask)?;
    if facts.is_empty() {
        return Ok(());
    }
    // Rows of the right kind are not enough: where no bucket has a value, nothing measures any day.
    let silent = points.iter().all(|point| point.value == Number::None);
    for point in points {
        let open = |day: &Day| silent || extent.seen(Span { first: *day, last: *day }).is_none();
        let days = facts.range(point.span.first..=point.span.last).filter(|(day, _)| open(day));
        let values: Vec<i128> = days.map(|(_, value)| *value).collect();
        if !values.is_empty() {
            let measured = extent.seen(point.span).map(|_| point.value);
            let closes = facts.contains_key(&point.span.last) && open(&point.span.last);
            point.value = joined(ask.metric, (&values, closes), measured, point.span.days());
            let last = facts.keys().last().copied().unwrap_or(point.span.last);
            let through = last.max(extent.horizon.through);
            point.state = Horizon { through, reach: through }.state(point.span);
        }
    }
    Ok(())
}

/// A measured part and the facts of other days of the same bucket together, where such numbers add up; `closes` where one
/// of them is of its last day.
fn joined(metric: &Metric, (values, closes): (&[i128], bool), measured: Option<Number>, days: i32) -> Number {
    let measured = measured.filter(|number| *number != Number::None);
    let (sum, count) = (values.iter().sum::<i128>(), values.len() as i128);
    // How it stands is told by the last day, not by all of them together; so is what a window ends on.
    if (metric.is_own() && metric.accumulation == Accumulation::Level) || (metric.is_rolling() && closes) {
        return number(metric.unit, values.last().copied().unwrap_or(sum));
    }
    match (metric.over_days(), measured) {
        (Accumulation::Flow, None) => number(metric.unit, sum),
        (Accumulation::Flow, Some(Number::Count(n))) => number(metric.unit, sum + n * UNIT),
        (Accumulation::Flow, Some(Number::Money(micros))) => Number::Money(sum + micros),
        (Accumulation::Level, None) if metric.unit == Unit::Rate => Number::ratio(sum, count * UNIT),
        (Accumulation::Level, None) if count == 1 => number(metric.unit, sum),
        (Accumulation::Level, None) => Number::mean(sum, count * UNIT),
        (Accumulation::Level, Some(Number::Count(n))) => Number::mean(sum + n * UNIT, (count + 1) * UNIT),
        (Accumulation::Level, Some(Number::Mean { num, den })) => Number::mean(sum + num * UNIT, (count + den) * UNIT),
        (_, None) if days == 1 => number(metric.unit, sum),
        // Distinct users and rates of several days cannot be told from those of each.
        _ => Number::None,
    }
}

/// Millionths in the unit of a metric.
fn number(unit: Unit, millionths: i128) -> Number {
    match unit {
        Unit::Money => Number::Money(millionths),
        Unit::MoneyPer => Number::money_per(millionths, 1),
        Unit::Rate => Number::ratio(millionths, UNIT),
        Unit::Users | Unit::Orders | Unit::Events | Unit::Times if millionths % UNIT == 0 => {
            Number::Count(millionths / UNIT)
        }
        Unit::Users | Unit::Orders | Unit::Events | Unit::EventsPer | Unit::Times => Number::mean(millionths, UNIT),
    }
}

/// The facts that a question takes, by day, as numbers of its metric.
pub(super) fn numbers(view: &mut View, ask: &Ask) -> Result<Vec<(Day, Number)>, EngineError> {
    Ok(of(view, ask)?.into_iter().map(|(day, value)| (day, number(ask.metric.unit, value))).collect())
}

/// Names of the facts that feed no row of METRICS and have a value on a day that is seen.
pub(super) fn own_names(view: &mut View) -> Result<Vec<String>, EngineError> {
    let until = view.until;
    let facts = view.cache.facts(view.store)?;
    let seen =
        |name: &&str| find(name).is_none() && facts.days(name, None).keys().next().is_some_and(|day| *day <= until);
    Ok(facts.names().into_iter().filter(seen).map(str::to_owned).collect())
}
