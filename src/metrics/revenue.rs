//! Money received, refunds, orders and payers.

use rustc_hash::{FxBuildHasher, FxHashSet};

use crate::domain::calendar::{Day, Span};

use super::presence::BucketMap;

/// One payment (amount >= 0) or refund (amount < 0) in the currency that is summed.
///
/// All rows of a workspace are held at once, so that what may be absent takes no room of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    /// Day it is booked on.
    pub day: Day,
    /// `ABSENT` is none.
    user: u32,
    /// `ABSENT` is none.
    stream: u32,
    /// 0 is none.
    order: u64,
    /// Signed micros.
    pub amount: i64,
}

/// In place of an id; ids count from 0, and no file holds so many.
const ABSENT: u32 = u32::MAX;

impl Payment {
    /// A payment of `user` on `day`, of signed micros; `order` is equal for rows of one order, and 0 counts as 1.
    pub fn new(day: Day, user: Option<u32>, stream: Option<u32>, order: Option<u64>, amount: i64) -> Self {
        let id = |id: Option<u32>| id.unwrap_or(ABSENT);
        Self { day, user: id(user), stream: id(stream), order: order.map_or(0, |order| order.max(1)), amount }
    }

    /// Who paid; `None` counts as money, never as a payer.
    pub fn user(&self) -> Option<u32> {
        (self.user != ABSENT).then_some(self.user)
    }

    /// Revenue stream.
    pub fn stream(&self) -> Option<u32> {
        (self.stream != ABSENT).then_some(self.stream)
    }

    /// Order it belongs to, equal for rows of one order.
    pub fn order(&self) -> Option<u64> {
        (self.order != 0).then_some(self.order)
    }
}

/// Money of a bucket, in micros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Takings {
    /// Sum of amounts above 0.
    pub gross: i128,
    /// Sum of amounts below 0, as a positive number.
    pub refunds: i128,
    /// Gross less refunds of rows that name a user.
    pub net_attributed: i128,
    /// Rows of any amount.
    pub rows: u64,
}

/// Who bought in a bucket, and how often. Apart from [`Takings`], because looking whether an order or a user was met before
/// takes much longer than adding up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Buyers {
    /// Distinct order ids with an amount above 0.
    pub orders: u64,
    /// Distinct users with an amount above 0.
    pub payers: u64,
}

impl Takings {
    /// Gross less refunds.
    pub fn net(&self) -> i128 {
        self.gross - self.refunds
    }
}

/// Takings of each of some disjoint buckets in ascending order, from rows in ascending order of day.
///
/// A refund is booked on its own day.
pub fn takings<'a>(rows: impl Iterator<Item = &'a Payment>, buckets: &[Span]) -> Vec<Takings> {
    let map = BucketMap::new(buckets);
    let mut out = vec![Takings::default(); buckets.len()];
    for row in rows {
        let Some(bucket) = map.of(row.day) else { continue };
        let (sum, amount) = (&mut out[bucket], i128::from(row.amount));
        sum.rows += 1;
        if amount > 0 {
            sum.gross += amount;
        } else {
            sum.refunds -= amount;
        }
        if row.user().is_some() {
            sum.net_attributed += amount;
        }
    }
    out
}

/// Buyers of each of some disjoint buckets in ascending order, from rows in ascending order of day.
///
/// Free orders are rows, never orders or payers.
pub fn buyers<'a>(rows: impl Iterator<Item = &'a Payment>, buckets: &[Span]) -> Vec<Buyers> {
    let map = BucketMap::new(buckets);
    let mut out = vec![Buyers::default(); buckets.len()];
    // Room for all rows of a bucket of the usual size: sets that grow are filled twice.
    let room = rows.size_hint().1.unwrap_or(0) / buckets.len().max(1);
    let mut orders = FxHashSet::with_capacity_and_hasher(room, FxBuildHasher);
    let mut payers = Payers::default();
    let mut open = None;
    for row in rows.filter(|row| row.amount > 0) {
        let Some(bucket) = map.of(row.day) else { continue };
        if open.replace(bucket) != Some(bucket) {
            orders.clear();
            payers.begin();
        }
        out[bucket].orders += u64::from(row.order().is_some_and(|order| orders.insert(order)));
        out[bucket].payers += u64::from(row.user().is_some_and(|user| payers.insert(user)));
    }
    out
}

/// Who has paid in a bucket. Ids are dense, so the bucket in which each paid last takes less time than a set of them.
#[derive(Default)]
struct Payers {
    bucket: u32,
    last: Vec<u32>,
}

impl Payers {
    fn begin(&mut self) {
        self.bucket += 1;
    }

    /// False where he is among them.
    fn insert(&mut self, user: u32) -> bool {
        let place = user as usize;
        if self.last.len() <= place {
            self.last.resize((place + 1).next_power_of_two(), 0);
        }
        std::mem::replace(&mut self.last[place], self.bucket) != self.bucket
    }
}

/// The payments and refunds of every user, each user's in order of day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Purses {
    /// User `u` owns `rows[starts[u]..starts[u + 1]]`.
    starts: Vec<u32>,
    rows: Vec<(Day, i64)>,
}

impl Purses {
    /// From rows in ascending order of day, those after `until` left out; rows without a user are nobody's.
    pub fn new<'a>(rows: impl IntoIterator<Item = &'a Payment, IntoIter: Clone>, until: Day) -> Self {
        let rows = rows.into_iter();
        let seen = || rows.clone().take_while(|row| row.day <= until).filter_map(|row| Some((row.user()?, row)));
        let users = seen().map(|(user, _)| user).max().map_or(0, |u| u as usize + 1);
        // One place further on, so that what is filled up to is where the next user starts in the end.
        let mut starts = vec![0_u32; users + 2];
        for (user, _) in seen() {
            starts[user as usize + 2] += 1;
        }
        for user in 0..users {
            starts[user + 2] += starts[user + 1];
        }
        let mut own = vec![(Day(0), 0); starts[users + 1] as usize];
        for (user, row) in seen() {
            let at = &mut starts[user as usize + 1];
            own[*at as usize] = (row.day, row.amount);
            *at += 1;
        }
        Self { starts, rows: own }
    }

    /// Day and signed micros of one user's rows; none for an id that never paid.
    pub fn of(&self, user: u32) -> &[(Day, i64)] {
        let user = user as usize;
        match (self.starts.get(user), self.starts.get(user + 1)) {
            (Some(&from), Some(&to)) => &self.rows[from as usize..to as usize],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::number::Number;
    use super::*;

    fn pay(day: i32, user: Option<u32>, order: u64, amount: i64) -> Payment {
        Payment::new(Day(day), user, None, Some(order), amount * 1_000_000)
    }

    #[test]
    fn what_a_payment_lacks_is_told_from_the_first_of_its_kind() {
        let parts = |row: Payment| (row.user(), row.stream(), row.order());
        let first = Payment::new(Day(1), Some(0), Some(0), Some(0), 1);
        assert_eq!(parts(first), (Some(0), Some(0), Some(1)));
        assert_eq!(parts(Payment::new(Day(1), None, None, None, 1)), (None, None, None));
        assert!(size_of::<Payment>() <= 32);
    }

    #[test]
    fn refunds_count_on_their_own_day_and_strangers_pay_without_being_payers() {
        let rows = [
            pay(1, Some(7), 1, 30),
            pay(1, Some(7), 1, 12),
            pay(1, None, 2, 8),
            pay(1, Some(8), 3, 0),
            pay(2, Some(7), 1, -30),
        ];
        let days = [Span { first: Day(1), last: Day(1) }, Span { first: Day(2), last: Day(2) }];
        let got = takings(rows.iter(), &days);
        assert_eq!((got[0].gross, got[0].refunds, got[0].net()), (50_000_000, 0, 50_000_000));
        assert_eq!((got[0].net_attributed, got[1].gross, got[1].refunds), (42_000_000, 0, 30_000_000));
        assert_eq!(buyers(rows.iter(), &days), [Buyers { orders: 2, payers: 1 }, Buyers::default()]);
        let both = takings(rows.iter(), &[Span { first: Day(1), last: Day(2) }]);
        assert_eq!((both[0].net(), both[0].net_attributed), (20_000_000, 12_000_000));
    }

    #[test]
    fn a_purse_holds_the_rows_of_its_user_up_to_the_last_day_seen() {
        let rows = [pay(1, Some(2), 1, 30), pay(2, None, 2, 8), pay(2, Some(0), 3, 5), pay(3, Some(2), 1, -30)];
        let purses = Purses::new(&rows, Day(9));
        assert_eq!(purses.of(2), [(Day(1), 30_000_000), (Day(3), -30_000_000)]);
        assert_eq!((purses.of(0), purses.of(1), purses.of(7)), (&[(Day(2), 5_000_000)][..], &[][..], &[][..]));
        assert_eq!(Purses::new(&rows, Day(2)).of(2), [(Day(1), 30_000_000)]);
        assert_eq!(Purses::default().of(0), []);
    }

    proptest! {
        #[test]
        fn flows_add_over_buckets_and_arpu_is_arppu_times_paid_rate(
            rows in prop::collection::vec((0_i32..20, prop::option::of(0_u32..6), 0_u64..9, -50_i64..50), 0..60),
            active in 6_i128..20,
        ) {
            let mut rows: Vec<Payment> = rows.into_iter().map(|(d, u, o, a)| pay(d, u, o, a)).collect();
            rows.sort_by_key(|r| r.day);
            let days: Vec<Span> = (0..20).map(|d| Span { first: Day(d), last: Day(d) }).collect();
            let daily = takings(rows.iter(), &days);
            let whole = takings(rows.iter(), &[Span { first: Day(0), last: Day(19) }])[0];
            prop_assert_eq!(daily.iter().map(Takings::net).sum::<i128>(), whole.net());
            prop_assert_eq!(whole.net(), rows.iter().map(|r| i128::from(r.amount)).sum::<i128>());
            let (bought, daily) = (buyers(rows.iter(), &[Span { first: Day(0), last: Day(19) }])[0], buyers(rows.iter(), &days));
            prop_assert!(bought.payers <= daily.iter().map(|day| day.payers).sum());
            for (day, bought) in (0..).zip(daily) {
                let paid = || rows.iter().filter(|row| row.day == Day(day) && row.amount > 0);
                let orders: BTreeSet<u64> = paid().filter_map(Payment::order).collect();
                let payers: BTreeSet<u32> = paid().filter_map(Payment::user).collect();
                prop_assert_eq!((bought.orders, bought.payers), (orders.len() as u64, payers.len() as u64));
            }
            if bought.payers > 0 {
                let payers = i128::from(bought.payers);
                let arpu = Number::money_per(whole.net_attributed, active).value().unwrap();
                let arppu = Number::money_per(whole.net_attributed, payers).value().unwrap();
                let paid_rate = Number::ratio(payers, active).value().unwrap();
                prop_assert!((arpu - arppu * paid_rate).abs() <= 1e-9 * arpu.abs().max(1.0));
            }
        }
    }
}
