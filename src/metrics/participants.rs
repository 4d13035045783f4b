//! Who took part in a campaign, and what came of it (metrics.md, last table).

use crate::domain::calendar::{Day, Span};

use super::number::{Horizon, Number};
use super::presence::Audience;
use super::revenue::Purses;

/// Day after joining on which a participant who is active counts as kept.
pub const KEPT_DAY: i32 = 7;

/// What came of the participants of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Campaign {
    /// Distinct users who joined in it.
    pub participants: u64,
    /// Of these, those whose seventh day after joining is complete.
    pub aged: u64,
    /// Of the aged, those active on that day.
    pub kept: u64,
    /// Of the participants, those who paid on the day they joined or later in the period.
    pub paid: u64,
    /// Micros of their payments less refunds on those days.
    pub net: i128,
}

impl Campaign {
    /// Active on the seventh day over those who are that old.
    pub fn post_event_d7(&self) -> Number {
        Number::ratio(self.kept.into(), self.aged.into())
    }
}

/// What came of users by the day they first joined in a period.
pub fn campaign(
    joined: impl IntoIterator<Item = (u32, Day)>,
    (active, purses): (Audience<'_>, &Purses),
    (period, horizon): (Span, Horizon),
) -> Campaign {
    let mut out = Campaign::default();
    for (user, day) in joined {
        out.participants += 1;
        let seventh = day.plus(KEPT_DAY);
        if seventh <= horizon.through {
            out.aged += 1;
            out.kept += u64::from(active.of(user).binary_search(&seventh).is_ok());
        }
        let own = Span { first: day, last: period.last };
        let paid = || purses.of(user).iter().filter(|(day, _)| own.contains(*day));
        out.paid += u64::from(paid().any(|(_, amount)| *amount > 0));
        out.net += paid().map(|(_, amount)| i128::from(*amount)).sum::<i128>();
    }
    out
}

/// What came back beyond the cost, over the cost; undefined without cost.
pub fn roi(net: i128, cost: Option<i128>) -> Number {
    cost.filter(|cost| *cost > 0).map_or(Number::None, |cost| Number::ratio(net - cost, cost))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::presence::UserDays;
    use super::super::revenue::Payment;
    use super::*;

    fn pay(day: i32, user: u32, amount: i64) -> Payment {
        Payment::new(Day(day), Some(user), None, None, amount)
    }

    #[test]
    fn what_participants_bring_counts_from_the_day_they_join_to_the_end() {
        let days = UserDays::from_pairs(vec![(0, Day(1)), (0, Day(8)), (1, Day(2)), (1, Day(8)), (2, Day(5))]);
        let purses =
            Purses::new(&[pay(0, 0, 90), pay(1, 0, 30), pay(3, 0, -10), pay(4, 1, -5), pay(11, 1, 50)], Day(99));
        let horizon = Horizon { through: Day(9), reach: Day(9) };
        let period = Span { first: Day(1), last: Day(10) };
        let joined = [(0, Day(1)), (1, Day(2)), (2, Day(5))];
        let found = campaign(joined, (Audience::new(&days, None, Day(99)), &purses), (period, horizon));
        assert_eq!(found, Campaign { participants: 3, aged: 2, kept: 1, paid: 1, net: 15 });
        assert_eq!(found.post_event_d7(), Number::Ratio { num: 1, den: 2 });
        assert_eq!(
            (roi(15, Some(10)), roi(15, Some(0)), roi(15, None)),
            (Number::ratio(5, 10), Number::None, Number::None)
        );
    }

    proptest! {
        #[test]
        fn it_is_that_of_a_naive_recount(
            active in prop::collection::btree_set((0_u32..6, 0_i32..20), 0..40),
            joined in prop::collection::btree_map(0_u32..6, 3_i32..10, 0..6),
            money in prop::collection::vec((0_i32..20, 0_u32..6, -50_i64..50), 0..40), through in 5_i32..20,
        ) {
            let mut rows: Vec<Payment> = money.iter().map(|(d, u, a)| pay(*d, *u, *a)).collect();
            rows.sort_by_key(|r| r.day);
            let days = UserDays::from_pairs(active.iter().map(|(u, d)| (*u, Day(*d))).collect());
            let (period, horizon) =
                (Span { first: Day(3), last: Day(12) }, Horizon { through: Day(through), reach: Day(through) });
            let purses = Purses::new(&rows, Day(99));
            let found = campaign(
                joined.iter().map(|(u, d)| (*u, Day(*d))),
                (Audience::new(&days, None, Day(99)), &purses),
                (period, horizon),
            );
            let own = |u: u32, d: i32| money.iter().filter(move |m| m.1 == u && (d..=12).contains(&m.0));
            let aged = || joined.iter().filter(|(_, d)| **d + 7 <= through);
            prop_assert_eq!(found, Campaign {
                participants: joined.len() as u64,
                aged: aged().count() as u64,
                kept: aged().filter(|(u, d)| active.contains(&(**u, **d + 7))).count() as u64,
                paid: joined.iter().filter(|(u, d)| own(**u, **d).any(|m| m.2 > 0)).count() as u64,
                net: joined.iter().flat_map(|(u, d)| own(*u, *d)).map(|m| i128::from(m.2)).sum(),
            });
        }
    }
}
