//! All events in memory, user by user in order of time: what every number is made from that no rollup knows.
//!
//! An event takes 12 bytes: its time, and its kind, which is the place of its name, platform and channel among all
//! combinations that occur. A question looks at each kind once and then only compares numbers. Properties are not held.

mod build;
mod fresh;
mod keeper;

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::domain::calendar::{Day, Instant};
use crate::domain::threads;
use crate::store::RawEvent;

pub(super) use keeper::Keeper;

use super::EngineError;
use super::halt::Halt;

/// Events that one more thread pays for; few in tests.
const FEW_EVENTS: usize = if cfg!(test) { 8 } else { 200_000 };
/// Users between two looks at the flag that ends a question.
const LOOK_EVERY: u32 = 4_096;

/// What an event is but for its user and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Kind {
    name: u32,
    platform: Option<u32>,
    channel: Option<u32>,
}

/// An event outside of its place.
#[derive(Debug, Clone, Copy)]
struct Row {
    at: i64,
    user: u32,
    kind: u32,
}

/// Events by user and time; simultaneous ones in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    kinds: Vec<Kind>,
    ids: FxHashMap<Kind, u32>,
    /// User `u` owns the events `starts[u]..starts[u + 1]`.
    starts: Vec<u32>,
    at: Vec<i64>,
    kind: Vec<u32>,
    /// Events that came later, in the same order; few.
    fresh: Vec<Row>,
    /// Time and kind of the events without a user.
    nobody: Vec<(i64, u32)>,
    /// Events read by local and UTC day: within both, new ones come after those known.
    known: FxHashMap<(Day, i32), u32>,
}

impl Timeline {
    /// Something of every kind of event, by kind.
    pub fn by_kind<T>(&self, mut of: impl FnMut(&RawEvent) -> T) -> Vec<T> {
        self.kinds.iter().map(|kind| of(&kind.event(None, Instant(0)))).collect()
    }

    /// An event as the store gives it.
    pub fn event(&self, user: Option<u32>, at: i64, kind: u32) -> RawEvent {
        self.kinds[kind as usize].event(user, Instant(at))
    }

    /// Calls back for each user in a range who has events, with their times and kinds.
    pub fn each(
        &self,
        users: Range<u32>,
        halt: &Halt,
        mut each: impl FnMut(u32, &[i64], &[u32]),
    ) -> Result<(), EngineError> {
        let mut fresh = &self.fresh[self.fresh.partition_point(|row| row.user < users.start)..];
        let (mut at, mut kind) = (Vec::new(), Vec::new());
        for user in users {
            if user % LOOK_EVERY == 0 {
                halt.check()?;
            }
            let own = self.own(user);
            if fresh.first().is_some_and(|row| row.user == user) {
                let (new, later) = fresh.split_at(fresh.partition_point(|row| row.user == user));
                fresh = later;
                self.weave(own, new, (&mut at, &mut kind));
                each(user, &at, &kind);
            } else if !own.is_empty() {
                each(user, &self.at[own.clone()], &self.kind[own]);
            }
        }
        Ok(())
    }

    /// The events without a user.
    pub fn nobody(&self) -> impl Iterator<Item = (i64, u32)> {
        self.nobody.iter().copied()
    }

    /// One more than the highest user who has events.
    pub fn users(&self) -> u32 {
        let held = self.starts.len().saturating_sub(1) as u32;
        self.fresh.last().map_or(held, |row| held.max(row.user + 1))
    }

    /// Has the users worked on in shares of about as many events, each by a thread of its own; the results are in the
    /// order of users.
    pub fn spread<T: Send>(
        &self,
        work: impl Fn(Range<u32>) -> Result<T, EngineError> + Sync,
    ) -> Result<Vec<T>, EngineError> {
        let count = threads::paid_for(self.at.len(), FEW_EVENTS);
        let bounds: Vec<u32> = (0..=count).map(|share| self.bound(share, count)).collect();
        threads::share(bounds.windows(2).map(|b| b[0]..b[1]), work).into_iter().collect()
    }

    /// First user of a share.
    fn bound(&self, share: usize, shares: usize) -> u32 {
        if share == shares {
            return self.users();
        }
        let events = (self.at.len() / shares * share) as u32;
        self.starts.partition_point(|start| *start < events) as u32
    }

    fn own(&self, user: u32) -> Range<usize> {
        match self.starts.get(user as usize..user as usize + 2) {
            Some(&[from, to]) => from as usize..to as usize,
            _ => 0..0,
        }
    }

    /// Old and new events of a user in order of time; of simultaneous ones the old come first.
    fn weave(&self, own: Range<usize>, new: &[Row], (at, kind): (&mut Vec<i64>, &mut Vec<u32>)) {
        at.clear();
        kind.clear();
        let mut from = own.start;
        for row in new {
            let to = from + self.at[from..own.end].partition_point(|t| *t <= row.at);
            at.extend_from_slice(&self.at[from..to]);
            kind.extend_from_slice(&self.kind[from..to]);
            at.push(row.at);
            kind.push(row.kind);
            from = to;
        }
        at.extend_from_slice(&self.at[from..own.end]);
        kind.extend_from_slice(&self.kind[from..own.end]);
    }
}

impl Kind {
    fn of(row: &RawEvent) -> Self {
        Self { name: row.name, platform: row.platform, channel: row.channel }
    }

    fn event(self, user: Option<u32>, at: Instant) -> RawEvent {
        RawEvent { user, at, name: self.name, platform: self.platform, channel: self.channel }
    }
}

#[cfg(test)]
mod tests;
