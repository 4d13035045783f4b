//! Who was active on which days, user by user: the one input of every metric that counts users.
//!
//! Users are dense ids from 0. Keeping each user's days together lets one pass answer any bucket, rolling window or
//! cohort; intersecting daily sets cell by cell costs twenty times more.

use crate::domain::calendar::{Day, Span};

/// The active days of every user, ascending and without repeats.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserDays {
    /// User `u` owns `days[starts[u]..starts[u + 1]]`.
    starts: Vec<u32>,
    days: Vec<Day>,
}

impl UserDays {
    /// From daily sets in ascending order of day; sets of the same day may overlap, as those of two platforms do.
    pub fn from_sets(sets: &[(Day, &[u32])]) -> Self {
        let users = sets.iter().filter_map(|(_, set)| set.iter().max()).max().map_or(0, |u| *u as usize + 1);
        let mut starts = vec![0_u32; users + 1];
        let mut last: Vec<Option<Day>> = vec![None; users];
        for &(day, set) in sets {
            for &user in set {
                let user = user as usize;
                if last[user] != Some(day) {
                    last[user] = Some(day);
                    starts[user + 1] += 1;
                }
            }
        }
        for user in 0..users {
            starts[user + 1] += starts[user];
        }
        let mut days = vec![Day(0); starts[users] as usize];
        let mut next = starts.clone();
        for &(day, set) in sets {
            for &user in set {
                let (from, at) = (starts[user as usize], &mut next[user as usize]);
                if *at == from || days[*at as usize - 1] != day {
                    days[*at as usize] = day;
                    *at += 1;
                }
            }
        }
        Self { starts, days }
    }

    /// From (user, day) pairs in any order, repeats allowed.
    pub fn from_pairs(mut pairs: Vec<(u32, Day)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let users = pairs.last().map_or(0, |p| p.0 as usize + 1);
        let mut starts = vec![0_u32; users + 1];
        for (user, _) in &pairs {
            starts[*user as usize + 1] += 1;
        }
        for user in 0..users {
            starts[user + 1] += starts[user];
        }
        Self { starts, days: pairs.into_iter().map(|p| p.1).collect() }
    }

    /// The active days of one user; none for an id that was never seen.
    pub fn of(&self, user: u32) -> &[Day] {
        let user = user as usize;
        match (self.starts.get(user), self.starts.get(user + 1)) {
            (Some(&from), Some(&to)) => &self.days[from as usize..to as usize],
            _ => &[],
        }
    }

    /// One more than the highest user id.
    pub fn users(&self) -> u32 {
        self.starts.len().saturating_sub(1) as u32
    }

    /// First and last active day of anyone.
    pub fn span(&self) -> Option<Span> {
        let (first, last) = (self.days.iter().min()?, self.days.iter().max()?);
        Some(Span { first: *first, last: *last })
    }
}

/// The users and days that count: a selection of users, and a last day that is seen.
#[derive(Debug, Clone, Copy)]
pub struct Audience<'a> {
    days: &'a UserDays,
    only: Option<&'a [bool]>,
    until: Day,
}

impl<'a> Audience<'a> {
    /// Users with `only[user]` set (all when `None`), days up to and including `until`.
    pub fn new(days: &'a UserDays, only: Option<&'a [bool]>, until: Day) -> Self {
        Self { days, only, until }
    }

    /// Each user that counts and has been active, with the days seen; never an empty slice.
    pub fn each(self) -> impl Iterator<Item = (u32, &'a [Day])> {
        (0..self.days.users()).filter_map(move |user| {
            let days = self.of(user);
            (!days.is_empty()).then_some((user, days))
        })
    }

    /// The days seen of one user; none when he does not count.
    pub fn of(self, user: u32) -> &'a [Day] {
        if self.only.is_some_and(|only| !only.get(user as usize).copied().unwrap_or(false)) {
            return &[];
        }
        let days = self.days.of(user);
        match days.last() {
            Some(last) if *last > self.until => &days[..days.partition_point(|d| *d <= self.until)],
            _ => days,
        }
    }
}

/// Finds the bucket of a day among disjoint buckets in ascending order.
#[derive(Debug, Clone)]
pub struct BucketMap {
    first: Day,
    /// Bucket of each day from `first`; `NOWHERE` in a gap.
    index: Vec<u32>,
}

const NOWHERE: u32 = u32::MAX;

impl BucketMap {
    /// Of disjoint buckets in ascending order.
    pub fn new(buckets: &[Span]) -> Self {
        let (Some(first), Some(last)) = (buckets.first(), buckets.last()) else {
            return Self { first: Day(0), index: Vec::new() };
        };
        let mut index = vec![NOWHERE; last.last.since(first.first).max(0) as usize + 1];
        for (i, bucket) in buckets.iter().enumerate() {
            let from = bucket.first.since(first.first) as usize;
            index[from..from + bucket.days() as usize].fill(i as u32);
        }
        Self { first: first.first, index }
    }

    /// Index of the bucket that holds the day.
    pub fn of(&self, day: Day) -> Option<usize> {
        let at = usize::try_from(day.since(self.first)).ok()?;
        self.index.get(at).filter(|i| **i != NOWHERE).map(|i| *i as usize)
    }

    /// The buckets that hold any of the days, ascending and without repeats; the days must ascend.
    pub fn distinct<'a>(&'a self, days: &'a [Day]) -> impl Iterator<Item = usize> + 'a {
        let from = days.partition_point(|d| *d < self.first);
        let mut previous = None;
        days[from..]
            .iter()
            .map_while(|day| {
                let at = day.since(self.first) as usize;
                self.index.get(at).copied()
            })
            .filter(move |i| *i != NOWHERE && previous.replace(*i) != Some(*i))
            .map(|i| i as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_sets_of_one_day_count_a_user_once() {
        let sets: [(Day, &[u32]); 3] = [(Day(1), &[0, 2]), (Day(1), &[2, 3]), (Day(4), &[0])];
        let days = UserDays::from_sets(&sets);
        assert_eq!(days.users(), 4);
        assert_eq!(days.of(0), [Day(1), Day(4)]);
        assert_eq!(days.of(1), []);
        assert_eq!(days.of(2), [Day(1)]);
        assert_eq!(days.of(9), []);
        let pairs = vec![(3, Day(1)), (0, Day(4)), (2, Day(1)), (0, Day(1)), (2, Day(1))];
        assert_eq!(UserDays::from_pairs(pairs), days);
        assert_eq!(days.span(), Some(Span { first: Day(1), last: Day(4) }));
        assert_eq!(UserDays::default().users(), 0);
        assert_eq!(UserDays::default().of(0), []);
    }

    #[test]
    fn an_audience_ends_with_its_last_day_and_leaves_out_other_users() {
        let days = UserDays::from_pairs(vec![(0, Day(1)), (0, Day(5)), (1, Day(5)), (2, Day(2))]);
        let seen: Vec<_> = Audience::new(&days, Some(&[true, true]), Day(4)).each().collect();
        assert_eq!(seen, [(0, &[Day(1)][..])]);
    }

    #[test]
    fn a_day_finds_its_bucket_and_a_gap_none() {
        let span = |a, b| Span { first: Day(a), last: Day(b) };
        let map = BucketMap::new(&[span(1, 3), span(6, 7)]);
        let of: Vec<_> = (0..9).map(|d| map.of(Day(d))).collect();
        assert_eq!(of, [None, Some(0), Some(0), Some(0), None, None, Some(1), Some(1), None]);
        let days = [Day(0), Day(2), Day(3), Day(5), Day(6), Day(7), Day(8)];
        assert_eq!(map.distinct(&days).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(BucketMap::new(&[]).of(Day(0)), None);
    }
}
