//! A question about one metric, with everything that narrows it.

use crate::domain::calendar::{Calendar, Grain, Span};
use crate::metrics::catalog::{ActivityMeasure, Measure, Metric, RoleMeasure};
use crate::query::{self, Segment};

use super::EngineError;

/// More buckets than this are a mistake; a century of days is fewer.
const MOST_BUCKETS: usize = 40_000;

/// A metric with everything that narrows it.
#[derive(Debug, Clone)]
pub(super) struct Ask<'q> {
    pub metric: &'static Metric,
    pub segment: Segment,
    /// Only this event counts as activity.
    pub event: Option<&'q str>,
    /// Rolling window in place of the bucket.
    pub window: Option<u16>,
    pub part: Part,
    /// Width of the buckets; `None` for free spans.
    pub grain: Option<Grain>,
}

/// A part of money that a segment cannot name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// Rows of one stream, or those without one.
    Stream(Option<u32>),
    /// Rows without a user.
    NoUser,
    /// Rows of one stream, or those without one, that have no user.
    StreamNoUser(Option<u32>),
}

impl Ask<'_> {
    pub fn of(metric: &'static Metric, segment: &Segment) -> Self {
        Self { metric, segment: segment.clone(), event: None, window: None, part: Part::Whole, grain: None }
    }

    /// Refuses options that the metric does not have.
    pub fn check(&self) -> Result<(), EngineError> {
        let id = self.metric.id;
        if self.window.is_some() && self.metric.measure != Measure::Activity(ActivityMeasure::Active) {
            return Err(EngineError::Usage(format!("{id} has no window; active_users has one")));
        }
        if self.event.is_none() && self.metric.measure == Measure::Role(RoleMeasure::Penetration) {
            return Err(EngineError::Usage(format!("{id} is of one event; name it with --event")));
        }
        if self.event.is_some() && !self.metric.measure.takes_event() {
            return Err(EngineError::Usage(format!("{id} does not count activity, so it has no event")));
        }
        Ok(())
    }

    /// Whether the metric has this segment at all (metrics.md: money has no platform).
    pub fn is_defined(&self) -> bool {
        self.segment.refused_by(self.metric).is_none()
    }
}

/// Refuses a segment that limits more than users, where what they paid is asked for.
pub(super) fn people_only(segment: &Segment, what: &str) -> Result<(), EngineError> {
    let beyond = [
        (!segment.platforms.is_empty(), "a platform, because money has none"),
        (!segment.props.is_empty(), "a property of events, because money has none"),
        (!segment.streams.is_empty(), "a stream"),
    ];
    match beyond.into_iter().find(|(limited, _)| *limited) {
        Some((_, by)) => Err(EngineError::Usage(format!("{what} cannot be limited to {by}; use channels or cohorts"))),
        None => Ok(()),
    }
}

/// The row of METRICS with this id.
pub(super) fn metric(id: &'static str) -> Result<&'static Metric, EngineError> {
    query::find_metric(id).ok_or_else(|| {
        EngineError::Usage(format!("no metric is called {id}; `quarterdeck metric --list` names them all"))
    })
}

/// The buckets of a span, cut to it; one for the whole span without a grain.
pub(super) fn buckets(calendar: Calendar, span: Span, grain: Option<Grain>) -> Result<Vec<Span>, EngineError> {
    let Some(grain) = grain else { return Ok(vec![span]) };
    let narrowest = if grain == Grain::Day { 1 } else { 7 };
    if span.days() as usize / narrowest > MOST_BUCKETS {
        return Err(EngineError::Usage(format!(
            "{} to {} holds too many {}s; ask for a shorter span or a wider grain",
            span.first,
            span.last,
            grain.name()
        )));
    }
    Ok(calendar.buckets(grain, span).into_iter().filter_map(|b| b.intersect(span)).collect())
}
