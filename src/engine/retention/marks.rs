//! The events that a retention table is made of, user by user.

use rustc_hash::FxHashMap;

use crate::domain::money::Micros;
use crate::metrics::retention::events::Mark;
use crate::query::{CohortKind, RetentionQuery};

use super::super::EngineError;
use super::super::sieve::{Matcher, Sieve, names};
use super::super::values::{Names, Values};
use super::super::view::View;
use super::super::worth::worth;
use crate::domain::days::DayFinder;

/// The marks of every user, each in order of time.
pub(super) struct Marks {
    pub users: Vec<Vec<Mark>>,
    /// Names of the values of the breakdown.
    pub names: Names,
    /// Return events whose amount has no rate of its day.
    pub excluded: u64,
}

/// Reads the events of both filters, and of the start event's name; orders while there are no events at all.
pub(super) fn read(view: &mut View, query: &RetentionQuery) -> Result<Marks, EngineError> {
    let mut users: FxHashMap<u32, Vec<Mark>> = FxHashMap::default();
    let mut excluded = 0;
    let mut values = Values::new(view, query.breakdown.as_ref())?;
    if view.cache.has_events(view.store)? {
        let (start, ret) = (Matcher::new(view, &query.start)?, Matcher::new(view, &query.ret)?);
        let wanted = names([&start, &ret]);
        let sieve = Sieve::new(view, &query.segment)?;
        let amount = query.amount.as_deref();
        let (rates, mut finder) = (view.cache.rates(view.store)?, DayFinder::new(view.calendar));
        let first_ever = query.kind == CohortKind::FirstEver;
        let with_props = start.needs_props() || ret.needs_props() || amount.is_some() || values.needs_props();
        sieve.scan(view, (None, wanted.as_deref(), with_props), &mut |user, row, props| {
            let worth =
                amount.map_or(Some(Micros(0)), |name| worth(props, name, (*rates).as_ref(), finder.day(row.at)));
            let mark = Mark {
                at: row.at,
                start: start.holds(row, props),
                named: first_ever && start.is_named(row),
                ret: ret.holds(row, props),
                value: values.of(user, row, props),
                amount: worth.map_or(0, |micros| micros.0),
            };
            excluded += u64::from(mark.ret && worth.is_none());
            if mark.start || mark.ret || mark.named {
                users.entry(user).or_default().push(mark);
            }
        })?;
    } else if query.start.name.is_none() && query.ret.name.is_none() {
        orders(view, query, &mut users)?;
    }
    let (order, names) = values.ordered();
    let mut users: Vec<Vec<Mark>> = users.into_values().collect();
    for marks in &mut users {
        marks.sort_by_key(|m| m.at);
        for mark in marks {
            mark.value = mark.value.map(|v| order[v as usize]);
        }
    }
    Ok(Marks { users, names, excluded })
}

/// While a workspace has no events, an order of amount 0 or more is activity; it has neither platform nor properties.
fn orders(view: &mut View, query: &RetentionQuery, users: &mut FxHashMap<u32, Vec<Mark>>) -> Result<(), EngineError> {
    if query.segment.limits_events() {
        return Ok(());
    }
    let (only, until) = (view.only(&query.segment)?, view.seen_until());
    for row in view.store.money(None)? {
        let Some(user) = row.user.filter(|_| row.amount.0 >= 0 && row.at < until) else { continue };
        if only.as_ref().is_none_or(|only| only.get(user as usize).copied().unwrap_or(false)) {
            let mark = Mark { at: row.at, start: true, named: true, ret: true, value: None, amount: 0 };
            users.entry(user).or_default().push(mark);
        }
    }
    Ok(())
}
