//! `import list`, `import undo`, `import redo`.

use std::ops::ControlFlow;

use crate::cli::Deck;
use crate::cli::output::Failure;
use crate::cli::table::{Cell, Format, Table};
use crate::query::{Command, Import, ImportState, Outcome};

/// Lists imports, newest first.
pub fn list(format: Format, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let data = answer!(deck, engine, Data);
    let mut table = Table::new(&[
        "batch",
        "at",
        "file",
        "source",
        "kind",
        "state",
        "read",
        "inserted",
        "updated",
        "duplicate",
        "conflict",
        "rejected",
        "blank",
    ]);
    table.rows = data.imports.iter().map(row).collect();
    deck.write(&table, format)
}

fn row(import: &Import) -> Vec<Cell> {
    let state = match import.state {
        ImportState::Open => "open",
        ImportState::Stopped => "stopped",
        ImportState::Done => "done",
        ImportState::Undone => "undone",
    };
    let counts = import.counts;
    let mut row = vec![
        Cell::Count(import.batch.into()),
        Cell::text(import.at.to_string()),
        Cell::text(&import.file),
        Cell::text(&import.source),
        Cell::text(import.kind.name()),
        Cell::text(state),
    ];
    row.extend(
        [
            counts.read,
            counts.inserted,
            counts.updated,
            counts.duplicate,
            counts.conflict,
            counts.rejected,
            counts.blank,
        ]
        .map(|n| Cell::Count(n.into())),
    );
    row
}

/// Takes an import back, or brings it back.
pub fn moved(command: &Command, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open_to_write()?;
    let outcome = engine.run(command, deck.clock(), &mut |_| ControlFlow::Continue(()))?;
    let Outcome::Moved { batch, rows, redo } = outcome else {
        return Err(Failure::failed("the engine did something else"));
    };
    let noun = if rows == 1 { "row" } else { "rows" };
    let (what, other) = if redo { ("back", "undo") } else { ("out", "redo") };
    deck.out.line(&format!("batch {batch}: {rows} {noun} {what}; `quarterdeck import {other} {batch}` reverses it"))?;
    Ok(0)
}
