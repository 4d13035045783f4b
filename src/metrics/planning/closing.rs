//! Which single leaf could close the gap, and whether it ever reached that (planning.md §3.8, T26, reading A22).

use super::evaluate::values;
use super::{at, finite, over, reaches};
use crate::domain::plans::NodeOp;
use crate::domain::tree::Tree;
use crate::metrics::catalog::Direction;

/// What a leaf can do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ability {
    /// Its best window of the same length.
    pub best: f64,
    /// What a higher value means.
    pub direction: Direction,
    /// The most it can be.
    pub cap: Option<f64>,
}

/// A gap and the ways to close it.
#[derive(Debug, Clone, PartialEq)]
pub struct Closing {
    /// The root's value at the actual values.
    pub have: Option<f64>,
    /// The root's value at the targets.
    pub want: Option<f64>,
    /// `want / have`; `None` where `have` is 0.
    pub factor: Option<f64>,
    /// By node, for leaves: the value that alone gives `want` while all others stay. `None` where none does.
    pub alone: Vec<Option<f64>>,
}

impl Ability {
    /// Whether the leaf can have a value: it is at least 0, at most the cap, and not beyond the best window.
    pub fn reaches(&self, value: Option<f64>) -> bool {
        value.is_some_and(|value| {
            let within_best = match self.direction {
                Direction::Up => reaches(self.best, value),
                Direction::Down => reaches(value, self.best),
            };
            value >= 0.0 && within_best && self.cap.is_none_or(|cap| reaches(cap, value))
        })
    }
}

/// The value of each leaf that alone closes the gap, from targets and actual values with one entry a node.
///
/// The wanted value is handed from the root down: what a child must be for its parent to have what it needs.
pub fn closing(tree: &Tree, target: &[Option<f64>], actual: &[Option<f64>]) -> Closing {
    let now = values(tree, actual);
    let (have, want) = (now[0], values(tree, target)[0]);
    let mut needed = vec![None; tree.len()];
    needed[0] = have.and(want);
    for (node, family) in tree.nodes().iter().enumerate() {
        for child in &family.children {
            needed[*child] = needed[node].and_then(|wanted| inverted(tree, (node, *child), wanted, &now));
        }
    }
    let leaf = |node: usize| at(&needed, node).filter(|_| tree.nodes()[node].op == NodeOp::Leaf);
    let factor = want.zip(have).and_then(|(want, have)| over(want, have));
    Closing { have, want, factor, alone: (0..tree.len()).map(leaf).collect() }
}

/// What a child must be for its parent to have a value; `None` where it has no say in it.
fn inverted(tree: &Tree, (parent, child): (usize, usize), wanted: f64, now: &[Option<f64>]) -> Option<f64> {
    let part = |node: usize| &tree.nodes()[node];
    let op = part(parent).op;
    let (mut sum, mut top, mut bottom) = (0.0, 1.0, 1.0);
    for other in tree.children(parent).iter().filter(|other| **other != child) {
        let value = now[*other]?;
        sum += part(*other).sign() * value;
        let factor = if op == NodeOp::Ratio && part(*other).minus { &mut bottom } else { &mut top };
        *factor *= value;
    }
    match op {
        NodeOp::Sum => finite(part(child).sign() * (wanted - sum)),
        NodeOp::Ratio if part(child).minus => over(top, bottom * wanted).filter(|below| *below != 0.0),
        NodeOp::Leaf | NodeOp::Product | NodeOp::Ratio => over(wanted * bottom, top),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(got: Option<f64>, want: f64) {
        let got = got.unwrap();
        assert!((got / want - 1.0).abs() < 2e-6, "{got} {want}");
    }

    fn product(leaves: usize) -> Tree {
        let mut tree = Tree::new(NodeOp::Product);
        for _ in 0..leaves {
            tree.add(0, NodeOp::Leaf, false);
        }
        tree
    }

    #[test]
    fn one_lever_alone() {
        // T26.
        let target = [None, Some(1e5), Some(0.025), Some(160.0)];
        let actual = [None, Some(1.1e5), Some(0.02), Some(155.0)];
        let got = closing(&product(3), &target, &actual);
        near(got.factor, 1.173_020_5);
        near(got.alone[1], 129_032.3);
        near(got.alone[2], 0.023_460_4);
        near(got.alone[3], 181.818);
        assert_eq!((got.have, got.alone[0]), (Some(341_000.0), None));
    }

    #[test]
    fn every_value_put_back_closes_the_gap() {
        // (a - b) x c / (d x e)
        let mut tree = Tree::new(NodeOp::Ratio);
        let net = tree.add(0, NodeOp::Sum, false).unwrap();
        for minus in [false, true, true] {
            tree.add(0, NodeOp::Leaf, minus);
        }
        tree.add(net, NodeOp::Leaf, false);
        tree.add(net, NodeOp::Leaf, true);
        let target = [None, None, Some(3.0), Some(2.0), Some(5.0), Some(90.0), Some(10.0)];
        let actual = [None, None, Some(2.5), Some(2.2), Some(4.0), Some(80.0), Some(12.0)];
        let got = closing(&tree, &target, &actual);
        for leaf in tree.leaves() {
            let mut alone = actual;
            alone[leaf] = got.alone[leaf];
            near(values(&tree, &alone)[0], got.want.unwrap());
        }
        assert_eq!(got.alone[net], None, "only leaves are levers");
    }

    #[test]
    fn a_leaf_without_effect_has_no_value() {
        let got = closing(&product(2), &[None, Some(4.0), Some(5.0)], &[None, Some(0.0), Some(6.0)]);
        assert_eq!((got.factor, got.alone[2]), (None, None), "0 times anything is 0");
        near(got.alone[1], 20.0 / 6.0);
        let mut ratio = Tree::new(NodeOp::Ratio);
        ratio.add(0, NodeOp::Leaf, false);
        ratio.add(0, NodeOp::Leaf, true);
        let got = closing(&ratio, &[None, Some(6.0), Some(2.0)], &[None, Some(0.0), Some(3.0)]);
        assert_eq!((got.alone[1], got.alone[2]), (Some(9.0), None));
        let got = closing(&ratio, &[None, Some(0.0), Some(2.0)], &[None, Some(6.0), Some(3.0)]);
        assert_eq!((got.alone[1], got.alone[2]), (Some(0.0), None), "no denominator gives 0");
        let got = closing(&ratio, &[None, Some(1.0), Some(2.0)], &[None, None, Some(3.0)]);
        assert_eq!((got.have, got.alone), (None, vec![None; 3]));
    }

    #[test]
    fn reachable_in_the_metrics_direction() {
        let up = Ability { best: 126_000.0, direction: Direction::Up, cap: Some(1e5) };
        assert!(up.reaches(Some(1e5)) && !up.reaches(Some(1.01e5)) && !up.reaches(Some(-1.0)) && !up.reaches(None));
        assert!(!Ability { cap: None, ..up }.reaches(Some(126_001.0)));
        let down = Ability { direction: Direction::Down, best: 30.0, cap: None };
        assert!(down.reaches(Some(31.0)) && down.reaches(Some(30.0)) && !down.reaches(Some(29.0)));
    }
}
