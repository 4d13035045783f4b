//! Targets proposed for the parts of a node, beside the history of each.

mod arithmetic;

use std::collections::BTreeMap;

use crate::domain::plans::{Book, Node, NodeOp};
use crate::domain::tree::Tree;
use crate::metrics::amount::full;
use crate::metrics::catalog::Unit;
use crate::metrics::planning::evaluate;
use crate::metrics::planning::propose::{self, Lack, Mode, Wish};
use crate::metrics::planning::reach::reach;
use crate::query::{Against, Mark, Proposal, ProposalRow, ProposeQuery, Share};

use super::super::EngineError;
use super::super::view::View;
use super::case::{Case, Measured};
use super::{show, windows};
use arithmetic::Part;

/// The proposal for a node, or for the parent of one without parts. Nothing is stored.
pub(super) fn propose(view: &mut View, book: &Book, query: &ProposeQuery) -> Result<Proposal, EngineError> {
    let plan = show::plan(book, query.plan)?;
    let case = Case::of(view, book, plan, true, Against::Target)?;
    let below = below(&case, sharing(&case, query.node));
    let Some(top) = below.first().map(|measured| measured.node.clone()) else {
        return Err(EngineError::Usage(format!("plan {} has no node {} in its tree", query.plan, query.node)));
    };
    let mut proposal = Proposal {
        query: query.clone(),
        rows: Vec::new(),
        problem: None,
        checks: Vec::new(),
        changes: 0,
        needs_reason: plan.status.is_frozen(),
    };
    let wishes: Vec<Wish> = below.iter().map(|measured| wish(query, measured)).collect();
    let tree = shape(&below);
    let (targets, problem) = match query.target.or(top.target) {
        None => (vec![None; below.len()], Some(format!("{} has no target to share; t sets it", top.label))),
        Some(_) if below.len() == 1 => (vec![None; 1], Some(format!("{} has no parts; + breaks it down", top.label))),
        Some(target) => shared(&tree, &wishes, target, query.share, &below),
    };
    proposal.checks = checks(&tree, &targets, &below);
    for (measured, (new, wish)) in below.iter().zip(targets.into_iter().zip(&wishes)) {
        proposal.rows.push(row(view, &case, measured, query, (new, wish.locked))?);
    }
    let base = proposal.rows.first().map_or(0, |row| row.depth);
    proposal.rows.iter_mut().for_each(|row| row.depth -= base);
    let differs = |row: &&ProposalRow| row.new.is_some() && row.new != row.old;
    proposal.changes = proposal.rows.iter().filter(differs).count();
    proposal.problem = problem;
    Ok(proposal)
}

/// The node whose target is shared: the one that is asked for, or its parent where it has no parts.
fn sharing(case: &Case, node: i64) -> i64 {
    let has_parts = case.tree.iter().any(|measured| measured.node.parent_id == Some(node));
    let parent = case.tree.iter().find(|measured| measured.node.id == node).and_then(|m| m.node.parent_id);
    parent.filter(|_| !has_parts).unwrap_or(node)
}

/// A node and all below it, a parent before its parts.
fn below(case: &Case, node: i64) -> Vec<&Measured> {
    let mut ids = vec![node];
    let mut found = Vec::new();
    for measured in &case.tree {
        let id = measured.node.id;
        if id == node || measured.node.parent_id.is_some_and(|parent| ids.contains(&parent)) {
            ids.push(id);
            found.push(measured);
        }
    }
    found
}

fn shape(below: &[&Measured]) -> Tree {
    let places: BTreeMap<i64, usize> = below.iter().enumerate().map(|(at, m)| (m.node.id, at)).collect();
    let mut tree = Tree::new(below.first().map_or(NodeOp::Leaf, |top| top.node.op));
    for measured in below.iter().skip(1) {
        let parent = measured.node.parent_id.and_then(|id| places.get(&id).copied()).unwrap_or(0);
        // Parents come before their parts, so each finds its own.
        let _ = tree.add(parent, measured.node.op, measured.node.sign < 0);
    }
    tree
}

/// What is known and wanted of a node, with what the query says of it.
fn wish(query: &ProposeQuery, measured: &Measured) -> Wish {
    let node = &measured.node;
    let of = |list: &[(i64, f64)]| list.iter().find(|(id, _)| *id == node.id).map(|(_, value)| *value);
    let typed = of(&query.typed);
    let locked = query.locked.iter().find(|(id, _)| *id == node.id).map(|(_, locked)| *locked);
    Wish {
        baseline: measured.base,
        weight: of(&query.weights).unwrap_or(node.weight),
        locked: typed.is_some() || locked.unwrap_or(node.locked),
        target: typed.or(node.target),
        cap: node
            .cap
            .or((measured.unit == Unit::Rate).then_some(1.0).filter(|_| measured.base.is_none_or(|b| b <= 1.0))),
        whole: matches!(measured.unit, Unit::Users | Unit::Orders | Unit::Events),
    }
}

fn shared(
    tree: &Tree,
    wishes: &[Wish],
    target: f64,
    share: Share,
    below: &[&Measured],
) -> (Vec<Option<f64>>, Option<String>) {
    let mode = if share == Share::Weight { Mode::Weight } else { Mode::Share };
    let exact = propose::propose(tree, wishes, target, mode);
    let rounded = propose::propose(tree, &whole_factors(tree, wishes, &exact.targets), target, mode);
    // Where nothing can take up what rounding leaves, fractions stay.
    let proposal = if rounded.problems.len() > exact.problems.len() { exact } else { rounded };
    let problem = proposal.problems.first().map(|problem| {
        let label = below.get(problem.node).map_or("", |measured| measured.node.label.as_str());
        match problem.lack {
            Lack::Factor(factor) => format!("{label} cannot be reached: all parts are locked or at their cap, and a factor of {factor:.4} is missing"),
            Lack::Residual(rest) => {
                let unit = below.get(problem.node).map_or(Unit::Times, |measured| measured.unit);
                format!("{label} cannot be reached: {} is left over", full(Some(rest), unit))
            }
            Lack::NoUplift => format!("{label} has nothing to grow from: a baseline is missing or 0"),
        }
    });
    (proposal.targets, problem)
}

/// The wishes with free factors that are counted in whole numbers settled at those, where another free factor of theirs
/// is not counted and takes up the difference.
fn whole_factors(tree: &Tree, wishes: &[Wish], targets: &[Option<f64>]) -> Vec<Wish> {
    let mut settled = wishes.to_vec();
    for (at, family) in tree.nodes().iter().enumerate() {
        let free: Vec<usize> = tree.children(at).iter().copied().filter(|part| !wishes[*part].locked).collect();
        let multiplies = matches!(family.op, NodeOp::Product | NodeOp::Ratio);
        if !multiplies || free.iter().all(|part| wishes[*part].whole) {
            continue;
        }
        for part in free.into_iter().filter(|part| wishes[*part].whole) {
            let target = targets[part].map(f64::round).filter(|target| *target > 0.0);
            if target.is_some() {
                settled[part] = Wish { locked: true, target, ..wishes[part] };
            }
        }
    }
    settled
}

/// What the parts come to, one line a node with parts.
fn checks(tree: &Tree, targets: &[Option<f64>], below: &[&Measured]) -> Vec<String> {
    let values = evaluate::values(tree, targets);
    let mut lines = Vec::new();
    for (at, measured) in below.iter().enumerate().filter(|(at, _)| !tree.children(*at).is_empty()) {
        let parts: Option<Vec<Part>> = tree
            .children(at)
            .iter()
            .map(|part| {
                Some(Part { minus: tree.nodes()[*part].minus, value: targets[*part]?, unit: below[*part].unit })
            })
            .collect();
        let (Some(parts), Some(value)) = (parts, values[at]) else { continue };
        let shown = full(Some(value), measured.unit);
        let line = arithmetic::line(&parts, measured.node.op == NodeOp::Sum, (value, measured.unit));
        let rest = targets[at].filter(|target| full(Some(*target), measured.unit) != shown);
        let rest = rest.map_or_else(
            || "   rest 0".to_owned(),
            |target| format!("   the parts give {shown}, the target is {}", full(Some(target), measured.unit)),
        );
        lines.push(line + &rest);
    }
    lines
}

fn row(
    view: &mut View,
    case: &Case,
    measured: &Measured,
    query: &ProposeQuery,
    (new, locked): (Option<f64>, bool),
) -> Result<ProposalRow, EngineError> {
    let history = match (&measured.gauge, measured.known) {
        (Some(gauge), Some(known)) => {
            gauge.over(view, &windows::history(measured.days.days(), case.plan.start, known))?
        }
        _ => Vec::new(),
    };
    let seen: Vec<f64> = history.iter().flatten().copied().collect();
    let thresholds = view.thresholds()?;
    let found = new.and_then(|new| reach(new, &history, measured.direction, &thresholds));
    let typed = query.typed.iter().any(|(id, _)| *id == measured.node.id);
    let mark = if typed { Some(Mark::Typed) } else { found.and_then(|reach| Mark::of(reach.stretch, reach.unlikely)) };
    Ok(ProposalRow {
        node: Node { ..measured.node.clone() },
        depth: measured.depth,
        unit: measured.unit,
        base: measured.base,
        old: measured.node.target,
        new,
        locked,
        percentile: new.filter(|_| !seen.is_empty()).map(|new| {
            let less = seen.iter().filter(|value| **value <= new).count();
            (100 * less / seen.len()) as u8
        }),
        unlikely_above: found.map(|reach| reach.unlikely_beyond),
        history,
        mark,
    })
}
