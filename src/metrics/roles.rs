//! Numbers about events of a role: how often users are touched, and whether touches win users back.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::presence::{Audience, BucketMap};
use crate::domain::calendar::{Calendar, Day, Grain, Instant, Span};

/// Days without activity after which a user is dormant.
pub const DORMANT_DAYS: i32 = 28;
/// Days after a touch within which a user is won back.
pub const BACK_DAYS: i32 = 7;

/// Touches of users by bucket, and the weeks in which each user was touched: a user counts once a week.
pub fn touches(touches: &[(u32, Day)], calendar: Calendar, buckets: &[Span]) -> Vec<(u64, u64)> {
    let map = BucketMap::new(buckets);
    let mut out = vec![(0, 0); buckets.len()];
    let mut weeks: FxHashSet<(usize, u32, Day)> = FxHashSet::default();
    for (user, day) in touches {
        let Some((at, sums)) = map.of(*day).and_then(|at| Some((at, out.get_mut(at)?))) else { continue };
        sums.0 += 1;
        sums.1 += u64::from(weeks.insert((at, *user, calendar.bucket(Grain::Week, *day).first)));
    }
    out
}

/// Users who were touched while dormant, and those of them who were active from that day to the [`BACK_DAYS`]th after
/// it. A touch belongs to the bucket of that last day; a user counts once a bucket, and as won back by any touch in it.
pub fn win_back(days: Audience<'_>, touches: &[(u32, Day)], buckets: &[Span]) -> Vec<(u64, u64)> {
    let map = BucketMap::new(buckets);
    let mut users: BTreeMap<(usize, u32), bool> = BTreeMap::new();
    for (user, day) in touches {
        let (active, last) = (days.of(*user), day.plus(BACK_DAYS));
        let before = active.partition_point(|d| d < day);
        let dormant =
            before.checked_sub(1).and_then(|at| active.get(at)).is_some_and(|d| day.since(*d) >= DORMANT_DAYS);
        if let Some(at) = map.of(last).filter(|_| dormant) {
            *users.entry((at, *user)).or_default() |= active.get(before).is_some_and(|next| *next <= last);
        }
    }
    let mut out = vec![(0, 0); buckets.len()];
    for ((at, _), back) in users {
        if let Some(sums) = out.get_mut(at) {
            *sums = (sums.0 + 1, sums.1 + u64::from(back));
        }
    }
    out
}

/// Users whose highest level rose within each bucket: by an event in it, over what the user had at some time before.
pub fn level_ups(levels: &mut [(u32, Instant, Day, i64)], buckets: &[Span]) -> Vec<u64> {
    levels.sort_unstable_by_key(|(user, at, _, level)| (*user, *at, *level));
    let map = BucketMap::new(buckets);
    let mut risen: FxHashSet<(usize, u32)> = FxHashSet::default();
    let mut highest: Option<(u32, i64)> = None;
    for (user, _, day, level) in levels.iter() {
        match highest.filter(|(of, _)| of == user) {
            Some((_, old)) if old >= *level => continue,
            Some(_) => risen.extend(map.of(*day).map(|at| (at, *user))),
            None => {}
        }
        highest = Some((*user, *level));
    }
    let mut out = vec![0; buckets.len()];
    for (at, _) in risen {
        if let Some(n) = out.get_mut(at) {
            *n += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::calendar::{WeekStart, Zone};
    use crate::metrics::presence::UserDays;

    const CALENDAR: Calendar = Calendar { zone: Zone::UTC, week_start: WeekStart::Monday };

    fn span(a: i32, b: i32) -> Span {
        Span { first: Day(a), last: Day(b) }
    }

    #[test]
    fn a_user_is_won_back_within_seven_days_and_only_if_dormant_before() {
        let days =
            UserDays::from_pairs(vec![(0, Day(0)), (0, Day(35)), (1, Day(1)), (2, Day(0)), (2, Day(36)), (3, Day(30))]);
        let audience = Audience::new(&days, None, Day(99));
        let of = |user, day| win_back(audience, &[(user, Day(day))], &[span(35, 40)]);
        assert_eq!(of(0, 28), [(1, 1)], "the seventh day after it");
        assert_eq!(of(1, 28), [(0, 0)], "dormant for 27 days only");
        assert_eq!(of(2, 28), [(1, 0)], "the eighth day after it");
        assert_eq!(of(3, 28), [(0, 0)], "never active before");
        assert_eq!(win_back(audience, &[(2, Day(28)), (2, Day(30))], &[span(35, 40)]), [(1, 1)], "by the second");
    }

    proptest! {
        #[test]
        fn a_level_rises_where_the_highest_at_the_end_is_above_that_of_some_time_before(
            rows in prop::collection::vec((0..3_u32, 0..60_i32, 0..5_i64), 0..20),
        ) {
            let buckets = [span(10, 25), span(26, 59)];
            let levels = rows.iter().map(|(u, d, l)| (*u, Instant(i64::from(*d)), Day(*d), *l));
            let counted = level_ups(&mut levels.collect::<Vec<_>>(), &buckets);
            for (bucket, counted) in buckets.iter().zip(counted) {
                let rises = |user: u32| {
                    let mine = || rows.iter().filter(|(u, _, _)| *u == user);
                    let inside = mine().filter(|(_, d, _)| bucket.contains(Day(*d)));
                    inside.clone().any(|(_, day, level)| {
                        let before: Vec<i64> = mine().filter(|(_, d, l)| (d, l) < (day, level)).map(|r| r.2).collect();
                        before.iter().max().is_some_and(|old| old < level)
                    })
                };
                prop_assert_eq!(counted, (0..3).filter(|user| rises(*user)).count() as u64);
            }
        }

        #[test]
        fn both_equal_a_naive_count(
            active in prop::collection::vec((0..4_u32, 0..80_i32), 0..20),
            sent in prop::collection::vec((0..4_u32, 0..80_i32), 0..20),
            until in 40..90_i32,
        ) {
            let buckets = [span(0, 20), span(21, 55), span(56, 90)];
            let days = UserDays::from_pairs(active.iter().map(|(u, d)| (*u, Day(*d))).collect());
            let sent_days: Vec<(u32, Day)> = sent.iter().map(|(u, d)| (*u, Day(*d))).collect();
            let counted = win_back(Audience::new(&days, None, Day(until)), &sent_days, &buckets);
            for (bucket, counted) in buckets.iter().zip(counted) {
                let (mut dormant, mut back) = (0, 0);
                for user in 0..4 {
                    let on = |d: i32| d <= until && active.contains(&(user, d));
                    let idle = |d: i32| (d - 27..d).all(|x| !on(x)) && (0..=d - 28).any(on);
                    let mine: Vec<i32> = sent.iter().filter(|(u, _)| *u == user).map(|(_, d)| *d).collect();
                    let mine: Vec<i32> = mine.into_iter().filter(|d| bucket.contains(Day(d + 7)) && idle(*d)).collect();
                    dormant += u64::from(!mine.is_empty());
                    back += u64::from(mine.iter().any(|d| (*d..=d + 7).any(on)));
                }
                prop_assert_eq!(counted, (dormant, back));
            }
            for (bucket, counted) in buckets.iter().zip(touches(&sent_days, CALENDAR, &buckets)) {
                let inside: Vec<_> = sent.iter().filter(|(_, d)| bucket.contains(Day(*d))).collect();
                // 1970-01-01 was a Thursday.
                let mut weeks: Vec<_> = inside.iter().map(|(u, d)| (*u, (d + 3).div_euclid(7))).collect();
                weeks.sort_unstable();
                weeks.dedup();
                prop_assert_eq!(counted, (inside.len() as u64, weeks.len() as u64));
            }
        }
    }
}
