//! Reading and changing the records of planning. One walk over the columns serves every table; what was done is kept row
//! by row, so that it can be undone after a restart too.

mod follow;
mod log;
mod rows;

use serde_json::Value;

use super::{Store, StoreError};
use crate::domain::calendar::Instant;
use crate::domain::plans::{Book, Change, Conflict, Edit, Row, Table};

use log::{Action, Kind};

/// Who changes something, and when.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// Name of the person.
    pub actor: &'a str,
    /// Now.
    pub at: Instant,
}

/// What came of an edit.
#[derive(Debug, Clone, PartialEq)]
pub enum Edited {
    /// It is stored: what it was, and the numbers that its new records got, in the order of its changes.
    Done {
        /// What was done or undone.
        label: String,
        /// Numbers of the records of the changes; 0 for one without a number.
        ids: Vec<i64>,
    },
    /// Somebody else has changed the same fields; nothing is stored.
    Conflicts(Vec<Conflict>),
    /// There was nothing to undo or redo.
    Nothing,
}

impl Store {
    /// Everything that is planned.
    ///
    /// # Errors
    /// When the file cannot be read, or holds what no record can hold.
    pub fn book(&self) -> Result<Book, StoreError> {
        let mut book = Book::default();
        for table in Table::PLANNED {
            rows::each(&self.conn, table, |row| {
                book.push(row.record().map_err(|why| StoreError::damaged(&why))?);
                Ok(())
            })?;
        }
        Ok(book)
    }

    /// Whether anybody but this person has done anything.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn was_edited_by_others(&self, actor: &str) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM op_log WHERE actor <> ?1)";
        Ok(self.conn.query_row(sql, [actor], |row| row.get(0))?)
    }

    /// Stores an edit as one action that can be undone. A field that differs from what the edit saw is a conflict, and
    /// then nothing is stored; other fields keep what they are.
    ///
    /// # Errors
    /// When the edit breaks a rule of the file, or another process is writing.
    pub fn edit(&mut self, edit: &Edit, author: Author) -> Result<Edited, StoreError> {
        let steps = edit.changes.iter().map(step).collect::<Result<Vec<_>, _>>()?;
        self.queue().transaction_unless(&self.conn, || {
            let action = log::next(&self.conn)?;
            let mut given = rows::Given::default();
            let (mut conflicts, mut all) = (Vec::new(), Vec::new());
            for (before, after) in &steps {
                match rows::apply(&self.conn, &mut given, before.as_ref(), after.as_ref())? {
                    Ok(done) => {
                        let action = Action { id: action, kind: Kind::Done, label: &edit.label };
                        log::write(&self.conn, action, author, &done)?;
                        all.push(done);
                    }
                    Err(found) => conflicts.extend(found),
                }
            }
            let ids = all.iter().map(Done::id).collect();
            self.finish((conflicts, &all), Edited::Done { label: edit.label.clone(), ids })
        })
    }

    /// Stores an edit that was made of what stands there at this moment.
    ///
    /// # Errors
    /// When another process changes the same fields in between, or is writing.
    pub(super) fn change(&mut self, edit: &Edit, author: Author) -> Result<(), StoreError> {
        match self.edit(edit, author)? {
            Edited::Conflicts(_) => Err(StoreError::refused(
                "another process changed the same thing just now; nothing was stored; try again".to_owned(),
            )),
            Edited::Done { .. } | Edited::Nothing => Ok(()),
        }
    }

    /// Takes back the last action of a person that is not taken back yet.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn undo_edit(&mut self, author: Author) -> Result<Edited, StoreError> {
        self.turn(author, Kind::Undone)
    }

    /// Does again what the person has just taken back.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn redo_edit(&mut self, author: Author) -> Result<Edited, StoreError> {
        self.turn(author, Kind::Redone)
    }

    fn turn(&mut self, author: Author, kind: Kind) -> Result<Edited, StoreError> {
        self.queue().transaction_unless(&self.conn, || {
            let Some(last) = log::last(&self.conn, author.actor, kind)? else { return Ok(Ok(Edited::Nothing)) };
            let action = log::next(&self.conn)?;
            let (mut conflicts, mut all) = (Vec::new(), Vec::new());
            for done in log::steps(&self.conn, last.id)?.into_iter().rev() {
                match rows::apply(&self.conn, &mut rows::Given::default(), done.after.as_ref(), done.before.as_ref())? {
                    Ok(back) => {
                        let action = Action { id: action, kind, label: &last.label };
                        log::write(&self.conn, action, author, &back)?;
                        all.push(back);
                    }
                    Err(found) => conflicts.extend(found),
                }
            }
            log::take_back(&self.conn, last.id, action)?;
            self.finish((conflicts, &all), Edited::Done { label: last.label, ids: Vec::new() })
        })
    }

    /// The last word on conflicts is who changed the field; nothing is stored where there are any.
    fn finish(
        &self,
        (mut conflicts, all): (Vec<Conflict>, &[Done]),
        done: Edited,
    ) -> Result<Result<Edited, Edited>, StoreError> {
        conflicts.extend(rows::untied(&self.conn, all)?);
        if conflicts.is_empty() {
            follow::up(&self.conn, all)?;
            return Ok(Ok(done));
        }
        for conflict in &mut conflicts {
            log::name_author(&self.conn, conflict)?;
        }
        Ok(Err(Edited::Conflicts(conflicts)))
    }
}

type Step = (Option<Row>, Option<Row>);

/// A record before and after, as columns.
fn step(change: &Change) -> Result<Step, StoreError> {
    let row = |record: &Option<_>| {
        record.as_ref().map(Row::of).transpose().map_err(|why| StoreError::usage(format!("cannot be stored: {why}")))
    };
    Ok((row(&change.before)?, row(&change.after)?))
}

/// What was done to one row.
#[derive(Debug, Clone)]
struct Done {
    before: Option<Row>,
    after: Option<Row>,
}

impl Done {
    fn row(&self) -> Option<&Row> {
        self.after.as_ref().or(self.before.as_ref())
    }

    /// Whether a column is not what it was.
    fn differs(&self, column: &str) -> bool {
        let value = |row: &Option<Row>| row.as_ref().and_then(|row| row.cells.get(column)).cloned();
        value(&self.before) != value(&self.after)
    }

    fn id(&self) -> i64 {
        let number = |row: &Row| row.table.is_numbered().then(|| row.cells.get("id").and_then(Value::as_i64)).flatten();
        self.row().and_then(number).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests;
