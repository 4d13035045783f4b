//! Money as the metrics take it.

use crate::domain::calendar::{Day, Span};
use crate::domain::money::{Currency, Micros};
use crate::metrics::currency::{Rate, Rates};
use crate::metrics::revenue::Payment;
use crate::store::{MoneyRow, Store};

use super::EngineError;

/// Rows of money that room is made for before they are read.
const MOST_AHEAD: usize = 1 << 23;

/// Days from the first to the last that are told apart by their place among all.
const MOST_DAYS: i32 = if cfg!(test) { 9 } else { 1 << 20 };

/// Money rows as the metrics take them, in ascending order of day.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Rows in the workspace's currency, those of others converted at the rate of their day.
    pub rows: Vec<Payment>,
    /// Day and user of the rows in other currencies that have no rate, in ascending order.
    pub foreign: Vec<(Day, Option<u32>)>,
}

impl Ledger {
    /// Money of a span of days; `None` is all.
    pub fn read(store: &Store, span: Option<Span>, rates: Option<&Rates>) -> Result<Self, EngineError> {
        // Growing step by step copies all of it several times.
        let most = if span.is_none() { store.most_money()?.min(MOST_AHEAD) } else { 0 };
        let (mut rows, mut foreign) = (Vec::with_capacity(most), Vec::new());
        store.each_money(span, &mut |row| {
            let MoneyRow { day, user, stream, order, .. } = row;
            match converted(rates, row.amount, row.currency, day) {
                Some(amount) => rows.push(Payment::new(day, user, stream, order, amount.0)),
                None => foreign.push((day, user)),
            }
        })?;
        foreign.sort_unstable();
        Ok(Self { rows: by_day(rows), foreign })
    }
}

/// Rows in ascending order of day, those of one day as they came. A file holds those of a commit in the order of their keys,
/// and comparing hundreds of thousands of them costs more than reading them, so each is put where its day is.
fn by_day(mut rows: Vec<Payment>) -> Vec<Payment> {
    if rows.is_sorted_by_key(|row| row.day) {
        return rows;
    }
    let days = || rows.iter().map(|row| row.day);
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return rows };
    if last.since(first) > MOST_DAYS {
        rows.sort_by_key(|row| row.day);
        return rows;
    }
    let nth = |day: Day| day.since(first) as usize;
    let mut places = vec![0; nth(last) + 1];
    for day in days() {
        places[nth(day)] += 1;
    }
    let mut before = 0;
    for place in &mut places {
        before += std::mem::replace(place, before);
    }
    let mut sorted = vec![rows[0]; rows.len()];
    for row in rows {
        let place = &mut places[nth(row.day)];
        sorted[*place] = row;
        *place += 1;
    }
    sorted
}

/// An amount in the workspace's currency; `None` without a rate of that day, or where the amount no longer fits.
pub(super) fn converted(rates: Option<&Rates>, amount: Micros, currency: Option<Currency>, day: Day) -> Option<Micros> {
    let Some(currency) = currency else { return Some(amount) };
    i64::try_from(rates?.convert(amount.0, currency, day)?).ok().map(Micros)
}

/// Rates into the workspace's currency; none where it has no currency.
pub(super) fn rates(store: &Store, base: Option<Currency>) -> Result<Option<Rates>, EngineError> {
    let Some(base) = base else { return Ok(None) };
    let rates = store.rates()?.into_iter();
    let rates = rates.map(|row| Rate { day: row.day, from: row.from, to: row.to, rate: row.rate });
    Ok(Some(Rates::new(base, &rates.collect::<Vec<_>>())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_are_put_in_order_of_day_as_a_stable_sort_puts_them(days in prop::collection::vec(-3..9_i32, 0..60)) {
            let row = |(nth, day): (usize, &i32)| Payment::new(Day(*day), None, None, Some(nth as u64), 1);
            let rows: Vec<Payment> = days.iter().enumerate().map(row).collect();
            let mut sorted = rows.clone();
            sorted.sort_by_key(|row| row.day);
            prop_assert_eq!(by_day(rows), sorted);
        }
    }
}
