//! Money metrics.

use std::sync::Arc;

use crate::domain::calendar::Span;
use crate::domain::money::Currency;
use crate::metrics::catalog::MoneyMeasure;
use crate::metrics::number::Number;
use crate::metrics::presence::BucketMap;
use crate::metrics::revenue::{self, Buyers, Payment, Takings};
use crate::query::Segment;
use crate::store::{SpendRow, TermKind};

use super::ask::{Ask, Part};
use super::cache::Summed;
use super::ledger::Ledger;
use super::view::{Extent, NO_STREAM, UNKNOWN, View};
use super::{EngineError, activity};

/// Beyond this many kept sums all are forgotten.
const MOST_SUMS: usize = 256;

/// Values of a money metric over buckets that all hold days with data.
pub(super) fn values(
    view: &mut View,
    (measure, ask): (MoneyMeasure, &Ask),
    extent: &Extent,
    buckets: &[Span],
) -> Result<Vec<Number>, EngineError> {
    let money = sums(view, ask, buckets)?;
    let who = view.who(&ask.segment, None)?;
    let heads = match measure {
        MoneyMeasure::Arpu | MoneyMeasure::PaidRate => activity::active(view, &who, extent, buckets)?,
        MoneyMeasure::Arpdau => activity::user_days(view, &who, extent, buckets)?,
        MoneyMeasure::Gross
        | MoneyMeasure::Refunds
        | MoneyMeasure::Net
        | MoneyMeasure::NetAttributed
        | MoneyMeasure::Orders
        | MoneyMeasure::Payers
        | MoneyMeasure::Arppu => Vec::new(),
    };
    let bought = match measure {
        MoneyMeasure::Orders | MoneyMeasure::Payers | MoneyMeasure::Arppu | MoneyMeasure::PaidRate => {
            buyers(view, ask, buckets)?
        }
        MoneyMeasure::Gross
        | MoneyMeasure::Refunds
        | MoneyMeasure::Net
        | MoneyMeasure::NetAttributed
        | MoneyMeasure::Arpu
        | MoneyMeasure::Arpdau => Arc::default(),
    };
    let unknown = unconverted(view, ask, buckets)?;
    let value = |(i, t): (usize, &Takings)| {
        if t.rows == 0 && unknown[i] {
            return Number::None;
        }
        let heads = heads.get(i).map_or(0, |n| i128::from(*n));
        let Buyers { orders, payers } = bought.get(i).copied().unwrap_or_default();
        match measure {
            MoneyMeasure::Gross => Number::Money(t.gross),
            MoneyMeasure::Refunds => Number::Money(t.refunds),
            MoneyMeasure::Net => Number::Money(t.net()),
            MoneyMeasure::NetAttributed => Number::Money(t.net_attributed),
            MoneyMeasure::Orders => Number::Count(orders.into()),
            MoneyMeasure::Payers => Number::Count(payers.into()),
            MoneyMeasure::Arppu => Number::money_per(t.net_attributed, payers.into()),
            MoneyMeasure::PaidRate => Number::ratio(payers.into(), heads),
            MoneyMeasure::Arpu | MoneyMeasure::Arpdau => Number::money_per(t.net_attributed, heads),
        }
    };
    Ok(money.iter().enumerate().map(value).collect())
}

/// Buckets with money that has no rate: where no other is counted, nothing is known of them, which is not 0.
fn unconverted(view: &mut View, ask: &Ask, buckets: &[Span]) -> Result<Vec<bool>, EngineError> {
    let mut found = vec![false; buckets.len()];
    // Which stream such a row is of is not kept.
    if ask.part != Part::Whole || !ask.segment.streams.is_empty() {
        return Ok(found);
    }
    let (only, ledger, map) = (view.only(&ask.segment)?, of_buckets(view, buckets)?, BucketMap::new(buckets));
    let is_of = |user: Option<u32>| {
        only.as_ref().is_none_or(|only| user.is_some_and(|u| only.get(u as usize).copied().unwrap_or(false)))
    };
    for (day, _) in ledger.foreign.iter().filter(|(day, user)| *day <= view.until && is_of(*user)) {
        if let Some(bucket) = map.of(*day) {
            found[bucket] = true;
        }
    }
    Ok(found)
}

/// Takings of the rows that a question is about, added up once for all that ask.
pub(super) fn sums(view: &mut View, ask: &Ask, buckets: &[Span]) -> Result<Arc<Vec<Takings>>, EngineError> {
    summed(view, ask, buckets, |known| &mut known.takings, |rows| revenue::takings(rows, buckets))
}

/// Buyers in the rows that a question is about, counted once for all that ask.
pub(super) fn buyers(view: &mut View, ask: &Ask, buckets: &[Span]) -> Result<Arc<Vec<Buyers>>, EngineError> {
    summed(view, ask, buckets, |known| &mut known.buyers, |rows| revenue::buyers(rows, buckets))
}

fn summed<T>(
    view: &mut View,
    ask: &Ask,
    buckets: &[Span],
    slot: fn(&mut Summed) -> &mut Option<Arc<T>>,
    sum: impl FnOnce(&mut dyn Iterator<Item = &Payment>) -> T,
) -> Result<Arc<T>, EngineError> {
    let key = (view.people(&ask.segment)?, ask.segment.streams.clone(), ask.part, buckets.to_vec());
    if let Some(known) = view.cache.summed.get_mut(&key).and_then(|known| slot(known).clone()) {
        return Ok(known);
    }
    let counts = counting(view, ask)?;
    let ledger = of_buckets(view, buckets)?;
    let rows = within(&ledger.rows, buckets, view);
    let sum = Arc::new(sum(&mut rows.iter().filter(|row| counts(row))));
    if view.cache.summed.len() >= MOST_SUMS {
        view.cache.summed.clear();
    }
    *slot(view.cache.summed.entry(key).or_default()) = Some(sum.clone());
    Ok(sum)
}

/// Money of the days of some buckets at least.
fn of_buckets(view: &mut View, buckets: &[Span]) -> Result<Arc<Ledger>, EngineError> {
    match (buckets.first(), buckets.last()) {
        (Some(first), Some(last)) => view.ledger_of(Span { first: first.first, last: last.last }),
        _ => Ok(Arc::default()),
    }
}

/// Whether a row of money is one that a question is about, whenever it was booked.
pub(super) fn counting(view: &mut View, ask: &Ask) -> Result<impl Fn(&Payment) -> bool + use<>, EngineError> {
    let (only, streams, part) = (view.only(&ask.segment)?, streams(view, &ask.segment)?, ask.part);
    Ok(move |row: &Payment| {
        let user = |only: &[bool]| row.user().is_some_and(|u| only.get(u as usize).copied().unwrap_or(false));
        is_of(part, row) && streams(row.stream()) && only.as_ref().is_none_or(|only| user(only))
    })
}

/// Whether money of a stream counts in a segment.
pub(super) fn streams(view: &mut View, segment: &Segment) -> Result<impl Fn(Option<u32>) -> bool + use<>, EngineError> {
    let ids = view.ids(TermKind::Stream, &segment.streams)?;
    let (all, without) = (segment.streams.is_empty(), segment.streams.iter().any(|s| s == NO_STREAM));
    Ok(move |stream: Option<u32>| all || stream.map_or(without, |s| ids.contains(&s)))
}

/// Whether a row belongs to a part of money.
pub(super) fn is_of(part: Part, row: &Payment) -> bool {
    match part {
        Part::Whole => true,
        Part::Stream(stream) => row.stream() == stream,
        Part::NoUser => row.user().is_none(),
        Part::StreamNoUser(stream) => row.stream() == stream && row.user().is_none(),
    }
}

/// The rows from the first to the last bucket that are seen; they ascend by day.
fn within<'r>(rows: &'r [Payment], buckets: &[Span], view: &View) -> &'r [Payment] {
    let (Some(first), Some(last)) = (buckets.first(), buckets.last()) else { return &[] };
    let last = last.last.min(view.until);
    let from = rows.partition_point(|r| r.day < first.first);
    let to = rows.partition_point(|r| r.day <= last);
    &rows[from..to.max(from)]
}

/// Whether a spend row has another currency than the workspace and no rate of its day.
pub(super) fn is_foreign(row: &SpendRow, currency: Option<Currency>) -> bool {
    row.currency.is_some() && row.currency != currency
}

/// Spend by bucket; a channel segment takes the channel the money was spent on.
pub(super) fn spend(view: &mut View, ask: &Ask, buckets: &[Span]) -> Result<Vec<Number>, EngineError> {
    let names = view.cache.terms(view.store, TermKind::Channel)?;
    let rows = view.cache.spend(view.store)?;
    let channels = &ask.segment.channels;
    let counts = |row: &&SpendRow| {
        let name = row.channel.and_then(|c| names.get(c as usize)).map_or(UNKNOWN, String::as_str);
        row.day <= view.until && (channels.is_empty() || channels.iter().any(|c| c == name))
    };
    let map = BucketMap::new(buckets);
    // The sum, rows that are in it, rows without a rate.
    let mut out = vec![(0_i128, 0_u64, 0_u64); buckets.len()];
    for row in rows.iter().filter(counts) {
        let Some((sum, counted, unknown)) = map.of(row.day).map(|bucket| &mut out[bucket]).map(|(a, b, c)| (a, b, c))
        else {
            continue;
        };
        if is_foreign(row, view.currency) {
            *unknown += 1;
        } else {
            *sum += i128::from(row.amount.0);
            *counted += 1;
        }
    }
    let value = |(sum, counted, unknown): (i128, u64, u64)| {
        if counted == 0 && unknown > 0 { Number::None } else { Number::Money(sum) }
    };
    Ok(out.into_iter().map(value).collect())
}
