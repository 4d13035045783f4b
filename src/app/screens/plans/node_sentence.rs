//! The node under the cursor in one sentence: as much of it as the line below the screen holds.

use crate::query::{Against, GuardRow, PlanView, TreeRow};
use crate::ui::pen::Run;
use crate::ui::theme::Role;
use crate::ui::{amount, text};

use super::tree::OTHER;
use super::{Seen, nodes, words};

/// The node under the cursor in one sentence.
pub fn sentence(seen: &Seen<'_>, view: &PlanView, id: &str) -> Vec<Run> {
    if let Some(row) = id.strip_prefix(OTHER).and_then(|at| view.tree.get(at.parse::<usize>().ok()?)) {
        let label = &row.node.label;
        return vec![(format!("{label}: what the measured whole has beyond its parts"), Role::Base)];
    }
    let Some(row) = id.parse().ok().and_then(|id| nodes::find(view, id)) else { return Vec::new() };
    if let Some(said) = nodes::unmatched(row, usize::from(seen.env.size.0.saturating_sub(2))) {
        return vec![(said, Role::Warn)];
    }
    let label = format!("{}{}", nodes::letter(view, row), row.node.label);
    if let (Some(why), None) = (&row.missing, row.actual) {
        return vec![(unmeasured(row, &label, &words::with_days(why, seen.env.today)), Role::Base)];
    }
    let forms = match view.guards.iter().find(|guard| guard.row.node.id == row.node.id) {
        Some(guard) => vec![beside(guard, &label)],
        None if row.alone.is_some() => lever(row, &label),
        None => reached(seen, view, row, &label),
    };
    vec![(fitting(seen, &forms), Role::Base)]
}

/// A guardrail or an influence with its rule.
fn beside(guard: &GuardRow, label: &str) -> String {
    let row = &guard.row;
    let kept = match guard.kept {
        Some(true) => ": kept",
        Some(false) => ": BROKEN",
        None => "",
    };
    let rule = if row.node.target.is_some() { format!(", to be {}{kept}", nodes::rule_of(row)) } else { String::new() };
    format!("{label}: {}{rule}, base {}", amount::full(row.actual, row.unit), amount::full(row.base, row.unit))
}

/// The value with which a node would close the gap alone, and whether it ever had that.
fn lever(row: &TreeRow, label: &str) -> Vec<String> {
    let show = |value| amount::full(value, row.unit);
    let can = match row.can {
        Some(true) => ": reachable",
        Some(false) => ": never reached yet",
        None => "",
    };
    let said = format!("{label} closes the gap alone at {}{can}", show(row.alone));
    let best = |words: &str| row.best.map(|best| format!(" ({words} {})", show(Some(best)))).unwrap_or_default();
    let forms = [best("best of 12 windows"), best("best"), String::new()];
    forms.map(|best| format!("{said}{best}{}", differing(row))).to_vec()
}

/// What was reached of the target; of the primary also where that leads.
fn reached(seen: &Seen<'_>, view: &PlanView, row: &TreeRow, label: &str) -> Vec<String> {
    let show = |value| amount::full(value, row.unit);
    let reached = row.node.target.map_or("so far".to_owned(), |target| format!("of {}", show(Some(target))));
    let against = match seen.against {
        Against::Target => "line",
        Against::PreviousPeriod => "previous period",
        Against::PreviousRound => "previous round",
    };
    let said = format!("{label}: {} {reached}, {against} {}", show(row.actual), show(row.line));
    let outlook = outlook(view).filter(|_| row.node.parent_id.is_none()).unwrap_or_default();
    outlook.map(|outlook| format!("{said}{outlook}{}", differing(row))).to_vec()
}

fn differing(row: &TreeRow) -> String {
    let told = |by| format!("; measured and computed differ by {}", amount::full(Some(by), row.unit));
    row.mismatch.map(told).unwrap_or_default()
}

/// Where the primary is going, how likely its target is and, where there is room, the band.
fn outlook(view: &PlanView) -> Option<[String; 2]> {
    let course = view.head.primary.as_ref()?;
    let outlook = course.outlook?;
    let show = |value| amount::brief(Some(value), course.unit);
    let hit = words::hit(Some(outlook.p_hit));
    let said = format!("; forecast {}, hit {hit}", show(outlook.value));
    Some([format!("{said} ({}-{})", show(outlook.low), show(outlook.high)), said])
}

/// The first that fits the line below the screen, else the last.
fn fitting(seen: &Seen<'_>, forms: &[String]) -> String {
    let cells = usize::from(seen.env.size.0.saturating_sub(2));
    forms.iter().find(|form| text::width(form) <= cells).or(forms.last()).cloned().unwrap_or_default()
}

/// What is known of a node without a value: its target, what was measured before, and why there is none.
fn unmeasured(row: &TreeRow, label: &str, why: &str) -> String {
    let Some(target) = row.node.target else { return format!("{label}: no value: {why}") };
    let base = row.base.map(|base| {
        let change = amount::change(Some(base), Some(target), row.unit);
        format!(", base {} ({change})", amount::full(Some(base), row.unit))
    });
    format!("{label}: target {}{}; {why}", amount::full(Some(target), row.unit), base.unwrap_or_default())
}
