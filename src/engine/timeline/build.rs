//! Making a timeline from a scan: events are dealt into blocks of users, and each block is sorted in cache.

use std::ops::Range;
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

/// Rows of a piece of a block: memory that grows is copied, and half of it stays empty. Few in tests.
const PIECE: usize = if cfg!(test) { 3 } else { 1 << 12 };

/// Kinds found by their place alone; a few hundred occur together.
const RECENT: usize = 1 << 10;

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

/// Rows of a block of users, in pieces that follow one another.
pub(super) type Block = Vec<Vec<Row>>;

/// What some days of events come to.
struct Part {
    out: Timeline,
    blocks: Vec<Block>,
    finder: DayFinder,
    run: Run,
    /// Kinds that came lately, with their places.
    recent: Vec<Option<(Kind, u32)>>,
}

/// Events of one local and UTC day that came one after another.
struct Run {
    /// Micros of the instants that go on with it.
    within: Range<i64>,
    days: (Day, i32),
    events: u32,
}

impl Part {
    fn new(calendar: Calendar) -> Self {
        Self {
            out: Timeline::default(),
            blocks: Vec::new(),
            finder: DayFinder::new(calendar),
            run: Run { within: 0..0, days: (Day(0), 0), events: 0 },
            recent: vec![None; RECENT],
        }
    }

    fn see(&mut self, event: &RawEvent) {
        if !self.run.within.contains(&event.at.0) {
            self.end_run();
            let (day, within) = self.finder.stretch(event.at);
            self.run = Run { within, days: (day, event.at.utc_day()), events: 0 };
        }
        self.run.events += 1;
        let id = self.id(Kind::of(event));
        if let Some(row) = self.out.row(event, id) {
            deal(&mut self.blocks, row);
        }
    }

    fn end_run(&mut self) {
        let events = std::mem::take(&mut self.run.events);
        if events > 0 {
            *self.out.known.entry(self.run.days).or_default() += events;
        }
    }

    /// The place of a kind.
    fn id(&mut self, kind: Kind) -> u32 {
        let from_one = |id: Option<u32>| id.map_or(0, |id| id.wrapping_add(1));
        let mixed = from_one(kind.channel) ^ from_one(kind.platform) << 4 ^ kind.name << 7;
        match &mut self.recent[mixed as usize % RECENT] {
            Some((known, id)) if *known == kind => *id,
            slot => slot.insert((kind, self.out.id(kind))).1,
        }
    }

    /// Goes behind the events of earlier days.
    fn follow(mut self, whole: &mut Timeline, blocks: &mut Vec<Block>) {
        self.end_run();
        let ids: Vec<u32> = self.out.kinds.iter().map(|kind| whole.id(*kind)).collect();
        let renamed = |kind: u32| ids.get(kind as usize).copied().unwrap_or(kind);
        whole.nobody.extend(self.out.nobody.into_iter().map(|(at, kind)| (at, renamed(kind))));
        for (day, events) in self.out.known {
            *whole.known.entry(day).or_default() += events;
        }
        if !ids.iter().copied().eq(0..ids.len() as u32) {
            self.blocks.iter_mut().flatten().flatten().for_each(|row| row.kind = renamed(row.kind));
        }
        blocks.resize_with(blocks.len().max(self.blocks.len()), Block::new);
        // Half of a large file is not copied for this.
        blocks.iter_mut().zip(self.blocks).for_each(|(block, rows)| block.extend(rows));
    }
}

impl Timeline {
    /// Of all events.
    pub fn build(store: &Store, calendar: Calendar, halt: &Halt) -> Result<Self, EngineError> {
        let begin = || Part::new(calendar);
        let parts = store.scan_parts((None, false), begin, |part, event, _| {
            if !halt.is_set() {
                part.see(&event);
            }
        })?;
        halt.check()?;
        let (mut out, mut blocks) = (Self::default(), Vec::new());
        for part in parts {
            part.follow(&mut out, &mut blocks);
        }
        out.gather(blocks);
        halt.check()?;
        Ok(out)
    }

    /// The same where the place of its kind is known.
    fn row(&mut self, event: &RawEvent, id: u32) -> Option<Row> {
        let at = event.at.0;
        if event.user.is_none() {
            self.nobody.push((at, id));
        }
        event.user.map(|user| Row { at, user, kind: id })
    }

    /// The row of an event of a user; one of nobody is kept.
    pub(super) fn row_of(&mut self, event: &RawEvent) -> Option<Row> {
        let id = self.id(Kind::of(event));
        self.row(event, id)
    }

    /// The place of a kind, a new one at the end.
    fn id(&mut self, kind: Kind) -> u32 {
        let id = *self.ids.entry(kind).or_insert(self.kinds.len() as u32);
        if id as usize == self.kinds.len() {
            self.kinds.push(kind);
        }
        id
    }

    /// Takes the rows of all users into an empty timeline.
    pub(super) fn gather(&mut self, blocks: Vec<Block>) {
        let size = |block: &Block| block.iter().map(Vec::len).sum::<usize>();
        let events: usize = blocks.iter().map(size).sum();
        let after_last = |block: &Block| block.iter().flatten().map(|row| row.user + 1).max();
        let users = blocks.iter().rev().find_map(after_last).unwrap_or(0) as usize;
        self.starts = vec![0; users + 1];
        (self.at, self.kind) = (vec![0; events], vec![0; events]);
        let (mut ends, mut at, mut kind) = (&mut self.starts[1..], &mut self.at[..], &mut self.kind[..]);
        let (mut deals, mut before) = (Vec::with_capacity(blocks.len()), 0);
        for (place, rows) in (0..).zip(blocks) {
            let own = (BLOCK as usize).min(ends.len());
            let ends = ends.split_off_mut(..own).unwrap_or_default();
            let at = at.split_off_mut(..size(&rows)).unwrap_or_default();
            let kind = kind.split_off_mut(..size(&rows)).unwrap_or_default();
            let next = before + size(&rows) as u32;
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
    rows: Block,
    /// Where the events of each user end.
    ends: &'t mut [u32],
    at: &'t mut [i64],
    kind: &'t mut [u32],
}

impl Deal<'_> {
    /// Puts the events of each user in order of time; simultaneous ones stay as they came.
    fn place(self) {
        let Self { first, before, rows, ends, at, kind } = self;
        for row in rows.iter().flatten() {
            ends[(row.user - first) as usize] += 1;
        }
        let (mut next, mut cursors) = (0, Vec::with_capacity(ends.len()));
        for end in ends.iter_mut() {
            cursors.push(next);
            next += *end;
            *end = next;
        }
        for row in rows.iter().flatten() {
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
fn deal(blocks: &mut Vec<Block>, row: Row) {
    let block = (row.user / BLOCK) as usize;
    if blocks.len() <= block {
        blocks.resize_with(block + 1, Block::new);
    }
    let block = &mut blocks[block];
    if block.last().is_none_or(|piece| piece.len() == PIECE) {
        block.push(Vec::with_capacity(PIECE));
    }
    if let Some(piece) = block.last_mut() {
        piece.push(row);
    }
}

/// Rows in blocks of users.
#[cfg(test)]
pub(super) fn dealt(rows: Vec<Row>) -> Vec<Block> {
    let mut blocks = Vec::new();
    for row in rows {
        deal(&mut blocks, row);
    }
    blocks
}
