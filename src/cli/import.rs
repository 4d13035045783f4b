//! `quarterdeck import`: files into the workspace, and imports taken back.

mod bar;
mod batches;
mod report;

use std::io::{self, IsTerminal};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use crate::app::scope::Choice;
use crate::domain::calendar::{Day, Zone};
use crate::domain::money::Currency;
use crate::domain::records::Kind;
use crate::engine::{Access, Clock, Engine, NewWorkspace};
use crate::query::{Answer, Command, ImportRequest, ImportSummary, Outcome, Query, TimeUnit};

use super::Deck;
use super::flags::{currency, day, kind, zone};
use super::output::{FINDINGS, Failure, note};
use super::signals::Stop;
use super::table::Format;
use super::workspace;

use bar::Bar;

pub use report::{conservation, has_findings, rejects};

/// Files into the workspace.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ImportArgs {
    #[command(subcommand)]
    batches: Option<Batches>,
    /// CSV, TSV or NDJSON, plain or gzip; several are loaded in this order
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: ReadingFlags,
    /// Last day the file covers whole
    #[arg(long, value_name = "DATE", value_parser = day)]
    through: Option<Day>,
    /// Count what loading would do, and store nothing
    #[arg(long)]
    dry_run: bool,
    /// How to write the summary
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How to read rows; shared with `ingest`.
#[derive(Debug, Clone, Args)]
pub struct ReadingFlags {
    /// Kind of record: events, revenue, spend, facts, rates, content, deals or links; else by the columns
    #[arg(long, value_name = "KIND", value_parser = kind)]
    pub kind: Option<Kind>,
    /// Where columns go, before their names are looked at: TITLE=FIELD[,TITLE=FIELD...]
    #[arg(long, value_name = "PAIRS", value_parser = pairs)]
    pub map: Vec<Pairs>,
    /// Zone of times that carry none; else the source's, else the workspace's
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    pub tz: Option<Zone>,
    /// Source to book to; else the one of this header, else the kind
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub source: Option<String>,
    /// Unit of integer times: s, ms or us; else by the first row
    #[arg(long, value_name = "UNIT", value_parser = time_unit)]
    pub time_unit: Option<TimeUnit>,
    /// Currency of a workspace that has none yet
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub currency: Option<Currency>,
}

/// Pairs of one `--map`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairs(pub Vec<(String, String)>);

#[derive(Debug, Subcommand)]
enum Batches {
    /// List imports, newest first
    List {
        /// How to write the rows
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Take an import out of the numbers
    Undo {
        /// Number that `import list` shows
        #[arg(value_name = "BATCH")]
        batch: i64,
    },
    /// Bring an import back
    Redo {
        /// Number that `import list` shows
        #[arg(value_name = "BATCH")]
        batch: i64,
    },
}

fn time_unit(text: &str) -> Result<TimeUnit, String> {
    TimeUnit::parse(text).ok_or_else(|| "a unit is s, ms or us".to_owned())
}

/// Splits at commas and at the last `=` of each part; a part without `=` belongs to the next title, which has a comma.
fn pairs(text: &str) -> Result<Pairs, String> {
    let mut pairs = Vec::new();
    let mut title = String::new();
    for part in text.split(',') {
        if !title.is_empty() {
            title.push(',');
        }
        match part.rsplit_once('=') {
            Some((name, field)) => {
                title.push_str(name);
                pairs.push((std::mem::take(&mut title), field.to_owned()));
            }
            None => title.push_str(part),
        }
    }
    if !title.is_empty() || pairs.is_empty() || pairs.iter().any(|pair| pair.0.is_empty()) {
        return Err("a mapping is written TITLE=FIELD[,TITLE=FIELD...]".to_owned());
    }
    Ok(Pairs(pairs))
}

impl ReadingFlags {
    /// All pairs of all `--map` flags.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.map.iter().flat_map(|pairs| pairs.0.iter().cloned()).collect()
    }
}

/// Runs the command.
///
/// # Errors
/// What stops all files: no place, no rights, a full disk. A file that is not understood stops only itself.
pub fn run(args: &ImportArgs, deck: &mut Deck) -> Result<u8, Failure> {
    match &args.batches {
        Some(Batches::List { format }) => batches::list(*format, deck),
        Some(Batches::Undo { batch }) => batches::moved(&Command::UndoImport(*batch), deck),
        Some(Batches::Redo { batch }) => batches::moved(&Command::RedoImport(*batch), deck),
        None => load(args, deck),
    }
}

fn load(args: &ImportArgs, deck: &mut Deck) -> Result<u8, Failure> {
    if deck.flags.read_only && !args.dry_run {
        return Err(Failure::usage("import writes; leave --read-only out, or count only with --dry-run"));
    }
    let mut engine = existing(args, deck)?;
    let mut summaries = Vec::new();
    let mut worst = 0;
    let stop = Stop::watch()?;
    for file in &args.files {
        let loaded = match &mut engine {
            Some(engine) => load_one(args, file, engine, deck, &stop),
            None => {
                new_workspace(args, file, deck).and_then(|made| load_one(args, file, engine.insert(made), deck, &stop))
            }
        };
        match loaded {
            Ok(summary) => {
                if args.format == Format::Table {
                    report::print(&summary, deck)?;
                }
                worst = worst.max(if has_findings(&summary) { FINDINGS } else { 0 });
                summaries.push(summary);
            }
            Err(failure) if failure.code == 5 && args.files.len() > 1 => {
                note(&format!("quarterdeck: {}", failure.line.unwrap_or_default()));
                worst = 5;
            }
            Err(failure) => return Err(stop.code().map_or(failure, |code| Failure { code, line: None })),
        }
        if let Some(code) = stop.code() {
            note("stopped: what is committed stays; the same command goes on from there");
            worst = code;
            break;
        }
    }
    if args.format != Format::Table {
        deck.write(&report::table(&summaries), args.format)?;
    }
    deck.out.finish().map_err(|failure| Failure {
        line: failure.line.map(|line| format!("{line}; what the files held is stored")),
        ..failure
    })?;
    if let Some(engine) = engine.as_mut().filter(|_| !args.dry_run && !stop.asked()) {
        // Everything is stored; what cannot be counted now, the next start counts.
        let _ = count_ahead(engine, deck.clock());
    }
    Ok(worst)
}

/// Days whose first start finds its numbers counted: after an import on a Friday, Monday is the last.
const DAYS_AHEAD: usize = 4;

/// Counts what the next start shows, so that it need not, today or on one of the next mornings.
pub(super) fn count_ahead(engine: &mut Engine, clock: Clock) -> Result<(), Failure> {
    // What is kept under a day that was given holds for no other day.
    let days = if clock.today.is_none() { DAYS_AHEAD } else { 1 };
    for clock in std::iter::successors(Some(clock), |clock| Some(clock.tomorrow())).take(days) {
        let Answer::Status(status) = engine.answer(&Query::Status, clock)? else { continue };
        let scope = Choice::default().resolve(&status);
        for query in [Query::Front(scope), Query::Today] {
            engine.answer(&query, clock)?;
        }
    }
    engine.keep_counted();
    Ok(())
}

/// The workspace, or for a dry run its copy; `None` where there is none.
fn existing(args: &ImportArgs, deck: &Deck) -> Result<Option<Engine>, Failure> {
    let path = deck.path()?;
    if !workspace::exists(&path) {
        return Ok(None);
    }
    if args.dry_run {
        return Ok(Some(workspace::open(&path, Access::ReadOnly)?.trial()?));
    }
    workspace::open(&path, Access::ReadWrite).map(Some)
}

/// A workspace for the first file that is understood.
fn new_workspace(args: &ImportArgs, first: &Path, deck: &Deck) -> Result<Engine, Failure> {
    let path = deck.path()?;
    let mut profile = NewWorkspace::bare(workspace::machine_zone(), args.reading.currency);
    let mut empty = Engine::in_memory(&profile)?;
    if args.dry_run {
        return Ok(empty.trial()?);
    }
    profile.currency = profile.currency.or(empty.understand(&request(args, first))?);
    note(&format!("new workspace {} ({}, weeks from Monday)", path.display(), profile.zone.name()));
    Ok(workspace::create(&path, &profile)?.having_looked(&mut empty))
}

fn request(args: &ImportArgs, file: &Path) -> ImportRequest {
    ImportRequest {
        path: file.to_owned(),
        kind: args.reading.kind,
        map: args.reading.pairs(),
        zone: args.reading.tz,
        through: args.through,
        source: args.reading.source.clone(),
        currency: args.reading.currency,
        time_unit: args.reading.time_unit,
        dry_run: args.dry_run,
    }
}

fn load_one(
    args: &ImportArgs,
    file: &Path,
    engine: &mut Engine,
    deck: &Deck,
    stop: &Stop,
) -> Result<ImportSummary, Failure> {
    let request = request(args, file);
    if io::stderr().is_terminal() {
        report::mapping(&engine.reading(&request)?);
    }
    let mut bar = Bar::new(deck.flags.plain);
    let done = engine.run(&Command::Import(request), deck.clock(), &mut |progress| {
        bar.show(progress);
        if stop.asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    bar.clear();
    match done? {
        Outcome::Imported(summary) => Ok(*summary),
        _ => Err(Failure::failed("the engine did something else")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_may_name_titles_with_commas_and_signs() {
        let read =
            |text: &str| pairs(text).map(|p| p.0.into_iter().map(|(a, b)| format!("{a}|{b}")).collect::<Vec<_>>());
        assert_eq!(
            read("Order No=order,Paid at=time:dmy"),
            Ok(vec!["Order No|order".into(), "Paid at|time:dmy".into()])
        );
        assert_eq!(read("Total, net=amount"), Ok(vec!["Total, net|amount".into()]));
        assert_eq!(read("a=b=user"), Ok(vec!["a=b|user".into()]));
        assert_eq!(read("Order="), Ok(vec!["Order|".into()]), "goes to no field");
        for wrong in ["", "user", "=user", "a=b,c"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
