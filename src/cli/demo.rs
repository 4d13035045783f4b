//! `quarterdeck demo`: the sample workspace, in a file of its own.

use std::path::{Path, PathBuf};

use crate::domain::calendar::{Calendar, Day};
use crate::engine::{Access, Clock, Engine, demo};
use crate::files;

use super::output::{Failure, note};
use super::{BUSY, Deck, open, workspace};

/// Name of the sample's file, beside the workspace.
const NAME: &str = "demo.db";

/// Runs the command: writes the sample where it is missing or old, then opens it; without a terminal prints its path.
///
/// # Errors
/// When the file cannot be written, or something else stands at its place.
pub fn run(deck: &mut Deck) -> Result<u8, Failure> {
    let path = ready(&deck.path()?, deck)?;
    open::open(&path, deck)
}

/// The sample beside a workspace, written where it is missing or old.
///
/// # Errors
/// When the file cannot be written, or something else stands at its place.
pub fn ready(beside: &Path, deck: &Deck) -> Result<PathBuf, Failure> {
    let path = beside.with_file_name(NAME);
    let clock = deck.clock();
    let last = yesterday(clock);
    if !workspace::exists(&path) {
        tell(&path, last, clock)?;
    } else if is_outdated(&path, last)? {
        renew(&path, last, clock)?;
    }
    Ok(path)
}

fn yesterday(clock: Clock) -> Day {
    let calendar: Calendar = demo::calendar(Day(clock.now.utc_day()));
    clock.day(&calendar).plus(-1)
}

/// Whether the file is a sample that ends on another day and holds nothing of the operator's own.
fn is_outdated(path: &Path, last: Day) -> Result<bool, Failure> {
    let sample = Engine::open(path, Access::ReadOnly, BUSY)?.sample()?;
    let Some(sample) = sample else {
        return Err(Failure::usage(format!(
            "{} is a workspace of your own, not the sample; nothing was changed; rename it, or name another place with \
             --db",
            path.display()
        )));
    };
    if sample.edited && sample.last != last {
        note(&format!(
            "{} ends on {} and stays as it is, because it was edited; remove it for a new one",
            path.display(),
            sample.last
        ));
    }
    Ok(!sample.edited && sample.last != last)
}

/// Writes the sample where there is none.
fn tell(path: &Path, last: Day, clock: Clock) -> Result<(), Failure> {
    let new = write_beside(path, last, clock)?;
    // The last connection closed its write-ahead log into the file, so the file moves alone.
    files::rename(&new, path)?;
    Ok(())
}

/// Puts a new sample into the file of the old one, which another dashboard may have open.
fn renew(path: &Path, last: Day, clock: Clock) -> Result<(), Failure> {
    let new = write_beside(path, last, clock)?;
    let done = Engine::open(path, Access::ReadWrite, BUSY).and_then(|mut old| old.take_content_of(&new));
    files::remove(&new)?;
    Ok(done?)
}

fn write_beside(path: &Path, last: Day, clock: Clock) -> Result<PathBuf, Failure> {
    let new = PathBuf::from(format!("{}.new-{}", path.display(), std::process::id()));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        workspace::make_folder(folder)?;
    }
    note("writing the sample workspace, a few seconds");
    drop(Engine::create_demo(&new, last, clock)?);
    Ok(new)
}
