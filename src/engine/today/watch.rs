//! Headline numbers against their own limits, each cause once.

use crate::domain::calendar::{Day, Grain, Span};
use crate::metrics::catalog::{ActivityMeasure, Measure, Metric};
use crate::metrics::exceptions::{self, Exception, Link, Rules, Seen, Share};
use crate::metrics::number::{Number, State};
use crate::query::Segment;

use super::super::ask::{Ask, metric};
use super::super::plans::stored;
use super::super::view::View;
use super::super::{EngineError, series};

/// Days that limits and weekday shares are made from.
const HISTORY: i32 = 70;

/// What is watched. Sums over windows of days are left out: they only repeat what the days tell.
const WATCHED: [&str; 11] =
    ["net", "payers", "arppu", "paid_rate", "dau", "new_users", "returning_users", "d1", "d7", "d30", "spend"];

/// What makes up what: part, whole.
const PARTS: [(&str, &str, Share); 8] = [
    ("payers", "net", Share::Factor),
    ("arppu", "net", Share::Factor),
    ("dau", "payers", Share::Factor),
    ("paid_rate", "payers", Share::Factor),
    ("new_users", "dau", Share::Addend),
    ("returning_users", "dau", Share::Addend),
    // Who is active on day 7 of those who were on day 1.
    ("d1", "d7", Share::Factor),
    ("d7", "d30", Share::Factor),
];

/// A metric that is not as usual, and the metrics that follow from it.
pub(super) struct Found {
    pub metric: &'static Metric,
    pub exception: Exception,
    pub covers: Vec<&'static Metric>,
}

/// Every metric that is not as usual, each cause once.
pub(super) fn watch(view: &mut View, flagged: &[Day]) -> Result<Vec<Found>, EngineError> {
    let rules = Rules::default();
    let mut found = Vec::with_capacity(WATCHED.len());
    for id in WATCHED {
        found.push(examine(view, metric(id)?, &Segment::default(), flagged, &rules)?);
    }
    let place = |id: &str| WATCHED.iter().position(|watched| *watched == id);
    let link = |(part, whole, share): &(&str, &str, Share)| {
        Some(Link { part: place(part)?, whole: place(whole)?, share: *share })
    };
    let links: Vec<Link> = PARTS.iter().filter_map(link).collect();
    let mut all = Vec::new();
    for cause in exceptions::deepest(&found, &links, rules.explained) {
        let Some(exception) = found[cause.at] else { continue };
        let covers = cause.covers.iter().map(|at| metric(WATCHED[*at])).collect::<Result<_, _>>()?;
        all.push(Found { metric: metric(WATCHED[cause.at])?, exception, covers });
    }
    Ok(all)
}

/// What a metric of some users says of its newest days; what it counts some days on begins with the users of that day.
pub(super) fn examine(
    view: &mut View,
    metric: &'static Metric,
    segment: &Segment,
    flagged: &[Day],
    rules: &Rules,
) -> Result<Option<Exception>, EngineError> {
    let Some(through) = view.through_at()?.map(|at| view.calendar.day_of(at).plus(-1)) else { return Ok(None) };
    let ask = Ask { grain: Some(Grain::Day), ..Ask::of(metric, segment) };
    let days = Span { first: through.plus(1 - HISTORY), last: through };
    let buckets = view.calendar.buckets(Grain::Day, days);
    let counts = |number: Number| match number {
        Number::Ratio { num, den } if metric.measure.is_proportion() => Some((num as f64, den as f64)),
        _ => None,
    };
    let points = series::points(view, &ask, &buckets)?.into_iter().map(|point| Seen {
        day: point.span.first,
        value: stored(point.value).filter(|_| point.state == State::Complete),
        counts: counts(point.value),
        flagged: flagged.contains(&point.span.first),
    });
    let found = exceptions::examine(&points.collect::<Vec<_>>(), through, rules);
    Ok(found.map(|found| Exception { since: found.since.plus(-age(metric)), ..found }))
}

/// Days between a user's first day and the day on which a metric counts him.
pub(super) fn age(metric: &Metric) -> i32 {
    match metric.measure {
        Measure::Activity(ActivityMeasure::DayN(n)) => i32::from(n),
        _ => 0,
    }
}
