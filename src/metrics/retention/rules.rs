//! What a table made from events is made by.

use crate::domain::calendar::{Calendar, Instant};

use super::{Average, CohortKind, Columns, Criterion, IntervalZero, Period, Window};

/// What a table is made by.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Zone and week start of the buckets.
    pub calendar: Calendar,
    /// Who is in a cohort.
    pub kind: CohortKind,
    /// Where intervals begin.
    pub window: Window,
    /// Width of a base interval.
    pub period: Period,
    /// Periods in a cohort bucket and in an interval, at least 1; blocks are anchored at the bucket of `from`.
    pub block: u32,
    /// A moment in the first cohort bucket.
    pub from: Instant,
    /// A moment in the last cohort bucket.
    pub to: Instant,
    /// The columns after interval 0.
    pub columns: &'a Columns,
    /// Which returns count.
    pub criterion: Criterion,
    /// Return events that an interval needs to count, at least 1; counted by interval, never by bracket.
    pub occurrences: u32,
    /// What the column of interval 0 holds.
    pub zero: IntervalZero,
    /// How the average is formed.
    pub average: Average,
    /// Whether a return must carry the breakdown value of the start event.
    pub same_value: bool,
    /// First instant that the data does not cover whole; intervals that end by then are complete.
    pub through: Instant,
    /// First instant that the data does not cover at all; later marks are not seen.
    pub reach: Instant,
}
