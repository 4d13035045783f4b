//! The line that each import has in the file: begun, counted with every commit, closed, and sealed by a hash over itself.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};

use super::digests::digest_of;
use super::hash::RowHash;
use super::rows::kind_code;
use super::versions::{Digest, wide};
use super::{StoreError, queue};
use crate::domain::calendar::Instant;
use crate::domain::records::{Counts, Kind};

/// File name of a stream in the list of imports.
pub const STREAM: &str = "(stream)";

/// An open line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Opened {
    pub(super) source: i64,
    pub(super) batch: i64,
    /// What a stopped run of the same import left.
    pub(super) digest: Digest,
}

/// What a commit writes into the line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) at: Instant,
    pub(super) done: bool,
    pub(super) counts: Counts,
    pub(super) digest: Digest,
    pub(super) oldest: Option<Instant>,
    pub(super) newest: Option<Instant>,
    pub(super) through: Option<Instant>,
}

/// Begins a line, or continues that of a stopped run over the same file. Streams of the source that ended without their
/// end are closed.
pub(super) fn open(
    conn: &Connection,
    (source, kind): (&str, Kind),
    name: &str,
    at: Instant,
) -> Result<Opened, StoreError> {
    let source = source_id(conn, source, kind)?;
    let sql = "SELECT id, file, writer, seal IS NULL FROM batch WHERE source = ?1 AND state = 0 ORDER BY id";
    let open: Vec<(i64, String, Option<String>, bool)> = conn
        .prepare(sql)?
        .query_map([source], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?
        .collect::<Result<_, _>>()?;
    let mut stopped = None;
    for (batch, file, writer, unsealed) in open {
        if writer.as_deref().and_then(queue::running).is_some() {
            continue;
        }
        if file == STREAM {
            conn.execute("UPDATE batch SET state = 1, cut = 1, writer = NULL WHERE id = ?1", [batch])?;
            reseal(conn, batch)?;
        } else if file == name {
            stopped = Some((batch, unsealed));
        }
    }
    if let Some((batch, unsealed)) = stopped {
        conn.execute("DELETE FROM reject WHERE batch = ?1", [batch])?;
        conn.execute("UPDATE batch SET writer = ?2 WHERE id = ?1", (batch, queue::this_process()))?;
        let digest = if unsealed { digest_of(conn, batch, kind)? } else { stored_digest(conn, batch)? };
        return Ok(Opened { source, batch, digest });
    }
    begin(conn, source, name, at)
}

/// Begins a new line.
pub(super) fn begin(conn: &Connection, source: i64, file: &str, at: Instant) -> Result<Opened, StoreError> {
    let sql = "INSERT INTO batch (source, file, began, committed, state, writer) VALUES (?1, ?2, ?3, ?3, 0, ?4)
        RETURNING id";
    let batch = conn.query_row(sql, (source, file, at.0, queue::this_process()), |row| row.get(0))?;
    reseal(conn, batch)?;
    Ok(Opened { source, batch, digest: Digest::default() })
}

/// Whether the line is still open; another process may have taken it back or closed it.
pub(super) fn is_open(conn: &Connection, batch: i64) -> Result<bool, StoreError> {
    let state: Option<i64> = conn
        .prepare_cached("SELECT state FROM batch WHERE id = ?1")?
        .query_row([batch], |row| row.get(0))
        .optional()?;
    Ok(state == Some(0))
}

/// Writes what the import has come to.
pub(super) fn save(conn: &Connection, batch: i64, entry: &Entry) -> Result<(), StoreError> {
    let counts = entry.counts;
    let sql = "UPDATE batch SET committed = ?2, state = ?3, read = ?4, inserted = ?5, updated = ?6, duplicate = ?7,
        conflict = ?8, rejected = ?9, blank = ?10, newest = max(ifnull(newest, ?11), ifnull(?11, newest)),
        through = max(ifnull(through, ?12), ifnull(?12, through)), rows = ?13, digest = ?14, amount = ?15,
        oldest = min(ifnull(oldest, ?16), ifnull(?16, oldest)), writer = CASE ?3 WHEN 0 THEN writer END WHERE id = ?1";
    conn.prepare_cached(sql)?.execute(params![
        batch,
        entry.at.0,
        i64::from(entry.done),
        counts.read as i64,
        counts.inserted as i64,
        counts.updated as i64,
        counts.duplicate as i64,
        counts.conflict as i64,
        counts.rejected as i64,
        counts.blank as i64,
        entry.newest.map(|t| t.0),
        entry.through.map(|t| t.0),
        entry.digest.rows,
        entry.digest.hashes.to_be_bytes(),
        entry.digest.amount.to_be_bytes(),
        entry.oldest.map(|t| t.0),
    ])?;
    write_seal(conn, batch)
}

/// Says that nobody writes the line any more.
pub(super) fn let_go(conn: &Connection, batch: i64) {
    // Best effort: a writer that is gone is noticed by its process number too.
    let _ = conn.execute("UPDATE batch SET writer = NULL WHERE id = ?1 AND state = 0", [batch]);
}

/// The digest that a line states.
pub(super) fn stored_digest(conn: &Connection, batch: i64) -> Result<Digest, StoreError> {
    let sql = "SELECT rows, digest, amount FROM batch WHERE id = ?1";
    Ok(conn.query_row(sql, [batch], |row| {
        let bytes = |at: usize| Ok::<_, rusqlite::Error>(wide(row.get_ref(at)?.as_blob().unwrap_or_default()));
        Ok(Digest { rows: row.get(0)?, hashes: bytes(1)?, amount: bytes(2)? as i128 })
    })?)
}

/// Seals a changed line again; a line of schema 1, which has no seal, stays without.
pub(super) fn reseal(conn: &Connection, batch: i64) -> Result<(), StoreError> {
    let old: i64 =
        conn.query_row("SELECT seal IS NULL AND read > 0 FROM batch WHERE id = ?1", [batch], |r| r.get(0))?;
    if old == 1 { Ok(()) } else { write_seal(conn, batch) }
}

fn write_seal(conn: &Connection, batch: i64) -> Result<(), StoreError> {
    let seal = seal(conn, batch)?.to_be_bytes();
    conn.prepare_cached("UPDATE batch SET seal = ?2 WHERE id = ?1")?.execute((batch, seal))?;
    Ok(())
}

/// Hash over all that a line says.
pub(super) fn seal(conn: &Connection, batch: i64) -> Result<u128, StoreError> {
    let sql =
        "SELECT id, source, file, began, committed, state, read, inserted, updated, duplicate, conflict, rejected,
        blank, newest, through, rows, digest, oldest, amount, cut FROM batch WHERE id = ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let columns = statement.column_count();
    Ok(statement.query_row([batch], |row| {
        let mut hash = RowHash::default();
        for at in 0..columns {
            match row.get_ref(at)? {
                ValueRef::Integer(n) => hash.number(n),
                ValueRef::Blob(bytes) => hash.wide(wide(bytes)),
                other => hash.text(other.as_str().ok()),
            };
        }
        Ok(hash.digest())
    })?)
}

fn source_id(conn: &Connection, name: &str, kind: Kind) -> Result<i64, StoreError> {
    let code = kind_code(kind);
    let sql = "SELECT id, kind FROM source WHERE name = ?1";
    let found = conn.query_row(sql, [name], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?))).optional()?;
    match found {
        Some((id, stored)) if stored == code => Ok(id),
        Some(_) => {
            Err(StoreError::usage(format!("source \"{name}\" holds another kind of rows; name another with --source")))
        }
        None => {
            let sql = "INSERT INTO source (name, kind) VALUES (?1, ?2) RETURNING id";
            Ok(conn.query_row(sql, (name, code), |row| row.get(0))?)
        }
    }
}
