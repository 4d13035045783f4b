//! Recency, frequency and money of paying users: quintiles and classes (the golden tables' `rfm_users`,
//! `rfm_ntile` and `rfm_rank`; classes by the decisions of metrics.md).

use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::calendar::Day;

use super::revenue::Payment;

/// A user with at least one payment above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Customer {
    /// The user.
    pub user: u32,
    /// Days from the last payment above 0 to the reference day.
    pub recency: i32,
    /// Distinct orders with an amount above 0.
    pub frequency: u64,
    /// Net micros, refunds included.
    pub monetary: i128,
}

/// Quintiles 1 to 5; 5 is the most recent, the most frequent, the most money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score {
    /// Recency.
    pub r: u8,
    /// Frequency.
    pub f: u8,
    /// Money.
    pub m: u8,
}

/// How users are cut into fifths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cut {
    /// Five groups that differ by one user at most; equal values may be parted, by the byte order of the user's id.
    Ntile,
    /// Equal values share a score: `1 + floor(5 * (rank - 1) / users)`.
    Rank,
}

/// The customers of payments and refunds in any order, sorted by user id; `reference` is the day after the last one seen.
pub fn customers<'a>(rows: impl Iterator<Item = &'a Payment>, reference: Day) -> Vec<Customer> {
    let mut orders = FxHashSet::default();
    let mut found = FxHashMap::<u32, (Option<Day>, Customer)>::default();
    for row in rows {
        let Some(user) = row.user() else { continue };
        let blank = Customer { user, recency: 0, frequency: 0, monetary: 0 };
        let (last, customer) = found.entry(user).or_insert((None, blank));
        customer.monetary += i128::from(row.amount);
        if row.amount > 0 {
            *last = (*last).max(Some(row.day));
            customer.frequency += u64::from(row.order().is_some_and(|o| orders.insert((user, o))));
        }
    }
    let payer = |(last, c): (Option<Day>, Customer)| Some(Customer { recency: reference.since(last?), ..c });
    let mut out: Vec<Customer> = found.into_values().filter_map(payer).collect();
    out.sort_unstable_by_key(|c| c.user);
    out
}

/// The score of each customer, in the same order.
///
/// For [`Cut::Ntile`] the customers must stand in byte order of their ids' text: it parts equal values.
pub fn scores(customers: &[Customer], cut: Cut) -> Vec<Score> {
    let r = fifths(customers, cut, |c| i128::from(c.recency).saturating_neg());
    let f = fifths(customers, cut, |c| i128::from(c.frequency));
    let m = fifths(customers, cut, |c| c.monetary);
    r.into_iter().zip(f).zip(m).map(|((r, f), m)| Score { r, f, m }).collect()
}

fn fifths(customers: &[Customer], cut: Cut, value: fn(&Customer) -> i128) -> Vec<u8> {
    let n = customers.len();
    let mut order: Vec<usize> = (0..n).collect();
    // Stable, so that equal values keep the order of the customers.
    order.sort_by_key(|i| value(&customers[*i]));
    let (mut out, mut rank) = (vec![0; n], 0);
    for (place, i) in order.iter().enumerate() {
        if place == 0 || value(&customers[*i]) != value(&customers[order[place - 1]]) {
            rank = place;
        }
        out[*i] = match cut {
            Cut::Ntile => ntile(place, n),
            Cut::Rank => (5 * rank / n) as u8 + 1,
        };
    }
    out
}

/// SQL's `ntile(5)`: the first groups take one more where the users do not divide by five.
fn ntile(place: usize, n: usize) -> u8 {
    let (size, longer) = (n / 5, n % 5);
    let in_longer = longer * (size + 1);
    let group = if place < in_longer { place / (size + 1) } else { longer + (place - in_longer) / size.max(1) };
    group as u8 + 1
}

/// What a score means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// R4-5 F4-5.
    Champions,
    /// R3 F3-5 or R4-5 F3.
    Loyal,
    /// R3-5 F1-2.
    Potential,
    /// R1-2 F4-5 M4-5.
    CannotLose,
    /// Other R1-2 F3-5.
    AtRisk,
    /// R1-2 F1-2.
    Hibernating,
}

impl Class {
    /// All classes, best first.
    pub const ALL: [Self; 6] =
        [Self::Champions, Self::Loyal, Self::Potential, Self::CannotLose, Self::AtRisk, Self::Hibernating];

    /// As it is written in exports: `champions`, `loyal`, `potential`, `cannot_lose`, `at_risk`, `hibernating`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Champions => "champions",
            Self::Loyal => "loyal",
            Self::Potential => "potential",
            Self::CannotLose => "cannot_lose",
            Self::AtRisk => "at_risk",
            Self::Hibernating => "hibernating",
        }
    }

    /// Reads a name that [`Class::name`] gives.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name() == text)
    }
}

/// One rule of a class: the scores it takes, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassRule {
    /// The class.
    pub class: Class,
    /// Recency from and to.
    pub r: (u8, u8),
    /// Frequency from and to.
    pub f: (u8, u8),
    /// Money from and to.
    pub m: (u8, u8),
}

/// The classes of metrics.md; a workspace may set others. The first rule that fits decides.
pub const CLASSES: [ClassRule; 7] = {
    const fn rule(class: Class, r: (u8, u8), f: (u8, u8), m: (u8, u8)) -> ClassRule {
        ClassRule { class, r, f, m }
    }
    [
        rule(Class::Champions, (4, 5), (4, 5), (1, 5)),
        rule(Class::Loyal, (3, 3), (3, 5), (1, 5)),
        rule(Class::Loyal, (4, 5), (3, 3), (1, 5)),
        rule(Class::Potential, (3, 5), (1, 2), (1, 5)),
        rule(Class::CannotLose, (1, 2), (4, 5), (4, 5)),
        rule(Class::AtRisk, (1, 2), (3, 5), (1, 5)),
        rule(Class::Hibernating, (1, 2), (1, 2), (1, 5)),
    ]
};

/// The class of a score; `None` only where set rules leave a gap.
pub fn class(score: Score, rules: &[ClassRule]) -> Option<Class> {
    let within = |x: u8, (low, high): (u8, u8)| low <= x && x <= high;
    rules.iter().find(|c| within(score.r, c.r) && within(score.f, c.f) && within(score.m, c.m)).map(|c| c.class)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pay(user: u32, day: i32, order: u64, amount: i64) -> Payment {
        Payment::new(Day(day), Some(user), None, Some(order), amount)
    }

    #[test]
    fn customers_have_paid_and_refunds_lower_their_money_only() {
        let rows = [
            pay(7, 3, 1, 500),
            pay(7, 3, 1, 200),
            pay(7, 9, 1, -100),
            pay(7, 5, 2, 50),
            pay(3, 4, 3, 10),
            pay(5, 4, 4, -10),
            pay(6, 4, 5, 0),
            Payment::new(Day(4), None, None, Some(6), 99),
        ];
        let want = [
            Customer { user: 3, recency: 6, frequency: 1, monetary: 10 },
            Customer { user: 7, recency: 5, frequency: 2, monetary: 650 },
        ];
        assert_eq!(customers(rows.iter(), Day(10)), want);
        assert_eq!(customers(rows.iter().rev(), Day(10)), want);
    }

    #[test]
    fn ntile_makes_the_first_groups_longer_and_rank_shares_scores() {
        let customer = |i: u32, recency, frequency| Customer { user: i, recency, frequency, monetary: i128::from(i) };
        let list: Vec<Customer> = (0..7).map(|i| customer(i, 10 * i as i32, if i < 6 { 1 } else { 2 })).collect();
        let of = |cut, pick: fn(&Score) -> u8| scores(&list, cut).iter().map(pick).collect::<Vec<_>>();
        assert_eq!(of(Cut::Ntile, |s| s.m), [1, 1, 2, 2, 3, 4, 5]);
        assert_eq!(of(Cut::Ntile, |s| s.r), [5, 4, 3, 2, 2, 1, 1]);
        assert_eq!(of(Cut::Ntile, |s| s.f), [1, 1, 2, 2, 3, 4, 5]);
        // The sixth of seven equal values still has rank 1; the seventh user has rank 7.
        assert_eq!(of(Cut::Rank, |s| s.f), [1, 1, 1, 1, 1, 1, 5]);
        assert_eq!(scores(&list[..2], Cut::Ntile)[1], Score { r: 1, f: 2, m: 2 });
        assert!(scores(&[], Cut::Rank).is_empty());
    }

    #[test]
    fn every_score_has_the_class_of_the_decisions() {
        let all = (1..=5).flat_map(|r| (1..=5).flat_map(move |f| (1..=5).map(move |m| Score { r, f, m })));
        for s in all {
            let want = match (s.r, s.f, s.m) {
                (4..=5, 4..=5, _) => Class::Champions,
                (3, 3..=5, _) | (4..=5, 3, _) => Class::Loyal,
                (3..=5, _, _) => Class::Potential,
                (_, 4..=5, 4..=5) => Class::CannotLose,
                (_, 3..=5, _) => Class::AtRisk,
                _ => Class::Hibernating,
            };
            assert_eq!(class(s, &CLASSES), Some(want), "{s:?}");
            assert_eq!(Class::parse(want.name()), Some(want));
        }
        assert_eq!(class(Score { r: 1, f: 1, m: 1 }, &CLASSES[..2]), None);
    }

    proptest! {
        #[test]
        fn scores_are_those_of_sql(values in prop::collection::vec((0_i32..9, 1_u64..4, -5_i128..9), 1..40)) {
            let list: Vec<Customer> = values.iter().enumerate()
                .map(|(i, (recency, frequency, monetary))| Customer {
                    user: i as u32, recency: *recency, frequency: *frequency, monetary: *monetary,
                }).collect();
            let n = list.len();
            let (tiles, ranks) = (scores(&list, Cut::Ntile), scores(&list, Cut::Rank));
            for (i, c) in list.iter().enumerate() {
                let below = list.iter().filter(|o| o.monetary < c.monetary).count();
                prop_assert_eq!(usize::from(ranks[i].m), 1 + 5 * below / n);
                let older = list.iter().filter(|o| o.recency > c.recency).count();
                prop_assert_eq!(usize::from(ranks[i].r), 1 + 5 * older / n);
            }
            for tile in 1..=5 {
                let size = tiles.iter().filter(|s| s.f == tile).count();
                prop_assert_eq!(size, n / 5 + usize::from(usize::from(tile) <= n % 5));
            }
        }
    }
}
