//! Something to do.

use crate::domain::plans::{Edit, Task, TaskKind, TaskState};
use crate::query::{Fault, PlanOrder, Unit};
use crate::ui::when::due;

use super::super::super::super::layers::form::{Answers, Field, Form, Kind};
use super::super::super::super::view::Env;
use super::{fault, words};

/// A task, new or as it is.
pub fn task(old: &Task, is_new: bool) -> Form {
    let text = |name, value: &str, hint: &str| Field::new(name, Kind::Text, value, hint);
    let due = old.due.map(|day| day.to_string()).unwrap_or_default();
    let relative = match (old.anchor, old.offset_days) {
        (Some(anchor), Some(days)) => anchor.write(days),
        _ => String::new(),
    };
    let priority = ["none", "!", "!!"];
    let fields = vec![
        text("title", &old.title, "what is to be done"),
        text("owner", &old.owner, "who does it"),
        text("due", if relative.is_empty() { &due } else { &relative }, "fri, +3d, 2026-06-30, start-2, finish+1"),
        text("waits until", &old.wait_until.map(|day| day.to_string()).unwrap_or_default(), "nothing before this day"),
        Field::word("priority", priority.map(str::to_owned).to_vec(), priority[old.priority.clamp(0, 2) as usize]),
        Field::new(
            "minutes",
            Kind::Number,
            old.estimate_min.map(|m| m.to_string()).unwrap_or_default(),
            "it is thought to take",
        ),
        Field::word("kind", words(TaskKind::ALL, TaskKind::word), old.kind.word()),
        Field::word("state", words(TaskState::ALL, TaskState::word), old.state.word()),
    ];
    let old = old.clone();
    let saved = move |answers: &Answers<'_>, env: &Env<'_>| {
        let after = read_task(&old, answers, env)?;
        let mut edit = Edit::new(format!("task {}", after.title));
        if is_new {
            edit.add(after);
        } else {
            edit.set(old.clone(), after);
        }
        Ok(PlanOrder::Edit(edit))
    };
    Form::new(if is_new { "NEW TASK" } else { "TASK" }, fields, Box::new(saved))
}

fn read_task(old: &Task, answers: &Answers<'_>, env: &Env<'_>) -> Result<Task, Vec<Fault>> {
    let (anchor, offset_days, due) = match answers.text("due") {
        "" => (None, None, None),
        text => due(text).map_err(|why| vec![fault("due", why)])?.parts(|when| when.from(env.today)),
    };
    let wait = match answers.text("waits until") {
        "" => None,
        _ => Some(answers.day("waits until", env).map_err(|fault| vec![fault])?),
    };
    let minutes = answers.number("minutes", Unit::Times).map_err(|fault| vec![fault])?;
    let state = TaskState::parse(answers.text("state")).unwrap_or(old.state);
    let closes = !state.is_open() && old.state.is_open();
    Ok(Task {
        title: answers.text("title").to_owned(),
        owner: answers.text("owner").to_owned(),
        anchor,
        offset_days,
        due,
        wait_until: wait,
        priority: ["none", "!", "!!"].iter().position(|word| *word == answers.text("priority")).unwrap_or(0) as i64,
        estimate_min: minutes.map(|minutes| minutes as i64),
        kind: TaskKind::parse(answers.text("kind")).unwrap_or(old.kind),
        state,
        done_at: if state.is_open() {
            None
        } else if closes {
            Some(env.today)
        } else {
            old.done_at
        },
        ..old.clone()
    })
}
