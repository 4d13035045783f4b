//! What the measures of the lamps are taken with.

use crate::domain::plans::PlanStatus;
use crate::metrics::catalog::Unit;
use crate::metrics::lamps::{self, State};
use crate::metrics::planning::Lamps;
use crate::query::{About, LampFact, LampFigure, PlanBoard, PlanRow};

use super::super::view::View;

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
