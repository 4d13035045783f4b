//! A question about a funnel, and its answer.

use crate::domain::calendar::Span;
pub use crate::metrics::funnel::{Entry, MOST_STEPS, Order};

use super::Segment;

/// How far users get through some steps. The day of the entry decides whether a user is in the span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunnelQuery {
    /// Event names, 1 to [`MOST_STEPS`]; one may come again.
    pub steps: Vec<String>,
    /// What may come between two steps.
    pub order: Order,
    /// Which entry of a user counts.
    pub entry: Entry,
    /// Seconds from the entry to the last step, its end included; `None` is open.
    pub window: Option<u64>,
    /// Days of the entry; `None` is the whole history.
    pub span: Option<Span>,
    /// Users that count.
    pub segment: Segment,
    /// Between which steps, counted from 0, the times are put into bins, and into how many; `None` lets their number
    /// follow from that of the users.
    pub histogram: (usize, usize, Option<usize>),
}

/// A funnel.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelTable {
    /// Users with any active event in the span, whether they entered or not.
    pub users: u64,
    /// One row a step.
    pub steps: Vec<FunnelStep>,
    /// Mean seconds between the two steps of the histogram.
    pub mean: Option<f64>,
    /// First second and number of users of each bin.
    pub histogram: Vec<(f64, u64)>,
    /// Users whose window is still open at the end of the data and who may get farther.
    pub open: u64,
}

/// One step of a funnel.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelStep {
    /// Event name.
    pub event: String,
    /// Users who reached it.
    pub users: u64,
    /// Mean seconds from the step before; `None` for the first and where nobody came.
    pub mean: Option<f64>,
    /// Median seconds from the step before.
    pub median: Option<f64>,
}
