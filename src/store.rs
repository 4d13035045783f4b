//! The workspace file. Only this module speaks SQL.

mod backup;
mod batch;
mod check;
mod connection;
mod dictionary;
mod error;
mod events;
mod export;
mod identity;
mod ledger;
mod migrations;
mod reads;
mod rollup;
mod rows;
mod sample;
mod sets;
mod undo;

pub use backup::BackupReport;
pub use batch::{BatchWriter, NewBatch};
pub use connection::Access;
pub use error::StoreError;
pub use rows::*;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use crate::domain::calendar::Calendar;
use crate::files;

/// One connection to a workspace file.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: PathBuf,
    /// Dropped after the connection.
    _live: Live,
}

/// The registration of an open workspace file (see [`files`]).
#[derive(Debug)]
struct Live(PathBuf);

impl Live {
    fn of(path: &Path) -> Self {
        files::register_live(path);
        Self(path.to_path_buf())
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        files::forget_live(&self.0);
    }
}

/// Stops a running statement of a [`Store`] from another thread.
pub struct InterruptHandle(rusqlite::InterruptHandle);

impl InterruptHandle {
    /// Makes the running statement fail; without one it does nothing.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
}

impl Store {
    /// Creates a workspace file, mode 0600, and opens it for writing.
    ///
    /// # Errors
    /// When a file is already there, the folder is not writable or the filesystem is a network one.
    pub fn create(path: &Path, profile: &NewWorkspace) -> Result<Self, StoreError> {
        let path = connection::make(path)?;
        let store = Self::connect(path, Access::ReadWrite, Duration::from_secs(5))?;
        migrations::run(&store.conn, &store.path)?;
        store.save_settings(profile)?;
        Ok(store)
    }

    /// Opens a workspace file; `busy` is how long to wait for another writer.
    ///
    /// # Errors
    /// When the file is missing, not ours, newer than this program, damaged or not to be opened.
    pub fn open(path: &Path, access: Access, busy: Duration) -> Result<Self, StoreError> {
        let path = connection::inspect(path)?;
        let store = Self::connect(path, access, busy)?;
        if access == Access::ReadWrite {
            migrations::run(&store.conn, &store.path)?;
        }
        Ok(store)
    }

    fn connect(path: PathBuf, access: Access, busy: Duration) -> Result<Self, StoreError> {
        let live = Live::of(&path);
        Ok(Self { conn: connection::open(&path, access, busy)?, _live: live, path })
    }

    /// A workspace that is never written to disk, for dry runs and tests.
    ///
    /// # Errors
    /// When memory is short.
    pub fn in_memory(profile: &NewWorkspace) -> Result<Self, StoreError> {
        let conn = Connection::open_in_memory()?;
        connection::harden(&conn)?;
        let path = PathBuf::from(":memory:");
        let store = Self { conn, _live: Live::of(&path), path };
        migrations::run(&store.conn, &store.path)?;
        store.save_settings(profile)?;
        Ok(store)
    }

    /// A handle that stops a running statement from another thread.
    pub fn interrupt_handle(&self) -> InterruptHandle {
        InterruptHandle(self.conn.get_interrupt_handle())
    }

    fn save_settings(&self, profile: &NewWorkspace) -> Result<(), StoreError> {
        let currency = profile.currency.map(|c| c.code().to_owned()).unwrap_or_default();
        let pairs = [
            ("product", profile.product.as_str()),
            ("form", &profile.form),
            ("stage", &profile.stage),
            ("currency", &currency),
            ("zone", profile.zone.name()),
            ("week_start", profile.week_start.name()),
        ];
        for (key, value) in pairs {
            self.set(key, value)?;
        }
        Ok(())
    }

    fn set(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.conn.execute(sql, (key, value))?;
        Ok(())
    }

    fn calendar(&self) -> Result<Calendar, StoreError> {
        let settings = self.settings()?;
        Ok(Calendar { zone: settings.zone, week_start: settings.week_start })
    }
}

/// Runs `work` in one writing transaction; nothing of it stays when it fails.
fn immediate<T>(conn: &Connection, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    conn.execute_batch("BEGIN IMMEDIATE")?;
    let done = migrations::check_version(conn).and_then(|()| work()).and_then(|value| {
        conn.execute_batch("COMMIT")?;
        Ok(value)
    });
    if done.is_err() && !conn.is_autocommit() {
        // The first error is the one to tell; a failed rollback leaves the transaction to the closing of the file.
        let _ = conn.execute_batch("ROLLBACK");
    }
    done
}
