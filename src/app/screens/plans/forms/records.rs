//! Strategies, resources, tasks, reviews and lessons in forms.

use crate::domain::calendar::Day;
use crate::domain::plans::{
    Anchor, Edit, Focus, Kiss, Lesson, Plan, Resource, ResourceKind, ResourceScope, ResourceState, Review, Strategy,
    StrategyStatus, Task, TaskKind, TaskState, Verdict,
};
use crate::query::{Fault, PlanBoard, PlanOrder, PlanView};
use crate::ui::format;

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool, Values};
use super::options;

const fn field(
    id: &'static str,
    section: &'static str,
    label: &'static str,
    kind: Kind,
    hint: &'static str,
) -> FieldRow {
    FieldRow { id, section, label, kind, need: false, hint }
}

const fn need(row: FieldRow) -> FieldRow {
    FieldRow { need: true, ..row }
}

fn missing(field: &str) -> Vec<Fault> {
    vec![Fault { field: field.to_owned(), text: "must not be empty".to_owned() }]
}

/// A day that may be left open.
fn open_day(values: &Values<'_>, id: &str) -> Option<Day> {
    if values.text(id).is_empty() { None } else { values.day(id) }
}

fn day_text(day: Option<Day>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

const STRATEGY: &[FieldRow] = &[
    need(field("title", "WHAT", "title", Kind::Text, "what it is called")),
    need(field("focus", "WHAT", "focus", Kind::Choice(options::focuses), "what it is for")),
    need(field("start", "WHEN", "start", Kind::Day(""), "first day")),
    need(field("finish", "WHEN", "finish", Kind::Day("start"), "last day; +89d counts from the start")),
    need(field("status", "WHEN", "status", Kind::Choice(options::strategy_states), "where it stands")),
    field("situation", "WHY", "situation", Kind::Text, "what is, with a number"),
    field("complication", "WHY", "in the way", Kind::Text, "what keeps it from getting better"),
    field("hypothesis", "WHY", "hypothesis", Kind::Text, "what is believed to help, so that it can be tested"),
];

/// A strategy, or a new one.
pub fn strategy(board: &PlanBoard, one: Option<&Strategy>, today: Day) -> Form {
    let pool = Pool { book: &board.book, plan: None, today };
    let text = |row: &FieldRow| match (one, row.id) {
        (None, "focus") => "balanced".to_owned(),
        (None, "status") => "active".to_owned(),
        (None, "start") => today.to_string(),
        (None, "finish") => "+89d".to_owned(),
        (None, _) => String::new(),
        (Some(one), id) => match id {
            "title" => one.title.clone(),
            "focus" => one.focus.word().to_owned(),
            "start" => one.start.to_string(),
            "finish" => one.finish.to_string(),
            "status" => one.status.word().to_owned(),
            "situation" => one.situation.clone(),
            "complication" => one.complication.clone(),
            _ => one.hypothesis.clone(),
        },
    };
    let before = one.cloned();
    let title = one.map_or_else(|| "new strategy".to_owned(), |one| format!("strategy {}", one.title));
    Form::new(title, STRATEGY, STRATEGY.iter().map(text).collect(), &pool, move |values| {
        if let Some(fault) = values.days_fault() {
            return Err(vec![fault]);
        }
        let after = Strategy {
            id: before.as_ref().map_or(-1, |one| one.id),
            title: values.text("title").to_owned(),
            situation: values.text("situation").to_owned(),
            complication: values.text("complication").to_owned(),
            hypothesis: values.text("hypothesis").to_owned(),
            focus: Focus::parse(values.text("focus")).ok_or_else(|| missing("focus"))?,
            start: values.day("start").ok_or_else(|| missing("start"))?,
            finish: values.day("finish").ok_or_else(|| missing("finish"))?,
            status: StrategyStatus::parse(values.text("status")).ok_or_else(|| missing("status"))?,
        };
        Ok(PlanOrder::Edit(changed("strategy", &after.title.clone(), before.clone(), after)))
    })
}

/// One record new or changed.
fn changed<T: Into<crate::domain::plans::Record>>(what: &str, name: &str, before: Option<T>, after: T) -> Edit {
    match before {
        None => {
            let mut edit = Edit::new(format!("new {what}: {name}"));
            edit.add(after);
            edit
        }
        Some(before) => {
            let mut edit = Edit::new(format!("edit {what}: {name}"));
            edit.set(before, after);
            edit
        }
    }
}

const RESOURCE: &[FieldRow] = &[
    need(field("scope", "WHAT", "whose", Kind::Choice(options::scopes), "of the own house, or from outside")),
    need(field("kind", "WHAT", "kind", Kind::Choice(options::resource_kinds), "money, or pieces and days")),
    need(field("name", "WHAT", "name", Kind::Text, "what it is called")),
    field("provider", "WHAT", "from", Kind::Known(options::owners), "who gives it"),
    need(field("state", "HOW MUCH", "state", Kind::Choice(options::resource_states), "how far it has come")),
    field("planned_micros", "HOW MUCH", "asked", Kind::Micros, "how much is asked for: 60k, 10"),
    field("granted_micros", "HOW MUCH", "granted", Kind::Micros, "how much is given"),
    field("needed_by", "HOW MUCH", "needed by", Kind::Day(""), "the day by which; 2026-07-01, fri, +7d"),
];

/// A resource of a plan, or a new one.
pub fn resource(board: &PlanBoard, plan: &Plan, one: Option<&Resource>, today: Day) -> Form {
    let pool = Pool { book: &board.book, plan: Some(plan.id), today };
    let micros = |micros: i64| {
        let text = format::fixed(micros as f64 / 1e6, 6);
        if micros == 0 { String::new() } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
    };
    let text = |row: &FieldRow| match (one, row.id) {
        (None, "scope") => "internal".to_owned(),
        (None, "kind") => "cash".to_owned(),
        (None, "state") => "asked".to_owned(),
        (None, _) => String::new(),
        (Some(one), id) => match id {
            "scope" => one.scope.word().to_owned(),
            "kind" => one.kind.word().to_owned(),
            "name" => one.name.clone(),
            "provider" => one.provider.clone(),
            "state" => one.state.word().to_owned(),
            "planned_micros" => micros(one.planned_micros),
            "granted_micros" => micros(one.granted_micros),
            _ => day_text(one.needed_by),
        },
    };
    let (before, plan_id) = (one.cloned(), plan.id);
    let title = format!("{} > {}", plan.name(), one.map_or("new resource", |one| one.name.as_str()));
    Form::new(title, RESOURCE, RESOURCE.iter().map(text).collect(), &pool, move |values| {
        let after = Resource {
            id: before.as_ref().map_or(-1, |one| one.id),
            plan_id,
            scope: ResourceScope::parse(values.text("scope")).ok_or_else(|| missing("scope"))?,
            kind: ResourceKind::parse(values.text("kind")).ok_or_else(|| missing("kind"))?,
            name: values.text("name").to_owned(),
            provider: values.text("provider").to_owned(),
            state: ResourceState::parse(values.text("state")).ok_or_else(|| missing("state"))?,
            planned_micros: values.micros("planned_micros"),
            granted_micros: values.micros("granted_micros"),
            needed_by: open_day(values, "needed_by"),
        };
        Ok(PlanOrder::Edit(changed("resource", &after.name.clone(), before.clone(), after)))
    })
}

const TASK: &[FieldRow] = &[
    need(field("title", "WHAT", "title", Kind::Text, "what is to be done")),
    field("owner", "WHAT", "owner", Kind::Known(options::owners), "who does it"),
    need(field("kind", "WHAT", "kind", Kind::Choice(options::task_kinds), "what kind of work it is")),
    need(field("priority", "WHAT", "priority", Kind::Choice(options::priorities), "how pressing it is")),
    field("node_id", "WHAT", "on node", Kind::Choice(options::nodes), "the node that it moves; Backspace clears"),
    need(field("state", "WHEN", "state", Kind::Choice(options::task_states), "how far it has come")),
    field("due", "WHEN", "due", Kind::Day(""), "fri, +7d, 2026-11-30; left empty where it counts from the plan"),
    field("anchor", "WHEN", "counts from", Kind::Choice(options::anchors), "moves with the plan; Backspace clears"),
    field("offset_days", "WHEN", "by days", Kind::Text, "-14 is two weeks before, 3 three days after"),
    field("wait_until", "WHEN", "not before", Kind::Day(""), "nothing can be done before this day"),
    field("estimate_min", "WORK", "estimate", Kind::Count, "minutes it is thought to take"),
    field("actual_min", "WORK", "took", Kind::Count, "minutes it took"),
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
        "due" => day_text(one.due),
        "anchor" => one.anchor.map_or_else(String::new, |anchor| anchor.word().to_owned()),
        "offset_days" => number(one.offset_days),
        "wait_until" => day_text(one.wait_until),
        "estimate_min" => number(one.estimate_min),
        _ => number(one.actual_min),
    };
    let before = one.clone();
    let title = format!("task {}", one.title);
    Form::new(title, TASK, TASK.iter().map(text).collect(), &pool, move |values| {
        let anchor = Anchor::parse(values.text("anchor"));
        let offset = values.count("offset_days");
        if anchor.is_some() && offset.is_none() {
            let text = "type days: -14 is two weeks before, 3 three days after".to_owned();
            return Err(vec![Fault { field: "offset_days".to_owned(), text }]);
        }
        let state = TaskState::parse(values.text("state")).ok_or_else(|| missing("state"))?;
        let over = (!state.is_open()).then_some(before.done_at.unwrap_or(today));
        let after = Task {
            title: values.text("title").to_owned(),
            owner: values.text("owner").to_owned(),
            kind: TaskKind::parse(values.text("kind")).ok_or_else(|| missing("kind"))?,
            priority: values.count("priority").unwrap_or(0),
            node_id: values.count("node_id"),
            state,
            done_at: over,
            due: open_day(values, "due").filter(|_| anchor.is_none()),
            anchor,
            offset_days: offset.filter(|_| anchor.is_some()),
            wait_until: open_day(values, "wait_until"),
            estimate_min: values.count("estimate_min"),
            actual_min: values.count("actual_min"),
            ..before.clone()
        };
        Ok(PlanOrder::Edit(changed("task", &after.title.clone(), Some(before.clone()), after)))
    })
}

const REVIEW: &[FieldRow] = &[
    field("goal", "GRAI", "goal", Kind::Text, "what was to be reached, as it was said at the start"),
    field("result", "GRAI", "result", Kind::Text, "what was reached"),
    field("analysis", "GRAI", "analysis", Kind::Text, "why: the leaves that made the gap, and what happened"),
    field("insight", "GRAI", "insight", Kind::Text, "what follows; lessons below it are added with a"),
    field("luck", "LUCK", "luck", Kind::Text, "what of the result is not ours"),
    field("verdict", "LUCK", "verdict", Kind::Choice(options::verdicts), "how it ended; Backspace clears"),
];

/// The texts of a review.
pub fn review(board: &PlanBoard, view: &PlanView, today: Day) -> Form {
    let one = &view.review;
    let pool = Pool { book: &board.book, plan: Some(one.plan_id), today };
    let text = |row: &FieldRow| match row.id {
        "goal" => one.goal.clone(),
        "result" => one.result.clone(),
        "analysis" => one.analysis.clone(),
        "insight" => one.insight.clone(),
        "luck" => one.luck.clone(),
        _ => one.verdict.map_or_else(String::new, |verdict| verdict.word().to_owned()),
    };
    let (before, draft) = (one.clone(), view.review_is_draft);
    let name = view.head.plan.name();
    let title = format!("{name} > review > texts");
    Form::new(title, REVIEW, REVIEW.iter().map(text).collect(), &pool, move |values| {
        let after = Review {
            id: if draft { -1 } else { before.id },
            goal: values.text("goal").to_owned(),
            result: values.text("result").to_owned(),
            analysis: values.text("analysis").to_owned(),
            insight: values.text("insight").to_owned(),
            luck: values.text("luck").to_owned(),
            verdict: Verdict::parse(values.text("verdict")),
            ..before.clone()
        };
        Ok(PlanOrder::Edit(changed("review of", &name, (!draft).then(|| before.clone()), after)))
    })
}

const LESSON: &[FieldRow] = &[
    need(field("kiss", "LESSON", "KISS", Kind::Choice(options::kisses), "keep, improve, start or stop")),
    need(field("body", "LESSON", "lesson", Kind::Text, "what to do")),
    field("node_id", "STANDS ON", "node", Kind::Choice(options::nodes), "the node that shows it; Backspace clears"),
    field("evidence", "STANDS ON", "fact", Kind::Text, "or the fact: 31% of cost, 12% of views"),
    need(field("confidence", "STANDS ON", "sure", Kind::Choice(options::confidences), "how sure it is")),
];

/// A lesson of the review, or a new one.
pub fn lesson(board: &PlanBoard, view: &PlanView, one: Option<&Lesson>, today: Day) -> Form {
    let plan = &view.head.plan;
    let pool = Pool { book: &board.book, plan: Some(plan.id), today };
    let text = |row: &FieldRow| match (one, row.id) {
        (None, "kiss") => "keep".to_owned(),
        (None, "confidence") => "2".to_owned(),
        (None, _) => String::new(),
        (Some(one), id) => match id {
            "kiss" => one.kiss.word().to_owned(),
            "body" => one.body.clone(),
            "node_id" => one.node_id.map_or_else(String::new, |id| id.to_string()),
            "evidence" => one.evidence.clone(),
            _ => one.confidence.to_string(),
        },
    };
    let (before, review, draft) = (one.cloned(), view.review.clone(), view.review_is_draft);
    let (op_type, method) = (plan.op_type, plan.method.clone());
    let title = format!("{} > review > {}", plan.name(), if one.is_some() { "lesson" } else { "new lesson" });
    Form::new(title, LESSON, LESSON.iter().map(text).collect(), &pool, move |values| {
        let node_id = values.count("node_id");
        if node_id.is_none() && values.text("evidence").is_empty() {
            let text = "a lesson cites a node or a fact".to_owned();
            return Err(vec![Fault { field: "node_id".to_owned(), text }]);
        }
        let after = Lesson {
            id: before.as_ref().map_or(-2, |one| one.id),
            review_id: if draft { -1 } else { review.id },
            kiss: Kiss::parse(values.text("kiss")).ok_or_else(|| missing("kiss"))?,
            body: values.text("body").to_owned(),
            op_type: before.as_ref().map_or(op_type, |one| one.op_type),
            method: before.as_ref().map_or_else(|| method.clone(), |one| one.method.clone()),
            evidence: values.text("evidence").to_owned(),
            node_id,
            confidence: values.count("confidence").unwrap_or(1),
        };
        let mut edit = changed("lesson", &after.body.clone(), before.clone(), after);
        if draft {
            let first =
                crate::domain::plans::Change { before: None, after: Some(Review { id: -1, ..review.clone() }.into()) };
            edit.changes.insert(0, first);
        }
        Ok(PlanOrder::Edit(edit))
    })
}
