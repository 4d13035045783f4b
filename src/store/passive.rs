//! Roles of event names as they are stored: guessed when a name first comes.

use rusqlite::{Connection, OptionalExtension};
use rustc_hash::{FxHashMap, FxHashSet};

use super::StoreError;
use crate::domain::roles::{EventRole, NameRole};

/// Whether the names met so far are passive.
#[derive(Debug, Default)]
pub(super) struct Passive {
    names: FxHashMap<u32, bool>,
    /// Whether the transaction guessed one.
    pub(super) grew: bool,
}

impl Passive {
    /// Whether events of a name are no activity. A name that comes for the first time gets the role that is guessed.
    pub(super) fn is(&mut self, conn: &Connection, name: u32, text: &str) -> Result<bool, StoreError> {
        if let Some(passive) = self.names.get(&name) {
            return Ok(*passive);
        }
        let sql = "SELECT passive FROM role WHERE name = ?1";
        let stored = conn.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?;
        let passive = if let Some(passive) = stored {
            passive
        } else {
            self.grew = true;
            let guess = guess(name, text);
            save(conn, guess)?;
            guess.passive
        };
        self.names.insert(name, passive);
        Ok(passive)
    }

    /// Forgets what another process may have changed.
    pub(super) fn forget(&mut self) {
        self.names.clear();
    }
}

/// Names whose events are no activity.
pub(super) fn names(conn: &Connection) -> Result<FxHashSet<u32>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT name FROM role WHERE passive")?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Guesses the roles of a file of a schema that had none. Its names stay active: no upgrade changes a number.
pub(super) fn guess_all(conn: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT id, text FROM term WHERE kind = 0 AND id NOT IN (SELECT name FROM role)";
    let names: Vec<(u32, String)> =
        conn.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    names.iter().try_for_each(|(name, text)| save(conn, NameRole { passive: false, ..guess(*name, text) }))
}

/// The role that a name most likely has.
pub(super) fn guess(name: u32, text: &str) -> NameRole {
    let role = EventRole::guess(text);
    NameRole { name, role, passive: role.is_some_and(EventRole::is_passive), guessed: true }
}

/// Stores what a name means.
fn save(conn: &Connection, new: NameRole) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO role (name, role, passive, guessed) VALUES (?1, ?2, ?3, ?4)";
    conn.prepare_cached(sql)?.execute((new.name, new.role.map(EventRole::name), new.passive, new.guessed))?;
    Ok(())
}
