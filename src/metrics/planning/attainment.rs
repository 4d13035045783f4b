//! How much of a target is reached, for any sign and direction (planning.md §3.4, reading A14).

use super::{over, reaches};
use crate::metrics::catalog::{Accumulation, Direction};

/// Progress as a fraction: 1 is the target, and nothing is cut off beyond it.
///
/// What is counted from 0 stands at `1 + (A - T)/|T|`, levels and ratios on the way from their baseline,
/// `(A - B)/(T - B)`. Where that says nothing (a count's target is 0, or the target is the baseline), 1 if the target is
/// met in the metric's direction, else 0. `None` without an actual value, or without a baseline that is needed.
/// ```
/// use quarterdeck::metrics::catalog::{Accumulation, Direction};
/// use quarterdeck::metrics::planning::attainment::attainment;
/// // A cost of 50 is to fall to 40 and stands at 44.
/// assert_eq!(attainment(Accumulation::Ratio, Some(50.0), 40.0, Some(44.0), Direction::Down), Some(0.6));
/// ```
pub fn attainment(
    accumulation: Accumulation,
    baseline: Option<f64>,
    target: f64,
    actual: Option<f64>,
    direction: Direction,
) -> Option<f64> {
    let actual = actual?;
    let part = match accumulation {
        Accumulation::Flow | Accumulation::Unique => over(actual - target, target.abs()).map(|part| 1.0 + part),
        Accumulation::Level | Accumulation::Ratio => {
            let baseline = baseline?;
            over(actual - baseline, target - baseline)
        }
    };
    Some(part.unwrap_or(if met(actual, target, direction) { 1.0 } else { 0.0 }))
}

/// Whether a value is at the target or beyond it.
pub fn met(value: f64, target: f64, direction: Direction) -> bool {
    match direction {
        Direction::Up => reaches(value, target),
        Direction::Down => reaches(target, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_sign_and_direction() {
        use Accumulation::{Flow, Level, Ratio, Unique};
        use Direction::{Down, Up};
        let near = |got: Option<f64>, want: f64| assert!((got.unwrap() - want).abs() < 1e-12, "{got:?} {want}");
        near(attainment(Level, Some(50.0), 40.0, Some(44.0), Down), 0.6);
        near(attainment(Flow, None, -50.0, Some(20.0), Up), 2.4);
        near(attainment(Flow, None, -50.0, Some(-80.0), Up), 0.4);
        near(attainment(Unique, None, 200.0, Some(260.0), Up), 1.3);
        near(attainment(Ratio, Some(0.25), 0.2, Some(0.3), Up), -1.0);
        for (baseline, target, actual, direction, want) in [
            (10.0, 10.0, 12.0, Up, 1.0),
            (10.0, 10.0, 9.0, Up, 0.0),
            (10.0, 10.0, 12.0, Down, 0.0),
            (10.0, 10.0, 10.0, Down, 1.0),
        ] {
            near(attainment(Level, Some(baseline), target, Some(actual), direction), want);
        }
        near(attainment(Flow, None, 0.0, Some(0.0), Down), 1.0);
        near(attainment(Flow, None, 0.0, Some(3.0), Down), 0.0);
        near(attainment(Flow, None, 0.0, Some(3.0), Up), 1.0);
    }

    #[test]
    fn missing_is_missing() {
        assert_eq!(attainment(Accumulation::Flow, None, 5.0, None, Direction::Up), None);
        assert_eq!(attainment(Accumulation::Ratio, None, 0.2, Some(0.1), Direction::Up), None);
    }
}
