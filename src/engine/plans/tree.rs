//! The arithmetic of a measured tree: each sum that is measured itself is closed by what its parts leave over.

use crate::domain::plans::NodeOp;
use crate::domain::tree::Tree;
use crate::metrics::planning::evaluate;

use super::case::{Case, Measured};

/// A node of the arithmetic: a measured one, or what its measured sum has beyond its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// Place in the case's tree.
    Node(usize),
    /// What closes the sum at this place of the case's tree.
    Other(usize),
}

/// A tree whose numbers are those of `entries`.
pub(super) struct Arithmetic {
    pub tree: Tree,
    pub entries: Vec<Entry>,
}

impl Arithmetic {
    /// The tree of a case; `None` without a primary.
    pub fn of(case: &Case) -> Option<Self> {
        let top = case.tree.first()?;
        let mut all = Self { tree: Tree::new(top.node.op), entries: vec![Entry::Node(0)] };
        all.below(case, 0, 0);
        Some(all)
    }

    fn below(&mut self, case: &Case, place: usize, number: usize) {
        let id = case.tree[place].node.id;
        let parts: Vec<usize> = (0..case.tree.len()).filter(|at| case.tree[*at].node.parent_id == Some(id)).collect();
        for part in &parts {
            let node = &case.tree[*part].node;
            if let Some(added) = self.tree.add(number, node.op, node.sign < 0) {
                self.entries.push(Entry::Node(*part));
                self.below(case, *part, added);
            }
        }
        if has_other(case, place, &parts) && self.tree.add(number, NodeOp::Leaf, false).is_some() {
            self.entries.push(Entry::Other(place));
        }
    }

    /// One figure of every leaf; of what closes a sum, that of the sum less those of its parts.
    pub fn figures(&self, case: &Case, figure: &dyn Fn(&Measured) -> Option<f64>) -> Vec<Option<f64>> {
        let mut leaves: Vec<Option<f64>> = self
            .entries
            .iter()
            .map(|entry| match entry {
                Entry::Node(at) => figure(&case.tree[*at]),
                Entry::Other(_) => Some(0.0),
            })
            .collect();
        // What closes a sum depends on what closes the sums below it, and those stand before it.
        for number in 0..self.entries.len() {
            if let Entry::Other(place) = self.entries[number] {
                let values = evaluate::values(&self.tree, &leaves);
                let sum = self.tree.nodes()[number].parent.and_then(|parent| values[parent]);
                leaves[number] = sum.map(|sum| figure(&case.tree[place]).map_or(0.0, |whole| whole - sum));
            }
        }
        leaves
    }

    /// The same of every node, computed from the leaves.
    pub fn values(&self, case: &Case, figure: &dyn Fn(&Measured) -> Option<f64>) -> Vec<Option<f64>> {
        evaluate::values(&self.tree, &self.figures(case, figure))
    }
}

/// Value of the node at a place: a sum that is measured itself has what was measured, though its parts may lack something;
/// everything else follows from its leaves.
pub(super) fn value(measured: &Measured, computed: Option<f64>) -> Option<f64> {
    let own = measured.actual.filter(|_| measured.node.op == NodeOp::Sum && measured.gauge.is_some());
    own.or(computed)
}

/// Whether a sum is measured itself and more, or less, than its parts, in the baseline or now.
fn has_other(case: &Case, place: usize, parts: &[usize]) -> bool {
    let sum = &case.tree[place];
    if sum.node.op != NodeOp::Sum || sum.gauge.is_none() || parts.is_empty() {
        return false;
    }
    let leaves_over = |figure: &dyn Fn(&Measured) -> Option<f64>| {
        let whole = figure(sum);
        let mut rest = whole.unwrap_or(0.0);
        for part in parts {
            let Some(value) = figure(&case.tree[*part]) else { return false };
            rest -= case.tree[*part].node.sign as f64 * value;
        }
        whole.is_some_and(|whole| rest.abs() > 0.005 * whole.abs())
    };
    // Baselines of days are frozen with them and may be those of other days than the plan has now.
    let by_days = parts.iter().all(|part| case.tree[*part].node.has_own_days());
    (!by_days && leaves_over(&|measured| measured.base)) || leaves_over(&Measured::to_date)
}
