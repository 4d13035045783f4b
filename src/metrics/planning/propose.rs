//! What the parts of a target should reach (planning.md §3.3, T1-T8, readings A3-A7, A30, A31).

mod share;

use super::evaluate;
use crate::domain::plans::NodeOp;
use crate::domain::tree::Tree;

/// What is known and wanted of a node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wish {
    /// What it brings without a plan; only that of leaves counts, an inner node's follows from them.
    pub baseline: Option<f64>,
    /// Its part in what is to be gained, on any scale.
    pub weight: f64,
    /// It keeps its target, or its baseline without one.
    pub locked: bool,
    /// The target of a locked node.
    pub target: Option<f64>,
    /// The most it can be; a locked node may be more.
    pub cap: Option<f64>,
    /// It is counted in whole numbers, so its target is rounded where it is part of a sum.
    pub whole: bool,
}

impl Default for Wish {
    fn default() -> Self {
        Self { baseline: None, weight: 1.0, locked: false, target: None, cap: None, whole: false }
    }
}

/// How the target of a sum is shared. Products and ratios share their uplift by weight in either mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// In proportion to the baselines.
    #[default]
    Share,
    /// The gap to the baseline by weight.
    Weight,
}

/// Targets that fit together, and where they don't.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// By node; the root has the target that was asked for, and below a node with a problem there are none.
    pub targets: Vec<Option<f64>>,
    /// Nodes whose children can't reach their target, a parent before its parts. Its own parent is not proposed again.
    pub problems: Vec<Problem>,
}

/// A node whose children can't reach its target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Problem {
    /// The node.
    pub node: usize,
    /// What is missing.
    pub lack: Lack,
}

/// What is missing to reach a target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lack {
    /// All factors are locked or at their cap, and the product must still grow by this factor.
    Factor(f64),
    /// All addends are locked or at their cap and so much is left, or it is below 0 and none of them can take away.
    Residual(f64),
    /// There is nothing to grow from: the baseline is missing or 0, or the target has the other sign.
    NoUplift,
}

impl Lack {
    /// The factor or the rest; `None` where nothing can be measured.
    pub fn amount(self) -> Option<f64> {
        match self {
            Self::Factor(amount) | Self::Residual(amount) => Some(amount),
            Self::NoUplift => None,
        }
    }
}

/// A child while its parent's target is shared.
#[derive(Debug, Clone, Copy)]
struct Part {
    baseline: Option<f64>,
    minus: bool,
    wish: Wish,
    /// Its target is settled: locked, at its cap, or at 0.
    fixed: bool,
    target: f64,
}

impl Part {
    fn sign(&self) -> f64 {
        if self.minus { -1.0 } else { 1.0 }
    }
}

/// Shares the target of the root down to the leaves; `wishes` has one entry a node.
///
/// Children of a locked node share its target too.
/// ```
/// use quarterdeck::domain::plans::NodeOp;
/// use quarterdeck::domain::tree::Tree;
/// use quarterdeck::metrics::planning::propose::{Mode, Wish, propose};
/// let mut tree = Tree::new(NodeOp::Sum);
/// let mut wishes = vec![Wish::default()];
/// for baseline in [4000.0, 2500.0, 1500.0] {
///     tree.add(0, NodeOp::Leaf, false);
///     wishes.push(Wish { baseline: Some(baseline), whole: true, ..Wish::default() });
/// }
/// wishes[3].locked = true;
/// let proposal = propose(&tree, &wishes, 10_000.0, Mode::Share);
/// assert_eq!(proposal.targets[1..], [Some(5231.0), Some(3269.0), Some(1500.0)]);
/// ```
pub fn propose(tree: &Tree, wishes: &[Wish], target: f64, mode: Mode) -> Proposal {
    let known: Vec<_> = wishes.iter().map(|w| w.baseline).collect();
    let baselines = evaluate::values(tree, &known);
    let mut targets = vec![None; tree.len()];
    targets[0] = Some(target);
    let mut problems = Vec::new();
    for (node, family) in tree.nodes().iter().enumerate() {
        let Some(target) = targets[node].filter(|_| !family.children.is_empty()) else { continue };
        match children(tree, node, (wishes, &baselines), target, mode) {
            Ok(parts) => family.children.iter().zip(parts).for_each(|(at, part)| targets[*at] = Some(part.target)),
            Err(lack) => problems.push(Problem { node, lack }),
        }
    }
    Proposal { targets, problems }
}

/// The children of a node with their targets.
fn children(
    tree: &Tree,
    node: usize,
    (wishes, baselines): (&[Wish], &[Option<f64>]),
    target: f64,
    mode: Mode,
) -> Result<Vec<Part>, Lack> {
    let part = |at: &usize| {
        let wish = wishes.get(*at).copied().unwrap_or_default();
        let baseline = baselines[*at];
        let kept = wish.target.or(baseline).filter(|_| wish.locked);
        // A locked part with neither target nor baseline has nothing to keep.
        let settled = kept.or((!wish.locked).then_some(0.0)).ok_or(Lack::NoUplift)?;
        Ok(Part { baseline, minus: tree.nodes()[*at].minus, wish, fixed: wish.locked, target: settled })
    };
    let mut parts = tree.children(node).iter().map(part).collect::<Result<Vec<_>, Lack>>()?;
    match tree.nodes()[node].op {
        NodeOp::Sum => share::addends(&mut parts, target, mode)?,
        NodeOp::Ratio => share::factors(&mut parts, baselines[node], target)?,
        NodeOp::Leaf | NodeOp::Product => {
            for part in &mut parts {
                part.minus = false;
            }
            share::factors(&mut parts, baselines[node], target)?;
        }
    }
    Ok(parts)
}

#[cfg(test)]
mod tests;
