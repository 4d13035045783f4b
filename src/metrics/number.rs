//! The result of a metric: exact numbers with their unit, and how complete they are.

use crate::domain::calendar::{Day, Span};

/// An exact number with its unit. Ratios keep numerator and denominator, so that they can be pooled and rounded once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Number {
    /// No data, or undefined.
    None,
    /// A count of users, orders, events, days.
    Count(i128),
    /// Micros of the workspace's currency.
    Money(i128),
    /// So many of one for each of another, never a share: mean daily active users, events a user, a quick ratio.
    Mean {
        /// Sum over all of the other.
        num: i128,
        /// How many of the other, above 0.
        den: i128,
    },
    /// A plain ratio such as a rate or stickiness.
    Ratio {
        /// Numerator.
        num: i128,
        /// Denominator, above 0.
        den: i128,
    },
    /// Micros per head such as ARPU.
    MoneyPer {
        /// Micros.
        num: i128,
        /// Heads, above 0.
        den: i128,
    },
}

impl Number {
    /// A ratio, or [`Number::None`] when the denominator is 0.
    pub fn ratio(num: i128, den: i128) -> Self {
        if den == 0 { Self::None } else { Self::Ratio { num, den } }
    }

    /// A mean, or [`Number::None`] over nothing.
    pub fn mean(num: i128, den: i128) -> Self {
        if den == 0 { Self::None } else { Self::Mean { num, den } }
    }

    /// Money per head, or [`Number::None`] when there is no head.
    pub fn money_per(num: i128, den: i128) -> Self {
        if den == 0 { Self::None } else { Self::MoneyPer { num, den } }
    }

    /// The value in its unit: counts as they are, money and money per head in major units, ratios as fractions.
    pub fn value(self) -> Option<f64> {
        match self {
            Self::None => None,
            Self::Count(n) => Some(n as f64),
            Self::Money(micros) => Some(micros as f64 / 1e6),
            Self::Mean { num, den } | Self::Ratio { num, den } => Some(num as f64 / den as f64),
            Self::MoneyPer { num, den } => Some(num as f64 / den as f64 / 1e6),
        }
    }
}

/// How much of an interval the data covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// The interval ended before the data's *through*.
    Complete,
    /// The interval has begun and is not over; shown with `*`, never averaged.
    Running,
    /// The interval has not begun; blank.
    NotReached,
}

/// One bucket of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// Days of the bucket, cut to the asked span.
    pub span: Span,
    /// Value of the bucket.
    pub value: Number,
    /// Whether the data covers it.
    pub state: State,
}

/// How far the data of a metric reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// Last day that is covered whole.
    pub through: Day,
    /// Last day that is covered at all; the day after `through` while it is running.
    pub reach: Day,
}

impl Horizon {
    /// How much of a bucket the data covers.
    pub fn state(&self, bucket: Span) -> State {
        if bucket.last <= self.through {
            State::Complete
        } else if bucket.first <= self.reach {
            State::Running
        } else {
            State::NotReached
        }
    }

    /// The same data seen only up to and including a day.
    #[must_use]
    pub fn cut(self, until: Day) -> Self {
        Self { through: self.through.min(until), reach: self.reach.min(until) }
    }
}
