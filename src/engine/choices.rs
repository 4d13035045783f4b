//! Names to choose from, most users or rows first.

use std::collections::BTreeSet;

use crate::query::Choices;
use crate::store::TermKind;

use super::EngineError;
use super::view::{NO_STREAM, View};
use super::who::Lens;

/// Answers `Query::Choices`.
pub(super) fn answer(view: &mut View) -> Result<Choices, EngineError> {
    let (channels, platforms, events) = (channels(view)?, platforms(view)?, events(view)?);
    Ok(Choices { channels, platforms, events, streams: streams(view)? })
}

/// Channels that users came through, money was spent on or daily facts are told of.
fn channels(view: &mut View) -> Result<Vec<(String, u64)>, EngineError> {
    let names = view.cache.terms(view.store, TermKind::Channel)?;
    let mut counts = vec![0_u64; names.len() + 1];
    let (of, days) = (view.cache.channels(view.store, view.seen_until())?, view.user_days(&Lens::Any)?);
    let until = view.until;
    for user in days.ever(until).users() {
        let channel = of.get(user as usize).copied().flatten();
        counts[channel.map_or(names.len(), |c| (c as usize).min(names.len()))] += 1;
    }
    let nameless = view.nameless_channel()?;
    let spent: BTreeSet<u32> = view.cache.spend(view.store)?.iter().filter_map(|row| row.channel).collect();
    let facts = view.cache.facts(view.store)?;
    let told = facts.all_channels();
    let is_known = |id: usize, name: &str| counts[id] > 0 || spent.contains(&(id as u32)) || told.contains(name);
    let named = names.iter().enumerate().filter(|(id, name)| is_known(*id, name));
    let mut all: Vec<_> = named.map(|(id, name)| (name.clone(), counts[id])).collect();
    match all.iter_mut().find(|(name, _)| name == nameless) {
        // A rule may lead there too.
        Some((_, users)) => *users += counts[names.len()],
        None if counts[names.len()] > 0 => all.push((nameless.to_owned(), counts[names.len()])),
        None => {}
    }
    Ok(ranked(all))
}

fn platforms(view: &mut View) -> Result<Vec<(String, u64)>, EngineError> {
    let names = view.cache.terms(view.store, TermKind::Platform)?;
    let mut all = Vec::with_capacity(names.len());
    for (id, name) in names.iter().enumerate() {
        let days = view.user_days(&Lens::Platforms(vec![id as u32]))?;
        all.push((name.clone(), days.ever(view.until).count()));
    }
    all.retain(|(_, n)| *n > 0);
    Ok(ranked(all))
}

fn events(view: &mut View) -> Result<Vec<(String, u64)>, EngineError> {
    Ok(super::roles::names(view)?.into_iter().map(|name| (name.name, name.events)).collect())
}

/// Streams of money with their number of rows.
fn streams(view: &mut View) -> Result<Vec<(String, u64)>, EngineError> {
    let names = view.cache.terms(view.store, TermKind::Stream)?;
    let mut counts = vec![0_u64; names.len() + 1];
    for row in &view.ledger()?.rows {
        counts[row.stream().map_or(names.len(), |s| (s as usize).min(names.len()))] += 1;
    }
    let named = names.iter().map(String::as_str).chain(std::iter::once(NO_STREAM)).map(str::to_owned);
    Ok(ranked(named.zip(counts).filter(|(_, n)| *n > 0).collect()))
}

/// Properties named where one is asked for that no event has.
const MOST_PROPERTIES: u32 = 50;

/// Answers `Query::Properties`.
pub(super) fn missing_property(view: &View, names: &[String]) -> Result<Option<(String, Vec<String>)>, EngineError> {
    for name in names {
        if !view.store.has_property(name)? {
            let known = view.store.properties(MOST_PROPERTIES)?;
            return Ok(Some((name.clone(), known.into_iter().map(|(name, _)| name).collect())));
        }
    }
    Ok(None)
}

/// Largest first, equal ones by name.
fn ranked(mut all: Vec<(String, u64)>) -> Vec<(String, u64)> {
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all
}
