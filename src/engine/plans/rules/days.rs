//! The days of a plan that runs: they change with a reason only.

use crate::domain::calendar::Day;
use crate::domain::plans::{Book, Edit, Plan, Record};
use crate::query::Fault;

use super::fault;
use super::tree::{has_reason, turns};

/// A field with its value before and after, where it is a number.
type Changed = (&'static str, Option<f64>, Option<f64>);

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
    let day = |day: Day| f64::from(day.0);
    let fields = [
        ("start", day(before.start), day(after.start)),
        ("finish", day(before.finish), day(after.finish)),
        ("observe", before.observe_days as f64, after.observe_days as f64),
    ];
    let moved = fields.into_iter().filter(|(_, old, new)| old.total_cmp(new).is_ne());
    moved.map(|(field, old, new)| (field, Some(old), Some(new)))
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
