//! The days of a plan: they change with a reason only while it runs, and every part keeps some of its own.

use crate::domain::calendar::Day;
use crate::domain::plans::{Book, Edit, Node, Plan, Record};
use crate::query::Fault;

use super::fault;
use super::tree::{has_reason, turns};

/// A field with its value before and after, where it is a number.
pub(in super::super) type Changed = (&'static str, Option<f64>, Option<f64>);

/// What of the days of a plan an edit makes other: days as their numbers since 1970, phases without a value.
pub(in super::super) fn days_changed(edit: &Edit, plan: i64) -> Vec<Changed> {
    let mut all: Vec<Changed> = Vec::new();
    for change in &edit.changes {
        match (&change.before, &change.after) {
            (Some(Record::Plan(before)), Some(Record::Plan(after))) if before.id == plan => {
                all.extend(of_plan(before, after));
            }
            (before, after) if before != after && [before, after].iter().any(|one| is_phase_of(one.as_ref(), plan)) => {
                all.push(("phases", None, None));
            }
            _ => {}
        }
    }
    // However many phases there are, it is one plan of them that changes.
    all.dedup_by_key(|(field, ..)| *field);
    all
}

fn of_plan(before: &Plan, after: &Plan) -> impl Iterator<Item = Changed> {
    let day = |day: Day| Some(f64::from(day.0));
    let fields = [
        ("start", day(before.start), day(after.start)),
        ("finish", day(before.finish), day(after.finish)),
        ("observe", Some(before.observe_days as f64), Some(after.observe_days as f64)),
    ];
    fields.into_iter().filter(|(_, old, new)| old != new)
}

/// What an edit makes other of the own days of a part.
pub(in super::super) fn days_of_part(before: &Node, after: &Node) -> impl Iterator<Item = Changed> + use<> {
    let day = |day: Option<Day>| day.map(|day| f64::from(day.0));
    let fields = [("start", day(before.start), day(after.start)), ("finish", day(before.finish), day(after.finish))];
    fields.into_iter().filter(|(_, old, new)| old != new)
}

fn is_phase_of(record: Option<&Record>, plan: i64) -> bool {
    matches!(record, Some(Record::Phase(phase)) if phase.plan_id == plan)
}

/// Refuses other days of a running plan without a reason.
pub(super) fn of_running(book: &Book, edit: &Edit, found: &mut Vec<Fault>) {
    for plan in book.plans.iter().filter(|plan| plan.status.is_frozen() && !turns(edit, plan)) {
        let changed = days_changed(edit, plan.id);
        if let Some((first, ..)) = changed.first()
            && !has_reason(book, edit, plan)
        {
            found.push(fault("reason", format!("{} runs; say why its {first} changes", plan.title)));
        }
    }
}

/// Refuses days of a plan that leave a part with days of its own none of them.
pub(super) fn of_parts(book: &Book, after: &Book, found: &mut Vec<Fault>) {
    for plan in &after.plans {
        let is_moved = book.plan(plan.id).is_some_and(|before| before.span() != plan.span());
        if !is_moved || plan.finish < plan.start {
            continue;
        }
        let own = |node: &&Node| Some((node.label.clone(), node.start?, node.finish?));
        let parts: Vec<_> = after.tree(plan.id).iter().filter_map(own).collect();
        let late: Vec<_> = parts.iter().filter(|(_, start, _)| *start > plan.finish).collect();
        let early: Vec<_> = parts.iter().filter(|(_, _, finish)| *finish < plan.start).collect();
        if let (Some((label, ..)), Some(least)) = (late.first(), late.iter().map(|(_, start, _)| *start).max()) {
            let (label, them) = several(label, late.len());
            let text =
                format!("{label} would begin after it; remove {them} from the tree first, or end on {least} or later");
            found.push(fault("finish", text));
        }
        if let (Some((label, ..)), Some(most)) = (early.first(), early.iter().map(|(_, _, finish)| *finish).min()) {
            let (label, them) = several(label, early.len());
            let text = format!(
                "{label} would end before it; remove {them} from the tree first, or begin on {most} or earlier"
            );
            found.push(fault("start", text));
        }
    }
}

/// The first of some parts with how many more there are, and what stands for them.
fn several(first: &str, count: usize) -> (String, &'static str) {
    match count {
        0 | 1 => (first.to_owned(), "it"),
        _ => (format!("{first} and {} more", count - 1), "them"),
    }
}
