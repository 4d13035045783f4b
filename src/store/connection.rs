//! Opening the workspace file: who may, on what, and with which settings.
//!
//! The recipe and its reasons: WAL with synchronous FULL loses nothing on a power cut; a network filesystem loses half
//! the rows silently, so it is refused; nothing is written before the header says that the file is ours and not newer.

use std::io::{ErrorKind, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};
use rustix::fs::{Access as Right, FileType, access, lstat, statfs};

use super::StoreError;
use super::migrations::{APPLICATION_ID, NEWEST};
use crate::files::{self, COMPANIONS, beside};

/// Whether a workspace may be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read and write.
    ReadWrite,
    /// Read only.
    ReadOnly,
}

/// The oldest SQLite without the WAL-reset bug (sqlite.org/wal.html#walresetbug).
const OLDEST_SQLITE: i32 = 3_051_003;

/// Filesystems on which locks or the write-ahead log do not hold: NFS, SMB, CIFS, SMB2, 9p, other FUSE.
const REFUSED_FILESYSTEMS: [(u64, &str); 6] = [
    (0x6969, "NFS"),
    (0x517B, "SMB"),
    (0xFF53_4D42, "CIFS"),
    (0xFE53_4D42, "SMB2"),
    (0x0102_1997, "9p"),
    (0x6573_5546, "FUSE"),
];

/// Makes an empty file for a new workspace and returns its real path.
pub(super) fn make(path: &Path) -> Result<PathBuf, StoreError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.exists() {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|e| machine(folder, &e))?;
    }
    let name = path.file_name().ok_or_else(|| StoreError::usage(format!("{} is not a file name", path.display())))?;
    let real = folder.canonicalize().map_err(|e| machine(folder, &e))?.join(name);
    refuse_network(&real)?;
    match files::create_new(&real) {
        Ok(_) => Ok(real),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {
            Err(StoreError::usage(format!("{} exists; name another with --db, or open it", real.display())))
        }
        Err(e) => Err(machine(&real, &e)),
    }
}

/// Checks an existing file before SQLite touches it and returns its real path.
pub(super) fn inspect(path: &Path) -> Result<PathBuf, StoreError> {
    let shown = path.display();
    let stat = lstat(path).map_err(|e| match e.kind() {
        ErrorKind::NotFound => StoreError::usage(format!(
            "{shown}: no workspace there; `quarterdeck demo` shows a sample, `quarterdeck init` makes one, `quarterdeck import FILE` makes one from a file"
        )),
        _ => machine(path, &e.into()),
    })?;
    let refuse =
        |why: &str| Err(StoreError::refused(format!("{shown} {why}; nothing was changed; name a workspace with --db")));
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return refuse("is not a regular file");
    }
    if stat.st_uid != rustix::process::geteuid().as_raw() {
        return refuse("belongs to another account");
    }
    if stat.st_nlink != 1 {
        return refuse(
            "has a second name (a hard link), under which its write-ahead log is not found; remove that name",
        );
    }
    let real = path.canonicalize().map_err(|e| machine(path, &e))?;
    refuse_network(&real)?;
    if files::is_live(&real) {
        return Ok(real);
    }
    let mut head = Vec::new();
    files::open_read(&real).and_then(|f| f.take(100).read_to_end(&mut head)).map_err(|e| machine(path, &e))?;
    let word = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    if head.len() < 100 || !head.starts_with(b"SQLite format 3\0") || word(68) != APPLICATION_ID {
        return refuse("is not a quarterdeck workspace");
    }
    // Our files get both numbers in one transaction.
    if word(60) == 0 {
        return refuse("has a damaged header: it names no schema");
    }
    if word(60) > NEWEST {
        return refuse(&format!("was written by a newer quarterdeck (schema {}, this one knows {NEWEST})", word(60)));
    }
    Ok(real)
}

/// Takes away what [`make`] made, with the files that SQLite keeps beside it.
pub(super) fn remove(path: &Path) {
    for suffix in [""].iter().chain(&COMPANIONS) {
        // What cannot be removed is told by the next command that finds it.
        let _ = files::remove(&beside(path, suffix));
    }
}

/// Opens a file that [`make`] or [`inspect`] has passed.
pub(super) fn open(path: &Path, access: Access, busy: Duration) -> Result<Connection, StoreError> {
    const COMMON: OpenFlags = OpenFlags::SQLITE_OPEN_NOFOLLOW.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);
    if access == Access::ReadWrite {
        return open_to_write(
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | COMMON)?,
            path,
            busy,
        );
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | COMMON;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(busy)?;
    match harden(&conn).and_then(|()| Ok(conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?)) {
        // A folder that cannot be written takes no shared memory file, without which SQLite reads no workspace, unless
        // told that the file never changes. Nobody can change it there, and all is in it when no log lies beside it.
        Err(error) if error.exit_code() == 4 && is_sealed(path) => {
            let conn = Connection::open_with_flags(immutable(path), flags | OpenFlags::SQLITE_OPEN_URI)?;
            harden(&conn)?;
            Ok(conn)
        }
        done => done.map(|()| conn),
    }
}

fn open_to_write(conn: Connection, path: &Path, busy: Duration) -> Result<Connection, StoreError> {
    conn.busy_timeout(busy)?;
    harden(&conn)?;
    let mode: String = conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(StoreError::machine(format!("{}: no write-ahead log on this filesystem ({mode})", path.display())));
    }
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "journal_size_limit", 16 << 20)?;
    conn.pragma_update(None, "wal_autocheckpoint", 1000)?;
    hold(&conn, MOST_HELD)?;
    Ok(conn)
}

/// Pages that SQLite keeps in memory at most, in KiB.
pub(super) const MOST_HELD: i64 = 48 << 10;

/// Lets SQLite keep so many KiB of pages in memory.
pub(super) fn hold(conn: &Connection, kib: i64) -> Result<(), StoreError> {
    Ok(conn.pragma_update(None, "cache_size", -kib)?)
}

/// Whether the folder cannot be written, and no write-ahead log lies there.
fn is_sealed(path: &Path) -> bool {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    access(folder, Right::WRITE_OK).is_err()
        && std::fs::metadata(beside(path, "-wal")).map_or(true, |log| log.len() == 0)
}

/// The name under which SQLite takes a file as unchanging. Every byte that could mean something in a URI is written as a
/// number, so the path stays one.
fn immutable(path: &Path) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-".contains(&b);
    let name = path.as_os_str().as_bytes().iter().fold(String::new(), |name, byte| {
        if plain(*byte) { name + &char::from(*byte).to_string() } else { format!("{name}%{byte:02X}") }
    });
    format!("file:{name}?immutable=1")
}

/// Settings that hold for every connection, also one in memory.
pub(super) fn harden(conn: &Connection) -> Result<(), StoreError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(StoreError::machine(format!(
            "SQLite {} is too old to be safe; 3.51.3 is needed",
            rusqlite::version()
        )));
    }
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    // A plan does not depend on the values bound; with this SQLite build it would be made anew for every row.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "foreign_keys", "ON")?;
    conn.pragma_update(None, "cell_size_check", "ON")?;
    conn.pragma_update(None, "mmap_size", 0)?;
    conn.set_prepared_statement_cache_capacity(64);
    let limits = [
        (Limit::SQLITE_LIMIT_LENGTH, 16 << 20),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
        (Limit::SQLITE_LIMIT_COLUMN, 100),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 30),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 3),
        (Limit::SQLITE_LIMIT_VDBE_OP, 25_000),
        (Limit::SQLITE_LIMIT_FUNCTION_ARG, 8),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50),
        (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 32),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10),
    ];
    for (limit, value) in limits {
        conn.set_limit(limit, value)?;
    }
    Ok(())
}

fn refuse_network(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let found = statfs(folder).map_err(|e| machine(folder, &e.into()))?;
    match network_name(found.f_type as u64) {
        Some(name) => Err(StoreError::machine(format!(
            "{} is on a network filesystem ({name}), where rows get lost; keep the workspace on a local disk and reach it by `ssh -t HOST quarterdeck`",
            path.display()
        ))),
        None => Ok(()),
    }
}

/// The name of a filesystem that is refused, by its statfs magic number.
fn network_name(magic: u64) -> Option<&'static str> {
    let magic = magic & 0xFFFF_FFFF;
    REFUSED_FILESYSTEMS.iter().find(|(m, _)| *m == magic).map(|(_, name)| *name)
}

fn machine(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::machine(format!("{}: {error}; check the path and its permissions", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_filesystems_are_known_by_their_magic_number() {
        assert_eq!(network_name(0x6969), Some("NFS"));
        assert_eq!(network_name(0xFFFF_FFFF_FF53_4D42), Some("CIFS"));
        assert_eq!(network_name(0xEF53), None);
    }

    #[test]
    fn a_path_stays_a_path_inside_a_uri() {
        assert_eq!(immutable(Path::new("/a b/c?mode=rw#%.db")), "file:/a%20b/c%3Fmode%3Drw%23%25.db?immutable=1");
    }

    #[test]
    fn the_compiled_in_sqlite_is_new_enough() {
        assert!(rusqlite::version_number() >= OLDEST_SQLITE);
    }
}
