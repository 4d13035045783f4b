//! A question about what campaigns cost and whom they brought, and its answer.

use crate::domain::calendar::{Day, Grain, Span};
pub use crate::metrics::campaigns::Bill;
use crate::metrics::number::State;

use super::Segment;

/// Spend and new users by channel and campaign. The campaign of a user is `utm_campaign` of the first touch; it is that of
/// spend with the same channel and name, whatever its case and outer blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignsQuery {
    /// Days of spend and of first activity.
    pub span: Span,
    /// Width of the buckets; `None` is one for the whole span.
    pub grain: Option<Grain>,
    /// Users that count, and the channels whose spend does.
    pub segment: Segment,
}

/// Campaigns of the channels with spend in the span.
#[derive(Debug, Clone, PartialEq)]
pub struct CampaignsTable {
    /// The buckets, cut to the span.
    pub buckets: Vec<Span>,
    /// By spend, then by users, the most first.
    pub rows: Vec<CampaignRow>,
    /// Of each bucket the channels with spend in it together: the users are those of `cac_paid`.
    pub paid: Vec<Bill>,
    /// How much of the span everything that feeds it covers, and the last day that it does.
    pub covered: (State, Day),
    /// Rows of spend left out because their currency has no rate.
    pub excluded: u64,
}

/// A campaign on a channel.
#[derive(Debug, Clone, PartialEq)]
pub struct CampaignRow {
    /// The channel.
    pub channel: String,
    /// The campaign: [`super::NO_VALUE`] for what names none on a channel whose events name campaigns, empty where they
    /// never do.
    pub campaign: String,
    /// What it cost and brought in each bucket. Where no event of the channel names a campaign, users of a campaign with a
    /// name are not known, and all new users of the channel are those without one.
    pub bills: Vec<Bill>,
}

impl CampaignRow {
    /// `feed-a / spring`, and the channel alone for what names no campaign.
    pub fn name(&self) -> String {
        if self.campaign.is_empty() { self.channel.clone() } else { format!("{} / {}", self.channel, self.campaign) }
    }

    /// All buckets together.
    pub fn whole(&self) -> Bill {
        self.bills.iter().fold(Bill::default(), |mut sum, bill| {
            sum.add(*bill);
            sum
        })
    }
}
