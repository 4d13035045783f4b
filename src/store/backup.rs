//! Copies of the workspace that are checked before they get their name.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

use super::{Store, StoreError};
use crate::files;

/// A finished backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// Where it is.
    pub path: PathBuf,
    /// Size in bytes.
    pub bytes: u64,
    /// Events in it.
    pub events: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

impl Store {
    /// Copies the workspace as of now to a file that must not exist; other processes may go on writing.
    ///
    /// # Errors
    /// When the target exists, the disk is full, or the copy does not pass SQLite's integrity check.
    pub fn backup(&self, to: &Path) -> Result<BackupReport, StoreError> {
        // A link that points nowhere exists too.
        if to.symlink_metadata().is_ok() {
            return Err(StoreError::usage(format!(
                "{} exists; a backup never overwrites, name another file",
                to.display()
            )));
        }
        let folder = to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(StoreError::usage(format!(
                "{}: there is no folder {}; make it, or name another file",
                to.display(),
                folder.display()
            )));
        }
        copy(&self.conn, to)
    }
}

/// Copies the file beside itself before its schema changes.
pub(super) fn before_migration(conn: &Connection, path: &Path, from: u32, to: u32) -> Result<(), StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".pre-v{to}-from-v{from}"));
    let target = PathBuf::from(name);
    if target.exists() { Ok(()) } else { copy(conn, &target).map(|_| ()) }
}

fn copy(conn: &Connection, to: &Path) -> Result<BackupReport, StoreError> {
    let mut name = to.as_os_str().to_owned();
    name.push(format!(".tmp-{}", std::process::id()));
    let beside = PathBuf::from(name);
    let done = copy_to(conn, &beside, to).and_then(|events| {
        let report = describe(&beside, to, events)?;
        files::rename(&beside, to).map_err(|e| refused(to, &e))?;
        Ok(report)
    });
    if done.is_err() {
        let _ = files::remove(&beside);
    }
    // What the machine refuses, it refuses to the copy; damage is the original's.
    done.map_err(|error| if error.exit_code() == 4 { error.at(to) } else { error })
}

fn copy_to(conn: &Connection, beside: &Path, to: &Path) -> Result<u64, StoreError> {
    files::create_new(beside).map_err(|e| refused(to, &e))?;
    let mut copy = Connection::open_with_flags(beside, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    rusqlite::backup::Backup::new(conn, &mut copy)?.run_to_completion(1024, Duration::ZERO, None)?;
    // One file that can be moved alone: no write-ahead log beside it.
    copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    let verdict: String = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(StoreError::refused(format!(
            "the copy is damaged: {}; no backup was made; see `quarterdeck doctor`, and keep the older backups",
            verdict.replace('\n', " ")
        )));
    }
    events(&copy)
}

/// Events in the numbers of a file, which may be one of an older schema with a row for each.
fn events(conn: &Connection) -> Result<u64, StoreError> {
    let sql = if conn.table_exists(None, "event")? {
        "SELECT count(*) FROM event"
    } else {
        "SELECT ifnull(sum(n), 0) FROM event_block WHERE batch NOT IN (SELECT id FROM batch WHERE state = 2)"
    };
    Ok(conn.query_row(sql, [], |row| row.get::<_, i64>(0))? as u64)
}

fn refused(to: &Path, error: &std::io::Error) -> StoreError {
    StoreError::machine(format!(
        "{}: {error}; no backup was made; name a file in a folder that can be written",
        to.display()
    ))
}

fn describe(beside: &Path, to: &Path, events: u64) -> Result<BackupReport, StoreError> {
    let failed = |e: std::io::Error| refused(to, &e);
    let mut file = files::open_read(beside).map_err(failed)?;
    let (mut hash, mut buffer, mut bytes) = (Sha256::new(), vec![0; 1 << 16], 0);
    loop {
        let n = file.read(&mut buffer).map_err(failed)?;
        if n == 0 {
            break;
        }
        hash.update(buffer.get(..n).unwrap_or_default());
        bytes += n as u64;
    }
    file.sync_all().map_err(failed)?;
    let hex = |text: String, byte: &u8| format!("{text}{byte:02x}");
    let sha256 = hash.finalize().iter().fold(String::new(), hex);
    Ok(BackupReport { path: to.to_path_buf(), bytes, events, sha256 })
}
