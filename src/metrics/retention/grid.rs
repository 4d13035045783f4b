//! Which cohort, interval and column an instant falls in.

use chrono::{TimeZone as _, Timelike as _, Utc};

use crate::domain::calendar::{Calendar, Instant, Span};

use super::super::number::State;
use super::rules::Rules;
use super::{Period, Window};

/// Microseconds of an hour.
const HOUR: i64 = 3_600_000_000;

/// The buckets of a table, from that of `from` on.
pub(super) struct Grid {
    calendar: Calendar,
    /// First instant of each block; one more than any cohort's interval needs.
    starts: Vec<Instant>,
    cohorts: usize,
    /// Length of a rolling interval in hours; `None` for calendar windows.
    rolling: Option<i64>,
    /// First interval of each column, and the one after the last column.
    firsts: Vec<usize>,
}

impl Grid {
    /// A grid that also tells the intervals of instants up to `last`.
    pub(super) fn new(rules: &Rules, last: Instant) -> Self {
        let firsts = rules.columns.firsts();
        let needed = firsts.last().copied().unwrap_or(1);
        let (mut starts, mut cohorts, mut after) = (Vec::new(), 0, 0);
        while after <= needed || starts.last().is_none_or(|s| *s <= last) {
            let start = block_start(rules, starts.len());
            if start <= rules.to {
                cohorts += 1;
            } else {
                after += 1;
            }
            starts.push(start);
        }
        let rolling = (rules.window == Window::Rolling).then(|| hours(rules.period) * i64::from(rules.block.max(1)));
        Self { calendar: rules.calendar, starts, cohorts, rolling, firsts }
    }

    pub(super) fn cohorts(&self) -> usize {
        self.cohorts
    }

    pub(super) fn columns(&self) -> usize {
        self.firsts.len() - 1
    }

    /// First instant of a bucket and first after it.
    pub(super) fn bucket(&self, cohort: usize) -> (Instant, Instant) {
        (self.starts[cohort], self.starts[cohort + 1])
    }

    /// The days of a bucket.
    pub(super) fn days(&self, cohort: usize) -> Span {
        let (start, end) = self.bucket(cohort);
        Span::new(self.calendar.day_of(start), self.calendar.day_of(Instant(end.0 - 1)))
    }

    /// The cohort bucket of an instant.
    pub(super) fn cohort(&self, at: Instant) -> Option<usize> {
        self.block(at).filter(|b| *b < self.cohorts)
    }

    fn block(&self, at: Instant) -> Option<usize> {
        self.starts.partition_point(|s| *s <= at).checked_sub(1)
    }

    /// The interval of an instant at or after the start event of a user in a cohort.
    pub(super) fn interval(&self, cohort: usize, start: Instant, at: Instant) -> usize {
        match self.rolling {
            None => self.block(at).unwrap_or(cohort) - cohort,
            Some(length) => {
                let crossed = hour(self.calendar, at).0 - hour(self.calendar, start).0;
                (crossed / HOUR / length) as usize
            }
        }
    }

    /// The column that holds an interval; `None` beyond the last.
    pub(super) fn column(&self, interval: usize) -> Option<usize> {
        let column = self.firsts.partition_point(|f| *f <= interval) - 1;
        (column < self.columns()).then_some(column)
    }

    /// How much of a column the data covers; in a rolling window for the user that entered last, or first.
    pub(super) fn state(&self, cohort: usize, column: usize, rules: &Rules) -> State {
        let (first, after) = (self.firsts[column], self.firsts[column + 1]);
        let (begin, end) = match self.rolling {
            None => (self.starts[cohort + first], self.starts[cohort + after]),
            Some(length) => {
                let span = |intervals: usize| intervals as i64 * length * HOUR;
                let (start, next) = self.bucket(cohort);
                (Instant(start.0 + span(first)), Instant(next.0 - HOUR + span(after)))
            }
        };
        if end <= rules.through {
            State::Complete
        } else if begin < rules.reach {
            State::Running
        } else {
            State::NotReached
        }
    }
}

/// The first instant of a block, found from the calendar: blocks of one table differ in length.
fn block_start(rules: &Rules, block: usize) -> Instant {
    let periods = block as i64 * i64::from(rules.block.max(1));
    let Some(grain) = rules.period.grain() else {
        return Instant(hour(rules.calendar, rules.from).0 + periods * HOUR);
    };
    let first = rules.calendar.day_of(rules.from);
    rules.calendar.start_of(rules.calendar.shift(grain, first, periods as i32).first)
}

fn hours(period: Period) -> i64 {
    match period {
        Period::Hour => 1,
        Period::Day => 24,
        Period::Week => 7 * 24,
        Period::Month => 30 * 24,
    }
}

/// The first instant of the clock hour.
fn hour(calendar: Calendar, at: Instant) -> Instant {
    let local = Utc.timestamp_micros(at.0).single().map(|t| t.with_timezone(&calendar.zone.0));
    let past = local.map_or(0, |t| i64::from(t.minute() * 60 + t.second()));
    Instant(at.0.div_euclid(1_000_000) * 1_000_000 - past * 1_000_000)
}
