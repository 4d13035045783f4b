//! Active days counted instead of listed: how many users were active on a day, by the active day they had before it and
//! by their first one.
//!
//! The counts are as many as there are pairs of days, however many users there are, and every number of distinct users
//! follows from them: a user enters a bucket with the one active day in it whose day before lies outside. What they do not
//! tell is in which weeks and months users of one first day were active, so these are counted as well.

mod follow;

use std::ops::Range;

use super::parts::{self, DaySet, Part, Walk};
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

/// Counts of the users of one part; each list in ascending order of day. Two days may be tied more than once: those users
/// add up.
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

/// Most counts of a stretch of days: however long the history is, counting it takes no more than 16 MiB of a list.
/// Tests are short of days, so that theirs take several stretches.
const COUNTS: usize = if cfg!(test) { 100 } else { 1 << 22 };

/// What is known of a user: places of his first and newest active day among the sets, counted from 1.
#[derive(Clone, Copy, Default)]
struct Known {
    first: u32,
    newest: u32,
}

/// Users by a day of a stretch and the place of another day.
struct Counts {
    users: Vec<u32>,
    width: usize,
}

impl Counts {
    fn new(days: usize, width: usize) -> Self {
        Self { users: vec![0; days * width], width }
    }

    fn row(&mut self, row: usize) -> &mut [u32] {
        &mut self.users[row * self.width..][..self.width]
    }

    fn move_to(&mut self, out: &mut Vec<Tie>, (row, day): (usize, Day), sets: &[DaySet]) {
        for (place, users) in self.row(row).iter().enumerate().filter(|(_, users)| **users > 0) {
            out.push(Tie { day, other: place.checked_sub(1).map_or(NONE, |at| sets[at].0), users: *users });
        }
    }
}

/// Neighbouring days whose counts are held at a time.
struct Stretch<'a> {
    sets: &'a [DaySet],
    days: Range<usize>,
    /// By day, the first one in its week and in its month.
    weeks: &'a [usize],
    months: &'a [usize],
}

impl Stretch<'_> {
    /// Row of the counts of a week or month that begins with some day.
    fn row(&self, first: usize) -> usize {
        first.saturating_sub(self.days.start)
    }

    /// Counts users block by block: what is known of those of one, and the counts, stay in the near cache meanwhile.
    fn count(&self, audience: Audience, part: &Part, known: &mut [Known]) -> [Counts; 4] {
        let mut counts = [(); 4].map(|()| Counts::new(self.days.len(), self.sets.len() + 1));
        let [since, ages, weeks, months] = &mut counts;
        let mut walk = Walk::new(&self.sets[self.days.clone()], part);
        for block in part.blocks() {
            let known = &mut known[part.place(block.0.start)..][..block.len()];
            for (at, (_, users)) in self.days.clone().zip(walk.block(&block)) {
                let (today, week, month) = (at as u32 + 1, self.weeks[at], self.months[at]);
                let (since, ages) = (since.row(self.row(at)), ages.row(self.row(at)));
                let (weeks, months) = (weeks.row(self.row(week)), months.row(self.row(month)));
                for user in users.iter().filter(|user| audience.counts(**user)) {
                    let user = &mut known[block.place(*user)];
                    let (newest, first) = (user.newest as usize, if user.first == 0 { today } else { user.first });
                    *user = Known { first, newest: today };
                    since[newest] += 1;
                    ages[first as usize] += 1;
                    weeks[first as usize] += u32::from(newest <= week);
                    months[first as usize] += u32::from(newest <= month);
                }
            }
        }
        counts
    }

    fn move_to(&self, out: &mut Ties, [mut since, mut ages, mut weeks, mut months]: [Counts; 4], calendar: Calendar) {
        for at in self.days.clone() {
            let (row, day) = (self.row(at), self.sets[at].0);
            since.move_to(&mut out.since, (row, day), self.sets);
            ages.move_to(&mut out.ages, (row, day), self.sets);
            let begins = |starts: &[usize]| starts[at] == at || row == 0;
            if begins(self.weeks) {
                weeks.move_to(&mut out.weeks, (row, calendar.bucket(Grain::Week, day).first), self.sets);
            }
            if begins(self.months) {
                months.move_to(&mut out.months, (row, calendar.bucket(Grain::Month, day).first), self.sets);
            }
        }
    }
}

/// By day, the first one that is in the same bucket.
fn starts(sets: &[DaySet], bucket: impl Fn(Day) -> Span) -> Vec<usize> {
    let buckets = sets.chunk_by(|a, b| bucket(a.0) == bucket(b.0));
    let mut starts = Vec::with_capacity(sets.len());
    for days in buckets {
        starts.resize(starts.len() + days.len(), starts.len());
    }
    starts
}

fn of_part(audience: Audience, part: &Part, calendar: Calendar) -> Ties {
    let sets = audience.sets();
    let [weeks, months] = [Grain::Week, Grain::Month].map(|grain| starts(sets, |day| calendar.bucket(grain, day)));
    let (mut known, mut out) = (vec![Known::default(); part.len()], Ties::default());
    let most = (COUNTS / (sets.len() + 1)).max(1);
    for from in (0..sets.len()).step_by(most) {
        let days = from..sets.len().min(from + most);
        let stretch = Stretch { sets, days, weeks: &weeks, months: &months };
        let counts = stretch.count(audience, part, &mut known);
        stretch.move_to(&mut out, counts, calendar);
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
