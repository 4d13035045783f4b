//! METRICS: one row per number the product can show.

/// How a metric adds up over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accumulation {
    /// Adds over days: revenue, orders.
    Flow,
    /// A state at a point in time.
    Level,
    /// Numerator over denominator; never added or averaged.
    Ratio,
    /// Distinct users; never added.
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
    /// Events by what their names mean.
    Role(RoleMeasure),
}

/// A measure of events by what their names mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleMeasure {
    /// Shares and invites of users over active users.
    InvitesPerActive,
    /// Sign-ups that name a referrer over shares and invites of users.
    ReferralConversion,
    /// The product of both: sign-ups that name a referrer over active users.
    KFactor,
    /// Touches of users over the weeks in which each was touched.
    TouchesPerUserWeek,
    /// Dormant users who were touched and came back, over those touched.
    WinBack,
    /// Payments over payments and failed ones.
    PaymentSuccess,
    /// Ad impressions of users over active users.
    AdLoad,
    /// Places for ads that were filled over those offered.
    AdFill,
    /// Net revenue of ads per 1,000 impressions.
    Ecpm,
    /// Users with one event over active users.
    Penetration,
    /// Users whose highest level rose over active users.
    LevelUp,
}

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

/// Looks a metric up by id.
pub fn find(id: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|m| m.id == id)
}

/// A row about events by their role: id, name and formula.
const fn by_role((id, name, formula): (&'static str, &'static str, &'static str), measure: RoleMeasure) -> Metric {
    Metric {
        id,
        name,
        unit: match measure {
            RoleMeasure::InvitesPerActive
            | RoleMeasure::KFactor
            | RoleMeasure::TouchesPerUserWeek
            | RoleMeasure::AdLoad => Unit::EventsPer,
            RoleMeasure::Ecpm => Unit::MoneyPer,
            _ => Unit::Rate,
        },
        accumulation: Accumulation::Ratio,
        direction: if matches!(measure, RoleMeasure::TouchesPerUserWeek) { Direction::Down } else { Direction::Up },
        focus: match measure {
            RoleMeasure::InvitesPerActive | RoleMeasure::ReferralConversion | RoleMeasure::KFactor => Focus::Acquire,
            RoleMeasure::TouchesPerUserWeek
            | RoleMeasure::WinBack
            | RoleMeasure::Penetration
            | RoleMeasure::LevelUp => Focus::Retain,
            _ => Focus::Revenue,
        },
        measure: Measure::Role(measure),
        formula,
        by_channel: !matches!(measure, RoleMeasure::Ecpm),
        // A touch has a platform, the activity that it wins back another one.
        by_platform: !matches!(measure, RoleMeasure::Ecpm | RoleMeasure::WinBack),
        by_stream: false,
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
