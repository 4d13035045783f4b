//! What a tree is worth (planning.md §3.2, readings A1, A2).

use super::{at, finite};
use crate::domain::plans::NodeOp;
use crate::domain::tree::Tree;

/// Largest part of a measured value by which its children may miss it without being told.
const MISMATCH: f64 = 0.005;

/// Daily rows of a leaf; `None` is a day without an observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rows<'a> {
    /// Adds over days.
    Flow(&'a [Option<f64>]),
    /// A state at the end of each day, in order of days.
    Level(&'a [Option<f64>]),
    /// Numerators and denominators of the same days.
    Ratio(&'a [Option<f64>], &'a [Option<f64>]),
}

/// The value of a period from its daily rows; `None` where no day has one.
///
/// A ratio is the sum of the numerators over that of the denominators, of days that have both: the mean of daily rates
/// would break `visits × rate = orders`.
/// ```
/// use quarterdeck::metrics::planning::evaluate::{Rows, period_value};
/// let (orders, visits) = ([Some(50.0), Some(80.0), None], [Some(1000.0), Some(4000.0), Some(9.0)]);
/// assert_eq!(period_value(Rows::Ratio(&orders, &visits)), Some(130.0 / 5000.0));
/// ```
pub fn period_value(rows: Rows) -> Option<f64> {
    match rows {
        Rows::Flow(days) => days.iter().flatten().copied().reduce(|a, b| a + b),
        Rows::Level(days) => days.iter().flatten().last().copied(),
        Rows::Ratio(num, den) => {
            let both = num.iter().zip(den).filter_map(|(n, d)| Some(((*n)?, (*d)?)));
            let (n, d) = both.reduce(|a, b| (a.0 + b.0, a.1 + b.1))?;
            super::over(n, d)
        }
    }
}

/// Values of all nodes from those of the leaves. A missing child or a denominator of 0 leaves a node without a value, and
/// so does having no child.
pub fn values(tree: &Tree, leaves: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut out: Vec<_> = (0..tree.len()).map(|node| at(leaves, node)).collect();
    for node in (0..tree.len()).rev() {
        out[node] = combine(tree, node, &out);
    }
    out
}

/// The value of a node from those of its children; its own for a leaf.
pub(super) fn combine(tree: &Tree, node: usize, values: &[Option<f64>]) -> Option<f64> {
    let op = tree.nodes()[node].op;
    if op == NodeOp::Leaf {
        return values[node];
    }
    let (mut sum, mut top, mut bottom) = (0.0, 1.0, 1.0);
    let children = tree.children(node);
    for child in children {
        let value = values[*child]?;
        let part = &tree.nodes()[*child];
        sum += part.sign() * value;
        let factor = if part.minus { &mut bottom } else { &mut top };
        *factor *= value;
    }
    match op {
        _ if children.is_empty() => None,
        NodeOp::Sum => finite(sum),
        NodeOp::Ratio => super::over(top, bottom),
        NodeOp::Leaf | NodeOp::Product => finite(top * bottom),
    }
}

/// A node's value, and how it fits what was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluated {
    /// Its value: measured where the node is a measured sum, else computed.
    pub value: Option<f64>,
    /// Where the node was measured and its children have values.
    pub check: Option<Check>,
}

/// A measured node beside its children.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Check {
    /// From the children.
    pub computed: f64,
    /// Measured less computed.
    pub residual: f64,
    /// The residual is more than half a percent of what was measured.
    pub mismatch: bool,
    /// The child that closes a sum; `None` for a product or a ratio, which is only checked.
    pub other: Option<f64>,
}

/// [`values`] where some inner nodes were measured too.
pub fn evaluate(tree: &Tree, leaves: &[Option<f64>], measured: &[Option<f64>]) -> Vec<Evaluated> {
    let mut values: Vec<_> = (0..tree.len()).map(|node| at(leaves, node)).collect();
    let mut checks = vec![None; tree.len()];
    for node in (0..tree.len()).rev() {
        values[node] = combine(tree, node, &values);
        let op = tree.nodes()[node].op;
        let (Some(computed), Some(seen), true) = (values[node], at(measured, node), op != NodeOp::Leaf) else {
            continue;
        };
        let residual = seen - computed;
        let sum = op == NodeOp::Sum;
        let mismatch = residual.abs() > MISMATCH * seen.abs();
        checks[node] = Some(Check { computed, residual, mismatch, other: sum.then_some(residual) });
        if sum {
            values[node] = Some(seen);
        }
    }
    values.into_iter().zip(checks).map(|(value, check)| Evaluated { value, check }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(sales - refunds) / buyers`.
    fn margin() -> Tree {
        let mut tree = Tree::new(NodeOp::Ratio);
        let net = tree.add(0, NodeOp::Sum, false).unwrap();
        tree.add(0, NodeOp::Leaf, true);
        tree.add(net, NodeOp::Leaf, false);
        tree.add(net, NodeOp::Leaf, true);
        tree
    }

    #[test]
    fn signs_subtract_and_divide() {
        let got = values(&margin(), &[None, None, Some(1250.0), Some(84_000.0), Some(6500.0)]);
        assert_eq!(got, [Some(62.0), Some(77_500.0), Some(1250.0), Some(84_000.0), Some(6500.0)]);
    }

    #[test]
    fn a_measured_sum_is_closed_and_a_measured_ratio_only_checked() {
        let leaves = [None, None, Some(1250.0), Some(84_000.0), Some(6000.0)];
        let got = evaluate(&margin(), &leaves, &[Some(62.2), Some(77_500.0)]);
        let net = Check { computed: 78_000.0, residual: -500.0, mismatch: true, other: Some(-500.0) };
        assert_eq!(got[1], Evaluated { value: Some(77_500.0), check: Some(net) });
        assert_eq!(got[0].value, Some(62.0), "computed, from the measured sum");
        let check = got[0].check.unwrap();
        assert!(!check.mismatch && check.other.is_none() && (check.residual - 0.2).abs() < 1e-9);
        assert_eq!(got[3].check, None);
    }

    #[test]
    fn what_is_missing_is_missing_up_to_the_root_and_zero_is_a_number() {
        let leaves = [None, None, Some(1250.0), None, Some(6000.0)];
        assert_eq!(values(&margin(), &leaves)[..2], [None, None]);
        let measured = evaluate(&margin(), &leaves, &[None, Some(5.0)]);
        assert_eq!(measured[1], Evaluated { value: None, check: None });
        let leaves = [None, None, Some(0.0), Some(1.0), Some(1.0)];
        assert_eq!(values(&margin(), &leaves)[..2], [None, Some(0.0)], "a denominator of 0");
        assert_eq!(values(&margin(), &[])[0], None);
        let mut outline = Tree::new(NodeOp::Product);
        outline.add(0, NodeOp::Sum, false);
        assert_eq!(values(&outline, &[]), [None, None], "an outline without leaves");
    }

    #[test]
    fn a_period_by_kind() {
        let days = [None, Some(4.0), Some(0.0), None];
        assert_eq!(period_value(Rows::Flow(&days)), Some(4.0));
        assert_eq!(period_value(Rows::Level(&days)), Some(0.0));
        assert_eq!(period_value(Rows::Flow(&[None, None])), None);
        assert_eq!(period_value(Rows::Level(&[])), None);
        assert_eq!(period_value(Rows::Ratio(&days, &[Some(1.0), None, Some(0.0), None])), None, "over 0");
        assert_eq!(period_value(Rows::Ratio(&days, &[Some(1.0), Some(8.0), Some(8.0), None])), Some(0.25));
    }
}
