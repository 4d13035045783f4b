//! Funnels over the events themselves: no rollup knows what came after what.

use rustc_hash::FxHashMap;

use crate::domain::calendar::{Day, Instant, Span};
use crate::metrics::catalog::Feed;
use crate::metrics::conversion::{Conversion, by_value, durations, histogram};
use crate::metrics::funnel::{Attempt, Hit, MOST_STEPS, Order, Rules, Walker};
use crate::query::{EventFilter, Funnel, FunnelQuery, FunnelTable};

use super::EngineError;
use super::sieve::{Matcher, Sieve, names};
use super::values::{Names, Values};
use super::view::View;

/// Answers `Query::Funnel`.
pub(super) fn answer(view: &mut View, query: &FunnelQuery) -> Result<Funnel, EngineError> {
    let rules = rules(view, query)?;
    let (mut users, values) = hits(view, query)?;
    let mut walker = Walker::new(rules);
    let attempts: Vec<Attempt> = users
        .values_mut()
        .filter_map(|hits| {
            hits.sort_by_key(|hit| hit.at);
            walker.attempt(hits)
        })
        .collect();
    let through = view.extent(Feed::Events)?.through_at;
    let of = |attempts: &[Attempt]| table(query, &rules, attempts, through);
    let whole = of(&attempts);
    let parts = query.breakdown.as_ref().map_or_else(Vec::new, |by| {
        by_value(attempts, by.top).into_iter().map(|(part, attempts)| (values.of(part), of(&attempts))).collect()
    });
    Ok(Funnel { users: active(view, query)?, whole, parts })
}

fn rules(view: &View, query: &FunnelQuery) -> Result<Rules, EngineError> {
    let steps = query.steps.len();
    if !(1..=MOST_STEPS).contains(&steps) {
        return Err(EngineError::Usage(format!("a funnel has 1 to {MOST_STEPS} steps, not {steps}")));
    }
    let (from, until) = entries(view, query.span);
    let window = query.window.map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000));
    let (order, entry, exclusion) = (query.order, query.entry, query.exclusion);
    Ok(Rules { steps, order, window, entry, exclusion, from, until })
}

/// Start of the first day, and of the day after the last.
fn entries(view: &View, span: Option<Span>) -> (Instant, Instant) {
    span.map_or((Instant(i64::MIN), Instant(i64::MAX)), |s| {
        (view.calendar.start_of(s.first), view.calendar.end_of(s.last))
    })
}

/// The events of each user that counts: those of steps and exclusions, for a strict order all.
fn hits(view: &mut View, query: &FunnelQuery) -> Result<(FxHashMap<u32, Vec<Hit>>, Names), EngineError> {
    let mut matchers = |filters: &[EventFilter]| -> Result<Vec<Matcher>, EngineError> {
        filters.iter().map(|filter| Matcher::new(view, filter)).collect()
    };
    let (steps, exclusions) = (matchers(&query.steps)?, matchers(&query.exclusions)?);
    let every = || steps.iter().chain(&exclusions);
    let wanted = names(every()).filter(|_| query.order != Order::Strict);
    let sieve = Sieve::new(view, &query.segment)?;
    let mut values = Values::new(view, query.breakdown.as_ref())?;
    let with_props = values.needs_props() || every().any(Matcher::needs_props);
    // What a user did not do himself comes between no two of his steps.
    let passive = view.cache.passive(view.store)?;
    let mut users: FxHashMap<u32, Vec<Hit>> = FxHashMap::default();
    sieve.scan(view, (None, wanted.as_deref(), with_props), &mut |user, row, props| {
        let holds = |(step, matcher): (usize, &Matcher)| u32::from(matcher.holds(row, props)) << step;
        let steps = steps.iter().enumerate().map(holds).sum();
        let excluded = exclusions.iter().any(|matcher| matcher.holds(row, props));
        let between = query.order == Order::Strict && !passive.contains(&row.name);
        if steps > 0 || excluded || between {
            let value = values.of(user, row, props);
            users.entry(user).or_default().push(Hit { at: row.at, steps, excluded, value });
        }
    })?;
    let (order, names) = values.ordered();
    for hit in users.values_mut().flatten() {
        hit.value = hit.value.map(|id| order[id as usize]);
    }
    Ok((users, names))
}

fn active(view: &mut View, query: &FunnelQuery) -> Result<u64, EngineError> {
    let who = view.who(&query.segment, None)?;
    let days = view.user_days(&who.lens)?;
    let inside = |day: &Day| query.span.is_none_or(|span| span.contains(*day));
    Ok(who.audience(&days, view.until).each().filter(|(_, days)| days.iter().any(inside)).count() as u64)
}

fn table(query: &FunnelQuery, rules: &Rules, attempts: &[Attempt], through: Instant) -> FunnelTable {
    let (first, last, bins) = query.histogram;
    FunnelTable {
        conversion: Conversion::new(attempts, rules, through),
        histogram: histogram(&durations(attempts, first, last), bins),
    }
}
