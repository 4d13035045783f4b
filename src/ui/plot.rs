//! A line chart with its axes: round values on the left, places below.
//!
//! ```text
//!  150k
//!              ⢀⣀⠤⠒⠊⠁
//!   50k ⣀⡠⠤⠒⠒⠊⠁
//!       1           6           11
//! ```

use super::chart::{Range, Series, draw as draw_lines, row_of};
use super::pen::Pen;
use super::text;
use super::theme::Role;

/// Columns on the left: the gutter, four cells for a value, a blank. A fifth cell takes the blank.
pub const LABELS: u16 = 6;

/// Lines, the values at their left, and what stands below them.
pub struct Plot<'a> {
    /// Lines; the first lies on top.
    pub series: &'a [Series],
    /// Values at the bottom and at the top.
    pub range: Range,
    /// A value on the axis as text of four cells, five at most.
    pub label: &'a dyn Fn(f64) -> String,
    /// Places from 0 to 1 with their names, left to right; those without room are left out.
    pub marks: &'a [(f64, String)],
}

impl Plot<'_> {
    /// Draws over the whole pen: lines, and on the last row the places.
    pub fn draw(&self, pen: &mut Pen<'_>) {
        self.draw_with(pen, &[]);
    }

    /// The same with places from 0 to 1 where something happened: a dotted line below the lines, its sign on top.
    pub fn draw_with(&self, pen: &mut Pen<'_>, events: &[(f64, char)]) {
        let rows = pen.height().saturating_sub(1);
        let width = pen.width().saturating_sub(LABELS + 1);
        if rows == 0 || width == 0 {
            return;
        }
        for value in self.range.ticks(usize::from(rows)) {
            let y = row_of(value, self.range, usize::from(rows)) as u16;
            let label = (self.label)(value);
            let x = (LABELS - 1).saturating_sub(text::width(&label) as u16).max(1);
            pen.within(x, y, LABELS - x, &label, Role::Muted);
        }
        let column = |place: f64| LABELS + (place.clamp(0.0, 1.0) * f64::from(width - 1)).round() as u16;
        for (place, _) in events {
            (0..rows).for_each(|y| pen.fill(column(*place), y, 1, ':', Role::Muted));
        }
        draw_lines(&mut pen.part(LABELS, 0, width, rows), self.series, self.range);
        for (place, sign) in events {
            pen.fill(column(*place), 0, 1, *sign, Role::Accent);
        }
        self.draw_marks(&mut pen.part(LABELS, rows, width + 1, 1), width);
    }

    fn draw_marks(&self, pen: &mut Pen<'_>, width: u16) {
        let mut free = 0;
        for (place, name) in self.marks {
            let cells = text::width(name) as u16;
            let x = (place.clamp(0.0, 1.0) * f64::from(width - 1)).round() as u16;
            let x = x.min(pen.width().saturating_sub(cells));
            if x >= free {
                free = pen.text(x, 0, name, Role::Muted) + 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::super::chart::Stroke;
    use super::super::format;
    use super::super::glyphs::Glyphs;
    use super::super::pen::Look;
    use super::*;

    #[test]
    fn what_happened_stands_below_the_lines_with_its_sign_on_top() {
        let points = vec![(0.0, 0.0), (1.0, 0.0)];
        let series = [Series { points, role: Role::Series(1), stroke: Stroke::Thick }];
        let range = Range { low: 0.0, high: 1.0 };
        let plot = Plot { series: &series, range, label: &format::tick, marks: &[] };
        let area = Rect::new(0, 0, 12, 4);
        let mut buffer = Buffer::empty(area);
        let look = Look { glyphs: Glyphs::Ascii, ..Look::default() };
        plot.draw_with(&mut Pen::new(&mut buffer, area, look), &[(0.0, '1'), (1.0, '2')]);
        let row = |y: u16| (6..12).map(|x| buffer[(x, y)].symbol()).collect::<String>();
        assert_eq!([row(0), row(1), row(2)], ["1   2 ", ":   : ", "***** "]);
    }

    #[test]
    fn values_stand_beside_their_rows_and_names_never_touch() {
        let points = vec![(0.0, 0.0), (1.0, 150_000.0)];
        let series = [Series { points, role: Role::Series(1), stroke: Stroke::Thick }];
        let marks: Vec<(f64, String)> = (0..10).map(|n| (f64::from(n) / 9.0, format!("{n} Jun"))).collect();
        let range = Range::holding([150_000.0].into_iter());
        let plot = Plot { series: &series, range, label: &format::tick, marks: &marks };
        let area = Rect::new(0, 0, 24, 8);
        let mut buffer = Buffer::empty(area);
        plot.draw(&mut Pen::new(&mut buffer, area, Look { glyphs: Glyphs::Ascii, ..Look::default() }));
        let row = |y: u16| (0..24).map(|x| buffer[(x, y)].symbol()).collect::<String>();
        let rows: Vec<String> = (0..8).map(row).collect();
        assert!(
            rows[0].starts_with(" 150k ") && rows[2].starts_with(" 100k ") && rows[4].starts_with("  50k "),
            "{rows:#?}"
        );
        assert!(rows[6].starts_with("    0 *"), "{rows:#?}");
        assert_eq!(rows[7], "      0 Jun  4 Jun 8 Jun");
    }
}
