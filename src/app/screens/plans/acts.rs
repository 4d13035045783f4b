//! What keys do to the row under the cursor, view by view.

use crate::domain::plans::{Edit, Strategy, UseState};
use crate::query::{Against, Command, PlanOrder, PlanRow};

use super::super::super::action::Action;
use super::super::super::frame::PLANS;
use super::super::super::layers::confirm::Confirm;
use super::super::super::view::{Env, Note, Pick, Request};
use super::{Page, Plans, forms, list, rounds};

/// Runs one change of records as one step.
pub fn run(edit: Edit) -> Vec<Request> {
    if edit.changes.is_empty() {
        return vec![Request::Say(Note::told("nothing changed"))];
    }
    vec![Request::Run(Command::Plan(PlanOrder::Edit(edit)))]
}

/// Says why nothing is done.
pub fn refuse(why: &str) -> Vec<Request> {
    vec![Request::Say(Note::refused(why))]
}

/// Shows a plan's tree, which opens on its worst leaf.
pub fn tree_of(plan: i64) -> Vec<Request> {
    vec![Request::Go(PLANS), Request::Picked(vec![Pick::Plan(plan)])]
}

impl Plans {
    /// Does what a key asks of the row under the cursor.
    pub(super) fn act_on_row(&mut self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        let looks = matches!(
            action,
            Action::Open | Action::Review | Action::Against | Action::Left | Action::Right | Action::Propose
        );
        let opens_form = action == Action::Open
            && matches!(self.page, Page::Review | Page::Tasks | Page::AllTasks | Page::Resources);
        let changes = matches!(
            action,
            Action::Add
                | Action::Edit
                | Action::Remove
                | Action::PlanStatus
                | Action::SetTarget
                | Action::Propose
                | Action::Decompose
                | Action::InsertChild
                | Action::Lock
                | Action::TaskDone
                | Action::TaskTomorrow
                | Action::TaskPostpone
                | Action::TaskDoing
                | Action::TaskBlockedBy
                | Action::ResourceState
                | Action::AddCost
                | Action::Verdict
                | Action::CloseNextRound
                | Action::Strategy
        );
        if !looks && !changes {
            return None;
        }
        if changes || opens_form {
            if let Some(refused) = Self::read_only(env) {
                return Some(refused);
            }
            self.board.shown()?;
        }
        match self.page {
            Page::List => self.act_on_list(action, env),
            Page::Timeline => self.act_on_timeline(action, env),
            Page::Tree => self.act_on_tree(action, env),
            Page::AllTasks | Page::Tasks => self.act_on_task(action, env),
            Page::Resources => self.act_on_resource(action, env),
            Page::Review => self.act_on_review(action, env),
            Page::Rounds => self.act_on_round(action, env),
            Page::Revisions => None,
        }
    }

    /// The plan under the cursor, or the open one.
    pub(super) fn plan_row(&self, env: &Env<'_>) -> Option<&PlanRow> {
        if self.page.is_of_plan() {
            return self.shown().map(|view| &view.head);
        }
        let id = self.current_id(env)?;
        self.board.shown()?.plans.iter().find(|row| row.plan.id == id)
    }

    fn strategy_under_cursor(&self, env: &Env<'_>) -> Option<&Strategy> {
        let (_, id) = self.current(env)?;
        let (number, _) = id.trim_start_matches('s').split_once(':')?;
        self.board.shown()?.book.strategies.iter().find(|one| one.id.to_string() == number)
    }

    fn act_on_list(&mut self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        if action == Action::Strategy {
            let form = forms::strategy(self.board.shown()?, None, env.today);
            return Some(vec![Request::Push(Box::new(form))]);
        }
        let has_plans = self.board.shown().is_some_and(|board| !board.plans.is_empty());
        let section = self.current(env).map(|(section, _)| section);
        if section == Some(list::STRATEGY) && (has_plans || action != Action::Add) {
            return self.act_on_strategy(action, env);
        }
        let board = self.board.shown()?;
        if action == Action::Add {
            return Some(vec![Request::Push(Box::new(forms::new_plan(board, env.today)))]);
        }
        let row = self.plan_row(env)?;
        let plan = row.plan.clone();
        match action {
            Action::Open => {
                let page = if section == Some(list::OVER) { Page::Review } else { Page::Tree };
                Some(self.open_plan(plan.id, page))
            }
            Action::Review => Some(self.open_plan(plan.id, Page::Review)),
            Action::Edit => Some(vec![Request::Push(Box::new(forms::edit_plan(board, &plan, env.today)))]),
            Action::PlanStatus => Some(self.pick_status(env)),
            Action::Remove => {
                let lines = vec![
                    format!("Remove {} with its tree, tasks and review?", plan.name()),
                    "u brings it back.".to_owned(),
                ];
                let command = Command::Plan(PlanOrder::Remove(plan.id));
                Some(vec![Request::Push(Box::new(Confirm::new(lines, command)))])
            }
            _ => None,
        }
    }

    fn act_on_strategy(&self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        let board = self.board.shown()?;
        let here = self.strategy_under_cursor(env);
        if let Some(refused) = Self::read_only(env) {
            return Some(refused);
        }
        match action {
            Action::Add => Some(vec![Request::Push(Box::new(forms::strategy(board, None, env.today)))]),
            Action::Edit | Action::Open => Some(vec![Request::Push(Box::new(forms::strategy(board, here, env.today)))]),
            Action::Remove => {
                let one = here?;
                let mut edit = Edit::new(format!("remove strategy {}", one.title));
                for plan in board.book.plans.iter().filter(|plan| plan.strategy_id == Some(one.id)) {
                    edit.set(plan.clone(), crate::domain::plans::Plan { strategy_id: None, ..plan.clone() });
                }
                edit.remove(one.clone());
                Some(run(edit))
            }
            _ => Some(refuse("J and K move between plans and strategies; this key is for plans")),
        }
    }

    fn act_on_timeline(&mut self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        let plan = self.plan_row(env)?.plan.clone();
        match action {
            Action::Open => Some(self.open_plan(plan.id, Page::Tree)),
            Action::Edit => {
                let form = forms::edit_plan(self.board.shown()?, &plan, env.today).at("phases");
                Some(vec![Request::Push(Box::new(form))])
            }
            _ => None,
        }
    }

    fn act_on_round(&mut self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        let (section, id) = self.current(env)?;
        let id: i64 = id.parse().ok()?;
        if section != rounds::OFFERS {
            return match action {
                Action::Open => Some(self.open_plan(id, Page::Tree)),
                Action::Add | Action::Remove => Some(refuse("J to the offered lessons: a adopts one, - rejects it")),
                _ => None,
            };
        }
        let adopted =
            self.shown()?.offers.iter().find(|offer| offer.lesson.id == id && offer.state == UseState::Adopted);
        if let (Action::Add | Action::Open | Action::Edit, Some(offer)) = (action, adopted) {
            let uses = &self.board.shown()?.book.lesson_uses;
            let one = uses.iter().find(|one| one.lesson_id == id && Some(one.plan_id) == self.open)?;
            let refused = Self::read_only(env);
            return Some(refused.unwrap_or_else(|| vec![Request::Push(Box::new(forms::held(one, &offer.lesson)))]));
        }
        let (word, state) = match action {
            Action::Add | Action::Open => ("adopt", UseState::Adopted),
            Action::Remove => ("reject", UseState::Rejected),
            _ => return None,
        };
        if let Some(refused) = Self::read_only(env) {
            return Some(refused);
        }
        let (book, plan) = (&self.board.shown()?.book, self.open?);
        let lesson = &self.shown()?.offers.iter().find(|offer| offer.lesson.id == id)?.lesson;
        let mut edit = Edit::new(format!("{word} lesson: {}", lesson.body));
        match book.lesson_uses.iter().find(|one| one.lesson_id == id && one.plan_id == plan) {
            Some(one) => edit.set(one.clone(), crate::domain::plans::LessonUse { state, ..one.clone() }),
            None => edit.add(crate::domain::plans::LessonUse {
                lesson_id: id,
                plan_id: plan,
                state,
                reason: String::new(),
                held: None,
            }),
        }
        Some(run(edit))
    }

    /// Turns what the plan is held against.
    pub(super) fn turn_against(&mut self) -> Vec<Request> {
        let at = Against::ALL.iter().position(|one| *one == self.against).unwrap_or(0);
        self.against = Against::ALL[(at + 1) % Against::ALL.len()];
        let said = match self.against {
            Against::Target => "held against the target to date",
            Against::PreviousPeriod => "held against as many days before the plan",
            Against::PreviousRound if self.shown().is_some_and(|view| view.head.plan.prev_plan_id.is_none()) => {
                "this is the first round: there is none before to hold it against"
            }
            Against::PreviousRound => "held against the same days of the round before",
        };
        vec![Request::Say(Note::told(said)), Request::Refresh]
    }
}
