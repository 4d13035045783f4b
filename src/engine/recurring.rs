//! What subscriptions are worth a month, and how that moved.

use crate::domain::calendar::Span;
use crate::metrics::catalog::{Feed, RecurringMeasure};
use crate::metrics::mrr::{Movement, Service, movements};
use crate::metrics::number::Number;
use crate::query::{MrrQuery, MrrTable};

use super::EngineError;
use super::ask::{Ask, buckets, metric};
use super::revenue;
use super::view::{Extent, View};

/// Whether any row names a subscription with its days of service.
pub(super) fn has_any(view: &mut View) -> Result<bool, EngineError> {
    Ok(!view.cache.subscriptions(view.store)?.sold.is_empty())
}

/// Rows whose service touches a span that are left out because their currency has no rate.
pub(super) fn foreign(view: &mut View, span: Span) -> Result<u64, EngineError> {
    let (all, until) = (view.cache.subscriptions(view.store)?, view.until);
    let unrated = all.sold.iter().filter(|sold| sold.service.monthly.is_none() && sold.payment.day <= until);
    Ok(unrated.filter(|sold| sold.service.days.intersect(span).is_some()).count() as u64)
}

/// Payments up to the end of a span that name a subscription and no days of service.
pub(super) fn undated(view: &mut View, span: Span) -> Result<u64, EngineError> {
    let (all, last) = (view.cache.subscriptions(view.store)?, view.until.min(span.last));
    Ok(all.undated.iter().filter(|day| **day <= last).count() as u64)
}

/// Movements of buckets that all hold days with data, up to the last complete day of each; none without subscriptions.
fn moved(view: &mut View, ask: &Ask, extent: &Extent, buckets: &[Span]) -> Result<Option<Vec<Movement>>, EngineError> {
    let (counts, all, until) = (revenue::counting(view, ask)?, view.cache.subscriptions(view.store)?, view.until);
    if all.sold.is_empty() {
        return Ok(None);
    }
    let seen = all.sold.iter().filter(|sold| sold.payment.day <= until && counts(&sold.payment));
    let services: Vec<Service> = seen.map(|sold| sold.service).collect();
    let ends = buckets.iter().map(|b| Span { first: b.first, last: extent.covered(*b).map_or(b.last, |c| c.last) });
    Ok(Some(movements(&services, &ends.collect::<Vec<_>>())))
}

/// Values of a metric of recurring revenue over buckets that all hold days with data.
pub(super) fn values(
    view: &mut View,
    (measure, ask): (RecurringMeasure, &Ask),
    extent: &Extent,
    buckets: &[Span],
) -> Result<Vec<Number>, EngineError> {
    let Some(moved) = moved(view, ask, extent, buckets)? else { return Ok(vec![Number::None; buckets.len()]) };
    let value = |m: &Movement| match measure {
        RecurringMeasure::Mrr => Number::Money(m.closing.amount),
        _ if !m.is_known() => Number::None,
        RecurringMeasure::New => Number::Money(m.new.amount),
        RecurringMeasure::Expansion => Number::Money(m.expansion.amount),
        RecurringMeasure::Contraction => Number::Money(m.contraction.amount),
        RecurringMeasure::Churn => Number::Money(m.churn.amount),
        RecurringMeasure::Reactivation => Number::Money(m.reactivation.amount),
        RecurringMeasure::CustomerChurn => Number::ratio(m.churn.customers.into(), m.opening.customers.into()),
    };
    Ok(moved.iter().map(value).collect())
}

/// Answers `Query::Mrr`.
pub(super) fn answer(view: &mut View, query: &MrrQuery) -> Result<MrrTable, EngineError> {
    let ask = Ask::of(metric("mrr")?, &query.segment);
    if let Some(why) = query.segment.refused_by(ask.metric) {
        return Err(EngineError::Usage(format!("MRR {why}; use channels, cohorts and streams")));
    }
    let buckets = buckets(view.calendar, query.span, query.grain)?;
    let extent = view.extent(Feed::Money)?;
    let seen: Vec<Span> = buckets.iter().copied().filter(|b| extent.seen(*b).is_some()).collect();
    let moved = moved(view, &ask, &extent, &seen)?.unwrap_or_default();
    let mut moved = seen.into_iter().zip(moved).peekable();
    let row = |bucket: Span| {
        let movement = moved.next_if(|(seen, _)| *seen == bucket).map(|(_, movement)| movement);
        (bucket, extent.state(bucket, 0), movement)
    };
    Ok(MrrTable {
        rows: buckets.into_iter().map(row).collect(),
        excluded: foreign(view, query.span)?,
        undated: undated(view, query.span)?,
        needs: (!has_any(view)?).then(|| ask.metric.needs()),
    })
}
