//! How far a target has come, and where it will end.

use crate::domain::calendar::{Day, Span};
use crate::domain::plans::Curve as Shape;
use crate::metrics::catalog::{Accumulation, Direction, Unit};
use crate::metrics::limits::Point;
use crate::metrics::planning::attainment::attainment;
use crate::metrics::planning::forecast::{self, Counts, Forecast, Goal, Level};
use crate::metrics::planning::{Status, Thresholds, pace};
use crate::query::{Course, Outlook, TargetWord};

use super::super::EngineError;
use super::super::view::View;
use super::case::{Case, Measured};
use super::{growth, usual};

/// Days before the last that a forecast looks at; the newest 28 that can be used count.
const HISTORY: i32 = 56;
/// Days whose rate stands for the days ahead.
const RECENT: i32 = 7;
/// Days that data may lag behind the others before it is stale.
const STALE: i32 = 2;

/// How a node stands with its target; `actual` is its value to date, `line` what is expected by now.
pub(super) fn course(
    view: &mut View,
    case: &Case,
    measured: &Measured,
    (actual, line): (Option<f64>, Option<f64>),
    thresholds: &Thresholds,
) -> Result<Course, EngineError> {
    let node = &measured.node;
    let pace = actual.zip(line).filter(|(_, line)| *line != 0.0).map(|(actual, line)| actual / line);
    let through = case.through.map(|day| day.min(measured.days.last));
    let mut course = Course {
        node: node.id,
        label: node.label.clone(),
        unit: measured.unit,
        accumulation: measured.accumulation,
        direction: measured.direction,
        through,
        actual,
        line,
        target: node.target,
        pace,
        lead: None,
        attainment: None,
        required: Vec::new(),
        uplift: None,
        due_by: Vec::new(),
        outlook: None,
        standing: TargetWord::NoData,
        missing: if actual.is_none() { missing(case, measured) } else { None },
    };
    let (Some(target), Some(through)) = (node.target, through) else { return Ok(course) };
    // As if the whole period went on like the days that are over: baseline and target are of a whole one.
    let whole = actual.map(|actual| actual / measured.grown);
    course.attainment = attainment(measured.accumulation, measured.base, target, whole, measured.direction);
    if measured.is_cumulative() {
        let pace = pace::flow(&measured.curve, target, actual, through);
        course.lead = pace.lead;
        course.uplift = pace.need.uplift;
        course.required = pace.need.days.iter().filter_map(|day| day.required).collect();
        course.due_by = pace.need.days.iter().filter_map(|day| Some((day.day, day.due_by?))).collect();
    }
    let goal = Goal { target, direction: measured.direction, pace };
    let seen = forecast(view, case, measured, (actual, through), &goal, thresholds)?;
    course.outlook = outlook(&seen);
    course.standing = standing(view, measured, actual, pace, seen.status)?;
    Ok(course)
}

/// Why a node has no value: its own reason, else that of the first part that has one.
fn missing(case: &Case, measured: &Measured) -> Option<String> {
    let of_part = |part: &Measured| part.missing.as_ref().map(|why| format!("{}: {why}", part.node.label));
    measured.missing.clone().or_else(|| case.tree.iter().find_map(of_part))
}

fn outlook(seen: &Forecast) -> Option<Outlook> {
    let band = seen.band?;
    Some(Outlook {
        n: seen.n.unwrap_or(0),
        value: band.value,
        low: band.low,
        high: band.high,
        p_hit: band.p_hit,
        level_shift: seen.level_shift,
    })
}

fn standing(
    view: &mut View,
    measured: &Measured,
    actual: Option<f64>,
    pace: Option<f64>,
    status: Option<Status>,
) -> Result<TargetWord, EngineError> {
    let Some(status) = status.filter(|_| actual.is_some()) else { return Ok(TargetWord::NoData) };
    let common = view.through_at()?.map(|at| view.calendar.day_of(at).plus(-1).min(measured.days.last));
    if measured.known.zip(common).is_some_and(|(known, common)| known.last < common.plus(-STALE)) {
        return Ok(TargetWord::Stale);
    }
    let above = measured.direction == Direction::Down && pace.is_some_and(|pace| pace > 1.0);
    Ok(match status {
        Status::Ok => TargetWord::Ok,
        Status::Risk | Status::Off if above && measured.accumulation == Accumulation::Flow => TargetWord::Over,
        Status::Risk => TargetWord::Risk,
        Status::Off => TargetWord::Off,
    })
}

fn forecast(
    view: &mut View,
    case: &Case,
    measured: &Measured,
    (actual, through): (Option<f64>, Day),
    goal: &Goal,
    thresholds: &Thresholds,
) -> Result<Forecast, EngineError> {
    let by_pace = || forecast::ratio(None, goal, thresholds);
    let (Some(gauge), Some(known)) = (&measured.gauge, measured.known) else { return Ok(by_pace()) };
    let span = Span { first: through.plus(1 - HISTORY), last: through };
    let Some(span) = span.intersect(known) else { return Ok(by_pace()) };
    let ahead = measured.curve.ahead(through);
    match measured.accumulation {
        Accumulation::Flow => {
            let history = history(case, measured, span, gauge.daily(view, span)?);
            Ok(forecast::flow(&history, ahead, actual, goal, thresholds))
        }
        Accumulation::Ratio if measured.unit == Unit::Rate && !growth::grows(&gauge.binding) => {
            let so_far = gauge.fraction(view, Span { first: measured.days.first, last: through })?;
            let recent = Span { first: through.plus(1 - RECENT), last: through };
            let recent = usual::fraction(view, gauge, recent, &case.flagged)?;
            let counts = so_far.zip(recent.filter(|(_, den)| *den > 0.0)).map(|((num, den), (k, n))| Counts {
                num,
                den,
                expected_den: den * ahead.len() as f64 / f64::from(through.since(measured.days.first) + 1),
                recent_rate: k / n,
            });
            Ok(forecast::ratio(counts.as_ref(), goal, thresholds))
        }
        Accumulation::Unique if measured.is_cumulative() => Ok(by_pace()),
        Accumulation::Ratio => Ok(by_pace()),
        Accumulation::Level | Accumulation::Unique => {
            let kept = |(day, value): (Day, Option<f64>)| value.filter(|_| !case.flagged.contains(&day));
            let seen = Level::of(&span.iter().zip(gauge.daily(view, span)?).map(kept).collect::<Vec<_>>());
            Ok(forecast::level(&seen, ahead.len(), goal, thresholds))
        }
    }
}

/// The days with the weight that the target gives them; days before the plan have that of their weekday, and none where
/// phases make the days of a plan unlike all others.
fn history(case: &Case, measured: &Measured, span: Span, values: Vec<Option<f64>>) -> Vec<Point> {
    let weights = measured.curve.weights();
    let weight = |day: Day| match usize::try_from(day.since(measured.curve.first())) {
        Ok(at) => weights.get(at).copied().unwrap_or(0.0),
        Err(_) if measured.node.curve == Shape::Phase => 0.0,
        Err(_) => measured.index[usual::weekday(day)],
    };
    let point =
        |(day, value): (Day, Option<f64>)| Point { value, weight: weight(day), flagged: case.flagged.contains(&day) };
    span.iter().zip(values).map(point).collect()
}
