//! `quarterdeck ingest -`: a stream into the workspace as it comes.

use std::cell::Cell;
use std::io::{self, ErrorKind, Write};
use std::time::Duration;

use clap::Args;

use crate::engine::{Ears, Held, StreamRequest};

use super::Deck;
use super::flags::now;
use super::import::{ReadingFlags, conservation, count_ahead, has_findings, rejects};
use super::output::{FINDINGS, Failure, note};
use super::signals::Stop;

/// Waiting time after which a stream says whom it waits for.
const QUIET: Duration = Duration::from_secs(1);
/// Waiting time for the last commit of a stream that is being stopped.
const LAST: Duration = Duration::from_secs(3);

/// A stream into the workspace as it comes.
#[derive(Debug, Args)]
pub struct IngestArgs {
    /// `-`, standard input: CSV with a header line, TSV, or NDJSON
    #[arg(value_name = "-", value_parser = dash)]
    from: String,
    #[command(flatten)]
    reading: ReadingFlags,
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
        currency: args.reading.currency,
        over: None,
    };
    let stop = Stop::watch()?;
    let out = &mut deck.out;
    let mut unheard = None;
    let told = Cell::new(false);
    let done = engine.ingest(
        Box::new(io::stdin()),
        &request,
        Ears {
            stop: &stop.flag,
            now,
            committed: &mut |commit| {
                // Nobody reading the acknowledgements is no reason to lose rows.
                if unheard.is_none() {
                    let counts = commit.counts;
                    let (rows, dup, rejected) = (counts.inserted, counts.duplicate, counts.rejected);
                    unheard = writeln!(
                        out,
                        "committed offset={} inserted={rows} dup={dup} rejected={rejected}",
                        commit.offset
                    )
                    .and_then(|()| out.flush())
                    .err();
                }
            },
            waiting: &|held| wait(held, &stop, &told),
        },
    );
    let summary = match (done, stop.code()) {
        (Ok(summary), _) => summary,
        (Err(error), Some(code)) => {
            note(&format!("stopped; rows since the last commit are not stored: {error}"));
            return Ok(code);
        }
        (Err(error), None) => return Err(error.into()),
    };
    for said in summary.notes.iter().chain(&rejects(&summary)) {
        note(said);
    }
    note(&conservation(&summary.counts));
    if let Some(code) = stop.code() {
        return Ok(code);
    }
    note("input ended; with `set -o pipefail` the shell also tells whether its producer failed");
    if let Some(error) = unheard.filter(|error| error.kind() != ErrorKind::BrokenPipe) {
        return Err(Failure::machine(format!(
            "standard output: {error}; all rows are stored, only their acknowledgements are lost"
        )));
    }
    if summary.counts.inserted + summary.counts.updated > 0 {
        // All rows are stored; what cannot be counted now, the next start counts.
        let _ = count_ahead(&mut engine, deck.clock());
    }
    Ok(if has_findings(&summary) { FINDINGS } else { 0 })
}

/// A stream cannot be had again, so it waits as long as it takes; until it is stopped.
fn wait(held: Held, stop: &Stop, told: &Cell<bool>) -> bool {
    if held.waited >= QUIET && !told.replace(true) {
        let who = held.pid.map_or("another process".to_owned(), |pid| format!("process {pid}"));
        note(&format!("waiting for {who}, which is writing to the workspace; no row is lost meanwhile"));
    }
    !stop.asked() || held.waited < LAST
}
