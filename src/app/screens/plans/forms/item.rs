//! Something that is published, or is to be.

use crate::domain::calendar::Day;
use crate::domain::operations::OPERATIONS;
use crate::domain::plans::{Book, OpType};
use crate::query::{Command, TypedRow, Typing};

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool};
use super::{field, need, options, typed};

/// The fields are named as the columns are.
const ITEM: &[FieldRow] = &[
    need(field("id", "WHAT", "id", Kind::Text, "what events carry in the property content")),
    field("title", "WHAT", "title", Kind::Text, "what it is called"),
    field("kind", "WHAT", "kind", Kind::Known(options::given), "article, video, post"),
    field("author", "WHAT", "author", Kind::Known(options::given), "who makes it"),
    field("planned", "WHEN", "planned", Kind::Day(""), "the day it is to be out"),
    field("published", "WHEN", "published", Kind::Day(""), "the day it came out"),
    field("status", "WHEN", "status", Kind::Known(options::given), "idea, draft, review, ready, published"),
];

/// A content item, new or as it is stored; `known` are the others.
pub fn item(one: Option<&TypedRow>, known: &[TypedRow], today: Day) -> Form {
    let pool = Pool { book: &Book::default(), plan: None, today };
    let before = one.cloned();
    let make = typed::maker((one, known), ITEM);
    let form = Form::new(typed::title("item", one), ITEM, typed::texts(one, ITEM), &pool, move |values| {
        make(values).map(|row| Command::Type(Typing::of(before.clone(), row)))
    });
    typed::knowing(form, ITEM, known).on(OPERATIONS[OpType::Content as usize].name)
}
