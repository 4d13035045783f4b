//! Subscriptions as they were sold, with dense ids.

use rustc_hash::FxHashMap;

use crate::domain::calendar::Day;
use crate::domain::money::Micros;
use crate::metrics::mrr::{Service, Term};
use crate::metrics::revenue::Payment;
use crate::store::{MoneyRow, SubscriptionRow};

/// Payments and refunds of subscriptions as the metrics take them.
#[derive(Debug, Default)]
pub(super) struct Subscriptions {
    /// Rows with days of service.
    pub sold: Vec<Sold>,
    /// Booking days of the payments without days of service.
    pub undated: Vec<Day>,
}

/// A row, and what it is worth a month.
#[derive(Debug)]
pub(super) struct Sold {
    /// Its amount is 0 where its currency has no rate.
    pub payment: Payment,
    pub service: Service,
}

/// Dense ids in order of appearance.
struct Ids<K>(FxHashMap<K, u32>);

impl<K: std::hash::Hash + Eq> Ids<K> {
    fn of(&mut self, key: K) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(key).or_insert(next)
    }
}

impl Subscriptions {
    /// From rows, and the amount of a row in the workspace's currency; a subscription without a user is a customer of its
    /// own.
    pub fn new(rows: Vec<SubscriptionRow>, converted: impl Fn(&MoneyRow) -> Option<Micros>) -> Self {
        let mut all = Self::default();
        let (mut names, mut customers) = (Ids(FxHashMap::default()), Ids(FxHashMap::default()));
        let mut subscriptions = Ids(FxHashMap::default());
        for SubscriptionRow { money, subscription, service } in rows {
            let Some(term) = service.and_then(|(from, to)| Term::new(from, to)) else {
                // What is taken back without days takes back money, not service.
                all.undated.extend((money.amount.0 > 0).then_some(money.day));
                continue;
            };
            let amount = converted(&money).map(|micros| micros.0);
            let Some(days) = term.counted(money.amount.0, money.day) else { continue };
            let name = names.of(subscription);
            let customer = customers.of(money.user.ok_or(name));
            let service = Service {
                customer,
                subscription: subscriptions.of((customer, name)),
                days,
                monthly: amount.map(|micros| term.monthly(micros)),
            };
            let MoneyRow { day, user, stream, order, .. } = money;
            let payment = Payment::new(day, user, stream, order, amount.unwrap_or_default());
            all.sold.push(Sold { payment, service });
        }
        all
    }
}
