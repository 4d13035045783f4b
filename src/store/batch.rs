//! Writing one import: rows go in under a batch number, in transactions that the caller ends.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::dictionary::Dictionary;
use super::events::{self, EventSink};
use super::identity::RowHash;
use super::ledger::{self, Entry, SpendSum};
use super::{Store, StoreError, TermKind, migrations};
use crate::domain::calendar::{Calendar, Instant};
use crate::domain::money::Currency;
use crate::domain::records::{Counts, Kind, Record, Revenue, Spend};

/// Longest part of a rejected row that is kept, in bytes.
const RAW_LIMIT: usize = 64 << 10;

/// What a new batch is.
#[derive(Debug, Clone)]
pub struct NewBatch<'a> {
    /// Source the rows are booked to; made when it is new.
    pub source: &'a str,
    /// Kind of record.
    pub kind: Kind,
    /// File as given, or `(stream)`.
    pub file: &'a str,
    /// Now.
    pub at: Instant,
    /// Becomes the workspace's currency where it has none yet.
    pub currency: Option<Currency>,
    /// Nothing is kept: the end of the writer takes everything back.
    pub dry: bool,
}

/// Writes the rows of one import. Dropped without [`BatchWriter::finish`] it leaves what was committed, as an open batch
/// that the same import continues.
pub struct BatchWriter<'s> {
    conn: &'s Connection,
    calendar: Calendar,
    currency: Option<Currency>,
    source: (i64, String),
    batch: i64,
    new: Batch,
    dictionary: Dictionary,
    sink: EventSink,
    staged: Staged,
    tally: Tally,
    data_version: i64,
}

/// What of a [`NewBatch`] is needed again.
struct Batch {
    kind: Kind,
    dry: bool,
    /// Rows an earlier, stopped run of the same import stored.
    before: u64,
}

/// Rows whose place is known only when the import is whole.
#[derive(Default)]
struct Staged {
    entries: Vec<Entry>,
    spend: BTreeMap<u128, SpendSum>,
}

/// Counts and digests since the batch began.
#[derive(Default)]
struct Tally {
    counts: Counts,
    uncommitted: u64,
    newest: Option<Instant>,
    rows: u64,
    digest: u128,
    money: bool,
    spend: bool,
}

impl Store {
    /// Begins a batch, or continues the open one of the same source and file.
    ///
    /// # Errors
    /// When another writer holds the file for too long, or the source has another kind.
    pub fn batch(&mut self, new: &NewBatch<'_>) -> Result<BatchWriter<'_>, StoreError> {
        let settings = self.settings()?;
        let calendar = self.calendar()?;
        begin(&self.conn)?;
        let adopted = new.currency.filter(|_| settings.currency.is_none());
        let opened = match adopted {
            Some(currency) => self.set("currency", currency.code()),
            None => Ok(()),
        };
        let (source, batch, before) = match opened.and_then(|()| open_batch(&self.conn, new)) {
            Ok(opened) => opened,
            Err(error) => {
                let _ = self.conn.execute_batch("ROLLBACK");
                return Err(error);
            }
        };
        Ok(BatchWriter {
            conn: &self.conn,
            calendar,
            currency: settings.currency.or(adopted),
            source: (source, new.source.to_owned()),
            batch,
            new: Batch { kind: new.kind, dry: new.dry, before },
            dictionary: Dictionary::default(),
            sink: EventSink::default(),
            staged: Staged::default(),
            tally: Tally::default(),
            data_version: 0,
        })
    }
}

impl BatchWriter<'_> {
    /// Stores one row of the file.
    ///
    /// # Errors
    /// When the workspace cannot be written; the caller drops the writer then.
    pub fn put(&mut self, line: u64, record: &Record<'_>) -> Result<(), StoreError> {
        self.count_row()?;
        match record {
            Record::Event(event) => {
                let place = (self.batch, self.source.1.as_str());
                let fate = self.sink.put(self.conn, &mut self.dictionary, self.calendar, place, event)?;
                self.settle_event(line, event, fate)
            }
            Record::Revenue(row) => self.stage_revenue(line, row),
            Record::Spend(row) => self.stage_spend(line, row),
        }
    }

    fn settle_event(
        &mut self,
        line: u64,
        event: &crate::domain::records::Event<'_>,
        fate: events::Fate,
    ) -> Result<(), StoreError> {
        self.saw(event.at);
        match fate {
            events::Fate::Inserted(content) => {
                self.tally.counts.inserted += 1;
                self.tally.rows += 1;
                self.tally.digest = self.tally.digest.wrapping_add(content);
            }
            events::Fate::Duplicate => self.tally.counts.duplicate += 1,
            events::Fate::Conflict => {
                self.tally.counts.conflict += 1;
                let id = event.id.as_deref().unwrap_or("");
                let detail = format!("id \"{id}\" stands for another event of {} UTC; the first one stays", event.at);
                let fields = [
                    Some(id),
                    event.user.as_deref(),
                    Some(&event.name),
                    event.channel.as_deref(),
                    event.props.as_deref(),
                ];
                let raw = fields.into_iter().flatten().collect::<Vec<_>>().join(",");
                self.keep(line, "conflict", &detail, &raw)?;
            }
        }
        Ok(())
    }

    fn stage_revenue(&mut self, line: u64, row: &Revenue<'_>) -> Result<(), StoreError> {
        let Some(currency) = row.currency.or(self.currency) else {
            self.tally.counts.rejected += 1;
            return self.keep(line, "no_currency", "no currency, and the workspace has none", "");
        };
        let user = self.dictionary.optional_user(self.conn, row.user.as_deref())?;
        let stream = self.dictionary.optional(self.conn, TermKind::Stream, row.stream.as_deref())?;
        self.saw(row.at);
        self.staged.entries.push(ledger::entry(row, currency, (user, stream)));
        Ok(())
    }

    fn stage_spend(&mut self, line: u64, row: &Spend<'_>) -> Result<(), StoreError> {
        let Some(currency) = row.currency.or(self.currency) else {
            self.tally.counts.rejected += 1;
            return self.keep(line, "no_currency", "no currency, and the workspace has none", "");
        };
        let channel = self.dictionary.optional(self.conn, TermKind::Channel, row.channel.as_deref())?;
        let campaign = self.dictionary.optional(self.conn, TermKind::Campaign, row.campaign.as_deref())?;
        self.saw(Instant(self.calendar.end_of(row.day).0 - 1));
        let sum = self.staged.spend.entry(ledger::spend_key(row, currency)).or_insert(SpendSum {
            day: row.day,
            channel,
            campaign,
            currency,
            amount: 0,
            impressions: None,
            clicks: None,
            rows: 0,
        });
        if sum.add(row).is_none() {
            self.tally.counts.rejected += 1;
            return self.keep(line, "too_large", "the sum of the day's rows does not fit", "");
        }
        Ok(())
    }

    /// Keeps a row that could not be read, with its reason.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn reject(&mut self, line: u64, code: &str, detail: &str, raw: &str) -> Result<(), StoreError> {
        self.count_row()?;
        self.tally.counts.rejected += 1;
        self.keep(line, code, detail, raw)
    }

    /// Counts a row that holds nothing.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn blank(&mut self) -> Result<(), StoreError> {
        self.count_row()?;
        self.tally.counts.blank += 1;
        Ok(())
    }

    /// Rows since the last commit.
    pub fn uncommitted(&self) -> u64 {
        self.tally.uncommitted
    }

    /// Number of this batch.
    pub fn number(&self) -> i64 {
        self.batch
    }

    /// Counts of this run so far; revenue and spend are settled by [`BatchWriter::commit`] or [`BatchWriter::finish`].
    pub fn counts(&self) -> Counts {
        self.tally.counts
    }

    /// Time of the newest row of this run.
    pub fn newest(&self) -> Option<Instant> {
        self.tally.newest
    }

    /// Whether rows wait for the end of the import, so that committing before it would number them wrongly.
    pub fn must_wait(&self) -> bool {
        !self.staged.entries.is_empty() || !self.staged.spend.is_empty()
    }

    /// Ends the transaction: the rows so far are on disk when this returns. `offset` is kept with them.
    ///
    /// # Errors
    /// When the workspace cannot be written; nothing of the transaction is stored then.
    pub fn commit(&mut self, at: Instant, offset: Option<u64>) -> Result<(), StoreError> {
        if self.new.dry || self.conn.is_autocommit() {
            return Ok(());
        }
        self.settle()?;
        self.save(at, 0, None)?;
        if let Some(offset) = offset {
            let sql = "INSERT INTO stream_offset (source, file, offset) VALUES (?1, '', ?2)
                ON CONFLICT (source, file) DO UPDATE SET offset = excluded.offset";
            self.conn.prepare_cached(sql)?.execute((self.source.0, offset as i64))?;
        }
        self.conn.execute_batch("COMMIT")?;
        self.tally.uncommitted = 0;
        self.data_version = data_version(self.conn)?;
        Ok(())
    }

    /// Completes the batch and returns its counts; a dry run stores nothing.
    ///
    /// # Errors
    /// When the workspace cannot be written; the batch stays open then.
    pub fn finish(mut self, at: Instant, through: Option<Instant>) -> Result<Counts, StoreError> {
        self.ensure_transaction()?;
        self.settle()?;
        if self.new.dry {
            self.conn.execute_batch("ROLLBACK")?;
            return Ok(self.tally.counts);
        }
        self.save(at, 1, through)?;
        self.conn.execute_batch("COMMIT")?;
        let wal: i64 = 16 << 20;
        if wal_bytes(self.conn) > wal {
            self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).optional()?;
        }
        Ok(self.final_counts())
    }

    /// Takes everything of this run back that is not committed, and the batch itself when nothing is.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn abandon(self) -> Result<(), StoreError> {
        if self.conn.is_autocommit() {
            return Ok(());
        }
        Ok(self.conn.execute_batch("ROLLBACK")?)
    }

    fn count_row(&mut self) -> Result<(), StoreError> {
        self.ensure_transaction()?;
        self.tally.counts.read += 1;
        self.tally.uncommitted += 1;
        Ok(())
    }

    fn ensure_transaction(&mut self) -> Result<(), StoreError> {
        if !self.conn.is_autocommit() {
            return Ok(());
        }
        begin(self.conn)?;
        if data_version(self.conn)? != self.data_version {
            self.sink.identities.forget();
        }
        Ok(())
    }

    fn saw(&mut self, at: Instant) {
        self.tally.newest = self.tally.newest.max(Some(at));
    }

    /// Gives staged rows their place and writes identities and rollups.
    fn settle(&mut self) -> Result<(), StoreError> {
        let entries = std::mem::take(&mut self.staged.entries);
        let digests: Vec<u128> = entries.iter().map(|e| e.content).collect();
        self.tally.money |= !entries.is_empty();
        for fate in ledger::store_revenue(self.conn, self.batch, self.source.0, entries)? {
            self.settle_row(fate, 1);
        }
        self.tally.digest = digests.into_iter().fold(self.tally.digest, u128::wrapping_add);
        for (key, sum) in std::mem::take(&mut self.staged.spend) {
            self.tally.spend = true;
            let fate = ledger::store_spend(self.conn, self.batch, self.source.0, key, &sum)?;
            self.settle_row(fate, sum.rows);
        }
        self.sink.identities.flush(self.conn, self.batch)?;
        let texts = &self.sink.channels;
        let days = self.sink.delta.flush(self.conn, &|a, b| texts.get(&a) < texts.get(&b))?;
        self.mark_changes(&days)
    }

    fn settle_row(&mut self, fate: ledger::Fate, rows: u64) {
        let counts = &mut self.tally.counts;
        match fate {
            ledger::Fate::Inserted => counts.inserted += rows,
            ledger::Fate::Updated => counts.updated += rows,
            ledger::Fate::Duplicate => counts.duplicate += rows,
        }
        if fate != ledger::Fate::Duplicate {
            self.tally.rows += 1;
        }
    }

    fn mark_changes(&mut self, days: &[i32]) -> Result<(), StoreError> {
        let mut parts = Vec::new();
        if !days.is_empty() {
            parts.push("users");
        }
        if self.tally.money {
            parts.push("money");
        }
        if self.tally.spend {
            parts.push("spend");
        }
        if std::mem::take(&mut self.dictionary.grew) {
            parts.extend(["terms", "users"]);
        }
        mark(self.conn, &parts, days)
    }

    fn final_counts(&self) -> Counts {
        let mut counts = self.tally.counts;
        if counts.duplicate >= self.new.before {
            counts.duplicate -= self.new.before;
            counts.inserted += self.new.before;
        }
        counts
    }

    fn save(&self, at: Instant, state: i64, through: Option<Instant>) -> Result<(), StoreError> {
        let counts = self.final_counts();
        let sql = "UPDATE batch SET committed = ?2, state = ?3, read = ?4, inserted = ?5, updated = ?6, duplicate = ?7,
            conflict = ?8, rejected = ?9, blank = ?10, newest = max(ifnull(newest, ?11), ifnull(?11, newest)),
            through = max(ifnull(through, ?12), ifnull(?12, through)) WHERE id = ?1";
        let through = through.or(self.tally.newest.filter(|_| state == 0));
        self.conn.prepare_cached(sql)?.execute(params![
            self.batch,
            at.0,
            state,
            counts.read as i64,
            counts.inserted as i64,
            counts.updated as i64,
            counts.duplicate as i64,
            counts.conflict as i64,
            counts.rejected as i64,
            counts.blank as i64,
            self.tally.newest.map(|t| t.0),
            through.map(|t| t.0),
        ])?;
        self.save_digest()
    }

    fn save_digest(&self) -> Result<(), StoreError> {
        if self.new.kind != Kind::Events {
            return Ok(());
        }
        let sql = "UPDATE batch SET rows = ?2, digest = ?3 WHERE id = ?1";
        let before: (i64, u128) = self.stored_before()?;
        let digest = before.1.wrapping_add(self.tally.digest);
        self.conn.prepare_cached(sql)?.execute((
            self.batch,
            before.0 + self.tally.rows as i64,
            digest.to_be_bytes(),
        ))?;
        Ok(())
    }

    /// Rows and digest of an earlier, stopped run: what the stored batch holds beyond this run is kept aside at its start.
    fn stored_before(&self) -> Result<(i64, u128), StoreError> {
        if self.new.before == 0 {
            return Ok((0, 0));
        }
        super::check::event_digest(self.conn, self.batch)
            .map(|(rows, digest)| (rows - self.tally.rows as i64, digest.wrapping_sub(self.tally.digest)))
    }

    fn keep(&self, line: u64, code: &str, detail: &str, raw: &str) -> Result<(), StoreError> {
        let mut end = raw.len().min(RAW_LIMIT);
        while !raw.is_char_boundary(end) {
            end -= 1;
        }
        let key = RowHash::default()
            .number(self.source.0)
            .text(Some(code))
            .number(line as i64)
            .text(Some(raw))
            .text(Some(detail))
            .digest();
        let sql = "INSERT INTO reject (batch, line, code, detail, raw, key) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (key) DO UPDATE SET batch = excluded.batch";
        self.conn.prepare_cached(sql)?.execute(params![
            self.batch,
            line as i64,
            code,
            detail,
            raw.get(..end).unwrap_or(""),
            key.to_be_bytes()
        ])?;
        Ok(())
    }
}

impl Drop for BatchWriter<'_> {
    fn drop(&mut self) {
        if !self.conn.is_autocommit() {
            // Nothing can be told from here; an open transaction is rolled back by SQLite at the latest on closing.
            let _ = self.conn.execute_batch("ROLLBACK");
        }
    }
}

fn begin(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch("BEGIN IMMEDIATE")?;
    migrations::check_version(conn)
}

fn data_version(conn: &Connection) -> Result<i64, StoreError> {
    Ok(conn.pragma_query_value(None, "data_version", |row| row.get(0))?)
}

fn wal_bytes(conn: &Connection) -> i64 {
    let Some(path) = conn.path().filter(|p| !p.is_empty()) else { return 0 };
    std::fs::metadata(format!("{path}-wal")).map_or(0, |m| m.len() as i64)
}

/// Source id, batch id and rows of an earlier, stopped run of the same import.
fn open_batch(conn: &Connection, new: &NewBatch<'_>) -> Result<(i64, i64, u64), StoreError> {
    let source = source_id(conn, new.source, new.kind)?;
    let sql = "SELECT id, inserted FROM batch WHERE source = ?1 AND file = ?2 AND state = 0 AND ?2 <> '(stream)' ORDER BY id DESC LIMIT 1";
    let open = conn.query_row(sql, (source, new.file), |row| Ok((row.get(0)?, row.get::<_, i64>(1)?))).optional()?;
    if let Some((batch, inserted)) = open {
        conn.execute("DELETE FROM reject WHERE batch = ?1", [batch])?;
        return Ok((source, batch, inserted as u64));
    }
    let sql = "INSERT INTO batch (source, file, began, committed, state) VALUES (?1, ?2, ?3, ?3, 0) RETURNING id";
    let batch = conn.query_row(sql, (source, new.file, new.at.0), |row| row.get(0))?;
    Ok((source, batch, 0))
}

fn source_id(conn: &Connection, name: &str, kind: Kind) -> Result<i64, StoreError> {
    let code = kind_code(kind);
    let sql = "SELECT id, kind FROM source WHERE name = ?1";
    let found = conn.query_row(sql, [name], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?))).optional()?;
    match found {
        Some((id, stored)) if stored == code => Ok(id),
        Some(_) => {
            Err(StoreError::usage(format!("source \"{name}\" holds another kind of rows; name another with --source")))
        }
        None => {
            let sql = "INSERT INTO source (name, kind) VALUES (?1, ?2) RETURNING id";
            Ok(conn.query_row(sql, (name, code), |row| row.get(0))?)
        }
    }
}

/// Code of a kind in the source table.
pub(super) fn kind_code(kind: Kind) -> i64 {
    match kind {
        Kind::Events => 0,
        Kind::Revenue => 1,
        Kind::Spend => 2,
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
