//! Rows of items and deals one by one: as they stand, who said so, and taken out of the numbers.

use rusqlite::{Connection, OptionalExtension};

use super::batch::mark;
use super::export::text;
use super::journal::{self, Entry, STREAM};
use super::tables::{SAYS, Table};
use super::versions::{Digest, NOTHING, version_hash, wide};
use super::{Store, StoreError};
use crate::domain::calendar::Instant;
use crate::domain::records::{Counts, Kind};
use crate::domain::tables::columns;

/// A row as it was read by whoever changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRow {
    /// Its id in its source.
    pub id: String,
    /// Its cells as an export writes them, empty where there is nothing; `None` where there was no such row.
    pub cells: Option<Vec<String>>,
}

impl SeenRow {
    /// Refuses to go on where the row is another one by now.
    pub(super) fn expect(&self, conn: &Connection, (source, kind): (&str, Kind)) -> Result<(), StoreError> {
        if row_of(conn, (source, kind), &self.id)? == self.cells { Ok(()) } else { Err(StoreError::overtaken()) }
    }
}

impl Store {
    /// The cells of the row that is in the numbers, as an export writes them, empty where there is nothing.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn row_of(&self, source: &str, kind: Kind, id: &str) -> Result<Option<Vec<String>>, StoreError> {
        row_of(&self.conn, (source, kind), id)
    }

    /// Who typed what stands there of a row, else the import that brought it, and when; `None` where nothing does.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn author_of_row(&self, source: &str, kind: Kind, id: &str) -> Result<Option<(String, String)>, StoreError> {
        let Some(table) = Table::of(kind) else { return Ok(None) };
        let sql = format!(
            "SELECT b.id, b.committed, o.actor, o.at FROM {} x JOIN batch b ON b.id = x.batch
             LEFT JOIN op_log o ON o.tbl = 'batch' AND o.key = '[' || b.id || ']'
             WHERE x.state = 0 AND x.source = (SELECT id FROM source WHERE name = ?1) AND x.{} = ?2
             ORDER BY o.seq DESC LIMIT 1",
            table.name,
            table.id()
        );
        let found = self.conn.query_row(&sql, (source, id), |row| {
            let (batch, at): (i64, i64) = (row.get(0)?, row.get(1)?);
            let (who, when): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
            let imported = || (format!("import {batch}"), Instant(at).to_string());
            Ok(who.zip(when).unwrap_or_else(imported))
        });
        Ok(found.optional()?)
    }

    /// Takes the row of an id out of the numbers in all of some sources, each as an import of its own that can be taken
    /// back; gives the numbers of these imports. The first source must still say what was seen of it.
    ///
    /// # Errors
    /// When the row is another one by now, or the file cannot be written.
    pub fn take_row_out(
        &mut self,
        kind: Kind,
        sources: &[&str],
        seen: &SeenRow,
        at: Instant,
    ) -> Result<Vec<i64>, StoreError> {
        let Some(table) = Table::of(kind) else { return Ok(Vec::new()) };
        self.queue().transaction(&self.conn, || {
            if let Some(first) = sources.first() {
                seen.expect(&self.conn, (first, kind))?;
            }
            let mut taken = Vec::new();
            for source in sources {
                taken.extend(take_out(&self.conn, table, (source, &seen.id), at)?);
            }
            mark(&self.conn, &[kind.name()], &[])?;
            Ok(taken)
        })
    }
}

fn row_of(conn: &Connection, (source, kind): (&str, Kind), id: &str) -> Result<Option<Vec<String>>, StoreError> {
    let Some(table) = Table::of(kind) else { return Ok(None) };
    let sql = format!(
        "{} WHERE x.state = 0 AND {SAYS} AND x.source = (SELECT id FROM source WHERE name = ?1) AND x.{} = ?2",
        table.select(""),
        table.id()
    );
    let found = conn.prepare_cached(&sql)?.query_row((source, id), |row| table.cells(row, 0)).optional()?;
    let texts = |cells: Vec<_>| {
        columns(kind).iter().zip(&cells).map(|(column, cell)| text(column.form, cell).unwrap_or_default()).collect()
    };
    Ok(found.map(texts))
}

/// Puts a version that says nothing above the row of an id.
fn take_out(
    conn: &Connection,
    table: &Table,
    (source, id): (&str, &str),
    at: Instant,
) -> Result<Option<i64>, StoreError> {
    let sql = format!(
        "SELECT x.id, x.source, x.key, {} FROM {} x
         WHERE x.state = 0 AND {SAYS} AND x.source = (SELECT id FROM source WHERE name = ?1) AND x.{} = ?2",
        table.amount,
        table.name,
        table.id()
    );
    let found = conn.query_row(&sql, (source, id), |row| {
        Ok((row.get::<_, i64>(0)?, row.get(1)?, wide(row.get_ref(2)?.as_blob().unwrap_or_default()), row.get(3)?))
    });
    let Some((row, source, key, amount)) = found.optional()? else { return Ok(None) };
    let opened = journal::begin(conn, source, STREAM, at)?;
    conn.execute(&format!("UPDATE {} SET state = 1 WHERE id = ?1", table.name), [row])?;
    table.copy_as(conn, row, (opened.batch, NOTHING))?;
    let mut digest = Digest::default();
    digest.add(version_hash(source, key, NOTHING), amount);
    let counts = Counts { read: 1, updated: 1, ..Counts::default() };
    let entry = Entry { at, done: true, counts, digest, oldest: None, newest: None, through: None };
    journal::save(conn, opened.batch, &entry)?;
    Ok(Some(opened.batch))
}
