//! Setting targets: one by hand, or those of a proposal.

use crate::domain::plans::{Edit, Node};
use crate::query::{Fault, ProposeQuery};

use super::super::proposal;
use super::make::{refuse, revision};
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
        if let Some(told) = revision(self, &plan, &node, ("target", seen, value), reason) {
            edit.add(told);
        }
        Ok(edit)
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
            if after.target != node.target
                && let Some(told) = revision(self, &plan, &node, ("target", node.target, after.target), reason)
            {
                edit.add(told);
            }
            edit.set(node, after);
        }
        Ok(Ok(edit))
    }
}
