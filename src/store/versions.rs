//! Rows that a later import may replace. All versions are kept, one of each key is live, so an import can be taken back
//! and brought again. What an import does to a key is judged by what was live before the import, whatever the import
//! itself had stored there meanwhile; so the answer does not depend on where its commits fall.

use rusqlite::{Connection, OptionalExtension};

use super::StoreError;
use super::hash::RowHash;
use crate::domain::records::Counts;

/// Conditions on a version; `?3` is the import that asks.
const LIVE: &str = "state = 0 AND ?3 = ?3";
const REPLACED: &str = "state = 1 AND batch <> ?3";

/// The content of a version that says that its key was taken out; no row hashes to it.
pub(super) const NOTHING: u128 = 0;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Inserted,
    Updated,
    Duplicate,
}

impl Fate {
    /// What became of a row with several records: of all the same, or else it changed what was stored.
    pub(super) fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::Updated }
    }

    pub(super) fn code(self) -> i64 {
        match self {
            Self::Inserted => 0,
            Self::Updated => 1,
            Self::Duplicate => 2,
        }
    }

    pub(super) fn of(code: i64) -> Self {
        match code {
            0 => Self::Inserted,
            1 => Self::Updated,
            _ => Self::Duplicate,
        }
    }

    fn counter(self, counts: &mut Counts) -> &mut u64 {
        match self {
            Self::Inserted => &mut counts.inserted,
            Self::Updated => &mut counts.updated,
            Self::Duplicate => &mut counts.duplicate,
        }
    }

    pub(super) fn count(self, counts: &mut Counts, rows: u64) {
        *self.counter(counts) += rows;
    }

    /// Takes rows out again whose fate is to be judged anew.
    pub(super) fn uncount(self, counts: &mut Counts, rows: u64) {
        *self.counter(counts) -= rows;
    }
}

/// What proves the rows of an import: their number, the sum of their hashes, the exact sum of their amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Digest {
    pub(super) rows: i64,
    pub(super) hashes: u128,
    pub(super) amount: i128,
}

impl Digest {
    pub(super) fn add(&mut self, hash: u128, amount: i64) {
        self.rows += 1;
        self.hashes = self.hashes.wrapping_add(hash);
        self.amount += i128::from(amount);
    }

    fn take(&mut self, hash: u128, amount: i64) {
        self.rows -= 1;
        self.hashes = self.hashes.wrapping_sub(hash);
        self.amount -= i128::from(amount);
    }
}

/// Hash of a version: where it stands and what it says.
pub(super) fn version_hash(source: i64, key: u128, content: u128) -> u128 {
    RowHash::default().number(source).wide(key).wide(content).digest()
}

/// The versions of one table that one import writes.
pub(super) struct Versions<'c> {
    pub(super) conn: &'c Connection,
    pub(super) table: &'static str,
    /// The amount of a row, in SQL.
    pub(super) amount: &'static str,
    pub(super) batch: i64,
    pub(super) source: i64,
}

/// A stored version.
#[derive(Clone, Copy)]
struct Version {
    id: i64,
    batch: i64,
    content: u128,
    amount: i64,
}

impl Versions<'_> {
    /// Makes a row the live version of its key, unless an equal one was live before this import; `insert` writes it.
    pub(super) fn place(
        &self,
        digest: &mut Digest,
        (key, content, amount): (u128, u128, i64),
        insert: impl FnOnce(&Connection) -> Result<(), StoreError>,
    ) -> Result<Fate, StoreError> {
        let live = self.find(key, LIVE)?;
        let mine = live.filter(|version| version.batch == self.batch);
        let before = if mine.is_some() { self.find(key, REPLACED)? } else { live };
        let fate = match before {
            None => Fate::Inserted,
            Some(old) if old.content == content => Fate::Duplicate,
            Some(_) => Fate::Updated,
        };
        if let Some(mine) = mine {
            if fate != Fate::Duplicate && mine.content == content {
                return Ok(fate);
            }
            self.conn.prepare_cached(&format!("DELETE FROM {} WHERE id = ?1", self.table))?.execute([mine.id])?;
            digest.take(version_hash(self.source, key, mine.content), mine.amount);
        }
        match (fate, before) {
            (Fate::Duplicate, Some(old)) if mine.is_some() => self.set_state(old.id, 0)?,
            (Fate::Updated, Some(old)) if mine.is_none() => self.set_state(old.id, 1)?,
            _ => {}
        }
        if fate != Fate::Duplicate {
            insert(self.conn)?;
            digest.add(version_hash(self.source, key, content), amount);
        }
        Ok(fate)
    }

    /// Places a row of a kind in which a second row of the key replaces the first; `met` says whether the import has
    /// brought one already.
    pub(super) fn replace(
        &self,
        digest: &mut Digest,
        (key, content, amount): (u128, u128, i64),
        met: bool,
        insert: impl FnOnce(&Connection) -> Result<(), StoreError>,
    ) -> Result<Fate, StoreError> {
        match if met { self.live(key)? } else { None } {
            Some(live) if live == content => Ok(Fate::Duplicate),
            Some(_) => self.place(digest, (key, content, amount), insert).map(|_| Fate::Updated),
            None => self.place(digest, (key, content, amount), insert),
        }
    }

    /// Content of the live version of a key.
    fn live(&self, key: u128) -> Result<Option<u128>, StoreError> {
        Ok(self.find(key, LIVE)?.map(|version| version.content))
    }

    /// Makes what was live before this import live again, and forgets the import's own version of the key.
    pub(super) fn withdraw(&self, digest: &mut Digest, key: u128) -> Result<(), StoreError> {
        let Some(mine) = self.find(key, LIVE)?.filter(|version| version.batch == self.batch) else {
            return Ok(());
        };
        let before = self.find(key, REPLACED)?;
        self.conn.prepare_cached(&format!("DELETE FROM {} WHERE id = ?1", self.table))?.execute([mine.id])?;
        digest.take(version_hash(self.source, key, mine.content), mine.amount);
        before.map_or(Ok(()), |old| self.set_state(old.id, 0))
    }

    fn find(&self, key: u128, state: &str) -> Result<Option<Version>, StoreError> {
        let sql = format!(
            "SELECT id, batch, content, {} FROM {} WHERE source = ?1 AND key = ?2 AND {state}
             ORDER BY batch DESC LIMIT 1",
            self.amount, self.table
        );
        let found = self.conn.prepare_cached(&sql)?.query_row((self.source, key.to_be_bytes(), self.batch), |row| {
            let content = row.get_ref(2)?.as_blob().unwrap_or_default();
            Ok(Version { id: row.get(0)?, batch: row.get(1)?, content: wide(content), amount: row.get(3)? })
        });
        Ok(found.optional()?)
    }

    fn set_state(&self, id: i64, state: i64) -> Result<(), StoreError> {
        let sql = format!("UPDATE {} SET state = ?2 WHERE id = ?1", self.table);
        self.conn.prepare_cached(&sql)?.execute((id, state))?;
        Ok(())
    }
}

/// A 128-bit number from its big-endian bytes; 0 where the bytes are not 16.
pub(super) fn wide(bytes: &[u8]) -> u128 {
    bytes.try_into().map_or(0, u128::from_be_bytes)
}
