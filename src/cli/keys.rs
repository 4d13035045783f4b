//! `quarterdeck keys`: the keys of the screens, from the live key table.

use clap::Args;

use crate::app::keymap::{Context, help_lines};

use super::Deck;
use super::output::Failure;
use super::table::{Cell, Format, Table};

/// The keys of the screens.
#[derive(Debug, Args)]
pub struct KeysArgs {
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// When standard output fails.
pub fn run(args: &KeysArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut table = Table::new(&["where", "keys", "help"]);
    for context in Context::ALL {
        let lines = help_lines(context).into_iter();
        table
            .rows
            .extend(lines.map(|(keys, help)| vec![Cell::text(context.name()), Cell::text(keys), Cell::text(help)]));
    }
    deck.write(&table, args.format)
}
