//! One metric over buckets: the only way from a row of METRICS to a number.

mod cost_facts;

use std::fmt::Write as _;

use crate::domain::calendar::{Day, Grain, Span};
use crate::metrics::catalog::{Feed, Measure, Metric, MoneyMeasure};
use crate::metrics::compare::within_chance;
use crate::metrics::number::{Horizon, Number, Point};
use crate::query::{self, Compared, Comparison, FactUse, Line, MetricQuery, Scope, Segment, Series, Split, Width};
use crate::store::TermKind;

use super::ask::{Ask, Part, buckets, metric};
use super::view::{Extent, NO_STREAM, NO_USER, View};
use super::{EngineError, acquisition, activity, by_content, by_role, deals, facts, kept, recurring, revenue};

/// Days of a trend.
const TREND_DAYS: i32 = 28;

/// Values of a metric with the state of each bucket.
///
/// A bucket before the history or after the data has no value, one between rows counts zero.
pub(super) fn points(view: &mut View, ask: &Ask, buckets: &[Span]) -> Result<Vec<Point>, EngineError> {
    let extent = view.extent(ask.metric.measure.feed())?;
    let mut points = measured(view, ask, &extent, buckets)?;
    facts::fill(view, ask, &extent, &mut points)?;
    if extent.is_empty() && cost_facts::is_made(ask.metric) && ask.is_defined() {
        cost_facts::fill(view, ask, &mut points)?;
    }
    Ok(points)
}

/// What the rows tell, without daily facts.
fn measured(view: &mut View, ask: &Ask, extent: &Extent, buckets: &[Span]) -> Result<Vec<Point>, EngineError> {
    let seen: Vec<Span> = if ask.is_defined() {
        buckets.iter().copied().filter(|b| extent.seen(*b).is_some()).collect()
    } else {
        Vec::new()
    };
    let values = if seen.is_empty() {
        Vec::new()
    } else {
        kept::or_counted(view, || question(ask, extent, &seen), |view| values(view, ask, extent, &seen))?
    };
    let mut values = seen.into_iter().zip(values).peekable();
    let age = i32::from(ask.metric.measure.age());
    let point = |bucket: &Span| Point {
        span: *bucket,
        value: values.next_if(|(b, _)| b == bucket).map_or(Number::None, |(_, value)| value),
        state: extent.state(*bucket, age),
    };
    Ok(buckets.iter().map(point).collect())
}

/// Names what is asked, and how far the data reaches.
fn question(ask: &Ask, extent: &Extent, buckets: &[Span]) -> String {
    let Ask { metric, segment, event, window, part, grain } = ask;
    let mut name = format!("{} {segment:?} {event:?} {window:?} {part:?} {grain:?} {extent:?}", metric.id);
    for Span { first, last } in buckets {
        let _ = write!(name, " {}-{}", first.0, last.0);
    }
    name
}

/// How far the data of a metric reaches: what measures it, else its facts.
pub(super) fn horizon(view: &mut View, metric: &'static Metric) -> Result<Horizon, EngineError> {
    let extent = view.extent(metric.measure.feed())?;
    let facts = if extent.is_empty() { fact_horizon(view, metric)? } else { None };
    Ok(facts.unwrap_or(extent.horizon))
}

/// How far the facts of a metric reach, or those that it is made of.
fn fact_horizon(view: &mut View, metric: &'static Metric) -> Result<Option<Horizon>, EngineError> {
    match facts::horizon(view, metric)? {
        None => cost_facts::horizon(view, metric),
        known => Ok(known),
    }
}

/// What facts do in a series: the days they fill, and those on which a measured value holds instead.
fn fact_use(view: &mut View, ask: &Ask, span: Span) -> Result<FactUse, EngineError> {
    let extent = view.extent(ask.metric.measure.feed())?;
    let daily = Ask { grain: Some(Grain::Day), ..ask.clone() };
    let mut facts = facts::numbers(view, ask)?;
    facts.retain(|(day, _)| span.contains(*day));
    let (Some((first, _)), Some((last, _))) = (facts.first(), facts.last()) else { return Ok(FactUse::default()) };
    let hull = Span { first: *first, last: *last };
    let days = view.calendar.buckets(Grain::Day, hull);
    let points = measured(view, &daily, &extent, &days)?;
    let mut told = FactUse::default();
    for (day, fact) in facts {
        match points.get(day.since(hull.first) as usize).map_or(Number::None, |point| point.value) {
            Number::None => told.filled += 1,
            value => told.overruled.push((day, fact, value)),
        }
    }
    Ok(told)
}

fn values(view: &mut View, ask: &Ask, extent: &Extent, buckets: &[Span]) -> Result<Vec<Number>, EngineError> {
    match ask.metric.measure {
        Measure::Activity(measure) => activity::values(view, (measure, ask), extent, buckets),
        Measure::Events => activity::events(view, buckets),
        Measure::Money(measure) => revenue::values(view, (measure, ask), extent, buckets),
        Measure::Spend => revenue::spend(view, ask, buckets),
        Measure::Role(measure) => by_role::values(view, (measure, ask), extent, buckets),
        Measure::Acquisition(measure) => acquisition::values(view, (measure, ask), buckets),
        Measure::Content(measure) => by_content::values(view, (measure, ask), buckets),
        Measure::Recurring(measure) => recurring::values(view, (measure, ask), extent, buckets),
        Measure::Deals(measure) => deals::values(view, measure, buckets),
        Measure::Facts => Ok(vec![Number::None; buckets.len()]),
    }
}

/// The value of one span.
pub(super) fn value(view: &mut View, ask: &Ask, span: Span) -> Result<Number, EngineError> {
    Ok(points(view, ask, &[span])?[0].value)
}

/// Answers `Query::Metric`.
pub(super) fn answer(view: &mut View, query: &MetricQuery) -> Result<Series, EngineError> {
    let metric = metric(query.metric)?;
    let whole = Ask {
        metric,
        segment: query.segment.clone(),
        event: query.event.as_deref(),
        window: query.window_days,
        part: Part::Whole,
        grain: query.grain,
    };
    whole.check()?;
    let buckets = buckets(view.calendar, query.span, query.grain)?;
    let mut lines = Vec::new();
    if let Some(split) = query.split {
        for (name, ask) in parts(view, &whole, split)? {
            lines.push(Line { part: Some(name), points: points(view, &ask, &buckets)? });
        }
    }
    lines.push(Line { part: None, points: points(view, &whole, &buckets)? });
    let excluded = excluded(view, metric, query.span)?;
    let undated = if is_recurring(metric) { recurring::undated(view, query.span)? } else { 0 };
    let facts = fact_use(view, &whole, query.span)?;
    let silent = lines.iter().flat_map(|line| &line.points).all(|point| point.value == Number::None);
    let needs = if silent { needs(view, metric)? } else { None };
    Ok(Series { metric: metric.id, lines, excluded, facts, undated, needs })
}

fn is_recurring(metric: &Metric) -> bool {
    matches!(metric.measure, Measure::Recurring(_))
}

/// What would feed a metric, where nothing does.
pub(super) fn needs(view: &mut View, metric: &'static Metric) -> Result<Option<&'static str>, EngineError> {
    let measured =
        !view.extent(metric.measure.feed())?.is_empty() && (!is_recurring(metric) || recurring::has_any(view)?);
    // Rows of the right kind are not enough where they must mean something.
    let meant = matches!(metric.measure, Measure::Role(_) | Measure::Content(_));
    let fed = (measured && !meant) || fact_horizon(view, metric)?.is_some();
    Ok((!fed).then(|| metric.needs()))
}

/// Money rows of a span that are left out because their currency has no rate.
pub(super) fn excluded(view: &mut View, metric: &Metric, span: Span) -> Result<u64, EngineError> {
    let until = view.until;
    let seen = |day: Day| span.contains(day) && day <= until;
    if is_recurring(metric) {
        return recurring::foreign(view, span);
    }
    let feed = metric.measure.feed();
    let mut rows = 0;
    if matches!(feed, Feed::Money | Feed::ActivityAndMoney | Feed::All) {
        rows += view.ledger()?.foreign.iter().filter(|(day, _)| seen(*day)).count();
    }
    if matches!(feed, Feed::Spend | Feed::ActivityAndSpend | Feed::All) {
        let currency = view.currency;
        let spend = view.cache.spend(view.store)?;
        rows += spend.iter().filter(|r| revenue::is_foreign(r, currency) && seen(r.day)).count();
    }
    Ok(rows as u64)
}

/// The parts of a metric by one split, each with the question that gives it.
pub(super) fn parts<'q>(view: &mut View, whole: &Ask<'q>, split: Split) -> Result<Vec<(String, Ask<'q>)>, EngineError> {
    let metric = whole.metric;
    match split {
        Split::Channel if metric.by_channel => by_channel(view, whole),
        Split::Platform if metric.by_platform => {
            let names = view.cache.terms(view.store, TermKind::Platform)?;
            let wanted = |name: &&String| whole.segment.platforms.is_empty() || whole.segment.platforms.contains(name);
            let narrow = |name: &String| {
                let segment = Segment { platforms: vec![name.clone()], ..whole.segment.clone() };
                (name.clone(), Ask { segment, ..whole.clone() })
            };
            Ok(names.iter().filter(wanted).map(narrow).collect())
        }
        Split::Stream if metric.by_stream => {
            let names = view.cache.terms(view.store, TermKind::Stream)?;
            let part = |id: Option<u32>, name: &str| (name.to_owned(), Ask { part: Part::Stream(id), ..whole.clone() });
            let streams = &whole.segment.streams;
            let wanted = |name: &str| streams.is_empty() || streams.iter().any(|s| s == name);
            let ids = names.iter().enumerate().filter(|(_, name)| wanted(name));
            let mut parts: Vec<_> = ids.map(|(i, n)| part(Some(i as u32), n)).collect();
            if wanted(NO_STREAM) && view.ledger()?.rows.iter().any(|r| r.stream().is_none()) {
                parts.push(part(None, NO_STREAM));
            }
            Ok(parts)
        }
        _ => Err(EngineError::Usage(format!("{} cannot be split by {}", metric.id, name(split)))),
    }
}

fn by_channel<'q>(view: &mut View, whole: &Ask<'q>) -> Result<Vec<(String, Ask<'q>)>, EngineError> {
    let names = view.cache.terms(view.store, TermKind::Channel)?;
    let spend = whole.metric.measure == Measure::Spend;
    let nameless = if spend { super::view::UNKNOWN } else { view.nameless_channel()? };
    let mut all: Vec<&str> = names.iter().map(String::as_str).collect();
    if !all.contains(&nameless) {
        all.push(nameless);
    }
    let channels = &whole.segment.channels;
    let mut parts: Vec<_> = all
        .into_iter()
        .filter(|name| channels.is_empty() || channels.iter().any(|c| c == name))
        .map(|name| {
            let segment = Segment { channels: vec![name.to_owned()], ..whole.segment.clone() };
            (name.to_owned(), Ask { segment, ..whole.clone() })
        })
        .collect();
    let money = matches!(
        whole.metric.measure,
        Measure::Money(MoneyMeasure::Gross | MoneyMeasure::Refunds | MoneyMeasure::Net | MoneyMeasure::Orders)
            | Measure::Recurring(_)
    );
    let no_user = match whole.part {
        Part::Whole => Some(Part::NoUser),
        Part::Stream(stream) => Some(Part::StreamNoUser(stream)),
        Part::NoUser | Part::StreamNoUser(_) => None,
    };
    if let Some(part) = no_user.filter(|_| money && channels.is_empty()) {
        parts.push((NO_USER.to_owned(), Ask { part, ..whole.clone() }));
    }
    Ok(parts)
}

/// `channel`, `platform`, `stream`.
fn name(split: Split) -> &'static str {
    match split {
        Split::Channel => "channel",
        Split::Platform => "platform",
        Split::Stream => "stream",
    }
}

/// A period cut to the days that are complete, and what it is compared with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Periods {
    pub now: Span,
    pub before: Option<Span>,
}

/// Cuts a period to the complete days of a feed, so that both sides of a comparison are equally long.
pub(super) fn periods(period: Span, comparison: Comparison, through: Day) -> Periods {
    let last = period.last.min(through).max(period.first);
    Periods {
        now: Span { first: period.first, last },
        before: query::compared(period, Width::of(period), comparison, through),
    }
}

/// The span before, where the data reaches back to all of it.
pub(super) fn comparable(
    view: &mut View,
    metric: &'static Metric,
    before: Option<Span>,
) -> Result<Option<Span>, EngineError> {
    let from = first(view, metric)?;
    Ok(before.filter(|span| from.is_some_and(|from| span.first >= from)))
}

/// First day from which a metric can be compared: that of the rows that measure it, else of its facts.
pub(super) fn first(view: &mut View, metric: &'static Metric) -> Result<Option<Day>, EngineError> {
    let is_made = cost_facts::is_made(metric) && view.extent(metric.measure.feed())?.is_empty();
    let measured =
        if is_made { cost_facts::first(view, metric)? } else { view.comparable_from(metric.measure.feed())? };
    match measured {
        None => facts::first(view, metric),
        from => Ok(from),
    }
}

/// A number of the period with its comparison and its last four weeks.
pub(super) fn compared(view: &mut View, ask: &Ask, scope: &Scope) -> Result<Compared, EngineError> {
    let mut number = changed(view, ask, scope)?;
    let last = last_whole_day(view, ask.metric, number.span)?;
    let days = Span { first: last.plus(1 - TREND_DAYS), last };
    let daily = Ask { grain: Some(Grain::Day), ..ask.clone() };
    let trend_days: Vec<Span> = view.calendar.buckets(Grain::Day, days);
    number.trend = points(view, &daily, &trend_days)?.into_iter().map(|p| p.value).collect();
    Ok(number)
}

/// The last day of a span that all sources of a metric cover: what is judged by the day ends there.
pub(super) fn last_whole_day(view: &mut View, metric: &'static Metric, span: Span) -> Result<Day, EngineError> {
    let through = horizon(view, metric)?.through.plus(-i32::from(metric.measure.age()));
    Ok(if through < span.first { span.last } else { span.last.min(through) })
}

/// A number of the period with its comparison, without its days.
///
/// What is known only so many days on is that of the days for which it becomes known in the period.
pub(super) fn changed(view: &mut View, ask: &Ask, scope: &Scope) -> Result<Compared, EngineError> {
    let Horizon { through, reach } = horizon(view, ask.metric)?;
    let age = i32::from(ask.metric.measure.age());
    // One date for all numbers of a screen. Where one source of several is late the number is of what there is, and is
    // marked; it ends earlier only where no row reaches that date.
    let common = view.through_at()?.map_or(through, |at| view.calendar.day_of(at).plus(-1));
    let back = |span: Span| Span { first: span.first.plus(-age), last: span.last.plus(-age) };
    let whole = periods(scope.period, scope.comparison, reach.max(through).min(common));
    let periods = Periods { now: back(whole.now), before: whole.before.map(back) };
    let now = value(view, ask, periods.now)?;
    let before = match comparable(view, ask.metric, periods.before)? {
        Some(span) => value(view, ask, span)?,
        None => Number::None,
    };
    let stale = through < common && now != Number::None;
    Ok(Compared {
        metric: ask.metric.id,
        span: periods.now,
        now,
        before_span: periods.before,
        before,
        stale,
        within_chance: ask.metric.measure.is_proportion() && within_chance(now, before),
        trend: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(a: &str, b: &str) -> Span {
        Span { first: Day::parse(a).unwrap(), last: Day::parse(b).unwrap() }
    }

    #[test]
    fn a_running_period_ends_with_its_last_complete_day() {
        let through = Day::parse("2026-06-10").unwrap();
        let june = periods(span("2026-06-01", "2026-06-30"), Comparison::Previous, through);
        assert_eq!((june.now, june.before), (span("2026-06-01", "2026-06-10"), Some(span("2026-05-01", "2026-05-10"))));
        let today = periods(span("2026-06-11", "2026-06-11"), Comparison::WeekEarlier, through);
        assert_eq!(
            (today.now, today.before),
            (span("2026-06-11", "2026-06-11"), Some(span("2026-06-04", "2026-06-04")))
        );
        assert_eq!(periods(span("2026-06-01", "2026-06-30"), Comparison::None, through).before, None);
    }
}
