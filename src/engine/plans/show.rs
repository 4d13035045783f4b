//! One plan with everything about it.

use crate::domain::calendar::Span;
use crate::domain::plans::{Book, Journal, JournalKind, Lesson, Node, NodeRole, Plan, UseState};
use crate::metrics::catalog::Direction;
use crate::metrics::planning::attainment::met;
use crate::metrics::planning::blame::{Blame, blame};
use crate::metrics::planning::closing::{Ability, Closing, closing};
use crate::metrics::planning::{Thresholds, evaluate};
use crate::query::{Course, GuardRow, NodeSeries, OfferRow, PlanQuery, PlanView, RoundRow, TreeRow};

use super::super::EngineError;
use super::super::view::View;
use super::case::{Case, Measured};
use super::course::course;
use super::tree::{Arithmetic, Entry, value};
use super::{board, calibration, review, rules, snapshot, windows};

/// Days before a plan that its charts begin at.
const CHART: i32 = 28;
/// Lines of the journal that are shown.
const LINES: usize = 50;
/// Name of what closes a measured sum, and the number that no node has.
const OTHER: &str = "other";
const OTHER_ID: i64 = 0;

/// The plan, held against what is asked.
pub(super) fn view(view: &mut View, book: &Book, query: PlanQuery) -> Result<PlanView, EngineError> {
    let thresholds = view.thresholds()?;
    let plan = plan(book, query.plan)?.clone();
    let case = Case::of(view, book, &plan, true, query.against)?;
    let head = board::row(view, book, &case, &thresholds)?;
    let (tree, residual) = tree(view, &case)?;
    let mut guards = Vec::new();
    for guard in &case.guards {
        let row = leaf_row(guard);
        let bound = guard.node.target.zip(guard.actual).map(|(target, actual)| met(actual, target, guard.direction));
        guards.push(GuardRow { row, kept: bound.filter(|_| guard.node.role == NodeRole::Guardrail) });
    }
    let progress = progress(view, &case, &tree, &thresholds)?;
    let series = series(view, &case)?;
    let nodes: Vec<i64> = book.tree(plan.id).iter().map(|node| node.id).collect();
    let stored = book.review_of(plan.id).cloned();
    let mut shown = PlanView {
        against: query.against,
        tree,
        guards,
        residual,
        progress,
        series,
        phases: book.phases.iter().filter(|phase| phase.plan_id == plan.id).cloned().collect(),
        tasks: board::tasks(view, book, &[&head]).into_iter().filter(|row| row.task.plan_id == Some(plan.id)).collect(),
        resources: resources(book, &plan),
        revisions: book.revisions.iter().rev().filter(|one| nodes.contains(&one.node_id)).cloned().collect(),
        journal: journal(book, &plan),
        marked: marked(book, &plan),
        rounds: rounds(view, book, &plan)?,
        offers: offers(book, &plan),
        lessons: lessons(book, stored.as_ref().map(|review| review.id)),
        review_is_draft: stored.is_none(),
        said: snapshot::read(&plan).and_then(|kept| kept.said()),
        forecasts: calibration::of(book),
        proposed: None,
        review: stored.unwrap_or_default(),
        head,
    };
    if !plan.status.is_over() {
        for row in &mut shown.tree {
            row.parts_give = rules::unmatched(book, &row.node);
        }
    }
    if let Some(kept) = snapshot::read(&plan) {
        kept.apply(&mut shown);
    }
    shown.proposed = review::verdict(&shown);
    if shown.review_is_draft {
        shown.review = review::draft(book, &plan, &shown);
    }
    Ok(shown)
}

pub(super) fn plan(book: &Book, id: i64) -> Result<&Plan, EngineError> {
    let none = || EngineError::Usage(format!("there is no plan {id}; `quarterdeck plan list` names them"));
    book.plan(id).ok_or_else(none)
}

/// The rows of the tree, and the top's own line less that of its parts. The top stands with its own line, as the list has
/// it; all below it with what follows from the lines of the leaves.
fn tree(view: &mut View, case: &Case) -> Result<(Vec<TreeRow>, Option<f64>), EngineError> {
    let Some(all) = Arithmetic::of(case) else { return Ok((Vec::new(), None)) };
    let base = all.values(case, &|measured| measured.base);
    let from = all.figures(case, &Measured::due);
    let to = all.figures(case, &Measured::to_date);
    let (lines, actual) = (evaluate::values(&all.tree, &from), evaluate::values(&all.tree, &to));
    let Blame { contributions, .. } = blame(&all.tree, &from, &to);
    let Closing { alone, .. } = closing(&all.tree, &from, &to);
    let mut rows = Vec::new();
    for (number, entry) in all.entries.iter().enumerate() {
        let part = contributions.as_ref().and_then(|parts| parts.get(number).copied());
        let numbers = (base[number], lines[number], actual[number], part);
        rows.push(match entry {
            Entry::Node(at) => {
                let measured = &case.tree[*at];
                let best = best(view, case, measured)?;
                let followed = lines[number];
                let own = (
                    if number == 0 { measured.against.or(followed) } else { followed.or(measured.against) },
                    actual[number].and_then(|computed| value(measured, Some(computed))),
                );
                let numbers =
                    if measured.ahead { (base[number], None, None, None) } else { (base[number], own.0, own.1, part) };
                let row = node_row(measured, numbers);
                closed(row, measured, alone.get(number).copied().flatten().filter(|_| !measured.ahead), best)
            }
            Entry::Other(at) => other_row(&case.tree[*at], numbers),
        });
    }
    for row in &mut rows {
        row.mismatch = mismatch(case, row);
    }
    let own = case.tree.first().and_then(|top| top.against);
    Ok((rows, own.zip(lines.first().copied().flatten()).map(|(own, line)| own - line)))
}

type Numbers = (Option<f64>, Option<f64>, Option<f64>, Option<f64>);

fn node_row(measured: &Measured, (base, line, actual, blame): Numbers) -> TreeRow {
    TreeRow {
        node: measured.node.clone(),
        depth: measured.depth,
        unit: measured.unit,
        accumulation: measured.accumulation,
        direction: measured.direction,
        base,
        line,
        actual,
        pace: actual.zip(line).filter(|(_, line)| *line != 0.0).map(|(actual, line)| actual / line),
        blame,
        alone: None,
        best: None,
        can: None,
        mismatch: None,
        parts_give: None,
        missing: measured.missing.clone(),
    }
}

fn leaf_row(measured: &Measured) -> TreeRow {
    node_row(measured, (measured.base, measured.against, measured.actual, None))
}

/// The row of what a measured sum has beyond its parts.
fn other_row(sum: &Measured, numbers: Numbers) -> TreeRow {
    let node = Node {
        id: OTHER_ID,
        parent_id: Some(sum.node.id),
        label: OTHER.to_owned(),
        role: NodeRole::Driver,
        target: None,
        ..sum.node.clone()
    };
    let row = node_row(sum, numbers);
    TreeRow { node, depth: sum.depth + 1, missing: None, ..row }
}

/// The value that would close the gap alone, and whether the leaf was ever there.
fn closed(row: TreeRow, measured: &Measured, alone: Option<f64>, best: Option<f64>) -> TreeRow {
    let able = best.map(|best| Ability { best, direction: measured.direction, cap: measured.node.cap });
    let can = able.filter(|_| alone.is_some()).map(|able| able.reaches(alone));
    TreeRow { alone, best, can, ..row }
}

/// What a node that is measured itself has beyond what follows from its parts, where that is much.
fn mismatch(case: &Case, row: &TreeRow) -> Option<f64> {
    let measured = case.tree.iter().find(|measured| measured.node.id == row.node.id)?;
    let (own, computed) = (measured.actual?, row.actual?);
    let rest = own - computed;
    (rest.abs() > 0.005 * own.abs()).then_some(rest)
}

/// The best of the last windows of as many days as are over, before the plan.
fn best(view: &mut View, case: &Case, measured: &Measured) -> Result<Option<f64>, EngineError> {
    let (Some(gauge), Some(known), Some(through)) = (&measured.gauge, measured.known, case.through) else {
        return Ok(None);
    };
    let days = through.min(measured.days.last).since(measured.days.first) + 1;
    if days < 1 {
        return Ok(None);
    }
    let windows = windows::history(days, case.plan.start, known);
    let values = gauge.over(view, &windows)?.into_iter().flatten();
    Ok(match measured.direction {
        Direction::Up => values.reduce(f64::max),
        Direction::Down => values.reduce(f64::min),
    })
}

/// How every node with a target stands.
fn progress(
    view: &mut View,
    case: &Case,
    rows: &[TreeRow],
    thresholds: &Thresholds,
) -> Result<Vec<Course>, EngineError> {
    let mut all = Vec::new();
    for measured in case.tree.iter().filter(|measured| measured.node.target.is_some()) {
        let row = rows.iter().find(|row| row.node.id == measured.node.id);
        let actual = value(measured, row.and_then(|row| row.actual));
        all.push(course(view, case, measured, (actual, measured.line), thresholds)?);
    }
    Ok(all)
}

/// The days of every node that is measured, from four weeks before the plan.
fn series(view: &mut View, case: &Case) -> Result<Vec<NodeSeries>, EngineError> {
    let mut all = Vec::new();
    for measured in case.tree.iter().chain(&case.guards) {
        let (Some(gauge), Some(known)) = (&measured.gauge, measured.known) else { continue };
        let span = Span { first: case.plan.start.plus(-CHART), last: case.plan.finish.max(case.plan.start) };
        let Some(span) = span.intersect(known) else { continue };
        all.push(NodeSeries { node: measured.node.id, first: span.first, values: gauge.daily(view, span)? });
    }
    Ok(all)
}

fn resources(book: &Book, plan: &Plan) -> Vec<(crate::domain::plans::Resource, i64)> {
    let of = |id: i64| book.costs.iter().filter(move |cost| cost.resource_id == Some(id));
    let spent = |id: i64| of(id).map(|cost| cost.amount_micros).fold(0, i64::saturating_add);
    book.resources.iter().filter(|one| one.plan_id == plan.id).map(|one| (one.clone(), spent(one.id))).collect()
}

/// What was written on the days of a plan: its own lines, and those of no plan.
fn journal(book: &Book, plan: &Plan) -> Vec<Journal> {
    let days = Span { first: plan.start, last: plan.finish.plus(plan.observe_days as i32) };
    let mine = |line: &&Journal| {
        let tied = line.plan_id == Some(plan.id) || (line.plan_id.is_none() && line.kind != JournalKind::Checkin);
        tied && days.contains(line.day)
    };
    let mut lines: Vec<Journal> = book.journal.iter().filter(mine).cloned().collect();
    lines.sort_by_key(|line| (line.day, line.id));
    lines.truncate(LINES);
    lines
}

/// What charts of a plan's days mark, from four weeks before it.
fn marked(book: &Book, plan: &Plan) -> Vec<Journal> {
    let days = Span { first: plan.start.plus(-CHART), last: plan.finish.max(plan.start) };
    let of_plan = |line: &&Journal| line.plan_id.is_none_or(|id| id == plan.id) && line.is_marked();
    book.journal.iter().filter(of_plan).filter(|line| days.contains(line.day)).cloned().collect()
}

/// All rounds of the series of a plan.
fn rounds(view: &mut View, book: &Book, plan: &Plan) -> Result<Vec<RoundRow>, EngineError> {
    let mut all = Vec::new();
    let mut series: Vec<&Plan> = book.plans.iter().filter(|other| other.series_id == plan.series_id).collect();
    series.sort_by_key(|plan| plan.round);
    for round in series {
        let case = Case::of(view, book, round, false, crate::query::Against::Target)?;
        let row = board::row(view, book, &case, &view.thresholds()?)?;
        let course = row.primary.as_ref();
        all.push(RoundRow {
            plan: round.id,
            round: round.round,
            span: round.span(),
            status: row.status,
            target: course.and_then(|course| course.target),
            actual: course.and_then(|course| course.actual),
            attainment: course.and_then(|course| course.attainment),
            spent: row.spent,
        });
    }
    Ok(all)
}

fn offers(book: &Book, plan: &Plan) -> Vec<OfferRow> {
    let row = |one: &crate::domain::plans::LessonUse| {
        let lesson = book.lessons.iter().find(|lesson| lesson.id == one.lesson_id)?;
        let review = book.reviews.iter().find(|review| review.id == lesson.review_id)?;
        let round = book.plan(review.plan_id)?.round;
        Some(OfferRow { lesson: lesson.clone(), round, state: one.state, held: one.held.map(|held| held != 0) })
    };
    let mut all: Vec<OfferRow> = book.lesson_uses.iter().filter(|one| one.plan_id == plan.id).filter_map(row).collect();
    all.sort_by_key(|offer| (offer.state != UseState::Offered, offer.lesson.id));
    all
}

fn lessons(book: &Book, review: Option<i64>) -> Vec<Lesson> {
    book.lessons.iter().filter(|lesson| Some(lesson.review_id) == review).cloned().collect()
}
