//! Retention from days of activity: calendar intervals of days, weeks or months.

use rustc_hash::FxHashMap;

use crate::domain::calendar::{Calendar, Day, Grain, Instant, Span};

use super::super::number::{Horizon, State};
use super::super::presence::{Audience, BucketMap};
use super::{Average, Cell, Cohort, CohortKind, Criterion, RetentionTable};

/// What a triangle is made by.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Zone and week start of the buckets.
    pub calendar: Calendar,
    /// Width of cohorts and intervals.
    pub grain: Grain,
    /// Every bucket that overlaps is a cohort.
    pub span: Span,
    /// Intervals after 0.
    pub intervals: u16,
    /// Who is in a cohort. Without a filter the first event of its name is the first that passes it.
    pub kind: CohortKind,
    /// Which return counts.
    pub criterion: Criterion,
    /// Who counts in interval 0.
    pub zero: Zero<'a>,
    /// How the average is formed.
    pub average: Average,
    /// How far the data reaches.
    pub horizon: Horizon,
}

/// Who counts in interval 0.
#[derive(Debug, Clone, Copy)]
pub enum Zero<'a> {
    /// Everybody: by convention, or because the start event is a return event as well.
    Size,
    /// Whoever has a return day in it: enough where every return event is a start event.
    Days,
    /// Whoever returned at or after his start, by the times of both.
    Times(&'a FirstInterval),
}

/// First start and last return of each user in each bucket: all that interval 0 needs of the times.
#[derive(Debug, Clone, Default)]
pub struct FirstInterval {
    times: FxHashMap<(u32, Day), (Option<Instant>, Option<Instant>)>,
}

impl FirstInterval {
    /// Notes a start event in the bucket that begins with `bucket`.
    pub fn start(&mut self, user: u32, bucket: Day, at: Instant) {
        let first = &mut self.times.entry((user, bucket)).or_default().0;
        *first = Some(first.map_or(at, |f| f.min(at)));
    }

    /// Notes a return event in the bucket that begins with `bucket`.
    pub fn ret(&mut self, user: u32, bucket: Day, at: Instant) {
        let last = &mut self.times.entry((user, bucket)).or_default().1;
        *last = (*last).max(Some(at));
    }

    /// Whether the user returned at or after his first start of the bucket; equal times count as ordered.
    pub fn returned(&self, user: u32, bucket: Day) -> bool {
        matches!(self.times.get(&(user, bucket)), Some((Some(start), Some(ret))) if ret >= start)
    }
}

/// Cohorts by start days, cells by return days.
///
/// One pass over the users; first-time cohorts look at every start day of the audience, also before the span.
pub fn table(start: Audience, ret: Audience, rules: &Rules) -> RetentionTable {
    let cohorts = rules.calendar.buckets(rules.grain, rules.span);
    let starts = BucketMap::new(&cohorts);
    let returns = Returns::new(&cohorts, rules);
    let mut tally = Tally::new(cohorts.len(), rules);
    let mut back = Vec::new();
    for (user, days) in start.each() {
        let first = starts.of(days[0]);
        if rules.kind != CohortKind::Recurring && first.is_none() {
            continue;
        }
        returns.of(ret.of(user), &mut back);
        let enter = |cohort: usize| {
            let zero = match rules.zero {
                Zero::Size => true,
                Zero::Days => back.binary_search(&cohort).is_ok(),
                Zero::Times(times) => times.returned(user, cohorts[cohort].first),
            };
            tally.add(cohort, zero, &back);
        };
        match rules.kind {
            CohortKind::FirstTime | CohortKind::FirstEver => first.into_iter().for_each(enter),
            CohortKind::Recurring => starts.distinct(days).for_each(enter),
        }
    }
    tally.finish(&cohorts, rules)
}

/// Return days as buckets counted from the first cohort.
struct Returns {
    map: BucketMap,
    /// Last day of the last interval of the last cohort.
    last: Day,
    /// Stands for every bucket after it; further than any interval from any cohort.
    beyond: usize,
}

impl Returns {
    fn new(cohorts: &[Span], rules: &Rules) -> Self {
        let last = rules.calendar.shift(rules.grain, rules.span.last, i32::from(rules.intervals)).last;
        let first = cohorts.first().map_or(rules.span.first, |c| c.first);
        let buckets = rules.calendar.buckets(rules.grain, Span::new(first, last));
        Self { map: BucketMap::new(&buckets), last, beyond: buckets.len() }
    }

    fn of(&self, days: &[Day], out: &mut Vec<usize>) {
        out.clear();
        out.extend(self.map.distinct(days));
        if days.last().is_some_and(|d| *d > self.last) {
            out.push(self.beyond);
        }
    }
}

/// Counts while they are being made; cells are row-major.
struct Tally {
    criterion: Criterion,
    width: usize,
    sizes: Vec<u64>,
    cells: Vec<u64>,
}

impl Tally {
    fn new(cohorts: usize, rules: &Rules) -> Self {
        let width = usize::from(rules.intervals) + 1;
        Self { criterion: rules.criterion, width, sizes: vec![0; cohorts], cells: vec![0; cohorts * width] }
    }

    /// Puts a user with these return buckets into a cohort.
    ///
    /// On-or-after notes only the last interval he reaches, on-or-before the first; [`Tally::finish`] spreads them.
    fn add(&mut self, cohort: usize, zero: bool, back: &[usize]) {
        self.sizes[cohort] += 1;
        let row = &mut self.cells[cohort * self.width..(cohort + 1) * self.width];
        let later = &back[back.partition_point(|b| *b <= cohort)..];
        match self.criterion {
            Criterion::On => {
                row[0] += u64::from(zero);
                for bucket in later.iter().take_while(|b| **b - cohort < self.width) {
                    row[bucket - cohort] += 1;
                }
            }
            Criterion::OnOrAfter => match later.last() {
                Some(last) => row[(last - cohort).min(self.width - 1)] += 1,
                None => row[0] += u64::from(zero),
            },
            Criterion::OnOrBefore => {
                let first = if zero { Some(0) } else { later.first().map(|bucket| bucket - cohort) };
                if let Some(n) = first.filter(|n| *n < self.width) {
                    row[n] += 1;
                }
            }
        }
    }

    fn finish(mut self, cohorts: &[Span], rules: &Rules) -> RetentionTable {
        let mut rows = Vec::with_capacity(cohorts.len());
        for (i, bucket) in cohorts.iter().enumerate() {
            let row = &mut self.cells[i * self.width..(i + 1) * self.width];
            match self.criterion {
                Criterion::On => {}
                Criterion::OnOrAfter => (1..row.len()).rev().for_each(|n| row[n - 1] += row[n]),
                Criterion::OnOrBefore => (1..row.len()).for_each(|n| row[n] += row[n - 1]),
            }
            let mut interval = *bucket;
            let mut cells = Vec::with_capacity(self.width);
            for users in row.iter() {
                let state = rules.horizon.state(interval);
                cells.push(Cell { users: if state == State::NotReached { 0 } else { *users }, amount: 0, state });
                interval = rules.calendar.bucket(rules.grain, interval.last.plus(1));
            }
            let start = rules.calendar.start_of(bucket.first);
            rows.push(Cohort { bucket: *bucket, start, size: self.sizes[i], cells });
        }
        RetentionTable::new((rules.grain.into(), 1), rows, self.width, rules.average)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::super::presence::UserDays;
    use super::*;

    fn rules(grain: Grain, span: Span, intervals: u16) -> Rules<'static> {
        Rules {
            calendar: Calendar::UTC,
            grain,
            span,
            intervals,
            kind: CohortKind::FirstTime,
            criterion: Criterion::On,
            zero: Zero::Size,
            average: Average::Pooled,
            horizon: Horizon { through: Day(i32::MAX), reach: Day(i32::MAX) },
        }
    }

    fn users(table: &RetentionTable) -> Vec<(u64, Vec<u64>)> {
        table.cohorts.iter().map(|c| (c.size, c.cells.iter().map(|x| x.users).collect())).collect()
    }

    fn days(pairs: &[(u32, i32)]) -> UserDays {
        UserDays::from_pairs(pairs.iter().map(|(u, d)| (*u, Day(*d))).collect())
    }

    fn all(days: &UserDays) -> Audience<'_> {
        Audience::new(days, None, Day(i32::MAX))
    }

    use State::{Complete as C, NotReached as N, Running as R};

    const SPAN: Span = Span { first: Day(10), last: Day(12) };

    #[test]
    fn first_time_and_recurring_cohorts_of_three_users() {
        // Ann 10, 11, 14; Ben 9, 10, 12; Cy 12.
        let days = days(&[(0, 10), (0, 11), (0, 14), (1, 9), (1, 10), (1, 12), (2, 12)]);
        let mut r = rules(Grain::Day, SPAN, 2);
        assert_eq!(
            users(&table(all(&days), all(&days), &r)),
            [(1, vec![1, 1, 0]), (0, vec![0, 0, 0]), (1, vec![1, 0, 0])]
        );
        r.criterion = Criterion::OnOrAfter;
        assert_eq!(users(&table(all(&days), all(&days), &r))[0], (1, vec![1, 1, 1]));
        r.kind = CohortKind::Recurring;
        assert_eq!(
            users(&table(all(&days), all(&days), &r)),
            [(2, vec![2, 2, 2]), (1, vec![1, 1, 1]), (2, vec![2, 0, 0])]
        );
        r.criterion = Criterion::On;
        assert_eq!(
            users(&table(all(&days), all(&days), &r)),
            [(2, vec![2, 1, 1]), (1, vec![1, 0, 0]), (2, vec![2, 0, 0])]
        );
    }

    #[test]
    fn only_complete_intervals_enter_the_average() {
        let days = days(&[(0, 10), (0, 11), (1, 10), (2, 11), (2, 12)]);
        let mut r = rules(Grain::Day, SPAN, 2);
        r.horizon = Horizon { through: Day(11), reach: Day(12) };
        let t = table(all(&days), all(&days), &r);
        let states: Vec<Vec<State>> = t.cohorts.iter().map(|c| c.cells.iter().map(|x| x.state).collect()).collect();
        assert_eq!(states, [[C, C, R], [C, R, N], [R, N, N]]);
        let averages: Vec<_> = t.average.iter().map(|m| (m.rate, m.size)).collect();
        assert_eq!(averages, [(Some(1.0), 3), (Some(0.5), 2), (None, 0)]);
    }

    #[test]
    fn a_purchase_before_the_signup_of_the_same_day_is_no_return() {
        let mut times = FirstInterval::default();
        let (start, ret) = (days(&[(0, 10), (1, 10), (2, 10)]), days(&[(0, 10), (1, 10), (2, 11)]));
        times.start(0, Day(10), Instant(500));
        times.ret(0, Day(10), Instant(499));
        times.start(1, Day(10), Instant(500));
        times.ret(1, Day(10), Instant(500));
        times.start(2, Day(10), Instant(500));
        let mut r = rules(Grain::Day, Span { first: Day(10), last: Day(10) }, 1);
        r.zero = Zero::Times(&times);
        assert_eq!(users(&table(all(&start), all(&ret), &r)), [(3, vec![1, 1])]);
        r.criterion = Criterion::OnOrAfter;
        assert_eq!(users(&table(all(&start), all(&ret), &r)), [(3, vec![2, 1])]);
        r.zero = Zero::Size;
        assert_eq!(users(&table(all(&start), all(&ret), &r)), [(3, vec![3, 1])]);
    }

    /// The definition read literally: cell by cell, user by user.
    fn naive(start: &BTreeSet<(u32, i32)>, ret: &BTreeSet<(u32, i32)>, r: &Rules) -> Vec<(u64, Vec<u64>)> {
        let in_bucket =
            |set: &BTreeSet<(u32, i32)>, u: u32, b: Span| set.iter().any(|(x, d)| *x == u && b.contains(Day(*d)));
        let cohorts = r.calendar.buckets(r.grain, r.span);
        let cohort_users = |b: Span| -> Vec<u32> {
            (0..10)
                .filter(|u| match r.kind {
                    CohortKind::Recurring => in_bucket(start, *u, b),
                    CohortKind::FirstTime | CohortKind::FirstEver => {
                        start.iter().find(|(x, _)| x == u).is_some_and(|(_, d)| b.contains(Day(*d)))
                    }
                })
                .collect()
        };
        let cell = |b: Span, n: u16, u: u32| -> bool {
            let interval = r.calendar.shift(r.grain, b.first, i32::from(n));
            match r.criterion {
                Criterion::On => in_bucket(ret, u, interval),
                Criterion::OnOrAfter => ret.iter().any(|(x, d)| *x == u && Day(*d) >= interval.first),
                Criterion::OnOrBefore => {
                    ret.iter().any(|(x, d)| *x == u && b.first <= Day(*d) && Day(*d) <= interval.last)
                }
            }
        };
        cohorts
            .into_iter()
            .map(|b| {
                let who = cohort_users(b);
                let row = (0..=r.intervals).map(|n| who.iter().filter(|u| cell(b, n, **u)).count() as u64).collect();
                (who.len() as u64, row)
            })
            .collect()
    }

    fn grains() -> impl Strategy<Value = Grain> {
        prop::sample::select(Grain::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn one_pass_equals_the_definition(
            start in prop::collection::vec((0_u32..10, 0_i32..80), 0..60),
            ret in prop::collection::vec((0_u32..10, 0_i32..80), 0..60),
            grain in grains(),
            from in 0_i32..40,
            length in 0_i32..30,
            intervals in 0_u16..6,
            recurring in any::<bool>(),
        ) {
            let mut r = rules(grain, Span { first: Day(from), last: Day(from + length) }, intervals);
            r.kind = if recurring { CohortKind::Recurring } else { CohortKind::FirstTime };
            r.zero = Zero::Days;
            let (a, b) = (days(&start), days(&ret));
            let (start, ret): (BTreeSet<_>, BTreeSet<_>) = (start.into_iter().collect(), ret.into_iter().collect());
            let on = users(&table(all(&a), all(&b), &r));
            prop_assert_eq!(&on, &naive(&start, &ret, &r));
            r.criterion = Criterion::OnOrAfter;
            let later = users(&table(all(&a), all(&b), &r));
            prop_assert_eq!(&later, &naive(&start, &ret, &r));
            for ((size, on), (_, later)) in on.iter().zip(&later) {
                prop_assert!(on.iter().zip(later).all(|(x, y)| x <= y && y <= size));
                prop_assert!(later.windows(2).all(|w| w[0] >= w[1]));
            }
            r.criterion = Criterion::OnOrBefore;
            let earlier = users(&table(all(&a), all(&b), &r));
            prop_assert_eq!(&earlier, &naive(&start, &ret, &r));
            prop_assert!(earlier.iter().all(|(_, row)| row.windows(2).all(|w| w[0] <= w[1])));
        }

        #[test]
        fn interval_zero_is_the_size_when_start_and_return_are_the_same(
            pairs in prop::collection::vec((0_u32..10, 0_i32..40), 0..60),
            grain in grains(),
            recurring in any::<bool>(),
        ) {
            let mut r = rules(grain, Span { first: Day(0), last: Day(39) }, 3);
            r.kind = if recurring { CohortKind::Recurring } else { CohortKind::FirstTime };
            let d = days(&pairs);
            let by_size = table(all(&d), all(&d), &r);
            r.zero = Zero::Days;
            prop_assert_eq!(&by_size, &table(all(&d), all(&d), &r));
            prop_assert!(by_size.cohorts.iter().all(|c| c.cells[0].users == c.size));
        }
    }
}
