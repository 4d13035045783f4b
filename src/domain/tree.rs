//! Trees of values: a parent is the sum, the product or the ratio of its children, down to what is measured.

use super::plans::NodeOp;

/// One node of a [`Tree`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// How its value follows.
    pub op: NodeOp,
    /// Subtracted where the parent is a sum, a denominator where it is a ratio; says nothing elsewhere.
    pub minus: bool,
    /// The node it is a part of; `None` for the root.
    pub parent: Option<usize>,
    /// Its parts, in the order they were added.
    pub children: Vec<usize>,
}

impl Node {
    /// 1, or -1 with a minus.
    pub fn sign(&self) -> f64 {
        if self.minus { -1.0 } else { 1.0 }
    }
}

/// Nodes by number: 0 is the root, and a parent comes before its children.
///
/// Values of a tree are slices with one entry a node, so that a pass over the numbers goes down and a pass back goes up.
/// ```
/// use quarterdeck::domain::plans::NodeOp;
/// use quarterdeck::domain::tree::Tree;
/// let mut revenue = Tree::new(NodeOp::Product);
/// let visits = revenue.add(0, NodeOp::Sum, false).unwrap();
/// let paid = revenue.add(visits, NodeOp::Leaf, false).unwrap();
/// revenue.add(0, NodeOp::Leaf, false);
/// assert_eq!(revenue.leaves().collect::<Vec<_>>(), [2, 3]);
/// assert_eq!((revenue.depth(), revenue.add(paid, NodeOp::Leaf, false)), (3, None));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    nodes: Vec<Node>,
}

#[expect(clippy::len_without_is_empty, reason = "a tree has at least its root")]
impl Tree {
    /// A root alone.
    pub fn new(op: NodeOp) -> Self {
        Self { nodes: vec![Node { op, minus: false, parent: None, children: Vec::new() }] }
    }

    /// Adds a node below another and gives its number; `None` where there is no such parent, or it is a leaf.
    pub fn add(&mut self, parent: usize, op: NodeOp, minus: bool) -> Option<usize> {
        let number = self.nodes.len();
        let above = self.nodes.get_mut(parent).filter(|n| n.op != NodeOp::Leaf)?;
        above.children.push(number);
        self.nodes.push(Node { op, minus, parent: Some(parent), children: Vec::new() });
        Some(number)
    }

    /// All nodes by number.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Number of nodes, at least 1.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The parts of a node; none for a number that is not there.
    pub fn children(&self, at: usize) -> &[usize] {
        self.nodes.get(at).map_or(&[], |n| &n.children)
    }

    /// Numbers of the leaves, ascending.
    pub fn leaves(&self) -> impl Iterator<Item = usize> {
        self.nodes.iter().enumerate().filter(|(_, n)| n.op == NodeOp::Leaf).map(|(at, _)| at)
    }

    /// Levels of the tree: 1 for a root alone.
    pub fn depth(&self) -> usize {
        let mut levels = vec![1; self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate() {
            if let Some(parent) = node.parent {
                levels[at] = levels[parent] + 1;
            }
        }
        levels.into_iter().max().unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_come_before_children() {
        let mut tree = Tree::new(NodeOp::Ratio);
        let gain = tree.add(0, NodeOp::Sum, false).unwrap();
        let cost = tree.add(0, NodeOp::Leaf, true).unwrap();
        let a = tree.add(gain, NodeOp::Leaf, false).unwrap();
        assert_eq!((tree.len(), tree.depth(), tree.children(0)), (4, 3, &[gain, cost][..]));
        assert!(tree.nodes().iter().enumerate().all(|(at, n)| n.parent.is_none_or(|p| p < at)));
        assert_eq!(tree.leaves().collect::<Vec<_>>(), [cost, a]);
        assert!(tree.nodes()[cost].sign() < 0.0 && tree.nodes()[a].sign() > 0.0);
        assert_eq!(Tree::new(NodeOp::Leaf).depth(), 1);
    }

    #[test]
    fn nothing_hangs_on_a_leaf_or_on_nothing() {
        let mut tree = Tree::new(NodeOp::Leaf);
        assert_eq!((tree.add(0, NodeOp::Leaf, false), tree.add(7, NodeOp::Leaf, false), tree.len()), (None, None, 1));
        assert!(tree.children(7).is_empty());
    }
}
