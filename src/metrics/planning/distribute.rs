//! Whole numbers that add up: largest remainders (planning.md §3.3, T9).

/// Remainders closer than this are the same: their difference comes from the last bits of a division.
const SAME: f64 = 1e-9;

/// A whole total over weights; `None` where the weights are nothing together, or one is below 0.
/// ```
/// use quarterdeck::metrics::planning::distribute::distribute;
/// assert_eq!(distribute(10, &[1.0, 1.0, 1.0]), Some(vec![4, 3, 3]));
/// assert_eq!(distribute(10, &[0.0, 0.0]), None);
/// ```
pub fn distribute(total: i64, weights: &[f64]) -> Option<Vec<i64>> {
    let sum: f64 = weights.iter().sum();
    let parts: Vec<_> = weights.iter().map(|w| total as f64 * w / sum).collect();
    let shared = sum > 0.0 && weights.iter().all(|w| *w >= 0.0) && parts.iter().all(|p| p.is_finite());
    shared.then(|| whole(total, &parts))
}

/// Parts of a whole total, rounded: all down, then one more to the largest remainders, the earlier first.
pub(super) fn whole(total: i64, parts: &[f64]) -> Vec<i64> {
    let mut out: Vec<i64> = parts.iter().map(|p| p.floor() as i64).collect();
    let remainder = |at: usize| ((parts[at] - out[at] as f64) / SAME).round() as i64;
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(remainder(*at)));
    // A part of nothing gets nothing, even where a total beyond 2^53 has lost its last units on the way.
    order.retain(|at| parts[*at] != 0.0);
    let left = out.iter().fold(total, |left, part| left.saturating_sub(*part));
    let turns = usize::try_from(left.unsigned_abs()).unwrap_or(usize::MAX);
    if left > 0 {
        order.iter().cycle().take(turns).for_each(|at| out[*at] += 1);
    } else {
        order.iter().rev().cycle().take(turns).for_each(|at| out[*at] -= 1);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sums_are_exact_and_ties_go_to_the_earlier() {
        // T9.
        let of = |total, weights: &[f64]| distribute(total, weights).unwrap();
        assert_eq!(of(1000, &[1.0; 3]), [334, 333, 333]);
        assert_eq!(of(10, &[1.0; 3]), [4, 3, 3]);
        assert_eq!(of(100, &[0.9, 0.9, 0.95, 1.0, 1.1, 1.2, 0.95]), [13, 13, 14, 14, 16, 17, 13]);
        // 1.5 and 0.5, whatever the last bit of 0.3 is.
        assert_eq!(of(2, &[0.3, 0.1]), [2, 0]);
        assert_eq!(of(2, &[0.1, 0.3]), [1, 1]);
        assert_eq!(of(0, &[1.0, 2.0]), [0, 0]);
        assert_eq!(of(-10, &[1.0; 3]).iter().sum::<i64>(), -10);
    }

    #[test]
    fn no_weight_is_no_answer() {
        for weights in [&[][..], &[0.0], &[f64::NAN, 1.0], &[2.0, -1.0]] {
            assert_eq!(distribute(5, weights), None, "{weights:?}");
        }
    }

    #[test]
    fn a_total_beyond_the_exact_floats_still_adds_up() {
        let total = 9_007_199_254_740_993;
        let parts = distribute(total, &[1.0, 2.0, 0.0, 4.0]).unwrap();
        assert_eq!((parts.iter().sum::<i64>(), parts[2]), (total, 0));
    }

    proptest! {
        #[test]
        fn every_part_is_a_neighbour_of_its_share(
            total in 0_i64..1_000_000,
            weights in prop::collection::vec(0_u32..50, 1..40),
        ) {
            let weights: Vec<f64> = weights.into_iter().map(f64::from).collect();
            let sum: f64 = weights.iter().sum();
            if let Some(parts) = distribute(total, &weights) {
                prop_assert_eq!(parts.iter().sum::<i64>(), total);
                for (part, weight) in parts.iter().zip(&weights) {
                    prop_assert!((*part as f64 - total as f64 * weight / sum).abs() < 1.0);
                }
            } else {
                prop_assert!(sum == 0.0);
            }
        }
    }
}
