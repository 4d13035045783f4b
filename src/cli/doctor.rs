//! `quarterdeck doctor`: is the file sound, and do its numbers follow from its rows?

use std::ops::ControlFlow;

use clap::Args;

use crate::query::{Command, Outcome};

use super::Deck;
use super::output::{FINDINGS, Failure};
use super::table::{Cell, Format, Table};

/// Check the file and compare the rollups with the raw rows.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// How to write the checks
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// When the file cannot be opened at all.
pub fn run(args: &DoctorArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let outcome = engine.run(&Command::Verify, deck.clock(), &mut |_| ControlFlow::Continue(()))?;
    let Outcome::Verified(report) = outcome else {
        return Err(Failure::failed("the engine did something else"));
    };
    let mut table = Table::new(&["check", "passed", "facts"]);
    table.rows = report
        .checks
        .iter()
        .map(|(check, passed, facts)| vec![Cell::text(check), Cell::Flag(*passed), Cell::text(facts)])
        .collect();
    deck.write(&table, args.format)?;
    Ok(if report.passed() { 0 } else { FINDINGS })
}
