//! A question about who earns the credit for conversions, and its answer.

use crate::domain::calendar::{Day, Span};
pub use crate::metrics::attribution::Model;
use crate::metrics::number::{Number, State};

use super::Segment;

/// Days before a conversion in which touches count where nothing else is said.
pub const LOOKBACK_DAYS: u16 = 30;

/// Credit for conversions by the touches before them, and what it cost. A conversion outside of the span earns
/// nothing, even where its touches lie in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributionQuery {
    /// How credit is shared: one list of sources each.
    pub models: Vec<Model>,
    /// Days before a conversion that count; `None` is all history.
    pub lookback_days: Option<u16>,
    /// Whether a touch of exactly that age counts.
    pub inclusive: bool,
    /// Whether direct touches are left out before credit is shared.
    pub without_direct: bool,
    /// What names the source of a touch.
    pub key: TouchKey,
    /// Events that are touches, with a source or direct; none is every event that carries the key.
    pub touches: Vec<String>,
    /// What earns credit.
    pub conversion: ConversionOf,
    /// Days of the conversions and of the spend; `None` is the whole history.
    pub span: Option<Span>,
    /// Users that count.
    pub segment: Segment,
}

/// What names the source of a touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TouchKey {
    /// Channel of the event.
    Channel,
    /// Properties of the event, joined by ` / `.
    Properties(Vec<KeyPart>),
}

/// One property of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPart {
    /// Its name.
    pub property: String,
    /// Where the same value stands in spend; without one nothing is known of the cost of a source.
    pub spend: Option<SpendColumn>,
}

impl KeyPart {
    /// A property with the column of spend that its name tells: a source is a channel, a campaign is a campaign.
    pub fn named(property: &str) -> Self {
        let name = property.to_lowercase();
        let spend = if name.contains("campaign") {
            Some(SpendColumn::Campaign)
        } else if ["source", "channel"].iter().any(|part| name.contains(part)) {
            Some(SpendColumn::Channel)
        } else {
            None
        };
        Self { property: property.to_owned(), spend }
    }
}

/// A column of spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpendColumn {
    /// Channel.
    Channel,
    /// Campaign.
    Campaign,
}

/// What earns credit; only what names a user can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConversionOf {
    /// An event, with the property that holds what it brought.
    Event {
        /// Its name.
        name: String,
        /// The property; `None` brings nothing.
        value: Option<String>,
    },
    /// Orders with an amount above 0 at their first payment; they bring their payments less their refunds.
    Orders,
}

/// Credit by source.
#[derive(Debug, Clone, PartialEq)]
pub struct AttributionTable {
    /// Conversions of the span; the credit of each model adds up to it.
    pub conversions: u64,
    /// What they brought, in micros.
    pub value: i128,
    /// One list of sources a model, in the order asked; the most conversions first.
    pub models: Vec<Vec<Credited>>,
    /// Spend of the span, in micros; `None` where there is none or where the key has no column in spend.
    pub spend: Option<i128>,
    /// How much of the span everything that feeds it covers, and the last day that it does.
    pub covered: (State, Day),
    /// Amounts left out because their currency has no rate.
    pub excluded: u64,
}

/// What a source earned and cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Credited {
    /// Channel or property as imported, `(direct)`, or `(unknown)` for conversions without a touch.
    pub source: String,
    /// Conversions, a fraction where credit is shared.
    pub conversions: Number,
    /// What they brought, in micros.
    pub revenue: i128,
    /// What was spent, in micros; `None` where nothing is known.
    pub spend: Option<i128>,
    /// Spend over conversions.
    pub cac: Number,
    /// Revenue over spend.
    pub roas: Number,
}
