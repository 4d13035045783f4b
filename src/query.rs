//! What can be asked, and what comes back: plain data that screens, command line and engine share.

mod answer;
mod command;
mod funnel;
mod scope;

pub use answer::*;
pub use command::*;
pub use funnel::*;
pub use scope::*;

pub use crate::metrics::catalog::{
    Accumulation, ActivityMeasure, Direction, Focus, METRICS, Measure, Metric, Unit, find as find_metric,
};
pub use crate::metrics::number::{Number, Point, State};
pub use crate::metrics::retention::{Average, Cell, Cohort, CohortKind, Criterion, IntervalZero, RetentionTable};

use crate::domain::calendar::{Day, Grain, Span};

/// A question. The same question gives the same answer on a screen and on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// What the frame shows: product, through, stale sources.
    Status,
    /// A metric over buckets, whole or split.
    Metric(MetricQuery),
    /// Cohort triangle.
    Retention(RetentionQuery),
    /// Users by number of active buckets.
    Stickiness(StickinessQuery),
    /// How far users get through some steps.
    Funnel(FunnelQuery),
    /// The Today screen.
    Today(Scope),
    /// The Revenue screen.
    Revenue(Scope),
    /// The Data screen: sources, imports, rejected rows, profile.
    Data,
    /// One number: series, values, split, definition.
    Detail(DetailQuery),
    /// Names to choose from: channels, platforms, event names.
    Choices,
    /// Event names with their roles.
    Roles,
    /// Raw channels and where the mapping sends them.
    Mapping,
}

/// A metric over the buckets of a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricQuery {
    /// Row of METRICS by id.
    pub metric: &'static str,
    /// Days asked for.
    pub span: Span,
    /// Bucket width; `None` is one bucket for the whole span.
    pub grain: Option<Grain>,
    /// Users and rows that count.
    pub segment: Segment,
    /// Splits the metric; the unsplit total comes last.
    pub split: Option<Split>,
    /// Only this event counts as activity (activity metrics only).
    pub event: Option<String>,
    /// Rolling window in days ending on the last day of each bucket, for `active_users` only; `None` is the bucket.
    pub window_days: Option<u16>,
}

/// What a metric is split by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Split {
    /// First-touch channel of the user.
    Channel,
    /// Platform of the event.
    Platform,
    /// Revenue stream.
    Stream,
}

/// A cohort triangle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionQuery {
    /// First and last cohort: every bucket that overlaps is a row.
    pub span: Span,
    /// Width of cohorts and intervals.
    pub grain: Grain,
    /// Intervals after 0.
    pub intervals: u16,
    /// Who is in a cohort.
    pub kind: CohortKind,
    /// Which return counts.
    pub criterion: Criterion,
    /// What interval 0 holds.
    pub interval_zero: IntervalZero,
    /// How the average is formed.
    pub average: Average,
    /// Start event; `None` is any activity.
    pub start: Option<String>,
    /// Return event; `None` is any activity.
    pub ret: Option<String>,
    /// Users that count.
    pub segment: Segment,
    /// Observation ends with this day even if there is later data; `None` is all data.
    pub observe_until: Option<Day>,
}

/// Users by number of buckets in which they were active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StickinessQuery {
    /// Days observed.
    pub span: Span,
    /// Bucket width.
    pub grain: Grain,
    /// Only this event counts; `None` is any activity.
    pub event: Option<String>,
    /// How many events in a bucket make it active.
    pub rule: Occurrences,
    /// "n or more" instead of exactly n.
    pub cumulative: bool,
    /// Users that count.
    pub segment: Segment,
}

/// How many events in a bucket make a user active in it. A bucket without events is never active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Occurrences {
    /// At least this many.
    AtLeast(u32),
    /// At most this many, and at least one.
    AtMost(u32),
    /// Exactly this many.
    Exactly(u32),
}

/// Everything about one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailQuery {
    /// Row of METRICS by id.
    pub metric: &'static str,
    /// Period, grain, comparison, segment.
    pub scope: Scope,
    /// Narrows the number to one stream, for a row of a split.
    pub stream: Option<String>,
}
