//! Funnels over the events themselves: no rollup knows what came after what.

use rustc_hash::FxHashMap;

use crate::domain::calendar::{Instant, Span};
use crate::metrics::catalog::Feed;
use crate::metrics::funnel::{self, Hit, MOST_STEPS, Order, Rules};
use crate::query::{FunnelQuery, FunnelStep, FunnelTable};
use crate::store::TermKind;

use super::EngineError;
use super::view::View;

/// Answers `Query::Funnel`.
pub(super) fn answer(view: &mut View, query: &FunnelQuery) -> Result<FunnelTable, EngineError> {
    let rules = rules(view, query)?;
    let mut users = hits(view, query)?;
    let ways = users.values_mut().map(|hits| {
        hits.sort_by_key(|hit| hit.at);
        funnel::walk(hits, &rules)
    });
    let ways: Vec<Vec<Instant>> = ways.collect();
    let through = view.extent(Feed::Events)?.horizon.through;
    let end = view.calendar.end_of(through);
    let is_open = |way: &&Vec<Instant>| {
        let window = rules.window.unwrap_or(i64::MAX);
        way.len() < rules.steps && way.first().is_some_and(|entry| entry.0.saturating_add(window) >= end.0)
    };
    let (first, last, bins) = query.histogram;
    let took = funnel::seconds(&ways, first, last);
    Ok(FunnelTable {
        users: active(view, query)?,
        steps: steps(query, &ways),
        mean: funnel::mean(&took),
        histogram: funnel::histogram(&took, bins),
        open: ways.iter().filter(is_open).count() as u64,
    })
}

fn rules(view: &View, query: &FunnelQuery) -> Result<Rules, EngineError> {
    let steps = query.steps.len();
    if !(1..=MOST_STEPS).contains(&steps) {
        return Err(EngineError::Usage(format!("a funnel has 1 to {MOST_STEPS} steps, not {steps}")));
    }
    let window = query.window.map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000));
    Ok(Rules { steps, order: query.order, entry: query.entry, window, entries: span(view, query.span) })
}

/// Start of the first day, and of the day after the last.
fn span(view: &View, span: Option<Span>) -> (Instant, Instant) {
    span.map_or((Instant(i64::MIN), Instant(i64::MAX)), |s| {
        (view.calendar.start_of(s.first), view.calendar.end_of(s.last))
    })
}

/// The events of each user that counts: those of the steps, for a strict order all.
fn hits(view: &mut View, query: &FunnelQuery) -> Result<FxHashMap<u32, Vec<Hit>>, EngineError> {
    let mut masks: FxHashMap<u32, u32> = FxHashMap::default();
    for (step, name) in query.steps.iter().enumerate() {
        if let Some(id) = view.id(TermKind::EventName, name)? {
            *masks.entry(id).or_default() |= 1 << step;
        }
    }
    let only = view.only(&query.segment)?;
    let platforms = view.ids(TermKind::Platform, &query.segment.platforms)?;
    let everywhere = query.segment.platforms.is_empty();
    let names: Vec<u32> = masks.keys().copied().collect();
    let wanted = (query.order != Order::Strict).then_some(names.as_slice());
    let until = view.calendar.end_of(view.until.min(view.today));
    let mut users: FxHashMap<u32, Vec<Hit>> = FxHashMap::default();
    view.store.scan_events(None, wanted, &mut |row| {
        let Some(user) = row.user.filter(|_| row.at < until) else { return };
        let counts = only.as_ref().is_none_or(|o| o.get(user as usize).copied().unwrap_or(false))
            && (everywhere || row.platform.is_some_and(|p| platforms.contains(&p)));
        if counts {
            let steps = masks.get(&row.name).copied().unwrap_or(0);
            users.entry(user).or_default().push(Hit { at: row.at, steps });
        }
    })?;
    Ok(users)
}

fn active(view: &mut View, query: &FunnelQuery) -> Result<u64, EngineError> {
    let who = view.who(&query.segment, None)?;
    let days = view.user_days(&who.lens)?;
    let inside = |day: &crate::domain::calendar::Day| query.span.is_none_or(|span| span.contains(*day));
    Ok(who.audience(&days, view.until).each().filter(|(_, days)| days.iter().any(inside)).count() as u64)
}

fn steps(query: &FunnelQuery, ways: &[Vec<Instant>]) -> Vec<FunnelStep> {
    let counts = funnel::counts(ways, query.steps.len());
    let step = |(at, (event, users)): (usize, (&String, u64))| {
        let took = at.checked_sub(1).map_or_else(Vec::new, |before| funnel::seconds(ways, before, at));
        FunnelStep { event: event.clone(), users, mean: funnel::mean(&took), median: funnel::median(&took) }
    };
    query.steps.iter().zip(counts).enumerate().map(step).collect()
}
