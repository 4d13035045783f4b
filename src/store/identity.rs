//! Which event is which: a 96-bit hash inside its UTC day, loaded only for the days that an import touches.
//!
//! The hash only points at a stored row; the row itself is compared, so no event is ever dropped by a hash.

use std::collections::hash_map::Entry;

use hashbrown::HashTable;
use rusqlite::Connection;
use rustc_hash::{FxHashMap, FxHashSet};

use super::StoreError;
use super::blocks::{self, Cells, Head, Packed, Rows, Tail};
use super::hash::Short;

/// Memory for the days that are loaded, as long as none that was dropped is asked for again: beyond it stored rows of other
/// days than those at hand are dropped at once, days at the next commit. Rows in order need few days at a time. Little in
/// tests, so that any is dropped.
const LOADED_BYTES: usize = if cfg!(test) { 1 << 14 } else { 18 << 20 };
/// How often it is doubled at most, once for each day that comes again.
const DOUBLED: u32 = 3;

/// Days of one commit that are taken to follow one another, and rows whose memory is kept.
const FEW: usize = 8;
/// Rows whose memory is kept at most.
const SPARE_ROWS: usize = 1 << 15;

/// One UTC day of an import: what the file holds of it, and what this transaction adds.
#[derive(Debug, Default)]
pub(super) struct DayIndex {
    /// Numbers of rows in the numbers, by hash.
    known: HashTable<u32>,
    /// Beginning of each row's hash by number. The whole hash stands beside the row.
    heads: Vec<u64>,
    /// Import of the rows from a number on.
    owners: Vec<(u32, i64)>,
    /// Stored rows, once one of them was asked for.
    stored: Option<Vec<Packed>>,
    /// Rows that are not written yet; the first has the number `settled`.
    fresh: Rows,
    settled: u32,
    tail: Tail,
    /// Memory held, roughly.
    bytes: usize,
    /// The last transaction that asked for the day.
    used: u64,
}

/// A row that a hash stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) number: u32,
    /// It belongs to the import that asks.
    pub(super) ours: bool,
}

/// The days that an import touches.
#[derive(Debug, Default)]
pub(super) struct Identities {
    days: FxHashMap<i32, DayIndex>,
    transaction: u64,
    /// The day loaded last, and how many were loaded since the last commit.
    last: i32,
    loaded: usize,
    /// Days that were loaded and dropped.
    dropped: FxHashSet<i32>,
    /// How often one of them was asked for again, as far as it counts.
    again: u32,
    /// Memory of rows that were written.
    spare: Vec<Rows>,
}

impl Identities {
    /// A UTC day, loaded where it is not yet; `batch` is the import that asks.
    pub(super) fn day(&mut self, conn: &Connection, batch: i64, day: i32) -> Result<&mut DayIndex, StoreError> {
        // Where day follows day, the next has about as many rows.
        let before = if self.loaded < FEW { self.days.get(&self.last).map_or(0, |index| index.heads.len()) } else { 0 };
        let index = match self.days.entry(day) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let index = place.insert(DayIndex::load(conn, batch, day)?);
                index.make_room(before);
                self.last = day;
                self.loaded += 1;
                if self.dropped.remove(&day) {
                    self.again = DOUBLED.min(self.again + 1);
                }
                index
            }
        };
        index.used = self.transaction;
        if index.fresh.len() == 0
            && let Some(rows) = self.spare.pop()
        {
            index.fresh = rows;
        }
        Ok(index)
    }

    /// Writes the rows that are new since the last call.
    pub(super) fn flush(&mut self, conn: &Connection, batch: i64) -> Result<(), StoreError> {
        for (day, index) in &mut self.days {
            if let Some(rows) = index.flush(conn, batch, *day)?
                && self.spare.len() < FEW
                && rows.t.capacity() <= SPARE_ROWS
            {
                self.spare.push(rows);
            }
        }
        self.loaded = 0;
        self.make_room();
        self.transaction += 1;
        Ok(())
    }

    fn held(&self) -> usize {
        self.days.values().map(|index| index.bytes).sum()
    }

    fn most(&self) -> usize {
        LOADED_BYTES << self.again
    }

    /// Drops stored rows where all together hold too much; they are read again when they are asked for, so those of days that
    /// this transaction asked for stay as long as possible.
    pub(super) fn trim(&mut self) {
        let at_hand = self.transaction;
        if self.held() > self.most() {
            self.days.values_mut().filter(|index| index.used < at_hand).for_each(DayIndex::let_go);
        }
        if self.held() > LOADED_BYTES << DOUBLED {
            self.days.values_mut().for_each(DayIndex::let_go);
        }
    }

    /// Drops the days that were used longest ago where all together hold too much.
    fn make_room(&mut self) {
        let (mut held, most) = (self.held(), self.most());
        if held <= most {
            return;
        }
        let mut order: Vec<(u64, i32)> = self.days.iter().map(|(day, index)| (index.used, *day)).collect();
        order.sort_unstable();
        for (_, day) in order {
            if held <= most / 2 {
                break;
            }
            held -= self.days.remove(&day).map_or(0, |index| index.bytes);
            self.dropped.insert(day);
        }
    }

    /// Drops what is loaded, because another process has written.
    pub(super) fn forget(&mut self) {
        self.days.clear();
    }
}

impl DayIndex {
    fn load(conn: &Connection, batch: i64, day: i32) -> Result<Self, StoreError> {
        let undone = blocks::undone(conn)?;
        let stands = blocks::heads(conn, day)?;
        let mut index = Self { tail: Tail::of(&stands, batch), ..Self::default() };
        let Some(last) = stands.last() else { return Ok(index) };
        let rows = (last.first + last.rows) as usize;
        index.heads.reserve_exact(rows);
        index.known.reserve(rows, |_| 0);
        blocks::each_identity(conn, day, &mut |head, hashes| {
            // What a redo has taken out of a block leaves a gap of numbers.
            index.heads.resize(head.first as usize, 0);
            index.owners.push((head.first, head.batch));
            for hash in hashes {
                let number = index.heads.len() as u32;
                index.heads.push(beginning(hash));
                if !undone.contains(&head.batch) {
                    index.know(number, beginning(hash));
                }
            }
        })?;
        index.settled = index.heads.len() as u32;
        index.weigh();
        Ok(index)
    }

    fn know(&mut self, number: u32, head: u64) {
        let Self { known, heads, .. } = self;
        known.insert_unique(head, number, |number| heads.get(*number as usize).copied().unwrap_or(head));
    }

    /// The row that a hash stands for.
    pub(super) fn find(&mut self, (conn, batch, day): Place<'_>, hash: Short) -> Result<Option<Known>, StoreError> {
        let head = beginning(&hash);
        let same = |heads: &[u64], number: u32| heads.get(number as usize) == Some(&head);
        if self.known.find(head, |number| same(&self.heads, *number)).is_none() {
            return Ok(None);
        }
        self.load_stored(conn, day)?;
        let number = self.known.find(head, |number| same(&self.heads, *number) && self.is(*number, &hash)).copied();
        Ok(number.map(|number| Known { number, ours: number >= self.settled || self.owner(number) == Some(batch) }))
    }

    /// Whether a row has a hash.
    fn is(&self, number: u32, hash: &Short) -> bool {
        match number.checked_sub(self.settled) {
            Some(at) => self.fresh.identity(at as usize) == *hash,
            None => self.row(number).is_some_and(|(block, at)| block.identity(at) == Some(hash)),
        }
    }

    /// Whether a row that was found says this.
    pub(super) fn says(&self, number: u32, cells: Cells, props: Option<&str>) -> bool {
        if let Some(at) = number.checked_sub(self.settled) {
            return self.fresh.cells(at as usize) == cells && self.fresh.props(at as usize) == props;
        }
        self.row(number).is_some_and(|(block, at)| block.cells(at) == cells && block.props(at) == props)
    }

    /// The block of a stored row, and its place there.
    fn row(&self, number: u32) -> Option<(&Packed, usize)> {
        let blocks = self.stored.as_deref()?;
        let block = blocks.get(blocks.partition_point(|block| block.first <= number).checked_sub(1)?)?;
        Some((block, (number - block.first) as usize))
    }

    fn owner(&self, number: u32) -> Option<i64> {
        let at = self.owners.partition_point(|(first, _)| *first <= number).checked_sub(1)?;
        self.owners.get(at).map(|(_, owner)| *owner)
    }

    fn load_stored(&mut self, conn: &Connection, day: i32) -> Result<(), StoreError> {
        if self.stored.is_some() {
            return Ok(());
        }
        self.stored = Some(blocks::packed(conn, day)?);
        self.weigh();
        Ok(())
    }

    /// Adds a row and gives its number.
    pub(super) fn claim(&mut self, hash: Short, cells: Cells, props: Option<&str>) -> Result<u32, StoreError> {
        let number = u32::try_from(self.heads.len())
            .map_err(|_| StoreError::failed("more than 4,294,967,295 events in one UTC day"))?;
        if self.heads.len() == self.heads.capacity() {
            // Doubling would hold twice the memory for most of an import.
            self.heads.reserve_exact(self.heads.len() / 8 + 256);
        }
        self.heads.push(beginning(&hash));
        self.know(number, beginning(&hash));
        self.fresh.push(cells, props, hash)?;
        Ok(number)
    }

    /// Makes room for so many rows.
    fn make_room(&mut self, rows: usize) {
        let Self { known, heads, .. } = self;
        heads.reserve_exact(rows.saturating_sub(heads.len()));
        known.reserve(rows.saturating_sub(heads.len()), |number| heads.get(*number as usize).copied().unwrap_or(0));
    }

    /// Writes the rows that are not written yet; their memory comes back.
    fn flush(&mut self, conn: &Connection, batch: i64, day: i32) -> Result<Option<Rows>, StoreError> {
        if self.fresh.len() == 0 {
            return Ok(None);
        }
        let (first, mut fresh) = (self.settled, std::mem::take(&mut self.fresh));
        self.tail.append(conn, Head { day, first, batch, rows: 0 }, &fresh)?;
        self.settled = self.heads.len() as u32;
        self.owners.push((first, batch));
        // The rows stand elsewhere now.
        self.let_go();
        fresh.clear();
        Ok(Some(fresh))
    }

    /// Drops the stored rows.
    fn let_go(&mut self) {
        self.stored = None;
        self.weigh();
    }

    fn weigh(&mut self) {
        let stored: usize = self.stored.iter().flatten().map(Packed::bytes).sum();
        self.bytes = self.heads.capacity() * size_of::<u64>() + self.known.allocation_size() + stored;
    }
}

/// Where a row is looked for: the file, the import that asks, and the UTC day.
pub(super) type Place<'a> = (&'a Connection, i64, i32);

/// Where a hash stands in a table: its bytes are as good as random already.
fn beginning(hash: &Short) -> u64 {
    hash.first_chunk().map_or(0, |head| u64::from_be_bytes(*head))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Zone;
    use crate::store::{NewWorkspace, Store};

    const ROWS: u32 = 300;

    fn hash(day: i32, row: u32) -> Short {
        let mut hash = Short::default();
        let mixed = (u64::from(row) << 32 | day as u64).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        hash[..8].copy_from_slice(&mixed.to_be_bytes());
        hash
    }

    fn cells(row: u32) -> Cells {
        Cells { t: i64::from(row), name: 0, user: row, platform: 0, channel: 0 }
    }

    #[test]
    fn a_day_that_was_dropped_is_known_when_it_comes_again_and_more_is_held_from_then_on() {
        let store = Store::in_memory(&NewWorkspace::bare(Zone::UTC, None)).unwrap();
        let (conn, mut identities) = (&store.conn, Identities::default());
        for day in 0..20 {
            let index = identities.day(conn, 1, day).unwrap();
            for row in 0..ROWS {
                index.claim(hash(day, row), cells(row), None).unwrap();
            }
            identities.flush(conn, 1).unwrap();
            assert!(identities.held() <= identities.most());
        }
        assert!(identities.days.len() < 10, "{}", identities.days.len());
        assert_eq!(identities.again, 0);
        for (nth, day) in (0..6).enumerate() {
            let index = identities.day(conn, 2, day).unwrap();
            for row in [0, ROWS - 1] {
                let known = index.find((conn, 2, day), hash(day, row)).unwrap();
                assert_eq!(known, Some(Known { number: row, ours: false }));
                assert!(index.says(row, cells(row), None) && !index.says(row, cells(row + 1), None));
            }
            assert_eq!(index.find((conn, 2, day), hash(day, ROWS)).unwrap(), None);
            assert_eq!(identities.again, DOUBLED.min(nth as u32 + 1));
            identities.flush(conn, 2).unwrap();
        }
        assert_eq!(identities.most(), LOADED_BYTES * 8);
    }

    #[test]
    fn stored_rows_of_a_large_day_at_hand_stay_and_those_of_other_days_go() {
        let store = Store::in_memory(&NewWorkspace::bare(Zone::UTC, None)).unwrap();
        let (conn, mut identities) = (&store.conn, Identities::default());
        for day in [1, 2] {
            for row in 0..ROWS * 4 {
                identities.day(conn, 1, day).unwrap().claim(hash(day, row), cells(row), None).unwrap();
            }
        }
        identities.flush(conn, 1).unwrap();
        let ask = |identities: &mut Identities, day| {
            let index = identities.day(conn, 2, day).unwrap();
            assert!(index.find((conn, 2, day), hash(day, 7)).unwrap().is_some());
            identities.trim();
        };
        ask(&mut identities, 1);
        assert!(identities.held() > identities.most() && identities.days[&1].stored.is_some());
        identities.transaction += 1;
        ask(&mut identities, 2);
        assert!(identities.days[&1].stored.is_none() && identities.days[&2].stored.is_some());
    }
}
