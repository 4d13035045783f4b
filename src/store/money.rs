//! Reading payments and refunds: from copies of whole runs of rows where there are, else row by row.

pub(super) mod copies;

use rusqlite::{Connection, Row};

use super::people::People;
use super::reads::{currency, instants};
use super::{MoneyRow, Store, StoreError};
use crate::domain::calendar::{Instant, Span};
use crate::domain::days::DayFinder;
use crate::domain::money::{Currency, Micros};

/// Columns that [`Paid::of`] reads.
const COLUMNS: &str = "at, user, stream, order_key, amount, currency";

impl Store {
    /// Payments and refunds of a span of local days by time; `None` is all.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn money(&self, span: Option<Span>) -> Result<Vec<MoneyRow>, StoreError> {
        let mut rows = Vec::new();
        self.each_money(span, &mut |row| rows.push(row))?;
        rows.sort_by_key(|row| row.at);
        Ok(rows)
    }

    /// Payments and refunds are no more than this.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn most_money(&self) -> Result<usize, StoreError> {
        let sql = "SELECT coalesce(max(id), 0) FROM revenue";
        let last: i64 = self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(usize::try_from(last).unwrap_or(0))
    }

    /// Gives payments and refunds of a span of local days, `None` is all, to `each`: those of one instant in the order they
    /// came in.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn each_money(&self, span: Option<Span>, each: &mut dyn FnMut(MoneyRow)) -> Result<(), StoreError> {
        let (people, calendar) = (self.people()?, self.calendar()?);
        let (mut finder, within) = (DayFinder::new(calendar), instants(calendar, span));
        // Copies and rows of one state of the file.
        self.within_one_state(|store| {
            let mut next = 0;
            copies::each(&store.conn, within, &mut |run, rows| {
                let between = (next, run * copies::RUN);
                read(&store.conn, between, within, &mut |row| each(row.seen(&mut finder, &people)))?;
                next = (run + 1) * copies::RUN;
                for row in rows {
                    each(row.seen(&mut finder, &people));
                }
                Ok(())
            })?;
            read(&store.conn, (next, i64::MAX), within, &mut |row| each(row.seen(&mut finder, &people)))
        })
    }

    /// Gives every payment and refund whose properties may hold one of a name to `each`, with the properties, by time.
    pub(super) fn money_props(&self, name: &str, each: &mut dyn FnMut(MoneyRow, &str)) -> Result<(), StoreError> {
        let (people, mut finder) = (self.people()?, DayFinder::new(self.calendar()?));
        let sql = format!("SELECT {COLUMNS}, props FROM revenue WHERE state = 0 AND instr(props, ?1) ORDER BY at, id");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([name])?;
        while let Some(row) = rows.next()? {
            each(Paid::of(row)?.seen(&mut finder, &people), row.get_ref(6)?.as_str().unwrap_or_default());
        }
        Ok(())
    }
}

/// A live row as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Paid {
    at: i64,
    user: Option<u32>,
    stream: Option<u32>,
    order: Option<u64>,
    amount: i64,
    currency: Option<Currency>,
}

impl Paid {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            at: row.get(0)?,
            user: row.get(1)?,
            stream: row.get(2)?,
            order: row.get::<_, Option<i64>>(3)?.map(|order| order as u64),
            amount: row.get(4)?,
            currency: currency(row, 5)?,
        })
    }

    fn seen(self, finder: &mut DayFinder, people: &People) -> MoneyRow {
        let Self { user, stream, order, currency, .. } = self;
        let at = Instant(self.at);
        let user = user.map(|user| people.of(user));
        MoneyRow { day: finder.day(at), at, user, stream, order, amount: Micros(self.amount), currency }
    }
}

/// Rows within some instants, both included, as they lie, by id, from one and before another: by way of an index each would
/// be looked for by itself.
fn read(
    conn: &Connection,
    (first, end): (i64, i64),
    (from, to): (i64, i64),
    each: &mut dyn FnMut(Paid),
) -> Result<(), StoreError> {
    if first >= end {
        return Ok(());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM revenue NOT INDEXED
         WHERE id >= ?1 AND id < ?2 AND at BETWEEN ?3 AND ?4 AND state = 0 ORDER BY id"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([first, end, from, to])?;
    while let Some(row) = rows.next()? {
        each(Paid::of(row)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::copies::RUN;
    use super::*;
    use crate::domain::calendar::{Day, Zone};
    use crate::store::NewWorkspace;

    fn seen(store: &Store) -> Vec<MoneyRow> {
        store.money(None).unwrap()
    }

    /// The same, row by row.
    fn plain(store: &Store) -> Vec<MoneyRow> {
        let (people, mut finder) = (store.people().unwrap(), DayFinder::new(store.calendar().unwrap()));
        let (mut rows, ever) = (Vec::new(), (i64::MIN, i64::MAX));
        read(&store.conn, (0, i64::MAX), ever, &mut |row| rows.push(row.seen(&mut finder, &people))).unwrap();
        rows.sort_by_key(|row| row.at);
        rows
    }

    fn copied(store: &Store) -> i64 {
        store.conn.query_row("SELECT count(*) FROM money_block", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn rows_come_once_each_whatever_of_them_is_copied() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.db");
        let store = Store::create(&path, &NewWorkspace::bare(Zone::UTC, None)).unwrap();
        let rows = RUN * 4 + 3;
        let sql = format!(
            "INSERT INTO source (id, name, kind) VALUES (1, 's', 1);
             INSERT INTO batch (id, source, file, began, committed, state) VALUES (1, 1, 'f', 0, 0, 1);
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
             INSERT INTO revenue (id, batch, source, key, content, state, at, user, stream, order_key, amount, currency)
             SELECT i, 1, 1, CAST(i AS BLOB), x'', i % 7 = 0, (i * 7919) % {rows} * 9000000, iif(i % 5, i % 900, NULL),
               iif(i % 3, NULL, i % 2), iif(i % 11, (i * 7046029254386353131) % 4611686018427387904 * (i % 2 * 2 - 1), NULL),
               i % 1000 - 500, iif(i % 13, 'USD', 'EUR') FROM n;"
        );
        store.conn.execute_batch(&sql).unwrap();
        let all = plain(&store);
        assert_eq!(all.len() as i64, rows - rows / 7);
        assert_eq!((seen(&store), copied(&store)), (all.clone(), 0));
        copies::extend(&store.conn).unwrap();
        assert_eq!((seen(&store), copied(&store), copies::wrong(&store.conn).unwrap()), (all.clone(), 4, 0));
        for (first, last) in [(0, 0), (-9, -1), (0, 9), (1, 1)] {
            let span = Span { first: Day(first), last: Day(last) };
            let those: Vec<MoneyRow> = all.iter().filter(|row| span.contains(row.day)).cloned().collect();
            assert_eq!(store.money(Some(span)).unwrap(), those);
        }
        // What changes is read from the rows until it is copied again.
        let change = "UPDATE revenue SET amount = 9 WHERE id = 5000; DELETE FROM revenue WHERE id = 1";
        store.conn.execute_batch(change).unwrap();
        assert_eq!((seen(&store), copied(&store)), (plain(&store), 2));
        copies::extend(&store.conn).unwrap();
        assert_eq!(copied(&store), 2);
        copies::complete(&store.conn).unwrap();
        assert_eq!((seen(&store), copied(&store), copies::wrong(&store.conn).unwrap()), (plain(&store), 4, 0));
        // A copy of no sense is none; doctor finds it, and one that lies.
        store.conn.execute_batch("UPDATE money_block SET at = x'0102' WHERE id = 2").unwrap();
        assert_eq!(seen(&store), plain(&store));
        store.conn.execute_batch("UPDATE money_block SET least_amount = 7 WHERE id = 3").unwrap();
        assert_eq!(copies::wrong(&store.conn).unwrap(), 2);
        assert!(store.check().unwrap().iter().any(|(name, passed, _)| name == "rollups" && !passed));
    }
}
