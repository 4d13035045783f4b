//! Deals as imported.

use std::ops::ControlFlow;

use crate::domain::calendar::Day;
use crate::domain::money::{Currency, Micros};
use crate::domain::records::Kind;
use crate::domain::tables::{Cell, Row};
use crate::metrics::currency::Rates;
use crate::metrics::deals::{BARTER, Deal, is_one_of};
use crate::store::Store;

use super::EngineError;
use super::ledger::converted;

/// A row of deals.
pub(super) struct Stored {
    pub partner: String,
    pub kind: String,
    pub stage: String,
    value: Option<(Micros, Option<Currency>)>,
    pub due: Option<Day>,
    pub received: Option<Day>,
}

impl Stored {
    /// As the metrics take it, its value at the rate of the day it is due on, or else of the day looked at; and whether
    /// its currency has none.
    pub fn deal(&self, rates: Option<&Rates>, at: Day) -> (Deal<'_>, bool) {
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
pub(super) fn read(store: &Store) -> Result<Vec<Stored>, EngineError> {
    let mut rows = Vec::new();
    store.rows(Kind::Deals, None, &mut |row| {
        rows.push(stored(&row));
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

/// First day on which anything was due or came.
pub(super) fn first_day(store: &Store) -> Result<Option<Day>, EngineError> {
    Ok(read(store)?.iter().flat_map(|row| [row.due, row.received]).flatten().min())
}
