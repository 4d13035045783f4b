//! Nodes with days of their own, such as weeks, and the names that they have from these.

use crate::domain::calendar::{Day, Span};
use crate::domain::plans::Node;

/// A node as it is after the days of its plan changed. Where the plan begins on another day and lasts as long, its own days
/// go along. Else what began or ended with the plan still does, and what reaches beyond the plan is cut; `None` where none
/// of its own days is left.
pub(super) fn refitted(node: &Node, before: Span, after: Span) -> Option<Node> {
    let Some((first, last)) = node.start.zip(node.finish) else { return Some(node.clone()) };
    if before.days() == after.days() {
        return Some(postponed(node, after.first.since(before.first)));
    }
    let start = if first == before.first { after.first } else { first.max(after.first) };
    let finish = if last == before.last { after.last } else { last.min(after.last) };
    let label = moved_label(&node.label, first, start);
    (start <= finish).then(|| Node { start: Some(start), finish: Some(finish), label, ..node.clone() })
}

/// A node with its own days so many later, and with the name that it has from them.
pub(super) fn postponed(node: &Node, days: i32) -> Node {
    let later = |day: Day| day.plus(days);
    let label = node.start.map(|start| moved_label(&node.label, start, later(start)));
    Node {
        start: node.start.map(later),
        finish: node.finish.map(later),
        label: label.unwrap_or_else(|| node.label.clone()),
        ..node.clone()
    }
}

/// How the label of a node ends that begins on a day of its own.
pub(super) fn from(first: Day) -> String {
    format!("from {}", first.date().format("%-d %b"))
}

/// The label of a node that begins on another day than before.
fn moved_label(label: &str, before: Day, after: Day) -> String {
    label.strip_suffix(&from(before)).map_or_else(|| label.to_owned(), |head| format!("{head}{}", from(after)))
}
