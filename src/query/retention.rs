//! A question about retention, and its answer.

use crate::domain::calendar::{Grain, Instant, Span};
pub use crate::metrics::retention::{
    Average, Cell, Cohort, CohortKind, Columns, Criterion, IntervalZero, Mean, Period, RetentionTable, Window,
};

use super::{BreakdownBy, EventFilter, Segment};

/// A cohort triangle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionQuery {
    /// First and last cohort: every bucket that overlaps is a row.
    pub span: Span,
    /// A moment in the first and in the last cohort of hours; `None` is every hour of the span.
    pub hours: Option<(Instant, Instant)>,
    /// Width of a base interval.
    pub period: Period,
    /// Periods in a cohort bucket and in an interval, counted from the first cohort on.
    pub block: u32,
    /// Where the intervals of a user begin.
    pub window: Window,
    /// Columns after interval 0.
    pub columns: Columns,
    /// Who is in a cohort.
    pub kind: CohortKind,
    /// Which return counts.
    pub criterion: Criterion,
    /// Return events that an interval needs to count.
    pub occurrences: u32,
    /// What interval 0 holds.
    pub interval_zero: IntervalZero,
    /// How the average is formed.
    pub average: Average,
    /// Start event.
    pub start: EventFilter,
    /// Return event.
    pub ret: EventFilter,
    /// Splits the cohorts by a value on the event that put a user in.
    pub breakdown: Option<BreakdownBy>,
    /// Whether a return must carry the value of the breakdown too.
    pub same_value: bool,
    /// Property of return events whose amounts the cells add up.
    pub amount: Option<String>,
    /// Users that count.
    pub segment: Segment,
    /// First instant that is not observed even if there is later data; `None` is all data.
    pub observe_until: Option<Instant>,
}

impl RetentionQuery {
    /// First-time cohorts by calendar intervals of any activity, everything else as it is by default.
    pub fn new(span: Span, grain: Grain, intervals: u16) -> Self {
        Self {
            span,
            hours: None,
            period: grain.into(),
            block: 1,
            window: Window::Calendar,
            columns: Columns::Each(intervals),
            kind: CohortKind::FirstTime,
            criterion: Criterion::On,
            occurrences: 1,
            interval_zero: IntervalZero::Observed,
            average: Average::Pooled,
            start: EventFilter::default(),
            ret: EventFilter::default(),
            breakdown: None,
            same_value: false,
            amount: None,
            segment: Segment::default(),
            observe_until: None,
        }
    }

    /// What cannot be asked for together, with what is allowed; `None` where everything can.
    pub fn conflict(&self) -> Option<&'static str> {
        let brackets = match &self.columns {
            Columns::Brackets(sizes) => Some(sizes),
            Columns::Each(_) => None,
        };
        let conflicts = [
            (
                self.window == Window::Rolling && self.criterion == Criterion::OnOrBefore,
                "a rolling window has no on-or-before; take a calendar window, or the criterion on or on-or-after",
            ),
            (self.period == Period::Hour && brackets.is_some(), "hours have no brackets; take days, weeks or months"),
            (
                brackets.is_some_and(|sizes| sizes.is_empty() || sizes.contains(&0)),
                "brackets are one or more lengths of at least 1, such as 4,10,3",
            ),
            (self.block == 0 || self.occurrences == 0, "block and occurrences are at least 1"),
            (self.same_value && self.breakdown.is_none(), "the same value on start and return needs a breakdown"),
        ];
        conflicts.iter().find(|(conflict, _)| *conflict).map(|(_, says)| *says)
    }
}

/// A triangle, whole and in parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Retention {
    /// All users that count.
    pub whole: RetentionTable,
    /// One table a value of the breakdown, the largest first, then [`super::OTHER`] and [`super::NO_VALUE`].
    pub parts: Vec<(String, RetentionTable)>,
    /// Return events whose amount is left out, because it names a currency without a rate of its day.
    pub excluded: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Day;

    #[test]
    fn impossible_pairs_are_named() {
        let fine = RetentionQuery::new(Span { first: Day(0), last: Day(9) }, Grain::Day, 7);
        assert_eq!(fine.conflict(), None);
        let rolling = RetentionQuery { window: Window::Rolling, ..fine.clone() };
        assert_eq!(rolling.conflict(), None);
        assert!(RetentionQuery { criterion: Criterion::OnOrBefore, ..rolling }.conflict().is_some());
        let brackets = |sizes: &[u16]| RetentionQuery { columns: Columns::Brackets(sizes.to_vec()), ..fine.clone() };
        assert_eq!(brackets(&[4, 10, 3]).conflict(), None);
        assert!(brackets(&[]).conflict().is_some() && brackets(&[1, 0]).conflict().is_some());
        assert!(RetentionQuery { period: Period::Hour, ..brackets(&[2]) }.conflict().is_some());
        assert!(RetentionQuery { block: 0, ..fine.clone() }.conflict().is_some());
        assert!(RetentionQuery { same_value: true, ..fine }.conflict().is_some());
    }
}
