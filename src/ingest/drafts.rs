//! The texts of a row by field, from the cells of a table or the keys of an object.

use std::borrow::Cow;

use super::cells::Split;
use super::json::{self, Fields};
use super::refusal::Refusal;
use super::{FIELD_LIMIT, Field, Mapping};
use crate::domain::records::Text;

/// Takes the texts of a row; empty ones are absent.
pub(super) trait Draft<'a>: Default {
    /// Takes the text of a field; `number` where it is a JSON number.
    fn set(&mut self, field: Field, text: Text<'a>, number: bool);
    /// Takes a number of the day, which is named by its title.
    fn add_number(&mut self, title: &str, text: Text<'a>, number: bool);
    /// Takes one JSON object of properties.
    fn set_props(&mut self, props: Text<'a>);
}

/// A draft of cells, taken column by column in the given order.
pub(super) fn of_cells<'a, D: Draft<'a>>(cells: Split<'a>, mapping: &Mapping, order: &[usize]) -> D {
    let mut draft = D::default();
    let mut props = None;
    let mut has_props = false;
    for at in order.iter().copied() {
        let (Some(column), text) = (mapping.columns.get(at), cells.text(at)) else { continue };
        if text.is_empty() {
            continue;
        }
        if mapping.format.is_some_and(|format| format.keeps(column)) {
            props.get_or_insert_with(serde_json::Map::new).insert(column.title.clone(), text.into());
        }
        match column.field {
            Some(Field::Props) => {
                draft.set_props(Cow::Borrowed(text));
                has_props = true;
            }
            Some(Field::Value) if mapping.is_wide() => draft.add_number(&column.title, Cow::Borrowed(text), false),
            Some(field) => draft.set(field, Cow::Borrowed(text), false),
            None if !mapping.kind.keeps_properties() || mapping.format.is_some() => {}
            None => {
                props.get_or_insert_with(serde_json::Map::new).insert(column.title.clone(), text.into());
            }
        }
    }
    if let Some(props) = props.filter(|_| !has_props) {
        draft.set_props(Cow::Owned(serde_json::Value::Object(props).to_string()));
    }
    draft
}

/// A draft of the values of an object.
pub(super) fn of_keys<'a, D: Draft<'a>>(fields: Fields<'a>, mapping: &Mapping) -> Result<D, Refusal> {
    let mut draft = D::default();
    let mut props = Fields::new();
    for (at, (key, written)) in fields.into_iter().enumerate() {
        let text = json::text(written).map_err(|why| Refusal { code: "bad_text", detail: format!("{key} {why}") })?;
        let Some(text) = text else { continue };
        if text.len() > FIELD_LIMIT {
            return Err(Refusal { code: "too_long", detail: format!("{key} is longer than 64 KiB") });
        }
        // Only an escape can stand for it.
        if matches!(&text, Cow::Owned(text) if text.contains('\0')) {
            return Err(Refusal { code: "nul", detail: format!("{key} holds a NUL character") });
        }
        match field_at(mapping, at, &key) {
            Some(Field::Props) => props.extend(nested(written)),
            Some(Field::Value) if mapping.is_wide() => draft.add_number(&key, text, json::is_number(written)),
            Some(field) => draft.set(field, text, json::is_number(written)),
            None if !mapping.kind.keeps_properties() => {}
            None => props.push((key, written)),
        }
    }
    if !props.is_empty() {
        draft.set_props(Cow::Owned(json::object(&props)));
    }
    Ok(draft)
}

/// The field of a key; most objects hold the same keys in the same order.
fn field_at(mapping: &Mapping, at: usize, key: &str) -> Option<Field> {
    match mapping.columns.get(at).filter(|column| column.title == key) {
        Some(column) => column.field,
        None => mapping.field_of(key),
    }
}

/// Entries of a nested object of properties; anything else stays one property.
fn nested(written: &str) -> Fields<'_> {
    json::fields(written.as_bytes()).unwrap_or_else(|_| vec![("props".into(), written)])
}
