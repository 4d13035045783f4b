//! Where the rows with a key are: the table of each kind, and its columns in SQL.

use std::fmt::Write as _;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row as SqlRow, ToSql};

use super::dictionary::Dictionary;
use super::hash::RowHash;
use super::{StoreError, TermKind};
use crate::domain::records::Kind;
use crate::domain::tables::{Cell, Column, Form, Part, columns};

/// The table of one kind.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) kind: Kind,
    pub(super) name: &'static str,
    /// Names of the columns, in the order of [`columns`].
    names: &'static [&'static str],
    /// What its rows add to the sum of amounts that proves an import.
    pub(super) amount: &'static str,
}

/// Every table of rows with a key that [`columns`] describes.
pub(super) static TABLES: [Table; 6] = [
    Table {
        kind: Kind::Spend,
        name: "spend",
        names: &["day", "channel", "campaign", "amount", "currency", "impressions", "clicks"],
        amount: "amount",
    },
    Table { kind: Kind::Facts, name: "fact", names: &["day", "metric", "value", "channel"], amount: "value" },
    Table { kind: Kind::Rates, name: "rate", names: &["day", "base", "target", "rate"], amount: "0" },
    Table {
        kind: Kind::Content,
        name: "content_item",
        names: &["item", "title", "kind", "author", "planned", "published", "status"],
        amount: "0",
    },
    Table {
        kind: Kind::Deals,
        name: "deal",
        names: &["deal", "partner", "kind", "stage", "amount", "currency", "due", "received"],
        amount: "ifnull(amount, 0)",
    },
    Table { kind: Kind::Links, name: "link", names: &["alias", "user"], amount: "0" },
];

/// Condition on a live version `x`: it says something, and was not put there to take its key out.
pub(super) const SAYS: &str = "x.content <> zeroblob(16)";

/// Tables of which a key has one live row: those of [`TABLES`], and orders.
pub(super) fn versioned() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|table| table.name).chain(["revenue"])
}

impl Table {
    /// The table of a kind; events and orders have forms of their own.
    pub(super) fn of(kind: Kind) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.kind == kind)
    }

    fn columns(&self) -> impl Iterator<Item = (usize, &'static Column, &'static str)> {
        columns(self.kind).iter().zip(self.names).enumerate().map(|(at, (column, name))| (at, column, *name))
    }

    /// The day that a row is about.
    pub(super) fn day(&self) -> Option<&'static str> {
        self.columns().find(|(_, column, _)| column.is_date()).map(|(.., name)| name)
    }

    /// Column `at` as the text or number that it stands for.
    fn said(at: usize, column: &Column, name: &str) -> String {
        match column.form {
            Form::Channel | Form::Campaign => format!("t{at}.text"),
            Form::User => format!("t{at}.name"),
            _ => format!("x.{name}"),
        }
    }

    /// `SELECT` of some columns of the row itself and of all that it says, read by [`cells`](Self::cells).
    pub(super) fn select(&self, first: &str) -> String {
        let (mut list, mut joins) = (first.to_owned(), String::new());
        for (at, column, name) in self.columns() {
            let comma = if list.is_empty() { "" } else { ", " };
            let _ = write!(list, "{comma}{}", Self::said(at, column, name));
            let join = match dictionary(column.form) {
                Some(kind) => format!("term t{at} ON t{at}.kind = {} AND t{at}.id = x.{name}", kind.code()),
                None if column.form == Form::User => format!("user t{at} ON t{at}.id = x.{name}"),
                None => continue,
            };
            let _ = write!(joins, " LEFT JOIN {join}");
        }
        format!("SELECT {list} FROM {} x{joins}", self.name)
    }

    /// `ORDER BY` in which rows come out the same however they came in.
    pub(super) fn order(&self) -> String {
        let keys = self.columns().filter(|(_, column, _)| column.is_key());
        let keys: Vec<String> = keys.map(|(at, column, name)| Self::said(at, column, name)).collect();
        format!("ORDER BY {}, x.key", keys.join(", "))
    }

    /// The cells of a row of [`select`](Self::select) that begin at column `from`.
    pub(super) fn cells(&self, row: &SqlRow<'_>, from: usize) -> rusqlite::Result<Vec<Cell<'static>>> {
        let cell = |(at, ..): (usize, &Column, &str)| {
            Ok(match row.get_ref(from + at)? {
                ValueRef::Integer(n) => Cell::Int(n),
                ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned().into()),
                _ => Cell::Null,
            })
        };
        self.columns().map(cell).collect()
    }

    /// Writes a row as live.
    pub(super) fn insert(
        &self,
        conn: &Connection,
        (batch, source): (i64, i64),
        (key, content): (u128, u128),
        ids: &[Cell<'_>],
    ) -> Result<(), StoreError> {
        let places: Vec<String> = (5..5 + self.names.len()).map(|n| format!("?{n}")).collect();
        let sql = format!(
            "INSERT INTO {} (batch, source, key, content, state, {}) VALUES (?1, ?2, ?3, ?4, 0, {})",
            self.name,
            self.names.join(", "),
            places.join(", ")
        );
        let (key, content) = (key.to_be_bytes(), content.to_be_bytes());
        let first: [&dyn ToSql; 4] = [&batch, &source, &key, &content];
        let values: Vec<&dyn ToSql> = first.into_iter().chain(ids.iter().map(|cell| cell as &dyn ToSql)).collect();
        conn.prepare_cached(&sql)?.execute(values.as_slice())?;
        Ok(())
    }

    /// The column that tells rows of a source apart, where one does.
    pub(super) fn id(&self) -> &'static str {
        self.names.first().copied().unwrap_or("key")
    }

    /// Writes a row once more as live, under another import and with another content.
    pub(super) fn copy_as(&self, conn: &Connection, row: i64, (batch, content): (i64, u128)) -> Result<(), StoreError> {
        let names = self.names.join(", ");
        let sql = format!(
            "INSERT INTO {0} (batch, source, key, content, state, {names})
             SELECT ?2, source, key, ?3, 0, {names} FROM {0} WHERE id = ?1",
            self.name
        );
        conn.execute(&sql, (row, batch, content.to_be_bytes()))?;
        Ok(())
    }

    /// The cells as they are stored, texts of dictionaries by their ids.
    pub(super) fn ids<'a>(
        &self,
        conn: &Connection,
        texts: &mut Dictionary,
        cells: &'a [Cell<'a>],
    ) -> Result<Vec<Cell<'a>>, StoreError> {
        let id = |(column, cell): (&Column, &'a Cell<'a>)| {
            let found = match (dictionary(column.form), column.form) {
                (Some(kind), _) => texts.optional(conn, kind, cell.text())?,
                (None, Form::User) => texts.optional_user(cell.text())?,
                (None, _) => return Ok(cell.clone()),
            };
            Ok(found.map(i64::from).into())
        };
        columns(self.kind).iter().zip(cells).map(id).collect()
    }
}

/// The dictionary that texts of a form are in.
fn dictionary(form: Form) -> Option<TermKind> {
    match form {
        Form::Channel => Some(TermKind::Channel),
        Form::Campaign => Some(TermKind::Campaign),
        _ => None,
    }
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Int(n) => ToSqlOutput::from(*n),
            Self::Text(text) => ToSqlOutput::from(text.as_ref()),
        })
    }
}

/// What identifies a row: its key, and the part of it that all records of one row of the file share.
pub(super) fn keys(kind: Kind, cells: &[Cell<'_>]) -> (u128, u128) {
    (hash(kind, cells, Column::is_key), hash(kind, cells, |column| column.part == Part::Key))
}

/// Hash of what a row says under its key.
pub(super) fn content(kind: Kind, cells: &[Cell<'_>]) -> u128 {
    hash(kind, cells, |column| !column.is_key())
}

fn hash(kind: Kind, cells: &[Cell<'_>], wanted: impl Fn(&Column) -> bool) -> u128 {
    let mut hash = RowHash::default();
    for (column, cell) in columns(kind).iter().zip(cells).filter(|(column, _)| wanted(column)) {
        match (cell, column.form) {
            (Cell::Int(n), _) => hash.number(*n),
            (Cell::Text(text), _) => hash.text(Some(text)),
            (Cell::Null, Form::Count) => hash.number(-1),
            (Cell::Null, Form::Day | Form::Amount | Form::Decimal) => hash.number(i64::MIN),
            (Cell::Null, _) => hash.text(None),
        };
    }
    hash.digest()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_its_name_and_every_table_an_amount() {
        for table in &TABLES {
            assert_eq!(table.names.len(), columns(table.kind).len(), "{}", table.name);
            let sums = columns(table.kind).iter().any(|c| matches!(c.form, Form::Amount | Form::Decimal));
            assert_eq!(sums, table.amount != "0", "{}", table.name);
        }
        let described = Kind::ALL.into_iter().filter(|kind| !columns(*kind).is_empty());
        assert!(described.eq(TABLES.iter().map(|table| table.kind)));
    }

    #[test]
    fn what_is_absent_is_no_value() {
        let of = |cell: Cell<'static>| content(Kind::Facts, &[Cell::Int(1), Cell::Null, cell, Cell::Null]);
        assert_ne!(of(Cell::Null), of(Cell::Int(-1)));
        assert_ne!(of(Cell::Null), of(Cell::Int(0)));
    }
}
