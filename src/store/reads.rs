//! What answers are made of. Every read is one short statement or a few; none outlives its call.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row};

use super::rows::{BatchState, Changes, ImportRow, RateRow, Settings, SourceRow, SpendRow, TermKind, kind_of};
use super::tables::Table;
use super::{Store, StoreError, queue, settings};
use crate::domain::calendar::{Calendar, Day, Instant, Span};
use crate::domain::money::{Currency, Micros, RATE_PLACES, parts};
use crate::domain::records::{Counts, Kind};

impl Store {
    /// Has something read of one state of the file, whatever is committed meanwhile.
    ///
    /// # Errors
    /// When the file cannot be read, and those of `read`.
    pub fn within_one_state<T, E: From<StoreError>>(&self, read: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        // Whoever is inside a transaction sees one state already.
        let begin = || self.conn.unchecked_transaction().map_err(StoreError::from);
        let transaction = self.conn.is_autocommit().then(begin).transpose()?;
        let it = read(self)?;
        drop(transaction);
        Ok(it)
    }

    /// Settings of the workspace.
    ///
    /// # Errors
    /// When the file cannot be read or a setting is not understood.
    pub fn settings(&self) -> Result<Settings, StoreError> {
        settings::all(&self.conn)
    }

    /// SQLite's counter of other connections' commits.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        Ok(self.conn.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// What changed after commit number `since`; 0 is the beginning.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn changes(&self, since: i64) -> Result<Changes, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT part, seq FROM change")?;
        let parts: BTreeMap<String, i64> =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let newer = |part: &str| parts.get(part).is_some_and(|seq| *seq > since);
        let mut statement = self.conn.prepare_cached("SELECT day FROM day_change WHERE seq > ?1 ORDER BY day")?;
        let days = statement.query_map([since], |row| Ok(Day(row.get(0)?)))?.collect::<Result<_, _>>()?;
        Ok(Changes {
            seq: parts.get("all").copied().unwrap_or(0),
            days,
            money: newer("money"),
            spend: newer("spend"),
            rates: newer("rates"),
            terms: newer("terms"),
            users: newer("users"),
            rebuilt: newer("rebuilt"),
        })
    }

    /// Texts of a dictionary by id.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn terms(&self, kind: TermKind) -> Result<Vec<String>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT text FROM term WHERE kind = ?1 ORDER BY id")?;
        let rows = statement.query_map([kind.code()], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Events by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn event_counts(&self) -> Result<Vec<(u32, u64)>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT name, sum(n) FROM event_count GROUP BY name")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Events by local day, with and without a user.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn daily_event_counts(&self) -> Result<Vec<(Day, u64)>, StoreError> {
        let mut statement =
            self.conn.prepare_cached("SELECT day, sum(n) FROM event_count GROUP BY day ORDER BY day")?;
        let rows = statement.query_map([], |row| Ok((Day(row.get(0)?), row.get::<_, i64>(1)? as u64)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether any event is in the numbers.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn has_events(&self) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM event_block WHERE batch NOT IN (SELECT id FROM batch WHERE state = 2))";
        Ok(self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// Spend of a span of days by day; `None` is all.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn spend(&self, span: Option<Span>) -> Result<Vec<SpendRow>, StoreError> {
        let (from, to) = span.map_or((i32::MIN, i32::MAX), |s| (s.first.0, s.last.0));
        let sql = "SELECT day, channel, campaign, amount, currency, impressions, clicks FROM spend
            WHERE state = 0 AND day BETWEEN ?1 AND ?2 ORDER BY day, id";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map((from, to), |row| {
            Ok(SpendRow {
                day: Day(row.get(0)?),
                channel: row.get(1)?,
                campaign: row.get(2)?,
                amount: Micros(row.get(3)?),
                currency: currency(row, 4)?,
                impressions: row.get::<_, Option<i64>>(5)?.map(|n| n as u64),
                clicks: row.get::<_, Option<i64>>(6)?.map(|n| n as u64),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// First day that money was spent on.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn first_spend(&self) -> Result<Option<Day>, StoreError> {
        let sql = "SELECT min(day) FROM spend WHERE state = 0";
        let day: Option<i32> = self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(day.map(Day))
    }

    /// Rates between currencies by day; of several sources that have one for the same day, the last by name comes last.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn rates(&self) -> Result<Vec<RateRow>, StoreError> {
        let sql = "SELECT x.day, x.base, x.target, x.rate FROM rate x JOIN source s ON s.id = x.source
            WHERE x.state = 0 ORDER BY x.day, s.name, x.key";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let rate = parts(row.get_ref(3)?.as_str().unwrap_or_default(), RATE_PLACES);
            if let (Some(from), Some(to), Some(rate)) = (currency(row, 1)?, currency(row, 2)?, rate) {
                out.push(RateRow { day: Day(row.get(0)?), from, to, rate });
            }
        }
        Ok(out)
    }

    /// Sources with their freshness.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sources(&self) -> Result<Vec<SourceRow>, StoreError> {
        let sql = "SELECT s.name, s.kind, s.ended, max(b.newest), max(b.through), ifnull(sum(b.inserted), 0),
              (SELECT count(DISTINCT r.key) FROM reject r JOIN batch o ON o.id = r.batch
                WHERE o.source = s.id AND o.state < 2 AND r.code <> 'conflict'),
              max(b.committed), ifnull(max(b.state = 0), 0)
            FROM source s LEFT JOIN batch b ON b.source = s.id AND b.state < 2 GROUP BY s.id ORDER BY s.name";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            Ok(SourceRow {
                name: row.get(0)?,
                kind: kind_of(row.get(1)?),
                ended: row.get(2)?,
                newest: row.get::<_, Option<i64>>(3)?.map(Instant),
                through: row.get::<_, Option<i64>>(4)?.map(Instant),
                rows: row.get::<_, i64>(5)? as u64,
                rejected: row.get::<_, i64>(6)? as u64,
                committed: row.get::<_, Option<i64>>(7)?.map(Instant),
                streaming: row.get(8)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Days that hold rows of one source of orders, or of a kind that is about days, from a day on, ascending.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn source_days(&self, source: &str, kind: Kind, from: Day) -> Result<Vec<Day>, StoreError> {
        let Some(table) = Table::of(kind) else { return self.order_days(source, from) };
        let Some(day) = table.day() else { return Ok(Vec::new()) };
        // As they lie: by way of the index of a source each of its rows would be looked for by itself.
        let sql = format!(
            "SELECT DISTINCT {day} FROM {} NOT INDEXED WHERE {day} >= ?2 AND state = 0
               AND source = (SELECT id FROM source WHERE name = ?1) ORDER BY {day}",
            table.name
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let days = statement.query_map((source, from.0), |row| Ok(Day(row.get(0)?)))?;
        Ok(days.collect::<Result<_, _>>()?)
    }

    /// One row of a day tells the day, so the rest of it is passed over.
    fn order_days(&self, source: &str, from: Day) -> Result<Vec<Day>, StoreError> {
        let calendar = self.calendar()?;
        let sql = "SELECT at FROM revenue INDEXED BY revenue_at WHERE at >= ?2 AND state = 0
            AND source = (SELECT id FROM source WHERE name = ?1) ORDER BY at LIMIT 1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let (mut days, mut next) = (Vec::new(), calendar.start_of(from));
        while let Some(at) = statement.query_row((source, next.0), |row| row.get(0)).optional()? {
            let day = calendar.day_of(Instant(at));
            days.push(day);
            next = calendar.end_of(day);
        }
        Ok(days)
    }

    /// Day of the first payment or refund.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn first_money(&self) -> Result<Option<Day>, StoreError> {
        let calendar = self.calendar()?;
        let sql = "SELECT min(at) FROM revenue WHERE state = 0";
        let at: Option<i64> = self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(at.map(|at| calendar.day_of(Instant(at))))
    }

    /// Imports, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn imports(&self, limit: usize) -> Result<Vec<ImportRow>, StoreError> {
        let sql = "SELECT b.id, b.began, b.file, s.name, s.kind, b.state, b.read, b.inserted, b.updated, b.duplicate,
              b.conflict, b.rejected, b.blank, b.writer, b.cut
            FROM batch b JOIN source s ON s.id = b.source ORDER BY b.id DESC LIMIT ?1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([limit as i64], |row| {
            let count = |at: usize| row.get::<_, i64>(at).map(|n| n as u64);
            Ok(ImportRow {
                batch: row.get(0)?,
                at: Instant(row.get(1)?),
                file: row.get(2)?,
                source: row.get(3)?,
                kind: kind_of(row.get(4)?),
                state: state(row.get(5)?, row.get::<_, Option<String>>(13)?.as_deref(), row.get(14)?),
                counts: Counts {
                    read: count(6)?,
                    inserted: count(7)?,
                    updated: count(8)?,
                    duplicate: count(9)?,
                    conflict: count(10)?,
                    rejected: count(11)?,
                    blank: count(12)?,
                },
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether a source of the name exists, and of which kind.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn source_kind(&self, name: &str) -> Result<Option<Kind>, StoreError> {
        let found =
            self.conn.query_row("SELECT kind FROM source WHERE name = ?1", [name], |row| Ok(kind_of(row.get(0)?)));
        Ok(found.optional()?)
    }

    /// Size of the file and its write-ahead log in bytes.
    ///
    /// # Errors
    /// Never; a file that cannot be looked at counts 0.
    pub fn bytes(&self) -> Result<u64, StoreError> {
        Ok(std::fs::metadata(&self.path).map_or(0, |m| m.len()) + self.wal_bytes())
    }

    pub(super) fn wal_bytes(&self) -> u64 {
        std::fs::metadata(crate::files::beside(&self.path, "-wal")).map_or(0, |m| m.len())
    }
}

pub(super) fn instants(calendar: Calendar, span: Option<Span>) -> (i64, i64) {
    span.map_or((i64::MIN, i64::MAX), |s| (calendar.start_of(s.first).0, calendar.end_of(s.last).0 - 1))
}

fn state(code: i64, writer: Option<&str>, cut: bool) -> BatchState {
    match code {
        0 if writer.and_then(queue::running).is_some() => BatchState::Open,
        0 => BatchState::Stopped,
        1 if cut => BatchState::Stopped,
        1 => BatchState::Done,
        _ => BatchState::Undone,
    }
}

pub(super) fn currency(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Currency>> {
    Ok(row.get_ref(at)?.as_str().ok().and_then(Currency::parse))
}

/// Number of the newest commit: states of the file with the same one are the same.
pub(super) fn newest(conn: &Connection) -> Result<i64, StoreError> {
    Ok(conn.query_row("SELECT ifnull(max(seq), 0) FROM change WHERE part = 'all'", [], |row| row.get(0))?)
}
