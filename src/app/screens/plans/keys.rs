//! What the keys of plans do.

use crate::domain::plans::{
    Curve, Edit, LessonUse, Node, NodeRole, OpType, PlanStatus, Resource, ResourceKind, ResourceScope, ResourceState,
    Review, Task, TaskState, UseState, Verdict,
};
use crate::query::{Against, Command, PlanOrder, PlanView, ProposeQuery, TreeRow, Unit};
use crate::ui::amount;
use crate::ui::when::when;

use super::super::super::action::Action;
use super::super::super::layers::choose::Choose;
use super::super::super::layers::line::Line;
use super::super::super::view::{Env, Note, Request};
use super::{Page, Plans, forms};

fn run(order: PlanOrder) -> Vec<Request> {
    vec![Request::Run(Command::Plan(order))]
}

fn say(text: &str) -> Vec<Request> {
    vec![Request::Say(Note::refused(text))]
}

impl Plans {
    /// Does what a key of this screen asks; `None` for any other.
    pub(super) fn key(&mut self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        let read_only = env.status.is_some_and(|status| status.read_only);
        let changes = !matches!(
            action,
            Action::Open
                | Action::Left
                | Action::Right
                | Action::Against
                | Action::WeekBack
                | Action::WeekForward
                | Action::Review
        );
        let known = self.moves(action, env);
        if known.is_some() {
            return known;
        }
        let done = self.change(action, env)?;
        if read_only && changes {
            return Some(say("opened read only: nothing can be changed"));
        }
        Some(done)
    }

    /// Keys that only look.
    fn moves(&mut self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        match action {
            Action::Open => self.enter(env),
            Action::Review => {
                let plan = self.head(env)?.plan.id;
                Some(self.open(plan, Page::Review))
            }
            Action::Against => {
                let now = Against::ALL.iter().position(|one| *one == self.against).unwrap_or(0);
                self.against = Against::ALL[(now + 1) % Against::ALL.len()];
                Some(vec![Request::Refresh])
            }
            Action::WeekBack | Action::WeekForward => {
                self.weeks += if action == Action::WeekForward { 1 } else { -1 };
                Some(Vec::new())
            }
            Action::Left | Action::Right if self.page == Page::Tree => {
                let id = self.node(env)?.node.id;
                self.folded.retain(|folded| *folded != id);
                if action == Action::Left {
                    self.folded.push(id);
                }
                Some(Vec::new())
            }
            _ => None,
        }
    }

    fn enter(&mut self, env: &Env<'_>) -> Option<Vec<Request>> {
        match self.page {
            Page::List | Page::Timeline => {
                let plan = self.head(env)?.plan.id;
                Some(self.open(plan, Page::Tree))
            }
            Page::AllTasks => {
                let plan = self.task(env)?.task.plan_id?;
                Some(self.open(plan, Page::Tree))
            }
            Page::History => {
                let plan = self.id(env)?.strip_prefix("plan-")?.parse().ok()?;
                Some(self.open(plan, Page::Tree))
            }
            Page::Tree => {
                let id = self.node(env)?.node.id;
                let was = self.folded.len();
                self.folded.retain(|folded| *folded != id);
                if was == self.folded.len() {
                    self.folded.push(id);
                }
                Some(Vec::new())
            }
            Page::Tasks | Page::Resources | Page::Review => self.change(Action::Edit, env),
        }
    }

    /// Keys that change something.
    fn change(&self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        let form = |form| Some(vec![Request::Push(Box::new(form))]);
        match (action, self.page) {
            (Action::Strategy, _) => form(forms::strategy(None, env)),
            (Action::PlanStatus, _) => Some(self.pick_status(env)?),
            (Action::Add, Page::List) => form(forms::new_plan(env)),
            (Action::Edit, Page::List) => match self.head(env) {
                Some(head) => form(forms::edit_plan(&head.plan, self.all.shown()?)),
                None => form(forms::strategy(self.all.shown()?.book.strategies.first(), env)),
            },
            (Action::Remove, Page::List) => Some(run(PlanOrder::Remove(self.head(env)?.plan.id))),
            (_, Page::Tree) => self.change_tree(action, env),
            (_, Page::AllTasks | Page::Tasks) => self.change_task(action, env),
            (_, Page::Resources) => self.change_resource(action, env),
            (_, Page::Review) => self.change_review(action, env),
            _ => None,
        }
    }

    /// A list of where a plan may go, the next first.
    fn pick_status(&self, env: &Env<'_>) -> Option<Vec<Request>> {
        let head = self.head(env)?;
        let plan = head.plan.id;
        let rows: Vec<(PlanStatus, &str)> = match head.plan.status {
            PlanStatus::Draft => vec![
                (PlanStatus::Ready, "it has what it needs"),
                (PlanStatus::Running, "freezes its baseline"),
                (PlanStatus::Cancelled, "asks why"),
            ],
            PlanStatus::Ready => vec![
                (PlanStatus::Running, "freezes its baseline"),
                (PlanStatus::Draft, "back to writing"),
                (PlanStatus::Cancelled, "asks why"),
            ],
            PlanStatus::Running => vec![(PlanStatus::Paused, "held up"), (PlanStatus::Cancelled, "asks why")],
            PlanStatus::Paused => vec![(PlanStatus::Running, "goes on"), (PlanStatus::Cancelled, "asks why")],
            _ => return Some(say("it is over; R opens its review, C there begins the next round")),
        };
        let words = rows.iter().map(|(to, why)| (to.word().to_owned(), (*why).to_owned())).collect();
        let order = move |to: PlanStatus, reason: &str| PlanOrder::Status { plan, to, reason: reason.to_owned() };
        let chosen = move |at: usize| {
            let Some((to, _)) = rows.get(at) else { return Vec::new() };
            let to = *to;
            if to != PlanStatus::Cancelled {
                return run(order(to, ""));
            }
            let taken =
                move |answers: &[String], _: &Env<'_>| Ok(order(to, answers.first().map_or("", String::as_str)));
            vec![Request::Push(Box::new(Line::new(
                vec![("why is it cancelled".to_owned(), String::new())],
                Box::new(taken),
            )))]
        };
        Some(vec![Request::Push(Box::new(Choose::new("Move the plan on", words, Box::new(chosen))))])
    }

    fn change_tree(&self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        let view = self.view()?;
        let row = self.node(env);
        let frozen = view.head.plan.status.is_frozen();
        match (action, row) {
            (Action::InsertChild, _) => {
                Some(vec![Request::Push(Box::new(forms::node(&new_part(view, row), true, view)))])
            }
            (Action::Add, Some(row)) => Some(self.new_task(env, Some(row.node.id).filter(|id| *id != 0))),
            (Action::Edit, Some(row)) if row.node.id != 0 => {
                Some(vec![Request::Push(Box::new(forms::node(&row.node, false, view)))])
            }
            (Action::SetTarget, Some(row)) if row.node.id != 0 => Some(set_target(row, frozen)),
            (Action::Propose, Some(row)) => {
                let parent = |node: &Node| node.parent_id.unwrap_or(node.id);
                let has_parts = view.tree.iter().any(|part| part.node.parent_id == Some(row.node.id));
                let node = if has_parts { row.node.id } else { parent(&row.node) };
                Some(vec![Request::Propose(ProposeQuery { plan: self.plan, node, ..ProposeQuery::default() })])
            }
            (Action::Decompose, Some(row)) if row.node.id != 0 => {
                Some(vec![Request::Breaks { plan: self.plan, node: row.node.id, frozen }])
            }
            (Action::Lock, Some(row)) if row.node.id != 0 => {
                let mut edit =
                    Edit::new(format!("{} {}", if row.node.locked { "freed" } else { "locked" }, row.node.label));
                edit.set(row.node.clone(), Node { locked: !row.node.locked, ..row.node.clone() });
                Some(run(PlanOrder::Edit(edit)))
            }
            (Action::Remove, Some(row)) if row.node.id != 0 => {
                let node = row.node.id;
                if !frozen {
                    return Some(run(PlanOrder::RemoveNode { node, reason: String::new() }));
                }
                let taken = move |answers: &[String], _: &Env<'_>| {
                    Ok(PlanOrder::RemoveNode { node, reason: answers[0].clone() })
                };
                Some(vec![Request::Push(Box::new(Line::new(
                    vec![("why does it go".to_owned(), String::new())],
                    Box::new(taken),
                )))])
            }
            (Action::Remove | Action::Edit | Action::SetTarget | Action::Decompose | Action::Lock, Some(_)) => {
                Some(say("other is what the sum has beyond its parts; add a part to name some of it"))
            }
            _ => None,
        }
    }

    fn new_task(&self, env: &Env<'_>, node: Option<i64>) -> Vec<Request> {
        let plan = self.view().filter(|_| self.page.is_inner()).map(|view| &view.head.plan);
        let blank = match plan {
            Some(plan) => Task::of(plan, "", env.today),
            None => Task::new("", OpType::Product, env.today),
        };
        let task = Task { node_id: node, ..blank };
        vec![Request::Push(Box::new(forms::task(&task, true)))]
    }

    fn change_task(&self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        if action == Action::Add {
            return Some(self.new_task(env, None));
        }
        let row = self.task(env)?;
        let task = row.task.clone();
        let set = |label: &str, after: Task| {
            let mut edit = Edit::new(format!("{label}: {}", task.title));
            edit.set(task.clone(), after);
            Some(run(PlanOrder::Edit(edit)))
        };
        match action {
            Action::TaskDone if task.state.is_open() => {
                set("done", Task { state: TaskState::Done, done_at: Some(env.today), ..task.clone() })
            }
            Action::TaskDone => set("open again", Task { state: TaskState::Todo, done_at: None, ..task.clone() }),
            Action::TaskDoing => {
                let state = if task.state == TaskState::Doing { TaskState::Todo } else { TaskState::Doing };
                set(state.word(), Task { state, done_at: None, ..task.clone() })
            }
            Action::TaskTomorrow => {
                let due = row.due.unwrap_or(env.today).max(env.today.plus(-1)).plus(1);
                set("one day later", postponed(&task, due))
            }
            Action::TaskPostpone => {
                let taken = move |answers: &[String], env: &Env<'_>| {
                    let words = [("1", "tomorrow"), ("2", "fri"), ("3", "mon"), ("4", "+7d")];
                    let typed = answers.first().map_or("", |answer| answer.trim());
                    let typed = words.iter().find(|(digit, _)| *digit == typed).map_or(typed, |(_, word)| word);
                    let due = when(typed).map_err(|why| (0, why))?.after(env.today);
                    let mut edit = Edit::new(format!("to {due}: {}", task.title));
                    edit.set(task.clone(), postponed(&task, due));
                    Ok(PlanOrder::Edit(edit))
                };
                let ask = "to when: 1 tomorrow 2 Fri 3 Mon 4 +7d, or a day".to_owned();
                Some(vec![Request::Push(Box::new(Line::new(vec![(ask, String::new())], Box::new(taken))))])
            }
            Action::Edit => Some(vec![Request::Push(Box::new(forms::task(&task, false)))]),
            Action::Remove => {
                set("dropped", Task { state: TaskState::Dropped, done_at: Some(env.today), ..task.clone() })
            }
            _ => None,
        }
    }

    fn change_resource(&self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        let view = self.view()?;
        let here =
            self.id(env).and_then(|id| view.resources.iter().map(|(one, _)| one).find(|one| one.id.to_string() == id));
        match (action, here) {
            (Action::Add, _) => {
                let new = Resource {
                    id: -1,
                    plan_id: view.head.plan.id,
                    scope: ResourceScope::External,
                    kind: ResourceKind::Cash,
                    name: String::new(),
                    provider: String::new(),
                    state: ResourceState::Asked,
                    planned_micros: 0,
                    granted_micros: 0,
                    needed_by: None,
                };
                Some(vec![Request::Push(Box::new(forms::resource(&new, true)))])
            }
            (Action::Edit, Some(one)) => Some(vec![Request::Push(Box::new(forms::resource(one, false)))]),
            (Action::ResourceState, Some(one)) => {
                let now = ResourceState::ALL.iter().position(|state| *state == one.state).unwrap_or(0);
                let state = ResourceState::ALL[(now + 1) % ResourceState::ALL.len()];
                // What is granted without a sum is granted as asked.
                let granted = if state == ResourceState::Granted && one.granted_micros == 0 {
                    one.planned_micros
                } else {
                    one.granted_micros
                };
                let mut edit = Edit::new(format!("{} {}", state.word(), one.name));
                edit.set(one.clone(), Resource { state, granted_micros: granted, ..one.clone() });
                Some(run(PlanOrder::Edit(edit)))
            }
            (Action::Remove, Some(one)) => {
                let mut edit = Edit::new(format!("removed {}", one.name));
                let costs = self.all.shown()?.book.costs.iter().filter(|cost| cost.resource_id == Some(one.id));
                costs.for_each(|cost| edit.remove(cost.clone()));
                edit.remove(one.clone());
                Some(run(PlanOrder::Edit(edit)))
            }
            _ => None,
        }
    }

    fn change_review(&self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        let view = self.view()?;
        let id = self.id(env).unwrap_or_default();
        let lesson = view.lessons.iter().find(|lesson| lesson.id.to_string() == id);
        if let Some(offered) = id.strip_prefix("offer-") {
            return self.take_offer(action, offered.parse().ok()?);
        }
        match action {
            Action::Add => Some(vec![Request::Push(Box::new(forms::lesson(view, None)))]),
            Action::Edit => Some(vec![match lesson {
                Some(lesson) => Request::Push(Box::new(forms::lesson(view, Some(lesson)))),
                None => Request::Push(Box::new(forms::review(view))),
            }]),
            Action::Remove => {
                let mut edit = Edit::new("removed a lesson");
                edit.remove(lesson?.clone());
                Some(run(PlanOrder::Edit(edit)))
            }
            Action::Verdict => {
                let now = view.review.verdict.and_then(|now| Verdict::ALL.iter().position(|one| *one == now));
                let verdict = Verdict::ALL[now.map_or(0, |now| now + 1) % Verdict::ALL.len()];
                let after = Review { verdict: Some(verdict), ..view.review.clone() };
                Some(run(PlanOrder::Edit(forms::stored(&view.review, after, view.review_is_draft))))
            }
            Action::CloseNextRound if view.head.plan.status.is_over() => {
                let plan = self.plan;
                let start = view.head.plan.finish.plus(1).max(env.today);
                let taken = move |answers: &[String], env: &Env<'_>| {
                    let start =
                        when(answers.first().map_or("", String::as_str)).map_err(|why| (0, why))?.from(env.today);
                    Ok(PlanOrder::NextRound { plan, start: Some(start) })
                };
                let asks = vec![("the next round begins".to_owned(), start.to_string())];
                Some(vec![Request::Push(Box::new(Line::new(asks, Box::new(taken))))])
            }
            Action::CloseNextRound => Some(run(PlanOrder::Close(self.plan))),
            _ => None,
        }
    }
}

impl Plans {
    /// A lesson of an earlier round: a adopts it, - rejects it.
    fn take_offer(&self, action: Action, lesson: i64) -> Option<Vec<Request>> {
        let state = match action {
            Action::Add => UseState::Adopted,
            Action::Remove => UseState::Rejected,
            _ => return None,
        };
        let uses = &self.all.shown()?.book.lesson_uses;
        let offer = uses.iter().find(|one| one.lesson_id == lesson && one.plan_id == self.plan)?;
        let mut edit = Edit::new(format!("lesson {}", state.word()));
        edit.set(offer.clone(), LessonUse { state, ..offer.clone() });
        Some(run(PlanOrder::Edit(edit)))
    }
}

/// A task to another day, whatever its date counted from.
fn postponed(task: &Task, due: crate::domain::calendar::Day) -> Task {
    Task { anchor: None, offset_days: None, due: Some(due), ..task.clone() }
}

/// A part under the node at hand; the primary where there is none.
fn new_part(view: &PlanView, row: Option<&TreeRow>) -> Node {
    let plan = &view.head.plan;
    let parent = row.filter(|row| row.node.id != 0).map(|row| &row.node);
    let parts = |id: i64| view.tree.iter().filter(|row| row.node.parent_id == Some(id)).count() as i64;
    Node {
        parent_id: parent.map(|node| node.id),
        seq: parent.map_or(0, |node| parts(node.id)),
        draft: true,
        curve: Curve::Weekday,
        ..Node::new(plan.id, if parent.is_some() { NodeRole::Driver } else { NodeRole::Primary })
    }
}

/// The line on which a target is typed, with its reason on a running plan.
fn set_target(row: &TreeRow, frozen: bool) -> Vec<Request> {
    let (node, seen, unit, label) = (row.node.id, row.node.target, row.unit, row.node.label.clone());
    let value = seen.map(|value| amount::exact(value, unit)).unwrap_or_default();
    let hint = if unit == Unit::Rate { "2.5% or 0.025" } else { "300k or 4,200" };
    let mut asks = vec![(format!("target of {label} ({hint})"), value)];
    if frozen {
        asks.push(("why does it change".to_owned(), String::new()));
    }
    let taken = move |answers: &[String], _: &Env<'_>| {
        let text = answers.first().map_or("", |answer| answer.trim());
        let value = if text.is_empty() { None } else { Some(amount::parse(text, unit).map_err(|why| (0, why))?) };
        Ok(PlanOrder::Target { node, seen, value, reason: answers.get(1).cloned().unwrap_or_default() })
    };
    vec![Request::Push(Box::new(Line::new(asks, Box::new(taken))))]
}
