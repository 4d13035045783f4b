//! Who took part in a campaign, and what came of them.

use std::collections::BTreeMap;

use crate::domain::calendar::{Day, Instant, Span};
use crate::domain::roles::EventRole;
use crate::metrics::breakdown::Parts;
use crate::metrics::catalog::Feed;
use crate::metrics::participants::campaign;
use crate::query::{Cost, Participants, ParticipantsQuery, Segment};
use crate::store::{SpendRow, TermKind};

use super::EngineError;
use super::by_role::names_of;
use super::revenue::is_foreign;
use super::sieve::Sieve;
use super::values::{Names, Values};
use super::view::View;
use crate::domain::days::DayFinder;

/// Answers `Query::Participants`.
pub(super) fn answer(view: &mut View, query: &ParticipantsQuery) -> Result<Participants, EngineError> {
    let mut found = over(view, query, &[(query.span, query.cost.clone())])?;
    found.pop().ok_or_else(|| EngineError::Failed("one question has one answer".to_owned()))
}

/// The participants of some spans, each with its cost, out of one pass over the events; span and cost of the question are
/// not looked at.
pub(super) fn over(
    view: &mut View,
    query: &ParticipantsQuery,
    spans: &[(Span, Cost)],
) -> Result<Vec<Participants>, EngineError> {
    if !query.segment.streams.is_empty() {
        return Err(EngineError::Usage("participants cannot be limited to a stream; all they paid counts".to_owned()));
    }
    let names = match &query.event {
        Some(name) => view.id(TermKind::EventName, name)?.into_iter().collect(),
        None => names_of(view, &[EventRole::Join])?,
    };
    let mut costs = Vec::with_capacity(spans.len());
    for (span, known) in spans {
        costs.push(cost(view, *span, known)?);
    }
    if names.is_empty() {
        let nobody = |(cost, excluded)| Participants { joins: None, cost, excluded, ..Participants::default() };
        return Ok(costs.into_iter().map(nobody).collect());
    }
    let (joined, values) = joined(view, query, (&names, spans))?;
    // Whatever they did counts as coming back, whatever limits their joins.
    let who = view.who(&Segment::default(), None)?;
    let days = view.user_days(&who.lens)?;
    let purses = view.purses()?;
    let horizon = view.extent(Feed::Activity)?.horizon;
    let among = who.audience(&days, view.until);
    let mut all = Vec::with_capacity(spans.len());
    for ((joined, (span, _)), (cost, unrated_cost)) in joined.into_iter().zip(spans).zip(costs) {
        let came = |users: &BTreeMap<u32, First>| {
            campaign(users.iter().map(|(user, first)| (*user, first.day)), (among, &purses), (*span, horizon))
        };
        all.push(Participants {
            joins: Some(joined.joins),
            campaign: came(&joined.first),
            parts: match &query.by {
                Some(by) => {
                    values.parts(&joined.first, by.top).into_iter().map(|(name, own)| (name, came(&own))).collect()
                }
                None => Vec::new(),
            },
            cost,
            excluded: unrated_cost + unrated(view, &joined.first, span.last)?,
        });
    }
    Ok(all)
}

/// The first join of a user in a span.
#[derive(Clone, Copy)]
struct First {
    at: Instant,
    day: Day,
    /// Value of the breakdown.
    value: Option<u32>,
}

/// Joins of a span, and the first of each user.
#[derive(Default)]
struct Joined {
    joins: u64,
    first: BTreeMap<u32, First>,
}

/// Values of a breakdown by the ids that joins have.
struct Named {
    order: Vec<u32>,
    names: Names,
}

impl Named {
    /// Users by the row of the breakdown that they stand in.
    fn parts(&self, first: &BTreeMap<u32, First>, top: Option<usize>) -> Vec<(String, BTreeMap<u32, First>)> {
        let value = |first: &First| first.value.and_then(|id| self.order.get(id as usize)).copied();
        let parts = Parts::new(first.values().map(|first| (value(first), 1)), top);
        let mut out: Vec<_> = parts.rows().iter().map(|part| (self.names.of(*part), BTreeMap::new())).collect();
        for (user, first) in first {
            if let Some((_, users)) = parts.row(value(first)).and_then(|row| out.get_mut(row)) {
                users.insert(*user, *first);
            }
        }
        out
    }
}

/// Joins in each span, and how their values are called.
fn joined(
    view: &mut View,
    query: &ParticipantsQuery,
    (names, spans): (&[u32], &[(Span, Cost)]),
) -> Result<(Vec<Joined>, Named), EngineError> {
    let (sieve, mut finder) = (Sieve::new(view, &query.segment)?, DayFinder::new(view.calendar));
    let mut values = Values::new(view, query.by.as_ref())?;
    let mut all: Vec<Joined> = spans.iter().map(|_| Joined::default()).collect();
    let first = spans.iter().map(|(span, _)| span.first).min();
    let hull = first.zip(spans.iter().map(|(span, _)| span.last).max()).map(|(first, last)| Span { first, last });
    let props = values.needs_props();
    if hull.is_some() {
        sieve.rows(view, (hull, Some(names), props), &mut |row, props| {
            let day = finder.day(row.at);
            for (joined, _) in all.iter_mut().zip(spans).filter(|(_, (span, _))| span.contains(day)) {
                joined.joins += 1;
                let Some(user) = row.user else { continue };
                let known = joined.first.get(&user);
                if known.is_none_or(|known| row.at < known.at) {
                    joined.first.insert(user, First { at: row.at, day, value: values.of(row, props) });
                }
            }
        })?;
    }
    let (order, names) = values.ordered();
    Ok((all, Named { order, names }))
}

/// Micros that were spent, and the rows of it that have no rate; `None` where nothing with one was booked.
fn cost(view: &mut View, span: Span, cost: &Cost) -> Result<(Option<i128>, u64), EngineError> {
    let campaign = match cost {
        Cost::Unknown => return Ok((None, 0)),
        Cost::Known(micros) => return Ok((Some((*micros).into()), 0)),
        Cost::Campaign(name) => name,
    };
    let Some(id) = view.id(TermKind::Campaign, campaign)? else {
        return Err(EngineError::Usage(format!("no spend is booked under the campaign {campaign}")));
    };
    let (until, own) = (view.until, view.currency);
    let spend = view.cache.spend(view.store)?;
    let booked = |row: &&SpendRow| row.campaign == Some(id) && row.day <= until && span.contains(row.day);
    let (unrated, rated): (Vec<_>, Vec<_>) = spend.iter().filter(booked).partition(|row| is_foreign(row, own));
    let sum = (!rated.is_empty()).then(|| rated.iter().map(|row| i128::from(row.amount.0)).sum());
    Ok((sum, unrated.len() as u64))
}

/// Money rows of participants, since each joined, that have no rate.
fn unrated(view: &mut View, first: &BTreeMap<u32, First>, last: Day) -> Result<u64, EngineError> {
    let last = last.min(view.until);
    let joined = |user: Option<u32>| user.and_then(|user| first.get(&user));
    let theirs =
        |(day, user): &&(Day, Option<u32>)| *day <= last && joined(*user).is_some_and(|first| *day >= first.day);
    Ok(view.ledger()?.foreign.iter().filter(theirs).count() as u64)
}
