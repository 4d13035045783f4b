//! Setting targets: one by hand, or those of a proposal.

use crate::domain::plans::{Edit, Feedback, Journal, Lesson, Node, NodeOp, Task};
use crate::query::{Fault, ProposeQuery};

use super::super::proposal;
use super::make::{refuse, revise, unmeasured, with_baseline};
use super::{Desk, Made};

impl Desk<'_, '_> {
    pub(super) fn target(
        &self,
        id: i64,
        seen: Option<f64>,
        value: Option<f64>,
        reason: &str,
    ) -> Result<Edit, Vec<Fault>> {
        let node = self.node(id)?;
        let plan = self.plan(node.plan_id)?;
        let mut edit = Edit::new(format!("target of {}", node.label));
        edit.set(Node { target: seen, ..node.clone() }, Node { target: value, ..node.clone() });
        revise(&mut edit, self, (&plan, &node), ("target", seen, value), reason);
        Ok(edit)
    }

    /// Adds or changes a node. What measures it gives its baseline anew, unless the plan runs and froze it.
    pub(super) fn change_node(&mut self, before: Option<&Node>, after: &Node, reason: &str) -> Made {
        let plan = match self.plan(after.plan_id) {
            Ok(plan) => plan,
            Err(faults) => return Ok(Err(faults)),
        };
        let measured_anew = before.is_none_or(|before| {
            let seen = (&before.metric, &before.filter, before.start, before.finish);
            seen != (&after.metric, &after.filter, after.start, after.finish) && !plan.status.is_frozen()
        });
        let after =
            if measured_anew { with_baseline(self.view, &plan, unmeasured(after.clone()))? } else { after.clone() };
        let mut edit = Edit::new(format!("node {}", after.label));
        let told = before.unwrap_or(&after);
        let field = ("node", before.and_then(|before| before.target), after.target);
        let anchor = if before.is_some() {
            Some(told.clone())
        } else {
            // What stands beside the tree is told of its primary.
            let above = after.parent_id.and_then(|id| self.book.node(id));
            above.or_else(|| self.book.primary(after.plan_id)).cloned()
        };
        if let Some(anchor) = anchor {
            revise(&mut edit, self, (&plan, &anchor), field, reason);
        }
        if let Some(before) = before {
            edit.set(before.clone(), after);
            return Ok(Ok(edit));
        }
        // What gets its first part is made of parts from now on.
        let parent = after.parent_id.and_then(|id| self.book.node(id));
        if let Some(parent) = parent.filter(|parent| parent.op == NodeOp::Leaf) {
            edit.set(parent.clone(), Node { op: NodeOp::Sum, ..parent.clone() });
        }
        edit.add(after);
        Ok(Ok(edit))
    }

    /// Takes a node out with all below it.
    pub(super) fn remove_node(&self, id: i64, reason: &str) -> Result<Edit, Vec<Fault>> {
        let node = self.node(id)?;
        let plan = self.plan(node.plan_id)?;
        let mut gone = vec![id];
        let tree = self.book.tree(plan.id);
        for part in &tree {
            if part.parent_id.is_some_and(|parent| gone.contains(&parent)) {
                gone.push(part.id);
            }
        }
        let mut edit = Edit::new(format!("removed {}", node.label));
        let above = node.parent_id.and_then(|id| self.book.node(id));
        if let Some(above) = above {
            revise(&mut edit, self, (&plan, above), ("parts", None, None), reason);
        }
        self.untie(&gone, &mut edit);
        for told in self.book.revisions.iter().filter(|told| gone.contains(&told.node_id)) {
            edit.remove(told.clone());
        }
        for part in tree.iter().rev().filter(|part| gone.contains(&part.id)) {
            edit.remove((*part).clone());
        }
        // What has no parts any more is measured itself again.
        if let Some(above) = above.filter(|above| {
            above.metric.is_some()
                && tree.iter().all(|part| part.parent_id != Some(above.id) || gone.contains(&part.id))
        }) {
            edit.set(above.clone(), Node { op: NodeOp::Leaf, ..above.clone() });
        }
        Ok(edit)
    }

    /// What was written of nodes stays without them.
    fn untie(&self, gone: &[i64], edit: &mut Edit) {
        let of_gone = |node: Option<i64>| node.is_some_and(|node| gone.contains(&node));
        for one in self.book.tasks.iter().filter(|one| of_gone(one.node_id)) {
            edit.set(one.clone(), Task { node_id: None, ..one.clone() });
        }
        for one in self.book.journal.iter().filter(|one| of_gone(one.node_id)) {
            edit.set(one.clone(), Journal { node_id: None, ..one.clone() });
        }
        for one in self.book.feedback.iter().filter(|one| of_gone(one.node_id)) {
            edit.set(one.clone(), Feedback { node_id: None, ..one.clone() });
        }
        for one in self.book.lessons.iter().filter(|one| of_gone(one.node_id)) {
            edit.set(one.clone(), Lesson { node_id: None, ..one.clone() });
        }
    }

    pub(super) fn accept(&mut self, query: &ProposeQuery, reason: &str) -> Made {
        let proposal = proposal::propose(self.view, self.book, query)?;
        if let Some(problem) = proposal.problem {
            return Ok(Err(refuse("target", problem)));
        }
        let plan = match self.plan(query.plan) {
            Ok(plan) => plan,
            Err(faults) => return Ok(Err(faults)),
        };
        let label = proposal.rows.first().map(|row| row.node.label.clone()).unwrap_or_default();
        let mut edit = Edit::new(format!("targets below {label}"));
        for row in proposal.rows {
            let (node, new) = (row.node, row.new);
            let locked = if query.locked.iter().any(|(id, _)| *id == node.id) { row.locked } else { node.locked };
            let weight = query.weights.iter().find(|(id, _)| *id == node.id).map_or(node.weight, |(_, weight)| *weight);
            let after = Node { target: new.or(node.target), locked, weight, ..node.clone() };
            if after.target != node.target {
                revise(&mut edit, self, (&plan, &node), ("target", node.target, after.target), reason);
            }
            edit.set(node, after);
        }
        Ok(Ok(edit))
    }
}
