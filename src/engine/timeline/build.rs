//! Making a timeline from a scan: events are dealt into blocks of users, and each block is sorted in cache.

use std::ops::Range;
use std::sync::Arc;

use crate::domain::calendar::{Calendar, Day};
use crate::store::{RawEvent, Store};

use super::super::EngineError;
use super::super::halt::Halt;
use super::{Kind, Row, Timeline};
use crate::domain::days::DayFinder;

/// Users of a block: some megabytes of events.
const BLOCK: u32 = 1 << 15;

/// A timeline and the state of the file that it shows.
#[derive(Debug)]
pub(super) struct Held {
    pub seq: i64,
    pub timeline: Arc<Timeline>,
}

impl Held {
    /// Of the file as it is. What commits change meanwhile is seen as newer, and none of it counts twice.
    pub fn read(store: &Store, halt: &Halt) -> Result<Self, EngineError> {
        let (seq, settings) = (store.changes(i64::MAX)?.seq, store.settings()?);
        let calendar = Calendar { zone: settings.zone, week_start: settings.week_start };
        Ok(Self { seq, timeline: Arc::new(Timeline::build(store, calendar, halt)?) })
    }
}

impl Timeline {
    /// Of all events.
    pub fn build(store: &Store, calendar: Calendar, halt: &Halt) -> Result<Self, EngineError> {
        let (mut out, mut blocks) = (Self::default(), Vec::<Vec<Row>>::new());
        let mut finder = DayFinder::new(calendar);
        store.scan_events(None, None, &mut |event| {
            if halt.is_set() {
                return;
            }
            out.count(&event, finder.day(event.at));
            if let Some(row) = out.row(&event) {
                deal(&mut blocks, row);
            }
        })?;
        halt.check()?;
        out.gather(blocks);
        halt.check()?;
        Ok(out)
    }

    /// The row of an event of a user; one of nobody is kept.
    pub(super) fn row(&mut self, event: &RawEvent) -> Option<Row> {
        let kind = Kind::of(event);
        let id = *self.ids.entry(kind).or_insert(self.kinds.len() as u32);
        if id as usize == self.kinds.len() {
            self.kinds.push(kind);
        }
        let at = event.at.0;
        if event.user.is_none() {
            self.nobody.push((at, id));
        }
        event.user.map(|user| Row { at, user, kind: id })
    }

    /// Counts an event as known.
    fn count(&mut self, event: &RawEvent, day: Day) {
        *self.known.entry((day, event.at.utc_day())).or_default() += 1;
    }

    /// Takes the rows of all users into an empty timeline.
    pub(super) fn gather(&mut self, blocks: Vec<Vec<Row>>) {
        let events = blocks.iter().map(Vec::len).sum();
        let users = blocks.iter().rev().find_map(|block| block.iter().map(|row| row.user + 1).max());
        self.starts = vec![0; users.unwrap_or(0) as usize + 1];
        self.at.reserve_exact(events);
        self.kind.reserve_exact(events);
        for (at, block) in blocks.into_iter().enumerate() {
            self.append(at as u32 * BLOCK, &block);
        }
    }

    /// Appends all events of the users of a block, from its first user on.
    fn append(&mut self, first: u32, block: &[Row]) {
        let before = self.at.len();
        let users = (self.starts.len() - 1 - first as usize).min(BLOCK as usize);
        let ends = &mut self.starts[first as usize + 1..][..users];
        for row in block {
            ends[(row.user - first) as usize] += 1;
        }
        let (mut next, mut cursors) = (before as u32, Vec::with_capacity(users));
        for end in ends {
            cursors.push(next);
            next += *end;
            *end = next;
        }
        self.at.resize(before + block.len(), 0);
        self.kind.resize(before + block.len(), 0);
        for row in block {
            let cursor = &mut cursors[(row.user - first) as usize];
            self.at[*cursor as usize] = row.at;
            self.kind[*cursor as usize] = row.kind;
            *cursor += 1;
        }
        self.sort(first..first + users as u32);
    }

    /// Puts the events of users in order of time; simultaneous ones stay as they came.
    fn sort(&mut self, users: Range<u32>) {
        let mut rows: Vec<(i64, u32)> = Vec::new();
        for user in users {
            let own = self.own(user);
            let (at, kind) = (&mut self.at[own.clone()], &mut self.kind[own]);
            if !at.is_sorted() {
                rows.clear();
                rows.extend(at.iter().copied().zip(kind.iter().copied()));
                rows.sort_by_key(|row| row.0);
                for (i, row) in rows.iter().enumerate() {
                    (at[i], kind[i]) = *row;
                }
            }
        }
    }
}

/// Puts a row into the block of its user.
fn deal(blocks: &mut Vec<Vec<Row>>, row: Row) {
    let block = (row.user / BLOCK) as usize;
    if blocks.len() <= block {
        blocks.resize_with(block + 1, Vec::new);
    }
    blocks[block].push(row);
}

/// Rows in blocks of users.
#[cfg(test)]
pub(super) fn dealt(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let mut blocks = Vec::new();
    for row in rows {
        deal(&mut blocks, row);
    }
    blocks
}
