//! Rows of METRICS about events by what their names mean.

use super::{Accumulation, Direction, Focus, Measure, Metric, Unit};

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
    /// Of users who came, those with an event of role activate within [`ACTIVE_WITHIN`] days.
    Activation,
    /// Distinct users with an event of role join.
    Participants,
    /// Of users who joined, those active on the seventh day after.
    ParticipantD7,
}

impl RoleMeasure {
    /// The rows that feed it, for one who has none.
    pub(super) fn needs(self) -> &'static str {
        match self {
            Self::InvitesPerActive => "events of the role share or invite; `quarterdeck role` sets what names mean",
            Self::ReferralConversion | Self::KFactor => {
                "events of the role share or invite, and of the role signup with a property referrer; `quarterdeck role` \
                 sets what names mean"
            }
            Self::TouchesPerUserWeek | Self::WinBack => {
                "events of the role touch, such as push_sent; `quarterdeck role` sets what names mean"
            }
            Self::PaymentSuccess => "events of the roles pay and pay_fail; `quarterdeck role` sets what names mean",
            Self::AdLoad => "events of the role ad_impression; `quarterdeck role` sets what names mean",
            Self::Ecpm => {
                "events of the role ad_impression, and revenue of a stream ads; `quarterdeck role` sets what names mean"
            }
            Self::AdFill => "events of the roles ad_request and ad_fill; `quarterdeck role` sets what names mean",
            Self::Penetration => "events with a user",
            Self::LevelUp => "events with a property level, a whole number",
            Self::Activation => "events of the role activate; `quarterdeck role` sets what names mean",
            Self::Participants | Self::ParticipantD7 => {
                "events of the role join, such as event_join; `quarterdeck role` sets what names mean"
            }
        }
    }
}

/// Days after the first active one in which a user is to be activated.
pub const ACTIVE_WITHIN: i32 = 7;

/// A row about events by their role: id, name and formula.
pub(super) const fn by_role(
    (id, name, formula): (&'static str, &'static str, &'static str),
    measure: RoleMeasure,
) -> Metric {
    Metric {
        id,
        name,
        unit: match measure {
            RoleMeasure::InvitesPerActive
            | RoleMeasure::KFactor
            | RoleMeasure::TouchesPerUserWeek
            | RoleMeasure::AdLoad => Unit::EventsPer,
            RoleMeasure::Ecpm => Unit::MoneyPer,
            RoleMeasure::Participants => Unit::Users,
            _ => Unit::Rate,
        },
        accumulation: if matches!(measure, RoleMeasure::Participants) {
            Accumulation::Unique
        } else {
            Accumulation::Ratio
        },
        direction: if matches!(measure, RoleMeasure::TouchesPerUserWeek) { Direction::Down } else { Direction::Up },
        focus: match measure {
            RoleMeasure::InvitesPerActive | RoleMeasure::ReferralConversion | RoleMeasure::KFactor => Focus::Acquire,
            RoleMeasure::Activation
            | RoleMeasure::Participants
            | RoleMeasure::ParticipantD7
            | RoleMeasure::TouchesPerUserWeek
            | RoleMeasure::WinBack
            | RoleMeasure::Penetration
            | RoleMeasure::LevelUp => Focus::Retain,
            _ => Focus::Revenue,
        },
        measure: Measure::Role(measure),
        formula,
        by_channel: !matches!(measure, RoleMeasure::Ecpm),
        // A touch has a platform, the activity that it wins back another one.
        by_platform: !matches!(
            measure,
            RoleMeasure::Ecpm | RoleMeasure::WinBack | RoleMeasure::Activation | RoleMeasure::ParticipantD7
        ),
        by_stream: false,
    }
}
