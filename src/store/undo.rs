//! Taking an import out of the numbers and bringing it back.

use rusqlite::{Connection, OptionalExtension};
use rustc_hash::FxHashSet;

use super::batch::mark;
use super::blocks::{self, Rows, Wanted};
use super::digests::digest_of;
use super::tables::versioned;
use super::versions::Digest;
use super::{Store, StoreError, journal, queue, rollup};
use crate::domain::calendar::Calendar;
use crate::domain::records::Kind;

impl Store {
    /// Takes an import out of the numbers and returns its rows; what it had replaced is valid again.
    ///
    /// # Errors
    /// When there is no such import, it is already taken back, or a process is writing it.
    pub fn undo(&mut self, batch: i64) -> Result<u64, StoreError> {
        let calendar = self.calendar()?;
        self.queue().transaction(&self.conn, || {
            let moved = take_out(&self.conn, batch)?;
            rebuilt(&self.conn, calendar)?;
            Ok(moved)
        })
    }

    /// Brings an import back and returns its rows. Events that came again with another import stay there.
    ///
    /// # Errors
    /// When there is no such import or it was not taken back.
    pub fn redo(&mut self, batch: i64) -> Result<u64, StoreError> {
        let calendar = self.calendar()?;
        self.queue().transaction(&self.conn, || {
            let moved = put_back(&self.conn, batch)?;
            rebuilt(&self.conn, calendar)?;
            Ok(moved)
        })
    }
}

/// Takes the rows of an import out, without what follows from them; gives how many there are.
pub(super) fn take_out(conn: &Connection, batch: i64) -> Result<u64, StoreError> {
    expect_state(conn, batch, false)?;
    let mut moved = blocks::count(conn, batch)?;
    for table in versioned() {
        moved += retire(conn, table, batch)?;
    }
    let sql = "UPDATE batch SET state = 2, cut = cut OR state = 0, writer = NULL WHERE id = ?1";
    conn.execute(sql, [batch])?;
    journal::reseal(conn, batch)?;
    Ok(moved)
}

/// Brings the rows of an import back, without what follows from them; gives how many there are.
pub(super) fn put_back(conn: &Connection, batch: i64) -> Result<u64, StoreError> {
    expect_state(conn, batch, true)?;
    let again = drop_known(conn, batch)?;
    let mut moved = blocks::count(conn, batch)?;
    for table in versioned() {
        moved += revive(conn, table, batch)?;
    }
    let sql = "UPDATE batch SET state = 1, inserted = inserted - ?2, duplicate = duplicate + ?2 WHERE id = ?1";
    conn.execute(sql, (batch, again as i64))?;
    if again > 0 {
        let Digest { rows, hashes, .. } = digest_of(conn, batch, Kind::Events)?;
        let sql = "UPDATE batch SET rows = ?2, digest = ?3 WHERE id = ?1";
        conn.execute(sql, (batch, rows, hashes.to_be_bytes()))?;
    }
    journal::reseal(conn, batch)?;
    Ok(moved)
}

/// Makes all rollups anew and tells the caches to drop everything.
pub(super) fn rebuilt(conn: &Connection, calendar: Calendar) -> Result<(), StoreError> {
    rollup::rebuild(conn, calendar)?;
    mark(conn, &["rebuilt"], &[])
}

fn expect_state(conn: &Connection, batch: i64, undone: bool) -> Result<(), StoreError> {
    let found: Option<(i64, Option<String>)> = conn
        .query_row("SELECT state, writer FROM batch WHERE id = ?1", [batch], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    if let Some((0, Some(writer))) = &found
        && let Some(pid) = queue::running(writer)
    {
        return Err(StoreError::usage(format!(
            "import {batch} is being written by process {pid}; stop that first (kill {pid}), then take it back"
        )));
    }
    match (found.map(|(state, _)| state), undone) {
        (Some(2), true) | (Some(0 | 1), false) => Ok(()),
        (None, _) => {
            Err(StoreError::usage(format!("there is no import {batch}; `quarterdeck import list` names them")))
        }
        (_, true) => Err(StoreError::usage(format!("import {batch} is in the numbers already"))),
        (_, false) => Err(StoreError::usage(format!(
            "import {batch} is already taken back; `quarterdeck import redo {batch}` brings it back"
        ))),
    }
}

/// Takes a batch's versions out and makes the newest remaining version of each key live.
fn retire(conn: &Connection, table: &str, batch: i64) -> Result<u64, StoreError> {
    let sql = format!("SELECT source, key FROM {table} WHERE batch = ?1 AND state = 0");
    let keys: Vec<(i64, Vec<u8>)> =
        conn.prepare(&sql)?.query_map([batch], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
    let taken = conn.execute(&format!("UPDATE {table} SET state = 2 WHERE batch = ?1"), [batch])?;
    let sql = format!(
        "UPDATE {table} SET state = 0 WHERE id =
            (SELECT id FROM {table} WHERE source = ?1 AND key = ?2 AND state = 1 ORDER BY batch DESC LIMIT 1)"
    );
    let mut promote = conn.prepare(&sql)?;
    for (source, key) in keys {
        promote.execute((source, key))?;
    }
    Ok(taken as u64)
}

/// Brings a batch's versions back: the version of the latest import of each key is live.
fn revive(conn: &Connection, table: &str, batch: i64) -> Result<u64, StoreError> {
    let sql = format!("SELECT id, source, key FROM {table} WHERE batch = ?1 AND state = 2");
    let rows: Vec<(i64, i64, Vec<u8>)> =
        conn.prepare(&sql)?.query_map([batch], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<Result<_, _>>()?;
    let find = format!("SELECT id, batch FROM {table} WHERE source = ?1 AND key = ?2 AND state = 0");
    let set = format!("UPDATE {table} SET state = ?2 WHERE id = ?1");
    for (id, source, key) in &rows {
        let live: Option<(i64, i64)> =
            conn.prepare_cached(&find)?.query_row((source, key), |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        let newer = live.is_some_and(|(_, owner)| owner > batch);
        if let (Some((old, _)), false) = (live, newer) {
            conn.prepare_cached(&set)?.execute((old, 1))?;
        }
        conn.prepare_cached(&set)?.execute((id, i64::from(newer)))?;
    }
    Ok(rows.len() as u64)
}

/// Drops the taken-back events that another import has brought meanwhile; returns how many.
fn drop_known(conn: &Connection, batch: i64) -> Result<u64, StoreError> {
    let sql = "SELECT DISTINCT id >> 32 FROM event_block WHERE batch = ?1";
    let days: Vec<i32> = conn.prepare(sql)?.query_map([batch], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let mut dropped = 0;
    for day in days {
        let mut live = FxHashSet::default();
        blocks::each_live(conn, (day, day), Wanted::IDENTITY, &mut |_, rows| {
            live.extend(rows.identity.iter().copied());
            Ok(())
        })?;
        let mut changed = Vec::new();
        blocks::each(conn, (day, day), Wanted::ALL, &mut |head, rows| {
            let fresh = |at: &usize| rows.identity.get(*at).is_some_and(|hash| !live.contains(hash));
            let mut kept = Rows::default();
            if head.batch == batch && !(0..rows.len()).all(|at| fresh(&at)) {
                kept.extend(rows, (0..rows.len()).filter(fresh))?;
                dropped += (rows.len() - kept.len()) as u64;
                changed.push((head, kept));
            }
            Ok(())
        })?;
        for (head, kept) in changed {
            blocks::replace(conn, head, &kept)?;
        }
    }
    Ok(dropped)
}
