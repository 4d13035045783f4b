//! Active, new, returning and dormant users.

use crate::domain::calendar::{Day, Span};

use super::number::Number;
use super::presence::{Audience, BucketMap};
use super::turnout::{NONE, Seen, Turnout};

/// Distinct users in each of some disjoint buckets in ascending order.
pub fn active(seen: Seen, buckets: &[Span]) -> Vec<u64> {
    let map = BucketMap::new(buckets);
    let mut out = vec![0; buckets.len()];
    for tie in seen.since() {
        if let Some(bucket) = map.of(tie.day).filter(|bucket| tie.other < buckets[*bucket].first) {
            out[bucket] += u64::from(tie.users);
        }
    }
    out
}

/// Distinct users in the `window` days that end on each day of the span.
///
/// An active day adds one from the day on which the one before it leaves the window to the day on which it leaves itself,
/// so the cost does not depend on the window.
pub fn rolling(seen: Seen, span: Span, window: u16) -> Vec<u64> {
    let width = i32::from(window.max(1));
    let length = span.days() as usize;
    let mut change = vec![0_i64; length + 1];
    let place = |day: Day| day.clamp(span.first, span.last.plus(1)).since(span.first) as usize;
    for tie in seen.since() {
        let covered = if tie.other == NONE { NONE } else { tie.other.plus(width) };
        change[place(tie.day.max(covered))] += i64::from(tie.users);
        change[place(tie.day.plus(width))] -= i64::from(tie.users);
    }
    let mut users = 0;
    change[..length]
        .iter()
        .map(|c| {
            users += c;
            users as u64
        })
        .collect()
}

/// Users whose first active day ever lies in each bucket.
pub fn newcomers(seen: Seen, buckets: &[Span]) -> Vec<u64> {
    let map = BucketMap::new(buckets);
    let mut out = vec![0; buckets.len()];
    for tie in seen.since().filter(|tie| tie.other == NONE) {
        if let Some(bucket) = map.of(tie.day) {
            out[bucket] += u64::from(tie.users);
        }
    }
    out
}

/// Where the active users of a bucket come from, and who stayed away.
///
/// `active = new + returning + resurrected` and `active = active before - dormant + new + resurrected`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Growth {
    /// Users active in the bucket.
    pub active: u64,
    /// First active day ever in the bucket.
    pub new: u64,
    /// Active in the bucket and in the one before.
    pub returning: u64,
    /// Active in the bucket, not in the one before, but earlier.
    pub resurrected: u64,
    /// Active in the bucket before, not in this one.
    pub dormant: u64,
}

impl Growth {
    /// New and resurrected users over dormant ones; nothing where nobody went dormant, never infinite.
    pub fn quick_ratio(&self) -> Number {
        let came = i128::from(self.new + self.resurrected);
        Number::mean(came, self.dormant.into())
    }
}

/// Growth of each bucket against the one before it in the list; the first bucket only serves as the one before.
pub fn growth(audience: Audience, turnout: &Turnout, buckets: &[Span]) -> Vec<Growth> {
    let map = BucketMap::new(buckets);
    let mut out = vec![Growth::default(); buckets.len()];
    for tie in turnout.until(audience.until()).since() {
        // Of a user's active days in a bucket only the first has its day before outside.
        let Some(bucket) = map.of(tie.day).filter(|bucket| tie.other < buckets[*bucket].first) else { continue };
        let row = &mut out[bucket];
        row.active += u64::from(tie.users);
        if tie.other == NONE {
            row.new += u64::from(tie.users);
        } else if bucket > 0 && buckets[bucket - 1].contains(tie.other) {
            row.returning += u64::from(tie.users);
        }
    }
    for (bucket, pair) in buckets.windows(2).enumerate() {
        // Who was active between two buckets that do not touch has his day before there.
        if pair[0].last.plus(1) < pair[1].first {
            out[bucket + 1].returning = both(audience, pair[0], pair[1]);
        }
    }
    for bucket in 0..out.len() {
        let before = if bucket == 0 { 0 } else { out[bucket - 1].active };
        let row = &mut out[bucket];
        row.resurrected = row.active - row.new - row.returning;
        row.dormant = before - row.returning;
    }
    out
}

/// Users active in both of two spans that do not overlap.
fn both(audience: Audience, before: Span, now: Span) -> u64 {
    let mut was = vec![false; audience.days().users() as usize];
    let of =
        |span: Span| audience.sets().iter().filter(move |(day, _)| span.contains(*day)).flat_map(|(_, set)| &**set);
    of(before).for_each(|user| was[*user as usize] = audience.counts(*user));
    of(now).map(|user| u64::from(std::mem::take(&mut was[*user as usize]))).sum()
}

/// Users returned and users started for day-`n` retention of new users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Returned {
    /// Of those, active exactly `n` days after their first day.
    pub returned: u64,
    /// New users whose day `n` lies in the bucket.
    pub started: u64,
}

/// Day-`n` retention of the new users whose day `n` lies in each bucket (screens.md section 3).
///
/// Buckets must end where the data is complete: a day `n` that is not over counts as not returned.
pub fn day_n(seen: Seen, buckets: &[Span], n: u16) -> Vec<Returned> {
    let map = BucketMap::new(buckets);
    let mut out = vec![Returned::default(); buckets.len()];
    for tie in seen.ages() {
        let age = tie.day.since(tie.other);
        if age != 0 && age != i32::from(n) {
            continue;
        }
        let Some(bucket) = map.of(tie.other.plus(i32::from(n))) else { continue };
        let users = u64::from(tie.users);
        out[bucket].started += if age == 0 { users } else { 0 };
        out[bucket].returned += if age == i32::from(n) { users } else { 0 };
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::presence::UserDays;
    use super::*;
    use crate::domain::calendar::Calendar;

    fn span(a: i32, b: i32) -> Span {
        Span { first: Day(a), last: Day(b) }
    }

    const ALWAYS: Day = Day(i32::MAX);

    #[test]
    fn three_users_over_two_weeks() {
        // Ann: days 0 and 8; Ben: 1, 2, 3; Cy: 9.
        let days =
            UserDays::from_pairs(vec![(0, Day(0)), (0, Day(8)), (1, Day(1)), (1, Day(2)), (1, Day(3)), (2, Day(9))]);
        let turnout = Turnout::new(&days, None, Calendar::UTC);
        let weeks = [span(0, 6), span(7, 13), span(14, 20)];
        assert_eq!(active(turnout.until(ALWAYS), &weeks), [2, 2, 0]);
        assert_eq!(newcomers(turnout.until(ALWAYS), &weeks), [2, 1, 0]);
        assert_eq!(rolling(turnout.until(ALWAYS), span(0, 10), 1), [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0]);
        assert_eq!(rolling(turnout.until(ALWAYS), span(0, 10), 7), [1, 2, 2, 2, 2, 2, 2, 1, 2, 3, 2]);
        let g = growth(Audience::new(&days, None, ALWAYS), &turnout, &weeks);
        assert_eq!(g[1], Growth { active: 2, new: 1, returning: 1, resurrected: 0, dormant: 1 });
        assert_eq!(g[2], Growth { dormant: 2, ..Growth::default() });
    }

    #[test]
    fn day_7_of_a_period_takes_the_cohorts_that_complete_in_it() {
        // First days 0, 1 and 5; day 7 is 7, 8 and 12.
        let days = UserDays::from_pairs(vec![(0, Day(0)), (0, Day(7)), (1, Day(1)), (1, Day(9)), (2, Day(5))]);
        let turnout = Turnout::new(&days, None, Calendar::UTC);
        let got = day_n(turnout.until(ALWAYS), &[span(7, 8), span(9, 20)], 7);
        assert_eq!(got, [Returned { returned: 1, started: 2 }, Returned { returned: 0, started: 1 }]);
    }

    proptest! {
        #[test]
        fn every_count_equals_the_naive_one(
            pairs in prop::collection::vec((0_u32..12, 0_i32..40), 0..120),
            window in 1_u16..12,
            width in 1_i32..9,
            from in 0_i32..10,
            n in 0_u16..10,
            cut in 0_i32..9,
        ) {
            let set: BTreeSet<(u32, i32)> = pairs.iter().copied().collect();
            let days = UserDays::from_pairs(pairs.into_iter().map(|(u, d)| (u, Day(d))).collect());
            let turnout = Turnout::new(&days, None, Calendar::UTC);
            let whole = span(from, from + 5 * width - 1);
            let buckets: Vec<Span> = (0..5).map(|i| span(from + i * width, from + (i + 1) * width - 1)).collect();
            let users_in = |s: Span| -> BTreeSet<u32> {
                set.iter().filter(|(_, d)| s.contains(Day(*d))).map(|(u, _)| *u).collect()
            };
            let first = |u: u32| set.iter().find(|(x, _)| *x == u).map(|(_, d)| *d);

            let naive: Vec<u64> = buckets.iter().map(|b| users_in(*b).len() as u64).collect();
            prop_assert_eq!(active(turnout.until(ALWAYS), &buckets), naive);

            let naive: Vec<u64> = whole
                .iter()
                .map(|d| users_in(Span { first: d.plus(1 - i32::from(window)), last: d }).len() as u64)
                .collect();
            prop_assert_eq!(rolling(turnout.until(ALWAYS), whole, window), naive);

            let naive: Vec<u64> = buckets
                .iter()
                .map(|b| (0..12).filter(|u| first(*u).is_some_and(|d| b.contains(Day(d)))).count() as u64)
                .collect();
            prop_assert_eq!(newcomers(turnout.until(ALWAYS), &buckets), naive);

            let audience = Audience::new(&days, None, ALWAYS);
            let spaced: Vec<Span> = buckets.iter().map(|b| Span { last: b.last.min(b.first.plus(cut)), ..*b }).collect();
            for buckets in [&buckets, &spaced] {
                let got = growth(audience, &turnout, buckets);
                for t in 1..buckets.len() {
                    let (now, before) = (got[t], got[t - 1]);
                    prop_assert_eq!(now.active, users_in(buckets[t]).len() as u64);
                    prop_assert_eq!(now.active, now.new + now.returning + now.resurrected);
                    prop_assert_eq!(now.active + now.dormant, before.active + now.new + now.resurrected);
                    let stayed = users_in(buckets[t]).intersection(&users_in(buckets[t - 1])).count() as u64;
                    prop_assert_eq!(now.returning, stayed);
                    let new = users_in(buckets[t]).iter().filter(|u| first(**u) >= Some(buckets[t].first.0)).count();
                    prop_assert_eq!(now.new, new as u64);
                }
            }

            for (i, r) in day_n(turnout.until(ALWAYS), &buckets, n).into_iter().enumerate() {
                let cohort: Vec<u32> = (0..12)
                    .filter(|u| first(*u).is_some_and(|d| buckets[i].contains(Day(d + i32::from(n)))))
                    .collect();
                let back = cohort
                    .iter()
                    .filter(|u| first(**u).is_some_and(|d| set.contains(&(**u, d + i32::from(n)))))
                    .count() as u64;
                prop_assert_eq!((r.returned, r.started), (back, cohort.len() as u64));
            }
        }
    }
}
