//! Copies of whole runs of money rows, column by column. A start reads all money, and what it would wait for longest is
//! SQLite finding hundreds of thousands of rows one by one. Triggers take away the copy of a run of which a row changes.

use rusqlite::{Connection, Row, params};
use rustc_hash::FxHashSet;

use super::{COLUMNS, Paid};
use crate::domain::money::Currency;
use crate::store::StoreError;
use crate::store::columns::{pack, unpack};

/// Ids of a run; the triggers count in the same.
pub(super) const RUN: i64 = 4_096;

const SELECT: &str = "SELECT id, n, first_at, last_at, tick, least_amount, currencies, at, user, stream, no_order,
    order_key, amount, currency FROM money_block";

/// Place of the first column of [`SELECT`] that has a number for each row.
const FIRST: usize = 7;

/// The live rows of a run.
#[derive(Debug, PartialEq, Eq)]
struct Copy {
    /// Rows, first and last time, tick, least amount.
    numbers: [i64; 5],
    /// Codes one after another.
    currencies: String,
    /// Times, users, streams, whether there is no order, orders, amounts, currencies.
    columns: [Vec<u8>; 7],
}

impl Copy {
    fn of(mut rows: Vec<Paid>) -> Self {
        rows.sort_by_key(|row| row.at);
        let (first_at, last_at) = (rows.first().map_or(0, |row| row.at), rows.last().map_or(0, |row| row.at));
        let after = |row: &Paid| row.at.wrapping_sub(first_at) as u64;
        let whole = |tick: &u64| rows.iter().all(|row| after(row) % tick == 0);
        let tick = [1_000_000, 1_000].into_iter().find(whole).unwrap_or(1);
        let least = rows.iter().map(|row| row.amount).min().unwrap_or(0);
        let mut known: Vec<Currency> = rows.iter().filter_map(|row| row.currency).collect();
        known.sort_unstable();
        known.dedup();
        // What is no code is none of them.
        let place = |row: &Paid| row.currency.and_then(|own| known.binary_search(&own).ok()).unwrap_or(known.len());
        let count = |id: Option<u32>| id.map_or(0, |id| u64::from(id) + 1);
        Self {
            numbers: [rows.len() as i64, first_at, last_at, tick as i64, least],
            columns: [
                pack(rows.iter().map(|row| after(row) / tick)),
                pack(rows.iter().map(|row| count(row.user))),
                pack(rows.iter().map(|row| count(row.stream))),
                pack(rows.iter().map(|row| u64::from(row.order.is_none()))),
                pack(rows.iter().map(|row| row.order.unwrap_or(0))),
                pack(rows.iter().map(|row| row.amount.wrapping_sub(least) as u64)),
                pack(rows.iter().map(|row| place(row) as u64)),
            ],
            currencies: known.iter().map(Currency::code).collect(),
        }
    }

    fn stored(row: &Row<'_>) -> rusqlite::Result<Self> {
        let (mut numbers, mut columns) = ([0; 5], [const { Vec::new() }; 7]);
        for (at, number) in (1..).zip(&mut numbers) {
            *number = row.get(at)?;
        }
        for (at, column) in (FIRST..).zip(&mut columns) {
            *column = row.get(at)?;
        }
        Ok(Self { numbers, currencies: row.get(6)?, columns })
    }
}

/// What is unpacked of a copy, in memory that the next one uses again.
#[derive(Default)]
struct Unpacked {
    first_at: i64,
    tick: i64,
    least: i64,
    currencies: Vec<Option<Currency>>,
    columns: [Vec<u64>; 7],
}

impl Unpacked {
    /// Unpacks a copy, unless all of it is of other times than some instants; false where it does not make sense.
    fn read(&mut self, row: &Row<'_>, (from, to): (i64, i64)) -> rusqlite::Result<bool> {
        let mut numbers = [0_i64; 5];
        for (at, number) in (1..).zip(&mut numbers) {
            *number = row.get(at)?;
        }
        let [rows, first_at, last_at, tick, least] = numbers;
        (self.first_at, self.tick, self.least) = (first_at, tick, least);
        self.columns.iter_mut().for_each(Vec::clear);
        if last_at < from || first_at > to {
            return Ok(true);
        }
        let rows = rows.clamp(0, RUN) as usize;
        for (at, column) in (FIRST..).zip(&mut self.columns) {
            if !unpack(row.get_ref(at)?.as_blob().unwrap_or_default(), rows, column, |n| n) {
                return Ok(false);
            }
        }
        let codes = row.get_ref(6)?.as_str().unwrap_or_default();
        let code = |bytes: &[u8; 3]| std::str::from_utf8(bytes).ok().and_then(Currency::parse);
        self.currencies.clear();
        self.currencies.extend(codes.as_bytes().as_chunks().0.iter().map(code));
        Ok(true)
    }

    /// Its rows by time.
    fn rows(&self) -> impl Iterator<Item = Paid> {
        let [at, user, stream, no_order, order, amount, currency] = &self.columns;
        let id = |count: u64| count.checked_sub(1).map(|id| id as u32);
        let all = at.iter().zip(user).zip(stream).zip(no_order).zip(order).zip(amount).zip(currency);
        all.map(move |((((((at, user), stream), no_order), order), amount), currency)| Paid {
            at: self.first_at.wrapping_add((*at as i64).wrapping_mul(self.tick)),
            user: id(*user),
            stream: id(*stream),
            order: (*no_order == 0).then_some(*order),
            amount: self.least.wrapping_add(*amount as i64),
            currency: self.currencies.get(*currency as usize).copied().flatten(),
        })
    }
}

/// Takes the number of a run and its rows by time.
type Run<'a> = &'a mut dyn FnMut(i64, &mut dyn Iterator<Item = Paid>) -> Result<(), StoreError>;

/// Gives each run that has a copy, ascending, with its rows within some instants, both included.
pub(super) fn each(conn: &Connection, within: (i64, i64), each: Run<'_>) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} ORDER BY id"))?;
    let mut found = statement.query([])?;
    let mut unpacked = Unpacked::default();
    while let Some(row) = found.next()? {
        if unpacked.read(row, within)? {
            each(row.get(0)?, &mut unpacked.rows().filter(|row| (within.0..=within.1).contains(&row.at)))?;
        }
    }
    Ok(())
}

/// Copies the runs after the last that has a copy.
pub(in crate::store) fn extend(conn: &Connection) -> Result<(), StoreError> {
    let next = conn.query_row("SELECT ifnull(max(id) + 1, 0) FROM money_block", [], |row| row.get(0))?;
    fill(conn, next)
}

/// Copies every run that has no copy.
pub(in crate::store) fn complete(conn: &Connection) -> Result<(), StoreError> {
    fill(conn, 0)
}

/// Makes all copies anew.
pub(in crate::store) fn rebuild(conn: &Connection) -> Result<(), StoreError> {
    conn.execute("DELETE FROM money_block", [])?;
    complete(conn)
}

/// Copies the runs from one on that have no copy. New rows get ids above all others, so a run below them is whole.
fn fill(conn: &Connection, from: i64) -> Result<(), StoreError> {
    let last: i64 = conn.query_row("SELECT ifnull(max(id), 0) FROM revenue", [], |row| row.get(0))?;
    let mut statement = conn.prepare_cached("SELECT id FROM money_block WHERE id >= ?1")?;
    let copied = statement.query_map([from], |row| row.get(0))?.collect::<Result<FxHashSet<i64>, _>>()?;
    for run in (from..(last + 1) / RUN).filter(|run| !copied.contains(run)) {
        let Copy { numbers: [n, first_at, last_at, tick, least], currencies, columns } = Copy::of(of_run(conn, run)?);
        let [at, user, stream, no_order, order, amount, currency] = columns;
        let sql = "INSERT INTO money_block (id, n, first_at, last_at, tick, least_amount, currencies, at, user, stream,
            no_order, order_key, amount, currency)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
        conn.prepare_cached(sql)?.execute(params![
            run, n, first_at, last_at, tick, least, currencies, at, user, stream, no_order, order, amount, currency
        ])?;
    }
    Ok(())
}

fn of_run(conn: &Connection, run: i64) -> Result<Vec<Paid>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM revenue WHERE id BETWEEN ?1 AND ?2 AND state = 0 ORDER BY id");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([run * RUN, run * RUN + RUN - 1], Paid::of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Copies that do not say what the rows say.
pub(in crate::store) fn wrong(conn: &Connection) -> Result<usize, StoreError> {
    let mut statement = conn.prepare(SELECT)?;
    let mut found = statement.query([])?;
    let mut wrong = 0;
    while let Some(row) = found.next()? {
        wrong += usize::from(Copy::stored(row)? != Copy::of(of_run(conn, row.get(0)?)?));
    }
    Ok(wrong)
}
