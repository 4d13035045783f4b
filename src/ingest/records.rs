//! Fields of a row into a record, or the reason why not.

use std::sync::Arc;

use super::drafts::Draft;
use super::fields::in_columns;
use super::number::{self, Writing};
use super::refusal::Refusal;
use super::time::{BadTime, TimeRules};
use super::values::Commas;
use super::{Field, Mapping};
use crate::domain::calendar::{Day, Instant};
use crate::domain::money::{self, Currency, Micros};
use crate::domain::records::{Kind, Record, Revenue, Spend, Text};
use crate::domain::tables::{Cell, Column, Form, Row};

/// What stands for a count that is not there.
const NO_COUNT: [&str; 3] = ["-", "--", "—"];

/// The values of a row by field; empty texts are absent.
#[derive(Debug, Default)]
pub(super) struct FieldDraft<'a> {
    values: Vec<Value<'a>>,
    /// Numbers of a day by the titles of their columns.
    numbers: Vec<(String, Value<'a>)>,
    pub(super) props: Option<Text<'a>>,
}

#[derive(Debug)]
struct Value<'a> {
    field: Field,
    text: Text<'a>,
    /// A JSON number.
    number: bool,
}

/// What the values of a row are read with.
pub(super) struct Reader {
    pub(super) kind: Kind,
    pub(super) times: TimeRules,
    pub(super) commas: Commas,
    titles: Vec<(Field, String)>,
    /// Columns of the kind's table, with their fields.
    columns: Arc<[(&'static Column, Field)]>,
    /// Each title is the name of a daily number.
    wide: bool,
    /// Of amounts without one, where the title of the amount says it.
    currency: Option<Currency>,
    /// How to say the order of day and month.
    slash_advice: String,
}

/// What a row yields.
pub(super) enum Made<'a> {
    /// One record.
    Record(Record<'a>),
    /// Several records of one kind: a payment and its refund, the numbers of a day.
    Several(Vec<Record<'a>>),
    /// Nothing, and why.
    Left(&'static str),
}

impl<'a> Draft<'a> for FieldDraft<'a> {
    fn set(&mut self, field: Field, text: Text<'a>, number: bool) {
        if !text.is_empty() {
            self.values.push(Value { field, text, number });
        }
    }

    fn add_number(&mut self, title: &str, text: Text<'a>, number: bool) {
        if !text.is_empty() {
            self.numbers.push((title.to_owned(), Value { field: Field::Value, text, number }));
        }
    }

    fn set_props(&mut self, props: Text<'a>) {
        self.props = Some(props);
    }
}

impl<'a> FieldDraft<'a> {
    pub(super) fn take(&mut self, field: Field) -> Option<Text<'a>> {
        self.take_value(field).map(|value| value.text)
    }

    fn take_value(&mut self, field: Field) -> Option<Value<'a>> {
        let at = self.values.iter().position(|value| value.field == field)?;
        Some(self.values.remove(at))
    }
}

impl Reader {
    pub(super) fn new(mapping: &Mapping, times: TimeRules) -> Self {
        let titles = mapping.in_order().filter_map(|(_, c)| Some((c.field?, c.title.clone()))).collect();
        Self {
            kind: mapping.kind,
            times,
            commas: Commas::default(),
            titles,
            columns: in_columns(mapping.kind).collect(),
            wide: mapping.is_wide(),
            currency: mapping.titled_currency(),
            slash_advice: mapping.slash_advice(),
        }
    }

    /// Makes what a row yields that is no event.
    pub(super) fn make<'a>(&mut self, mut draft: FieldDraft<'a>) -> Result<Made<'a>, Refusal> {
        let record = match self.kind {
            Kind::Revenue => self.revenue(&mut draft).map(Record::Revenue),
            Kind::Spend => self.spend(&mut draft).map(Record::Spend),
            Kind::Facts if self.wide => return self.numbers(&mut draft),
            _ => self.row(&mut draft).map(Record::Row),
        };
        record.map(Made::Record)
    }

    /// A row of a kind that only its table of columns describes.
    fn row<'a>(&mut self, draft: &mut FieldDraft<'a>) -> Result<Row<'a>, Refusal> {
        let columns = self.columns.clone();
        let cells = columns.iter().map(|(column, field)| self.needed(column, *field, draft));
        let cells = cells.collect::<Result<_, _>>()?;
        Ok(Row { kind: self.kind, cells })
    }

    fn needed<'a>(&mut self, column: &Column, field: Field, draft: &mut FieldDraft<'a>) -> Result<Cell<'a>, Refusal> {
        match self.cell(column.form, field, draft)? {
            Cell::Null if column.needed => Err(self.missing(field)),
            cell => Ok(cell),
        }
    }

    fn cell<'a>(&mut self, form: Form, field: Field, draft: &mut FieldDraft<'a>) -> Result<Cell<'a>, Refusal> {
        Ok(match form {
            Form::Text | Form::Channel | Form::Campaign | Form::User => draft.take(field).into(),
            Form::Day => match draft.take(field).filter(|text| !text.trim().is_empty()) {
                Some(text) => Cell::Int(self.day(field, &text)?.0.into()),
                None => Cell::Null,
            },
            Form::Currency => self.currency_of(draft, field)?.map(|code| Text::Owned(code.code().to_owned())).into(),
            Form::Amount => self.amount_of(draft, field)?.map(|amount| amount.0).into(),
            Form::Count => self.count(draft, field)?.map(u64::cast_signed).into(),
            Form::Decimal => draft.take_value(field).map(|value| self.decimal("", &value)).transpose()?.into(),
            Form::Rate => draft.take_value(field).map(|value| self.rate(&value)).transpose()?.into(),
        })
    }

    /// The numbers of a day, one a title; a row without any is left out (formats.md A21).
    fn numbers<'a>(&mut self, draft: &mut FieldDraft<'a>) -> Result<Made<'a>, Refusal> {
        if draft.numbers.is_empty() {
            return Ok(Made::Left("no number"));
        }
        let columns = self.columns.clone();
        let shared = columns.iter().map(|(column, field)| match field {
            Field::Metric | Field::Value => Ok(Cell::Null),
            field => self.needed(column, *field, draft),
        });
        let shared: Vec<Cell<'a>> = shared.collect::<Result<_, _>>()?;
        let mut facts = Vec::with_capacity(draft.numbers.len());
        for (title, value) in std::mem::take(&mut draft.numbers) {
            let number = self.decimal(&title, &value)?;
            let mut cells = shared.clone();
            for (cell, (_, field)) in cells.iter_mut().zip(columns.iter()) {
                match field {
                    Field::Metric => *cell = Cell::Text(Text::Owned(title.clone())),
                    Field::Value => *cell = Cell::Int(number),
                    _ => {}
                }
            }
            facts.push(Record::Row(Row { kind: self.kind, cells }));
        }
        Ok(Made::Several(facts))
    }

    pub(super) fn revenue<'a>(&mut self, draft: &mut FieldDraft<'a>) -> Result<Revenue<'a>, Refusal> {
        let at = self.time(draft)?;
        let amount = self.required_amount(draft)?;
        Ok(Revenue {
            order: draft.take(Field::Order),
            line: draft.take(Field::Line),
            user: draft.take(Field::User),
            at,
            stream: draft.take(Field::Stream),
            amount,
            currency: self.currency_of(draft, Field::Currency)?,
            refund_of: draft.take(Field::RefundOf),
            undated_refund: false,
            refund_total: false,
            props: draft.props.take(),
        })
    }

    fn spend<'a>(&mut self, draft: &mut FieldDraft<'a>) -> Result<Spend<'a>, Refusal> {
        let text = draft.take(Field::Day).ok_or_else(|| self.missing(Field::Day))?;
        let day = self.day(Field::Day, &text)?;
        self.spend_of(day, draft)
    }

    /// A day as it stands in a field's column.
    pub(super) fn day(&mut self, field: Field, text: &str) -> Result<Day, Refusal> {
        self.times.date(text).map(Day::from_date).map_err(|bad| self.bad_date(bad, field, text))
    }

    /// The spend of a day that is known.
    pub(super) fn spend_of<'a>(&mut self, day: Day, draft: &mut FieldDraft<'a>) -> Result<Spend<'a>, Refusal> {
        Ok(Spend {
            day,
            channel: draft.take(Field::Channel),
            campaign: draft.take(Field::Campaign),
            amount: self.required_amount(draft)?,
            currency: self.currency_of(draft, Field::Currency)?,
            impressions: self.count(draft, Field::Impressions)?,
            clicks: self.count(draft, Field::Clicks)?,
        })
    }

    fn time(&mut self, draft: &mut FieldDraft<'_>) -> Result<Instant, Refusal> {
        self.time_of(draft, Field::Time)?.ok_or_else(|| self.missing(Field::Time))
    }

    /// The time in a field's column; `None` where it is empty.
    pub(super) fn time_of(&mut self, draft: &mut FieldDraft<'_>, field: Field) -> Result<Option<Instant>, Refusal> {
        let text = draft.take(field).unwrap_or_default();
        self.time_in(&text, field)
    }

    /// The time that a field's text says; `None` where it is empty.
    pub(super) fn time_in(&mut self, text: &str, field: Field) -> Result<Option<Instant>, Refusal> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        self.times.instant(text).map(Some).map_err(|bad| self.bad_date(bad, field, text))
    }

    fn bad_date(&self, bad: BadTime, field: Field, text: &str) -> Refusal {
        let (code, noun) = if field.is_day() { ("bad_day", "day") } else { ("bad_time", "time") };
        let why = match bad {
            BadTime::Unreadable => format!("is no {noun}"),
            BadTime::OutOfRange => "lies before 1990 or after 2100".to_owned(),
            BadTime::Unclear => format!("may be day or month first; {}", self.slash_advice),
        };
        self.refuse(code, field, text, &why)
    }

    fn required_amount(&self, draft: &mut FieldDraft<'_>) -> Result<Micros, Refusal> {
        self.amount_of(draft, Field::Amount)?.ok_or_else(|| self.missing(Field::Amount))
    }

    /// The amount in a field's column; `None` where it is empty.
    pub(super) fn amount_of(&self, draft: &mut FieldDraft<'_>, field: Field) -> Result<Option<Micros>, Refusal> {
        let Some(value) = draft.take_value(field) else { return Ok(None) };
        let why = "is no amount with at most 6 decimals and 1,000,000,000 units";
        number::amount(&value.text, self.writing(&value))
            .map(Some)
            .ok_or_else(|| self.refuse("bad_amount", field, &value.text, why))
    }

    fn decimal(&self, title: &str, value: &Value<'_>) -> Result<i64, Refusal> {
        let why = "is no number with at most 6 decimals and 9,000,000,000,000";
        let titled = if title.is_empty() { self.title(value.field) } else { title };
        number::decimal(&value.text, self.writing_of(value, title))
            .ok_or_else(|| refuse("bad_number", titled, &value.text, why))
    }

    fn rate<'a>(&self, value: &Value<'_>) -> Result<Text<'a>, Refusal> {
        let why = "is no rate above 0 with at most 12 decimals";
        number::rate(&value.text, self.writing(value))
            .map(|rate| Text::Owned(money::decimal(rate, money::RATE_PLACES)))
            .ok_or_else(|| self.refuse("bad_rate", value.field, &value.text, why))
    }

    fn currency_of(&self, draft: &mut FieldDraft<'_>, field: Field) -> Result<Option<Currency>, Refusal> {
        let Some(text) = draft.take(field).filter(|t| !t.trim().is_empty()) else {
            return Ok(self.currency);
        };
        let code = Currency::parse(&text);
        code.map(Some).ok_or_else(|| self.refuse("bad_currency", field, &text, "is no currency code of three letters"))
    }

    fn count(&self, draft: &mut FieldDraft<'_>, field: Field) -> Result<Option<u64>, Refusal> {
        let Some(value) = draft.take_value(field) else { return Ok(None) };
        let text = value.text.trim();
        if text.is_empty() || NO_COUNT.contains(&text) {
            return Ok(None);
        }
        let count = number::count(text, self.writing(&value));
        count.map(Some).ok_or_else(|| self.refuse("bad_count", field, text, "is no whole number from 0"))
    }

    fn writing(&self, value: &Value<'_>) -> Writing {
        self.writing_of(value, "")
    }

    fn writing_of(&self, value: &Value<'_>, title: &str) -> Writing {
        if value.number { Writing::Json } else { Writing::Text(self.commas.of(value.field, title)) }
    }

    /// Title of a field's column, or the name of the field where it has none.
    pub(super) fn title(&self, field: Field) -> &str {
        self.titles.iter().find(|(f, _)| *f == field).map_or_else(|| field.name(), |(_, title)| title)
    }

    /// Whether a field has a column.
    pub(super) fn has(&self, field: Field) -> bool {
        self.titles.iter().any(|(f, _)| *f == field)
    }

    pub(super) fn missing(&self, field: Field) -> Refusal {
        Refusal { code: "missing", detail: format!("{} is empty", self.title(field)) }
    }

    pub(super) fn refuse(&self, code: &'static str, field: Field, text: &str, why: &str) -> Refusal {
        refuse(code, self.title(field), text, why)
    }
}

fn refuse(code: &'static str, title: &str, text: &str, why: &str) -> Refusal {
    let shown: String = text.chars().take(60).collect();
    Refusal { code, detail: format!("{title} \"{shown}\" {why}") }
}
