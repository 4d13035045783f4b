//! Changing the settings of a workspace. Stored times are never rewritten; what follows from the zone is made anew.

use super::plans::Author;
use super::{Store, StoreError};
use crate::domain::plans::{Edit, Setting};
use crate::domain::profile::ProfileChange;

impl Store {
    /// Changes settings as one action that can be undone; a zone changes the days of everything, so the rollups are made
    /// anew.
    ///
    /// # Errors
    /// When an import is being written in the old zone, or another process is writing.
    pub fn change_profile(&mut self, change: &ProfileChange, author: Author) -> Result<(), StoreError> {
        let stored = self.stored_settings()?;
        let mut edit = Edit::default();
        let mut said = Vec::new();
        for new in change.settings() {
            said.push(format!("{} {}", new.key, new.value));
            set(&mut edit, &stored, new);
        }
        edit.label = format!("settings: {}", said.join(", "));
        self.change(&edit, author)
    }

    /// Settings as they are stored, thresholds included.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn stored_settings(&self) -> Result<Vec<Setting>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT key, value FROM setting ORDER BY key")?;
        let rows = statement.query_map([], |row| Ok(Setting { key: row.get(0)?, value: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Adds a setting to an edit, as new or in place of the one of its name.
pub(super) fn set(edit: &mut Edit, stored: &[Setting], new: Setting) {
    match stored.iter().find(|old| old.key == new.key) {
        Some(old) => edit.set(old.clone(), new),
        None => edit.add(new),
    }
}
