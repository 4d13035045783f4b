//! What keys do to the task under the cursor.

use crate::domain::calendar::Day;
use crate::domain::plans::{Anchor, Edit, Need, Node, OpType, Plan, Repeat, Table, Task, TaskState};
use crate::query::{PlanBoard, PlanOrder, TaskRow};
use crate::ui::dates;
use crate::ui::when::{Due, when};

use super::super::super::action::Action;
use super::super::super::layers::choose::{ChoiceRow, Chooser};
use super::super::super::layers::entry::{Ask, Entry};
use super::super::super::view::{Env, Request};
use super::super::super::written;
use super::acts::{refuse, run};
use super::{Page, Plans, forms};

impl Plans {
    fn task_rows(&self) -> &[TaskRow] {
        match (self.page, self.shown(), self.board.shown()) {
            (Page::Tasks, Some(view), _) => &view.tasks,
            (Page::AllTasks, _, Some(board)) => &board.tasks,
            _ => &[],
        }
    }

    pub(super) fn act_on_task(&self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        if action == Action::Add {
            return Some(self.add_task(env));
        }
        let id = self.current_id(env)?;
        let row = self.task_rows().iter().find(|row| row.task.id == id)?;
        act(action, self.board.shown()?, row, env.today)
    }

    /// The entry line for a task: on the node or the plan under the cursor where it names none.
    pub(super) fn add_task(&self, env: &Env<'_>) -> Vec<Request> {
        let Some(board) = self.board.shown() else { return Vec::new() };
        let plan = self.open.filter(|_| self.page.is_of_plan()).and_then(|id| board.book.plan(id));
        let node = self.current_id(env).filter(|id| self.page == Page::Tree && *id != 0);
        let beside = self.current_id(env).and_then(|id| board.book.task(id)).map(|task| task.op_type);
        let op_type = plan.map(|plan| plan.op_type).or(beside).unwrap_or(OpType::Product);
        vec![Request::Push(Box::new(task_line(board, (plan, node), op_type, env.today)))]
    }
}

/// Does what a key asks of a task, wherever it is listed.
pub fn act(action: Action, board: &PlanBoard, row: &TaskRow, today: Day) -> Option<Vec<Request>> {
    let task = &row.task;
    let plan = task.plan_id.and_then(|id| board.book.plan(id));
    let state = |state: TaskState| change(task, ended(task, state, today), state.word());
    Some(match action {
        Action::Open | Action::Edit => {
            vec![Request::Push(Box::new(forms::task(board, task, today)))]
        }
        Action::TaskDoing => match task.state {
            TaskState::Doing => state(TaskState::Todo),
            TaskState::Todo => state(TaskState::Doing),
            _ => refuse("this task is over: d opens it again"),
        },
        Action::Remove if task.state == TaskState::Dropped => refuse("this task is dropped already; d opens it again"),
        Action::Remove => state(TaskState::Dropped),
        Action::TaskBlockedBy => blocked_by(board, row),
        action => return daily(action, row, plan, today),
    })
}

/// What is done to a task every day, on Today as in the list: done or open again, for tomorrow, for another day.
pub fn daily(action: Action, row: &TaskRow, plan: Option<&Plan>, today: Day) -> Option<Vec<Request>> {
    let task = &row.task;
    Some(match action {
        Action::TaskDone => {
            let state = if task.state == TaskState::Done { TaskState::Todo } else { TaskState::Done };
            change(task, ended(task, state, today), state.word())
        }
        Action::TaskTomorrow => {
            let day = row.due.map_or(today, |due| due.max(today)).plus(1);
            change(task, moved(task, plan, day), &day_words(day, today))
        }
        Action::TaskPostpone => vec![Request::Push(Box::new(postpone(task, plan, today)))],
        _ => return None,
    })
}

/// The line on which a task is typed: on a plan and node, or a type of operation, where it names none.
pub fn task_line(board: &PlanBoard, (plan, node): (Option<&Plan>, Option<i64>), op_type: OpType, today: Day) -> Entry {
    let plan = plan.cloned();
    let nodes: Vec<Node> = match &plan {
        Some(plan) => board.book.nodes.iter().filter(|node| node.plan_id == plan.id).cloned().collect(),
        None => board.book.nodes.clone(),
    };
    let plans = board.book.plans.clone();
    let key = plan.as_ref().map_or_else(|| "task".to_owned(), |plan| format!("task of {}", plan.name()));
    let record = plan.as_ref().map(|plan| (Table::Plan, plan.id));
    let (read_nodes, read_plans, read_plan) = (nodes.clone(), plans.clone(), plan.clone());
    let ask = Ask::new("task", move |text| {
        let line = written::task(text)?;
        let on = line.on.as_deref().map(|name| node_named(&read_nodes, name)).transpose()?;
        let plan = on.and_then(|node| read_plans.iter().find(|plan| plan.id == node.plan_id)).or(read_plan.as_ref());
        let due = line.due.map(|due| due_told(due, plan, today)).transpose()?.map(|due| format!("due {due}"));
        let on = on.map(|node| format!("on {}", node.label));
        let every = line.every.map(|days| format!("every {days} days"));
        Ok([due, on, every].into_iter().flatten().collect::<Vec<_>>().join(", "))
    })
    .hint("Call Harbor due:fri @ben on:deals every:7d !");
    let make = move |texts: &[String]| {
        let line = written::task(texts.first().map_or("", String::as_str))?;
        let named = line.on.as_deref().map(|name| node_named(&nodes, name)).transpose()?;
        let node_id = named.map(|node| node.id).or(node);
        let plan_id = named.map(|node| node.plan_id).or(plan.as_ref().map(|plan| plan.id));
        let plan = plan_id.and_then(|id| plans.iter().find(|plan| plan.id == id));
        if let Some(due) = line.due {
            due_told(due, plan, today)?;
        }
        let op_type = plan.map_or(op_type, |plan| plan.op_type);
        let mut edit = Edit::new(format!("task: {}", line.title));
        edit.add(new_task(line, plan_id, node_id, op_type, today));
        Ok(PlanOrder::Edit(edit))
    };
    Entry::order(key, vec![ask], make).of(record)
}

/// The node whose label holds a text; the shortest label where several do.
fn node_named<'n>(nodes: &'n [Node], name: &str) -> Result<&'n Node, String> {
    let wanted = name.to_lowercase().replace(['-', '_'], " ");
    let found = nodes.iter().filter(|node| node.label.to_lowercase().replace(['-', '_'], " ").contains(&wanted));
    found.min_by_key(|node| node.label.len()).ok_or_else(|| format!("on:{name}: no node has a label like it"))
}

/// A task as it was written.
pub fn new_task(line: written::TaskLine, plan: Option<i64>, node: Option<i64>, op_type: OpType, today: Day) -> Task {
    let (anchor, offset_days, due) = line.due.map_or((None, None, None), |due| due.parts(|when| when.after(today)));
    Task {
        plan_id: plan,
        node_id: node,
        anchor,
        offset_days,
        due,
        wait_until: line.wait.map(|when| when.after(today)),
        priority: line.priority,
        owner: line.owner,
        repeat_days: line.every,
        repeat_mode: line.every.map(|_| Repeat::AfterDone),
        ..Task::new(line.title, op_type, today)
    }
}

/// The day that a task is due, in words.
///
/// # Errors
/// When it counts from a plan and there is none.
pub fn due_told(due: Due, plan: Option<&Plan>, today: Day) -> Result<String, String> {
    let day = written::due_day(due, plan.map(Plan::span), today)?;
    Ok(dates::weekday(day, today))
}

/// A task in another state, with the day of its end where it is over.
pub fn ended(task: &Task, state: TaskState, today: Day) -> Task {
    Task { state, done_at: (!state.is_open()).then_some(today), ..task.clone() }
}

fn change(before: &Task, after: Task, what: &str) -> Vec<Request> {
    let mut edit = Edit::new(format!("{}: {what}", before.title));
    edit.set(before.clone(), after);
    run(edit)
}

/// A task with another day; one that counts from its plan still does.
pub fn moved(task: &Task, plan: Option<&Plan>, day: Day) -> Task {
    let from = match (task.anchor, plan) {
        (Some(Anchor::Start), Some(plan)) => Some(plan.start),
        (Some(Anchor::Finish), Some(plan)) => Some(plan.finish),
        _ => None,
    };
    match from {
        Some(from) => Task { offset_days: Some(i64::from(day.since(from))), ..task.clone() },
        None => Task { due: Some(day), ..task.clone() },
    }
}

fn day_words(day: Day, today: Day) -> String {
    format!("due {}", dates::weekday(day, today))
}

/// Tomorrow, Friday, Monday, in a week, or any day.
fn postpone(task: &Task, plan: Option<&Plan>, today: Day) -> Chooser {
    let next = |word: &str| when(word).map_or(today, |when| when.after(today));
    let days = [("tomorrow", today.plus(1)), ("Fri", next("fri")), ("Mon", next("mon")), ("+7d", today.plus(7))];
    let row = |(words, day): (&str, Day)| {
        let after = moved(task, plan, day);
        let before = task.clone();
        ChoiceRow::new(words, dates::weekday(day, today), move || change(&before, after, &day_words(day, today)))
    };
    let mut rows: Vec<ChoiceRow> = days.into_iter().map(row).collect();
    let (before, plan) = (task.clone(), plan.cloned());
    rows.push(ChoiceRow::new("another day", "2026-11-30, 1 jul, +10d", move || {
        let ask = Ask::new("task for which day", move |text| {
            when(text).map(|when| written::day_told(when.after(today), today))
        });
        let make = move |texts: &[String]| {
            let day = when(texts.first().map_or("", String::as_str))?.after(today);
            let mut edit = Edit::new(format!("{}: {}", before.title, day_words(day, today)));
            edit.set(before.clone(), moved(&before, plan.as_ref(), day));
            Ok(PlanOrder::Edit(edit))
        };
        vec![Request::Push(Box::new(Entry::order(String::new(), vec![ask], make)))]
    }));
    Chooser::new(format!("{}: for", task.title), rows)
}

/// Open tasks to wait for; one that is waited for already is let go.
fn blocked_by(board: &PlanBoard, row: &TaskRow) -> Vec<Request> {
    let task = &row.task;
    let open = board.tasks.iter().filter(|other| other.task.state.is_open() && other.task.id != task.id);
    let rows = open.filter(|other| !other.needs.contains(&task.id)).map(|other| {
        let need = Need { task_id: task.id, needs_id: other.task.id };
        let held = row.needs.contains(&other.task.id);
        let mut edit = Edit::new(if held {
            format!("{} no longer waits for {}", task.title, other.task.title)
        } else {
            format!("{} waits for {}", task.title, other.task.title)
        });
        if held {
            edit.remove(need);
        } else {
            edit.add(need);
        }
        let mark = if held { "[x]" } else { "[ ]" };
        ChoiceRow::new(format!("{mark} {}", other.task.title), &other.task.owner, move || run(edit))
    });
    let rows: Vec<ChoiceRow> = rows.collect();
    if rows.is_empty() {
        return refuse("no other open task could be waited for");
    }
    vec![Request::Push(Box::new(Chooser::new(format!("{} waits for", task.title), rows)))]
}
