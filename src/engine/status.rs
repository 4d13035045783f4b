//! What the frame shows on every screen.

use crate::domain::calendar::Span;
use crate::query::{Profile, Source, Status};

use super::EngineError;
use super::view::View;

/// Answers `Query::Status`.
pub(super) fn answer(view: &mut View, read_only: bool) -> Result<Status, EngineError> {
    let sources = view.sources()?;
    let in_use: Vec<&Source> = sources.iter().filter(|s| !s.ended && s.newest.is_some()).collect();
    let mut stale: Vec<(String, i32)> = in_use.iter().filter_map(|s| Some((s.name.clone(), s.stale_days?))).collect();
    stale.sort_by_key(|(_, days)| std::cmp::Reverse(*days));
    let through_at = view.through_at()?;
    Ok(Status {
        profile: profile(view)?,
        today: view.today,
        history: history(view)?,
        through: through_at.map(|at| view.calendar.day_of(at).plus(-1)),
        through_at,
        sources: in_use.len() as u32,
        stale,
        live: sources.iter().any(|s| s.live),
        read_only,
        rejected: view.store.rejected_total()?,
    })
}

/// Settings as screens show them.
pub(super) fn profile(view: &mut View) -> Result<Profile, EngineError> {
    let settings = view.cache.settings(view.store)?;
    Ok(Profile {
        product: settings.product.clone(),
        form: settings.form.clone(),
        stage: settings.stage.clone(),
        currency: settings.currency,
        zone: settings.zone,
        week_start: settings.week_start,
    })
}

/// Days from the first to the last row of any source.
fn history(view: &mut View) -> Result<Option<Span>, EngineError> {
    let spend = view.cache.first_spend(view.store)?;
    let measured = view.first_day()?.into_iter().chain(spend).min();
    // A workspace of daily totals alone begins with the first of them, one of deals with the first that is due.
    let told = view.cache.facts(view.store)?.first_day();
    let first = match measured.or(told) {
        Some(first) => Some(first),
        None => view.deals_extent()?.known().map(|known| known.first),
    };
    let newest = view.sources()?.iter().filter_map(|s| s.newest).max().map(|at| view.calendar.day_of(at));
    let last = newest.map(|day| day.min(view.until));
    Ok(first.zip(last).filter(|(first, last)| first <= last).map(|(first, last)| Span { first, last }))
}
