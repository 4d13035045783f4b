//! What is asked of a tree all over the screen.

use crate::domain::plans::NodeOp;
use crate::query::{Direction, PlanView, TreeRow, Unit};
use crate::ui::{amount, format, text};

/// A node of the tree, or the guard with this number.
pub fn find(view: &PlanView, node: i64) -> Option<&TreeRow> {
    let guards = view.guards.iter().map(|guard| &guard.row);
    view.tree.iter().chain(guards).find(|row| row.node.id == node)
}

/// Nodes with parts.
pub fn has_parts(view: &PlanView, node: i64) -> bool {
    view.tree.iter().any(|row| row.node.parent_id == Some(node))
}

/// The leaf that takes most from the top; the top itself where nothing is known.
pub fn worst_leaf(view: &PlanView) -> Option<i64> {
    let leaves = view.tree.iter().filter(|row| row.node.id != 0 && !has_parts(view, row.node.id));
    let worst = leaves.filter_map(|row| Some((row.node.id, row.blame?))).min_by(|a, b| a.1.total_cmp(&b.1));
    worst.map(|(id, _)| id).or_else(|| view.tree.first().map(|row| row.node.id))
}

/// Letter of a factor among its siblings: `A `.
pub fn letter(view: &PlanView, row: &TreeRow) -> String {
    let parent = row.node.parent_id.and_then(|id| find(view, id));
    let factor = parent.is_some_and(|p| matches!(p.node.op, NodeOp::Product | NodeOp::Ratio));
    if !factor {
        return String::new();
    }
    let mates = view.tree.iter().filter(|mate| mate.node.parent_id == row.node.parent_id);
    let at = mates.take_while(|mate| mate.node.id != row.node.id).count();
    char::from_u32(u32::from(b'A') + at as u32).map(|c| format!("{c} ")).unwrap_or_default()
}

/// Says where the targets of the parts of a node come to another than its own, in so many cells where that is possible.
pub fn unmatched(row: &TreeRow, cells: usize) -> Option<String> {
    let parts = row.parts_give?;
    let show = |of: fn(Option<f64>, Unit) -> String| (of(Some(parts), row.unit), of(row.node.target, row.unit));
    let brief = show(amount::brief);
    // What differs only in digits that are left out is told with them.
    let (parts, target) = if brief.0 == brief.1 { show(amount::full) } else { brief };
    let label = &row.node.label;
    let long = format!("{label}: parts give {parts}, target is {target}; p proposes anew");
    if text::width(&long) <= cells {
        return Some(long);
    }
    Some(format!("{label}: parts give {parts}, not {target}: p"))
}

/// `>=23.0%`: what a guardrail must keep.
pub fn rule_of(row: &TreeRow) -> String {
    let Some(target) = row.node.target.or(row.node.floor) else { return format::MISSING.to_owned() };
    let sign = match row.direction {
        Direction::Up => ">=",
        Direction::Down => "<=",
    };
    format!("{sign}{}", amount::brief(Some(target), row.unit))
}
