//! METRICS: one row per number the product can show.

mod content;
mod recurring;
mod roles;

pub use content::ContentMeasure;
use content::of_content;
pub use recurring::RecurringMeasure;
use recurring::recurring;
pub use roles::RoleMeasure;
use roles::by_role;

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
            | Self::Recurring(_) => 0,
        }
    }

    /// The rows that feed it, for one who has none.
    pub fn needs(self) -> &'static str {
        match self {
            Self::Recurring(_) => "revenue with the columns subscription, service_from and service_to",
            Self::Role(_) => "events of the roles in its formula; `quarterdeck role` shows and sets what names mean",
            Self::Content(_) => "events of the roles in its formula with a property content, or content items",
            _ => match self.feed() {
                Feed::Activity => "events, or orders",
                Feed::Events => "events",
                Feed::Money => "revenue",
                Feed::ActivityAndMoney => "revenue, and events where there are any",
                Feed::Spend => "spend",
                Feed::ActivityAndSpend => "spend, and events or orders",
                Feed::All => "spend and revenue, and events where there are any",
                Feed::Content => "content items",
            },
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
                | Self::Role(RoleMeasure::WinBack | RoleMeasure::Penetration | RoleMeasure::LevelUp)
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
    /// Whether it belongs to users alone, so that it can be limited to some of them by when they came; spend does not.
    pub fn has_users(&self) -> bool {
        self.by_channel && !matches!(self.measure.feed(), Feed::Spend | Feed::ActivityAndSpend | Feed::All)
    }
}

/// Looks a metric up by id.
pub fn find(id: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|m| m.id == id)
}

/// A row about users by the day they were acquired on: id, name and formula, and how it is computed.
const fn acquired(
    (id, name, formula): (&'static str, &'static str, &'static str),
    measure: AcquisitionMeasure,
) -> Metric {
    let brings = matches!(measure, AcquisitionMeasure::Roas(_) | AcquisitionMeasure::Ltv(_));
    Metric {
        id,
        name,
        unit: if matches!(measure, AcquisitionMeasure::Roas(_)) { Unit::Rate } else { Unit::MoneyPer },
        accumulation: Accumulation::Ratio,
        direction: if brings { Direction::Up } else { Direction::Down },
        focus: if brings { Focus::Revenue } else { Focus::Acquire },
        measure: Measure::Acquisition(measure),
        formula,
        // The blended cost is that of all channels together.
        by_channel: !matches!(measure, AcquisitionMeasure::CacBlended),
        by_platform: false,
        by_stream: matches!(measure, AcquisitionMeasure::Ltv(_)),
    }
}

/// The catalogue.
pub static METRICS: &[Metric] = &[
    Metric {
        id: "new_users",
        name: "New users",
        unit: Unit::Users,
        accumulation: Accumulation::Flow,
        direction: Direction::Up,
        focus: Focus::Acquire,
        measure: Measure::Activity(ActivityMeasure::New),
        formula: "users whose first active day lies in the period; first over the whole history",
        by_channel: true,
        by_platform: true,
        by_stream: false,
    },
    Metric {
        id: "spend",
        name: "Spend",
        unit: Unit::Money,
        accumulation: Accumulation::Flow,
        direction: Direction::Down,
        focus: Focus::Acquire,
        measure: Measure::Spend,
        formula: "sum of spend booked in the period",
        by_channel: true,
        by_platform: false,
        by_stream: false,
    },
    Metric {
        id: "dau",
        name: "DAU",
        unit: Unit::Users,
        accumulation: Accumulation::Level,
        direction: Direction::Up,
        focus: Focus::Retain,
        measure: Measure::Activity(ActivityMeasure::DailyActive),
        formula: "mean over the days of the period of the distinct users active each day",
        by_channel: true,
        by_platform: true,
        by_stream: false,
    },
    Metric {
        id: "wau",
        name: "WAU",
        unit: Unit::Users,
        accumulation: Accumulation::Unique,
        direction: Direction::Up,
        focus: Focus::Retain,
        measure: Measure::Activity(ActivityMeasure::Rolling(7)),
        formula: "distinct users active in the 7 days that end on the last day of the period",
        by_channel: true,
        by_platform: true,
        by_stream: false,
    },
    Metric {
        id: "mau",
        name: "MAU",
        unit: Unit::Users,
        accumulation: Accumulation::Unique,
        direction: Direction::Up,
        focus: Focus::Retain,
        measure: Measure::Activity(ActivityMeasure::Rolling(30)),
        formula: "distinct users active in the 30 days that end on the last day of the period",
        by_channel: true,
        by_platform: true,
        by_stream: false,
    },
    Metric {
        id: "active_users",
        name: "Active users",
        unit: Unit::Users,
        accumulation: Accumulation::Unique,
        direction: Direction::Up,
        focus: Focus::Retain,
        measure: Measure::Activity(ActivityMeasure::Active),
        formula: "distinct users active in the period, or in a window that ends on its last day",
        by_channel: true,
        by_platform: true,
        by_stream: false,
    },
    Metric {
        id: "returning_users",
        name: "Returning users",
        unit: Unit::Users,
        accumulation: Accumulation::Unique,
        direction: Direction::Up,
        focus: Focus::Retain,
        measure: Measure::Activity(ActivityMeasure::Returning),
        formula: "users active in the period and in the period before",
        by_channel: true,
        by_platform: true,
        by_stream: false,
    },
    Metric {
        id: "resurrected_users",
        name: "Resurrected users",
        unit: Unit::Users,
        accumulation: Accumulation::Unique,
        direction: Direction::Up,
        focus: Focus::Retain,
        measure: Measure::Activity(ActivityMeasure::Resurrected),
        formula: "users active in the period, not in the one before, but earlier",
        by_channel: true,
        by_platform: true,
        by_stream: false,
    },
    Metric {
        id: "dormant_users",
        name: "Dormant users",
        unit: Unit::Users,
        accumulation: Accumulation::Unique,
        direction: Direction::Down,
        focus: Focus::Retain,
        measure: Measure::Activity(ActivityMeasure::Dormant),
        formula: "users active in the period before and not in the period",
        by_channel: true,
        by_platform: true,
        by_stream: false,
    },
    Metric {
        id: "stickiness",
        name: "Stickiness",
        unit: Unit::Rate,
        accumulation: Accumulation::Ratio,
        direction: Direction::Up,
        focus: Focus::Retain,
        measure: Measure::Activity(ActivityMeasure::Stickiness),
        formula: "mean DAU of the 30 days that end on the last day of the period / MAU of the same days",
        by_channel: true,
        by_platform: true,
        by_stream: false,
    },
    Metric {
        id: "d1",
        name: "D1",
        unit: Unit::Rate,
        accumulation: Accumulation::Ratio,
        direction: Direction::Up,
        focus: Focus::Retain,
        measure: Measure::Activity(ActivityMeasure::DayN(1)),
        formula: "new users active on the day after their first / new users whose day 1 lies in the period",
        by_channel: true,
        by_platform: true,
        by_stream: false,
    },
    Metric {
        id: "d7",
        name: "D7",
        unit: Unit::Rate,
        accumulation: Accumulation::Ratio,
        direction: Direction::Up,
        focus: Focus::Retain,
        measure: Measure::Activity(ActivityMeasure::DayN(7)),
        formula: "new users active 7 days after their first day / new users whose day 7 lies in the period",
        by_channel: true,
        by_platform: true,
        by_stream: false,
    },
    Metric {
        id: "d30",
        name: "D30",
        unit: Unit::Rate,
        accumulation: Accumulation::Ratio,
        direction: Direction::Up,
        focus: Focus::Retain,
        measure: Measure::Activity(ActivityMeasure::DayN(30)),
        formula: "new users active 30 days after their first day / new users whose day 30 lies in the period",
        by_channel: true,
        by_platform: true,
        by_stream: false,
    },
    Metric {
        id: "events",
        name: "Events",
        unit: Unit::Events,
        accumulation: Accumulation::Flow,
        direction: Direction::Up,
        focus: Focus::Retain,
        measure: Measure::Events,
        formula: "events of the period, with or without a user",
        by_channel: false,
        by_platform: false,
        by_stream: false,
    },
    Metric {
        id: "net",
        name: "Net revenue",
        unit: Unit::Money,
        accumulation: Accumulation::Flow,
        direction: Direction::Up,
        focus: Focus::Revenue,
        measure: Measure::Money(MoneyMeasure::Net),
        formula: "gross - refunds, each booked on its own day",
        by_channel: true,
        by_platform: false,
        by_stream: true,
    },
    Metric {
        id: "gross",
        name: "Gross revenue",
        unit: Unit::Money,
        accumulation: Accumulation::Flow,
        direction: Direction::Up,
        focus: Focus::Revenue,
        measure: Measure::Money(MoneyMeasure::Gross),
        formula: "sum of amounts above 0",
        by_channel: true,
        by_platform: false,
        by_stream: true,
    },
    Metric {
        id: "refunds",
        name: "Refunds",
        unit: Unit::Money,
        accumulation: Accumulation::Flow,
        direction: Direction::Down,
        focus: Focus::Revenue,
        measure: Measure::Money(MoneyMeasure::Refunds),
        formula: "what was paid back: amounts below 0 without their sign, on the day of the refund",
        by_channel: true,
        by_platform: false,
        by_stream: true,
    },
    Metric {
        id: "net_attributed",
        name: "Net revenue of users",
        unit: Unit::Money,
        accumulation: Accumulation::Flow,
        direction: Direction::Up,
        focus: Focus::Revenue,
        measure: Measure::Money(MoneyMeasure::NetAttributed),
        formula: "gross - refunds of rows that name a user",
        by_channel: true,
        by_platform: false,
        by_stream: true,
    },
    Metric {
        id: "orders",
        name: "Orders",
        unit: Unit::Orders,
        accumulation: Accumulation::Unique,
        direction: Direction::Up,
        focus: Focus::Revenue,
        measure: Measure::Money(MoneyMeasure::Orders),
        formula: "distinct order ids with an amount above 0; a refund does not remove an order",
        by_channel: true,
        by_platform: false,
        by_stream: true,
    },
    Metric {
        id: "payers",
        name: "Payers",
        unit: Unit::Users,
        accumulation: Accumulation::Unique,
        direction: Direction::Up,
        focus: Focus::Revenue,
        measure: Measure::Money(MoneyMeasure::Payers),
        formula: "distinct users with an amount above 0 in the period",
        by_channel: true,
        by_platform: false,
        by_stream: true,
    },
    Metric {
        id: "arpu",
        name: "ARPU",
        unit: Unit::MoneyPer,
        accumulation: Accumulation::Ratio,
        direction: Direction::Up,
        focus: Focus::Revenue,
        measure: Measure::Money(MoneyMeasure::Arpu),
        formula: "net revenue of identified users / active users of the same period",
        by_channel: true,
        by_platform: false,
        by_stream: true,
    },
    Metric {
        id: "arppu",
        name: "ARPPU",
        unit: Unit::MoneyPer,
        accumulation: Accumulation::Ratio,
        direction: Direction::Up,
        focus: Focus::Revenue,
        measure: Measure::Money(MoneyMeasure::Arppu),
        formula: "net revenue of identified users / payers of the same period",
        by_channel: true,
        by_platform: false,
        by_stream: true,
    },
    Metric {
        id: "arpdau",
        name: "ARPDAU",
        unit: Unit::MoneyPer,
        accumulation: Accumulation::Ratio,
        direction: Direction::Up,
        focus: Focus::Revenue,
        measure: Measure::Money(MoneyMeasure::Arpdau),
        formula: "net revenue of identified users / sum of DAU over the days of the period",
        by_channel: true,
        by_platform: false,
        by_stream: true,
    },
    Metric {
        id: "paid_rate",
        name: "Paid rate",
        unit: Unit::Rate,
        accumulation: Accumulation::Ratio,
        direction: Direction::Up,
        focus: Focus::Revenue,
        measure: Measure::Money(MoneyMeasure::PaidRate),
        formula: "payers / active users of the same period",
        by_channel: true,
        by_platform: false,
        by_stream: true,
    },
    acquired(
        (
            "cac_paid",
            "CAC paid",
            "spend / users acquired in the period, of the channels with spend; a channel is that of the first touch",
        ),
        AcquisitionMeasure::CacPaid,
    ),
    acquired(
        ("cac_blended", "CAC blended", "all spend / all users acquired in the period, organic ones included"),
        AcquisitionMeasure::CacBlended,
    ),
    acquired(
        (
            "cost_per_retained",
            "Cost per retained",
            "spend / users acquired in the period and active on day 7, of the channels with spend; once all are 7 days old",
        ),
        AcquisitionMeasure::PerRetained,
    ),
    acquired(
        (
            "cost_per_payer",
            "Cost per payer",
            "spend / users acquired in the period who have paid so far, of the channels with spend",
        ),
        AcquisitionMeasure::PerPayer,
    ),
    acquired(
        (
            "roas_d7",
            "ROAS D7",
            "net revenue by day 7 of the users acquired in the period / spend of the period; once all are 7 days old",
        ),
        AcquisitionMeasure::Roas(7),
    ),
    acquired(
        (
            "roas_d30",
            "ROAS D30",
            "net revenue by day 30 of the users acquired in the period / spend of the period; once all are 30 days old",
        ),
        AcquisitionMeasure::Roas(30),
    ),
    acquired(
        (
            "ltv_d7",
            "LTV D7",
            "net revenue by day 7 of the users acquired in the period / these users, realised; once all are 7 days old",
        ),
        AcquisitionMeasure::Ltv(7),
    ),
    acquired(
        (
            "ltv_d30",
            "LTV D30",
            "net revenue by day 30 of the users acquired in the period / these users, realised; once all are 30 days old",
        ),
        AcquisitionMeasure::Ltv(30),
    ),
    acquired(
        (
            "ltv_d90",
            "LTV D90",
            "net revenue by day 90 of the users acquired in the period / these users, realised; once all are 90 days old",
        ),
        AcquisitionMeasure::Ltv(90),
    ),
    acquired(
        (
            "ltv_d180",
            "LTV D180",
            "net revenue by day 180 of the users acquired in the period / these users, realised; once all are 180 days old",
        ),
        AcquisitionMeasure::Ltv(180),
    ),
    by_role(
        ("invites_per_active", "Invites per active", "events of role share or invite with a user / active users"),
        RoleMeasure::InvitesPerActive,
    ),
    by_role(
        (
            "referral_conversion",
            "Referral conversion",
            "events of role signup with a property referrer / events of role share or invite with a user",
        ),
        RoleMeasure::ReferralConversion,
    ),
    by_role(
        (
            "k_factor",
            "K factor",
            "invites per active user x referral conversion = sign-ups with a property referrer / active users",
        ),
        RoleMeasure::KFactor,
    ),
    by_role(
        (
            "touches_per_user_week",
            "Touches a week",
            "events of role touch with a user / users touched, each counted once a calendar week",
        ),
        RoleMeasure::TouchesPerUserWeek,
    ),
    by_role(
        (
            "win_back_rate",
            "Win-back rate",
            "of users dormant for 28 days or more when touched, those active within 7 days; by the seventh day",
        ),
        RoleMeasure::WinBack,
    ),
    by_role(
        ("payment_success", "Payment success", "events of role pay / events of role pay or pay_fail"),
        RoleMeasure::PaymentSuccess,
    ),
    by_role(("ad_load", "Ad load", "events of role ad_impression with a user / active users"), RoleMeasure::AdLoad),
    by_role(("ad_fill", "Ad fill rate", "events of role ad_fill / events of role ad_request"), RoleMeasure::AdFill),
    by_role(
        ("ecpm", "eCPM", "net revenue of the stream ads x 1,000 / events of role ad_impression"),
        RoleMeasure::Ecpm,
    ),
    by_role(
        ("penetration", "Penetration", "users with one event / active users; the event is named with it"),
        RoleMeasure::Penetration,
    ),
    by_role(
        (
            "level_up_rate",
            "Level-up rate",
            "users whose highest property level, a whole number, rose in the period / active users",
        ),
        RoleMeasure::LevelUp,
    ),
    of_content(
        ("content_views", "Content views", "events of role view with a property content"),
        ContentMeasure::Views,
    ),
    of_content(
        ("content_uniques", "Content uniques", "distinct users with an event of role view with a property content"),
        ContentMeasure::Uniques,
    ),
    of_content(
        (
            "content_completion",
            "Completion",
            "users with an event of role complete / users with one of role view, counted once an item (property content)",
        ),
        ContentMeasure::Completion,
    ),
    of_content(
        (
            "content_engagement",
            "Engagement",
            "users with an event of role engage / users with one of role view, counted once an item (property content)",
        ),
        ContentMeasure::Engagement,
    ),
    of_content(
        ("content_shares", "Content shares", "events of role share with a property content"),
        ContentMeasure::Shares,
    ),
    of_content(
        (
            "content_signups_first",
            "Sign-ups, first content",
            "events of role signup at most 7 x 24 h after the first content that the user ever viewed",
        ),
        ContentMeasure::SignupsFirst,
    ),
    of_content(
        (
            "content_signups_last",
            "Sign-ups, last content",
            "events of role signup at most 7 x 24 h after the last content that the user viewed before",
        ),
        ContentMeasure::SignupsLast,
    ),
    of_content(
        (
            "content_revenue_first",
            "Revenue, first content",
            "payments less refunds at most 7 x 24 h after the first content that the user ever viewed",
        ),
        ContentMeasure::RevenueFirst,
    ),
    of_content(
        (
            "content_revenue_last",
            "Revenue, last content",
            "payments less refunds at most 7 x 24 h after the last content that the user viewed before the payment",
        ),
        ContentMeasure::RevenueLast,
    ),
    of_content(
        (
            "content_on_time",
            "On-time rate",
            "content items published on or before the planned day / items planned in the period whose day is over",
        ),
        ContentMeasure::OnTime,
    ),
    recurring(
        (
            "mrr",
            "MRR",
            "amount / months of service of all subscriptions whose service covers the last day of the period",
        ),
        RecurringMeasure::Mrr,
    ),
    recurring(
        ("mrr_new", "MRR new", "MRR on the last day of customers who had none on any day before the period"),
        RecurringMeasure::New,
    ),
    recurring(
        (
            "mrr_expansion",
            "MRR expansion",
            "what customers with MRR on the day before the period have more on its last day",
        ),
        RecurringMeasure::Expansion,
    ),
    recurring(
        (
            "mrr_contraction",
            "MRR contraction",
            "what customers with MRR on the day before the period and on its last day have less on the last",
        ),
        RecurringMeasure::Contraction,
    ),
    recurring(
        ("mrr_churn", "MRR churn", "MRR on the day before the period of customers who have none on its last day"),
        RecurringMeasure::Churn,
    ),
    recurring(
        (
            "mrr_reactivation",
            "MRR reactivation",
            "MRR on the last day of customers who had none on the day before the period, but earlier",
        ),
        RecurringMeasure::Reactivation,
    ),
    recurring(
        (
            "customer_churn",
            "Customer churn",
            "customers with MRR on the day before the period and none on its last day / customers with MRR on the day before",
        ),
        RecurringMeasure::CustomerChurn,
    ),
];

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
