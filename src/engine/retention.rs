//! Cohort triangles. The caller never knows whether daily sets were enough or the events themselves were read.

use crate::domain::calendar::{Day, Span};
use crate::metrics::catalog::Feed;
use crate::metrics::presence::Audience;
use crate::metrics::retention::{FirstInterval, IntervalZero, Rules, Zero, table};
use crate::query::{RetentionQuery, RetentionTable};
use crate::store::TermKind;

use super::EngineError;
use super::ask::buckets;
use super::days::DayFinder;
use super::view::View;

/// Answers `Query::Retention`.
///
/// Interval 0 needs the times of events only where start and return are two different events: any return event is
/// activity, and a start event is a return where any activity returns.
pub(super) fn answer(view: &mut View, query: &RetentionQuery) -> Result<RetentionTable, EngineError> {
    buckets(view.calendar, query.span, Some(query.grain))?;
    let start = view.who(&query.segment, query.start.as_deref())?;
    let ret = view.who(&query.segment, query.ret.as_deref())?;
    let (start_days, return_days) = (view.user_days(&start.lens)?, view.user_days(&ret.lens)?);
    let until = query.observe_until.map_or(view.until, |day| day.min(view.until));
    let only = start.only.as_deref().map(Vec::as_slice);
    let times = match (&query.start, &query.ret) {
        (Some(a), Some(b)) if a != b && query.interval_zero == IntervalZero::Observed => {
            Some(first_interval(view, query, a, b, until)?)
        }
        _ => None,
    };
    let zero = match (&times, query.interval_zero) {
        (Some(times), _) => Zero::Times(times),
        (None, IntervalZero::Observed) if query.start.is_none() && query.ret.is_some() => Zero::Days,
        (None, _) => Zero::Size,
    };
    let rules = Rules {
        calendar: view.calendar,
        grain: query.grain,
        span: query.span,
        intervals: query.intervals,
        kind: query.kind,
        criterion: query.criterion,
        zero,
        average: query.average,
        horizon: view.extent(Feed::Activity)?.horizon.cut(until),
    };
    let audience = |days| Audience::new(days, only, until);
    Ok(table(audience(&start_days), audience(&return_days), &rules))
}

/// Reads the times of both events in the buckets of the cohorts.
fn first_interval(
    view: &mut View,
    query: &RetentionQuery,
    start: &str,
    ret: &str,
    until: Day,
) -> Result<FirstInterval, EngineError> {
    let mut times = FirstInterval::default();
    let ids = (view.id(TermKind::EventName, start)?, view.id(TermKind::EventName, ret)?);
    let (Some(start), Some(ret)) = ids else { return Ok(times) };
    let platforms = view.ids(TermKind::Platform, &query.segment.platforms)?;
    let everywhere = query.segment.platforms.is_empty();
    let (calendar, mut finder) = (view.calendar, DayFinder::new(view.calendar));
    let span = Span {
        first: calendar.bucket(query.grain, query.span.first).first,
        last: calendar.bucket(query.grain, query.span.last).last,
    };
    let mut bucket = calendar.bucket(query.grain, span.first);
    view.store.scan_events(Some(span), Some(&[start, ret]), &mut |row| {
        let day = finder.day(row.at);
        let Some(user) = row.user.filter(|_| day <= until) else { return };
        if !everywhere && !row.platform.is_some_and(|p| platforms.contains(&p)) {
            return;
        }
        if !bucket.contains(day) {
            bucket = calendar.bucket(query.grain, day);
        }
        if row.name == start {
            times.start(user, bucket.first, row.at);
        } else {
            times.ret(user, bucket.first, row.at);
        }
    })?;
    Ok(times)
}
