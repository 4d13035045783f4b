//! Sparklines: a series in one row, lowest to highest value over the height of a cell.

use super::glyphs::Glyphs;

const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII: [char; 8] = ['_', '.', ',', '-', '=', '+', '*', '#'];

/// Dots of a braille half-cell from the bottom up, left and right column.
const BRAILLE: [[u8; 4]; 2] = [[0x40, 0x44, 0x46, 0x47], [0x80, 0xa0, 0xb0, 0xb8]];

/// Draws the last values that fit into a number of cells; a missing value leaves a gap.
pub fn line(values: &[Option<f64>], cells: usize, glyphs: Glyphs) -> String {
    let per_cell = if glyphs == Glyphs::Cjk { 2 } else { 1 };
    let values = &values[values.len().saturating_sub(cells * per_cell)..];
    let known = || values.iter().flatten().copied();
    let (low, high) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    let level = |value: Option<f64>, steps: usize| {
        let v = value?;
        let place = if high > low { (v - low) / (high - low) } else { 0.0 };
        Some(((place * steps as f64) as usize).min(steps - 1))
    };
    if glyphs == Glyphs::Cjk {
        let pair = |pair: &[Option<f64>]| {
            let dots = pair.iter().zip(BRAILLE).filter_map(|(v, column)| level(*v, 4).map(|at| column[at]));
            let bits: u8 = dots.fold(0, |all, bit| all | bit);
            if bits == 0 { ' ' } else { char::from_u32(0x2800 + u32::from(bits)).unwrap_or(' ') }
        };
        return values.chunks(2).map(pair).collect();
    }
    let scale = if glyphs == Glyphs::Ascii { ASCII } else { BLOCKS };
    values.iter().map(|v| level(*v, 8).map_or(' ', |at| scale[at])).collect()
}

/// Draws all values in a number of cells: where there are more than fit, each cell is the mean of its share of them.
pub fn pooled(values: &[Option<f64>], cells: usize, glyphs: Glyphs) -> String {
    let points = if glyphs == Glyphs::Cjk { cells * 2 } else { cells };
    let share = values.len().div_ceil(points.max(1)).max(1);
    let mean = |some: &[Option<f64>]| {
        let known: Vec<f64> = some.iter().flatten().copied().collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    };
    // The newest cell is whole; the oldest may be of fewer values.
    let first = values.len() % share;
    let (oldest, rest) = values.split_at(first);
    let mut means: Vec<Option<f64>> = if oldest.is_empty() { Vec::new() } else { vec![mean(oldest)] };
    means.extend(rest.chunks(share).map(mean));
    line(&means, cells, glyphs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_set_shows_the_same_shape() {
        let values: Vec<Option<f64>> = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0].into_iter().map(Some).collect();
        assert_eq!(line(&values, 8, Glyphs::Unicode), "▁▂▃▄▅▆▇█");
        assert_eq!(line(&values, 8, Glyphs::Ascii), "_.,-=+*#");
        assert_eq!(line(&values, 4, Glyphs::Cjk), "⣀⣤⣶⣿");
        assert_eq!(line(&values, 3, Glyphs::Unicode), "▁▅█", "the last values are shown");
    }

    #[test]
    fn more_values_than_cells_are_pooled_and_the_newest_cell_is_whole() {
        let values: Vec<Option<f64>> = (0..28).map(|n| Some(f64::from(n))).collect();
        assert_eq!(pooled(&values, 14, Glyphs::Unicode).chars().count(), 14);
        assert_eq!(pooled(&values[..3], 2, Glyphs::Ascii), "_#");
        assert_eq!(pooled(&values, 14, Glyphs::Cjk).chars().count(), 14, "two a cell");
        assert_eq!(pooled(&[], 14, Glyphs::Ascii), "");
    }

    #[test]
    fn gaps_and_flat_series_are_no_invention() {
        assert_eq!(line(&[Some(1.0), None, Some(2.0)], 3, Glyphs::Unicode), "▁ █");
        assert_eq!(line(&[Some(5.0); 3], 3, Glyphs::Unicode), "▁▁▁");
        assert_eq!(line(&[None, None], 2, Glyphs::Unicode), "  ");
        assert_eq!(line(&[], 2, Glyphs::Ascii), "");
    }
}
