//! What the forms of plans ask, and what their answers come to.

mod node;
mod plan;
mod resource;
mod review;
mod strategy;
mod task;

pub use node::node;
pub use plan::{edit_plan, new_plan};
pub use resource::resource;
pub use review::{lesson, review, stored};
pub use strategy::strategy;
pub use task::task;

use crate::query::{Binding, Fault, Unit};
use crate::ui::amount;

use super::super::super::layers::form::Answers;

/// What a binding may be.
const METRICS_HINT: &str = "net, new_users, net/orders, fact:NAME";

fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<String> {
    all.iter().map(|one| word(*one).to_owned()).collect()
}

fn fault(field: &str, text: impl Into<String>) -> Fault {
    Fault { field: field.to_owned(), text: text.into() }
}

fn unit(metric: Option<&str>) -> Unit {
    metric.map_or(Unit::Times, Binding::unit_of)
}

fn typed(value: Option<f64>, unit: Unit) -> String {
    value.map(|value| amount::exact(value, unit)).unwrap_or_default()
}

/// A binding as it is typed; empty is none.
fn metric(answers: &Answers<'_>) -> Result<Option<String>, Fault> {
    match answers.text("metric") {
        "" => Ok(None),
        text => Binding::parse(text).map(|_| Some(text.to_owned())).map_err(|why| fault("metric", why)),
    }
}

/// All faults of some answers, or all values.
fn all<T>(found: Vec<Result<T, Fault>>) -> Result<Vec<T>, Vec<Fault>> {
    let mut values = Vec::new();
    let mut faults = Vec::new();
    for one in found {
        match one {
            Ok(value) => values.push(value),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(values) } else { Err(faults) }
}
