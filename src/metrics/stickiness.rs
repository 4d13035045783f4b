//! Users by the number of buckets in which they were active.

use crate::domain::calendar::Span;

use super::presence::{Audience, BucketMap};

/// Turns the number of active buckets of each user into users by number of active buckets 1, 2, .. `buckets`.
///
/// Cumulative counts "n or more". Users without an active bucket are in none.
pub fn histogram(active: impl Iterator<Item = u32>, buckets: usize, cumulative: bool) -> Vec<u64> {
    let mut out = vec![0_u64; buckets];
    for n in active {
        if let Some(slot) = (n as usize).checked_sub(1).and_then(|n| out.get_mut(n)) {
            *slot += 1;
        }
    }
    if cumulative {
        for n in (1..buckets).rev() {
            out[n - 1] += out[n];
        }
    }
    out
}

/// The number of buckets in which each user was active on any day.
pub fn active_buckets<'a>(audience: Audience<'a>, buckets: &[Span]) -> impl Iterator<Item = u32> + 'a {
    let map = BucketMap::new(buckets);
    audience.each().map(move |(_, days)| map.distinct(days).count() as u32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::presence::UserDays;
    use super::*;
    use crate::domain::calendar::Day;

    #[test]
    fn one_user_on_three_days_one_on_two_one_on_one() {
        let days = UserDays::from_pairs(vec![
            (0, Day(1)),
            (0, Day(2)),
            (0, Day(3)),
            (1, Day(1)),
            (1, Day(2)),
            (2, Day(1)),
            (3, Day(9)),
        ]);
        let buckets: Vec<Span> = (1..=3).map(|d| Span { first: Day(d), last: Day(d) }).collect();
        let audience = Audience::new(&days, None, Day(20));
        assert_eq!(histogram(active_buckets(audience, &buckets), 3, false), [1, 1, 1]);
        assert_eq!(histogram(active_buckets(audience, &buckets), 3, true), [3, 2, 1]);
    }

    proptest! {
        #[test]
        fn cumulative_is_the_sum_of_exact_from_the_right(counts in prop::collection::vec(0_u32..9, 0..40)) {
            let exact = histogram(counts.iter().copied(), 8, false);
            let cumulative = histogram(counts.iter().copied(), 8, true);
            prop_assert_eq!(exact.iter().sum::<u64>(), counts.iter().filter(|c| **c > 0).count() as u64);
            for n in 0..8 {
                prop_assert_eq!(cumulative[n], exact[n..].iter().sum::<u64>());
            }
        }
    }
}
