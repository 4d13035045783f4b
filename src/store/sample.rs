//! The sample workspace: how it is known again, and how it is told anew while other processes have it open.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::{Store, StoreError};
use crate::domain::calendar::Day;

/// Setting that only the sample has: its last day.
const KEY: &str = "sample";

impl Store {
    /// Last day of the sample; `None` in a workspace of somebody's own.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sample_day(&self) -> Result<Option<Day>, StoreError> {
        let sql = "SELECT value FROM setting WHERE key = ?1";
        let day: Option<String> = self.conn.query_row(sql, [KEY], |row| row.get(0)).optional()?;
        Ok(day.as_deref().and_then(Day::parse))
    }

    /// Marks the workspace as the sample that ends with a day.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn mark_sample(&self, last: Day) -> Result<(), StoreError> {
        self.queue().transaction(&self.conn, || self.set(KEY, &last.to_string()))
    }

    /// Replaces everything in this workspace by what a file holds that no process has open. Other processes that have
    /// this one open see the new content, because it is written through SQLite and the file stays the same.
    ///
    /// # Errors
    /// When the file cannot be read, or another process is writing here.
    pub fn take_content_of(&mut self, path: &Path) -> Result<(), StoreError> {
        let from = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let copy = rusqlite::backup::Backup::new(&from, &mut self.conn)?;
        copy.run_to_completion(4096, Duration::ZERO, None)?;
        drop(copy);
        self.people.forget();
        Ok(())
    }
}
