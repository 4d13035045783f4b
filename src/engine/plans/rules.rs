//! What a plan must not be, and what is only unwise. A fault names its field; nothing is stored where there is one.

mod days;
mod tasks;
mod tree;

pub(super) use days::{Changed, days_changed, days_of_part};
pub(super) use tree::{LARGEST_RATE, unmatched, unmatched_faults};

use crate::domain::calendar::Day;
use crate::domain::plans::{Book, Change, Cost, Edit, Phase, Plan, PlanStatus, Record, Resource, Strategy};
use crate::query::Fault;

/// Longest period of a plan, in days.
const LONGEST: i32 = 1_100;

/// Largest amount of money, in micros.
const LARGEST: i64 = 1_000_000_000_000 * 1_000_000;

/// First and last day that can be meant.
const DAYS: (&str, &str) = ("1990-01-01", "2199-12-31");

/// A fault of a field.
pub(super) fn fault(field: impl Into<String>, text: impl Into<String>) -> Fault {
    Fault { field: field.into(), text: text.into() }
}

/// What of an edit cannot be, given what is there.
pub(super) fn faults(book: &Book, edit: &Edit) -> Vec<Fault> {
    let after = book.after(edit);
    let mut found = Vec::new();
    // What is said of the days of a plan holds for those of its parts, which follow them.
    days::of_running(book, edit, &mut found);
    days::of_parts(book, &after, &mut found);
    for change in &edit.changes {
        match &change.after {
            Some(Record::Strategy(strategy)) => of_strategy(strategy, &mut found),
            Some(Record::Plan(plan)) => of_plan(plan, change, &mut found),
            Some(Record::Phase(phase)) => of_phase(&after, phase, &mut found),
            Some(Record::Node(node)) => tree::of_node(&after, node, &mut found),
            Some(Record::Resource(resource)) => {
                of_resource(resource, &mut found);
                of_closed(book, ("resource", resource.plan_id), edit, &mut found);
            }
            Some(Record::Cost(cost)) => {
                of_cost(cost, &mut found);
                of_closed(book, ("cost", cost.plan_id), edit, &mut found);
            }
            Some(Record::Task(task)) => tasks::of_task(&after, task, &mut found),
            Some(Record::Need(need)) => tasks::of_need(&after, need, &mut found),
            Some(record) => of_text(record, &mut found),
            None => {}
        }
        tree::of_frozen(book, edit, change, &mut found);
    }
    found.dedup();
    found
}

/// What of a plan is unwise or still missing, while it can be mended.
pub(super) fn warnings(book: &Book, plan: i64) -> Vec<String> {
    let Some(plan) = book.plan(plan).filter(|plan| !plan.status.is_over()) else { return Vec::new() };
    let mut told = tree::warnings(book, plan);
    if plan.owner.is_empty() {
        told.push("it has no owner".to_owned());
    }
    if !book.tasks.iter().any(|task| task.plan_id == Some(plan.id)) {
        told.push("it has no task".to_owned());
    }
    told
}

fn of_strategy(strategy: &Strategy, found: &mut Vec<Fault>) {
    if strategy.title.trim().is_empty() {
        found.push(fault("title", "is empty; name the strategy"));
    }
    period(strategy.start, strategy.finish, found);
}

fn of_plan(plan: &Plan, change: &Change, found: &mut Vec<Fault>) {
    if plan.title.trim().is_empty() {
        found.push(fault("title", "is empty; name the plan"));
    }
    period(plan.start, plan.finish, found);
    let days = plan.finish.since(plan.start) + 1;
    if days > LONGEST {
        found.push(fault(
            "finish",
            format!("the plan would last {days} days; {LONGEST} is the most, make rounds of it"),
        ));
    }
    if !(0..=365).contains(&plan.observe_days) {
        found.push(fault("observe", format!("{} days; give 0 to 365", plan.observe_days)));
    }
    if let Some(Record::Plan(before)) = &change.before {
        if before.status.is_over() && plan.status == before.status && before != plan {
            found.push(fault("plan", format!("it is {}; nothing of it changes any more", before.status.word())));
        }
        if before.status == PlanStatus::Running && plan.start != before.start {
            found.push(fault("start", "the plan runs since then; its start stays, move its finish"));
        }
    }
}

fn period(start: Day, finish: Day, found: &mut Vec<Fault>) {
    if finish < start {
        found.push(fault("finish", format!("{finish} is before start {start}; try +30d or {}", start.plus(29))));
    }
    let usual = Day::parse(DAYS.0).zip(Day::parse(DAYS.1));
    for (field, day) in [("start", start), ("finish", finish)] {
        if usual.is_some_and(|(first, last)| day < first || day > last) {
            found.push(fault(field, format!("{day} cannot be meant; give a day from {} to {}", DAYS.0, DAYS.1)));
        }
    }
}

fn of_phase(after: &Book, phase: &Phase, found: &mut Vec<Fault>) {
    let field = format!("phase {}", phase.kind.word());
    if phase.finish < phase.start {
        found.push(fault(&field, format!("ends on {} before it begins on {}", phase.finish, phase.start)));
    }
    if !phase.share.is_finite() || phase.share < 0.0 || phase.share > 1000.0 {
        found.push(fault(&field, format!("a share of {} is none; give 0 or more", phase.share)));
    }
    let Some(plan) = after.plan(phase.plan_id) else { return };
    if phase.start < plan.start || phase.finish > plan.finish {
        found.push(fault(&field, format!("lies outside the plan, {} to {}", plan.start, plan.finish)));
    }
    let others = after.phases.iter().filter(|other| other.plan_id == phase.plan_id && other.seq != phase.seq);
    for other in others.filter(|other| other.start <= phase.finish && phase.start <= other.finish) {
        found.push(fault(&field, format!("overlaps {} from {} to {}", other.kind.word(), other.start, other.finish)));
    }
}

fn of_resource(resource: &Resource, found: &mut Vec<Fault>) {
    if resource.name.trim().is_empty() {
        found.push(fault("name", "is empty; name the resource"));
    }
    for (field, micros) in [("asked", resource.planned_micros), ("granted", resource.granted_micros)] {
        amount(field, micros, found);
    }
}

fn amount(field: &str, micros: i64, found: &mut Vec<Fault>) {
    if !(0..=LARGEST).contains(&micros) {
        found.push(fault(field, "cannot be meant; give 0 to 1,000,000,000,000"));
    }
}

fn of_cost(cost: &Cost, found: &mut Vec<Fault>) {
    amount("cost", cost.amount_micros, found);
}

/// The gauges of a plan that is over are those of its end: what comes later would be shown nowhere.
fn of_closed(book: &Book, (field, plan): (&str, i64), edit: &Edit, found: &mut Vec<Fault>) {
    let over = book.plan(plan).filter(|plan| plan.status.is_over() && !tree::turns(edit, plan));
    if let Some(plan) = over {
        let word = plan.status.word();
        found.push(fault(field, format!("{} is {word}; what it cost is kept as it was then", plan.title)));
    }
}

/// Texts that are the whole record must not be empty.
fn of_text(record: &Record, found: &mut Vec<Fault>) {
    let (field, text) = match record {
        Record::Journal(one) => ("note", &one.body),
        Record::Feedback(one) => ("feedback", &one.body),
        Record::Competitor(one) => ("competitor", &one.name),
        Record::CompetitorNote(one) => ("note", &one.body),
        Record::Lesson(one) => ("lesson", &one.body),
        Record::Revision(one) => ("reason", &one.reason),
        _ => return,
    };
    if text.trim().is_empty() {
        found.push(fault(field, "is empty; write it"));
    }
}

#[cfg(test)]
mod tests;
