//! Retention from events: every option of metrics.md §1 to §8 that needs more than days of activity.

use rustc_hash::FxHashMap;

use crate::domain::calendar::Instant;

use super::super::breakdown::{Part, Parts};
use super::super::number::State;
use super::grid::Grid;
pub use super::rules::Rules;
use super::{Cell, Cohort, CohortKind, Criterion, IntervalZero, RetentionTable, Window};

/// An event of one user that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// When it happened.
    pub at: Instant,
    /// Whether it passes the name and the filter of the start event.
    pub start: bool,
    /// Whether it has the name of the start event, whatever the filter says; only [`CohortKind::FirstEver`] asks.
    pub named: bool,
    /// Whether it passes the name and the filter of the return event.
    pub ret: bool,
    /// Value of the breakdown on this event; ids ascend with the values' text.
    pub value: Option<u32>,
    /// Micros that a return event adds to the cells.
    pub amount: i64,
}

/// Cohorts of all users together.
///
/// Each item holds the marks of one user in order of time, over all history; simultaneous ones in any order.
pub fn table<'a>(users: impl Iterator<Item = &'a [Mark]> + Clone, rules: &Rules) -> RetentionTable {
    let grid = Grid::new(rules, last_seen(users.clone(), rules));
    let mut tally = Tally::new(&grid);
    each_entry(users, rules, &grid, |entry, runs| tally.add(entry.cohort, runs, rules, &grid));
    tally.finish(&grid, rules)
}

/// One table for each of the `limit` values that most users entered with, the rest, and those without a value.
///
/// The value is the one on the event that put the user in the cohort; of simultaneous ones the lowest.
pub fn split<'a>(
    users: impl Iterator<Item = &'a [Mark]> + Clone,
    rules: &Rules,
    limit: Option<usize>,
) -> Vec<(Part, RetentionTable)> {
    let grid = Grid::new(rules, last_seen(users.clone(), rules));
    let mut sizes = FxHashMap::<Option<u32>, u64>::default();
    each_entry(users.clone(), rules, &grid, |entry, _| *sizes.entry(entry.value).or_default() += 1);
    let parts = Parts::new(sizes.into_iter(), limit);
    let mut tallies = vec![Tally::new(&grid); parts.rows().len()];
    each_entry(users, rules, &grid, |entry, runs| {
        if let Some(row) = parts.row(entry.value) {
            tallies[row].add(entry.cohort, runs, rules, &grid);
        }
    });
    parts.rows().iter().copied().zip(tallies.into_iter().map(|t| t.finish(&grid, rules))).collect()
}

/// A user in a cohort.
#[derive(Debug, Clone, Copy)]
struct Entry {
    cohort: usize,
    start: Instant,
    value: Option<u32>,
}

/// The return events of a user in one interval.
#[derive(Debug, Clone, Copy)]
struct Run {
    interval: usize,
    events: u32,
    amount: i128,
}

fn last_seen<'a>(users: impl Iterator<Item = &'a [Mark]>, rules: &Rules) -> Instant {
    users.filter_map(|marks| marks.last()).map(|m| m.at.min(rules.reach)).max().unwrap_or(rules.to)
}

/// Calls back for each user in each of his cohorts, with the intervals in which he returned, ascending.
fn each_entry<'a>(
    users: impl Iterator<Item = &'a [Mark]>,
    rules: &Rules,
    grid: &Grid,
    mut then: impl FnMut(Entry, &[Run]),
) {
    let (mut entries, mut runs) = (Vec::new(), Vec::new());
    for marks in users {
        let seen = &marks[..marks.partition_point(|m| m.at < rules.reach)];
        enter(seen, rules, grid, &mut entries);
        for entry in &entries {
            returns(seen, entry, rules, grid, &mut runs);
            then(*entry, &runs);
        }
    }
}

fn enter(marks: &[Mark], rules: &Rules, grid: &Grid, out: &mut Vec<Entry>) {
    out.clear();
    let first = |flag: fn(&Mark) -> bool| marks.iter().find(|m| flag(m)).map(|m| m.at);
    let only = match rules.kind {
        CohortKind::Recurring => None,
        CohortKind::FirstTime => first(|m| m.start),
        CohortKind::FirstEver => first(|m| m.named),
    };
    for mark in marks.iter().filter(|m| m.start && only.is_none_or(|at| m.at == at)) {
        let Some(cohort) = grid.cohort(mark.at) else { continue };
        match out.last_mut() {
            Some(entry) if entry.start == mark.at => {
                entry.value = entry.value.into_iter().chain(mark.value).min();
            }
            Some(entry) if entry.cohort == cohort || rules.window == Window::Rolling => {}
            _ => out.push(Entry { cohort, start: mark.at, value: mark.value }),
        }
    }
}

/// The intervals with enough return events at or after the start event; equal times count as ordered.
fn returns(marks: &[Mark], entry: &Entry, rules: &Rules, grid: &Grid, out: &mut Vec<Run>) {
    out.clear();
    let after = &marks[marks.partition_point(|m| m.at < entry.start)..];
    for mark in after.iter().filter(|m| m.ret && (!rules.same_value || m.value == entry.value)) {
        let interval = grid.interval(entry.cohort, entry.start, mark.at);
        let amount = i128::from(mark.amount);
        match out.last_mut() {
            Some(run) if run.interval == interval => {
                run.events += 1;
                run.amount += amount;
            }
            _ => out.push(Run { interval, events: 1, amount }),
        }
    }
    out.retain(|run| run.events >= rules.occurrences);
}

/// Counts while they are being made; cells are row-major.
#[derive(Debug, Clone)]
struct Tally {
    sizes: Vec<u64>,
    users: Vec<u64>,
    amounts: Vec<i128>,
}

impl Tally {
    fn new(grid: &Grid) -> Self {
        let cells = grid.cohorts() * grid.columns();
        Self { sizes: vec![0; grid.cohorts()], users: vec![0; cells], amounts: vec![0; cells] }
    }

    /// Notes the columns of a user: all for [`Criterion::On`], else the last or first, which [`Tally::spread`] extends.
    fn add(&mut self, cohort: usize, runs: &[Run], rules: &Rules, grid: &Grid) {
        self.sizes[cohort] += 1;
        let row = cohort * grid.columns();
        let column = |run: &Run| match rules.criterion {
            Criterion::OnOrAfter => Some(grid.column(run.interval).unwrap_or(grid.columns() - 1)),
            Criterion::On | Criterion::OnOrBefore => grid.column(run.interval),
        };
        let mut before = None;
        for (i, run) in runs.iter().enumerate() {
            let Some(at) = column(run) else { continue };
            self.amounts[row + at] += run.amount;
            let counts = match rules.criterion {
                Criterion::On => before != Some(at),
                Criterion::OnOrAfter => i + 1 == runs.len(),
                Criterion::OnOrBefore => before.is_none(),
            };
            self.users[row + at] += u64::from(counts);
            before = Some(at);
        }
    }

    fn spread(&mut self, cohort: usize, criterion: Criterion, columns: usize) {
        let row = cohort * columns;
        let mut carry = |from: usize, to: usize| {
            self.users[row + to] += self.users[row + from];
            self.amounts[row + to] += self.amounts[row + from];
        };
        match criterion {
            Criterion::On => {}
            Criterion::OnOrAfter => (1..columns).rev().for_each(|c| carry(c, c - 1)),
            Criterion::OnOrBefore => (1..columns).for_each(|c| carry(c - 1, c)),
        }
    }

    fn finish(mut self, grid: &Grid, rules: &Rules) -> RetentionTable {
        let columns = grid.columns();
        let mut cohorts = Vec::with_capacity(grid.cohorts());
        for cohort in 0..grid.cohorts() {
            self.spread(cohort, rules.criterion, columns);
            let size = self.sizes[cohort];
            let cell = |column: usize| {
                let state = grid.state(cohort, column, rules);
                if state == State::NotReached {
                    return Cell { users: 0, amount: 0, state };
                }
                let at = cohort * columns + column;
                let by_size = column == 0 && rules.zero == IntervalZero::Size;
                Cell { users: if by_size { size } else { self.users[at] }, amount: self.amounts[at], state }
            };
            let (bucket, start) = (grid.days(cohort), grid.bucket(cohort).0);
            cohorts.push(Cohort { bucket, start, size, cells: (0..columns).map(cell).collect() });
        }
        RetentionTable::new((rules.period, rules.block), cohorts, columns, rules.average)
    }
}

#[cfg(test)]
mod tests;
