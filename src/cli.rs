//! The command line: one file a command, over the engine.
//!
//! Data goes to standard output, messages to standard error. Exit codes: 0 done, 1 failed, 2 usage, 3 done with
//! rejected rows or findings, 4 stopped by the machine, 5 not understood, damaged, newer or not ours, 128+n signal n.

/// The answer to a question of its kind, over the engine and as of the clock of a deck.
macro_rules! answer {
    ($deck:expr, $engine:expr, $kind:ident $(($query:expr))?) => {
        match $engine.answer(&crate::query::Query::$kind$(($query))?, $deck.clock())? {
            crate::query::Answer::$kind(answer) => answer,
            _ => return Err(crate::cli::output::Failure::failed("the engine answered another question")),
        }
    };
}

mod actor;
mod attribution;
mod backup;
mod basis;
mod brief;
mod campaigns;
mod channels;
mod check;
mod content;
mod deals;
mod demo;
mod doctor;
mod export;
mod first_run;
mod flags;
mod funnel;
mod import;
mod ingest;
mod init;
mod keys;
mod log;
mod ltv;
mod mapping;
mod metric;
mod mrr;
mod nearest;
mod note;
mod open;
mod output;
mod participants;
mod plan;
mod planned;
mod profile;
mod report;
mod retention;
mod role;
mod segment;
mod segment_flags;
mod setting;
mod signals;
mod table;
mod task;
mod values;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::engine::{Access, Clock, Engine};
use crate::query::Status;

use flags::Flags;
use output::{Failure, Out};
use table::{Format, Look, Table};

/// A terminal cockpit for internet operations, over one local file.
#[derive(Debug, Parser)]
#[command(name = "quarterdeck", version, max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

/// One arm a command.
#[derive(Debug, Subcommand)]
enum Command {
    /// Make a sample workspace beside yours and open it
    Demo,
    /// Make an empty workspace
    Init(init::InitArgs),
    /// Load files of events, revenue or spend; list, undo or redo imports
    Import(import::ImportArgs),
    /// Load a stream from standard input as it comes
    Ingest(ingest::IngestArgs),
    /// Print the brief of today: goal, progress, problem
    Brief(brief::BriefArgs),
    /// Print what is not on course; for cron and the message of the day
    Check(check::CheckArgs),
    /// Write what happened in a week or a month, for those who do not open the dashboard
    Report(report::ReportArgs),
    /// Print one number over time
    Metric(metric::MetricArgs),
    /// Print the cohort triangle
    Retention(retention::RetentionArgs),
    /// Print how far users get through some steps
    Funnel(funnel::FunnelArgs),
    /// Print what cohorts of users brought by an age
    Ltv(ltv::LtvArgs),
    /// Print groups of users, their sizes and flows, or who is in them
    Segment(segment::SegmentArgs),
    /// Print who earns the credit for conversions, and what it cost
    Attribution(attribution::AttributionArgs),
    /// Print what channels cost and brought
    Channels(channels::ChannelsArgs),
    /// Print what campaigns cost and whom they brought
    Campaigns(campaigns::CampaignsArgs),
    /// Print what is published: reach, punctuality, what it brings
    Content(content::ContentArgs),
    /// Print what subscriptions are worth a month, and how that moved
    Mrr(mrr::MrrArgs),
    /// Print who took part in a campaign, what it cost and what came of them
    Participants(participants::ParticipantsArgs),
    /// Print deals by stage, what was won, what is overdue and what barter is out
    Deals(deals::DealsArgs),
    /// List, show, make, break down, propose, blame, close, export and import plans
    Plan(plan::PlanArgs),
    /// List what is to be done; add, do, drop and move tasks
    Task(task::TaskArgs),
    /// Write a line of the journal, feedback, or what a competitor does
    Note(note::NoteArgs),
    /// Type a number of a day
    Log(log::LogArgs),
    /// List what event names mean; set or clear a role
    Role(role::RoleArgs),
    /// List where raw channels go; set, clear, export or import rules
    Mapping(mapping::MappingArgs),
    /// Print or change the settings of the workspace
    Profile(profile::ProfileArgs),
    /// Where verdicts such as OK, RISK and OFF begin
    Setting(setting::SettingArgs),
    /// Write all rows of one kind, as import reads them
    Export(export::ExportArgs),
    /// Check the file and compare the rollups with the raw rows
    Doctor(doctor::DoctorArgs),
    /// Write a checked copy of the workspace
    Backup(backup::BackupArgs),
    /// Print the keys of the screens
    Keys(keys::KeysArgs),
}

const EXIT_CODES: &str = "\
Without a command the dashboard opens.

Exit codes: 0 done, 1 failed, 2 usage, 3 done with rejected rows or findings,
4 stopped by the machine (disk full, locked, read-only, network filesystem),
5 file not understood, or a workspace that is damaged, newer or not ours, 128+n signal n.";

/// How long a command waits for another writer before it says so.
const BUSY: Duration = Duration::from_secs(5);

/// What every command works with.
struct Deck {
    flags: Flags,
    out: Out,
}

impl Deck {
    fn clock(&self) -> Clock {
        self.flags.clock()
    }

    fn look(&self) -> Look {
        self.flags.look()
    }

    fn path(&self) -> Result<PathBuf, Failure> {
        workspace::path(&self.flags)
    }

    /// Opens the workspace to read it.
    fn open(&self) -> Result<Engine, Failure> {
        workspace::open(&self.path()?, Access::ReadOnly)
    }

    /// Opens the workspace to change it.
    fn open_to_write(&self) -> Result<Engine, Failure> {
        if self.flags.read_only {
            return Err(Failure::usage("this command writes; leave --read-only out"));
        }
        let mut engine = workspace::open(&self.path()?, Access::ReadWrite)?;
        engine.act_as(actor::actor());
        Ok(engine)
    }

    fn status(&self, engine: &mut Engine) -> Result<Status, Failure> {
        Ok(answer!(self, engine, Status))
    }

    /// Writes the heads of a table, and how its rows come to be.
    fn no_data(&mut self, table: &Table, format: Format) -> Result<u8, Failure> {
        output::note("no data yet: `quarterdeck import FILE` brings some");
        self.write(table, format)
    }

    fn write(&mut self, table: &Table, format: Format) -> Result<u8, Failure> {
        let look = self.look();
        table.write(&mut self.out, format, look)?;
        Ok(0)
    }
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    // Whatever this process creates is its owner's alone.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    signals::outlive_size_limit();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return parse_failed(&error),
    };
    let mut deck = Deck { flags: cli.flags, out: Out::new() };
    let done = dispatch(cli.command, &mut deck).and_then(|code| match deck.out.finish() {
        // Nobody reads any more: the command ends as it would have.
        Err(failure) if failure.line.is_none() => Ok(code),
        finished => finished.map(|()| code),
    });
    ExitCode::from(done.unwrap_or_else(|failure| {
        if let Some(line) = &failure.line {
            // What was written before the failure is still wanted.
            let _ = deck.out.finish();
            output::note(&format!("quarterdeck: {line}"));
        }
        failure.code
    }))
}

fn dispatch(command: Option<Command>, deck: &mut Deck) -> Result<u8, Failure> {
    match command {
        None => open::run(deck),
        Some(Command::Demo) => demo::run(deck),
        Some(Command::Init(args)) => init::run(&args, deck),
        Some(Command::Import(args)) => import::run(&args, deck),
        Some(Command::Ingest(args)) => ingest::run(&args, deck),
        Some(Command::Brief(args)) => brief::run(&args, deck),
        Some(Command::Check(args)) => check::run(&args, deck),
        Some(Command::Report(args)) => report::run(&args, deck),
        Some(Command::Metric(args)) => metric::run(&args, deck),
        Some(Command::Retention(args)) => retention::run(&args, deck),
        Some(Command::Funnel(args)) => funnel::run(&args, deck),
        Some(Command::Ltv(args)) => ltv::run(&args, deck),
        Some(Command::Segment(args)) => segment::run(&args, deck),
        Some(Command::Attribution(args)) => attribution::run(&args, deck),
        Some(Command::Channels(args)) => channels::run(&args, deck),
        Some(Command::Campaigns(args)) => campaigns::run(&args, deck),
        Some(Command::Content(args)) => content::run(&args, deck),
        Some(Command::Role(args)) => role::run(&args, deck),
        Some(Command::Mapping(args)) => mapping::run(&args, deck),
        Some(Command::Profile(args)) => profile::run(&args, deck),
        Some(Command::Setting(args)) => setting::run(&args, deck),
        Some(Command::Mrr(args)) => mrr::run(&args, deck),
        Some(Command::Participants(args)) => participants::run(&args, deck),
        Some(Command::Deals(args)) => deals::run(&args, deck),
        Some(Command::Plan(args)) => plan::run(&args, deck),
        Some(Command::Task(args)) => task::run(&args, deck),
        Some(Command::Note(args)) => note::run(&args, deck),
        Some(Command::Log(args)) => log::run(&args, deck),
        Some(Command::Export(args)) => export::run(&args, deck),
        Some(Command::Doctor(args)) => doctor::run(&args, deck),
        Some(Command::Backup(args)) => backup::run(&args, deck),
        Some(Command::Keys(args)) => keys::run(&args, deck),
    }
}

/// Help and version are data; everything else is a usage error. clap's own `exit` would panic on a closed pipe.
fn parse_failed(error: &clap::Error) -> ExitCode {
    match error.print() {
        Ok(()) => ExitCode::from(if error.use_stderr() { output::USAGE } else { 0 }),
        Err(written) => ExitCode::from(Failure::from(written).code),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_tree_is_sound() {
        Cli::command().debug_assert();
    }
}
