//! Spend against its line, and what it buys (planning.md §3.4, reading A26).

use super::{Thresholds, finite, over, reaches};

/// Spend and result, each under or over its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// Both under.
    Stalled,
    /// Spend over, result under.
    Burning,
    /// Spend under, result over.
    Efficient,
    /// Both over.
    Scaling,
}

/// A budget after some days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Spent over what was to be spent by now.
    pub pace: Option<f64>,
    /// What is spent in the end if it goes on like this.
    pub projection: Option<f64>,
    /// What is left for each day ahead; `None` after the last.
    pub remaining_per_day: Option<f64>,
    /// Spend beside result; `None` where one of them has no pace.
    pub cell: Option<Cell>,
    /// Tiers that the overspend has reached, 0 below the least amount.
    pub tier: usize,
}

/// A budget after a share of its time: `day` of `days`, or the elapsed and the whole weight of a curve.
pub fn budget(
    spent: f64,
    granted: f64,
    (day, days): (f64, f64),
    result_pace: Option<f64>,
    thresholds: &Thresholds,
) -> Budget {
    let line = over(granted * day, days);
    let pace = line.and_then(|line| over(spent, line));
    let tier = match (pace, line) {
        (Some(pace), Some(line)) if reaches(spent - line, thresholds.budget_least) => {
            thresholds.budget_tiers.iter().filter(|tier| reaches(pace - 1.0, **tier)).count()
        }
        _ => 0,
    };
    Budget {
        pace,
        projection: over(spent * days, day).and_then(finite),
        remaining_per_day: Some(days - day).filter(|left| *left > 0.0).and_then(|left| over(granted - spent, left)),
        cell: pace.zip(result_pace).map(|(spend, result)| cell(spend, result)),
        tier,
    }
}

fn cell(spend: f64, result: f64) -> Cell {
    match (!reaches(1.0, spend), !reaches(1.0, result)) {
        (false, false) => Cell::Stalled,
        (true, false) => Cell::Burning,
        (false, true) => Cell::Efficient,
        (true, true) => Cell::Scaling,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(spent: f64, day: f64, result: Option<f64>, least: f64) -> Budget {
        let thresholds = Thresholds { budget_least: least, ..Thresholds::default() };
        budget(spent, 50_000.0, (day, 30.0), result, &thresholds)
    }

    #[test]
    fn a_third_of_the_time() {
        let got = at(21_000.0, 10.0, Some(0.917), 1000.0);
        let near = |got: Option<f64>, want: f64| assert!((got.unwrap() - want).abs() < 1e-9, "{got:?} {want}");
        near(got.pace, 1.26);
        near(got.projection, 63_000.0);
        near(got.remaining_per_day, 1450.0);
        assert_eq!((got.cell, got.tier), (Some(Cell::Burning), 2));
    }

    #[test]
    fn cells_and_tiers() {
        let on_line = 50_000.0 / 3.0;
        for (spent, result, cell) in [
            (on_line, 1.0, Cell::Stalled),
            (on_line * 1.01, 1.01, Cell::Scaling),
            (on_line, 1.01, Cell::Efficient),
            (on_line * 1.01, 1.0, Cell::Burning),
        ] {
            assert_eq!(at(spent, 10.0, Some(result), 0.0).cell, Some(cell));
        }
        for (times, tier) in [(0.5, 0), (1.0999, 0), (1.1, 1), (1.2, 2), (1.3, 3), (9.0, 3)] {
            assert_eq!(at(on_line * times, 10.0, None, 0.0).tier, tier, "{times}");
        }
        assert_eq!(at(21_000.0, 10.0, None, 4333.0).tier, 2);
        assert_eq!(at(21_000.0, 10.0, None, 4334.0).tier, 0, "4333.33 too much is below the least");
    }

    #[test]
    fn the_ends_and_nothing_granted() {
        assert_eq!(at(50_000.0, 30.0, None, 0.0).remaining_per_day, None);
        let first = at(100.0, 0.0, Some(1.0), 0.0);
        assert_eq!((first.pace, first.projection, first.cell, first.tier), (None, None, None, 0));
        let none = budget(5.0, 0.0, (1.0, 2.0), Some(1.0), &Thresholds::default());
        assert_eq!((none.pace, none.cell, none.tier, none.projection), (None, None, 0, Some(10.0)));
    }
}
