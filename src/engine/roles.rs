//! Event names and what they mean.

use rustc_hash::FxHashMap;

use crate::domain::roles::NameRole;
use crate::query::EventName;
use crate::store::TermKind;

use super::EngineError;
use super::view::View;

/// Answers `Query::Roles`: the names that have events, most frequent first, equal ones by name.
pub(super) fn names(view: &mut View) -> Result<Vec<EventName>, EngineError> {
    let names = view.cache.terms(view.store, TermKind::EventName)?;
    let roles: FxHashMap<u32, NameRole> = view.cache.roles(view.store)?.iter().map(|role| (role.name, *role)).collect();
    let counts = view.store.event_counts()?.into_iter().filter(|(_, n)| *n > 0);
    let row = |(id, events): (u32, u64)| {
        let role = roles.get(&id);
        Some(EventName {
            id,
            name: names.get(id as usize)?.clone(),
            role: role.and_then(|role| role.role),
            passive: role.is_some_and(|role| role.passive),
            guessed: role.is_none_or(|role| role.guessed),
            events,
        })
    };
    let mut all: Vec<EventName> = counts.filter_map(row).collect();
    all.sort_by(|a, b| b.events.cmp(&a.events).then_with(|| a.name.cmp(&b.name)));
    Ok(all)
}

/// Nothing carries the name.
pub(super) fn unknown(event: &str) -> EngineError {
    EngineError::Usage(format!("no event is called {event}; `quarterdeck role` lists the names"))
}
