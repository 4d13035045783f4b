//! What feeds a metric: the rows that measure it, and what daily facts tell of it.

use super::{Accumulation, AcquisitionMeasure, ActivityMeasure, Feed, Measure, Metric, MoneyMeasure, split_own};

impl Measure {
    /// The rows that feed it.
    fn needs(self) -> &'static str {
        match self {
            Self::Recurring(_) => "revenue with the columns subscription, service_from and service_to",
            Self::Role(role) => role.needs(),
            Self::Content(content) => content.needs(),
            _ => match self.feed() {
                Feed::Activity => "events, or orders",
                Feed::Events => "events",
                Feed::Money => "revenue",
                Feed::ActivityAndMoney => "revenue, and events where there are any",
                Feed::Spend => "spend",
                Feed::ActivityAndSpend => "spend, and events or orders",
                Feed::All => "spend and revenue, and events where there are any",
                Feed::Content => "content items",
                Feed::Deals => "deals",
                Feed::Facts => "daily facts of this name; `quarterdeck log`, or a file of date, metric, value",
            },
        }
    }
}

impl Metric {
    /// How its days add up. An order is of one day, so that orders do although they are counted as distinct.
    pub fn over_days(&self) -> Accumulation {
        if self.measure == Measure::Money(MoneyMeasure::Orders) { Accumulation::Flow } else { self.accumulation }
    }

    /// Whether it is counted over a window that ends on the last day, however long the period is.
    pub fn is_rolling(&self) -> bool {
        matches!(self.measure, Measure::Activity(ActivityMeasure::Rolling(_)))
    }

    /// Whether daily facts tell it for a period and not for a day alone.
    pub fn is_told_by_facts(&self) -> bool {
        self.is_rolling() || matches!(self.over_days(), Accumulation::Flow | Accumulation::Level)
    }

    /// What feeds it, for one who has none of that.
    pub fn needs(&self) -> &'static str {
        match (self.measure, self.measure.feed()) {
            (Measure::Acquisition(AcquisitionMeasure::CacPaid), _) => {
                "spend and new users by channel: rows or daily facts"
            }
            (Measure::Acquisition(AcquisitionMeasure::CacBlended), _) => "spend and new users: rows or daily facts",
            (Measure::Role(_) | Measure::Content(_) | Measure::Recurring(_), _) => self.measure.needs(),
            (_, Feed::Activity) if self.is_told_by_facts() => "events, orders, or daily facts",
            (_, Feed::Events) if self.is_told_by_facts() => "events, or daily facts",
            (_, Feed::Money) if self.is_told_by_facts() => "revenue, or daily facts",
            (_, Feed::Spend) if self.is_told_by_facts() => "rows of spend, or daily facts",
            (_, Feed::Deals) if self.is_told_by_facts() => "deals, or daily facts",
            _ => self.measure.needs(),
        }
    }

    /// Name of the daily facts that feed it.
    pub fn fact(&self) -> &'static str {
        split_own(self.id).map_or(self.id, |(_, name)| name)
    }

    /// Whether it is a daily fact of an operator's own.
    pub fn is_own(&self) -> bool {
        split_own(self.id).is_some()
    }
}
