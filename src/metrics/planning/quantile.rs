//! The normal distribution and Student's t, as far as forecasts need them (planning.md §3.5).

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2, SQRT_2};

/// 90 % of a normal distribution lies below so many standard deviations, and 80 % within.
pub const NORMAL_90: f64 = 1.281_551_6;

/// Degrees of freedom above which the expansion around the normal is exact to 1e-9.
const MANY: usize = 1000;

/// Share of a standard normal distribution that lies below `z`.
/// ```
/// use quarterdeck::metrics::planning::quantile::normal_cdf;
/// assert_eq!(normal_cdf(0.0), 0.5);
/// assert!((normal_cdf(1.281_551_6) - 0.9).abs() < 1e-8);
/// ```
pub fn normal_cdf(z: f64) -> f64 {
    // The complement keeps its digits far below: P(z < -12) is 1.8e-33, not 0.
    0.5 * libm::erfc(-z / SQRT_2)
}

/// 90 % of Student's t lies below this; `None` without a degree of freedom.
/// ```
/// use quarterdeck::metrics::planning::quantile::t_90;
/// assert!((t_90(9).unwrap() - 1.383_029).abs() < 1e-6);
/// ```
pub fn t_90(freedom: usize) -> Option<f64> {
    match freedom {
        0 => None,
        1..=MANY => Some(inverted(freedom)),
        _ => {
            let (z, n) = (NORMAL_90, freedom as f64);
            let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
            Some(z + (z.powi(3) + z) / (4.0 * n) + second / (n * n))
        }
    }
}

/// The point within which 80 % of t lie, by halving the angle `atan(t / √n)`.
fn inverted(freedom: usize) -> f64 {
    let (mut low, mut high) = (0.0, FRAC_PI_2);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if within(freedom, middle) < 0.8 {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high).tan() * (freedom as f64).sqrt()
}

/// Share of t within `±√n tan(angle)`: the finite sums for whole degrees of freedom (Abramowitz and Stegun 26.7.3-4).
fn within(freedom: usize, angle: f64) -> f64 {
    let square = angle.cos().powi(2);
    let odd = freedom % 2 == 1;
    let terms = if odd { freedom.saturating_sub(1) / 2 } else { freedom / 2 };
    let (mut term, mut sum) = (if odd { angle.cos() } else { 1.0 }, 0.0);
    for i in 0..terms {
        sum += term;
        let k = (2 * i + 1) as f64;
        term *= square * if odd { (k + 1.0) / (k + 2.0) } else { k / (k + 1.0) };
    }
    let part = angle.sin() * sum;
    if odd { FRAC_2_PI * (angle + part) } else { part }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_table() {
        for (freedom, want) in [
            (1, 3.078),
            (2, 1.886),
            (3, 1.638),
            (6, 1.440),
            (9, 1.383),
            (10, 1.372),
            (27, 1.314),
            (30, 1.310),
            (120, 1.289),
            (100_000, 1.282),
        ] {
            let got = t_90(freedom).unwrap();
            assert!((got - want).abs() <= 5e-4, "{freedom}: {got} {want}");
        }
        assert_eq!(t_90(0), None);
    }

    #[test]
    fn both_ways_meet() {
        let step = t_90(MANY).unwrap() - t_90(MANY + 1).unwrap();
        assert!(step > 0.0 && step < 1e-6, "{step}");
        assert!((1..400).all(|n| t_90(n).unwrap() > t_90(n + 1).unwrap()));
    }

    #[test]
    fn tails_keep_their_digits() {
        for (z, want) in [(-12.0, 1.776_482_112e-33), (-1.0, 0.158_655_253_9), (2.0, 0.977_249_868_1)] {
            assert!((normal_cdf(z) / want - 1.0).abs() < 1e-9, "{z}: {}", normal_cdf(z));
        }
    }
}
