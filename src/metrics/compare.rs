//! How a number changed (metrics.md §21), and whether two rates differ by more than chance.

use super::number::Number;

/// The change from one value to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// One of the values is not known.
    Unknown,
    /// From zero to anything else: no percentage says how much.
    New,
    /// Of a rate: the difference as a fraction; 0.01 is a percentage point.
    Points(f64),
    /// Of anything else: the difference over the value before, as a fraction.
    Relative(f64),
}

impl Change {
    /// The change of a number.
    pub fn of(now: Number, before: Number) -> Self {
        match (now.value(), before.value()) {
            (Some(a), Some(b)) if matches!(now, Number::Ratio { .. }) => Self::Points(a - b),
            (Some(a), Some(b)) if b != 0.0 => Self::Relative((a - b) / b.abs()),
            (Some(a), Some(_)) => {
                if a == 0.0 {
                    Self::Relative(0.0)
                } else {
                    Self::New
                }
            }
            _ => Self::Unknown,
        }
    }
}

/// Two-sided 95 % point of the normal distribution.
const Z_95: f64 = 1.959_963_984_540_054;

/// The z statistic of two proportions with pooled variance, `None` where a group is empty or nothing varies.
pub fn two_proportion_z(now: (u64, u64), before: (u64, u64)) -> Option<f64> {
    let ((x1, n1), (x2, n2)) = (now, before);
    if n1 == 0 || n2 == 0 {
        return None;
    }
    let (x1, n1, x2, n2) = (x1 as f64, n1 as f64, x2 as f64, n2 as f64);
    let pooled = (x1 + x2) / (n1 + n2);
    let error = (pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n2)).sqrt();
    (error > 0.0).then(|| (x1 / n1 - x2 / n2) / error)
}

/// Whether the difference of two proportions is within chance at 95 %; false where it cannot be told.
pub fn within_chance(now: Number, before: Number) -> bool {
    let (Number::Ratio { num: x1, den: n1 }, Number::Ratio { num: x2, den: n2 }) = (now, before) else {
        return false;
    };
    let group = |x: i128, n: i128| Some((u64::try_from(x).ok()?, u64::try_from(n).ok()?));
    let (Some(now), Some(before)) = (group(x1, n1), group(x2, n2)) else {
        return false;
    };
    two_proportion_z(now, before).is_some_and(|z| z.abs() < Z_95)
}

/// Wilson's 95 % interval of `x` of `n`, `None` without observations.
pub fn wilson(x: u64, n: u64) -> Option<(f64, f64)> {
    if n == 0 {
        return None;
    }
    let (share, n) = (x as f64 / n as f64, n as f64);
    let z2 = Z_95 * Z_95;
    let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z_95 / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    Some(((centre - half).max(0.0), (centre + half).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_change_by_points_and_nothing_is_infinite() {
        let rate = |num, den| Number::Ratio { num, den };
        assert_eq!(Change::of(rate(3, 10), rate(1, 4)), Change::Points(0.3 - 0.25));
        assert_eq!(Change::of(Number::Count(12), Number::Count(10)), Change::Relative(0.2));
        assert_eq!(Change::of(Number::Money(-5), Number::Money(-10)), Change::Relative(0.5));
        assert_eq!(Change::of(Number::Count(5), Number::Count(0)), Change::New);
        assert_eq!(Change::of(Number::Count(0), Number::Count(0)), Change::Relative(0.0));
        assert_eq!(Change::of(Number::None, Number::Count(1)), Change::Unknown);
    }

    #[test]
    fn d7_of_the_demo_fell_by_more_than_chance() {
        // screens.md section 9: 305 of 1,210 fell to 281 of 1,480, z -3.9.
        let z = two_proportion_z((281, 1480), (305, 1210)).unwrap();
        assert!((z + 3.9).abs() < 0.05, "{z}");
        let rate = |num, den| Number::Ratio { num, den };
        assert!(!within_chance(rate(281, 1480), rate(305, 1210)));
        // Paid rate 655 of 6,540 against 640 of 6,020: drawn with `~`.
        assert!(within_chance(rate(655, 6540), rate(640, 6020)));
        assert!(!within_chance(rate(1, 2), Number::None));
        assert_eq!(two_proportion_z((0, 5), (0, 7)), None);
    }

    #[test]
    fn wilson_intervals_are_those_of_the_screens() {
        // 301 of 1,000 is drawn as 27.3-33.0, 2.00 % of 17,250 as 1.80-2.22.
        let (low, high) = wilson(301, 1000).unwrap();
        assert!((low - 0.2734).abs() < 5e-4 && (high - 0.3301).abs() < 5e-4, "{low} {high}");
        let (low, high) = wilson(345, 17_250).unwrap();
        assert!((low - 0.0180).abs() < 5e-5 && (high - 0.0222).abs() < 5e-5, "{low} {high}");
        assert_eq!(wilson(0, 0), None);
        let (low, high) = wilson(0, 10).unwrap();
        assert!(low < 1e-12 && high > 0.2);
    }
}
