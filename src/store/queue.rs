//! Waiting for the one writer that a workspace has at a time, and knowing which process it is.

use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode};

use super::{StoreError, migrations};
use crate::files;

/// Pause between two tries. SQLite's own waiting ends in pauses of 100 ms, which a busy importer always wins.
const POLL: Duration = Duration::from_millis(5);
/// Tries of the full waiting time before a writer that may give up does.
const TRIES: u32 = 3;
/// Readings of the list of locks before nobody is found to hold one.
const READINGS: u32 = 3;
/// The byte of the `-shm` file that SQLite locks while it writes (sqlite.org/walformat.html#locks).
const WRITE_LOCK: u64 = 120;

/// Another process is writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Which, where the system tells.
    pub pid: Option<u32>,
    /// For how long it has been waited for.
    pub waited: Duration,
}

/// Asked again and again while another process writes: whether to go on waiting.
pub type Waiting<'a> = &'a dyn Fn(Held) -> bool;

/// How one connection waits for its turn.
#[derive(Clone, Copy)]
pub(super) struct Queue<'a> {
    pub(super) path: &'a Path,
    /// What the connection waits for anything else.
    pub(super) busy: Duration,
    /// `None` gives up after three times `busy`.
    pub(super) waiting: Option<Waiting<'a>>,
}

impl Queue<'_> {
    /// Begins a writing transaction when the turn comes.
    pub(super) fn begin(&self, conn: &Connection) -> Result<(), StoreError> {
        conn.busy_timeout(POLL)?;
        let begun = self.wait(conn);
        conn.busy_timeout(self.busy)?;
        begun?;
        migrations::check_version(conn).inspect_err(|_| roll_back(conn))
    }

    fn wait(&self, conn: &Connection) -> Result<(), StoreError> {
        let since = Instant::now();
        loop {
            match conn.execute_batch("BEGIN IMMEDIATE") {
                Err(error) if is_busy(&error) => {
                    let held = Held { pid: holder(self.path), waited: since.elapsed() };
                    let go_on = self.waiting.map_or(held.waited < self.busy * TRIES, |ask| ask(held));
                    if !go_on {
                        return Err(gave_up(held));
                    }
                }
                done => return Ok(done?),
            }
        }
    }

    /// Runs `work` in one writing transaction; nothing of it stays when it fails.
    pub(super) fn transaction<T>(
        &self,
        conn: &Connection,
        work: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.begin(conn)?;
        let done = work().and_then(|value| {
            conn.execute_batch("COMMIT")?;
            Ok(value)
        });
        done.inspect_err(|_| roll_back(conn))
    }

    /// Runs `work` in one writing transaction; nothing of it stays when it fails, or gives what it refused.
    pub(super) fn transaction_unless<T>(
        &self,
        conn: &Connection,
        work: impl FnOnce() -> Result<Result<T, T>, StoreError>,
    ) -> Result<T, StoreError> {
        self.begin(conn)?;
        let done = work().and_then(|outcome| {
            if outcome.is_ok() {
                conn.execute_batch("COMMIT")?;
            } else {
                roll_back(conn);
            }
            Ok(outcome.unwrap_or_else(|refused| refused))
        });
        done.inspect_err(|_| roll_back(conn))
    }
}

/// Ends a failed transaction. The first error is the one to tell; a failed rollback leaves it to the closing of the file.
pub(super) fn roll_back(conn: &Connection) {
    if !conn.is_autocommit() {
        let _ = conn.execute_batch("ROLLBACK");
    }
}

/// Busy, busy with recovery, or busy because what was read is no longer the newest.
fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn gave_up(held: Held) -> StoreError {
    let who = held.pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"));
    StoreError::workspace(format!(
        "{who} has been writing to it for {} s; what was committed stays; try again when it is done",
        held.waited.as_secs()
    ))
}

/// The process that holds the write lock, as `/proc/locks` tells. Where others lock and unlock while it is read, the list
/// may leave out a lock that is held (3 of 100 readings beside three busy processes), so one is not believed.
fn holder(path: &Path) -> Option<u32> {
    let inode = std::fs::metadata(crate::files::beside(path, "-shm")).ok()?.ino();
    (0..READINGS).find_map(|_| writer_of(&read("/proc/locks")?, inode))
}

fn writer_of(locks: &str, inode: u64) -> Option<u32> {
    locks.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [.., "WRITE", pid, file, from, to] = words.as_slice() else { return None };
        let at = file.rsplit(':').next()?.parse::<u64>().ok()?;
        let covers = from.parse::<u64>().ok()? <= WRITE_LOCK && to.parse::<u64>().map_or(true, |to| to >= WRITE_LOCK);
        (at == inode && covers).then(|| pid.parse().ok()).flatten()
    })
}

/// Names this process so that another can tell later whether it still runs: its number and, where the system tells, when
/// it started, because numbers come again.
pub(super) fn this_process() -> String {
    let pid = std::process::id();
    format!("{pid}:{}", started(pid).unwrap_or_default())
}

/// The number of a process that [`this_process`] named, if it still runs.
pub(super) fn running(name: &str) -> Option<u32> {
    let (pid, start) = name.split_once(':')?;
    let pid: u32 = pid.parse().ok()?;
    match started(pid) {
        Some(now) => (now == start).then_some(pid),
        // Without /proc only the number tells.
        None if start.is_empty() => {
            let id = rustix::process::Pid::from_raw(i32::try_from(pid).ok()?)?;
            rustix::process::test_kill_process(id).is_ok().then_some(pid)
        }
        None => None,
    }
}

/// Start time of a process in clock ticks since boot: field 22 of its stat line, after the name in parentheses.
fn started(pid: u32) -> Option<String> {
    let stat = read(&format!("/proc/{pid}/stat"))?;
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(19).map(str::to_owned)
}

fn read(path: &str) -> Option<String> {
    let mut text = String::new();
    files::open_read(Path::new(path)).ok()?.read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_of_the_write_lock_is_read_from_the_lock_table() {
        let locks = "1: POSIX  ADVISORY  READ  77 fe:00:131 124 124\n\
                     2: POSIX  ADVISORY  WRITE 78 fe:00:131 121 121\n\
                     3: FLOCK  ADVISORY  WRITE 79 fe:00:9 0 EOF\n\
                     4: POSIX  ADVISORY  WRITE 80 fe:00:131 120 120\n";
        assert_eq!(writer_of(locks, 131), Some(80));
        assert_eq!(writer_of(locks, 9), Some(79));
        assert_eq!(writer_of(locks, 1), None);
    }

    #[test]
    fn a_process_is_known_by_its_number_and_its_start() {
        assert_eq!(running(&this_process()), Some(std::process::id()));
        assert_eq!(running(&format!("{}:1", std::process::id())), None);
        assert_eq!(running("0:"), None);
        assert_eq!(running("nonsense"), None);
    }
}
