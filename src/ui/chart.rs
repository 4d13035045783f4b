//! Line charts on a grid of dots: braille, half blocks or ASCII.
//!
//! Series are told apart by their dots: every dot, every third, every fourth. The first series lies on top.

use super::glyphs::Glyphs;
use super::pen::Pen;
use super::theme::Role;

/// How often a series has a dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// Every dot, joined.
    Thick,
    /// Every third dot.
    Dotted,
}

/// One line. `x` runs from 0 to 1 over the width of the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Points in order of `x`; the line ends where they end.
    pub points: Vec<(f64, f64)>,
    /// Colour.
    pub role: Role,
    /// Dots.
    pub stroke: Stroke,
}

/// The values at the bottom and at the top of the chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Bottom.
    pub low: f64,
    /// Top.
    pub high: f64,
}

impl Range {
    /// From zero (or a round value below the smallest) to a round value that holds all values.
    pub fn holding(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values.fold((0.0_f64, 0.0_f64), |(l, h), v| (l.min(v), h.max(v)));
        let high = round_up(high);
        let low = -round_up(-low);
        if high > low { Self { low, high } } else { Self { low, high: low + 1.0 } }
    }

    /// A range close around the values, for series that never come near zero.
    pub fn around(values: impl Iterator<Item = f64> + Clone) -> Self {
        let low = values.clone().fold(f64::INFINITY, f64::min);
        let high = values.clone().fold(f64::NEG_INFINITY, f64::max);
        if low.is_finite() && high > low && low > 0.4 * high {
            let room = (high - low) * 0.1;
            return Self { low: low - room, high: high + room };
        }
        Self::holding(values)
    }

    /// Round values inside the range, evenly spaced, at least two rows apart and four gaps at most; from the bottom up.
    pub fn ticks(self, rows: usize) -> Vec<f64> {
        let gaps = (rows.saturating_sub(1) / 2).clamp(1, 4) as f64;
        let least = (self.high - self.low) / gaps;
        let power = 10_f64.powf(least.log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0];
        let step = steps.into_iter().map(|s| s * power).find(|s| *s >= least * (1.0 - 1e-9)).unwrap_or(least);
        let (first, last) = ((self.low / step - 1e-9).ceil() as i64, (self.high / step + 1e-9).floor() as i64);
        let ticks: Vec<f64> = (first..=last).map(|n| n as f64 * step).collect();
        if ticks.len() < 2 { vec![self.low, self.high] } else { ticks }
    }
}

/// The next of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten.
fn round_up(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 0.0;
    }
    let power = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    let step = steps.into_iter().find(|s| s * power >= value * (1.0 - 1e-9));
    step.unwrap_or(10.0) * power
}

/// Dots of a cell: columns and rows by glyph set.
fn density(glyphs: Glyphs) -> (usize, usize) {
    match glyphs {
        Glyphs::Unicode | Glyphs::Cjk => (2, 4),
        Glyphs::Blocks => (1, 2),
        Glyphs::Ascii => (1, 1),
    }
}

/// Bits of the dots of a braille cell, by column and row.
const BRAILLE: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

#[derive(Clone, Copy, Default)]
struct Dots {
    bits: u8,
    top: Option<usize>,
}

/// Draws the series over the whole area of the pen.
pub fn draw(pen: &mut Pen<'_>, series: &[Series], range: Range) {
    let (columns, rows) = (usize::from(pen.width()), usize::from(pen.height()));
    if columns == 0 || rows == 0 {
        return;
    }
    let (per_column, per_row) = density(pen.glyphs());
    let mut cells = vec![Dots::default(); columns * rows];
    for (index, line) in series.iter().enumerate() {
        for (x, y) in trace(line, range, columns * per_column, rows * per_row) {
            let cell = &mut cells[y / per_row * columns + x / per_column];
            cell.bits |= BRAILLE[x % per_column][y % per_row];
            cell.top = Some(cell.top.map_or(index, |top| top.min(index)));
        }
    }
    for (at, cell) in cells.iter().enumerate() {
        let Some(line) = cell.top.and_then(|top| series.get(top)) else { continue };
        let glyph = glyph(pen.glyphs(), cell.bits, line.stroke);
        pen.fill((at % columns) as u16, (at / columns) as u16, 1, glyph, line.role);
    }
}

fn glyph(glyphs: Glyphs, bits: u8, stroke: Stroke) -> char {
    match glyphs {
        Glyphs::Unicode | Glyphs::Cjk => char::from_u32(0x2800 + u32::from(bits)).unwrap_or(' '),
        Glyphs::Blocks => match bits & 0x03 {
            0x01 => '▀',
            0x02 => '▄',
            _ => '█',
        },
        Glyphs::Ascii if stroke == Stroke::Thick => '*',
        Glyphs::Ascii => '.',
    }
}

/// The dots of one line: column and row, row 0 on top.
fn trace(line: &Series, range: Range, width: usize, height: usize) -> Vec<(usize, usize)> {
    let mut dots = Vec::new();
    let mut last: Option<usize> = None;
    for x in 0..width {
        let place = if width > 1 { x as f64 / (width - 1) as f64 } else { 0.0 };
        let Some(value) = value_at(&line.points, place) else { continue };
        let y = row_of(value, range, height);
        match line.stroke {
            Stroke::Thick => {
                let from = last.map_or(y, |l| if l < y { l + 1 } else { l.saturating_sub(1).max(y) });
                dots.extend((from.min(y)..=from.max(y)).map(|row| (x, row)));
                last = Some(y);
            }
            Stroke::Dotted if x.is_multiple_of(3) => dots.push((x, y)),
            Stroke::Dotted => {}
        }
    }
    dots
}

/// The line's value at a place between its first and last point.
fn value_at(points: &[(f64, f64)], place: f64) -> Option<f64> {
    const NEAR: f64 = 1e-9;
    let after = points.iter().position(|(x, _)| *x >= place - NEAR)?;
    let (x1, y1) = points[after];
    if after == 0 {
        return (x1 <= place + NEAR).then_some(y1);
    }
    let (x0, y0) = points[after - 1];
    let part = if x1 > x0 { ((place - x0) / (x1 - x0)).clamp(0.0, 1.0) } else { 1.0 };
    Some(y0 + (y1 - y0) * part)
}

/// The row of a value, row 0 on top; values outside the range stand at its ends.
pub fn row_of(value: f64, range: Range, height: usize) -> usize {
    let place = ((value - range.low) / (range.high - range.low)).clamp(0.0, 1.0);
    height - 1 - (place * (height - 1) as f64).round() as usize
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::super::pen::Look;
    use super::super::theme::Theme;
    use super::*;

    fn drawn(glyphs: Glyphs, series: &[Series]) -> Vec<String> {
        let area = Rect::new(0, 0, 8, 3);
        let mut buffer = Buffer::empty(area);
        let look = Look { theme: Theme::default(), glyphs };
        draw(&mut Pen::new(&mut buffer, area, look), series, Range { low: 0.0, high: 1.0 });
        (0..3).map(|y| (0..8).map(|x| buffer[(x, y)].symbol().to_owned()).collect()).collect()
    }

    fn rising(stroke: Stroke) -> Series {
        Series { points: vec![(0.0, 0.0), (1.0, 1.0)], role: Role::Series(1), stroke }
    }

    #[test]
    fn a_line_rises_in_every_glyph_set() {
        assert_eq!(drawn(Glyphs::Ascii, &[rising(Stroke::Thick)]), ["      **", "  ****  ", "**      "]);
        assert_eq!(drawn(Glyphs::Unicode, &[rising(Stroke::Thick)]), ["     ⢀⠔⠊", "  ⢀⡠⠊⠁  ", "⡠⠔⠁     "]);
        assert_eq!(drawn(Glyphs::Blocks, &[rising(Stroke::Thick)])[2], "▄▀▀     ");
    }

    #[test]
    fn a_dotted_line_has_every_third_dot_and_lies_below() {
        assert_eq!(drawn(Glyphs::Ascii, &[rising(Stroke::Dotted)]), ["      . ", "   .    ", ".       "]);
        let both = drawn(Glyphs::Ascii, &[rising(Stroke::Thick), rising(Stroke::Dotted)]);
        assert_eq!(both, drawn(Glyphs::Ascii, &[rising(Stroke::Thick)]));
    }

    #[test]
    fn a_line_ends_with_its_data() {
        let half = Series { points: vec![(0.0, 1.0), (0.5, 1.0)], role: Role::Base, stroke: Stroke::Thick };
        assert_eq!(drawn(Glyphs::Ascii, &[half])[0], "****    ");
        let none = Series { points: Vec::new(), role: Role::Base, stroke: Stroke::Thick };
        assert_eq!(drawn(Glyphs::Ascii, &[none]), ["        "; 3]);
    }

    #[test]
    fn ranges_are_round_and_hold_everything() {
        let range = Range::holding([5.0, 271_500.0].into_iter());
        assert!((range.low - 0.0).abs() < 1e-9 && (range.high - 300_000.0).abs() < 1e-6);
        let below = Range::holding([-20.0, 90.0].into_iter());
        assert!(below.low <= -20.0 && below.high >= 90.0);
        let flat = Range::holding([0.0, 0.0].into_iter());
        assert!(flat.high > flat.low);
        let near = Range::around([100.0, 104.0].into_iter());
        assert!(near.low > 90.0 && near.high < 110.0);
    }

    #[test]
    fn ticks_are_round_and_inside() {
        let ticks = |low, high, rows| Range { low, high }.ticks(rows);
        assert_eq!(ticks(0.0, 300_000.0, 8), [0.0, 100_000.0, 200_000.0, 300_000.0]);
        assert_eq!(ticks(0.0, 1.0, 9), [0.0, 0.5, 1.0]);
        assert_eq!(ticks(114.0, 160.0, 8), [120.0, 140.0, 160.0]);
        assert_eq!(ticks(-3e9, 0.0, 4), [-3e9, 0.0], "two rows apart even where there are few");
        assert!(ticks(0.0, 1.0, 1).len() <= 2);
    }
}
