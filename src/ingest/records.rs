//! Fields of a row into a record, or the reason why not.

use super::number::{self, Comma};
use super::time::{BadTime, TimeRules};
use super::{Field, Mapping};
use crate::domain::calendar::Day;
use crate::domain::money::Currency;
use crate::domain::records::{Event, Kind, Record, Revenue, Spend, Text};

/// The values of a row by field; empty texts are absent.
#[derive(Debug, Default)]
pub(super) struct Draft<'a> {
    values: Vec<(Field, Text<'a>)>,
    pub(super) props: Option<String>,
}

/// What the values of a row are read with.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) kind: Kind,
    pub(super) times: TimeRules,
    pub(super) comma: Comma,
    titles: Vec<(Field, String)>,
}

/// Why a row is not taken.
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) detail: String,
}

impl<'a> Draft<'a> {
    pub(super) fn set(&mut self, field: Field, text: Text<'a>) {
        if !text.is_empty() {
            self.values.push((field, text));
        }
    }

    fn take(&mut self, field: Field) -> Option<Text<'a>> {
        let at = self.values.iter().position(|(f, _)| *f == field)?;
        Some(self.values.swap_remove(at).1)
    }
}

impl Reader {
    pub(super) fn new(mapping: &Mapping, times: TimeRules) -> Self {
        let titles = mapping.columns.iter().filter_map(|c| Some((c.field?, c.title.clone()))).collect();
        Self { kind: mapping.kind, times, comma: Comma::default(), titles }
    }

    /// Makes the record of a row.
    pub(super) fn record<'a>(&mut self, mut draft: Draft<'a>) -> Result<Record<'a>, Refusal> {
        match self.kind {
            Kind::Events => self.event(&mut draft).map(Record::Event),
            Kind::Revenue => self.revenue(&mut draft).map(Record::Revenue),
            Kind::Spend => self.spend(&mut draft).map(Record::Spend),
        }
    }

    fn event<'a>(&mut self, draft: &mut Draft<'a>) -> Result<Event<'a>, Refusal> {
        let at = self.time(draft)?;
        let name = draft.take(Field::Name).ok_or_else(|| self.missing(Field::Name))?;
        Ok(Event {
            id: draft.take(Field::Id),
            user: draft.take(Field::User),
            at,
            name,
            channel: draft.take(Field::Channel),
            platform: draft.take(Field::Platform),
            props: draft.props.take().map(Text::Owned),
        })
    }

    fn revenue<'a>(&mut self, draft: &mut Draft<'a>) -> Result<Revenue<'a>, Refusal> {
        let at = self.time(draft)?;
        let amount = self.amount(draft)?;
        Ok(Revenue {
            order: draft.take(Field::Order),
            line: draft.take(Field::Line),
            user: draft.take(Field::User),
            at,
            stream: draft.take(Field::Stream),
            amount,
            currency: self.currency(draft)?,
            refund_of: draft.take(Field::RefundOf),
            undated_refund: false,
            props: draft.props.take().map(Text::Owned),
        })
    }

    fn spend<'a>(&mut self, draft: &mut Draft<'a>) -> Result<Spend<'a>, Refusal> {
        let text = draft.take(Field::Day).ok_or_else(|| self.missing(Field::Day))?;
        let date = self
            .times
            .date(&text)
            .ok_or_else(|| self.refuse("bad_day", Field::Day, &text, "is no day from 1990 to 2100"))?;
        Ok(Spend {
            day: Day::from_date(date),
            channel: draft.take(Field::Channel),
            campaign: draft.take(Field::Campaign),
            amount: self.amount(draft)?,
            currency: self.currency(draft)?,
            impressions: self.count(draft, Field::Impressions),
            clicks: self.count(draft, Field::Clicks),
        })
    }

    fn time(&mut self, draft: &mut Draft<'_>) -> Result<crate::domain::calendar::Instant, Refusal> {
        let text = draft.take(Field::Time).ok_or_else(|| self.missing(Field::Time))?;
        self.times.instant(&text).map_err(|bad| {
            let why = match bad {
                BadTime::Unreadable => "is no time",
                BadTime::OutOfRange => "lies before 1990 or after 2100",
                BadTime::Unclear => "may be day or month first; say which with --map TITLE=time:dmy or time:mdy",
            };
            self.refuse("bad_time", Field::Time, &text, why)
        })
    }

    fn amount(&self, draft: &mut Draft<'_>) -> Result<crate::domain::money::Micros, Refusal> {
        let text = draft.take(Field::Amount).ok_or_else(|| self.missing(Field::Amount))?;
        let why = "is no amount with at most 6 decimals and 1,000,000,000 units";
        number::amount(&text, self.comma).ok_or_else(|| self.refuse("bad_amount", Field::Amount, &text, why))
    }

    fn currency(&self, draft: &mut Draft<'_>) -> Result<Option<Currency>, Refusal> {
        let Some(text) = draft.take(Field::Currency).filter(|t| !t.trim().is_empty()) else { return Ok(None) };
        let code = Currency::parse(&text);
        code.map(Some)
            .ok_or_else(|| self.refuse("bad_currency", Field::Currency, &text, "is no currency code of three letters"))
    }

    fn count(&self, draft: &mut Draft<'_>, field: Field) -> Option<u64> {
        draft.take(field).and_then(|text| number::count(&text, self.comma))
    }

    fn title(&self, field: Field) -> &str {
        self.titles.iter().find(|(f, _)| *f == field).map_or_else(|| field.name(), |(_, title)| title)
    }

    fn missing(&self, field: Field) -> Refusal {
        Refusal { code: "missing", detail: format!("{} is empty", self.title(field)) }
    }

    fn refuse(&self, code: &'static str, field: Field, text: &str, why: &str) -> Refusal {
        let shown: String = text.chars().take(60).collect();
        Refusal { code, detail: format!("{} \"{shown}\" {why}", self.title(field)) }
    }
}
