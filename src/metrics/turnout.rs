//! Active days counted instead of listed: how many users were active on a day, by the active day they had before it and
//! by their first one.
//!
//! The counts are as many as there are pairs of days, however many users there are, and every number of distinct users
//! follows from them: a user enters a bucket with the one active day in it whose day before lies outside.

mod follow;

use super::parts::{self, Part};
use super::presence::{Audience, UserDays};
use crate::domain::calendar::Day;

/// Day before the first active one.
pub const NONE: Day = Day(i32::MIN);

/// Users that were active on a day and had another day in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie {
    /// The active day.
    pub day: Day,
    /// The day in common.
    pub other: Day,
    /// How many users.
    pub users: u32,
}

/// Active days of some users, counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Turnout {
    /// By the active day before, [`NONE`] for the first; each list in ascending order of day.
    since: Vec<Vec<Tie>>,
    /// By the first active day; each list in ascending order of day.
    ages: Vec<Vec<Tie>>,
}

impl Turnout {
    /// Of the users with `only[user]` set (all when `None`).
    pub fn new(days: &UserDays, only: Option<&[bool]>) -> Self {
        let audience = Audience::new(days, only, Day(i32::MAX));
        let (since, ages) = parts::each(days.sets(), |part| of_part(audience, part)).into_iter().unzip();
        Self { since, ages }
    }

    /// The days up to and including `until`.
    pub fn until(&self, until: Day) -> Seen<'_> {
        Seen { turnout: self, until }
    }
}

/// A turnout as far as its days are seen.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    turnout: &'a Turnout,
    until: Day,
}

impl<'a> Seen<'a> {
    /// Users by active day and the active day before it, [`NONE`] for the first.
    pub fn since(self) -> impl Iterator<Item = &'a Tie> {
        self.seen(&self.turnout.since)
    }

    /// Users by active day and first active day.
    pub fn ages(self) -> impl Iterator<Item = &'a Tie> {
        self.seen(&self.turnout.ages)
    }

    fn seen(self, lists: &'a [Vec<Tie>]) -> impl Iterator<Item = &'a Tie> {
        lists.iter().flat_map(move |list| &list[..list.partition_point(|tie| tie.day <= self.until)])
    }
}

/// What is known of a user: places of his first and newest active day among the sets, counted from 1.
#[derive(Clone, Copy, Default)]
struct Known {
    first: u32,
    newest: u32,
}

/// Counts of one day by the place of another one.
struct Row {
    users: Vec<u32>,
    /// Places with any, as they came.
    places: Vec<u32>,
}

impl Row {
    fn add(&mut self, place: u32) {
        let users = &mut self.users[place as usize];
        if *users == 0 {
            self.places.push(place);
        }
        *users += 1;
    }

    fn move_to(&mut self, day: Day, other: impl Fn(usize) -> Day, out: &mut Vec<Tie>) {
        for place in self.places.drain(..) {
            let users = std::mem::take(&mut self.users[place as usize]);
            out.push(Tie { day, other: other(place as usize), users });
        }
    }
}

fn of_part(audience: Audience, part: &Part) -> (Vec<Tie>, Vec<Tie>) {
    let sets = audience.sets();
    let mut known = vec![Known::default(); part.len()];
    let row = || Row { users: vec![0; sets.len() + 1], places: Vec::new() };
    let (mut since, mut ages) = (row(), row());
    let mut out = (Vec::new(), Vec::new());
    let day_at = |place: usize| place.checked_sub(1).map_or(NONE, |at| sets[at].0);
    for (at, (day, set)) in sets.iter().enumerate() {
        let today = at as u32 + 1;
        for user in part.of(set).iter().filter(|user| audience.counts(**user)) {
            let user = &mut known[part.place(*user)];
            since.add(user.newest);
            user.first = if user.first == 0 { today } else { user.first };
            user.newest = today;
            ages.add(user.first);
        }
        since.move_to(*day, day_at, &mut out.0);
        ages.move_to(*day, day_at, &mut out.1);
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    pub fn summed<'a>(ties: impl Iterator<Item = &'a Tie>) -> BTreeMap<(Day, Day), u64> {
        let mut sums = BTreeMap::new();
        for tie in ties.filter(|tie| tie.users > 0) {
            *sums.entry((tie.day, tie.other)).or_default() += u64::from(tie.users);
        }
        sums
    }

    proptest! {
        #[test]
        fn each_active_day_is_counted_once_by_the_one_before_and_the_first(
            pairs in prop::collection::vec((0_u32..9, 0_i32..30), 0..90),
            only in prop::collection::vec(any::<bool>(), 7),
            until in 0_i32..32,
        ) {
            let set: BTreeSet<(u32, Day)> = pairs.iter().map(|(user, day)| (*user, Day(*day))).collect();
            let days = UserDays::from_pairs(set.iter().copied().collect());
            let turnout = Turnout::new(&days, Some(&only));
            let (mut since, mut ages) = (BTreeMap::<_, u64>::new(), BTreeMap::<_, u64>::new());
            let counts = |user: u32| only.get(user as usize).copied().unwrap_or(false);
            for (user, day) in set.iter().filter(|(user, day)| counts(*user) && day.0 <= until) {
                let own = || set.range((*user, Day(0))..=(*user, *day)).map(|(_, day)| *day);
                *since.entry((*day, own().rev().nth(1).unwrap_or(NONE))).or_default() += 1;
                *ages.entry((*day, own().next().unwrap_or(NONE))).or_default() += 1;
            }
            let seen = turnout.until(Day(until));
            prop_assert_eq!((summed(seen.since()), summed(seen.ages())), (since, ages));
        }
    }
}
