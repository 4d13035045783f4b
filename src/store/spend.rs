//! Storing spend: rows of one key inside one import add up, and the total replaces what earlier imports stored.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::{Connection, params};

use super::dictionary::Dictionary;
use super::identity::RowHash;
use super::run::{self, Part, Total};
use super::versions::{Digest, Versions};
use super::{StoreError, TermKind};
use crate::domain::calendar::Day;
use crate::domain::money::Currency;
use crate::domain::records::{Counts, Spend};

/// Totals of the keys that a slice touches, each begun with what the run had before.
pub(super) type Totals = BTreeMap<u128, Sum>;

/// The total of one key.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    day: Day,
    channel: Option<String>,
    campaign: Option<String>,
    currency: Currency,
    /// What earlier slices of the run counted.
    before: Option<Total>,
    /// What this slice adds.
    slice: Part,
}

/// Key of a spend row: day, channel, campaign, currency.
pub(super) fn key(day: Day, channel: Option<&str>, campaign: Option<&str>, currency: Currency) -> u128 {
    RowHash::default().number(i64::from(day.0)).text(channel).text(campaign).text(Some(currency.code())).digest()
}

/// Hash of what a total says.
pub(super) fn content(amount: i64, impressions: Option<u64>, clicks: Option<u64>) -> u128 {
    let count = |n: Option<u64>| n.map_or(-1, |n| n as i64);
    RowHash::default().number(amount).number(count(impressions)).number(count(clicks)).digest()
}

/// Adds a row to its key's total; false where the sum no longer fits, and nothing is added.
pub(super) fn add(
    conn: &Connection,
    totals: &mut Totals,
    row: &Spend<'_>,
    currency: Currency,
) -> Result<bool, StoreError> {
    let key = key(row.day, row.channel.as_deref(), row.campaign.as_deref(), currency);
    let sum = match totals.entry(key) {
        Entry::Occupied(sum) => sum.into_mut(),
        Entry::Vacant(empty) => empty.insert(Sum::new(row, currency, run::total(conn, key)?)),
    };
    Ok(sum.add(row).is_some())
}

impl Sum {
    fn new(row: &Spend<'_>, currency: Currency, before: Option<Total>) -> Self {
        Self {
            day: row.day,
            channel: row.channel.as_deref().map(str::to_owned),
            campaign: row.campaign.as_deref().map(str::to_owned),
            currency,
            before,
            slice: Part::default(),
        }
    }

    /// Begins a run of its own: what an earlier one counted is no longer part of it.
    pub(super) fn forget_before(&mut self) {
        self.before = None;
    }

    fn add(&mut self, row: &Spend<'_>) -> Option<()> {
        let more = Part { amount: row.amount.0, impressions: row.impressions, clicks: row.clicks, rows: 1 };
        let slice = self.slice.plus(&more)?;
        self.before.map_or(Some(slice), |before| before.part.plus(&slice))?;
        self.slice = slice;
        Some(())
    }

    fn total(&self) -> Option<Part> {
        self.before.map_or(Some(self.slice), |before| before.part.plus(&self.slice))
    }
}

/// Stores the totals of a slice, counting what became of their rows. All rows of a key share one fate.
pub(super) fn store(
    versions: &Versions<'_>,
    dictionary: &mut Dictionary,
    totals: Totals,
    (counts, digest): (&mut Counts, &mut Digest),
) -> Result<(), StoreError> {
    let conn = versions.conn;
    for (key, sum) in totals.into_iter().filter(|(_, sum)| sum.slice.rows > 0) {
        let Some(part) = sum.total() else { continue };
        let channel = dictionary.optional(conn, TermKind::Channel, sum.channel.as_deref())?;
        let campaign = dictionary.optional(conn, TermKind::Campaign, sum.campaign.as_deref())?;
        let said = content(part.amount, part.impressions, part.clicks);
        let fate = versions.place(digest, (key, said, part.amount), |conn| {
            let currency = sum.currency.code();
            let sql = "INSERT INTO spend (batch, source, key, content, state, day, channel, campaign, amount, currency,
                impressions, clicks) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
            conn.prepare_cached(sql)?.execute(params![
                versions.batch,
                versions.source,
                key.to_be_bytes(),
                said.to_be_bytes(),
                sum.day.0,
                channel,
                campaign,
                part.amount,
                currency,
                part.impressions.map(|n| n as i64),
                part.clicks.map(|n| n as i64),
            ])?;
            Ok(())
        })?;
        if let Some(before) = sum.before {
            before.fate.uncount(counts, before.part.rows);
        }
        fate.count(counts, part.rows);
        run::note_total(conn, key, &Total { fate, part })?;
    }
    Ok(())
}
