//! Loading files: what they are, where they are booked, and one pass from reader to store.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant as Timer, SystemTime, UNIX_EPOCH};

use crate::domain::calendar::{Calendar, Instant, Zone};
use crate::domain::money::Currency;
use crate::domain::records::{Event, Kind, Record, Revenue};
use crate::ingest::{self, Fate, Mapping, Rules, Shape};
use crate::query::{Command, ImportRequest, ImportSummary, Outcome, Preview, PreviewColumn, Progress};
use crate::store::{BatchWriter, NewBatch};

use super::{Clock, Engine, EngineError};

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
/// Rows between two looks at the clock.
const CLOCK_ROWS: u64 = 256;

/// A file that is understood and where it goes.
struct Plan {
    shape: Shape,
    mapping: Mapping,
    source: String,
    zone: Zone,
    calendar: Calendar,
    notes: Vec<String>,
}

impl Engine {
    /// Runs an order; `progress` is told after every commit and may stop it.
    ///
    /// # Errors
    /// When the file is not understood, the order does not make sense, or the machine refuses.
    pub fn run(
        &mut self,
        command: &Command,
        clock: Clock,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Outcome, EngineError> {
        Ok(match command {
            Command::Import(request) => Outcome::Imported(Box::new(self.import(request, clock, progress)?)),
            Command::Preview(request) => Outcome::Preview(Box::new(self.preview(request, clock)?)),
            Command::UndoImport(batch) => Outcome::Moved { batch: *batch, rows: self.store.undo(*batch)?, redo: false },
            Command::RedoImport(batch) => Outcome::Moved { batch: *batch, rows: self.store.redo(*batch)?, redo: true },
            Command::Verify => Outcome::Verified(crate::query::DoctorReport { checks: self.store.check()? }),
        })
    }

    fn import(
        &mut self,
        request: &ImportRequest,
        clock: Clock,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<ImportSummary, EngineError> {
        let plan = self.plan(request)?;
        let currency = self.new_currency(request, &plan)?;
        let rules = Rules {
            calendar: plan.calendar,
            zone: plan.zone,
            time_unit: request.time_unit.map(crate::query::TimeUnit::micros),
        };
        let mut rows = ingest::read(&request.path, &plan.shape, &plan.mapping, &rules)?;
        let file = request.path.display().to_string();
        let new = NewBatch {
            source: &plan.source,
            kind: plan.mapping.kind,
            file: &file,
            at: clock.now,
            currency,
            dry: request.dry_run,
        };
        let mut summary = blank_summary(request, &plan);
        let mut writer = self.store.batch(&new)?;
        let mut timer = Timer::now();
        let mut broken = None;
        loop {
            let row = match rows.next_row() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(failure) => {
                    broken = Some(failure);
                    break;
                }
            };
            put(&mut writer, row.line, &row.fate, &mut summary)?;
            if is_due(&writer, timer) {
                writer.commit(clock.now, None)?;
                timer = Timer::now();
                let counts = writer.counts();
                let told = Progress { bytes: rows.bytes_read(), total: plan.shape.bytes, rows: counts.read };
                if progress(told).is_break() {
                    return Err(EngineError::Interrupted);
                }
            }
        }
        summary.notes.extend(rows.notes());
        summary.batch = (!request.dry_run).then_some(writer.number());
        summary.through = through(request, &plan, writer.newest());
        let conflicts = writer.counts().conflict;
        summary.counts = writer.finish(clock.now, summary.through)?;
        summary.empty = summary.counts.read == 0;
        if conflicts > 0 {
            summary
                .notes
                .push(format!("{conflicts} rows carry an id that stands for another event; the first one stays"));
        }
        if let Some(failure) = broken {
            return Err(EngineError::NotUnderstood(format!(
                "{failure}; the {} rows before it are stored",
                summary.counts.read
            )));
        }
        if !request.dry_run {
            self.remember(request, &plan)?;
        }
        Ok(summary)
    }

    /// Whether a file can be loaded, without loading it.
    ///
    /// # Errors
    /// As for loading it.
    pub fn understand(&mut self, request: &ImportRequest) -> Result<(), EngineError> {
        let plan = self.plan(request)?;
        self.new_currency(request, &plan)?;
        let rules = Rules { calendar: plan.calendar, zone: plan.zone, time_unit: None };
        ingest::read(&request.path, &plan.shape, &plan.mapping, &rules)?;
        Ok(())
    }

    fn plan(&self, request: &ImportRequest) -> Result<Plan, EngineError> {
        let shape = ingest::inspect(&request.path, &request.map)?;
        let saved = self.store.mapping(shape.fingerprint)?;
        let usable = saved.as_ref().filter(|(_, kind, _)| request.kind.is_none_or(|k| k == *kind));
        let mapping =
            ingest::propose(&shape, request.kind, &request.map, usable.map(|(_, _, columns)| columns.as_str()))?;
        let settings = self.store.settings()?;
        let calendar = Calendar { zone: settings.zone, week_start: settings.week_start };
        let source = request
            .source
            .clone()
            .or_else(|| usable.map(|(source, ..)| source.clone()))
            .unwrap_or_else(|| mapping.kind.name().to_owned());
        if self.store.source_kind(&source)?.is_some_and(|kind| kind != mapping.kind) {
            return Err(EngineError::Usage(format!(
                "source \"{source}\" holds another kind of rows than {}; name another with --source",
                mapping.kind.name()
            )));
        }
        let (zone, whose) = match (request.zone, self.store.source_zone(&source)?) {
            (Some(zone), _) => (zone, "--tz"),
            (None, Some(zone)) => (zone, "the source's"),
            (None, None) => (calendar.zone, "the workspace's"),
        };
        let mut notes = vec![format!("{}, {}", shape.format, shape.encoding)];
        notes.push(format!("times without a zone are read as {} ({whose})", zone.name()));
        Ok(Plan { shape, mapping, source, zone, calendar, notes })
    }

    /// Money needs a currency: the workspace's, `--currency`, or the only one of a column. Gives what the workspace is to
    /// take, where it has none.
    fn new_currency(&self, request: &ImportRequest, plan: &Plan) -> Result<Option<Currency>, EngineError> {
        if plan.mapping.kind == Kind::Events || self.store.settings()?.currency.is_some() {
            return Ok(None);
        }
        let column = plan.mapping.columns.iter().position(|c| c.field.is_some_and(|f| f.name() == "currency"));
        let mut codes: Vec<_> = column
            .map(|at| plan.shape.samples.iter().filter_map(|row| row.get(at)).collect::<Vec<_>>())
            .unwrap_or_default()
            .into_iter()
            .filter_map(|text| Currency::parse(text))
            .collect();
        codes.dedup();
        let only = if let [code] = codes.as_slice() { Some(*code) } else { None };
        match request.currency.or(only) {
            Some(currency) => Ok(Some(currency)),
            None => Err(EngineError::Usage(format!(
                "{}: the amounts need a currency and the workspace has none; add --currency CNY (or another code)",
                request.path.display()
            ))),
        }
    }

    fn remember(&mut self, request: &ImportRequest, plan: &Plan) -> Result<(), EngineError> {
        self.store.save_mapping(plan.shape.fingerprint, &plan.source, &plan.mapping.to_json())?;
        if let Some(zone) = request.zone {
            self.store.save_source_zone(&plan.source, zone)?;
        }
        Ok(())
    }

    fn preview(&mut self, request: &ImportRequest, clock: Clock) -> Result<Preview, EngineError> {
        let plan = self.plan(request)?;
        let dry = ImportRequest { dry_run: true, ..request.clone() };
        let summary = self.import(&dry, clock, &mut |_| ControlFlow::Continue(()))?;
        let sample = |at: usize| plan.shape.samples.iter().filter_map(|r| r.get(at)).find(|v| !v.is_empty()).cloned();
        let columns = plan.mapping.columns.iter().enumerate().map(|(at, column)| PreviewColumn {
            title: column.title.clone(),
            field: column.field.map(|f| f.name().to_owned()),
            sample: sample(at).unwrap_or_default(),
            how: column.how,
        });
        Ok(Preview {
            bytes: plan.shape.bytes,
            columns: columns.collect(),
            rows: plan.shape.samples.iter().cloned().zip(summary.first_fates.iter().cloned()).collect(),
            fields: ingest::field_names(plan.mapping.kind).map(str::to_owned).collect(),
            zone: plan.zone,
            request: ImportRequest {
                kind: Some(plan.mapping.kind),
                source: Some(plan.source.clone()),
                ..request.clone()
            },
            summary,
        })
    }
}

fn blank_summary(request: &ImportRequest, plan: &Plan) -> ImportSummary {
    ImportSummary {
        batch: None,
        file: request.path.display().to_string(),
        kind: plan.mapping.kind,
        source: plan.source.clone(),
        counts: crate::domain::records::Counts::default(),
        rejected_lines: Vec::new(),
        first_rejects: Vec::new(),
        first_fates: Vec::new(),
        notes: plan.notes.clone(),
        through: None,
        dry_run: request.dry_run,
        empty: false,
    }
}

/// Stores one row, whatever became of it.
pub(super) fn put(
    writer: &mut BatchWriter<'_>,
    line: u64,
    fate: &Fate<'_>,
    summary: &mut ImportSummary,
) -> Result<(), EngineError> {
    if summary.first_fates.len() < FIRST_FATES {
        summary.first_fates.push(fate_word(fate));
    }
    match fate {
        Fate::Record(record) => writer.put(line, record)?,
        Fate::Blank(_) => writer.blank()?,
        Fate::Rejected { code, detail, raw } => {
            if summary.rejected_lines.len() < REJECTED_LINES {
                summary.rejected_lines.push(line);
            }
            if summary.first_rejects.len() < FIRST_REJECTS {
                summary.first_rejects.push((line, detail.clone()));
            }
            writer.reject(line, code, detail, raw)?;
        }
    }
    Ok(())
}

/// What becomes of a row, as far as the row alone tells.
fn fate_word(fate: &Fate<'_>) -> String {
    match fate {
        Fate::Record(Record::Event(Event { user: None, .. }) | Record::Revenue(Revenue { user: None, .. })) => {
            "no user".to_owned()
        }
        Fate::Record(Record::Revenue(row)) if row.amount.0 < 0 => "refund".to_owned(),
        Fate::Record(_) => "ok".to_owned(),
        Fate::Blank(why) => format!("blank: {why}"),
        Fate::Rejected { detail, .. } => format!("! {detail}"),
    }
}

fn is_due(writer: &BatchWriter<'_>, timer: Timer) -> bool {
    let rows = writer.uncommitted();
    if rows == 0 || writer.must_wait() {
        return false;
    }
    rows >= COMMIT_ROWS || (rows.is_multiple_of(CLOCK_ROWS) && timer.elapsed() >= COMMIT_TIME)
}

/// How far the file is complete (metrics.md, Through).
fn through(request: &ImportRequest, plan: &Plan, newest: Option<Instant>) -> Option<Instant> {
    if let Some(day) = request.through {
        return Some(plan.calendar.end_of(day));
    }
    let newest = newest?;
    let end = plan.calendar.end_of(plan.calendar.day_of(newest));
    let whole_day = plan.mapping.kind == Kind::Spend;
    if whole_day || written(&request.path).is_some_and(|at| at >= end) { Some(end) } else { Some(newest) }
}

/// When the file was last written.
fn written(path: &Path) -> Option<Instant> {
    let modified = std::fs::metadata(path).and_then(|m| m.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    modified.duration_since(UNIX_EPOCH).ok().map(|d| Instant(d.as_micros() as i64))
}
