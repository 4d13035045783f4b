//! Storing rows with a key: rows of one key inside one import add up where the kind says so, else the later replaces the
//! earlier; what comes of it replaces what earlier imports stored.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::StoreError;
use super::dictionary::Dictionary;
use super::run::{self, Group, SUMS, Sums, Total};
use super::tables::{Table, content, keys};
use super::versions::{Digest, Fate, Versions};
use crate::domain::records::{Counts, Kind};
use crate::domain::tables::{Cell, Form, Part, Row, columns};

/// Rows of a slice that wait for their transaction, by key.
#[derive(Default)]
pub(super) struct Waiting {
    kind: Option<Kind>,
    lines: BTreeMap<u128, Line>,
    /// Rows of the file by group: all rows of a group share one fate.
    groups: BTreeMap<u128, u64>,
}

/// What a slice brings for one key.
struct Line {
    group: u128,
    /// Where rows add up, one row that holds their sums.
    rows: Vec<Vec<Cell<'static>>>,
    /// What earlier slices of the run counted.
    before: Option<Sums>,
}

impl Waiting {
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Begins a run of its own: what an earlier one counted is no longer part of it.
    pub(super) fn forget_before(&mut self) {
        self.lines.values_mut().for_each(|line| line.before = None);
    }

    /// Takes the records of one row of the file; false where a sum no longer fits, and nothing is taken.
    pub(super) fn put(&mut self, conn: &Connection, rows: Vec<Row<'static>>, whole: bool) -> Result<bool, StoreError> {
        let Some(kind) = rows.first().map(|row| row.kind) else { return Ok(true) };
        self.kind = Some(kind);
        if !adds_up(kind) {
            for row in rows {
                let (key, group) = keys(kind, &row.cells);
                let line = Line { group, rows: Vec::new(), before: None };
                self.lines.entry(key).or_insert(line).rows.push(row.cells);
            }
            return Ok(true);
        }
        let mut summed = Vec::with_capacity(rows.len());
        for row in rows {
            let (key, shared) = keys(kind, &row.cells);
            let group = if whole { key } else { shared };
            let (before, mut cells) = match self.lines.get(&key) {
                Some(line) => (line.before, line.rows.first().cloned()),
                None => (run::total(conn, key)?.map(|total| total.sums), None),
            };
            let more = sums(kind, &row.cells);
            let slice = match &cells {
                Some(cells) => plus(sums(kind, cells), more),
                None => Some(more),
            };
            let Some(slice) = slice.filter(|slice| plus(before.unwrap_or_default(), *slice).is_some()) else {
                return Ok(false);
            };
            let cells = cells.get_or_insert(row.cells);
            set_sums(kind, cells, slice);
            summed.push((key, Line { group, rows: vec![std::mem::take(cells)], before }));
        }
        let groups: std::collections::BTreeSet<u128> = summed.iter().map(|(_, line)| line.group).collect();
        for group in groups {
            *self.groups.entry(group).or_default() += 1;
        }
        self.lines.extend(summed);
        Ok(true)
    }

    /// Stores the slice, counting what became of its rows.
    pub(super) fn store(
        self,
        (conn, batch, source): (&Connection, i64, i64),
        dictionary: &mut Dictionary,
        (counts, digest): (&mut Counts, &mut Digest),
    ) -> Result<Option<Kind>, StoreError> {
        let Some((kind, table)) = self.kind.and_then(|kind| Some((kind, Table::of(kind)?))) else { return Ok(None) };
        let desk = Desk { table, versions: Versions { conn, table: table.name, amount: table.amount, batch, source } };
        for (key, line) in self.lines {
            if adds_up(kind) {
                desk.add(key, line, dictionary, digest)?;
            } else {
                desk.replace(key, line, dictionary, (counts, digest))?;
            }
        }
        for (group, rows) in self.groups {
            let before = run::group(conn, group)?;
            if let Some(Group { fate, rows }) = before {
                fate.uncount(counts, rows);
            }
            let rows = rows + before.map_or(0, |group| group.rows);
            let Some(fate) = run::fate_of_group(conn, group)? else { continue };
            fate.count(counts, rows);
            run::note_group(conn, group, Group { fate, rows })?;
        }
        Ok(Some(kind))
    }
}

/// One table, and the versions in it that one import writes.
struct Desk<'c> {
    table: &'static Table,
    versions: Versions<'c>,
}

impl Desk<'_> {
    fn add(&self, key: u128, line: Line, dictionary: &mut Dictionary, digest: &mut Digest) -> Result<(), StoreError> {
        let kind = self.table.kind;
        for mut cells in line.rows {
            let Some(total) = plus(line.before.unwrap_or_default(), sums(kind, &cells)) else { continue };
            set_sums(kind, &mut cells, total);
            let fate = self.with_ids(&cells, dictionary, |said, amount, insert| {
                self.versions.place(digest, (key, said, amount), |_| insert(key))
            })?;
            run::note_total(self.versions.conn, key, line.group, &Total { fate, sums: total })?;
        }
        Ok(())
    }

    fn replace(
        &self,
        key: u128,
        line: Line,
        dictionary: &mut Dictionary,
        (counts, digest): (&mut Counts, &mut Digest),
    ) -> Result<(), StoreError> {
        let conn = self.versions.conn;
        let mut met = run::total(conn, key)?.is_some();
        for cells in line.rows {
            let fate = self.with_ids(&cells, dictionary, |said, amount, insert| {
                self.versions.replace(digest, (key, said, amount), met, |_| insert(key))
            })?;
            fate.count(counts, 1);
            if !met {
                run::note_total(conn, key, line.group, &Total { fate, sums: Sums::default() })?;
                met = true;
            }
        }
        Ok(())
    }

    /// Hands on what a row says, its amount, and the way to write it.
    fn with_ids(
        &self,
        cells: &[Cell<'_>],
        dictionary: &mut Dictionary,
        place: impl FnOnce(u128, i64, &dyn Fn(u128) -> Result<(), StoreError>) -> Result<Fate, StoreError>,
    ) -> Result<Fate, StoreError> {
        let Versions { conn, batch, source, .. } = self.versions;
        let (said, amount) = (content(self.table.kind, cells), amount(self.table.kind, cells));
        let ids = self.table.ids(conn, dictionary, cells)?;
        place(said, amount, &|key| self.table.insert(conn, (batch, source), (key, said), &ids))
    }
}

/// Whether rows of one key inside one import add up.
fn adds_up(kind: Kind) -> bool {
    columns(kind).iter().any(|column| column.part == Part::Sum)
}

/// What a row adds to the sum of amounts that proves its import.
pub(super) fn amount(kind: Kind, cells: &[Cell<'_>]) -> i64 {
    let mut pairs = columns(kind).iter().zip(cells);
    let cell = pairs.find(|(column, _)| matches!(column.form, Form::Amount | Form::Decimal));
    cell.and_then(|(_, cell)| cell.int()).unwrap_or(0)
}

/// Places of the columns that add up.
fn summed(kind: Kind) -> impl Iterator<Item = usize> {
    columns(kind).iter().enumerate().filter(|(_, column)| column.part == Part::Sum).map(|(at, _)| at).take(SUMS)
}

fn sums(kind: Kind, cells: &[Cell<'_>]) -> Sums {
    let mut sums = Sums::default();
    for (sum, at) in sums.iter_mut().zip(summed(kind)) {
        *sum = cells.get(at).and_then(Cell::int);
    }
    sums
}

fn set_sums(kind: Kind, cells: &mut [Cell<'_>], sums: Sums) {
    for (sum, at) in sums.into_iter().zip(summed(kind)) {
        if let Some(cell) = cells.get_mut(at) {
            *cell = sum.into();
        }
    }
}

/// Sums of two; `None` where one does not fit what is stored. What neither has is absent.
fn plus(a: Sums, b: Sums) -> Option<Sums> {
    let mut out = Sums::default();
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        *out = match (a, b) {
            (Some(a), Some(b)) => Some(a.checked_add(b)?),
            (a, b) => a.or(b),
        };
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_adds_up_fits_the_memory_of_a_run() {
        for kind in Kind::ALL {
            let parts = columns(kind).iter().filter(|column| column.part == Part::Sum).count();
            assert!(parts <= SUMS, "{}", kind.name());
        }
    }

    #[test]
    fn sums_are_exact_or_none_and_absence_stays() {
        assert_eq!(plus([Some(1), None, Some(-2)], [Some(2), None, None]), Some([Some(3), None, Some(-2)]));
        assert_eq!(plus([Some(i64::MAX), None, None], [Some(1), None, None]), None);
    }
}
