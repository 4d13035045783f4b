//! What a plan needs, costs and has to do.

use serde::{Deserialize, Serialize};

use super::super::{Anchor, OpType, Repeat, ResourceKind, ResourceScope, ResourceState, TaskKind, TaskState};
use super::Plan;
use crate::domain::calendar::Day;

/// Something a plan needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// Its number.
    pub id: i64,
    /// Its plan.
    pub plan_id: i64,
    /// Whose it is.
    pub scope: ResourceScope,
    /// What it is.
    pub kind: ResourceKind,
    /// What it is called.
    pub name: String,
    /// Who gives it.
    pub provider: String,
    /// How far it has come.
    pub state: ResourceState,
    /// Asked for: micros of money, millionths of anything else.
    pub planned_micros: i64,
    /// Given.
    pub granted_micros: i64,
    /// The day by which it is needed.
    pub needed_by: Option<Day>,
}

/// A cost typed by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Its number.
    pub id: i64,
    /// Its plan.
    pub plan_id: i64,
    /// The resource it uses.
    pub resource_id: Option<i64>,
    /// The day.
    pub day: Day,
    /// How much.
    pub amount_micros: i64,
    /// What for.
    pub note: String,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its number.
    pub id: i64,
    /// Its plan.
    pub plan_id: Option<i64>,
    /// The node that it moves.
    pub node_id: Option<i64>,
    /// Its operation type.
    pub op_type: OpType,
    /// What is to be done.
    pub title: String,
    /// What kind of work it is.
    pub kind: TaskKind,
    /// What its date counts from.
    pub anchor: Option<Anchor>,
    /// Days from there.
    pub offset_days: Option<i64>,
    /// The day by which it is to be done, where it does not count from the plan.
    pub due: Option<Day>,
    /// The day on which it is to be begun.
    pub scheduled: Option<Day>,
    /// Nothing can be done before this day.
    pub wait_until: Option<Day>,
    /// How far it has come.
    pub state: TaskState,
    /// The day it came up.
    pub created: Day,
    /// The day it was done or dropped.
    pub done_at: Option<Day>,
    /// Minutes it is thought to take.
    pub estimate_min: Option<i64>,
    /// Minutes it took.
    pub actual_min: Option<i64>,
    /// 0 none, 1 `!`, 2 `!!`.
    pub priority: i64,
    /// Who does it.
    pub owner: String,
    /// Every so many days.
    pub repeat_days: Option<i64>,
    /// When it comes again.
    pub repeat_mode: Option<Repeat>,
    /// Times it was missed.
    pub missed: i64,
    /// The task that it came from.
    pub spawned_from: Option<i64>,
}

impl Task {
    /// Something to do that came up on a day, of no plan and without a date.
    pub fn new(title: impl Into<String>, op_type: OpType, created: Day) -> Self {
        Self {
            id: -1,
            plan_id: None,
            node_id: None,
            op_type,
            title: title.into(),
            kind: TaskKind::Other,
            anchor: None,
            offset_days: None,
            due: None,
            scheduled: None,
            wait_until: None,
            state: TaskState::Todo,
            created,
            done_at: None,
            estimate_min: None,
            actual_min: None,
            priority: 0,
            owner: String::new(),
            repeat_days: None,
            repeat_mode: None,
            missed: 0,
            spawned_from: None,
        }
    }

    /// Something to do for a plan, by who answers for it.
    pub fn of(plan: &Plan, title: impl Into<String>, created: Day) -> Self {
        Self { plan_id: Some(plan.id), owner: plan.owner.clone(), ..Self::new(title, plan.op_type, created) }
    }

    /// The day by which it is to be done: its own, or counted from the plan.
    pub fn due_day(&self, plan: Option<&Plan>) -> Option<Day> {
        let offset = self.offset_days.unwrap_or(0) as i32;
        match (self.anchor, plan) {
            (Some(Anchor::Start), Some(plan)) => Some(plan.start.plus(offset)),
            (Some(Anchor::Finish), Some(plan)) => Some(plan.finish.plus(offset)),
            _ => self.due,
        }
    }
}

/// A task that must be done before another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Need {
    /// The task that waits.
    pub task_id: i64,
    /// The task that it waits for.
    pub needs_id: i64,
}
