//! What an event name means.

use crate::domain::calendar::Day;
use crate::domain::plans::Book;
use crate::domain::roles::{EventRole, NameRole};
use crate::query::{EventName, PlanOrder};

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool};
use super::{changed, field, need, options};

const ROLE: &[FieldRow] = &[
    need(field("role", "EVENT", "means", Kind::Choice(options::event_roles), "what its events say of a user")),
    need(field("activity", "EVENT", "counts as", Kind::Choice(options::activities), "whether they make a user active")),
];

/// The meaning of an event name.
pub fn role(one: &EventName, today: Day) -> Form {
    let pool = Pool { book: &Book::default(), plan: None, today };
    let name = one.name.clone();
    let before = NameRole { name: one.id, role: one.role, passive: one.passive, guessed: one.guessed };
    let text = |row: &FieldRow| match row.id {
        "role" if one.guessed => options::GUESS,
        "role" => one.role.map_or(options::NONE, EventRole::name),
        _ if one.passive => options::PASSIVE,
        _ => options::ACTIVE,
    };
    let texts = ROLE.iter().map(text).map(str::to_owned).collect();
    Form::new(format!("event {name}"), ROLE, texts, &pool, move |values| {
        let passive = values.text("activity") == options::PASSIVE;
        let guessed = values.text("role") == options::GUESS;
        let role = if guessed { EventRole::guess(&name) } else { EventRole::parse(values.text("role")) };
        // What is said of its activity is said of the name, whoever gave the role.
        let guessed = guessed && passive == role.is_some_and(EventRole::is_passive);
        let after = NameRole { role, passive, guessed, ..before };
        Ok(PlanOrder::Edit(changed("role", &name, Some(before), after)))
    })
    .on("Data")
}
