//! Deals as they stand.

use std::ops::ControlFlow;

use crate::domain::calendar::Day;
use crate::domain::money::{Currency, Micros};
use crate::domain::records::Kind;
use crate::domain::tables::{Cell, Row};
use crate::metrics::deals::{BARTER, Deal, WON, is_one_of, stages, standing};
use crate::query::{DealsQuery, DealsTable};

use super::EngineError;
use super::cache::converted;
use super::view::View;

/// A row of deals.
struct Stored {
    kind: String,
    stage: String,
    value: Option<(Micros, Option<Currency>)>,
    due: Option<Day>,
    received: Option<Day>,
}

fn stored(row: &Row) -> Stored {
    let cell = |title: &str| row.pairs().find(|(column, _)| column.title == title).map(|(_, cell)| cell);
    let text = |title| cell(title).and_then(Cell::text).unwrap_or_default().to_owned();
    let int = |title| cell(title).and_then(Cell::int);
    Stored {
        kind: text("kind"),
        stage: text("stage"),
        value: int("value").map(|value| (Micros(value), Currency::parse(&text("currency")))),
        due: int("due").map(|day| Day(day as i32)),
        received: int("received").map(|day| Day(day as i32)),
    }
}

/// Answers `Query::Deals`. A value is converted at the rate of the day it is due on, or else of the day looked at.
pub(super) fn answer(view: &mut View, query: &DealsQuery) -> Result<DealsTable, EngineError> {
    let through = view.through_at()?.map_or(view.today.plus(-1), |at| view.calendar.day_of(at).plus(-1));
    let at = query.at.unwrap_or(through).min(view.until);
    let rates = view.cache.rates(view.store)?;
    let mut rows = Vec::new();
    view.store.rows(Kind::Deals, None, &mut |row| {
        rows.push(stored(&row));
        ControlFlow::Continue(())
    })?;
    let mut excluded = 0;
    let deals: Vec<Deal> = rows
        .iter()
        .map(|row| {
            let value = row.value.map(|(amount, currency)| {
                converted((*rates).as_ref(), amount, currency, row.due.unwrap_or(at).min(at))
            });
            excluded += u64::from(value == Some(None));
            Deal {
                stage: &row.stage,
                value: value.flatten().map(|micros| micros.0),
                barter: is_one_of(&BARTER, &row.kind),
                due: row.due,
                received: row.received,
            }
        })
        .collect();
    let won = |stage: &str| if query.won.is_empty() { is_one_of(&WON, stage) } else { is_one_of(&query.won, stage) };
    Ok(DealsTable { at, stages: stages(&deals, &query.stages), standing: standing(&deals, &won, at), excluded })
}
