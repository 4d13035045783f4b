//! A question about a daily fact by its own name, and its answer.

use crate::domain::calendar::{Grain, Span};
use crate::metrics::catalog::Accumulation;
use crate::metrics::number::State;

/// The values of a fact over the buckets of a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactQuery {
    /// Its name as typed or imported.
    pub name: String,
    /// Whether days add up (flow), or the last tells how it stands (level).
    pub accumulation: Accumulation,
    /// Days asked for.
    pub span: Span,
    /// Bucket width; `None` is one bucket for the whole span.
    pub grain: Option<Grain>,
    /// Channels that count; all where it is empty.
    pub channels: Vec<String>,
    /// A line a channel before the total.
    pub by_channel: bool,
}

/// Answer to a [`FactQuery`]: the channels by name, then the total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactSeries {
    /// Channel, `None` for the total, and one point a bucket.
    pub lines: Vec<(Option<String>, Vec<FactPoint>)>,
}

/// A bucket of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactPoint {
    /// Its days, cut to the span.
    pub span: Span,
    /// Millionths; `None` where no day of it has a value.
    pub value: Option<i128>,
    /// Whether the facts reach to its end.
    pub state: State,
}
