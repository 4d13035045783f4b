//! What can be told about plans, and what comes of it.

use std::path::PathBuf;

use crate::domain::calendar::Day;
use crate::domain::plans::{
    Change, Conflict, Edit, FeedbackSource, Focus, JournalKind, Node, NoteKind, NoteVerdict, OpType, PhaseKind,
    PlanStatus, RevenueLink, Row, Table,
};

use super::super::CheckedIn;
use super::ProposeQuery;

/// A way to break a node down.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Break {
    /// By a formula of the table of templates, named by its id.
    Formula(String),
    /// By first-touch channel.
    Channel,
    /// By first-touch channel, each that costs something as its spend over what a new user costs there.
    ChannelSpend,
    /// By platform.
    Platform,
    /// By revenue stream.
    Stream,
    /// By week of the plan.
    Week,
    /// By operation type: parts that are bound later.
    Operation,
}

impl Break {
    /// All that are no formula.
    pub const PLAIN: [Self; 6] =
        [Self::Channel, Self::ChannelSpend, Self::Platform, Self::Stream, Self::Week, Self::Operation];

    /// As commands name it: a formula by its id.
    pub fn word(&self) -> &str {
        match self {
            Self::Formula(id) => id,
            Self::Channel => "channel",
            Self::ChannelSpend => "channel_spend",
            Self::Platform => "platform",
            Self::Stream => "stream",
            Self::Week => "week",
            Self::Operation => "operation",
        }
    }
}

/// A plan as it is first written: what is not given is left empty or at its default.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPlan {
    /// Its operation type.
    pub op_type: OpType,
    /// What it is called.
    pub title: String,
    /// How.
    pub method: String,
    /// What it is for; `None` as usual for the method.
    pub focus: Option<Focus>,
    /// Who answers for it.
    pub owner: String,
    /// First day.
    pub start: Day,
    /// Last day.
    pub finish: Day,
    /// Its phases: kind, first and last day, share.
    pub phases: Vec<(PhaseKind, Day, Day, f64)>,
    /// Days of watching after it.
    pub observe_days: i64,
    /// How it is tied to revenue; `None` as its primary metric says.
    pub revenue_link: Option<RevenueLink>,
    /// Its strategy.
    pub strategy: Option<i64>,
    /// What measures its primary target.
    pub metric: Option<String>,
    /// The target, in micros of money or as a fraction.
    pub target: Option<f64>,
    /// Whom it is for.
    pub audience: String,
    /// Where it takes place.
    pub place: String,
    /// What is done.
    pub mechanic: String,
}

impl NewPlan {
    /// A plan of which only its type and its days are known.
    pub fn bare(op_type: OpType, start: Day, finish: Day) -> Self {
        Self {
            op_type,
            title: String::new(),
            method: String::new(),
            focus: None,
            owner: String::new(),
            start,
            finish,
            phases: Vec::new(),
            observe_days: 0,
            revenue_link: None,
            strategy: None,
            metric: None,
            target: None,
            audience: String::new(),
            place: String::new(),
            mechanic: String::new(),
        }
    }
}

/// Something to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    /// The day that it is about.
    pub day: Day,
    /// The text.
    pub body: String,
    /// What it is.
    pub of: NoteOf,
    /// Its operation type.
    pub op_type: Option<OpType>,
    /// Its plan.
    pub plan: Option<i64>,
    /// Its node.
    pub node: Option<i64>,
}

/// What a note is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteOf {
    /// A line of the journal.
    Journal {
        /// What it tells.
        kind: JournalKind,
        /// Its day is left out of baselines, weekday shares and forecasts.
        exclude: bool,
    },
    /// What somebody said.
    Feedback {
        /// Who said it.
        source: FeedbackSource,
        /// 1 small, 2 bad, 3 very bad.
        severity: i64,
        /// How often it was said.
        count: i64,
    },
    /// What a competitor did; one that nobody knows yet is made.
    Competitor {
        /// Who, in any case of letters.
        name: String,
        /// What it is about.
        kind: NoteKind,
        /// What to do about it.
        verdict: NoteVerdict,
    },
}

/// An order about plans.
#[derive(Debug, Clone, PartialEq)]
pub enum PlanOrder {
    /// Changes records as a form left them.
    Edit(Edit),
    /// Changes a plan and its phases as a form left them; the days of a running plan change with a reason only.
    Days {
        /// The plan.
        plan: i64,
        /// The records.
        edit: Edit,
        /// Why; needed where the plan runs and its period, its phases or its days of watching change.
        reason: String,
    },
    /// Writes something down.
    Note(NewNote),
    /// Takes back the last action of this person.
    Undo,
    /// Does it again.
    Redo,
    /// Ends a check-in: stores it with all that was decided on the way.
    CheckIn(Box<CheckedIn>),
    /// Makes a plan with its primary target, the baseline measured.
    New(Box<NewPlan>),
    /// Makes a draft plan of the current month for each focus, with a tree of its metrics and without targets.
    Template,
    /// Sets the target of a node.
    Target {
        /// The node.
        node: i64,
        /// As it was seen.
        seen: Option<f64>,
        /// As it is to be.
        value: Option<f64>,
        /// Why; needed while the plan runs.
        reason: String,
    },
    /// Adds a node, or changes one as it was seen; what measures it gives its baseline.
    Node {
        /// As it was seen; `None` for a new one.
        before: Option<Box<Node>>,
        /// As it is to be.
        after: Box<Node>,
        /// Why; needed while the plan runs.
        reason: String,
    },
    /// Takes a node out with all below it.
    RemoveNode {
        /// The node.
        node: i64,
        /// Why; needed while the plan runs.
        reason: String,
    },
    /// Breaks a node down; its parts get measured baselines.
    Break {
        /// The node.
        node: i64,
        /// How.
        how: Break,
        /// Why; needed while the plan runs.
        reason: String,
    },
    /// Stores what a proposal gives.
    Accept {
        /// The proposal.
        query: ProposeQuery,
        /// Why; needed while the plan runs.
        reason: String,
    },
    /// Moves a plan on. Running freezes the baseline.
    Status {
        /// The plan.
        plan: i64,
        /// Where to.
        to: PlanStatus,
        /// Why; needed to cancel.
        reason: String,
    },
    /// Closes a plan that is to be reviewed or still running, keeping its tree as it is; its review must stand.
    Close(i64),
    /// Makes the next round of a plan: its tree with what was reached as baselines, phases and tasks with their dates
    /// moved, and its lessons offered.
    NextRound {
        /// The plan.
        plan: i64,
        /// First day of the new round; `None` right after the old one.
        start: Option<Day>,
    },
    /// Settles fields that somebody else has changed, and stores the rest of what was refused for them.
    Settle {
        /// The fields.
        found: Vec<Conflict>,
        /// What was refused.
        edit: Edit,
        /// Whose values stay.
        keep: Keep,
    },
    /// Reads a plan from a TOML file.
    Import(PathBuf),
    /// Takes a plan away with everything that belongs to it.
    Remove(i64),
}

impl PlanOrder {
    /// Records that it takes away, those that it names: what belongs to these goes with them.
    pub fn removes(&self) -> Vec<(Table, i64)> {
        let removed = |change: &Change| {
            let row = change.before.as_ref().filter(|_| change.after.is_none()).and_then(|one| Row::of(one).ok())?;
            Some((row.table, row.cells.get("id")?.as_i64()?))
        };
        match self {
            Self::Remove(plan) => vec![(Table::Plan, *plan)],
            Self::RemoveNode { node, .. } => vec![(Table::Node, *node)],
            Self::Edit(edit) => edit.changes.iter().filter_map(removed).collect(),
            _ => Vec::new(),
        }
    }
}

/// Whose value of a field stays where two people changed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// That of the other, who was first.
    Theirs,
    /// That of the one who came second.
    Mine,
    /// Theirs in the field, mine as a note in the journal.
    Both,
}

/// A field that cannot be as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which: `finish`, `target of CVR`, `line 12: metric`.
    pub field: String,
    /// Why, and what to do.
    pub text: String,
}

/// What came of an order about plans.
#[derive(Debug, Clone, PartialEq)]
pub enum Planned {
    /// It is stored.
    Done {
        /// What was done.
        label: String,
        /// The plan it was done to, where it is one.
        plan: Option<i64>,
        /// What is still missing or unwise.
        warnings: Vec<String>,
    },
    /// Fields that cannot be as they are; nothing is stored.
    Refused(Vec<Fault>),
    /// Fields that somebody else has changed; nothing is stored.
    Conflicts {
        /// The fields.
        found: Vec<Conflict>,
        /// What was refused; empty where it was an undo.
        edit: Edit,
    },
    /// There was nothing to take back or to do again.
    Nothing,
}
