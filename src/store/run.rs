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

/// Most columns of a kind that add up.
pub(super) const SUMS: usize = 3;

/// Sums of the columns that add up, in their order; `None` where no row had one.
pub(super) type Sums = [Option<i64>; SUMS];

/// What this run has of a key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Total {
    pub(super) fate: Fate,
    pub(super) sums: Sums,
}

/// Rows of the file that share one fate: those of a key, or of several keys where rows say more than one thing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub(super) fate: Fate,
    pub(super) rows: u64,
}

/// Forgets what an earlier run brought.
pub(super) fn begin(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS run_order (first BLOB NOT NULL, number INTEGER NOT NULL, fate INTEGER NOT NULL,
           at INTEGER NOT NULL, amount INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (first, number))
           STRICT, WITHOUT ROWID;
         CREATE TEMP TABLE IF NOT EXISTS run_total (key BLOB NOT NULL PRIMARY KEY, family BLOB NOT NULL,
           fate INTEGER NOT NULL, a INTEGER, b INTEGER, c INTEGER) STRICT, WITHOUT ROWID;
         CREATE INDEX IF NOT EXISTS run_family ON run_total (family, fate);
         CREATE TEMP TABLE IF NOT EXISTS run_group (family BLOB NOT NULL PRIMARY KEY, fate INTEGER NOT NULL,
           rows INTEGER NOT NULL) STRICT, WITHOUT ROWID;
         DELETE FROM run_order;
         DELETE FROM run_total;
         DELETE FROM run_group;",
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

/// What this run has of a key.
pub(super) fn total(conn: &Connection, key: u128) -> Result<Option<Total>, StoreError> {
    let sql = "SELECT fate, a, b, c FROM run_total WHERE key = ?1";
    let found = conn.prepare_cached(sql)?.query_row([key.to_be_bytes()], |row| {
        Ok(Total { fate: Fate::of(row.get(0)?), sums: [row.get(1)?, row.get(2)?, row.get(3)?] })
    });
    Ok(found.optional()?)
}

/// Notes what this run has of a key, and the group that its rows belong to.
pub(super) fn note_total(conn: &Connection, key: u128, group: u128, total: &Total) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO run_total (key, family, fate, a, b, c) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let [a, b, c] = total.sums;
    conn.prepare_cached(sql)?.execute((key.to_be_bytes(), group.to_be_bytes(), total.fate.code(), a, b, c))?;
    Ok(())
}

/// What the rows of a group were counted as.
pub(super) fn group(conn: &Connection, group: u128) -> Result<Option<Group>, StoreError> {
    let sql = "SELECT fate, rows FROM run_group WHERE family = ?1";
    let found = conn.prepare_cached(sql)?.query_row([group.to_be_bytes()], |row| {
        Ok(Group { fate: Fate::of(row.get(0)?), rows: row.get::<_, i64>(1)? as u64 })
    });
    Ok(found.optional()?)
}

/// What became of the keys of a group together.
pub(super) fn fate_of_group(conn: &Connection, group: u128) -> Result<Option<Fate>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT DISTINCT fate FROM run_total WHERE family = ?1")?;
    let fates = statement.query_map([group.to_be_bytes()], |row| Ok(Fate::of(row.get(0)?)))?;
    let fates: Vec<Fate> = fates.collect::<Result<_, _>>()?;
    Ok(fates.into_iter().reduce(Fate::and))
}

/// Notes what the rows of a group are counted as.
pub(super) fn note_group(conn: &Connection, group: u128, now: Group) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO run_group (family, fate, rows) VALUES (?1, ?2, ?3)";
    conn.prepare_cached(sql)?.execute((group.to_be_bytes(), now.fate.code(), now.rows as i64))?;
    Ok(())
}
