//! Something that a plan needs.

use crate::domain::calendar::Day;
use crate::domain::plans::{Plan, Resource, ResourceKind, ResourceScope, ResourceState, Table};
use crate::query::{PlanBoard, PlanOrder};
use crate::ui::format;

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool};
use super::{changed, day_text, field, missing, need, open_day, options};

const RESOURCE: &[FieldRow] = &[
    need(field("scope", "WHAT", "whose", Kind::Choice(options::scopes), "of the own house, or from outside")),
    need(field("kind", "WHAT", "kind", Kind::Choice(options::resource_kinds), "money, or pieces and days")),
    need(field("name", "WHAT", "name", Kind::Text, "what it is called")),
    field("provider", "WHAT", "from", Kind::Known(options::owners), "who gives it"),
    need(field("state", "HOW MUCH", "state", Kind::Choice(options::resource_states), "how far it has come")),
    field("planned_micros", "HOW MUCH", "asked", Kind::Micros, "how much is asked for: 60k, 10"),
    field("granted_micros", "HOW MUCH", "granted", Kind::Micros, "how much is given"),
    field("needed_by", "HOW MUCH", "needed by", Kind::Day(""), "the day by which; 2026-07-01, fri, +7d"),
];

/// A resource of a plan, or a new one.
pub fn resource(board: &PlanBoard, plan: &Plan, one: Option<&Resource>, today: Day) -> Form {
    let pool = Pool { book: &board.book, plan: Some(plan.id), today };
    let micros = |micros: i64| {
        let text = format::fixed(micros as f64 / 1e6, 6);
        if micros == 0 { String::new() } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
    };
    let text = |row: &FieldRow| match (one, row.id) {
        (None, "scope") => "internal".to_owned(),
        (None, "kind") => "cash".to_owned(),
        (None, "state") => "asked".to_owned(),
        (None, _) => String::new(),
        (Some(one), id) => match id {
            "scope" => one.scope.word().to_owned(),
            "kind" => one.kind.word().to_owned(),
            "name" => one.name.clone(),
            "provider" => one.provider.clone(),
            "state" => one.state.word().to_owned(),
            "planned_micros" => micros(one.planned_micros),
            "granted_micros" => micros(one.granted_micros),
            _ => day_text(one.needed_by),
        },
    };
    let (before, plan_id) = (one.cloned(), plan.id);
    let title = format!("{} > {}", plan.name(), one.map_or("new resource", |one| one.name.as_str()));
    Form::new(title, RESOURCE, RESOURCE.iter().map(text).collect(), &pool, move |values| {
        let after = Resource {
            id: before.as_ref().map_or(-1, |one| one.id),
            plan_id,
            scope: ResourceScope::parse(values.text("scope")).ok_or_else(|| missing("scope"))?,
            kind: ResourceKind::parse(values.text("kind")).ok_or_else(|| missing("kind"))?,
            name: values.text("name").to_owned(),
            provider: values.text("provider").to_owned(),
            state: ResourceState::parse(values.text("state")).ok_or_else(|| missing("state"))?,
            planned_micros: values.micros("planned_micros"),
            granted_micros: values.micros("granted_micros"),
            needed_by: open_day(values, "needed_by"),
        };
        Ok(PlanOrder::Edit(changed("resource", &after.name.clone(), before.clone(), after)))
    })
    .of(one.map_or((Table::Plan, plan.id), |one| (Table::Resource, one.id)))
}
