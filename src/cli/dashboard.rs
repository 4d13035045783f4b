//! The dashboard of a workspace that is there.

use std::path::Path;
use std::time::Duration;

use crate::app::AppOptions;
use crate::app::first_run::Opening;
use crate::engine::{Access, Clock, Engine};
use crate::runtime::{self, Console, Desk, Options};

use super::actor::actor;
use super::flags::now;
use super::output::Failure;
use super::{Deck, workspace};

/// How long a screen waits for another writer.
const BUSY: Duration = Duration::from_millis(250);

/// Opens the dashboard of a workspace; without a terminal prints its path.
pub fn open(path: &Path, deck: &mut Deck) -> Result<u8, Failure> {
    match runtime::check() {
        Err(runtime::Failure::NotATerminal) => {
            deck.out.line(&path.display().to_string())?;
            Ok(0)
        }
        _ => show(path, deck),
    }
}

/// Opens the dashboard of a workspace.
///
/// # Errors
/// When there is no terminal, or the workspace cannot be opened.
pub fn show(path: &Path, deck: &Deck) -> Result<u8, Failure> {
    on(Console::take, path, Opening::Today, deck)
}

/// Opens the dashboard of a workspace on a terminal, which is taken when the workspace could be opened.
pub fn on(
    take: impl FnOnce() -> Result<Console, runtime::Failure>,
    path: &Path,
    opening: Opening,
    deck: &Deck,
) -> Result<u8, Failure> {
    let access = if deck.flags.read_only { Access::ReadOnly } else { Access::ReadWrite };
    // Whoever starts waits longer for another process that brings the file to the newest schema.
    let mut engine = workspace::open(path, access)?;
    engine.wait_at_most(BUSY)?;
    engine.act_as(actor());
    let workspace = path.to_path_buf();
    let options = Options {
        app: AppOptions {
            today: deck.flags.today,
            look: deck.flags.screen_look(),
            size: (80, 24),
            editor: runtime::editor().is_some(),
        },
        opening,
        folder: ".".into(),
        rescue: Box::new(move |drafts| {
            // The program ends: there is nobody left to tell why it could not be done.
            if let (Access::ReadWrite, Ok(mut engine)) = (access, Engine::open(&workspace, access, BUSY)) {
                engine.act_as(actor());
                drop(engine.keep_drafts(drafts));
            }
        }),
    };
    take().and_then(|console| console.run(Desk::new(engine, clock, deck.flags.today), options)).map_err(failed)
}

/// Why the terminal cannot be used, as the command line tells it.
#[expect(clippy::needless_pass_by_value, reason = "what map_err gives")]
pub fn failed(error: runtime::Failure) -> Failure {
    Failure { code: error.exit_code(), line: Some(error.to_string()) }
}

fn clock() -> Clock {
    Clock { now: now(), today: None }
}
