//! What can be told, and what comes of it: imports and their preview, undo, checks.

use std::path::PathBuf;

use crate::domain::calendar::{Day, Instant, Zone};
use crate::domain::channels::ChannelRule;
use crate::domain::money::Currency;
use crate::domain::plans::Conflict;
pub use crate::domain::profile::ProfileChange;
use crate::domain::records::{Counts, Kind};
use crate::domain::roles::EventRole;

use super::{EventName, PlanOrder, Planned, Profile, Thresholds, Typing};

/// An order to the engine. It runs on the data worker, never on the main thread.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Reads the head of a file and counts what loading it would do, storing nothing.
    Preview(ImportRequest),
    /// Loads a file.
    Import(ImportRequest),
    /// Takes an import back.
    UndoImport(i64),
    /// Brings an import back.
    RedoImport(i64),
    /// Checks the file and compares the rollups with the raw rows.
    Verify,
    /// Says what an event name means.
    SetRole {
        /// Event name.
        event: String,
        /// Its role, if any.
        role: Option<EventRole>,
        /// Whether its events are no activity; `None` as usual for the role.
        passive: Option<bool>,
    },
    /// Gives an event name the role back that is guessed from it.
    ClearRole(String),
    /// Adds a rule to the channel mapping, in place of the one for the same source and medium.
    MapChannel(ChannelRule),
    /// Replaces the channel mapping by that of a CSV file with the columns source, medium and channel.
    LoadMapping(PathBuf),
    /// Removes the rule for a source and medium, or all.
    UnmapChannel(Option<(String, String)>),
    /// Changes settings of the workspace.
    ChangeProfile(ProfileChange),
    /// Sets where a verdict begins, or none, so that it is as usual again.
    SetThreshold {
        /// A name of [`super::SETTINGS`].
        key: String,
        /// Where it begins.
        value: Option<f64>,
    },
    /// Changes plans and what belongs to them.
    Plan(PlanOrder),
    /// Stores numbers of days as a file of daily facts would: each replaces what was typed for the same day before.
    Log(Vec<TypedNumber>),
    /// Stores a row as a file of its kind would, in place of the one that was seen, or takes it out.
    Type(Typing),
}

impl From<PlanOrder> for Command {
    fn from(order: PlanOrder) -> Self {
        Self::Plan(order)
    }
}

/// A number of a day, typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedNumber {
    /// A row of METRICS, or a name of one's own.
    pub metric: String,
    /// The day.
    pub day: Day,
    /// The value, exact: `420`, `0.025`.
    pub value: String,
    /// Channel that it is of; `None` for all.
    pub channel: Option<String>,
}

impl TypedNumber {
    /// A number of a day that is there.
    ///
    /// # Errors
    /// A number without a name, and a day after today.
    pub fn new(metric: &str, day: Day, value: String, today: Day) -> Result<Self, String> {
        let metric = metric.trim().to_owned();
        if metric.is_empty() {
            return Err("a number needs a name: visits, new_users".to_owned());
        }
        if day > today {
            return Err(format!("{day} is not there yet; a number is of a day up to {today}"));
        }
        Ok(Self { metric, day, value, channel: None })
    }
}

/// What came of a [`Command`].
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Of `Command::Preview`.
    Preview(Box<Preview>),
    /// Of `Command::Import`.
    Imported(Box<ImportSummary>),
    /// Of `Command::UndoImport` and `Command::RedoImport`: batch and number of rows moved.
    Moved {
        /// Batch number.
        batch: i64,
        /// Rows taken out of or put back into the numbers.
        rows: u64,
        /// Brought back rather than taken out.
        redo: bool,
    },
    /// Of `Command::Verify`.
    Verified(DoctorReport),
    /// Of `Command::SetRole` and `Command::ClearRole`: what the name means now.
    Role(EventName),
    /// Of `Command::MapChannel`, `Command::LoadMapping` and `Command::UnmapChannel`: how many rules there are now.
    Mapping(u64),
    /// Of `Command::ChangeProfile`: the settings now.
    Profile(Profile),
    /// Of `Command::SetThreshold`: all of them now.
    Thresholds(Thresholds),
    /// Of `Command::Plan`.
    Planned(Planned),
    /// Of `Command::Log` and `Command::Type`.
    Logged(Box<ImportSummary>),
    /// Of `Command::Type`: fields that somebody else has changed; nothing is stored.
    Clashed {
        /// The fields.
        found: Vec<Conflict>,
        /// What was refused.
        typing: Box<Typing>,
    },
}

/// What an operator says about a file; all but the path is optional and sniffed otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportRequest {
    /// File to read.
    pub path: PathBuf,
    /// Kind of record.
    pub kind: Option<Kind>,
    /// `TITLE=FIELD` pairs, matched before aliases (formats.md A10); a field may carry a style: `time:dmy`.
    pub map: Vec<(String, String)>,
    /// Zone of times without one.
    pub zone: Option<Zone>,
    /// Last day the file covers whole.
    pub through: Option<Day>,
    /// Source to book to.
    pub source: Option<String>,
    /// Currency of the workspace, where it has none yet.
    pub currency: Option<Currency>,
    /// Unit of integer times: `s`, `ms`, `us`.
    pub time_unit: Option<TimeUnit>,
    /// Count only, store nothing.
    pub dry_run: bool,
}

/// Unit of an integer time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Millis,
    /// Microseconds.
    Micros,
}

impl TimeUnit {
    /// Reads `s`, `ms` or `us`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "s" => Some(Self::Seconds),
            "ms" => Some(Self::Millis),
            "us" => Some(Self::Micros),
            _ => None,
        }
    }

    /// Microseconds in one unit.
    pub fn micros(self) -> i64 {
        match self {
            Self::Seconds => 1_000_000,
            Self::Millis => 1_000,
            Self::Micros => 1,
        }
    }
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file read, before unpacking.
    pub bytes: u64,
    /// Bytes of the file in all; 0 when unknown.
    pub total: u64,
    /// Rows committed so far.
    pub rows: u64,
}

/// How an import ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportSummary {
    /// Batch number; `None` for a dry run or when nothing was read.
    pub batch: Option<i64>,
    /// File as given.
    pub file: String,
    /// Kind of record.
    pub kind: Kind,
    /// Source it was booked to.
    pub source: String,
    /// Counts; `counts.conserved()` holds.
    pub counts: Counts,
    /// Lines on which rejected rows begin, first 1,000.
    pub rejected_lines: Vec<u64>,
    /// First rejected rows with their reason, at most 5, for the summary.
    pub first_rejects: Vec<(u64, String)>,
    /// What becomes of the first ten rows: `ok`, `no user`, `refund`, `blank: ..`, `! reason`.
    pub first_fates: Vec<String>,
    /// Choices made while reading, one line each: encoding, zone, unit, time unit, clock changes, blank reasons.
    pub notes: Vec<String>,
    /// Complete up to this instant.
    pub through: Option<Instant>,
    /// Nothing was stored.
    pub dry_run: bool,
    /// The file had a header and no rows.
    pub empty: bool,
    /// How the file was read; `None` for a stream of which nothing came.
    pub reading: Option<Reading>,
}

/// How a file or stream was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// `csv`, `tsv` or `ndjson`.
    pub format: String,
    /// Name of the encoding.
    pub encoding: String,
    /// Zone that times without one were read in.
    pub zone: Zone,
    /// Where the columns went, in file order.
    pub columns: Vec<PreviewColumn>,
    /// First rows as cells in column order, at most ten.
    pub samples: Vec<Vec<String>>,
}

/// Where one column of a file goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewColumn {
    /// Title as in the file.
    pub title: String,
    /// Field it goes to; `None` for a property (events, revenue) or an ignored column (spend).
    pub field: Option<String>,
    /// First value that is not empty.
    pub sample: String,
    /// How the field was found: `saved`, `typed`, `alias`, or empty.
    pub how: &'static str,
}

/// What loading a file would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The request, with kind and source filled in.
    pub request: ImportRequest,
    /// Bytes on disk.
    pub bytes: u64,
    /// Columns in file order.
    pub columns: Vec<PreviewColumn>,
    /// First ten rows as cells in column order, with what becomes of each, as in [`ImportSummary::first_fates`].
    pub rows: Vec<(Vec<String>, String)>,
    /// Fields that a column can go to.
    pub fields: Vec<String>,
    /// Zone that times without one are read in.
    pub zone: Zone,
    /// What a dry run gives.
    pub summary: ImportSummary,
}

/// What `doctor` found. No finding means that every check passed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DoctorReport {
    /// Checks run with their result: name, passed, one line of facts.
    pub checks: Vec<(String, bool, String)>,
}

impl DoctorReport {
    /// Whether every check passed.
    pub fn passed(&self) -> bool {
        self.checks.iter().all(|c| c.1)
    }
}
