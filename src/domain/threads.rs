//! Work shared by the processors of the machine.

use std::num::NonZero;
use std::thread::{self, ScopedJoinHandle};

/// More threads than this wait for memory, not for processors, and take the machine from what else runs on it.
const MOST: usize = 4;

/// How many threads some work pays for, at least one; `worth` is how much of it one more of them takes.
pub fn paid_for(work: usize, worth: usize) -> usize {
    thread::available_parallelism().map_or(1, NonZero::get).min(MOST).min((work / worth.max(1)).saturating_add(1))
}

/// What work gives for each share, in their order; each has a thread of its own, the last one this one.
pub fn share<I: Send, T: Send>(shares: impl IntoIterator<Item = I>, work: impl Fn(I) -> T + Sync) -> Vec<T> {
    let mut shares: Vec<I> = shares.into_iter().collect();
    let Some(last) = shares.pop() else { return Vec::new() };
    let work = &work;
    thread::scope(|scope| {
        let started: Vec<_> = shares.into_iter().map(|share| scope.spawn(move || work(share))).collect();
        let last = work(last);
        let mut done: Vec<T> = started.into_iter().map(joined).collect();
        done.push(last);
        done
    })
}

/// What a thread gave; where it panicked, its panic goes on here.
pub fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_shares() {
        assert_eq!(share(0..9, |n| n * n), (0..9).map(|n| n * n).collect::<Vec<_>>());
        assert!(share(0..0, |n: i32| n).is_empty());
        assert_eq!((paid_for(0, 10), paid_for(9, 10)), (1, 1));
        assert!(paid_for(usize::MAX, 1) <= MOST);
    }

    #[test]
    fn a_panic_goes_on_where_the_work_was_asked_for() {
        let panicked = std::panic::catch_unwind(|| share(0..3, |n| assert_ne!(n, 1)));
        assert!(panicked.is_err());
    }
}
