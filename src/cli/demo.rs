//! `quarterdeck demo`: the sample workspace, in a file of its own.

use std::path::{Path, PathBuf};

use crate::domain::calendar::{Calendar, Day};
use crate::engine::{Access, Clock, Engine, demo};
use crate::files;

use super::output::{Failure, note};
use super::{Deck, open, workspace};

/// Runs the command: writes the sample where it is missing or old, then opens it; without a terminal prints its path.
///
/// # Errors
/// When the file cannot be written, or is not the sample.
pub fn run(deck: &mut Deck) -> Result<u8, Failure> {
    let path = deck.path()?.with_file_name("demo.db");
    let clock = deck.clock();
    let last = yesterday(clock);
    if !is_current(&path, last, clock) {
        write(&path, last, clock)?;
    }
    open::open(&path, deck)
}

fn yesterday(clock: Clock) -> Day {
    let calendar: Calendar = demo::calendar(Day(clock.now.utc_day()));
    clock.day(&calendar).plus(-1)
}

/// Whether the sample is there and ends on the day.
fn is_current(path: &Path, last: Day, clock: Clock) -> bool {
    let status = workspace::exists(path).then(|| Engine::open(path, Access::ReadOnly, super::BUSY).ok()).flatten();
    let history = status.and_then(|mut engine| open::status(&mut engine, clock).ok()).and_then(|s| s.history);
    history.is_some_and(|span| span.last == last)
}

fn write(path: &Path, last: Day, clock: Clock) -> Result<(), Failure> {
    let beside = PathBuf::from(format!("{}.new-{}", path.display(), std::process::id()));
    note("writing the sample workspace, a few seconds");
    drop(Engine::create_demo(&beside, last, clock)?);
    // The last connection closed its write-ahead log into the file, so the file moves alone.
    for stale in ["-wal", "-shm"] {
        let side = PathBuf::from(format!("{}{stale}", path.display()));
        if side.exists() {
            files::remove(&side)?;
        }
    }
    files::rename(&beside, path)?;
    Ok(())
}
