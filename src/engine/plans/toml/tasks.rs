//! Tasks of a file, and what they wait for.

use crate::domain::calendar::Day;
use crate::domain::plans::{Anchor, Need, OpType, Plan, Repeat, Task, TaskKind, TaskState};

use super::sheet::{Fields, Sheet};
use super::tree::Nodes;

/// Minutes of a task at most: a working year.
const MOST_MINUTES: i64 = 120_000;
/// Highest priority.
const URGENT: i64 = 2;
/// Days between two times of a repeated task at most.
const MOST_REPEAT: i64 = 400;

/// All tasks with what they wait for.
pub(super) fn read(
    list: Vec<Fields>,
    (plan, today): (&Plan, Day),
    nodes: &Nodes,
    sheet: &mut Sheet,
) -> (Vec<Task>, Vec<Need>) {
    let (mut all, mut names, mut waits) = (Vec::new(), Vec::new(), Vec::new());
    for (at, mut own) in (1..).zip(list) {
        let name = own.text(sheet, "id");
        if name.is_some() && names.contains(&name) {
            own.fault(sheet, "id", "is that of another task too; give each its own");
        }
        names.push(name);
        waits.push(own.texts(sheet, "needs"));
        all.push((task(&mut own, (at, plan, today), nodes, sheet), own));
    }
    let tasks: Vec<Task> = all.iter().map(|(task, _)| task.clone()).collect();
    let mut needs: Vec<Need> = Vec::new();
    for (((task, own), wanted), at) in all.iter().zip(waits).zip(0..) {
        for name in wanted {
            match find(&tasks, &names, &name) {
                Err(why) => own.fault(sheet, "needs", why),
                Ok(other) if reaches(&needs, other, tasks[at].id) => {
                    let why =
                        format!("\"{}\" would wait for itself by way of \"{name}\"; take one of them out", task.title);
                    own.fault(sheet, "needs", why);
                }
                Ok(other) => needs.push(Need { task_id: task.id, needs_id: other }),
            }
        }
    }
    needs.sort_by_key(|need| (-need.task_id, -need.needs_id));
    needs.dedup();
    (tasks, needs)
}

/// The task of an id, else of a title that only one has.
fn find(tasks: &[Task], names: &[Option<String>], name: &str) -> Result<i64, String> {
    if let Some(at) = names.iter().position(|own| own.as_deref() == Some(name)) {
        return Ok(tasks[at].id);
    }
    let mut titled = tasks.iter().filter(|task| task.title == name);
    match (titled.next(), titled.next()) {
        (Some(task), None) => Ok(task.id),
        (Some(_), Some(_)) => Err(format!("\"{name}\" is more than one task; give the one meant an id and name that")),
        (None, _) => Err(format!("no task is called \"{name}\"; write its title or its id")),
    }
}

/// Whether a task waits for another in the end.
fn reaches(needs: &[Need], from: i64, to: i64) -> bool {
    let (mut open, mut seen) = (vec![from], Vec::new());
    while let Some(task) = open.pop() {
        if task == to {
            return true;
        }
        if !seen.contains(&task) {
            seen.push(task);
            open.extend(needs.iter().filter(|need| need.task_id == task).map(|need| need.needs_id));
        }
    }
    false
}

fn task(own: &mut Fields, (at, plan, today): (i64, &Plan, Day), nodes: &Nodes, sheet: &mut Sheet) -> Task {
    let (anchor, offset_days, due) = due(own, sheet);
    let node_id = own.text(sheet, "node").and_then(|name| {
        let found = nodes.find(&name);
        found.map_err(|why| own.fault(sheet, "node", why)).ok()
    });
    let task = Task {
        id: -at,
        plan_id: Some(plan.id),
        node_id,
        op_type: own.word(sheet, "type", OpType::ALL, OpType::word).unwrap_or(plan.op_type),
        title: own.name(sheet, "title").unwrap_or_default(),
        kind: own.word(sheet, "kind", TaskKind::ALL, TaskKind::word).unwrap_or(TaskKind::Other),
        anchor,
        offset_days,
        due,
        scheduled: own.day(sheet, "scheduled"),
        wait_until: own.day(sheet, "wait_until"),
        state: own.word(sheet, "state", TaskState::ALL, TaskState::word).unwrap_or(TaskState::Todo),
        created: today,
        done_at: own.day(sheet, "done"),
        estimate_min: own.whole(sheet, "estimate", 0..=MOST_MINUTES),
        actual_min: own.whole(sheet, "actual", 0..=MOST_MINUTES),
        priority: own.whole(sheet, "priority", 0..=URGENT).unwrap_or(0),
        owner: own.text(sheet, "owner").unwrap_or_default(),
        repeat_days: own.whole(sheet, "repeat_days", 1..=MOST_REPEAT),
        repeat_mode: own.word(sheet, "repeat", Repeat::ALL, Repeat::word),
        missed: 0,
        spawned_from: None,
    };
    own.refuse_others(sheet);
    task
}

/// The day of a task: counted from the plan, or its own.
fn due(own: &mut Fields, sheet: &mut Sheet) -> (Option<Anchor>, Option<i64>, Option<Day>) {
    let text = match own.due(sheet, "due") {
        None => return (None, None, None),
        Some(Ok(day)) => return (None, None, Some(day)),
        Some(Err(text)) => text,
    };
    if let Some((anchor, days)) = Anchor::read(&text) {
        return (Some(anchor), Some(days), None);
    }
    own.fault(sheet, "due", format!("\"{text}\" is no day; write start-7, finish, finish+3 or 2026-06-10"));
    (None, None, None)
}
