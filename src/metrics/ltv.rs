//! Realised lifetime value of cohorts, and what it is held against: cost of acquisition, ROAS and payback (metrics.md
//! §13, §14). Nothing is modelled: a cohort that is not old enough has no value.

use serde::{Deserialize, Serialize};

use crate::domain::calendar::{Calendar, Day, Grain, Span};

use super::number::{Horizon, Number, State};

/// A user with the payments of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Customer<'a> {
    /// Day he was acquired on; it decides the cohort.
    pub acquired: Day,
    /// Day and signed micros of his payments and refunds, in order of day.
    pub payments: &'a [(Day, i64)],
}

/// How the age of a cohort is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ages<'a> {
    /// By days since each user was acquired, his own day being 0: D7, D30, D90, D180.
    Days(&'a [u16]),
    /// By calendar buckets since that of the cohort, 0 to this number.
    Buckets(u16),
}

/// What a table is made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules<'a> {
    /// Zone and week start of the cohorts.
    pub calendar: Calendar,
    /// Width of a cohort.
    pub grain: Grain,
    /// Every bucket that overlaps is a cohort.
    pub span: Span,
    /// The columns.
    pub ages: Ages<'a>,
    /// How far the data reaches.
    pub horizon: Horizon,
}

/// What a cohort brought by an age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Net micros up to and including that age.
    pub net: i128,
    /// Users with a payment above 0 up to and including that age.
    pub payers: u64,
    /// Whether every user of the cohort is of that age in the data; only complete cells are compared or pooled.
    pub state: State,
}

/// One cohort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    /// Bucket that names it, uncut.
    pub bucket: Span,
    /// Users in it.
    pub size: u64,
    /// One cell a column.
    pub cells: Vec<Cell>,
}

/// Who shares the revenue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Among {
    /// All users of the cohort.
    Users,
    /// Those who had paid by that age; nobody is counted ahead of his first payment.
    Payers,
}

impl Cohort {
    /// Micros a head in a column; nothing in an empty cohort or a cell that is not reached.
    pub fn value(&self, column: usize, among: Among) -> Number {
        match self.cells.get(column).filter(|c| c.state != State::NotReached) {
            Some(cell) => Number::money_per(cell.net, i128::from(heads(self.size, cell, among))),
            None => Number::None,
        }
    }
}

/// A cohort while its customers come: a cell holds what its column adds to the one before.
struct Counting<'r> {
    cohort: Cohort,
    rules: &'r Rules<'r>,
    /// The last day of each column, counted from the first day of a customer.
    ends: Vec<i32>,
}

impl<'r> Counting<'r> {
    fn new(bucket: Span, rules: &'r Rules) -> Self {
        let ages: Vec<Span> = match rules.ages {
            Ages::Days(days) => {
                let of = |n: &u16| Span::new(bucket.first.plus(i32::from(*n)), bucket.last.plus(i32::from(*n)));
                days.iter().map(of).collect()
            }
            Ages::Buckets(n) => {
                (0..=n).map(|i| rules.calendar.shift(rules.grain, bucket.first, i32::from(i))).collect()
            }
        };
        let cell = |age: &Span| Cell { net: 0, payers: 0, state: rules.horizon.state(*age) };
        let ends = match rules.ages {
            Ages::Days(days) => days.iter().map(|n| i32::from(*n)).collect(),
            Ages::Buckets(_) => ages.iter().map(|age| age.last.since(bucket.first)).collect(),
        };
        Self { cohort: Cohort { bucket, size: 0, cells: ages.iter().map(cell).collect() }, rules, ends }
    }

    fn take(&mut self, customer: &Customer) {
        self.cohort.size += 1;
        // What was booked before the cohort began is not its own.
        let begin = match self.rules.ages {
            Ages::Days(_) => customer.acquired,
            Ages::Buckets(_) => self.cohort.bucket.first,
        };
        let mut paid = false;
        for (day, amount) in customer.payments.iter().filter(|p| (begin..=self.rules.horizon.reach).contains(&p.0)) {
            let column = self.ends.partition_point(|end| *end < day.since(begin));
            let Some(cell) = self.cohort.cells.get_mut(column) else { break };
            cell.net += i128::from(*amount);
            if *amount > 0 && !paid {
                (paid, cell.payers) = (true, cell.payers + 1);
            }
        }
    }

    /// Nothing is known of a cell that is not reached.
    fn finish(mut self) -> Cohort {
        let (mut net, mut payers) = (0, 0);
        for cell in &mut self.cohort.cells {
            (net, payers) = (net + cell.net, payers + cell.payers);
            (cell.net, cell.payers) = if cell.state == State::NotReached { (0, 0) } else { (net, payers) };
        }
        self.cohort
    }
}

fn heads(size: u64, cell: &Cell, among: Among) -> u64 {
    match among {
        Among::Users => size,
        Among::Payers => cell.payers,
    }
}

/// Cohorts oldest first, empty ones included.
pub fn table<'a>(customers: impl Iterator<Item = Customer<'a>>, rules: &Rules) -> Vec<Cohort> {
    let buckets = rules.calendar.buckets(rules.grain, rules.span);
    let mut cohorts: Vec<Counting> = buckets.into_iter().map(|bucket| Counting::new(bucket, rules)).collect();
    for customer in customers {
        let at = cohorts.partition_point(|c| c.cohort.bucket.last < customer.acquired);
        if let Some(counting) = cohorts.get_mut(at).filter(|c| c.cohort.bucket.contains(customer.acquired)) {
            counting.take(&customer);
        }
    }
    cohorts.into_iter().map(Counting::finish).collect()
}

/// The users acquired in a free span as one cohort, by days of age.
pub fn whole<'a>(
    bucket: Span,
    customers: impl Iterator<Item = Customer<'a>>,
    days: &[u16],
    horizon: Horizon,
) -> Cohort {
    // Calendar and grain say nothing where the span is given and ages are days.
    let (calendar, grain) = (Calendar::UTC, Grain::Day);
    let rules = Rules { calendar, grain, span: bucket, ages: Ages::Days(days), horizon };
    let mut counting = Counting::new(bucket, &rules);
    customers.filter(|c| bucket.contains(c.acquired)).for_each(|c| counting.take(&c));
    counting.finish()
}

/// Micros a head in a column over the mature cohorts together; nothing where none is.
pub fn overall(cohorts: &[Cohort], column: usize, among: Among) -> Number {
    let mature = |c: &&Cohort| c.cells.get(column).is_some_and(|x| x.state == State::Complete);
    let sums = cohorts.iter().filter(mature).map(|c| (c.cells[column].net, heads(c.size, &c.cells[column], among)));
    let (net, heads) = sums.fold((0, 0), |(net, all), (n, h)| (net + n, all + i128::from(h)));
    Number::money_per(net, heads)
}

/// Net revenue by an age over what was spent on a cohort; nothing before it is mature or without spend.
pub fn roas(cohort: &Cohort, column: usize, spend: i128) -> Number {
    match cohort.cells.get(column).filter(|c| c.state == State::Complete) {
        Some(cell) => Number::ratio(cell.net, spend),
        None => Number::None,
    }
}

/// Value a user over cost a user, both as money a head: LTV/CAC. Nothing where either is missing or the cost is 0.
pub fn ltv_over_cac(ltv: Number, cac: Number) -> Number {
    match (ltv, cac) {
        (Number::MoneyPer { num: net, den: users }, Number::MoneyPer { num: spend, den: acquired }) if spend > 0 => {
            Number::ratio(net * acquired, users * spend)
        }
        _ => Number::None,
    }
}

/// When a cohort has paid back its cost of acquisition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Payback {
    /// Least day with cumulative net revenue a user at or above the cost.
    Day(u16),
    /// Not by the last day that the whole cohort has lived.
    NotYet {
        /// Share of the cost that is back.
        share: f64,
        /// That day.
        at: u16,
    },
    /// Without users, without a cost, or before day 0 is complete.
    Undefined,
}

/// The payback day of a cohort of [`Ages::Days`] 0, 1, 2, .. against a cost a user.
///
/// `margin` is the part of revenue, in millionths, that pays back; 1,000,000 is the default and is printed.
pub fn payback(cohort: &Cohort, days: &[u16], cac: Number, margin: u32) -> Payback {
    let Number::MoneyPer { num: spend, den: acquired } = cac else { return Payback::Undefined };
    let need = spend * i128::from(cohort.size) * 1_000_000;
    let back = |cell: &Cell| cell.net * acquired * i128::from(margin);
    let mut last = None;
    for (day, cell) in days.iter().zip(&cohort.cells).take_while(|(_, c)| c.state == State::Complete) {
        if cohort.size > 0 && back(cell) >= need {
            return Payback::Day(*day);
        }
        last = Some((*day, back(cell)));
    }
    match last {
        Some((at, back)) if need > 0 => Payback::NotYet { share: back as f64 / need as f64, at },
        _ => Payback::Undefined,
    }
}

/// What a channel cost and won in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Acquisition {
    /// Micros spent; `None` where nothing was.
    pub spend: Option<i128>,
    /// Users acquired in the period with this first touch.
    pub users: u64,
    /// Of these, users active on day 7 after.
    pub retained: u64,
    /// Of these, users that paid.
    pub payers: u64,
}

impl Acquisition {
    /// Spend over users acquired (CAC).
    pub fn cac(&self) -> Number {
        self.per(self.users)
    }

    /// Spend over users still there.
    pub fn per_retained(&self) -> Number {
        self.per(self.retained)
    }

    /// Spend over paying customers.
    pub fn per_payer(&self) -> Number {
        self.per(self.payers)
    }

    fn per(&self, heads: u64) -> Number {
        self.spend.map_or(Number::None, |s| Number::money_per(s, i128::from(heads)))
    }
}

/// The channels with spend together: their CAC is the paid one. The CAC of [`blended`] is never mixed with it.
pub fn paid(channels: &[Acquisition]) -> Acquisition {
    total(channels.iter().filter(|c| c.spend.is_some()))
}

/// All channels together, organic included.
pub fn blended(channels: &[Acquisition]) -> Acquisition {
    total(channels.iter())
}

fn total<'a>(channels: impl Iterator<Item = &'a Acquisition>) -> Acquisition {
    channels.fold(Acquisition::default(), |sum, c| Acquisition {
        spend: c.spend.map_or(sum.spend, |s| Some(sum.spend.unwrap_or(0) + s)),
        users: sum.users + c.users,
        retained: sum.retained + c.retained,
        payers: sum.payers + c.payers,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MILLION: i64 = 1_000_000;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn horizon(through: Day) -> Horizon {
        Horizon { through, reach: through.plus(1) }
    }

    fn rules(span: Span, grain: Grain, ages: Ages<'_>, through: Day) -> Rules<'_> {
        Rules { calendar: Calendar::UTC, grain, span, ages, horizon: horizon(through) }
    }

    #[test]
    fn overall_pools_revenue_and_users_of_mature_cohorts() {
        // Case ltv_mature: 500 of 100, 720 of 120 and 320 of 80 users are 5, 6 and 4, together 1540 / 300.
        let cohort = |size, net: i64, state| Cohort {
            bucket: Span::new(Day(0), Day(0)),
            size,
            cells: vec![Cell { net: i128::from(net * MILLION), payers: 10, state }],
        };
        let cohorts = [
            cohort(100, 500, State::Complete),
            cohort(120, 720, State::Complete),
            cohort(80, 320, State::Complete),
            cohort(50, 9_000, State::Running),
        ];
        let values: Vec<_> = cohorts.iter().map(|c| c.value(0, Among::Users).value().unwrap()).collect();
        assert_eq!(values[..3], [5.0, 6.0, 4.0]);
        assert_eq!(overall(&cohorts, 0, Among::Users), Number::MoneyPer { num: 1_540_000_000, den: 300 });
        assert_eq!(overall(&cohorts, 0, Among::Payers), Number::MoneyPer { num: 1_540_000_000, den: 30 });
        assert_eq!(overall(&cohorts[3..], 0, Among::Users), Number::None);
    }

    #[test]
    fn months_count_from_the_month_of_the_cohort() {
        // As in the golden tables a payment of the cohort's month counts even if it precedes the first activity.
        let payments = [
            (day("2026-01-31"), 9 * MILLION),
            (day("2026-02-01"), 5 * MILLION),
            (day("2026-03-31"), 4 * MILLION),
            (day("2026-04-01"), -2 * MILLION),
        ];
        let customer = Customer { acquired: day("2026-02-10"), payments: &payments };
        let span = Span::new(day("2026-02-10"), day("2026-03-01"));
        let r = rules(span, Grain::Month, Ages::Buckets(3), day("2026-04-15"));
        let cohorts = table([customer].into_iter(), &r);
        let cells: Vec<_> = cohorts[0].cells.iter().map(|c| (c.net, c.state)).collect();
        let million = i128::from(MILLION);
        assert_eq!(
            cells,
            [
                (5 * million, State::Complete),
                (9 * million, State::Complete),
                (7 * million, State::Running),
                (0, State::NotReached),
            ]
        );
        assert_eq!((cohorts.len(), cohorts[1].size, cohorts[1].value(0, Among::Users)), (2, 0, Number::None));
    }

    #[test]
    fn days_count_from_the_day_of_each_user() {
        let early = [(day("2026-02-01"), 3 * MILLION), (day("2026-02-08"), 4 * MILLION), (day("2026-02-09"), MILLION)];
        let late = [(day("2026-02-27"), 8 * MILLION), (day("2026-03-07"), -MILLION)];
        let customers = [
            Customer { acquired: day("2026-02-01"), payments: &early },
            Customer { acquired: day("2026-02-28"), payments: &late },
        ];
        let span = Span::new(day("2026-02-01"), day("2026-02-28"));
        let mut r = rules(span, Grain::Month, Ages::Days(&[0, 7, 30]), day("2026-03-07"));
        let cells = |r: &Rules| -> Vec<_> {
            table(customers.into_iter(), r)[0].cells.iter().map(|c| (c.net / 1_000_000, c.payers, c.state)).collect()
        };
        assert_eq!(cells(&r), [(3, 1, State::Complete), (6, 1, State::Complete), (7, 1, State::Running)]);
        // One day less, and the last user of the month has not lived seven days.
        r.horizon = horizon(day("2026-03-06"));
        assert_eq!(cells(&r)[1].2, State::Running);
    }

    #[test]
    fn payback_is_the_first_day_at_or_above_the_cost() {
        let payments = [(Day(0), 10 * MILLION), (Day(3), 15 * MILLION), (Day(5), -MILLION)];
        let days: Vec<u16> = (0..=9).collect();
        let customers =
            [Customer { acquired: Day(0), payments: &payments }, Customer { acquired: Day(0), payments: &[] }];
        let span = Span::new(Day(0), Day(0));
        let cohort =
            |through| table(customers.into_iter(), &rules(span, Grain::Day, Ages::Days(&days), Day(through))).remove(0);
        let cac = |spend: i64| Number::money_per(i128::from(spend * MILLION), 2);
        assert_eq!(payback(&cohort(9), &days, cac(25), 1_000_000), Payback::Day(3));
        assert_eq!(payback(&cohort(9), &days, cac(10), 1_000_000), Payback::Day(0));
        assert_eq!(payback(&cohort(9), &days, cac(30), 1_000_000), Payback::NotYet { share: 0.8, at: 9 });
        assert_eq!(payback(&cohort(2), &days, cac(25), 1_000_000), Payback::NotYet { share: 0.4, at: 2 });
        assert_eq!(payback(&cohort(9), &days, cac(25), 500_000), Payback::NotYet { share: 0.48, at: 9 });
        assert_eq!(payback(&cohort(9), &days, Number::None, 1_000_000), Payback::Undefined);
        assert_eq!(payback(&cohort(-1), &days, cac(25), 1_000_000), Payback::Undefined);
        assert_eq!(roas(&cohort(9), 3, 50_000_000), Number::Ratio { num: 25_000_000, den: 50_000_000 });
        assert_eq!((roas(&cohort(2), 3, 50_000_000), roas(&cohort(9), 3, 0)), (Number::None, Number::None));
        let ltv = cohort(9).value(3, Among::Users);
        assert_eq!(ltv_over_cac(ltv, cac(50)).value(), Some(0.5));
        assert_eq!(ltv_over_cac(ltv, Number::None), Number::None);
    }

    #[test]
    fn cost_of_a_kept_user_tells_what_cac_hides() {
        // planning.md L3: 60k for 3000 new at 25 %, then 100k for 4500 at 18 %: CAC 20 and 22.2, kept 80 and 123.5.
        let before = Acquisition { spend: Some(60_000_000_000), users: 3000, retained: 750, payers: 0 };
        let now = Acquisition { spend: Some(100_000_000_000), users: 4500, retained: 810, payers: 100 };
        assert_eq!((before.cac().value(), before.per_retained().value()), (Some(20.0), Some(80.0)));
        let (cac, kept) = (now.cac().value().unwrap(), now.per_retained().value().unwrap());
        assert!((cac - 22.222).abs() < 1e-3 && (kept - 123.457).abs() < 1e-3);
        assert_eq!((before.per_payer(), now.per_payer().value()), (Number::None, Some(1000.0)));
        let organic = Acquisition { users: 500, ..Acquisition::default() };
        assert_eq!(organic.cac(), Number::None);
        assert_eq!(paid(&[now, organic]).cac(), now.cac());
        assert_eq!(blended(&[now, organic]).cac().value(), Some(20.0));
    }

    proptest! {
        #[test]
        fn every_cell_equals_the_naive_one(
            people in prop::collection::vec(
                (0_i32..40, prop::collection::vec((-5_i32..90, -50_i64..100), 0..8)), 0..8),
            through in 0_i32..90,
            by_days: bool,
        ) {
            let people: Vec<(Day, Vec<(Day, i64)>)> = people.into_iter().map(|(acquired, mut list)| {
                list.sort_unstable();
                (Day(acquired), list.into_iter().map(|(d, a)| (Day(d), a)).collect())
            }).collect();
            let ages = if by_days { Ages::Days(&[0, 7, 30]) } else { Ages::Buckets(2) };
            let r = rules(Span::new(Day(3), Day(31)), Grain::Week, ages, Day(through));
            let customers = people.iter().map(|(acquired, p)| Customer { acquired: *acquired, payments: p });
            let week = |d: Day| Calendar::UTC.bucket(Grain::Week, d).first;
            for cohort in table(customers, &r) {
                let members: Vec<_> = people.iter().filter(|p| cohort.bucket.contains(p.0)).collect();
                prop_assert_eq!(cohort.size, members.len() as u64);
                for (i, cell) in cohort.cells.iter().enumerate() {
                    if cell.state == State::NotReached {
                        prop_assert_eq!((cell.net, cell.payers), (0, 0));
                        continue;
                    }
                    let counts = |acquired: Day, d: Day| d <= Day(through + 1) && if by_days {
                        (0..=[0, 7, 30][i]).contains(&d.since(acquired))
                    } else {
                        (0..=i as i32).contains(&(week(d).since(week(acquired)) / 7)) && d >= week(acquired)
                    };
                    let of = |p: &(Day, Vec<(Day, i64)>)| -> Vec<i64> {
                        p.1.iter().filter(|x| counts(p.0, x.0)).map(|x| x.1).collect()
                    };
                    let net: i64 = members.iter().flat_map(|p| of(p)).sum();
                    let payers = members.iter().filter(|p| of(p).iter().any(|a| *a > 0)).count();
                    prop_assert_eq!((cell.net, cell.payers), (i128::from(net), payers as u64));
                }
            }
        }
    }
}
