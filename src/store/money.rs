//! Reading payments and refunds. All of many rows are read on two threads: SQLite reads a row of a table at a time, which
//! for hundreds of thousands is what a start would wait for longest.

use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, Row};

use super::people::People;
use super::reads::{currency, instants, newest};
use super::{Access, MoneyRow, Store, StoreError};
use crate::domain::calendar::{Calendar, Instant, Span};
use crate::domain::days::DayFinder;
use crate::domain::money::Micros;
use crate::domain::threads;

/// Rows that a second thread, with a connection of its own, pays for.
const WORTH: i64 = 50_000;

/// Columns that [`money`] reads.
const COLUMNS: &str = "at, user, stream, order_key, amount, currency";

impl Store {
    /// Payments and refunds of a span of local days by time; `None` is all.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn money(&self, span: Option<Span>) -> Result<Vec<MoneyRow>, StoreError> {
        let mut rows = Vec::new();
        if span.is_none() {
            self.each_money(&mut |row| rows.push(row))?;
        } else {
            let (people, calendar) = (self.people()?, self.calendar()?);
            let mut finder = DayFinder::new(calendar);
            let sql = format!("SELECT {COLUMNS} FROM revenue WHERE state = 0 AND at BETWEEN ?1 AND ?2 ORDER BY id");
            let mut statement = self.conn.prepare_cached(&sql)?;
            let mut found = statement.query(instants(calendar, span))?;
            while let Some(row) = found.next()? {
                rows.push(money(row, &mut finder, &people)?);
            }
        }
        rows.sort_by_key(|row| row.at);
        Ok(rows)
    }

    /// Gives every payment and refund to `each`, in the order they came in.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn each_money(&self, each: &mut dyn FnMut(MoneyRow)) -> Result<(), StoreError> {
        let (people, calendar) = (self.people()?, self.calendar()?);
        let last: i64 = self.conn.query_row("SELECT ifnull(max(id), 0) FROM revenue", [], |row| row.get(0))?;
        let own_file = self.conn.path().is_some_and(|path| Path::new(path) == self.path);
        // What a transaction has not committed yet no other connection sees.
        if last < WORTH || !own_file || !self.conn.is_autocommit() {
            return read(&self.conn, (0, i64::MAX), (calendar, &people), each);
        }
        let transaction = self.conn.unchecked_transaction()?;
        let seq = newest(&transaction)?;
        let (path, whose) = (self.path.as_path(), (calendar, &*people));
        thread::scope(|scope| {
            let other = scope.spawn(move || later_half(path, seq, last / 2, whose));
            read(&transaction, (0, last / 2), whose, each)?;
            match threads::joined(other) {
                Some(rows) => rows.into_iter().for_each(&mut *each),
                None => read(&transaction, (last / 2, i64::MAX), whose, each)?,
            }
            Ok(())
        })
    }

    /// Gives every payment and refund whose properties may hold one of a name to `each`, with the properties, by time.
    pub(super) fn money_props(&self, name: &str, each: &mut dyn FnMut(MoneyRow, &str)) -> Result<(), StoreError> {
        let (people, mut finder) = (self.people()?, DayFinder::new(self.calendar()?));
        let sql = format!("SELECT {COLUMNS}, props FROM revenue WHERE state = 0 AND instr(props, ?1) ORDER BY at, id");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([name])?;
        while let Some(row) = rows.next()? {
            each(money(row, &mut finder, &people)?, row.get_ref(6)?.as_str().unwrap_or_default());
        }
        Ok(())
    }
}

/// The rows after one, read by another connection; `None` where it fails or sees another state of the file.
fn later_half(path: &Path, seq: i64, after: i64, whose: (Calendar, &People)) -> Option<Vec<MoneyRow>> {
    let other = Store::connect(path.to_path_buf(), Access::ReadOnly, Duration::ZERO).ok()?;
    let transaction = other.conn.unchecked_transaction().ok()?;
    if newest(&transaction).ok()? != seq {
        return None;
    }
    let mut rows = Vec::new();
    read(&transaction, (after, i64::MAX), whose, &mut |row| rows.push(row)).ok()?;
    Some(rows)
}

/// Rows by id, after one and up to another.
fn read(
    conn: &Connection,
    bounds: (i64, i64),
    (calendar, people): (Calendar, &People),
    each: &mut dyn FnMut(MoneyRow),
) -> Result<(), StoreError> {
    let mut finder = DayFinder::new(calendar);
    // Rows as they lie: by way of an index each would be looked for by itself.
    let sql = format!("SELECT {COLUMNS} FROM revenue NOT INDEXED WHERE id > ?1 AND id <= ?2 AND state = 0 ORDER BY id");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(bounds)?;
    while let Some(row) = rows.next()? {
        each(money(row, &mut finder, people)?);
    }
    Ok(())
}

fn money(row: &Row<'_>, finder: &mut DayFinder, people: &People) -> rusqlite::Result<MoneyRow> {
    let at = Instant(row.get(0)?);
    Ok(MoneyRow {
        day: finder.day(at),
        at,
        user: row.get::<_, Option<u32>>(1)?.map(|user| people.of(user)),
        stream: row.get(2)?,
        order: row.get::<_, Option<i64>>(3)?.map(|o| o as u64),
        amount: Micros(row.get(4)?),
        currency: currency(row, 5)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Zone;
    use crate::store::NewWorkspace;

    #[test]
    fn many_rows_come_once_each_in_order_and_another_state_of_the_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.db");
        let store = Store::create(&path, &NewWorkspace::bare(Zone::UTC, None)).unwrap();
        let rows = WORTH + 3;
        let sql = format!(
            "INSERT INTO source (id, name, kind) VALUES (1, 's', 1);
             INSERT INTO batch (id, source, file, began, committed, state) VALUES (1, 1, 'f', 0, 0, 1);
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
             INSERT INTO revenue (id, batch, source, key, content, state, at, amount, currency)
             SELECT i, 1, 1, CAST(i AS BLOB), x'', i % 7 = 0, (i * 7919) % {rows}, i, 'USD' FROM n;"
        );
        store.conn.execute_batch(&sql).unwrap();
        let live: Vec<i64> = (1..=rows).filter(|i| i % 7 != 0).collect();
        let mut seen = Vec::new();
        store.each_money(&mut |row| seen.push(row.amount.0)).unwrap();
        assert_eq!(seen, live);
        let (people, calendar) = (store.people().unwrap(), store.calendar().unwrap());
        let seq = newest(&store.conn).unwrap();
        let later = |seq| later_half(&store.path, seq, WORTH, (calendar, &people));
        assert_eq!(later(seq).map(|rows| rows.len() as i64), Some(live.iter().filter(|i| **i > WORTH).count() as i64));
        assert!(later(seq + 1).is_none());
        // What is not committed is read by nobody else.
        store.conn.execute_batch("BEGIN; UPDATE revenue SET amount = 0 WHERE id > 49000").unwrap();
        seen.clear();
        store.each_money(&mut |row| seen.push(row.amount.0)).unwrap();
        assert_eq!(seen.iter().filter(|amount| **amount == 0).count(), live.iter().filter(|i| **i > 49_000).count());
    }
}
