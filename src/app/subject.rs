//! A number that has a page of its own: which metric, what it is limited to, and of which days.

use crate::domain::calendar::Span;
use crate::query::{DetailQuery, Narrow, Query, Scope, find_metric};

/// A number that Enter opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Row of METRICS by id.
    pub metric: &'static str,
    /// What it is limited to beyond the segment.
    pub narrow: Narrow,
    /// Its days, where they are not those of the context line.
    pub days: Option<OwnDays>,
}

/// Days of a number that the period does not choose, such as a week of a table by week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnDays {
    /// What they are called.
    pub name: String,
    /// The days; they may end after the data.
    pub span: Span,
}

impl Subject {
    /// All of a metric in the period.
    pub fn whole(metric: &'static str) -> Self {
        Self::part(metric, Narrow::default())
    }

    /// A part of a metric in the period.
    pub fn part(metric: &'static str, narrow: Narrow) -> Self {
        Self { metric, narrow, days: None }
    }

    /// The question about it.
    pub fn query(&self, mut scope: Scope) -> Query {
        let Narrow { channel, stream, event } = self.narrow.clone();
        // A part of a segment of several channels is one of them.
        if channel.is_some() {
            scope.segment.channels = channel.into_iter().collect();
        }
        if let Some(own) = &self.days {
            let age = age(self.metric);
            scope.period = Span { first: own.span.first.plus(age), last: own.span.last.plus(age) };
        }
        Query::Detail(Box::new(DetailQuery { stream, event, ..DetailQuery::new(self.metric, scope) }))
    }
}

/// Days from those of a number to those in which it is known, which a period is made of.
fn age(metric: &str) -> i32 {
    find_metric(metric).map_or(0, |metric| i32::from(metric.measure.age()))
}
