//! Rows of any table of planning: reading them, and changing them only where they are as they were seen.

use std::collections::{BTreeMap, HashMap};

use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use serde_json::Value;

use super::{Done, StoreError, follow};
use crate::domain::plans::{Conflict, Row, Table};

/// Numbers given in one action to records that had none: below 0 before, above 0 now.
#[derive(Debug, Default)]
pub(super) struct Given(HashMap<(Table, i64), i64>);

/// Calls `each` with every row of a table in the order of its key.
pub(super) fn each(
    conn: &Connection,
    table: Table,
    mut each: impl FnMut(Row) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let sql = format!("SELECT * FROM {} ORDER BY {}", table.name(), table.key().join(", "));
    let mut statement = conn.prepare_cached(&sql)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(read(table, &names, row)?)?;
    }
    Ok(())
}

/// Makes `after` of the row that was seen as `before`; the conflicts where it is something else meanwhile.
pub(super) fn apply(
    conn: &Connection,
    given: &mut Given,
    before: Option<&Row>,
    after: Option<&Row>,
) -> Result<Result<Done, Vec<Conflict>>, StoreError> {
    let Some(table) = after.or(before).map(|row| row.table) else {
        return Ok(Err(Vec::new()));
    };
    if table == Table::Batch {
        return Ok(Ok(follow::move_import(conn, before, after)?));
    }
    let after = after.map(|row| given.resolve(conn, row)).transpose()?;
    let found = match before.or(after.as_ref()) {
        Some(row) => find(conn, table, &row.key())?,
        None => None,
    };
    let conflicts = conflicts(before, after.as_ref(), found.as_ref());
    if !conflicts.is_empty() {
        return Ok(Err(conflicts));
    }
    let merged = after.map(|after| merge(before, after, found.as_ref()));
    match &merged {
        Some(row) => put(conn, row, found.is_some())?,
        None => delete(conn, table, found.as_ref())?,
    }
    Ok(Ok(Done { before: found, after: merged }))
}

/// Conflicts of all that was done with what others have tied to it or taken away under it, before the file refuses it as
/// a whole without saying why.
pub(super) fn untied(conn: &Connection, all: &[Done]) -> Result<Vec<Conflict>, StoreError> {
    let mut found = Vec::new();
    for done in all {
        found.extend(match (&done.before, &done.after) {
            (Some(gone), None) => pointing(conn, gone)?,
            (_, Some(row)) => missing(conn, row)?,
            (None, None) => Vec::new(),
        });
    }
    Ok(found)
}

/// Conflicts with the rows that somebody has tied to one that is to go.
fn pointing(conn: &Connection, row: &Row) -> Result<Vec<Conflict>, StoreError> {
    let mut all = Vec::new();
    for table in Table::PLANNED {
        for (column, _) in table.refs().iter().filter(|(_, to)| *to == row.table) {
            let sql = format!("SELECT * FROM {} WHERE {column} = ?1", table.name());
            let mut statement = conn.prepare_cached(&sql)?;
            let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
            let found = statement
                .query_map([row.key().first().map_or(ToSqlOutput::Owned(Sql::Null), sql_of)], |row| {
                    Ok(read(table, &names, row))
                })?;
            for other in found {
                let other = other??;
                all.push(whole(&other, "absent", "there", "removed"));
            }
        }
    }
    Ok(all)
}

/// Conflicts with the rows that somebody has taken away under one that is to be stored.
fn missing(conn: &Connection, row: &Row) -> Result<Vec<Conflict>, StoreError> {
    let mut all = Vec::new();
    for (column, table) in row.table.refs() {
        let Some(id) = row.cells.get(*column).filter(|id| !id.is_null()) else { continue };
        let other = Row { table: *table, cells: [("id".to_owned(), id.clone())].into() };
        if find(conn, *table, &other.key())?.is_none() {
            all.push(whole(&other, "there", "removed", "changed"));
        }
    }
    Ok(all)
}

/// A conflict about a whole record.
fn whole(row: &Row, seen: &str, theirs: &str, mine: &str) -> Conflict {
    Conflict {
        table: row.table,
        key: row.key(),
        field: String::new(),
        seen: seen.into(),
        theirs: theirs.into(),
        mine: mine.into(),
        who: String::new(),
        when: String::new(),
    }
}

impl Given {
    /// The row with a number of its own, and with the numbers that others were given.
    fn resolve(&mut self, conn: &Connection, row: &Row) -> Result<Row, StoreError> {
        let mut row = row.clone();
        for (column, table) in row.table.refs() {
            if let Some(id) = row.cells.get(*column).and_then(Value::as_i64).filter(|id| *id < 0) {
                row.cells.insert((*column).to_owned(), self.number(conn, *table, id)?.into());
            }
        }
        if row.table.is_numbered()
            && let Some(id) = row.cells.get("id").and_then(Value::as_i64).filter(|id| *id < 0)
        {
            row.cells.insert("id".to_owned(), self.number(conn, row.table, id)?.into());
        }
        Ok(row)
    }

    fn number(&mut self, conn: &Connection, table: Table, id: i64) -> Result<i64, StoreError> {
        if let Some(number) = self.0.get(&(table, id)) {
            return Ok(*number);
        }
        // A number is never given twice, not even after an undo, so that the log keeps telling rows apart.
        let stored = format!("SELECT ifnull(max(id), 0) FROM {}", table.name());
        let stored: i64 = conn.query_row(&stored, [], |row| row.get(0))?;
        let logged =
            "SELECT ifnull(max(CAST(substr(key, 2, length(key) - 2) AS INTEGER)), 0) FROM op_log WHERE tbl = ?1";
        let logged: i64 = conn.query_row(logged, [table.name()], |row| row.get(0))?;
        let here = self.0.iter().filter(|((of, _), _)| *of == table).map(|(_, number)| *number).max().unwrap_or(0);
        let number = stored.max(logged).max(here) + 1;
        self.0.insert((table, id), number);
        Ok(number)
    }
}

/// The fields that are to change and are no longer as they were seen.
fn conflicts(before: Option<&Row>, after: Option<&Row>, found: Option<&Row>) -> Vec<Conflict> {
    let Some(row) = after.or(before) else { return Vec::new() };
    let whole =
        |seen: &str, theirs: &str| whole(row, seen, theirs, if after.is_some() { "changed" } else { "removed" });
    match (before, found) {
        (None, Some(_)) => vec![whole("absent", "there")],
        (Some(_), None) => vec![whole("there", "removed")],
        (Some(before), Some(found)) => {
            let changed =
                |column: &&String| after.is_none_or(|after| after.cells.get(*column) != before.cells.get(*column));
            let other = |column: &&String| !same(found.cells.get(*column), before.cells.get(*column));
            let conflict = |column: &String| Conflict {
                field: column.clone(),
                seen: before.cells.get(column).cloned().unwrap_or(Value::Null),
                theirs: found.cells.get(column).cloned().unwrap_or(Value::Null),
                mine: after.and_then(|after| after.cells.get(column)).cloned().unwrap_or(Value::Null),
                ..whole("", "")
            };
            before.cells.keys().filter(changed).filter(other).map(conflict).collect()
        }
        (None, None) => Vec::new(),
    }
}

/// Equal as values: a whole number in a column of numbers with a fraction reads back as one.
fn same(a: Option<&Value>, b: Option<&Value>) -> bool {
    a == b
        || matches!((a.and_then(Value::as_f64), b.and_then(Value::as_f64)), (Some(a), Some(b)) if a.to_bits() == b.to_bits())
}

/// What the row becomes: fields that are not to change keep what they are.
fn merge(before: Option<&Row>, after: Row, found: Option<&Row>) -> Row {
    let (Some(before), Some(found)) = (before, found) else { return after };
    let kept = |column: &String| before.cells.get(column) == after.cells.get(column);
    let cells: BTreeMap<String, Value> = after
        .cells
        .iter()
        .map(|(column, value)| {
            let theirs = found.cells.get(column).filter(|_| kept(column));
            (column.clone(), theirs.unwrap_or(value).clone())
        })
        .collect();
    Row { table: after.table, cells }
}

fn find(conn: &Connection, table: Table, key: &[Value]) -> Result<Option<Row>, StoreError> {
    let sql = format!("SELECT * FROM {} WHERE {}", table.name(), by_key(table));
    let mut statement = conn.prepare_cached(&sql)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let found = statement.query_row(params_from_iter(key.iter().map(sql_of)), |row| Ok(read(table, &names, row)));
    found.optional()?.transpose()
}

fn put(conn: &Connection, row: &Row, exists: bool) -> Result<(), StoreError> {
    let columns: Vec<&str> = row.cells.keys().map(String::as_str).collect();
    let (marks, name) = (vec!["?"; columns.len()].join(", "), row.table.name());
    let values = row.cells.values().map(sql_of);
    if exists {
        let set: Vec<String> = columns.iter().map(|column| format!("{column} = ?")).collect();
        let sql = format!("UPDATE {name} SET {} WHERE {}", set.join(", "), by_key(row.table));
        let key = row.key();
        conn.prepare_cached(&sql)?.execute(params_from_iter(values.chain(key.iter().map(sql_of))))?;
    } else {
        let sql = format!("INSERT INTO {name} ({}) VALUES ({marks})", columns.join(", "));
        conn.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    }
    Ok(())
}

fn delete(conn: &Connection, table: Table, found: Option<&Row>) -> Result<(), StoreError> {
    let Some(row) = found else { return Ok(()) };
    let sql = format!("DELETE FROM {} WHERE {}", table.name(), by_key(table));
    let key = row.key();
    conn.prepare_cached(&sql)?.execute(params_from_iter(key.iter().map(sql_of)))?;
    Ok(())
}

fn by_key(table: Table) -> String {
    table.key().iter().map(|column| format!("{column} = ?")).collect::<Vec<_>>().join(" AND ")
}

fn read(table: Table, names: &[String], row: &rusqlite::Row<'_>) -> Result<Row, StoreError> {
    let cell = |(at, name): (usize, &String)| {
        let value = match row.get_ref(at)? {
            ValueRef::Integer(n) => n.into(),
            ValueRef::Real(x) => x.into(),
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
            ValueRef::Null | ValueRef::Blob(_) => Value::Null,
        };
        Ok((name.clone(), value))
    };
    let cells = names.iter().enumerate().map(cell).collect::<Result<_, rusqlite::Error>>()?;
    Ok(Row { table, cells })
}

fn sql_of(value: &Value) -> ToSqlOutput<'static> {
    ToSqlOutput::Owned(match value {
        Value::Number(n) => n.as_i64().map_or_else(|| Sql::Real(n.as_f64().unwrap_or_default()), Sql::Integer),
        Value::String(text) => Sql::Text(text.clone()),
        Value::Bool(flag) => Sql::Integer(i64::from(*flag)),
        Value::Null | Value::Array(_) | Value::Object(_) => Sql::Null,
    })
}
