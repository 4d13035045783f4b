//! How a proposed target stands in its own history (planning.md §3.3, readings A27, A29).

use super::rounds::median;
use super::{Thresholds, over, reaches};
use crate::metrics::catalog::Direction;

/// Newest windows that count.
const WINDOWS: usize = 12;

/// A target beside the windows before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// The best of them: the most, or the least where lower is better.
    pub best: f64,
    /// The target is beyond the best.
    pub stretch: bool,
    /// The target is beyond [`Reach::unlikely_beyond`].
    pub unlikely: bool,
    /// The median, and from there 1.5 times the way to the best.
    pub unlikely_beyond: f64,
    /// Share of the windows below the target.
    pub below: f64,
}

/// Where a history ends and where it becomes unlikely to go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The best window.
    pub best: f64,
    /// The median, and from there 1.5 times the way to the best.
    pub unlikely_beyond: f64,
    /// Which way is better.
    pub direction: Direction,
}

impl Bounds {
    /// Of windows of the same length, oldest first, of which the last twelve count; `None` where none of these has a value.
    pub fn of(history: &[Option<f64>], direction: Direction, thresholds: &Thresholds) -> Option<Self> {
        let windows = || newest(history);
        let better: fn(f64, f64) -> f64 = if direction == Direction::Up { f64::max } else { f64::min };
        let (best, middle) = (windows().reduce(better)?, median(windows())?);
        Some(Self { best, unlikely_beyond: middle + thresholds.unlikely * (best - middle), direction })
    }

    /// Whether a target is beyond the best.
    pub fn is_stretch(&self, target: f64) -> bool {
        self.beyond(self.best, target)
    }

    /// Whether it is beyond [`Self::unlikely_beyond`].
    pub fn is_unlikely(&self, target: f64) -> bool {
        self.beyond(self.unlikely_beyond, target)
    }

    fn beyond(&self, limit: f64, target: f64) -> bool {
        match self.direction {
            Direction::Up => !reaches(limit, target),
            Direction::Down => !reaches(target, limit),
        }
    }
}

/// The windows that count.
fn newest(history: &[Option<f64>]) -> impl Iterator<Item = f64> {
    history[history.len().saturating_sub(WINDOWS)..].iter().flatten().copied()
}

/// A target against windows of the same length, as [`Bounds::of`] takes them; `None` where none of these has a value.
pub fn reach(target: f64, history: &[Option<f64>], direction: Direction, thresholds: &Thresholds) -> Option<Reach> {
    let bounds = Bounds::of(history, direction, thresholds)?;
    Some(Reach {
        best: bounds.best,
        stretch: bounds.is_stretch(target),
        unlikely: bounds.is_unlikely(target),
        unlikely_beyond: bounds.unlikely_beyond,
        below: over(newest(history).filter(|w| *w < target).count() as f64, newest(history).count() as f64)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_best_of_twelve() {
        let history: Vec<_> = [900.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0].map(Some).to_vec();
        let mut long = history.clone();
        long.extend(vec![None; 6]);
        let at = |target: f64, direction: Direction| reach(target, &long, direction, &Thresholds::default()).unwrap();
        let got = at(20.0, Direction::Up);
        assert_eq!((got.best, got.stretch, got.unlikely_beyond, got.below), (20.0, false, 22.5, 5.0 / 6.0));
        let (some, far) = (at(22.5, Direction::Up), at(23.0, Direction::Up));
        assert_eq!((some.stretch, some.unlikely, far.unlikely), (true, false, true));
        let (least, beyond) = (at(10.0, Direction::Down), at(7.0, Direction::Down));
        assert_eq!((least.best, least.stretch, least.unlikely_beyond), (10.0, false, 7.5));
        assert!(beyond.stretch && beyond.unlikely && !at(7.5, Direction::Down).unlikely);
        assert_eq!(reach(1.0, &[None], Direction::Up, &Thresholds::default()), None);
        assert_eq!(reach(1.0, &history, Direction::Up, &Thresholds::default()).map(|r| r.best), Some(900.0));
    }
}
