//! Something a plan needs.

use crate::domain::plans::{Edit, Resource, ResourceKind, ResourceScope, ResourceState};
use crate::query::{PlanOrder, Unit};
use crate::ui::amount;

use super::super::super::super::layers::form::{Answers, Field, Form, Kind};
use super::super::super::super::view::Env;
use super::{all, words};

/// A resource, new or as it is.
pub fn resource(old: &Resource, is_new: bool) -> Form {
    let text = |name, value: &str, hint: &str| Field::new(name, Kind::Text, value, hint);
    let money = |name, micros: i64| Field::new(name, Kind::Number, amount::exact(micros as f64, Unit::Money), "60k");
    let fields = vec![
        text("name", &old.name, "what it is called"),
        Field::word("kind", words(ResourceKind::ALL, ResourceKind::word), old.kind.word()),
        Field::word("scope", words(ResourceScope::ALL, ResourceScope::word), old.scope.word()),
        text("provider", &old.provider, "who gives it"),
        money("asked", old.planned_micros),
        money("granted", old.granted_micros),
        Field::word("state", words(ResourceState::ALL, ResourceState::word), old.state.word()),
        text(
            "needed by",
            &old.needed_by.map(|day| day.to_string()).unwrap_or_default(),
            "fri, 2026-06-30; empty: no day",
        ),
    ];
    let old = old.clone();
    let saved = move |answers: &Answers<'_>, env: &Env<'_>| {
        let numbers = all(vec![answers.number("asked", Unit::Money), answers.number("granted", Unit::Money)])?;
        let needed_by = match answers.text("needed by") {
            "" => None,
            _ => Some(answers.day("needed by", env).map_err(|fault| vec![fault])?),
        };
        let after = Resource {
            name: answers.text("name").to_owned(),
            kind: ResourceKind::parse(answers.text("kind")).unwrap_or(old.kind),
            scope: ResourceScope::parse(answers.text("scope")).unwrap_or(old.scope),
            provider: answers.text("provider").to_owned(),
            planned_micros: numbers[0].unwrap_or(0.0) as i64,
            granted_micros: numbers[1].unwrap_or(0.0) as i64,
            state: ResourceState::parse(answers.text("state")).unwrap_or(old.state),
            needed_by,
            ..old.clone()
        };
        let mut edit = Edit::new(format!("resource {}", after.name));
        if is_new {
            edit.add(after);
        } else {
            edit.set(old.clone(), after);
        }
        Ok(PlanOrder::Edit(edit))
    };
    Form::new(if is_new { "NEW RESOURCE" } else { "RESOURCE" }, fields, Box::new(saved))
}
