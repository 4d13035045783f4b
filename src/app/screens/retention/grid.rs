//! The triangle: one row a cohort, one cell an interval; complete, running, not reached and empty told apart.

use crate::domain::calendar::Grain;
use crate::query::{Average, Cohort, RetentionTable, State};
use crate::ui::pen::Pen;
use crate::ui::table::rule;
use crate::ui::theme::{ColorMode, Role};
use crate::ui::{dates, format, heat};

use super::super::super::view::Env;
use super::{Retention, deepest};

/// Width of the grid where the curve stands beside it: seven intervals.
pub const BESIDE: u16 = 57;

/// Where the size of a cohort ends, and how far apart intervals are.
const SIZE_END: u16 = 14;
const STEP: u16 = 6;

/// The letter of an interval: D, W or M.
pub fn letter(grain: Grain) -> char {
    match grain {
        Grain::Day => 'D',
        Grain::Week => 'W',
        Grain::Month => 'M',
    }
}

/// A rate of a cell as drawn: `38.4`.
pub fn rate_text(rate: f64) -> String {
    format::fixed(rate * 100.0, 1)
}

/// Intervals that are shown: from which to which, and the column in which each ends.
struct Columns {
    first: usize,
    last: usize,
}

impl Columns {
    fn of(screen: &Retention, table: &RetentionTable, width: u16) -> Self {
        let fit = usize::from(width.saturating_sub(SIZE_END) / STEP).max(1);
        let begin = screen.first_interval();
        let deepest = deepest(table).max(begin);
        let cursor = screen.cell(table).map_or(begin, |(_, interval)| interval);
        let first = begin.max((cursor + 1).saturating_sub(fit));
        Self { first, last: deepest.min(first + fit - 1) }
    }

    fn iter(&self) -> impl Iterator<Item = (usize, u16)> {
        let first = self.first;
        // Interval 0 can be 100.0*, which takes the whole step.
        let air = u16::from(first == 0);
        (self.first..=self.last).map(move |n| (n, SIZE_END + air + STEP * (n - first + 1) as u16))
    }
}

/// Draws heads, cohorts, average and n over the pen.
pub fn draw(screen: &Retention, pen: &mut Pen<'_>, env: &Env<'_>) {
    rule(pen, 0, "COHORT", "");
    pen.text(SIZE_END - 4, 0, "size ", Role::Muted);
    let Some(table) = screen.table.shown() else {
        pen.text(1, 1, "..", Role::Muted);
        return;
    };
    let columns = Columns::of(screen, table, pen.width());
    let current = screen.cell(table);
    for (n, end) in columns.iter() {
        let head = format!("{}{n}", letter(table.grain()));
        let role = if current.is_some_and(|(_, i)| i == n) { Role::Accent } else { Role::Muted };
        let start = end - head.len() as u16;
        pen.text(start - 1, 0, " ", Role::Muted);
        pen.text(start, 0, &head, role);
        pen.text(end, 0, " ", Role::Muted);
    }
    let below = footer_rows(pen.height());
    let lines = usize::from(pen.height().saturating_sub(1 + below));
    let first = current.map_or(0, |(cohort, _)| window(cohort, lines, table.cohorts.len()));
    for (line, index) in (first..table.cohorts.len()).take(lines).enumerate() {
        let selected = current.is_some_and(|(c, _)| c == index);
        cohort_row(pen, line as u16 + 1, &table.cohorts[index], table.grain(), &columns, selected, env);
    }
    let y = 1 + table.cohorts.len().min(lines) as u16;
    footer(screen, pen, y, table, &columns);
}

/// Rows below the cohorts: the average always, its n where there is room.
fn footer_rows(height: u16) -> u16 {
    if height < 12 { 1 } else { 2 }
}

/// First cohort shown: the newest rows, moved up as far as the cursor needs.
fn window(cursor: usize, lines: usize, cohorts: usize) -> usize {
    cohorts.saturating_sub(lines).min(cursor)
}

fn cohort_row(
    pen: &mut Pen<'_>,
    y: u16,
    cohort: &Cohort,
    grain: Grain,
    columns: &Columns,
    selected: bool,
    env: &Env<'_>,
) {
    if selected {
        pen.text(0, y, ">", Role::Accent);
    }
    let name = dates::bucket(cohort.bucket, grain, env.today);
    pen.within(1, y, 8, &name, if selected { Role::Selection } else { Role::Base });
    let size = format::number_fit(crate::query::Number::Count(i128::from(cohort.size)), 5);
    pen.right(SIZE_END, y, &size, Role::Base);
    for (n, end) in columns.iter() {
        let Some(cell) = cohort.cells.get(n) else { continue };
        if cell.state == State::NotReached {
            continue;
        }
        if cohort.size == 0 {
            pen.right(end, y, &pen.glyphs().empty().to_string(), Role::Muted);
            continue;
        }
        let rate = cell.users as f64 / cohort.size as f64;
        if cell.state == State::Running {
            pen.right(end, y, &format!("{}*", rate_text(rate)), Role::Muted);
        } else {
            heat::cell(pen, end, y, &rate_text(rate), rate);
        }
    }
}

fn footer(screen: &Retention, pen: &mut Pen<'_>, y: u16, table: &RetentionTable, columns: &Columns) {
    let name = match screen.rules.average {
        Average::Pooled => "pooled",
        Average::Simple => "simple",
    };
    pen.text(1, y, name, Role::Title);
    for (n, end) in columns.iter() {
        if let Some(rate) = table.average.get(n).and_then(|mean| mean.rate) {
            pen.right(end, y, &rate_text(rate), Role::Base);
        }
    }
    if footer_rows(pen.height()) > 1 {
        pen.text(1, y + 1, "n", Role::Muted);
        for (n, end) in columns.iter() {
            if let Some(users) = table.average.get(n).map(|mean| mean.size).filter(|users| *users > 0) {
                let text = format::number_fit(crate::query::Number::Count(i128::from(users)), 5);
                pen.right(end, y + 1, &text, Role::Muted);
            }
        }
    }
}

/// What the cells mean: a line, and a second one for the colours where there is room. Gives the rows used.
pub fn legend(pen: &mut Pen<'_>) -> u16 {
    let empty = pen.glyphs().empty();
    let said = [
        format!("cells  38.4 complete  14.6* running, not averaged  blank not reached  {empty} size 0"),
        format!("38.4 complete  14.6* running  blank not reached  {empty} size 0"),
    ];
    let room = usize::from(pen.width().saturating_sub(2));
    let text = crate::ui::text::first_fit(&said, room, pen.glyphs().cut());
    pen.text(1, 0, &text, Role::Muted);
    pen.text(1, 1, "heat ", Role::Muted);
    match pen.look().theme.mode {
        ColorMode::None | ColorMode::Ansi16 => _ = pen.text(8, 1, "percent of the cohort, always printed", Role::Muted),
        ColorMode::Indexed | ColorMode::True => heat::legend(pen, 8, 1),
    }
    pen.height().min(2)
}
