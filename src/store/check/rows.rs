//! Rows of each import against the digest stored when they came, and rows with a key against what they said then.

use rustc_hash::FxHashMap;

use super::Finding;
use crate::domain::money::exact;
use crate::domain::records::Kind;
use crate::store::digests::{Found, Wrong, event_digests, revenue_digests, table_digests};
use crate::store::rows::kind_of;
use crate::store::tables::{TABLES, versioned};
use crate::store::versions::Digest;
use crate::store::{Store, StoreError, journal};

impl Store {
    pub(super) fn digests(&self) -> Result<Finding, StoreError> {
        let sql = "SELECT b.id, s.kind, b.seal IS NULL FROM batch b JOIN source s ON s.id = b.source
            ORDER BY b.id";
        let mut statement = self.conn.prepare(sql)?;
        let batches: Vec<(i64, Kind, bool)> =
            statement.query_map([], |r| Ok((r.get(0)?, kind_of(r.get(1)?), r.get(2)?)))?.collect::<Result<_, _>>()?;
        let events = event_digests(&self.conn, None)?;
        let keyed = self.keyed_digests()?.into_iter().map(|(kind, found, _)| (kind, found));
        let keyed: FxHashMap<Kind, Found> = keyed.collect();
        let mut wrong = Vec::new();
        for (batch, kind, unsealed) in &batches {
            let of = |found: &Found| found.get(batch).copied().unwrap_or_default();
            let found = match kind {
                Kind::Events => of(&events),
                other => keyed.get(other).map(of).unwrap_or_default(),
            };
            // Schema 1 kept digests of events only.
            let stated = journal::stored_digest(&self.conn, *batch)?;
            if found != stated && !(*unsealed && *kind != Kind::Events) {
                wrong.push(differs(*batch, &found, &stated));
            }
        }
        Ok(if wrong.is_empty() {
            (true, format!("{} imports as they came", batches.len()))
        } else {
            (false, wrong.join("; "))
        })
    }

    /// Digests of every kind whose rows have a key, and the rows that do not say what they said.
    fn keyed_digests(&self) -> Result<Vec<(Kind, Found, Wrong)>, StoreError> {
        let (found, wrong) = revenue_digests(&self.conn, None)?;
        let mut all = vec![(Kind::Revenue, found, wrong)];
        for table in &TABLES {
            let (found, wrong) = table_digests(&self.conn, table, None)?;
            all.push((table.kind, found, wrong));
        }
        Ok(all)
    }

    /// Every row with a key against the hash of what it said, and the versions of each key against each other.
    pub(super) fn keyed_rows(&self) -> Result<Finding, StoreError> {
        let (mut rows, mut wrong) = (0, Wrong::default());
        for (_, found, bad) in self.keyed_digests()? {
            rows += found.values().map(|digest| digest.rows).sum::<i64>();
            wrong.rows += bad.rows;
            wrong.first.extend(bad.first);
        }
        for table in versioned() {
            let sql = format!(
                "SELECT r.id FROM {table} r JOIN batch b ON b.id = r.batch WHERE (r.state = 2) <> (b.state = 2)
                 UNION ALL SELECT r.id FROM {table} r WHERE r.state = 1 AND NOT EXISTS
                   (SELECT 1 FROM {table} o WHERE o.source = r.source AND o.key = r.key AND o.state = 0)"
            );
            let mut statement = self.conn.prepare(&sql)?;
            let mut ids = statement.query([])?;
            while let Some(row) = ids.next()? {
                wrong.add(table, row.get(0)?);
            }
        }
        Ok(if wrong.rows == 0 {
            (true, format!("{rows} rows say what they said, one of each key is live"))
        } else {
            (false, format!("{} rows were changed or stand wrongly: {}", wrong.rows, wrong.first.join(", ")))
        })
    }
}

fn differs(batch: i64, found: &Digest, stated: &Digest) -> String {
    if found.rows != stated.rows {
        return format!("import {batch}: {} rows of {}", found.rows, stated.rows);
    }
    if found.amount != stated.amount {
        return format!("import {batch}: amounts sum to {}, not {}", exact(found.amount), exact(stated.amount));
    }
    format!("import {batch}: rows were changed")
}
