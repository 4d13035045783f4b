//! Trees: their values, proposals for their parts, and why there is a gap.

use quarterdeck::domain::plans::NodeOp;
use quarterdeck::domain::tree::Tree;
use quarterdeck::metrics::catalog::{Accumulation, Direction};
use quarterdeck::metrics::planning::closing::{self as lever, Ability};
use quarterdeck::metrics::planning::evaluate::{self as worth, Rows};
use quarterdeck::metrics::planning::propose::{self as proposal, Lack, Mode, Wish};
use quarterdeck::metrics::planning::reach::reach;
use quarterdeck::metrics::planning::to_date::{Line, to_date};
use quarterdeck::metrics::planning::{Thresholds, blame as gap};
use serde_json::{Value, json};

use super::super::case::{Read, choice, failed, flag, only, text};
use super::{accumulation, direction, elements, needed, number, numbers, object};

/// A tree of a case: nodes as they are written, beside those they became.
struct Planted<'c> {
    tree: Tree,
    nodes: Vec<&'c Value>,
    ids: Vec<&'c str>,
}

impl<'c> Planted<'c> {
    /// Reads `tree`; its nodes may have these fields besides those of every node.
    fn read(params: &'c Value, fields: &[&str]) -> Read<Self> {
        let top = &params["tree"];
        let mut planted = Self { tree: Tree::new(op(top)?), nodes: vec![top], ids: Vec::new() };
        planted.grow(0, top, &[&["id", "op", "sign", "children"], fields].concat())?;
        Ok(planted)
    }

    fn grow(&mut self, at: usize, node: &'c Value, known: &[&str]) -> Read<()> {
        only(node, "tree", known)?;
        let id = text(node, "id")?.unwrap_or_default();
        if id.is_empty() || self.ids.contains(&id) {
            return failed(format!("a node's id {id:?} is no id of its own"));
        }
        self.ids.push(id);
        for child in elements(node, "children")? {
            let minus = match number(child, "sign")? {
                None | Some(1.0) => false,
                Some(-1.0) => true,
                Some(sign) => return failed(format!("sign {sign}")),
            };
            let Some(number) = self.tree.add(at, op(child)?, minus) else { return failed("a leaf has children") };
            self.nodes.push(child);
            self.grow(number, child, known)?;
        }
        Ok(())
    }

    /// A number of each node.
    fn all(&self, key: &str) -> Read<Vec<Option<f64>>> {
        self.nodes.iter().map(|node| number(node, key)).collect()
    }

    /// An object by id, of the nodes that have something.
    fn by_id(&self, of: impl Fn(usize) -> Option<Value>) -> Value {
        object(self.ids.iter().enumerate().filter_map(|(at, id)| Some(((*id).to_owned(), of(at)?))))
    }
}

fn op(node: &Value) -> Read<NodeOp> {
    if text(node, "op")?.is_none() {
        return failed("a node without an op");
    }
    choice(
        node,
        "op",
        &[("leaf", NodeOp::Leaf), ("sum", NodeOp::Sum), ("product", NodeOp::Product), ("ratio", NodeOp::Ratio)],
    )
}

pub fn evaluate(params: &Value) -> Read<Value> {
    only(params, "", &["tree"])?;
    let planted = Planted::read(params, &["value", "accum", "days", "num", "den", "measured"])?;
    let leaves = planted.nodes.iter().map(|node| leaf(node)).collect::<Read<Vec<_>>>()?;
    let got = worth::evaluate(&planted.tree, &leaves, &planted.all("measured")?);
    let node = |at: usize| {
        let check = got[at].check;
        Some(json!({
            "value": got[at].value,
            "computed": check.map(|c| c.computed),
            "residual": check.map(|c| c.residual),
            "mismatch": check.map(|c| c.mismatch),
            "other": check.and_then(|c| c.other),
        }))
    };
    Ok(json!({ "value": got[0].value, "nodes": planted.by_id(node) }))
}

/// The value of a leaf, as it is or from daily rows.
fn leaf(node: &Value) -> Read<Option<f64>> {
    if node["accum"].is_null() {
        only(node, "rows without accum", &["id", "op", "sign", "children", "value", "measured"])?;
        return number(node, "value");
    }
    let days = numbers(node, "days")?;
    Ok(match accumulation(node)? {
        Accumulation::Flow => worth::period_value(Rows::Flow(&days)),
        Accumulation::Level => worth::period_value(Rows::Level(&days)),
        Accumulation::Ratio => worth::period_value(Rows::Ratio(&numbers(node, "num")?, &numbers(node, "den")?)),
        Accumulation::Unique => return failed("daily rows of what is never added"),
    })
}

pub fn propose(params: &Value) -> Read<Value> {
    only(params, "", &["tree", "target", "mode", "integers"])?;
    let fields = ["baseline", "weight", "locked", "target", "cap", "history", "direction"];
    let planted = Planted::read(params, &fields)?;
    let whole = flag(params, "integers", Some(false))?;
    let wish = |node: &&Value| {
        Ok(Wish {
            baseline: number(node, "baseline")?,
            weight: number(node, "weight")?.unwrap_or(1.0),
            locked: flag(node, "locked", Some(false))?,
            target: number(node, "target")?,
            cap: number(node, "cap")?,
            whole,
        })
    };
    let wishes = planted.nodes.iter().map(wish).collect::<Read<Vec<_>>>()?;
    let mode = choice(params, "mode", &[("share", Mode::Share), ("weight", Mode::Weight)])?;
    let got = proposal::propose(&planted.tree, &wishes, needed(params, "target")?, mode);
    let problem = got.problems.first().map(|problem| {
        let kind = match problem.lack {
            Lack::Factor(_) => "factor",
            Lack::Residual(_) => "residual",
            Lack::NoUplift => "no_uplift",
        };
        json!({ "node": planted.ids[problem.node], "kind": kind, "amount": problem.lack.amount() })
    });
    let mut stretch = vec![None; planted.nodes.len()];
    for (at, node) in planted.nodes.iter().enumerate() {
        let (history, direction) = (numbers(node, "history")?, direction(node)?);
        let found = got.targets[at].and_then(|t| reach(t, &history, direction, &Thresholds::default()));
        stretch[at] = found.map(|found| found.stretch);
    }
    Ok(json!({
        "feasible": problem.is_none(),
        "targets": planted.by_id(|at| (at > 0).then(|| json!(got.targets[at]))),
        "stretch": planted.by_id(|at| stretch[at].map(Value::from)),
        "problem": problem,
    }))
}

pub fn blame(params: &Value) -> Read<Value> {
    let answer: fn(&Value) -> Read<Value> = choice(params, "kind", &[("full", full as _), ("to_date", running as _)])?;
    answer(params)
}

fn full(params: &Value) -> Read<Value> {
    only(params, "", &["kind", "tree"])?;
    let planted = Planted::read(params, &["target", "actual"])?;
    Ok(blamed(&planted, &gap::blame(&planted.tree, &planted.all("target")?, &planted.all("actual")?)))
}

fn running(params: &Value) -> Read<Value> {
    only(params, "", &["kind", "tree", "E", "W"])?;
    let planted = Planted::read(params, &["target", "actual", "accum", "line", "baseline", "direction", "E", "W"])?;
    let lines = planted.nodes.iter().map(|node| line(node)).collect::<Read<Vec<_>>>()?;
    let (target, actual) = (planted.all("target")?, planted.all("actual")?);
    let got = to_date(&planted.tree, &target, &actual, &lines, share(params)?);
    let leaves: Vec<_> = planted.tree.leaves().collect();
    let mut told = blamed(&planted, &got.blame);
    told["lines"] = planted.by_id(|at| leaves.contains(&at).then(|| json!(got.lines[at])));
    told["own_line"] = json!(got.own_line);
    told["residual"] = json!(got.residual);
    Ok(told)
}

fn blamed(planted: &Planted, got: &gap::Blame) -> Value {
    let parts = got.contributions.as_ref().map(|parts| planted.by_id(|at| Some(json!(parts[at]))));
    json!({ "from": got.from, "to": got.to, "gap": got.gap, "contributions": parts })
}

/// Elapsed over whole weight.
fn share(params: &Value) -> Read<Option<f64>> {
    let weights = number(params, "E")?.zip(number(params, "W")?);
    Ok(weights.filter(|(_, whole)| *whole != 0.0).map(|(elapsed, whole)| elapsed / whole))
}

/// The line of a leaf; none for other nodes.
fn line(node: &Value) -> Read<Option<Line>> {
    if op(node)? != NodeOp::Leaf {
        return Ok(None);
    }
    let share = share(node)?;
    if accumulation(node)? == Accumulation::Flow {
        return Ok(share.map(Line::Part));
    }
    if choice(node, "line", &[("target", true), ("glide", false)])? {
        return Ok(Some(Line::Flat));
    }
    Ok(share.zip(number(node, "baseline")?).map(|(share, baseline)| Line::Glide { baseline, share }))
}

pub fn closing(params: &Value) -> Read<Value> {
    only(params, "", &["tree"])?;
    let planted = Planted::read(params, &["target", "actual", "best", "direction", "cap"])?;
    let got = lever::closing(&planted.tree, &planted.all("target")?, &planted.all("actual")?);
    let (best, caps) = (planted.all("best")?, planted.all("cap")?);
    let directions = planted.nodes.iter().map(|node| direction(node)).collect::<Read<Vec<Direction>>>()?;
    let leaves: Vec<_> = planted.tree.leaves().collect();
    let leaf = |at: usize| {
        let ability = best[at].map(|best| Ability { best, direction: directions[at], cap: caps[at] });
        let reachable = ability.map(|ability| ability.reaches(got.alone[at]));
        leaves.contains(&at).then(|| json!({ "value": got.alone[at], "reachable": reachable }))
    };
    Ok(json!({ "have": got.have, "want": got.want, "factor": got.factor, "leaves": planted.by_id(leaf) }))
}
