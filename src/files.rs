//! The only place that opens files with `std::fs`.
//!
//! Opening the live workspace file outside SQLite drops the process's locks on it, after which another process may
//! delete the write-ahead log and acknowledged rows are lost. So the store registers its file here, and it is refused.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Each open workspace file, once a connection.
static LIVE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
/// What SQLite keeps beside a workspace and holds open with it.
pub const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Registers a workspace file as open in this process, once more for each connection.
pub fn register_live(path: &Path) {
    if let Ok(mut live) = LIVE.lock() {
        live.push(path.to_owned());
    }
}

/// Takes one registration back, after its connection is closed.
pub fn forget_live(path: &Path) {
    if let Ok(mut live) = LIVE.lock()
        && let Some(at) = live.iter().position(|open| open == path)
    {
        live.swap_remove(at);
    }
}

/// Whether a path is a workspace file that is open in this process.
pub fn is_live(path: &Path) -> bool {
    is_any(path, &[""])
}

/// The file that SQLite keeps beside a workspace under a suffix.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Whether a path is, under whatever name, an open workspace with one of these suffixes. Looked up each time: companions
/// come and go, and another process may make them.
fn is_any(path: &Path, suffixes: &[&str]) -> bool {
    let Some(asked) = identity(path) else { return false };
    let is_open = |open: &PathBuf| suffixes.iter().any(|suffix| identity(&beside(open, suffix)) == Some(asked));
    LIVE.lock().is_ok_and(|live| live.iter().any(is_open))
}

/// Device and inode.
fn identity(path: &Path) -> Option<(u64, u64)> {
    std::fs::metadata(path).ok().map(|meta| (meta.dev(), meta.ino()))
}

/// Opens a regular file, a pipe or a device for reading.
///
/// # Errors
/// `IsADirectory` for a folder, `PermissionDenied` for an open workspace file and what lies beside it, else what the system says.
#[expect(clippy::disallowed_methods, reason = "the one place that opens files")]
pub fn open_read(path: &Path) -> io::Result<File> {
    if std::fs::metadata(path)?.is_dir() {
        return Err(io::Error::new(ErrorKind::IsADirectory, "is a folder"));
    }
    if is_live(path) {
        return Err(io::Error::new(ErrorKind::PermissionDenied, "is the open workspace file"));
    }
    if is_any(path, &COMPANIONS) {
        return Err(io::Error::new(ErrorKind::PermissionDenied, "belongs to the open workspace file"));
    }
    File::open(path)
}

/// Creates a file that must not exist, readable by its owner only.
///
/// # Errors
/// `AlreadyExists`, or what the system says.
#[expect(clippy::disallowed_methods, reason = "the one place that opens files")]
pub fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Writes a file whole or not at all: beside it, flushed, then renamed over it.
///
/// # Errors
/// What the system says; the old file stays as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".tmp-{}", std::process::id()));
    let beside = Path::new(&name);
    let written = create_new(beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| rename(beside, path)).inspect_err(|_| {
        let _ = remove(beside);
    })
}

/// Renames a file and flushes its folder, so that the new name survives a power cut.
///
/// # Errors
/// What the system says.
#[expect(clippy::disallowed_methods, reason = "the one place that renames files")]
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)?;
    let folder = to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Removes a file.
///
/// # Errors
/// What the system says.
#[expect(clippy::disallowed_methods, reason = "the one place that removes files")]
pub fn remove(path: &Path) -> io::Result<()> {
    std::fs::remove_file(path)
}
