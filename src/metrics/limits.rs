//! What is abnormal: limits from moving ranges on weekday-adjusted values (planning.md §3.9, reading A23), and the
//! weekday index that adjusts them (§3.4, reading A10).

use crate::domain::calendar::{Calendar, Day, Grain};

/// Points that the limits are made from, the newest included.
const WINDOW: usize = 28;

/// Points below which there are no limits.
const LEAST: usize = 10;

/// Mean moving range to three sigma.
pub(super) const FACTOR: f64 = 2.66;

/// Points on one side of the mean that are a signal.
const RUN: usize = 8;

/// First-order autocorrelation above which one point outside is not enough.
const CORRELATED: f64 = 0.5;

/// Differences below this share of the largest value come from the last bits of its arithmetic.
const EPSILON: f64 = 1e-12;

/// Complete weeks that the weekday index is made from.
const WEEKS: i32 = 8;

/// Observations of a weekday below which its index is 1.
const OBSERVATIONS: usize = 3;

/// One observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// `None` where nothing was observed; 0 is an observation.
    pub value: Option<f64>,
    /// The value is divided by it: the weekday's index, 1 without one. 0 leaves the point out.
    pub weight: f64,
    /// Left out of the baseline: a holiday, an outage.
    pub flagged: bool,
}

/// Natural limits of a series and what its newest point says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Points used.
    pub n: usize,
    /// Mean and limits, as weekday-adjusted values; `None` with fewer than ten points.
    pub band: Option<Band>,
    /// The newest point is outside, or two of the last three where the series is correlated with itself.
    pub outside: bool,
    /// Each point resembles the one before it, so that one point outside is not enough.
    pub correlated: bool,
    /// The last eight points are on one side of the mean.
    pub run: bool,
}

/// Mean and natural limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Mean of the points.
    pub mean: f64,
    /// Mean less 2.66 mean moving ranges.
    pub lower: f64,
    /// Mean and 2.66 mean moving ranges.
    pub upper: f64,
}

/// Limits of a series, oldest point first.
pub fn limits(points: &[Point]) -> Limits {
    let used = |p: &Point| p.value.filter(|_| p.weight != 0.0 && !p.flagged).map(|v| v / p.weight);
    let all: Vec<f64> = points.iter().filter_map(used).collect();
    let z = &all[all.len().saturating_sub(WINDOW)..];
    let n = z.len();
    if n < LEAST {
        return Limits { n, band: None, outside: false, correlated: false, run: false };
    }
    let mean = z.iter().sum::<f64>() / n as f64;
    let range = moving_range(z);
    let band = Band { mean, lower: mean - FACTOR * range, upper: mean + FACTOR * range };
    // A series that never varies has its mean beside it by a bit, and is neither outside nor on one side.
    let bit = bit(z);
    let out = |v: &f64| *v < band.lower - bit || *v > band.upper + bit;
    let correlated = autocorrelation(z, mean) > CORRELATED;
    let outside = if correlated { z[n - 3..].iter().filter(|v| out(v)).count() >= 2 } else { out(&z[n - 1]) };
    let tail = &z[n - RUN..];
    let run = tail.iter().all(|v| *v > mean + bit) || tail.iter().all(|v| *v < mean - bit);
    Limits { n, band: Some(band), outside, correlated, run }
}

/// What values of this size may differ by without being different.
pub(super) fn bit(z: &[f64]) -> f64 {
    EPSILON * z.iter().fold(0.0_f64, |size, v| size.max(v.abs()))
}

/// Mean distance of each value from the one before; 0 with fewer than two.
pub(super) fn moving_range(z: &[f64]) -> f64 {
    z.windows(2).map(|w| (w[1] - w[0]).abs()).sum::<f64>() / z.len().saturating_sub(1).max(1) as f64
}

/// Correlation of each point with the one before; 0 where nothing varies.
pub(super) fn autocorrelation(z: &[f64], mean: f64) -> f64 {
    let spread: f64 = z.iter().map(|v| (v - mean).powi(2)).sum();
    let lagged: f64 = z.windows(2).map(|w| (w[1] - mean) * (w[0] - mean)).sum();
    if spread > 0.0 { lagged / spread } else { 0.0 }
}

/// One day of a metric's history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed {
    /// The day.
    pub day: Day,
    /// Its value.
    pub value: f64,
    /// Left out of the baseline.
    pub flagged: bool,
}

/// Mean of each weekday over the mean of all days, Monday first, from the last eight Monday weeks that `through` ends.
///
/// 1 for a weekday with fewer than three observations, and for all where the mean is 0.
pub fn weekday_index(history: &[Observed], through: Day) -> [f64; 7] {
    let monday = Calendar::UTC.bucket(Grain::Week, through.plus(1)).first;
    let (mut sums, mut counts) = ([0.0; 7], [0_usize; 7]);
    for o in history.iter().filter(|o| !o.flagged && (-7 * WEEKS..0).contains(&o.day.since(monday))) {
        let weekday = o.day.since(monday).rem_euclid(7) as usize;
        sums[weekday] += o.value;
        counts[weekday] += 1;
    }
    let all: usize = counts.iter().sum();
    let mean = sums.iter().sum::<f64>() / all.max(1) as f64;
    let mut index = [1.0; 7];
    for weekday in (0..7).filter(|w| counts[*w] >= OBSERVATIONS && mean != 0.0) {
        index[weekday] = sums[weekday] / counts[weekday] as f64 / mean;
    }
    index
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CALM: [f64; 13] = [102.0, 98.0, 101.0, 97.0, 103.0, 99.0, 100.0, 104.0, 96.0, 101.0, 98.0, 102.0, 131.0];

    fn points(values: &[f64]) -> Vec<Point> {
        values.iter().map(|v| Point { value: Some(*v), weight: 1.0, flagged: false }).collect()
    }

    fn near(got: Limits, mean: f64, lower: f64, upper: f64) {
        let band = got.band.unwrap();
        for (got, want) in [(band.mean, mean), (band.lower, lower), (band.upper, upper)] {
            assert!((got - want).abs() < 1e-8, "{got} {want}");
        }
    }

    #[test]
    fn the_newest_point_is_outside_and_nine_points_have_no_limits() {
        // Case plan_xmr_outside.
        let got = limits(&points(&CALM));
        near(got, 102.461_538_461_5, 85.836_538_461_54, 119.086_538_461_5);
        assert_eq!((got.n, got.outside, got.run), (13, true, false));
        let got = limits(&points(&CALM[..12]));
        near(got, 100.083_333_333_3, 88.959_696_969_7, 111.206_969_697);
        assert_eq!((got.n, got.outside, got.run), (12, false, false));
        assert_eq!(
            limits(&points(&CALM[..9])),
            Limits { n: 9, band: None, outside: false, correlated: false, run: false }
        );
    }

    #[test]
    fn weekday_adjusted_values_with_a_flagged_day() {
        // Case plan_xmr_weekday.
        let values =
            [450.0, 460.8, 470.25, 489.0, 555.5, 912.0, 473.1, 452.7, 441.9, 482.6, 497.0, 543.4, 607.2, 463.6, 373.5];
        let weights = [0.9, 0.9, 0.95, 1.0, 1.1, 1.2, 0.95];
        let mut list = points(&values);
        for (i, p) in list.iter_mut().enumerate() {
            (p.weight, p.flagged) = (weights[i % 7], i == 5);
        }
        let got = limits(&list);
        near(got, 492.928_571_428_6, 450.163_956_044, 535.693_186_813_2);
        assert_eq!((got.n, got.outside, got.run), (14, true, false));
        // Missing and weightless points are left out; a 0 is a point.
        list.push(Point { value: None, weight: 1.0, flagged: false });
        list.push(Point { value: Some(1.0), weight: 0.0, flagged: false });
        assert_eq!(limits(&list), got);
        list.push(Point { value: Some(0.0), weight: 1.0, flagged: false });
        assert_eq!(limits(&list).n, 15);
    }

    #[test]
    fn a_correlated_series_needs_two_of_three_outside_and_a_run_eight() {
        let mut values: Vec<f64> = (0..20).map(|i| 100.0 + f64::from(i / 10)).collect();
        let got = limits(&points(&values));
        // The step is one moving range of 1 in 19: both halves are outside, and the last ten above the mean.
        assert!(got.outside && got.run);
        values.extend([100.5, 110.0]);
        let got = limits(&points(&values));
        assert!(!got.run);
        let tame: Vec<f64> = (0..27).map(f64::from).collect();
        let mut trend = points(&tame);
        trend.push(Point { value: Some(27.0), weight: 1.0, flagged: false });
        assert!(limits(&trend).outside);
        trend[26].value = Some(13.5);
        trend[25].value = Some(13.5);
        assert!(!limits(&trend).outside);
    }

    #[test]
    fn a_series_that_never_varies_says_nothing() {
        // Ten times 0.1 add up to a bit less than 1.
        let got = limits(&points(&[0.1; 10]));
        assert!(got.band.is_some_and(|b| b.mean < 0.1) && !got.outside && !got.run);
    }

    #[test]
    fn only_the_newest_28_points_count() {
        let mut values = vec![1e9; 30];
        values.extend((0..28).map(|i| f64::from(i % 3)));
        let got = limits(&points(&values));
        assert_eq!(got.n, 28);
        assert_eq!(got, limits(&points(&values[30..])));
    }

    #[test]
    fn the_index_is_made_from_complete_weeks() {
        // 2026-06-01 is a Monday; 100 on weekdays, 150 on Saturdays, a running week that does not count.
        let monday = Day::parse("2026-06-01").unwrap();
        let value = |d: i32| if d.rem_euclid(7) == 5 { 150.0 } else { 100.0 };
        let observed = |d: i32| Observed { day: monday.plus(d), value: value(d), flagged: false };
        let mut history: Vec<Observed> = (-70..-56).map(|d| Observed { value: 9e9, ..observed(d) }).collect();
        history.extend((-56..0).map(observed));
        history.extend((0..3).map(|d| Observed { value: 9e9, ..observed(d) }));
        let index = weekday_index(&history, monday.plus(2));
        let mean = 750.0 / 7.0;
        assert!((index[0] - 100.0 / mean).abs() < 1e-12 && (index[5] - 150.0 / mean).abs() < 1e-12, "{index:?}");
        // The Sunday that ends a week makes it complete.
        assert!(weekday_index(&history, monday.plus(6))[0] > 2.0 * index[0]);
        // Two observations of a weekday are too few.
        let flat = |history: &[Observed]| weekday_index(history, monday).iter().all(|i| (i - 1.0).abs() < 1e-12);
        let few: Vec<Observed> = (-14..0).map(observed).collect();
        assert!(flat(&few));
        let zero: Vec<Observed> = (-56..0).map(|d| Observed { value: 0.0, ..observed(d) }).collect();
        assert!(flat(&zero));
        assert!(flat(&[]));
    }

    proptest! {
        #[test]
        fn limits_move_and_stretch_with_the_values(
            values in prop::collection::vec(-50_i32..50, 10..40),
            shift in -20_i32..20,
            scale in 1_i32..5,
        ) {
            let of = |v: &i32| f64::from(*v);
            let plain = limits(&points(&values.iter().map(of).collect::<Vec<_>>()));
            let moved = limits(&points(&values.iter().map(|v| f64::from(v * scale + shift)).collect::<Vec<_>>()));
            let (a, b) = (plain.band.unwrap(), moved.band.unwrap());
            for (x, y) in [(a.mean, b.mean), (a.lower, b.lower), (a.upper, b.upper)] {
                prop_assert!((x * f64::from(scale) + f64::from(shift) - y).abs() < 1e-6);
            }
            prop_assert!(a.lower <= a.mean && a.mean <= a.upper);
        }
    }
}
