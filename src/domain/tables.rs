//! Kinds whose rows have a key, as tables: which columns they have, what tells rows apart, what adds up. Reading, storing,
//! proving and exporting them walk these columns.

use std::borrow::Cow;

use super::kind::Kind;
use super::money::Currency;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A day: days since 1970.
    Day,
    /// Text as written.
    Text,
    /// A channel.
    Channel,
    /// A campaign.
    Campaign,
    /// A user id.
    User,
    /// A currency code of three letters.
    Currency,
    /// An amount in micros of a currency.
    Amount,
    /// An exact number in millionths; what has more than 6 decimals is no such number.
    Decimal,
    /// A whole number from 0.
    Count,
    /// A rate above 0, as exact decimal text with at most 12 decimals.
    Rate,
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Tells rows apart.
    Key,
    /// Tells apart the records that one row of a file yields, and so rows as well.
    Name,
    /// Adds up over the rows of one key in one import; the sum replaces what earlier imports said.
    Sum,
    /// What a row says; a later row of the key says it anew.
    Said,
}

/// One column.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// Title in exports, which import reads.
    pub title: &'static str,
    /// What it holds.
    pub form: Form,
    /// What it is for.
    pub part: Part,
    /// Whether a row without it is none.
    pub needed: bool,
}

const fn key(title: &'static str, form: Form) -> Column {
    Column { title, form, part: Part::Key, needed: true }
}

const fn part(title: &'static str, form: Form, part: Part) -> Column {
    Column { title, form, part, needed: false }
}

const fn said(title: &'static str, form: Form) -> Column {
    part(title, form, Part::Said)
}

const SPEND: &[Column] = &[
    key("date", Form::Day),
    part("channel", Form::Channel, Part::Key),
    part("campaign", Form::Campaign, Part::Key),
    Column { needed: true, ..part("amount", Form::Amount, Part::Sum) },
    part("currency", Form::Currency, Part::Key),
    part("impressions", Form::Count, Part::Sum),
    part("clicks", Form::Count, Part::Sum),
];
const FACTS: &[Column] = &[
    key("date", Form::Day),
    Column { needed: true, ..part("metric", Form::Text, Part::Name) },
    Column { needed: true, ..part("value", Form::Decimal, Part::Sum) },
    part("channel", Form::Channel, Part::Key),
];
const RATES: &[Column] = &[
    key("date", Form::Day),
    key("from", Form::Currency),
    key("to", Form::Currency),
    Column { needed: true, ..said("rate", Form::Rate) },
];
const CONTENT: &[Column] = &[
    key("id", Form::Text),
    said("title", Form::Text),
    said("kind", Form::Text),
    said("author", Form::Text),
    said("planned", Form::Day),
    said("published", Form::Day),
    said("status", Form::Text),
];
const DEALS: &[Column] = &[
    key("id", Form::Text),
    said("partner", Form::Text),
    said("kind", Form::Text),
    Column { needed: true, ..said("stage", Form::Text) },
    said("value", Form::Amount),
    said("currency", Form::Currency),
    said("due", Form::Day),
    said("received", Form::Day),
];
const LINKS: &[Column] = &[key("alias", Form::User), Column { needed: true, ..said("user", Form::User) }];

/// Columns of a kind in the order of its export; none of the kinds that have a form of their own.
pub fn columns(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::Events | Kind::Revenue => &[],
        Kind::Spend => SPEND,
        Kind::Facts => FACTS,
        Kind::Rates => RATES,
        Kind::Content => CONTENT,
        Kind::Deals => DEALS,
        Kind::Links => LINKS,
    }
}

impl Kind {
    /// Whether a row is about a whole day rather than an instant.
    pub fn is_daily(self) -> bool {
        columns(self).iter().any(Column::is_date)
    }

    /// Whether rows carry amounts, and so need a currency.
    pub fn has_amounts(self) -> bool {
        self == Self::Revenue || columns(self).iter().any(|column| column.form == Form::Amount)
    }
}

impl Column {
    /// Whether it tells rows apart.
    pub fn is_key(&self) -> bool {
        matches!(self.part, Part::Key | Part::Name)
    }

    /// Whether it is the day that a row is about.
    pub fn is_date(&self) -> bool {
        self.form == Form::Day && self.is_key()
    }
}

/// What stands in a column of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// A day, millionths, or a count.
    Int(i64),
    /// Text, a code, or a rate.
    Text(Cow<'a, str>),
}

impl Cell<'_> {
    /// The number in it.
    pub fn int(&self) -> Option<i64> {
        if let Self::Int(n) = self { Some(*n) } else { None }
    }

    /// The text in it.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn into_owned(self) -> Cell<'static> {
        match self {
            Self::Null => Cell::Null,
            Self::Int(n) => Cell::Int(n),
            Self::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
        }
    }
}

impl<'a> From<Option<Cow<'a, str>>> for Cell<'a> {
    fn from(text: Option<Cow<'a, str>>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

impl From<Option<i64>> for Cell<'_> {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Null, Self::Int)
    }
}

/// A row of a kind that [`columns`] describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'a> {
    /// Its kind.
    pub kind: Kind,
    /// One cell a column.
    pub cells: Vec<Cell<'a>>,
}

impl Row<'_> {
    /// Columns with their cells.
    pub fn pairs(&self) -> impl Iterator<Item = (&'static Column, &Cell<'_>)> {
        columns(self.kind).iter().zip(&self.cells)
    }

    /// The currency of its amount as written; `None` where the kind has no amounts.
    pub fn currency(&self) -> Option<Currency> {
        let code = self.pairs().find(|(column, _)| column.form == Form::Currency);
        code.filter(|_| self.kind.has_amounts()).and_then(|(_, cell)| Currency::parse(cell.text()?))
    }

    /// The same row with text of its own.
    pub fn into_owned(self) -> Row<'static> {
        Row { kind: self.kind, cells: self.cells.into_iter().map(Cell::into_owned).collect() }
    }
}
