//! A closed plan's tree as it was: numbers that later imports no longer change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::calendar::Day;
use crate::domain::plans::Plan;
use crate::metrics::planning::calibration::Said;
use crate::query::{Against, Course, Gauges, PlanView, TargetWord, TreeRow};

use super::super::EngineError;

/// Everything that is kept.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Snapshot {
    /// Last day that was complete.
    through: Option<Day>,
    gauges: [Option<f64>; 4],
    spent: i64,
    granted: i64,
    residual: Option<f64>,
    /// The primary as the list has it: its own line may differ from that of its parts.
    primary: Option<Head>,
    nodes: BTreeMap<i64, Numbers>,
    /// What was to be expected of the primary half-way; none in what was kept before there was one.
    #[serde(default)]
    said: Option<Said>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Head {
    actual: Option<f64>,
    line: Option<f64>,
    pace: Option<f64>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Numbers {
    base: Option<f64>,
    line: Option<f64>,
    actual: Option<f64>,
    pace: Option<f64>,
    blame: Option<f64>,
    alone: Option<f64>,
    best: Option<f64>,
}

/// The numbers of a plan as text.
pub(super) fn write(view: &PlanView, said: Option<Said>) -> Result<String, EngineError> {
    let guards = view.guards.iter().map(|guard| &guard.row);
    let nodes = view.tree.iter().chain(guards).map(|row| (key(row), numbers(row))).collect();
    let Gauges { time, work, result, budget } = view.head.gauges;
    let snapshot = Snapshot {
        through: view.head.primary.as_ref().and_then(|course| course.through),
        gauges: [time, work, result, budget],
        spent: view.head.spent,
        granted: view.head.granted,
        residual: view.residual,
        primary: view.head.primary.as_ref().map(|course| Head {
            actual: course.actual,
            line: course.line,
            pace: course.pace,
        }),
        nodes,
        said,
    };
    serde_json::to_string(&snapshot).map_err(|error| EngineError::Failed(format!("the tree cannot be kept: {error}")))
}

/// The numbers that were kept of a plan; `None` where it is not closed, or closed by a program that kept others.
pub(super) fn read(plan: &Plan) -> Option<Snapshot> {
    serde_json::from_str(plan.closed_snapshot.as_deref()?).ok()
}

/// The number of a node; of what closes a sum, that of the sum below 0.
fn key(row: &TreeRow) -> i64 {
    if row.node.id == 0 { -row.node.parent_id.unwrap_or(0) } else { row.node.id }
}

fn numbers(row: &TreeRow) -> Numbers {
    let TreeRow { base, line, actual, pace, blame, alone, best, .. } = *row;
    Numbers { base, line, actual, pace, blame, alone, best }
}

impl Snapshot {
    /// The forecast that was kept.
    pub fn said(&self) -> Option<Said> {
        self.said
    }

    /// What came of the primary.
    pub fn actual(&self) -> Option<f64> {
        self.primary?.actual
    }

    /// Puts the kept numbers in place of those measured now; what they are held against is kept of the target alone.
    pub fn apply(&self, view: &mut PlanView) {
        let is_target = view.against == Against::Target;
        let guards = view.guards.iter_mut().map(|guard| &mut guard.row);
        for row in view.tree.iter_mut().chain(guards) {
            let Some(kept) = self.nodes.get(&key(row)) else { continue };
            (row.base, row.actual, row.best) = (kept.base, kept.actual, kept.best);
            if is_target {
                (row.line, row.pace, row.blame, row.alone) = (kept.line, kept.pace, kept.blame, kept.alone);
            }
        }
        if is_target {
            view.residual = self.residual;
        }
        // Trees that were kept with the line of the parts at the top have the own line, which the list tells, here.
        if let (true, Some(top), Some(head)) = (is_target, view.tree.first_mut(), self.primary) {
            (top.line, top.pace) = (head.line.or(top.line), head.pace.or(top.pace));
        }
        self.apply_head(&mut view.head);
    }

    /// The same of its row in the list.
    pub fn apply_head(&self, head: &mut crate::query::PlanRow) {
        let [time, work, result, budget] = self.gauges;
        head.gauges = Gauges { time, work, result, budget };
        (head.spent, head.granted) = (self.spent, self.granted);
        if let Some(course) = &mut head.primary {
            let kept = self.primary;
            let actual = kept.and_then(|kept| kept.actual);
            *course = Course {
                through: self.through,
                actual,
                line: kept.and_then(|kept| kept.line),
                pace: kept.and_then(|kept| kept.pace),
                attainment: result,
                outlook: None,
                lead: None,
                required: Vec::new(),
                due_by: Vec::new(),
                uplift: None,
                standing: if actual.is_some() { course.standing } else { TargetWord::NoData },
                ..course.clone()
            };
        }
    }
}
