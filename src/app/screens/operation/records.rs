//! What is moved on from a tab.

use crate::domain::plans::{CompetitorNote, Edit, NoteVerdict};
use crate::query::{Command, PlanOrder};

use super::super::super::view::Request;

/// The next verdict on what a competitor did.
pub fn verdict_on(one: &CompetitorNote) -> Request {
    let all = NoteVerdict::ALL;
    let at = all.iter().position(|verdict| *verdict == one.verdict).unwrap_or(0);
    let verdict = all[(at + 1) % all.len()];
    let mut edit = Edit::new(format!("note: {}", verdict.word()));
    edit.set(one.clone(), CompetitorNote { verdict, ..one.clone() });
    Request::Run(Command::Plan(PlanOrder::Edit(edit)))
}
