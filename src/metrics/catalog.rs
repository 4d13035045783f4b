//! METRICS: one row per number the product can show.

mod content;
mod names;
mod others;
mod own;
mod recurring;
mod roles;
mod rows;
mod told;

pub use content::ContentMeasure;
pub use names::meant;
pub use others::DealMeasure;
pub use own::{PREFIXES, own, split as split_own};
pub use recurring::RecurringMeasure;
pub use roles::{ACTIVE_WITHIN, RoleMeasure};
pub use rows::METRICS;

/// How a metric adds up over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accumulation {
    /// Adds over days: revenue, orders.
    Flow,
    /// A state at a point in time.
    Level,
    /// Numerator over denominator; never added or averaged.
    Ratio,
    /// Counted or compared by user over the whole of a period, such as distinct users; never added.
    Unique,
}

/// What a higher value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Higher is better.
    Up,
    /// Lower is better.
    Down,
}

/// Unit of a metric's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Users.
    Users,
    /// Orders.
    Orders,
    /// Events.
    Events,
    /// Money of the workspace's currency.
    Money,
    /// Money per user, payer or order.
    MoneyPer,
    /// Events per user.
    EventsPer,
    /// A fraction, shown as percent.
    Rate,
    /// How many times one number is of another.
    Times,
}

impl Unit {
    /// Why nothing of it can have a value; `None` where something can. Money comes back, and a number of one's own may
    /// be a difference.
    pub fn refuses(self, value: f64) -> Option<String> {
        let counts = value < 0.0 && !matches!(self, Self::Money | Self::Times);
        counts.then(|| "is below 0; it counts something, give 0 or more".to_owned())
    }
}

/// Which of the three focuses a metric serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// New users at falling cost.
    Acquire,
    /// Activate and retain.
    Retain,
    /// Revenue.
    Revenue,
}

/// How a metric is computed; the definitions are those of `metrics.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Users by the days on which they were active.
    Activity(ActivityMeasure),
    /// Events with or without a user.
    Events,
    /// Payments, refunds and who they came from.
    Money(MoneyMeasure),
    /// Money spent on acquisition.
    Spend,
    /// What users acquired in the period cost and brought.
    Acquisition(AcquisitionMeasure),
    /// Events by what their names mean.
    Role(RoleMeasure),
    /// What is published, and what it brings.
    Content(ContentMeasure),
    /// What subscriptions are worth a month.
    Recurring(RecurringMeasure),
    /// Deals with partners.
    Deals(DealMeasure),
    /// Nothing but daily facts of its name.
    Facts,
}

/// A measure of users by the day they were acquired on, their first active day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcquisitionMeasure {
    /// Spend over the users of the channels that have spend.
    CacPaid,
    /// All spend over all users.
    CacBlended,
    /// Spend over those users of channels with spend who were active on day [`RETAINED_DAY`].
    PerRetained,
    /// Spend over those users of channels with spend who have paid.
    PerPayer,
    /// Net revenue by day n over spend.
    Roas(u16),
    /// Net revenue by day n over users.
    Ltv(u16),
}

/// The day on which a user who is active counts as retained where his cost is told.
pub const RETAINED_DAY: u16 = 7;

/// A measure of active users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityMeasure {
    /// Distinct active users of the bucket.
    Active,
    /// Mean over the covered days of the bucket of each day's active users.
    DailyActive,
    /// Distinct active users of this many days, ending on the last day of the bucket.
    Rolling(u16),
    /// Users whose first active day lies in the bucket.
    New,
    /// Active in the bucket and in the one before.
    Returning,
    /// Active in the bucket, not in the one before, but earlier.
    Resurrected,
    /// Active in the bucket before, not in this one.
    Dormant,
    /// New and resurrected over dormant; nothing where nobody went dormant.
    QuickRatio,
    /// Mean daily active users of 30 days over the active users of the same days.
    Stickiness,
    /// Active on the n-th day after the first, of those whose n-th day lies in the bucket.
    DayN(u16),
}

/// A measure of payments and refunds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyMeasure {
    /// Amounts above 0.
    Gross,
    /// Amounts below 0.
    Refunds,
    /// Gross less refunds.
    Net,
    /// Net of rows that name a user.
    NetAttributed,
    /// Distinct order ids with an amount above 0.
    Orders,
    /// Distinct users with an amount above 0.
    Payers,
    /// Net of identified users over active users.
    Arpu,
    /// Net of identified users over payers.
    Arppu,
    /// Net of identified users over active user-days.
    Arpdau,
    /// Payers over active users.
    PaidRate,
}

/// What a metric is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feed {
    /// Events; paid and free orders while there are no events at all.
    Activity,
    /// Events, whatever else there is.
    Events,
    /// Payments and refunds.
    Money,
    /// Activity and money.
    ActivityAndMoney,
    /// Spend.
    Spend,
    /// Activity and spend.
    ActivityAndSpend,
    /// Activity, money and spend.
    All,
    /// Content items.
    Content,
    /// Deals.
    Deals,
    /// No rows: what is known of it is typed or imported as totals of a day.
    Facts,
}

impl Measure {
    /// What it is computed from.
    pub fn feed(self) -> Feed {
        match self {
            Self::Activity(_) => Feed::Activity,
            Self::Role(RoleMeasure::Ecpm) => Feed::ActivityAndMoney,
            Self::Events | Self::Role(_) => Feed::Events,
            Self::Money(money) => money.feed(),
            Self::Spend => Feed::Spend,
            Self::Acquisition(acquisition) => acquisition.feed(),
            Self::Content(content) => content.feed(),
            Self::Recurring(_) => Feed::Money,
            Self::Deals(_) => Feed::Deals,
            Self::Facts => Feed::Facts,
        }
    }

    /// Days that must have passed since a bucket before its value is known; it is never known in part.
    pub fn age(self) -> u16 {
        match self {
            Self::Acquisition(AcquisitionMeasure::Roas(n) | AcquisitionMeasure::Ltv(n)) => n,
            Self::Acquisition(AcquisitionMeasure::PerRetained) => RETAINED_DAY,
            Self::Activity(_)
            | Self::Events
            | Self::Money(_)
            | Self::Spend
            | Self::Acquisition(_)
            | Self::Role(_)
            | Self::Content(_)
            | Self::Recurring(_)
            | Self::Deals(_)
            | Self::Facts => 0,
        }
    }

    /// Whether one event can stand for all activity, or is what it is about.
    pub fn takes_event(self) -> bool {
        matches!(self, Self::Activity(_) | Self::Role(RoleMeasure::Penetration))
    }

    /// Whether its ratio is a share of independent users, so that two values can be tested against chance.
    pub fn is_proportion(self) -> bool {
        matches!(
            self,
            Self::Activity(ActivityMeasure::DayN(_))
                | Self::Money(MoneyMeasure::PaidRate)
                | Self::Role(
                    RoleMeasure::WinBack
                        | RoleMeasure::Penetration
                        | RoleMeasure::LevelUp
                        | RoleMeasure::Activation
                        | RoleMeasure::ParticipantD7
                )
                | Self::Recurring(RecurringMeasure::CustomerChurn)
        )
    }
}

impl MoneyMeasure {
    fn feed(self) -> Feed {
        match self {
            Self::Gross | Self::Refunds | Self::Net | Self::NetAttributed | Self::Orders | Self::Payers => Feed::Money,
            Self::Arpu | Self::Arppu | Self::Arpdau | Self::PaidRate => Feed::ActivityAndMoney,
        }
    }
}

impl AcquisitionMeasure {
    fn feed(self) -> Feed {
        match self {
            Self::CacPaid | Self::CacBlended | Self::PerRetained => Feed::ActivityAndSpend,
            Self::PerPayer | Self::Roas(_) => Feed::All,
            Self::Ltv(_) => Feed::ActivityAndMoney,
        }
    }
}

/// One metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// Stable id, as in `quarterdeck metric ID`.
    pub id: &'static str,
    /// Name on screens.
    pub name: &'static str,
    /// Unit of its value.
    pub unit: Unit,
    /// How it adds up.
    pub accumulation: Accumulation,
    /// What a higher value means.
    pub direction: Direction,
    /// Focus it serves.
    pub focus: Focus,
    /// How it is computed.
    pub measure: Measure,
    /// The formula in words, as shown in the number detail.
    pub formula: &'static str,
    /// Whether a channel segment can be applied.
    pub by_channel: bool,
    /// Whether a platform segment can be applied.
    pub by_platform: bool,
    /// Whether it can be split by revenue stream.
    pub by_stream: bool,
}

impl Metric {
    /// Why it cannot have a value, a fraction where it is a rate; `None` where it can.
    pub fn refuses(&self, value: f64) -> Option<String> {
        if value > 1.0 && self.measure.is_proportion() {
            return Some(format!("{:.0}% is more than all of them; give 0% to 100%", value * 100.0));
        }
        self.unit.refuses(value)
    }

    /// Whether it belongs to users alone, so that it can be limited to some of them by when they came; spend does not.
    pub fn has_users(&self) -> bool {
        self.by_channel && !matches!(self.measure.feed(), Feed::Spend | Feed::ActivityAndSpend | Feed::All)
    }
}

/// Looks a metric up by id, or a daily fact that the workspace holds by `fact:NAME` or `level:NAME`.
pub fn find(id: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|m| m.id == id).or_else(|| own::known(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_row_says_what_it_computes() {
        let mut ids: Vec<_> = METRICS.iter().map(|m| m.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), METRICS.len());
        assert!(METRICS.iter().all(|m| !m.name.is_empty() && m.formula.len() > 10));
        assert_eq!(find("d7").map(|m| m.measure), Some(Measure::Activity(ActivityMeasure::DayN(7))));
        assert_eq!(find("nothing"), None);
    }

    #[test]
    fn money_is_never_split_by_platform_and_activity_never_by_stream() {
        for metric in METRICS {
            let money = matches!(metric.measure.feed(), Feed::Money | Feed::ActivityAndMoney);
            assert!(!(money && metric.by_platform), "{}", metric.id);
            // eCPM is of one stream already.
            assert_eq!(metric.by_stream, money && metric.id != "ecpm", "{}", metric.id);
        }
    }
}
