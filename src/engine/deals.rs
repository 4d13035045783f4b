//! Deals as they stand.

use crate::domain::calendar::{Day, Span};
use crate::metrics::catalog::DealMeasure;
use crate::metrics::deals::{Deal, WON, is_one_of, stages, standing};
use crate::metrics::number::Number;
use crate::query::{DealsQuery, DealsTable};

use super::EngineError;
use super::deal_rows::{Stored, read};
use super::view::View;

/// Values of a metric of deals.
pub(super) fn values(view: &mut View, measure: DealMeasure, buckets: &[Span]) -> Result<Vec<Number>, EngineError> {
    let (rows, rates) = (read(view.store)?, view.cache.rates(view.store)?);
    let of = |bucket: &Span| {
        let deals: Vec<Deal> = rows.iter().map(|row| row.deal((*rates).as_ref(), bucket.last).0).collect();
        match measure {
            DealMeasure::Received => {
                let came = |deal: &&Deal| !deal.barter && deal.received.is_some_and(|day| bucket.contains(day));
                deals.iter().filter(came).map(|deal| i128::from(deal.value.unwrap_or(0))).sum()
            }
            DealMeasure::Overdue => standing(&deals, &|stage| is_one_of(&WON, stage), bucket.last).overdue.value,
        }
    };
    Ok(buckets.iter().map(|bucket| Number::Money(of(bucket))).collect())
}

/// Something that is owed to us and has not come.
pub(super) struct Owed {
    pub partner: String,
    pub due: Option<Day>,
    /// Micros; `None` where it is not known.
    pub value: Option<i64>,
    /// It is paid in kind.
    pub barter: bool,
}

/// What partners of won deals owe at the end of a day, the longest due first.
pub(super) fn owed(view: &mut View, at: Day) -> Result<Vec<Owed>, EngineError> {
    let (rows, rates) = (read(view.store)?, view.cache.rates(view.store)?);
    let open = |row: &&Stored| is_one_of(&WON, &row.stage) && row.received.is_none_or(|day| day > at);
    let mut owed: Vec<Owed> = rows
        .iter()
        .filter(open)
        .map(|row| {
            let deal = row.deal((*rates).as_ref(), at).0;
            Owed { partner: row.partner.clone(), due: deal.due, value: deal.value, barter: deal.barter }
        })
        .collect();
    owed.sort_by(|a, b| (a.due.is_none(), a.due, &a.partner).cmp(&(b.due.is_none(), b.due, &b.partner)));
    Ok(owed)
}

/// Answers `Query::Deals`. A value is converted at the rate of the day it is due on, or else of the day looked at.
pub(super) fn answer(view: &mut View, query: &DealsQuery) -> Result<DealsTable, EngineError> {
    let through = view.through_at()?.map_or(view.today.plus(-1), |at| view.calendar.day_of(at).plus(-1));
    let at = query.at.unwrap_or(through).min(view.until);
    let rates = view.cache.rates(view.store)?;
    let rows = read(view.store)?;
    let mut excluded = 0;
    let deals: Vec<Deal> = rows
        .iter()
        .map(|row| {
            let (deal, unrated) = row.deal((*rates).as_ref(), at);
            excluded += u64::from(unrated);
            deal
        })
        .collect();
    let won = |stage: &str| if query.won.is_empty() { is_one_of(&WON, stage) } else { is_one_of(&query.won, stage) };
    Ok(DealsTable { at, stages: stages(&deals, &query.stages), standing: standing(&deals, &won, at), excluded })
}
