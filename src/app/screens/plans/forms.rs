//! The forms of the screen: each a table of fields, the texts that it begins with, and the order it makes of them.

mod competitor;
mod deal;
mod feedback;
mod funnel;
mod held;
mod item;
mod lesson;
mod mapping;
mod node;
mod number;
mod options;
mod plan;
mod profile;
mod resource;
mod review;
mod role;
mod strategy;
mod task;
mod typed;

pub use competitor::competitor;
pub use deal::deal;
pub use feedback::feedback;
pub use funnel::funnel;
pub use held::held;
pub use item::item;
pub use lesson::lesson;
pub use mapping::mapping;
pub use node::{node, part, primary};
pub use number::{number, unit_of as unit_of_number};
pub use options::unit_of;
pub use plan::{edit_plan, new_plan};
pub use profile::{profile, settings};
pub use resource::resource;
pub use review::review;
pub use role::role;
pub use strategy::strategy;
pub use task::task;

use crate::domain::calendar::Day;
use crate::domain::plans::{Edit, Record};
use crate::query::Fault;

use super::super::super::layers::form::{FieldRow, Kind, Values};

/// A field that may stay empty.
const fn field(
    id: &'static str,
    section: &'static str,
    label: &'static str,
    kind: Kind,
    hint: &'static str,
) -> FieldRow {
    FieldRow { id, section, label, kind, need: false, hint }
}

/// The field, but one that must be filled.
const fn need(row: FieldRow) -> FieldRow {
    FieldRow { need: true, ..row }
}

fn fault(field: &str, text: impl Into<String>) -> Vec<Fault> {
    vec![Fault { field: field.to_owned(), text: text.into() }]
}

fn missing(field: &str) -> Vec<Fault> {
    fault(field, "must not be empty")
}

/// A day that may be left open.
fn open_day(values: &Values<'_>, id: &str) -> Option<Day> {
    if values.text(id).is_empty() { None } else { values.day(id) }
}

fn day_text(day: Option<Day>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// One record new or changed.
fn changed<T: Into<Record>>(what: &str, name: &str, before: Option<T>, after: T) -> Edit {
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
