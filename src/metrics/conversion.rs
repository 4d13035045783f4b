//! The steps of a funnel over many users: counts, rates, time to convert and its histogram (metrics.md §11).

use crate::domain::calendar::Instant;

use super::breakdown::{Part, Parts};
use super::funnel::{Attempt, Rules};
use super::number::Number;

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

/// How far some users came, and how fast.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversion {
    /// One row each step.
    pub steps: Vec<Step>,
    /// Time from the entry to the last step, of those who converted.
    pub overall: Option<Times>,
}

/// One step of a funnel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Users that reached it.
    pub users: u64,
    /// Users that stopped here and may still go on, because their window was open at *through*; marked with `*`.
    pub open: u64,
    /// Time from the step before.
    pub times: Option<Times>,
}

/// How long something took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Times {
    /// Users measured, above 0.
    pub users: u64,
    /// Mean in seconds.
    pub mean: f64,
    /// Median in seconds; of an even number the mean of the middle two.
    pub median: f64,
}

/// Users by time to convert.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// Mean in seconds.
    pub mean: f64,
    /// Width of a bin in seconds.
    pub width: i64,
    /// Start of each bin in seconds, and its users; one bin more than asked for, so that the longest time has a place.
    pub bins: Vec<(i64, u64)>,
}

/// A funnel while attempts are still being added.
#[derive(Debug, Clone)]
pub struct Tally {
    rules: Rules,
    /// First instant that the data does not cover.
    through: Instant,
    /// Users that reached each step, and those of them that stopped there and may go on.
    users: Vec<(u64, u64)>,
    /// Microseconds from one step to a later one, of every user that reached both: to each step from the one before, to
    /// the last from the first, and between those of the histogram.
    durations: Vec<(usize, usize, Vec<i64>)>,
}

impl Tally {
    /// No attempts yet; `first` and `last` are the steps between which the histogram takes times.
    pub fn new(rules: &Rules, through: Instant, (first, last): (usize, usize)) -> Self {
        let steps = (1..rules.steps).map(|step| (step - 1, step));
        let pairs = steps.chain([(0, rules.steps.saturating_sub(1)), (first, last)]);
        Self {
            rules: *rules,
            through,
            users: vec![(0, 0); rules.steps],
            durations: pairs.map(|(from, to)| (from, to, Vec::new())).collect(),
        }
    }

    /// Adds the attempt of a user.
    pub fn add(&mut self, attempt: &Attempt) {
        let alive = !attempt.closed && self.rules.deadline(attempt.entry()) >= self.through;
        for (step, (reached, open)) in self.users.iter_mut().take(attempt.times.len()).enumerate() {
            *reached += 1;
            *open += u64::from(alive && step + 1 == attempt.times.len());
        }
        for (from, to, durations) in &mut self.durations {
            if let (Some(from), Some(to)) = (attempt.times.get(*from), attempt.times.get(*to)) {
                durations.push(to.0 - from.0);
            }
        }
    }

    /// Adds all attempts of another tally by the same rules.
    pub fn join(&mut self, other: Self) {
        for (own, other) in self.users.iter_mut().zip(other.users) {
            *own = (own.0 + other.0, own.1 + other.1);
        }
        for (own, mut other) in self.durations.iter_mut().zip(other.durations) {
            own.2.append(&mut other.2);
        }
    }

    /// Users that entered.
    pub fn entered(&self) -> u64 {
        self.users.first().map_or(0, |users| users.0)
    }

    /// The funnel, and its histogram in `bins` bins or as many as fit its users.
    pub fn finish(mut self, bins: Option<u32>) -> (Conversion, Option<Histogram>) {
        let histogram = self.durations.pop().and_then(|(_, _, durations)| histogram(&durations, bins));
        let overall =
            self.durations.pop().and_then(|(_, last, mut durations)| times(&mut durations).filter(|_| last > 0));
        let before = std::iter::once(None).chain(self.durations.iter_mut().map(|(_, _, durations)| times(durations)));
        let step = |((users, open), times): (&(u64, u64), _)| Step { users: *users, open: *open, times };
        let steps = self.users.iter().zip(before).map(step).collect();
        (Conversion { steps, overall }, histogram)
    }
}

/// The tallies of the `limit` values that most users entered with, of the rest, and of those without a value.
pub fn by_value(tallies: Vec<(Option<u32>, Tally)>, limit: Option<usize>) -> Vec<(Part, Tally)> {
    let parts = Parts::new(tallies.iter().map(|(value, tally)| (*value, tally.entered())), limit);
    let mut rows: Vec<Option<Tally>> = vec![None; parts.rows().len()];
    for (value, tally) in tallies {
        match parts.row(value).map(|row| &mut rows[row]) {
            Some(Some(whole)) => whole.join(tally),
            Some(empty) => *empty = Some(tally),
            None => {}
        }
    }
    parts.rows().iter().zip(rows).filter_map(|(part, tally)| Some((*part, tally?))).collect()
}

impl Conversion {
    /// Users of a step over those of the first.
    pub fn from_start(&self, step: usize) -> Number {
        self.rate(step, self.users(0))
    }

    /// Users of a step over those of the step before; nothing for the first step and after an empty one.
    pub fn from_previous(&self, step: usize) -> Number {
        step.checked_sub(1).map_or(Number::None, |before| self.rate(step, self.users(before)))
    }

    /// Users of a step over all users in the data.
    pub fn of_all(&self, step: usize, all: u64) -> Number {
        self.rate(step, all)
    }

    fn users(&self, step: usize) -> u64 {
        self.steps.get(step).map_or(0, |s| s.users)
    }

    fn rate(&self, step: usize, base: u64) -> Number {
        Number::ratio(i128::from(self.users(step)), i128::from(base))
    }
}

fn times(durations: &mut [i64]) -> Option<Times> {
    let n = durations.len();
    let mean = (n > 0).then(|| mean(durations))?;
    let (below, high, _) = durations.select_nth_unstable(n / 2);
    let low = if n.is_multiple_of(2) { below.iter().copied().max()? } else { *high };
    let median = (i128::from(low) + i128::from(*high)) as f64 / 2.0;
    Some(Times { users: n as u64, mean, median: median / SECOND as f64 })
}

/// Mean in seconds of microseconds, not empty.
fn mean(durations: &[i64]) -> f64 {
    durations.iter().map(|d| i128::from(*d)).sum::<i128>() as f64 / durations.len() as f64 / SECOND as f64
}

/// Users by time to convert, in `bins` bins or as many as the cube root of users, rounded up; `None` without users.
///
/// The first bin starts at the shortest time, cut to seconds; a bin is as wide as the range over the bins, rounded up to
/// seconds, and 60 seconds where everybody took equally long.
pub fn histogram(durations: &[i64], bins: Option<u32>) -> Option<Histogram> {
    let (shortest, longest) = (*durations.iter().min()?, *durations.iter().max()?);
    let bins = i64::from(bins.unwrap_or_else(|| cube_root_up(durations.len() as u64)).max(1));
    let start = shortest.div_euclid(SECOND);
    let width = match longest - shortest {
        0 => 60,
        range => (range - 1).div_euclid(bins.saturating_mul(SECOND)) + 1,
    };
    let mut out: Vec<(i64, u64)> = (0..=bins).map(|i| (start + i * width, 0)).collect();
    for duration in durations {
        let bin = (duration - start * SECOND) / (width * SECOND);
        out[bin.min(bins) as usize].1 += 1;
    }
    Some(Histogram { mean: mean(durations), width, bins: out })
}

/// The least whole number whose cube is at least `n`.
fn cube_root_up(n: u64) -> u32 {
    // The float may be off by one either way.
    let near = (n as f64).cbrt().round() as u32;
    near + u32::from(u64::from(near).pow(3) < n)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::funnel::{Entry, Exclusion, Order};
    use super::*;

    fn attempt(seconds: &[i64]) -> Attempt {
        Attempt {
            value: None,
            times: seconds.iter().map(|s| Instant(s * SECOND)).collect(),
            closed: seconds.len() == 3,
        }
    }

    fn tally(attempts: &[Attempt], through: Instant) -> Tally {
        let mut tally = Tally::new(&rules(3), through, (0, 1));
        for attempt in attempts {
            tally.add(attempt);
        }
        tally
    }

    fn made(attempts: &[Attempt], through: Instant) -> Conversion {
        tally(attempts, through).finish(None).0
    }

    fn rules(steps: usize) -> Rules {
        Rules {
            steps,
            order: Order::Ordered,
            window: Some(7 * 86_400 * SECOND),
            entry: Entry::Best,
            exclusion: Exclusion::EndsAttempt,
            from: Instant(i64::MIN),
            until: Instant(i64::MAX),
        }
    }

    #[test]
    fn times_between_steps_of_three_people() {
        // Case fun_times.
        let h = 3600;
        let users = [attempt(&[0, h, 3 * h]), attempt(&[26 * h, 28 * h]), attempt(&[26 * h, 28 * h, 29 * h])];
        let funnel = made(&users, Instant(i64::MAX));
        assert_eq!(funnel.steps.iter().map(|s| s.users).collect::<Vec<_>>(), [3, 3, 2]);
        let mean_and_median: Vec<_> = funnel.steps.iter().map(|s| s.times.map(|t| (t.mean, t.median))).collect();
        assert_eq!(mean_and_median, [None, Some((6000.0, 7200.0)), Some((5400.0, 5400.0))]);
        assert_eq!(funnel.overall, Some(Times { users: 2, mean: 10_800.0, median: 10_800.0 }));
        // Rates of the golden tables have six decimals: 2 of 3.
        assert_eq!(funnel.from_start(2), Number::Ratio { num: 2, den: 3 });
        assert_eq!(funnel.from_previous(2), Number::Ratio { num: 2, den: 3 });
        assert_eq!((funnel.from_previous(0), funnel.of_all(0, 4)), (Number::None, Number::Ratio { num: 3, den: 4 }));
    }

    #[test]
    fn an_empty_step_has_no_rate_after_it() {
        // Case rt_funnel_zero.
        let users = [attempt(&[0]), attempt(&[0])];
        let funnel = made(&users, Instant(i64::MAX));
        assert_eq!(funnel.from_previous(1).value(), Some(0.0));
        assert_eq!(funnel.from_previous(2), Number::None);
        assert_eq!(funnel.overall, None);
    }

    #[test]
    fn entries_younger_than_the_window_are_open() {
        let week = 7 * 86_400;
        let users = [attempt(&[0]), attempt(&[1]), attempt(&[1, 5]), attempt(&[0, 2, 4])];
        let funnel = made(&users, Instant((week + 1) * SECOND));
        // The deadline is inclusive: an entry at second 1 can convert at the very instant that is not covered yet.
        assert_eq!(funnel.steps.iter().map(|s| s.open).collect::<Vec<_>>(), [1, 1, 0]);
        let excluded = [Attempt { closed: true, ..attempt(&[1]) }];
        assert_eq!(made(&excluded, Instant(SECOND)).steps[0].open, 0);
    }

    #[test]
    fn bins_are_those_of_the_published_histograms() {
        // Cases fun_ttc_auto and fun_ttc_7.
        let times = [3600 * SECOND, 37 * 60 * SECOND, 23 * 3600 * SECOND];
        let auto = histogram(&times, None).unwrap();
        assert_eq!((auto.mean, auto.bins), (29_540.0, vec![(2220, 2), (42_510, 0), (82_800, 1)]));
        let seven = histogram(&times, Some(7)).unwrap();
        let starts = [2220, 13_732, 25_244, 36_756, 48_268, 59_780, 71_292, 82_804];
        let users = [2, 0, 0, 0, 0, 0, 1, 0];
        assert_eq!(seven.bins, starts.into_iter().zip(users).collect::<Vec<_>>());
        assert_eq!(histogram(&[5 * SECOND; 2], None).unwrap().bins, [(5, 2), (65, 0), (125, 0)]);
        assert_eq!(histogram(&[], None), None);
    }

    #[test]
    fn the_largest_entry_values_have_funnels_of_their_own() {
        let of = |value, seconds: &[i64]| Attempt { value, ..attempt(seconds) };
        let all = [of(Some(1), &[0]), of(Some(2), &[0, 1]), of(Some(2), &[0]), of(None, &[0]), of(Some(3), &[0])];
        let all = all.into_iter().map(|a| (a.value, tally(&[a], Instant(0)))).collect();
        let rows: Vec<_> = by_value(all, Some(1)).into_iter().map(|(part, t)| (part, t.entered())).collect();
        assert_eq!(rows, [(Part::Value(2), 2), (Part::Other, 2), (Part::Missing, 1)]);
    }

    #[test]
    fn cube_roots_are_exact() {
        let roots: Vec<u32> = [1, 2, 8, 9, 27, 28, 1_000_000, 1_000_001].map(cube_root_up).into();
        assert_eq!(roots, [1, 2, 2, 3, 3, 4, 100, 101]);
    }

    proptest! {
        #[test]
        fn every_user_is_in_one_bin_and_steps_never_grow(
            times in prop::collection::vec(prop::collection::vec(0_i64..5_000_000_000, 1..4), 1..30),
            bins in prop::option::of(1_u32..20),
        ) {
            let users: Vec<Attempt> = times.iter().map(|t| {
                let mut times: Vec<Instant> = t.iter().map(|t| Instant(*t)).collect();
                times.sort_unstable();
                Attempt { value: None, times, closed: false }
            }).collect();
            let funnel = made(&users, Instant(0));
            prop_assert!(funnel.steps.windows(2).all(|s| s[0].users >= s[1].users));
            prop_assert_eq!(funnel.steps[0].users, users.len() as u64);
            let durations: Vec<i64> = users.iter().filter_map(|u| Some(u.times.get(1)?.0 - u.times[0].0)).collect();
            if let Some(h) = tally(&users, Instant(0)).finish(bins).1 {
                prop_assert_eq!(h.bins.iter().map(|b| b.1).sum::<u64>(), durations.len() as u64);
                for (start, users) in &h.bins {
                    let inside = |d: &&i64| (start * SECOND..(start + h.width) * SECOND).contains(*d);
                    prop_assert_eq!(*users, durations.iter().filter(inside).count() as u64);
                }
            }
        }
    }
}
