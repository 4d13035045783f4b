//! A period of a metric beside the same weekdays of the weeks before.

use crate::domain::calendar::{Grain, Span};
use crate::metrics::lift::{self, Observed};
use crate::metrics::number::{Number, State};
use crate::query::{LiftQuery, Lifted};

use super::ask::{self, Ask};
use super::view::View;
use super::{EngineError, series};

/// Answers `Query::Lift`.
pub(super) fn answer(view: &mut View, query: &LiftQuery) -> Result<Lifted, EngineError> {
    let metric = ask::metric(query.metric)?;
    let ask = Ask { event: query.event.as_deref(), grain: Some(Grain::Day), ..Ask::of(metric, &query.segment) };
    ask.check()?;
    let before = lift::before(query.span);
    let all = Span { first: before.first, last: query.span.last };
    let buckets = ask::buckets(view.calendar, all, Some(Grain::Day))?;
    let points = series::points(view, &ask, &buckets)?;
    let complete = points.iter().filter(|point| point.state == State::Complete);
    let observed = complete.filter_map(|p| Some(Observed { day: p.span.first, value: p.value.value()? }));
    let mut flagged = view.store.book()?.left_out();
    flagged.extend(&query.flagged);
    let found = lift::lift(&observed.collect::<Vec<_>>(), query.span, &|day| flagged.contains(&day));
    let flagged = flagged.into_iter().filter(|day| all.contains(*day)).collect();
    let silent = points.iter().all(|point| point.value == Number::None);
    let needs = if silent { series::needs(view, metric)? } else { None };
    Ok(Lifted { before, flagged, lift: found, needs })
}
