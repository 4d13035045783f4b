//! A number of a day that nobody has typed before.

use crate::domain::calendar::Day;
use crate::domain::plans::Book;
use crate::query::{Command, Fault, TypedNumber, Unit, meant};
use crate::ui::amount;

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool, Values};
use super::{fault, field, missing, need, options};

const NUMBER: &[FieldRow] = &[
    need(field("name", "WHAT", "name", Kind::Known(options::given), "new_users, spend, or a name of your own")),
    need(field("value", "WHAT", "value", Kind::Amount, "420, 12k, 2.5%")),
    need(field("day", "WHEN", "day", Kind::Day(""), "the day it is of, up to today")),
    field("channel", "WHERE", "channel", Kind::Text, "search, feed; empty is all"),
];

/// A number of a day; `unfed` are ids of METRICS that screens show and nothing feeds.
pub fn number(unfed: &[&'static str], day: Day, today: Day) -> Form {
    let pool = Pool { book: &Book::default(), plan: None, today };
    let texts = vec![String::new(), String::new(), day.to_string(), String::new()];
    Form::new("number of a day", NUMBER, texts, &pool, move |values| {
        made(values, today).map(|one| Command::Log(vec![one]))
    })
    .unit(|values| Some(unit_of(values.text("name"))))
    .knowing("name", unfed.iter().map(|id| (*id).to_owned()))
    .on("Today")
}

/// Unit in which a number of this name is typed.
pub fn unit_of(name: &str) -> Unit {
    meant(name).map_or(Unit::Times, |metric| metric.unit)
}

fn made(values: &Values<'_>, today: Day) -> Result<TypedNumber, Vec<Fault>> {
    let name = values.text("name");
    let value = values.amount("value").ok_or_else(|| missing("value"))?;
    if let Some(why) = meant(name).and_then(|metric| metric.refuses(value)) {
        return Err(fault("value", why));
    }
    let exact = amount::exact(value, unit_of(name));
    let day = values.day("day").ok_or_else(|| missing("day"))?;
    let channel = Some(values.text("channel")).filter(|text| !text.is_empty()).map(str::to_owned);
    let number = TypedNumber::new(name, day, exact, today).map_err(|why| fault("day", why))?;
    Ok(TypedNumber { channel, ..number })
}
