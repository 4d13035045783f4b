//! A review filled in from the facts: goal and result from the numbers, the analysis from the blame and the journal.

use crate::domain::plans::{Book, Plan, PlanStatus, Review, Verdict};
use crate::metrics::amount::full as text;
use crate::metrics::binding::Binding;
use crate::metrics::catalog::Unit;
use crate::query::{EXCEEDED, MET, PlanView, TreeRow};

/// Causes that are named.
const CAUSES: usize = 3;

/// The review of a plan as its numbers tell it.
pub(super) fn draft(book: &Book, plan: &Plan, view: &PlanView) -> Review {
    Review {
        id: -1,
        plan_id: plan.id,
        done_at: None,
        goal: goal(book, plan),
        result: result(view),
        analysis: analysis(view),
        insight: String::new(),
        verdict: view.proposed,
        luck: String::new(),
    }
}

fn goal(book: &Book, plan: &Plan) -> String {
    let Some(node) = book.primary(plan.id) else { return "no primary target".to_owned() };
    let unit = node.metric.as_deref().map_or(Unit::Times, Binding::unit_of);
    let days = plan.span().days();
    let revised = book.revisions.iter().filter(|one| one.node_id == node.id).count();
    let named =
        |what: &str, value: Option<f64>| value.map(|v| format!("  {what} {}", text(Some(v), unit))).unwrap_or_default();
    format!(
        "{} {} in {days} d{}{}  revised {revised}x",
        node.label,
        text(node.target, unit),
        named("floor", node.floor),
        named("stretch", node.stretch)
    )
}

fn result(view: &PlanView) -> String {
    let Some(course) = &view.head.primary else { return "nothing was measured".to_owned() };
    let guards: Vec<String> = view
        .guards
        .iter()
        .filter_map(|guard| Some(format!("{} {}", guard.row.node.label, if guard.kept? { "kept" } else { "BROKEN" })))
        .collect();
    let share = course.attainment.map_or_else(|| "--".to_owned(), |share| format!("{:.1}%", share * 100.0));
    let guards = if guards.is_empty() { String::new() } else { format!("  guards: {}", guards.join(", ")) };
    format!(
        "{} {} of {}, {share}{guards}",
        course.label,
        text(course.actual, course.unit),
        text(course.target, course.unit)
    )
}

/// The parts with the largest effect, and what was written on the days of the plan.
fn analysis(view: &PlanView) -> String {
    let leaf =
        |row: &&TreeRow| !view.tree.iter().any(|part| part.node.parent_id == Some(row.node.id) && part.node.id != 0);
    let mut causes: Vec<&TreeRow> =
        view.tree.iter().filter(leaf).filter(|row| row.blame.is_some_and(|b| b != 0.0)).collect();
    causes.sort_by(|a, b| b.blame.unwrap_or(0.0).abs().total_cmp(&a.blame.unwrap_or(0.0).abs()));
    let top = view.tree.first().map_or(Unit::Times, |row| row.unit);
    let cause = |row: &&TreeRow| {
        let effect = match (row.blame, top) {
            (Some(part), Unit::Rate) => format!("{:.2}pp", part * 100.0),
            (part, top) => text(part, top),
        };
        let sign = if effect.starts_with('-') { "" } else { "+" };
        format!("{} {} > {}: {sign}{effect}", row.node.label, text(row.line, row.unit), text(row.actual, row.unit))
    };
    let mut lines: Vec<String> = causes.iter().take(CAUSES).map(cause).collect();
    lines.extend(view.journal.iter().map(|line| format!("{} {}: {}", line.day, line.kind.word(), line.body)));
    lines.join("\n")
}

/// How it ended; nothing is said of what still runs.
pub(super) fn verdict(view: &PlanView) -> Option<Verdict> {
    if matches!(view.head.status, PlanStatus::Draft | PlanStatus::Ready | PlanStatus::Running | PlanStatus::Paused) {
        return None;
    }
    let share = view.head.primary.as_ref()?.attainment?;
    Some(if share >= EXCEEDED {
        Verdict::Exceeded
    } else if share >= MET {
        Verdict::Met
    } else {
        Verdict::Missed
    })
}
