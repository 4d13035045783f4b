//! The three lamps from their measures.

use crate::metrics::lamps::{self, MEASURES, Measured};
use crate::query::{Lamp, LampFact, LampName, Matrix, PlanBoard};

use super::super::EngineError;
use super::super::view::View;
use super::bench::Bench;
use super::{leak, money, overview};

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
