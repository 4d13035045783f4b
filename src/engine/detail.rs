//! Everything about one number: its days, its comparison, its parts and its sources.

use crate::domain::calendar::{Grain, Span};
use crate::metrics::number::Number;
use crate::query::{Breakdown, Detail, DetailQuery, Split};
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
    let ask = Ask { part, ..Ask::of(metric, &scope.segment) };
    let extent = view.extent(metric.measure.feed())?;
    let known = extent.horizon.through.plus(-i32::from(metric.measure.age()));
    let periods = series::periods(scope.period, scope.comparison, known);
    let last = scope.period.last.min(extent.horizon.reach).max(scope.period.first);
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
                parts.push((name, now, before));
            }
        }
        parts.sort_by(|a, b| {
            let value = |n: Number| n.value().unwrap_or(f64::NEG_INFINITY);
            value(b.1).total_cmp(&value(a.1)).then_with(|| a.0.cmp(&b.0))
        });
        out.push(Breakdown { split, parts });
    }
    Ok(out)
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
