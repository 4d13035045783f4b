//! Cohort retention: who came back, by calendar interval.

use crate::domain::calendar::{Grain, Span};

use super::number::State;

/// Who is in a cohort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CohortKind {
    /// By the first start event over the whole history.
    FirstTime,
    /// In the cohort of every interval with a start event.
    Recurring,
}

/// Which return counts for interval N.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Criterion {
    /// Active in interval N.
    On,
    /// Active in interval N or any later one observed.
    OnOrAfter,
}

/// What interval 0 holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IntervalZero {
    /// Users with the return event in interval 0 at or after their start event.
    Observed,
    /// Always the cohort size (the convention of some vendors).
    Size,
}

/// How the average row is formed from complete cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Average {
    /// Users returned over users started.
    Pooled,
    /// Mean of the cohorts' rates.
    Simple,
}

/// One cell: users of a cohort that count for interval N.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Users; meaningless when not reached.
    pub users: u64,
    /// How much of the interval the data covers.
    pub state: State,
}

/// One cohort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    /// Bucket that names the cohort, uncut.
    pub bucket: Span,
    /// Users in it.
    pub size: u64,
    /// Cells for intervals 0, 1, ..
    pub cells: Vec<Cell>,
}

/// The triangle with its pooled or simple average.
#[derive(Debug, Clone, PartialEq)]
pub struct RetentionTable {
    /// Width of cohorts and intervals.
    pub grain: Grain,
    /// Cohorts oldest first, empty ones included.
    pub cohorts: Vec<Cohort>,
    /// Average rate by interval over complete cells; `None` where no cohort is complete.
    pub average: Vec<Option<f64>>,
    /// Users of the cohorts in each average.
    pub average_n: Vec<u64>,
}
