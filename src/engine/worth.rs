//! What an event is worth by one of its properties.

use crate::domain::calendar::Day;
use crate::domain::money::{Currency, Micros};
use crate::domain::props;
use crate::metrics::currency::Rates;

use super::ledger::converted;

/// The amount in a property, in the workspace's currency at the rate of its day where the event has a property
/// `currency`; 0 without an amount. `None` where that is no currency or has no rate of the day, never 1:1.
pub(super) fn worth(event: Option<&str>, property: &str, rates: Option<&Rates>, day: Day) -> Option<Micros> {
    let text = |name| event.and_then(|event| props::text(event, name));
    let Some(amount) = text(property).and_then(|text| props::micros(text.trim())) else { return Some(Micros(0)) };
    match text("currency") {
        None => Some(Micros(amount)),
        Some(code) => converted(rates, Micros(amount), Some(Currency::parse(&code)?), day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::currency::{RATE_UNIT, Rate};

    #[test]
    fn an_amount_without_a_rate_is_left_out_and_never_taken_one_to_one() {
        let code = |text| Currency::parse(text).unwrap();
        let rate = Rate { day: Day(1), from: code("EUR"), to: code("USD"), rate: 2 * RATE_UNIT };
        let rates = Rates::new(code("USD"), &[rate]);
        let of = |event: &str, day| worth(Some(event), "value", Some(&rates), Day(day)).map(|micros| micros.0);
        assert_eq!(of(r#"{"value":1.5}"#, 1), Some(1_500_000));
        assert_eq!(of(r#"{"value":"1.5","currency":"eur"}"#, 1), Some(3_000_000));
        assert_eq!(of(r#"{"value":1.5,"currency":"EUR"}"#, 2), None);
        assert_eq!(of(r#"{"value":1.5,"currency":"BTC1"}"#, 1), None);
        assert_eq!(of(r#"{"currency":"BTC1"}"#, 1), Some(0));
        assert_eq!(worth(Some(r#"{"value":1,"currency":"USD"}"#), "value", None, Day(1)), None);
    }
}
