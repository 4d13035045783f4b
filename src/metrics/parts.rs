//! Users in as many parts as threads pay for, each by itself: what is counted user by user adds up over parts.

use std::num::NonZero;
use std::ops::Range;
use std::thread;

use super::presence::UserDays;

/// Active days that one more thread pays for; below, starting it costs more than it saves.
const WORTH: usize = 200_000;

/// More threads than this wait for memory, not for processors.
const MOST: usize = 8;

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
    pub fn place(&self, user: u32) -> usize {
        (user - self.0.start) as usize
    }

    /// Those of an ascending set who are of the part.
    pub fn of<'s>(&self, set: &'s [u32]) -> &'s [u32] {
        let from = set.partition_point(|user| *user < self.0.start);
        let to = set.partition_point(|user| *user < self.0.end);
        &set[from..to]
    }
}

/// What work gives for each part of the users of some days, in ascending order of users.
pub fn each<T: Send>(days: &UserDays, work: impl Fn(&Part) -> T + Sync) -> Vec<T> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    of(days.users(), cores.min(MOST).min(days.len() / WORTH + 1), work)
}

/// What work gives for each of some parts that are equally large.
fn of<T: Send>(users: u32, count: usize, work: impl Fn(&Part) -> T + Sync) -> Vec<T> {
    let bound = |i: usize| (u64::from(users) * i as u64 / count as u64) as u32;
    let parts: Vec<Part> = (0..count).map(|i| Part(bound(i)..bound(i + 1))).collect();
    let Some((last, rest)) = parts.split_last() else { return Vec::new() };
    thread::scope(|scope| {
        let started: Vec<_> = rest.iter().map(|part| scope.spawn(|| work(part))).collect();
        let last = work(last);
        let mut done: Vec<T> = started.into_iter().map(joined).collect();
        done.push(last);
        done
    })
}

/// What a thread gave; where it panicked, its panic goes on here.
fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
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
            let parts = of(users, count, Part::clone);
            prop_assert_eq!(parts.len(), count);
            prop_assert_eq!(parts.iter().map(Part::len).sum::<usize>(), users as usize);
            let again: Vec<u32> = parts.iter().flat_map(|part| part.of(&set)).copied().collect();
            prop_assert!(parts.iter().all(|part| part.of(&set).iter().all(|user| part.contains(*user))));
            prop_assert_eq!(again, set);
        }
    }
}
