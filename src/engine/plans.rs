//! Plans: their trees measured, held against their targets, and changed.
//!
//! ```text
//! measure   what measures a node        windows  days it is compared with
//! case      a tree with all measured    tree     its arithmetic             course   how a target stands
//! growth    lines over distinct users   formulas ways to break down
//! usual     without days left out
//! board     the list                    show     one plan                   proposal targets for parts
//! orders    what is told, as edits      rules    what cannot be             snapshot a closed tree as it was
//! ```

mod board;
mod calibration;
mod case;
mod course;
mod formulas;
mod growth;
mod measure;
mod orders;
mod past;
mod proposal;
mod review;
mod rules;
mod show;
mod snapshot;
mod toml;
mod tree;
mod usual;
mod windows;

pub(super) use measure::{Gauge, stored};
pub(super) use orders::gauge;

use crate::domain::calendar::Span;
use crate::domain::plans::{Book, Journal, Plan};
use crate::query::{BreakRow, Past, PastQuery, PlanBoard, PlanQuery, PlanView, Proposal, ProposeQuery};

use super::view::View;
use super::{Clock, Engine, EngineError};

/// Answers `Query::Plans`.
pub(super) fn board(view: &mut View) -> Result<PlanBoard, EngineError> {
    let book = view.store.book()?;
    board::board(view, book)
}

/// What a plan has cost so far, in micros.
pub(super) fn spent(view: &mut View, book: &Book, plan: &Plan) -> Result<i64, EngineError> {
    board::spent(view, book, plan)
}

/// The same of some days of the plan.
pub(super) fn spent_in(view: &mut View, book: &Book, plan: &Plan, days: Span) -> Result<i64, EngineError> {
    board::spent_in(view, book, plan, Some(days))
}

/// Answers `Query::Journal`.
pub(super) fn journal(view: &mut View, span: Span) -> Result<Vec<Journal>, EngineError> {
    let mut lines = view.store.book()?.journal;
    lines.retain(|line| span.contains(line.day) && line.day <= view.today);
    lines.sort_by_key(|line| (line.day, line.id));
    Ok(lines)
}

/// Answers `Query::Plan`.
pub(super) fn view(view: &mut View, query: PlanQuery) -> Result<PlanView, EngineError> {
    let book = view.store.book()?;
    show::view(view, &book, query)
}

/// Answers `Query::Propose`.
pub(super) fn propose(view: &mut View, query: &ProposeQuery) -> Result<Proposal, EngineError> {
    let book = view.store.book()?;
    proposal::propose(view, &book, query)
}

/// Answers `Query::Past`.
pub(super) fn past(view: &mut View, query: &PastQuery) -> Result<Past, EngineError> {
    past::past(view, query)
}

/// Answers `Query::Breaks`.
pub(super) fn breaks(view: &mut View, plan: i64, node: i64) -> Result<Vec<BreakRow>, EngineError> {
    let book = view.store.book()?;
    let plan = show::plan(&book, plan)?;
    let none = || {
        EngineError::Usage(format!(
            "plan {} has no node {node}; `quarterdeck plan show {}` names them",
            plan.id, plan.id
        ))
    };
    let node = book.node(node).filter(|node| node.plan_id == plan.id).ok_or_else(none)?;
    orders::breaks(view, &book, plan, node)
}

/// Answers `Query::PlanText`.
pub(super) fn text(view: &mut View, plan: i64) -> Result<String, EngineError> {
    let book = view.store.book()?;
    toml::write(&book, show::plan(&book, plan)?.id)
        .ok_or_else(|| EngineError::Failed(format!("plan {plan} cannot be written")))
}

impl Engine {
    /// One plan as screens show it.
    pub(in crate::engine) fn plan_view(&mut self, query: PlanQuery, clock: Clock) -> Result<PlanView, EngineError> {
        self.cache.refresh(&self.store)?;
        let view = &mut View::new(&self.store, (&mut self.cache, &mut self.keeper), clock)?;
        self::view(view, query)
    }
}
