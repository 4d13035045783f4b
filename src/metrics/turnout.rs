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

/// Most counts of a stretch of days: however long the history is, counting it takes no more than 48 MiB.
/// Tests are short of days, so that theirs take several stretches.
const COUNTS: usize = if cfg!(test) { 100 } else { 3 << 20 };

/// What is known of a user: places of his first and newest active day among the sets, counted from 1.
#[derive(Clone, Copy, Default)]
struct Known {
    first: u32,
    newest: u32,
}

/// Counts of users by an active day of a stretch and the place of another day.
struct Counts {
    /// The other day is the active one before it.
    since: Vec<u32>,
    /// The other day is the first active one.
    ages: Vec<u32>,
    /// Of the latter users, those who were not active in the same week before, and [`MONTH`] bits higher in the same month:
    /// one number, since most additions wait for the one before, as users of neighbouring ids came on the same day.
    anew: Vec<u64>,
}

/// Bits below those of a month.
const MONTH: u32 = 32;

impl Counts {
    fn new(all: usize) -> Self {
        Self { since: vec![0; all], ages: vec![0; all], anew: vec![0; all] }
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
    /// Where the counts of a day are: of every place up to its own, so that each day has one more than the day before.
    fn places(&self, day: usize) -> Range<usize> {
        let row = day - self.days.start;
        let from = row * (self.days.start + 2) + row * row.saturating_sub(1) / 2;
        from..from + day + 2
    }

    /// Counts users block by block: what is known of those of one, and the counts of a day, stay in the near cache
    /// meanwhile.
    fn count(&self, audience: Audience, part: &Part, known: &mut Memory) -> Counts {
        let mut counts = Counts::new(self.places(self.days.end).start);
        let mut walk = Walk::new(&self.sets[self.days.clone()], part);
        for block in part.blocks() {
            let known = known.of(part, &block);
            for (at, (_, users)) in self.days.clone().zip(walk.block(&block)) {
                let (today, week, month) = (at as u32 + 1, self.weeks[at] as u32, self.months[at] as u32);
                let places = self.places(at);
                let (since, ages) = (&mut counts.since[places.clone()], &mut counts.ages[places.clone()]);
                let anew = &mut counts.anew[places];
                for user in users.iter().filter(|user| audience.counts(**user)) {
                    let user = &mut known[block.place(*user)];
                    let (newest, first) = (user.newest, if user.first == 0 { today } else { user.first });
                    *user = Known { first, newest: today };
                    since[newest as usize] += 1;
                    ages[first as usize] += 1;
                    anew[first as usize] += u64::from(newest <= week) | u64::from(newest <= month) << MONTH;
                }
            }
        }
        counts
    }

    fn move_to(&self, out: &mut Ties, counts: &Counts, calendar: Calendar) {
        for (list, counts) in [(&mut out.since, &counts.since), (&mut out.ages, &counts.ages)] {
            list.reserve_exact(counts.iter().filter(|users| **users > 0).count());
        }
        let (mut weeks, mut months) = (vec![0; self.days.end + 1], vec![0; self.days.end + 1]);
        for at in self.days.clone() {
            let day = self.sets[at].0;
            let places = self.places(at);
            self.tie(&mut out.since, day, counts.since[places.clone()].iter().copied());
            self.tie(&mut out.ages, day, counts.ages[places.clone()].iter().copied());
            for (anew, (week, month)) in counts.anew[places].iter().zip(weeks.iter_mut().zip(&mut months)) {
                *week += *anew as u32;
                *month += (anew >> MONTH) as u32;
            }
            for (grain, starts, sums, list) in [
                (Grain::Week, self.weeks, &mut weeks, &mut out.weeks),
                (Grain::Month, self.months, &mut months, &mut out.months),
            ] {
                if at + 1 == self.days.end || starts[at + 1] != starts[at] {
                    self.tie(list, calendar.bucket(grain, day).first, sums.iter_mut().map(std::mem::take));
                }
            }
        }
    }

    /// Appends the counts of a day by the place of another one.
    fn tie(&self, list: &mut Vec<Tie>, day: Day, counts: impl Iterator<Item = u32>) {
        let other = |place: usize| place.checked_sub(1).map_or(NONE, |at| self.sets[at].0);
        let counts = counts.enumerate().filter(|(_, users)| *users > 0);
        list.extend(counts.map(|(place, users)| Tie { day, other: other(place), users }));
    }
}

/// What is known of users between two looks at them.
struct Memory {
    known: Vec<Known>,
    /// Users are looked at once, so that those of a block take the room of those of the one before.
    is_once: bool,
}

impl Memory {
    fn new(part: &Part, is_once: bool) -> Self {
        let users = if is_once { part.len().min(parts::BLOCK) } else { part.len() };
        Self { known: vec![Known::default(); users], is_once }
    }

    /// Of the users of a block of a part.
    fn of(&mut self, part: &Part, block: &Part) -> &mut [Known] {
        if self.is_once {
            let known = &mut self.known[..block.len()];
            known.fill(Known::default());
            known
        } else {
            &mut self.known[part.place(block.0.start)..][..block.len()]
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
    let most = (COUNTS / (sets.len() + 1)).max(1);
    let (mut known, mut out) = (Memory::new(part, sets.len() <= most), Ties::default());
    for from in (0..sets.len()).step_by(most) {
        let days = from..sets.len().min(from + most);
        let stretch = Stretch { sets, days, weeks: &weeks, months: &months };
        let counts = stretch.count(audience, part, &mut known);
        stretch.move_to(&mut out, &counts, calendar);
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
