//! Pace of a round by the rounds before it (planning.md §3.4, T17, reading A28).

use super::over;

/// A round on one of its days, held against the rounds before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Round {
    /// Share of the whole that the rounds before had by that day: their median.
    pub share: f64,
    /// Where this round ends if it goes on like them.
    pub projection: Option<f64>,
    /// What is expected by that day.
    pub expected: f64,
    /// Actual over expected.
    pub pace: Option<f64>,
}

/// A round on its `day`, 1 the first; curves are the running shares of each round before, by day.
///
/// Rounds shorter than that are left out; `None` where no round is long enough.
/// ```
/// use quarterdeck::metrics::planning::rounds::round;
/// let got = round(&[vec![0.2, 0.5, 1.0], vec![0.4, 1.0]], 2, 90.0, Some(60.0)).unwrap();
/// assert_eq!((got.share, got.projection), (0.75, Some(80.0)));
/// ```
pub fn round(curves: &[Vec<f64>], day: usize, target: f64, actual: Option<f64>) -> Option<Round> {
    let at = day.checked_sub(1)?;
    let share = median(curves.iter().filter_map(|curve| curve.get(at).copied()))?;
    let expected = target * share;
    Some(Round {
        share,
        projection: actual.and_then(|a| over(a, share)),
        expected,
        pace: actual.and_then(|a| over(a, expected)),
    })
}

/// The middle value; of an even number the mean of the two in the middle.
pub(super) fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    Some(if values.len() % 2 == 1 { upper } else { f64::midpoint(values[values.len() / 2 - 1], upper) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_round_projects() {
        // T17.
        let curves = [0.41, 0.36, 0.38].map(|sixth| vec![0.0, 0.0, 0.0, 0.0, 0.0, sixth]);
        let got = round(&curves, 6, 750_000.0, Some(300_000.0)).unwrap();
        assert!((got.share - 0.38).abs() < 1e-12 && (got.projection.unwrap() - 789_473.7).abs() < 0.05);
        assert!((got.expected - 285_000.0).abs() < 1e-6 && (got.pace.unwrap() - 300.0 / 285.0).abs() < 1e-12);
    }

    #[test]
    fn no_round_no_share_and_nothing_observed() {
        let curves = [vec![0.0, 0.6], vec![0.0]];
        assert_eq!(
            (round(&curves, 3, 1.0, Some(1.0)), round(&curves, 0, 1.0, None), round(&[], 1, 1.0, None)),
            (None, None, None)
        );
        let first = round(&curves, 1, 10.0, Some(4.0)).unwrap();
        assert_eq!((first.projection, first.pace, first.expected), (None, None, 0.0));
        let missing = round(&curves, 2, 10.0, None).unwrap();
        assert_eq!((missing.projection, missing.pace, missing.expected), (None, None, 6.0));
    }
}
