//! A field of a form: its row of the table, what is typed into it, and how that is read.

use crate::domain::calendar::{Day, Span};
use crate::domain::plans::{Anchor, Book, Filter, Plan};
use crate::query::{Fault, Unit};
use crate::ui::amount;
use crate::ui::when::{Due, due, when};

use super::super::super::view::Env;
use super::super::super::written;
use super::super::line::TextLine;

/// What the options of a form are made from.
#[derive(Debug, Clone, Copy)]
pub struct Pool<'a> {
    /// All records.
    pub book: &'a Book,
    /// The plan that the form is about.
    pub plan: Option<i64>,
    /// Today.
    pub today: Day,
}

impl Pool<'_> {
    /// The period of the plan that the form is about.
    pub(super) fn span(&self) -> Option<Span> {
        self.plan.and_then(|id| self.book.plan(id)).map(Plan::span)
    }
}

/// A value that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opt {
    /// As it stands in the field.
    pub value: String,
    /// What it means.
    pub about: String,
}

impl Opt {
    /// As screens show it: a number says nothing, so what it stands for is shown.
    pub fn shown(&self) -> &str {
        if self.value.parse::<i64>().is_ok() && !self.about.is_empty() { &self.about } else { &self.value }
    }

    /// A value and what it means.
    pub fn new(value: impl Into<String>, about: impl Into<String>) -> Self {
        Self { value: value.into(), about: about.into() }
    }
}

/// How a field is read.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Any text.
    Text,
    /// A text of several lines, for an editor.
    Long,
    /// A day; steps count from another field, where one is named.
    Day(&'static str),
    /// A day, or days counted from an end of the plan that the form is about: `start-7`, `finish+3`.
    Due,
    /// A value in the unit of the form.
    Amount,
    /// Money or pieces in millionths.
    Micros,
    /// A number that may have decimals.
    Number,
    /// A whole number from 0 up.
    Count,
    /// One of these.
    Choice(fn(&Pool<'_>) -> Vec<Opt>),
    /// One of these, or any text.
    Known(fn(&Pool<'_>) -> Vec<Opt>),
    /// Phases between the fields `start` and `finish`.
    Phases,
    /// Rows that count.
    Filter,
}

/// A row of the table of a form.
#[derive(Debug, Clone, Copy)]
pub struct FieldRow {
    /// Name in the record, by which it is refused.
    pub id: &'static str,
    /// Section that it stands in.
    pub section: &'static str,
    /// Name on screen.
    pub label: &'static str,
    /// How it is read.
    pub kind: Kind,
    /// It may not be empty.
    pub need: bool,
    /// What it is for, on row 23.
    pub hint: &'static str,
}

/// A field with its text.
pub struct Field {
    pub row: &'static FieldRow,
    pub line: TextLine,
    pub options: Vec<Opt>,
    /// The cursor has been in it and went on, or saving was tried.
    pub passed: bool,
    first: String,
}

impl Field {
    pub fn new(row: &'static FieldRow, text: String, pool: &Pool<'_>) -> Self {
        let options = match row.kind {
            Kind::Choice(options) | Kind::Known(options) => options(pool),
            _ => Vec::new(),
        };
        Self { row, line: TextLine::new(text.clone()), options, passed: false, first: text }
    }

    pub fn is_choice(&self) -> bool {
        matches!(self.row.kind, Kind::Choice(_))
    }

    /// Whether it is for the editor: nothing is typed into it here, except where no editor is set.
    pub fn is_for_editor(&self, env: &Env<'_>) -> bool {
        matches!(self.row.kind, Kind::Long) && env.editor
    }

    /// The lines of a text as one.
    pub fn one_line(&self) -> String {
        self.line.text().replace('\n', " / ")
    }

    /// The text as screens show it.
    pub fn shown(&self) -> &str {
        let text = self.line.text();
        let option = self.options.iter().find(|opt| opt.value == text).filter(|_| self.is_choice());
        option.map_or(text, Opt::shown)
    }

    pub fn is_touched(&self) -> bool {
        self.first != self.line.text()
    }

    /// Whether it waits to be filled for the first time: no error yet.
    pub fn waits(&self) -> bool {
        self.row.need && self.is_ahead()
    }

    /// Whether it is empty and nobody has come to it yet.
    pub fn is_ahead(&self) -> bool {
        !self.passed && self.line.text().trim().is_empty()
    }

    /// Takes the next or previous option.
    pub fn turn(&mut self, step: isize) {
        let count = self.options.len();
        if count == 0 {
            return;
        }
        let now = self.options.iter().position(|opt| opt.value == self.line.text());
        let to = now.map_or(0, |at| at.saturating_add_signed(step).min(count - 1));
        self.line.set(self.options[to].value.clone());
    }

    /// What the text is read as, in words; what is wrong with it.
    pub fn read(&self, values: &Values<'_>) -> Result<String, String> {
        let text = self.line.text().trim();
        if text.is_empty() {
            return if self.row.need { Err("must not be empty".to_owned()) } else { Ok(String::new()) };
        }
        match self.row.kind {
            Kind::Text | Kind::Long => Ok(String::new()),
            Kind::Day(from) => self.day(values, from).map(|day| written::day_told(day, values.today)),
            Kind::Due => due(text).and_then(|due| values.due_day(due)).map(|day| written::day_told(day, values.today)),
            Kind::Amount => {
                let unit = values.unit.ok_or("choose a metric first: the target is in its unit")?;
                amount::parse(text, unit).map(|value| amount::full(Some(value), unit))
            }
            Kind::Micros => amount::parse(text, Unit::Money).map(|value| amount::full(Some(value), Unit::Money)),
            Kind::Number => match text.parse::<f64>() {
                Ok(number) if number.is_finite() && number >= 0.0 => Ok(String::new()),
                _ => Err(format!("\"{text}\" is no number from 0 up")),
            },
            Kind::Count => match text.parse::<i64>() {
                Ok(number) if number >= 0 => Ok(String::new()),
                _ => Err(format!("\"{text}\" is no whole number from 0 up")),
            },
            Kind::Choice(_) => match self.options.iter().find(|opt| opt.value == text) {
                Some(opt) if opt.shown() == opt.about => Ok(String::new()),
                Some(opt) => Ok(opt.about.clone()),
                None => Err(format!("\"{text}\" is none of the choices")),
            },
            Kind::Known(_) => {
                Ok(self.options.iter().find(|opt| opt.value == text).map(|opt| opt.about.clone()).unwrap_or_default())
            }
            // Without its days the fault is theirs.
            Kind::Phases => values.span().map_or(Ok(String::new()), |span| {
                written::phases(text, span).map(|phases| match phases.len() {
                    1 => "1 phase".to_owned(),
                    n => format!("{n} phases"),
                })
            }),
            Kind::Filter => written::filter(text).map(|filter| filter.words()),
        }
    }

    fn day(&self, values: &Values<'_>, from: &str) -> Result<Day, String> {
        let from = if from.is_empty() { None } else { values.day(from) };
        when(self.line.text()).map(|when| when.counted_from(from.unwrap_or(values.today), values.today))
    }
}

/// The texts of a form, read.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    pub(super) fields: &'a [Field],
    pub(super) today: Day,
    pub(super) unit: Option<Unit>,
    /// The period of the plan that the form is about.
    pub(super) plan: Option<Span>,
}

impl Values<'_> {
    fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.row.id == id)
    }

    /// Today in the workspace's zone.
    pub fn today(&self) -> Day {
        self.today
    }

    /// The text of a field without blanks around it.
    pub fn text(&self, id: &str) -> &str {
        self.field(id).map_or("", |field| field.line.text().trim())
    }

    /// The day of a field.
    pub fn day(&self, id: &str) -> Option<Day> {
        let field = self.field(id)?;
        let Kind::Day(from) = field.row.kind else { return None };
        field.day(self, from).ok()
    }

    fn due_day(&self, due: Due) -> Result<Day, String> {
        written::due_day(due, self.plan, self.today)
    }

    /// What a task holds of a day that may count from its plan: anchor, days from there, a day of its own.
    pub fn due(&self, id: &str) -> (Option<Anchor>, Option<i64>, Option<Day>) {
        due(self.text(id)).map_or((None, None, None), |due| due.parts(|when| when.after(self.today)))
    }

    /// The value of a field in the unit of the form.
    pub fn amount(&self, id: &str) -> Option<f64> {
        amount::parse(self.text(id), self.unit?).ok()
    }

    /// Money or pieces of a field in millionths; 0 where it is empty.
    pub fn micros(&self, id: &str) -> i64 {
        amount::parse(self.text(id), Unit::Money).map_or(0, |value| value.round() as i64)
    }

    /// The number of a field.
    pub fn number(&self, id: &str) -> Option<f64> {
        self.text(id).parse().ok()
    }

    /// The whole number of a field.
    pub fn count(&self, id: &str) -> Option<i64> {
        self.text(id).parse().ok()
    }

    /// The filter of a field.
    pub fn filter(&self, id: &str) -> Filter {
        written::filter(self.text(id)).unwrap_or_default()
    }

    /// The days between the fields `start` and `finish`.
    ///
    /// # Errors
    /// Which of them is missing, or that they are the wrong way round.
    pub fn span(&self) -> Result<Span, String> {
        match (self.day("start"), self.day("finish")) {
            (Some(start), Some(finish)) if start <= finish => Ok(Span::new(start, finish)),
            (Some(start), Some(finish)) => Err(format!("{finish} is before the start {start}; try +30d")),
            _ => Err("start and finish come first".to_owned()),
        }
    }

    /// A refusal where the days are the wrong way round.
    pub fn days_fault(&self) -> Option<Fault> {
        self.span().err().map(|text| Fault { field: "finish".to_owned(), text })
    }
}
