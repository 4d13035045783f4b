//! Users by the day on which they came or joined, and what they did within a week.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::calendar::{Day, Span};
use crate::domain::roles::EventRole;
use crate::metrics::catalog::ACTIVE_WITHIN;
use crate::metrics::number::Number;
use crate::metrics::participants::KEPT_DAY;
use crate::metrics::presence::BucketMap;

use super::super::EngineError;
use super::super::ask::Ask;
use super::super::view::{Extent, View};
use super::{nothing, user_days};

/// The buckets so many days earlier.
fn aged(buckets: &[Span], days: i32) -> Vec<Span> {
    buckets.iter().map(|b| Span { first: b.first.plus(-days), last: b.last.plus(-days) }).collect()
}

fn rates(counts: &[(u64, u64)]) -> Vec<Number> {
    counts.iter().map(|(some, all)| Number::ratio((*some).into(), (*all).into())).collect()
}

/// Of the users whose seventh day after the first lies in a bucket, those activated by then.
pub(super) fn activated(
    view: &mut View,
    ask: &Ask,
    extent: &Extent,
    buckets: &[Span],
) -> Result<Vec<Number>, EngineError> {
    let came = aged(buckets, ACTIVE_WITHIN);
    let reach: Vec<Span> = came.iter().map(|b| Span { first: b.first, last: b.last.plus(ACTIVE_WITHIN) }).collect();
    let Some(days) = user_days(view, ask, EventRole::Activate, &reach)? else { return Ok(nothing(buckets)) };
    let mut first: FxHashMap<u32, Day> = FxHashMap::default();
    for (user, day) in days {
        first.entry(user).and_modify(|known| *known = day.min(*known)).or_insert(day);
    }
    let (map, mut counts) = (BucketMap::new(&came), vec![(0, 0); buckets.len()]);
    let who = view.who(&ask.segment, None)?;
    let days = view.user_days(&who.lens)?;
    for (begin, users) in who.audience(&days, view.until).came() {
        let Some(at) = map.of(begin).filter(|_| begin.plus(ACTIVE_WITHIN) <= extent.horizon.through) else { continue };
        for user in users {
            let within = first.get(&user).is_some_and(|day| day.since(begin) <= ACTIVE_WITHIN);
            counts[at].0 += u64::from(within);
            counts[at].1 += 1;
        }
    }
    Ok(rates(&counts))
}

/// Distinct users who joined in each bucket.
pub(super) fn participants(view: &mut View, ask: &Ask, buckets: &[Span]) -> Result<Vec<Number>, EngineError> {
    let Some(days) = user_days(view, ask, EventRole::Join, buckets)? else { return Ok(nothing(buckets)) };
    let map = BucketMap::new(buckets);
    let mut users = vec![FxHashSet::default(); buckets.len()];
    for (user, day) in days {
        if let Some(at) = map.of(day) {
            users[at].insert(user);
        }
    }
    Ok(users.iter().map(|users| Number::Count(users.len() as i128)).collect())
}

/// Of the users who joined on a day whose seventh after lies in a bucket, those active on it; once a day of joining.
pub(super) fn participants_kept(
    view: &mut View,
    ask: &Ask,
    extent: &Extent,
    buckets: &[Span],
) -> Result<Vec<Number>, EngineError> {
    let joined = aged(buckets, KEPT_DAY);
    let Some(mut joins) = user_days(view, ask, EventRole::Join, &joined)? else { return Ok(nothing(buckets)) };
    joins.sort_unstable();
    joins.dedup();
    let (map, mut counts) = (BucketMap::new(&joined), vec![(0, 0); buckets.len()]);
    let who = view.who(&ask.segment, None)?;
    let days = view.user_days(&who.lens)?;
    let audience = who.audience(&days, view.until);
    for (user, day) in joins {
        if let Some(at) = map.of(day).filter(|_| day.plus(KEPT_DAY) <= extent.horizon.through) {
            counts[at].0 += u64::from(audience.of(user).binary_search(&day.plus(KEPT_DAY)).is_ok());
            counts[at].1 += 1;
        }
    }
    Ok(rates(&counts))
}
