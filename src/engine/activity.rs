//! Metrics that count users and events, and the stickiness histogram.

use rustc_hash::FxHashMap;

use crate::domain::calendar::Span;
use crate::metrics::catalog::ActivityMeasure;
use crate::metrics::number::Number;
use crate::metrics::presence::BucketMap;
use crate::metrics::{activity, stickiness};
use crate::query::{self, Comparison, Occurrences, StickinessQuery, Width};
use crate::store::TermKind;

use super::EngineError;
use super::ask::{Ask, buckets};
use super::sieve::Sieve;
use super::tracks::Track;
use super::view::{Extent, View};
use super::who::Who;
use crate::domain::days::DayFinder;

/// Days over which stickiness compares daily with monthly users (metrics.md section 9).
pub(super) const STICKINESS_DAYS: u16 = 30;

/// Values of an activity metric over buckets that all hold days with data.
pub(super) fn values(
    view: &mut View,
    (measure, ask): (ActivityMeasure, &Ask),
    extent: &Extent,
    buckets: &[Span],
) -> Result<Vec<Number>, EngineError> {
    let who = view.who(&ask.segment, ask.event)?;
    match (measure, ask.window) {
        (ActivityMeasure::DailyActive, _) => daily(view, &who, extent, buckets),
        (ActivityMeasure::Rolling(window), _) | (ActivityMeasure::Active, Some(window)) => {
            rolling(view, &who, extent, buckets, window)
        }
        (ActivityMeasure::New, _) => {
            let new = view.track(&who, Track::New)?;
            Ok(buckets.iter().map(|b| extent.seen(*b).map_or(Number::None, |s| count(new.sum(s).0))).collect())
        }
        (ActivityMeasure::Returning, _) => grown(view, &who, ask, buckets, |g| count(g.returning)),
        (ActivityMeasure::Resurrected, _) => grown(view, &who, ask, buckets, |g| count(g.resurrected)),
        (ActivityMeasure::Dormant, _) => grown(view, &who, ask, buckets, |g| count(g.dormant)),
        (ActivityMeasure::QuickRatio, _) => grown(view, &who, ask, buckets, activity::Growth::quick_ratio),
        (ActivityMeasure::Stickiness, _) => sticky(view, &who, extent, buckets),
        (ActivityMeasure::DayN(n), _) => day_n(view, &who, extent, buckets, n),
        (ActivityMeasure::Active, None) => Ok(active(view, &who, extent, buckets)?.into_iter().map(count).collect()),
    }
}

fn count(n: u64) -> Number {
    Number::Count(n.into())
}

/// Distinct active users of each bucket, as far as the data is seen.
pub(super) fn active(view: &mut View, who: &Who, extent: &Extent, buckets: &[Span]) -> Result<Vec<u64>, EngineError> {
    let seen: Vec<Span> = buckets.iter().map(|b| extent.seen(*b).unwrap_or(*b)).collect();
    match seen[..] {
        [one] if one.days() > 1 => Ok(vec![view.track(who, Track::Distinct(one))?.on(one.first)]),
        _ if seen.iter().all(|b| b.days() == 1) => {
            let daily = view.track(who, Track::Active)?;
            Ok(seen.iter().map(|b| daily.on(b.first)).collect())
        }
        _ => {
            let turnout = view.turnout(who)?;
            Ok(activity::active(turnout.until(view.until), &seen))
        }
    }
}

/// Sum over the days of each bucket of the users active on it.
pub(super) fn user_days(
    view: &mut View,
    who: &Who,
    extent: &Extent,
    buckets: &[Span],
) -> Result<Vec<u64>, EngineError> {
    let daily = view.track(who, Track::Active)?;
    Ok(buckets.iter().map(|b| extent.seen(*b).map_or(0, |s| daily.sum(s).0)).collect())
}

fn daily(view: &mut View, who: &Who, extent: &Extent, buckets: &[Span]) -> Result<Vec<Number>, EngineError> {
    let daily = view.track(who, Track::Active)?;
    let mean = |bucket: &Span| {
        let covered = extent.covered(*bucket)?;
        let users = daily.sum(covered).0;
        Some(if bucket.days() == 1 { count(users) } else { Number::mean(users.into(), covered.days().into()) })
    };
    Ok(buckets.iter().map(|b| mean(b).unwrap_or(Number::None)).collect())
}

/// Windows that end on the last complete day of each bucket.
fn rolling(
    view: &mut View,
    who: &Who,
    extent: &Extent,
    buckets: &[Span],
    window: u16,
) -> Result<Vec<Number>, EngineError> {
    let users = view.track(who, Track::Rolling(window))?;
    let last = |bucket: &Span| extent.covered(*bucket).map_or(Number::None, |s| count(users.on(s.last)));
    Ok(buckets.iter().map(last).collect())
}

fn sticky(view: &mut View, who: &Who, extent: &Extent, buckets: &[Span]) -> Result<Vec<Number>, EngineError> {
    let daily = view.track(who, Track::Active)?;
    let monthly = view.track(who, Track::Rolling(STICKINESS_DAYS))?;
    let value = |bucket: &Span| {
        let last = extent.covered(*bucket)?.last;
        let window = Span { first: last.plus(1 - i32::from(STICKINESS_DAYS)).max(extent.first), last };
        let all_days = i128::from(window.days()) * i128::from(monthly.on(last));
        Some(Number::ratio(daily.sum(window).0.into(), all_days))
    };
    Ok(buckets.iter().map(|b| value(b).unwrap_or(Number::None)).collect())
}

/// Only complete days count: one that is not over would count as not returned.
fn day_n(view: &mut View, who: &Who, extent: &Extent, buckets: &[Span], n: u16) -> Result<Vec<Number>, EngineError> {
    let cohorts = view.track(who, Track::DayN(n))?;
    let value = |bucket: &Span| {
        let complete = extent.covered(*bucket).filter(|s| s.last <= extent.horizon.through)?;
        let (started, returned) = cohorts.sum(complete);
        Some(Number::ratio(returned.into(), started.into()))
    };
    Ok(buckets.iter().map(|b| value(b).unwrap_or(Number::None)).collect())
}

/// Growth against the bucket before: the calendar bucket before the first, or as many days before a free span.
fn grown(
    view: &mut View,
    who: &Who,
    ask: &Ask,
    buckets: &[Span],
    pick: impl Fn(&activity::Growth) -> Number,
) -> Result<Vec<Number>, EngineError> {
    let Some(first) = buckets.first() else { return Ok(Vec::new()) };
    let before = match ask.grain {
        Some(grain) => Some(view.calendar.bucket(grain, view.calendar.bucket(grain, first.first).first.plus(-1))),
        None => query::compared(*first, Width::of(*first), Comparison::Previous, first.last),
    };
    let before = before.unwrap_or(Span { first: first.first.plus(-1), last: first.first.plus(-1) });
    let all: Vec<Span> = std::iter::once(before).chain(buckets.iter().copied()).collect();
    let (days, turnout) = (view.user_days(&who.lens)?, view.turnout(who)?);
    let growth = activity::growth(who.audience(&days, view.until), &turnout, &all);
    Ok(growth[1..].iter().map(pick).collect())
}

/// Number of events by bucket, with or without a user.
pub(super) fn events(view: &mut View, buckets: &[Span]) -> Result<Vec<Number>, EngineError> {
    let map = BucketMap::new(buckets);
    let mut out = vec![0_u64; buckets.len()];
    for (day, events) in view.cache.event_days(view.store)?.iter().filter(|(day, _)| *day <= view.until) {
        if let Some(bucket) = map.of(*day) {
            out[bucket] += events;
        }
    }
    Ok(out.into_iter().map(count).collect())
}

/// Answers `Query::Stickiness`.
pub(super) fn histogram(view: &mut View, query: &StickinessQuery) -> Result<Vec<u64>, EngineError> {
    let buckets = buckets(view.calendar, query.span, Some(query.grain))?;
    if query.rule == Occurrences::AtLeast(0) || query.rule == Occurrences::AtLeast(1) {
        let who = view.who(&query.segment, query.event.as_deref())?;
        let days = view.user_days(&who.lens)?;
        let active = stickiness::active_buckets(who.audience(&days, view.until), &buckets);
        return Ok(stickiness::histogram(active, buckets.len(), query.cumulative));
    }
    let counts = occurrences(view, query, &buckets)?;
    let mut active: FxHashMap<u32, u32> = FxHashMap::default();
    for ((user, _), n) in counts {
        *active.entry(user).or_default() += u32::from(holds(query.rule, n));
    }
    Ok(stickiness::histogram(active.into_values(), buckets.len(), query.cumulative))
}

fn holds(rule: Occurrences, events: u32) -> bool {
    match rule {
        Occurrences::AtLeast(n) => events >= n,
        Occurrences::AtMost(n) => events <= n,
        Occurrences::Exactly(n) => events == n,
    }
}

/// While there are no events, each order of amount 0 or more is one; it has neither a name nor a platform.
fn orders(
    view: &mut View,
    query: &StickinessQuery,
    buckets: &[Span],
    counts: &mut FxHashMap<(u32, u32), u32>,
) -> Result<(), EngineError> {
    if query.event.is_some() || query.segment.limits_events() {
        return Ok(());
    }
    let (only, map, until) = (view.only(&query.segment)?, BucketMap::new(buckets), view.until);
    for row in view.store.money(None)?.into_iter().filter(|row| row.amount.0 >= 0 && row.day <= until) {
        let Some(user) = row.user else { continue };
        let counted = only.as_ref().is_none_or(|only| only.get(user as usize).copied().unwrap_or(false));
        if let (true, Some(bucket)) = (counted, map.of(row.day)) {
            *counts.entry((user, bucket as u32)).or_insert(0) += 1;
        }
    }
    Ok(())
}

/// Number of events of each user in each bucket in which he has any.
fn occurrences(
    view: &mut View,
    query: &StickinessQuery,
    buckets: &[Span],
) -> Result<FxHashMap<(u32, u32), u32>, EngineError> {
    let mut counts = FxHashMap::default();
    if !view.cache.has_events(view.store)? {
        orders(view, query, buckets, &mut counts)?;
        return Ok(counts);
    }
    let name = match query.event.as_deref() {
        Some(name) => match view.id(TermKind::EventName, name)? {
            Some(id) => Some([id]),
            None => return Ok(counts),
        },
        None => None,
    };
    let sieve = Sieve::new(view, &query.segment)?;
    let (map, mut finder) = (BucketMap::new(buckets), DayFinder::new(view.calendar));
    let (names, passive) = (name.as_ref().map(<[u32; 1]>::as_slice), view.cache.passive(view.store)?);
    sieve.scan(view, (Some(query.span), names, false), &mut |user, row, _| {
        if let Some(bucket) = map.of(finder.day(row.at)).filter(|_| names.is_some() || !passive.contains(&row.name)) {
            *counts.entry((user, bucket as u32)).or_insert(0) += 1;
        }
    })?;
    Ok(counts)
}
