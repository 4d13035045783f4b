//! What event names mean, as the operator says it.

use rusqlite::OptionalExtension;

use super::batch::mark;
use super::passive::{guess, save};
use super::undo::rebuilt;
use super::{NameRole, Store, StoreError, TermKind};
use crate::domain::roles::EventRole;

impl Store {
    /// What every event name means, by dense id.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn roles(&self) -> Result<Vec<NameRole>, StoreError> {
        let sql = "SELECT name, role, passive, guessed FROM role ORDER BY name";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            let role: Option<String> = row.get(1)?;
            let role = role.as_deref().and_then(EventRole::parse);
            Ok(NameRole { name: row.get(0)?, role, passive: row.get(2)?, guessed: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Says what an event name means, and whether its events are no activity.
    ///
    /// # Errors
    /// When no event has the name, or another process is writing.
    pub fn set_role(&mut self, event: &str, role: Option<EventRole>, passive: bool) -> Result<(), StoreError> {
        self.change_role(event, |name| NameRole { name, role, passive, guessed: false })
    }

    /// Gives an event name the role back that is guessed from it.
    ///
    /// # Errors
    /// When no event has the name, or another process is writing.
    pub fn clear_role(&mut self, event: &str) -> Result<(), StoreError> {
        self.change_role(event, |name| guess(name, event))
    }

    /// The row, and the rollups where it makes the name's events activity or no activity, in one transaction.
    fn change_role(&mut self, event: &str, make: impl FnOnce(u32) -> NameRole) -> Result<(), StoreError> {
        let calendar = self.calendar()?;
        self.queue().transaction(&self.conn, || {
            let sql =
                "SELECT t.id, r.passive FROM term t JOIN role r ON r.name = t.id WHERE t.kind = ?1 AND t.text = ?2";
            let found: Option<(u32, bool)> = self
                .conn
                .query_row(sql, (TermKind::EventName.code(), event), |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((name, passive)) = found else {
                return Err(StoreError::usage(format!(
                    "no event is called {event}; `quarterdeck role` lists the names"
                )));
            };
            let new = make(name);
            save(&self.conn, new)?;
            if new.passive == passive { mark(&self.conn, &["terms"], &[]) } else { rebuilt(&self.conn, calendar) }
        })
    }
}
