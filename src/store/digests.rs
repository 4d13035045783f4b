//! Digests of imports, recomputed from the texts that their rows stand for.

use std::borrow::Cow;

use rusqlite::{Connection, Row};
use rustc_hash::FxHashMap;

use super::blocks::{self, Wanted};
use super::hash::RowHash;
use super::parcel::content;
use super::spelling::Spelling;
use super::tables::{self, Table, keys};
use super::versions::{Digest, NOTHING, version_hash, wide};
use super::{StoreError, keyed, ledger};
use crate::domain::calendar::Instant;
use crate::domain::money::{Currency, Micros};
use crate::domain::records::{Kind, Revenue};

/// Digests by import.
pub(super) type Found = FxHashMap<i64, Digest>;

/// What is wrong with single rows: how many, and the first ones.
#[derive(Default)]
pub(super) struct Wrong {
    pub(super) rows: u64,
    pub(super) first: Vec<String>,
}

impl Wrong {
    pub(super) fn add(&mut self, table: &str, id: i64) {
        self.rows += 1;
        if self.first.len() < 3 {
            self.first.push(format!("{table} {id}"));
        }
    }
}

/// The digest of one import, from its rows.
pub(super) fn digest_of(conn: &Connection, batch: i64, kind: Kind) -> Result<Digest, StoreError> {
    let found = match Table::of(kind) {
        Some(table) => table_digests(conn, table, Some(batch))?.0,
        None if kind == Kind::Revenue => revenue_digests(conn, Some(batch))?.0,
        None => event_digests(conn, Some(batch))?,
    };
    Ok(found.get(&batch).copied().unwrap_or_default())
}

fn text<'a>(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Cow<'a, str>>> {
    Ok(row.get::<_, Option<String>>(at)?.map(Cow::Owned))
}

/// Digests of the events of all imports or one.
pub(super) fn event_digests(conn: &Connection, batch: Option<i64>) -> Result<Found, StoreError> {
    let sql = "SELECT b.id, s.name FROM batch b JOIN source s ON s.id = b.source";
    let mut statement = conn.prepare(sql)?;
    let sources: FxHashMap<i64, String> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let spelling = Spelling::read(conn)?;
    let (mut out, mut hash) = (Found::default(), RowHash::default());
    blocks::each(conn, blocks::ALL_DAYS, Wanted::PROPS, &mut |head, rows| {
        if batch.is_none_or(|batch| batch == head.batch) {
            let source = sources.get(&head.batch).map_or("", String::as_str);
            let digest = out.entry(head.batch).or_default();
            for at in 0..rows.len() {
                let event = spelling.event(head.day, rows, at);
                digest.add(content(hash.clear().text(Some(source)), &event.lent()), 0);
            }
        }
        Ok(())
    })?;
    Ok(out)
}

/// Digests of revenue rows, and the rows that do not say what they said.
pub(super) fn revenue_digests(conn: &Connection, batch: Option<i64>) -> Result<(Found, Wrong), StoreError> {
    let sql = "SELECT r.id, r.batch, r.source, r.key, r.content, r.order_id, r.line, u.name, r.at, s.text, r.amount,
          r.currency, r.refund_of, r.undated, r.props
        FROM revenue r LEFT JOIN user u ON u.id = r.user LEFT JOIN term s ON s.kind = 3 AND s.id = r.stream
        WHERE ?1 IS NULL OR r.batch = ?1";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([batch])?;
    let (mut found, mut wrong) = (Found::default(), Wrong::default());
    while let Some(row) = rows.next()? {
        let said = Revenue {
            order: text(row, 5)?,
            line: text(row, 6)?,
            user: text(row, 7)?,
            at: Instant(row.get(8)?),
            stream: text(row, 9)?,
            amount: Micros(row.get(10)?),
            currency: None,
            refund_of: text(row, 12)?,
            undated_refund: row.get(13)?,
            refund_total: false,
            props: text(row, 14)?,
        };
        let currency = Currency::parse(&row.get::<_, String>(11)?);
        let content = currency.map(|currency| ledger::content(&said, currency));
        let place = (row.get(2)?, wide(row.get_ref(3)?.as_blob().unwrap_or_default()));
        if content != Some(wide(row.get_ref(4)?.as_blob().unwrap_or_default())) {
            wrong.add("revenue", row.get(0)?);
        }
        let hash = version_hash(place.0, place.1, content.unwrap_or_default());
        found.entry(row.get(1)?).or_default().add(hash, said.amount.0);
    }
    Ok((found, wrong))
}

/// Digests of the rows of a table, and the rows that do not say what they said.
pub(super) fn table_digests(
    conn: &Connection,
    table: &Table,
    batch: Option<i64>,
) -> Result<(Found, Wrong), StoreError> {
    let sql = format!("{} WHERE ?1 IS NULL OR x.batch = ?1", table.select("x.id, x.batch, x.source, x.key, x.content"));
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([batch])?;
    let (mut found, mut wrong) = (Found::default(), Wrong::default());
    while let Some(row) = rows.next()? {
        let cells = table.cells(row, 5)?;
        let stored = |at: usize| Ok::<_, rusqlite::Error>(wide(row.get_ref(at)?.as_blob().unwrap_or_default()));
        let said = || tables::content(table.kind, &cells);
        let (key, content) = (keys(table.kind, &cells).0, if stored(4)? == NOTHING { NOTHING } else { said() });
        if key != stored(3)? || content != stored(4)? {
            wrong.add(table.name, row.get(0)?);
        }
        let hash = version_hash(row.get(2)?, key, content);
        found.entry(row.get(1)?).or_default().add(hash, keyed::amount(table.kind, &cells));
    }
    Ok((found, wrong))
}
