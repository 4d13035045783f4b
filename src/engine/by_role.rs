//! Metrics of events by what their names mean.

mod cohorts;

use crate::domain::calendar::{Day, Span};
use crate::domain::channels::folded;
use crate::domain::props;
use crate::domain::roles::EventRole;
use crate::metrics::catalog::RoleMeasure;
use crate::metrics::number::Number;
use crate::metrics::presence::BucketMap;
use crate::metrics::roles::{BACK_DAYS, level_ups, touches, win_back};
use crate::query::Segment;
use crate::store::{RawEvent, TermKind};

use super::ask::{Ask, Part};
use super::sieve::Sieve;
use super::view::{Extent, View};
use super::{EngineError, activity, revenue};
use crate::domain::days::DayFinder;

/// Names of the stream that ads bring money in.
const AD_STREAMS: [&str; 4] = ["ads", "ad", "advertising", "广告"];
/// Impressions that eCPM is for.
const MILLE: i128 = 1_000;

/// Roles of events that bring others.
const INVITES: [EventRole; 2] = [EventRole::Share, EventRole::Invite];

/// Told day, user and properties of an event.
type Each<'a> = &'a mut dyn FnMut(Day, Option<u32>, Option<&str>);

/// Values of a metric of events by role, over buckets that all hold days with data. Without a name of a role there is
/// none: a product that tells no failed payments does not have all of them succeed.
pub(super) fn values(
    view: &mut View,
    (measure, ask): (RoleMeasure, &Ask),
    extent: &Extent,
    buckets: &[Span],
) -> Result<Vec<Number>, EngineError> {
    use EventRole::{AdFill, AdImpression, AdRequest, Pay, PayFail, Touch};
    let over = |nums: Option<Vec<u64>>, dens: Option<Vec<u64>>, make: fn(i128, i128) -> Number| match (nums, dens) {
        (Some(nums), Some(dens)) => nums.into_iter().zip(dens).map(|(n, d)| make(n.into(), d.into())).collect(),
        _ => nothing(buckets),
    };
    Ok(match measure {
        RoleMeasure::InvitesPerActive => {
            over(of_users(view, ask, &INVITES, buckets)?, Some(active(view, ask, extent, buckets)?), Number::mean)
        }
        RoleMeasure::ReferralConversion => {
            over(referred(view, ask, extent, buckets)?, of_users(view, ask, &INVITES, buckets)?, Number::ratio)
        }
        RoleMeasure::KFactor => k_factor(view, ask, extent, buckets)?,
        RoleMeasure::TouchesPerUserWeek => user_days(view, ask, Touch, buckets)?.map_or_else(
            || nothing(buckets),
            |days| {
                let counts = touches(&days, view.calendar, buckets);
                counts.into_iter().map(|(n, weeks)| Number::mean(n.into(), weeks.into())).collect()
            },
        ),
        RoleMeasure::WinBack => won_back(view, ask, extent, buckets)?,
        RoleMeasure::PaymentSuccess => {
            let (paid, failed) = (count(view, ask, &[Pay], buckets)?, count(view, ask, &[PayFail], buckets)?);
            let sum = |(paid, failed): (&Vec<u64>, Vec<u64>)| paid.iter().zip(failed).map(|(p, f)| p + f).collect();
            let all = paid.as_ref().zip(failed).map(sum);
            over(paid, all, Number::ratio)
        }
        RoleMeasure::AdLoad => over(
            of_users(view, ask, &[AdImpression], buckets)?,
            Some(active(view, ask, extent, buckets)?),
            Number::mean,
        ),
        RoleMeasure::AdFill => {
            over(count(view, ask, &[AdFill], buckets)?, count(view, ask, &[AdRequest], buckets)?, Number::ratio)
        }
        RoleMeasure::Ecpm => ecpm(view, ask, buckets)?,
        RoleMeasure::Penetration if ask.event.is_some() => {
            let who = view.who(&ask.segment, ask.event)?;
            let users = activity::active(view, &who, extent, buckets)?;
            over(Some(users), Some(active(view, ask, extent, buckets)?), Number::ratio)
        }
        RoleMeasure::Penetration => nothing(buckets),
        RoleMeasure::LevelUp => {
            over(risen(view, ask, extent, buckets)?, Some(active(view, ask, extent, buckets)?), Number::ratio)
        }
        RoleMeasure::Activation => cohorts::activated(view, ask, extent, buckets)?,
        RoleMeasure::Participants => cohorts::participants(view, ask, buckets)?,
        RoleMeasure::ParticipantD7 => cohorts::participants_kept(view, ask, extent, buckets)?,
    })
}

fn nothing(buckets: &[Span]) -> Vec<Number> {
    vec![Number::None; buckets.len()]
}

/// Active users of each bucket, whatever they did.
fn active(view: &mut View, ask: &Ask, extent: &Extent, buckets: &[Span]) -> Result<Vec<u64>, EngineError> {
    let who = view.who(&ask.segment, None)?;
    activity::active(view, &who, extent, buckets)
}

/// Names of some roles.
pub(super) fn names_of(view: &mut View, roles: &[EventRole]) -> Result<Vec<u32>, EngineError> {
    let known = view.cache.roles(view.store)?;
    Ok(known.iter().filter(|n| n.role.is_some_and(|role| roles.contains(&role))).map(|n| n.name).collect())
}

/// Tells day and user of every event of some roles that is in the segment and lies in a span; false where no name has
/// one of the roles. Properties are read where they are wanted.
fn tell(
    view: &mut View,
    ask: &Ask,
    (roles, props): (&[EventRole], bool),
    span: Span,
    each: Each<'_>,
) -> Result<bool, EngineError> {
    let names = names_of(view, roles)?;
    if names.is_empty() {
        return Ok(false);
    }
    scan(view, ask, (Some(&names), props), span, &mut |day, row, props| each(day, row.user, props))?;
    Ok(true)
}

/// Tells the events of some names, or all, that are in the segment and lie in a span.
fn scan(
    view: &mut View,
    ask: &Ask,
    (names, props): (Option<&[u32]>, bool),
    span: Span,
    each: &mut dyn FnMut(Day, &RawEvent, Option<&str>),
) -> Result<(), EngineError> {
    let (sieve, mut finder) = (Sieve::new(view, &ask.segment)?, DayFinder::new(view.calendar));
    sieve.rows(view, (Some(span), names, props), &mut |row, props| each(finder.day(row.at), row, props))
}

/// The days from the first to the last bucket.
fn hull(buckets: &[Span]) -> Span {
    let first = buckets.iter().map(|b| b.first).min().unwrap_or(Day(0));
    Span { first, last: buckets.iter().map(|b| b.last).max().unwrap_or(first) }
}

/// Events of some roles by bucket that a condition holds for; `None` where no name has one of the roles.
fn counted(
    view: &mut View,
    ask: &Ask,
    roles: (&[EventRole], bool),
    buckets: &[Span],
    holds: fn(Option<u32>, Option<&str>) -> bool,
) -> Result<Option<Vec<u64>>, EngineError> {
    let map = BucketMap::new(buckets);
    let mut out = vec![0; buckets.len()];
    let known = tell(view, ask, roles, hull(buckets), &mut |day, user, props| {
        if let Some(at) = map.of(day).filter(|_| holds(user, props)) {
            out[at] += 1;
        }
    })?;
    Ok(known.then_some(out))
}

fn count(view: &mut View, ask: &Ask, roles: &[EventRole], buckets: &[Span]) -> Result<Option<Vec<u64>>, EngineError> {
    counted(view, ask, (roles, false), buckets, |_, _| true)
}

fn of_users(
    view: &mut View,
    ask: &Ask,
    roles: &[EventRole],
    buckets: &[Span],
) -> Result<Option<Vec<u64>>, EngineError> {
    counted(view, ask, (roles, false), buckets, |user, _| user.is_some())
}

/// Sign-ups that name a referrer, by bucket; `None` where none in the whole history does, because then nobody asks.
fn referred(view: &mut View, ask: &Ask, extent: &Extent, buckets: &[Span]) -> Result<Option<Vec<u64>>, EngineError> {
    let of = |view: &mut View, ask: &Ask, buckets: &[Span]| {
        counted(view, ask, (&[EventRole::Signup], true), buckets, |_, props| {
            props.and_then(|props| props::text(props, "referrer")).is_some_and(|text| !text.trim().is_empty())
        })
    };
    let found = of(view, ask, buckets)?;
    if found.as_ref().is_none_or(|counts| counts.iter().any(|n| *n > 0)) {
        return Ok(found);
    }
    let ever = view.ever("referrer", |view| {
        let history = Span { first: extent.first, last: extent.horizon.reach };
        let all = of(view, &Ask::of(ask.metric, &Segment::default()), &[history])?;
        Ok(all.is_some_and(|counts| counts.iter().any(|n| *n > 0)))
    })?;
    Ok(found.filter(|_| ever))
}

/// Users whose highest level rose, by bucket; `None` where no event of the segment has a level.
fn risen(view: &mut View, ask: &Ask, extent: &Extent, buckets: &[Span]) -> Result<Option<Vec<u64>>, EngineError> {
    if !view.ever("level", |view| Ok(view.store.has_property("level")?))? {
        return Ok(None);
    }
    let (mut levels, history) = (Vec::new(), Span { first: extent.first, last: hull(buckets).last.max(extent.first) });
    scan(view, ask, (None, true), history, &mut |day, row, props| {
        let level = props.and_then(|props| props::text(props, "level")).and_then(|text| text.trim().parse().ok());
        levels.extend(row.user.zip(level).map(|(user, level)| (user, row.at, day, level)));
    })?;
    Ok((!levels.is_empty()).then(|| level_ups(&mut levels, buckets)))
}

/// User and day of each event of a role that has a user.
fn user_days(
    view: &mut View,
    ask: &Ask,
    role: EventRole,
    buckets: &[Span],
) -> Result<Option<Vec<(u32, Day)>>, EngineError> {
    let mut days = Vec::new();
    let known = tell(view, ask, (&[role], false), hull(buckets), &mut |day, user, _| {
        days.extend(user.map(|user| (user, day)));
    })?;
    Ok(known.then_some(days))
}

/// Invites per active user times the sign-ups that each brings; where nobody invites, nothing converts.
fn k_factor(view: &mut View, ask: &Ask, extent: &Extent, buckets: &[Span]) -> Result<Vec<Number>, EngineError> {
    let referred = referred(view, ask, extent, buckets)?;
    let Some((invites, referred)) = of_users(view, ask, &INVITES, buckets)?.zip(referred) else {
        return Ok(nothing(buckets));
    };
    let active = active(view, ask, extent, buckets)?;
    let value = |((invites, referred), active): ((u64, u64), u64)| match invites {
        0 => Number::None,
        _ => Number::mean(referred.into(), active.into()),
    };
    Ok(invites.into_iter().zip(referred).zip(active).map(value).collect())
}

/// Only complete days count: a touch whose last day is not over would count as not won back.
fn won_back(view: &mut View, ask: &Ask, extent: &Extent, buckets: &[Span]) -> Result<Vec<Number>, EngineError> {
    let touched: Vec<Span> =
        buckets.iter().map(|b| Span { first: b.first.plus(-BACK_DAYS), last: b.last.plus(-BACK_DAYS) }).collect();
    let Some(touches) = user_days(view, ask, EventRole::Touch, &touched)? else { return Ok(nothing(buckets)) };
    let complete = |bucket: &Span| extent.covered(*bucket).filter(|s| s.last <= extent.horizon.through);
    let who = view.who(&ask.segment, None)?;
    let days = view.user_days(&who.lens)?;
    let audience = who.audience(&days, view.until);
    let value = |bucket: &Span| {
        let (touched, back) = win_back(audience, &touches, &[complete(bucket)?]).first().copied()?;
        Some(Number::ratio(back.into(), touched.into()))
    };
    Ok(buckets.iter().map(|b| value(b).unwrap_or(Number::None)).collect())
}

fn ecpm(view: &mut View, ask: &Ask, buckets: &[Span]) -> Result<Vec<Number>, EngineError> {
    let Some(shown) = count(view, ask, &[EventRole::AdImpression], buckets)? else { return Ok(nothing(buckets)) };
    let streams = view.cache.terms(view.store, TermKind::Stream)?;
    let mut net = vec![0_i128; buckets.len()];
    let mut any = false;
    for (id, _) in streams.iter().enumerate().filter(|(_, name)| AD_STREAMS.contains(&folded(name).as_str())) {
        any = true;
        let ask = Ask { part: Part::Stream(Some(id as u32)), ..ask.clone() };
        for (sum, takings) in net.iter_mut().zip(revenue::sums(view, &ask, buckets)?.iter()) {
            *sum += takings.net();
        }
    }
    let value = |(net, shown): (i128, u64)| Number::money_per(net * MILLE, shown.into());
    Ok(if any { net.into_iter().zip(shown).map(value).collect() } else { nothing(buckets) })
}
