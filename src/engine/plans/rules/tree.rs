//! Target trees: what is measured, what adds up, and what a frozen plan lets change.

use crate::domain::plans::{Book, Change, Edit, Node, NodeOp, NodeRole, Plan, Record};
use crate::domain::tree::Tree;
use crate::metrics::amount::full;
use crate::metrics::binding::Binding;
use crate::metrics::catalog::{Direction, Unit};
use crate::metrics::planning::evaluate;
use crate::query::Fault;

use super::super::measure::refused;
use super::fault;

/// Deepest tree and most parts that are still easy to read.
const DEEPEST: usize = 4;
const MOST_PARTS: usize = 7;

/// Share of a target by which its parts may miss it.
const SLACK: f64 = 0.005;
/// Largest value of a target, in whole units.
const LARGEST: f64 = 1e15;
/// Largest rate that can be meant: 10,000 %.
pub(in crate::engine::plans) const LARGEST_RATE: f64 = 100.0;

/// What of a node cannot be.
pub(super) fn of_node(after: &Book, node: &Node, found: &mut Vec<Fault>) {
    let of = |field: &str| if node.label.is_empty() { field.to_owned() } else { format!("{field} of {}", node.label) };
    if node.label.trim().is_empty() {
        found.push(fault("label", "is empty; name the target"));
    }
    let binding = node.metric.as_deref().map(Binding::parse);
    match &binding {
        Some(Err(why)) => found.push(fault(of("metric"), why)),
        Some(Ok(binding)) => {
            if let Some(why) = refused(binding, &node.filter) {
                found.push(fault(of("filter"), why));
            }
        }
        None if node.op == NodeOp::Leaf && !node.draft => {
            found.push(fault(of("metric"), "a leaf is measured; name a metric, or leave it a draft"));
        }
        None => {}
    }
    numbers(node, binding.and_then(Result::ok).as_ref(), &of, found);
    place(after, node, &of, found);
    if !(node.weight.is_finite() && (0.0..=1000.0).contains(&node.weight)) {
        found.push(fault(of("weight"), format!("{} is none; give 0 to 1000", node.weight)));
    }
}

fn numbers(node: &Node, binding: Option<&Binding>, of: &dyn Fn(&str) -> String, found: &mut Vec<Fault>) {
    let unit = binding.map_or(Unit::Times, Binding::unit);
    let scale = if matches!(unit, Unit::Money | Unit::MoneyPer) { 1e6 } else { 1.0 };
    let named = [("floor", node.floor), ("target", node.target), ("stretch", node.stretch), ("cap", node.cap)];
    for (field, value) in named.into_iter().filter_map(|(field, value)| value.map(|value| (field, value))) {
        if !value.is_finite() || value.abs() / scale > LARGEST {
            found.push(fault(of(field), "is no number that can be meant"));
        } else if unit == Unit::Rate && value > LARGEST_RATE {
            found.push(fault(of(field), format!("{:.0}% cannot be meant; type 2.5% or 0.025", value * 100.0)));
        } else if let Some(why) = binding.and_then(|binding| binding.refuses(value)) {
            found.push(fault(of(field), why));
        }
    }
    let better = |a: f64, b: f64| if binding.map(Binding::direction) == Some(Direction::Down) { a < b } else { a > b };
    let pairs = [("floor", node.floor, node.target), ("stretch", node.target, node.stretch)];
    for (field, less, more) in pairs {
        if less.zip(more).is_some_and(|(less, more)| better(less, more)) {
            found.push(fault(of(field), "floor, target and stretch must not get worse in this order"));
        }
    }
    if let Some((first, last)) = node.start.zip(node.finish)
        && last < first
    {
        found.push(fault(of("finish"), format!("{last} is before start {first}")));
    }
}

/// Where a node stands in its tree.
fn place(after: &Book, node: &Node, of: &dyn Fn(&str) -> String, found: &mut Vec<Fault>) {
    let parts: Vec<&Node> = after.nodes.iter().filter(|part| part.parent_id == Some(node.id)).collect();
    if node.op == NodeOp::Leaf && !parts.is_empty() {
        found.push(fault(of("op"), "a leaf has no parts; make it a sum, product or ratio"));
    }
    if node.op == NodeOp::Ratio && !parts.is_empty() && parts.iter().all(|part| part.sign < 0) {
        found.push(fault(of("op"), "a ratio needs a numerator; free one part of its sign"));
    }
    if node.op == NodeOp::Product && parts.iter().any(|part| part.sign < 0) {
        found.push(fault(of("op"), "a product has no part that is taken away; make it a ratio"));
    }
    let Some(plan) = after.plan(node.plan_id) else {
        found.push(fault(of("plan"), "there is no such plan"));
        return;
    };
    if let Some((first, last)) = node.start.zip(node.finish)
        && (first < plan.start || last > plan.finish)
    {
        found.push(fault(of("start"), format!("lies outside the plan, {} to {}", plan.start, plan.finish)));
    }
    match node.parent_id {
        None if node.role == NodeRole::Primary => {
            let others = after.nodes.iter().filter(|other| other.plan_id == node.plan_id && other.id != node.id);
            if others.into_iter().any(|other| other.parent_id.is_none() && other.role == NodeRole::Primary) {
                found.push(fault(of("role"), "the plan has a primary already; make this a guardrail or an influence"));
            }
        }
        None => {
            if node.role == NodeRole::Driver {
                found.push(fault(of("role"), "a driver is a part of something; put it under a node"));
            }
        }
        Some(parent) => under(after, node, parent, of, found),
    }
}

fn under(after: &Book, node: &Node, parent: i64, of: &dyn Fn(&str) -> String, found: &mut Vec<Fault>) {
    if node.role != NodeRole::Driver {
        found.push(fault(of("role"), format!("a {} stands at the top, not under a node", node.role.word())));
    }
    match after.node(parent) {
        Some(above) if above.plan_id == node.plan_id => {
            if above.op == NodeOp::Leaf {
                found.push(fault(of("parent"), format!("{} is a leaf; a leaf has no parts", above.label)));
            }
        }
        _ => found.push(fault(of("parent"), "there is no such node in the plan")),
    }
    let (mut at, mut steps) = (Some(parent), 0);
    while let Some(above) = at.and_then(|id| after.node(id)) {
        if above.id == node.id || steps > after.nodes.len() {
            found.push(fault(of("parent"), "it would be a part of itself"));
            return;
        }
        (at, steps) = (above.parent_id, steps + 1);
    }
}

/// Fields of a node that a running plan changes with a reason only.
fn is_target(before: &Node, after: &Node) -> bool {
    let free = Node {
        owner: before.owner.clone(),
        label: before.label.clone(),
        locked: before.locked,
        weight: before.weight,
        seq: before.seq,
        ..after.clone()
    };
    free != *before
}

/// Whether an edit takes a plan away as a whole, or changes its status in the same action.
pub(super) fn turns(edit: &Edit, plan: &Plan) -> bool {
    edit.changes.iter().any(|change| {
        matches!(&change.before, Some(Record::Plan(one)) if one.id == plan.id)
            && !matches!(&change.after, Some(Record::Plan(one)) if one.status == plan.status)
    })
}

/// Whether an edit says why a plan changes.
pub(super) fn has_reason(book: &Book, edit: &Edit, plan: &Plan) -> bool {
    let mine = |id: i64| book.node(id).is_some_and(|node| node.plan_id == plan.id);
    edit.changes.iter().any(|change| matches!(&change.after, Some(Record::Revision(one)) if mine(one.node_id)))
}

/// What a plan that runs or is over does not let happen.
pub(super) fn of_frozen(book: &Book, edit: &Edit, change: &Change, found: &mut Vec<Fault>) {
    let node = match (&change.before, &change.after) {
        (Some(Record::Node(before)), Some(Record::Node(after))) if !is_target(before, after) => return,
        (Some(Record::Node(node)), _) | (None, Some(Record::Node(node))) => node,
        _ => return,
    };
    let Some(plan) = book.plan(node.plan_id) else { return };
    if turns(edit, plan) {
        return;
    }
    let field = format!("target of {}", node.label);
    if plan.status.is_over() {
        let text = format!("the plan is {}; its tree is kept as it was, make the next round", plan.status.word());
        found.push(fault(field, text));
        return;
    }
    if !plan.status.is_frozen() {
        return;
    }
    let is_asked = found.iter().any(|fault| fault.field == "reason");
    if !has_reason(book, edit, plan) && !is_asked {
        found.push(fault("reason", format!("{} runs; say why {} changes", plan.title, node.label)));
    }
    if let (Some(Record::Node(before)), Some(Record::Node(after))) = (&change.before, &change.after)
        && before.baseline.is_some()
        && before.baseline != after.baseline
    {
        found.push(fault(format!("baseline of {}", node.label), "it is frozen while the plan runs"));
    }
}

/// What the targets of the parts come to, where that is another than the target of their node.
pub(in crate::engine::plans) fn unmatched(book: &Book, node: &Node) -> Option<f64> {
    let parts: Vec<&Node> = book.nodes.iter().filter(|part| part.parent_id == Some(node.id)).collect();
    let of = |pick: fn(&Node) -> Option<f64>| {
        let mut tree = Tree::new(node.op);
        for part in &parts {
            tree.add(0, NodeOp::Leaf, part.sign < 0);
        }
        let values: Vec<Option<f64>> = std::iter::once(None).chain(parts.iter().map(|part| pick(part))).collect();
        evaluate::values(&tree, &values).first().copied().flatten().zip(pick(node))
    };
    let differs = |(parts, whole): (f64, f64)| (parts - whole).abs() > SLACK * whole.abs();
    let (come_to, _) = of(|node| node.target).filter(|pair| !parts.is_empty() && differs(*pair))?;
    // What a measured sum has beyond its parts has a target too, that of what they leave over; a day is in a part or is
    // not, and what its days gave before says nothing of that.
    let by_days = parts.iter().all(|part| part.has_own_days());
    let leaves_over = !by_days && of(|node| node.baseline).is_none_or(differs);
    let has_other = node.op == NodeOp::Sum && node.metric.is_some() && leaves_over;
    (!has_other).then_some(come_to)
}

/// Nodes of an edit whose parts come to another target: what is typed step by step is proposed anew, but a file is whole.
pub(in crate::engine::plans) fn unmatched_faults(book: &Book, edit: &Edit) -> Vec<Fault> {
    let after = book.after(edit);
    let nodes = edit.changes.iter().filter_map(|change| match &change.after {
        Some(Record::Node(node)) => Some(node),
        _ => None,
    });
    let told = nodes.filter_map(|node| Some((node, unmatched_words(&after, node)?)));
    told.map(|(node, words)| fault(format!("target of {}", node.label), format!("{words}; write what goes together")))
        .collect()
}

/// The same in words.
fn unmatched_words(book: &Book, node: &Node) -> Option<String> {
    let parts = unmatched(book, node)?;
    let unit = node.metric.as_deref().map_or_else(|| unit_of_parts(book, node), Binding::unit_of);
    let (parts, whole) = (full(Some(parts), unit), full(node.target, unit));
    Some(format!("the parts of {} come to {parts}, its target is {whole}", node.label))
}

/// The unit of a node that nothing measures, as its first part that is measured has it.
fn unit_of_parts(book: &Book, node: &Node) -> Unit {
    let mut parts = book.nodes.iter().filter(|part| part.parent_id == Some(node.id));
    let metric = parts.find_map(|part| part.metric.as_deref());
    metric.filter(|_| node.op == NodeOp::Sum).map_or(Unit::Times, Binding::unit_of)
}

/// What is unwise or missing in a tree.
pub(super) fn warnings(book: &Book, plan: &Plan) -> Vec<String> {
    let mut told = Vec::new();
    match book.primary(plan.id) {
        None => told.push("it has no primary target".to_owned()),
        Some(primary) if primary.target.is_none() => told.push(format!("{} has no target", primary.label)),
        Some(_) => {}
    }
    for node in book.tree(plan.id) {
        told.extend(unmatched_words(book, node).map(|words| format!("{words}; p proposes anew")));
        let parts = book.nodes.iter().filter(|part| part.parent_id == Some(node.id)).count();
        if parts > MOST_PARTS {
            told.push(format!("{} has {parts} parts; more than {MOST_PARTS} are hard to read", node.label));
        }
        let depth = book.above(node).len() + 1;
        if depth > DEEPEST {
            told.push(format!("{} lies {depth} deep; more than {DEEPEST} is hard to read", node.label));
        }
        if node.draft && node.op == NodeOp::Leaf {
            told.push(format!("{} is not bound to a metric yet", node.label));
        }
        if node.op != NodeOp::Leaf && parts == 0 {
            told.push(format!("{} has no parts yet", node.label));
        }
    }
    told
}
