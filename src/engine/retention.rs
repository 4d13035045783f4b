//! Cohort triangles. The caller never knows whether daily sets were enough or the events themselves were read.

mod marks;

use rustc_hash::FxHashMap;

use crate::domain::calendar::{Grain, Instant, Span};
use crate::metrics::breakdown::Parts;
use crate::metrics::catalog::Feed;
use crate::metrics::presence::Audience;
use crate::metrics::retention::days::{self, FirstInterval, Zero};
use crate::metrics::retention::events::{self, Tables};
use crate::query::{Columns, Criterion, IntervalZero, Retention, RetentionQuery, RetentionTable, Window};
use crate::store::TermKind;

use super::EngineError;
use super::ask::buckets;
use super::sieve::Sieve;
use super::view::View;
use crate::domain::days::DayFinder;

use marks::Marks;

/// Hours that one table may hold as cohorts.
const MOST_HOURS: i32 = 24 * 366;

/// Answers `Query::Retention`.
pub(super) fn answer(view: &mut View, query: &RetentionQuery) -> Result<Retention, EngineError> {
    if let Some(conflict) = query.conflict() {
        return Err(EngineError::Usage(conflict.to_owned()));
    }
    match query.period.grain() {
        Some(grain) => _ = buckets(view.calendar, query.span, Some(grain))?,
        None if query.span.days() > MOST_HOURS / 24 => {
            return Err(EngineError::Usage("hours are shown for 366 days at most; ask for a shorter span".into()));
        }
        None => {}
    }
    match by_days(query) {
        Some((grain, intervals)) => {
            Ok(Retention { whole: from_days(view, query, grain, intervals)?, parts: Vec::new(), excluded: 0 })
        }
        None => from_events(view, query),
    }
}

/// Grain and intervals of a question that days of activity are enough for.
fn by_days(query: &RetentionQuery) -> Option<(Grain, u16)> {
    let Columns::Each(intervals) = query.columns else { return None };
    let filtered = !query.start.props.is_empty() || !query.ret.props.is_empty();
    // Days cannot tell a cell that is the cohort's size by convention from one that others add up from.
    let by_convention = query.interval_zero == IntervalZero::Size && query.criterion == Criterion::OnOrBefore;
    let plain = query.window == Window::Calendar
        && query.block == 1
        && query.occurrences == 1
        && query.breakdown.is_none()
        && query.amount.is_none()
        && !(filtered || by_convention);
    query.period.grain().filter(|_| plain).map(|grain| (grain, intervals))
}

/// Interval 0 needs the times of events only where start and return are two different events: any return event is
/// activity, and a start event is a return where any activity returns.
fn from_days(
    view: &mut View,
    query: &RetentionQuery,
    grain: Grain,
    intervals: u16,
) -> Result<RetentionTable, EngineError> {
    let (start, ret) = (query.start.name.as_deref(), query.ret.name.as_deref());
    let (starts, returns) = (view.who(&query.segment, start)?, view.who(&query.segment, ret)?);
    let (start_days, return_days) = (view.user_days(&starts.lens)?, view.user_days(&returns.lens)?);
    let until = query.observe_until.map_or(view.until, |end| view.calendar.day_of(Instant(end.0 - 1)).min(view.until));
    let only = starts.only.as_deref().map(Vec::as_slice);
    let times = match (start, ret) {
        (Some(a), Some(b)) if a != b && query.interval_zero == IntervalZero::Observed => {
            Some(first_interval(view, query, grain, (a, b))?)
        }
        _ => None,
    };
    let zero = match (&times, query.interval_zero) {
        (Some(times), _) => Zero::Times(times),
        (None, IntervalZero::Observed) if start.is_none() && ret.is_some() => Zero::Days,
        (None, _) => Zero::Size,
    };
    let rules = days::Rules {
        calendar: view.calendar,
        grain,
        span: query.span,
        intervals,
        kind: query.kind,
        criterion: query.criterion,
        zero,
        average: query.average,
        horizon: view.extent(Feed::Activity)?.horizon.cut(until),
    };
    if start == ret && rules.follow_from_counts() {
        // The same counts tell how many were active.
        let turnout = view.turnout(&starts)?;
        if let Some(table) = days::counted(turnout.until(until), &rules) {
            return Ok(table);
        }
    }
    let audience = |days| Audience::new(days, only, until);
    Ok(days::table(audience(&start_days), audience(&return_days), &rules))
}

/// Reads the times of both events in the buckets of the cohorts.
fn first_interval(
    view: &mut View,
    query: &RetentionQuery,
    grain: Grain,
    (start, ret): (&str, &str),
) -> Result<FirstInterval, EngineError> {
    let mut times = FirstInterval::default();
    let ids = (view.id(TermKind::EventName, start)?, view.id(TermKind::EventName, ret)?);
    let (Some(start), Some(ret)) = ids else { return Ok(times) };
    let sieve = Sieve::new(view, &query.segment)?;
    let (calendar, mut finder) = (view.calendar, DayFinder::new(view.calendar));
    let span = Span {
        first: calendar.bucket(grain, query.span.first).first,
        last: calendar.bucket(grain, query.span.last).last,
    };
    let mut bucket = calendar.bucket(grain, span.first);
    let end = query.observe_until.unwrap_or(Instant(i64::MAX));
    sieve.scan(view, (Some(span), Some(&[start, ret]), false), &mut |user, row, _| {
        if row.at >= end {
            return;
        }
        let day = finder.day(row.at);
        if !bucket.contains(day) {
            bucket = calendar.bucket(grain, day);
        }
        if row.name == start {
            times.start(user, bucket.first, row.at);
        } else {
            times.ret(user, bucket.first, row.at);
        }
    })?;
    Ok(times)
}

fn from_events(view: &mut View, query: &RetentionQuery) -> Result<Retention, EngineError> {
    let marks = marks::read(view, query)?;
    let end = query.observe_until.unwrap_or(Instant(i64::MAX)).min(view.seen_until());
    let extent = view.extent(Feed::Activity)?;
    let calendar = view.calendar;
    let (from, to) = query
        .hours
        .unwrap_or_else(|| (calendar.start_of(query.span.first), Instant(calendar.end_of(query.span.last).0 - 1)));
    let rules = events::Rules {
        calendar,
        kind: query.kind,
        window: query.window,
        period: query.period,
        block: query.block,
        from,
        to,
        columns: &query.columns,
        criterion: query.criterion,
        occurrences: query.occurrences,
        zero: query.interval_zero,
        average: query.average,
        same_value: false,
        through: extent.through_at.min(end),
        reach: extent.reach_at.min(end),
    };
    let whole = tables(view, &marks, &rules, None)?.pop();
    let mut parts = Vec::new();
    if let Some(by) = &query.breakdown {
        let rules = events::Rules { same_value: query.same_value, ..rules };
        let rows = rows(view, &marks, &rules, by.top)?;
        let tables = tables(view, &marks, &rules, Some(&rows))?;
        parts.extend(rows.rows().iter().map(|part| marks.names.of(*part)).zip(tables));
    }
    let whole = whole.ok_or_else(|| EngineError::Failed("a table of nobody".to_owned()))?;
    Ok(Retention { whole, parts, excluded: marks.excluded })
}

fn tables(
    view: &View,
    marks: &Marks,
    rules: &events::Rules,
    parts: Option<&Parts>,
) -> Result<Vec<RetentionTable>, EngineError> {
    let new = || Tables::new(rules, marks.last, parts);
    let mut whole = new();
    for share in marks.spread(&view.halt(), new, Tables::add)? {
        whole.join(&share);
    }
    Ok(whole.finish())
}

/// The rows of a breakdown, by how many users entered with each value.
fn rows(view: &View, marks: &Marks, rules: &events::Rules, top: Option<usize>) -> Result<Parts, EngineError> {
    let new = || (Tables::new(rules, marks.last, None), FxHashMap::default());
    let shares = marks.spread(&view.halt(), new, |(tables, sizes), marks| tables.measure(marks, sizes))?;
    Ok(Parts::new(shares.into_iter().flat_map(|(_, sizes)| sizes), top))
}
