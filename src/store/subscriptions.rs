//! Payments and refunds that name the subscription they are for.

use super::{MoneyRow, Store, StoreError};
use crate::domain::calendar::Day;
use crate::domain::props;

/// Property that names a subscription.
const SUBSCRIPTION: &str = "subscription";
/// Properties that name the days of service.
const SERVICE: [&str; 2] = ["service_from", "service_to"];

/// A payment or refund of a subscription.
#[derive(Debug, Clone)]
pub struct SubscriptionRow {
    /// The payment or refund.
    pub money: MoneyRow,
    /// What it is for.
    pub subscription: String,
    /// First day of service and its end as written; `None` where one is missing or is no day.
    pub service: Option<(Day, Day)>,
}

impl Store {
    /// Payments and refunds that name a subscription, by time.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn subscriptions(&self) -> Result<Vec<SubscriptionRow>, StoreError> {
        let mut out = Vec::new();
        self.money_props(SUBSCRIPTION, &mut |money, props| {
            if let Some(subscription) = props::text(props, SUBSCRIPTION) {
                let [from, to] = SERVICE.map(|name| props::text(props, name).and_then(|text| day(&text)));
                out.push(SubscriptionRow { money, subscription: subscription.into_owned(), service: from.zip(to) });
            }
        })?;
        Ok(out)
    }
}

/// A day, or that of a time as written.
fn day(text: &str) -> Option<Day> {
    let text = text.trim();
    let day = text.get(..10).filter(|_| text[10..].starts_with(['T', ' '])).unwrap_or(text);
    Day::parse(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_service_may_carry_a_time() {
        let june = Day::parse("2026-06-01");
        for text in ["2026-06-01", " 2026-06-01 ", "2026-06-01T00:00:00Z", "2026-06-01 08:00"] {
            assert_eq!(day(text), june, "{text}");
        }
        for text in ["", "06/01/2026", "2026-06-011", "2026-06", "2026年6月01日x"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
