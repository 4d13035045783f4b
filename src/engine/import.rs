//! Loading files: what they are, where they are booked, and one pass from reader to store.

mod feed;
mod plan;

use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant as Timer, SystemTime, UNIX_EPOCH};

use crate::domain::calendar::Instant;
use crate::domain::money::Currency;
use crate::domain::records::{Counts, Event, Record, Revenue};
use crate::domain::roles::EventRole;
use crate::ingest::{self, Fate};
use crate::query::{
    Answer, Command, DoctorReport, EventName, ImportRequest, ImportSummary, Outcome, Preview, Progress, Query, Reading,
};
use crate::store::{Author, BatchWriter, Choices, NewBatch, Store};

use super::taken::Taken;
use super::{Clock, Engine, EngineError, channels, roles};

use feed::{Broken, Feed};
pub(super) use plan::Looked;
use plan::Plan;
pub(super) use plan::{Place, check_currency, reading, refuse_other_kind};

/// Rows of a file between commits.
const COMMIT_ROWS: u64 = 100_000;
/// Longest time another writer waits for a file import.
const COMMIT_TIME: Duration = Duration::from_millis(500);
/// Rejected lines named in a summary.
const REJECTED_LINES: usize = 1_000;
/// Rejected rows told with their reason in a summary.
const FIRST_REJECTS: usize = 5;
/// Rows whose fate a preview tells.
const FIRST_FATES: usize = 10;
/// How long a number that is typed waits for another writer.
const SHORT: Duration = Duration::from_secs(2);
/// Pause after a commit in which a waiting writer gets its turn.
const TURN: Duration = Duration::from_millis(10);

impl Engine {
    /// Runs an order; `progress` is told after every commit and may stop it.
    ///
    /// # Errors
    /// When the file is not understood, the order does not make sense, or the machine refuses.
    pub fn run(&mut self, command: &Command, clock: Clock, progress: Progressing<'_>) -> Result<Outcome, EngineError> {
        self.obey(command, clock, progress).map_err(|error| error.at(&self.path))
    }

    fn obey(&mut self, command: &Command, clock: Clock, progress: Progressing<'_>) -> Result<Outcome, EngineError> {
        let actor = self.actor.clone();
        let author = Author { actor: &actor, at: clock.now };
        Ok(match command {
            Command::Import(request) => Outcome::Imported(Box::new(self.import(request, clock, progress)?)),
            Command::Preview(request) => Outcome::Preview(Box::new(self.preview(request, clock, progress)?)),
            Command::UndoImport(batch) => Outcome::Moved { batch: *batch, rows: self.store.undo(*batch)?, redo: false },
            Command::RedoImport(batch) => Outcome::Moved { batch: *batch, rows: self.store.redo(*batch)?, redo: true },
            Command::Verify => Outcome::Verified(DoctorReport { checks: self.store.check()? }),
            Command::SetRole { event, role, passive } => {
                let passive = passive.unwrap_or_else(|| role.is_some_and(EventRole::is_passive));
                self.store.set_role(event, *role, passive, author)?;
                Outcome::Role(self.role_of(event, clock)?)
            }
            Command::ClearRole(event) => {
                self.store.clear_role(event, author)?;
                Outcome::Role(self.role_of(event, clock)?)
            }
            Command::MapChannel(rule) => {
                Outcome::Mapping(self.store.map_channels(std::slice::from_ref(rule), false, author)?)
            }
            Command::LoadMapping(path) => {
                Outcome::Mapping(self.store.map_channels(&channels::load(path)?, true, author)?)
            }
            Command::UnmapChannel(key) => {
                let key = key.as_ref().map(|(source, medium)| (source.as_str(), medium.as_str()));
                Outcome::Mapping(self.store.unmap_channel(key, author)?)
            }
            Command::Plan(order) => Outcome::Planned(self.plan(order, clock)?),
            Command::Log(numbers) => Outcome::Logged(Box::new(self.log(numbers, SHORT)?)),
            Command::Type(typing) => self.type_row(typing, clock, SHORT)?,
            Command::SetThreshold { key, value } => Outcome::Thresholds(self.set_threshold(key, *value, author)?),
            Command::ChangeProfile(change) => {
                self.store.change_profile(change, author)?;
                match self.look(&Query::Status, clock)? {
                    Answer::Status(status) => Outcome::Profile(status.profile),
                    _ => return Err(EngineError::Usage("the settings cannot be read back".to_owned())),
                }
            }
        })
    }

    /// What an event name means now.
    fn role_of(&mut self, event: &str, clock: Clock) -> Result<EventName, EngineError> {
        let Answer::Roles(names) = self.look(&Query::Roles, clock)? else { return Err(roles::unknown(event)) };
        names.into_iter().find(|name| name.name == event).ok_or_else(|| roles::unknown(event))
    }

    fn import(
        &mut self,
        request: &ImportRequest,
        clock: Clock,
        progress: Progressing<'_>,
    ) -> Result<ImportSummary, EngineError> {
        if request.dry_run && !self.trial {
            let mut trial = self.trial()?.having_looked(self);
            let done = trial.import(request, clock, progress);
            self.looked = trial.looked;
            return done;
        }
        let plan = Plan::of(&self.store, &mut self.looked, request)?;
        self.looked = Looked::default();
        let currency = plan.new_currency(&self.store, request)?;
        load(&mut self.store, request, &plan, currency, clock, progress)
    }

    /// Whether a file can be loaded, without loading it; gives the currency that a workspace without one would take.
    ///
    /// # Errors
    /// As for loading it.
    pub fn understand(&mut self, request: &ImportRequest) -> Result<Option<Currency>, EngineError> {
        let plan = Plan::of(&self.store, &mut self.looked, request)?;
        let currency = plan.new_currency(&self.store, request)?;
        ingest::read(&request.path, &plan.shape, &plan.mapping, &plan.rules(request))?;
        Ok(currency)
    }

    /// Takes over what another one knows of the file that it looked at.
    #[must_use]
    pub fn having_looked(self, other: &mut Self) -> Self {
        Self { looked: std::mem::take(&mut other.looked), ..self }
    }

    /// How a file would be read, without reading it whole.
    ///
    /// # Errors
    /// When the file is not understood.
    pub fn reading(&mut self, request: &ImportRequest) -> Result<Reading, EngineError> {
        Ok(Plan::of(&self.store, &mut self.looked, request)?.reading())
    }

    fn preview(
        &mut self,
        request: &ImportRequest,
        clock: Clock,
        progress: Progressing<'_>,
    ) -> Result<Preview, EngineError> {
        let plan = Plan::of(&self.store, &mut self.looked, request)?;
        let dry = ImportRequest { dry_run: true, ..request.clone() };
        let summary = self.import(&dry, clock, progress)?;
        let Reading { columns, samples, zone, .. } = plan.reading();
        Ok(Preview {
            bytes: plan.shape.bytes,
            columns,
            rows: samples.into_iter().zip(summary.first_fates.iter().cloned()).collect(),
            fields: ingest::field_names(plan.mapping.kind).map(str::to_owned).collect(),
            zone,
            request: ImportRequest {
                kind: Some(plan.mapping.kind),
                source: Some(plan.source.clone()),
                ..request.clone()
            },
            summary,
        })
    }
}

/// Told after every commit; may stop the import.
type Progressing<'a> = &'a mut dyn FnMut(Progress) -> ControlFlow<()>;

/// One pass from reader to store.
fn load(
    store: &mut Store,
    request: &ImportRequest,
    plan: &Plan,
    currency: Option<Currency>,
    clock: Clock,
    progress: Progressing<'_>,
) -> Result<ImportSummary, EngineError> {
    let rows = ingest::read(&request.path, &plan.shape, &plan.mapping, &plan.rules(request))?;
    let file = request.path.display().to_string();
    let columns = plan.mapping.to_json();
    let new = NewBatch {
        currency,
        choices: Choices { mapping: Some((plan.shape.fingerprint, &columns)), zone: request.zone },
        ..NewBatch::new(&plan.source, plan.mapping.kind, &file, clock.now)
    };
    let mut summary = blank_summary(request, plan);
    let mut taken = Taken::of(store, summary.kind, summary.reading.as_ref())?;
    let mut writer = store.batch(&new)?;
    let read = std::thread::scope(|scope| {
        let feed = Feed::start(scope, rows, &plan.source);
        let filled = fill(&mut writer, &feed, plan, (&mut taken, &mut summary), clock, progress);
        let read = feed.end();
        filled.map(|()| read)
    })?;
    let read_notes = read.or_else(|broken| give_up(&mut writer, broken, clock))?;
    summary.through = through(request, plan, writer.newest(), clock);
    summary.counts = writer.finish(clock.now, summary.through, None)?;
    summary.batch = (!request.dry_run).then_some(writer.number());
    // What changes numbers is told before what does not: a preview has one line for all.
    let place = summary.notes.len().min(1);
    summary.notes.splice(place..place, taken.notes());
    summary.notes.extend(read_notes);
    summary.notes.extend(notes(&writer));
    summary.empty = summary.counts.read == 0;
    Ok(summary)
}

/// Keeps what was read before the file could not be read on, and says so.
fn give_up<T>(writer: &mut BatchWriter<'_>, broken: Broken, clock: Clock) -> Result<T, EngineError> {
    let failure = match broken {
        Broken::Store(error) => return Err(error.into()),
        Broken::File(failure) => failure,
    };
    writer.commit(clock.now, None)?;
    Err(EngineError::Machine(format!(
        "{failure}; the {} rows before it are stored as import {}, which stays stopped until then",
        writer.counts().read,
        writer.number()
    )))
}

/// Brings all rows to the store, in commits that hold other writers up for half a second at most.
fn fill(
    writer: &mut BatchWriter<'_>,
    feed: &Feed<'_>,
    plan: &Plan,
    (taken, summary): (&mut Taken, &mut ImportSummary),
    clock: Clock,
    progress: Progressing<'_>,
) -> Result<(), EngineError> {
    let mut timer = Timer::now();
    while let Some(mut load) = feed.next() {
        summary.first_fates.append(&mut load.fates);
        writer.take(&load.events)?;
        for (line, fate) in load.rest.drain(..) {
            put(writer, line, &taken.row(fate), summary)?;
        }
        let bytes = load.bytes;
        feed.give_back(load);
        if is_due(writer, timer) {
            writer.commit(clock.now, None)?;
            if progress(Progress { bytes, total: plan.shape.bytes, rows: writer.counts().read }).is_break() {
                return Err(EngineError::Interrupted);
            }
            std::thread::sleep(TURN);
            timer = Timer::now();
        }
    }
    Ok(())
}

/// What a run met besides its rows, one line each.
pub(super) fn notes(writer: &BatchWriter<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let Counts { conflict, .. } = writer.counts();
    if conflict > 0 {
        let carry = if conflict == 1 { "1 row carries".to_owned() } else { format!("{conflict} rows carry") };
        notes.push(format!("{carry} an id that stands for another event; the first one stays"));
    }
    if writer.future() > 0 {
        let lie = if writer.future() == 1 { "1 row lies".to_owned() } else { format!("{} rows lie", writer.future()) };
        notes.push(format!(
            "clock: {lie} more than a day in the future; stored, but no measure of how far the source reaches"
        ));
    }
    for lost in writer.lost() {
        notes.push(format!("import {lost} was taken back while it ran; what came later is import {}", writer.number()));
    }
    notes
}

fn blank_summary(request: &ImportRequest, plan: &Plan) -> ImportSummary {
    ImportSummary {
        batch: None,
        file: request.path.display().to_string(),
        kind: plan.mapping.kind,
        source: plan.source.clone(),
        counts: Counts::default(),
        rejected_lines: Vec::new(),
        first_rejects: Vec::new(),
        first_fates: Vec::new(),
        notes: vec![format!("{}, {}", plan.shape.format, plan.shape.encoding), plan.place.note()],
        through: None,
        dry_run: request.dry_run,
        empty: false,
        reading: Some(plan.reading()),
    }
}

/// Stores one row, whatever became of it.
pub(super) fn put(
    writer: &mut BatchWriter<'_>,
    line: u64,
    fate: &Fate<'_>,
    summary: &mut ImportSummary,
) -> Result<(), EngineError> {
    let refused = match fate {
        Fate::Record(record) => writer.put(line, record)?,
        Fate::Several(records) => writer.put_several(line, records)?,
        Fate::Blank(_) => {
            writer.blank();
            None
        }
        Fate::Rejected { code, detail, raw } => {
            writer.reject(line, code, detail, raw);
            Some(detail.as_str())
        }
    };
    if let Some(why) = refused {
        if summary.rejected_lines.len() < REJECTED_LINES {
            summary.rejected_lines.push(line);
        }
        if summary.first_rejects.len() < FIRST_REJECTS {
            summary.first_rejects.push((line, why.to_owned()));
        }
    }
    Ok(())
}

/// What becomes of a row, as far as the row alone tells.
fn fate_word(fate: &Fate<'_>) -> String {
    match fate {
        Fate::Record(record) if lacks_user(record) => "no user".to_owned(),
        Fate::Record(Record::Revenue(row)) if row.amount.0 < 0 => "refund".to_owned(),
        Fate::Several(records) if records.iter().any(lacks_user) => "no user".to_owned(),
        Fate::Record(_) | Fate::Several(_) => "ok".to_owned(),
        Fate::Blank(why) => format!("blank: {why}"),
        Fate::Rejected { detail, .. } => format!("! {detail}"),
    }
}

fn lacks_user(record: &Record<'_>) -> bool {
    matches!(record, Record::Event(Event { user: None, .. }) | Record::Revenue(Revenue { user: None, .. }))
}

fn is_due(writer: &BatchWriter<'_>, timer: Timer) -> bool {
    let rows = writer.uncommitted();
    rows >= COMMIT_ROWS || writer.is_full() || (rows > 0 && timer.elapsed() >= COMMIT_TIME)
}

/// How far the file is complete (metrics.md, Through). What is known of a day that is not over is known up to its newest
/// row, and nothing is known of tomorrow.
fn through(request: &ImportRequest, plan: &Plan, newest: Option<Instant>, clock: Clock) -> Option<Instant> {
    let calendar = plan.place.calendar;
    if let Some(day) = request.through {
        return Some(calendar.end_of(day));
    }
    let newest = newest?;
    let end = calendar.end_of(calendar.day_of(newest));
    let whole_day = plan.mapping.kind.is_daily();
    let reached = if whole_day || written(&request.path).is_some_and(|at| at >= end) { end } else { newest };
    Some(reached.min(calendar.end_of(calendar.day_of(clock.now))))
}

/// When the file was last written.
fn written(path: &Path) -> Option<Instant> {
    let modified = std::fs::metadata(path).and_then(|m| m.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    modified.duration_since(UNIX_EPOCH).ok().map(|d| Instant(d.as_micros() as i64))
}
