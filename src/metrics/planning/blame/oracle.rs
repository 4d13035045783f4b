//! Other ways to split a gap: the Shapley value by enumeration, and logarithmic means (LMDI).

use super::*;

/// A tree whose leaves have a target and an actual value.
pub struct Change {
    pub tree: Tree,
    pub target: Vec<Option<f64>>,
    pub actual: Vec<Option<f64>>,
}

impl Change {
    /// A root with leaves of a target, an actual value, and a minus.
    pub fn flat(op: NodeOp, leaves: &[(f64, f64, bool)]) -> Self {
        let mut change = Self { tree: Tree::new(op), target: vec![None], actual: vec![None] };
        for (target, actual, minus) in leaves {
            change.leaf(0, (*target, *actual), *minus);
        }
        change
    }

    pub fn leaf(&mut self, parent: usize, (target, actual): (f64, f64), minus: bool) {
        self.tree.add(parent, NodeOp::Leaf, minus).unwrap();
        self.target.push(Some(target));
        self.actual.push(Some(actual));
    }

    pub fn inner(&mut self, parent: usize, op: NodeOp, minus: bool) -> usize {
        self.target.push(None);
        self.actual.push(None);
        self.tree.add(parent, op, minus).unwrap()
    }

    pub fn gap(&self) -> f64 {
        values(&self.tree, &self.actual)[0].unwrap() - values(&self.tree, &self.target)[0].unwrap()
    }

    /// By Aumann and Shapley.
    pub fn blamed(&self) -> Vec<f64> {
        blame(&self.tree, &self.target, &self.actual).contributions.unwrap()
    }

    /// The Shapley value of the leaves: the mean of what each adds, over all orders in which they can change.
    pub fn shapley(&self) -> Vec<f64> {
        let leaves: Vec<_> = self.tree.leaves().collect();
        let n = leaves.len();
        let worth: Vec<f64> = (0..1_usize << n)
            .map(|set| {
                let mut mixed = self.target.clone();
                for (bit, leaf) in leaves.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1) {
                    assert!(bit < n);
                    mixed[*leaf] = self.actual[*leaf];
                }
                values(&self.tree, &mixed)[0].unwrap()
            })
            .collect();
        let factorial = |k: usize| (1..=k).map(|i| i as f64).product::<f64>();
        let mut parts = vec![0.0; self.tree.len()];
        for (bit, leaf) in leaves.iter().enumerate() {
            for set in (0..worth.len()).filter(|set| set >> bit & 1 == 0) {
                let size = set.count_ones() as usize;
                let orders = factorial(size) * factorial(n - size - 1) / factorial(n);
                parts[*leaf] += orders * (worth[set | 1 << bit] - worth[set]);
            }
        }
        parts
    }

    /// By logarithmic means: a node with weight `w` earns `w ln(a/t)`, and hands its weight to its factors as it is, to its
    /// addends by their logarithmic means. All values must be above 0.
    pub fn logarithmic(&self) -> Vec<f64> {
        let (from, to) = (values(&self.tree, &self.target), values(&self.tree, &self.actual));
        let mean = |node: usize| {
            let (t, a) = (from[node].unwrap(), to[node].unwrap());
            assert!(t > 0.0 && a > 0.0);
            if (a / t - 1.0).abs() < 1e-9 { f64::midpoint(a, t) } else { (a - t) / (a / t).ln() }
        };
        let mut weights = vec![mean(0); self.tree.len()];
        for node in 1..self.tree.len() {
            let part = &self.tree.nodes()[node];
            let parent = part.parent.unwrap();
            weights[node] = weights[parent]
                * match self.tree.nodes()[parent].op {
                    NodeOp::Sum => part.sign() * mean(node) / mean(parent),
                    NodeOp::Ratio => part.sign(),
                    _ => 1.0,
                };
        }
        let leaf = |node: usize| self.tree.nodes()[node].op == NodeOp::Leaf;
        let part = |node: usize| weights[node] * (to[node].unwrap() / from[node].unwrap()).ln();
        (0..self.tree.len()).map(|node| if leaf(node) { part(node) } else { 0.0 }).collect()
    }
}
