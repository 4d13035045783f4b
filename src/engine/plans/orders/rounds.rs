//! The next round of a plan: everything again, with what was reached as baselines and what was learned on offer.

use std::collections::BTreeMap;

use crate::domain::calendar::Day;
use crate::domain::plans::{
    Edit, LessonUse, Need, Node, Phase, Plan, PlanStatus, Resource, ResourceState, Task, TaskKind, TaskState, UseState,
};
use crate::query::{Against, Fault, PlanQuery};

use super::super::show;
use super::make::refuse;
use super::status::reached;
use super::weeks::postponed;
use super::{Desk, Made};

impl Desk<'_, '_> {
    pub(super) fn next_round(&mut self, id: i64, start: Option<Day>) -> Made {
        let old = match self.plan(id).and_then(|plan| self.may_follow(&plan).map(|()| plan)) {
            Ok(plan) => plan,
            Err(faults) => return Ok(Err(faults)),
        };
        let shown = show::view(self.view, self.book, PlanQuery { plan: id, against: Against::Target })?;
        let actual: BTreeMap<i64, Option<f64>> = shown
            .tree
            .iter()
            .chain(shown.guards.iter().map(|guard| &guard.row))
            .map(|row| (row.node.id, row.actual))
            .collect();
        let start = start.unwrap_or_else(|| old.finish.plus(1));
        let new = following(&old, start);
        let mut edit = Edit::new(format!("{} begins", new.name()));
        edit.add(new.clone());
        let later = |day: Day| day.plus(new.start.since(old.start));
        for phase in self.book.phases.iter().filter(|phase| phase.plan_id == id) {
            let (start, finish) = (later(phase.start), later(phase.finish));
            edit.add(Phase { plan_id: new.id, start, finish, ..phase.clone() });
        }
        for node in self.book.tree(id) {
            let baseline = reached(node, actual.get(&node.id).copied().flatten());
            edit.add(Node {
                id: -node.id,
                plan_id: new.id,
                parent_id: node.parent_id.map(|parent| -parent),
                baseline,
                baseline_from: Some(node.start.unwrap_or(old.start)),
                baseline_to: Some(node.finish.unwrap_or(old.finish)),
                ..postponed(node, new.start.since(old.start))
            });
        }
        self.again(id, &new, &later, &mut edit);
        self.offer(&old, &new, &mut edit);
        Ok(Ok(edit))
    }

    fn may_follow(&self, plan: &Plan) -> Result<(), Vec<Fault>> {
        let next = self.book.plans.iter().find(|other| other.prev_plan_id == Some(plan.id));
        match (next, plan.shown(self.view.today)) {
            (Some(next), _) => Err(refuse("plan", format!("{} is its next round already", next.name()))),
            (None, PlanStatus::Closed) => Ok(()),
            (None, shown) => Err(refuse("plan", format!("it is {}; close it first", shown.word()))),
        }
    }

    /// Resources to ask for again, and tasks to do again.
    fn again(&self, old: i64, new: &Plan, later: &dyn Fn(Day) -> Day, edit: &mut Edit) {
        for resource in self.book.resources.iter().filter(|resource| resource.plan_id == old) {
            edit.add(Resource {
                id: -resource.id,
                plan_id: new.id,
                state: ResourceState::Wanted,
                granted_micros: 0,
                needed_by: resource.needed_by.map(later),
                ..resource.clone()
            });
        }
        // A task that came again is asked for once, as it came last.
        let came_again = |id: i64| self.book.tasks.iter().any(|task| task.spawned_from == Some(id));
        let mine = |task: &&Task| {
            let is_asked = task.state != TaskState::Dropped && task.kind != TaskKind::Review;
            task.plan_id == Some(old) && is_asked && !came_again(task.id)
        };
        let tasks: Vec<&Task> = self.book.tasks.iter().filter(mine).collect();
        for task in &tasks {
            edit.add(Task {
                id: -task.id,
                plan_id: Some(new.id),
                node_id: task.node_id.map(|node| -node),
                due: task.due.map(later),
                scheduled: task.scheduled.map(later),
                wait_until: task.wait_until.map(later),
                state: TaskState::Todo,
                created: self.view.today,
                done_at: None,
                actual_min: None,
                missed: 0,
                spawned_from: None,
                ..(*task).clone()
            });
        }
        let both =
            |need: &&Need| [need.task_id, need.needs_id].iter().all(|id| tasks.iter().any(|task| task.id == *id));
        for need in self.book.needs.iter().filter(both) {
            edit.add(Need { task_id: -need.task_id, needs_id: -need.needs_id });
        }
    }

    /// What was learned in all rounds so far, unless a round has rejected it.
    fn offer(&self, old: &Plan, new: &Plan, edit: &mut Edit) {
        let rounds: Vec<i64> =
            self.book.plans.iter().filter(|plan| plan.series_id == old.series_id).map(|plan| plan.id).collect();
        let reviews: Vec<i64> = self
            .book
            .reviews
            .iter()
            .filter(|review| rounds.contains(&review.plan_id))
            .map(|review| review.id)
            .collect();
        for lesson in self.book.lessons.iter().filter(|lesson| reviews.contains(&lesson.review_id)) {
            let rejected = |one: &LessonUse| one.lesson_id == lesson.id && one.state == UseState::Rejected;
            if !self.book.lesson_uses.iter().any(rejected) {
                let (lesson_id, plan_id) = (lesson.id, new.id);
                edit.add(LessonUse { lesson_id, plan_id, state: UseState::Offered, reason: String::new(), held: None });
            }
        }
    }
}

/// The plan of the next round, as long as the old one.
fn following(old: &Plan, start: Day) -> Plan {
    Plan {
        id: -1,
        round: old.round + 1,
        prev_plan_id: Some(old.id),
        start,
        finish: start.plus(old.finish.since(old.start)),
        status: PlanStatus::Draft,
        status_reason: String::new(),
        baseline_frozen_at: None,
        closed_snapshot: None,
        ..old.clone()
    }
}
