//! The settings of the workspace.

use crate::domain::calendar::{Day, WeekStart, Zone};
use crate::domain::money::Currency;
use crate::domain::plans::{Book, Edit, Setting};
use crate::query::PlanOrder;

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool, Values};
use super::{fault, field, need, options};

/// The fields are named as the settings are.
const PROFILE: &[FieldRow] = &[
    field("product", "PRODUCT", "product", Kind::Text, "its name, shown on every screen"),
    field("form", "PRODUCT", "form", Kind::Text, "app, website, shop"),
    field("stage", "PRODUCT", "stage", Kind::Choice(options::stages), "where it stands in its life"),
    field("currency", "NUMBERS", "currency", Kind::Text, "amounts are shown in it"),
    need(field("zone", "NUMBERS", "zone", Kind::Text, "whose days are counted; numbers move")),
    need(field("week_start", "NUMBERS", "week from", Kind::Choice(options::week_starts), "first day of the week")),
];

/// What each setting of the profile is for, in the order of the form.
pub fn settings() -> impl Iterator<Item = (&'static str, &'static str)> {
    PROFILE.iter().map(|row| (row.id, row.hint))
}

/// The profile of the product, from the settings as they are stored.
pub fn profile(stored: &[Setting], today: Day) -> Form {
    let pool = Pool { book: &Book::default(), plan: None, today };
    let value = |key: &str| stored.iter().find(|one| one.key == key);
    let text = |row: &FieldRow| match value(row.id) {
        Some(setting) => setting.value.clone(),
        None if row.id == "week_start" => WeekStart::default().name().to_owned(),
        None => String::new(),
    };
    let before: Vec<Option<Setting>> = PROFILE.iter().map(|row| value(row.id).cloned()).collect();
    let texts: Vec<String> = PROFILE.iter().map(text).collect();
    let first = texts.clone();
    Form::new("profile", PROFILE, texts, &pool, move |values| {
        let mut edit = Edit::default();
        let mut said = Vec::new();
        for ((row, before), first) in PROFILE.iter().zip(&before).zip(&first) {
            let value = written(values, row.id)?;
            if value == *first {
                continue;
            }
            said.push(format!("{} {value}", row.label));
            let after = Setting { key: row.id.to_owned(), value };
            match before.clone() {
                Some(before) => edit.set(before, after),
                None => edit.add(after),
            }
        }
        edit.label = format!("profile: {}", said.join(", "));
        Ok(PlanOrder::Edit(edit))
    })
    .on("Data")
}

/// The value of a setting as it is stored.
fn written(values: &Values<'_>, id: &str) -> Result<String, Vec<crate::query::Fault>> {
    let text = values.text(id);
    match id {
        "currency" if !text.is_empty() => match Currency::parse(text) {
            Some(currency) => Ok(currency.code().to_owned()),
            None => Err(fault(id, format!("\"{text}\" is no currency; a code has three letters: CNY, EUR"))),
        },
        "zone" => match Zone::parse(text) {
            Some(zone) => Ok(zone.name().to_owned()),
            None => Err(fault(id, format!("\"{text}\" is no zone; try UTC, Asia/Shanghai, Europe/Rome"))),
        },
        _ => Ok(text.to_owned()),
    }
}
