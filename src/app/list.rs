//! Cursor, filter, sorting, export: shared by all tables. A [`Board`] is a screen of tables one above the other.

use std::cell::Cell;

use crate::ui::format;
use crate::ui::pen::Pen;
use crate::ui::table::{Row, Sight, Table, tsv_row};

use super::action::Action;
use super::view::{Env, Note, Request};

/// Rows that a page key moves by.
const PAGE: usize = 10;

/// How one table is looked at.
#[derive(Debug, Default)]
struct List {
    /// Place of the cursor when the record it stood on is gone.
    place: usize,
    /// Record under the cursor.
    id: String,
    /// First place shown; drawing keeps the cursor in sight.
    offset: Cell<usize>,
    filter: String,
    sort: Option<(usize, bool)>,
}

impl List {
    /// The order shown and the cursor's place in it, on the same record where that is still there.
    fn arranged(&self, table: &Table) -> (Vec<usize>, usize) {
        let order = table.arranged(&self.filter, self.sort);
        let found = order.iter().position(|i| table.rows[*i].id == self.id);
        let on_foot = table.feet().position(|row| row.id == self.id).map(|at| order.len() + at);
        let last = table.stops(order.len()).saturating_sub(1);
        let place = found.or(on_foot).unwrap_or(self.place).min(last);
        (order, place)
    }

    fn put(&mut self, table: &Table, order: &[usize], place: usize) {
        self.place = place;
        let row = table.at(order, place);
        self.id = row.map_or_else(String::new, |r| r.id.clone());
    }

    /// Sorts by the next column that has something to sort by, numbers from the largest down; then as given again.
    fn sort_next(&mut self, table: &Table) {
        let from = self.sort.map_or(0, |(column, _)| column + 1);
        let by_value = |c: usize| table.rows.iter().any(|r| r.cells.get(c).is_some_and(|cell| cell.value.is_some()));
        let sortable = |c: &usize| !table.head(*c).is_empty() || *c == 0;
        self.sort = (from..table.columns.len()).find(sortable).map(|c| (c, by_value(c)));
    }
}

/// The tables of a screen with one cursor that runs through all of them.
#[derive(Debug, Default)]
pub struct Board {
    section: usize,
    lists: Vec<List>,
}

impl Board {
    /// A board of some tables.
    pub fn new(sections: usize) -> Self {
        Self { section: 0, lists: (0..sections).map(|_| List::default()).collect() }
    }

    /// The section that holds the cursor; the first that has rows where the present one has none.
    pub fn section(&self, tables: &[Table]) -> usize {
        let has_rows = |s: &usize| {
            let (Some(table), Some(list)) = (tables.get(*s), self.lists.get(*s)) else { return false };
            table.stops(table.arranged(&list.filter, None).len()) > 0
        };
        if has_rows(&self.section) {
            return self.section;
        }
        (0..tables.len()).find(has_rows).unwrap_or(0)
    }

    /// Puts the cursor into a section.
    pub fn enter(&mut self, section: usize) {
        self.section = section.min(self.lists.len().saturating_sub(1));
    }

    /// Puts the cursor on a record.
    pub fn select(&mut self, section: usize, id: &str) {
        self.enter(section);
        if let Some(list) = self.lists.get_mut(self.section) {
            id.clone_into(&mut list.id);
        }
    }

    /// Section and record that the cursor was put on last.
    pub fn held(&self) -> Option<(usize, &str)> {
        let list = self.lists.get(self.section)?;
        (!list.id.is_empty()).then_some((self.section, list.id.as_str()))
    }

    /// The row under the cursor, with its section.
    pub fn current<'t>(&self, tables: &'t [Table]) -> Option<(usize, &'t Row)> {
        let section = self.section(tables);
        let (list, table) = (self.lists.get(section)?, tables.get(section)?);
        let (order, place) = list.arranged(table);
        Some((section, table.at(&order, place)?))
    }

    /// The filter in force.
    pub fn filter(&self) -> &str {
        self.lists.get(self.section).map_or("", |l| &l.filter)
    }

    /// Filters every section.
    pub fn narrow(&mut self, filter: &str) {
        for list in &mut self.lists {
            filter.clone_into(&mut list.filter);
        }
    }

    /// Does what list keys do; `None` for any other.
    pub fn act(&mut self, action: Action, tables: &[Table], name: &str, env: &Env<'_>) -> Option<Vec<Request>> {
        self.section = self.section(tables);
        let section = self.section;
        let (list, table) = (self.lists.get_mut(section)?, tables.get(section)?);
        let (order, place) = list.arranged(table);
        let last = table.stops(order.len()).saturating_sub(1);
        let to = match action {
            Action::Down if place == last => return Some(self.jump(tables, 1, false)),
            Action::Up if place == 0 => return Some(self.jump(tables, -1, true)),
            Action::Down => place + 1,
            Action::Up => place.saturating_sub(1),
            Action::First => 0,
            Action::Last => last,
            Action::PageDown => (place + PAGE).min(last),
            Action::PageUp => place.saturating_sub(PAGE),
            Action::SectionNext => return Some(self.jump(tables, 1, false)),
            Action::SectionPrev => return Some(self.jump(tables, -1, false)),
            Action::Sort => {
                list.sort_next(table);
                return Some(Vec::new());
            }
            Action::SortReverse => {
                list.sort = Some(list.sort.map_or((0, true), |(column, down)| (column, !down)));
                return Some(Vec::new());
            }
            _ => {
                // What a key does to a row may move it: the cursor goes with it.
                list.put(table, &order, place);
                return hand_out(action, table, &order, place, name, env);
            }
        };
        list.put(table, &order, to);
        Some(Vec::new())
    }

    /// Goes to the next section with rows in a direction; to its last row where `to_end` is set.
    fn jump(&mut self, tables: &[Table], step: isize, to_end: bool) -> Vec<Request> {
        let mut at = self.section;
        while let Some(next) = at.checked_add_signed(step).filter(|n| *n < tables.len()) {
            at = next;
            let (table, list) = (&tables[at], &mut self.lists[at]);
            let (order, _) = list.arranged(table);
            let stops = table.stops(order.len());
            if stops > 0 {
                list.put(table, &order, if to_end { stops - 1 } else { 0 });
                self.section = at;
                break;
            }
        }
        Vec::new()
    }

    /// Draws one section over the pen; the rule says how many rows there are where not all can be seen.
    pub fn draw(&self, pen: &mut Pen<'_>, tables: &[Table], section: usize) {
        let (Some(table), Some(list)) = (tables.get(section), self.lists.get(section)) else { return };
        let (order, place) = list.arranged(table);
        let here = self.section(tables) == section && table.stops(order.len()) > 0;
        let missed = Table { empty: "no row matches; Esc shows all again".to_owned(), ..table.clone() };
        let table = if list.filter.is_empty() { table } else { &missed };
        let room = table.lines(pen.height());
        let of = |part: usize, all: usize| format!("{} of {}", format::count(part as u64), format::count(all as u64));
        let (note, count) = if !list.filter.is_empty() {
            (format!("\"{}\"", list.filter), of(order.len(), table.rows.len()))
        } else if order.len() > room {
            (table.note.clone(), of(room, order.len()))
        } else {
            (table.note.clone(), String::new())
        };
        let (cursor, offset) = (here.then_some(place), list.offset.get());
        let sight = Sight { order: &order, cursor, offset, sort: list.sort, note: &note, count: &count };
        list.offset.set(table.draw(pen, &sight));
    }
}

/// Export and clipboard.
fn hand_out(
    action: Action,
    table: &Table,
    order: &[usize],
    place: usize,
    name: &str,
    env: &Env<'_>,
) -> Option<Vec<Request>> {
    let empty = order.is_empty() && table.feet().next().is_none();
    match action {
        Action::Export | Action::CopyRow | Action::CopyTable if empty => {
            Some(vec![Request::Say(Note::refused("nothing to hand out: this table has no rows"))])
        }
        Action::Export => Some(vec![Request::Write { name: file_name(name, env), text: table.csv(order) }]),
        Action::CopyTable => Some(vec![Request::Copy(table.tsv(order))]),
        Action::CopyRow => Some(vec![Request::Copy(tsv_row(table.at(order, place)?))]),
        _ => None,
    }
}

/// `quarterdeck-revenue-2026-06-10.csv`: what, and through which day.
pub fn file_name(what: &str, env: &Env<'_>) -> String {
    format!("quarterdeck-{what}-{}.csv", env.through())
}

/// Shares rows among sections: each gets at least `min`, the section under the cursor first, so that it is always seen; then
/// what it wants in the same order. Gives heights that never exceed `rows` in sum.
pub fn allot(rows: u16, wants: &[(u16, u16)], focus: usize) -> Vec<u16> {
    let mut left = rows;
    let mut heights = vec![0; wants.len()];
    let order = || std::iter::once(focus).chain((0..wants.len()).filter(|i| *i != focus));
    for at in order() {
        let (Some((min, _)), Some(height)) = (wants.get(at), heights.get_mut(at)) else { continue };
        *height = if *min <= left { *min } else { 0 };
        left -= *height;
    }
    for at in order() {
        let (Some((_, want)), Some(height)) = (wants.get(at), heights.get_mut(at)) else { continue };
        let more = want.saturating_sub(*height).min(left);
        if *height > 0 {
            *height += more;
            left -= more;
        }
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use crate::ui::table::{Align, Cell as TableCell, Column};

    const COLUMNS: &[Column] = &[
        Column::new("", Align::Left(1), 9),
        Column::new("n", Align::Right(20), 6),
        Column::new("m", Align::Right(30), 6),
    ];

    fn table(names: &[&str], total: bool) -> Table {
        let row = |name: &str| Row {
            id: name.to_owned(),
            cells: vec![
                TableCell::text(name),
                TableCell::number(name.len().to_string(), Some(name.len() as f64), "1"),
                TableCell::text("x"),
            ],
        };
        Table {
            columns: COLUMNS,
            rows: names.iter().map(|n| row(n)).collect(),
            total: total.then(|| row("total")),
            ..Table::default()
        }
    }

    fn at(board: &Board, tables: &[Table]) -> (usize, String) {
        board.current(tables).map(|(s, r)| (s, r.id.clone())).unwrap()
    }

    #[test]
    fn the_cursor_runs_through_sections_and_skips_empty_ones() {
        let tables = [table(&["a", "b"], true), table(&[], false), table(&["c"], false)];
        let mut board = Board::new(3);
        fixture::with_env(|env| {
            for expected in ["b", "total"] {
                board.act(Action::Down, &tables, "t", env);
                assert_eq!(at(&board, &tables), (0, expected.to_owned()));
            }
            board.act(Action::Down, &tables, "t", env);
            assert_eq!(at(&board, &tables), (2, "c".to_owned()));
            board.act(Action::Up, &tables, "t", env);
            assert_eq!(at(&board, &tables), (0, "total".to_owned()));
            board.act(Action::SectionNext, &tables, "t", env);
            assert_eq!(at(&board, &tables), (2, "c".to_owned()));
        });
    }

    #[test]
    fn the_cursor_stays_on_its_record_when_rows_move() {
        let mut board = Board::new(1);
        fixture::with_env(|env| {
            let before = [table(&["bb", "a", "ccc"], true)];
            board.act(Action::Down, &before, "t", env);
            board.act(Action::Sort, &before, "t", env);
            assert_eq!(at(&board, &before).1, "a");
            let after = [table(&["new", "ccc", "a"], true)];
            assert_eq!(at(&board, &after).1, "a");
            let gone = [table(&["x", "y"], true)];
            assert_eq!(at(&board, &gone).1, "y", "else it keeps its place");
        });
    }

    #[test]
    fn sorting_goes_round_the_columns_and_back_to_the_given_order() {
        let mut board = Board::new(1);
        let tables = [table(&["bb", "a", "ccc"], false)];
        fixture::with_env(|env| {
            let mut tops = Vec::new();
            for _ in 0..4 {
                board.act(Action::Sort, &tables, "t", env);
                board.act(Action::First, &tables, "t", env);
                tops.push(at(&board, &tables).1);
            }
            assert_eq!(tops, ["a", "ccc", "bb", "bb"]);
        });
    }

    #[test]
    fn a_filter_hides_rows_and_export_follows_it() {
        let mut board = Board::new(1);
        let tables = [table(&["bb", "a", "ccc"], false)];
        board.narrow("C");
        assert_eq!(at(&board, &tables).1, "ccc");
        fixture::with_env(|env| {
            let asked = board.act(Action::Export, &tables, "list", env).unwrap();
            let Some(Request::Write { name, text }) = asked.into_iter().next() else { panic!("no file") };
            assert_eq!(name, "quarterdeck-list-2026-06-10.csv");
            assert!(text.contains("ccc") && !text.contains("bb"));
            board.narrow("nothing");
            let asked = board.act(Action::CopyRow, &tables, "list", env).unwrap();
            assert!(matches!(asked[0], Request::Say(_)));
        });
    }

    #[test]
    fn rows_are_shared_without_exceeding_what_there_is() {
        assert_eq!(allot(20, &[(2, 8), (2, 8), (1, 1)], 0), [8, 8, 1]);
        assert_eq!(allot(10, &[(2, 8), (2, 8), (1, 1)], 1), [2, 7, 1]);
        assert_eq!(allot(3, &[(2, 8), (2, 8), (1, 1)], 0), [2, 0, 1]);
        assert_eq!(allot(0, &[(2, 8)], 0), [0]);
        assert_eq!(allot(5, &[(3, 3), (2, 2), (4, 9)], 2), [0, 0, 5], "the one under the cursor is seen");
    }
}
