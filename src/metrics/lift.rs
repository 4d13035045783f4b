//! A period beside the same weekdays of the four weeks before it (metrics.md, lift). It says what was different, never
//! what made it so.

use crate::domain::calendar::{Day, Span};

/// Weeks before the period that tell what is usual.
pub const WEEKS: i32 = 4;

/// A metric on one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed {
    /// The day.
    pub day: Day,
    /// Its value.
    pub value: f64,
}

/// What a period is held against.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Lift {
    /// Days of the period that are compared: those with a value whose weekday has one before.
    pub days: u64,
    /// Mean of these; 0 without any.
    pub mean: f64,
    /// Days before that tell what is usual.
    pub usual_days: u64,
    /// Mean over the days of the period of the mean of their weekday in the weeks before; 0 without any.
    pub usual: f64,
}

impl Lift {
    /// Mean over what is usual; `None` where that is 0.
    pub fn ratio(&self) -> Option<f64> {
        (self.usual != 0.0).then(|| self.mean / self.usual)
    }
}

/// The days before a period that it is held against.
pub fn before(period: Span) -> Span {
    Span { first: period.first.plus(-7 * WEEKS), last: period.first.plus(-1) }
}

/// The lift of a period from observations in any order, each day once; flagged days count on neither side.
///
/// Each day of the period is held against its own weekday, so that a period of ten days counts no weekday for more than
/// it is.
pub fn lift(observed: &[Observed], period: Span, flagged: &dyn Fn(Day) -> bool) -> Lift {
    let counts = |span: Span| observed.iter().filter(move |o| span.contains(o.day) && !flagged(o.day));
    let weekday = |day: Day| day.0.rem_euclid(7) as usize;
    let (mut sums, mut days) = ([0.0; 7], [0_u64; 7]);
    for usual in counts(before(period)) {
        sums[weekday(usual.day)] += usual.value;
        days[weekday(usual.day)] += 1;
    }
    let (mut lift, mut used) = (Lift::default(), [false; 7]);
    for now in counts(period) {
        let at = weekday(now.day);
        if days[at] > 0 {
            used[at] = true;
            lift.days += 1;
            lift.mean += now.value;
            lift.usual += sums[at] / days[at] as f64;
        }
    }
    if lift.days > 0 {
        lift.mean /= lift.days as f64;
        lift.usual /= lift.days as f64;
    }
    lift.usual_days = days.iter().zip(used).filter(|(_, used)| *used).map(|(days, _)| days).sum();
    lift
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn days(values: &[(i32, f64)]) -> Vec<Observed> {
        values.iter().map(|(day, value)| Observed { day: Day(*day), value: *value }).collect()
    }

    fn span(first: i32, last: i32) -> Span {
        Span { first: Day(first), last: Day(last) }
    }

    #[test]
    fn a_day_is_held_against_its_weekday() {
        let observed = days(&[(0, 10.0), (7, 20.0), (14, 30.0), (21, 40.0), (22, 1000.0), (28, 50.0), (-7, 1000.0)]);
        let found = lift(&observed, span(28, 28), &|_| false);
        assert_eq!(found, Lift { days: 1, mean: 50.0, usual_days: 4, usual: 25.0 });
        assert_eq!(found.ratio(), Some(2.0));
        let flagged = lift(&observed, span(28, 28), &|day| day == Day(21));
        assert_eq!((flagged.usual_days, flagged.usual), (3, 20.0));
        assert_eq!(lift(&observed, span(28, 28), &|day| day == Day(28)), Lift::default());
        assert_eq!(lift(&observed, span(30, 31), &|_| false).ratio(), None);
    }

    proptest! {
        #[test]
        fn it_is_that_of_a_naive_recount(
            values in prop::collection::btree_map(0_i32..60, 0_u32..100, 0..60),
            (first, length) in (28_i32..50, 0_i32..10), flags in prop::collection::btree_set(0_i32..60, 0..10),
        ) {
            let observed: Vec<Observed> =
                values.iter().map(|(d, v)| Observed { day: Day(*d), value: f64::from(*v) }).collect();
            let flagged = |day: Day| flags.contains(&day.0);
            let value = |day: i32| values.get(&day).filter(|_| !flags.contains(&day)).map(|v| f64::from(*v));
            let (mut now, mut usual, mut used) = (Vec::new(), Vec::new(), std::collections::BTreeSet::new());
            for day in first..=first + length {
                // The same weekday of each of the four weeks before the first day of the period.
                let same: Vec<(i32, f64)> = (first - 28..first)
                    .filter(|d| (d - day).rem_euclid(7) == 0)
                    .filter_map(|d| Some((d, value(d)?)))
                    .collect();
                if let (Some(value), false) = (value(day), same.is_empty()) {
                    now.push(value);
                    usual.push(same.iter().map(|s| s.1).sum::<f64>() / same.len() as f64);
                    used.extend(same.iter().map(|s| s.0));
                }
            }
            let mean = |list: &[f64]| list.iter().sum::<f64>() / (list.len().max(1)) as f64;
            let found = lift(&observed, span(first, first + length), &flagged);
            prop_assert_eq!((found.days, found.usual_days), (now.len() as u64, used.len() as u64));
            prop_assert!((found.mean - mean(&now)).abs() < 1e-9 && (found.usual - mean(&usual)).abs() < 1e-9);
        }
    }
}
