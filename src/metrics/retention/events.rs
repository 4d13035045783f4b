//! Retention from events: every option of metrics.md §1 to §8 that needs more than days of activity.

use rustc_hash::FxHashMap;

use crate::domain::calendar::Instant;

use super::super::breakdown::Parts;
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

/// Tables while users are still being added: one of all, or one for each row of a breakdown.
pub struct Tables<'r> {
    rules: &'r Rules<'r>,
    grid: Grid,
    parts: Option<&'r Parts>,
    tallies: Vec<Tally>,
    /// Of the last user.
    entries: Vec<Entry>,
    runs: Vec<Run>,
}

impl<'r> Tables<'r> {
    /// Empty tables of marks up to `last`; with `parts` one for each of its rows, by the value on the event that put the
    /// user in the cohort; of simultaneous ones the lowest.
    pub fn new(rules: &'r Rules<'r>, last: Instant, parts: Option<&'r Parts>) -> Self {
        let grid = Grid::new(rules, last);
        let tallies = vec![Tally::new(&grid); parts.map_or(1, |parts| parts.rows().len())];
        Self { rules, grid, parts, tallies, entries: Vec::new(), runs: Vec::new() }
    }

    /// Adds a user by his marks in order of time, over all history; simultaneous ones in any order.
    pub fn add(&mut self, marks: &[Mark]) {
        let seen = seen(marks, self.rules);
        enter(seen, self.rules, &self.grid, &mut self.entries);
        for entry in &self.entries {
            let row = self.parts.map_or(Some(0), |parts| parts.row(entry.value));
            if let Some(row) = row {
                returns(seen, entry, self.rules, &self.grid, &mut self.runs);
                self.tallies[row].add(entry.cohort, &self.runs, self.rules, &self.grid);
            }
        }
    }

    /// Adds to `sizes` how often a user by his marks enters with each value.
    pub fn measure(&mut self, marks: &[Mark], sizes: &mut FxHashMap<Option<u32>, u64>) {
        enter(seen(marks, self.rules), self.rules, &self.grid, &mut self.entries);
        for entry in &self.entries {
            *sizes.entry(entry.value).or_default() += 1;
        }
    }

    /// Adds all users of other tables by the same rules and parts.
    pub fn join(&mut self, other: &Self) {
        self.tallies.iter_mut().zip(&other.tallies).for_each(|(own, other)| own.join(other));
    }

    /// The table of all, or those of the parts in order.
    pub fn finish(self) -> Vec<RetentionTable> {
        let (grid, rules) = (self.grid, self.rules);
        self.tallies.into_iter().map(|tally| tally.finish(&grid, rules)).collect()
    }
}

/// The marks that are seen.
fn seen<'m>(marks: &'m [Mark], rules: &Rules) -> &'m [Mark] {
    &marks[..marks.partition_point(|m| m.at < rules.reach)]
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

    fn join(&mut self, other: &Self) {
        self.sizes.iter_mut().zip(&other.sizes).for_each(|(own, other)| *own += other);
        self.users.iter_mut().zip(&other.users).for_each(|(own, other)| *own += other);
        self.amounts.iter_mut().zip(&other.amounts).for_each(|(own, other)| *own += other);
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
