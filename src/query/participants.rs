//! A question about who took part in a campaign, and its answer.

use crate::domain::calendar::Span;
pub use crate::metrics::participants::{Campaign, roi};

use super::{BreakdownBy, Segment};

/// Who joined something in some days, what it cost and what came of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParticipantsQuery {
    /// Event that is a join; `None` is every event of the role join.
    pub event: Option<String>,
    /// Days of the joins.
    pub span: Span,
    /// Users and events that count; properties limit the joins, never what users did or paid afterwards.
    pub segment: Segment,
    /// What it cost.
    pub cost: Cost,
    /// Splits users by a value of theirs, or by that on the event of their first join in the days.
    pub by: Option<BreakdownBy>,
}

/// Where the cost of a campaign comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cost {
    /// It is not known.
    Unknown,
    /// Micros of the workspace's currency.
    Known(i64),
    /// Spend booked in the days of the joins under this campaign.
    Campaign(String),
}

/// Participants and what came of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Participants {
    /// Joins, of users or of nobody known; `None` where no event name has the role.
    pub joins: Option<u64>,
    /// Who joined, and what came of it.
    pub campaign: Campaign,
    /// One a value of the breakdown, the largest first, then [`super::OTHER`] and [`super::NO_VALUE`]; together they are the
    /// whole.
    pub parts: Vec<(String, Campaign)>,
    /// Micros; `None` where it is not known, or nothing that has a rate was booked.
    pub cost: Option<i128>,
    /// Rows of the cost, and of money of the participants, left out because their currency has no rate.
    pub excluded: u64,
}
