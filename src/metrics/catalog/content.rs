//! Rows of METRICS about what is published.

use super::{Accumulation, Direction, Feed, Focus, Measure, Metric, Unit};

/// A measure of content: of events with a property `content`, or of content items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentMeasure {
    /// Views.
    Views,
    /// Users who viewed.
    Uniques,
    /// Users who completed over users who viewed, pooled over the items.
    Completion,
    /// Users who engaged over users who viewed, pooled over the items.
    Engagement,
    /// Shares.
    Shares,
    /// Sign-ups credited to the first content that the user viewed.
    SignupsFirst,
    /// Sign-ups credited to the last content that the user viewed before.
    SignupsLast,
    /// Net revenue credited to the first content that the user viewed.
    RevenueFirst,
    /// Net revenue credited to the last content that the user viewed before.
    RevenueLast,
    /// Items published on or before the planned day over items due.
    OnTime,
}

impl ContentMeasure {
    /// The rows that feed it, for one who has none.
    pub(super) fn needs(self) -> &'static str {
        match self {
            Self::Views | Self::Uniques => "events of the role view with a property content",
            Self::Completion => "events of roles view and complete with a property content",
            Self::Engagement => "events of roles view and engage with a property content",
            Self::Shares => "events of the role share with a property content",
            Self::SignupsFirst | Self::SignupsLast => {
                "events of the role view with a property content, and of the role signup"
            }
            Self::RevenueFirst | Self::RevenueLast => "events of the role view with a property content, and revenue",
            Self::OnTime => "content items with a planned and a published day",
        }
    }

    /// What it is computed from.
    pub(super) fn feed(self) -> Feed {
        match self {
            Self::OnTime => Feed::Content,
            Self::RevenueFirst | Self::RevenueLast => Feed::ActivityAndMoney,
            _ => Feed::Events,
        }
    }
}

/// A row about content: id, name and formula.
pub(super) const fn of_content(
    (id, name, formula): (&'static str, &'static str, &'static str),
    measure: ContentMeasure,
) -> Metric {
    use ContentMeasure::{
        Completion, Engagement, OnTime, RevenueFirst, RevenueLast, Shares, SignupsFirst, SignupsLast, Uniques, Views,
    };
    Metric {
        id,
        name,
        unit: match measure {
            Views | Shares => Unit::Events,
            Uniques | SignupsFirst | SignupsLast => Unit::Users,
            RevenueFirst | RevenueLast => Unit::Money,
            Completion | Engagement | OnTime => Unit::Rate,
        },
        accumulation: match measure {
            Completion | Engagement | OnTime => Accumulation::Ratio,
            Uniques => Accumulation::Unique,
            _ => Accumulation::Flow,
        },
        direction: Direction::Up,
        focus: match measure {
            RevenueFirst | RevenueLast => Focus::Revenue,
            Completion | Engagement => Focus::Retain,
            _ => Focus::Acquire,
        },
        measure: Measure::Content(measure),
        formula,
        by_channel: !matches!(measure, OnTime),
        by_platform: !matches!(measure, OnTime | RevenueFirst | RevenueLast),
        by_stream: matches!(measure, RevenueFirst | RevenueLast),
    }
}
