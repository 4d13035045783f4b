//! Why: the leaves that hold the plans back, the numbers that are not as usual, the data that does not come.

use crate::domain::calendar::{Day, Grain, Span};
use crate::domain::plans::{Journal, JournalKind, PlanStatus};
use crate::metrics::catalog::{Direction, Metric, Unit};
use crate::metrics::exceptions::{self, Rules, Seen, Sign};
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

/// Least part of a plan's gap that a leaf must have to be told.
const LEAST: f64 = 0.10;
/// Days around a change in which the journal may tell of its cause.
const NEAR: i32 = 2;

/// Every cause, those with the greatest effect on money first.
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
        leaves(&shown, &flagged, &mut all);
    }
    for found in watch::watch(view, &flagged)? {
        add(view, found, &flagged, &mut all)?;
    }
    stale(view, &mut all)?;
    for cause in &mut all {
        cause.event = cause.since.and_then(|since| event(&board.book.journal, since));
    }
    let money = |cause: &Cause| cause.effect.filter(|(_, unit)| *unit == Unit::Money).map_or(0.0, |(by, _)| by.abs());
    let moved = |cause: &Cause| {
        let pair = cause.actual.zip(cause.usual).filter(|(_, usual)| *usual != 0.0);
        pair.map_or(0.0, |(actual, usual)| ((actual - usual) / usual).abs())
    };
    all.sort_by(|a, b| money(b).total_cmp(&money(a)).then_with(|| moved(b).total_cmp(&moved(a))));
    Ok(all)
}

/// The leaves that hold a plan back, those that have a good part of its gap.
fn leaves(shown: &PlanView, flagged: &[Day], all: &mut Vec<Cause>) {
    let Some(top) = shown.tree.first() else { return };
    let Some(gap) = top.actual.zip(top.line).map(|(actual, line)| actual - line) else { return };
    let bad = |by: f64| if top.direction == Direction::Up { by < 0.0 } else { by > 0.0 };
    let is_leaf =
        |row: &&TreeRow| row.node.id != 0 && !shown.tree.iter().any(|r| r.node.parent_id == Some(row.node.id));
    for row in shown.tree.iter().filter(is_leaf).filter(|_| bad(gap)) {
        let alone = shown.tree.len() == 1;
        let Some(by) = row.blame.or(alone.then_some(gap)).filter(|by| bad(*by)) else { continue };
        if by.abs() < LEAST * gap.abs() {
            continue;
        }
        let place = Place::Node { plan: shown.head.plan.id, node: row.node.id };
        let seen = shown.series.iter().find(|series| series.node == row.node.id);
        let points: Vec<Seen> = seen.map_or_else(Vec::new, |series| {
            let day = |(at, value): (usize, &Option<f64>)| {
                let day = series.first.plus(at as i32);
                Seen { day, value: *value, counts: None, flagged: flagged.contains(&day) }
            };
            series.values.iter().enumerate().map(day).collect()
        });
        let due = shown.head.primary.as_ref().and_then(|course| course.through);
        let found = due.and_then(|due| exceptions::examine(&points, due, &Rules::default()));
        all.push(Cause {
            place,
            label: row.node.label.clone(),
            unit: row.unit,
            actual: row.actual,
            usual: row.line,
            effect: Some((by, top.unit)),
            since: found.map(|found| found.since),
            event: None,
            sign: found.map(|found| found.sign),
            covers: if alone { Vec::new() } else { vec![top.node.label.clone()] },
            split: None,
            channel: None,
        });
    }
}

/// Adds a metric that is not as usual, unless a leaf of a plan is the same number; then the leaf is told since when.
fn add(view: &mut View, found: Found, flagged: &[Day], all: &mut Vec<Cause>) -> Result<(), EngineError> {
    let Found { metric, exception, covers } = found;
    let since = exception.since.plus(-watch::age(metric));
    let same = all.iter_mut().find(|cause| cause.label == metric.name);
    if let Some(cause) = same {
        cause.since = cause.since.or(Some(since));
        cause.sign = cause.sign.or(Some(exception.sign));
    } else {
        all.push(Cause {
            place: Place::Metric(metric.id),
            label: metric.name.to_owned(),
            unit: metric.unit,
            actual: exception.actual,
            usual: Some(exception.usual),
            effect: None,
            since: Some(since),
            event: None,
            sign: Some(exception.sign),
            covers: covers.iter().map(|metric| metric.name.to_owned()).collect(),
            split: None,
            channel: None,
        });
    }
    if exception.sign == Sign::Missing || !metric.measure.is_proportion() || !metric.by_channel {
        return Ok(());
    }
    let (effect, channel) = by_channel(view, metric, exception.since)?;
    // The channel that has most of it tells the day more sharply than all together.
    let mut first = since;
    if let Some((name, _)) = &channel {
        let segment = Segment { channels: vec![name.clone()], ..Segment::default() };
        if let Some(own) = watch::examine(view, metric, &segment, flagged, &Rules::default())? {
            first = own.since.plus(-watch::age(metric));
        }
    }
    if let Some(cause) = all.iter_mut().find(|cause| cause.label == metric.name) {
        (cause.split, cause.channel, cause.since) = (effect, channel, Some(first));
    }
    Ok(())
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
    for source in view.sources()?.iter().filter(|source| source.stale_days.is_some()) {
        all.push(Cause {
            place: Place::Source(source.name.clone()),
            label: source.name.clone(),
            unit: Unit::Events,
            actual: None,
            usual: None,
            effect: None,
            since: source.stale_days.map(|days| view.today.plus(-days)),
            event: None,
            sign: Some(Sign::Missing),
            covers: Vec::new(),
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
