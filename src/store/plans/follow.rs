//! What follows from changes of records that numbers are made with: caches to drop, rollups to make anew.

use rusqlite::Connection;
use serde_json::Value;

use super::{Done, StoreError};
use crate::domain::plans::{Batch, Row, Table};
use crate::store::batch::mark;
use crate::store::rows::kind_of;
use crate::store::undo::{self, rebuilt};
use crate::store::{queue, settings};

/// Does what follows from all that one action did.
pub(super) fn up(conn: &Connection, all: &[Done]) -> Result<(), StoreError> {
    let of = |table| all.iter().filter(move |done| done.row().is_some_and(|row| row.table == table));
    let set = |key: &str| of(Table::Setting).any(|done| done.row().is_some_and(|row| text(row, "key") == key));
    if set("zone") || set("currency") {
        refuse_writers(conn)?;
    }
    if set("zone") || of(Table::NameRole).any(|done| done.differs("passive")) {
        rebuilt(conn, settings::calendar(conn)?)?;
    }
    if of(Table::Setting).next().is_some() {
        mark(conn, &["rebuilt"], &[])?;
    }
    if of(Table::NameRole).next().is_some() {
        mark(conn, &["terms"], &[])?;
    }
    if of(Table::ChannelRule).next().is_some() {
        mark(conn, &["terms", "users"], &[])?;
    }
    Ok(())
}

/// Takes an import that was typed out of the numbers or brings it back; one that is there already stays as it is.
/// Its rows are in no rollup, so none is made anew.
pub(super) fn move_import(conn: &Connection, before: Option<&Row>, after: Option<&Row>) -> Result<Done, StoreError> {
    let number = |row: Option<&Row>, column: &str| row.and_then(|row| row.cells.get(column)).and_then(Value::as_i64);
    let (Some(id), Some(wanted)) = (number(after, "id"), number(after, "state")) else {
        return Err(StoreError::damaged("an import without a number cannot be moved"));
    };
    let (now, kind): (i64, i64) = conn.query_row(
        "SELECT b.state, s.kind FROM batch b JOIN source s ON s.id = b.source WHERE b.id = ?1",
        [id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if now != wanted {
        if wanted == Batch::OUT {
            undo::take_out(conn, id)?;
        } else {
            undo::put_back(conn, id)?;
        }
        mark(conn, &[kind_of(kind).name()], &[])?;
    }
    Ok(Done { before: before.cloned(), after: after.cloned() })
}

/// A process that is loading rows goes on with the zone and the currency it began with.
fn refuse_writers(conn: &Connection) -> Result<(), StoreError> {
    let mut statement = conn.prepare("SELECT id, writer FROM batch WHERE state = 0 AND writer IS NOT NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (batch, writer): (i64, String) = (row.get(0)?, row.get(1)?);
        if let Some(pid) = queue::running(&writer) {
            return Err(StoreError::usage(format!(
                "import {batch} is being written by process {pid}; stop that first (kill {pid}), then change zone or currency"
            )));
        }
    }
    Ok(())
}

fn text<'r>(row: &'r Row, column: &str) -> &'r str {
    row.cells.get(column).and_then(Value::as_str).unwrap_or_default()
}
