//! Where a raw channel goes.

use crate::domain::calendar::Day;
use crate::domain::channels::ChannelRule;
use crate::domain::plans::{Book, Edit};
use crate::query::{ChannelMapping, PlanOrder};

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool};
use super::{changed, fault, field, need, options};

const MAPPING: &[FieldRow] = &[
    need(field("source", "RAW", "source", Kind::Known(options::given), "as it stands in the files")),
    field("medium", "RAW", "medium", Kind::Known(options::given), "cpc, social; empty is any"),
    need(field("channel", "SHOWN", "channel", Kind::Known(options::given), "the channel that answers show")),
];

/// A rule of the mapping: the one given, else one for a source and a medium that begin it.
pub fn mapping(found: &ChannelMapping, one: Option<&ChannelRule>, raw: (&str, &str), today: Day) -> Form {
    let pool = Pool { book: &Book::default(), plan: None, today };
    let (source, medium) = one.map_or(raw, ChannelRule::key);
    let text = |row: &FieldRow| match row.id {
        "source" => source.to_owned(),
        "medium" => medium.to_owned(),
        _ => one.map_or_else(String::new, |one| one.channel().to_owned()),
    };
    let (before, rules) = (one.cloned(), found.rules.clone());
    let title = if one.is_some() { format!("mapping of {source}") } else { "new mapping".to_owned() };
    let form = Form::new(title, MAPPING, MAPPING.iter().map(text).collect(), &pool, move |values| {
        let after = ChannelRule::new(values.text("source"), values.text("medium"), values.text("channel"));
        let after = after.ok_or_else(|| fault("channel", "source and channel must not be empty"))?;
        let there = rules.iter().find(|rule| rule.key() == after.key());
        let Some(old) = before.as_ref().filter(|before| before.key() != after.key()) else {
            let edit = changed("mapping", after.source(), there.cloned(), after.clone());
            return Ok(PlanOrder::Edit(edit));
        };
        if there.is_some() {
            return Err(fault("source", "another rule maps this one; edit that"));
        }
        let mut edit = Edit::new(format!("edit mapping: {}", after.source()));
        edit.remove(old.clone());
        edit.add(after);
        Ok(PlanOrder::Edit(edit))
    });
    let of = |name: fn(&crate::query::RawChannel) -> &str| found.raw.iter().map(name).map(str::to_owned);
    form.on("Data")
        .knowing("source", of(|raw| &raw.source))
        .knowing("medium", of(|raw| &raw.medium))
        .knowing("channel", of(|raw| &raw.channel))
}
