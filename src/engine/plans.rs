//! Plans: their trees measured, held against their targets, and changed.

use crate::query::{BreakRow, PlanBoard, PlanOrder, PlanQuery, PlanView, Planned, Proposal, ProposeQuery};

#[cfg_attr(not(test), expect(dead_code, unused_imports, reason = "nothing imports plans yet"))]
mod toml;

use super::view::View;
use super::{Clock, Engine, EngineError};

fn soon<T>() -> Result<T, EngineError> {
    Err(EngineError::Failed("plans are being built".to_owned()))
}

pub(super) fn board(_view: &mut View) -> Result<PlanBoard, EngineError> {
    soon()
}

pub(super) fn view(_view: &mut View, _query: PlanQuery) -> Result<PlanView, EngineError> {
    soon()
}

pub(super) fn propose(_view: &mut View, _query: &ProposeQuery) -> Result<Proposal, EngineError> {
    soon()
}

pub(super) fn breaks(_view: &mut View, _plan: i64, _node: i64) -> Result<Vec<BreakRow>, EngineError> {
    soon()
}

pub(super) fn text(_view: &mut View, _plan: i64) -> Result<String, EngineError> {
    soon()
}

impl Engine {
    pub(super) fn plan(&mut self, _order: &PlanOrder, _clock: Clock) -> Result<Planned, EngineError> {
        soon()
    }
}
