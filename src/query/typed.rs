//! Rows that are typed one by one: what was seen of a row and what it is to become.

use serde_json::Value;

use crate::domain::plans::Conflict;
use crate::domain::records::Kind;
use crate::domain::tables::columns;

use super::Keep;

/// A row of a kind that has a table of columns, as it is typed and as an export writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedRow {
    /// Its kind.
    pub kind: Kind,
    /// The source that it is of.
    pub source: String,
    /// Its cells in the order of [`crate::domain::tables::columns`]; empty where it has none.
    pub cells: Vec<String>,
}

impl TypedRow {
    /// A row of which nothing is said yet, of the source that a file of its kind would be of.
    pub fn blank(kind: Kind) -> Self {
        Self { kind, source: kind.name().to_owned(), cells: vec![String::new(); columns(kind).len()] }
    }

    /// The cell of a column.
    pub fn cell(&self, title: &str) -> &str {
        self.place(title).and_then(|at| self.cells.get(at)).map_or("", String::as_str)
    }

    /// The row with another cell in a column.
    #[must_use]
    pub fn with(mut self, title: &str, text: impl Into<String>) -> Self {
        if let Some(cell) = self.place(title).and_then(|at| self.cells.get_mut(at)) {
            *cell = text.into();
        }
        self
    }

    /// Whether anything but its id is said of it. An item that only events name has an id alone, and no row is stored.
    pub fn says(&self) -> bool {
        self.cells.iter().skip(1).any(|cell| !cell.is_empty())
    }

    fn place(&self, title: &str) -> Option<usize> {
        columns(self.kind).iter().position(|column| column.title == title)
    }
}

/// One row before and after; without a before it is new, without an after it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typing {
    /// As it was seen by whoever changes it.
    pub before: Option<TypedRow>,
    /// As it is to be.
    pub after: Option<TypedRow>,
    /// What is kept in the journal with it.
    pub note: Option<String>,
}

impl Typing {
    /// A new row, or another in place of the one that was seen.
    pub fn of(before: Option<TypedRow>, after: TypedRow) -> Self {
        Self { before: before.filter(TypedRow::says), after: Some(after), note: None }
    }

    /// Takes a row out.
    pub fn without(row: TypedRow) -> Self {
        Self { before: Some(row), after: None, note: None }
    }

    /// The row that it is about.
    pub fn row(&self) -> Option<&TypedRow> {
        self.after.as_ref().or(self.before.as_ref())
    }

    /// The same on what others made of the row meanwhile: of the fields in conflict those stay that are kept.
    #[must_use]
    pub fn settled(&self, found: &[Conflict], keep: Keep) -> Self {
        let theirs = |row: &TypedRow| {
            found.iter().fold(row.clone(), |row, one| row.with(&one.field, one.theirs.as_str().unwrap_or_default()))
        };
        let mine = |row: &TypedRow| if keep == Keep::Mine { row.clone() } else { theirs(row) };
        let words = |one: &Conflict| {
            let id = self.row().map_or("", |row| row.cell("id"));
            let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).unwrap_or("nothing").to_owned();
            format!("{id} {}: theirs is {}, mine was {}", one.field, text(&one.theirs), text(&one.mine))
        };
        let note = (keep == Keep::Both).then(|| found.iter().map(words).collect::<Vec<_>>().join("; "));
        Self { before: self.before.as_ref().map(theirs), after: self.after.as_ref().map(mine), note }
    }
}
