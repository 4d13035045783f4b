//! How many days a target is ahead of its line (planning.md §3.4, reading A11).

use super::EPSILON;

/// Days from `day` to the point where a line reaches a value: below 0 where the value is behind it.
///
/// The line goes straight between its points, of which point `i` is the end of day `i`. Of several crossings the one
/// nearest to `day` counts, so a value on a flat line is 0 days ahead. A value beyond the line takes its end.
/// ```
/// use quarterdeck::metrics::planning::lead::lead;
/// assert_eq!(lead(&[0.0, 10.0, 10.0, 30.0], 20.0, 1), Some(1.5));
/// ```
pub fn lead(line: &[f64], value: f64, day: usize) -> Option<f64> {
    let (first, last) = (*line.first()?, *line.last()?);
    let now = day as f64;
    let size = line.iter().fold(value.abs(), |size, point| size.max(point.abs()));
    let same = EPSILON * size;
    let crossings = line.windows(2).enumerate().filter_map(|(at, ends)| {
        let (from, to, start) = (ends[0], ends[1], at as f64);
        if value < from.min(to) - same || value > from.max(to) + same {
            return None;
        }
        let flat = (to - from).abs() <= same;
        Some(if flat { now.clamp(start, start + 1.0) } else { start + ((value - from) / (to - from)).clamp(0.0, 1.0) })
    });
    let nearest = crossings.map(|at| at - now).min_by(|a, b| a.abs().total_cmp(&b.abs()));
    let beyond_last = if last >= first { value > last } else { value < last };
    nearest.or(Some(if beyond_last { (line.len() - 1) as f64 - now } else { -now }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(line: &[f64], value: f64, day: usize, want: f64) {
        let got = lead(line, value, day).unwrap();
        assert!((got - want).abs() < 1e-6, "{value} on day {day}: {got} {want}");
    }

    #[test]
    fn the_nearest_crossing_counts() {
        let line = [0.0, 10.0, 10.0, 10.0, 40.0];
        is(&line, 5.0, 2, -1.5);
        is(&line, 10.0, 2, 0.0);
        is(&line, 10.0 + 1e-12, 2, 0.0);
        is(&line, 10.0 - 1e-12, 4, -1.0);
        is(&line, 10.0, 0, 1.0);
        is(&line, 25.0, 1, 2.5);
        is(&[0.0, 10.0, 10.0], 10.0, 2, 0.0);
    }

    #[test]
    fn beyond_the_line_is_its_end() {
        is(&[0.0, 10.0, 20.0], 25.0, 1, 1.0);
        is(&[0.0, 10.0, 20.0], -1.0, 1, -1.0);
        is(&[0.0, -10.0, -20.0], -25.0, 1, 1.0);
        is(&[0.0, -10.0, -20.0], 5.0, 1, -1.0);
        is(&[0.0, 0.0, 0.0], 0.0, 1, 0.0);
        assert_eq!(lead(&[], 1.0, 0), None);
    }
}
