//! What event names mean, as the operator says it.

use rusqlite::OptionalExtension;

use super::passive::guess;
use super::plans::Author;
use super::{Store, StoreError, TermKind};
use crate::domain::plans::Edit;
use crate::domain::roles::{EventRole, NameRole};

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

    /// Says what an event name means, and whether its events are no activity, as one action that can be undone.
    ///
    /// # Errors
    /// When no event has the name, or another process is writing.
    pub fn set_role(
        &mut self,
        event: &str,
        role: Option<EventRole>,
        passive: bool,
        author: Author,
    ) -> Result<(), StoreError> {
        self.change_role(event, |name| NameRole { name, role, passive, guessed: false }, author)
    }

    /// Gives an event name the role back that is guessed from it, as one action that can be undone.
    ///
    /// # Errors
    /// When no event has the name, or another process is writing.
    pub fn clear_role(&mut self, event: &str, author: Author) -> Result<(), StoreError> {
        self.change_role(event, |name| guess(name, event), author)
    }

    fn change_role(
        &mut self,
        event: &str,
        make: impl FnOnce(u32) -> NameRole,
        author: Author,
    ) -> Result<(), StoreError> {
        let sql = "SELECT id FROM term WHERE kind = ?1 AND text = ?2";
        let id: Option<u32> =
            self.conn.query_row(sql, (TermKind::EventName.code(), event), |row| row.get(0)).optional()?;
        let before = self.roles()?.into_iter().find(|role| Some(role.name) == id);
        let Some(before) = before else {
            return Err(StoreError::usage(format!("no event is called {event}; `quarterdeck role` lists the names")));
        };
        let after = make(before.name);
        let mut edit = Edit::new(format!("role of {event}: {}", after.role.map_or("none", EventRole::name)));
        edit.set(before, after);
        self.change(&edit, author)
    }
}
