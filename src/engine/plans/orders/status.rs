//! Moving a plan on. Running freezes its baselines, closing keeps its tree as it was.

use crate::domain::plans::{
    Anchor, Edit, Kiss, Lesson, Node, NodeOp, Plan, PlanStatus, Review, Task, TaskKind, TaskState,
};
use crate::query::{Against, Fault, PlanQuery};

use super::super::{calibration, rules, show, snapshot};
use super::make::{refuse, with_baseline};
use super::{Desk, Made};

impl Desk<'_, '_> {
    pub(super) fn status(&mut self, id: i64, to: PlanStatus, reason: &str) -> Made {
        let plan = match self.plan(id).and_then(|plan| self.may_turn(&plan, to, reason).map(|()| plan)) {
            Ok(plan) => plan,
            Err(faults) => return Ok(Err(faults)),
        };
        let mut edit = Edit::new(format!("{} is {}", plan.name(), to.word()));
        let freezes = to == PlanStatus::Running && plan.baseline_frozen_at.is_none();
        let frozen = if freezes { Some(self.now.to_string()) } else { plan.baseline_frozen_at.clone() };
        let after =
            Plan { status: to, status_reason: reason.trim().to_owned(), baseline_frozen_at: frozen, ..plan.clone() };
        edit.set(plan.clone(), after);
        if freezes {
            for node in self.book.tree(id) {
                edit.set(node.clone(), with_baseline(self.view, &plan, node.clone())?);
            }
            if !self.book.tasks.iter().any(|task| task.plan_id == Some(id) && task.kind == TaskKind::Review) {
                edit.add(self.review_task(&plan));
            }
        }
        Ok(Ok(edit))
    }

    /// Whether a plan may go where it is told to.
    fn may_turn(&self, plan: &Plan, to: PlanStatus, reason: &str) -> Result<(), Vec<Fault>> {
        use PlanStatus::{Cancelled, Closed, Draft, Observing, Paused, Ready, Review, Running};

        let from = plan.status;
        match (from, to) {
            (_, Observing | Review) => {
                Err(refuse("status", format!("{} follows from the period and the day; it is not set", to.word())))
            }
            (_, Closed) => {
                Err(refuse("status", "a plan is closed with its review: `quarterdeck plan close`, or C there"))
            }
            (Closed | Cancelled, _) => {
                Err(refuse("status", format!("it is {}; make the next round of it", from.word())))
            }
            (_, Cancelled) if reason.trim().is_empty() => Err(refuse("reason", "say why it is cancelled")),
            (Draft | Ready, Ready | Running) => self.may_begin(plan),
            (Ready, Draft) | (Running, Paused) | (Paused, Running) | (_, Cancelled) => Ok(()),
            _ if from == to => Err(refuse("status", format!("it is {} already", from.word()))),
            _ => Err(refuse("status", format!("a plan that is {} does not become {}", from.word(), to.word()))),
        }
    }

    /// What a plan must have before it begins.
    fn may_begin(&self, plan: &Plan) -> Result<(), Vec<Fault>> {
        let mut found = Vec::new();
        match self.book.primary(plan.id) {
            None => found.push(rules::fault("primary", "it has no primary target; give it one first")),
            Some(node) => {
                if node.target.is_none() {
                    found.push(rules::fault(format!("target of {}", node.label), "is missing; set it first"));
                }
                if node.op == NodeOp::Leaf && node.metric.is_none() {
                    found.push(rules::fault(format!("metric of {}", node.label), "is missing; name what measures it"));
                }
            }
        }
        if found.is_empty() { Ok(()) } else { Err(found) }
    }

    fn review_task(&self, plan: &Plan) -> Task {
        Task {
            kind: TaskKind::Review,
            anchor: Some(Anchor::Finish),
            offset_days: Some(plan.observe_days + 1),
            ..Task::of(plan, format!("Review {}", plan.name()), self.view.today)
        }
    }

    /// Closes a plan with its review, which is filled in from the facts where nobody has written one.
    pub(super) fn close(&mut self, id: i64) -> Made {
        let plan = match self.plan(id).and_then(|plan| self.may_close(&plan).map(|()| plan)) {
            Ok(plan) => plan,
            Err(faults) => return Ok(Err(faults)),
        };
        let shown = show::view(self.view, self.book, PlanQuery { plan: id, against: Against::Target })?;
        let said = calibration::half_way(self.view, self.book, &plan)?;
        let mut edit = Edit::new(format!("{} is closed", plan.name()));
        let kept = Some(snapshot::write(&shown, said)?);
        let after = Plan { status: PlanStatus::Closed, closed_snapshot: kept, ..plan.clone() };
        edit.set(plan, after);
        let done = Review { done_at: Some(self.now.to_string()), ..shown.review.clone() };
        if shown.review_is_draft {
            edit.add(done);
        } else {
            edit.set(shown.review, done);
        }
        for task in self.book.tasks.iter().filter(|task| task.plan_id == Some(id)) {
            if task.kind == TaskKind::Review && task.state.is_open() {
                let day = Some(self.view.today);
                edit.set(task.clone(), Task { state: TaskState::Done, done_at: day, ..task.clone() });
            }
        }
        Ok(Ok(edit))
    }

    fn may_close(&self, plan: &Plan) -> Result<(), Vec<Fault>> {
        let shown = plan.shown(self.view.today);
        match shown {
            PlanStatus::Closed | PlanStatus::Cancelled => {
                return Err(refuse("status", format!("it is {} already", shown.word())));
            }
            PlanStatus::Draft | PlanStatus::Ready => {
                return Err(refuse("status", format!("it is {}; a plan is closed after it has run", shown.word())));
            }
            PlanStatus::Running | PlanStatus::Paused if self.view.today <= plan.finish => {
                return Err(refuse("status", format!("it runs until {}; cancel it, or move its finish", plan.finish)));
            }
            _ => {}
        }
        let review = self.book.review_of(plan.id).map(|review| review.id);
        let open = |lesson: &&Lesson| {
            Some(lesson.review_id) == review && lesson.node_id.is_none() && lesson.evidence.trim().is_empty()
        };
        let bare: Vec<Fault> = self.book.lessons.iter().filter(open).map(cite).collect();
        if bare.is_empty() { Ok(()) } else { Err(bare) }
    }
}

fn cite(lesson: &Lesson) -> Fault {
    let kiss = match lesson.kiss {
        Kiss::Keep => "KEEP",
        Kiss::Improve => "IMPROVE",
        Kiss::Start => "START",
        Kiss::Stop => "STOP",
    };
    rules::fault(format!("lesson {kiss}"), format!("\"{}\" cites no node and no fact; give it one", lesson.body))
}

/// Whether anything of a node was measured, so that it can become the baseline of a next round.
pub(super) fn reached(node: &Node, actual: Option<f64>) -> Option<f64> {
    actual.or(node.baseline)
}
