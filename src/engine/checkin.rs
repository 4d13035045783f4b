//! What a check-in starts from.

use std::collections::BTreeSet;

use crate::domain::calendar::{Day, Instant};
use crate::domain::plans::{Book, Checkin, JournalKind, Task};
use crate::metrics::streak::streak;
use crate::query::CheckInBoard;

use super::view::View;
use super::{EngineError, today, typed};

/// Answers `Query::CheckIn` for a person.
pub(super) fn answer(view: &mut View, actor: &str, now: Instant) -> Result<CheckInBoard, EngineError> {
    let today = today::answer(view)?;
    let missing = typed::missing(view)?;
    let book = view.store.book()?;
    let on_nodes: Vec<Task> =
        book.tasks.iter().filter(|task| task.state.is_open() && task.node_id.is_some()).cloned().collect();
    let mut history: Vec<Checkin> = book.checkins.iter().filter(|one| one.actor == actor).cloned().collect();
    history.reverse();
    let days = history.iter().map(|one| one.day).collect();
    let streak = streak(&days, &days_off(&book), view.today);
    Ok(CheckInBoard { asked: now, today, missing, on_nodes, history, streak })
}

fn days_off(book: &Book) -> BTreeSet<Day> {
    book.journal.iter().filter(|line| line.kind == JournalKind::Holiday).map(|line| line.day).collect()
}
