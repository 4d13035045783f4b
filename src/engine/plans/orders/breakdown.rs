//! Breaking a node down into parts.

use crate::domain::calendar::Grain;
use crate::domain::operations::OPERATIONS;
use crate::domain::plans::{Book, Curve, Edit, Filter, Node, NodeOp, NodeRole, Plan};
use crate::metrics::binding::Binding;
use crate::metrics::catalog::Accumulation;
use crate::query::{Break, BreakRow, Split};

use super::super::super::ask::Ask;
use super::super::super::view::View;
use super::super::super::{EngineError, series};
use super::super::formulas::{FORMULAS, Formula};
use super::super::measure::{Gauge, refused, segment};
use super::super::windows;
use super::make::{days_of, gauge, refuse, revise, with_baseline};
use super::weeks::from;
use super::{Desk, Made};

/// Parts that a split makes; what is beyond them closes the sum as other.
const MOST: usize = 6;

/// Ways to break a node down.
pub(in super::super) fn breaks(
    view: &mut View,
    book: &Book,
    plan: &Plan,
    node: &Node,
) -> Result<Vec<BreakRow>, EngineError> {
    let mut rows = Vec::new();
    if book.nodes.iter().any(|part| part.parent_id == Some(node.id)) {
        return Ok(rows);
    }
    if let Some(gauge) = gauge(node) {
        for formula in formulas(view, &gauge)? {
            let parts = formula.parts.iter().map(|(_, label, _)| (*label).to_owned()).collect();
            rows.push(BreakRow { how: Break::Formula(formula.id.to_owned()), about: formula.about.to_owned(), parts });
        }
        for (how, split) in
            [(Break::Channel, Split::Channel), (Break::Stream, Split::Stream), (Break::Platform, Split::Platform)]
        {
            let parts = values(view, plan, node, &gauge, split)?;
            if parts.len() > 1 {
                rows.push(BreakRow { about: format!("the largest by {}, the rest as other", how.word()), how, parts });
            }
        }
        let channels = channels_spend(view, plan, node, &gauge)?;
        if !channels.is_empty() {
            let parts = channels.iter().map(|branch| branch.node.label.clone()).collect();
            let about = "the largest channels, each as spend / spend per new user".to_owned();
            rows.push(BreakRow { how: Break::ChannelSpend, about, parts });
        }
        let weeks = weeks(view, plan, node);
        if gauge.binding.accumulation() == Accumulation::Flow && weeks.len() > 1 {
            let parts = weeks.iter().map(|part| part.label.clone()).collect();
            rows.push(BreakRow { how: Break::Week, about: "the weeks of the plan".to_owned(), parts });
        }
    }
    let parts = OPERATIONS.iter().map(|row| row.name.to_owned()).collect();
    rows.push(BreakRow { how: Break::Operation, about: "by operation type, bound later".to_owned(), parts });
    Ok(rows)
}

impl Desk<'_, '_> {
    pub(super) fn break_down(&mut self, id: i64, how: &Break, reason: &str) -> Made {
        let (plan, node) = match self.node(id).and_then(|node| Ok((self.plan(node.plan_id)?, node))) {
            Ok(found) => found,
            Err(faults) => return Ok(Err(faults)),
        };
        if self.book.nodes.iter().any(|part| part.parent_id == Some(id)) {
            return Ok(Err(refuse("node", format!("{} has parts already; remove them first", node.label))));
        }
        let (op, parts) = match self.parts(&plan, &node, how)? {
            Some((op, parts)) if parts.len() > 1 => (op, parts),
            _ => {
                let text = format!(
                    "{} cannot be broken down by {}; `quarterdeck plan decompose {}` lists the ways",
                    node.label,
                    how.word(),
                    plan.id
                );
                return Ok(Err(refuse("by", text)));
            }
        };
        let mut edit = Edit::new(format!("{} broken down by {}", node.label, told(how)));
        edit.set(node.clone(), Node { op, ..node.clone() });
        revise(&mut edit, self, (&plan, &node), ("parts", None, None), reason);
        let mut next = 0;
        for (seq, branch) in (0..).zip(parts) {
            next -= 1;
            let own = next;
            edit.add(with_baseline(self.view, &plan, Node { id: own, parent_id: Some(id), seq, ..branch.node })?);
            for (seq, part) in (0..).zip(branch.parts) {
                next -= 1;
                edit.add(with_baseline(self.view, &plan, Node { id: next, parent_id: Some(own), seq, ..part })?);
            }
        }
        Ok(Ok(edit))
    }

    /// How the parts make the node, and the parts without baselines.
    fn parts(&mut self, plan: &Plan, node: &Node, how: &Break) -> Result<Option<(NodeOp, Vec<Branch>)>, EngineError> {
        let part = |label: String| Node { label, ..Node::new(plan.id, NodeRole::Driver) };
        if *how == Break::Operation {
            let of = |row: &crate::domain::operations::Operation| Node { draft: true, ..part(row.name.to_owned()) };
            return Ok(Some((NodeOp::Sum, OPERATIONS.iter().map(of).map(Branch::from).collect())));
        }
        let Some(gauge) = gauge(node) else { return Ok(None) };
        let copy = |label: String, filter: Filter| Node {
            metric: node.metric.clone(),
            curve: node.curve,
            filter,
            ..part(label)
        };
        Ok(match how {
            Break::Formula(id) => {
                let found = formulas(self.view, &gauge)?.into_iter().find(|formula| formula.id == *id);
                found.map(|formula| (formula.op, formula_parts(formula, node).into_iter().map(Branch::from).collect()))
            }
            Break::Week => (gauge.binding.accumulation() == Accumulation::Flow).then(|| {
                let own = |week: Node| Node {
                    metric: node.metric.clone(),
                    filter: node.filter.clone(),
                    curve: node.curve,
                    ..week
                };
                (NodeOp::Sum, weeks(self.view, plan, node).into_iter().map(own).map(Branch::from).collect())
            }),
            Break::Channel | Break::Platform | Break::Stream => {
                let split = match how {
                    Break::Channel => Split::Channel,
                    Break::Platform => Split::Platform,
                    _ => Split::Stream,
                };
                let names = values(self.view, plan, node, &gauge, split)?;
                let filter = |name: &String| {
                    let mut filter = node.filter.clone();
                    let list = match split {
                        Split::Channel => &mut filter.channels,
                        Split::Platform => &mut filter.platforms,
                        Split::Stream => &mut filter.streams,
                    };
                    *list = vec![name.clone()];
                    copy(name.clone(), filter)
                };
                Some((NodeOp::Sum, names.iter().map(filter).map(Branch::from).collect()))
            }
            Break::ChannelSpend => Some((NodeOp::Sum, channels_spend(self.view, plan, node, &gauge)?)),
            Break::Operation => None,
        })
    }
}

/// The parts that a formula breaks a node down into, without baselines; each is limited as the node is.
pub(super) fn formula_parts(formula: &Formula, node: &Node) -> Vec<Node> {
    let phased = node.curve == Curve::Phase;
    let part = |(metric, label, minus): &(&str, &str, bool)| Node {
        metric: Some((*metric).to_owned()),
        label: (*label).to_owned(),
        sign: if *minus { -1 } else { 1 },
        filter: node.filter.clone(),
        curve: Binding::parse(metric).map_or(node.curve, |binding| binding.usual_curve(phased)),
        start: node.start,
        finish: node.finish,
        ..Node::new(node.plan_id, NodeRole::Driver)
    };
    formula.parts.iter().map(part).collect()
}

/// A part of a node, and what it is made of itself.
struct Branch {
    node: Node,
    parts: Vec<Node>,
}

impl From<Node> for Branch {
    fn from(node: Node) -> Self {
        Self { node, parts: Vec::new() }
    }
}

/// Formulas of what a node measures whose parts can be limited as it is and, where they are daily facts, are there.
fn formulas(view: &mut View, gauge: &Gauge) -> Result<Vec<&'static Formula>, EngineError> {
    let id = if let Binding::Metric(metric) = gauge.binding { metric.id } else { "" };
    let mut fit = Vec::new();
    'formulas: for formula in FORMULAS.iter().filter(|formula| formula.of == id) {
        for (metric, _, _) in formula.parts {
            let Ok(binding) = Binding::parse(metric) else { continue 'formulas };
            let part = Gauge { binding, filter: gauge.filter.clone() };
            let is_refused = refused(&part.binding, &part.filter).is_some();
            if is_refused || (part.binding.has_fact() && part.known(view)?.is_none()) {
                continue 'formulas;
            }
        }
        fit.push(formula);
    }
    Ok(fit)
}

/// The channels of new users, each on which something was spent as spend over what a new user costs there; empty where
/// nothing was spent.
fn channels_spend(view: &mut View, plan: &Plan, node: &Node, gauge: &Gauge) -> Result<Vec<Branch>, EngineError> {
    let is_new = matches!(gauge.binding, Binding::Metric(metric) if metric.id == "new_users");
    if !is_new || !gauge.filter.platforms.is_empty() {
        return Ok(Vec::new());
    }
    let mut branches = Vec::new();
    for channel in values(view, plan, node, gauge, Split::Channel)? {
        let filter = Filter { channels: vec![channel.clone()], ..Filter::default() };
        let part = |metric: &str, label: &str| Node {
            metric: Some(metric.to_owned()),
            label: label.to_owned(),
            filter: filter.clone(),
            start: node.start,
            finish: node.finish,
            ..Node::new(plan.id, NodeRole::Driver)
        };
        let spend = Node { curve: node.curve, ..part("spend", "Spend") };
        let whole = Node { curve: node.curve, ..part("new_users", &channel) };
        let costs = with_baseline(view, plan, spend.clone())?.baseline.is_some_and(|spend| spend > 0.0);
        branches.push(if costs {
            let price = Node { sign: -1, ..part("spend/new_users", "CPA") };
            Branch { node: Node { op: NodeOp::Ratio, ..whole }, parts: vec![spend, price] }
        } else {
            whole.into()
        });
    }
    if branches.iter().all(|branch| branch.parts.is_empty()) {
        branches.clear();
    }
    Ok(branches)
}

/// A way to break a node down in words.
fn told(how: &Break) -> String {
    match how {
        Break::Formula(id) => {
            FORMULAS.iter().find(|formula| formula.id == *id).map_or(id.as_str(), |formula| formula.about).to_owned()
        }
        other => other.word().replace('_', " "),
    }
}

/// The values of a split by which a number that adds up is the largest in the baseline window.
fn values(view: &mut View, plan: &Plan, node: &Node, gauge: &Gauge, split: Split) -> Result<Vec<String>, EngineError> {
    let Binding::Metric(metric) = gauge.binding else { return Ok(Vec::new()) };
    let limits = [
        (Split::Channel, metric.by_channel, gauge.filter.channels.is_empty()),
        (Split::Platform, metric.by_platform, gauge.filter.platforms.is_empty()),
        (Split::Stream, metric.by_stream, gauge.filter.streams.is_empty()),
    ];
    // Distinct users of two parts may be the same, except by their first channel.
    let adds = gauge.binding.accumulation() == Accumulation::Flow || split == Split::Channel;
    let can = limits.iter().any(|(by, has, open)| *by == split && *has && *open);
    let window = gauge.known(view)?.and_then(|known| windows::baseline(days_of(plan, node), plan.span(), known));
    let (true, true, Some(window)) = (can, adds && gauge.binding.accumulation() != Accumulation::Ratio, window) else {
        return Ok(Vec::new());
    };
    let whole = Ask::of(metric, &segment(&gauge.filter));
    let mut sized = Vec::new();
    for (name, ask) in series::parts(view, &whole, split)? {
        let value = series::value(view, &ask, window)?.value().unwrap_or(0.0);
        // What belongs to nobody in particular has no name that a filter could take.
        if value > 0.0 && ask.part != super::super::super::ask::Part::NoUser {
            sized.push((value, name));
        }
    }
    sized.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    Ok(sized.into_iter().take(MOST).map(|(_, name)| name).collect())
}

/// The weeks of a node, cut to its days.
fn weeks(view: &View, plan: &Plan, node: &Node) -> Vec<Node> {
    let days = days_of(plan, node);
    let cut = view.calendar.buckets(Grain::Week, days).into_iter().filter_map(|week| week.intersect(days));
    let week = |(n, span): (usize, crate::domain::calendar::Span)| Node {
        start: Some(span.first),
        finish: Some(span.last),
        label: format!("Week {} {}", n + 1, from(span.first)),
        ..Node::new(plan.id, NodeRole::Driver)
    };
    cut.enumerate().map(week).collect()
}
