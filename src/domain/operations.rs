//! The seven operation types, one row each. Tabs, keys and plans take names, order and content from here,
//! and Today its numbers.

/// One type of internet operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Stable id used in commands and storage.
    pub id: &'static str,
    /// Full name on wide screens.
    pub name: &'static str,
    /// Name at 80 columns.
    pub short: &'static str,
    /// Ids of the three numbers at the top of its tab.
    pub headline: [&'static str; 3],
    /// Pages of its own tables; the first is shown first.
    pub pages: &'static [&'static [Section]],
}

/// Ids of the numbers on Today: acquire, retain, revenue.
pub const HEADLINE: [&str; 12] =
    ["new_users", "spend", "dau", "wau", "mau", "stickiness", "d1", "d7", "d30", "net", "payers", "arpu"];

/// A table of a tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// How far users get, step by step.
    Funnel,
    /// Users of each event, and whether they come back.
    Features,
    /// What somebody said.
    Feedback,
    /// Daily facts of the operator's own.
    Numbers,
    /// Where active users come from, and who is gone.
    Lifecycle,
    /// Payers by recency, frequency and money.
    Rfm,
    /// How payers moved between these classes.
    Moves,
    /// Touches and who came back, by channel.
    Recall,
    /// Users by level of the incentive system.
    Levels,
    /// Plans of the type activity, with what came of them.
    Campaigns,
    /// Users by what they did in the campaign.
    Turnout,
    /// What each of these plans came to by phase.
    Phases,
    /// What users did in their days, beside the round before.
    Round,
    /// Their participants by channel and platform.
    Joiners,
    /// Spend by channel and campaign.
    Ads,
    /// What each of these cost and brought by week.
    CampaignWeeks,
    /// Spend and new users by week.
    AdWeeks,
    /// What runs in the weeks around today.
    Calendar,
    /// What competitors did.
    Competitors,
    /// Content items with what they bring.
    Items,
    /// What is planned to be published.
    Queue,
    /// Money by stream.
    Streams,
    /// Money a head.
    PerHead,
    /// Deals by stage.
    Pipeline,
    /// Deals one by one.
    Deals,
    /// What partners owe.
    Receivables,
    /// Advertising beside retention, by week.
    AdLoad,
    /// What channels cost and bring.
    Ledger,
    /// When the money spent on each channel is back.
    Payback,
    /// Cost of a kept user by channel and week.
    KeptWeeks,
    /// A change of D7 by channel: mix and rate.
    Mix,
}

impl Section {
    /// The table whose rows this one shows the parts of, those of one row at a time.
    pub fn parts_of(self) -> Option<Self> {
        match self {
            Self::CampaignWeeks => Some(Self::Ads),
            Self::Phases | Self::Round | Self::Joiners => Some(Self::Campaigns),
            _ => None,
        }
    }

    /// Whether its numbers are of days that its rows or columns name, not of the period.
    pub fn has_own_days(self) -> bool {
        self.is_of_plans() || self.is_by_week() || self == Self::Payback
    }

    /// Whether its rows or columns are weeks.
    pub fn is_by_week(self) -> bool {
        matches!(self, Self::CampaignWeeks | Self::AdWeeks | Self::KeptWeeks | Self::AdLoad)
    }

    /// Whether it tells of plans, which change without a row of data.
    pub fn is_of_plans(self) -> bool {
        matches!(self, Self::Campaigns | Self::Phases | Self::Round | Self::Joiners | Self::Calendar)
    }
}

/// All operation types in the order of keys `1` to `7`.
pub const OPERATIONS: [Operation; 7] = [
    Operation {
        id: "product",
        name: "Product",
        short: "Prod",
        headline: ["activation", "d1", "payment_success"],
        pages: &[&[Section::Funnel, Section::Features], &[Section::Feedback], &[Section::Numbers]],
    },
    Operation {
        id: "user",
        name: "User",
        short: "User",
        headline: ["d7", "stickiness", "touches_per_user_week"],
        pages: &[
            &[Section::Lifecycle],
            &[Section::Rfm, Section::Moves],
            &[Section::Recall, Section::Levels],
            &[Section::Mix],
        ],
    },
    Operation {
        id: "activity",
        name: "Activity",
        short: "Activ",
        headline: ["participants", "participant_d7", "invites_per_active"],
        pages: &[&[Section::Campaigns, Section::Phases], &[Section::Round], &[Section::Joiners], &[Section::Turnout]],
    },
    Operation {
        id: "market",
        name: "Market",
        short: "Mkt",
        headline: ["spend", "cac_paid", "brand_searches"],
        pages: &[
            &[Section::Ads],
            &[Section::CampaignWeeks],
            &[Section::AdWeeks],
            &[Section::Calendar, Section::Competitors],
        ],
    },
    Operation {
        id: "content",
        name: "Content",
        short: "Cont",
        headline: ["content_uniques", "content_completion", "content_on_time"],
        pages: &[&[Section::Items], &[Section::Queue]],
    },
    Operation {
        id: "commercial",
        name: "Commercial",
        short: "Comm",
        headline: ["deals_received", "paid_rate", "deals_overdue"],
        pages: &[
            &[Section::Streams, Section::PerHead],
            &[Section::Pipeline, Section::Deals],
            &[Section::Receivables, Section::AdLoad],
        ],
    },
    Operation {
        id: "channel",
        name: "Channel",
        short: "Chan",
        headline: ["new_users", "cost_per_retained", "roas_d30"],
        pages: &[&[Section::Ledger], &[Section::Payback], &[Section::KeptWeeks], &[Section::Mix]],
    },
];

impl Operation {
    /// Its tables, page by page.
    pub fn sections(&self) -> impl Iterator<Item = Section> {
        self.pages.iter().copied().flatten().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_but_the_change_of_d7_belongs_to_one_tab() {
        let mut all: Vec<Section> = OPERATIONS.iter().flat_map(Operation::sections).collect();
        let both = all.iter().position(|section| *section == Section::Mix).unwrap();
        all.remove(both);
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
