use proptest::prelude::*;

use super::super::super::breakdown::Part;
use super::super::super::number::{Horizon, Number};
use super::super::super::presence::{Audience, UserDays};
use super::super::days::{self, Zero};
use super::super::{Average, CohortKind, Columns, Criterion, Mean, Period};
use super::*;
use crate::domain::calendar::{Calendar, DAY_MICROS, Day, Grain, Span, WeekStart, Zone};

const HOUR: i64 = 3_600_000_000;
const END: Instant = Instant(1_000 * DAY_MICROS);

fn rules(from: i64, to: i64, columns: &Columns) -> Rules<'_> {
    Rules {
        calendar: Calendar::UTC,
        kind: CohortKind::FirstTime,
        window: Window::Calendar,
        period: Period::Day,
        block: 1,
        from: Instant(from * DAY_MICROS),
        to: Instant(to * DAY_MICROS),
        columns,
        criterion: Criterion::On,
        occurrences: 1,
        zero: IntervalZero::Observed,
        average: Average::Pooled,
        same_value: false,
        through: END,
        reach: END,
    }
}

/// A start and return event.
fn mark(hour: i64) -> Mark {
    Mark { at: Instant(hour * HOUR), start: true, named: true, ret: true, value: None, amount: 0 }
}

fn users(table: &RetentionTable) -> Vec<(u64, Vec<u64>)> {
    table.cohorts.iter().map(|c| (c.size, c.cells.iter().map(|x| x.users).collect())).collect()
}

fn last(users: &[&[Mark]], rules: &Rules) -> Instant {
    users.iter().filter_map(|marks| marks.last()).map(|m| m.at).max().unwrap_or(rules.to)
}

/// Of all users together, in two shares.
fn table<'a>(users: impl Iterator<Item = &'a [Mark]>, rules: &Rules) -> RetentionTable {
    let users: Vec<&[Mark]> = users.collect();
    let mut shares = users.chunks(users.len().div_ceil(2).max(1)).map(|share| {
        let mut tables = Tables::new(rules, last(&users, rules), None);
        for marks in share {
            tables.add(marks);
        }
        tables
    });
    let mut whole = shares.next().unwrap_or_else(|| Tables::new(rules, rules.to, None));
    for share in shares {
        whole.join(&share);
    }
    whole.finish().pop().unwrap()
}

fn split<'a>(
    users: impl Iterator<Item = &'a [Mark]>,
    rules: &Rules,
    limit: Option<usize>,
) -> Vec<(Part, RetentionTable)> {
    let users: Vec<&[Mark]> = users.collect();
    let (last, mut sizes) = (last(&users, rules), FxHashMap::default());
    let mut measure = Tables::new(rules, last, None);
    for marks in &users {
        measure.measure(marks, &mut sizes);
    }
    let parts = Parts::new(sizes.into_iter(), limit);
    let mut tables = Tables::new(rules, last, Some(&parts));
    for marks in users {
        tables.add(marks);
    }
    parts.rows().iter().copied().zip(tables.finish()).collect()
}

fn one(marks: &[Mark], rules: &Rules) -> RetentionTable {
    table(std::iter::once(marks), rules)
}

#[test]
fn the_three_criteria_of_one_user() {
    let marks: Vec<Mark> = [0, 24, 72].map(mark).into();
    let mut r = rules(0, 0, &Columns::Each(4));
    assert_eq!(users(&one(&marks, &r)), [(1, vec![1, 1, 0, 1, 0])]);
    r.criterion = Criterion::OnOrAfter;
    assert_eq!(users(&one(&marks, &r)), [(1, vec![1, 1, 1, 1, 0])]);
    r.criterion = Criterion::OnOrBefore;
    r.zero = IntervalZero::Observed;
    let returns: Vec<Mark> = [(0, false), (50, true)].map(|(h, ret)| Mark { ret, start: !ret, ..mark(h) }).into();
    assert_eq!(users(&one(&returns, &r)), [(1, vec![0, 0, 1, 1, 1])]);
    let brackets = Columns::Brackets(vec![2, 2]);
    r.columns = &brackets;
    assert_eq!(users(&one(&marks, &r)), [(1, vec![1, 1, 1])]);
}

#[test]
fn interval_0_counts_what_follows_the_start() {
    let at = |hour, start, amount| Mark { start, ret: !start, amount, ..mark(hour) };
    let marks = [at(1, false, 5), at(2, true, 100), at(2, false, 7), at(9, false, 11), at(30, false, 13)];
    let mut r = rules(0, 0, &Columns::Each(1));
    let cells = |r: &Rules| -> Vec<(u64, i128)> {
        one(&marks, r).cohorts[0].cells.iter().map(|c| (c.users, c.amount)).collect()
    };
    assert_eq!(cells(&r), [(1, 18), (1, 13)]);
    r.occurrences = 2;
    assert_eq!(cells(&r), [(1, 18), (0, 0)]);
    r.occurrences = 3;
    assert_eq!(cells(&r), [(0, 0), (0, 0)]);
    r.zero = IntervalZero::Size;
    assert_eq!(cells(&r), [(1, 0), (0, 0)]);
    r.occurrences = 1;
    r.criterion = Criterion::OnOrBefore;
    assert_eq!(cells(&r), [(1, 18), (1, 31)]);
}

#[test]
fn a_first_event_that_fails_the_filter_is_first_ever_but_not_first_time() {
    let marks = [Mark { start: false, ret: false, ..mark(0) }, mark(24), mark(49)];
    let mut r = rules(0, 1, &Columns::Each(1));
    assert_eq!(users(&one(&marks, &r)), [(0, vec![0, 0]), (1, vec![1, 1])]);
    r.kind = CohortKind::FirstEver;
    assert_eq!(users(&one(&marks, &r)), [(0, vec![0, 0]), (0, vec![0, 0])]);
    // History before the range decides who is new.
    assert_eq!(users(&one(&[mark(-5), mark(2)], &r)), [(0, vec![0, 0]), (0, vec![0, 0])]);
}

#[test]
fn rolling_windows_cut_both_times_to_the_hour_of_the_zone() {
    let minute = |m: i64| Mark { at: Instant(m * HOUR / 60), ..mark(0) };
    let mut r = rules(0, 0, &Columns::Each(1));
    r.window = Window::Rolling;
    // 17:59 and 17:00 of the next day; in Kolkata these are 23:29 and 22:30, and the day after begins at 23:00.
    let marks = [minute(17 * 60 + 59), minute(41 * 60)];
    assert_eq!(users(&one(&marks, &r))[0].1, [1, 1]);
    r.calendar.zone = Zone::parse("Asia/Kolkata").unwrap();
    r.from = r.calendar.start_of(Day(0));
    r.to = r.from;
    assert_eq!(users(&one(&marks, &r))[0].1, [1, 0]);
    assert_eq!(users(&one(&[minute(17 * 60 + 59), minute(41 * 60 + 30)], &r))[0].1, [1, 1]);
}

#[test]
fn a_rolling_cell_is_complete_when_the_last_to_enter_has_lived_through_it() {
    use State::{Complete as C, NotReached as N, Running as R};
    let mut r = rules(0, 0, &Columns::Each(2));
    r.window = Window::Rolling;
    let states = |hours: i64| {
        let at = Instant(hours * HOUR);
        let cohort = one(&[], &Rules { through: at, reach: at, ..r }).cohorts.remove(0);
        cohort.cells.iter().map(|c| c.state).collect::<Vec<_>>()
    };
    // Whoever enters at 23:59 counts from 23:00, so his day 0 ends 47 hours after the cohort's day began.
    assert_eq!(states(24), [R, N, N]);
    assert_eq!(states(46), [R, R, N]);
    assert_eq!(states(47), [C, R, N]);
    assert_eq!(states(71), [C, C, R]);
}

#[test]
fn hours_of_a_day_of_25_hours_are_25_buckets_and_days_follow_the_clock() {
    let zone = Zone::parse("America/New_York").unwrap();
    let calendar = Calendar { zone, week_start: WeekStart::Sunday };
    let day = Day::parse("2026-11-01").unwrap();
    let mut r = rules(0, 0, &Columns::Each(1));
    (r.calendar, r.period) = (calendar, Period::Hour);
    (r.from, r.to) = (calendar.start_of(day), Instant(calendar.end_of(day).0 - 1));
    (r.through, r.reach) = (Instant(i64::MAX), Instant(i64::MAX));
    assert_eq!(one(&[], &r).cohorts.len(), 25);
    (r.period, r.to) = (Period::Day, calendar.end_of(day));
    let table = one(&[], &r);
    assert_eq!((table.cohorts[1].start.0 - table.cohorts[0].start.0) / HOUR, 25);
    assert_eq!(table.cohorts[0].bucket, Span { first: day, last: day });
}

#[test]
fn blocks_are_anchored_at_the_first_bucket() {
    let mut r = rules(1, 8, &Columns::Each(1));
    r.block = 3;
    let starts: Vec<i64> = one(&[], &r).cohorts.iter().map(|c| c.start.0 / DAY_MICROS).collect();
    assert_eq!(starts, [1, 4, 7]);
    // Day 3 is in the first block, day 5 in the one after.
    assert_eq!(users(&one(&[mark(3 * 24), mark(5 * 24)], &r))[0], (1, vec![1, 1]));
}

#[test]
fn only_complete_cells_enter_the_average_and_empty_handed_cohorts_do() {
    use State::{Complete as C, NotReached as N, Running as R};
    let mut r = rules(0, 2, &Columns::Each(1));
    (r.through, r.reach) = (Instant(2 * DAY_MICROS), Instant(2 * DAY_MICROS + HOUR));
    let people = [[mark(0), Mark { amount: 8, ..mark(24) }], [mark(1), mark(2)], [mark(30), mark(48)]];
    let t = table(people.iter().map(<[Mark; 2]>::as_slice), &r);
    let states: Vec<Vec<State>> = t.cohorts.iter().map(|c| c.cells.iter().map(|x| x.state).collect()).collect();
    assert_eq!(states, [[C, C], [C, R], [R, N]]);
    let per_user = |num, den| Number::MoneyPer { num, den };
    assert_eq!(t.average[0], Mean { rate: Some(1.0), amount: per_user(0, 3), size: 3 });
    assert_eq!(t.average[1], Mean { rate: Some(0.5), amount: per_user(8, 2), size: 2 });
    // A bracket has begun when its first interval has.
    let bracket = Columns::Brackets(vec![3]);
    r.columns = &bracket;
    let t = table(people.iter().map(<[Mark; 2]>::as_slice), &r);
    assert_eq!(t.cohorts.iter().map(|c| c.cells[1].state).collect::<Vec<_>>(), [R, R, N]);
}

#[test]
fn a_breakdown_follows_the_event_of_entry() {
    let of = |hour, value| Mark { value, ..mark(hour) };
    let people = [
        vec![of(0, Some(1)), of(24, Some(2))],
        vec![of(0, Some(2)), of(0, Some(1)), of(24, Some(1))],
        vec![of(1, None)],
    ];
    let marks = || people.iter().map(Vec::as_slice);
    let mut r = rules(0, 0, &Columns::Each(1));
    let rows = |r: &Rules, limit| -> Vec<_> {
        split(marks(), r, limit)
            .iter()
            .map(|(part, t)| (*part, t.cohorts[0].size, t.cohorts[0].cells[1].users))
            .collect()
    };
    assert_eq!(rows(&r, None), [(Part::Value(1), 2, 2), (Part::Missing, 1, 0)]);
    assert_eq!(rows(&r, Some(0)), [(Part::Other, 2, 2), (Part::Missing, 1, 0)]);
    r.same_value = true;
    assert_eq!(rows(&r, None), [(Part::Value(1), 2, 1), (Part::Missing, 1, 0)]);
}

/// The definition read literally, cell by cell and user by user.
fn naive(people: &[Vec<Mark>], r: &Rules) -> Vec<(u64, Vec<(u64, i128)>)> {
    let widths: Vec<i64> = match r.columns {
        Columns::Each(n) => vec![1; usize::from(*n)],
        Columns::Brackets(sizes) => sizes.iter().map(|s| i64::from(*s)).collect(),
    };
    let unit = match r.period {
        Period::Hour => HOUR,
        Period::Day => DAY_MICROS,
        _ => unreachable!("weeks and months are compared with the table of days"),
    } * i64::from(r.block);
    let first = r.from.0.div_euclid(unit / i64::from(r.block)) * (unit / i64::from(r.block));
    let bucket = |at: Instant| (at.0 - first).div_euclid(unit);
    let cohorts = bucket(r.to) + 1;
    (0..cohorts)
        .map(|cohort| {
            let (mut size, mut cells) = (0, vec![(0, 0); widths.len() + 1]);
            for marks in people {
                let firsts = marks.iter().filter(|m| m.start);
                let start = match (r.kind, r.window) {
                    (CohortKind::Recurring, Window::Calendar) => firsts.clone().find(|m| bucket(m.at) == cohort),
                    (CohortKind::Recurring, Window::Rolling) => {
                        firsts.clone().find(|m| (0..cohorts).contains(&bucket(m.at)))
                    }
                    _ => firsts.clone().next(),
                };
                let Some(start) = start.filter(|m| bucket(m.at) == cohort) else { continue };
                size += 1;
                let interval = |m: &Mark| match r.window {
                    Window::Calendar => bucket(m.at) - cohort,
                    Window::Rolling => (m.at.0.div_euclid(HOUR) - start.at.0.div_euclid(HOUR)) * HOUR / unit,
                };
                let returns: Vec<&Mark> = marks.iter().filter(|m| m.ret && m.at >= start.at).collect();
                let active: Vec<i64> = (0..400)
                    .filter(|n| returns.iter().filter(|m| interval(m) == *n).count() >= r.occurrences as usize)
                    .collect();
                let mut low = 0;
                for (column, cell) in cells.iter_mut().enumerate() {
                    let high = if column == 0 { 0 } else { low + widths[column - 1] - 1 };
                    let counts = |n: &i64| match r.criterion {
                        Criterion::On => low <= *n && *n <= high,
                        Criterion::OnOrAfter => low <= *n,
                        Criterion::OnOrBefore => *n <= high,
                    };
                    cell.0 += u64::from(active.iter().any(counts));
                    let counted = |m: &&&Mark| active.contains(&interval(m)) && counts(&interval(m));
                    cell.1 += returns.iter().filter(counted).map(|m| i128::from(m.amount)).sum::<i128>();
                    low = high + 1;
                }
            }
            (size, cells)
        })
        .collect()
}

fn people() -> impl Strategy<Value = Vec<Vec<Mark>>> {
    let event = (0_i64..2000, any::<[bool; 2]>(), prop::option::of(0_u32..3), -9_i64..9);
    let one = prop::collection::vec(event, 0..12).prop_map(|mut list| {
        list.sort_by_key(|e| e.0);
        let make = |(tenth, [start, ret], value, amount): (i64, [bool; 2], Option<u32>, i64)| Mark {
            at: Instant(tenth * HOUR / 10),
            start,
            named: start,
            ret,
            value,
            amount,
        };
        list.into_iter().map(make).collect()
    });
    prop::collection::vec(one, 0..6)
}

proptest! {
    #[test]
    fn every_cell_equals_the_naive_one(
        people in people(),
        choices in any::<[bool; 4]>(),
        criterion in prop::sample::select(vec![Criterion::On, Criterion::OnOrAfter, Criterion::OnOrBefore]),
        block in 1_u32..4,
        occurrences in 1_u32..3,
    ) {
        let [brackets, recurring, rolling, hourly] = choices;
        let columns = if brackets { Columns::Brackets(vec![2, 1, 3]) } else { Columns::Each(4) };
        let mut r = rules(1, 5, &columns);
        (r.block, r.occurrences, r.criterion) = (block, occurrences, criterion);
        r.kind = if recurring { CohortKind::Recurring } else { CohortKind::FirstTime };
        r.window = if rolling { Window::Rolling } else { Window::Calendar };
        r.period = if hourly { Period::Hour } else { Period::Day };
        let marks = || people.iter().map(Vec::as_slice);
        let got = table(marks(), &r);
        let cells = |c: &Cohort| (c.size, c.cells.iter().map(|x| (x.users, x.amount)).collect::<Vec<_>>());
        prop_assert_eq!(got.cohorts.iter().map(cells).collect::<Vec<_>>(), naive(&people, &r));
        // The rows of a breakdown add up to the table.
        let rows = split(marks(), &r, Some(1));
        for (i, cohort) in got.cohorts.iter().enumerate() {
            let sum = |f: &dyn Fn(&Cohort) -> i128| rows.iter().map(|(_, t)| f(&t.cohorts[i])).sum::<i128>();
            prop_assert_eq!(sum(&|c| i128::from(c.size)), i128::from(cohort.size));
            for n in 0..cohort.cells.len() {
                prop_assert_eq!(sum(&|c| i128::from(c.cells[n].users)), i128::from(cohort.cells[n].users));
                prop_assert_eq!(sum(&|c| c.cells[n].amount), cohort.cells[n].amount);
            }
        }
    }

    #[test]
    fn days_weeks_and_months_equal_the_table_of_active_days(
        people in prop::collection::vec(prop::collection::vec(0_i64..120 * 24, 0..12), 0..6),
        grain in prop::sample::select(vec![Grain::Day, Grain::Week, Grain::Month]),
        zone in prop::sample::select(vec!["UTC", "Asia/Shanghai", "America/New_York"]),
        recurring: bool,
        criterion in prop::sample::select(vec![Criterion::On, Criterion::OnOrAfter, Criterion::OnOrBefore]),
    ) {
        // From 2026-01-20, so that the clocks of New York change in between.
        let origin = Day::parse("2026-01-20").unwrap();
        let calendar = Calendar { zone: Zone::parse(zone).unwrap(), week_start: WeekStart::Monday };
        let people: Vec<Vec<Mark>> = people.into_iter().map(|mut hours| {
            hours.sort_unstable();
            hours.iter().map(|h| mark(i64::from(origin.0) * 24 + h)).collect()
        }).collect();
        let pairs = people.iter().enumerate().flat_map(|(u, marks)| marks.iter().map(move |m| (u as u32, m.at)));
        let active = UserDays::from_pairs(pairs.map(|(u, at)| (u, calendar.day_of(at))).collect());
        let span = Span { first: origin.plus(10), last: origin.plus(60) };
        let through = origin.plus(90);
        let by_days = days::table(
            Audience::new(&active, None, through.plus(1)),
            Audience::new(&active, None, through.plus(1)),
            &days::Rules {
                calendar,
                grain,
                span,
                intervals: 5,
                kind: if recurring { CohortKind::Recurring } else { CohortKind::FirstTime },
                criterion,
                zero: Zero::Size,
                average: Average::Pooled,
                horizon: Horizon { through, reach: through.plus(1) },
            },
        );
        let mut r = rules(0, 0, &Columns::Each(5));
        r.calendar = calendar;
        r.kind = if recurring { CohortKind::Recurring } else { CohortKind::FirstTime };
        r.criterion = criterion;
        r.period = grain.into();
        (r.from, r.to) = (calendar.start_of(span.first), calendar.start_of(span.last));
        (r.through, r.reach) = (calendar.end_of(through), calendar.end_of(through.plus(1)));
        let by_events = table(people.iter().map(Vec::as_slice), &r);
        prop_assert_eq!(by_events, by_days);
    }
}
