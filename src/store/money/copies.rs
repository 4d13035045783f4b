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

const SELECT: &str = "SELECT n, first_at, least_amount, at, user, stream, has_order, order_key, amount, currency,
    currencies, id FROM money_block";

/// The live rows of a run.
#[derive(Debug, PartialEq, Eq)]
struct Copy {
    rows: usize,
    first_at: i64,
    least_amount: i64,
    /// Times, users, streams, whether there is an order, orders, amounts, currencies.
    columns: [Vec<u8>; 7],
    /// Codes one after another.
    currencies: String,
}

impl Copy {
    fn of(rows: &[Paid]) -> Self {
        let first_at = rows.iter().map(|row| row.at).min().unwrap_or(0);
        let least_amount = rows.iter().map(|row| row.amount).min().unwrap_or(0);
        let mut known: Vec<Currency> = rows.iter().filter_map(|row| row.currency).collect();
        known.sort_unstable();
        known.dedup();
        let place = |currency: Option<Currency>| currency.and_then(|own| known.binary_search(&own).ok());
        let count = |id: Option<u32>| id.map_or(0, |id| u64::from(id) + 1);
        Self {
            rows: rows.len(),
            first_at,
            least_amount,
            columns: [
                pack(rows.iter().map(|row| row.at.wrapping_sub(first_at) as u64)),
                pack(rows.iter().map(|row| count(row.user))),
                pack(rows.iter().map(|row| count(row.stream))),
                pack(rows.iter().map(|row| u64::from(row.order.is_some()))),
                pack(rows.iter().map(|row| row.order.unwrap_or(0))),
                pack(rows.iter().map(|row| row.amount.wrapping_sub(least_amount) as u64)),
                pack(rows.iter().map(|row| place(row.currency).map_or(0, |place| place as u64 + 1))),
            ],
            currencies: known.iter().map(Currency::code).collect(),
        }
    }

    fn stored(row: &Row<'_>) -> rusqlite::Result<Self> {
        let mut columns = [const { Vec::new() }; 7];
        for (at, column) in (3..).zip(&mut columns) {
            *column = row.get(at)?;
        }
        Ok(Self {
            rows: row.get::<_, u32>(0)? as usize,
            first_at: row.get(1)?,
            least_amount: row.get(2)?,
            columns,
            currencies: row.get(10)?,
        })
    }
}

/// The rows of a copy; `None` where it does not make sense.
fn unpacked(row: &Row<'_>) -> rusqlite::Result<Option<Vec<Paid>>> {
    let (rows, first_at, least): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let codes = row.get_ref(10)?.as_str().unwrap_or_default();
    let currencies: Vec<_> = codes.as_bytes().chunks(3).map(|c| std::str::from_utf8(c).ok()).collect();
    let currencies: Vec<_> = currencies.into_iter().map(|code| code.and_then(Currency::parse)).collect();
    let rows = rows.clamp(0, RUN) as usize;
    let mut columns = [const { Vec::<u64>::new() }; 7];
    for (at, column) in (3..).zip(&mut columns) {
        let bytes = row.get_ref(at)?.as_blob().unwrap_or_default();
        column.reserve_exact(rows);
        if !unpack(bytes, rows, column, |n| n) {
            return Ok(None);
        }
    }
    let [at, user, stream, has_order, order, amount, currency] = &columns;
    let id = |count: u64| count.checked_sub(1).map(|id| id as u32);
    let paid = at.iter().zip(user).zip(stream).zip(has_order).zip(order).zip(amount).zip(currency);
    Ok(Some(
        paid.map(|((((((at, user), stream), has_order), order), amount), currency)| Paid {
            at: first_at.wrapping_add(*at as i64),
            user: id(*user),
            stream: id(*stream),
            order: (*has_order > 0).then_some(*order),
            amount: least.wrapping_add(*amount as i64),
            currency: currency.checked_sub(1).and_then(|place| *currencies.get(place as usize)?),
        })
        .collect(),
    ))
}

/// Gives the rows of each run that has a copy, and its number, to `each`, in ascending order.
pub(super) fn each(
    conn: &Connection,
    each: &mut dyn FnMut(i64, Vec<Paid>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} ORDER BY id"))?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        if let Some(rows) = unpacked(row)? {
            each(row.get(11)?, rows)?;
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
        let copy = Copy::of(&of_run(conn, run)?);
        let [at, user, stream, has_order, order, amount, currency] = &copy.columns;
        let sql =
            "INSERT INTO money_block (id, n, first_at, least_amount, at, user, stream, has_order, order_key, amount,
            currency, currencies) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let (n, first_at, least) = (copy.rows as i64, copy.first_at, copy.least_amount);
        let values =
            params![run, n, first_at, least, at, user, stream, has_order, order, amount, currency, copy.currencies];
        conn.prepare_cached(sql)?.execute(values)?;
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
        wrong += usize::from(Copy::stored(row)? != Copy::of(&of_run(conn, row.get(11)?)?));
    }
    Ok(wrong)
}
