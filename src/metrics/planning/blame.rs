//! Why there is a gap: each leaf's part in it, by Aumann and Shapley (planning.md §3.8, T22-T25, reading A25).
//!
//! On the straight way from the targets to the actual values a leaf earns `(a - t) ∫ ∂f/∂x dτ`. For trees of sums and
//! products this is the Shapley value; zeros, negative values and ratios need no special care.

use super::evaluate::{combine, values};
use super::{at, finite};
use crate::domain::plans::NodeOp;
use crate::domain::tree::Tree;

/// Nodes of Gauss and Legendre on either side of the middle of -1 to 1, with their weights: 16 are exact to degree 31.
const NODES: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_6),
    (0.458_016_777_657_227_37, 0.169_156_519_395_002_54),
    (0.617_876_244_402_643_7, 0.149_595_988_816_576_73),
    (0.755_404_408_355_003, 0.124_628_971_255_533_87),
    (0.865_631_202_387_831_8, 0.095_158_511_682_492_78),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_89),
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_095),
];

/// How often a panel of the way is halved at most.
const HALVINGS: u32 = 40;

/// Panels looked at at most.
const PANELS: usize = 4096;

/// A panel is halved until its parts add up to its change to this share of their sizes.
const CLOSE: f64 = 1e-9;

/// A panel that is not halved any more must add up to this share. One in which a denominator goes through 0 never does.
const ENOUGH: f64 = 1e-6;

/// A gap and what it is made of, in the unit of the root.
#[derive(Debug, Clone, PartialEq)]
pub struct Blame {
    /// The root's value at the targets.
    pub from: Option<f64>,
    /// The root's value at the actual values.
    pub to: Option<f64>,
    /// `to - from`.
    pub gap: Option<f64>,
    /// A part for each node: an inner node's is the sum of its leaves, the root's the gap. `None` without a gap, and where
    /// a denominator goes through 0 between target and actual value.
    pub contributions: Option<Vec<f64>>,
}

/// The gap from targets to actual values of the leaves, both with one entry a node.
pub fn blame(tree: &Tree, target: &[Option<f64>], actual: &[Option<f64>]) -> Blame {
    let (from, to) = (values(tree, target)[0], values(tree, actual)[0]);
    let gap = from.zip(to).and_then(|(from, to)| finite(to - from));
    let contributions = gap.and_then(|gap| contributions(tree, target, actual, gap));
    Blame { from, to, gap, contributions }
}

/// Parts of all nodes that add up to the gap.
fn contributions(tree: &Tree, target: &[Option<f64>], actual: &[Option<f64>], gap: f64) -> Option<Vec<f64>> {
    let leaf =
        |node: usize| if tree.nodes()[node].op == NodeOp::Leaf { at(target, node).zip(at(actual, node)) } else { None };
    let ends: Vec<_> = (0..tree.len()).map(leaf).collect();
    let mut parts = along(tree, &ends)?;
    let missing = gap - parts.iter().sum::<f64>();
    let size: f64 = parts.iter().map(|part| part.abs()).sum();
    if size > 0.0 {
        for part in &mut parts {
            *part += missing * part.abs() / size;
        }
    }
    for node in (1..tree.len()).rev() {
        if let Some(parent) = tree.nodes()[node].parent {
            parts[parent] += parts[node];
        }
    }
    Some(parts)
}

/// A part of the way, and the root's value at its ends.
#[derive(Clone, Copy)]
struct Panel {
    ends: (f64, f64),
    values: (f64, f64),
    halvings: u32,
}

/// What each leaf earns on the way, of which panels are halved until each adds up to its change.
fn along(tree: &Tree, ends: &[Option<(f64, f64)>]) -> Option<Vec<f64>> {
    let value = |tau: f64| values(tree, &point(ends, tau))[0];
    let mut parts = vec![0.0; ends.len()];
    let mut open = vec![Panel { ends: (0.0, 1.0), values: (value(0.0)?, value(1.0)?), halvings: 0 }];
    let mut seen = 0;
    while let Some(panel) = open.pop() {
        seen += 1;
        let earned = earned(tree, ends, panel.ends)?;
        let ((low, high), (from, to)) = (panel.ends, panel.values);
        let missing = (to - from - earned.iter().sum::<f64>()).abs();
        // The change of a value is not known better than the value's own last bits.
        let size = earned.iter().map(|part| part.abs()).sum::<f64>() + 1e-4 * (from.abs() + to.abs());
        if missing > CLOSE * size && panel.halvings < HALVINGS && seen < PANELS {
            let middle = f64::midpoint(low, high);
            let (between, halvings) = (value(middle)?, panel.halvings + 1);
            open.push(Panel { ends: (middle, high), values: (between, to), halvings });
            open.push(Panel { ends: (low, middle), values: (from, between), halvings });
        } else if missing <= ENOUGH * size {
            parts.iter_mut().zip(earned).for_each(|(part, earned)| *part += earned);
        } else {
            return None;
        }
    }
    Some(parts)
}

/// Where the leaves are after a part of the way.
fn point(ends: &[Option<(f64, f64)>], tau: f64) -> Vec<Option<f64>> {
    ends.iter().map(|ends| ends.map(|(t, a)| t + tau * (a - t))).collect()
}

/// What each leaf earns on a part of the way.
fn earned(tree: &Tree, ends: &[Option<(f64, f64)>], (low, high): (f64, f64)) -> Option<Vec<f64>> {
    let (middle, half) = (f64::midpoint(low, high), 0.5 * (high - low));
    let mut parts = vec![0.0; ends.len()];
    for (node, weight) in NODES.iter().flat_map(|(x, w)| [(-x, w), (*x, w)]) {
        let slopes = gradient(tree, &point(ends, middle + half * node))?;
        parts.iter_mut().zip(slopes).for_each(|(part, slope)| *part += weight * half * slope);
    }
    parts.iter_mut().zip(ends).for_each(|(part, ends)| *part *= ends.map_or(0.0, |(t, a)| a - t));
    parts.iter().all(|part| part.is_finite()).then_some(parts)
}

/// How fast the root changes with each node, in one pass up for the values and one down for the slopes.
fn gradient(tree: &Tree, leaves: &[Option<f64>]) -> Option<Vec<f64>> {
    let values = values(tree, leaves);
    let mut slopes = vec![0.0; tree.len()];
    slopes[0] = 1.0;
    for (node, family) in tree.nodes().iter().enumerate() {
        for child in &family.children {
            slopes[*child] = slopes[node] * slope(tree, node, *child, &values)?;
        }
    }
    Some(slopes)
}

/// How fast a parent changes with one of its children.
fn slope(tree: &Tree, parent: usize, child: usize, values: &[Option<f64>]) -> Option<f64> {
    let part = &tree.nodes()[child];
    let op = tree.nodes()[parent].op;
    if op == NodeOp::Sum {
        return Some(part.sign());
    }
    if op == NodeOp::Ratio && part.minus {
        return Some(-combine(tree, parent, values)? / values[child]?);
    }
    let mut slope = 1.0;
    for other in tree.children(parent).iter().filter(|other| **other != child) {
        let below = op == NodeOp::Ratio && tree.nodes()[*other].minus;
        slope *= if below { values[*other]?.recip() } else { values[*other]? };
    }
    Some(slope)
}

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
