//! The steps of the funnel.

use crate::domain::calendar::Day;
use crate::domain::operations::OPERATIONS;
use crate::domain::plans::{Book, Edit, OpType, Setting};
use crate::query::{ANY_ACTIVITY, FUNNEL_STEPS, Fault, FunnelSteps, MOST_KEPT_STEPS, PlanOrder};

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool, Values};
use super::{fault, field, options};

const fn step(id: &'static str, label: &'static str) -> FieldRow {
    field(id, "THEN", label, Kind::Known(options::given), "an event; empty is no step")
}

const STEPS: &[FieldRow; MOST_KEPT_STEPS] = &[
    field("1", "FIRST", "step 1", Kind::Known(options::given), "an event, or any activity; all empty: the usual steps"),
    step("2", "step 2"),
    step("3", "step 3"),
    step("4", "step 4"),
    step("5", "step 5"),
    step("6", "step 6"),
    step("7", "step 7"),
    step("8", "step 8"),
    step("9", "step 9"),
    step("10", "step 10"),
];

/// The steps as they are, to be changed.
pub fn funnel(found: &FunnelSteps, today: Day) -> Form {
    let pool = Pool { book: &Book::default(), plan: None, today };
    let text = |at: usize| match found.steps.get(at) {
        Some(step) => step.clone().unwrap_or_else(|| ANY_ACTIVITY.to_owned()),
        None => String::new(),
    };
    let (names, before) = (found.names.clone(), found.stored.clone());
    let texts = (0..STEPS.len()).map(text).collect();
    let form = Form::new("funnel steps", STEPS, texts, &pool, move |values| {
        let steps = steps(values, &names)?;
        let mut edit = Edit::new(if steps.is_empty() { "the usual funnel" } else { "funnel steps" });
        let value = serde_json::to_string(&steps).unwrap_or_default();
        let after = (!steps.is_empty()).then(|| Setting { key: FUNNEL_STEPS.to_owned(), value });
        match (before.clone(), after) {
            (Some(before), Some(after)) => edit.set(before, after),
            (Some(before), None) => edit.remove(before),
            (None, Some(after)) => edit.add(after),
            (None, None) => {}
        }
        Ok(PlanOrder::Edit(edit))
    });
    let form = STEPS.iter().fold(form, |form, row| {
        let any = (row.id == "1").then(|| ANY_ACTIVITY.to_owned());
        form.knowing(row.id, found.names.iter().cloned().chain(any))
    });
    form.on(OPERATIONS[OpType::Product as usize].name)
}

/// The steps that are typed; none at all are the usual ones.
fn steps(values: &Values<'_>, names: &[String]) -> Result<Vec<Option<String>>, Vec<Fault>> {
    let mut steps = Vec::new();
    for FieldRow { id, .. } in STEPS {
        match values.text(id) {
            "" => {}
            ANY_ACTIVITY if steps.is_empty() => steps.push(None),
            ANY_ACTIVITY => return Err(fault(id, "any activity can only be the first step")),
            name if names.iter().any(|one| one == name) => steps.push(Some(name.to_owned())),
            name => return Err(fault(id, format!("no event is called \"{name}\""))),
        }
    }
    if steps.len() == 1 { Err(fault("2", "a funnel has two steps or more")) } else { Ok(steps) }
}
