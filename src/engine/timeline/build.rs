//! Making a timeline from a scan: events are dealt into blocks of users, and each block is sorted in cache.

use std::sync::Arc;

use crate::domain::calendar::{Calendar, Day};
use crate::store::{RawEvent, Store};

use super::super::EngineError;
use super::super::halt::Halt;
use super::{FEW_EVENTS, Kind, Row, Timeline};
use crate::domain::days::DayFinder;
use crate::domain::threads;

/// Users of a block: some megabytes of events; few in tests, so that there are several.
const BLOCK: u32 = if cfg!(test) { 2 } else { 1 << 15 };

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

/// What some days of events come to.
struct Part {
    out: Timeline,
    blocks: Vec<Vec<Row>>,
    finder: DayFinder,
}

impl Part {
    fn see(&mut self, event: &RawEvent) {
        self.out.count(event, self.finder.day(event.at));
        if let Some(row) = self.out.row(event) {
            deal(&mut self.blocks, row);
        }
    }

    /// With the events of later days.
    fn followed_by(mut self, later: Self) -> Self {
        let ids: Vec<u32> = later.out.kinds.iter().map(|kind| self.out.id(*kind)).collect();
        let renamed = |kind: u32| ids.get(kind as usize).copied().unwrap_or(kind);
        self.out.nobody.extend(later.out.nobody.into_iter().map(|(at, kind)| (at, renamed(kind))));
        for (day, events) in later.out.known {
            *self.out.known.entry(day).or_default() += events;
        }
        if self.blocks.len() < later.blocks.len() {
            self.blocks.resize_with(later.blocks.len(), Vec::new);
        }
        for (own, rows) in self.blocks.iter_mut().zip(later.blocks) {
            own.extend(rows.into_iter().map(|row| Row { kind: renamed(row.kind), ..row }));
        }
        self
    }
}

impl Timeline {
    /// Of all events.
    pub fn build(store: &Store, calendar: Calendar, halt: &Halt) -> Result<Self, EngineError> {
        let begin = || Part { out: Self::default(), blocks: Vec::new(), finder: DayFinder::new(calendar) };
        let parts = store.scan_parts(begin, |part, event| {
            if !halt.is_set() {
                part.see(&event);
            }
        })?;
        halt.check()?;
        let whole = parts.into_iter().reduce(Part::followed_by).unwrap_or_else(begin);
        let mut out = whole.out;
        out.gather(whole.blocks);
        halt.check()?;
        Ok(out)
    }

    /// The row of an event of a user; one of nobody is kept.
    pub(super) fn row(&mut self, event: &RawEvent) -> Option<Row> {
        let id = self.id(Kind::of(event));
        let at = event.at.0;
        if event.user.is_none() {
            self.nobody.push((at, id));
        }
        event.user.map(|user| Row { at, user, kind: id })
    }

    /// The place of a kind, a new one at the end.
    fn id(&mut self, kind: Kind) -> u32 {
        let id = *self.ids.entry(kind).or_insert(self.kinds.len() as u32);
        if id as usize == self.kinds.len() {
            self.kinds.push(kind);
        }
        id
    }

    /// Counts an event as known.
    fn count(&mut self, event: &RawEvent, day: Day) {
        *self.known.entry((day, event.at.utc_day())).or_default() += 1;
    }

    /// Takes the rows of all users into an empty timeline.
    pub(super) fn gather(&mut self, blocks: Vec<Vec<Row>>) {
        let events: usize = blocks.iter().map(Vec::len).sum();
        let users =
            blocks.iter().rev().find_map(|block| block.iter().map(|row| row.user + 1).max()).unwrap_or(0) as usize;
        self.starts = vec![0; users + 1];
        (self.at, self.kind) = (vec![0; events], vec![0; events]);
        let (mut ends, mut at, mut kind) = (&mut self.starts[1..], &mut self.at[..], &mut self.kind[..]);
        let (mut deals, mut before) = (Vec::with_capacity(blocks.len()), 0);
        for (place, rows) in (0..).zip(blocks) {
            let own = (BLOCK as usize).min(ends.len());
            let ends = ends.split_off_mut(..own).unwrap_or_default();
            let at = at.split_off_mut(..rows.len()).unwrap_or_default();
            let kind = kind.split_off_mut(..rows.len()).unwrap_or_default();
            let next = before + rows.len() as u32;
            deals.push(Deal { first: place * BLOCK, before, rows, ends, at, kind });
            before = next;
        }
        let shares = threads::paid_for(events, FEW_EVENTS);
        let mut hands: Vec<Vec<Deal<'_>>> = Vec::new();
        hands.resize_with(shares, Vec::new);
        // Early users have more events than late ones, so the blocks go round.
        for (at, deal) in deals.into_iter().enumerate() {
            hands[at % shares].push(deal);
        }
        threads::share(hands, |hand| hand.into_iter().for_each(Deal::place));
    }
}

/// The events of a block of users, and where they go.
struct Deal<'t> {
    /// First user.
    first: u32,
    /// Events of the users before.
    before: u32,
    rows: Vec<Row>,
    /// Where the events of each user end.
    ends: &'t mut [u32],
    at: &'t mut [i64],
    kind: &'t mut [u32],
}

impl Deal<'_> {
    /// Puts the events of each user in order of time; simultaneous ones stay as they came.
    fn place(self) {
        let Self { first, before, rows, ends, at, kind } = self;
        for row in &rows {
            ends[(row.user - first) as usize] += 1;
        }
        let (mut next, mut cursors) = (0, Vec::with_capacity(ends.len()));
        for end in ends.iter_mut() {
            cursors.push(next);
            next += *end;
            *end = next;
        }
        for row in &rows {
            let cursor = &mut cursors[(row.user - first) as usize];
            at[*cursor as usize] = row.at;
            kind[*cursor as usize] = row.kind;
            *cursor += 1;
        }
        let (mut from, mut sorted) = (0, Vec::new());
        for end in ends {
            let own = from as usize..*end as usize;
            sort(&mut at[own.clone()], &mut kind[own], &mut sorted);
            from = *end;
            *end += before;
        }
    }
}

/// Puts the events of a user in order of time; simultaneous ones stay as they came.
fn sort(at: &mut [i64], kind: &mut [u32], rows: &mut Vec<(i64, u32)>) {
    if at.is_sorted() {
        return;
    }
    rows.clear();
    rows.extend(at.iter().copied().zip(kind.iter().copied()));
    rows.sort_by_key(|row| row.0);
    for (i, row) in rows.iter().enumerate() {
        (at[i], kind[i]) = *row;
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
