//! The list of plans with their gauges, the strategies, and all tasks in their order.

use crate::domain::calendar::{Day, Span};
use crate::domain::plans::{Book, Cost, Focus, OpType, Plan, PlanStatus, StrategyStatus, Task, TaskKind, TaskState};
use crate::metrics::binding::Binding;
use crate::metrics::catalog::find;
use crate::metrics::planning::attainment::met;
use crate::metrics::planning::budget::{Cell, budget};
use crate::metrics::planning::gauges::{self, Gauges};
use crate::metrics::planning::urgency::{self, urgencies};
use crate::metrics::planning::{Status, Thresholds};
use crate::query::{Against, Course, PlanBoard, PlanRow, StrategyRow, TargetWord, TaskRow};

use super::super::EngineError;
use super::super::view::View;
use super::case::{Case, Measured};
use super::course::course;
use super::measure::Gauge;
use super::{snapshot, tree};

/// Everything that the list shows.
pub(super) fn board(view: &mut View, book: Book) -> Result<PlanBoard, EngineError> {
    let thresholds = view.thresholds()?;
    let mut plans = Vec::new();
    for plan in &book.plans {
        let case = Case::of(view, &book, plan, false, Against::Target)?;
        plans.push(row(view, &book, &case, &thresholds)?);
    }
    plans.sort_by(|a, b| {
        place(a).cmp(&place(b)).then_with(|| hit(a).total_cmp(&hit(b))).then(a.plan.id.cmp(&b.plan.id))
    });
    let heads: Vec<&PlanRow> = plans.iter().collect();
    let tasks = tasks(view, &book, &heads);
    let strategies = strategies(&book, &plans);
    Ok(PlanBoard { book, plans, strategies, tasks })
}

/// Running plans by how they stand, then those to review, then those that are not begun, the closed ones last.
fn place(row: &PlanRow) -> (u8, Option<TargetWord>) {
    let part = match row.status {
        PlanStatus::Running | PlanStatus::Paused => 0,
        PlanStatus::Observing | PlanStatus::Review => 1,
        PlanStatus::Ready | PlanStatus::Draft => 2,
        PlanStatus::Closed => 3,
        PlanStatus::Cancelled => 4,
    };
    (part, row.standing)
}

fn hit(row: &PlanRow) -> f64 {
    let course = row.primary.as_ref();
    course.and_then(|course| course.outlook.map(|outlook| outlook.p_hit).or(course.pace)).unwrap_or(1.0)
}

/// A plan with its gauges.
pub(super) fn row(view: &mut View, book: &Book, case: &Case, thresholds: &Thresholds) -> Result<PlanRow, EngineError> {
    let plan = &case.plan;
    let status = plan.shown(view.today);
    let primary = primary(view, case, thresholds)?;
    let tasks: Vec<&Task> = book.tasks.iter().filter(|task| task.plan_id == Some(plan.id)).collect();
    let (granted, spent) = (granted(book, plan), spent(view, book, plan)?);
    let time = case.tree.first().zip(case.through).and_then(|(top, through)| top.curve.share(through));
    let gauges = Gauges {
        time: time.or_else(|| elapsed(plan, view.today)),
        work: gauges::work(&work(&tasks)),
        result: primary.as_ref().and_then(|course| course.attainment),
        budget: gauges::spent(Some(spent as f64), Some(granted as f64).filter(|granted| *granted > 0.0)),
    };
    let runs = matches!(status, PlanStatus::Running | PlanStatus::Paused);
    let readings = if runs { gauges::readings(&gauges, is_broken(case), thresholds) } else { Vec::new() };
    let over = overspends(plan, view.today, (spent, granted), primary.as_ref(), thresholds);
    let standing = primary.as_ref().filter(|course| runs && course.target.is_some()).map(|course| course.standing);
    let overdue = |task: &&&Task| task.state.is_open() && task.due_day(Some(plan)).is_some_and(|due| due < view.today);
    let mut row = PlanRow {
        plan: plan.clone(),
        status,
        primary,
        gauges,
        readings,
        standing: if runs && over { standing.map(|word| word.min(TargetWord::Over)) } else { standing },
        overdue: tasks.iter().filter(overdue).count(),
        granted,
        spent,
    };
    if let Some(kept) = snapshot::read(plan) {
        kept.apply_head(&mut row);
    }
    Ok(row)
}

/// State and estimate of the tasks that move a plan; looking back at it moves nothing.
fn work(tasks: &[&Task]) -> Vec<(TaskState, Option<f64>)> {
    let moves = tasks.iter().filter(|task| task.kind != TaskKind::Review);
    moves.map(|task| (task.state, task.estimate_min.map(|minutes| minutes as f64))).collect()
}

/// The primary with its value as the tree has it.
pub(super) fn primary(view: &mut View, case: &Case, thresholds: &Thresholds) -> Result<Option<Course>, EngineError> {
    let Some(top) = case.tree.first() else { return Ok(None) };
    let computed = tree::Arithmetic::of(case).and_then(|all| all.values(case, &Measured::to_date)[0]);
    let actual = tree::value(top, computed).filter(|_| !top.ahead);
    Ok(Some(course(view, case, top, (actual, top.line), thresholds)?))
}

/// Whether a guardrail is worse than its target.
fn is_broken(case: &Case) -> bool {
    let broken = |target: f64, actual: f64, direction| !met(actual, target, direction);
    case.guards.iter().any(|guard| {
        let rail = guard.node.role == crate::domain::plans::NodeRole::Guardrail;
        rail && guard
            .node
            .target
            .zip(guard.actual)
            .is_some_and(|(target, actual)| broken(target, actual, guard.direction))
    })
}

/// Share of a plan's days that are over.
fn elapsed(plan: &Plan, today: Day) -> Option<f64> {
    let days = plan.span().days();
    let over = today.since(plan.start).clamp(0, days);
    (days > 0).then(|| f64::from(over) / f64::from(days))
}

/// Money that was granted: people's days are not money.
fn granted(book: &Book, plan: &Plan) -> i64 {
    let mine = book.resources.iter().filter(|one| one.plan_id == plan.id && one.kind.is_money());
    mine.map(|one| one.granted_micros).fold(0, i64::saturating_add)
}

/// Costs typed by hand, and the imported spend that is the plan's own.
pub(super) fn spent(view: &mut View, book: &Book, plan: &Plan) -> Result<i64, EngineError> {
    spent_in(view, book, plan, None)
}

/// The same of some days of the plan.
pub(super) fn spent_in(view: &mut View, book: &Book, plan: &Plan, days: Option<Span>) -> Result<i64, EngineError> {
    // Days and pieces that were used are not money; what is tied to nothing is.
    let of = |id: i64| book.resources.iter().find(|resource| resource.id == id);
    let is_money = |cost: &&Cost| cost.resource_id.and_then(of).is_none_or(|resource| resource.kind.is_money());
    let counts = |cost: &&Cost| cost.plan_id == plan.id && days.is_none_or(|days| days.contains(cost.day));
    let typed = book.costs.iter().filter(counts).filter(is_money);
    let typed = typed.map(|cost| cost.amount_micros).fold(0_i64, i64::saturating_add);
    let (Some(metric), false) = (find("spend"), plan.spend_filter.is_all()) else { return Ok(typed) };
    let gauge = Gauge { binding: Binding::Metric(metric), filter: plan.spend_filter.clone() };
    let Some(known) = gauge.known(view)? else { return Ok(typed) };
    let Some(span) =
        days.unwrap_or(plan.span()).intersect(Span { first: known.first, last: known.last.max(known.first) })
    else {
        return Ok(typed);
    };
    let measured = gauge.value(view, span)?.unwrap_or(0.0);
    Ok(typed.saturating_add(measured as i64))
}

/// Whether the spend is far above its line while the result is not.
fn overspends(
    plan: &Plan,
    today: Day,
    (spent, granted): (i64, i64),
    course: Option<&Course>,
    thresholds: &Thresholds,
) -> bool {
    let days = plan.span().days();
    let day = today.since(plan.start).clamp(0, days);
    let pace = course.and_then(|course| course.pace);
    let told = budget(spent as f64, granted as f64, (f64::from(day), f64::from(days)), pace, thresholds);
    granted > 0 && told.tier > 0 && matches!(told.cell, Some(Cell::Burning | Cell::Scaling) | None)
}

/// All tasks: open ones by urgency, then those that wait, then those that are done, newest first.
pub(super) fn tasks(view: &View, book: &Book, plans: &[&PlanRow]) -> Vec<TaskRow> {
    let place = |id: i64| book.tasks.iter().position(|task| task.id == id);
    let pairs: Vec<(usize, usize)> =
        book.needs.iter().filter_map(|need| Some((place(need.task_id)?, place(need.needs_id)?))).collect();
    let given: Vec<urgency::Task> = book.tasks.iter().map(|task| given(book, plans, task)).collect();
    let scores = urgencies(view.today, &given, &pairs);
    let open = |id: i64| book.task(id).is_some_and(|task| task.state.is_open());
    let row = |(task, score): (&Task, Option<urgency::Urgency>)| TaskRow {
        due: task.due_day(task.plan_id.and_then(|plan| book.plan(plan))),
        urgency: score.as_ref().map_or(0.0, |score| score.score),
        why: score.map(|score| score.why).unwrap_or_default(),
        needs: book.needs.iter().filter(|n| n.task_id == task.id && open(n.needs_id)).map(|n| n.needs_id).collect(),
        blocks: book.needs.iter().filter(|n| n.needs_id == task.id && open(n.task_id)).map(|n| n.task_id).collect(),
        waiting: task.wait_until.is_some_and(|day| day > view.today),
        task: task.clone(),
    };
    let mut rows: Vec<TaskRow> = book.tasks.iter().zip(scores).map(row).collect();
    let part = |row: &TaskRow| match row.task.state.is_open() {
        true if row.needs.is_empty() && !row.waiting => 0,
        true => 1,
        false => 2,
    };
    rows.sort_by(|a, b| {
        let newest = b.task.done_at.cmp(&a.task.done_at);
        part(a).cmp(&part(b)).then(b.urgency.total_cmp(&a.urgency)).then(newest).then(a.task.id.cmp(&b.task.id))
    });
    rows
}

/// A task as its urgency sees it; how its plan stands pulls it up.
fn given(book: &Book, plans: &[&PlanRow], task: &Task) -> urgency::Task {
    let head = plans.iter().find(|row| Some(row.plan.id) == task.plan_id);
    let node = head.and_then(|row| row.standing).and_then(|word| match word {
        TargetWord::Off => Some(Status::Off),
        TargetWord::Risk | TargetWord::Over => Some(Status::Risk),
        _ => None,
    });
    urgency::Task {
        state: task.state,
        due: task.due_day(task.plan_id.and_then(|plan| book.plan(plan))),
        scheduled: task.scheduled,
        wait_until: task.wait_until,
        created: task.created,
        priority: task.priority as f64,
        node,
    }
}

fn strategies(book: &Book, plans: &[PlanRow]) -> Vec<StrategyRow> {
    let mut order: Vec<_> = book.strategies.iter().collect();
    order.sort_by_key(|strategy| (strategy.status != StrategyStatus::Active, std::cmp::Reverse(strategy.start)));
    let row = |strategy: &crate::domain::plans::Strategy| {
        let mine = || plans.iter().filter(|row| row.plan.strategy_id == Some(strategy.id) && !row.status.is_over());
        let runs = |row: &&PlanRow| matches!(row.status, PlanStatus::Running | PlanStatus::Paused);
        let all = mine().filter(runs).map(|row| row.granted).fold(0, i64::saturating_add);
        let part = |focus: &Focus| {
            let mine = mine().filter(runs).filter(|row| row.plan.focus == *focus).map(|row| row.granted);
            let granted = mine.fold(0, i64::saturating_add);
            (all > 0).then(|| granted as f64 / all as f64)
        };
        let covers = OpType::ALL.iter().copied().filter(|op| mine().any(|row| row.plan.op_type == *op)).collect();
        let [acquire, retain, revenue, balanced] =
            [Focus::Acquire, Focus::Retain, Focus::Revenue, Focus::Balanced].map(|focus| part(&focus));
        StrategyRow { id: strategy.id, budget: [acquire, retain, revenue, balanced], covers }
    };
    order.into_iter().map(row).collect()
}
