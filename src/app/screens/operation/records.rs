//! What is added and moved on from a tab: feedback, notes on competitors, tasks, targets.

use crate::domain::calendar::Day;
use crate::domain::plans::{
    Competitor, CompetitorNote, Edit, Feedback, FeedbackSource, FeedbackState, Node, NodeRole, NoteKind, NoteVerdict,
    OpType, Task,
};
use crate::query::{Command, Narrow, NewPlan, PlanBoard, PlanOrder, Unit, find_metric};
use crate::ui::amount;
use crate::ui::when::when;

use super::super::super::layers::choose::Choose;
use super::super::super::layers::form::{Answers, Field, Form, Kind};
use super::super::super::layers::line::Line;
use super::super::super::number;
use super::super::super::view::{Env, Layer, Request};

fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<String> {
    all.iter().map(|one| word(*one).to_owned()).collect()
}

const SEVERITY: [&str; 3] = ["small", "bad", "very bad"];

/// What somebody said, new or as it is.
pub fn feedback(op: OpType, old: Option<Feedback>) -> Form {
    let is_new = old.is_none();
    let old = old.unwrap_or(Feedback {
        id: -1,
        day: Day(0),
        source: FeedbackSource::User,
        op_type: Some(op),
        plan_id: None,
        node_id: None,
        severity: 1,
        count: 1,
        body: String::new(),
        state: FeedbackState::New,
        duplicate_of: None,
        acted_task_id: None,
        acted_plan_id: None,
    });
    let day = if is_new { "today".to_owned() } else { old.day.to_string() };
    let bad = SEVERITY[(old.severity - 1).clamp(0, 2) as usize];
    let fields = vec![
        Field::new("said", Kind::Text, &old.body, "what was said"),
        Field::word("from", words(FeedbackSource::ALL, FeedbackSource::word), old.source.word()),
        Field::word("how bad", SEVERITY.map(str::to_owned).to_vec(), bad),
        Field::new("times", Kind::Number, old.count.to_string(), "how often it was said"),
        Field::new("day", Kind::Day, day, "today, fri, 2026-06-10"),
        Field::word("state", words(FeedbackState::ALL, FeedbackState::word), old.state.word()),
    ];
    let saved = move |answers: &Answers<'_>, env: &Env<'_>| {
        let day = answers.day("day", env).map_err(|fault| vec![fault])?;
        let count = answers.number("times", Unit::Times).map_err(|fault| vec![fault])?;
        let severity = SEVERITY.iter().position(|word| *word == answers.text("how bad")).unwrap_or(0) as i64 + 1;
        let after = Feedback {
            day,
            source: FeedbackSource::parse(answers.text("from")).unwrap_or(old.source),
            severity,
            count: count.map_or(1, |count| count.round().max(1.0) as i64),
            body: answers.text("said").to_owned(),
            state: FeedbackState::parse(answers.text("state")).unwrap_or(old.state),
            ..old.clone()
        };
        let mut edit = Edit::new(format!("feedback of {day}"));
        if is_new {
            edit.add(after);
        } else {
            edit.set(old.clone(), after);
        }
        Ok(PlanOrder::Edit(edit))
    };
    Form::new("FEEDBACK", fields, Box::new(saved))
}

/// What a competitor did, new or as it is; a competitor of a new name is added with it.
pub fn competitor(board: &PlanBoard, old: Option<CompetitorNote>) -> Form {
    let known = board.book.competitors.clone();
    let names: Vec<&str> = known.iter().map(|one| one.name.as_str()).collect();
    let is_new = old.is_none();
    let old = old.unwrap_or(CompetitorNote {
        id: -1,
        competitor_id: -1,
        day: Day(0),
        kind: NoteKind::Other,
        body: String::new(),
        verdict: NoteVerdict::Watch,
        plan_id: None,
    });
    let who = known.iter().find(|one| one.id == old.competitor_id).map_or("", |one| one.name.as_str());
    let day = if is_new { "today".to_owned() } else { old.day.to_string() };
    let fields = vec![
        Field::new("who", Kind::Text, who, names.join(", ")),
        Field::new("what", Kind::Text, &old.body, "what they did"),
        Field::word("kind", words(NoteKind::ALL, NoteKind::word), old.kind.word()),
        Field::word("verdict", words(NoteVerdict::ALL, NoteVerdict::word), old.verdict.word()),
        Field::new("day", Kind::Day, day, "today, fri, 2026-06-10"),
    ];
    let saved = move |answers: &Answers<'_>, env: &Env<'_>| {
        let day = answers.day("day", env).map_err(|fault| vec![fault])?;
        let name = answers.text("who");
        let found = known.iter().find(|one| one.name.to_lowercase() == name.to_lowercase());
        let after = CompetitorNote {
            competitor_id: found.map_or(-1, |one| one.id),
            day,
            kind: NoteKind::parse(answers.text("kind")).unwrap_or(old.kind),
            body: answers.text("what").to_owned(),
            verdict: NoteVerdict::parse(answers.text("verdict")).unwrap_or(old.verdict),
            ..old.clone()
        };
        let mut edit = Edit::new(format!("note on {name}"));
        if found.is_none() {
            edit.add(Competitor { id: -1, name: name.to_owned() });
        }
        if is_new {
            edit.add(after);
        } else {
            edit.set(old.clone(), after);
        }
        Ok(PlanOrder::Edit(edit))
    };
    Form::new("NOTE ON A COMPETITOR", fields, Box::new(saved))
}

/// Something to do for a type.
pub fn task(op: OpType) -> Line {
    let asks = vec![("task".to_owned(), String::new()), ("due (fri, +3d, empty: no day)".to_owned(), String::new())];
    let taken = move |answers: &[String], env: &Env<'_>| {
        let title = answers.first().map_or("", |title| title.trim());
        if title.is_empty() {
            return Err((0, "a task needs a title; type what is to be done".to_owned()));
        }
        let due = match answers.get(1).map_or("", |due| due.trim()) {
            "" => None,
            due => Some(when(due).map_err(|why| (1, why))?.from(env.today)),
        };
        let mut edit = Edit::new(format!("task {title}"));
        edit.add(Task { due, ..Task::new(title, op, env.today) });
        Ok(PlanOrder::Edit(edit))
    };
    Line::new(asks, Box::new(taken))
}

/// The next verdict on what a competitor did.
pub fn verdict_on(one: &CompetitorNote) -> Request {
    let all = NoteVerdict::ALL;
    let at = all.iter().position(|verdict| *verdict == one.verdict).unwrap_or(0);
    let verdict = all[(at + 1) % all.len()];
    let mut edit = Edit::new(format!("note: {}", verdict.word()));
    edit.set(one.clone(), CompetitorNote { verdict, ..one.clone() });
    Request::Run(Command::Plan(PlanOrder::Edit(edit)))
}

/// Where a number can become a target: a plan of its own, or what an open plan of the type must not miss.
pub fn target(metric: &'static str, narrow: &Narrow, op: OpType, board: &PlanBoard) -> Result<Box<dyn Layer>, String> {
    if narrow.event.is_some() {
        return Err("a target counts all of a metric or a part by channel or stream, not one event".to_owned());
    }
    let name = [Some(number::name_of(metric)), narrow.channel.as_deref(), narrow.stream.as_deref()];
    let label = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let whole = *narrow == Narrow::default();
    let open: Vec<(i64, String, bool)> = board
        .plans
        .iter()
        .filter(|row| row.plan.op_type == op && !row.status.is_over())
        .map(|row| (row.plan.id, row.plan.name(), row.plan.status.is_frozen()))
        .collect();
    let mut rows: Vec<(String, String)> = Vec::new();
    if whole {
        rows.push(("a new plan".to_owned(), format!("with {label} as its target")));
    }
    rows.extend(open.iter().map(|(_, plan, _)| (plan.clone(), format!("must not miss {label}"))));
    if rows.is_empty() {
        return Err(format!("no plan of this type is open that {label} could belong to; 8 Plans, a makes one"));
    }
    let (narrow, title) = (narrow.clone(), format!("Target: {label}"));
    let chosen = move |at: usize| {
        let line = match at.checked_sub(usize::from(whole)) {
            None => new_plan(metric, op),
            Some(at) => match open.get(at) {
                Some((plan, _, frozen)) => guardrail(metric, &label, &narrow, (*plan, *frozen)),
                None => return Vec::new(),
            },
        };
        vec![Request::Push(Box::new(line))]
    };
    Ok(Box::new(Choose::new(title, rows, Box::new(chosen))))
}

fn unit(metric: &str) -> Unit {
    find_metric(metric).map_or(Unit::Times, |metric| metric.unit)
}

fn value(metric: &str, text: &str) -> Result<f64, (usize, String)> {
    amount::parse(text, unit(metric)).map_err(|why| (0, why))
}

fn new_plan(metric: &'static str, op: OpType) -> Line {
    let name = number::name_of(metric);
    let asks = vec![
        (format!("target of {name}"), String::new()),
        ("title of the plan".to_owned(), name.to_owned()),
        ("last day".to_owned(), "+30d".to_owned()),
        ("owner".to_owned(), String::new()),
    ];
    let taken = move |answers: &[String], env: &Env<'_>| {
        let text = |at: usize| answers.get(at).map_or("", |text| text.trim());
        let target = value(metric, text(0))?;
        let finish = when(text(2)).map_err(|why| (2, why))?.from(env.today);
        Ok(PlanOrder::New(Box::new(NewPlan {
            op_type: op,
            title: text(1).to_owned(),
            method: String::new(),
            focus: None,
            owner: text(3).to_owned(),
            start: env.today,
            finish,
            phases: Vec::new(),
            observe_days: 7,
            revenue_link: None,
            strategy: None,
            metric: Some(metric.to_owned()),
            target: Some(target),
            audience: String::new(),
            place: String::new(),
            mechanic: String::new(),
        })))
    };
    Line::new(asks, Box::new(taken))
}

fn guardrail(metric: &'static str, label: &str, narrow: &Narrow, (plan, frozen): (i64, bool)) -> Line {
    let mut asks = vec![(format!("{label} must not miss"), String::new())];
    if frozen {
        asks.push(("why; the plan runs".to_owned(), String::new()));
    }
    let (label, narrow) = (label.to_owned(), narrow.clone());
    let taken = move |answers: &[String], _: &Env<'_>| {
        let mut node = Node::new(plan, NodeRole::Guardrail);
        node.metric = Some(metric.to_owned());
        node.label.clone_from(&label);
        node.target = Some(value(metric, answers.first().map_or("", String::as_str))?);
        node.filter.channels = narrow.channel.iter().cloned().collect();
        node.filter.streams = narrow.stream.iter().cloned().collect();
        let reason = answers.get(1).cloned().unwrap_or_default();
        Ok(PlanOrder::Node { before: None, after: Box::new(node), reason })
    };
    Line::new(asks, Box::new(taken))
}
