//! Proving the file: SQLite's own checks, digests of imports, and rollups against the raw rows.

use rusqlite::Connection;

use super::events;
use super::{Store, StoreError, rollup};
use crate::domain::calendar::Instant;
use crate::domain::records::Event;

/// A check's name, whether it passed, and one line of facts.
pub type Check = (String, bool, String);

impl Store {
    /// Runs every check.
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub fn check(&self) -> Result<Vec<Check>, StoreError> {
        Ok(vec![self.integrity()?, self.foreign_keys()?, self.digests()?, self.rollups()?, self.conservation()?])
    }

    fn integrity(&self) -> Result<Check, StoreError> {
        let mut statement = self.conn.prepare("PRAGMA integrity_check(10)")?;
        let lines: Vec<String> = statement.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let passed = lines == ["ok"];
        Ok(("integrity".into(), passed, lines.join("; ")))
    }

    fn foreign_keys(&self) -> Result<Check, StoreError> {
        let mut statement = self.conn.prepare("PRAGMA foreign_key_check")?;
        let broken = statement.query_map([], |_| Ok(()))?.count();
        Ok(("foreign keys".into(), broken == 0, format!("{broken} rows point nowhere")))
    }

    /// Rows of each import of events against the digest stored when they came.
    fn digests(&self) -> Result<Check, StoreError> {
        let sql = "SELECT b.id, b.rows, b.digest FROM batch b JOIN source s ON s.id = b.source WHERE s.kind = 0 AND b.state < 2";
        let mut statement = self.conn.prepare(sql)?;
        let batches: Vec<(i64, i64, Vec<u8>)> =
            statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<Result<_, _>>()?;
        let mut found = all_digests(&self.conn)?;
        let mut wrong = Vec::new();
        for (batch, rows, digest) in &batches {
            let (n, sum) = found.remove(batch).unwrap_or_default();
            if n != *rows || sum.to_be_bytes() != digest.as_slice() {
                wrong.push(format!("import {batch}: {n} rows of {rows}"));
            }
        }
        let facts = if wrong.is_empty() { format!("{} imports as they came", batches.len()) } else { wrong.join("; ") };
        Ok(("import digests".into(), wrong.is_empty(), facts))
    }

    /// Every set, count and first against what the raw events give.
    fn rollups(&self) -> Result<Check, StoreError> {
        let (stored, raw) = (rollup::stored(&self.conn)?, rollup::from_events(&self.conn, self.calendar()?)?);
        let sets = raw.sets.iter().filter(|(k, v)| stored.sets.get(k) != Some(v)).count()
            + stored.sets.iter().filter(|(k, v)| !v.is_empty() && !raw.sets.contains_key(k)).count();
        let counts = raw.counts.iter().filter(|(k, v)| stored.counts.get(k) != Some(v)).count()
            + stored.counts.keys().filter(|k| !raw.counts.contains_key(k)).count();
        let firsts = raw.firsts.iter().filter(|(k, v)| stored.firsts.get(k) != Some(v)).count()
            + stored.firsts.keys().filter(|k| !raw.firsts.contains_key(k)).count();
        let passed = sets + counts + firsts == 0;
        let facts = if passed {
            format!(
                "{} sets, {} counts, {} users equal to the raw events",
                raw.sets.len(),
                raw.counts.len(),
                raw.firsts.len()
            )
        } else {
            format!("{sets} sets, {counts} counts and {firsts} users differ from the raw events")
        };
        Ok(("rollups".into(), passed, facts))
    }

    /// read = inserted + updated + duplicate + conflict + rejected + blank, for every import.
    fn conservation(&self) -> Result<Check, StoreError> {
        let imports = self.imports(usize::MAX >> 1)?;
        let wrong: Vec<String> =
            imports.iter().filter(|i| !i.counts.conserved()).map(|i| i.batch.to_string()).collect();
        let facts = if wrong.is_empty() {
            format!("{} imports account for every row read", imports.len())
        } else {
            format!("imports {} lost count", wrong.join(", "))
        };
        Ok(("conservation".into(), wrong.is_empty(), facts))
    }
}

/// Rows and sum of content hashes of one import of events.
pub(super) fn event_digest(conn: &Connection, batch: i64) -> Result<(i64, u128), StoreError> {
    Ok(digests_where(conn, Some(batch))?.remove(&batch).unwrap_or_default())
}

fn all_digests(conn: &Connection) -> Result<rustc_hash::FxHashMap<i64, (i64, u128)>, StoreError> {
    digests_where(conn, None)
}

fn digests_where(conn: &Connection, batch: Option<i64>) -> Result<rustc_hash::FxHashMap<i64, (i64, u128)>, StoreError> {
    let sql = "SELECT v.at_micros, v.event, v.user, v.channel, v.platform, v.props, v.batch, s.name
        FROM v_event v JOIN batch b ON b.id = v.batch JOIN source s ON s.id = b.source WHERE ?1 IS NULL OR v.batch = ?1";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([batch])?;
    let mut out = rustc_hash::FxHashMap::<i64, (i64, u128)>::default();
    while let Some(row) = rows.next()? {
        let text = |at: usize| -> rusqlite::Result<Option<std::borrow::Cow<'static, str>>> {
            Ok(row.get::<_, Option<String>>(at)?.map(Into::into))
        };
        let event = Event {
            id: None,
            user: text(2)?,
            at: Instant(row.get(0)?),
            name: text(1)?.unwrap_or_default(),
            channel: text(3)?,
            platform: text(4)?,
            props: text(5)?,
        };
        let sum = out.entry(row.get(6)?).or_default();
        sum.0 += 1;
        sum.1 = sum.1.wrapping_add(events::content(row.get_ref(7)?.as_str().unwrap_or(""), &event));
    }
    Ok(out)
}
