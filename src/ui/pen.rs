//! The only way text gets into a cell: cleaned, measured, clipped to its area.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::glyphs::Glyphs;
use super::safe::Safe;
use super::text;
use super::theme::{Role, Theme};

/// Colours and glyphs in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Colours.
    pub theme: Theme,
    /// Glyphs.
    pub glyphs: Glyphs,
}

/// A piece of text with its meaning.
pub type Run = (String, Role);

/// Writes into an area of the screen. Columns and rows count from its top left; what lies outside is not drawn.
pub struct Pen<'a> {
    buffer: &'a mut Buffer,
    area: Rect,
    look: Look,
}

impl<'a> Pen<'a> {
    /// A pen for an area, clipped to the buffer.
    pub fn new(buffer: &'a mut Buffer, area: Rect, look: Look) -> Self {
        let area = area.intersection(buffer.area);
        Self { buffer, area, look }
    }

    /// A pen for a part of this area.
    pub fn part(&mut self, x: u16, y: u16, width: u16, height: u16) -> Pen<'_> {
        let area = Rect::new(self.area.x.saturating_add(x), self.area.y.saturating_add(y), width, height);
        let area = area.intersection(self.area);
        Pen { buffer: self.buffer, area, look: self.look }
    }

    /// Columns.
    pub fn width(&self) -> u16 {
        self.area.width
    }

    /// Rows.
    pub fn height(&self) -> u16 {
        self.area.height
    }

    /// Colours and glyphs.
    pub fn look(&self) -> Look {
        self.look
    }

    /// The glyph set.
    pub fn glyphs(&self) -> Glyphs {
        self.look.glyphs
    }

    /// Writes from a column on and gives the column after the text.
    pub fn text(&mut self, x: u16, y: u16, text: &str, role: Role) -> u16 {
        let style = self.look.theme.style(role);
        self.styled(x, y, text, style)
    }

    /// Writes so that the text ends before a column.
    pub fn right(&mut self, end: u16, y: u16, text: &str, role: Role) {
        let clean = Safe::new(text);
        let x = end.saturating_sub(text::width(clean.as_str()) as u16);
        self.text(x, y, clean.as_str(), role);
    }

    /// Writes within a width, cut where it is longer; gives the column after the text.
    pub fn within(&mut self, x: u16, y: u16, width: u16, text: &str, role: Role) -> u16 {
        let clean = Safe::new(text);
        let cut = text::cut_with(clean.as_str(), usize::from(width), self.look.glyphs.cut());
        self.text(x, y, &cut, role)
    }

    /// Writes pieces one after the other, cut at the right edge; gives the column after them.
    pub fn runs(&mut self, x: u16, y: u16, runs: &[Run]) -> u16 {
        let mut at = x;
        for (text, role) in runs {
            let room = self.area.width.saturating_sub(at);
            at = self.within(at, y, room, text, *role);
        }
        at
    }

    /// Fills a row from a column with one glyph.
    pub fn fill(&mut self, x: u16, y: u16, width: u16, glyph: char, role: Role) {
        let style = self.look.theme.style(role);
        let mut bytes = [0; 4];
        let symbol = glyph.encode_utf8(&mut bytes);
        for column in x..x.saturating_add(width).min(self.area.width) {
            self.put(column, y, symbol, style);
        }
    }

    /// Restyles cells without changing their text.
    pub fn restyle(&mut self, x: u16, y: u16, width: u16, role: Role) {
        let style = self.look.theme.style(role);
        let row = Rect::new(self.area.x.saturating_add(x), self.area.y.saturating_add(y), width, 1);
        self.buffer.set_style(row.intersection(self.area), style);
    }

    /// Blanks the whole area.
    pub fn clear(&mut self) {
        for y in 0..self.area.height {
            for x in 0..self.area.width {
                self.put(x, y, " ", Style::reset());
            }
        }
    }

    fn styled(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        let clean = Safe::new(text);
        let mut at = x;
        for (grapheme, width) in text::graphemes(clean.as_str()) {
            let width = width as u16;
            if width == 0 {
                continue;
            }
            if at.saturating_add(width) > self.area.width {
                break;
            }
            self.put(at, y, grapheme, style);
            for rest in at + 1..at + width {
                self.put(rest, y, " ", style);
            }
            at += width;
        }
        at
    }

    fn put(&mut self, x: u16, y: u16, symbol: &str, style: Style) {
        if x >= self.area.width || y >= self.area.height {
            return;
        }
        if let Some(cell) = self.buffer.cell_mut((self.area.x + x, self.area.y + y)) {
            cell.reset();
            cell.set_symbol(symbol);
            cell.set_style(style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(width: u16, draw: impl FnOnce(&mut Pen<'_>)) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
        draw(&mut Pen::new(&mut buffer, Rect::new(0, 0, width, 1), Look::default()));
        (0..width).map(|x| buffer[(x, 0)].symbol().to_owned()).collect()
    }

    #[test]
    fn text_is_clean_and_stays_inside() {
        assert_eq!(drawn(8, |p| _ = p.text(0, 0, "a\x1b[2J", Role::Base)), "a^[[2J  ");
        assert_eq!(drawn(5, |p| _ = p.text(3, 0, "广告", Role::Base)), "   广 ");
        assert_eq!(drawn(4, |p| _ = p.text(3, 0, "广", Role::Base)), "    ", "half a wide glyph is not drawn");
        assert_eq!(drawn(6, |p| p.right(6, 0, "12", Role::Base)), "    12");
        assert_eq!(drawn(6, |p| _ = p.within(1, 0, 4, "abcdef", Role::Base)), " abc… ");
        assert_eq!(drawn(3, |p| _ = p.text(9, 9, "x", Role::Base)), "   ");
    }
}
