//! `quarterdeck` without a workspace, on a terminal: asks how to begin, makes that, and opens it.

use std::path::{Path, PathBuf};

use crate::app::first_run::{Begin, FirstRun, Machine, Opening};
use crate::domain::calendar::WeekStart;
use crate::engine::NewWorkspace;
use crate::files;
use crate::runtime::{self, Console};

use super::output::Failure;
use super::{Deck, demo, open, workspace};

/// Runs the first screen, then the dashboard of what was chosen. Leaving it writes nothing.
///
/// # Errors
/// When the terminal fails, or what was chosen cannot be made.
pub fn run(path: &Path, deck: &Deck) -> Result<u8, Failure> {
    let machine = Machine { workspace: path.to_path_buf(), zone: workspace::machine_zone(), readable };
    let mut console = Console::take().map_err(open::failed)?;
    let screen = FirstRun::new(machine, deck.flags.screen_look(), console.size());
    let asked = console.ask(screen).map_err(|error| open::failed(error.into()))?;
    let Some(begin) = asked.begun() else { return Ok(0) };
    // Lent, because making the sample takes a while, says so, and may be stopped.
    let made = console.lend(|| make(begin, path, deck)).map_err(|error| open::failed(error.into()));
    // A refusal is told on the terminal as it was found.
    let (path, opening) = match made.and_then(|made| made) {
        Ok(made) => made,
        Err(failure) => {
            drop(console);
            return Err(failure);
        }
    };
    open::on(|| Ok(console), &path, opening, deck)
}

/// Makes what was chosen: its file, and what the dashboard opens with.
fn make(begin: Begin, path: &Path, deck: &Deck) -> Result<(PathBuf, Opening), Failure> {
    match begin {
        Begin::Sample => Ok((demo::ready(path, deck)?, Opening::Today)),
        Begin::New { product, currency, zone, opening } => {
            let profile = NewWorkspace {
                product,
                form: String::new(),
                stage: String::new(),
                currency,
                zone,
                week_start: WeekStart::default(),
            };
            drop(workspace::create(path, &profile)?);
            Ok((path.to_path_buf(), opening))
        }
    }
}

/// The file at a typed path, where it can be read.
fn readable(typed: &Path) -> Result<PathBuf, String> {
    let path = runtime::home_path(typed);
    // Opening a pipe waits for its writer, and what it sends is gone after one reading.
    let kind = std::fs::metadata(&path).map(|meta| meta.is_file() || meta.is_dir());
    match kind.and_then(|plain| if plain { files::open_read(&path).map(drop) } else { Ok(()) }) {
        Ok(()) => Ok(path),
        Err(error) => Err(format!("file: {}: {error}; type another path", path.display())),
    }
}
