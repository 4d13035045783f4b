//! Deals as they stand.

use std::ops::ControlFlow;

use crate::domain::calendar::{Day, Span};
use crate::domain::money::{Currency, Micros};
use crate::domain::records::Kind;
use crate::domain::tables::{Cell, Row};
use crate::metrics::catalog::DealMeasure;
use crate::metrics::currency::Rates;
use crate::metrics::deals::{BARTER, Deal, WON, is_one_of, stages, standing};
use crate::metrics::number::{Horizon, Number};
use crate::query::{DealsQuery, DealsTable};

use super::EngineError;
use super::cache::converted;
use super::view::{Extent, View};

/// A row of deals.
struct Stored {
    partner: String,
    kind: String,
    stage: String,
    value: Option<(Micros, Option<Currency>)>,
    due: Option<Day>,
    received: Option<Day>,
}

impl Stored {
    /// As the metrics take it, its value at the rate of the day it is due on, or else of the day looked at; and whether
    /// its currency has none.
    fn deal(&self, rates: Option<&Rates>, at: Day) -> (Deal<'_>, bool) {
        let value =
            self.value.map(|(amount, currency)| converted(rates, amount, currency, self.due.unwrap_or(at).min(at)));
        let deal = Deal {
            stage: &self.stage,
            value: value.flatten().map(|micros| micros.0),
            barter: is_one_of(&BARTER, &self.kind),
            due: self.due,
            received: self.received,
        };
        (deal, value == Some(None))
    }
}

fn stored(row: &Row) -> Stored {
    let cell = |title: &str| row.pairs().find(|(column, _)| column.title == title).map(|(_, cell)| cell);
    let text = |title| cell(title).and_then(Cell::text).unwrap_or_default().to_owned();
    let int = |title| cell(title).and_then(Cell::int);
    Stored {
        partner: text("partner"),
        kind: text("kind"),
        stage: text("stage"),
        value: int("value").map(|value| (Micros(value), Currency::parse(&text("currency")))),
        due: int("due").map(|day| Day(day as i32)),
        received: int("received").map(|day| Day(day as i32)),
    }
}

/// All deals of the workspace.
fn read(view: &View) -> Result<Vec<Stored>, EngineError> {
    let mut rows = Vec::new();
    view.store.rows(Kind::Deals, None, &mut |row| {
        rows.push(stored(&row));
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

/// Days from the first that anything was due or came on, as far as is seen.
pub(super) fn extent(view: &mut View) -> Result<Extent, EngineError> {
    let rows = read(view)?;
    let Some(first) = rows.iter().flat_map(|row| [row.due, row.received]).flatten().min() else {
        return Ok(Extent::EMPTY);
    };
    let known = view.until.min(view.today.plus(-1));
    let end = view.calendar.end_of(known);
    Ok(Extent { first, horizon: Horizon { through: known, reach: known }, through_at: end, reach_at: end })
}

/// Values of a metric of deals.
pub(super) fn values(view: &mut View, measure: DealMeasure, buckets: &[Span]) -> Result<Vec<Number>, EngineError> {
    let (rows, rates) = (read(view)?, view.cache.rates(view.store)?);
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
    let (rows, rates) = (read(view)?, view.cache.rates(view.store)?);
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
    let rows = read(view)?;
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
