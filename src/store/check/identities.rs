//! Identities against the events they stand for, and ids that stand for events on several days.

use super::Finding;
use crate::domain::calendar::Day;
use crate::store::blocks::{self, Wanted};
use crate::store::hash::Short;
use crate::store::spelling::Spelling;
use crate::store::{Store, StoreError};

/// Identities looked at together, so that memory stays bounded.
const TOGETHER: i64 = 2_000_000;
/// Ids named with their events.
const NAMED: usize = 5;

impl Store {
    /// Each event has one identity that no other event of its day has.
    pub(super) fn identities(&self) -> Result<Finding, StoreError> {
        let undone = blocks::undone(&self.conn)?;
        let (mut all, mut wrong) = (0_u64, 0);
        let (mut day, mut hashes) = (i32::MIN, Vec::new());
        blocks::each(&self.conn, blocks::ALL_DAYS, Wanted::IDENTITY, &mut |head, rows| {
            if head.day != day {
                wrong += repeated(&mut hashes);
                day = head.day;
            }
            all += rows.len() as u64;
            if !undone.contains(&head.batch) {
                hashes.extend_from_slice(&rows.identity);
            }
            Ok(())
        })?;
        wrong += repeated(&mut hashes);
        let broken = blocks::broken(&self.conn)?;
        Ok(if wrong == 0 && broken == 0 {
            (true, format!("{all} events, each with its identity"))
        } else {
            let whose = "events have the identity of another one of their day";
            (false, format!("{wrong} {whose}, {broken} blocks of events were changed"))
        })
    }

    /// The same id on two days is two events (metrics.md, Identity): a fact to know, no failure. The text of an id is
    /// not stored.
    pub(super) fn repeated_ids(&self) -> Result<Finding, StoreError> {
        let entries: i64 = self.conn.query_row("SELECT ifnull(sum(n), 0) FROM event_block", [], |r| r.get(0))?;
        let parts = (entries / TOGETHER + 1) as u64;
        let (mut ids, mut named) = (0_u64, Vec::new());
        for part in 0..parts {
            let mut all = self.hashes(parts, part)?;
            all.sort_unstable();
            for same in all.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
                ids += 1;
                if named.len() < NAMED {
                    named.push(self.describe(same)?);
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
    fn hashes(&self, parts: u64, part: u64) -> Result<Vec<(Short, i32, u32)>, StoreError> {
        let mut out = Vec::new();
        blocks::each_live(&self.conn, blocks::ALL_DAYS, Wanted::IDENTITY, &mut |head, rows| {
            let ours = (head.first..).zip(&rows.identity).filter(|(_, hash)| u64::from(hash[0]) % parts == part);
            out.extend(ours.map(|(number, hash)| (*hash, head.day, number)));
            Ok(())
        })?;
        Ok(out)
    }

    /// The first of some events with the same id, and the days of all.
    fn describe(&self, same: &[(Short, i32, u32)]) -> Result<String, StoreError> {
        let (_, day, number) = same.first().copied().unwrap_or_default();
        let spelling = Spelling::read(&self.conn)?;
        let mut first = String::new();
        blocks::each_live(&self.conn, (day, day), Wanted::default(), &mut |head, rows| {
            if let Some(at) = number.checked_sub(head.first).filter(|at| *at < head.rows) {
                let event = spelling.event(day, rows, at as usize);
                first = format!("{} {}", event.user.as_deref().unwrap_or("(no user)"), event.name);
            }
            Ok(())
        })?;
        let days: Vec<String> = same.iter().take(NAMED).map(|(_, day, _)| Day(*day).to_string()).collect();
        Ok(format!("{first} on {}", days.join(", ")))
    }
}

/// How many hashes are those of another row; forgets them all.
fn repeated(hashes: &mut Vec<Short>) -> usize {
    hashes.sort_unstable();
    let different = hashes.chunk_by(|a, b| a == b).count();
    let all = hashes.len();
    hashes.clear();
    all - different
}
