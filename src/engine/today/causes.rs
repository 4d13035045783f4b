//! Why: the leaves that hold the plans back, the numbers that are not as usual, the data that does not come.

use crate::domain::calendar::{Day, Grain, Span};
use crate::domain::plans::{Journal, JournalKind, PlanStatus};
use crate::metrics::catalog::{Direction, Metric, Unit, find};
use crate::metrics::exceptions::{self, Exception, Rules, Seen, Sign};
use crate::metrics::mix;
use crate::metrics::number::Number;
use crate::query::{
    Against, Cause, Effect, Place, PlanBoard, PlanQuery, PlanView, Segment, Split, TargetWord, TreeRow,
};

use super::super::ask::Ask;
use super::super::plans;
use super::super::view::View;
use super::super::{EngineError, series};
use super::watch::{self, Found};

/// z from which on a leaf that holds a plan back is said to have changed on a day.
const PLANNED_Z: f64 = 2.0;
/// Names of the metrics that tell of users who stay.
const RETENTION: [&str; 3] = ["D1", "D7", "D30"];
/// Days by which changes of the same users may be found apart.
const APART: i32 = 5;
/// Days around a change in which the journal may tell of its cause.
const NEAR: i32 = 2;

/// Every cause: those with the greatest effect on money first, then the worst; what is better than usual last.
pub(super) fn causes(view: &mut View, board: &PlanBoard) -> Result<Vec<Cause>, EngineError> {
    let flagged: Vec<Day> =
        board.book.journal.iter().filter(|line| line.exclude_from_baseline).map(|line| line.day).collect();
    let mut all = Vec::new();
    let behind = board.plans.iter().filter(|row| {
        row.status == PlanStatus::Running
            && matches!(row.standing, Some(TargetWord::Off | TargetWord::Risk | TargetWord::Over))
    });
    for row in behind {
        let shown = plans::view(view, PlanQuery { plan: row.plan.id, against: Against::Target })?;
        leaves(view, &shown, &flagged, &mut all)?;
    }
    for found in watch::watch(view, &flagged)? {
        add(view, found, &flagged, &mut all)?;
    }
    stale(view, &mut all)?;
    kept(&mut all);
    for cause in &mut all {
        cause.event = cause.since.and_then(|since| event(&board.book.journal, since));
    }
    let money = |cause: &Cause| cause.effect.filter(|(_, unit)| *unit == Unit::Money).map_or(0.0, |(by, _)| by.abs());
    all.sort_by(|a, b| money(b).total_cmp(&money(a)).then_with(|| b.weight.total_cmp(&a.weight)));
    Ok(all)
}

/// The leaves that hold a plan back, those that have a good part of its gap.
fn leaves(view: &mut View, shown: &PlanView, flagged: &[Day], all: &mut Vec<Cause>) -> Result<(), EngineError> {
    let Some(top) = shown.tree.first() else { return Ok(()) };
    let Some(gap) = shown.gap() else { return Ok(()) };
    let bad = |by: f64| if top.direction == Direction::Up { by < 0.0 } else { by > 0.0 };
    let is_leaf =
        |row: &&TreeRow| row.node.id != 0 && !shown.tree.iter().any(|r| r.node.parent_id == Some(row.node.id));
    let alone = shown.tree.len() == 1;
    let blame = |row: &TreeRow| row.blame.or(alone.then_some(gap)).filter(|by| bad(*by));
    let rows = shown.tree.iter().filter(is_leaf).filter(|_| bad(gap));
    let mut worst: Vec<(&TreeRow, f64)> = rows.filter_map(|row| Some((row, blame(row)?))).collect();
    worst.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let whole: f64 = worst.iter().map(|(_, by)| by).sum();
    let mut told = 0.0;
    for (row, by) in worst {
        // The others only add to what is explained already.
        if (told / whole) >= Rules::default().explained {
            break;
        }
        told += by;
        let found = since(view, shown, row, flagged)?;
        all.push(Cause {
            place: Place::Node { plan: shown.head.plan.id, node: row.node.id },
            label: row.node.label.clone(),
            unit: row.unit,
            actual: row.actual,
            usual: row.line,
            effect: Some((by, top.unit)),
            weight: top.line.filter(|line| *line != 0.0).map_or(0.0, |line| (by / line).abs()),
            since: found.map(|found| found.since),
            event: None,
            sign: found.map(|found| found.sign),
            covers: if alone { Vec::new() } else { vec![top.node.label.clone()] },
            split: None,
            channel: None,
        });
        if let Some((metric, found)) = proportion(row).zip(found) {
            explain(view, metric, found.since, flagged, all)?;
        }
    }
    Ok(())
}

/// The metric of a leaf, where it is a share of users that can be told by channel.
fn proportion(row: &TreeRow) -> Option<&'static Metric> {
    let metric = find(row.node.metric.as_deref()?)?;
    (metric.measure.is_proportion() && metric.by_channel && row.node.filter.is_all()).then_some(metric)
}

/// Since when a leaf is not as usual. It holds a plan back already, so less is asked of chance than of a number that
/// nobody has an eye on.
fn since(view: &mut View, shown: &PlanView, row: &TreeRow, flagged: &[Day]) -> Result<Option<Exception>, EngineError> {
    let rules = Rules { shift_z: PLANNED_Z, ..Rules::default() };
    if let Some(metric) = proportion(row) {
        return watch::examine(view, metric, &Segment::default(), flagged, &rules);
    }
    let seen = shown.series.iter().find(|series| series.node == row.node.id);
    let due = shown.head.primary.as_ref().and_then(|course| course.through);
    Ok(seen.zip(due).and_then(|(series, due)| {
        let day = |(at, value): (usize, &Option<f64>)| {
            let day = series.first.plus(at as i32);
            Seen { day, value: *value, counts: None, flagged: flagged.contains(&day) }
        };
        let points: Vec<Seen> = series.values.iter().enumerate().map(day).collect();
        exceptions::examine(&points, due, &rules)
    }))
}

/// Adds a metric that is not as usual, unless a leaf of a plan is the same number; then the leaf is told since when.
fn add(view: &mut View, found: Found, flagged: &[Day], all: &mut Vec<Cause>) -> Result<(), EngineError> {
    let Found { metric, exception, covers } = found;
    if let Some(cause) = all.iter_mut().find(|cause| cause.label == metric.name) {
        cause.since = cause.since.or(Some(exception.since));
        cause.sign = cause.sign.or(Some(exception.sign));
        return Ok(());
    }
    all.push(Cause {
        place: Place::Metric(metric.id),
        label: metric.name.to_owned(),
        unit: metric.unit,
        actual: exception.actual,
        usual: Some(exception.usual),
        effect: None,
        weight: exception.change().map_or(0.0, |by| if metric.direction == Direction::Up { -by } else { by }),
        since: Some(exception.since),
        event: None,
        sign: Some(exception.sign),
        covers: covers.iter().map(|metric| metric.name.to_owned()).collect(),
        split: None,
        channel: None,
    });
    if exception.sign == Sign::Shift && metric.by_channel {
        explain(view, metric, exception.since, flagged, all)?;
    }
    Ok(())
}

/// Says of the last cause how much of it is mix and rate and which channel has most of it. That channel tells the day
/// more sharply than all together.
fn explain(
    view: &mut View,
    metric: &'static Metric,
    since: Day,
    flagged: &[Day],
    all: &mut [Cause],
) -> Result<(), EngineError> {
    let (split, channel) = by_channel(view, metric, since.plus(watch::age(metric)))?;
    let mut own = None;
    if let Some((name, _)) = &channel {
        let segment = Segment { channels: vec![name.clone()], ..Segment::default() };
        own = watch::examine(view, metric, &segment, flagged, &Rules::default())?;
    }
    if let Some(cause) = all.last_mut() {
        cause.since = own.map(|own| own.since).or(cause.since);
        (cause.split, cause.channel) = (split, channel);
    }
    Ok(())
}

/// Users who stay less are told once: D1 and D30 of the same users with D7, where a plan is about it, else with the
/// first.
fn kept(all: &mut Vec<Cause>) {
    let is_kept = |cause: &Cause| RETENTION.contains(&cause.label.as_str());
    let Some(first) = all.iter().position(is_kept) else { return };
    let since = all[first].since;
    let same = |cause: &Cause| is_kept(cause) && cause.since.zip(since).is_some_and(|(a, b)| a.since(b).abs() <= APART);
    let label = all[first].label.clone();
    let others: Vec<String> = all.iter().filter(|c| same(c) && c.label != label).map(|c| c.label.clone()).collect();
    all.retain(|cause| cause.label == label || !same(cause));
    if let Some(cause) = all.iter_mut().find(|cause| cause.label == label) {
        cause.covers.extend(others);
    }
}

/// A change as mix and rate, and the channel that has most of it with its part.
type Parted = (Option<Effect>, Option<(String, f64)>);

/// Whether other users came or the same kind stays less, and the channel that has most of the change.
fn by_channel(view: &mut View, metric: &'static Metric, since: Day) -> Result<Parted, EngineError> {
    let Some(through) = view.through_at()?.map(|at| view.calendar.day_of(at).plus(-1)) else { return Ok((None, None)) };
    let now = Span::new(since.min(through), through);
    let before = Span { first: now.first.plus(-now.days()), last: now.first.plus(-1) };
    let whole = Ask::of(metric, &Segment::default());
    let (mut names, mut parts) = (Vec::new(), Vec::new());
    for (name, ask) in series::parts(view, &whole, Split::Channel)? {
        let pair = |number: Number| if let Number::Ratio { num, den } = number { (num, den) } else { (0, 0) };
        let daily = Ask { grain: None::<Grain>, ..ask };
        let ((k0, n0), (k1, n1)) =
            (pair(series::value(view, &daily, before)?), pair(series::value(view, &daily, now)?));
        names.push(name);
        parts.push(mix::Segment { n0, k0, n1, k1 });
    }
    let Some(split) = mix::split(&parts) else { return Ok((None, None)) };
    let change = split.change();
    let part = |effect: &Effect| (effect.rate + effect.mix) / change;
    let largest = split.segments.iter().enumerate().max_by(|a, b| part(a.1).total_cmp(&part(b.1)));
    let channel = largest.map(|(at, effect)| (names[at].clone(), part(effect))).filter(|(_, part)| part.is_finite());
    Ok((Some(split.total), channel))
}

/// Sources whose data does not come.
fn stale(view: &mut View, all: &mut Vec<Cause>) -> Result<(), EngineError> {
    let sources = view.sources()?;
    let late: Vec<_> = sources.iter().filter(|source| source.stale_days.is_some()).collect();
    let mut missing = Vec::new();
    if !late.is_empty() {
        // A number that is missing because its source is: the source is the deeper cause.
        let is_missing = |cause: &Cause| cause.sign == Some(Sign::Missing);
        missing = all.iter().filter(|cause| is_missing(cause)).map(|cause| cause.label.clone()).collect();
        all.retain(|cause| !is_missing(cause));
    }
    for source in late {
        all.push(Cause {
            place: Place::Source(source.name.clone()),
            label: source.name.clone(),
            unit: Unit::Events,
            actual: None,
            usual: None,
            effect: None,
            weight: 0.0,
            since: source.stale_days.map(|days| view.today.plus(-days)),
            event: None,
            sign: Some(Sign::Missing),
            covers: std::mem::take(&mut missing),
            split: None,
            channel: None,
        });
    }
    Ok(())
}

/// What the journal tells of the days around a change: the line nearest to it, no check-in.
fn event(journal: &[Journal], since: Day) -> Option<Journal> {
    let told = |line: &&Journal| line.kind != JournalKind::Checkin && line.day.since(since).abs() <= NEAR;
    journal.iter().filter(told).min_by_key(|line| (line.day.since(since).abs(), line.id)).cloned()
}
