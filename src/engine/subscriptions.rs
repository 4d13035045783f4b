//! Subscriptions as they were sold, with dense ids.

use rustc_hash::FxHashMap;

use crate::domain::calendar::{Day, Span};
use crate::domain::money::Micros;
use crate::metrics::mrr::{Service, Term};
use crate::metrics::revenue::Payment;
use crate::store::{MoneyRow, SubscriptionRow};

/// Payments and refunds of subscriptions as the metrics take them.
#[derive(Debug, Default)]
pub(super) struct Subscriptions {
    /// Rows in the workspace's currency.
    pub sold: Vec<Sold>,
    /// Booking day and service of the rows in other currencies that have no rate.
    pub foreign: Vec<(Day, Span)>,
    /// Booking days of the payments without days of service.
    pub undated: Vec<Day>,
}

/// A row, and what it is worth a month.
#[derive(Debug)]
pub(super) struct Sold {
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
            let Some(amount) = converted(&money) else {
                all.foreign.push((money.day, term.days()));
                continue;
            };
            let Some(days) = term.counted(amount.0, money.day) else { continue };
            let name = names.of(subscription);
            let customer = customers.of(money.user.ok_or(name));
            let service = Service {
                customer,
                subscription: subscriptions.of((customer, name)),
                days,
                monthly: term.monthly(amount.0),
            };
            let MoneyRow { day, user, stream, order, .. } = money;
            all.sold.push(Sold { payment: Payment { day, user, stream, order, amount: amount.0 }, service });
        }
        all
    }

    /// Whether no row names its days of service.
    pub fn is_empty(&self) -> bool {
        self.sold.is_empty() && self.foreign.is_empty()
    }
}
