//! Proving the file: SQLite's own checks, what each import says of itself, and rollups against the raw rows.

mod content;
mod identities;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use super::firsts::Firsts;
use super::money::copies;
use super::touches::Touches;
use super::versions::wide;
use super::{Store, StoreError, journal, rollup};

/// A check's name, whether it passed, and one line of facts.
pub type Check = (String, bool, String);

/// What a check finds: whether it passed, and one line of facts.
type Finding = (bool, String);

impl Store {
    /// Runs every check. One that the damage itself stops has not passed.
    ///
    /// # Errors
    /// When another thread stopped it.
    pub fn check(&self) -> Result<Vec<Check>, StoreError> {
        type Run = fn(&Store) -> Result<Finding, StoreError>;
        let all: [(&str, Run); 10] = [
            ("integrity", Self::integrity),
            ("foreign keys", Self::foreign_keys),
            ("import lines", Self::lines),
            ("import digests", Self::digests),
            ("keyed rows", Self::keyed_rows),
            ("identities", Self::identities),
            ("rollups", Self::rollups),
            ("conservation", Self::conservation),
            ("ids on several days", Self::repeated_ids),
            ("content", Self::content),
        ];
        let mut checks = Vec::new();
        for (name, run) in all {
            let (passed, facts) = match run(self) {
                Ok(found) => found,
                Err(error) if error.is_interrupted() => return Err(error),
                Err(error) => (false, format!("{}; restore a backup", error.cause())),
            };
            checks.push((name.to_owned(), passed, facts));
        }
        Ok(checks)
    }

    fn integrity(&self) -> Result<Finding, StoreError> {
        let mut statement = self.conn.prepare("PRAGMA integrity_check(10)")?;
        let lines: Vec<String> = statement.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
        Ok((lines == ["ok"], lines.join("; ")))
    }

    fn foreign_keys(&self) -> Result<Finding, StoreError> {
        let mut statement = self.conn.prepare("PRAGMA foreign_key_check")?;
        let broken = statement.query_map([], |_| Ok(()))?.count();
        Ok((broken == 0, format!("{broken} rows point nowhere")))
    }

    /// The line of every import against the hash over it, and against the rejected rows it counts.
    fn lines(&self) -> Result<Finding, StoreError> {
        let mut statement = self.conn.prepare("SELECT id, seal FROM batch WHERE seal IS NOT NULL ORDER BY id")?;
        let sealed: Vec<(i64, u128)> = statement
            .query_map([], |r| Ok((r.get(0)?, wide(r.get_ref(1)?.as_blob().unwrap_or_default()))))?
            .collect::<Result<_, _>>()?;
        let sql = "SELECT (SELECT count(*) FROM reject WHERE batch = b.id) = b.rejected + b.conflict FROM batch b
            WHERE b.id = ?1";
        let mut kept = self.conn.prepare(sql)?;
        let mut wrong = Vec::new();
        for (batch, stored) in &sealed {
            let kept: bool = kept.query_row([batch], |row| row.get(0))?;
            if journal::seal(&self.conn, *batch)? != *stored || !kept {
                wrong.push(batch.to_string());
            }
        }
        Ok(if wrong.is_empty() {
            (true, format!("{} imports say what they said when they were written", sealed.len()))
        } else {
            (false, format!("counts, times, state or rejected rows of imports {} were changed", wrong.join(", ")))
        })
    }

    /// Every set, count and first touch against what the raw events give.
    fn rollups(&self) -> Result<Finding, StoreError> {
        let mut unseen: BTreeSet<i32> = rollup::days(&self.conn)?.into_iter().collect();
        let (mut sets, mut counts, mut wrong) = (0, 0, 0);
        let raw = rollup::replay(&self.conn, self.calendar()?, &mut |day, raw| {
            unseen.remove(&day);
            let stored = rollup::stored(&self.conn, day)?;
            (sets, counts) = (sets + raw.sets.len(), counts + raw.counts.len());
            wrong += different(&raw.sets, &stored.sets) + different(&raw.counts, &stored.counts);
            Ok(())
        })?;
        let touches = Touches::all(&self.conn)?;
        let stored = Firsts::read(&self.conn, &touches)?;
        let users = (0..raw.len().max(stored.len())).filter(|user| raw.get(*user) != stored.get(*user)).count();
        let copies = copies::wrong(&self.conn)?;
        let passed = wrong + unseen.len() + users + copies == 0;
        let facts = if passed {
            format!("{sets} sets, {counts} counts, {} users equal to the raw events", raw.len())
        } else {
            let more = unseen.len();
            format!(
                "{wrong} sets and counts, {more} days and {users} users differ from the raw events, {copies} copies of \
                 money from its rows"
            )
        };
        Ok((passed, facts))
    }

    /// read = inserted + updated + duplicate + conflict + rejected + blank, for every import.
    fn conservation(&self) -> Result<Finding, StoreError> {
        let imports = self.imports(usize::MAX >> 1)?;
        let wrong: Vec<String> =
            imports.iter().filter(|i| !i.counts.conserved()).map(|i| i.batch.to_string()).collect();
        Ok(if wrong.is_empty() {
            (true, format!("{} imports account for every row read", imports.len()))
        } else {
            (false, format!("imports {} lost count", wrong.join(", ")))
        })
    }
}

/// Keys that are not in both, or not with the same value.
fn different<K: Ord, V: PartialEq>(a: &BTreeMap<K, V>, b: &BTreeMap<K, V>) -> usize {
    let missing = b.keys().filter(|key| !a.contains_key(key)).count();
    missing + a.iter().filter(|(key, value)| b.get(key) != Some(value)).count()
}
