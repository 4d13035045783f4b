//! Forecasts of plans beside what came of them: what was to be expected half-way is kept when a plan is closed.

use crate::domain::plans::{Book, Plan};
use crate::metrics::binding::Binding;
use crate::metrics::catalog::Direction;
use crate::metrics::planning::attainment::met;
use crate::metrics::planning::calibration::{self, Calibration, Came, Said};
use crate::query::Against;

use super::super::EngineError;
use super::super::view::View;
use super::case::Case;
use super::{board, snapshot};

/// What the data of the first half of a plan's days say of its end. The target is that of now: what was foreseen is held
/// against what was wanted last.
pub(super) fn half_way(view: &mut View, book: &Book, plan: &Plan) -> Result<Option<Said>, EngineError> {
    let mut then = view.on(plan.start.plus(plan.span().days() / 2));
    let case = Case::of(&mut then, book, plan, false, Against::Target)?;
    let thresholds = then.thresholds()?;
    let outlook = board::primary(&mut then, &case, &thresholds)?.and_then(|course| course.outlook);
    Ok(outlook.map(|outlook| Said { low: outlook.low, high: outlook.high, p_hit: outlook.p_hit }))
}

/// The record of all closed plans whose forecast was kept.
pub(super) fn of(book: &Book) -> Calibration {
    calibration::calibration(&book.plans.iter().filter_map(|plan| came(book, plan)).collect::<Vec<_>>())
}

fn came(book: &Book, plan: &Plan) -> Option<Came> {
    let kept = snapshot::read(plan)?;
    let (said, actual) = (kept.said()?, kept.actual()?);
    let primary = book.primary(plan.id)?;
    let binding = primary.metric.as_deref().and_then(|metric| Binding::parse(metric).ok());
    let direction = binding.map_or(Direction::Up, |binding| binding.direction());
    Some(Came { said, actual, hit: met(actual, primary.target?, direction) })
}
