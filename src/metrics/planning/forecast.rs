//! Where a target will end, with a band that holds it in about 80 % (planning.md §3.5, T18-T20, readings A15-A18).

use super::attainment::met;
use super::quantile::{NORMAL_90, normal_cdf, t_90};
use super::{Status, Thresholds, finite, over, reaches};
use crate::metrics::catalog::Direction;
use crate::metrics::limits::{Point, autocorrelation};

/// Newest usable days that a forecast is made from.
const WINDOW: usize = 28;

/// Days below which there is none.
const LEAST: usize = 7;

/// Newest days whose mean counts alone where it has left that of all.
const RECENT: usize = 7;

/// Largest correlation of a day with the one before that widens the band.
const MOST_CORRELATED: f64 = 0.8;

/// What is to be reached by the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goal {
    /// The target.
    pub target: f64,
    /// What a higher value means.
    pub direction: Direction,
    /// Actual over line: the verdict where there is no forecast.
    pub pace: Option<f64>,
}

/// What is expected at the end of a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// Days, or daily changes, it could be made from; `None` for a ratio.
    pub n: Option<usize>,
    /// The last seven days are on another level than all, and stand for the days ahead.
    pub level_shift: bool,
    /// The numbers; `None` from fewer than seven days or without an actual value.
    pub band: Option<Band>,
    /// The verdict, by probability, else by pace; `None` without both.
    pub status: Option<Status>,
}

/// A value at the end and how sure it is, in the metric's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// The value expected.
    pub value: f64,
    /// Its standard deviation.
    pub sd: f64,
    /// Lower end of the band.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Probability that the target is met.
    pub p_hit: f64,
}

impl Band {
    fn new(value: f64, sd: f64, quantile: f64, goal: &Goal) -> Option<Self> {
        let sign = if goal.direction == Direction::Up { 1.0 } else { -1.0 };
        let p_hit = match over(sign * (value - goal.target), sd) {
            Some(z) => normal_cdf(z),
            None if met(value, goal.target, goal.direction) => 1.0,
            None => 0.0,
        };
        finite(value)?;
        Some(Self { value, sd: finite(sd)?, low: value - quantile * sd, high: value + quantile * sd, p_hit })
    }
}

/// What was seen of a series: size, mean, spread and correlation of its newest usable values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Values.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation, over `n - 1`.
    pub sd: f64,
    /// Correlation of each with the one before.
    pub r1: f64,
}

impl Moments {
    fn of(values: &[f64]) -> Self {
        let n = values.len();
        let mean = over(values.iter().sum(), n as f64).unwrap_or(0.0);
        let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
        let sd = over(squares, n.saturating_sub(1) as f64).unwrap_or(0.0).sqrt();
        // The same value every day has a spread of 0, not one from the last bits of dividing by weights.
        let size = values.iter().fold(0.0_f64, |size, v| size.max(v.abs()));
        let sd = if sd <= super::EPSILON * 1e-3 * size { 0.0 } else { sd };
        Self { n, mean, sd, r1: if sd == 0.0 { 0.0 } else { autocorrelation(values, mean) } }
    }

    /// Variance of the days ahead together, widened by `(1 + r) / (1 - r)`: `spread` is that of independent days, in
    /// variances of one.
    fn variance(&self, spread: f64) -> f64 {
        let r = self.r1.clamp(0.0, MOST_CORRELATED);
        (1.0 + r) / (1.0 - r) * self.sd.powi(2) * spread
    }

    /// Quantile of the band; `None` below seven values.
    fn quantile(&self) -> Option<f64> {
        if self.n < LEAST { None } else { t_90(self.n - 1) }
    }
}

/// A flow: `F = A + m R`, with the mean `m` of a unit of weight and the weight `R` of the days ahead.
///
/// `history` holds the complete days, oldest first, with the weight of each; days without a value or weight and flagged
/// ones are left out, and the newest 28 of the others used. `ahead` are the weights of the days that are not over.
pub fn flow(history: &[Point], ahead: &[f64], actual: Option<f64>, goal: &Goal, thresholds: &Thresholds) -> Forecast {
    let used = |p: &Point| p.value.filter(|_| p.weight != 0.0 && !p.flagged).map(|v| v / p.weight);
    let all: Vec<f64> = history.iter().filter_map(used).collect();
    let z = &all[all.len().saturating_sub(WINDOW)..];
    let seen = Moments::of(z);
    let recent = Moments::of(&z[z.len().saturating_sub(RECENT)..]);
    let noise = 2.0 * seen.sd * (1.0 / RECENT as f64 + 1.0 / seen.n as f64).sqrt();
    let level_shift = seen.n > RECENT && seen.sd > 0.0 && !reaches(noise, (recent.mean - seen.mean).abs());
    let level = if level_shift { recent } else { seen };
    let weight: f64 = ahead.iter().sum();
    let squares: f64 = ahead.iter().map(|w| w * w).sum();
    let band = actual.zip(seen.quantile()).and_then(|(actual, quantile)| {
        let sd = seen.variance(squares + weight * weight / level.n as f64).sqrt();
        let band = Band::new(actual + level.mean * weight, sd, quantile, goal)?;
        Some(Band { low: band.low.max(actual), ..band })
    });
    judged(Forecast { n: Some(seen.n), level_shift, band, status: None }, goal, thresholds)
}

/// A level so far: its last value and its daily changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Last value; `None` where none was observed.
    pub last: Option<f64>,
    /// Its changes from day to day.
    pub changes: Moments,
}

impl Level {
    /// From one value a day, oldest first: the newest 28 changes between days that both have a value.
    pub fn of(days: &[Option<f64>]) -> Self {
        let all: Vec<f64> = days.windows(2).filter_map(|pair| Some(pair[1]? - pair[0]?)).collect();
        let changes = Moments::of(&all[all.len().saturating_sub(WINDOW)..]);
        Self { last: days.iter().flatten().last().copied(), changes }
    }
}

/// A level so many days ahead: `F = last + m h`. It may fall, so its band is not cut off.
pub fn level(seen: &Level, horizon: usize, goal: &Goal, thresholds: &Thresholds) -> Forecast {
    let (days, changes) = (horizon as f64, &seen.changes);
    let band = seen.last.zip(changes.quantile()).and_then(|(last, quantile)| {
        let sd = changes.variance(days + days * days / changes.n as f64).sqrt();
        Band::new(last + changes.mean * days, sd, quantile, goal)
    });
    judged(Forecast { n: Some(changes.n), level_shift: false, band, status: None }, goal, thresholds)
}

/// A share of counted things: so many successes of so many so far, and those expected at the recent rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counts {
    /// Successes so far.
    pub num: f64,
    /// All so far.
    pub den: f64,
    /// How many more are expected.
    pub expected_den: f64,
    /// Rate of the recent ones.
    pub recent_rate: f64,
}

/// A ratio at the end. Only for shares of counted things: elsewhere the spread says nothing, and there is no band.
pub fn ratio(counts: Option<&Counts>, goal: &Goal, thresholds: &Thresholds) -> Forecast {
    let band = counts.and_then(|c| {
        let all = c.den + c.expected_den;
        let variance = c.recent_rate * (1.0 - c.recent_rate) * c.expected_den;
        let value = over(c.num + c.recent_rate * c.expected_den, all)?;
        Band::new(value, over(Some(variance).filter(|v| *v >= 0.0)?.sqrt(), all)?, NORMAL_90, goal)
    });
    judged(Forecast { n: None, level_shift: false, band, status: None }, goal, thresholds)
}

/// The verdict: by the probability of the target, else by pace.
fn judged(forecast: Forecast, goal: &Goal, t: &Thresholds) -> Forecast {
    let by = |value: f64, ok: f64, risk: f64| match value {
        v if reaches(v, ok) => Status::Ok,
        v if reaches(v, risk) => Status::Risk,
        _ => Status::Off,
    };
    let status = match forecast.band {
        Some(band) => Some(by(band.p_hit, t.hit_ok, t.hit_risk)),
        None => goal.pace.map(|pace| match goal.direction {
            Direction::Up => by(pace, t.pace_ok, t.pace_risk),
            // Spending 3 % more than the line is as bad as selling 3 % less.
            Direction::Down => by(2.0 - pace, t.pace_ok, t.pace_risk),
        }),
    };
    Forecast { status, ..forecast }
}

#[cfg(test)]
mod tests;
