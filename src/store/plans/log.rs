//! What was done, by whom: the actions that can be taken back.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

use super::{Author, Done, StoreError};
use crate::domain::plans::{Conflict, Row, Table};

/// What an action was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Done,
    Undone,
    Redone,
}

/// An action and what it is told as.
#[derive(Debug, Clone, Copy)]
pub(super) struct Action<'a> {
    pub id: i64,
    pub kind: Kind,
    pub label: &'a str,
}

/// An action that can be taken back.
pub(super) struct Last {
    pub id: i64,
    pub label: String,
}

/// The number of the next action.
pub(super) fn next(conn: &Connection) -> Result<i64, StoreError> {
    Ok(conn.query_row("SELECT ifnull(max(action), 0) + 1 FROM op_log", [], |row| row.get(0))?)
}

/// Notes what was done to a row.
pub(super) fn write(conn: &Connection, action: Action, author: Author, done: &Done) -> Result<(), StoreError> {
    let Some(row) = done.row() else { return Ok(()) };
    let text =
        |row: &Option<Row>| row.as_ref().map(|row| Value::Object(row.cells.clone().into_iter().collect()).to_string());
    let sql = "INSERT INTO op_log (action, kind, at, actor, label, tbl, key, before, after)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    conn.prepare_cached(sql)?.execute(params![
        action.id,
        action.kind as i64,
        author.at.to_string(),
        author.actor,
        action.label,
        row.table.name(),
        Value::Array(row.key()).to_string(),
        text(&done.before),
        text(&done.after),
    ])?;
    Ok(())
}

/// The last action of a person that an undo takes back, or whose undo a redo takes back. What was done since a redo
/// could happen leaves nothing to redo.
pub(super) fn last(conn: &Connection, actor: &str, turn: Kind) -> Result<Option<Last>, StoreError> {
    let sql = match turn {
        Kind::Redone => {
            "SELECT action, label FROM op_log WHERE actor = ?1 AND kind = 1 AND undone_by IS NULL AND action >
                (SELECT ifnull(max(action), 0) FROM op_log WHERE actor = ?1 AND kind = 0) ORDER BY seq DESC LIMIT 1"
        }
        _ => {
            "SELECT action, label FROM op_log WHERE actor = ?1 AND kind <> 1 AND undone_by IS NULL
                ORDER BY seq DESC LIMIT 1"
        }
    };
    let found = conn.query_row(sql, [actor], |row| Ok(Last { id: row.get(0)?, label: row.get(1)? }));
    Ok(found.optional()?)
}

/// What an action did, in order.
pub(super) fn steps(conn: &Connection, action: i64) -> Result<Vec<Done>, StoreError> {
    let sql = "SELECT tbl, before, after FROM op_log WHERE action = ?1 ORDER BY seq";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([action])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let table =
            Table::named(&name).ok_or_else(|| StoreError::damaged(&format!("the log names the table {name}")))?;
        all.push(Done { before: side(table, row.get(1)?)?, after: side(table, row.get(2)?)? });
    }
    Ok(all)
}

fn side(table: Table, text: Option<String>) -> Result<Option<Row>, StoreError> {
    let Some(text) = text else { return Ok(None) };
    let cells = serde_json::from_str(&text).map_err(|error| StoreError::damaged(&format!("the log: {error}")))?;
    Ok(Some(Row { table, cells }))
}

/// Notes that an action was taken back.
pub(super) fn take_back(conn: &Connection, action: i64, by: i64) -> Result<(), StoreError> {
    conn.execute("UPDATE op_log SET undone_by = ?2 WHERE action = ?1", (action, by))?;
    Ok(())
}

/// Who changed a field last, and when.
pub(super) fn name_author(conn: &Connection, conflict: &mut Conflict) -> Result<(), StoreError> {
    let sql = "SELECT actor, at FROM op_log WHERE tbl = ?1 AND key = ?2 AND (?3 = '' OR
        json_extract(before, '$.' || ?3) IS NOT json_extract(after, '$.' || ?3)) ORDER BY seq DESC LIMIT 1";
    let key = Value::Array(conflict.key.clone()).to_string();
    let found =
        conn.query_row(sql, (conflict.table.name(), key, &conflict.field), |row| Ok((row.get(0)?, row.get(1)?)));
    if let Some((who, when)) = found.optional()? {
        (conflict.who, conflict.when) = (who, when);
    }
    Ok(())
}
