//! Writing one import: rows go in under a batch number, in transactions that the caller ends. Where they end makes no
//! difference to what is stored and counted.

mod intake;

use rusqlite::{Connection, OptionalExtension};

use super::connection::{MOST_HELD, hold};
use super::dictionary::Dictionary;
use super::events::EventSink;
use super::journal::{self, Opened};
use super::keyed::Waiting as KeyedRows;
use super::ledger::{Entry, Ledger};
use super::money::copies;
use super::parcel::EventParcel;
use super::queue::{Queue, Waiting, roll_back};
use super::rejects::Reject;
use super::saved::Choices;
use super::versions::Digest;
use super::{SeenRow, Store, StoreError, run};
use crate::domain::calendar::{Calendar, DAY_MICROS, Instant};
use crate::domain::money::Currency;
use crate::domain::records::{Counts, Kind};

/// Memory of rows that wait for their transaction before a commit is due.
const STAGED_BYTES: usize = 32 << 20;
/// Size of the write-ahead log beyond which the end of an import writes it back.
const WAL_BYTES: u64 = 16 << 20;
/// Pages held in KiB while events come: they are only appended.
const EVENT_PAGES: i64 = 8 << 10;
/// Rows later than now by more than this have a wrong clock: kept, but no measure of how far a source reaches.
const CLOCK_MICROS: i64 = DAY_MICROS;

/// What a new batch is.
#[derive(Clone, Copy)]
pub struct NewBatch<'a> {
    /// Source the rows are booked to; made when it is new.
    pub source: &'a str,
    /// Kind of record.
    pub kind: Kind,
    /// File as given, or [`STREAM`](super::STREAM).
    pub file: &'a str,
    /// Now.
    pub at: Instant,
    /// Becomes the workspace's currency where it has none yet.
    pub currency: Option<Currency>,
    /// Without one, the first row's becomes it.
    pub adopt: bool,
    /// What the next imports of the shape and source are read with.
    pub choices: Choices<'a>,
    /// The row that is replaced, where it must not have changed since it was read; of a batch of one row.
    pub over: Option<&'a SeenRow>,
    /// Asked while another process writes; `None` gives up after three times the waiting time of the store.
    pub waiting: Option<Waiting<'a>>,
}

impl<'a> NewBatch<'a> {
    /// A batch that changes nothing but rows and gives up waiting in time.
    pub fn new(source: &'a str, kind: Kind, file: &'a str, at: Instant) -> Self {
        Self {
            source,
            kind,
            file,
            at,
            currency: None,
            adopt: false,
            choices: Choices::default(),
            over: None,
            waiting: None,
        }
    }
}

/// Writes the rows of one import. Dropped without [`BatchWriter::finish`] it leaves what was committed, as a stopped batch
/// that the same import of a file continues.
pub struct BatchWriter<'s> {
    store: &'s Store,
    queue: Queue<'s>,
    calendar: Calendar,
    currency: Option<Currency>,
    adopt: Adopt,
    file: String,
    opened: Opened,
    dictionary: Dictionary,
    sink: EventSink,
    /// Events that wait to be taken together.
    parcel: EventParcel,
    staged: Staged,
    over: Option<(&'s SeenRow, (&'s str, Kind))>,
    tally: Tally,
    data_version: i64,
    /// Batches of this run that another process took back, and what they had counted.
    lost: (Vec<i64>, Counts),
    done: bool,
}

/// Whether the workspace takes its currency from the rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Adopt {
    No,
    First,
    /// It was found and waits for the next transaction.
    Found,
}

/// Rows that wait for the next transaction, so that no lock is held while they are read.
#[derive(Default)]
struct Staged {
    entries: Vec<Entry>,
    rows: KeyedRows,
    rejects: Vec<Reject>,
    bytes: usize,
}

impl Staged {
    /// Keeps a row that is not taken, with its reason.
    fn keep(&mut self, line: u64, code: &str, detail: &str, raw: &str) {
        let reject = Reject::new(line, code, detail, raw);
        self.bytes += reject.bytes();
        self.rejects.push(reject);
    }
}

/// Counts and digests since the batch began.
struct Tally {
    counts: Counts,
    /// The part of `counts` that is on disk.
    saved: Counts,
    now: Instant,
    newest: Option<Instant>,
    oldest: Option<Instant>,
    future: u64,
    digest: Digest,
}

impl Tally {
    fn at(now: Instant) -> Self {
        Self {
            counts: Counts::default(),
            saved: Counts::default(),
            now,
            newest: None,
            oldest: None,
            future: 0,
            digest: Digest::default(),
        }
    }

    fn saw(&mut self, at: Instant) {
        self.oldest = Some(self.oldest.map_or(at, |t| t.min(at)));
        if at.0 > self.now.0.saturating_add(CLOCK_MICROS) {
            self.future += 1;
        } else {
            self.newest = self.newest.max(Some(at));
        }
    }

    /// Rows counted since the last commit: what is read is settled at the next one.
    fn pending(&self) -> Counts {
        let (all, saved) = (&self.counts, &self.saved);
        Counts {
            read: all.read - saved.read,
            rejected: all.rejected - saved.rejected,
            blank: all.blank - saved.blank,
            ..Counts::default()
        }
    }
}

impl Store {
    /// Begins a batch, or continues the stopped one of the same source and file.
    ///
    /// # Errors
    /// When another writer holds the file for too long, or the source has another kind.
    pub fn batch<'s>(&'s mut self, new: &NewBatch<'s>) -> Result<BatchWriter<'s>, StoreError> {
        let settings = self.settings()?;
        let calendar = self.calendar()?;
        let queue = Queue { waiting: new.waiting, ..self.queue() };
        run::begin(&self.conn)?;
        // Keys are hashes, so their index is written all over: what it needs stays in memory.
        hold(&self.conn, if new.kind == Kind::Events { EVENT_PAGES } else { MOST_HELD })?;
        let adopted = new.currency.filter(|_| settings.currency.is_none());
        let over = new.over.map(|seen| (seen, (new.source, new.kind)));
        let opened = queue.transaction(&self.conn, || {
            over.map_or(Ok(()), |(seen, place)| seen.expect(&self.conn, place))?;
            if let Some(currency) = adopted {
                self.set("currency", currency.code())?;
            }
            let opened = journal::open(&self.conn, (new.source, new.kind), new.file, new.at)?;
            new.choices.save(self, opened.batch, (opened.source, new.source))?;
            Ok(opened)
        })?;
        Ok(BatchWriter {
            store: self,
            queue,
            calendar,
            currency: settings.currency.or(adopted),
            adopt: if new.adopt && settings.currency.or(adopted).is_none() { Adopt::First } else { Adopt::No },
            file: new.file.to_owned(),
            opened,
            dictionary: Dictionary::default(),
            sink: EventSink::default(),
            parcel: EventParcel::new(new.source),
            staged: Staged::default(),
            over,
            tally: Tally { digest: opened.digest, ..Tally::at(new.at) },
            data_version: 0,
            lost: (Vec::new(), Counts::default()),
            done: false,
        })
    }
}

impl BatchWriter<'_> {
    /// Keeps a row that could not be read, with its reason.
    pub fn reject(&mut self, line: u64, code: &str, detail: &str, raw: &str) {
        self.tally.counts.read += 1;
        self.tally.counts.rejected += 1;
        self.staged.keep(line, code, detail, raw);
    }

    /// Counts a row that holds nothing.
    pub fn blank(&mut self) {
        self.tally.counts.read += 1;
        self.tally.counts.blank += 1;
    }

    /// Rows since the last commit.
    pub fn uncommitted(&self) -> u64 {
        self.tally.counts.read - self.tally.saved.read
    }

    /// Whether the rows that wait hold so much memory that a commit is due.
    pub fn is_full(&self) -> bool {
        self.staged.bytes >= STAGED_BYTES
    }

    /// Number of this batch.
    pub fn number(&self) -> i64 {
        self.opened.batch
    }

    /// Batches of this run that another process took back while it ran.
    pub fn lost(&self) -> &[i64] {
        &self.lost.0
    }

    /// Counts of this run so far; revenue and spend are settled by [`BatchWriter::commit`] or [`BatchWriter::finish`].
    pub fn counts(&self) -> Counts {
        let mut counts = self.lost.1;
        counts.add(&self.tally.counts);
        counts
    }

    /// Time of the newest row of this run that is not in the future.
    pub fn newest(&self) -> Option<Instant> {
        self.tally.newest
    }

    /// Rows of this run whose time is more than a day from now.
    pub fn future(&self) -> u64 {
        self.tally.future
    }

    /// Ends the transaction: the rows so far are on disk when this returns. `offset` is kept with them.
    ///
    /// # Errors
    /// When the workspace cannot be written; nothing of the transaction is stored then.
    pub fn commit(&mut self, at: Instant, offset: Option<u64>) -> Result<(), StoreError> {
        if self.uncommitted() == 0 {
            return Ok(());
        }
        let today = self.calendar.end_of(self.calendar.day_of(at));
        self.write(at, false, |writer| writer.tally.newest.map(|t| t.min(today)), offset)
    }

    /// Completes the batch and returns the counts of the run; nothing is put into it afterwards.
    ///
    /// # Errors
    /// When the workspace cannot be written; the batch stays open then.
    pub fn finish(&mut self, at: Instant, through: Option<Instant>, offset: Option<u64>) -> Result<Counts, StoreError> {
        self.write(at, true, |_| through, offset)?;
        self.done = true;
        if self.store.wal_bytes() > WAL_BYTES {
            self.store.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).optional()?;
        }
        Ok(self.counts())
    }

    fn write(
        &mut self,
        at: Instant,
        done: bool,
        through: impl FnOnce(&Self) -> Option<Instant>,
        offset: Option<u64>,
    ) -> Result<(), StoreError> {
        self.take_own_parcel()?;
        self.ensure_transaction()?;
        self.settle()?;
        let conn = &self.store.conn;
        if done {
            copies::complete(conn)?;
        }
        let Tally { counts, digest, oldest, newest, .. } = self.tally;
        let entry = journal::Entry { at, done, counts, digest, oldest, newest, through: through(self) };
        journal::save(conn, self.opened.batch, &entry)?;
        if let Some(offset) = offset {
            let sql = "INSERT INTO stream_offset (source, file, offset) VALUES (?1, '', ?2)
                ON CONFLICT (source, file) DO UPDATE SET offset = excluded.offset";
            conn.prepare_cached(sql)?.execute((self.opened.source, offset as i64))?;
        }
        conn.execute_batch("COMMIT")?;
        self.tally.saved = self.tally.counts;
        self.tally.now = at;
        Ok(())
    }

    fn ensure_transaction(&mut self) -> Result<(), StoreError> {
        let conn = &self.store.conn;
        if !conn.is_autocommit() {
            return Ok(());
        }
        self.queue.begin(conn)?;
        // Read inside the transaction: another process may have committed at any time before.
        let version = self.store.data_version()?;
        if std::mem::replace(&mut self.data_version, version) != version {
            self.sink.forget(conn)?;
            self.dictionary.learn(conn)?;
            if !journal::is_open(conn, self.opened.batch)? {
                self.begin_anew()?;
            }
        }
        Ok(())
    }

    /// Goes on in a batch of its own when another process has taken this one back: its rows stay out of the numbers, and
    /// what comes now is another import.
    fn begin_anew(&mut self) -> Result<(), StoreError> {
        let conn = &self.store.conn;
        self.lost.0.push(self.opened.batch);
        self.lost.1.add(&self.tally.saved);
        self.opened = journal::begin(conn, self.opened.source, &self.file, self.tally.now)?;
        run::begin(conn)?;
        self.sink.forget_run();
        self.staged.rows.forget_before();
        let Tally { now, newest, oldest, .. } = self.tally;
        self.tally = Tally { counts: self.tally.pending(), newest, oldest, ..Tally::at(now) };
        Ok(())
    }

    /// Writes what is staged, identities and rollups.
    fn settle(&mut self) -> Result<(), StoreError> {
        let conn = &self.store.conn;
        let Opened { batch, source, .. } = self.opened;
        if let Some((seen, place)) = self.over.take() {
            seen.expect(conn, place)?;
        }
        let staged = std::mem::take(&mut self.staged);
        if let (Adopt::Found, Some(currency)) = (self.adopt, self.currency) {
            self.store.set("currency", currency.code())?;
            self.adopt = Adopt::No;
        }
        let mut parts = Vec::new();
        let sums = (&mut self.tally.counts, &mut self.tally.digest);
        if !staged.entries.is_empty() {
            parts.push("money");
            Ledger { conn, batch, source }.store(&mut self.dictionary, staged.entries, sums)?;
            copies::extend(conn)?;
        } else if !staged.rows.is_empty() {
            let kind = staged.rows.store((conn, batch, source), &mut self.dictionary, sums)?;
            // Who is whom changes what every row says.
            parts.extend(kind.map(|kind| if kind == Kind::Links { "rebuilt" } else { kind.name() }));
        }
        for reject in &staged.rejects {
            reject.store(conn, batch, source, &self.file)?;
        }
        let texts = self.dictionary.flush(conn)?;
        let (days, grew) = self.sink.flush(conn, batch)?;
        if !days.is_empty() {
            parts.push("users");
        }
        if texts | grew {
            parts.extend(["terms", "users"]);
        }
        mark(conn, &parts, &days)
    }
}

impl Drop for BatchWriter<'_> {
    fn drop(&mut self) {
        roll_back(&self.store.conn);
        if !self.done {
            journal::let_go(&self.store.conn, self.opened.batch);
        }
    }
}

/// Notes for the caches what this transaction changed.
pub(super) fn mark(conn: &Connection, parts: &[&str], days: &[i32]) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO change (part, seq) VALUES ('all', 1) ON CONFLICT (part) DO UPDATE SET seq = seq + 1 RETURNING seq";
    let seq: i64 = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    let sql = "INSERT INTO change (part, seq) VALUES (?1, ?2) ON CONFLICT (part) DO UPDATE SET seq = excluded.seq";
    for part in parts {
        conn.prepare_cached(sql)?.execute((part, seq))?;
    }
    let sql = "INSERT INTO day_change (day, seq) VALUES (?1, ?2) ON CONFLICT (day) DO UPDATE SET seq = excluded.seq";
    for day in days {
        conn.prepare_cached(sql)?.execute((day, seq))?;
    }
    Ok(())
}
