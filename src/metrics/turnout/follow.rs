//! A turnout of everybody after a commit: only users whose days changed are counted again.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{NONE, Tie, Ties, Turnout, last};
use crate::domain::calendar::{Day, Grain};
use crate::metrics::parts::DaySet;
use crate::metrics::presence::UserDays;

/// With more changed users counting all anew is as fast.
const MOST: usize = 4_000;

/// Users gained or lost by the day and the other day of a [`Tie`].
type Changes = BTreeMap<(Day, Day), i64>;

impl Turnout {
    /// Goes from some days of everybody to other ones; says no, and stays as it is, where counting anew is cheaper.
    pub fn follow(&mut self, before: &UserDays, after: &UserDays) -> bool {
        let Some(users) = changed(before.sets(), after.sets()) else { return false };
        let [old, new] = histories(before.sets(), after.sets(), &users);
        let [mut since, mut ages, mut weeks, mut months] = [(); 4].map(|()| Changes::new());
        for (all, by) in [(old, -1), (new, 1)] {
            for days in all {
                let Some(first) = days.first() else { continue };
                let mut newest = NONE;
                for day in &days {
                    *since.entry((*day, newest)).or_default() += by;
                    *ages.entry((*day, *first)).or_default() += by;
                    for (grain, changes) in [(Grain::Week, &mut weeks), (Grain::Month, &mut months)] {
                        let bucket = self.calendar.bucket(grain, *day);
                        if newest < bucket.first {
                            *changes.entry((bucket.first, *first)).or_default() += by;
                        }
                    }
                    newest = *day;
                }
            }
        }
        self.last = last(after);
        apply(&mut self.parts, |ties| &mut ties.since, &since);
        apply(&mut self.parts, |ties| &mut ties.ages, &ages);
        apply(&mut self.parts, |ties| &mut ties.weeks, &weeks);
        apply(&mut self.parts, |ties| &mut ties.months, &months);
        true
    }
}

/// The set of each day before and after, days ascending.
fn pairs<'s>(before: &'s [DaySet], after: &'s [DaySet]) -> impl Iterator<Item = (Day, [Option<&'s Arc<[u32]>>; 2])> {
    let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
    std::iter::from_fn(move || {
        let day = before.peek().into_iter().chain(after.peek()).map(|set| set.0).min()?;
        let of_day = |set: &&DaySet| set.0 == day;
        Some((day, [before.next_if(of_day), after.next_if(of_day)].map(|set| set.map(|set| &set.1))))
    })
}

/// Whether the set of a day is the same one.
fn is_shared([before, after]: &[Option<&Arc<[u32]>>; 2]) -> bool {
    before.zip(*after).is_some_and(|(before, after)| Arc::ptr_eq(before, after))
}

/// Users who are in the set of a day only before or only after, ascending; `None` where they are many.
fn changed(before: &[DaySet], after: &[DaySet]) -> Option<Vec<u32>> {
    let mut users = Vec::new();
    for (_, sets) in pairs(before, after).filter(|(_, sets)| !is_shared(sets)) {
        differing(sets.map(|set| set.map_or(&[][..], |set| set)), &mut users);
        if users.len() > MOST {
            return None;
        }
    }
    users.sort_unstable();
    users.dedup();
    Some(users)
}

/// Users of only one of two ascending sets.
fn differing([mut a, mut b]: [&[u32]; 2], out: &mut Vec<u32>) {
    while let (Some((x, rest_a)), Some((y, rest_b))) = (a.split_first(), b.split_first()) {
        match x.cmp(y) {
            Ordering::Equal => (a, b) = (rest_a, rest_b),
            Ordering::Less => {
                out.push(*x);
                a = rest_a;
            }
            Ordering::Greater => {
                out.push(*y);
                b = rest_b;
            }
        }
    }
    out.extend(a.iter().chain(b));
}

/// The active days of each of some ascending users, before and after.
fn histories(before: &[DaySet], after: &[DaySet], users: &[u32]) -> [Vec<Vec<Day>>; 2] {
    let mut days = [(); 2].map(|()| vec![Vec::new(); users.len()]);
    for (day, sets) in pairs(before, after) {
        if let (true, [Some(set), _]) = (is_shared(&sets), sets) {
            for at in among(set, users) {
                for days in &mut days {
                    days[at].push(day);
                }
            }
        } else {
            for (set, days) in sets.into_iter().zip(&mut days) {
                for at in among(set.map_or(&[], |set| set), users) {
                    days[at].push(day);
                }
            }
        }
    }
    days
}

/// Places of those of some ascending users who are in an ascending set.
fn among<'s>(set: &'s [u32], users: &'s [u32]) -> impl Iterator<Item = usize> + 's {
    let mut rest = set;
    users.iter().enumerate().filter_map(move |(at, user)| {
        // The next user is mostly a few places on.
        let mut reach = 1;
        while rest.get(reach).is_some_and(|other| other < user) {
            reach *= 2;
        }
        let near = &rest[..rest.len().min(reach + 1)];
        rest = &rest[near.partition_point(|other| other < user)..];
        (rest.first() == Some(user)).then_some(at)
    })
}

/// Each list stays in ascending order of day; a tie that nobody is left in counts nothing.
fn apply(parts: &mut [Ties], list: fn(&mut Ties) -> &mut Vec<Tie>, changes: &Changes) {
    for ((day, other), by) in changes.iter().filter(|(_, by)| **by != 0) {
        let mut rest = *by;
        for list in parts.iter_mut().map(list) {
            let from = list.partition_point(|tie| tie.day < *day);
            let ties = list[from..].iter_mut().take_while(|tie| tie.day == *day);
            for tie in ties.filter(|tie| tie.other == *other) {
                let users = (i64::from(tie.users) + rest).max(0);
                rest += i64::from(tie.users) - users;
                tie.users = users as u32;
            }
        }
        // Nobody's days are a part as well.
        if let Some(list) = parts.first_mut().map(list).filter(|_| rest > 0) {
            let at = list.partition_point(|tie| tie.day <= *day);
            list.insert(at, Tie { day: *day, other: *other, users: rest as u32 });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::summed;
    use super::*;
    use crate::domain::calendar::Calendar;

    fn pairs() -> impl Strategy<Value = Vec<(u32, Day)>> {
        prop::collection::vec((0_u32..9, (0_i32..20).prop_map(Day)), 0..60)
    }

    proptest! {
        #[test]
        fn what_is_followed_equals_what_is_counted_anew(days in prop::collection::vec(pairs(), 2..5)) {
            let days: Vec<UserDays> = days.into_iter().map(UserDays::from_pairs).collect();
            let mut followed = Turnout::new(&days[0], None, Calendar::UTC);
            for (before, after) in days.iter().zip(&days[1..]) {
                prop_assert!(followed.follow(before, after));
                let anew = Turnout::new(after, None, Calendar::UTC);
                let (a, b) = (followed.until(Day(99)), anew.until(Day(99)));
                prop_assert_eq!(summed(a.since()), summed(b.since()));
                for grain in Grain::ALL {
                    prop_assert_eq!(a.met(grain).map(summed), b.met(grain).map(summed));
                }
                prop_assert_eq!(followed.last, anew.last);
                let early = |turnout: &Turnout| (summed(turnout.until(Day(9)).since()), summed(turnout.until(Day(9)).ages()));
                prop_assert_eq!(early(&followed), early(&anew));
            }
        }
    }

    #[test]
    fn many_changed_users_are_counted_anew() {
        let days = UserDays::from_pairs((0..=MOST as u32).map(|user| (user, Day(1))).collect());
        let nobody = || Turnout::new(&UserDays::default(), None, Calendar::UTC);
        let mut turnout = nobody();
        assert!(!turnout.follow(&UserDays::default(), &days));
        assert_eq!(turnout, nobody());
    }
}
