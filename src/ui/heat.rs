//! Retention cells: ten fixed steps of 5 points, the number always printed.

use super::pen::Pen;
use super::theme::Role;

/// Cells of one value: `38.4` right-aligned in five, so that a gap of one separates neighbours.
pub const CELL: u16 = 5;

/// The step of a rate: 0 below 5 %, 9 from 45 % up.
pub fn step(rate: f64) -> u8 {
    (rate * 20.0 + 1e-9).clamp(0.0, 9.0) as u8
}

/// One complete cell, ending before a column.
pub fn cell(pen: &mut Pen<'_>, end: u16, y: u16, text: &str, rate: f64) {
    let role = Role::Heat(step(rate));
    pen.fill(end.saturating_sub(CELL), y, CELL, ' ', role);
    pen.right(end, y, text, role);
}

/// The ten steps with the percentages where they begin.
pub fn legend(pen: &mut Pen<'_>, x: u16, y: u16) {
    let mut at = x;
    for step in 0..10_u8 {
        let label = if step == 9 { "45+".to_owned() } else { format!("{:>2}", u16::from(step) * 5) };
        at = pen.text(at, y, &format!(" {label} "), Role::Heat(step));
    }
    pen.text(at + 1, y, "%", Role::Muted);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_five_points_wide() {
        assert_eq!([0.0, 0.049, 0.05, 0.30, 0.449, 0.45, 1.0].map(step), [0, 0, 1, 6, 8, 9, 9]);
    }
}
