//! `ingest -`: rows of a stream as they come, in small commits.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant as Timer};

use crate::domain::calendar::{Calendar, Instant, Zone};
use crate::domain::money::Currency;
use crate::domain::records::{Counts, Kind};
use crate::ingest::{Next, Rules, Stream};
use crate::query::{ImportSummary, TimeUnit};
use crate::store::{BatchWriter, Choices, NewBatch, STREAM, SeenRow, Waiting};

use super::import::{self, Place};
use super::taken::Taken;
use super::{Engine, EngineError};

/// Rows between commits at most.
const COMMIT_ROWS: u64 = 2_000;
/// Time a row waits for its commit at most.
const COMMIT_TIME: Duration = Duration::from_millis(100);

/// What an operator says about a stream.
#[derive(Debug, Clone, Default)]
pub struct StreamRequest {
    /// Source to book to; else the one saved for the header, else the kind.
    pub source: Option<String>,
    /// Kind of record.
    pub kind: Option<Kind>,
    /// `TITLE=FIELD` pairs.
    pub map: Vec<(String, String)>,
    /// Zone of times without one.
    pub zone: Option<Zone>,
    /// Unit of integer times.
    pub time_unit: Option<TimeUnit>,
    /// Currency of the workspace, where it has none yet.
    pub currency: Option<Currency>,
    /// What the row that the stream brings was seen to be, where it must not have changed since.
    pub over: Option<SeenRow>,
}

/// Rows that are on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commit {
    /// Bytes of the stream up to the last row committed.
    pub offset: u64,
    /// Counts since the stream began.
    pub counts: Counts,
}

/// Whom a running stream asks and tells.
pub struct Ears<'a> {
    /// Set by whoever wants it to end.
    pub stop: &'a Arc<AtomicBool>,
    /// The time of a commit; a stream runs for days, so its start is no measure.
    pub now: fn() -> Instant,
    /// Told after rows are on disk.
    pub committed: &'a mut dyn FnMut(&Commit),
    /// Asked while another process writes; false gives the rows in hand up.
    pub waiting: Waiting<'a>,
}

impl Engine {
    /// Loads a stream until it ends or is stopped. An unfinished last line is not taken.
    ///
    /// # Errors
    /// When the first line is not understood or the workspace cannot be written.
    pub fn ingest(
        &mut self,
        input: Box<dyn Read + Send>,
        request: &StreamRequest,
        ears: Ears<'_>,
    ) -> Result<ImportSummary, EngineError> {
        self.listen(input, request, ears).map_err(|error| error.at(&self.path))
    }

    fn listen(
        &mut self,
        input: Box<dyn Read + Send>,
        request: &StreamRequest,
        mut ears: Ears<'_>,
    ) -> Result<ImportSummary, EngineError> {
        let settings = self.store.settings()?;
        let own = import::check_currency(&self.store, request.currency)?;
        let calendar = Calendar { zone: settings.zone, week_start: settings.week_start };
        let rules = Rules {
            calendar,
            zone: request.zone.unwrap_or(settings.zone),
            time_unit: request.time_unit.map(TimeUnit::micros),
        };
        let saved = self.store.mappings(request.kind)?;
        let columns: BTreeMap<_, _> = saved.iter().map(|(header, m)| (*header, m.columns.clone())).collect();
        let mut stream = Stream::open(input, request.kind, &request.map, rules).remembering(columns);
        let Some(kind) = first_line(&mut stream, ears.stop)? else {
            let mut summary = summary(request, &stream, None);
            summary.notes.extend(held_note(&stream));
            return Ok(summary);
        };
        let source = match (&request.source, stream.shape().and_then(|shape| saved.get(&shape.fingerprint))) {
            (Some(source), _) => source.clone(),
            (None, Some(mapping)) if mapping.kind == kind => mapping.source.clone(),
            _ => kind.name().to_owned(),
        };
        import::refuse_other_kind(&self.store, &source, kind)?;
        let titled = stream.mapping().and_then(crate::ingest::Mapping::titled_zone);
        let place = Place::of(&self.store, &settings, &source, (titled, request.zone))?;
        stream.read_in(place.zone);
        let adopt =
            stream.mapping().is_some_and(crate::ingest::Mapping::has_amounts) && own.or(request.currency).is_none();
        if adopt && !has_currency(&stream) {
            return Err(EngineError::Usage(
                "the amounts need a currency and the workspace has none; add --currency CNY (or another code)".into(),
            ));
        }
        let mut summary = summary(request, &stream, Some((kind, &source, &place)));
        let mut taken = Taken::of(&self.store, kind, summary.reading.as_ref())?;
        let columns = stream.mapping().map(crate::ingest::Mapping::to_json).unwrap_or_default();
        let mapping = stream.shape().map(|shape| (shape.fingerprint, columns.as_str()));
        let mut writer = self.store.batch(&NewBatch {
            currency: request.currency,
            adopt,
            choices: Choices { mapping, zone: request.zone },
            over: request.over.as_ref(),
            waiting: Some(ears.waiting),
            ..NewBatch::new(&source, kind, STREAM, (ears.now)())
        })?;
        let offset = fill(&mut writer, &mut stream, (&mut taken, &mut summary), &mut ears)?;
        summary.notes.extend(taken.notes());
        let summary = finish(writer, &stream, summary, calendar, (offset, &mut ears))?;
        match stream.failure() {
            Some(failure) => Err(EngineError::Machine(format!("{failure}; the rows before it are stored"))),
            None => Ok(summary),
        }
    }
}

/// Waits for the first line; `None` when the stream ends or is stopped before it.
fn first_line(stream: &mut Stream, stop: &AtomicBool) -> Result<Option<Kind>, EngineError> {
    while !stop.load(Ordering::Relaxed) {
        match stream.ready(COMMIT_TIME)? {
            None if !stream.is_over() => {}
            kind => return Ok(kind),
        }
    }
    Ok(None)
}

fn has_currency(stream: &Stream) -> bool {
    stream.mapping().is_some_and(crate::ingest::Mapping::has_currency)
}

/// Stores rows until the stream ends or is stopped; gives the bytes taken.
fn fill(
    writer: &mut BatchWriter<'_>,
    stream: &mut Stream,
    (taken, summary): (&mut Taken, &mut ImportSummary),
    ears: &mut Ears<'_>,
) -> Result<u64, EngineError> {
    let (mut offset, mut timer) = (0, Timer::now());
    loop {
        let stopped = ears.stop.load(Ordering::Relaxed);
        let rows = writer.uncommitted();
        let due = rows >= COMMIT_ROWS || writer.is_full() || (rows > 0 && timer.elapsed() >= COMMIT_TIME);
        if due && !stopped {
            writer.commit((ears.now)(), Some(offset))?;
            (ears.committed)(&Commit { offset, counts: writer.counts() });
        }
        if stopped {
            return Ok(offset);
        }
        let waiting = if rows == 0 { COMMIT_TIME } else { COMMIT_TIME.saturating_sub(timer.elapsed()) };
        match stream.next(waiting)? {
            Next::Row(row) => {
                if writer.uncommitted() == 0 {
                    timer = Timer::now();
                }
                offset = row.end;
                import::put(writer, row.line, &taken.row(row.fate), summary)?;
            }
            Next::Idle => {}
            Next::End => return Ok(offset),
        }
    }
}

/// Commits the rows in hand and closes the batch.
fn finish(
    mut writer: BatchWriter<'_>,
    stream: &Stream,
    mut summary: ImportSummary,
    calendar: Calendar,
    (offset, ears): (u64, &mut Ears<'_>),
) -> Result<ImportSummary, EngineError> {
    let (pending, at) = (writer.uncommitted() > 0, (ears.now)());
    // Rows of whole days reach to the end of their day, as those of a file do.
    let reached = |newest| if summary.kind.is_daily() { calendar.end_of(calendar.day_of(newest)) } else { newest };
    summary.through = writer.newest().map(|newest| reached(newest).min(calendar.end_of(calendar.day_of(at))));
    summary.counts = writer.finish(at, summary.through, pending.then_some(offset))?;
    summary.batch = Some(writer.number());
    if let Some(reading) = &mut summary.reading {
        // What a stream is encoded in shows only with its first character beyond ASCII.
        stream.encoding().clone_into(&mut reading.encoding);
        let note =
            format!("{} to source {}: {}, {}", summary.kind.name(), summary.source, reading.format, reading.encoding);
        summary.notes.insert(0, note);
    }
    summary.notes.extend(stream.notes());
    summary.notes.extend(import::notes(&writer));
    if pending {
        (ears.committed)(&Commit { offset, counts: summary.counts });
    }
    summary.notes.extend(held_note(stream));
    Ok(summary)
}

/// What was not taken of an unfinished last line.
fn held_note(stream: &Stream) -> Option<String> {
    let held = stream.held();
    let unit = if held == 1 { "byte" } else { "bytes" };
    (held > 0).then(|| format!("ended mid-line ({held} {unit} held, not taken)"))
}

/// What is known of a stream once its first line is understood; without one, nothing came.
fn summary(request: &StreamRequest, stream: &Stream, known: Option<(Kind, &str, &Place)>) -> ImportSummary {
    let kind = known.map_or(request.kind.unwrap_or(Kind::Events), |(kind, ..)| kind);
    let source = known.map_or_else(
        || request.source.clone().unwrap_or_else(|| kind.name().to_owned()),
        |(_, source, _)| source.to_owned(),
    );
    let reading = known.zip(stream.shape()).zip(stream.mapping());
    let reading = reading.map(|(((.., place), shape), mapping)| import::reading(shape, mapping, place.zone));
    ImportSummary {
        batch: None,
        file: STREAM.to_owned(),
        kind,
        source,
        counts: Counts::default(),
        rejected_lines: Vec::new(),
        first_rejects: Vec::new(),
        first_fates: Vec::new(),
        notes: known.map(|(.., place)| place.note()).into_iter().collect(),
        through: None,
        dry_run: false,
        empty: false,
        reading,
    }
}
