//! Nodes with days of their own, such as weeks, and the names that they have from these.

use crate::domain::calendar::Day;
use crate::domain::plans::Node;

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
