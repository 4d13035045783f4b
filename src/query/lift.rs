//! A question about a period beside the weeks before it, and its answer.

use crate::domain::calendar::{Day, Span};
pub use crate::metrics::lift::Lift;

use super::Segment;

/// The days of a metric in a period beside the same weekdays of the four weeks before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiftQuery {
    /// Row of METRICS by id.
    pub metric: &'static str,
    /// Days asked for; only complete ones count.
    pub span: Span,
    /// Users and rows that count.
    pub segment: Segment,
    /// Only this event counts as activity (activity metrics only).
    pub event: Option<String>,
    /// Days that count on neither side, besides those that the journal leaves out.
    pub flagged: Vec<Day>,
}

/// Answer to a [`LiftQuery`].
#[derive(Debug, Clone, PartialEq)]
pub struct Lifted {
    /// Days that tell what is usual.
    pub before: Span,
    /// Days of both periods that count on neither side, in order.
    pub flagged: Vec<Day>,
    /// What was found.
    pub lift: Lift,
    /// What would feed the metric, where nothing does.
    pub needs: Option<&'static str>,
}
