//! Identities against the events they stand for, and ids that stand for events on several days.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::Finding;
use crate::domain::calendar::Day;
use crate::store::identity::{id_range, unpack};
use crate::store::{Store, StoreError};

/// Identities looked at together, so that memory stays bounded.
const TOGETHER: i64 = 2_000_000;
/// Ids named with their events.
const NAMED: usize = 5;

impl Store {
    /// Each event has one identity, of its number within its day and of its import.
    pub(super) fn identities(&self) -> Result<Finding, StoreError> {
        let days: Vec<i32> = self
            .conn
            .prepare("SELECT DISTINCT day FROM identity ORDER BY day")?
            .query_map([], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        let all: i64 = self.conn.query_row(
            "SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM event_undone)",
            [],
            |r| r.get(0),
        )?;
        let (mut seen, mut wrong) = (0, 0);
        for day in days {
            let (known, events) = (known(&self.conn, day)?, events(&self.conn, day)?);
            seen += events.len() as i64;
            if known != events {
                let (a, b): (BTreeSet<_>, BTreeSet<_>) = (known.into_iter().collect(), events.into_iter().collect());
                wrong += a.symmetric_difference(&b).count().max(1);
            }
        }
        let lost = all - seen;
        Ok(if wrong == 0 && lost == 0 {
            (true, format!("{all} events, each with its identity"))
        } else {
            (false, format!("{} events and identities do not belong together", wrong as i64 + lost))
        })
    }

    /// The same id on two days is two events (metrics.md, Identity): a fact to know, no failure. The text of an id is
    /// not stored.
    pub(super) fn repeated_ids(&self) -> Result<Finding, StoreError> {
        let entries: i64 =
            self.conn.query_row("SELECT ifnull(sum(length(rows)), 0) / 16 FROM identity", [], |r| r.get(0))?;
        let parts = (entries / TOGETHER + 1) as u128;
        let (mut ids, mut named) = (0_u64, Vec::new());
        for part in 0..parts {
            let mut all = self.hashes(parts, part)?;
            all.sort_unstable();
            for same in all.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
                ids += 1;
                if named.len() < NAMED {
                    named.push(describe(&self.conn, same)?);
                }
            }
        }
        Ok((
            true,
            match ids {
                0 => "no id comes again on another day".to_owned(),
                _ => format!("{ids} ids, on each day an event of its own: {}", named.join("; ")),
            },
        ))
    }

    /// Hash, day and number of the events in the numbers whose hash falls into one of some parts.
    fn hashes(&self, parts: u128, part: u128) -> Result<Vec<(u128, i32, u32)>, StoreError> {
        let sql = "SELECT i.day, i.rows FROM identity i JOIN batch b ON b.id = i.batch WHERE b.state < 2";
        let mut statement = self.conn.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let day = row.get(0)?;
            let entries = unpack(row.get_ref(1)?.as_blob().unwrap_or_default());
            out.extend(entries.filter(|(hash, _)| hash % parts == part).map(|(hash, number)| (hash, day, number)));
        }
        Ok(out)
    }
}

/// Number and import of each identity of a day.
fn known(conn: &Connection, day: i32) -> Result<Vec<(u32, i64)>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT rows, batch FROM identity WHERE day = ?1")?;
    let mut rows = statement.query([day])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let batch = row.get(1)?;
        out.extend(unpack(row.get_ref(0)?.as_blob().unwrap_or_default()).map(|(_, number)| (number, batch)));
    }
    out.sort_unstable();
    Ok(out)
}

/// Number and import of each event of a day, those taken back included.
fn events(conn: &Connection, day: i32) -> Result<Vec<(u32, i64)>, StoreError> {
    let sql = "SELECT id, batch FROM event WHERE id BETWEEN ?1 AND ?2
        UNION ALL SELECT id, batch FROM event_undone WHERE id BETWEEN ?1 AND ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(id_range(day), |row| Ok((row.get::<_, i64>(0)? as u32, row.get(1)?)))?;
    let mut out: Vec<(u32, i64)> = rows.collect::<Result<_, _>>()?;
    out.sort_unstable();
    Ok(out)
}

fn describe(conn: &Connection, same: &[(u128, i32, u32)]) -> Result<String, StoreError> {
    let (_, day, number) = same.first().copied().unwrap_or_default();
    let sql = "SELECT ifnull(u.name, '(no user)'), n.text FROM event e LEFT JOIN user u ON u.id = e.user
        LEFT JOIN term n ON n.kind = 0 AND n.id = e.name WHERE e.id = ?1";
    let id = id_range(day).0 | i64::from(number);
    let (user, name): (String, Option<String>) = conn.query_row(sql, [id], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let days: Vec<String> = same.iter().take(NAMED).map(|(_, day, _)| Day(*day).to_string()).collect();
    Ok(format!("{user} {} on {}", name.unwrap_or_default(), days.join(", ")))
}
