//! `quarterdeck backup`: a checked copy.

use std::path::PathBuf;

use clap::Args;

use super::Deck;
use super::output::Failure;

/// A checked copy of the workspace.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// File to write; it must not exist
    #[arg(value_name = "PATH")]
    to: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// When the target exists, the disk is full or the copy is damaged.
pub fn run(args: &BackupArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let report = deck.open()?.backup(&args.to)?;
    deck.out.line(&format!(
        "{}  {} bytes  {} events  sha256 {}",
        report.path.display(),
        report.bytes,
        report.events,
        report.sha256
    ))?;
    Ok(0)
}
