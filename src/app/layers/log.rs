//! Typing the numbers of the last whole day that somebody waits for, one after the other on row 23.

use crate::domain::calendar::Day;
use crate::query::{Answer, Command, MissingNumber, MissingNumbers, Query, TypedNumber};
use crate::ui::pen::{Pen, Run};
use crate::ui::theme::Role;
use crate::ui::{amount, dates};

use super::super::PanelId;
use super::super::keymap::Context;
use super::super::screens::plans::forms;
use super::super::view::{Env, Input, Layer, Note, Request};
use super::entry::{Ask, Entry};

/// Reads which numbers are missing, then gives way to a line that asks for them.
#[derive(Default)]
pub struct Log {
    read: Option<Result<MissingNumbers, String>>,
}

impl Layer for Log {
    fn context(&self) -> Context {
        Context::Entry
    }

    fn act(&mut self, _input: Input, _env: &Env<'_>) -> Vec<Request> {
        vec![Request::Close]
    }

    fn draw(&self, _pen: &mut Pen<'_>, _env: &Env<'_>) {}

    fn line(&self, _env: &Env<'_>) -> Option<Vec<Run>> {
        Some(vec![("reading which numbers are missing ..".to_owned(), Role::Muted)])
    }

    fn questions(&self) -> Vec<(PanelId, Query)> {
        vec![(PanelId::MISSING, Query::Missing)]
    }

    fn receive(&mut self, panel: PanelId, result: Result<Answer, String>) -> Option<Result<Answer, String>> {
        match result {
            Ok(Answer::Missing(missing)) if panel == PanelId::MISSING => self.read = Some(Ok(missing)),
            Err(why) if panel == PanelId::MISSING => self.read = Some(Err(why)),
            other => return Some(other),
        }
        None
    }

    fn received(&mut self, env: &Env<'_>) -> Vec<Request> {
        match self.read.take() {
            None => Vec::new(),
            Some(Err(why)) => vec![Request::Close, Request::Say(Note::refused(why))],
            Some(Ok(missing)) if missing.facts.is_empty() => {
                let form = forms::number(&missing.unfed, missing.day, env.today);
                vec![Request::Close, Request::Push(Box::new(form))]
            }
            Some(Ok(missing)) => vec![Request::Close, Request::Push(Box::new(line(missing, env.today)))],
        }
    }
}

/// One question a number, then one for a number that nobody has typed before; Enter on an empty one leaves it missing.
fn line(missing: MissingNumbers, today: Day) -> Entry {
    let MissingNumbers { day, facts, .. } = missing;
    let count = facts.len();
    let ask = |(at, fact): (usize, &MissingNumber)| {
        let unit = fact.unit;
        let last = fact.last.map(|(day, value)| {
            format!(
                "last {} on {}",
                amount::full(Some(value as f64 / 1e6 * scale(unit)), unit),
                dates::short(day, today)
            )
        });
        let label = format!("{} of {} ({}/{count})", fact.metric, dates::weekday(day, today), at + 1);
        let told = last.unwrap_or_default();
        Ask::new(label, move |text| {
            if text.trim().is_empty() {
                return Ok(told.clone());
            }
            amount::parse(text, unit).map(|value| format!("{}   {told}", amount::full(Some(value), unit)))
        })
        .hint("Enter leaves it missing")
    };
    let another = Ask::new(format!("a new number of {}", dates::weekday(day, today)), move |text| {
        let number = begun(text, (day, today))?;
        Ok(number.map_or_else(String::new, |one| format!("{}: {}", one.metric, one.value)))
    })
    .hint("NAME VALUE, or Enter: there is none");
    let asks = facts.iter().enumerate().map(ask).chain([another]).collect();
    Entry::command(format!("numbers of {day}"), asks, move |texts| {
        let mut numbers = Vec::new();
        for (fact, text) in facts.iter().zip(texts).filter(|(_, text)| !text.trim().is_empty()) {
            let value = amount::exact(amount::parse(text, fact.unit)?, fact.unit);
            numbers.push(TypedNumber { metric: fact.metric.clone(), day, value, channel: None });
        }
        if let Some(new) = texts.last().map(|text| begun(text, (day, today))).transpose()?.flatten() {
            // Two values of one name would be added up.
            if numbers.iter().any(|one| one.metric == new.metric) {
                return Err(format!("{} is typed already; Tab goes back to it", new.metric));
            }
            numbers.push(new);
        }
        if numbers.is_empty() { Err("no number was typed; Esc leaves".to_owned()) } else { Ok(Command::Log(numbers)) }
    })
}

/// A number that is typed with its name.
fn begun(text: &str, (day, today): (Day, Day)) -> Result<Option<TypedNumber>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let (name, value) = text.trim().rsplit_once(' ').ok_or("type its name and its value: visits 420")?;
    let unit = forms::unit_of_number(name.trim());
    let exact = amount::exact(amount::parse(value, unit)?, unit);
    TypedNumber::new(name, day, exact, today).map(Some)
}

/// Amounts of money are told in micros, facts are held in millionths of one.
fn scale(unit: crate::query::Unit) -> f64 {
    if matches!(unit, crate::query::Unit::Money | crate::query::Unit::MoneyPer) { 1e6 } else { 1.0 }
}
