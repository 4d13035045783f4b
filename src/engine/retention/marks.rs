//! The events that a retention table is made of, user by user.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::calendar::Instant;
use crate::domain::money::Micros;
use crate::metrics::retention::events::Mark;
use crate::query::{CohortKind, RetentionQuery};
use crate::store::RawEvent;

use super::super::EngineError;
use super::super::halt::Halt;
use super::super::sieve::{Matcher, Sieve, names};
use super::super::timeline::Timeline;
use super::super::values::{Names, Values};
use super::super::view::View;
use super::super::worth::worth;
use crate::domain::days::DayFinder;

/// The marks of every user, each in order of time.
pub(super) struct Marks {
    users: Users,
    /// Not before any of them.
    pub last: Instant,
    /// Names of the values of the breakdown.
    pub names: Names,
    /// Return events whose amount has no rate of its day.
    pub excluded: u64,
}

enum Users {
    /// Read already.
    Read(Vec<Vec<Mark>>),
    /// Made from the events in memory whenever they are asked for.
    Recalled(Recalled),
}

/// How marks are made from events in memory.
struct Recalled {
    timeline: Arc<Timeline>,
    /// What an event of a kind is; `None` where it is nothing.
    kinds: Vec<Option<Mark>>,
    sieve: Sieve,
    values: Values,
}

impl Marks {
    /// Adds every user with marks to something made anew for each share of the users.
    pub fn spread<T: Send>(
        &self,
        halt: &Halt,
        new: impl Fn() -> T + Sync,
        add: impl Fn(&mut T, &[Mark]) + Sync,
    ) -> Result<Vec<T>, EngineError> {
        match &self.users {
            Users::Read(users) => {
                let mut whole = new();
                for marks in users {
                    add(&mut whole, marks);
                }
                Ok(vec![whole])
            }
            Users::Recalled(recalled) => recalled.timeline.spread(|users| {
                let (mut share, mut marks) = (new(), Vec::new());
                recalled.timeline.each(users, halt, |user, at, kind| {
                    if recalled.sieve.is_of(Some(user)) {
                        recalled.marks(user, (at, kind), &mut marks);
                        if !marks.is_empty() {
                            add(&mut share, &marks);
                        }
                    }
                })?;
                Ok(share)
            }),
        }
    }
}

impl Recalled {
    fn marks(&self, user: u32, (at, kind): (&[i64], &[u32]), out: &mut Vec<Mark>) {
        let (own, until) = (self.values.of_user(user), self.sieve.until().0);
        out.clear();
        for (at, kind) in at.iter().zip(kind).take_while(|(at, _)| **at < until) {
            if let Some(mark) = self.kinds[*kind as usize] {
                out.push(Mark { at: Instant(*at), value: own.or(mark.value), ..mark });
            }
        }
    }
}

/// What makes an event a mark.
struct Look {
    start: Matcher,
    ret: Matcher,
    first_ever: bool,
}

impl Look {
    fn mark(&self, row: &RawEvent, props: Option<&str>) -> Option<Mark> {
        let mark = Mark {
            at: row.at,
            start: self.start.holds(row, props),
            named: self.first_ever && self.start.is_named(row),
            ret: self.ret.holds(row, props),
            value: None,
            amount: 0,
        };
        (mark.start || mark.ret || mark.named).then_some(mark)
    }
}

/// The events of both filters, and of the start event's name; orders while there are no events at all.
pub(super) fn read(view: &mut View, query: &RetentionQuery) -> Result<Marks, EngineError> {
    let values = Values::new(view, query.breakdown.as_ref())?;
    if !view.cache.has_events(view.store)? {
        let plain = query.start.name.is_none() && query.ret.name.is_none();
        return Ok(of_users(if plain { orders(view, query)? } else { FxHashMap::default() }, values, 0));
    }
    let first_ever = query.kind == CohortKind::FirstEver;
    let look = Look { start: Matcher::new(view, &query.start)?, ret: Matcher::new(view, &query.ret)?, first_ever };
    let sieve = Sieve::new(view, &query.segment)?;
    let by_props = look.start.needs_props() || look.ret.needs_props() || values.needs_props() || sieve.needs_props();
    let timeline = if by_props || query.amount.is_some() { None } else { view.timeline(None)? };
    match timeline {
        Some(timeline) => recall(view, timeline, &look, (sieve, values)),
        None => scan(view, query, &look, (sieve, values)),
    }
}

fn recall(
    view: &mut View,
    timeline: Arc<Timeline>,
    look: &Look,
    (sieve, values): (Sieve, Values),
) -> Result<Marks, EngineError> {
    let of_kind = |row: &RawEvent| {
        let mark = look.mark(row, None).filter(|_| sieve.is_on(row))?;
        Some(Mark { value: values.of_event(row), ..mark })
    };
    let (kinds, names) = (timeline.by_kind(of_kind), values.names());
    let newest = view.cache.event_days(view.store)?.last().map(|(day, _)| view.calendar.end_of(*day));
    let users = Users::Recalled(Recalled { timeline, kinds, sieve, values });
    Ok(Marks { users, last: newest.unwrap_or(Instant(0)), names, excluded: 0 })
}

fn scan(
    view: &mut View,
    query: &RetentionQuery,
    look: &Look,
    (sieve, mut values): (Sieve, Values),
) -> Result<Marks, EngineError> {
    let (mut users, mut excluded): (FxHashMap<u32, Vec<Mark>>, u64) = (FxHashMap::default(), 0);
    let wanted = names([&look.start, &look.ret]);
    let amount = query.amount.as_deref();
    let (rates, mut finder) = (view.cache.rates(view.store)?, DayFinder::new(view.calendar));
    let with_props = look.start.needs_props() || look.ret.needs_props() || amount.is_some() || values.needs_props();
    sieve.scan(view, (None, wanted.as_deref(), with_props), &mut |user, row, props| {
        let Some(mark) = look.mark(row, props) else { return };
        let worth = amount.map_or(Some(Micros(0)), |name| worth(props, name, (*rates).as_ref(), finder.day(row.at)));
        excluded += u64::from(mark.ret && worth.is_none());
        let amount = worth.map_or(0, |micros| micros.0);
        users.entry(user).or_default().push(Mark { value: values.of(row, props), amount, ..mark });
    })?;
    Ok(of_users(users, values, excluded))
}

fn of_users(users: FxHashMap<u32, Vec<Mark>>, values: Values, excluded: u64) -> Marks {
    let (order, names) = values.ordered();
    let mut users: Vec<Vec<Mark>> = users.into_values().collect();
    for marks in &mut users {
        marks.sort_by_key(|m| m.at);
        for mark in marks {
            mark.value = mark.value.map(|v| order[v as usize]);
        }
    }
    let last = users.iter().filter_map(|marks| marks.last()).map(|mark| mark.at).max();
    Marks { users: Users::Read(users), last: last.unwrap_or(Instant(0)), names, excluded }
}

/// While a workspace has no events, an order of amount 0 or more is activity; it has neither platform nor properties.
fn orders(view: &mut View, query: &RetentionQuery) -> Result<FxHashMap<u32, Vec<Mark>>, EngineError> {
    let mut users: FxHashMap<u32, Vec<Mark>> = FxHashMap::default();
    if query.segment.limits_events() {
        return Ok(users);
    }
    let (only, until) = (view.only(&query.segment)?, view.seen_until());
    for row in view.store.money(None)? {
        let Some(user) = row.user.filter(|_| row.amount.0 >= 0 && row.at < until) else { continue };
        if only.as_ref().is_none_or(|only| only.get(user as usize).copied().unwrap_or(false)) {
            let mark = Mark { at: row.at, start: true, named: true, ret: true, value: None, amount: 0 };
            users.entry(user).or_default().push(mark);
        }
    }
    Ok(users)
}
