//! The detail pane right of column 80 on wide screens, and texts in a column.

use crate::ui::pen::Pen;
use crate::ui::text;
use crate::ui::theme::Role;

use super::frame::WIDE;

/// Columns of the pane itself, by screen width.
fn pane_width(width: u16) -> u16 {
    match width {
        0..WIDE => 0,
        WIDE..200 => 37,
        _ => 60,
    }
}

/// Columns left for the screen's own sections.
pub fn content_width(width: u16) -> u16 {
    match pane_width(width) {
        0 => width,
        pane => width - pane - 3,
    }
}

/// The pane with its divider, if there is room for one.
pub fn open<'p>(pen: &'p mut Pen<'_>) -> Option<Pen<'p>> {
    let pane = pane_width(pen.width());
    if pane == 0 {
        return None;
    }
    let x = pen.width() - pane;
    let divider = pen.glyphs().divider();
    for y in 0..pen.height() {
        pen.fill(x - 2, y, 1, divider, Role::Muted);
    }
    let height = pen.height();
    Some(pen.part(x, 0, pane, height))
}

/// A title with a muted remark; gives the row below with one line of air.
pub fn head(pen: &mut Pen<'_>, title: &str, remark: &str) -> u16 {
    pen.runs(1, 0, &[(title.to_owned(), Role::Title), (format!("   {remark}"), Role::Muted)]);
    2
}

/// A name on the left, a value that ends in a fixed column, a remark after it; gives the next row.
pub fn fact(pen: &mut Pen<'_>, y: u16, name: &str, value: (&str, Role), remark: (&str, Role)) -> u16 {
    const VALUE_END: u16 = 25;
    pen.within(1, y, 15, name, Role::Base);
    pen.right(VALUE_END, y, value.0, value.1);
    pen.text(VALUE_END + 1, y, remark.0, remark.1);
    y + 1
}

/// A text broken at blanks; gives the row below.
pub fn paragraph(pen: &mut Pen<'_>, y: u16, said: &str, role: Role) -> u16 {
    let lines = text::wrapped(said, usize::from(pen.width().saturating_sub(2)));
    for (row, line) in lines.iter().enumerate() {
        pen.text(1, y + row as u16, line, role);
    }
    y + lines.len() as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_left_80_columns_stay_at_120() {
        assert_eq!(content_width(80), 80);
        assert_eq!(content_width(119), 119);
        assert_eq!(content_width(120), 80);
        assert_eq!(content_width(200), 137);
    }
}
