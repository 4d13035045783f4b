//! `quarterdeck setting`: where verdicts begin.

use std::ops::ControlFlow;

use clap::{Args, Subcommand};

use crate::query::{Command, Outcome, SETTINGS, Setting, Thresholds};

use super::Deck;
use super::nearest::nearest;
use super::output::Failure;
use super::table::{Cell, Format, Table};

/// Where verdicts such as OK, RISK and OFF begin; without a command, the list.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct SettingArgs {
    #[command(subcommand)]
    change: Option<Change>,
    /// How to write the list
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Change {
    /// Set one
    Set {
        /// Its name
        #[arg(value_name = "NAME", value_parser = known)]
        name: &'static Setting,
        /// Its value: shares as 0.8
        #[arg(value_name = "VALUE", allow_negative_numbers = true)]
        value: f64,
    },
    /// Let one be as usual again
    Reset {
        /// Its name
        #[arg(value_name = "NAME", value_parser = known)]
        name: &'static Setting,
    },
}

fn known(text: &str) -> Result<&'static Setting, String> {
    crate::query::setting(text).ok_or_else(|| {
        let near = nearest(text, SETTINGS.iter().map(|row| row.key)).map(|near| format!("; nearest is {near}"));
        format!("no setting has this name{}; `quarterdeck setting` lists them", near.unwrap_or_default())
    })
}

/// Runs the command.
///
/// # Errors
/// When the value makes no sense, or the workspace cannot be read or written.
pub fn run(args: &SettingArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let (name, value) = match args.change {
        None => {
            let mut engine = deck.open()?;
            let now = answer!(deck, engine, Thresholds);
            return deck.write(&table(&now, SETTINGS), args.format);
        }
        Some(Change::Set { name, value }) => (name, Some(value)),
        Some(Change::Reset { name }) => (name, None),
    };
    let mut engine = deck.open_to_write()?;
    let command = Command::SetThreshold { key: name.key.to_owned(), value };
    let done = engine.run(&command, deck.clock(), &mut |_| ControlFlow::Continue(()))?;
    let Outcome::Thresholds(now) = done else { return Err(Failure::failed("the engine did something else")) };
    deck.write(&table(&now, std::slice::from_ref(name)), args.format)
}

fn table(now: &Thresholds, rows: &[Setting]) -> Table {
    let usual = Thresholds::default();
    let mut table = Table::new(&["setting", "value", "usual", "begins"]);
    let row = |row: &Setting| {
        vec![
            Cell::text(row.key),
            Cell::Rate(row.of(now).to_string()),
            Cell::Rate(row.of(&usual).to_string()),
            Cell::text(row.about),
        ]
    };
    table.rows = rows.iter().map(row).collect();
    table
}
