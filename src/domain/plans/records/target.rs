//! Nodes of target trees, and their changes with reasons.

use serde::{Deserialize, Serialize};

use super::super::{Curve, NodeOp, NodeRole};
use super::{Filter, flag, text};
use crate::domain::calendar::Day;

/// A node of a target tree. Targets of money stand in micros, of rates as fractions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Its number.
    pub id: i64,
    /// Its plan.
    pub plan_id: i64,
    /// The node it is a part of.
    pub parent_id: Option<i64>,
    /// Its place among the parts.
    pub seq: i64,
    /// How its value follows.
    pub op: NodeOp,
    /// -1 is taken away in a sum, or divides in a ratio; else 1.
    pub sign: i64,
    /// What it is to the plan.
    pub role: NodeRole,
    /// What measures it: a row of METRICS, two of them as `net/orders`, or a daily fact as `fact:name`.
    pub metric: Option<String>,
    /// Not bound yet.
    #[serde(with = "flag")]
    pub draft: bool,
    /// Rows that count.
    #[serde(with = "text")]
    pub filter: Filter,
    /// Its first day, where it is a part of the plan's period.
    pub start: Option<Day>,
    /// Its last day, where it is a part of the plan's period.
    pub finish: Option<Day>,
    /// What was measured in the baseline window, scaled to the plan's days where it adds up over days.
    pub baseline: Option<f64>,
    /// First day of the baseline window.
    pub baseline_from: Option<Day>,
    /// Last day of the baseline window.
    pub baseline_to: Option<Day>,
    /// The least that is still acceptable.
    pub floor: Option<f64>,
    /// What is to be reached.
    pub target: Option<f64>,
    /// What would be beyond all expectation.
    pub stretch: Option<f64>,
    /// The most that is possible.
    pub cap: Option<f64>,
    /// Its part in what is proposed.
    pub weight: f64,
    /// Proposals leave it alone.
    #[serde(with = "flag")]
    pub locked: bool,
    /// How its target spreads over the period.
    pub curve: Curve,
    /// Who answers for it.
    pub owner: String,
    /// What it is called.
    pub label: String,
}

impl Node {
    /// A leaf of a plan of which nothing is known yet.
    pub fn new(plan_id: i64, role: NodeRole) -> Self {
        Self {
            id: -1,
            plan_id,
            parent_id: None,
            seq: 0,
            op: NodeOp::Leaf,
            sign: 1,
            role,
            metric: None,
            draft: false,
            filter: Filter::default(),
            start: None,
            finish: None,
            baseline: None,
            baseline_from: None,
            baseline_to: None,
            floor: None,
            target: None,
            stretch: None,
            cap: None,
            weight: 1.0,
            locked: false,
            curve: Curve::Linear,
            owner: String::new(),
            label: String::new(),
        }
    }

    /// Whether it is a part of its plan's period, such as a week.
    pub fn has_own_days(&self) -> bool {
        self.start.is_some() && self.finish.is_some()
    }
}

/// A change of a frozen plan, with its reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// Its number.
    pub id: i64,
    /// The node.
    pub node_id: i64,
    /// When, in UTC.
    pub at: String,
    /// Who.
    pub actor: String,
    /// Which field.
    pub field: String,
    /// Its value before.
    pub old: Option<f64>,
    /// Its value since.
    pub new: Option<f64>,
    /// Why.
    pub reason: String,
}
