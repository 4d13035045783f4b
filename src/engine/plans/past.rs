//! What a metric gave before days that a plan is meant for, while its target is typed.

use crate::domain::plans::Filter;
use crate::metrics::binding::Binding;
use crate::metrics::planning::reach::reach;
use crate::query::{Past, PastQuery};

use super::super::EngineError;
use super::super::view::View;
use super::measure::Gauge;
use super::orders::baseline;
use super::proposal::mark;
use super::windows;

/// The baseline that a plan of these days would get, and how a target stands in the history of as many days.
pub(super) fn past(view: &mut View, query: &PastQuery) -> Result<Past, EngineError> {
    let binding = Binding::parse(&query.metric).map_err(EngineError::Usage)?;
    let direction = binding.direction();
    let gauge = Gauge { binding, filter: Filter::default() };
    let Some(known) = gauge.known(view)? else { return Ok(Past::default()) };
    let base = baseline(view, (&gauge, known), (query.days, query.days), None)?;
    let history = gauge.over(view, &windows::history(query.days.days(), query.days.first, known))?;
    let thresholds = view.thresholds()?;
    let reach = |target: f64| reach(target, &history, direction, &thresholds);
    let mark = query.target.and_then(reach).as_ref().and_then(mark);
    // The best does not hang on the target that is held against it.
    let best = reach(query.target.unwrap_or_default()).map(|reach| reach.best);
    let windows = history.iter().flatten().count();
    Ok(Past { base, best, windows, mark })
}
