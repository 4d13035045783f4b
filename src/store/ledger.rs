//! Storing orders and refunds: what identifies a row, and its number among rows of the same key.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};

use super::dictionary::Dictionary;
use super::hash::RowHash;
use super::run::{self, Numbered};
use super::versions::{Digest, Fate, Versions, wide};
use super::{StoreError, TermKind};
use crate::domain::calendar::Instant;
use crate::domain::money::Currency;
use crate::domain::records::{Counts, Revenue};

/// A revenue row that waits for its transaction.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    base: u128,
    /// Key of the first row of the base. Slices are stored in its order, so that the index is written in one sweep.
    first: u128,
    /// Whether rows of the same key in one import are told apart by a number.
    numbered: bool,
    user: Option<String>,
    stream: Option<String>,
    row: Row,
}

/// A revenue row as stored.
#[derive(Debug, Clone)]
struct Row {
    content: u128,
    at: Instant,
    user: Option<u32>,
    stream: Option<u32>,
    amount: i64,
    currency: Currency,
    order: Option<String>,
    line: Option<String>,
    refund_of: Option<String>,
    undated: bool,
    props: Option<String>,
    /// Row of the file of which it is one of several records; that row counts once.
    part_of: Option<u64>,
}

impl Row {
    fn place(&self) -> (i64, i64, u128) {
        (self.at.0, self.amount, self.content)
    }
}

/// Hash of all that a revenue row says.
pub(super) fn content(row: &Revenue<'_>, currency: Currency) -> u128 {
    let mut content = RowHash::default();
    content.text(row.order.as_deref()).text(row.line.as_deref()).text(row.user.as_deref()).number(row.at.0);
    content.text(row.stream.as_deref()).number(row.amount.0).text(Some(currency.code()));
    content.text(row.refund_of.as_deref()).number(i64::from(row.undated_refund)).text(row.props.as_deref());
    content.digest()
}

impl Entry {
    /// What identifies a row and what it says.
    pub(super) fn new(row: &Revenue<'_>, currency: Currency) -> Self {
        let content = content(row, currency);
        let mut base = RowHash::default();
        match row.order.as_deref() {
            None => base.number((content >> 64) as i64).number(content as i64),
            Some(order) => {
                base.text(Some(order)).text(row.line.as_deref()).number(i64::from(row.amount.0 < 0));
                // A refund never replaces its order, and two refunds of one order differ in time, unless each is the sum.
                base.number(if row.amount.0 < 0 && !row.refund_total { row.at.0 } else { 0 })
            }
        };
        let own = |text: &Option<crate::domain::records::Text<'_>>| text.as_deref().map(str::to_owned);
        let base = base.digest();
        Self {
            base,
            first: key(base, 0),
            numbered: row.line.is_none(),
            user: own(&row.user),
            stream: own(&row.stream),
            row: Row {
                content,
                at: row.at,
                user: None,
                stream: None,
                amount: row.amount.0,
                currency,
                order: own(&row.order),
                line: own(&row.line),
                refund_of: own(&row.refund_of),
                undated: row.undated_refund,
                props: own(&row.props),
                part_of: None,
            },
        }
    }

    /// The same as one of several records of a row of the file. Such rows are told apart by order and line, never by a
    /// number, so that their fate does not change with what comes later.
    pub(super) fn part_of(self, row: u64) -> Self {
        Self { numbered: false, row: Row { part_of: Some(row), ..self.row }, ..self }
    }

    /// Memory it holds, roughly.
    pub(super) fn bytes(&self) -> usize {
        let text = |t: &Option<String>| t.as_ref().map_or(0, String::len);
        let row = &self.row;
        size_of::<Self>()
            + text(&self.user)
            + text(&self.stream)
            + [&row.order, &row.line, &row.refund_of, &row.props].map(text).iter().sum::<usize>()
    }
}

/// What became of rows of the file with several records, by row.
type Parts = BTreeMap<u64, Fate>;

/// Where the orders of one import go.
pub(super) struct Ledger<'c> {
    pub(super) conn: &'c Connection,
    pub(super) batch: i64,
    pub(super) source: i64,
}

impl Ledger<'_> {
    /// Stores a slice of an import, counting what became of its rows; rows of one key are numbered by time and amount
    /// among all that the run has brought, so earlier ones may move.
    pub(super) fn store(
        &self,
        dictionary: &mut Dictionary,
        mut entries: Vec<Entry>,
        (counts, digest): (&mut Counts, &mut Digest),
    ) -> Result<(), StoreError> {
        // Stable: rows with a line of their own are judged in the order of the file.
        entries.sort_by_key(|entry| entry.first);
        for entry in &mut entries {
            entry.row.user = dictionary.optional_user(entry.user.as_deref())?;
            entry.row.stream = dictionary.optional(self.conn, TermKind::Stream, entry.stream.as_deref())?;
        }
        let mut parts = Parts::new();
        let mut entries = entries.into_iter().peekable();
        while let Some(first) = entries.next() {
            let (base, numbered) = ((first.base, first.first), first.numbered);
            let mut rows = vec![first.row];
            while let Some(next) = entries.next_if(|entry| entry.first == base.1) {
                rows.push(next.row);
            }
            if numbered {
                self.number(base, rows, counts, digest)?;
            } else {
                self.lines(base.1, rows, (counts, &mut parts), digest)?;
            }
        }
        for fate in parts.values() {
            fate.count(counts, 1);
        }
        Ok(())
    }

    /// Rows that only their number tells apart.
    fn number(
        &self,
        (base, first): (u128, u128),
        mut rows: Vec<Row>,
        counts: &mut Counts,
        digest: &mut Digest,
    ) -> Result<(), StoreError> {
        rows.sort_by_key(Row::place);
        let old = run::numbered(self.conn, first)?;
        let least = rows.first().map(Row::place);
        let from = old.partition_point(|row| Some(row.place) <= least);
        for moved in old.get(from..).unwrap_or_default() {
            // A row that was taken back meanwhile keeps its count and loses its number.
            if let Some(row) = self.recall(key(base, moved.number), moved.place.2)? {
                moved.fate.uncount(counts, 1);
                rows.push(row);
            }
        }
        if from < old.len() {
            run::renumber(self.conn, first, from as i64)?;
            rows.sort_by_key(Row::place);
        }
        for (row, number) in rows.iter().zip(from as i64..) {
            let fate = self.place(digest, key(base, number), row)?;
            fate.count(counts, 1);
            run::note_order(self.conn, first, Numbered { number, fate, place: row.place() })?;
        }
        for number in (from + rows.len())..old.len() {
            self.versions().withdraw(digest, key(base, number as i64))?;
        }
        Ok(())
    }

    /// Rows with a line of their own: a second row of the line replaces the first.
    fn lines(
        &self,
        key: u128,
        rows: Vec<Row>,
        (counts, parts): (&mut Counts, &mut Parts),
        digest: &mut Digest,
    ) -> Result<(), StoreError> {
        let mut seen = !run::numbered(self.conn, key)?.is_empty();
        for row in rows {
            let said = (key, row.content, row.amount);
            let place = (self.batch, self.source, key);
            let fate = self.versions().replace(digest, said, seen, |conn| insert(conn, place, &row))?;
            match row.part_of {
                None => fate.count(counts, 1),
                Some(whole) => {
                    parts.entry(whole).and_modify(|so_far| *so_far = so_far.and(fate)).or_insert(fate);
                }
            }
            if !seen {
                run::note_order(self.conn, key, Numbered { number: 0, fate, place: row.place() })?;
                seen = true;
            }
        }
        Ok(())
    }

    fn versions(&self) -> Versions<'_> {
        Versions { conn: self.conn, table: "revenue", amount: "amount", batch: self.batch, source: self.source }
    }

    fn place(&self, digest: &mut Digest, key: u128, row: &Row) -> Result<Fate, StoreError> {
        self.versions()
            .place(digest, (key, row.content, row.amount), |conn| insert(conn, (self.batch, self.source, key), row))
    }

    /// The stored row of a key and content, live or replaced.
    fn recall(&self, key: u128, content: u128) -> Result<Option<Row>, StoreError> {
        for state in [0, 1] {
            let sql = format!(
                "SELECT at, user, stream, amount, currency, order_id, line, refund_of, undated, props, content
                 FROM revenue WHERE source = ?1 AND key = ?2 AND state = {state} AND content = ?3 LIMIT 1"
            );
            let values = (self.source, key.to_be_bytes(), content.to_be_bytes());
            if let Some(row) = self.conn.prepare_cached(&sql)?.query_row(values, stored).optional()?.flatten() {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }
}

/// Key of a row by its number among rows of one base.
fn key(base: u128, number: i64) -> u128 {
    RowHash::default().number((base >> 64) as i64).number(base as i64).number(number).digest()
}

fn stored(row: &SqlRow<'_>) -> rusqlite::Result<Option<Row>> {
    let Some(currency) = Currency::parse(&row.get::<_, String>(4)?) else { return Ok(None) };
    Ok(Some(Row {
        content: wide(row.get_ref(10)?.as_blob().unwrap_or_default()),
        at: Instant(row.get(0)?),
        user: row.get(1)?,
        stream: row.get(2)?,
        amount: row.get(3)?,
        currency,
        order: row.get(5)?,
        line: row.get(6)?,
        refund_of: row.get(7)?,
        undated: row.get(8)?,
        props: row.get(9)?,
        part_of: None,
    }))
}

fn insert(conn: &Connection, (batch, source, key): (i64, i64, u128), row: &Row) -> Result<(), StoreError> {
    let order_key = row.order.as_deref().map(|o| RowHash::default().number(source).text(Some(o)).digest() as i64);
    let sql = "INSERT INTO revenue (batch, source, key, content, state, order_id, order_key, line, user, at, stream,
        amount, currency, refund_of, undated, props)
        VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
    conn.prepare_cached(sql)?.execute(params![
        batch,
        source,
        key.to_be_bytes(),
        row.content.to_be_bytes(),
        row.order,
        order_key,
        row.line,
        row.user,
        row.at.0,
        row.stream,
        row.amount,
        row.currency.code(),
        row.refund_of,
        row.undated,
        row.props,
    ])?;
    Ok(())
}
