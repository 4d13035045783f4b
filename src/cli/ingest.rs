//! `quarterdeck ingest -`: a stream into the workspace as it comes.

use std::io::{self, Write};

use clap::Args;

use crate::engine::StreamRequest;

use super::Deck;
use super::import::{Reading, conservation};
use super::output::{FINDINGS, Failure, note};
use super::signals::Stop;

/// A stream into the workspace as it comes.
#[derive(Debug, Args)]
pub struct IngestArgs {
    /// `-`, standard input: CSV with a header line, TSV, or NDJSON
    #[arg(value_name = "-", value_parser = dash)]
    from: String,
    #[command(flatten)]
    reading: Reading,
}

fn dash(text: &str) -> Result<String, String> {
    if text == "-" {
        Ok(text.to_owned())
    } else {
        Err("ingest reads standard input: `-`; `quarterdeck import FILE` reads files".to_owned())
    }
}

/// Runs the command. Each commit is told on standard output after it is on disk, never before.
///
/// # Errors
/// When the stream is not understood or the workspace cannot be written.
pub fn run(args: &IngestArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open_to_write()?;
    let request = StreamRequest {
        source: args.reading.source.clone(),
        kind: args.reading.kind,
        map: args.reading.pairs(),
        zone: args.reading.tz,
        time_unit: args.reading.time_unit,
    };
    let stop = Stop::watch()?;
    let clock = deck.clock();
    let out = &mut deck.out;
    let done = engine.ingest(Box::new(io::stdin()), &request, clock, &stop.flag, &mut |commit| {
        // Nobody reading the acknowledgements is no reason to lose rows.
        let _ = writeln!(
            out,
            "committed offset={} inserted={} dup={} rejected={}",
            commit.offset, commit.counts.inserted, commit.counts.duplicate, commit.counts.rejected
        )
        .and_then(|()| out.flush());
    });
    let summary = done?;
    for said in &summary.notes {
        note(said);
    }
    note(&conservation(&summary.counts));
    if let Some(code) = stop.code() {
        return Ok(code);
    }
    note("input ended; with `set -o pipefail` the shell also tells whether its producer failed");
    Ok(if summary.counts.rejected + summary.counts.conflict > 0 { FINDINGS } else { 0 })
}
