//! `quarterdeck export`: all rows of one kind, as import reads them.

use std::io::Write;

use clap::Args;

use crate::domain::records::Kind;
use crate::engine::{csv_row, titles};
use crate::ui::safe::spreadsheet_cell;

use super::Deck;
use super::output::Failure;
use super::table::Format;

/// All rows of one kind.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// events, revenue or spend
    #[arg(value_name = "KIND", value_parser = kind)]
    kind: Kind,
    /// csv or ndjson
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// Put an apostrophe before cells that a spreadsheet would take for a formula
    #[arg(long)]
    for_spreadsheet: bool,
}

fn kind(text: &str) -> Result<Kind, String> {
    Kind::parse(text).ok_or_else(|| "a kind is events, revenue or spend".to_owned())
}

/// Runs the command.
///
/// # Errors
/// When the workspace cannot be read or standard output fails.
pub fn run(args: &ExportArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let engine = deck.open()?;
    let titles = titles(args.kind);
    let out = &mut deck.out;
    let written = match args.format {
        Format::Csv => {
            out.line(&titles.join(","))?;
            engine.export(args.kind, &mut |cells| {
                if !args.for_spreadsheet {
                    return csv_row(out, cells);
                }
                let safe: Vec<String> = cells.iter().map(|c| spreadsheet_cell(c.as_deref().unwrap_or(""))).collect();
                writeln!(out, "{}", safe.join(","))
            })?
        }
        Format::Ndjson => engine.export(args.kind, &mut |cells| {
            let pairs = titles.iter().zip(cells).filter_map(|(t, c)| Some(((*t).to_owned(), c.clone()?.into())));
            writeln!(out, "{}", serde_json::Value::Object(pairs.collect()))
        })?,
        Format::Table | Format::Json => return Err(Failure::usage("export writes --format csv or ndjson")),
    };
    written?;
    Ok(0)
}
