//! A question about a funnel, and its answer.

use crate::domain::calendar::Span;
pub use crate::metrics::conversion::{Conversion, Histogram, Step, Times};
pub use crate::metrics::funnel::{Entry, Exclusion, MOST_STEPS, Order};

use super::{BreakdownBy, EventFilter, Segment};
use crate::domain::plans::Setting;

/// The first step of a funnel that begins with whatever makes a user active.
pub const ANY_ACTIVITY: &str = "any activity";
/// Name of the setting that holds the steps of the funnel: a JSON array of event names, `null` for any activity.
pub const FUNNEL_STEPS: &str = "funnel.steps";
/// Steps of the funnel that a setting can hold.
pub const MOST_KEPT_STEPS: usize = 10;

/// The steps of the funnel of the tab Product, which `quarterdeck funnel` takes where none are given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunnelSteps {
    /// Events of the steps; `None` is any activity.
    pub steps: Vec<Option<String>>,
    /// The setting that names them; `None` where they follow from what event names mean.
    pub stored: Option<Setting>,
    /// Event names, the most frequent first.
    pub names: Vec<String>,
}

/// How far users get through some steps. The day of the entry decides whether a user is in the span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunnelQuery {
    /// Events of the steps, 1 to [`MOST_STEPS`]; one may come again.
    pub steps: Vec<EventFilter>,
    /// What may come between two steps.
    pub order: Order,
    /// Which entry of a user counts.
    pub entry: Entry,
    /// Seconds from the entry to the last step, its end included; `None` is open.
    pub window: Option<u64>,
    /// Events that must not come between the entry and the last step.
    pub exclusions: Vec<EventFilter>,
    /// What such an event does.
    pub exclusion: Exclusion,
    /// Days of the entry; `None` is the whole history.
    pub span: Option<Span>,
    /// Users that count.
    pub segment: Segment,
    /// Splits users by a value on the event of entry.
    pub breakdown: Option<BreakdownBy>,
    /// Between which steps, counted from 0, the times are put into bins, and into how many; `None` lets their number
    /// follow from that of the users.
    pub histogram: (usize, usize, Option<u32>),
}

impl FunnelQuery {
    /// Steps by name in their order, the best entry of the whole history, everything else as it is by default.
    pub fn new(steps: &[&str], window: Option<u64>) -> Self {
        Self {
            steps: steps.iter().map(|name| EventFilter::named(Some(name))).collect(),
            order: Order::default(),
            entry: Entry::default(),
            window,
            exclusions: Vec::new(),
            exclusion: Exclusion::default(),
            span: None,
            segment: Segment::default(),
            breakdown: None,
            histogram: (0, steps.len().saturating_sub(1), None),
        }
    }
}

/// A funnel, whole and in parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Funnel {
    /// Users with any active event in the span, whether they entered or not.
    pub users: u64,
    /// All users that count.
    pub whole: FunnelTable,
    /// One a value of the breakdown, the largest first, then [`super::OTHER`] and [`super::NO_VALUE`].
    pub parts: Vec<(String, FunnelTable)>,
}

/// A funnel of some users.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelTable {
    /// Users by step, with rates and times.
    pub conversion: Conversion,
    /// Users by the time between two steps; `None` where nobody came so far.
    pub histogram: Option<Histogram>,
}
