//! How far a target has come, held against its line (planning.md §3.4, T10-T16, readings A11-A13).

use super::curve::Curve;
use super::lead::lead;
use super::{finite, over};
use crate::domain::calendar::Day;

/// Days ahead that are told.
const AHEAD: usize = 7;

/// A flow to date beside the line to its target, in the metric's unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    /// Weight of the whole period, `W`.
    pub weight: f64,
    /// Weight of the days that are over, `E`.
    pub elapsed: f64,
    /// The line now, `T E / W`.
    pub expected: Option<f64>,
    /// Actual over line.
    pub pace: Option<f64>,
    /// Actual less line.
    pub gap: Option<f64>,
    /// Actual over target.
    pub attainment: Option<f64>,
    /// Where it ends if each unit of weight goes on to bring as much, `A W / E`.
    pub projection: Option<f64>,
    /// Days ahead of the line.
    pub lead: Option<f64>,
    /// What is needed from now on.
    pub need: Need,
}

/// What the days ahead must bring. Nothing is cut off at 0: below it the target is already there.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// Weight of the days that are not over, `W - E`.
    pub weight: f64,
    /// For each unit of weight, `(T - A) / (W - E)`.
    pub per_unit: Option<f64>,
    /// That over what a unit has brought so far: 1 is as much.
    pub uplift: Option<f64>,
    /// The next days of the period, seven at most; none without an actual value.
    pub days: Vec<Ahead>,
}

/// A day that is not over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ahead {
    /// The day.
    pub day: Day,
    /// What it must bring; `None` where no weight is left.
    pub required: Option<f64>,
    /// The line at its end, less the actual value.
    pub due_by: Option<f64>,
}

/// A flow's actual value, of all days through `through`, against its target.
///
/// ```
/// use quarterdeck::domain::calendar::Day;
/// use quarterdeck::metrics::planning::{curve::Curve, pace::flow};
/// let curve = Curve::new(Day(0), vec![1.0, 1.0, 2.0]);
/// let pace = flow(&curve, 400.0, Some(90.0), Day(0));
/// assert_eq!((pace.expected, pace.pace, pace.projection), (Some(100.0), Some(0.9), Some(360.0)));
/// assert_eq!(pace.need.days[1].due_by, Some(310.0));
/// ```
pub fn flow(curve: &Curve, target: f64, actual: Option<f64>, through: Day) -> Pace {
    let (weight, elapsed) = (curve.total(), curve.elapsed(through));
    let line: Option<Vec<f64>> = curve.line().map(|shares| shares.iter().map(|share| target * share).collect());
    let now = curve.days_over(through);
    let expected = line.as_ref().map(|line| line[now]);
    Pace {
        weight,
        elapsed,
        expected,
        pace: actual.zip(expected).and_then(|(a, e)| over(a, e)),
        gap: actual.zip(expected).map(|(a, e)| a - e),
        attainment: actual.and_then(|a| over(a, target)),
        projection: actual.and_then(|a| over(a * weight, elapsed)),
        lead: actual.zip(line.as_ref()).and_then(|(a, line)| lead(line, a, now)),
        need: need(curve, target, actual, through, line.as_deref()),
    }
}

fn need(curve: &Curve, target: f64, actual: Option<f64>, through: Day, line: Option<&[f64]>) -> Need {
    let (now, elapsed) = (curve.days_over(through), curve.elapsed(through));
    let left = curve.total() - elapsed;
    let per_unit = actual.and_then(|a| over(target - a, left));
    let rate = actual.and_then(|a| over(a, elapsed));
    let day = |(next, weight): (usize, &f64)| Ahead {
        day: curve.first().plus((now + next) as i32),
        required: per_unit.and_then(|unit| finite(unit * weight)),
        due_by: actual.zip(line).map(|(a, line)| line[now + next + 1] - a),
    };
    let days =
        curve.ahead(through).iter().enumerate().take(if actual.is_some() { AHEAD } else { 0 }).map(day).collect();
    Need { weight: left, per_unit, uplift: per_unit.zip(rate).and_then(|(unit, rate)| over(unit, rate)), days }
}

/// The line of a level or a ratio on its way from baseline to target, `B + (T - B) E / W`; `None` for a period without
/// weight.
pub fn glide(curve: &Curve, baseline: f64, target: f64, through: Day) -> Option<f64> {
    curve.share(through).map(|share| baseline + (target - baseline) * share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::planning::curve::tests::{INDEX, days, june};
    use crate::metrics::planning::curve::{Pattern, Phase};

    fn weekdays() -> Curve {
        Curve::of(days(1, 30), &Pattern { index: INDEX, ..Pattern::default() })
    }

    fn near(got: impl Into<Option<f64>>, want: f64, within: f64) {
        let got = got.into().unwrap();
        assert!((got - want).abs() <= within, "{got} {want}");
    }

    #[test]
    fn june_after_ten_days() {
        let pace = flow(&weekdays(), 300_000.0, Some(90_000.0), june(10));
        // T10, T11.
        near(pace.weight, 29.8, 1e-12);
        near(pace.elapsed, 9.75, 1e-12);
        near(pace.expected, 98_154.362, 5e-4);
        near(pace.pace, 0.916_923, 5e-7);
        near(pace.gap, -8154.362, 5e-4);
        near(pace.attainment, 0.3, 1e-12);
        // T12.
        near(pace.need.per_unit, 10_473.815, 5e-4);
        let required: Vec<_> = pace.need.days.iter().map(|d| d.required.unwrap()).collect();
        for (got, want) in required.iter().zip([10_473.8, 11_521.2, 12_568.6]) {
            near(*got, want, 0.05);
        }
        assert_eq!((required.len(), pace.need.days[0].day), (7, june(11)));
        // T13.
        near(pace.need.uplift, 1.134_663, 5e-7);
        near(pace.projection, 275_076.92, 5e-3);
        // T14.
        near(pace.lead, -0.852_632, 5e-7);
        // T15.
        for (day, want) in pace.need.days.iter().zip([18_221.5, 29_295.3, 41_375.8]) {
            near(day.due_by, want, 0.05);
        }
        let linear = flow(&Curve::of(days(1, 30), &Pattern::default()), 300_000.0, Some(90_000.0), june(10));
        near(linear.expected, 100_000.0, 1e-9);
        near(linear.pace, 0.9, 1e-12);
        near(linear.need.days[0].required, 10_500.0, 1e-9);
    }

    #[test]
    fn a_healthy_preheat_is_not_behind() {
        // T16.
        let phases = [(1, 5, 0.20), (6, 8, 0.55), (9, 12, 0.25)];
        let phases = phases.map(|(first, last, share)| Phase { days: days(first, last), share }).to_vec();
        let curve = Curve::of(days(1, 12), &Pattern { phases, ..Pattern::default() });
        let linear = Curve::of(days(1, 12), &Pattern::default());
        for (day, by_phase, straight) in
            [(5, 200_000.0, 416_667.0), (6, 383_333.3, 500_000.0), (8, 750_000.0, 666_667.0)]
        {
            near(flow(&curve, 1e6, None, june(day)).expected, by_phase, 0.05);
            near(flow(&linear, 1e6, None, june(day)).expected, straight, 0.5);
        }
        near(flow(&curve, 1e6, Some(200_000.0), june(5)).lead, 0.0, 1e-9);
    }

    #[test]
    fn before_after_and_without() {
        let curve = weekdays();
        let before = flow(&curve, 300.0, Some(0.0), Day::ymd(2026, 5, 20).unwrap());
        assert_eq!((before.pace, before.projection, before.need.uplift, before.lead), (None, None, None, Some(0.0)));
        assert_eq!((before.gap, before.need.days[0].day), (Some(0.0), june(1)));
        let after = flow(&curve, 300.0, Some(270.0), Day::ymd(2026, 7, 9).unwrap());
        assert_eq!((after.need.per_unit, after.need.uplift, after.need.days.len()), (None, None, 0));
        near(after.pace, 0.9, 1e-12);
        near(after.need.weight, 0.0, 0.0);
        let missing = flow(&curve, 300.0, None, june(10));
        assert_eq!((missing.pace, missing.gap, missing.attainment, missing.lead), (None, None, None, None));
        assert_eq!((missing.need.per_unit, missing.need.days.len()), (None, 0));
        near(missing.expected, 98.154_362, 5e-7);
        let nobody = flow(&curve, 300.0, Some(0.0), june(10));
        assert_eq!((nobody.need.uplift, nobody.pace), (None, Some(0.0)));
        assert_eq!(flow(&curve, 0.0, Some(3.0), june(10)).attainment, None);
        let idle = flow(&Curve::new(june(1), vec![0.0; 4]), 5.0, Some(2.0), june(2));
        assert_eq!((idle.expected, idle.lead, idle.need.days[0].due_by), (None, None, None));
    }

    #[test]
    fn days_without_weight_at_the_end_need_nothing_but_are_due() {
        let curve = Curve::new(june(1), vec![0.1, 0.2, 0.3, 0.0, 0.0]);
        let pace = flow(&curve, 60.0, Some(50.0), june(3));
        assert_eq!((pace.need.weight, pace.need.per_unit, pace.need.days.len()), (0.0, None, 2));
        near(pace.need.days[1].due_by, 10.0, 1e-9);
        // On the flat end of the line.
        near(flow(&curve, 60.0, Some(60.0), june(4)).lead, 0.0, 1e-9);
    }

    #[test]
    fn a_level_glides() {
        near(glide(&weekdays(), 50.0, 40.0, june(10)), 46.728, 5e-4);
        near(glide(&weekdays(), 0.20, 0.25, june(10)), 0.216_359, 5e-7);
        assert_eq!(glide(&Curve::new(june(1), vec![0.0]), 1.0, 2.0, june(1)), None);
    }
}
