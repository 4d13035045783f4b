//! The workspace file. Only this module speaks SQL.

mod backup;
mod batch;
mod beside;
mod blocks;
mod channels;
mod check;
mod columns;
mod connection;
mod dictionary;
mod digests;
mod drafts;
mod error;
mod events;
mod export;
mod firsts;
mod hash;
mod identity;
mod journal;
mod kept;
mod keyed;
mod ledger;
mod migrations;
mod money;
mod parcel;
mod passive;
mod people;
mod plans;
mod presence;
mod profile;
mod queue;
mod reads;
mod rejects;
mod roles;
mod rollup;
mod rows;
mod run;
mod sample;
mod saved;
mod scan;
mod sets;
mod settings;
mod spelling;
mod subscriptions;
mod tables;
mod texts;
mod tiers;
mod touches;
mod typed_rows;
mod undo;
mod versions;

pub use backup::BackupReport;
pub use batch::{BatchWriter, NewBatch};
pub use connection::Access;
pub use error::StoreError;
pub use export::text;
pub use firsts::FirstTouches;
pub use journal::STREAM;
pub use parcel::EventParcel;
pub use plans::{Author, Edited};
pub use queue::{Held, Waiting};
pub use rows::*;
pub use saved::{Choices, SavedMapping};
pub use subscriptions::SubscriptionRow;
pub use touches::medium;
pub use typed_rows::SeenRow;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use crate::domain::calendar::Calendar;
use crate::files;

use queue::Queue;

/// One connection to a workspace file.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: PathBuf,
    /// How long to wait for another process.
    busy: Duration,
    people: people::Known,
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
    /// Creates a workspace file, mode 0600, and opens it for writing. Nothing of it stays when that fails.
    ///
    /// # Errors
    /// When a file is already there, the folder is not writable, the disk is full or the filesystem is a network one.
    pub fn create(path: &Path, profile: &NewWorkspace) -> Result<Self, StoreError> {
        let path = connection::make(path)?;
        let made = Self::connect(path.clone(), Access::ReadWrite, Duration::from_secs(5)).and_then(|store| {
            migrations::run(&store.conn, &store.path)?;
            store.save_settings(profile)?;
            // Whether a file is ours is read from its header, which until then is in the write-ahead log alone.
            store.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok(store)
        });
        made.map_err(|error| {
            let error = error.at(&path);
            connection::remove(&path);
            error
        })
    }

    /// Opens a workspace file; `busy` is how long to wait for another writer. A file of an older schema is brought to
    /// the newest first, also to read it.
    ///
    /// # Errors
    /// When the file is missing, not ours, newer than this program, damaged or not to be opened.
    pub fn open(path: &Path, access: Access, busy: Duration) -> Result<Self, StoreError> {
        let real = connection::inspect(path)?;
        let open = |access| Self::connect(real.clone(), access, busy).map_err(|error| error.in_opening(path));
        let store = open(access)?;
        let done = match access {
            Access::ReadWrite => migrations::run(&store.conn, &store.path),
            Access::ReadOnly if migrations::is_older(&store.conn).map_err(|error| error.in_opening(path))? => {
                drop(store);
                let writer = open(Access::ReadWrite)?;
                migrations::run(&writer.conn, &writer.path).map_err(|error| error.at(path))?;
                return open(Access::ReadOnly);
            }
            Access::ReadOnly => Ok(()),
        };
        done.map_err(|error| error.at(path))?;
        Ok(store)
    }

    fn connect(path: PathBuf, access: Access, busy: Duration) -> Result<Self, StoreError> {
        let live = Live::of(&path);
        let conn = connection::open(&path, access, busy)?;
        Ok(Self { conn, people: people::Known::default(), _live: live, busy, path })
    }

    /// Waits so long for another writer from now on.
    ///
    /// # Errors
    /// Those of SQLite.
    pub fn wait_at_most(&mut self, busy: Duration) -> Result<(), StoreError> {
        self.busy = busy;
        Ok(self.conn.busy_timeout(busy)?)
    }

    /// A workspace that is never written to disk, for dry runs and tests.
    ///
    /// # Errors
    /// When memory is short.
    pub fn in_memory(profile: &NewWorkspace) -> Result<Self, StoreError> {
        let store = Self::apart(Connection::open_in_memory()?)?;
        migrations::run(&store.conn, &store.path)?;
        store.save_settings(profile)?;
        Ok(store)
    }

    /// A copy as of now in a temporary file that vanishes with it: for counting what an import would do, without the
    /// right to write and without a lock on anybody.
    ///
    /// # Errors
    /// When the file cannot be read or the temporary one not be written.
    pub fn scratch(&self) -> Result<Self, StoreError> {
        // An empty name is a temporary file of SQLite's, kept in memory while it is small.
        let mut conn = Connection::open("")?;
        rusqlite::backup::Backup::new(&self.conn, &mut conn)?.run_to_completion(4096, Duration::ZERO, None)?;
        Self::apart(conn)
    }

    fn apart(conn: Connection) -> Result<Self, StoreError> {
        connection::harden(&conn)?;
        let path = PathBuf::from(":memory:");
        Ok(Self { conn, people: people::Known::default(), _live: Live::of(&path), busy: Duration::ZERO, path })
    }

    fn queue(&self) -> Queue<'_> {
        Queue { path: &self.path, busy: self.busy, waiting: None }
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
        settings::calendar(&self.conn)
    }
}
