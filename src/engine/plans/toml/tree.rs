//! Target trees of a file.

use crate::domain::plans::{Curve, Node, NodeOp, NodeRole, Plan};
use crate::metrics::binding::Binding;
use crate::metrics::catalog::Unit;

use super::super::rules::LARGEST_RATE;
use super::filter;
use super::sheet::{Fields, Sheet};

/// Deepest tree that is read at all; what is only hard to read is told by whoever stores it.
const DEEPEST: usize = 16;

/// What decides whether the numbers of a node are money. A parent stands before its parts.
pub(super) struct Shape {
    pub parent: Option<usize>,
    pub op: NodeOp,
    pub minus: bool,
    /// Unit of what measures it, where anything does.
    pub unit: Option<Unit>,
}

/// A node of which only the place is known yet.
struct Draft<'a, 't> {
    own: Fields<'a, 't>,
    shape: Shape,
    seq: i64,
    bound: Option<Binding>,
    metric: Option<String>,
    unbound: bool,
}

/// The nodes of a file, and the names that tasks may use for them.
pub(super) struct Nodes {
    pub all: Vec<Node>,
    names: Vec<Option<String>>,
}

impl Nodes {
    /// The node of an id, else of a label that only one has.
    pub fn find(&self, name: &str) -> Result<i64, String> {
        if let Some(at) = self.names.iter().position(|own| own.as_deref() == Some(name)) {
            return Ok(self.all[at].id);
        }
        let mut named = self.all.iter().filter(|node| node.label == name);
        match (named.next(), named.next()) {
            (Some(node), None) => Ok(node.id),
            (Some(_), Some(_)) => {
                Err(format!("\"{name}\" is more than one node; give the one meant an id and name that"))
            }
            (None, _) => Err(format!("no node is called \"{name}\"; write its label or its id")),
        }
    }
}

/// All nodes, a parent before its parts.
pub(super) fn read(list: Vec<Fields>, (plan, has_phases): (&Plan, bool), sheet: &mut Sheet) -> Nodes {
    let mut drafts = Vec::new();
    places(list, (None, 1), &mut drafts, sheet);
    let money = money(&drafts.iter().map(|draft| &draft.shape).collect::<Vec<_>>());
    let mut nodes = Nodes { all: Vec::new(), names: Vec::new() };
    for (at, (draft, is_money)) in drafts.into_iter().zip(money).enumerate() {
        let (name, node) = node(draft, (at, is_money), (plan, has_phases), &nodes, sheet);
        nodes.names.push(name);
        nodes.all.push(node);
    }
    nodes
}

/// Notes the place of every node of a list, and of their parts.
fn places<'a, 't>(
    list: Vec<Fields<'a, 't>>,
    (parent, depth): (Option<usize>, usize),
    drafts: &mut Vec<Draft<'a, 't>>,
    sheet: &mut Sheet,
) {
    for (seq, mut own) in (0..).zip(list) {
        let parts = own.list(sheet, "part");
        let op = own.word(sheet, "op", NodeOp::ALL, NodeOp::word);
        let metric = own.text(sheet, "metric");
        let bound = metric.as_deref().map(Binding::parse);
        if let Some(Err(why)) = &bound {
            own.fault(sheet, "metric", why);
        }
        let bound = bound.and_then(Result::ok);
        let minus = own.flag(sheet, "minus");
        let unbound = own.flag(sheet, "draft");
        let is_op_known = op.is_some() || own.has("op");
        match (op.unwrap_or(NodeOp::Leaf), parts.is_empty()) {
            (NodeOp::Leaf, false) if !is_op_known => {
                own.missing(sheet, "op", "sum, product or ratio: how the parts make it");
            }
            (NodeOp::Leaf, false) if op.is_some() => {
                own.fault(sheet, "op", "a leaf has no parts; make it a sum, product or ratio");
            }
            (NodeOp::Leaf, true) if !own.has("metric") && !unbound => {
                own.missing(sheet, "metric", "what measures it, or `draft = true` until that is known");
            }
            (NodeOp::Sum | NodeOp::Product | NodeOp::Ratio, true) => {
                own.fault(sheet, "op", "it has no parts; add a [[target.part]] below it, or leave op out");
            }
            _ => {}
        }
        let at = drafts.len();
        let shape = Shape { parent, op: op.unwrap_or(NodeOp::Leaf), minus, unit: bound.as_ref().map(Binding::unit) };
        let deep = depth >= DEEPEST && !parts.is_empty();
        if deep {
            own.fault(sheet, "part", format!("is more than {DEEPEST} levels deep; make a plan of its own of it"));
        }
        drafts.push(Draft { own, shape, seq, bound, metric, unbound });
        if !deep {
            places(parts, (Some(at), depth + 1), drafts, sheet);
        }
        check_parts(at, drafts, sheet);
    }
}

/// What the parts of a node cannot be together.
fn check_parts(at: usize, drafts: &[Draft], sheet: &mut Sheet) {
    let parts: Vec<&Draft> = drafts.iter().filter(|draft| draft.shape.parent == Some(at)).collect();
    let (above, minus) = (&drafts[at], parts.iter().filter(|part| part.shape.minus).count());
    match above.shape.op {
        NodeOp::Ratio if !parts.is_empty() && minus == 0 => {
            above.own.fault(sheet, "op", "a ratio needs a denominator; mark the part that divides with minus = true");
        }
        NodeOp::Ratio if !parts.is_empty() && minus == parts.len() => {
            above.own.fault(sheet, "op", "a ratio needs a numerator; leave minus out of one part");
        }
        NodeOp::Product => {
            for part in parts.iter().filter(|part| part.shape.minus) {
                part.own.fault(sheet, "minus", "nothing of a product is taken away; make it a ratio");
            }
        }
        _ => {}
    }
}

/// Which nodes hold money: by what measures them, else by their parts; a part that nothing is known of is as its sum.
pub(super) fn money(shapes: &[&Shape]) -> Vec<bool> {
    let is_money = |unit: Unit| matches!(unit, Unit::Money | Unit::MoneyPer);
    let mut known: Vec<Option<bool>> = shapes.iter().map(|shape| shape.unit.map(is_money)).collect();
    for at in (0..shapes.len()).rev().filter(|at| shapes[*at].unit.is_none()) {
        let parts = || (at + 1..shapes.len()).filter(|part| shapes[*part].parent == Some(at));
        let any = |minus: bool| parts().any(|part| shapes[part].minus == minus && known[part] == Some(true));
        let first = parts().find_map(|part| known[part]);
        known[at] = first.map(|first| match shapes[at].op {
            NodeOp::Leaf | NodeOp::Sum => first,
            NodeOp::Product => any(false) || any(true),
            NodeOp::Ratio => any(false) && !any(true),
        });
    }
    for at in 0..shapes.len() {
        let above = shapes[at].parent.filter(|above| shapes[*above].op == NodeOp::Sum);
        known[at] = known[at].or_else(|| above.and_then(|above| known[above])).or(Some(false));
    }
    known.into_iter().map(|known| known == Some(true)).collect()
}

fn node(
    draft: Draft,
    (at, is_money): (usize, bool),
    (plan, has_phases): (&Plan, bool),
    before: &Nodes,
    sheet: &mut Sheet,
) -> (Option<String>, Node) {
    let Draft { mut own, shape, seq, bound, metric, unbound } = draft;
    let name = own.text(sheet, "id");
    if name.is_some() && before.names.contains(&name) {
        own.fault(sheet, "id", "is that of another node too; give each its own");
    }
    let role = role(&mut own, &shape, before, sheet);
    let unit = shape.unit.unwrap_or(if is_money { Unit::Money } else { Unit::Times });
    let mut number = |own: &mut Fields, key| value(own, (key, unit, is_money), sheet);
    let (floor, target) = (number(&mut own, "floor"), number(&mut own, "target"));
    let (stretch, cap) = (number(&mut own, "stretch"), number(&mut own, "cap"));
    let baseline = own.number(sheet, "baseline", is_money);
    let (start, finish) = (own.day(sheet, "start"), own.day(sheet, "finish"));
    own.in_order(sheet, start.zip(finish));
    own.within(sheet, plan.span(), (start, finish));
    let node = Node {
        id: -(at as i64 + 1),
        plan_id: plan.id,
        parent_id: shape.parent.map(|parent| -(parent as i64 + 1)),
        seq,
        op: shape.op,
        sign: if shape.minus { -1 } else { 1 },
        role,
        draft: unbound,
        metric,
        filter: filter(&mut own, sheet),
        start,
        finish,
        baseline,
        baseline_from: own.day(sheet, "baseline_from"),
        baseline_to: own.day(sheet, "baseline_to"),
        floor,
        target,
        stretch,
        cap,
        weight: own.share(sheet, "weight", 1.0),
        locked: own.flag(sheet, "locked"),
        curve: own
            .word(sheet, "curve", Curve::ALL, Curve::word)
            .unwrap_or_else(|| bound.map_or(Curve::Linear, |bound| bound.usual_curve(has_phases))),
        owner: own.text(sheet, "owner").unwrap_or_default(),
        label: own.name(sheet, "label").unwrap_or_default(),
    };
    own.refuse_others(sheet);
    (name, node)
}

/// The top is a primary, a guardrail or an influence; everything below it is a driver.
fn role(own: &mut Fields, shape: &Shape, before: &Nodes, sheet: &mut Sheet) -> NodeRole {
    let told = own.word(sheet, "role", NodeRole::ALL, NodeRole::word);
    let role = told.unwrap_or(if shape.parent.is_none() { NodeRole::Primary } else { NodeRole::Driver });
    let is_top = |node: &crate::domain::plans::Node| node.parent_id.is_none() && node.role == NodeRole::Primary;
    match (shape.parent, role) {
        (None, NodeRole::Driver) => {
            own.fault(sheet, "role", "a driver is a part of something; make it a [[target.part]] there");
        }
        (None, NodeRole::Primary) if before.all.iter().any(is_top) => {
            own.fault(sheet, "role", "the plan has a primary already; make this a guardrail or an influence");
        }
        (Some(_), NodeRole::Primary | NodeRole::Guardrail | NodeRole::Influence) => {
            let why = format!("a {} stands at the top, not under a node; make it a [[target]]", role.word());
            own.fault(sheet, "role", why);
        }
        _ => {}
    }
    role
}

/// A number that its unit can have.
fn value(own: &mut Fields, (key, unit, is_money): (&'static str, Unit, bool), sheet: &mut Sheet) -> Option<f64> {
    let value = own.number(sheet, key, is_money)?;
    if unit == Unit::Rate && value > LARGEST_RATE {
        own.fault(
            sheet,
            key,
            format!("{value} is {:.0} %; a rate is a fraction, write 0.025 for 2.5 %", value * 100.0),
        );
    } else if let Some(why) = unit.refuses(value) {
        own.fault(sheet, key, why);
    }
    Some(value)
}
