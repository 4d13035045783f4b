//! Everything about one number: its days, its comparison, its parts and its sources.

use crate::domain::calendar::{Grain, Span};
use crate::metrics::mix;
use crate::metrics::number::Number;
use crate::query::{Accumulation, Breakdown, Detail, DetailQuery, PartChange, Split};
use crate::store::TermKind;

use super::EngineError;
use super::ask::{self, Ask, Part};
use super::series;
use super::view::{NO_STREAM, View};

/// Days of the series.
const SERIES_DAYS: i32 = 60;

/// Answers `Query::Detail`.
pub(super) fn answer(view: &mut View, query: &DetailQuery) -> Result<Detail, EngineError> {
    let metric = ask::metric(query.metric)?;
    let scope = &query.scope;
    let part = match query.stream.as_deref() {
        None => Part::Whole,
        Some(name) => Part::Stream(match view.id(TermKind::Stream, name)? {
            None if name != NO_STREAM => {
                return Err(EngineError::Usage(format!("no revenue stream is called {name}")));
            }
            id => id,
        }),
    };
    let narrowed = Ask { event: query.event.as_deref(), window: query.window_days, ..Ask::of(metric, &scope.segment) };
    narrowed.check()?;
    let ask = Ask { part, ..narrowed };
    let horizon = series::horizon(view, metric)?;
    let number = series::changed(view, &ask, scope)?;
    let before = series::comparable(view, metric, number.before_span)?;
    let periods = series::Periods { now: number.span, before };
    let last = scope.period.last.min(horizon.reach).max(scope.period.first);
    let days = view.calendar.buckets(Grain::Day, Span { first: last.plus(1 - SERIES_DAYS), last });
    let daily = Ask { grain: Some(Grain::Day), ..ask.clone() };
    Ok(Detail {
        metric: metric.id,
        series: series::points(view, &daily, &days)?,
        number: series::compared(view, &ask, scope)?,
        splits: splits(view, &ask, periods)?,
        sources: sources(view, &ask)?,
    })
}

fn splits(view: &mut View, ask: &Ask, periods: series::Periods) -> Result<Vec<Breakdown>, EngineError> {
    let metric = ask.metric;
    let allowed = [
        (Split::Channel, metric.by_channel),
        (Split::Platform, metric.by_platform),
        (Split::Stream, metric.by_stream && ask.part == Part::Whole),
    ];
    let mut out = Vec::new();
    for (split, _) in allowed.into_iter().filter(|(_, allowed)| *allowed) {
        let mut parts = Vec::new();
        for (name, part) in series::parts(view, ask, split)? {
            let now = series::value(view, &part, periods.now)?;
            let before = match periods.before {
                Some(span) => series::value(view, &part, span)?,
                None => Number::None,
            };
            if !(is_nothing(now) && is_nothing(before)) {
                parts.push(PartChange { name, now, before, effect: None });
            }
        }
        // A user has one channel, but may be on several platforms and pay into several streams.
        if split == Split::Channel && metric.accumulation == Accumulation::Ratio {
            let whole = |view: &mut View, span| series::value(view, ask, span);
            let before = periods.before.map_or(Ok(Number::None), |span| whole(view, span))?;
            let now = whole(view, periods.now)?;
            add_effects(&mut parts, now, before);
        }
        parts.sort_by(|a, b| {
            let value = |n: Number| n.value().unwrap_or(f64::NEG_INFINITY);
            value(b.now).total_cmp(&value(a.now)).then_with(|| a.name.cmp(&b.name))
        });
        out.push(Breakdown { split, parts });
    }
    Ok(out)
}

/// What each part adds to the change of the whole: by its own rate, and by its share of the whole. Nothing is said where
/// the parts leave something out, as those do in which somebody paid who was not active.
fn add_effects(parts: &mut [PartChange], now: Number, before: Number) {
    let of = |before: Number, now: Number| {
        let ((k0, n0), (k1, n1)) = (fraction(before), fraction(now));
        mix::Segment { n0, k0, n1, k1 }
    };
    let segments: Vec<mix::Segment> = parts.iter().map(|part| of(part.before, part.now)).collect();
    let sum = |s: mix::Segment, x: &mix::Segment| mix::Segment {
        n0: s.n0 + x.n0,
        k0: s.k0 + x.k0,
        n1: s.n1 + x.n1,
        k1: s.k1 + x.k1,
    };
    let nobody = mix::Segment { n0: 0, k0: 0, n1: 0, k1: 0 };
    if segments.iter().fold(nobody, sum) != of(before, now) {
        return;
    }
    let Some(split) = mix::split(&segments) else { return };
    for (part, effect) in parts.iter_mut().zip(split.segments) {
        part.effect = Some(effect);
    }
}

/// Numerator and denominator of a ratio; nothing for what is none.
fn fraction(number: Number) -> (i128, i128) {
    match number {
        Number::Ratio { num, den } | Number::MoneyPer { num, den } | Number::Mean { num, den } => (num, den),
        Number::None | Number::Count(_) | Number::Money(_) => (0, 0),
    }
}

/// A part that has no row worth showing.
fn is_nothing(number: Number) -> bool {
    matches!(number, Number::None | Number::Count(0) | Number::Money(0))
}

fn sources(view: &mut View, ask: &Ask) -> Result<Vec<String>, EngineError> {
    let kinds = view.kinds(ask.metric.measure.feed())?;
    let all = view.sources()?;
    Ok(all.iter().filter(|s| kinds.contains(&s.kind)).map(|s| s.name.clone()).collect())
}
