//! Time, work, result and budget of a plan, and what they tell together (planning.md §3.6, reading A19).

use super::{Thresholds, reaches};
use crate::domain::plans::TaskState;

/// Four fractions; `None` where there is none, which takes part in no reading.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Gauges {
    /// Share of the period's weight that is over: [`Curve::share`](super::curve::Curve::share).
    pub time: Option<f64>,
    /// Share of the work that is done: [`work`].
    pub work: Option<f64>,
    /// Attainment of the primary: [`attainment`](super::attainment::attainment).
    pub result: Option<f64>,
    /// Share of what was granted that is spent: [`spent`].
    pub budget: Option<f64>,
}

/// What gauges tell, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reading {
    /// Money goes much faster than time, and the result does not.
    Burning,
    /// The result is there, and a guard-rail is broken.
    Quality,
    /// The work is done, the effect is not.
    Lever,
    /// Work is far behind time.
    Late,
    /// The result comes without the work.
    Tailwind,
}

impl Reading {
    /// As it is told.
    pub fn text(self) -> &'static str {
        match self {
            Self::Burning => "burning: budget leads time and result",
            Self::Quality => "bought with quality: a guardrail is broken",
            Self::Lever => "work is done, effect is not: wrong lever?",
            Self::Late => "execution late",
            Self::Tailwind => "tailwind, or the target is too easy",
        }
    }
}

/// Estimated minutes done over all; tasks where none has an estimate. Dropped tasks don't count; `None` without a task.
pub fn work(tasks: &[(TaskState, Option<f64>)]) -> Option<f64> {
    let kept = || tasks.iter().filter(|(state, _)| *state != TaskState::Dropped);
    let share = |size: fn(&Option<f64>) -> f64| {
        let sum = |of: &mut dyn Iterator<Item = &(TaskState, Option<f64>)>| {
            of.map(|(_, e)| size(e)).fold(0.0, |sum, size| sum + size)
        };
        super::over(sum(&mut kept().filter(|(state, _)| *state == TaskState::Done)), sum(&mut kept()))
    };
    share(|estimate| estimate.unwrap_or(0.0)).or_else(|| share(|_| 1.0))
}

/// Spent over granted; `None` where nothing was granted.
pub fn spent(spent: Option<f64>, granted: Option<f64>) -> Option<f64> {
    super::over(spent?, granted?)
}

/// Every reading that holds, the worst first.
pub fn readings(gauges: &Gauges, guardrail_broken: bool, thresholds: &Thresholds) -> Vec<Reading> {
    let Gauges { time, work, result, budget } = *gauges;
    let least = |a: Option<f64>, b: Option<f64>| a.zip(b).is_some_and(|(a, b)| reaches(a, b));
    let much = |a: Option<f64>, b: Option<f64>| a.zip(b).is_some_and(|(a, b)| reaches(a - b, thresholds.margin));
    let all = [
        (Reading::Burning, much(budget, time) && least(time, result)),
        (Reading::Quality, guardrail_broken && least(result, time)),
        (Reading::Lever, much(work, result) && least(work, time)),
        (Reading::Late, much(time, work)),
        (Reading::Tailwind, much(result, work)),
    ];
    all.into_iter().filter(|(_, holds)| *holds).map(|(reading, _)| reading).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(time: f64, work: f64, result: f64, budget: f64) -> Vec<Reading> {
        let gauges = Gauges { time: Some(time), work: Some(work), result: Some(result), budget: Some(budget) };
        readings(&gauges, true, &Thresholds::default())
    }

    #[test]
    fn each_reading_at_its_border() {
        use Reading::{Burning, Late, Lever, Quality, Tailwind};
        // 0.75 - 0.65 is a little below 0.1 in floats.
        assert_eq!(told(0.75, 0.75, 0.65, 0.75), [Lever]);
        assert_eq!(told(0.76, 0.75, 0.65, 0.75), []);
        assert_eq!(told(0.5, 0.5, 0.5, 0.6), [Burning, Quality]);
        assert_eq!(told(0.5, 0.5, 0.51, 0.6), [Quality]);
        assert_eq!(told(0.5, 0.4, 0.49, 0.5), [Late]);
        assert_eq!(told(0.5, 0.42, 0.52, 0.5), [Quality, Tailwind]);
        assert_eq!(told(0.5, 0.5, 0.45, 0.55), []);
    }

    #[test]
    fn a_missing_gauge_takes_part_in_none() {
        let gauges = Gauges { time: Some(0.5), budget: Some(0.9), ..Gauges::default() };
        assert_eq!(readings(&gauges, true, &Thresholds::default()), []);
    }

    #[test]
    fn work_by_estimate_or_by_count() {
        use TaskState::{Doing, Done, Dropped, Todo};
        assert_eq!(work(&[(Done, Some(30.0)), (Todo, Some(90.0)), (Dropped, Some(900.0)), (Done, None)]), Some(0.25));
        assert_eq!(work(&[(Done, None), (Doing, None), (Dropped, Some(5.0))]), Some(0.5));
        assert_eq!(work(&[(Dropped, None)]), None);
        assert_eq!(
            (spent(Some(1.0), Some(0.0)), spent(None, Some(1.0)), spent(Some(1.0), Some(4.0))),
            (None, None, Some(0.25))
        );
    }
}
