//! A question about what subscriptions are worth a month, and its answer.

use crate::domain::calendar::{Grain, Span};
pub use crate::metrics::mrr::{Movement, Recurring};
use crate::metrics::number::State;

use super::Segment;

/// Monthly recurring revenue at the ends of the buckets of a span, and how it moved between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MrrQuery {
    /// Days asked for.
    pub span: Span,
    /// Bucket width; `None` is one bucket for the whole span.
    pub grain: Option<Grain>,
    /// Users and streams that count.
    pub segment: Segment,
}

/// Recurring revenue by bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MrrTable {
    /// Buckets in order; a movement where there is data. That of a running bucket is up to its last complete day.
    pub rows: Vec<(Span, State, Option<Movement>)>,
    /// Rows of subscriptions left out because their currency has no rate.
    pub excluded: u64,
    /// Rows left out because their days of service are missing or no days.
    pub undated: u64,
    /// What would feed it, where nothing does.
    pub needs: Option<&'static str>,
}
