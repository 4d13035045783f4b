//! What one run has brought so far, by key, in temporary tables: memory stays bounded however long a stream runs, and
//! what a transaction takes back is forgotten with it.

use rusqlite::{Connection, OptionalExtension};

use super::StoreError;
use super::versions::{Fate, wide};

/// An order row of this run that has its number among the rows of its key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbered {
    pub(super) number: i64,
    pub(super) fate: Fate,
    /// Rows of one key are numbered by this: time, amount, content.
    pub(super) place: (i64, i64, u128),
}

/// Spend of one key that adds up.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Part {
    pub(super) amount: i64,
    pub(super) impressions: Option<u64>,
    pub(super) clicks: Option<u64>,
    /// Rows of the file in it.
    pub(super) rows: u64,
}

impl Part {
    /// The sum of two; `None` where it does not fit what is stored.
    pub(super) fn plus(&self, other: &Self) -> Option<Self> {
        let count = |a: Option<u64>, b: Option<u64>| match (a, b) {
            (Some(a), Some(b)) => a.checked_add(b).filter(|n| i64::try_from(*n).is_ok()).map(Some),
            (a, b) => Some(a.or(b)),
        };
        Some(Self {
            amount: self.amount.checked_add(other.amount)?,
            impressions: count(self.impressions, other.impressions)?,
            clicks: count(self.clicks, other.clicks)?,
            rows: self.rows + other.rows,
        })
    }
}

/// Spend of one key in this run so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Total {
    pub(super) fate: Fate,
    pub(super) part: Part,
}

/// Forgets what an earlier run brought.
pub(super) fn begin(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS run_order (first BLOB NOT NULL, number INTEGER NOT NULL, fate INTEGER NOT NULL,
           at INTEGER NOT NULL, amount INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (first, number))
           STRICT, WITHOUT ROWID;
         CREATE TEMP TABLE IF NOT EXISTS run_spend (key BLOB NOT NULL PRIMARY KEY, fate INTEGER NOT NULL,
           rows INTEGER NOT NULL, amount INTEGER NOT NULL, impressions INTEGER, clicks INTEGER) STRICT, WITHOUT ROWID;
         DELETE FROM run_order;
         DELETE FROM run_spend;",
    )?;
    Ok(())
}

/// The order rows of a key, by number.
pub(super) fn numbered(conn: &Connection, first: u128) -> Result<Vec<Numbered>, StoreError> {
    let sql = "SELECT number, fate, at, amount, content FROM run_order WHERE first = ?1 ORDER BY number";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([first.to_be_bytes()], |row| {
        let content = wide(row.get_ref(4)?.as_blob().unwrap_or_default());
        Ok(Numbered { number: row.get(0)?, fate: Fate::of(row.get(1)?), place: (row.get(2)?, row.get(3)?, content) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes the rows of a key from a number on out, because their numbers change.
pub(super) fn renumber(conn: &Connection, first: u128, from: i64) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM run_order WHERE first = ?1 AND number >= ?2")?
        .execute((first.to_be_bytes(), from))?;
    Ok(())
}

/// Notes an order row with its number.
pub(super) fn note_order(conn: &Connection, first: u128, row: Numbered) -> Result<(), StoreError> {
    let sql = "INSERT INTO run_order (first, number, fate, at, amount, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (first, number) DO NOTHING";
    let (at, amount, content) = row.place;
    let values = (first.to_be_bytes(), row.number, row.fate.code(), at, amount, content.to_be_bytes());
    conn.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// What this run has of a spend key.
pub(super) fn total(conn: &Connection, key: u128) -> Result<Option<Total>, StoreError> {
    let sql = "SELECT fate, rows, amount, impressions, clicks FROM run_spend WHERE key = ?1";
    let found = conn.prepare_cached(sql)?.query_row([key.to_be_bytes()], |row| {
        let count = |at: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(at)?.map(|n| n as u64));
        Ok(Total {
            fate: Fate::of(row.get(0)?),
            part: Part {
                rows: row.get::<_, i64>(1)? as u64,
                amount: row.get(2)?,
                impressions: count(3)?,
                clicks: count(4)?,
            },
        })
    });
    Ok(found.optional()?)
}

/// Notes what this run has of a spend key.
pub(super) fn note_total(conn: &Connection, key: u128, total: &Total) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO run_spend (key, fate, rows, amount, impressions, clicks)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    conn.prepare_cached(sql)?.execute((
        key.to_be_bytes(),
        total.fate.code(),
        total.part.rows as i64,
        total.part.amount,
        total.part.impressions.map(|n| n as i64),
        total.part.clicks.map(|n| n as i64),
    ))?;
    Ok(())
}
