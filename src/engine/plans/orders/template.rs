//! Plans to begin with: one for each focus, its tree made by a formula of the break-down table.

use crate::domain::calendar::Grain;
use crate::domain::plans::{Edit, Node, NodeRole, OpType, Plan};
use crate::metrics::binding::Binding;
use crate::query::NewPlan;

use super::super::super::EngineError;
use super::super::formulas::FORMULAS;
use super::Desk;
use super::breakdown::formula_parts;
use super::make::{plan, with_baseline};

/// Days of watching after a plan.
const OBSERVE_DAYS: i64 = 7;

/// A plan to begin with: its title, its operation type, and the metric and the id of the formula of its tree.
const PLANS: [(&str, OpType, &str, &str); 3] = [
    ("Revenue of the month", OpType::Commercial, "net", "visits"),
    ("New users of the month", OpType::Market, "new_users", "spend_cpa"),
    ("Active users of the month", OpType::User, "active_users", "lifecycle"),
];

impl Desk<'_, '_> {
    /// The plans to begin with. A formula that needs a daily fact is taken before the first value is there, so that its
    /// plan asks for it.
    pub(super) fn template(&mut self) -> Result<Edit, EngineError> {
        let month = self.view.calendar.bucket(Grain::Month, self.view.today);
        let mut edit = Edit::new("three plans to begin with");
        let mut next = 0;
        for (at, (title, op_type, metric, id)) in (1..).zip(PLANS) {
            let formula = FORMULAS.iter().find(|formula| formula.of == metric && formula.id == id);
            let (Some(formula), Ok(binding)) = (formula, Binding::parse(metric)) else { continue };
            let new = NewPlan {
                title: title.to_owned(),
                observe_days: OBSERVE_DAYS,
                ..NewPlan::bare(op_type, month.first, month.last)
            };
            let plan = Plan { id: -at, series_id: -at, ..plan(self.book, &new, Some(&binding)) };
            next -= 1;
            let top = Node {
                id: next,
                op: formula.op,
                metric: Some(metric.to_owned()),
                curve: binding.usual_curve(false),
                label: binding.name(),
                ..Node::new(plan.id, NodeRole::Primary)
            };
            edit.add(plan.clone());
            edit.add(with_baseline(self.view, &plan, top.clone())?);
            for (seq, part) in (0..).zip(formula_parts(formula, &top)) {
                next -= 1;
                edit.add(with_baseline(self.view, &plan, Node { id: next, parent_id: Some(top.id), seq, ..part })?);
            }
        }
        Ok(edit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tree_is_a_formula_of_the_table() {
        for (_, _, metric, id) in PLANS {
            assert!(Binding::parse(metric).is_ok(), "{metric}");
            assert!(FORMULAS.iter().any(|formula| formula.of == metric && formula.id == id), "{metric} {id}");
        }
    }
}
