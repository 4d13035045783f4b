//! Users in as many parts as threads pay for, each by itself: what is counted user by user adds up over parts.

use std::ops::Range;
use std::sync::Arc;

use crate::domain::calendar::Day;
use crate::domain::threads;

/// Active days that one more thread pays for; below, starting it costs more than it saves.
const WORTH: usize = 200_000;

/// Users of a block: a few bytes of each stay in the near cache of a processor while the days pass by.
pub const BLOCK: usize = 1 << 15;

/// The users active on a day, ascending and without repeats.
pub type DaySet = (Day, Arc<[u32]>);

/// Neighbouring users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part(pub Range<u32>);

impl Part {
    /// Number of users.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it is nobody's.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a user is of it.
    pub fn contains(&self, user: u32) -> bool {
        self.0.contains(&user)
    }

    /// Place of a user of the part, from 0.
    #[inline]
    pub fn place(&self, user: u32) -> usize {
        (user - self.0.start) as usize
    }

    /// The part in pieces that are worked off one after the other, for work that comes back to users day by day.
    pub fn blocks(&self) -> impl Iterator<Item = Self> {
        let end = self.0.end;
        self.0.clone().step_by(BLOCK).map(move |from| Self(from..end.min(from.saturating_add(BLOCK as u32))))
    }

    /// Those of an ascending set who are of the part.
    pub fn of<'s>(&self, set: &'s [u32]) -> &'s [u32] {
        let rest = &set[set.partition_point(|user| *user < self.0.start)..];
        &rest[..rest.partition_point(|user| *user < self.0.end)]
    }
}

/// Sets of days on a walk through the users block by block: each is read once from front to back.
pub struct Walk<'s> {
    sets: &'s [DaySet],
    /// Where each set goes on.
    at: Vec<usize>,
}

impl<'s> Walk<'s> {
    /// Begins with the first user of a part.
    pub fn new(sets: &'s [DaySet], part: &Part) -> Self {
        let from = |(_, set): &DaySet| set.partition_point(|user| *user < part.0.start);
        Self { sets, at: sets.iter().map(from).collect() }
    }

    /// The days, each with its users up to the last one of a block that follows the one before.
    pub fn block(&mut self, block: &Part) -> impl DoubleEndedIterator<Item = (Day, &'s [u32])> {
        let end = block.0.end;
        self.sets.iter().zip(&mut self.at).map(move |((day, set), at)| {
            let rest = &set[*at..];
            let own = &rest[..below(rest, end)];
            *at += own.len();
            (*day, own)
        })
    }
}

/// How many of some ascending users come before one: line by line of the cache, which are all read right after.
fn below(users: &[u32], end: u32) -> usize {
    let lines = users.chunks(16).take_while(|line| line.last().is_some_and(|user| *user < end)).count();
    let (before, rest) = users.split_at(users.len().min(lines * 16));
    before.len() + rest.iter().position(|user| *user >= end).unwrap_or(rest.len())
}

/// One more than the highest user id of some sets.
pub fn users(sets: &[DaySet]) -> u32 {
    sets.iter().filter_map(|(_, set)| set.last()).max().map_or(0, |user| user + 1)
}

/// What work gives for each part of the users of some sets, in ascending order of users.
pub fn each<T: Send>(sets: &[DaySet], work: impl Fn(&Part) -> T + Sync) -> Vec<T> {
    let days: usize = sets.iter().map(|(_, set)| set.len()).sum();
    threads::share(of(users(sets), threads::paid_for(days, WORTH)), |part| work(&part))
}

/// So many parts that are equally large.
fn of(users: u32, count: usize) -> Vec<Part> {
    let bound = |i: usize| (u64::from(users) * i as u64 / count as u64) as u32;
    (0..count).map(|i| Part(bound(i)..bound(i + 1))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_user_is_of_one_part(mut set: Vec<u16>, count in 1_usize..9) {
            set.sort_unstable();
            set.dedup();
            let set: Vec<u32> = set.into_iter().map(u32::from).collect();
            let users = set.last().map_or(0, |user| user + 1);
            let parts = of(users, count);
            prop_assert_eq!(parts.len(), count);
            prop_assert_eq!(parts.iter().map(Part::len).sum::<usize>(), users as usize);
            let again: Vec<u32> = parts.iter().flat_map(|part| part.of(&set)).copied().collect();
            let days = [(Day(0), set.clone().into())];
            let walked = parts.iter().flat_map(|part| {
                let mut walk = Walk::new(&days, part);
                part.blocks().flat_map(|block| walk.block(&block).flat_map(|(_, own)| own.to_vec()).collect::<Vec<_>>()).collect::<Vec<u32>>()
            });
            prop_assert_eq!(walked.collect::<Vec<u32>>(), &set[..]);
            prop_assert!(parts.iter().all(|part| part.of(&set).iter().all(|user| part.contains(*user))));
            prop_assert_eq!(again, set);
            let blocks: Vec<u32> = parts.iter().flat_map(Part::blocks).flat_map(|block| block.0).collect();
            prop_assert_eq!(blocks, (0..users).collect::<Vec<u32>>());
        }
    }
}
