//! What the morning needs to know: trust, pace, causes, work, balance. The Today screen, the brief and the check of the
//! command line all take it from here.
//!
//! ```text
//! watch   headline numbers against their own limits     causes  those and the leaves of plans that are behind
//! matrix  operation types by what they have             lamps   LEAK, MONEY, VIEW: leak, money, overview
//! ```

mod bench;
mod causes;
mod lamps;
mod leak;
mod matrix;
mod money;
mod overview;
mod watch;

use std::collections::BTreeSet;

use crate::domain::calendar::Day;
use crate::domain::operations::HEADLINE;
use crate::domain::plans::{FeedbackState, Plan, PlanStatus, ResourceState, TaskState};
use crate::metrics::binding::Binding;
use crate::metrics::catalog::{Accumulation, own};
use crate::metrics::number::Number;
use crate::query::{Front, PlanBoard, Primary, Scope, Source, TargetWord, TaskRow, Today, Unit, Work};

use super::ask::{Ask, metric};
use super::view::View;
use super::{EngineError, facts, plans, series, typed};

/// Primaries that are shown.
const PRIMARIES: usize = 5;

/// Answers `Query::Front`.
pub(super) fn front(view: &mut View, scope: &Scope) -> Result<Front, EngineError> {
    let (mut headline, mut waiting) = (Vec::new(), Vec::new());
    for id in HEADLINE {
        let metric = metric(id)?;
        let number = series::compared(view, &Ask::of(metric, &scope.segment), scope)?;
        let fed = number.now != Number::None || series::needs(view, metric)?.is_none();
        if fed { &mut headline } else { &mut waiting }.push(number);
    }
    let planned = planned(view)?;
    for name in facts::own_names(view)?.into_iter().filter(|name| !planned.contains(name)) {
        let ask = Ask::of(own(&name, Accumulation::Level), &scope.segment);
        headline.push(series::compared(view, &ask, scope)?);
    }
    // What nothing feeds stands last: there may be room for seven.
    headline.append(&mut waiting);
    Ok(Front { headline, sources: sources(view)? })
}

/// The daily facts that running plans are judged by: their pace tells more than they do.
fn planned(view: &mut View) -> Result<BTreeSet<String>, EngineError> {
    let book = view.store.book()?;
    let running = book.plans.iter().filter(|plan| plan.status == PlanStatus::Running);
    let of = |plan: &Plan| match Binding::parse(book.primary(plan.id)?.metric.as_deref()?) {
        Ok(Binding::Fact(name, _)) => Some(name),
        _ => None,
    };
    Ok(running.filter_map(of).collect())
}

/// What needs a hand stands first: there may be room for three.
fn sources(view: &mut View) -> Result<Vec<Source>, EngineError> {
    let mut sources = view.sources()?.to_vec();
    sources.sort_by_key(|s| std::cmp::Reverse(s.stale_days));
    Ok(sources)
}

/// Answers `Query::Today`.
pub(super) fn answer(view: &mut View) -> Result<Today, EngineError> {
    let sources = sources(view)?;
    let board = plans::board(view)?;
    let primaries = primaries(&board);
    let mut causes = causes::causes(view, &board)?;
    let off = |key: &str| board.book.snoozes.iter().any(|s| s.cause == key && s.until > view.today);
    let all = causes.len();
    causes.retain(|cause| !off(&cause.place.key()));
    let snoozed = all - causes.len();
    let matrix = matrix::matrix(view, &board)?;
    let lamps = lamps::lamps(view, &board, &matrix)?;
    let new: Vec<i32> = board
        .book
        .feedback
        .iter()
        .filter(|one| one.state == FeedbackState::New)
        .map(|one| view.today.since(one.day))
        .collect();
    Ok(Today {
        today: view.today,
        sources,
        primaries,
        causes,
        snoozed,
        snoozes: board.book.snoozes.clone(),
        work: work(view, &board)?,
        matrix,
        lamps,
        feedback: (new.len(), new.into_iter().max()),
    })
}

/// Targets of running plans: those in trouble first, revenue before the others.
fn primaries(board: &PlanBoard) -> Vec<Primary> {
    let primary = |row: &crate::query::PlanRow| {
        Some(Primary {
            plan: row.plan.id,
            name: row.plan.name(),
            op_type: row.plan.op_type,
            course: row.primary.clone()?,
            time: row.gauges.time,
            standing: row.standing?,
        })
    };
    let mut all: Vec<Primary> = board.plans.iter().filter_map(primary).collect();
    let place = |word: TargetWord| match word {
        TargetWord::Off => 0,
        TargetWord::Risk => 1,
        TargetWord::Ok => 2,
        TargetWord::Over => 3,
        TargetWord::Stale => 4,
        TargetWord::NoData => 5,
    };
    all.sort_by_key(|one| (place(one.standing), one.course.unit != Unit::Money, one.plan));
    all.truncate(PRIMARIES);
    all
}

/// What running plans wait for.
fn asked(board: &PlanBoard) -> Vec<(String, String)> {
    let plan = |id: i64| board.plans.iter().find(|row| row.plan.id == id && row.status == PlanStatus::Running);
    let open = board.book.resources.iter().filter(|one| one.state == ResourceState::Asked);
    open.filter_map(|one| Some((one.name.clone(), plan(one.plan_id)?.plan.name()))).collect()
}

/// What the newest check-in of the day chose, as far as it is still to be done.
fn focus(board: &PlanBoard, today: Day) -> Vec<TaskRow> {
    let of_today = board.book.checkins.iter().filter(|one| one.day == today);
    let chosen = of_today.max_by(|a, b| a.finished_at.cmp(&b.finished_at)).map_or(&[][..], |one| &one.focus);
    let open = |id: &i64| board.tasks.iter().find(|row| row.task.id == *id && row.task.state.is_open());
    chosen.iter().filter_map(open).cloned().collect()
}

fn work(view: &mut View, board: &PlanBoard) -> Result<Work, EngineError> {
    let today = view.today;
    let open = |row: &&TaskRow| row.task.state.is_open();
    let ready = |row: &&TaskRow| row.needs.is_empty() && !row.waiting;
    let until = |row: &&TaskRow| row.due.is_some_and(|due| due <= today);
    let tasks: Vec<TaskRow> = board.tasks.iter().filter(open).filter(ready).filter(until).cloned().collect();
    let done = |row: &&TaskRow| {
        row.task.state == TaskState::Done && row.task.done_at.is_some_and(|day| (0..=1).contains(&today.since(day)))
    };
    let mut done: Vec<String> = board.tasks.iter().filter(done).map(|row| row.task.title.clone()).collect();
    done.sort();
    let of = |id: i64| tasks.iter().any(|row| row.task.plan_id == Some(id));
    Ok(Work {
        due: tasks.iter().filter(|row| row.due == Some(today)).count(),
        overdue: tasks.iter().filter(|row| row.due < Some(today)).count(),
        blocked: board.tasks.iter().filter(open).filter(|row| !row.needs.is_empty()).count(),
        done,
        asked: asked(board),
        focus: focus(board, today),
        plans: board.book.plans.iter().filter(|plan| of(plan.id)).cloned().collect(),
        to_type: typed::waiting(view)?.into_iter().map(|one| one.metric).collect(),
        tasks,
    })
}
