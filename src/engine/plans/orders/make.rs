//! A new plan, and the baselines of its nodes.

use crate::domain::calendar::Span;
use crate::domain::plans::{
    Book, Curve, Edit, Filter, Focus, Node, NodeRole, Phase, Plan, PlanStatus, RevenueLink, StrategyStatus, method,
};
use crate::metrics::binding::Binding;
use crate::metrics::catalog::{self, Accumulation};
use crate::query::{Fault, NewPlan};

use super::super::super::EngineError;
use super::super::super::view::View;
use super::super::measure::{Gauge, refused};
use super::super::{rules, windows};
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
            let curve = curve(&binding, !new.phases.is_empty());
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

    /// Measures every node anew, each in its own window where it has one.
    pub(super) fn baselines(&mut self, id: i64) -> Made {
        let plan = match self.plan(id) {
            Ok(plan) => plan,
            Err(faults) => return Ok(Err(faults)),
        };
        let mut edit = Edit::new(format!("baselines of {}", plan.name()));
        for node in self.book.tree(id) {
            edit.set(node.clone(), with_baseline(self.view, &plan, node.clone())?);
        }
        Ok(Ok(edit))
    }
}

fn plan(book: &Book, new: &NewPlan, binding: Option<&Binding>) -> Plan {
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
        Binding::Metric(metric) | Binding::Ratio(metric, _) => of(metric.focus),
        Binding::Fact(..) => Focus::Balanced,
    }
}

/// How a target usually spreads over its period.
pub(super) fn curve(binding: &Binding, phased: bool) -> Curve {
    match binding.accumulation() {
        Accumulation::Flow if phased => Curve::Phase,
        Accumulation::Flow => Curve::Weekday,
        Accumulation::Level => Curve::Glide,
        Accumulation::Ratio => Curve::Linear,
        // Distinct users of a running period grow as they did before; a rolling window moves from where it was.
        Accumulation::Unique if is_rolling(binding) => Curve::Glide,
        Accumulation::Unique => Curve::PrevRound,
    }
}

/// Whether it is counted over a window that ends on the last day, however long the period is.
pub(in super::super) fn is_rolling(binding: &Binding) -> bool {
    use crate::metrics::catalog::{ActivityMeasure, Measure};

    matches!(binding, Binding::Metric(metric) if matches!(metric.measure, Measure::Activity(ActivityMeasure::Rolling(_))))
}

/// The days of a node: its own, or those of its plan.
pub(in super::super) fn days_of(plan: &Plan, node: &Node) -> Span {
    node.start.zip(node.finish).map_or_else(|| plan.span(), |(first, last)| Span::new(first, last))
}

/// What measures a node, where anything does.
pub(in super::super) fn gauge(node: &Node) -> Option<Gauge> {
    let binding = Binding::parse(node.metric.as_deref()?).ok()?;
    refused(&binding, &node.filter).is_none().then(|| Gauge { binding, filter: node.filter.clone() })
}

/// The node with its baseline measured: in its own window where it names one, else in the weeks before it.
pub(super) fn with_baseline(view: &mut View, plan: &Plan, node: Node) -> Result<Node, EngineError> {
    let Some(gauge) = gauge(&node) else { return Ok(node) };
    let Some(known) = gauge.known(view)? else { return Ok(node) };
    let days = days_of(plan, &node);
    let own = node.baseline_from.zip(node.baseline_to).map(|(first, last)| Span::new(first, last));
    let Some(window) = own.or_else(|| windows::baseline(days, plan.span(), known)) else { return Ok(node) };
    let value = gauge.value(view, window)?;
    let scaled = match gauge.binding.accumulation() {
        Accumulation::Flow => value.map(|value| value * f64::from(days.days()) / f64::from(window.days())),
        // Distinct users of fewer days say nothing of more days.
        Accumulation::Unique if window.days() != days.days() && !is_rolling(&gauge.binding) => None,
        _ => value,
    };
    Ok(Node { baseline: scaled, baseline_from: Some(window.first), baseline_to: Some(window.last), ..node })
}

/// A note of why a frozen plan changes; none where the plan does not run.
pub(super) fn revision(
    desk: &Desk,
    plan: &Plan,
    node: &Node,
    (field, old, new): (&str, Option<f64>, Option<f64>),
    reason: &str,
) -> Option<crate::domain::plans::Revision> {
    let told = crate::domain::plans::Revision {
        id: -(node.id.abs() + 1),
        node_id: node.id,
        at: desk.now.to_string(),
        actor: desk.actor.to_owned(),
        field: field.to_owned(),
        old,
        new,
        reason: reason.trim().to_owned(),
    };
    (plan.status.is_frozen() && !reason.trim().is_empty()).then_some(told)
}

/// The faults of an order that needs something else first.
pub(super) fn refuse(field: &str, text: impl Into<String>) -> Vec<Fault> {
    vec![rules::fault(field, text)]
}
