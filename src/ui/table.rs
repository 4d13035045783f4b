//! Tables: a rule line that holds title and column heads, rows with a cursor gutter, the total last.
//!
//! ```text
//! ── STREAM ────── actual ── prev ── delta
//! >E-commerce      50,370  52,300    -3.7%
//!  total           89,950  84,200    +6.8%
//! ```

use super::pen::{Pen, Run};
use super::safe::{Safe, csv_cell, spreadsheet_cell};
use super::spark;
use super::text;
use super::theme::Role;

/// Width from which tables show all columns; below, only those with a compact place.
pub const FULL_WIDTH: u16 = 80;

/// Where the text of a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// From this column of the screen on.
    Left(u16),
    /// Ending before this column of the screen.
    Right(u16),
}

/// A column with a fixed place, so that the eye finds it on every screen and at every size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Head in the rule line; empty where the title or the content speaks for itself.
    pub head: &'static str,
    /// Place from 80 columns on.
    pub place: Align,
    /// Cells of its widest text.
    pub width: u16,
    /// Place below 80 columns; `None` hides it there.
    pub compact: Option<Align>,
    /// Screen width from which it is shown; 0 always.
    pub from: u16,
}

impl Column {
    /// A column shown at every width of 80 and more.
    pub const fn new(head: &'static str, place: Align, width: u16) -> Self {
        Self { head, place, width, compact: None, from: 0 }
    }

    /// With a place below 80 columns.
    #[must_use]
    pub const fn compact(self, place: Align) -> Self {
        Self { compact: Some(place), ..self }
    }

    /// Shown only from a width on.
    #[must_use]
    pub const fn from(self, width: u16) -> Self {
        Self { from: width, ..self }
    }

    /// Where a head of it begins in the rule at a width, if one is shown there.
    fn head_at(&self, width: u16, head: &str) -> Option<u16> {
        let cells = text::width(head) as u16;
        let start = match self.at(width)? {
            Align::Left(at) => at,
            Align::Right(end) => end.saturating_sub(cells),
        };
        (cells > 0).then_some(start)
    }

    /// Its place at a width, if it is shown there.
    pub fn at(&self, width: u16) -> Option<Align> {
        if width < self.from {
            return None;
        }
        if width < FULL_WIDTH { self.compact } else { Some(self.place) }
    }
}

/// One cell: what is shown, what it sorts by, what is exported.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Text as shown.
    pub text: String,
    /// Colour.
    pub role: Role,
    /// Value to sort by; cells without one sort by text, after all numbers.
    pub value: Option<f64>,
    /// Exact value for an export; `None` exports the text.
    pub exact: Option<String>,
    /// Values that are drawn as a line as wide as the column, in place of the text.
    pub line: Vec<Option<f64>>,
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), role: Role::Base, value: None, exact: None, line: Vec::new() }
    }

    /// A number with the form an export gives it.
    pub fn number(text: impl Into<String>, value: Option<f64>, exact: impl Into<String>) -> Self {
        Self { value, exact: Some(exact.into()), ..Self::text(text) }
    }

    /// The course of some values, one gap a missing one; nothing where all are missing.
    pub fn line(values: Vec<Option<f64>>, exact: impl Into<String>) -> Self {
        let line = if values.iter().any(Option::is_some) { values } else { Vec::new() };
        Self { line, ..Self::number("", None, exact) }
    }

    /// In another colour.
    #[must_use]
    pub fn role(self, role: Role) -> Self {
        Self { role, ..self }
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Names the record, so that the cursor stays on it when rows move.
    pub id: String,
    /// One cell a column; the first is the name.
    pub cells: Vec<Cell>,
}

/// A section with its rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Title in the rule line.
    pub title: String,
    /// Facts after the title, such as `5 of 6 fresh`.
    pub note: String,
    /// Columns from left to right.
    pub columns: &'static [Column],
    /// Heads in place of those of the columns, where they follow from the data; empty elsewhere.
    pub heads: Vec<Cell>,
    /// Records.
    pub rows: Vec<Row>,
    /// Stays below the rows whatever the order.
    pub total: Option<Row>,
    /// The total of some rows, below that of all.
    pub partial: Option<Row>,
    /// Said in place of rows where there are none.
    pub empty: String,
}

/// How a table is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight<'a> {
    /// Rows in the order shown.
    pub order: &'a [usize],
    /// Place of the cursor in that order; `None` where the cursor is elsewhere. The feet are the places after the last.
    pub cursor: Option<usize>,
    /// First place shown.
    pub offset: usize,
    /// Column sorted by, and whether from the largest down.
    pub sort: Option<(usize, bool)>,
    /// Facts after the title, such as `5 of 6 fresh`.
    pub note: &'a str,
    /// How many rows there are, where not all can be seen: `4 of 6`. It stands after the facts, which give way to it.
    pub count: &'a str,
}

impl Table {
    /// Rows that the cursor can stand on: all that are shown, and the total.
    pub fn stops(&self, shown: usize) -> usize {
        shown + self.feet().count()
    }

    /// The head of a column.
    pub fn head(&self, at: usize) -> &str {
        let own = self.columns.get(at).map_or("", |column| column.head);
        self.heads.get(at).map_or(own, |cell| cell.text.as_str())
    }

    /// The rows that stay last: the total, then the partial one.
    pub fn feet(&self) -> impl Iterator<Item = &Row> {
        self.total.iter().chain(&self.partial)
    }

    /// The row at a place of an order; the feet come after it.
    pub fn at(&self, order: &[usize], place: usize) -> Option<&Row> {
        match order.get(place) {
            Some(row) => self.rows.get(*row),
            None => self.feet().nth(place.checked_sub(order.len())?),
        }
    }

    /// The rows in order: those whose cells hold the filter (case ignored), sorted.
    pub fn arranged(&self, filter: &str, sort: Option<(usize, bool)>) -> Vec<usize> {
        let needle = filter.to_lowercase();
        let holds = |row: &Row| row.cells.iter().any(|c| c.text.to_lowercase().contains(&needle));
        let mut order: Vec<usize> =
            (0..self.rows.len()).filter(|i| needle.is_empty() || holds(&self.rows[*i])).collect();
        if let Some((column, down)) = sort {
            order.sort_by(|a, b| compare(&self.rows[*a], &self.rows[*b], column, down));
        }
        order
    }

    /// Rows besides the feet that a height has room for, at least one below the rule: a table that has room for one row
    /// shows a row rather than its total.
    pub fn lines(&self, height: u16) -> usize {
        let room = usize::from(height).saturating_sub(1);
        room - self.feet().count().min(room.saturating_sub(1))
    }

    /// Draws rule, rows and total over the pen's height; gives the offset that keeps the cursor in sight.
    pub fn draw(&self, pen: &mut Pen<'_>, sight: &Sight<'_>) -> usize {
        self.draw_rule(pen, sight);
        let lines = self.lines(pen.height());
        let feet: Vec<&Row> = self.feet().take(usize::from(pen.height()).saturating_sub(1 + lines)).collect();
        if sight.order.is_empty() && feet.is_empty() && lines > 0 && !self.empty.is_empty() {
            pen.within(3, 1, pen.width().saturating_sub(4), &self.empty, Role::Muted);
        }
        let offset = in_sight(sight.offset, sight.cursor, lines, sight.order.len());
        for (line, place) in (offset..sight.order.len()).take(lines).enumerate() {
            draw_row(pen, line as u16 + 1, self.columns, &self.rows[sight.order[place]], sight.cursor == Some(place));
        }
        let below = sight.order.len().saturating_sub(offset).min(lines) as u16 + 1;
        for (at, row) in feet.into_iter().enumerate() {
            draw_row(pen, below + at as u16, self.columns, row, sight.cursor == Some(sight.order.len() + at));
        }
        offset
    }

    fn draw_rule(&self, pen: &mut Pen<'_>, sight: &Sight<'_>) {
        let width = pen.width();
        let note = self.said(sight, width, pen.glyphs().cut());
        let mut from = rule(pen, 0, &self.title, &note);
        for (index, column) in self.columns.iter().enumerate() {
            let head = self.head(index);
            let Some(start) = column.head_at(width, head).filter(|start| *start >= from) else { continue };
            let cells = text::width(head) as u16;
            from = pen.text(start.saturating_sub(1), 0, &format!(" {head} "), Role::Muted);
            if let Some((_, down)) = sight.sort.filter(|(by, _)| *by == index) {
                pen.text(start + cells, 0, if down { "v" } else { "^" }, Role::Accent);
            }
        }
    }

    /// What the rule says after the title: the facts and how many rows there are, before the first head where that is
    /// possible. Else a long fact is cut, a unit gives way to how many rows there are, and heads to all else.
    fn said(&self, sight: &Sight<'_>, width: u16, cut: char) -> String {
        const READABLE: usize = 8;
        const SHORT: usize = 24;
        const UNIT: usize = 3;
        let note = Safe::new(sight.note);
        let (note, count) = (note.as_str(), sight.count);
        if note.is_empty() {
            return count.to_owned();
        }
        let heads = self.columns.iter().enumerate().filter_map(|(i, column)| column.head_at(width, self.head(i)));
        let head = heads.min().unwrap_or(width);
        // The line before the title, and the blanks around it and around what is said.
        let room = usize::from(head).saturating_sub(2 + text::width(&self.title) + 2 + 2);
        let gap = if count.is_empty() { "" } else { "  " };
        let close = format!("{note} {count}").trim_end().to_owned();
        let both = [format!("{note}{gap}{count}"), close.clone()];
        if let Some(fits) = both.into_iter().find(|said| text::width(said) <= room) {
            return fits;
        }
        let left = room.saturating_sub(text::width(count) + gap.len());
        match text::width(note) {
            ..=UNIT if !count.is_empty() => count.to_owned(),
            ..=SHORT if count.is_empty() || left < READABLE => close,
            _ => format!("{}{gap}{count}", text::cut_with(note, left.max(READABLE), cut)),
        }
    }

    /// The table as CSV that is safe to open in a spreadsheet, with a byte order mark.
    pub fn csv(&self, order: &[usize]) -> String {
        let mut out = String::from('\u{feff}');
        out.push_str(&self.names().map(csv_cell).collect::<Vec<_>>().join(","));
        out.push_str("\r\n");
        for row in order.iter().map(|i| &self.rows[*i]).chain(self.feet()) {
            let cells = row.cells.iter().map(|c| match &c.exact {
                Some(exact) => csv_cell(exact),
                None => spreadsheet_cell(&c.text),
            });
            out.push_str(&cells.collect::<Vec<_>>().join(","));
            out.push_str("\r\n");
        }
        out
    }

    /// The table as tab-separated lines of clean text under its heads, for a clipboard.
    pub fn tsv(&self, order: &[usize]) -> String {
        let rows = order.iter().map(|i| &self.rows[*i]).chain(self.feet());
        let heads = self.names().collect::<Vec<_>>().join("\t");
        std::iter::once(heads).chain(rows.map(tsv_row)).collect::<Vec<_>>().join("\n")
    }

    /// Names of the columns outside a screen, where a place alone says nothing.
    fn names(&self) -> impl Iterator<Item = &str> {
        (0..self.columns.len()).map(|at| match self.head(at) {
            "" if at == 0 => "name",
            "" => "remark",
            head => self.heads.get(at).and_then(|cell| cell.exact.as_deref()).unwrap_or(head),
        })
    }
}

/// A row as tab-separated clean text, for a clipboard.
pub fn tsv_row(row: &Row) -> String {
    let cells = row.cells.iter().map(|c| Safe::new(c.text.trim()).to_string());
    cells.collect::<Vec<_>>().join("\t").trim_end().to_owned()
}

/// A rule with its title on the left; gives the column after the title.
pub fn rule(pen: &mut Pen<'_>, y: u16, title: &str, note: &str) -> u16 {
    let width = pen.width();
    pen.fill(0, y, width, pen.glyphs().rule(), Role::Muted);
    let mut runs: Vec<Run> = vec![(format!(" {title} "), Role::Title)];
    if !note.is_empty() {
        runs.push((format!(" {note} "), Role::Base));
    }
    if title.is_empty() { 2 } else { pen.runs(2, y, &runs) }
}

fn compare(a: &Row, b: &Row, column: usize, down: bool) -> std::cmp::Ordering {
    use std::cmp::Ordering::{Equal, Greater, Less};

    let (Some(a), Some(b)) = (a.cells.get(column), b.cells.get(column)) else { return Equal };
    let order = match (a.value, b.value) {
        (Some(x), Some(y)) => x.total_cmp(&y),
        // Rows without a value stay last in either direction.
        (Some(_), None) => return Less,
        (None, Some(_)) => return Greater,
        (None, None) => a.text.to_lowercase().cmp(&b.text.to_lowercase()),
    };
    if down { order.reverse() } else { order }
}

/// The offset nearest to the present one with the cursor among the lines shown.
fn in_sight(offset: usize, cursor: Option<usize>, lines: usize, rows: usize) -> usize {
    let last = rows.saturating_sub(lines);
    let Some(cursor) = cursor else { return offset.min(last) };
    let cursor = cursor.min(rows.saturating_sub(1));
    let lowest = (cursor + 1).saturating_sub(lines);
    offset.clamp(lowest, cursor.max(lowest)).min(last)
}

/// Draws one row: gutter, name, cells.
pub fn draw_row(pen: &mut Pen<'_>, y: u16, columns: &[Column], row: &Row, selected: bool) {
    let width = pen.width();
    if selected {
        pen.text(0, y, ">", Role::Accent);
    }
    for (index, (column, cell)) in columns.iter().zip(&row.cells).enumerate() {
        let Some(place) = column.at(width) else { continue };
        let role = if selected && index == 0 && cell.role == Role::Base { Role::Selection } else { cell.role };
        match place {
            Align::Left(at) if !cell.line.is_empty() => {
                pen.text(at, y, &spark::pooled(&cell.line, usize::from(column.width), pen.glyphs()), role);
            }
            Align::Left(at) => {
                let room = column.width.min(width.saturating_sub(at));
                pen.within(at, y, room, &cell.text, role);
            }
            Align::Right(end) => {
                let clean = Safe::new(&cell.text);
                let cut = text::cut_with(clean.as_str(), usize::from(column.width), pen.glyphs().cut());
                pen.right(end, y, &cut, role);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::super::pen::Look;
    use super::*;

    const COLUMNS: &[Column] = &[
        Column::new("", Align::Left(1), 8).compact(Align::Left(1)),
        Column::new("actual", Align::Right(17), 7).compact(Align::Right(17)),
        Column::new("share", Align::Right(24), 6),
    ];

    fn row(name: &str, value: f64) -> Row {
        let number = Cell::number(value.to_string(), Some(value), value.to_string());
        Row { id: name.to_owned(), cells: vec![Cell::text(name), number, Cell::text("x")] }
    }

    fn table() -> Table {
        Table {
            title: "STREAM".to_owned(),
            columns: COLUMNS,
            rows: vec![row("ads", 5.0), row("=vas", -7.0), row("very long name", 6.0)],
            total: Some(row("total", 4.0)),
            empty: "nothing".to_owned(),
            ..Table::default()
        }
    }

    fn drawn(table: &Table, width: u16, height: u16, sight: &Sight<'_>) -> Vec<String> {
        let area = Rect::new(0, 0, width, height);
        let mut buffer = Buffer::empty(area);
        table.draw(&mut Pen::new(&mut buffer, area, Look::default()), sight);
        (0..height).map(|y| (0..width).map(|x| buffer[(x, y)].symbol().to_owned()).collect()).collect()
    }

    #[test]
    fn heads_stand_in_the_rule_over_their_columns() {
        let order = [0, 1, 2];
        let sight = Sight { order: &order, cursor: Some(1), offset: 0, sort: None, note: "", count: "" };
        let lines = drawn(&table(), 80, 5, &sight);
        assert_eq!(lines[0].trim_end_matches('─'), "── STREAM  actual  share ");
        assert_eq!(lines[1].trim_end(), " ads            5      x");
        assert_eq!(lines[2].trim_end(), ">=vas          -7      x");
        assert_eq!(lines[3].trim_end(), " very lo…       6      x");
        assert_eq!(lines[4].trim_end(), " total          4      x");
    }

    #[test]
    fn the_total_stays_and_the_cursor_is_in_sight() {
        let order = [0, 1, 2];
        let sight = Sight { order: &order, cursor: Some(2), offset: 0, sort: Some((1, true)), note: "", count: "" };
        let lines = drawn(&table(), 80, 3, &sight);
        assert!(lines[0].contains("actualv"), "{}", lines[0]);
        assert!(lines[1].starts_with(">very lo…") && lines[2].starts_with(" total"));
        let narrow = drawn(&table(), 40, 4, &sight);
        assert!(!narrow[0].contains("share") && narrow[0].contains("actual"));
    }

    #[test]
    fn how_many_rows_there_are_is_said_beside_facts_which_give_way() {
        const FAR: &[Column] = &[Column::new("", Align::Left(1), 30), Column::new("actual", Align::Right(40), 7)];
        let rule = |columns, note: &str, count: &str| {
            let sight = Sight { order: &[0], cursor: None, offset: 0, sort: None, note, count };
            drawn(&Table { columns, ..table() }, 80, 3, &sight)[0].trim_end_matches('─').to_owned()
        };
        assert_eq!(rule(FAR, "net of all", "3 of 9"), "── STREAM  net of all  3 of 9 ─── actual ");
        assert_eq!(rule(FAR, "net of all refunds", "3 of 9"), "── STREAM  net of all re…  3 of 9 actual ");
        assert_eq!(rule(FAR, "net of all refunds and more", ""), "── STREAM  net of all refunds an… actual ");
        assert_eq!(rule(COLUMNS, "net", "3 of 9"), "── STREAM  3 of 9  share ");
    }

    #[test]
    fn rows_filter_and_sort_and_the_total_does_not_move() {
        let table = table();
        assert_eq!(table.arranged("", Some((1, true))), [2, 0, 1]);
        assert_eq!(table.arranged("", Some((0, false))), [1, 0, 2]);
        assert_eq!(table.arranged("AS", None), [1]);
        assert!(table.arranged("zzz", None).is_empty());
    }

    #[test]
    fn an_export_is_exact_and_no_formula() {
        let text = table().csv(&[0, 1]);
        assert_eq!(text, "\u{feff}name,actual,share\r\nads,5,x\r\n'=vas,-7,x\r\ntotal,4,x\r\n");
        assert_eq!(table().tsv(&[1]), "name\tactual\tshare\n=vas\t-7\tx\ntotal\t4\tx");
    }

    #[test]
    fn offsets_move_as_little_as_needed() {
        assert_eq!(in_sight(0, Some(5), 3, 10), 3);
        assert_eq!(in_sight(3, Some(4), 3, 10), 3);
        assert_eq!(in_sight(3, Some(1), 3, 10), 1);
        assert_eq!(in_sight(9, Some(9), 3, 10), 7);
        assert_eq!(in_sight(4, None, 3, 4), 1);
        assert_eq!(in_sight(0, Some(0), 0, 0), 0);
    }
}
