//! Who was active on which days: the one input of every metric that counts users.
//!
//! Users are dense ids from 0. Days are kept as sets of users, shared, so that a change of one day leaves the others as
//! they are; most metrics are one pass over the sets. Those that look at one user at a time find his days together.

use std::sync::{Arc, OnceLock};

use super::parts::{self, DaySet, Part, Walk};
use crate::domain::calendar::{Day, Span};

/// First day of a user who was never active.
pub const NEVER: Day = Day(i32::MAX);

/// The users active on each day.
#[derive(Debug, Default)]
pub struct UserDays {
    /// In ascending order of day, without repeats.
    sets: Vec<DaySet>,
    firsts: OnceLock<Vec<Day>>,
    by_user: OnceLock<ByUser>,
}

impl PartialEq for UserDays {
    fn eq(&self, other: &Self) -> bool {
        self.sets == other.sets
    }
}

impl UserDays {
    /// From daily sets in ascending order of day; sets of the same day may overlap, as those of two platforms do.
    pub fn from_sets(sets: impl IntoIterator<Item = DaySet>) -> Self {
        let mut whole: Vec<DaySet> = Vec::new();
        for (day, users) in sets {
            match whole.last_mut() {
                Some((last, one)) if *last == day => *one = union(one, &users),
                _ => whole.push((day, users)),
            }
        }
        Self { sets: whole, ..Self::default() }
    }

    /// From (user, day) pairs in any order, repeats allowed.
    pub fn from_pairs(mut pairs: Vec<(u32, Day)>) -> Self {
        pairs.sort_unstable_by_key(|(user, day)| (*day, *user));
        pairs.dedup();
        let sets = pairs.chunk_by(|a, b| a.1 == b.1);
        Self::from_sets(sets.map(|set| (set[0].1, set.iter().map(|(user, _)| *user).collect())))
    }

    /// The sets in ascending order of day.
    pub fn sets(&self) -> &[DaySet] {
        &self.sets
    }

    /// The active days of one user, ascending and without repeats; none for an id that was never seen.
    pub fn of(&self, user: u32) -> &[Day] {
        self.by_user.get_or_init(|| ByUser::new(self)).of(user)
    }

    /// First active day by user; [`NEVER`] for those without any.
    pub fn firsts(&self) -> &[Day] {
        self.firsts.get_or_init(|| {
            let of_part = |part: &Part| {
                let (mut firsts, mut walk) = (vec![NEVER; part.len()], Walk::new(&self.sets, part));
                for block in part.blocks() {
                    let own = &mut firsts[part.place(block.0.start)..][..block.len()];
                    for (day, set) in walk.block(&block).rev() {
                        for user in set {
                            own[block.place(*user)] = day;
                        }
                    }
                }
                firsts
            };
            parts::each(&self.sets, of_part).concat()
        })
    }

    /// Everyone who was active up to and including a day.
    pub fn ever(&self, until: Day) -> Ever {
        let mut ever = Ever { users: vec![0; self.users().div_ceil(64) as usize] };
        for user in self.sets.iter().take_while(|(day, _)| *day <= until).flat_map(|(_, set)| &**set) {
            ever.users[*user as usize / 64] |= 1 << (user % 64);
        }
        ever
    }

    /// One more than the highest user id.
    pub fn users(&self) -> u32 {
        parts::users(&self.sets)
    }

    /// First and last active day of anyone.
    pub fn span(&self) -> Option<Span> {
        let mut days = self.sets.iter().filter(|(_, set)| !set.is_empty()).map(|(day, _)| *day);
        let first = days.next()?;
        Some(Span { first, last: days.next_back().unwrap_or(first) })
    }
}

/// Some users; a bit for each, so that all of a million stay in the near cache of a processor.
#[derive(Debug)]
pub struct Ever {
    users: Vec<u64>,
}

impl Ever {
    /// How many.
    pub fn count(&self) -> u64 {
        self.users.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Their ids, ascending.
    pub fn users(&self) -> impl Iterator<Item = u32> {
        self.users.iter().zip((0_u32..).step_by(64)).flat_map(|(word, from)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let next = (rest != 0).then(|| from + rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(next)
            })
        })
    }
}

/// Users of either of two ascending sets.
fn union(a: &[u32], b: &[u32]) -> Arc<[u32]> {
    let mut both = [a, b].concat();
    both.sort_unstable();
    both.dedup();
    both.into()
}

/// The days of each user together.
#[derive(Debug)]
struct ByUser(Vec<Shelf>);

/// The days of the users of one part.
#[derive(Debug)]
struct Shelf {
    part: Part,
    /// The user at place `u` owns `days[starts[u]..starts[u + 1]]`.
    starts: Vec<u32>,
    days: Vec<Day>,
}

impl ByUser {
    fn new(days: &UserDays) -> Self {
        Self(parts::each(&days.sets, |part| Shelf::new(days, part)))
    }

    fn of(&self, user: u32) -> &[Day] {
        let shelf = self.0.iter().find(|shelf| shelf.part.contains(user));
        shelf.map_or(&[], |shelf| shelf.of(shelf.part.place(user)))
    }
}

impl Shelf {
    fn new(days: &UserDays, part: &Part) -> Self {
        let sets: Vec<(Day, &[u32])> = days.sets.iter().map(|(day, set)| (*day, part.of(set))).collect();
        let mut starts = vec![0_u32; part.len() + 1];
        for user in sets.iter().flat_map(|(_, set)| *set) {
            starts[part.place(*user) + 1] += 1;
        }
        for place in 0..part.len() {
            starts[place + 1] += starts[place];
        }
        let mut own = vec![Day(0); starts[part.len()] as usize];
        let mut next = starts.clone();
        for (day, set) in sets {
            for user in set {
                let at = &mut next[part.place(*user)];
                own[*at as usize] = day;
                *at += 1;
            }
        }
        Self { part: part.clone(), starts, days: own }
    }

    fn of(&self, place: usize) -> &[Day] {
        &self.days[self.starts[place] as usize..self.starts[place + 1] as usize]
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

    /// The last day seen.
    pub fn until(self) -> Day {
        self.until
    }

    /// Whether a user counts, active or not.
    #[inline]
    pub fn counts(self, user: u32) -> bool {
        self.only.is_none_or(|only| only.get(user as usize).copied().unwrap_or(false))
    }

    /// The sets of the days seen, of users that count and others.
    pub fn sets(self) -> &'a [DaySet] {
        let sets = self.days.sets();
        &sets[..sets.partition_point(|(day, _)| *day <= self.until)]
    }

    /// Day by day, the users that count whose first active day it is, ascending.
    pub fn came(self) -> impl Iterator<Item = (Day, impl Iterator<Item = u32> + 'a)> + 'a {
        let firsts = self.days.firsts();
        self.sets().iter().map(move |(day, set)| {
            let is_new = move |user: &u32| firsts[*user as usize] == *day && self.counts(*user);
            (*day, set.iter().copied().filter(is_new))
        })
    }

    /// The users active on a day, ascending, those that do not count too; nobody where the day is not seen.
    pub fn on(self, day: Day) -> &'a [u32] {
        let sets = self.sets();
        sets.binary_search_by_key(&day, |set| set.0).map_or(&[], |at| &*sets[at].1)
    }

    /// The first active day of each of some users; none where he does not count or the day is not seen.
    pub fn first_of(self, users: std::ops::Range<u32>) -> impl Iterator<Item = Option<Day>> + 'a {
        let firsts = self.days.firsts();
        users.map(move |user| {
            let first = firsts.get(user as usize).copied().unwrap_or(NEVER);
            (first <= self.until && self.counts(user)).then_some(first)
        })
    }

    /// All days, beyond those seen too.
    pub fn days(self) -> &'a UserDays {
        self.days
    }

    /// The days seen of one user; none when he does not count.
    pub fn of(self, user: u32) -> &'a [Day] {
        if !self.counts(user) {
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
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn overlapping_sets_of_one_day_count_a_user_once() {
        let sets: [(Day, &[u32]); 3] = [(Day(1), &[0, 2]), (Day(1), &[2, 3]), (Day(4), &[0])];
        let days = UserDays::from_sets(sets.map(|(day, users)| (day, users.into())));
        assert_eq!(days.users(), 4);
        assert_eq!(days.of(0), [Day(1), Day(4)]);
        assert_eq!(days.of(1), []);
        assert_eq!(days.of(2), [Day(1)]);
        assert_eq!(days.of(9), []);
        assert_eq!(days.firsts(), [Day(1), NEVER, Day(1), Day(1)]);
        assert_eq!(days.ever(Day(1)).users().collect::<Vec<_>>(), [0, 2, 3]);
        assert_eq!([Day(0), Day(1)].map(|day| days.ever(day).count()), [0, 3]);
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

    proptest! {
        #[test]
        fn users_come_on_the_first_of_their_days(
            pairs in prop::collection::vec((0_u32..9, (0_i32..9).prop_map(Day)), 0..40),
            only in prop::option::of(prop::collection::vec(any::<bool>(), 7)),
            until in (0_i32..9).prop_map(Day),
        ) {
            let days = UserDays::from_pairs(pairs);
            let audience = Audience::new(&days, only.as_deref(), until);
            let came: BTreeSet<(u32, Day)> =
                audience.came().flat_map(|(day, users)| users.map(move |user| (user, day))).collect();
            let firsts: BTreeSet<(u32, Day)> = audience.each().map(|(user, days)| (user, days[0])).collect();
            prop_assert_eq!(came, firsts);
        }
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
