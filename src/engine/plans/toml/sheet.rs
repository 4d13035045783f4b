//! A file being read: its tables field by field, and what is wrong with them by line.

use std::ops::RangeInclusive;

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use crate::domain::calendar::{Day, Span};
use crate::query::Fault;

use super::{LARGEST, amounts};

/// The text of a file, and what is wrong with it.
pub(super) struct Sheet<'t> {
    text: &'t str,
    found: Vec<(usize, Fault)>,
}

impl<'t> Sheet<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, found: Vec::new() }
    }

    /// Notes a fault at a place of the text; without a key it is the line that is wrong.
    pub fn fault(&mut self, at: usize, key: &str, why: impl Into<String>) {
        let line = self.text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        let field = if key.is_empty() { format!("line {line}") } else { format!("line {line}: {key}") };
        self.found.push((line, Fault { field, text: why.into() }));
    }

    pub fn is_good(&self) -> bool {
        self.found.is_empty()
    }

    /// All faults by line.
    pub fn faults(mut self) -> Vec<Fault> {
        self.found.sort_by_key(|(line, _)| *line);
        self.found.into_iter().map(|(_, fault)| fault).collect()
    }
}

/// A table of a file. A key that is asked for is known; all others are refused at the end.
pub(super) struct Fields<'a, 't> {
    table: &'a DeTable<'t>,
    /// Where it stands in the text.
    at: usize,
    known: Vec<&'static str>,
}

type Item<'a, 't> = &'a Spanned<DeValue<'t>>;

impl<'a, 't> Fields<'a, 't> {
    pub fn of(table: &'a DeTable<'t>, at: usize) -> Self {
        Self { table, at, known: Vec::new() }
    }

    fn item(&self, key: &str) -> Option<(usize, Item<'a, 't>)> {
        let found = self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key);
        found.map(|(name, item)| (name.span().start, item))
    }

    fn take(&mut self, key: &'static str) -> Option<(usize, Item<'a, 't>)> {
        self.known.push(key);
        self.item(key)
    }

    /// Whether the file has this key, of whatever kind.
    pub fn has(&self, key: &str) -> bool {
        self.item(key).is_some()
    }

    /// Notes a fault of a key, or of the table where the key is not there.
    pub fn fault(&self, sheet: &mut Sheet, key: &str, why: impl Into<String>) {
        sheet.fault(self.item(key).map_or(self.at, |(at, _)| at), key, why);
    }

    /// Notes that a key is missing.
    pub fn missing(&self, sheet: &mut Sheet, key: &str, what: &str) {
        sheet.fault(self.at, key, format!("is missing; give {what}"));
    }

    /// Refuses every key that nobody has asked for.
    pub fn refuse_others(&self, sheet: &mut Sheet) {
        for (name, _) in self.table.iter().filter(|(name, _)| !self.known.contains(&name.get_ref().as_ref())) {
            let key: &str = name.get_ref();
            let mut known = self.known.clone();
            known.dedup();
            let why = format!("is no key here; the keys are {}", known.join(", "));
            sheet.fault(name.span().start, key, why);
        }
    }

    fn read<T>(
        &mut self,
        sheet: &mut Sheet,
        key: &'static str,
        what: &str,
        read: impl Fn(&DeValue<'t>) -> Option<T>,
    ) -> Option<T> {
        let (at, item) = self.take(key)?;
        let value = read(item.get_ref());
        if value.is_none() {
            sheet.fault(at, key, format!("is no {what}"));
        }
        value
    }

    pub fn text(&mut self, sheet: &mut Sheet, key: &'static str) -> Option<String> {
        self.read(sheet, key, "text; put it between quotes", text)
    }

    /// A text that must be there and say something.
    pub fn name(&mut self, sheet: &mut Sheet, key: &'static str) -> Option<String> {
        if !self.has(key) {
            self.known.push(key);
            self.missing(sheet, key, "what it is called");
            return None;
        }
        let name = self.text(sheet, key)?;
        if name.trim().is_empty() {
            self.fault(sheet, key, "is empty; say what it is called");
        }
        Some(name)
    }

    pub fn texts(&mut self, sheet: &mut Sheet, key: &'static str) -> Vec<String> {
        let all = |value: &DeValue<'t>| match value {
            DeValue::Array(list) => list.iter().map(|item| text(item.get_ref())).collect(),
            other => text(other).map(|one| vec![one]),
        };
        self.read(sheet, key, "list of texts; write [\"a\", \"b\"]", all).unwrap_or_default()
    }

    pub fn flag(&mut self, sheet: &mut Sheet, key: &'static str) -> bool {
        let of = |value: &DeValue<'t>| if let DeValue::Boolean(flag) = value { Some(*flag) } else { None };
        self.read(sheet, key, "true or false", of).unwrap_or(false)
    }

    pub fn day(&mut self, sheet: &mut Sheet, key: &'static str) -> Option<Day> {
        self.read(sheet, key, "day; write 2026-06-10", day)
    }

    /// A day, or a text that may mean one.
    pub fn due(&mut self, sheet: &mut Sheet, key: &'static str) -> Option<Result<Day, String>> {
        let of = |value: &DeValue<'t>| day(value).map(Ok).or_else(|| text(value).map(Err));
        self.read(sheet, key, "day; write start-7, finish, finish+3 or 2026-06-10", of)
    }

    /// A whole number of a range.
    pub fn whole(&mut self, sheet: &mut Sheet, key: &'static str, range: RangeInclusive<i64>) -> Option<i64> {
        let what = format!("whole number from {} to {}", range.start(), range.end());
        self.read(sheet, key, &what, |value| match value {
            DeValue::Integer(_) => amounts::read(value, false).map(|n| n as i64).filter(|n| range.contains(n)),
            _ => None,
        })
    }

    /// A number in micros where it is money, else as it is.
    pub fn number(&mut self, sheet: &mut Sheet, key: &'static str, is_money: bool) -> Option<f64> {
        let most = if is_money { LARGEST * 1e6 } else { LARGEST };
        let of = |value: &DeValue<'t>| amounts::read(value, is_money).filter(|n| n.is_finite() && n.abs() <= most);
        self.read(sheet, key, "number that can be meant; write 300000 or 0.025", of)
    }

    /// An amount of 0 or more in micros.
    pub fn micros(&mut self, sheet: &mut Sheet, key: &'static str) -> Option<i64> {
        self.read(sheet, key, "amount of 0 or more; write 50000", amounts::micros)
    }

    /// A part of 0 or more, `usual` where the key is left out.
    pub fn share(&mut self, sheet: &mut Sheet, key: &'static str, usual: f64) -> f64 {
        const MOST: f64 = 1_000.0;
        let of = |value: &DeValue<'t>| amounts::read(value, false).filter(|n| (0.0..=MOST).contains(n));
        self.read(sheet, key, "part; give 0 to 1000", of).unwrap_or(usual)
    }

    /// A word of a closed vocabulary.
    pub fn word<T: Copy>(
        &mut self,
        sheet: &mut Sheet,
        key: &'static str,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> Option<T> {
        let (at, item) = self.take(key)?;
        let typed = text(item.get_ref()).unwrap_or_default();
        let found = all.iter().copied().find(|one| word(*one) == typed);
        if found.is_none() {
            let words: Vec<&str> = all.iter().map(|one| word(*one)).collect();
            sheet.fault(at, key, format!("\"{typed}\" is none; give one of {}", words.join(", ")));
        }
        found
    }

    /// A table of a table.
    pub fn table(&mut self, sheet: &mut Sheet, key: &'static str) -> Option<Fields<'a, 't>> {
        let (at, item) = self.take(key)?;
        if let DeValue::Table(table) = item.get_ref() {
            return Some(Fields::of(table, at));
        }
        sheet.fault(at, key, format!("is no table; write [{key}]"));
        None
    }

    /// A list of tables.
    pub fn list(&mut self, sheet: &mut Sheet, key: &'static str) -> Vec<Fields<'a, 't>> {
        let Some((at, item)) = self.take(key) else { return Vec::new() };
        let tables = match item.get_ref() {
            DeValue::Array(list) => list.iter().map(table).collect::<Option<Vec<_>>>(),
            _ => None,
        };
        tables.unwrap_or_else(|| {
            sheet.fault(at, key, format!("is no list of tables; write [[{key}]]"));
            Vec::new()
        })
    }

    /// Notes an end before its start.
    pub fn in_order(&self, sheet: &mut Sheet, days: Option<(Day, Day)>) {
        if let Some((start, finish)) = days.filter(|(start, finish)| finish < start) {
            self.fault(sheet, "finish", format!("{finish} is before start {start}; give a day from {start} on"));
        }
    }

    /// Notes days outside of a span.
    pub fn within(&self, sheet: &mut Sheet, span: Span, (start, finish): (Option<Day>, Option<Day>)) {
        for (key, day) in [("start", start), ("finish", finish)] {
            if let Some(day) = day.filter(|day| !span.contains(*day)) {
                self.fault(sheet, key, format!("{day} lies outside the plan, {} to {}", span.first, span.last));
            }
        }
    }
}

fn table<'a, 't>(item: Item<'a, 't>) -> Option<Fields<'a, 't>> {
    match item.get_ref() {
        DeValue::Table(table) => Some(Fields::of(table, item.span().start)),
        _ => None,
    }
}

/// A text, or nothing for another kind of value.
fn text(value: &DeValue) -> Option<String> {
    if let DeValue::String(text) = value { Some(text.to_string()) } else { None }
}

/// A day, as TOML writes it or as a text.
fn day(value: &DeValue) -> Option<Day> {
    match value {
        DeValue::Datetime(at) if at.time.is_none() && at.offset.is_none() => Day::parse(&at.to_string()),
        DeValue::String(text) => Day::parse(text),
        _ => None,
    }
}
