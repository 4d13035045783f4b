//! What is abnormal today, since when and by how much (planning.md §3.9): a series against its own limits, a rate against
//! chance, data that does not come; and of several that move together the one that explains the others.

mod dedupe;
#[cfg(test)]
mod simulation;

pub use dedupe::{Cause, Link, Share, deepest};

use super::limits::{self, Observed, weekday_index};
use crate::domain::calendar::{Calendar, Day, Grain};

/// Points in which a change is looked for, the newest included.
const WINDOW: usize = 28;
/// Points before a change without which there is nothing to compare with.
const BEFORE: usize = 5;
/// Moving-range limits are so many standard deviations from the mean.
const SIGMAS: f64 = 3.0;
/// A day is no ordinary one beyond so many median distances from its weekday: four standard deviations.
const FAR: f64 = 6.0;
/// Newest points, which are held against the limits of those before them.
const NEWEST: usize = 3;
/// Points of a run.
const RUN: usize = 8;

/// Where exceptions begin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// Least distance of the mean of a run from that of the window, in standard deviations: a run that is hardly beside
    /// the mean is one by chance too often.
    pub run_sigma: f64,
    /// Least distance of a day that is outside, in standard deviations: with eight series a limit of three is passed by
    /// chance too often.
    pub outside_sigma: f64,
    /// Least two-proportion z of a rate before and since a day. It is the greatest of many days, so it is well above 2.
    pub shift_z: f64,
    /// Least part of a change that its parts must have for the change to be theirs.
    pub explained: f64,
    /// Days after which data that does not come is missing.
    pub missing_days: i32,
}

impl Default for Rules {
    fn default() -> Self {
        Self { run_sigma: 1.2, outside_sigma: 3.4, shift_z: 3.5, explained: 0.6, missing_days: 2 }
    }
}

/// One day of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// The day.
    pub day: Day,
    /// Its value; `None` where nothing was observed.
    pub value: Option<f64>,
    /// Successes and trials, of a rate that counts independent ones.
    pub counts: Option<(f64, f64)>,
    /// Left out: a holiday, an outage.
    pub flagged: bool,
}

/// What makes it an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sign {
    /// The newest day is outside the natural limits.
    Outside,
    /// The last eight days are on one side of the mean, and clearly so.
    Run,
    /// A rate has changed by more than chance.
    Shift,
    /// Nothing is observed any more.
    Missing,
}

/// A series that is not as usual.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exception {
    /// Why it is one.
    pub sign: Sign,
    /// First day that is not as usual.
    pub since: Day,
    /// An ordinary day since then, weekday-adjusted; `None` where nothing is observed.
    pub actual: Option<f64>,
    /// An ordinary day before.
    pub usual: f64,
}

impl Exception {
    /// The change as a fraction of what is usual; `None` where that is 0 or nothing is observed.
    pub fn change(&self) -> Option<f64> {
        self.actual.filter(|_| self.usual != 0.0).map(|actual| (actual - self.usual) / self.usual.abs())
    }
}

/// Whether the newest days of a series, oldest first, are as usual; `due` is the last day that should be there.
pub fn examine(points: &[Seen], due: Day, rules: &Rules) -> Option<Exception> {
    let known: Vec<&Seen> = points.iter().filter(|p| p.value.is_some() && !p.flagged && p.day <= due).collect();
    let newest = known.last()?.day;
    if due.since(newest) >= rules.missing_days {
        let tail = &known[known.len().saturating_sub(WINDOW)..];
        let usual = tail.iter().filter_map(|p| p.value).sum::<f64>() / tail.len() as f64;
        // What comes once a week is not missing after two days.
        let regular = tail.len() >= RUN && tail[tail.len() - RUN].day.since(newest).abs() < RUN as i32 + 2;
        return regular.then_some(Exception { sign: Sign::Missing, since: newest.plus(1), actual: None, usual });
    }
    shift(&known, rules).or_else(|| beyond(&known, newest, rules))
}

/// A series against the limits of its own moving ranges.
fn beyond(known: &[&Seen], newest: Day, rules: &Rules) -> Option<Exception> {
    let observed: Vec<Observed> =
        known.iter().filter_map(|p| Some(Observed { day: p.day, value: p.value?, flagged: false })).collect();
    let index = weekday_index(&ordinary(&observed), newest);
    let monday = Calendar::UTC.bucket(Grain::Week, newest).first;
    let weight = |day: Day| index[day.since(monday).rem_euclid(7) as usize];
    let weighted = observed.iter().filter(|o| weight(o.day) != 0.0);
    let z: Vec<(Day, f64)> = weighted.map(|o| (o.day, o.value / weight(o.day))).collect();
    let points: Vec<limits::Point> =
        z.iter().map(|(_, z)| limits::Point { value: Some(*z), weight: 1.0, flagged: false }).collect();
    let found = limits::limits(&points);
    let outside = outside(&z, found.correlated, rules)?;
    let recent = mean(&z[z.len() - RUN.min(z.len())..]);
    let off = |band: limits::Band| (recent - band.mean).abs() * SIGMAS >= rules.run_sigma * (band.upper - band.mean);
    let sign = if outside {
        Sign::Outside
    } else if found.run && found.band.is_some_and(off) {
        Sign::Run
    } else {
        return None;
    };
    let window = &z[z.len().saturating_sub(WINDOW)..];
    let least = if sign == Sign::Run { RUN } else { 1 };
    let at = change(window, least)?;
    let (before, since) = window.split_at(at);
    Some(Exception { sign, since: since.first()?.0, actual: Some(mean(since)), usual: mean(before) })
}

/// Whether the newest of weekday-adjusted values is far from those before, or two of the last three where one alone says
/// little; `None` with too few before. A fall of the last days must not widen the limits that it is held against, and
/// twice as many days tell how much a day varies as tell the level, which may drift.
fn outside(z: &[(Day, f64)], correlated: bool, rules: &Rules) -> Option<bool> {
    let values: Vec<f64> = z.iter().map(|(_, z)| *z).collect();
    let (before, last) = values.split_at(values.len().checked_sub(NEWEST)?);
    let point = |z: &f64| limits::Point { value: Some(*z), weight: 1.0, flagged: false };
    let level = limits::limits(&before.iter().map(point).collect::<Vec<_>>()).band?.mean;
    let calm = &before[before.len().saturating_sub(2 * WINDOW)..];
    let sigma = limits::FACTOR / SIGMAS * limits::moving_range(calm);
    let far = |z: &&f64| (**z - level).abs() > rules.outside_sigma * sigma + limits::bit(calm);
    let enough = if correlated { 2 } else { 1 };
    let judged = if correlated { last } else { &last[NEWEST - 1..] };
    Some(judged.iter().filter(far).count() >= enough)
}

/// The days with those flagged that are far from the median of their weekday: a campaign of some days must not make its
/// weekdays look strong and the others weak.
fn ordinary(observed: &[Observed]) -> Vec<Observed> {
    let weekday = |day: Day| day.0.rem_euclid(7);
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(0.0)
    };
    let of: [f64; 7] = std::array::from_fn(|at| {
        median(observed.iter().filter(|o| weekday(o.day) == at as i32).map(|o| o.value).collect())
    });
    let beside = |o: &Observed| {
        let usual = of[weekday(o.day) as usize];
        if usual == 0.0 { 0.0 } else { (o.value / usual - 1.0).abs() }
    };
    let spread = median(observed.iter().map(beside).collect());
    observed.iter().map(|o| Observed { flagged: spread > 0.0 && beside(o) > FAR * spread, ..*o }).collect()
}

fn mean(z: &[(Day, f64)]) -> f64 {
    z.iter().map(|(_, z)| z).sum::<f64>() / z.len().max(1) as f64
}

/// Where the mean changes most: the split with the greatest sum of squares between both sides.
fn change(z: &[(Day, f64)], least: usize) -> Option<usize> {
    let n = z.len() as f64;
    let between = |at: usize| {
        let (a, b) = (at as f64, n - at as f64);
        a * b / n * (mean(&z[at..]) - mean(&z[..at])).powi(2)
    };
    let last = z.len().checked_sub(least)?;
    (BEFORE..=last).max_by(|a, b| between(*a).total_cmp(&between(*b)))
}

/// A rate of independent trials before and since the day on which it changes most, over twice the window: rates of small
/// cohorts are too noisy for the limits of single days.
fn shift(known: &[&Seen], rules: &Rules) -> Option<Exception> {
    let tail = &known[known.len().saturating_sub(2 * WINDOW)..];
    let counts: Vec<(Day, f64, f64)> = tail.iter().filter_map(|p| p.counts.map(|(k, n)| (p.day, k, n))).collect();
    if counts.len() < tail.len() || counts.len() < 2 * BEFORE {
        return None;
    }
    let sum = |part: &[(Day, f64, f64)]| part.iter().fold((0.0, 0.0), |(k, n), p| (k + p.1, n + p.2));
    let score = |at: usize| {
        let ((k0, n0), (k1, n1)) = (sum(&counts[..at]), sum(&counts[at..]));
        let pooled = (k0 + k1) / (n0 + n1);
        let error = (pooled * (1.0 - pooled) * (1.0 / n0 + 1.0 / n1)).sqrt();
        if error > 0.0 { ((k1 / n1 - k0 / n0) / error).abs() } else { 0.0 }
    };
    let at = (BEFORE..counts.len()).max_by(|a, b| score(*a).total_cmp(&score(*b)))?;
    if score(at).is_nan() || score(at) < rules.shift_z {
        return None;
    }
    let ((k0, n0), (k1, n1)) = (sum(&counts[..at]), sum(&counts[at..]));
    Some(Exception { sign: Sign::Shift, since: counts[at].0, actual: Some(k1 / n1), usual: k0 / n0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(values: &[Option<f64>]) -> Vec<Seen> {
        let seen = |(at, value): (usize, &Option<f64>)| Seen {
            day: Day(at as i32),
            value: *value,
            counts: None,
            flagged: false,
        };
        values.iter().enumerate().map(seen).collect()
    }

    fn calm(n: usize) -> Vec<Option<f64>> {
        (0..n).map(|i| Some(100.0 + [0.0, 2.0, -1.0, 1.0, -2.0][i % 5])).collect()
    }

    #[test]
    fn a_drop_is_named_with_its_first_day_and_what_was_usual() {
        let mut values = calm(40);
        values.extend([Some(80.0), Some(81.0)]);
        let found = examine(&days(&values), Day(41), &Rules::default()).unwrap();
        assert_eq!((found.sign, found.since), (Sign::Outside, Day(40)));
        assert!((found.actual.unwrap() - 80.5).abs() < 1.0 && (found.usual - 100.0).abs() < 1.0, "{found:?}");
        assert!((found.change().unwrap() + 0.195).abs() < 0.01);
        assert_eq!(examine(&days(&calm(42)), Day(41), &Rules::default()), None);
    }

    #[test]
    fn data_that_does_not_come_is_an_exception_and_weekly_data_is_not() {
        let mut values = calm(30);
        values.extend([None, None, None]);
        let found = examine(&days(&values), Day(32), &Rules::default()).unwrap();
        assert_eq!((found.sign, found.since, found.actual), (Sign::Missing, Day(30), None));
        let weekly: Vec<Option<f64>> = (0..60).map(|i| (i % 7 == 0).then_some(100.0)).collect();
        assert_eq!(examine(&days(&weekly), Day(59), &Rules::default()), None);
        assert_eq!(examine(&[], Day(9), &Rules::default()), None);
    }

    #[test]
    fn a_rate_shifts_on_the_day_from_which_chance_no_longer_tells_it() {
        let rate = |at: i32| if at < 40 { 26.0 } else { 17.0 };
        let seen = |at: i32| Seen {
            day: Day(at),
            value: Some(rate(at) / 100.0),
            counts: Some((rate(at) + f64::from(at % 3 - 1), 100.0)),
            flagged: false,
        };
        let points: Vec<Seen> = (0..54).map(seen).collect();
        let found = examine(&points, Day(53), &Rules::default()).unwrap();
        assert_eq!((found.sign, found.since), (Sign::Shift, Day(40)));
        // 26 of 100 before, 17 of 100 since.
        assert!((found.usual - 0.26).abs() < 0.002 && (found.actual.unwrap() - 0.17).abs() < 0.002, "{found:?}");
    }
}
