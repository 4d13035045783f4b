//! Tables that show the parts of one row of another table: that under its cursor.

use crate::domain::operations::Section;

use super::super::super::view::Env;
use super::Operation;
use super::under::Current;

impl Operation {
    /// The name of the row of a table whose parts are shown.
    pub(super) fn whole_of(&self, section: Section) -> Option<&str> {
        let at = self.sections.iter().position(|one| *one == section)?;
        let rows = &self.found[at].shown()?.rows;
        rows.iter().find(|row| row.name == self.whole).or(rows.first()).map(|row| row.name.as_str())
    }

    /// Shows the parts of the row under the cursor, where its table has any.
    pub(super) fn follow(&mut self, env: &Env<'_>) {
        let Some(Current::Row(section, row)) = self.current(env) else { return };
        let is_whole = |section: Section| self.sections.iter().any(|one| one.parts_of() == Some(section));
        if row.name == self.whole || !is_whole(section) {
            return;
        }
        self.whole = row.name.clone();
        for (section, worded) in self.sections.iter().zip(&self.worded) {
            if section.parts_of().is_some() {
                worded.take();
            }
        }
    }
}
