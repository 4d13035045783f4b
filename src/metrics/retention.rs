//! Cohort retention (metrics.md §1 to §8): who came back, by interval.
//!
//! [`days`] answers from the days on which users were active, which is all that most tables need. [`events`] answers from
//! the events themselves: hours, blocks, rolling windows, brackets, occurrences, filters, breakdowns, amounts in cells.
//! Where both can answer they agree.

pub mod days;
pub mod events;
mod grid;
mod rules;

use crate::domain::calendar::{Grain, Instant, Span};

use super::number::{Number, State};

/// Who is in a cohort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CohortKind {
    /// By the first start event over the whole history that passes the filter.
    FirstTime,
    /// By the first event of the start event's name over the whole history; in no cohort if that one fails the filter.
    FirstEver,
    /// In the cohort of every interval with a start event.
    Recurring,
}

/// Which return counts for interval N.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Criterion {
    /// Active in interval N.
    On,
    /// Active in interval N or any later one observed.
    OnOrAfter,
    /// Active in interval N or any earlier one, from the start event on.
    OnOrBefore,
}

/// What interval 0 holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IntervalZero {
    /// Users with the return event in interval 0 at or after their start event.
    Observed,
    /// Always the cohort size (the convention of some vendors).
    Size,
}

/// How the average row is formed from complete cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Average {
    /// Users returned over users started.
    Pooled,
    /// Mean of the cohorts' rates.
    Simple,
}

/// Where the intervals of a user begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Window {
    /// Calendar buckets.
    Calendar,
    /// At the user's first start event in range, both times cut to the hour; a week is 7 days, a month 30.
    Rolling,
}

/// Width of a base interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// Clock hour of the zone.
    Hour,
    /// Calendar day.
    Day,
    /// Calendar week.
    Week,
    /// Calendar month.
    Month,
}

impl Period {
    /// The same width as a grain; `None` for hours.
    pub fn grain(self) -> Option<Grain> {
        match self {
            Self::Hour => None,
            Self::Day => Some(Grain::Day),
            Self::Week => Some(Grain::Week),
            Self::Month => Some(Grain::Month),
        }
    }

    /// `hour`, `day`, `week`, `month`.
    pub fn name(self) -> &'static str {
        self.grain().map_or("hour", Grain::name)
    }

    /// The letter of an interval: `H`, `D`, `W`, `M`.
    pub fn letter(self) -> char {
        match self {
            Self::Hour => 'H',
            Self::Day => 'D',
            Self::Week => 'W',
            Self::Month => 'M',
        }
    }
}

impl From<Grain> for Period {
    fn from(grain: Grain) -> Self {
        match grain {
            Grain::Day => Self::Day,
            Grain::Week => Self::Week,
            Grain::Month => Self::Month,
        }
    }
}

/// The columns after that of interval 0.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Columns {
    /// One for each of so many intervals.
    Each(u16),
    /// One for each group of so many intervals, the first from interval 1 on; a user counts once in each.
    Brackets(Vec<u16>),
}

impl Columns {
    /// First interval of each column, that of interval 0 included, and the one after the last column.
    pub fn firsts(&self) -> Vec<usize> {
        let mut firsts = vec![0, 1];
        match self {
            Self::Each(n) => firsts.extend((0..usize::from(*n)).map(|i| i + 2)),
            Self::Brackets(sizes) => firsts.extend(sizes.iter().scan(1, |end, size| {
                *end += usize::from(*size);
                Some(*end)
            })),
        }
        firsts
    }

    /// The intervals of a column: `7`, or `5-14` for a bracket of several.
    pub fn name(&self, column: usize) -> String {
        let firsts = self.firsts();
        match (firsts.get(column), firsts.get(column + 1)) {
            (Some(first), Some(after)) if after - first > 1 => format!("{first}-{}", after - 1),
            (Some(first), _) => first.to_string(),
            (None, _) => column.to_string(),
        }
    }
}

/// One cell: users of a cohort that count for a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Users; 0 when not reached.
    pub users: u64,
    /// Micros that the counted return events carry; 0 when not reached or where no amount is asked for.
    pub amount: i128,
    /// How much of its intervals the data covers.
    pub state: State,
}

/// One cohort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    /// Days of its bucket, uncut; the day of its hour where hours are asked for.
    pub bucket: Span,
    /// First instant of its bucket.
    pub start: Instant,
    /// Users in it.
    pub size: u64,
    /// Interval 0 and the columns after it.
    pub cells: Vec<Cell>,
}

/// A cell of the average row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// Average rate over complete cells; `None` where no cohort is complete.
    pub rate: Option<f64>,
    /// Micros for each user of the cohorts in it.
    pub amount: Number,
    /// Users of the cohorts in it.
    pub size: u64,
}

/// The triangle with its average row.
#[derive(Debug, Clone, PartialEq)]
pub struct RetentionTable {
    /// Width of a base interval.
    pub period: Period,
    /// Periods in a cohort bucket and in an interval.
    pub block: u32,
    /// Cohorts oldest first, empty ones included.
    pub cohorts: Vec<Cohort>,
    /// Average by column.
    pub average: Vec<Mean>,
}

impl RetentionTable {
    /// Width of a base interval in days; that of a day for hours.
    pub fn grain(&self) -> Grain {
        self.period.grain().unwrap_or(Grain::Day)
    }

    fn new((period, block): (Period, u32), cohorts: Vec<Cohort>, columns: usize, how: Average) -> Self {
        let average = (0..columns).map(|column| average(&cohorts, column, how)).collect();
        Self { period, block, cohorts, average }
    }
}

/// Average of a column over the cohorts whose cell is complete.
///
/// A cohort in which nobody came back counts with 0; an empty cohort does not count.
pub fn average(cohorts: &[Cohort], column: usize, how: Average) -> Mean {
    let complete = || {
        let cell = move |c: &Cohort| Some((c.size, *c.cells.get(column)?));
        cohorts.iter().filter_map(cell).filter(|(size, cell)| *size > 0 && cell.state == State::Complete)
    };
    let size: u64 = complete().map(|c| c.0).sum();
    let returned: u64 = complete().map(|c| c.1.users).sum();
    let rate = match how {
        Average::Pooled => Number::ratio(i128::from(returned), i128::from(size)).value(),
        Average::Simple => simple_mean(complete().map(|(size, cell)| Some(cell.users as f64 / size as f64))),
    };
    Mean { rate, amount: Number::money_per(complete().map(|c| c.1.amount).sum(), i128::from(size)), size }
}

/// Mean of the rates that there are; `None` without any.
pub fn simple_mean(rates: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_u32);
    for rate in rates.flatten() {
        sum += rate;
        count += 1;
    }
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Day;

    #[test]
    fn columns_are_named_by_their_intervals() {
        let names = |columns: Columns, count: usize| (0..count).map(|c| columns.name(c)).collect::<Vec<_>>();
        assert_eq!(names(Columns::Brackets(vec![4, 10, 1]), 4), ["0", "1-4", "5-14", "15"]);
        assert_eq!(names(Columns::Each(2), 3), ["0", "1", "2"]);
    }

    #[test]
    fn cohorts_without_returns_pull_both_averages_down() {
        // metrics.md section 6: 2 of 10 and 0 of 100 are 1.8 % pooled and 10 % simple.
        let cohort = |size, users| Cohort {
            bucket: Span { first: Day(1), last: Day(1) },
            start: Instant(0),
            size,
            cells: vec![Cell { users, amount: 0, state: State::Complete }],
        };
        let cohorts = [cohort(10, 2), cohort(100, 0), cohort(0, 0)];
        let pooled = average(&cohorts, 0, Average::Pooled);
        assert_eq!((pooled.rate, pooled.size), (Some(2.0 / 110.0), 110));
        assert_eq!(average(&cohorts, 0, Average::Simple).rate, Some(0.1));
    }
}
