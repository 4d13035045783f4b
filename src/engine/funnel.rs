//! Funnels over the events themselves: no rollup knows what came after what.

use rustc_hash::FxHashMap;

use crate::domain::calendar::{DAY_MICROS, Day, Instant, Span};
use crate::metrics::catalog::Feed;
use crate::metrics::conversion::{Tally, by_value};
use crate::metrics::funnel::{Hit, MOST_STEPS, Order, Rules, Walker};
use crate::query::{EventFilter, Funnel, FunnelQuery, FunnelTable};
use crate::store::RawEvent;

use super::EngineError;
use super::sieve::{Matcher, Sieve, names};
use super::timeline::Timeline;
use super::values::{Names, Values};
use super::view::View;

/// Answers `Query::Funnel`.
pub(super) fn answer(view: &mut View, query: &FunnelQuery) -> Result<Funnel, EngineError> {
    let rules = rules(view, query)?;
    let through = view.extent(Feed::Events)?.through_at;
    let (first, last, bins) = query.histogram;
    let counter = Counter::new(&rules, Tally::new(&rules, through, (first, last)), query.breakdown.is_some());
    let (counter, names) = count(view, query, counter)?;
    let table = |tally: Tally| {
        let (conversion, histogram) = tally.finish(bins);
        FunnelTable { conversion, histogram }
    };
    let parts: Vec<_> = counter.parts.into_iter().flatten().collect();
    let parts = by_value(parts, query.breakdown.as_ref().and_then(|by| by.top));
    let parts = parts.into_iter().map(|(part, tally)| (names.of(part), table(tally))).collect();
    Ok(Funnel { users: active(view, query)?, whole: table(counter.whole), parts })
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

/// The days whose events can matter to entries in a span; `None` is all. Whether a strict attempt has ended is told by
/// whatever comes after it.
fn reach(query: &FunnelQuery, rules: &Rules) -> Option<Span> {
    let (span, window) = query.span.zip(rules.window.filter(|_| query.order != Order::Strict))?;
    // A day may have 23 hours, and the window may end inside of one.
    let days = i32::try_from(window / DAY_MICROS + window / DAY_MICROS / 23 + 2).ok()?;
    Some(Span { first: span.first, last: Day(span.last.0.checked_add(days)?) })
}

/// Walks one user after the other and adds up how far they came.
struct Counter {
    rules: Rules,
    walker: Walker,
    /// Of nobody.
    none: Tally,
    whole: Tally,
    /// By value on the entry, where that is asked for.
    parts: Option<FxHashMap<Option<u32>, Tally>>,
}

impl Counter {
    fn new(rules: &Rules, none: Tally, parts: bool) -> Self {
        let parts = parts.then(FxHashMap::default);
        Self { rules: *rules, walker: Walker::new(*rules), whole: none.clone(), none, parts }
    }

    /// One that has not counted anybody.
    fn another(&self) -> Self {
        Self::new(&self.rules, self.none.clone(), self.parts.is_some())
    }

    /// Adds a user by his hits in order of time.
    fn add(&mut self, hits: &[Hit]) {
        let Some(attempt) = self.walker.attempt(hits) else { return };
        self.whole.add(attempt);
        if let Some(parts) = &mut self.parts {
            parts.entry(attempt.value).or_insert_with(|| self.none.clone()).add(attempt);
        }
    }

    fn join(&mut self, other: Self) {
        self.whole.join(other.whole);
        for (value, tally) in other.parts.into_iter().flatten() {
            let parts = self.parts.get_or_insert_default();
            parts.entry(value).or_insert_with(|| self.none.clone()).join(tally);
        }
    }
}

/// Which events matter: those of steps and exclusions, for a strict order all.
struct Look {
    steps: Vec<Matcher>,
    exclusions: Vec<Matcher>,
    sieve: Sieve,
    values: Values,
    /// What comes between two steps of a strict order; what a user did not do himself does not.
    between: Option<Matcher>,
}

impl Look {
    fn new(view: &mut View, query: &FunnelQuery) -> Result<Self, EngineError> {
        let mut matchers = |filters: &[EventFilter]| -> Result<Vec<Matcher>, EngineError> {
            filters.iter().map(|filter| Matcher::new(view, filter)).collect()
        };
        let (steps, exclusions) = (matchers(&query.steps)?, matchers(&query.exclusions)?);
        let between = match query.order {
            Order::Strict => Some(Matcher::new(view, &EventFilter::default())?),
            Order::Ordered | Order::Any => None,
        };
        let (sieve, values) = (Sieve::new(view, &query.segment)?, Values::new(view, query.breakdown.as_ref())?);
        Ok(Self { steps, exclusions, sieve, values, between })
    }

    fn matchers(&self) -> impl Iterator<Item = &Matcher> {
        self.steps.iter().chain(&self.exclusions).chain(&self.between)
    }

    fn needs_props(&self) -> bool {
        self.values.needs_props() || self.sieve.needs_props() || self.matchers().any(Matcher::needs_props)
    }

    /// What an event of the segment is to the funnel; `None` where it is nothing.
    fn hit(&self, row: &RawEvent, props: Option<&str>) -> Option<Hit> {
        let holds = |(step, matcher): (usize, &Matcher)| u32::from(matcher.holds(row, props)) << step;
        let steps: u32 = self.steps.iter().enumerate().map(holds).sum();
        let excluded = self.exclusions.iter().any(|matcher| matcher.holds(row, props));
        let between = self.between.as_ref().is_some_and(|matcher| matcher.holds(row, props));
        let value = self.values.of_event(row);
        (steps > 0 || excluded || between).then_some(Hit { at: row.at, steps, excluded, value })
    }
}

fn count(view: &mut View, query: &FunnelQuery, counter: Counter) -> Result<(Counter, Names), EngineError> {
    let look = Look::new(view, query)?;
    let span = reach(query, &counter.rules);
    let timeline = if look.needs_props() { None } else { view.timeline(span)? };
    match timeline {
        Some(timeline) => recall(view, &timeline, &look, counter),
        None => read(view, span, look, counter),
    }
}

/// From the events of a span of days, as they lie in the file.
fn read(
    view: &mut View,
    span: Option<Span>,
    mut look: Look,
    mut counter: Counter,
) -> Result<(Counter, Names), EngineError> {
    let (wanted, with_props) = (names(look.matchers()), look.needs_props());
    let mut values = std::mem::take(&mut look.values);
    let mut users: FxHashMap<u32, Vec<Hit>> = FxHashMap::default();
    look.sieve.scan(view, (span, wanted.as_deref(), with_props), &mut |user, row, props| {
        if let Some(hit) = look.hit(row, props) {
            users.entry(user).or_default().push(Hit { value: values.of(row, props), ..hit });
        }
    })?;
    let (order, names) = values.ordered();
    for hits in users.values_mut() {
        for hit in hits.iter_mut() {
            hit.value = hit.value.map(|id| order[id as usize]);
        }
        hits.sort_by_key(|hit| hit.at);
        counter.add(hits);
    }
    Ok((counter, names))
}

/// From the events in memory, where no property matters.
fn recall(
    view: &View,
    timeline: &Timeline,
    look: &Look,
    mut counter: Counter,
) -> Result<(Counter, Names), EngineError> {
    let halt = view.halt();
    let rules = counter.rules;
    let (from, until) = (rules.from.0, look.sieve.until().0);
    let nothing = Hit { at: Instant(0), steps: 0, excluded: false, value: None };
    let hits = timeline.by_kind(|row| look.hit(row, None).filter(|_| look.sieve.is_on(row)).unwrap_or(nothing));
    let wanted = timeline.by_kind(|row| usize::from(look.hit(row, None).is_some() && look.sieve.is_on(row)));
    let shares = timeline.spread(|users| {
        let (mut counter, mut own) = (counter.another(), Vec::new());
        timeline.each(users, &halt, |user, at, kind| {
            if at.last().is_none_or(|last| *last < from) || !look.sieve.is_of(Some(user)) {
                return;
            }
            if own.len() < at.len() {
                own.resize(at.len(), nothing);
            }
            // Writing every event down and going on only from those that count spares a guess for each.
            let mut count = 0;
            for (at, kind) in at.iter().zip(kind) {
                own[count] = Hit { at: Instant(*at), ..hits[*kind as usize] };
                count += wanted[*kind as usize] & usize::from(from <= *at) & usize::from(*at < until);
            }
            if let Some(value) = look.values.of_user(user) {
                own[..count].iter_mut().for_each(|hit| hit.value = Some(value));
            }
            counter.add(&own[..count]);
        })?;
        Ok(counter)
    })?;
    for share in shares {
        counter.join(share);
    }
    Ok((counter, look.values.names()))
}

fn active(view: &mut View, query: &FunnelQuery) -> Result<u64, EngineError> {
    let who = view.who(&query.segment, None)?;
    let days = view.user_days(&who.lens)?;
    let audience = who.audience(&days, view.until);
    let inside = |days: &[Day], span: Span| {
        days.get(days.partition_point(|day| *day < span.first)).is_some_and(|day| *day <= span.last)
    };
    Ok(match query.span {
        Some(span) => audience.each().filter(|(_, days)| inside(days, span)).count() as u64,
        None => audience.each().count() as u64,
    })
}
