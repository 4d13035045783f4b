//! What keys do to the resource or cost under the cursor.

use crate::domain::calendar::Day;
use crate::domain::plans::{Cost, Edit, Plan, Resource, ResourceState};
use crate::query::{PlanOrder, Unit};
use crate::ui::amount;
use crate::ui::when::when;

use super::super::super::action::Action;
use super::super::super::layers::choose::{ChoiceRow, Chooser};
use super::super::super::layers::entry::{Ask, Entry};
use super::super::super::view::{Env, Request};
use super::super::super::written;
use super::acts::{refuse, run};
use super::{Plans, forms, resources};

impl Plans {
    pub(super) fn act_on_resource(&self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        let (board, view) = (self.board.shown()?, self.shown()?);
        let plan = &view.head.plan;
        if action == Action::Add {
            return Some(vec![Request::Push(Box::new(forms::resource(board, plan, None, env.today)))]);
        }
        let (_, id) = self.current(env)?;
        if let Some(cost) = resources::cost_of(board, &id) {
            return Some(act_on_cost(action, plan, cost));
        }
        let Some(one) = resources::resource_of(view, &id) else {
            return Some(refuse("put the cursor on a resource or on a cost"));
        };
        match action {
            Action::Edit | Action::Open => {
                Some(vec![Request::Push(Box::new(forms::resource(board, plan, Some(one), env.today)))])
            }
            Action::Remove => {
                let mut edit = Edit::new(format!("remove {} of {}", one.name, plan.name()));
                for cost in board.book.costs.iter().filter(|cost| cost.resource_id == Some(one.id)) {
                    edit.set(cost.clone(), Cost { resource_id: None, ..cost.clone() });
                }
                edit.remove(one.clone());
                Some(run(edit))
            }
            Action::ResourceState => Some(vec![Request::Push(Box::new(states(one)))]),
            Action::AddCost => Some(vec![Request::Push(Box::new(record(plan, one, env.today)))]),
            _ => None,
        }
    }
}

fn act_on_cost(action: Action, plan: &Plan, cost: &Cost) -> Vec<Request> {
    if action != Action::Remove {
        return refuse("this is a cost: - takes it out; c on its resource records another");
    }
    let mut edit = Edit::new(format!("remove a cost of {}", plan.name()));
    edit.remove(cost.clone());
    run(edit)
}

/// The states of a resource, on the one that follows.
fn states(one: &Resource) -> Chooser {
    let states = ResourceState::ALL;
    let at = states.iter().position(|state| *state == one.state).unwrap_or(0);
    let row = |state: &ResourceState| {
        let state = *state;
        let before = one.clone();
        let remark = if state == one.state { "now" } else { "" };
        ChoiceRow::new(state.word(), remark, move || {
            let mut after = Resource { state, ..before.clone() };
            // What is granted without another number is what was asked for.
            if state == ResourceState::Granted && after.granted_micros == 0 {
                after.granted_micros = after.planned_micros;
            }
            let mut edit = Edit::new(format!("{} {} > {}", before.name, before.state.word(), state.word()));
            edit.set(before, after);
            run(edit)
        })
    };
    Chooser::new(format!("{} is", one.name), states.iter().map(row).collect()).at((at + 1) % states.len())
}

/// How much was used, on which day, and what for.
fn record(plan: &Plan, one: &Resource, today: Day) -> Entry {
    let unit = if one.kind.is_money() { Unit::Money } else { Unit::Times };
    let micros = move |text: &str| {
        let value = amount::parse(text, unit)?;
        let micros = if unit == Unit::Money { value } else { value * 1e6 };
        if micros > 0.0 { Ok(micros.round() as i64) } else { Err("a cost is more than 0; - takes one out".to_owned()) }
    };
    let kind = one.kind;
    let much = Ask::new(format!("{}: how much was used", one.name), move |text| {
        micros(text).map(|micros| format!("reads {}", resources::quantity(kind, micros)))
    });
    let day = move |text: &str| {
        if text.trim().is_empty() { Ok(today) } else { when(text).map(|when| when.after(today)) }
    };
    let on = Ask::new("on which day", move |text| day(text).map(|day| written::day_told(day, today)))
        .hint("nothing is today");
    let what = Ask::new("what for", |_| Ok(String::new())).hint("may stay empty");
    let (plan_id, resource_id, name) = (plan.id, one.id, one.name.clone());
    let make = move |texts: &[String]| {
        let text = |at: usize| texts.get(at).map_or("", |text| text.trim());
        let (amount_micros, day) = (micros(text(0))?, day(text(1))?);
        let mut edit = Edit::new(format!("{} of {name} used", resources::quantity(kind, amount_micros)));
        let note = text(2).to_owned();
        edit.add(Cost { id: -1, plan_id, resource_id: Some(resource_id), day, amount_micros, note });
        Ok(PlanOrder::Edit(edit))
    };
    Entry::order(String::new(), vec![much, on, what], make)
}
