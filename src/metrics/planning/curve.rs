//! How a target spreads over the days of its period (planning.md §3.4, readings A8, A9, A10).

use crate::domain::calendar::{Day, Span};

/// A part of the period with a share of the target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phase {
    /// Its days; those beyond the period don't count.
    pub days: Span,
    /// Its share of the target, on any scale.
    pub share: f64,
}

/// What weights of days are made from. The default is the same every day.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// Index of each weekday, Monday first; see [`weekday_index`](crate::metrics::limits::weekday_index).
    pub index: [f64; 7],
    /// Whether work is done on each weekday, Monday first.
    pub work_days: [bool; 7],
    /// Phases; days outside of all have no weight. Without any the whole period is one.
    pub phases: Vec<Phase>,
}

impl Default for Pattern {
    fn default() -> Self {
        Self { index: [1.0; 7], work_days: [true; 7], phases: Vec::new() }
    }
}

impl Pattern {
    /// Index of a day, 0 where no work is done.
    fn weight(&self, day: Day) -> f64 {
        // 1970-01-01 was a Thursday.
        let weekday = (day.0 + 3).rem_euclid(7) as usize;
        if self.work_days[weekday] { self.index[weekday] } else { 0.0 }
    }
}

/// The weights of a period's days, and their running sums.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    first: Day,
    weights: Vec<f64>,
    /// Sum of the weights before each day, and of all.
    sums: Vec<f64>,
}

impl Curve {
    /// From the weights themselves: the first is that of `first`.
    pub fn new(first: Day, weights: Vec<f64>) -> Self {
        let mut sums = vec![0.0];
        let mut sum = 0.0;
        sums.extend(weights.iter().map(|weight| {
            sum += weight;
            sum
        }));
        Self { first, weights, sums }
    }

    /// From a pattern. A phase keeps its share, however its days fall.
    pub fn of(period: Span, pattern: &Pattern) -> Self {
        if pattern.phases.is_empty() {
            return Self::new(period.first, period.iter().map(|day| pattern.weight(day)).collect());
        }
        let mut weights = vec![0.0; period.days() as usize];
        for phase in &pattern.phases {
            let Some(days) = phase.days.intersect(period) else { continue };
            let sum: f64 = days.iter().map(|day| pattern.weight(day)).sum();
            for day in days.iter().filter(|_| sum != 0.0) {
                weights[day.since(period.first) as usize] += phase.share * pattern.weight(day) / sum;
            }
        }
        Self::new(period.first, weights)
    }

    /// All on the last day.
    pub fn end(period: Span) -> Self {
        let mut weights = vec![0.0; period.days() as usize];
        if let Some(last) = weights.last_mut() {
            *last = 1.0;
        }
        Self::new(period.first, weights)
    }

    /// Weights by day.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// First day.
    pub fn first(&self) -> Day {
        self.first
    }

    /// Days that are over by the end of `through`: 0 before the period, all after it.
    pub fn days_over(&self, through: Day) -> usize {
        usize::try_from(through.plus(1).since(self.first)).unwrap_or(0).min(self.weights.len())
    }

    /// Sum of all weights.
    pub fn total(&self) -> f64 {
        self.sums[self.weights.len()]
    }

    /// Sum of the weights of the days that are over.
    pub fn elapsed(&self, through: Day) -> f64 {
        self.sums[self.days_over(through)]
    }

    /// Share of the weight that is over; `None` for a period without weight.
    pub fn share(&self, through: Day) -> Option<f64> {
        super::over(self.elapsed(through), self.total())
    }

    /// Weights of the days that are not over.
    pub fn ahead(&self, through: Day) -> &[f64] {
        &self.weights[self.days_over(through)..]
    }

    /// Shares of the weight before each day, and of all: the line from 0 to 1; `None` for a period without weight.
    pub fn line(&self) -> Option<Vec<f64>> {
        self.sums.iter().map(|sum| super::over(*sum, self.total())).collect()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub const INDEX: [f64; 7] = [0.9, 0.9, 0.95, 1.0, 1.1, 1.2, 0.95];

    pub fn june(day: u32) -> Day {
        Day::ymd(2026, 6, day).unwrap()
    }

    pub fn days(first: u32, last: u32) -> Span {
        Span::new(june(first), june(last))
    }

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() < 1e-12, "{got} {want}");
    }

    #[test]
    fn weekday_weights_of_june() {
        // T10; 2026-06-01 is a Monday.
        let curve = Curve::of(days(1, 30), &Pattern { index: INDEX, ..Pattern::default() });
        near(curve.total(), 29.8);
        near(curve.elapsed(june(10)), 9.75);
        near(curve.elapsed(Day::ymd(2026, 5, 31).unwrap()), 0.0);
        near(curve.elapsed(Day::ymd(2026, 7, 9).unwrap()), 29.8);
        assert_eq!((curve.ahead(june(28)), curve.ahead(june(30)).len()), (&[0.9, 0.9][..], 0));
    }

    #[test]
    fn a_phase_keeps_its_share_over_free_days() {
        let phases = vec![Phase { days: days(1, 7), share: 0.4 }, Phase { days: days(10, 14), share: 0.6 }];
        let work_days = [true, true, true, true, true, false, false];
        let curve = Curve::of(days(1, 12), &Pattern { index: INDEX, work_days, phases });
        near(curve.elapsed(june(7)), 0.4);
        near(curve.weights()[4], 0.4 * 1.1 / 4.85);
        assert_eq!(curve.weights()[5..9], [0.0; 4], "a weekend, and days outside of phases");
        near(curve.total(), 1.0);
    }

    #[test]
    fn all_at_the_end_and_nothing_at_all() {
        let curve = Curve::end(days(1, 3));
        assert_eq!(
            (curve.weights(), curve.share(june(2)), curve.share(june(3))),
            (&[0.0, 0.0, 1.0][..], Some(0.0), Some(1.0))
        );
        let free = Curve::of(
            days(6, 7),
            &Pattern { work_days: [true, true, true, true, true, false, false], ..Pattern::default() },
        );
        assert_eq!((free.total(), free.share(june(7)), free.line()), (0.0, None, None));
        let phase = Phase { days: days(6, 7), share: 1.0 };
        let pattern = Pattern { work_days: [false; 7], phases: vec![phase], ..Pattern::default() };
        assert_eq!(
            Curve::of(days(1, 7), &pattern).total().to_bits(),
            0.0_f64.to_bits(),
            "a phase without a working day"
        );
    }
}
