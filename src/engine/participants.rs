//! Who took part in a campaign, and what came of them.

use std::collections::BTreeMap;

use crate::domain::calendar::Day;
use crate::domain::roles::EventRole;
use crate::metrics::catalog::Feed;
use crate::metrics::participants::{Campaign, campaign};
use crate::query::{Cost, Participants, ParticipantsQuery, Segment};
use crate::store::{SpendRow, TermKind};

use super::EngineError;
use super::by_role::names_of;
use super::revenue::is_foreign;
use super::sieve::Sieve;
use super::view::View;
use crate::domain::days::DayFinder;

/// Answers `Query::Participants`.
pub(super) fn answer(view: &mut View, query: &ParticipantsQuery) -> Result<Participants, EngineError> {
    if !query.segment.streams.is_empty() {
        return Err(EngineError::Usage("participants cannot be limited to a stream; all they paid counts".to_owned()));
    }
    let names = match &query.event {
        Some(name) => view.id(TermKind::EventName, name)?.into_iter().collect(),
        None => names_of(view, &[EventRole::Join])?,
    };
    let (cost, unrated_cost) = cost(view, query)?;
    if names.is_empty() {
        return Ok(Participants { joins: None, campaign: Campaign::default(), cost, excluded: unrated_cost });
    }
    let (joins, first) = joined(view, query, &names)?;
    let excluded = unrated_cost + unrated(view, &first, query.span.last)?;
    // Whatever they did counts as coming back, whatever limits their joins.
    let who = view.who(&Segment::default(), None)?;
    let days = view.user_days(&who.lens)?;
    let purses = view.purses()?;
    let horizon = view.extent(Feed::Activity)?.horizon;
    let came = campaign(first, (who.audience(&days, view.until), &purses), (query.span, horizon));
    Ok(Participants { joins: Some(joins), campaign: came, cost, excluded })
}

/// Joins in the days, and the day on which each user first joined in them.
fn joined(view: &mut View, query: &ParticipantsQuery, names: &[u32]) -> Result<(u64, BTreeMap<u32, Day>), EngineError> {
    let (sieve, mut finder) = (Sieve::new(view, &query.segment)?, DayFinder::new(view.calendar));
    let (mut joins, mut first) = (0, BTreeMap::new());
    sieve.rows(view, (Some(query.span), Some(names), false), &mut |row, _| {
        joins += 1;
        if let Some(user) = row.user {
            let day = finder.day(row.at);
            first.entry(user).and_modify(|earliest: &mut Day| *earliest = day.min(*earliest)).or_insert(day);
        }
    })?;
    Ok((joins, first))
}

/// Micros that were spent, and the rows of it that have no rate; `None` where nothing with one was booked.
fn cost(view: &mut View, query: &ParticipantsQuery) -> Result<(Option<i128>, u64), EngineError> {
    let campaign = match &query.cost {
        Cost::Unknown => return Ok((None, 0)),
        Cost::Known(micros) => return Ok((Some((*micros).into()), 0)),
        Cost::Campaign(name) => name,
    };
    let Some(id) = view.id(TermKind::Campaign, campaign)? else {
        return Err(EngineError::Usage(format!("no spend is booked under the campaign {campaign}")));
    };
    let (until, own) = (view.until, view.currency);
    let spend = view.cache.spend(view.store)?;
    let booked = |row: &&SpendRow| row.campaign == Some(id) && row.day <= until && query.span.contains(row.day);
    let (unrated, rated): (Vec<_>, Vec<_>) = spend.iter().filter(booked).partition(|row| is_foreign(row, own));
    let sum = (!rated.is_empty()).then(|| rated.iter().map(|row| i128::from(row.amount.0)).sum());
    Ok((sum, unrated.len() as u64))
}

/// Money rows of participants, since each joined, that have no rate.
fn unrated(view: &mut View, first: &BTreeMap<u32, Day>, last: Day) -> Result<u64, EngineError> {
    let last = last.min(view.until);
    let joined = |user: Option<u32>| user.and_then(|user| first.get(&user));
    let theirs = |(day, user): &&(Day, Option<u32>)| *day <= last && joined(*user).is_some_and(|from| day >= from);
    Ok(view.ledger()?.foreign.iter().filter(theirs).count() as u64)
}
