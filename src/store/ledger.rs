//! Storing revenue and spend: rows that a later import may replace. All versions are kept, one of them is live, so an
//! import can be taken back and brought again.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::identity::RowHash;
use crate::domain::calendar::{Day, Instant};
use crate::domain::money::Currency;
use crate::domain::records::{Revenue, Spend};

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Inserted,
    Updated,
    Duplicate,
}

/// A revenue row with its texts resolved, waiting for its number among rows of the same key.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    base: u128,
    pub(super) content: u128,
    /// Whether rows of the same key in one import are told apart by a number.
    numbered: bool,
    pub(super) at: Instant,
    pub(super) user: Option<u32>,
    pub(super) stream: Option<u32>,
    pub(super) amount: i64,
    pub(super) currency: Currency,
    pub(super) order: Option<String>,
    pub(super) line: Option<String>,
    refund_of: Option<String>,
    undated: bool,
    props: Option<String>,
}

/// What identifies a revenue row and what it says.
pub(super) fn entry(row: &Revenue<'_>, currency: Currency, ids: (Option<u32>, Option<u32>)) -> Entry {
    let mut content = RowHash::default();
    content.text(row.order.as_deref()).text(row.line.as_deref()).text(row.user.as_deref()).number(row.at.0);
    content.text(row.stream.as_deref()).number(row.amount.0).text(Some(currency.code()));
    content.text(row.refund_of.as_deref()).number(i64::from(row.undated_refund)).text(row.props.as_deref());
    let content = content.digest();
    let mut base = RowHash::default();
    match row.order.as_deref() {
        None => base.number((content >> 64) as i64).number(content as i64),
        Some(order) => {
            base.text(Some(order)).text(row.line.as_deref()).number(i64::from(row.amount.0 < 0));
            // A refund never replaces its order, and two refunds of one order differ in time.
            base.number(if row.amount.0 < 0 && !row.undated_refund { row.at.0 } else { 0 })
        }
    };
    Entry {
        base: base.digest(),
        content,
        numbered: row.line.is_none(),
        at: row.at,
        user: ids.0,
        stream: ids.1,
        amount: row.amount.0,
        currency,
        order: row.order.as_deref().map(str::to_owned),
        line: row.line.as_deref().map(str::to_owned),
        refund_of: row.refund_of.as_deref().map(str::to_owned),
        undated: row.undated_refund,
        props: row.props.as_deref().map(str::to_owned),
    }
}

/// Stores the entries of one import; rows of one key are numbered by time and amount.
pub(super) fn store_revenue(
    conn: &Connection,
    batch: i64,
    source: i64,
    entries: Vec<Entry>,
) -> Result<Vec<Fate>, StoreError> {
    let mut groups: BTreeMap<u128, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        groups.entry(entry.base).or_default().push(entry);
    }
    let mut fates = Vec::new();
    for (base, mut group) in groups {
        if group.iter().all(|e| e.numbered) {
            group.sort_by_key(|e| (e.at, e.amount, e.content));
        }
        for (number, entry) in group.into_iter().enumerate() {
            let number = if entry.numbered { number as i64 } else { 0 };
            let key = RowHash::default().number((base >> 64) as i64).number(base as i64).number(number).digest();
            fates.push(upsert_revenue(conn, batch, source, key, &entry)?);
        }
    }
    Ok(fates)
}

fn upsert_revenue(conn: &Connection, batch: i64, source: i64, key: u128, entry: &Entry) -> Result<Fate, StoreError> {
    let content = entry.content.to_be_bytes();
    let fate = make_way(conn, "revenue", (batch, source, &key.to_be_bytes()), &content)?;
    if fate == Fate::Duplicate {
        return Ok(fate);
    }
    let order_key = entry.order.as_deref().map(|o| RowHash::default().number(source).text(Some(o)).digest() as i64);
    let sql = "INSERT INTO revenue (batch, source, key, content, state, order_id, order_key, line, user, at, stream,
        amount, currency, refund_of, undated, props) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
    conn.prepare_cached(sql)?.execute(params![
        batch,
        source,
        key.to_be_bytes(),
        content,
        entry.order,
        order_key,
        entry.line,
        entry.user,
        entry.at.0,
        entry.stream,
        entry.amount,
        entry.currency.code(),
        entry.refund_of,
        entry.undated,
        entry.props,
    ])?;
    Ok(fate)
}

/// Looks at the live version of a key: equal content is a duplicate, other content gives way.
fn make_way(
    conn: &Connection,
    table: &str,
    place: (i64, i64, &[u8; 16]),
    content: &[u8; 16],
) -> Result<Fate, StoreError> {
    let (batch, source, key) = place;
    let sql = format!("SELECT id, batch, content FROM {table} WHERE source = ?1 AND key = ?2 AND state = 0");
    let live = conn
        .prepare_cached(&sql)?
        .query_row((source, key), |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, Vec<u8>>(2)?)))
        .optional()?;
    match live {
        None => Ok(Fate::Inserted),
        Some((_, _, old)) if old == content => Ok(Fate::Duplicate),
        Some((id, owner, _)) if owner == batch => {
            conn.prepare_cached(&format!("DELETE FROM {table} WHERE id = ?1"))?.execute([id])?;
            Ok(Fate::Updated)
        }
        Some((id, ..)) => {
            conn.prepare_cached(&format!("UPDATE {table} SET state = 1 WHERE id = ?1"))?.execute([id])?;
            Ok(Fate::Updated)
        }
    }
}

/// Spend of one key inside one import: rows add up.
#[derive(Debug, Clone)]
pub(super) struct SpendSum {
    pub(super) day: Day,
    pub(super) channel: Option<u32>,
    pub(super) campaign: Option<u32>,
    pub(super) currency: Currency,
    pub(super) amount: i64,
    pub(super) impressions: Option<u64>,
    pub(super) clicks: Option<u64>,
    pub(super) rows: u64,
}

/// Key of a spend row: day, channel, campaign, currency.
pub(super) fn spend_key(row: &Spend<'_>, currency: Currency) -> u128 {
    let mut hash = RowHash::default();
    hash.number(i64::from(row.day.0)).text(row.channel.as_deref()).text(row.campaign.as_deref());
    hash.text(Some(currency.code())).digest()
}

impl SpendSum {
    /// Adds another row of the key; fails where the sum no longer fits.
    pub(super) fn add(&mut self, row: &Spend<'_>) -> Option<()> {
        self.amount = self.amount.checked_add(row.amount.0)?;
        let sum = |a: Option<u64>, b: Option<u64>| match (a, b) {
            (Some(a), Some(b)) => a.checked_add(b),
            (a, b) => a.or(b),
        };
        self.impressions = sum(self.impressions, row.impressions);
        self.clicks = sum(self.clicks, row.clicks);
        self.rows += 1;
        Some(())
    }

    pub(super) fn content(&self) -> u128 {
        let mut hash = RowHash::default();
        let count = |n: Option<u64>| n.map_or(-1, |n| n as i64);
        hash.number(self.amount).number(count(self.impressions)).number(count(self.clicks)).digest()
    }
}

/// Stores the sums of one import: a total replaces what earlier imports stored for its key.
pub(super) fn store_spend(
    conn: &Connection,
    batch: i64,
    source: i64,
    key: u128,
    sum: &SpendSum,
) -> Result<Fate, StoreError> {
    let content = sum.content().to_be_bytes();
    let fate = make_way(conn, "spend", (batch, source, &key.to_be_bytes()), &content)?;
    if fate == Fate::Duplicate {
        return Ok(fate);
    }
    let sql = "INSERT INTO spend (batch, source, key, content, state, day, channel, campaign, amount, currency, impressions, clicks)
        VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    conn.prepare_cached(sql)?.execute(params![
        batch,
        source,
        key.to_be_bytes(),
        content,
        sum.day.0,
        sum.channel,
        sum.campaign,
        sum.amount,
        sum.currency.code(),
        sum.impressions.map(|n| n as i64),
        sum.clicks.map(|n| n as i64),
    ])?;
    Ok(fate)
}
