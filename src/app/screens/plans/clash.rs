//! A conflict in the words of this screen.

use serde_json::Value;

use crate::domain::plans::{Conflict, Plan, Table as Stored};
use crate::query::{PlanBoard, PlanView};
use crate::ui::amount;

use super::super::super::view::Clash;
use super::{forms, nodes};

/// A conflict with the names of its node and plan, its values in the unit of the node.
pub fn clash(board: &PlanBoard, view: Option<&PlanView>, found: &Conflict) -> Clash {
    let id = found.key.first().and_then(Value::as_i64);
    let book = &board.book;
    let plan_name = |id: i64| book.plan(id).map(Plan::name).unwrap_or_default();
    let of_plan = |id: Option<i64>| id.map(|id| format!(", plan {}", plan_name(id))).unwrap_or_default();
    let node = id.filter(|_| found.table == Stored::Node).and_then(|id| book.node(id));
    let (name, plan) = match (found.table, id) {
        (Stored::Node, _) => (format!("Node {}", node.map_or("", |n| &n.label)), of_plan(node.map(|n| n.plan_id))),
        (Stored::Plan, Some(id)) => (format!("Plan {}", plan_name(id)), String::new()),
        (Stored::Task, Some(id)) => {
            let task = book.task(id);
            (format!("Task {}", task.map_or("", |t| &t.title)), of_plan(task.and_then(|t| t.plan_id)))
        }
        (table, _) => (table.name().replace('_', " "), String::new()),
    };
    let field = if found.field.is_empty() { "gone or new".to_owned() } else { format!("field {}", found.field) };
    let row = view.and_then(|view| nodes::find(view, node?.id));
    let metric = node.and_then(|node| node.metric.as_deref()).unwrap_or_default();
    let unit = row.map(|row| row.unit).or_else(|| forms::unit_of(metric));
    let in_unit = matches!(found.field.as_str(), "target" | "floor" | "stretch" | "cap" | "baseline");
    let value = |value: &Value| match (value, unit) {
        (Value::Null, _) => "--".to_owned(),
        (Value::Number(number), Some(unit)) if in_unit => amount::full(number.as_f64(), unit),
        (Value::String(text), _) => text.clone(),
        (Value::Object(_), _) => "(the whole record)".to_owned(),
        (other, _) => other.to_string(),
    };
    let (seen, theirs, mine) = (value(&found.seen), value(&found.theirs), value(&found.mine));
    Clash { what: format!("{name}, {field}{plan}"), seen, theirs, mine }
}
