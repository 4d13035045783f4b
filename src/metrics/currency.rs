//! Amounts in one currency by dated rates (metrics.md §17): the rate of the transaction's day, and where there is none
//! the amount is left out and counted, never taken 1:1.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::domain::calendar::Day;
use crate::domain::money::{Currency, RATE_PLACES};

/// Rates are whole numbers of this part.
pub const RATE_UNIT: i128 = 10_i128.pow(RATE_PLACES as u32);

/// Units of one currency for a unit of another, on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The day it holds for.
    pub day: Day,
    /// From this currency.
    pub from: Currency,
    /// To this currency.
    pub to: Currency,
    /// Units of `to` for one of `from`, times [`RATE_UNIT`]; above 0.
    pub rate: i128,
}

/// The rates of a workspace into one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rates {
    base: Currency,
    /// Numerator and denominator by currency and day.
    by_day: FxHashMap<(Currency, Day), (i128, i128)>,
}

impl Rates {
    /// Keeps what leads to or from `base`; a rate into it wins over the inverse of one out of it.
    ///
    /// Of several rates for the same pair and day the last holds; a rate that is not above 0 is no rate.
    pub fn new(base: Currency, rates: &[Rate]) -> Self {
        let valid = || rates.iter().filter(|r| r.rate > 0);
        let out = valid().filter(|r| r.from == base).map(|r| ((r.to, r.day), (RATE_UNIT, r.rate)));
        let into = valid().filter(|r| r.to == base).map(|r| ((r.from, r.day), (r.rate, RATE_UNIT)));
        Self { base, by_day: out.chain(into).collect() }
    }

    /// Micros of the base currency, rounded half away from zero; `None` without a rate of that day.
    pub fn convert(&self, amount: i64, currency: Currency, day: Day) -> Option<i128> {
        let amount = i128::from(amount);
        if currency == self.base {
            return Some(amount);
        }
        let (num, den) = self.by_day.get(&(currency, day))?;
        let (magnitude, den) = (amount.unsigned_abs().checked_mul(num.unsigned_abs())?, den.unsigned_abs());
        Some(i128::try_from((magnitude + den / 2) / den).ok()? * amount.signum())
    }
}

/// A sum in one currency, and what could not be converted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Converted {
    /// Micros of the base currency.
    pub total: i128,
    /// Rows without a rate of their day, by currency; shown wherever the total is.
    pub missing: BTreeMap<Currency, u64>,
}

impl Converted {
    /// Adds an amount, or counts it as missing.
    pub fn add(&mut self, rates: &Rates, amount: i64, currency: Currency, day: Day) {
        match rates.convert(amount, currency, day) {
            Some(micros) => self.total += micros,
            None => *self.missing.entry(currency).or_default() += 1,
        }
    }

    /// Rows that are not in the total.
    pub fn left_out(&self) -> u64 {
        self.missing.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::number::Number;
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    fn rate(day: i32, from: &str, to: &str, rate: i128) -> Rate {
        Rate { day: Day(day), from: currency(from), to: currency(to), rate }
    }

    #[test]
    fn both_sides_of_roas_are_in_one_currency() {
        // Case roas_currency: 1,000 SEK spent and 5,000 SEK earned at 0.095 are 95 and 475 USD, 5.0.
        let list = [rate(1, "SEK", "USD", 95_000_000_000)];
        let rates = Rates::new(currency("USD"), &list);
        let convert = |amount| rates.convert(amount, currency("SEK"), Day(1));
        let (cost, value) = (convert(1_000_000_000).unwrap(), convert(5_000_000_000).unwrap());
        assert_eq!((cost, value), (95_000_000, 475_000_000));
        assert_eq!(Number::ratio(value, cost).value(), Some(5.0));
    }

    #[test]
    fn a_day_without_a_rate_is_left_out_and_counted() {
        let list = [rate(1, "SEK", "USD", 95_000_000_000), rate(1, "EUR", "USD", 0)];
        let rates = Rates::new(currency("USD"), &list);
        let mut sum = Converted::default();
        sum.add(&rates, 10_000_000, currency("SEK"), Day(1));
        sum.add(&rates, 10_000_000, currency("SEK"), Day(2));
        sum.add(&rates, 10_000_000, currency("EUR"), Day(1));
        sum.add(&rates, -7_000_000, currency("USD"), Day(9));
        assert_eq!((sum.total, sum.left_out()), (950_000 - 7_000_000, 2));
        assert_eq!(sum.missing, BTreeMap::from([(currency("SEK"), 1), (currency("EUR"), 1)]));
    }

    #[test]
    fn an_inverse_rate_serves_where_no_direct_one_does() {
        let out = rate(1, "USD", "JPY", 150 * RATE_UNIT);
        let jpy = |rates: &Rates, amount| rates.convert(amount, currency("JPY"), Day(1));
        let rates = Rates::new(currency("USD"), &[out]);
        assert_eq!(
            (jpy(&rates, 150_000_000), jpy(&rates, 100), jpy(&rates, -75)),
            (Some(1_000_000), Some(1), Some(-1))
        );
        let direct = rate(1, "JPY", "USD", 7_000_000_000);
        for list in [[out, direct], [direct, out]] {
            assert_eq!(jpy(&Rates::new(currency("USD"), &list), 1_000_000_000), Some(7_000_000));
        }
    }

    proptest! {
        #[test]
        fn conversion_is_odd_monotone_and_within_half_a_micro(
            a in 0_i64..1_000_000_000_000_000, b in 0_i64..1_000_000_000_000_000, r in 1_i128..100_000_000_000_000_000,
        ) {
            let rates = Rates::new(currency("USD"), &[rate(1, "EUR", "USD", r)]);
            let of = |x: i64| rates.convert(x, currency("EUR"), Day(1)).unwrap();
            prop_assert_eq!(of(-a), -of(a));
            prop_assert!(a > b || of(a) <= of(b));
            let error = of(a) * RATE_UNIT - i128::from(a) * r;
            prop_assert!(2 * error.abs() <= RATE_UNIT);
        }
    }
}
