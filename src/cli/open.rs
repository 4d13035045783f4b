//! `quarterdeck` without a command: the dashboard.

use std::path::Path;

use crate::engine::{Clock, Engine};
use crate::query::{Answer, Query, Status};

use super::Deck;
use super::output::Failure;

/// Opens the workspace's dashboard.
///
/// # Errors
/// When there is no workspace.
pub fn run(deck: &mut Deck) -> Result<u8, Failure> {
    let path = deck.path()?;
    deck.open()?;
    open(&path, deck)
}

/// Opens the dashboard of a workspace; without a terminal prints its path.
pub fn open(path: &Path, deck: &mut Deck) -> Result<u8, Failure> {
    deck.out.line(&path.display().to_string())?;
    Ok(0)
}

/// What the frame shows.
pub fn status(engine: &mut Engine, clock: Clock) -> Result<Status, Failure> {
    match engine.answer(&Query::Status, clock)? {
        Answer::Status(status) => Ok(status),
        _ => Err(Failure::failed("the engine answered another question")),
    }
}
