//! Something to do.

use crate::domain::calendar::Day;
use crate::domain::plans::{Repeat, Table, Task, TaskKind, TaskState};
use crate::query::{Fault, PlanBoard, PlanOrder};

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool, Values};
use super::{changed, day_text, fault, field, missing, need, open_day, options};

const TASK: &[FieldRow] = &[
    need(field("title", "WHAT", "title", Kind::Text, "what is to be done")),
    field("owner", "WHAT", "owner", Kind::Known(options::owners), "who does it"),
    need(field("kind", "WHAT", "kind", Kind::Choice(options::task_kinds), "what kind of work it is")),
    need(field("priority", "WHAT", "priority", Kind::Choice(options::priorities), "how pressing it is")),
    field("node_id", "WHAT", "node", Kind::Choice(options::nodes), "the node that it moves; Backspace clears"),
    need(field("state", "WHEN", "state", Kind::Choice(options::task_states), "how far it has come")),
    field("due", "WHEN", "due", Kind::Due, "fri, +7d, 2026-11-30; start-14 and finish+3 move with the plan"),
    field("scheduled", "WHEN", "begin on", Kind::Day(""), "the day on which it is to be begun"),
    field("wait_until", "WHEN", "not before", Kind::Day(""), "nothing can be done before this day"),
    field("repeat_days", "WHEN", "repeat", Kind::Count, "it comes again every so many days, 1 to 400"),
    field("repeat_mode", "WHEN", "repeat from", Kind::Choice(options::repeats), "empty is after_done"),
    field("estimate_min", "WORK", "estimate", Kind::Count, "minutes it is thought to take"),
    field("actual_min", "WORK", "actual", Kind::Count, "minutes it took"),
];

/// A task.
pub fn task(board: &PlanBoard, one: &Task, today: Day) -> Form {
    let pool = Pool { book: &board.book, plan: one.plan_id, today };
    let number = |number: Option<i64>| number.map_or_else(String::new, |n| n.to_string());
    let text = |row: &FieldRow| match row.id {
        "title" => one.title.clone(),
        "owner" => one.owner.clone(),
        "kind" => one.kind.word().to_owned(),
        "priority" => one.priority.to_string(),
        "node_id" => number(one.node_id),
        "state" => one.state.word().to_owned(),
        "due" => match (one.anchor, one.offset_days) {
            (Some(anchor), days) => anchor.write(days.unwrap_or(0)),
            (None, _) => day_text(one.due),
        },
        "scheduled" => day_text(one.scheduled),
        "wait_until" => day_text(one.wait_until),
        "repeat_days" => number(one.repeat_days),
        "repeat_mode" => one.repeat_mode.map_or_else(String::new, |mode| mode.word().to_owned()),
        "estimate_min" => number(one.estimate_min),
        _ => number(one.actual_min),
    };
    let before = one.clone();
    let title = format!("task {}", one.title);
    Form::new(title, TASK, TASK.iter().map(text).collect(), &pool, move |values| {
        let after = filled(values, &before, today)?;
        Ok(PlanOrder::Edit(changed("task", &after.title.clone(), Some(before.clone()), after)))
    })
    .of((Table::Task, one.id))
}

fn filled(values: &Values<'_>, before: &Task, today: Day) -> Result<Task, Vec<Fault>> {
    let (anchor, offset_days, due) = values.due("due");
    let repeat_days = values.count("repeat_days");
    if repeat_days.is_some() && anchor.is_some() {
        return Err(fault("repeat_days", "it counts from its plan: the next round brings it again"));
    }
    let state = TaskState::parse(values.text("state")).ok_or_else(|| missing("state"))?;
    Ok(Task {
        title: values.text("title").to_owned(),
        owner: values.text("owner").to_owned(),
        kind: TaskKind::parse(values.text("kind")).ok_or_else(|| missing("kind"))?,
        priority: values.count("priority").unwrap_or(0),
        node_id: values.count("node_id"),
        state,
        done_at: (!state.is_open()).then_some(before.done_at.unwrap_or(today)),
        anchor,
        offset_days,
        due,
        scheduled: open_day(values, "scheduled"),
        wait_until: open_day(values, "wait_until"),
        repeat_days,
        repeat_mode: repeat_days.map(|_| Repeat::parse(values.text("repeat_mode")).unwrap_or(Repeat::AfterDone)),
        estimate_min: values.count("estimate_min"),
        actual_min: values.count("actual_min"),
        ..before.clone()
    })
}
