//! Monthly recurring revenue and its movements by customer (metrics.md §16).
//!
//! A row of revenue that names its days of service is worth its amount over the months of service on each of those days:
//! a yearly plan a twelfth. A row below 0 takes back from the day it is booked on, so that no day before it changes. A
//! subscription is never worth less than nothing.

use chrono::{Datelike, Months};
use rustc_hash::FxHashMap;

use crate::domain::calendar::{Day, Span};

/// Days of service, and the months that they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    days: Span,
    /// Months as a fraction, both parts above 0.
    months: (i64, i64),
}

impl Term {
    /// Service from a day to another; `None` where it ends before it begins.
    ///
    /// Both ways to write an end are read: the first day that is not served where that makes whole months (or, if not
    /// the next day does, whole weeks), else the last day served. Days beyond whole months are parts of the month that
    /// they begin.
    pub fn new(from: Day, to: Day) -> Option<Self> {
        if to < from {
            return None;
        }
        let next = to.plus(1);
        let is_weeks = to > from && to.since(from) % 7 == 0;
        let end = match (whole(from, to), whole(from, next)) {
            (Some(_), _) => to,
            (None, None) if is_weeks => to,
            (None, _) => next,
        };
        let months = whole(from, end).map_or_else(|| parts(from, end), |months| (months, 1));
        Some(Self { days: Span { first: from, last: end.plus(-1) }, months })
    }

    /// Days served.
    pub fn days(&self) -> Span {
        self.days
    }

    /// Micros a month of an amount, rounded half away from zero once.
    pub fn monthly(&self, amount: i64) -> i64 {
        let (months, parts) = (i128::from(self.months.0), i128::from(self.months.1));
        let (size, half) = (i128::from(amount).abs() * parts, months / 2);
        ((size + half) / months) as i64 * amount.signum()
    }

    /// The days on which a row counts that is booked on a day; `None` for what is taken back after its service has ended.
    pub fn counted(&self, amount: i64, booked: Day) -> Option<Span> {
        let first = if amount < 0 { self.days.first.max(booked) } else { self.days.first };
        (first <= self.days.last).then_some(Span { first, last: self.days.last })
    }
}

fn after(day: Day, months: i64) -> Day {
    let months = Months::new(u32::try_from(months).unwrap_or(0));
    day.date().checked_add_months(months).map_or(day, Day::from_date)
}

/// Months between the calendar months of two days.
fn apart(from: Day, end: Day) -> i64 {
    let (a, b) = (from.date(), end.date());
    i64::from(b.year() - a.year()) * 12 + i64::from(b.month()) - i64::from(a.month())
}

/// Whole months from a day to the first day not served. The last day of a month leads to the last day of any other.
fn whole(from: Day, end: Day) -> Option<i64> {
    let months = apart(from, end);
    let ends_month = |day: Day| day.plus(1).date().day() == 1;
    let is_whole = months > 0 && (after(from, months) == end || (ends_month(from) && ends_month(end)));
    is_whole.then_some(months)
}

/// Months and the part of the next, as a fraction.
fn parts(from: Day, end: Day) -> (i64, i64) {
    let apart = apart(from, end);
    let months = if after(from, apart) > end { apart - 1 } else { apart };
    let (begun, next) = (after(from, months), after(from, months + 1));
    let length = i64::from(next.since(begun)).max(1);
    (months * length + i64::from(end.since(begun)), length)
}

/// A row of revenue as part of the recurring revenue of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// Who pays.
    pub customer: u32,
    /// What for; it belongs to one customer.
    pub subscription: u32,
    /// Days on which it counts.
    pub days: Span,
    /// Micros a month; below 0 takes away. `None` where the currency has no rate: then it counts nowhere.
    pub monthly: Option<i64>,
}

/// Micros a month, and the customers they come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recurring {
    /// Micros.
    pub amount: i128,
    /// Customers.
    pub customers: u64,
}

impl Recurring {
    fn add(&mut self, amount: i128) {
        self.amount += amount;
        self.customers += 1;
    }
}

/// How recurring revenue moved between the day before a span and its last day. Every customer is in one part at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Movement {
    /// On the day before.
    pub opening: Recurring,
    /// Of customers who never had any before.
    pub new: Recurring,
    /// Of customers who had none on the day before, but earlier.
    pub reactivation: Recurring,
    /// What customers who had some have more.
    pub expansion: Recurring,
    /// What customers who still have some have less.
    pub contraction: Recurring,
    /// What customers had who have none.
    pub churn: Recurring,
    /// On the last day.
    pub closing: Recurring,
    /// Customers who seem to have moved because a service of theirs has a rate at one end and none at the other.
    pub unrated: u64,
}

impl Movement {
    /// Whether what lies between the ends is known; a missing rate is no churn.
    pub fn is_known(&self) -> bool {
        self.unrated == 0
    }

    /// Customers who have as much as before.
    pub fn flat(&self) -> u64 {
        let moved = self.churn.customers + self.expansion.customers + self.contraction.customers;
        self.opening.customers.saturating_sub(moved)
    }
}

/// Movements of some disjoint spans in ascending order, from services in any order.
pub fn movements(services: &[Service], spans: &[Span]) -> Vec<Movement> {
    let mut sweep = Sweep::new(services);
    spans
        .iter()
        .map(|span| {
            sweep.to(span.first.plus(-1), &mut |_, _| {});
            let opening = sweep.total;
            let mut before: FxHashMap<u32, Customer> = FxHashMap::default();
            sweep.to(span.last, &mut |customer, was| {
                before.entry(customer).or_insert(was);
            });
            let mut moved = Movement { opening, closing: sweep.total, ..Movement::default() };
            for (customer, was) in before {
                let is = sweep.customers[customer as usize];
                let (had, has) = (was.amount, is.amount);
                moved.unrated += u64::from(had != has && was.unrated != is.unrated);
                match (had > 0, has > 0) {
                    (false, true) if was.ever => moved.reactivation.add(has),
                    (false, true) => moved.new.add(has),
                    (true, false) => moved.churn.add(had),
                    (true, true) if has > had => moved.expansion.add(has - had),
                    (true, true) if has < had => moved.contraction.add(had - has),
                    (false, false) | (true, true) => {}
                }
            }
            moved
        })
        .collect()
}

#[derive(Debug, Clone, Copy, Default)]
struct Customer {
    amount: i128,
    /// Services without a rate.
    unrated: i64,
    /// He has had some at the end of a day.
    ever: bool,
}

/// Recurring revenue day after day.
struct Sweep {
    /// Begins (1) and ends (-1) of services by day, the later first.
    changes: Vec<(Day, i64, Service)>,
    subscriptions: Vec<i128>,
    customers: Vec<Customer>,
    total: Recurring,
}

impl Sweep {
    fn new(services: &[Service]) -> Self {
        let size = |of: fn(&Service) -> u32| services.iter().map(of).max().map_or(0, |most| most as usize + 1);
        let ends = |s: &Service| [(s.days.first, 1, *s), (s.days.last.plus(1), -1, *s)];
        let mut changes: Vec<_> = services.iter().flat_map(ends).collect();
        changes.sort_unstable_by_key(|(day, ..)| std::cmp::Reverse(*day));
        Self {
            changes,
            subscriptions: vec![0; size(|s| s.subscription)],
            customers: vec![Customer::default(); size(|s| s.customer)],
            total: Recurring::default(),
        }
    }

    /// Goes on to the end of a day; tells how customers were before each of their changes.
    fn to(&mut self, day: Day, each: &mut dyn FnMut(u32, Customer)) {
        while let Some(today) = self.changes.last().map(|(day, ..)| *day).filter(|next| *next <= day) {
            let from = self.changes.partition_point(|(day, ..)| *day > today);
            let changes = self.changes.split_off(from);
            for (_, times, change) in &changes {
                each(change.customer, self.customers[change.customer as usize]);
                self.apply(*times, change);
            }
            for (.., change) in &changes {
                let customer = &mut self.customers[change.customer as usize];
                customer.ever |= customer.amount > 0 || customer.unrated > 0;
            }
        }
    }

    fn apply(&mut self, times: i64, change: &Service) {
        let customer = &mut self.customers[change.customer as usize];
        let Some(monthly) = change.monthly else {
            customer.unrated += times;
            return;
        };
        let worth = &mut self.subscriptions[change.subscription as usize];
        let was = (*worth).max(0);
        *worth += i128::from(times * monthly);
        let moved = (*worth).max(0) - was;
        let had = customer.amount > 0;
        customer.amount += moved;
        self.total.amount += moved;
        match (had, customer.amount > 0) {
            (false, true) => self.total.customers += 1,
            (true, false) => self.total.customers -= 1,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn term(from: &str, to: &str) -> Term {
        Term::new(day(from), day(to)).unwrap()
    }

    #[test]
    fn a_term_is_whole_months_however_its_end_is_written() {
        for (from, to, last, months) in [
            ("2026-01-01", "2026-01-31", "2026-01-31", 1),
            ("2026-01-01", "2026-02-01", "2026-01-31", 1),
            ("2026-01-15", "2026-02-14", "2026-02-14", 1),
            ("2026-01-31", "2026-02-28", "2026-02-27", 1),
            ("2026-02-28", "2026-03-31", "2026-03-30", 1),
            ("2028-02-01", "2028-02-29", "2028-02-29", 1),
            ("2026-01-01", "2026-12-31", "2026-12-31", 12),
            ("2026-03-05", "2027-03-05", "2027-03-04", 12),
        ] {
            let term = term(from, to);
            assert_eq!((term.days.last, term.months), (day(last), (months, 1)), "{from} {to}");
        }
        assert_eq!(Term::new(day("2026-02-01"), day("2026-01-31")), None);
    }

    #[test]
    fn days_beyond_whole_months_are_parts_of_the_month_that_they_begin() {
        let week = term("2026-06-01", "2026-06-08");
        assert_eq!((week.days.last, week.months), (day("2026-06-07"), (7, 30)));
        assert_eq!(term("2026-06-01", "2026-06-07"), week);
        assert_eq!(term("2026-01-01", "2026-02-10").months, (31 * 28 / 31 + 10, 28));
        assert_eq!(term("2026-06-01", "2026-06-01").months, (1, 30));
        assert_eq!(week.monthly(7_000_000), 30_000_000);
        let year = term("2026-01-01", "2026-12-31");
        assert_eq!((year.monthly(100), year.monthly(-100), year.monthly(6)), (8, -8, 1));
    }

    #[test]
    fn what_is_taken_back_counts_from_the_day_it_is_booked_on() {
        let june = term("2026-06-01", "2026-06-30");
        let counted = |amount, booked| june.counted(amount, day(booked)).map(|span| span.first);
        assert_eq!(counted(1, "2026-06-10"), Some(day("2026-06-01")));
        assert_eq!(counted(-1, "2026-06-10"), Some(day("2026-06-10")));
        assert_eq!(counted(-1, "2026-05-10"), Some(day("2026-06-01")));
        assert_eq!(counted(-1, "2026-07-01"), None);
    }

    fn service((customer, subscription): (u32, u32), first: i32, last: i32, monthly: i64) -> Service {
        Service { customer, subscription, days: Span { first: Day(first), last: Day(last) }, monthly: Some(monthly) }
    }

    fn unrated(of: (u32, u32), first: i32, last: i32) -> Service {
        Service { monthly: None, ..service(of, first, last, 0) }
    }

    fn span(first: i32, last: i32) -> Span {
        Span { first: Day(first), last: Day(last) }
    }

    #[test]
    fn every_customer_moves_one_way() {
        let services = [
            service((0, 0), 0, 29, 10), // renews at more
            service((0, 0), 30, 59, 12),
            service((1, 1), 0, 29, 10), // leaves, and comes back later
            service((1, 1), 60, 89, 7),
            service((2, 2), 30, 59, 5), // comes
            service((3, 3), 0, 59, 9),  // gives one of two back
            service((3, 4), 0, 29, 4),
            service((4, 5), 0, 89, 3),   // stays
            service((5, 6), 31, 40, 99), // came and went within
        ];
        let [first, second, third] = movements(&services, &[span(0, 29), span(30, 59), span(60, 89)])[..] else {
            panic!("three spans");
        };
        let of = |amount, customers| Recurring { amount, customers };
        assert_eq!((first.opening, first.new, first.closing), (of(0, 0), of(36, 4), of(36, 4)));
        assert_eq!((second.new, second.expansion, second.contraction), (of(5, 1), of(2, 1), of(4, 1)));
        assert_eq!((second.churn, second.closing, second.flat()), (of(10, 1), of(29, 4), 1));
        assert_eq!((third.reactivation, third.churn.amount, third.new), (of(7, 1), 26, of(0, 0)));
        // What happened within a span shows in narrower ones.
        let within = movements(&services, &[span(31, 35), span(36, 45)]);
        assert_eq!((within[0].new, within[1].churn), (of(99, 1), of(99, 1)));
    }

    #[test]
    fn what_is_taken_back_never_makes_a_subscription_worth_less_than_nothing() {
        let services = [service((0, 0), 0, 29, 10), service((0, 0), 10, 29, -25), service((0, 1), 0, 29, 4)];
        let [before, after] = movements(&services, &[span(0, 9), span(10, 20)])[..] else { panic!("two spans") };
        assert_eq!((before.closing.amount, after.closing.amount, after.contraction.amount), (14, 4, 10));
        // Renewed on the day on which it ends is no change.
        let renewed = [service((0, 0), 0, 9, 10), service((0, 0), 10, 19, 10)];
        let moved = movements(&renewed, &[span(5, 15)])[0];
        assert_eq!((moved.flat(), moved.new.customers, moved.churn.customers), (1, 0, 0));
    }

    #[test]
    fn a_service_without_a_rate_is_neither_churn_nor_new_business() {
        let (month, next) = (span(0, 29), span(30, 59));
        let moved = |services: &[Service]| movements(services, &[month, next])[1];
        let renewed = moved(&[service((0, 0), 0, 29, 10), unrated((0, 0), 30, 59)]);
        assert_eq!((renewed.unrated, renewed.is_known(), renewed.closing.amount), (1, false, 0));
        assert!(!moved(&[unrated((0, 0), 0, 29), service((0, 0), 30, 59, 10)]).is_known());
        // Beside one that has none throughout, and for one who has none at all, what moved is known.
        let beside = moved(&[service((0, 0), 0, 29, 10), unrated((0, 1), 0, 59), service((1, 2), 0, 59, 7)]);
        assert!(beside.is_known() && beside.churn.amount == 10, "{beside:?}");
        assert!(moved(&[service((0, 0), 0, 59, 10), unrated((1, 1), 30, 59)]).is_known());
        // Who had one before is back, not new.
        let back = movements(&[unrated((0, 0), 0, 9), service((0, 0), 40, 59, 10)], &[next])[0];
        assert_eq!((back.reactivation.customers, back.new.customers), (1, 0));
    }

    /// Recurring revenue by customer on a day, added up row by row.
    fn naive(services: &[Service], day: Day) -> BTreeMap<u32, i128> {
        let mut worth: BTreeMap<(u32, u32), i128> = BTreeMap::new();
        for service in services.iter().filter(|s| s.days.contains(day)) {
            *worth.entry((service.customer, service.subscription)).or_default() +=
                i128::from(service.monthly.unwrap_or(0));
        }
        let mut out = BTreeMap::new();
        for ((customer, _), amount) in worth.into_iter().filter(|(_, amount)| *amount > 0) {
            *out.entry(customer).or_default() += amount;
        }
        out
    }

    proptest! {
        #[test]
        fn movements_lead_from_one_end_to_the_next_and_equal_a_naive_recount(
            rows in prop::collection::vec((0_u32..5, 0_u32..2, 0_i32..60, 0_i32..40, -20_i64..40), 0..30),
            cuts in prop::collection::btree_set(0_i32..110, 2..6),
        ) {
            let services: Vec<Service> = rows
                .iter()
                .map(|(customer, own, first, length, monthly)| {
                    service((*customer, customer * 2 + own), *first, first + length, *monthly)
                })
                .collect();
            let cuts: Vec<i32> = cuts.into_iter().collect();
            let spans: Vec<Span> = cuts.windows(2).map(|w| span(w[0], w[1] - 1)).collect();
            for (span, moved) in spans.iter().zip(movements(&services, &spans)) {
                let m = |part: Recurring| part.amount;
                prop_assert_eq!(
                    m(moved.closing),
                    m(moved.opening) + m(moved.new) + m(moved.expansion) + m(moved.reactivation)
                        - m(moved.contraction) - m(moved.churn)
                );
                let (before, after) = (naive(&services, span.first.plus(-1)), naive(&services, span.last));
                let ever: BTreeSet<u32> =
                    (-1..span.first.0).flat_map(|d| naive(&services, Day(d)).into_keys()).collect();
                let mut want = Movement::default();
                for had in before.values() {
                    want.opening.add(*had);
                }
                for has in after.values() {
                    want.closing.add(*has);
                }
                for customer in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
                    let of = |worth: &BTreeMap<u32, i128>| worth.get(customer).copied().unwrap_or(0);
                    match (of(&before), of(&after)) {
                        (0, has) if ever.contains(customer) => want.reactivation.add(has),
                        (0, has) => want.new.add(has),
                        (had, 0) => want.churn.add(had),
                        (had, has) if has > had => want.expansion.add(has - had),
                        (had, has) if has < had => want.contraction.add(had - has),
                        _ => {}
                    }
                }
                prop_assert_eq!(moved, want);
            }
        }

        #[test]
        fn months_of_a_term_follow_its_days(from in 0_i32..40_000, length in 0_i32..800, amount in 1_i64..1_000_000_000) {
            let term = Term::new(Day(from), Day(from + length)).unwrap();
            let served = f64::from(term.days.days());
            prop_assert!(term.days.last.0 - (from + length) <= 0 && term.days.last.0 >= from + length - 1);
            let months = term.months.0 as f64 / term.months.1 as f64;
            prop_assert!((months * 30.4 - served).abs() < 4.0, "{months} {served}");
            let error = term.monthly(amount) as f64 - amount as f64 / months;
            prop_assert!(error.abs() <= 0.5 + 1e-6 * amount as f64);
            prop_assert_eq!(term.monthly(-amount), -term.monthly(amount));
        }
    }
}
