//! `quarterdeck export`: all rows of one kind, as import reads them.

use std::io::Write;

use clap::{Args, ValueEnum};

use crate::domain::records::Kind;
use crate::engine::{csv_row, titles};
use crate::ui::safe::spreadsheet_cell;
use crate::ui::text;

use super::Deck;
use super::flags::kind;
use super::output::Failure;
use super::table::{escaped, json_text};

/// All rows of one kind.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// events, revenue, spend, facts, rates, content, deals or links
    #[arg(value_name = "KIND", value_parser = kind)]
    kind: Kind,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: RowFormat,
    /// Put an apostrophe before cells that a spreadsheet would take for a formula
    #[arg(long)]
    for_spreadsheet: bool,
}

/// Formats that import reads again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum RowFormat {
    /// RFC 4180 with a header line
    #[default]
    Csv,
    /// One object a line
    Ndjson,
}

/// Runs the command.
///
/// # Errors
/// When the workspace cannot be read or standard output fails.
pub fn run(args: &ExportArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let engine = deck.open()?;
    let (titles, before) = (titles(args.kind), deck.flags.today);
    let out = &mut deck.out;
    let written = match args.format {
        RowFormat::Csv => {
            out.line(&titles.join(","))?;
            engine.export(args.kind, before, &mut |cells| {
                if args.for_spreadsheet {
                    let safe = cells.iter().map(|c| spreadsheet_cell(c.as_deref().unwrap_or("")));
                    return writeln!(out, "{}", safe.collect::<Vec<String>>().join(","));
                }
                if out.terminal {
                    // A file gets the bytes as they came; a terminal would obey some of them.
                    let shown = cells.iter().map(|c| c.as_deref().map(|text| text::safe(text).to_string()));
                    return csv_row(out, &shown.collect::<Vec<_>>());
                }
                csv_row(out, cells)
            })?
        }
        RowFormat::Ndjson => {
            engine.export(args.kind, before, &mut |cells| writeln!(out, "{}", json_line(&titles, cells)))?
        }
    };
    written?;
    Ok(0)
}

/// One object: texts as strings, `props` as the object it is, absent cells left out.
fn json_line(titles: &[&str], cells: &[Option<String>]) -> String {
    let pair = |(title, cell): (&&str, &Option<String>)| {
        let cell = cell.as_deref()?;
        let value = if *title == "props" { json_object(cell) } else { json_text(cell) };
        Some(format!("\"{title}\":{value}"))
    };
    format!("{{{}}}", titles.iter().zip(cells).filter_map(pair).collect::<Vec<_>>().join(","))
}

/// Stored properties, in which nothing that a terminal obeys stands as itself: outside of strings JSON has only ASCII.
fn json_object(stored: &str) -> String {
    if stored.chars().any(text::is_unsafe) { escaped(stored) } else { stored.to_owned() }
}
