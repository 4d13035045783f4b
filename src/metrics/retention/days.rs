//! Retention from days of activity: calendar intervals of days, weeks or months.

mod once;

use rustc_hash::FxHashMap;

use crate::domain::calendar::{Calendar, Day, Grain, Instant, Span};

use super::super::number::{Horizon, State};
use super::super::parts;
use super::super::presence::{Audience, BucketMap};
use super::super::turnout::Seen;
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
/// First-time cohorts look at every start day of the audience, also before the span.
pub fn table(start: Audience, ret: Audience, rules: &Rules) -> RetentionTable {
    let cohorts = rules.calendar.buckets(rules.grain, rules.span);
    let frame = Frame::new(&cohorts, rules);
    let tallies = match rules.kind {
        CohortKind::FirstTime | CohortKind::FirstEver => {
            parts::each(start.days().sets(), |part| once::tally(start, ret, part, &frame, rules))
        }
        CohortKind::Recurring => vec![recurring(start, ret, &frame, rules)],
    };
    Tally::sum(&frame, tallies).finish(rules)
}

impl Rules<'_> {
    /// Whether days counted by the first one tell the table where start and return are the same activity.
    pub fn follow_from_counts(&self) -> bool {
        let each_once = matches!(self.kind, CohortKind::FirstTime | CohortKind::FirstEver);
        each_once && self.criterion == Criterion::On && matches!(self.zero, Zero::Size)
    }
}

/// The table of a start that is the return as well, by [`Rules::follow_from_counts`], of users who are counted already;
/// `None` where their days must be looked at.
pub fn counted(seen: Seen, rules: &Rules) -> Option<RetentionTable> {
    let met = seen.met(rules.grain).filter(|_| rules.follow_from_counts())?;
    let cohorts = rules.calendar.buckets(rules.grain, rules.span);
    let frame = Frame::new(&cohorts, rules);
    let mut tally = Tally::new(&frame);
    for tie in met {
        let Some((cohort, bucket)) = frame.starts.of(tie.other).zip(frame.bucket(tie.day)) else { continue };
        let (n, users) = (bucket - cohort, u64::from(tie.users));
        tally.sizes[cohort] += if n == 0 { users } else { 0 };
        if n < frame.width {
            tally.cells[cohort * frame.width + n] += users;
        }
    }
    Some(tally.finish(rules))
}

/// Each user in every cohort that he has a start day in.
fn recurring<'f>(start: Audience, ret: Audience, frame: &'f Frame, rules: &Rules) -> Tally<'f> {
    let mut tally = Tally::new(frame);
    let mut back = Vec::new();
    for (user, days) in start.each() {
        frame.returns(ret.of(user), &mut back);
        for cohort in frame.starts.distinct(days) {
            let zero = match rules.zero {
                Zero::Size => true,
                Zero::Days => back.binary_search(&cohort).is_ok(),
                Zero::Times(times) => times.returned(user, frame.cohorts[cohort].first),
            };
            tally.add(cohort, zero, &back, rules.criterion);
        }
    }
    tally
}

/// The buckets of a table; return days are counted in buckets from the first cohort on.
struct Frame<'c> {
    cohorts: &'c [Span],
    starts: BucketMap,
    returns: BucketMap,
    /// Last day of the last interval of the last cohort.
    last: Day,
    /// Stands for every bucket after it; further than any interval from any cohort.
    beyond: usize,
    /// Columns, that of interval 0 included.
    width: usize,
}

impl<'c> Frame<'c> {
    fn new(cohorts: &'c [Span], rules: &Rules) -> Self {
        let last = rules.calendar.shift(rules.grain, rules.span.last, i32::from(rules.intervals)).last;
        let first = cohorts.first().map_or(rules.span.first, |c| c.first);
        let buckets = rules.calendar.buckets(rules.grain, Span::new(first, last));
        Self {
            cohorts,
            starts: BucketMap::new(cohorts),
            returns: BucketMap::new(&buckets),
            last,
            beyond: buckets.len(),
            width: usize::from(rules.intervals) + 1,
        }
    }

    /// The bucket of a return day; none before the first cohort.
    fn bucket(&self, day: Day) -> Option<usize> {
        if day > self.last { Some(self.beyond) } else { self.returns.of(day) }
    }

    fn returns(&self, days: &[Day], out: &mut Vec<usize>) {
        out.clear();
        out.extend(self.returns.distinct(days));
        if days.last().is_some_and(|d| *d > self.last) {
            out.push(self.beyond);
        }
    }
}

/// Counts while they are being made; cells are row-major, with one after the last for what counts nowhere.
///
/// On-or-after notes only the last interval a user reaches, on-or-before the first; [`Tally::finish`] spreads them.
struct Tally<'f> {
    frame: &'f Frame<'f>,
    sizes: Vec<u64>,
    cells: Vec<u64>,
}

impl<'f> Tally<'f> {
    fn new(frame: &'f Frame<'f>) -> Self {
        let cohorts = frame.cohorts.len();
        Self { frame, sizes: vec![0; cohorts], cells: vec![0; cohorts * frame.width + 1] }
    }

    fn sum(frame: &'f Frame<'f>, tallies: Vec<Self>) -> Self {
        let mut sum = Self::new(frame);
        for tally in tallies {
            sum.sizes.iter_mut().zip(tally.sizes).for_each(|(sum, n)| *sum += n);
            sum.cells.iter_mut().zip(tally.cells).for_each(|(sum, n)| *sum += n);
        }
        sum
    }

    /// Puts a user with these return buckets into a cohort.
    fn add(&mut self, cohort: usize, zero: bool, back: &[usize], criterion: Criterion) {
        let width = self.frame.width;
        self.sizes[cohort] += 1;
        let row = &mut self.cells[cohort * width..(cohort + 1) * width];
        let later = &back[back.partition_point(|b| *b <= cohort)..];
        match criterion {
            Criterion::On => {
                row[0] += u64::from(zero);
                for bucket in later.iter().take_while(|b| **b - cohort < width) {
                    row[bucket - cohort] += 1;
                }
            }
            Criterion::OnOrAfter => match later.last() {
                Some(last) => row[(last - cohort).min(width - 1)] += 1,
                None => row[0] += u64::from(zero),
            },
            Criterion::OnOrBefore => {
                let first = if zero { Some(0) } else { later.first().map(|bucket| bucket - cohort) };
                if let Some(n) = first.filter(|n| *n < width) {
                    row[n] += 1;
                }
            }
        }
    }

    fn finish(mut self, rules: &Rules) -> RetentionTable {
        let (cohorts, width) = (self.frame.cohorts, self.frame.width);
        let mut rows = Vec::with_capacity(cohorts.len());
        for (i, bucket) in cohorts.iter().enumerate() {
            let row = &mut self.cells[i * width..(i + 1) * width];
            match rules.criterion {
                Criterion::On => {}
                Criterion::OnOrAfter => (1..row.len()).rev().for_each(|n| row[n - 1] += row[n]),
                Criterion::OnOrBefore => (1..row.len()).for_each(|n| row[n] += row[n - 1]),
            }
            let mut interval = *bucket;
            let mut cells = Vec::with_capacity(width);
            for users in row.iter() {
                let state = rules.horizon.state(interval);
                cells.push(Cell { users: if state == State::NotReached { 0 } else { *users }, amount: 0, state });
                interval = rules.calendar.bucket(rules.grain, interval.last.plus(1));
            }
            let start = rules.calendar.start_of(bucket.first);
            rows.push(Cohort { bucket: *bucket, start, size: self.sizes[i], cells });
        }
        RetentionTable::new((rules.grain.into(), 1), rows, width, rules.average)
    }
}

#[cfg(test)]
mod tests;
