//! Nodes by number or label.

use crate::domain::plans::Node;

use super::super::nearest::nearest;
use super::super::output::Failure;

/// The node of a number, else of a label that only one has; case does not count.
///
/// # Errors
/// Usage, with the nodes that may be meant.
pub fn named<'n>(nodes: &[&'n Node], typed: &str) -> Result<&'n Node, Failure> {
    let typed = typed.trim();
    if let Some(node) = typed.parse().ok().and_then(|id: i64| nodes.iter().find(|node| node.id == id)) {
        return Ok(node);
    }
    let folded = typed.to_lowercase();
    let found: Vec<&Node> = nodes.iter().copied().filter(|node| node.label.to_lowercase() == folded).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => {
            let near = nearest(typed, nodes.iter().map(|node| node.label.as_str()));
            let hint =
                near.map_or_else(|| format!("there are {}", among(nodes, nodes)), |n| format!("did you mean {n}?"));
            Err(Failure::usage(format!("no node is called {typed}; {hint}")))
        }
        several => {
            Err(Failure::usage(format!("{typed} is more than one node: {}; give its number", among(several, nodes))))
        }
    }
}

/// Nodes with their numbers, each with the node it is a part of.
pub fn among(nodes: &[&Node], all: &[&Node]) -> String {
    let name = |node: &&Node| {
        let above = all.iter().find(|other| Some(other.id) == node.parent_id);
        let above = above.map_or_else(String::new, |above| format!(" of {}", above.label));
        format!("{} {}{above}", node.id, node.label)
    };
    nodes.iter().map(name).collect::<Vec<_>>().join(", ")
}
