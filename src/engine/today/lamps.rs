//! The three lamps from their measures.

use crate::domain::plans::PlanStatus;
use crate::metrics::catalog::Unit;
use crate::metrics::lamps::{self, MEASURES, Measured, State};
use crate::metrics::planning::Lamps;
use crate::query::{About, Lamp, LampFact, LampFigure, LampName, Matrix, PlanBoard, PlanRow};

use super::super::EngineError;
use super::super::view::View;
use super::{leak, money, overview};

/// What measures are taken with.
pub(super) struct Bench<'v, 'a> {
    pub view: &'v mut View<'a>,
    pub board: &'v PlanBoard,
    pub rules: Lamps,
    pub stage: String,
    pub facts: Vec<LampFact>,
}

impl Bench<'_, '_> {
    /// Adds what a measure says; a code that is none adds nothing.
    pub fn say(&mut self, code: &str, state: State, figures: Vec<LampFigure>, about: Vec<About>) {
        if let Some(measure) = lamps::measure(code) {
            let state = lamps::at_stage(measure.lamp, state, &self.stage);
            self.facts.push(LampFact { measure, state, figures, about });
        }
    }

    /// Plans whose period has begun and is not over.
    pub fn running(&self) -> Vec<&PlanRow> {
        self.board.plans.iter().filter(|row| row.status == PlanStatus::Running).collect()
    }
}

/// A number of a fact.
pub(super) fn figure(name: impl Into<String>, value: Option<f64>, unit: Unit) -> LampFigure {
    LampFigure { name: name.into(), value, unit }
}

/// The lamps in their order, each with the facts of all its measures, the worst first.
pub(super) fn lamps(view: &mut View, board: &PlanBoard, matrix: &Matrix) -> Result<Vec<Lamp>, EngineError> {
    let rules = view.thresholds()?.lamps;
    let stage = view.cache.settings(view.store)?.stage.clone();
    let mut bench = Bench { view, board, rules, stage, facts: Vec::new() };
    leak::measure(&mut bench)?;
    money::measure(&mut bench)?;
    overview::measure(&mut bench, matrix)?;
    let place = |measure: &Measured| MEASURES.iter().position(|row| row == measure);
    let lamp = |name: LampName| {
        let mut facts: Vec<LampFact> = bench.facts.iter().filter(|f| f.measure.lamp == name).cloned().collect();
        facts.sort_by_key(|fact| (fact.state, place(fact.measure)));
        Lamp { name, state: lamps::worst(facts.iter().map(|fact| fact.state)), facts }
    };
    Ok(LampName::ALL.into_iter().map(lamp).collect())
}
