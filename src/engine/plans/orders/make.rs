//! A new plan, and the baselines of its nodes.

use crate::domain::calendar::Span;
use crate::domain::plans::{
    Book, Edit, Filter, Focus, Node, NodeRole, Phase, Plan, PlanStatus, Record, RevenueLink, Revision, StrategyStatus,
    method,
};
use crate::metrics::binding::Binding;
use crate::metrics::catalog::{self, Accumulation};
use crate::query::{Fault, NewPlan};

use super::super::super::EngineError;
use super::super::super::view::View;
use super::super::measure::{Gauge, refused};
use super::super::{rules, usual, windows};
use super::weeks::refitted;
use super::{Desk, Made};

impl Desk<'_, '_> {
    pub(super) fn new_plan(&mut self, new: &NewPlan) -> Made {
        let binding = match new.metric.as_deref().map(Binding::parse).transpose() {
            Ok(binding) => binding,
            Err(why) => return Ok(Err(vec![rules::fault("metric", why)])),
        };
        if new.finish < new.start {
            let text = format!("{} is before start {}; try +30d or {}", new.finish, new.start, new.start.plus(29));
            return Ok(Err(vec![rules::fault("finish", text)]));
        }
        let plan = plan(self.book, new, binding.as_ref());
        let mut edit = Edit::new(format!("new plan {}", plan.name()));
        edit.add(plan.clone());
        for (seq, (kind, start, finish, share)) in (0..).zip(&new.phases) {
            edit.add(Phase { plan_id: plan.id, seq, kind: *kind, start: *start, finish: *finish, share: *share });
        }
        if let Some(binding) = binding {
            let curve = binding.usual_curve(!new.phases.is_empty());
            let label = binding.name();
            let primary = Node {
                target: new.target,
                metric: new.metric.clone(),
                curve,
                label,
                ..Node::new(plan.id, NodeRole::Primary)
            };
            edit.add(with_baseline(self.view, &plan, primary)?);
        }
        Ok(Ok(edit))
    }

    /// A plan with its phases changed; what of its days is other while it runs is kept with the reason, that of the plan on
    /// the primary, that of a part with days of its own on the part.
    pub(super) fn change_days(&mut self, id: i64, edit: &Edit, reason: &str) -> Made {
        let plan = match self.plan(id) {
            Ok(plan) => plan,
            Err(faults) => return Ok(Err(faults)),
        };
        let mut edit = self.followed(edit.clone())?;
        let mut told: Vec<(Node, rules::Changed)> = Vec::new();
        if let Some(primary) = self.book.primary(id) {
            told.extend(rules::days_changed(&edit, id).into_iter().map(|changed| (primary.clone(), changed)));
        }
        for change in &edit.changes {
            if let (Some(Record::Node(before)), Some(Record::Node(after))) = (&change.before, &change.after) {
                told.extend(rules::days_of_part(before, after).map(|changed| (before.clone(), changed)));
            }
        }
        for (node, changed) in told {
            revise(&mut edit, self, (&plan, &node), changed, reason);
        }
        Ok(Ok(edit))
    }

    /// Parts with days of their own, such as weeks, follow where the days of their plan change; those that would have none
    /// left stay, for the rules to name. Baselines of a draft are measured anew, before its new days.
    pub(super) fn moved(&mut self, edit: &mut Edit) -> Result<(), EngineError> {
        let turned = edit.changes.iter().filter_map(|change| match (&change.before, &change.after) {
            (Some(Record::Plan(before)), Some(Record::Plan(after))) => Some((before.span(), after.clone())),
            _ => None,
        });
        let moved: Vec<(Span, Plan)> = turned.filter(|(before, after)| *before != after.span()).collect();
        for (before, plan) in moved {
            for node in self.book.tree(plan.id) {
                let Some(later) = refitted(node, before, plan.span()) else { continue };
                let is_measured = plan.baseline_frozen_at.is_none() && node.baseline_from.is_some();
                let after = if is_measured { with_baseline(self.view, &plan, unmeasured(later))? } else { later };
                edit.set(node.clone(), after);
            }
        }
        Ok(())
    }
}

/// The node without what was measured of it before.
pub(super) fn unmeasured(node: Node) -> Node {
    Node { baseline: None, baseline_from: None, baseline_to: None, ..node }
}

/// The plan of an order, a draft.
pub(super) fn plan(book: &Book, new: &NewPlan, binding: Option<&Binding>) -> Plan {
    let revenue = binding.is_some_and(Binding::is_revenue);
    let active: Vec<i64> =
        book.strategies.iter().filter(|s| s.status == StrategyStatus::Active).map(|strategy| strategy.id).collect();
    let only = if let [one] = active.as_slice() { Some(*one) } else { None };
    let usual = method(&new.method).map(|method| method.focus);
    Plan {
        id: -1,
        strategy_id: new.strategy.or(only),
        series_id: -1,
        round: 1,
        prev_plan_id: None,
        op_type: new.op_type,
        focus: new.focus.or(usual).or(binding.map(focus)).unwrap_or(Focus::Balanced),
        method: new.method.clone(),
        title: new.title.trim().to_owned(),
        owner: new.owner.clone(),
        audience: new.audience.clone(),
        place: new.place.clone(),
        mechanic: new.mechanic.clone(),
        start: new.start,
        finish: new.finish,
        observe_days: new.observe_days,
        status: PlanStatus::Draft,
        status_reason: String::new(),
        spend_filter: Filter::default(),
        revenue_link: new.revenue_link.unwrap_or(if revenue { RevenueLink::Direct } else { RevenueLink::None }),
        baseline_frozen_at: None,
        closed_snapshot: None,
    }
}

/// What a metric is usually for.
fn focus(binding: &Binding) -> Focus {
    let of = |focus| match focus {
        catalog::Focus::Acquire => Focus::Acquire,
        catalog::Focus::Retain => Focus::Retain,
        catalog::Focus::Revenue => Focus::Revenue,
    };
    match binding {
        Binding::Metric(metric) => of(metric.focus),
        Binding::Ratio(num, _) => focus(num),
        Binding::Fact(..) => Focus::Balanced,
    }
}

/// The days of a node: its own, or those of its plan.
pub(in super::super) fn days_of(plan: &Plan, node: &Node) -> Span {
    node.start.zip(node.finish).map_or_else(|| plan.span(), |(first, last)| Span::new(first, last))
}

/// What measures a node, where anything does.
pub(in crate::engine) fn gauge(node: &Node) -> Option<Gauge> {
    let binding = Binding::parse(node.metric.as_deref()?).ok()?;
    refused(&binding, &node.filter).is_none().then(|| Gauge { binding, filter: node.filter.clone() })
}

/// The node with its baseline measured: in its own window where it names one, else in the weeks before it. A baseline
/// that was typed stays, and so does one that cannot be measured any more.
pub(super) fn with_baseline(view: &mut View, plan: &Plan, node: Node) -> Result<Node, EngineError> {
    if node.baseline.is_some() && node.baseline_from.is_none() {
        return Ok(node);
    }
    let Some(gauge) = gauge(&node) else { return Ok(node) };
    let Some(known) = gauge.known(view)? else { return Ok(node) };
    let own = node.baseline_from.zip(node.baseline_to).map(|(first, last)| Span::new(first, last));
    let days = (days_of(plan, &node), plan.span());
    Ok(match baseline(view, (&gauge, known), days, own)? {
        Some((value, window)) => {
            Node { baseline: Some(value), baseline_from: Some(window.first), baseline_to: Some(window.last), ..node }
        }
        None => node,
    })
}

/// What is measured in a window, or in that which some days of a plan are compared with, as much as as many days give; the
/// window beside it. The days are those of the part, then those of its plan.
pub(in super::super) fn baseline(
    view: &mut View,
    (gauge, known): (&Gauge, Span),
    (days, plan): (Span, Span),
    own: Option<Span>,
) -> Result<Option<(f64, Span)>, EngineError> {
    let Some(window) = own.or_else(|| windows::baseline(days, plan, known)) else { return Ok(None) };
    let left_out = view.store.book()?.left_out();
    let value = usual::value(view, (gauge, known), window, &left_out)?;
    let scaled = match gauge.binding.accumulation() {
        Accumulation::Flow => value.map(|value| value * f64::from(days.days()) / f64::from(window.days())),
        // Distinct users of fewer days say nothing of more days.
        Accumulation::Unique if window.days() != days.days() && !gauge.binding.is_rolling() => None,
        _ => value,
    };
    Ok(scaled.map(|value| (value, window)))
}

/// Adds why a frozen plan changes; nothing where the plan does not run.
pub(super) fn revise(
    edit: &mut Edit,
    desk: &Desk,
    (plan, node): (&Plan, &Node),
    (field, old, new): (&str, Option<f64>, Option<f64>),
    reason: &str,
) {
    if !plan.status.is_frozen() || reason.trim().is_empty() {
        return;
    }
    edit.add(Revision {
        // One edit may revise a node more than once.
        id: -(edit.changes.len() as i64 + 1),
        node_id: node.id,
        at: desk.now.to_string(),
        actor: desk.actor.to_owned(),
        field: field.to_owned(),
        old,
        new,
        reason: reason.trim().to_owned(),
    });
}

/// The faults of an order that needs something else first.
pub(super) fn refuse(field: &str, text: impl Into<String>) -> Vec<Fault> {
    vec![rules::fault(field, text)]
}
