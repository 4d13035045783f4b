//! Questions about groups of users, their sizes and flows, and who is in them.

use crate::domain::calendar::{Day, Grain, Span};
pub use crate::metrics::flow::{Flow, Move};
pub use crate::metrics::lifecycle::Lifecycle;
use crate::metrics::number::State;
pub use crate::metrics::rfm::{Class, Cut, Score};

use super::Segment;

/// Days between the two dates of RFM flows where nothing else is said.
pub const RFM_FLOW_DAYS: i32 = 28;

/// Recency, frequency and money of paying users. Money has no platform, so neither has its segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RfmQuery {
    /// Last day of the payments seen; recency is counted from the day after. `None` is the last day with any.
    pub until: Option<Day>,
    /// Days of payments that end on it; `None` is the whole history.
    pub days: Option<u16>,
    /// Which quintiles decide the class.
    pub cut: Cut,
    /// Last day of the earlier window that flows compare with; `None` is [`RFM_FLOW_DAYS`] before.
    pub against: Option<Day>,
    /// Users that are listed and counted; everybody is scored, so that a class does not depend on who asks.
    pub segment: Segment,
}

/// Paying users with their scores and classes.
#[derive(Debug, Clone, PartialEq)]
pub struct RfmTable {
    /// Days of payments; `None` without any.
    pub window: Option<Span>,
    /// Days of payments that the flows compare with.
    pub before: Option<Span>,
    /// By name in byte order.
    pub users: Vec<RfmUser>,
    /// One row a class, best first.
    pub flows: Vec<Flow<Class>>,
    /// Users by their class before and now.
    pub moves: Vec<Move<Class>>,
    /// Money rows left out because their currency has no rate.
    pub excluded: u64,
}

/// A user with at least one payment above 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RfmUser {
    /// Id as imported.
    pub name: String,
    /// Days from the last payment above 0 to the day after the window.
    pub recency_days: i32,
    /// Distinct orders with an amount above 0.
    pub frequency: u64,
    /// Net micros, refunds included.
    pub monetary: i128,
    /// Quintiles of equal size; equal values are parted by the byte order of names.
    pub ntile: Score,
    /// Quintiles in which equal values share a score.
    pub rank: Score,
    /// Class by the cut asked for; `None` only where set rules leave a gap.
    pub class: Option<Class>,
}

/// Users by their place in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifecycleQuery {
    /// A day of the period.
    pub at: Day,
    /// Width of the period and of the one before it.
    pub grain: Grain,
    /// A day of the earlier period that the flows compare with; `None` is the period before.
    pub against: Option<Day>,
    /// Only this event counts as activity.
    pub event: Option<String>,
    /// Users and activity that count.
    pub segment: Segment,
}

/// Users in their place.
#[derive(Debug, Clone, PartialEq)]
pub struct LifecycleTable {
    /// The period.
    pub period: Span,
    /// Whether its data is complete.
    pub state: State,
    /// The period that the flows compare with.
    pub before: Span,
    /// By name in byte order.
    pub users: Vec<LifecycleUser>,
    /// One row a place.
    pub flows: Vec<Flow<Lifecycle>>,
    /// Users by their place before and now.
    pub moves: Vec<Move<Lifecycle>>,
}

/// A user active in the period or in the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifecycleUser {
    /// Id as imported.
    pub name: String,
    /// His place.
    pub place: Lifecycle,
    /// First active day.
    pub first: Day,
    /// Last active day up to the end of the period.
    pub last: Day,
}
