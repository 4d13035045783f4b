//! Tasks and what they wait for.

use crate::domain::plans::{Book, Need, Task};
use crate::query::Fault;

use super::fault;

/// Longest estimate, in minutes: a working year.
const LONGEST: i64 = 120_000;

/// What of a task cannot be.
pub(super) fn of_task(after: &Book, task: &Task, found: &mut Vec<Fault>) {
    if task.title.trim().is_empty() {
        found.push(fault("title", "is empty; say what is to be done"));
    }
    let plan = task.plan_id.and_then(|id| after.plan(id));
    if task.plan_id.is_some() && plan.is_none() {
        found.push(fault("plan", "there is no such plan"));
    }
    if task.anchor.is_some() && plan.is_none() {
        found.push(fault("due", "counts from a plan, and the task has none; give a day"));
    }
    if task.offset_days.is_some_and(|days| days.abs() > 1_000) {
        found.push(fault("due", "is more than 1,000 days from the plan; give a day"));
    }
    for (field, minutes) in [("estimate", task.estimate_min), ("actual", task.actual_min)] {
        if minutes.is_some_and(|minutes| !(0..=LONGEST).contains(&minutes)) {
            found.push(fault(field, format!("is in minutes; give 0 to {LONGEST}")));
        }
    }
    if !(0..=2).contains(&task.priority) {
        found.push(fault("priority", "is 0, 1 or 2"));
    }
    if task.repeat_days.is_some_and(|days| !(1..=400).contains(&days)) {
        found.push(fault("repeat", "is every 1 to 400 days"));
    }
    match (task.repeat_days, task.repeat_mode) {
        (Some(_), None) => {
            found.push(fault("repeat", "says every so many days, not when; give fixed, after_done or skip_missed"));
        }
        (None, Some(_)) => found.push(fault("repeat", "says when it comes again, not after how many days")),
        _ => {}
    }
    let node = task.node_id.map(|id| after.node(id));
    if node.is_some_and(|node| node.map(|node| Some(node.plan_id)) != Some(task.plan_id)) {
        found.push(fault("node", "it is of another plan"));
    }
}

/// What of a dependency cannot be: a task that in the end waits for itself.
pub(super) fn of_need(after: &Book, need: &Need, found: &mut Vec<Fault>) {
    let title = |id: i64| after.task(id).map_or_else(|| format!("task {id}"), |task| format!("\"{}\"", task.title));
    for id in [need.task_id, need.needs_id] {
        if after.task(id).is_none() {
            found.push(fault("needs", format!("there is no task {id}")));
            return;
        }
    }
    let (mut open, mut seen) = (vec![need.needs_id], Vec::new());
    while let Some(task) = open.pop() {
        if task == need.task_id {
            let text = format!("{} would wait for itself by way of {}", title(need.task_id), title(need.needs_id));
            found.push(fault("needs", text));
            return;
        }
        if !seen.contains(&task) {
            seen.push(task);
            open.extend(after.needs.iter().filter(|other| other.task_id == task).map(|other| other.needs_id));
        }
    }
}
