//! The table against its definition read literally.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::super::presence::UserDays;
use super::super::super::turnout::Turnout;
use super::*;
use crate::domain::calendar::WeekStart;

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
    assert_eq!(users(&table(all(&days), all(&days), &r)), [(1, vec![1, 1, 0]), (0, vec![0, 0, 0]), (1, vec![1, 0, 0])]);
    r.criterion = Criterion::OnOrAfter;
    assert_eq!(users(&table(all(&days), all(&days), &r))[0], (1, vec![1, 1, 1]));
    r.kind = CohortKind::Recurring;
    assert_eq!(users(&table(all(&days), all(&days), &r)), [(2, vec![2, 2, 2]), (1, vec![1, 1, 1]), (2, vec![2, 0, 0])]);
    r.criterion = Criterion::On;
    assert_eq!(users(&table(all(&days), all(&days), &r)), [(2, vec![2, 1, 1]), (1, vec![1, 0, 0]), (2, vec![2, 0, 0])]);
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
            Criterion::OnOrBefore => ret.iter().any(|(x, d)| *x == u && b.first <= Day(*d) && Day(*d) <= interval.last),
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
    fn counts_tell_what_the_days_tell(
        pairs in prop::collection::vec((0_u32..10, 0_i32..80), 0..90),
        only in prop::collection::vec(any::<bool>(), 10),
        grain in grains(),
        sunday: bool,
        (from, length, intervals) in (0_i32..40, 0_i32..30, 0_u16..6),
        until in 0_i32..90,
    ) {
        let mut r = rules(grain, Span { first: Day(from), last: Day(from + length) }, intervals);
        r.calendar.week_start = if sunday { WeekStart::Sunday } else { WeekStart::Monday };
        let days = days(&pairs);
        let turnout = Turnout::new(&days, Some(&only), r.calendar);
        let audience = Audience::new(&days, Some(&only), Day(until));
        let counted = counted(turnout.until(Day(until)), &r);
        let is_told = grain == Grain::Day || pairs.iter().all(|(_, day)| *day <= until);
        prop_assert_eq!(counted, is_told.then(|| table(audience, audience, &r)));
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
