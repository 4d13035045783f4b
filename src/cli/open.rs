//! `quarterdeck` without a command: the dashboard, or without a workspace the question how to begin.

use crate::runtime;

use super::output::Failure;
use super::{Deck, dashboard, first_run, workspace};

/// Opens the workspace's dashboard.
///
/// # Errors
/// When there is no workspace, or no terminal.
pub fn run(deck: &mut Deck) -> Result<u8, Failure> {
    let path = deck.path()?;
    if !workspace::exists(&path) && !deck.flags.read_only && runtime::check().is_ok() {
        return first_run::run(&path, deck);
    }
    dashboard::show(&path, deck)
}
