//! What the morning needs to know: Today, the brief and the check of the command line all have it from here.

use crate::domain::calendar::Day;
use crate::domain::plans::{Journal, OpType, Plan, Snooze};
use crate::metrics::catalog::Unit;
pub use crate::metrics::exceptions::Sign;
pub use crate::metrics::lamps::{LampName, MEASURES, Measured, State as LampState};
use crate::metrics::mix::Effect;

use super::{Course, Source, TargetWord, TaskRow};

/// Answers the five questions of the morning, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Today {
    /// Today in the workspace's zone.
    pub today: Day,
    /// Every source with its age, the longest stale first.
    pub sources: Vec<Source>,
    /// Primary targets of running plans, those in trouble first, revenue before the others.
    pub primaries: Vec<Primary>,
    /// What is abnormal and what holds the primaries back, by effect; what is put off is left out.
    pub causes: Vec<Cause>,
    /// Causes that are put off now.
    pub snoozed: usize,
    /// What was ever put off, and until when.
    pub snoozes: Vec<Snooze>,
    /// What is to be done.
    pub work: Work,
    /// Operation types by what they have.
    pub matrix: Matrix,
    /// LEAK, MONEY, VIEW.
    pub lamps: Vec<Lamp>,
    /// Feedback that nobody has looked at, and the days since the oldest.
    pub feedback: (usize, Option<i32>),
}

/// The target that a running plan is judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Primary {
    /// The plan.
    pub plan: i64,
    /// Title and round.
    pub name: String,
    /// Its operation type.
    pub op_type: OpType,
    /// How far it has come.
    pub course: Course,
    /// Share of the plan's days that is over.
    pub time: Option<f64>,
    /// The verdict.
    pub standing: TargetWord,
}

/// Where a cause is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A node of a plan.
    Node {
        /// The plan.
        plan: i64,
        /// The node.
        node: i64,
    },
    /// A metric by id.
    Metric(&'static str),
    /// A source by name.
    Source(String),
}

impl Place {
    /// What tells causes apart when they are put off.
    pub fn key(&self) -> String {
        match self {
            Self::Node { node, .. } => format!("node {node}"),
            Self::Metric(id) => format!("metric {id}"),
            Self::Source(name) => format!("source {name}"),
        }
    }
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// Where to look.
    pub place: Place,
    /// What it is called.
    pub label: String,
    /// Unit of its values.
    pub unit: Unit,
    /// What it is.
    pub actual: Option<f64>,
    /// What it should be: the line of a plan, else what is usual.
    pub usual: Option<f64>,
    /// Its part in the gap of the plan, in the unit of the plan's primary.
    pub effect: Option<(f64, Unit)>,
    /// Its effect as a part of the line of the primary; of a number that is only unusual its change. Above 0 is bad.
    pub weight: f64,
    /// First day that is not as usual. Of D-n it is the first day of the users who stay less.
    pub since: Option<Day>,
    /// What the journal tells of that day.
    pub event: Option<Journal>,
    /// Why it is an exception; `None` where only the plan is behind.
    pub sign: Option<Sign>,
    /// What it explains besides.
    pub covers: Vec<String>,
    /// Whether other users came (mix) or the same kind stays less (rate).
    pub split: Option<Effect>,
    /// The channel that has most of it, with its part as a fraction.
    pub channel: Option<(String, f64)>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Work {
    /// Open tasks that are due or overdue, by urgency.
    pub tasks: Vec<TaskRow>,
    /// Tasks that were chosen for today at the newest check-in and are still open.
    pub focus: Vec<TaskRow>,
    /// The plans of these tasks, from which their days may count.
    pub plans: Vec<Plan>,
    /// Due today.
    pub due: usize,
    /// After their day.
    pub overdue: usize,
    /// Waiting for other tasks.
    pub blocked: usize,
    /// Daily facts that the last whole day waits for, by name.
    pub to_type: Vec<String>,
    /// Tasks that were done yesterday or today, by title.
    pub done: Vec<String>,
    /// Resources of running plans that are asked for and not given: name, plan.
    pub asked: Vec<(String, String)>,
}

/// A cell of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coverage {
    /// It is there.
    Ok,
    /// It is not.
    Absent,
    /// It should be by now.
    Due,
    /// It is older than usual.
    Old,
    /// The type is not done on purpose.
    Aside,
}

/// Seven operation types by plan, targets, live data and review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// A row a type in the order of the tabs: plan, targets, live data, review.
    pub cells: Vec<[Coverage; 4]>,
    /// Cells that are there.
    pub covered: usize,
    /// Cells that count.
    pub all: usize,
}

/// One of the three lamps.
#[derive(Debug, Clone, PartialEq)]
pub struct Lamp {
    /// Which.
    pub name: LampName,
    /// The worst of its facts.
    pub state: LampState,
    /// Its facts, the worst first.
    pub facts: Vec<LampFact>,
}

/// What a fact is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A metric by id.
    Metric(&'static str),
    /// A plan.
    Plan(i64),
    /// A node of a plan.
    Node(i64),
    /// Feedback.
    Feedback(i64),
    /// A lesson.
    Lesson(i64),
    /// A strategy.
    Strategy(i64),
    /// An operation type.
    Operation(OpType),
}

/// A number of a fact.
#[derive(Debug, Clone, PartialEq)]
pub struct LampFigure {
    /// What it is.
    pub name: String,
    /// Its value; money in micros.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: Unit,
}

/// One measure of a lamp.
#[derive(Debug, Clone, PartialEq)]
pub struct LampFact {
    /// Which measure: a row of [`MEASURES`].
    pub measure: &'static Measured,
    /// What it says.
    pub state: LampState,
    /// The numbers that it says it from.
    pub figures: Vec<LampFigure>,
    /// What it is about.
    pub about: Vec<About>,
}
