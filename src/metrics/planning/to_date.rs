//! Blame while a plan runs: actual values to date against lines to date (planning.md §3.8, T29, readings A24, A25).

use super::blame::{Blame, blame};
use super::evaluate::values;
use super::{at, finite};
use crate::domain::tree::Tree;

/// What a leaf should have reached by now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Line {
    /// Its target, as for a rate that should hold all the time.
    Flat,
    /// The part of a flow's target that the elapsed share of its own weights makes:
    /// [`Curve::share`](super::curve::Curve::share).
    Part(f64),
    /// On the way from a baseline to the target, by the elapsed share.
    Glide {
        /// The baseline.
        baseline: f64,
        /// Elapsed over whole weight.
        share: f64,
    },
}

impl Line {
    /// The line of a target.
    fn of(self, target: f64) -> f64 {
        match self {
            Self::Flat => target,
            Self::Part(share) => target * share,
            Self::Glide { baseline, share } => baseline + (target - baseline) * share,
        }
    }
}

/// A gap to date.
#[derive(Debug, Clone, PartialEq)]
pub struct ToDate {
    /// The gap from the lines to the actual values.
    pub blame: Blame,
    /// Lines of the leaves, by node; `None` for other nodes and where there is none.
    pub lines: Vec<Option<f64>>,
    /// The root's own line: its target for the whole period by its own elapsed share.
    pub own_line: Option<f64>,
    /// The root's own line less that of its leaves: where they differ, leaves spread over the period in another way.
    pub residual: Option<f64>,
}

/// Leaf targets for the whole period and actual values to date, by node, with a line for each leaf; `None` where there is
/// none, as for a period without weight. `share` is the elapsed share of the root, if it is a flow.
pub fn to_date(
    tree: &Tree,
    target: &[Option<f64>],
    actual: &[Option<f64>],
    lines: &[Option<Line>],
    share: Option<f64>,
) -> ToDate {
    let mut reached = vec![None; tree.len()];
    for leaf in tree.leaves() {
        let line = lines.get(leaf).copied().flatten();
        reached[leaf] = at(target, leaf).zip(line).and_then(|(target, line)| finite(line.of(target)));
    }
    let blame = blame(tree, &reached, actual);
    let own_line = values(tree, target)[0].zip(share).map(|(target, share)| target * share);
    let residual = own_line.zip(blame.from).map(|(own, from)| own - from);
    ToDate { blame, lines: reached, own_line, residual }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plans::NodeOp;

    #[test]
    fn ten_days_are_held_against_ten_days() {
        // T29.
        let mut tree = Tree::new(NodeOp::Product);
        for _ in 0..3 {
            tree.add(0, NodeOp::Leaf, false);
        }
        let share = 9.75 / 29.8;
        let target = [None, Some(300_000.0), Some(0.025), Some(160.0)];
        let actual = [None, Some(95_000.0), Some(0.0245), Some(158.0)];
        let lines = [None, Some(Line::Part(share)), Some(Line::Flat), Some(Line::Flat)];
        let got = to_date(&tree, &target, &actual, &lines, Some(share));
        let near = |got: Option<f64>, want: f64| assert!((got.unwrap() - want).abs() < 5e-4, "{got:?} {want}");
        near(got.lines[1], 98_154.362);
        near(got.blame.from, 392_617.449_7);
        near(got.own_line, 392_617.449_7);
        near(got.residual, 0.0);
        // A leaf ahead of its parent's days leaves a residual.
        let early = [None, Some(Line::Part(0.5)), Some(Line::Flat), Some(Line::Glide { baseline: 140.0, share: 0.5 })];
        let got = to_date(&tree, &target, &actual, &early, Some(share));
        near(got.lines[3], 150.0);
        near(got.blame.from, 562_500.0);
        near(got.residual, 392_617.449_7 - 562_500.0);
        near(got.blame.contributions.map(|parts| parts[0]), 95_000.0 * 0.0245 * 158.0 - 562_500.0);
    }

    #[test]
    fn without_a_line_there_is_no_gap() {
        let mut tree = Tree::new(NodeOp::Sum);
        tree.add(0, NodeOp::Leaf, false);
        let got = to_date(&tree, &[None, Some(5.0)], &[None, Some(1.0)], &[None, None], None);
        assert_eq!((got.lines[1], got.blame.from, got.blame.to, got.blame.gap), (None, None, Some(1.0), None));
        assert_eq!((got.own_line, got.residual), (None, None));
    }
}
