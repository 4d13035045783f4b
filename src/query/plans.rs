//! Plans: what can be asked about them and told, and what comes back. Values of nodes stand in micros where they are
//! money, as fractions where they are rates.

mod orders;

pub use orders::*;

use crate::domain::calendar::{Day, Span};
use crate::domain::plans::{
    Book, Journal, Lesson, Node, Phase, Plan, PlanStatus, Resource, Review, Revision, Task, UseState, Verdict,
};
use crate::metrics::catalog::{Accumulation, Direction, Unit};
pub use crate::metrics::planning::calibration::{Calibration, Said};
pub use crate::metrics::planning::gauges::{Gauges, Reading as GaugeReading};
pub use crate::metrics::planning::reach::Bounds;

/// What a plan is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Against {
    /// Its target to date.
    #[default]
    Target,
    /// As many days before the plan.
    PreviousPeriod,
    /// The same days of the round before.
    PreviousRound,
}

impl Against {
    /// All of them in the order of the key.
    pub const ALL: [Self; 3] = [Self::Target, Self::PreviousPeriod, Self::PreviousRound];

    /// As titles and commands name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::PreviousPeriod => "previous",
            Self::PreviousRound => "round",
        }
    }
}

/// One plan with its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanQuery {
    /// Its number.
    pub plan: i64,
    /// What it is held against.
    pub against: Against,
}

/// How it stands with a target, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetWord {
    /// Not likely to be met.
    Off,
    /// Spend or another ceiling above its line.
    Over,
    /// In doubt.
    Risk,
    /// The newest row is older than usual.
    Stale,
    /// Nothing is observed.
    NoData,
    /// Likely to be met.
    Ok,
}

/// What is expected at the end of the period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlook {
    /// Days that it is made from.
    pub n: usize,
    /// The value at the end.
    pub value: f64,
    /// Lower end of the band that holds it in about 80 %.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Probability that the target is met.
    pub p_hit: f64,
    /// The last seven days are on another level than those before.
    pub level_shift: bool,
}

/// How far a target has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Its node.
    pub node: i64,
    /// What it is called.
    pub label: String,
    /// Unit of its values.
    pub unit: Unit,
    /// How it adds up.
    pub accumulation: Accumulation,
    /// What a higher value means.
    pub direction: Direction,
    /// Last complete day of what measures it.
    pub through: Option<Day>,
    /// Value of the days that are over.
    pub actual: Option<f64>,
    /// What was to be reached by now.
    pub line: Option<f64>,
    /// What is to be reached.
    pub target: Option<f64>,
    /// Actual over line.
    pub pace: Option<f64>,
    /// Days ahead of the line.
    pub lead: Option<f64>,
    /// Share of the target, or of the way from the baseline, that is reached.
    pub attainment: Option<f64>,
    /// What each of the next days needs, in order of days, seven at most.
    pub required: Vec<f64>,
    /// How much more a day than so far is needed: 1 is as much.
    pub uplift: Option<f64>,
    /// What the line is ahead of the actual value by the end of each of the next days; below 0 is there already.
    pub due_by: Vec<(Day, f64)>,
    /// What is expected at the end; `None` with fewer than seven days.
    pub outlook: Option<Outlook>,
    /// The verdict.
    pub standing: TargetWord,
    /// Why there is no value to date; where a part lacks it, with its name.
    pub missing: Option<String>,
}

/// A plan in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanRow {
    /// The plan as stored.
    pub plan: Plan,
    /// What it shows as today.
    pub status: PlanStatus,
    /// Its primary target; `None` without one.
    pub primary: Option<Course>,
    /// Its gauges.
    pub gauges: Gauges,
    /// What they tell.
    pub readings: Vec<GaugeReading>,
    /// The verdict; that of the budget where that is worse. `None` before the plan runs and after it is over.
    pub standing: Option<TargetWord>,
    /// Open tasks after their date.
    pub overdue: usize,
    /// Money granted and spent, in micros.
    pub granted: i64,
    /// Spend of its filter and costs typed by hand.
    pub spent: i64,
}

/// A task with what puts it in order.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskRow {
    /// The task.
    pub task: Task,
    /// The day by which it is to be done.
    pub due: Option<Day>,
    /// Its urgency; 0 for one that is done.
    pub urgency: f64,
    /// The parts of the urgency that are not 0.
    pub why: Vec<(&'static str, f64)>,
    /// Open tasks that it waits for.
    pub needs: Vec<i64>,
    /// Open tasks that wait for it.
    pub blocks: Vec<i64>,
    /// It waits for a day.
    pub waiting: bool,
}

/// A strategy with what its plans do.
#[derive(Debug, Clone, PartialEq)]
pub struct StrategyRow {
    /// Its number.
    pub id: i64,
    /// Share of the granted money of running plans by focus: acquire, retain, revenue, balanced.
    pub budget: [Option<f64>; 4],
    /// Operation types of its plans that are not over.
    pub covers: Vec<crate::domain::plans::OpType>,
}

/// The list of plans, and everything that forms need.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlanBoard {
    /// All records as stored.
    pub book: Book,
    /// Plans: running ones worst first, then those to review, then the others; closed ones last.
    pub plans: Vec<PlanRow>,
    /// Strategies, the active ones first.
    pub strategies: Vec<StrategyRow>,
    /// Tasks: open ones by urgency, then those that wait, then those that are done, newest first.
    pub tasks: Vec<TaskRow>,
}

/// A node of a tree with its numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct TreeRow {
    /// The node; of the row that closes a measured sum only the label means anything, and its id is 0.
    pub node: Node,
    /// Steps below the top.
    pub depth: usize,
    /// Unit of its values.
    pub unit: Unit,
    /// How it adds up.
    pub accumulation: Accumulation,
    /// What a higher value means.
    pub direction: Direction,
    /// Measured in the baseline window.
    pub base: Option<f64>,
    /// What it is held against.
    pub line: Option<f64>,
    /// Value to date.
    pub actual: Option<f64>,
    /// Actual over line.
    pub pace: Option<f64>,
    /// Its part in the gap of the top.
    pub blame: Option<f64>,
    /// The value that would close the gap alone.
    pub alone: Option<f64>,
    /// Best value of the last twelve windows of as many days.
    pub best: Option<f64>,
    /// Whether that value was ever reached; `None` where it is not known.
    pub can: Option<bool>,
    /// Measured less computed, where that is more than half a percent.
    pub mismatch: Option<f64>,
    /// What the targets of its parts come to, where that is another than its own target.
    pub parts_give: Option<f64>,
    /// Why there is no value.
    pub missing: Option<String>,
}

/// Share of its target from which a plan has met it.
pub const MET: f64 = 0.95;
/// Share of its target from which a plan has exceeded it.
pub const EXCEEDED: f64 = 1.05;

/// A guardrail or an influence.
#[derive(Debug, Clone, PartialEq)]
pub struct GuardRow {
    /// Its numbers.
    pub row: TreeRow,
    /// Whether it is kept; `None` for an influence, or where nothing is measured.
    pub kept: Option<bool>,
}

/// A round of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundRow {
    /// Its plan.
    pub plan: i64,
    /// Which round.
    pub round: i64,
    /// Its days.
    pub span: Span,
    /// What it shows as.
    pub status: PlanStatus,
    /// Target of the primary.
    pub target: Option<f64>,
    /// What was reached.
    pub actual: Option<f64>,
    /// Its share of the target.
    pub attainment: Option<f64>,
    /// Money spent, in micros.
    pub spent: i64,
}

/// A lesson offered to a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferRow {
    /// The lesson.
    pub lesson: Lesson,
    /// The round it comes from.
    pub round: i64,
    /// What was made of it.
    pub state: UseState,
    /// Whether it proved true in this round; `None` until somebody has said so.
    pub held: Option<bool>,
}

/// One plan with everything about it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanView {
    /// Its row of the list.
    pub head: PlanRow,
    /// What it is held against.
    pub against: Against,
    /// Its tree, a parent before its parts; the primary first. Frozen numbers once it is closed.
    pub tree: Vec<TreeRow>,
    /// Guardrails, then influences.
    pub guards: Vec<GuardRow>,
    /// The top's own line less what the lines of its parts come to; these spread over the days in their own way.
    pub residual: Option<f64>,
    /// Course of every node with a target, by node.
    pub progress: Vec<Course>,
    /// Values of a node by day to draw: node, days, lines.
    pub series: Vec<NodeSeries>,
    /// What was to be expected half-way, once it is closed.
    pub said: Option<Said>,
    /// The record of the forecasts of all closed plans.
    pub forecasts: Calibration,
    /// Its phases.
    pub phases: Vec<Phase>,
    /// Its tasks in the order of the board.
    pub tasks: Vec<TaskRow>,
    /// Its resources with what was spent of each, in micros or millionths.
    pub resources: Vec<(Resource, i64)>,
    /// Changes since it runs, newest first.
    pub revisions: Vec<Revision>,
    /// Journal of its days: its own lines, and those of no plan.
    pub journal: Vec<Journal>,
    /// Lines of the journal that the charts of its nodes mark, also from before it.
    pub marked: Vec<Journal>,
    /// All rounds of its series, oldest first.
    pub rounds: Vec<RoundRow>,
    /// Lessons of the rounds before.
    pub offers: Vec<OfferRow>,
    /// Its review; filled in from the facts where nobody has written one.
    pub review: Review,
    /// Lessons of its review.
    pub lessons: Vec<Lesson>,
    /// The review is only filled in, not stored.
    pub review_is_draft: bool,
    /// How it ended by its numbers; `None` while it runs, or where they say nothing.
    pub proposed: Option<Verdict>,
}

impl PlanView {
    /// What the lines of the parts come to; without a residual the top's own line.
    pub fn line_of_parts(&self) -> Option<f64> {
        let own = self.tree.first()?.line?;
        Some(own - self.residual.unwrap_or(0.0))
    }

    /// The gap that the parts explain: from what their lines come to, to what was reached.
    pub fn gap(&self) -> Option<f64> {
        Some(self.tree.first()?.actual? - self.line_of_parts()?)
    }
}

/// A node's days.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeSeries {
    /// The node.
    pub node: i64,
    /// First day.
    pub first: Day,
    /// A value a day; `None` where nothing is observed.
    pub values: Vec<Option<f64>>,
}

/// How a sum's target is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Share {
    /// In proportion to the baselines.
    #[default]
    Share,
    /// The gap by weight.
    Weight,
}

/// A proposal for the parts of a node.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProposeQuery {
    /// The plan.
    pub plan: i64,
    /// The node whose target is shared; one without parts stands for its parent.
    pub node: i64,
    /// Its target where it is not the stored one.
    pub target: Option<f64>,
    /// Values typed for parts; each locks its node.
    pub typed: Vec<(i64, f64)>,
    /// Parts locked or freed other than stored.
    pub locked: Vec<(i64, bool)>,
    /// Weights other than stored.
    pub weights: Vec<(i64, f64)>,
    /// How sums are shared.
    pub share: Share,
}

/// How likely a proposed value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Beyond the best of twelve windows.
    Stretch,
    /// Far beyond.
    Unlikely,
    /// Typed by hand.
    Typed,
}

impl Mark {
    /// That of a value that is beyond the best of its windows, or far beyond.
    pub fn of(is_stretch: bool, is_unlikely: bool) -> Option<Self> {
        match (is_unlikely, is_stretch) {
            (true, _) => Some(Self::Unlikely),
            (false, true) => Some(Self::Stretch),
            (false, false) => None,
        }
    }
}

/// What is asked of a metric while the target of a new plan is typed.
#[derive(Debug, Clone, PartialEq)]
pub struct PastQuery {
    /// What measures it, as a node names it.
    pub metric: String,
    /// The days of the plan.
    pub days: Span,
}

/// What a metric gave before the days of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Past {
    /// The baseline that the plan would get, and its window; `None` where less than a week is known.
    pub base: Option<(f64, Span)>,
    /// Of the last windows of as many days: the best, and what is unlikely.
    pub bounds: Option<Bounds>,
    /// How many windows these are, at most twelve.
    pub windows: usize,
}

/// A node in a proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct ProposalRow {
    /// The node as stored.
    pub node: Node,
    /// Steps below the node that is shared.
    pub depth: usize,
    /// Unit of its values.
    pub unit: Unit,
    /// Its baseline.
    pub base: Option<f64>,
    /// Its target as stored.
    pub old: Option<f64>,
    /// Its target as proposed.
    pub new: Option<f64>,
    /// It is not proposed, but kept.
    pub locked: bool,
    /// Its last twelve windows of as many days, oldest first.
    pub history: Vec<Option<f64>>,
    /// Share of the windows below the new value, in percent.
    pub percentile: Option<u8>,
    /// Beyond all but a part of this.
    pub unlikely_above: Option<f64>,
    /// The mark beside it.
    pub mark: Option<Mark>,
}

/// Targets proposed for the parts of a node. Nothing is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What was asked.
    pub query: ProposeQuery,
    /// The node, then all nodes below it.
    pub rows: Vec<ProposalRow>,
    /// Why it cannot be done, with by how much; `None` where it can.
    pub problem: Option<String>,
    /// The arithmetic in words, one line a node with parts.
    pub checks: Vec<String>,
    /// Targets that would change.
    pub changes: usize,
    /// The plan runs, so that a reason is needed.
    pub needs_reason: bool,
}

/// A way to break a node down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakRow {
    /// The way.
    pub how: Break,
    /// What it is: `orders x order value`.
    pub about: String,
    /// Labels of the parts.
    pub parts: Vec<String>,
}
