//! A plan's tree with everything measured: what each node was, is and should be by now.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::calendar::{Day, Span};
use crate::domain::plans::{Book, Curve as Shape, Node, NodeOp, NodeRole, Plan};
use crate::metrics::catalog::{Accumulation, Direction, Unit};
use crate::metrics::planning::curve::{Curve, Pattern, Phase};
use crate::metrics::planning::pace;
use crate::query::Against;

use super::super::EngineError;
use super::super::view::View;
use super::growth;
use super::measure::Gauge;
use super::orders::{days_of, gauge};
use super::usual;

/// Days that a leaf may lag behind the primary before it counts as without data.
const LAG: i32 = 7;

/// A node and what is measured of it.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    pub node: Node,
    pub depth: usize,
    pub gauge: Option<Gauge>,
    pub unit: Unit,
    pub accumulation: Accumulation,
    pub direction: Direction,
    /// Its days.
    pub days: Span,
    /// What is known of what measures it.
    pub known: Option<Span>,
    /// How its target spreads.
    pub curve: Curve,
    /// The usual share of each weekday, Monday first.
    pub index: [f64; 7],
    /// What the days that are over usually give of a ratio of the whole period; 1 where its length does not matter.
    pub grown: f64,
    /// Measured in the baseline window.
    pub base: Option<f64>,
    /// Measured to date.
    pub actual: Option<f64>,
    /// What its own target says of the day.
    pub line: Option<f64>,
    /// What it is held against.
    pub against: Option<f64>,
    /// Why nothing is measured.
    pub missing: Option<String>,
    /// It is a part of the plan's period that has not begun, while the plan has.
    pub ahead: bool,
}

impl Measured {
    /// Value to date; what has not begun has brought nothing, and nothing is due of it.
    pub fn to_date(&self) -> Option<f64> {
        if self.ahead { Some(0.0) } else { self.actual }
    }

    /// What it is held against to date.
    pub fn due(&self) -> Option<f64> {
        if self.ahead { Some(0.0) } else { self.against }
    }

    /// Whether its value grows from 0 over its days.
    pub fn is_cumulative(&self) -> bool {
        match self.accumulation {
            Accumulation::Flow => true,
            Accumulation::Unique => self.gauge.as_ref().is_none_or(|gauge| !gauge.binding.is_rolling()),
            Accumulation::Level | Accumulation::Ratio => false,
        }
    }
}

/// A plan measured.
pub(super) struct Case {
    pub plan: Plan,
    /// Last complete day of the plan; `None` before its first.
    pub through: Option<Day>,
    /// The primary and the nodes below it, a parent before its parts.
    pub tree: Vec<Measured>,
    /// Guardrails, then influences.
    pub guards: Vec<Measured>,
    /// Days left out of baselines.
    pub flagged: BTreeSet<Day>,
}

impl Case {
    /// Measures the primary with its parts, and the guardrails; `whole` also what only has influence.
    pub fn of(view: &mut View, book: &Book, plan: &Plan, whole: bool, against: Against) -> Result<Self, EngineError> {
        let flagged = book.left_out();
        let nodes = book.tree(plan.id);
        let primary = book.primary(plan.id).map(|node| node.id);
        let top = |node: &Node| book.above(node).last().map_or(node.id, |top| top.id);
        let mut case = Self { plan: plan.clone(), through: None, tree: Vec::new(), guards: Vec::new(), flagged };
        let mut kept: Vec<&Node> = nodes.into_iter().filter(|node| whole || node.role != NodeRole::Influence).collect();
        kept.sort_by_key(|node| (Some(top(node)) != primary, node.role == NodeRole::Influence));
        let mut known = BTreeMap::new();
        for node in &kept {
            let found = match gauge(node) {
                Some(gauge) => gauge.known(view)?,
                None => None,
            };
            known.insert(node.id, found);
        }
        case.through = through(view, plan, &kept, primary, &known);
        for node in kept {
            let measured = case.measure(view, book, node, known.get(&node.id).copied().flatten(), against)?;
            let depth = book.above(node).len();
            let list = if Some(top(node)) == primary { &mut case.tree } else { &mut case.guards };
            list.push(Measured { depth, ..measured });
        }
        case.units();
        Ok(case)
    }

    fn measure(
        &self,
        view: &mut View,
        book: &Book,
        node: &Node,
        known: Option<Span>,
        against: Against,
    ) -> Result<Measured, EngineError> {
        let gauge = gauge(node);
        let days = days_of(&self.plan, node);
        let accumulation = gauge.as_ref().map_or(Accumulation::Flow, |gauge| gauge.binding.accumulation());
        let (curve, index) = self.curve(view, book, node, days, gauge.as_ref().zip(known))?;
        let mut measured = Measured {
            node: node.clone(),
            depth: 0,
            unit: gauge.as_ref().map_or(Unit::Times, |gauge| gauge.binding.unit()),
            direction: gauge.as_ref().map_or(Direction::Up, |gauge| gauge.binding.direction()),
            accumulation,
            days,
            known,
            curve,
            index,
            grown: self.grown(view, (days, known), gauge.as_ref())?,
            base: node.baseline,
            actual: None,
            line: None,
            against: None,
            missing: None,
            ahead: node.start.is_some() && self.through.is_some_and(|day| day < days.first),
            gauge,
        };
        let over = self.through.map(|day| day.min(days.last)).filter(|day| *day >= days.first);
        measured.missing = missing(&measured, over);
        if let (Some(gauge), Some(last), None) = (&measured.gauge, over, &measured.missing) {
            measured.actual = gauge.value(view, Span { first: days.first, last })?;
            if measured.actual.is_none() {
                measured.missing = Some(format!("no value from {} to {last}", days.first));
            }
        }
        measured.line = self.line(&measured);
        measured.against = match against {
            Against::Target => measured.line,
            Against::PreviousPeriod => self.before(view, &measured, over)?,
            Against::PreviousRound => self.round(view, book, &measured, over)?,
        };
        Ok(measured)
    }

    /// How a node's target spreads over its days.
    fn curve(
        &self,
        view: &mut View,
        book: &Book,
        node: &Node,
        days: Span,
        fed: Option<(&Gauge, Span)>,
    ) -> Result<(Curve, [f64; 7]), EngineError> {
        let mut pattern = Pattern::default();
        match (node.curve, fed) {
            (Shape::End, _) => return Ok((Curve::end(days), pattern.index)),
            (Shape::PrevRound, Some((gauge, known))) => {
                if let Some(curve) = growth::curve(view, gauge, (days, known), self.through)? {
                    return Ok((curve, pattern.index));
                }
            }
            (Shape::Weekday | Shape::Phase, Some((gauge, known))) => {
                pattern.index = usual::weekdays(view, gauge, known, &self.flagged)?;
            }
            _ => {}
        }
        if node.curve == Shape::Phase {
            let mine = book.phases.iter().filter(|phase| phase.plan_id == self.plan.id);
            pattern.phases =
                mine.map(|phase| Phase { days: Span::new(phase.start, phase.finish), share: phase.share }).collect();
        }
        let curve = Curve::of(days, &pattern);
        // Phases that all lie elsewhere leave nothing to spread over.
        let curve = if curve.total() > 0.0 { curve } else { Curve::of(days, &Pattern::default()) };
        Ok((curve, pattern.index))
    }

    /// What a node's own target says of the last complete day.
    fn line(&self, measured: &Measured) -> Option<f64> {
        let (target, through) = (measured.node.target?, self.through?);
        let glide = || measured.base.map_or(Some(target), |base| pace::glide(&measured.curve, base, target, through));
        match measured.accumulation {
            Accumulation::Ratio if measured.node.curve != Shape::Glide => Some(target * measured.grown),
            _ if measured.is_cumulative() => measured.curve.share(through).map(|share| target * share),
            _ => glide().map(|line| line * measured.grown),
        }
    }

    /// What the days that are over usually give of a ratio over distinct users.
    fn grown(
        &self,
        view: &mut View,
        (days, known): (Span, Option<Span>),
        gauge: Option<&Gauge>,
    ) -> Result<f64, EngineError> {
        let over = self.through.map(|day| day.min(days.last).since(days.first) + 1).filter(|over| *over > 0);
        let (Some(gauge), Some(known), Some(over)) = (gauge, known, over) else { return Ok(1.0) };
        if !growth::grows(&gauge.binding) {
            return Ok(1.0);
        }
        let share = growth::share(view, gauge, (days, known), over as usize)?;
        Ok(share.filter(|share| *share > 0.0).unwrap_or(1.0))
    }

    /// As many days before the plan.
    fn before(&self, view: &mut View, measured: &Measured, over: Option<Day>) -> Result<Option<f64>, EngineError> {
        let (Some(gauge), Some(last), Some(known)) = (&measured.gauge, over, measured.known) else { return Ok(None) };
        let span = Span { first: measured.days.first, last };
        let back = 7 * (span.days() + 6).div_euclid(7);
        let back = back.max(7 * (last.since(self.plan.start) + 7).div_euclid(7));
        let window = Span { first: span.first.plus(-back), last: last.plus(-back) };
        if window.first < known.first { Ok(None) } else { gauge.value(view, window) }
    }

    /// The same days of the round before.
    fn round(
        &self,
        view: &mut View,
        book: &Book,
        measured: &Measured,
        over: Option<Day>,
    ) -> Result<Option<f64>, EngineError> {
        let old = self.plan.prev_plan_id.and_then(|id| book.plan(id));
        let (Some(gauge), Some(last), Some(old), Some(known)) = (&measured.gauge, over, old, measured.known) else {
            return Ok(None);
        };
        let back = self.plan.start.since(old.start);
        let window = Span { first: measured.days.first.plus(-back), last: last.plus(-back) };
        if window.first < known.first { Ok(None) } else { gauge.value(view, window) }
    }

    /// Units of nodes that nothing measures: of a part that is not bound yet that of its sum, else from the parts.
    fn units(&mut self) {
        for at in 0..self.tree.len() {
            let above = self.tree.iter().find(|above| Some(above.node.id) == self.tree[at].node.parent_id);
            let sum =
                above.filter(|above| above.node.op == NodeOp::Sum && above.gauge.is_some()).map(|above| above.unit);
            if let Some(unit) = sum.filter(|_| self.tree[at].gauge.is_none()) {
                self.tree[at].unit = unit;
            }
        }
        for at in (0..self.tree.len()).rev() {
            let id = self.tree[at].node.id;
            if self.tree[at].gauge.is_some() || self.tree[at].node.op == NodeOp::Leaf {
                continue;
            }
            let parts: Vec<(Unit, i64)> = self
                .tree
                .iter()
                .filter(|part| part.node.parent_id == Some(id))
                .map(|p| (p.unit, p.node.sign))
                .collect();
            self.tree[at].unit = unit(self.tree[at].node.op, &parts);
        }
    }
}

/// Why nothing of a node can be measured.
fn missing(measured: &Measured, over: Option<Day>) -> Option<String> {
    let node = &measured.node;
    if measured.gauge.is_none() {
        let unbound = node.op == NodeOp::Leaf;
        return unbound.then(|| "not bound to a metric yet; e binds it".to_owned());
    }
    let Some(known) = measured.known else { return Some("nothing feeds it yet".to_owned()) };
    match over {
        None => Some(format!("begins {}", measured.days.first)),
        Some(last) if known.last < last.plus(-LAG) => Some(format!("no data since {}", known.last)),
        Some(_) => None,
    }
}

/// The last day on which everything that is not long out of date is complete, within the plan.
fn through(
    view: &View,
    plan: &Plan,
    kept: &[&Node],
    primary: Option<i64>,
    known: &BTreeMap<i64, Option<Span>>,
) -> Option<Day> {
    let last = |node: &&Node| known.get(&node.id).copied().flatten().map(|span| span.last);
    let newest = kept.iter().find(|node| Some(node.id) == primary).and_then(&last);
    let newest = newest.or_else(|| kept.iter().filter_map(&last).max())?;
    let parts = kept.iter().filter(|node| matches!(node.role, NodeRole::Primary | NodeRole::Driver));
    let common = parts.filter_map(last).filter(|day| *day >= newest.plus(-LAG)).min().unwrap_or(newest);
    Some(common.min(plan.finish).min(view.today.plus(-1))).filter(|day| *day >= plan.start)
}

/// The unit of what is made of parts.
fn unit(op: NodeOp, parts: &[(Unit, i64)]) -> Unit {
    let is_money = |unit: &Unit| matches!(unit, Unit::Money | Unit::MoneyPer);
    match op {
        NodeOp::Sum => parts.first().map_or(Unit::Times, |(unit, _)| *unit),
        NodeOp::Product if parts.iter().any(|(unit, _)| is_money(unit)) => Unit::Money,
        NodeOp::Product => {
            let counted = |unit: &Unit| matches!(unit, Unit::Users | Unit::Orders | Unit::Events);
            parts.iter().map(|(unit, _)| *unit).find(counted).unwrap_or(Unit::Times)
        }
        NodeOp::Ratio => {
            let money = |sign: i64| parts.iter().any(|(unit, s)| *s == sign && is_money(unit));
            if money(1) && !money(-1) { Unit::MoneyPer } else { Unit::Times }
        }
        NodeOp::Leaf => Unit::Times,
    }
}
