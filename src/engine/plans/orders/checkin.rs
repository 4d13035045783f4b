//! The end of a check-in: what was decided on the way and the check-in itself, as one step.

use crate::domain::plans::{Checkin, Edit};
use crate::query::CheckedIn;

use super::super::super::EngineError;
use super::Desk;

impl Desk<'_, '_> {
    /// A second check-in of a day replaces the first.
    pub(super) fn check_in(&mut self, done: &CheckedIn) -> Result<Edit, EngineError> {
        let day = self.view.today;
        let before = self.book.checkins.iter().find(|one| one.day == day && one.actor == self.actor);
        let after = Checkin {
            day,
            actor: self.actor.to_owned(),
            finished_at: self.now.to_string(),
            seconds: self.now.0.saturating_sub(done.begun.0).max(0) / 1_000_000,
            focus: done.focus.clone(),
            brief: done.brief.join("\n"),
            facts: done.facts.clone(),
        };
        let mut edit = self.followed(done.changes.clone())?;
        format!("check-in of {day}").clone_into(&mut edit.label);
        match before {
            Some(before) => edit.set(before.clone(), after),
            None => edit.add(after),
        }
        Ok(edit)
    }
}
