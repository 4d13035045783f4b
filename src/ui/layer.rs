//! Boxes of layers: the only boxes. A layer covers what is below and never moves it.

use super::glyphs::Frame;
use super::pen::Pen;
use super::theme::Role;

/// Draws a frame with a title around the whole area of the pen and blanks the inside; gives a pen for the inside, with
/// one column of air on each side.
pub fn open<'p>(pen: &'p mut Pen<'_>, title: &str) -> Pen<'p> {
    let (width, height) = (pen.width(), pen.height());
    let Frame([top_left, top_right, bottom_left, bottom_right, across, down]) = pen.glyphs().frame();
    pen.clear();
    for (y, left, right) in [(0, top_left, top_right), (height.saturating_sub(1), bottom_left, bottom_right)] {
        pen.fill(0, y, width, across, Role::Muted);
        pen.fill(0, y, 1, left, Role::Muted);
        pen.fill(width.saturating_sub(1), y, 1, right, Role::Muted);
    }
    for y in 1..height.saturating_sub(1) {
        pen.fill(0, y, 1, down, Role::Muted);
        pen.fill(width.saturating_sub(1), y, 1, down, Role::Muted);
    }
    pen.within(2, 0, width.saturating_sub(4), &format!(" {title} "), Role::Title);
    pen.part(2, 1, width.saturating_sub(4), height.saturating_sub(2))
}
