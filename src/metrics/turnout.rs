//! Active days counted instead of listed: how many users were active on a day, by the active day they had before it and
//! by their first one.
//!
//! The counts are as many as there are pairs of days, however many users there are, and every number of distinct users
//! follows from them: a user enters a bucket with the one active day in it whose day before lies outside. What they do not
//! tell is in which weeks and months users of one first day were active, so these are counted as well.

mod follow;

use super::parts::{self, Part};
use super::presence::{Audience, UserDays};
use crate::domain::calendar::{Calendar, Day, Grain, Span};

/// Day before the first active one.
pub const NONE: Day = Day(i32::MIN);

/// Users that were active on a day and had another day in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie {
    /// The active day; of a longer bucket its first day, active or not.
    pub day: Day,
    /// The day in common.
    pub other: Day,
    /// How many users.
    pub users: u32,
}

/// Active days of some users, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turnout {
    calendar: Calendar,
    /// The last active day of anyone, counted or not.
    last: Day,
    parts: Vec<Ties>,
}

/// Counts of the users of one part; each list in ascending order of day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Ties {
    /// By the active day before, [`NONE`] for the first.
    since: Vec<Tie>,
    /// By the first active day.
    ages: Vec<Tie>,
    /// Active in a week, by the first active day.
    weeks: Vec<Tie>,
    /// Active in a month, by the first active day.
    months: Vec<Tie>,
}

impl Turnout {
    /// Of the users with `only[user]` set (all when `None`).
    pub fn new(days: &UserDays, only: Option<&[bool]>, calendar: Calendar) -> Self {
        let audience = Audience::new(days, only, Day(i32::MAX));
        let parts = parts::each(days.sets(), |part| of_part(audience, part, calendar));
        Self { calendar, last: last(days), parts }
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
        self.seen(|ties| &ties.since)
    }

    /// Users by active day and first active day.
    pub fn ages(self) -> impl Iterator<Item = &'a Tie> {
        self.seen(|ties| &ties.ages)
    }

    /// Users by bucket with any active day and first active day; `None` where days that are not seen may be among those
    /// of a bucket.
    pub fn met(self, grain: Grain) -> Option<impl Iterator<Item = &'a Tie>> {
        let list: fn(&Ties) -> &Vec<Tie> = match grain {
            Grain::Day => |ties| &ties.ages,
            Grain::Week => |ties| &ties.weeks,
            Grain::Month => |ties| &ties.months,
        };
        let is_whole = grain == Grain::Day || self.turnout.last <= self.until;
        is_whole.then(|| self.seen(list))
    }

    fn seen(self, list: impl Fn(&'a Ties) -> &'a Vec<Tie>) -> impl Iterator<Item = &'a Tie> {
        let lists = self.turnout.parts.iter().map(list);
        lists.flat_map(move |list| &list[..list.partition_point(|tie| tie.day <= self.until)])
    }
}

fn last(days: &UserDays) -> Day {
    days.sets().last().map_or(NONE, |(day, _)| *day)
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

/// Counts of a week or month while its days pass by.
struct Wide {
    bucket: Span,
    /// Place of its first set.
    from: u32,
    ages: Row,
}

impl Wide {
    /// Counts a user once, who was active at a place before, if at all.
    fn add(&mut self, newest: u32, first: u32) {
        if newest < self.from {
            self.ages.add(first);
        }
    }

    /// Goes to the bucket of a place; what is counted of the one before moves out.
    fn go_to(&mut self, (bucket, place): (Span, u32), other: impl Fn(usize) -> Day, out: &mut Vec<Tie>) {
        if bucket != self.bucket {
            self.ages.move_to(self.bucket.first, other, out);
            (self.bucket, self.from) = (bucket, place);
        }
    }
}

fn of_part(audience: Audience, part: &Part, calendar: Calendar) -> Ties {
    let sets = audience.sets();
    let mut known = vec![Known::default(); part.len()];
    let row = || Row { users: vec![0; sets.len() + 1], places: Vec::new() };
    let wide = || Wide { bucket: Span { first: NONE, last: NONE }, from: 0, ages: row() };
    let (mut since, mut ages, mut week, mut month) = (row(), row(), wide(), wide());
    let mut out = Ties::default();
    let day_at = |place: usize| place.checked_sub(1).map_or(NONE, |at| sets[at].0);
    for (at, (day, set)) in sets.iter().enumerate() {
        let today = at as u32 + 1;
        week.go_to((calendar.bucket(Grain::Week, *day), today), day_at, &mut out.weeks);
        month.go_to((calendar.bucket(Grain::Month, *day), today), day_at, &mut out.months);
        for user in part.of(set).iter().filter(|user| audience.counts(**user)) {
            let user = &mut known[part.place(*user)];
            since.add(user.newest);
            user.first = if user.first == 0 { today } else { user.first };
            ages.add(user.first);
            week.add(user.newest, user.first);
            month.add(user.newest, user.first);
            user.newest = today;
        }
        since.move_to(*day, day_at, &mut out.since);
        ages.move_to(*day, day_at, &mut out.ages);
    }
    week.ages.move_to(week.bucket.first, day_at, &mut out.weeks);
    month.ages.move_to(month.bucket.first, day_at, &mut out.months);
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
            let turnout = Turnout::new(&days, Some(&only), Calendar::UTC);
            let (mut since, mut ages) = (BTreeMap::<_, u64>::new(), BTreeMap::<_, u64>::new());
            let (mut weeks, mut months) = (BTreeSet::new(), BTreeSet::new());
            let counts = |user: u32| only.get(user as usize).copied().unwrap_or(false);
            for (user, day) in set.iter().filter(|(user, day)| counts(*user) && day.0 <= until) {
                let own = || set.range((*user, Day(0))..=(*user, *day)).map(|(_, day)| *day);
                *since.entry((*day, own().rev().nth(1).unwrap_or(NONE))).or_default() += 1;
                let first = own().next().unwrap_or(NONE);
                *ages.entry((*day, first)).or_default() += 1;
                weeks.insert((Calendar::UTC.bucket(Grain::Week, *day).first, first, *user));
                months.insert((Calendar::UTC.bucket(Grain::Month, *day).first, first, *user));
            }
            let seen = turnout.until(Day(until));
            prop_assert_eq!((summed(seen.since()), summed(seen.ages())), (since, ages));
            let last = set.iter().map(|(_, day)| *day).max().unwrap_or(NONE);
            for (grain, naive) in [(Grain::Week, weeks), (Grain::Month, months)] {
                let mut sums = BTreeMap::<_, u64>::new();
                for (bucket, first, _) in naive {
                    *sums.entry((bucket, first)).or_default() += 1;
                }
                prop_assert_eq!(seen.met(grain).map(summed), (last.0 <= until).then_some(sums));
            }
        }
    }
}
