//! Terminal sizes that are safe to draw.

/// Assumed where the terminal tells no size (a serial line, some containers): columns and rows.
pub const UNKNOWN: (u16, u16) = (80, 24);

/// Largest area drawn: a terminal may claim 65,535 x 65,535, whose buffer does not fit in memory.
const LARGEST: (u16, u16) = (1_000, 500);

/// Columns and rows to draw in a terminal that reports these.
pub fn fit(columns: u16, rows: u16) -> (u16, u16) {
    if columns == 0 || rows == 0 { UNKNOWN } else { (columns.min(LARGEST.0), rows.min(LARGEST.1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_clamped_and_zero_means_unknown() {
        assert_eq!(fit(80, 24), (80, 24));
        assert_eq!(fit(1, 1), (1, 1));
        assert_eq!(fit(u16::MAX, u16::MAX), LARGEST);
        for (columns, rows) in [(0, 0), (0, 24), (80, 0)] {
            assert_eq!(fit(columns, rows), UNKNOWN);
        }
    }
}
