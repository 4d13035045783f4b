//! The channel mapping as the operator sees it: raw channels with where they go, and the file of rules.

use std::collections::BTreeMap;
use std::path::Path;

use crate::domain::calendar::Instant;
use crate::domain::channels::{ChannelRule, folded};
use crate::ingest;
use crate::query::{ChannelMapping, RawChannel};
use crate::store::TermKind;

use super::EngineError;
use super::routes::Rules;
use super::view::View;

/// Reads the rules of a CSV file with the columns source, medium and channel; others are left out.
pub(super) fn load(path: &Path) -> Result<Vec<ChannelRule>, EngineError> {
    let file = path.display();
    let refuse = |line: u64, why: &str| {
        EngineError::NotUnderstood(format!("{file}:{line}: {why}; correct it and import the file again"))
    };
    let rows = ingest::table(path)?;
    let Some(((_, titles), rows)) = rows.split_first() else {
        return Err(refuse(1, "the file is empty, a mapping has the columns source, medium and channel"));
    };
    let column = |name: &str| titles.iter().position(|title| folded(title) == name);
    let (Some(source), Some(channel)) = (column("source"), column("channel")) else {
        return Err(refuse(1, "there is no column source or no column channel"));
    };
    let medium = column("medium");
    let mut seen: BTreeMap<(String, String), (u64, String)> = BTreeMap::new();
    let mut rules = Vec::with_capacity(rows.len());
    for (line, cells) in rows {
        let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).map_or("", String::as_str);
        let Some(rule) = ChannelRule::new(cell(Some(source)), cell(medium), cell(Some(channel))) else {
            return Err(refuse(*line, "source or channel is empty; a raw channel without a rule keeps its name"));
        };
        let key = (rule.source().to_owned(), rule.medium().to_owned());
        match seen.insert(key, (*line, rule.channel().to_owned())) {
            Some((before, other)) if other != rule.channel() => {
                return Err(refuse(*line, &format!("line {before} sends the same source and medium to {other}")));
            }
            _ => rules.push(rule),
        }
    }
    Ok(rules)
}

/// Answers `Query::Mapping`.
pub(super) fn answer(view: &mut View) -> Result<ChannelMapping, EngineError> {
    let (terms, touches) = (view.store.terms(TermKind::Channel)?, view.store.touches()?);
    let rules = view.store.channel_rules()?;
    let routes = view.cache.routes(view.store)?;
    let known = Rules::new(&rules);
    let mut users = vec![0_u64; touches.len()];
    let touched = view.cache.touched(view.store)?;
    for touch in (0..touched.users()).filter_map(|user| touched.of(user, Instant(i64::MAX))) {
        if let Some(n) = users.get_mut(touch as usize) {
            *n += 1;
        }
    }
    let spent = view.store.spend_channels()?;
    let of_spend = spent.iter().map(|channel| (*channel, "", 0, routes.of_spend(*channel)));
    let of_touch = touches.iter().zip(users).enumerate();
    let of_touch = of_touch
        .map(|(at, (t, n))| (t.channel, t.medium.as_str(), n, routes.of_touch(at as u32)))
        .filter(|(_, _, users, _)| *users > 0);
    let mut raw: BTreeMap<(String, String), RawChannel> = BTreeMap::new();
    for (channel, medium, users, place) in of_spend.chain(of_touch) {
        let source = terms.get(channel as usize).map_or("", |text| text.trim());
        let Some(name) = place.and_then(|place| routes.names.get(place as usize)) else { continue };
        let row = raw.entry((folded(source), folded(medium))).or_insert_with(|| RawChannel {
            source: source.to_owned(),
            medium: medium.trim().to_owned(),
            users: 0,
            channel: name.clone(),
            mapped: known.target(source, medium).is_some(),
        });
        row.users += users;
        if source < row.source.as_str() {
            source.clone_into(&mut row.source);
        }
    }
    let mut raw: Vec<RawChannel> = raw.into_values().collect();
    raw.sort_by_key(|row| std::cmp::Reverse(row.users));
    Ok(ChannelMapping { raw, rules })
}
