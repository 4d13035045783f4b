//! A triangle as rows: one a cell for programs, one a cohort for people.

use chrono::{TimeZone as _, Utc};

use crate::domain::calendar::{Instant, Zone};
use crate::query::{Cell as Kept, Cohort, Columns, Number, Period, Retention, RetentionTable, State, wilson};

use super::super::metric::state;
use super::super::table::{Cell, Table, rate};

/// Below so many users a rate is shown with its interval.
const SMALL: u64 = 400;

/// What decides how a triangle is written.
pub struct Shape<'a> {
    /// What each part is a value of; `None` without a breakdown.
    pub by: Option<&'static str>,
    /// Amounts are asked for.
    pub amounts: bool,
    /// Columns after interval 0.
    pub columns: &'a Columns,
    /// Zone that hours are written in.
    pub zone: Zone,
    /// Word for the average row.
    pub average: &'static str,
    /// Only ASCII.
    pub ascii: bool,
}

impl Shape<'_> {
    /// The interval of a column: a number, or the ends of a bracket.
    fn interval(&self, column: usize) -> Cell {
        let name = self.columns.name(column);
        name.parse().map_or_else(|_| Cell::text(&name), Cell::Count)
    }

    fn cohort(&self, cohort: &Cohort, period: Period) -> String {
        if period == Period::Hour { hour(cohort.start, self.zone) } else { cohort.bucket.first.to_string() }
    }
}

/// `2026-11-01T01:00-04:00`: local, with the offset that tells the two hours of a clock change apart.
fn hour(at: Instant, zone: Zone) -> String {
    let utc = Utc.timestamp_micros(at.0).single();
    utc.map_or_else(|| at.to_string(), |t| t.with_timezone(&zone.0).format("%Y-%m-%dT%H:%M%:z").to_string())
}

/// The whole last, after its parts; each with the name of the part.
fn tables(answer: &Retention) -> impl Iterator<Item = (Option<&str>, &RetentionTable)> {
    let parts = answer.parts.iter().map(|(name, table)| (Some(name.as_str()), table));
    parts.chain(std::iter::once((None, &answer.whole)))
}

/// One row a cell, for programs; the average has no cohort and its size is the number of users behind it.
pub fn long(answer: &Retention, shape: &Shape) -> Table {
    let mut table = Table::new(&["cohort", "size", "interval", "users", "rate", "low", "high", "state"]);
    if shape.amounts {
        table.columns.insert(7, "amount".into());
    }
    if let Some(by) = shape.by {
        table.columns.insert(0, by.into());
    }
    for (part, triangle) in tables(answer) {
        for row in cells(triangle, shape) {
            let name = shape.by.map(|_| part.map_or(Cell::Total, Cell::text));
            table.rows.push(name.into_iter().chain(row).collect());
        }
    }
    table
}

fn cells(triangle: &RetentionTable, shape: &Shape) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for cohort in &triangle.cohorts {
        for (column, cell) in cohort.cells.iter().enumerate().filter(|(_, cell)| cell.state != State::NotReached) {
            let share =
                if cohort.size > 0 { Cell::Rate(rate(cell.users.into(), cohort.size.into())) } else { Cell::Missing };
            let [low, high] = interval(cell.users, cohort.size);
            let mut row = vec![
                Cell::text(shape.cohort(cohort, triangle.period)),
                Cell::Count(i128::from(cohort.size)),
                shape.interval(column),
                Cell::Count(i128::from(cell.users)),
                share,
                low,
                high,
            ];
            row.extend(shape.amounts.then(|| Cell::number(Number::Money(cell.amount))));
            row.push(Cell::text(state(cell.state)));
            rows.push(row);
        }
    }
    for (column, mean) in triangle.average.iter().enumerate() {
        let Some(average) = mean.rate else { continue };
        let mut row = vec![
            Cell::Total,
            Cell::Count(i128::from(mean.size)),
            shape.interval(column),
            Cell::Missing,
            Cell::Rate(format!("{average:.6}")),
            Cell::Missing,
            Cell::Missing,
        ];
        row.extend(shape.amounts.then(|| Cell::number(mean.amount)));
        row.push(Cell::text(state(State::Complete)));
        rows.push(row);
    }
    rows
}

/// Wilson's 95 % interval of a small sample; a large one needs none.
fn interval(users: u64, size: u64) -> [Cell; 2] {
    let known = wilson(users, size).filter(|_| size < SMALL && users <= size);
    known.map_or([Cell::Missing, Cell::Missing], |(low, high)| {
        [low, high].map(|share| Cell::Rate(format!("{share:.6}")))
    })
}

/// The triangle, in percent: `38.4` complete, `14.6*` running, blank not reached, a dot for a cohort without users.
pub fn wide(answer: &Retention, shape: &Shape) -> Table {
    let mut table = Table::new(&["cohort", "size"]);
    if let Some(by) = shape.by {
        table.columns.insert(0, by.into());
    }
    let shown = tables(answer).flat_map(|(_, t)| &t.cohorts).map(|c| reached(&c.cells)).max().unwrap_or(0);
    let letter = answer.whole.period.letter();
    table.columns.extend((0..shown).map(|column| format!("{letter}{}", shape.columns.name(column)).into()));
    for (part, triangle) in tables(answer) {
        let name = || shape.by.map(|_| part.map_or(Cell::Total, Cell::text));
        for cohort in &triangle.cohorts {
            let head = [Cell::text(shape.cohort(cohort, triangle.period)), Cell::Count(i128::from(cohort.size))];
            let cells = (0..shown).map(|n| Cell::Shown(drawn(cohort.cells.get(n), cohort.size, shape)));
            table.rows.push(name().into_iter().chain(head).chain(cells).collect());
        }
        let head = [Cell::text(shape.average), Cell::Shown(String::new())];
        let averages = (0..shown).map(|n| {
            let mean = triangle.average.get(n).filter(|mean| mean.rate.is_some());
            Cell::Shown(mean.map_or_else(String::new, |mean| match (shape.amounts, mean.amount.value(), mean.rate) {
                (true, Some(amount), _) => format!("{amount:.2} "),
                (_, _, Some(rate)) => format!("{:.1} ", rate * 100.0),
                _ => String::new(),
            }))
        });
        table.rows.push(name().into_iter().chain(head).chain(averages).collect());
    }
    table
}

/// Number of leading columns of which anything is known.
fn reached(cells: &[Kept]) -> usize {
    cells.iter().rposition(|cell| cell.state != State::NotReached).map_or(0, |last| last + 1)
}

fn drawn(cell: Option<&Kept>, size: u64, shape: &Shape) -> String {
    let Some(cell) = cell.filter(|cell| cell.state != State::NotReached) else {
        return String::new();
    };
    let mark = if cell.state == State::Running { '*' } else { ' ' };
    if size == 0 {
        return if shape.ascii { ". " } else { "· " }.to_owned();
    }
    if shape.amounts {
        return format!("{}{mark}", crate::domain::money::rounded(cell.amount, 2));
    }
    let tenths = (u128::from(cell.users) * 2_000 + u128::from(size)) / (2 * u128::from(size));
    format!("{}.{}{mark}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(columns: &Columns) -> Shape<'_> {
        Shape { by: None, amounts: false, columns, zone: Zone::UTC, average: "pooled", ascii: false }
    }

    #[test]
    fn cells_of_the_triangle_tell_their_state() {
        let each = Columns::Each(3);
        let cell = |users, state| Kept { users, amount: 12_345_000, state };
        let drawn =
            |users, state, size, ascii| drawn(Some(&cell(users, state)), size, &Shape { ascii, ..shape(&each) });
        assert_eq!(drawn(301, State::Complete, 1_000, false), "30.1 ");
        assert_eq!(drawn(1, State::Running, 3, false), "33.3*");
        assert_eq!(drawn(0, State::NotReached, 3, false), "");
        assert_eq!(drawn(0, State::Complete, 0, false), "· ");
        assert_eq!(drawn(0, State::Complete, 0, true), ". ");
        assert_eq!(reached(&[cell(0, State::Complete), cell(0, State::NotReached)]), 1);
        let amounts = Shape { amounts: true, ..shape(&each) };
        assert_eq!(super::drawn(Some(&cell(1, State::Running)), 3, &amounts), "12.35*");
    }

    #[test]
    fn the_two_hours_of_a_clock_change_have_two_names() {
        let zone = Zone::parse("America/New_York").unwrap();
        let first = Instant(1_793_509_200_000_000);
        let names = [first, Instant(first.0 + 3_600_000_000)].map(|at| hour(at, zone));
        assert_eq!(names, ["2026-11-01T01:00-04:00", "2026-11-01T01:00-05:00"]);
    }
}
