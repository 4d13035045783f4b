//! What forms of rows with columns have in common: each field is a column.

use crate::domain::money::{Currency, exact};
use crate::domain::records::Kind as RecordKind;
use crate::query::{Fault, TypedRow};

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Values};
use super::{fault, missing};

/// `new item`, or `item lamp`.
pub fn title(what: &str, one: Option<&TypedRow>) -> String {
    one.map_or_else(|| format!("new {what}"), |one| format!("{what} {}", one.cell("id")))
}

/// What the fields begin with.
pub fn texts(one: Option<&TypedRow>, rows: &[FieldRow]) -> Vec<String> {
    rows.iter().map(|row| one.map_or("", |one| one.cell(row.id)).to_owned()).collect()
}

/// Words that other rows have in the same column.
pub fn knowing(form: Form, rows: &[FieldRow], known: &[TypedRow]) -> Form {
    rows.iter()
        .filter(|row| matches!(row.kind, Kind::Known(_)))
        .fold(form, |form, row| form.knowing(row.id, known.iter().map(|one| one.cell(row.id).to_owned())))
}

/// Makes the row of the values. The id tells rows apart: that of a stored row stays, a new one is not taken yet.
pub fn maker(
    (one, known): (Option<&TypedRow>, &[TypedRow]),
    rows: &'static [FieldRow],
) -> impl Fn(&Values<'_>) -> Result<TypedRow, Vec<Fault>> + 'static {
    let kind = if rows.iter().any(|row| row.id == "stage") { RecordKind::Deals } else { RecordKind::Content };
    let before = one.cloned();
    let taken: Vec<String> = known.iter().map(|row| row.cell("id").to_owned()).collect();
    move |values| {
        let id = values.text("id");
        match &before {
            Some(before) if before.cell("id") != id => {
                return Err(fault("id", format!("it is {}; a adds another", before.cell("id"))));
            }
            None if taken.iter().any(|one| one == id) => return Err(fault("id", "another has this id already")),
            _ => {}
        }
        let mut row = before.clone().unwrap_or_else(|| TypedRow::blank(kind));
        for field in rows {
            row = row.with(field.id, written(values, field)?);
        }
        Ok(row)
    }
}

/// A value as a file holds it.
fn written(values: &Values<'_>, field: &FieldRow) -> Result<String, Vec<Fault>> {
    let text = values.text(field.id);
    Ok(match field.kind {
        _ if text.is_empty() => String::new(),
        Kind::Day(_) => values.day(field.id).ok_or_else(|| missing(field.id))?.to_string(),
        Kind::Micros if values.micros(field.id) < 0 => return Err(fault(field.id, "money of a row is 0 or more")),
        Kind::Micros => exact(values.micros(field.id).into()),
        _ if field.id == "currency" => match Currency::parse(text) {
            Some(currency) if currency.is_known() => currency.code().to_owned(),
            Some(currency) => return Err(fault(field.id, format!("{currency} is no code of ISO 4217: CNY, EUR"))),
            None => return Err(fault(field.id, "a currency has three letters: CNY, EUR")),
        },
        _ => text.to_owned(),
    })
}
