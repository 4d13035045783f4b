//! A question about what channels cost and brought, and its answer.

use crate::domain::calendar::{Day, Span};
pub use crate::metrics::grade::{Cuts, Grade};
pub use crate::metrics::ltv::Payback;
use crate::metrics::number::{Number, State};

use super::Segment;

/// Millionths of revenue that pay back where nothing else is said: all of it.
pub const WHOLE_MARGIN: u32 = 1_000_000;

/// What the users acquired in a span cost and brought, by first-touch channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelsQuery {
    /// Days of spend and of first activity.
    pub span: Span,
    /// Day of age at which value is held against cost.
    pub at: u16,
    /// Part of revenue, in millionths, that pays back.
    pub margin: u32,
    /// Where grades part; `None` as the workspace is set.
    pub cuts: Option<Cuts>,
    /// Users that count, and the channels whose spend does.
    pub segment: Segment,
}

/// Channels with users or spend.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelsTable {
    /// By spend, then by users, the most first.
    pub channels: Vec<(String, ChannelRow)>,
    /// The channels with spend together.
    pub paid: ChannelRow,
    /// All together, organic users included; never mixed with the paid ones.
    pub blended: ChannelRow,
    /// Where grades part.
    pub cuts: Cuts,
    /// How much of the span everything that feeds it covers, and the last day that it does.
    pub covered: (State, Day),
    /// Amounts left out because their currency has no rate.
    pub excluded: u64,
}

/// What some users cost and brought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChannelRow {
    /// Micros spent; `None` where nothing was.
    pub spend: Option<i128>,
    /// Users acquired.
    pub users: u64,
    /// Spend over users.
    pub cac: Number,
    /// Of the users, those active on day 7; `Number::None` before all are that old.
    pub retained: Number,
    /// Spend over those.
    pub per_retained: Number,
    /// Of the users, those who have paid so far.
    pub payers: u64,
    /// Spend over those.
    pub per_payer: Number,
    /// Net revenue by day 7 over spend.
    pub roas_d7: Number,
    /// Net revenue by day 30 over spend.
    pub roas_d30: Number,
    /// Net revenue a user by the day asked for.
    pub ltv: Number,
    /// That over CAC.
    pub ltv_over_cac: Number,
    /// When the spend is back.
    pub payback: Payback,
    /// How many users it keeps for its cost; `None` without spend, before all are 7 days old, and for several channels.
    pub grade: Option<Grade>,
}
