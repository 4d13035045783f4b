//! Orders about plans as edits: everything that one order changes, to be stored and taken back together.

mod breakdown;
mod checkin;
mod make;
mod notes;
mod rounds;
mod settle;
mod status;
mod targets;
mod template;
mod weeks;

use std::path::Path;

pub(super) use breakdown::breaks;
pub(in crate::engine) use make::gauge;
pub(super) use make::{baseline, days_of};

use make::with_baseline;

use crate::domain::calendar::Instant;
use crate::domain::plans::{Book, Change, Edit, Node, Plan, Record, Task, TaskState};
use crate::files;
use crate::query::{Fault, PlanOrder, Planned};
use crate::store::{Author, Edited};

use super::super::view::View;
use super::super::{Clock, Engine, EngineError};
use super::{rules, toml};

/// Largest file of a plan; a plan is typed by hand.
const LARGEST: u64 = 4 << 20;

/// What an order comes to: an edit, or what is wrong with it.
type Made = Result<Result<Edit, Vec<Fault>>, EngineError>;

/// What an edit is made with.
struct Desk<'v, 'a> {
    view: &'v mut View<'a>,
    book: &'v Book,
    actor: &'v str,
    now: Instant,
}

impl Engine {
    /// Runs an order about plans.
    pub(in crate::engine) fn plan(&mut self, order: &PlanOrder, clock: Clock) -> Result<Planned, EngineError> {
        let actor = self.actor.clone();
        let author = Author { actor: &actor, at: clock.now };
        let turned = match order {
            PlanOrder::Undo => Some(("undone", self.store.undo_edit(author)?)),
            PlanOrder::Redo => Some(("done again", self.store.redo_edit(author)?)),
            _ => None,
        };
        if let Some((what, edited)) = turned {
            return Ok(match self.told(None, edited)? {
                Planned::Done { label, plan, warnings } => {
                    Planned::Done { label: format!("{what}: {label}"), plan, warnings }
                }
                other => other,
            });
        }
        self.cache.refresh(&self.store)?;
        let book = self.store.book()?;
        let view = &mut View::new(&self.store, (&mut self.cache, &mut self.keeper), clock)?;
        let mut desk = Desk { view, book: &book, actor: &actor, now: clock.now };
        let edit = match desk.make(order)? {
            Ok(edit) => edit,
            Err(faults) => return Ok(Planned::Refused(faults)),
        };
        let faults = rules::faults(&book, &edit);
        if !faults.is_empty() {
            return Ok(Planned::Refused(faults));
        }
        if edit.changes.is_empty() {
            let settled = matches!(order, PlanOrder::Settle { .. });
            let label = if settled { "theirs stays; nothing was stored" } else { "nothing to change" };
            return Ok(Planned::Done { label: label.to_owned(), plan: None, warnings: Vec::new() });
        }
        let edited = self.store.edit(&edit, author)?;
        self.told(Some(&edit), edited)
    }

    /// What came of an edit, with what is unwise about its plan now.
    fn told(&self, edit: Option<&Edit>, edited: Edited) -> Result<Planned, EngineError> {
        let (label, ids) = match edited {
            Edited::Done { label, ids } => (label, ids),
            Edited::Conflicts(found) => {
                return Ok(Planned::Conflicts { found, edit: edit.cloned().unwrap_or_default() });
            }
            Edited::Nothing => return Ok(Planned::Nothing),
        };
        let Some(edit) = edit else { return Ok(Planned::Done { label, plan: None, warnings: Vec::new() }) };
        let book = self.store.book()?;
        let plan = plan_of(&book, edit, &ids);
        let warnings = plan.map(|plan| rules::warnings(&book, plan)).unwrap_or_default();
        Ok(Planned::Done { label, plan, warnings })
    }
}

/// The plan that an edit is about: the one it makes, else that of the first record that has one. An edit that makes
/// several is about none of them more than about the others.
fn plan_of(book: &Book, edit: &Edit, ids: &[i64]) -> Option<i64> {
    let is_new = |change: &&Change| change.before.is_none() && matches!(change.after, Some(Record::Plan(_)));
    if edit.changes.iter().filter(is_new).count() > 1 {
        return None;
    }
    let of = |(change, id): (&crate::domain::plans::Change, &i64)| match change.after.as_ref()? {
        Record::Plan(_) => Some(*id),
        Record::Node(_) => book.node(*id).map(|node| node.plan_id),
        Record::Task(_) => book.task(*id).and_then(|task| task.plan_id),
        Record::Resource(one) => Some(one.plan_id),
        Record::Cost(one) => Some(one.plan_id),
        Record::Review(one) => Some(one.plan_id),
        Record::LessonUse(one) => Some(one.plan_id),
        _ => None,
    };
    edit.changes.iter().zip(ids).find_map(of).filter(|id| book.plan(*id).is_some())
}

impl Desk<'_, '_> {
    fn make(&mut self, order: &PlanOrder) -> Made {
        match order {
            PlanOrder::Edit(edit) => Ok(Ok(self.followed(edit.clone())?)),
            PlanOrder::Days { plan, edit, reason } => self.change_days(*plan, edit, reason),
            PlanOrder::CheckIn(done) => Ok(Ok(self.check_in(done)?)),
            PlanOrder::New(new) => self.new_plan(new),
            PlanOrder::Template => Ok(Ok(self.template()?)),
            PlanOrder::Note(note) => Ok(Ok(self.write_down(note))),
            PlanOrder::Target { node, seen, value, reason } => Ok(self.target(*node, *seen, *value, reason)),
            PlanOrder::Node { before, after, reason } => self.change_node(before.as_deref(), after, reason),
            PlanOrder::RemoveNode { node, reason } => Ok(self.remove_node(*node, reason)),
            PlanOrder::Break { node, how, reason } => self.break_down(*node, how, reason),
            PlanOrder::Accept { query, reason } => self.accept(query, reason),
            PlanOrder::Status { plan, to, reason } => self.status(*plan, *to, reason),
            PlanOrder::Close(plan) => self.close(*plan),
            PlanOrder::NextRound { plan, start } => self.next_round(*plan, *start),
            PlanOrder::Settle { found, edit, keep } => Ok(self.settle(found, edit, *keep)),
            PlanOrder::Import(path) => self.import(path),
            PlanOrder::Remove(plan) => Ok(self.remove(*plan)),
            PlanOrder::Undo | PlanOrder::Redo => Ok(Ok(Edit::default())),
        }
    }

    /// An edit with what follows from it: the next time of a task that is done, or no such time where it is opened again;
    /// the baselines of a draft that moved.
    fn followed(&mut self, mut edit: Edit) -> Result<Edit, EngineError> {
        let done = |change: &Change| match (&change.before, &change.after) {
            (Some(Record::Task(before)), Some(Record::Task(after))) => {
                let is_done = before.state.is_open() && after.state == TaskState::Done;
                after.next(self.view.today).filter(|_| is_done)
            }
            _ => None,
        };
        for (at, next) in (1..).zip(edit.changes.iter().filter_map(done).collect::<Vec<_>>()) {
            edit.add(Task { id: -at, ..next });
        }
        let came: Vec<Task> = edit.changes.iter().filter_map(opened_again).filter_map(|done| self.came(done)).collect();
        for next in came {
            edit.remove(next);
        }
        self.moved(&mut edit)?;
        Ok(edit)
    }

    /// The next time of a task that was done, while it stands as it was made and nothing is tied to it.
    fn came(&self, done: &Task) -> Option<Task> {
        let made = done.next(done.done_at?)?;
        let next = self.book.tasks.iter().find(|task| task.spawned_from == Some(done.id))?;
        let tied = self.book.needs.iter().any(|need| need.task_id == next.id || need.needs_id == next.id);
        (!tied && *next == Task { id: next.id, ..made }).then(|| next.clone())
    }

    /// The edit that a TOML file comes to, with the baselines that it does not name.
    fn import(&mut self, path: &Path) -> Made {
        let mut edit = match toml::read(&read(path)?, (self.book, self.view.today)) {
            Ok(edit) => edit,
            Err(faults) => return Ok(Err(faults)),
        };
        let plan = edit.changes.iter().find_map(|change| match &change.after {
            Some(Record::Plan(plan)) => Some(plan.clone()),
            _ => None,
        });
        for change in &mut edit.changes {
            if let (Some(Record::Node(node)), Some(plan)) = (&mut change.after, &plan)
                && node.baseline.is_none()
            {
                *node = with_baseline(self.view, plan, node.clone())?;
            }
        }
        let unmatched = rules::unmatched_faults(self.book, &edit);
        Ok(if unmatched.is_empty() { Ok(edit) } else { Err(unmatched) })
    }

    fn plan(&self, id: i64) -> Result<Plan, Vec<Fault>> {
        let none = || vec![rules::fault("plan", format!("there is no plan {id}; `quarterdeck plan list` names them"))];
        self.book.plan(id).cloned().ok_or_else(none)
    }

    fn node(&self, id: i64) -> Result<Node, Vec<Fault>> {
        let none = || vec![rules::fault("node", format!("there is no node {id}; `quarterdeck plan show` names them"))];
        self.book.node(id).cloned().ok_or_else(none)
    }

    /// Everything that belongs to a plan, and the plan.
    fn remove(&self, id: i64) -> Result<Edit, Vec<Fault>> {
        let plan = self.plan(id)?;
        let later = self.book.plans.iter().find(|other| other.prev_plan_id == Some(id));
        if let Some(later) = later {
            return Err(vec![rules::fault(
                "plan",
                format!("{} is the round after it; remove that first", later.name()),
            )]);
        }
        let mut edit = Edit::new(format!("removed plan {}", plan.name()));
        let nodes: Vec<i64> = self.book.tree(id).iter().map(|node| node.id).collect();
        let tasks: Vec<i64> = self.book.tasks.iter().filter(|t| t.plan_id == Some(id)).map(|task| task.id).collect();
        let review = self.book.review_of(id).map(|review| review.id);
        let lessons: Vec<i64> =
            self.book.lessons.iter().filter(|l| Some(l.review_id) == review).map(|lesson| lesson.id).collect();
        let mine = |record: &Record| match record {
            Record::Plan(one) => one.id == id,
            Record::Phase(one) => one.plan_id == id,
            Record::Node(one) => one.plan_id == id,
            Record::Revision(one) => nodes.contains(&one.node_id),
            Record::Resource(one) => one.plan_id == id,
            Record::Cost(one) => one.plan_id == id,
            Record::Task(one) => one.plan_id == Some(id),
            Record::Need(one) => tasks.contains(&one.task_id) || tasks.contains(&one.needs_id),
            Record::Review(one) => one.plan_id == id,
            Record::Lesson(one) => Some(one.review_id) == review,
            Record::LessonUse(one) => one.plan_id == id || lessons.contains(&one.lesson_id),
            _ => false,
        };
        for record in self.book.records().into_iter().rev() {
            match record {
                record if mine(&record) => edit.remove(record),
                // The journal and what others said stay; only the tie to the plan goes.
                Record::Journal(one) if one.plan_id == Some(id) => {
                    edit.set(one.clone(), crate::domain::plans::Journal { plan_id: None, node_id: None, ..one });
                }
                Record::Feedback(one) if one.plan_id == Some(id) => {
                    edit.set(one.clone(), crate::domain::plans::Feedback { plan_id: None, node_id: None, ..one });
                }
                Record::CompetitorNote(one) if one.plan_id == Some(id) => {
                    edit.set(one.clone(), crate::domain::plans::CompetitorNote { plan_id: None, ..one });
                }
                _ => {}
            }
        }
        Ok(edit)
    }
}

/// The task as it was done, of a change that opens it again.
fn opened_again(change: &Change) -> Option<&Task> {
    match (&change.before, &change.after) {
        (Some(Record::Task(before)), Some(Record::Task(after))) => {
            (before.state == TaskState::Done && after.state.is_open()).then_some(before)
        }
        _ => None,
    }
}

/// The text of a file of a plan.
fn read(path: &Path) -> Result<String, EngineError> {
    use std::io::Read as _;

    let mut text = String::new();
    let wrong = |why: String| EngineError::NotUnderstood(format!("{}: {why}", path.display()));
    let read = files::open_read(path).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text));
    if read.map_err(|error| wrong(error.to_string()))? as u64 > LARGEST {
        return Err(wrong(format!("is larger than {} MiB; a plan is typed by hand", LARGEST >> 20)));
    }
    Ok(text)
}
