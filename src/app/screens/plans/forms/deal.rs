//! Business with a partner.

use crate::domain::calendar::Day;
use crate::domain::operations::OPERATIONS;
use crate::domain::plans::{Book, OpType};
use crate::query::{Command, TypedRow, Typing};

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool};
use super::{field, need, options, typed};

/// The fields are named as the columns are.
const DEAL: &[FieldRow] = &[
    need(field("id", "WHAT", "id", Kind::Text, "what tells it apart")),
    field("partner", "WHAT", "partner", Kind::Known(options::given), "with whom"),
    field("kind", "WHAT", "kind", Kind::Known(options::given), "money; barter is paid in kind"),
    need(field("stage", "WHAT", "stage", Kind::Known(options::given), "lead, talk, signed, delivered, received, lost")),
    field("value", "MONEY", "value", Kind::Micros, "what it is worth"),
    field("currency", "MONEY", "currency", Kind::Text, "empty is that of the workspace"),
    field("due", "MONEY", "due", Kind::Day(""), "the day by which it is to come"),
    field("received", "MONEY", "received", Kind::Day(""), "the day it came"),
];

/// A deal, new or as it is stored; `known` are the others.
pub fn deal(one: Option<&TypedRow>, known: &[TypedRow], today: Day) -> Form {
    let pool = Pool { book: &Book::default(), plan: None, today };
    let before = one.cloned();
    let make = typed::maker((one, known), DEAL);
    let form = Form::new(typed::title("deal", one), DEAL, typed::texts(one, DEAL), &pool, move |values| {
        make(values).map(|row| Command::Type(Typing::of(before.clone(), row)))
    });
    typed::knowing(form, DEAL, known).on(OPERATIONS[OpType::Commercial as usize].name)
}
