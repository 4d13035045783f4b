//! Groups of users by what they paid and by when they were active.

use crate::domain::calendar::{Day, Grain, Span};
use crate::metrics::catalog::Feed;
use crate::metrics::flow::{flows, moves};
use crate::metrics::lifecycle::{Lifecycle, place};
use crate::metrics::presence::Audience;
use crate::metrics::rfm::{CLASSES, Class, Customer, Cut, class, customers, scores};
use crate::query::{LifecycleQuery, LifecycleTable, LifecycleUser, RFM_FLOW_DAYS, RfmQuery, RfmTable, RfmUser};

use super::EngineError;
use super::ask::people_only;
use super::ltv::foreign;
use super::view::View;
use super::who::Who;

/// Days of payments up to the last with any, or to a given one; `None` without payments.
pub(super) fn rfm_window(view: &mut View, until: Option<Day>, days: Option<u16>) -> Result<Option<Span>, EngineError> {
    let (ledger, seen) = (view.ledger()?, view.until);
    let rows = &ledger.rows[..ledger.rows.partition_point(|r| r.day <= seen)];
    let Some((first, newest)) = rows.first().zip(rows.last()) else { return Ok(None) };
    let last = until.unwrap_or(newest.day).min(seen);
    let first = days.map_or(first.day.min(last), |n| last.plus(1 - i32::from(n)));
    Ok(Some(Span { first, last }))
}

/// The class of every paying user by the payments of a window, in byte order of their names.
pub(super) fn rfm_classes(view: &mut View, window: Span, cut: Cut) -> Result<Vec<(u32, Class)>, EngineError> {
    let customers = rfm_customers(view, window)?;
    let scores = scores(&customers, cut);
    Ok(customers.iter().zip(scores).filter_map(|(c, score)| Some((c.user, class(score, &CLASSES)?))).collect())
}

/// The place of every user in a period against as wide a one before it; a day names the period.
pub(super) fn lifecycle_classes(
    view: &mut View,
    who: &Who,
    (grain, at): (Grain, Day),
) -> Result<Vec<(u32, Lifecycle)>, EngineError> {
    let days = view.user_days(&who.lens)?;
    let (before, now) = periods(view, grain, at);
    let audience = who.audience(&days, view.until);
    Ok(audience.each().filter_map(|(user, days)| Some((user, place(days, before, now)?))).collect())
}

/// The period of a day and the one before it.
fn periods(view: &View, grain: Grain, at: Day) -> (Span, Span) {
    let now = view.calendar.bucket(grain, at);
    (view.calendar.bucket(grain, now.first.plus(-1)), now)
}

/// Answers `Query::Rfm`.
pub(super) fn rfm(view: &mut View, query: &RfmQuery) -> Result<RfmTable, EngineError> {
    people_only(&query.segment, "RFM")?;
    if query.days == Some(0) {
        return Err(EngineError::Usage("a window of payments has at least one day".to_owned()));
    }
    let Some(now) = rfm_window(view, query.until, query.days)? else {
        return Ok(RfmTable { window: None, before: None, users: vec![], flows: vec![], moves: vec![], excluded: 0 });
    };
    let earlier = query.against.unwrap_or(now.last.plus(-RFM_FLOW_DAYS));
    if earlier >= now.last {
        let last = now.last;
        return Err(EngineError::Usage(format!("flows compare with an earlier day than {last}, not with {earlier}")));
    }
    let before = rfm_window(view, Some(earlier), query.days)?.unwrap_or(now);
    let only = view.only(&query.segment)?;
    let counts = |user: u32| only.as_ref().is_none_or(|o| o.get(user as usize).copied().unwrap_or(false));
    let classes = |view: &mut View, window| -> Result<Vec<(u32, Class)>, EngineError> {
        Ok(rfm_classes(view, window, query.cut)?.into_iter().filter(|(user, _)| counts(*user)).collect())
    };
    let moves = moves(&Class::ALL, &classes(view, before)?, &classes(view, now)?);
    Ok(RfmTable {
        window: Some(now),
        before: Some(before),
        users: rfm_users(view, now, query.cut)?.into_iter().filter(|(user, _)| counts(*user)).map(|u| u.1).collect(),
        flows: flows(&Class::ALL, &moves),
        moves,
        excluded: foreign(view, now)?,
    })
}

/// Customers of a window in byte order of their names, which parts equal values of an ntile.
fn rfm_customers(view: &mut View, window: Span) -> Result<Vec<Customer>, EngineError> {
    let (ledger, names, until) = (view.ledger()?, view.names()?, view.until);
    let rows = ledger.rows.iter().filter(|r| window.contains(r.day) && r.day <= until);
    let mut customers = customers(rows, window.last.plus(1));
    customers.sort_unstable_by_key(|c| names.get(c.user as usize).map(String::as_bytes));
    Ok(customers)
}

fn rfm_users(view: &mut View, window: Span, cut: Cut) -> Result<Vec<(u32, RfmUser)>, EngineError> {
    let names = view.names()?;
    let customers = rfm_customers(view, window)?;
    let (ntile, rank) = (scores(&customers, Cut::Ntile), scores(&customers, Cut::Rank));
    let user = |(customer, (ntile, rank)): (&Customer, (_, _))| {
        let score = match cut {
            Cut::Ntile => ntile,
            Cut::Rank => rank,
        };
        let user = RfmUser {
            name: names.get(customer.user as usize).cloned().unwrap_or_default(),
            recency_days: customer.recency,
            frequency: customer.frequency,
            monetary: customer.monetary,
            ntile,
            rank,
            class: class(score, &CLASSES),
        };
        (customer.user, user)
    };
    Ok(customers.iter().zip(ntile.into_iter().zip(rank)).map(user).collect())
}

/// Answers `Query::Lifecycle`.
pub(super) fn lifecycle(view: &mut View, query: &LifecycleQuery) -> Result<LifecycleTable, EngineError> {
    let who = view.who(&query.segment, query.event.as_deref())?;
    let (previous, period) = periods(view, query.grain, query.at);
    let before = query.against.map_or(previous, |day| view.calendar.bucket(query.grain, day));
    if before.first >= period.first {
        return Err(EngineError::Usage(format!(
            "flows compare with an earlier {} than that of {}",
            query.grain.name(),
            period.first
        )));
    }
    let now = lifecycle_classes(view, &who, (query.grain, period.first))?;
    let earlier = lifecycle_classes(view, &who, (query.grain, before.first))?;
    let moves = moves(&Lifecycle::ALL, &earlier, &now);
    let days = view.user_days(&who.lens)?;
    let names = view.names()?;
    let audience = Audience::new(&days, None, view.until.min(period.last));
    let user = |(user, place): &(u32, Lifecycle)| {
        let (first, last) = audience.of(*user).first().zip(audience.of(*user).last())?;
        let name = names.get(*user as usize)?.clone();
        Some(LifecycleUser { name, place: *place, first: *first, last: *last })
    };
    let mut users: Vec<LifecycleUser> = now.iter().filter_map(user).collect();
    users.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(LifecycleTable {
        period,
        state: view.extent(Feed::Activity)?.horizon.state(period),
        before,
        users,
        flows: flows(&Lifecycle::ALL, &moves),
        moves,
    })
}
