//! What a metric gave before days that a plan is meant for, while its target is typed.

use crate::domain::plans::Filter;
use crate::metrics::binding::Binding;
use crate::metrics::planning::reach::Bounds;
use crate::query::{Past, PastQuery};

use super::super::EngineError;
use super::super::view::View;
use super::measure::Gauge;
use super::orders::baseline;
use super::windows;

/// The baseline that a plan of these days would get, and the history of as many days that a target is held against.
pub(super) fn past(view: &mut View, query: &PastQuery) -> Result<Past, EngineError> {
    let binding = Binding::parse(&query.metric).map_err(EngineError::Usage)?;
    let direction = binding.direction();
    let gauge = Gauge { binding, filter: Filter::default() };
    let Some(known) = gauge.known(view)? else { return Ok(Past::default()) };
    let base = baseline(view, (&gauge, known), (query.days, query.days), None)?;
    let history = gauge.over(view, &windows::history(query.days.days(), query.days.first, known))?;
    let bounds = Bounds::of(&history, direction, &view.thresholds()?);
    Ok(Past { base, bounds, windows: history.iter().flatten().count() })
}
