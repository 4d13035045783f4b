//! `ingest -`: rows of a stream as they come, in small commits.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant as Timer, SystemTime, UNIX_EPOCH};

use crate::domain::calendar::{Calendar, Instant, Zone};
use crate::domain::records::{Counts, Kind};
use crate::ingest::{Next, Rules, Stream};
use crate::query::{ImportSummary, TimeUnit};
use crate::store::NewBatch;

use super::{Clock, Engine, EngineError, import};

/// Rows between commits at most.
const COMMIT_ROWS: u64 = 2_000;
/// Time a row waits for its commit at most.
const COMMIT_TIME: Duration = Duration::from_millis(100);
/// File name of a stream in the list of imports.
const FILE: &str = "(stream)";

/// What an operator says about a stream.
#[derive(Debug, Clone, Default)]
pub struct StreamRequest {
    /// Source to book to; else the kind.
    pub source: Option<String>,
    /// Kind of record.
    pub kind: Option<Kind>,
    /// `TITLE=FIELD` pairs.
    pub map: Vec<(String, String)>,
    /// Zone of times without one.
    pub zone: Option<Zone>,
    /// Unit of integer times.
    pub time_unit: Option<TimeUnit>,
}

/// Rows that are on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commit {
    /// Bytes of the stream up to the last row committed.
    pub offset: u64,
    /// Counts since the stream began.
    pub counts: Counts,
}

impl Engine {
    /// Loads a stream until it ends or `stop` is set; `each_commit` is told after the rows are on disk. An unfinished
    /// last line is not taken.
    ///
    /// # Errors
    /// When the first line is not understood or the workspace cannot be written.
    pub fn ingest(
        &mut self,
        input: Box<dyn Read + Send>,
        request: &StreamRequest,
        clock: Clock,
        stop: &Arc<AtomicBool>,
        each_commit: &mut dyn FnMut(&Commit),
    ) -> Result<ImportSummary, EngineError> {
        let settings = self.store.settings()?;
        let calendar = Calendar { zone: settings.zone, week_start: settings.week_start };
        let zone = request.zone.unwrap_or(settings.zone);
        let rules = Rules { calendar, zone, time_unit: request.time_unit.map(TimeUnit::micros) };
        let mut stream = Stream::open(input, request.kind, &request.map, rules);
        let kind = loop {
            if stop.load(Ordering::Relaxed) {
                return Ok(summary(request, Kind::Events, zone));
            }
            match stream.ready(COMMIT_TIME)? {
                Some(kind) => break kind,
                None if stream.is_over() => {
                    let mut summary = summary(request, Kind::Events, zone);
                    summary.notes.extend(held_note(&stream));
                    return Ok(summary);
                }
                None => {}
            }
        };
        if kind != Kind::Events && settings.currency.is_none() {
            return Err(EngineError::Usage("the amounts need a currency and the workspace has none; make it with `quarterdeck init --currency CNY`".into()));
        }
        let mut summary = summary(request, kind, zone);
        let source = summary.source.clone();
        let mut writer = self.store.batch(&NewBatch {
            source: &source,
            kind,
            file: FILE,
            at: clock.now,
            currency: None,
            dry: false,
        })?;
        let (mut offset, mut timer) = (0, Timer::now());
        loop {
            let stopped = stop.load(Ordering::Relaxed);
            let due =
                writer.uncommitted() >= COMMIT_ROWS || (writer.uncommitted() > 0 && timer.elapsed() >= COMMIT_TIME);
            if due || stopped {
                writer.commit(now(), Some(offset))?;
                each_commit(&Commit { offset, counts: writer.counts() });
                timer = Timer::now();
            }
            if stopped {
                break;
            }
            let waiting =
                if writer.uncommitted() == 0 { COMMIT_TIME } else { COMMIT_TIME.saturating_sub(timer.elapsed()) };
            match stream.next(waiting)? {
                Next::Row(row) => {
                    if writer.uncommitted() == 0 {
                        timer = Timer::now();
                    }
                    offset = row.end;
                    import::put(&mut writer, row.line, &row.fate, &mut summary)?;
                }
                Next::Idle => {}
                Next::End => break,
            }
        }
        let pending = writer.uncommitted() > 0;
        summary.batch = Some(writer.number());
        summary.through = writer.newest();
        summary.counts = writer.finish(now(), summary.through)?;
        if pending {
            each_commit(&Commit { offset, counts: summary.counts });
        }
        summary.notes.extend(stream.notes());
        summary.notes.extend(held_note(&stream));
        match stream.failure() {
            Some(failure) => Err(EngineError::Machine(format!("{failure}; the rows before it are stored"))),
            None => Ok(summary),
        }
    }
}

/// What was not taken of an unfinished last line.
fn held_note(stream: &Stream) -> Option<String> {
    let held = stream.held();
    let unit = if held == 1 { "byte" } else { "bytes" };
    (held > 0).then(|| format!("ended mid-line ({held} {unit} held, not taken)"))
}

/// The time of a commit; a stream runs for days, so its start is no measure.
fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant(since.as_micros() as i64)
}

fn summary(request: &StreamRequest, kind: Kind, zone: Zone) -> ImportSummary {
    ImportSummary {
        batch: None,
        file: FILE.to_owned(),
        kind,
        source: request.source.clone().unwrap_or_else(|| kind.name().to_owned()),
        counts: Counts::default(),
        rejected_lines: Vec::new(),
        first_rejects: Vec::new(),
        first_fates: Vec::new(),
        notes: vec![format!("times without a zone are read as {}", zone.name())],
        through: None,
        dry_run: false,
        empty: false,
    }
}
