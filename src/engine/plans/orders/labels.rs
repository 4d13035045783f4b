//! Labels of nodes that say on which day they begin.

use crate::domain::calendar::Day;

/// How the label of a node ends that begins on a day of its own.
pub(super) fn from(first: Day) -> String {
    format!("from {}", first.date().format("%-d %b"))
}

/// The label of a node that begins on another day than before.
pub(super) fn moved_label(label: &str, before: Day, after: Day) -> String {
    label.strip_suffix(&from(before)).map_or_else(|| label.to_owned(), |head| format!("{head}{}", from(after)))
}
