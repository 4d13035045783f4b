//! Each day of a metric beside what is usual on its weekday (planning.md §3.9).

use std::collections::BTreeSet;

use crate::domain::calendar::{Calendar, Day, Grain, Span};
use crate::metrics::limits::{self, Observed, weekday_index};
use crate::metrics::number::{Number, Point, State};
use crate::query::{Band, DayLimits, LimitsQuery};

use super::EngineError;
use super::ask::{self, Ask};
use super::series;
use super::view::View;

/// Days before a day that its limits and its weekday index can be made from.
const HISTORY: i32 = 9 * 7;

/// Answers `Query::Limits`.
pub(super) fn answer(view: &mut View, query: &LimitsQuery) -> Result<Vec<DayLimits>, EngineError> {
    let metric = ask::metric(query.metric)?;
    let ask = Ask { event: query.event.as_deref(), grain: Some(Grain::Day), ..Ask::of(metric, &query.segment) };
    ask.check()?;
    let days = Span { first: query.span.first.plus(-HISTORY), last: query.span.last };
    let buckets = ask::buckets(view.calendar, days, Some(Grain::Day))?;
    let points = series::points(view, &ask, &buckets)?;
    let complete: Vec<&Point> = points.iter().filter(|point| point.state == State::Complete).collect();
    let left_out = view.store.book()?.left_out();
    let asked = complete.iter().enumerate().filter(|(_, point)| query.span.contains(point.span.first));
    Ok(asked.map(|(at, _)| of_day(&complete[..=at], &left_out)).collect())
}

/// The newest of some complete days.
fn of_day(points: &[&Point], left_out: &BTreeSet<Day>) -> DayLimits {
    let (newest, value) = points.last().map_or((Day(0), Number::None), |point| (point.span.first, point.value));
    let observed = points.iter().filter_map(|point| {
        let day = point.span.first;
        Some(Observed { day, value: point.value.value()?, flagged: left_out.contains(&day) })
    });
    let index = weekday_index(&observed.collect::<Vec<_>>(), newest);
    let monday = Calendar::UTC.bucket(Grain::Week, newest).first;
    let weight = |day: Day| index[day.since(monday).rem_euclid(7) as usize];
    let weighted = points.iter().map(|point| limits::Point {
        value: point.value.value(),
        weight: weight(point.span.first),
        flagged: left_out.contains(&point.span.first),
    });
    let found = limits::limits(&weighted.collect::<Vec<_>>());
    let scale = weight(newest);
    let band =
        found.band.map(|band| Band { mean: band.mean * scale, lower: band.lower * scale, upper: band.upper * scale });
    // A day without a value is neither usual nor unusual, and so is one that does not count.
    let left_out = left_out.contains(&newest);
    let judged = value != Number::None && !left_out;
    let (outside, run) = (found.outside && judged, found.run && judged);
    DayLimits { day: newest, value, n: found.n, band, outside, run, left_out }
}
