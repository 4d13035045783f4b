//! The records, field by field as they stand in the workspace file. An id below 0 is not given yet.

use serde::{Deserialize, Serialize};

use super::{
    Anchor, Curve, FeedbackSource, FeedbackState, Focus, JournalKind, Kiss, NodeOp, NodeRole, NoteKind, NoteVerdict,
    OpType, PhaseKind, PlanStatus, Repeat, ResourceKind, ResourceScope, ResourceState, RevenueLink, StrategyStatus,
    TaskKind, TaskState, UseState, Verdict,
};
use crate::domain::calendar::{Day, Span};

/// Flags stand as 0 and 1.
mod flag {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    pub fn serialize<S: Serializer>(flag: &bool, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_i64(i64::from(*flag))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
        Ok(i64::deserialize(from)? != 0)
    }
}

/// Nested values stand as JSON text.
mod text {
    use serde::de::{DeserializeOwned, Error};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Serialize, S: Serializer>(value: &T, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&serde_json::to_string(value).map_err(serde::ser::Error::custom)?)
    }

    pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        serde_json::from_str(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// A direction for a time: what is to be done, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Strategy {
    /// Its number.
    pub id: i64,
    /// What it is called.
    pub title: String,
    /// What is.
    pub situation: String,
    /// What is in the way.
    pub complication: String,
    /// What is believed to help.
    pub hypothesis: String,
    /// What it is for.
    pub focus: Focus,
    /// First day.
    pub start: Day,
    /// Last day.
    pub finish: Day,
    /// Where it stands.
    pub status: StrategyStatus,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Its number.
    pub id: i64,
    /// Its strategy; a plan without one is shown as such.
    pub strategy_id: Option<i64>,
    /// The campaign that it is a round of: the number of the first round.
    pub series_id: i64,
    /// Which round, from 1.
    pub round: i64,
    /// The round before.
    pub prev_plan_id: Option<i64>,
    /// Its operation type.
    pub op_type: OpType,
    /// What it is for.
    pub focus: Focus,
    /// How, as in [`super::METHODS`] or freely.
    pub method: String,
    /// What it is called.
    pub title: String,
    /// Who answers for it.
    pub owner: String,
    /// Whom it is for.
    pub audience: String,
    /// Where it takes place.
    pub place: String,
    /// What is done.
    pub mechanic: String,
    /// First day.
    pub start: Day,
    /// Last day.
    pub finish: Day,
    /// Days after the last in which its users are watched.
    pub observe_days: i64,
    /// Where it stands, as stored.
    pub status: PlanStatus,
    /// Why it stands there.
    pub status_reason: String,
    /// Spend that is its own.
    #[serde(with = "text")]
    pub spend_filter: Filter,
    /// How it is tied to revenue.
    pub revenue_link: RevenueLink,
    /// Since when its baseline is frozen.
    pub baseline_frozen_at: Option<String>,
    /// Its tree with all numbers as they were when it was closed.
    pub closed_snapshot: Option<String>,
}

impl Plan {
    /// Its days.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.finish)
    }

    /// What it shows as: a running plan is observed after its period, and then to be reviewed.
    pub fn shown(&self, today: Day) -> PlanStatus {
        match self.status {
            PlanStatus::Running if today > self.finish.plus(self.observe_days as i32) => PlanStatus::Review,
            PlanStatus::Running if today > self.finish => PlanStatus::Observing,
            stored => stored,
        }
    }

    /// Title and round, as in lists.
    pub fn name(&self) -> String {
        if self.round > 1 { format!("{} r{}", self.title, self.round) } else { self.title.clone() }
    }
}

/// A part of a plan's period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// Its plan.
    pub plan_id: i64,
    /// Its place.
    pub seq: i64,
    /// What it is.
    pub kind: PhaseKind,
    /// First day.
    pub start: Day,
    /// Last day.
    pub finish: Day,
    /// Its share of the target.
    pub share: f64,
}

/// Rows that count, by values of which one must fit; an empty list is no limit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// First-touch channels, or channels of spend.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
    /// Platforms.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
    /// Streams of money.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub streams: Vec<String>,
}

impl Filter {
    /// Whether everything counts.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// Its values in one line: `feed-a`, `ios`.
    pub fn words(&self) -> String {
        let lists = [&self.channels, &self.platforms, &self.streams];
        lists.into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")
    }
}

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

/// Something a plan needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// Its number.
    pub id: i64,
    /// Its plan.
    pub plan_id: i64,
    /// Whose it is.
    pub scope: ResourceScope,
    /// What it is.
    pub kind: ResourceKind,
    /// What it is called.
    pub name: String,
    /// Who gives it.
    pub provider: String,
    /// How far it has come.
    pub state: ResourceState,
    /// Asked for: micros of money, millionths of anything else.
    pub planned_micros: i64,
    /// Given.
    pub granted_micros: i64,
    /// The day by which it is needed.
    pub needed_by: Option<Day>,
}

/// A cost typed by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Its number.
    pub id: i64,
    /// Its plan.
    pub plan_id: i64,
    /// The resource it uses.
    pub resource_id: Option<i64>,
    /// The day.
    pub day: Day,
    /// How much.
    pub amount_micros: i64,
    /// What for.
    pub note: String,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its number.
    pub id: i64,
    /// Its plan.
    pub plan_id: Option<i64>,
    /// The node that it moves.
    pub node_id: Option<i64>,
    /// Its operation type.
    pub op_type: OpType,
    /// What is to be done.
    pub title: String,
    /// What kind of work it is.
    pub kind: TaskKind,
    /// What its date counts from.
    pub anchor: Option<Anchor>,
    /// Days from there.
    pub offset_days: Option<i64>,
    /// The day by which it is to be done, where it does not count from the plan.
    pub due: Option<Day>,
    /// The day on which it is to be begun.
    pub scheduled: Option<Day>,
    /// Nothing can be done before this day.
    pub wait_until: Option<Day>,
    /// How far it has come.
    pub state: TaskState,
    /// The day it came up.
    pub created: Day,
    /// The day it was done or dropped.
    pub done_at: Option<Day>,
    /// Minutes it is thought to take.
    pub estimate_min: Option<i64>,
    /// Minutes it took.
    pub actual_min: Option<i64>,
    /// 0 none, 1 `!`, 2 `!!`.
    pub priority: i64,
    /// Who does it.
    pub owner: String,
    /// Every so many days.
    pub repeat_days: Option<i64>,
    /// When it comes again.
    pub repeat_mode: Option<Repeat>,
    /// Times it was missed.
    pub missed: i64,
    /// The task that it came from.
    pub spawned_from: Option<i64>,
}

impl Task {
    /// The day by which it is to be done: its own, or counted from the plan.
    pub fn due_day(&self, plan: Option<&Plan>) -> Option<Day> {
        let offset = self.offset_days.unwrap_or(0) as i32;
        match (self.anchor, plan) {
            (Some(Anchor::Start), Some(plan)) => Some(plan.start.plus(offset)),
            (Some(Anchor::Finish), Some(plan)) => Some(plan.finish.plus(offset)),
            _ => self.due,
        }
    }
}

/// A task that must be done before another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Need {
    /// The task that waits.
    pub task_id: i64,
    /// The task that it waits for.
    pub needs_id: i64,
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Journal {
    /// Its number.
    pub id: i64,
    /// When it was written, in UTC.
    pub at: String,
    /// The day it is about.
    pub day: Day,
    /// What it tells.
    pub kind: JournalKind,
    /// Its operation type.
    pub op_type: Option<OpType>,
    /// Its plan.
    pub plan_id: Option<i64>,
    /// Its node.
    pub node_id: Option<i64>,
    /// The text.
    pub body: String,
    /// Its day is left out of baselines, weekday shares and forecasts.
    #[serde(with = "flag")]
    pub exclude_from_baseline: bool,
}

/// What somebody said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feedback {
    /// Its number.
    pub id: i64,
    /// The day.
    pub day: Day,
    /// Who said it.
    pub source: FeedbackSource,
    /// Its operation type.
    pub op_type: Option<OpType>,
    /// The plan it is about.
    pub plan_id: Option<i64>,
    /// The node it is about.
    pub node_id: Option<i64>,
    /// 1 small, 2 bad, 3 very bad.
    pub severity: i64,
    /// How often it was said.
    pub count: i64,
    /// The text.
    pub body: String,
    /// What became of it.
    pub state: FeedbackState,
    /// What it repeats.
    pub duplicate_of: Option<i64>,
    /// The task made of it.
    pub acted_task_id: Option<i64>,
    /// The plan made of it.
    pub acted_plan_id: Option<i64>,
}

/// Somebody who does the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Competitor {
    /// Its number.
    pub id: i64,
    /// What it is called.
    pub name: String,
}

/// What a competitor did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompetitorNote {
    /// Its number.
    pub id: i64,
    /// Who.
    pub competitor_id: i64,
    /// The day.
    pub day: Day,
    /// What.
    pub kind: NoteKind,
    /// The text.
    pub body: String,
    /// What to do about it.
    pub verdict: NoteVerdict,
    /// The plan it is about.
    pub plan_id: Option<i64>,
}

/// What was learned from a plan: goal, result, analysis, insight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// Its number.
    pub id: i64,
    /// The plan.
    pub plan_id: i64,
    /// When it was closed, in UTC.
    pub done_at: Option<String>,
    /// What was to be reached.
    pub goal: String,
    /// What was.
    pub result: String,
    /// Why.
    pub analysis: String,
    /// What follows.
    pub insight: String,
    /// How it ended.
    pub verdict: Option<Verdict>,
    /// What of it was luck.
    pub luck: String,
}

/// One thing learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// Its number.
    pub id: i64,
    /// The review.
    pub review_id: i64,
    /// What to do.
    pub kiss: Kiss,
    /// The text.
    pub body: String,
    /// The operation type it holds for.
    pub op_type: OpType,
    /// The method it holds for.
    pub method: String,
    /// The fact it stands on.
    pub evidence: String,
    /// The node it stands on.
    pub node_id: Option<i64>,
    /// 1 guessed, 2 likely, 3 sure.
    pub confidence: i64,
}

/// What a later round made of a lesson.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LessonUse {
    /// The lesson.
    pub lesson_id: i64,
    /// The plan it is offered to.
    pub plan_id: i64,
    /// What was made of it.
    pub state: UseState,
    /// Why.
    pub reason: String,
    /// Whether it proved true there.
    pub held: Option<i64>,
}

macro_rules! record {
    ($($kind:ident,)+) => {
        /// A record of any kind.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Record {
            $(#[doc = concat!("[`", stringify!($kind), "`].")] $kind($kind),)+
        }

        $(impl From<$kind> for Record {
            fn from(record: $kind) -> Self {
                Self::$kind(record)
            }
        })+

        impl Record {
            /// The table it stands in, and its columns.
            pub(super) fn parts(&self) -> (super::Table, serde_json::Result<serde_json::Value>) {
                match self {
                    $(Self::$kind(record) => (super::Table::$kind, serde_json::to_value(record)),)+
                }
            }

            /// The record of a table with these columns.
            pub(super) fn read(table: super::Table, value: serde_json::Value) -> serde_json::Result<Self> {
                match table {
                    $(super::Table::$kind => serde_json::from_value::<$kind>(value).map(Self::$kind),)+
                }
            }
        }
    };
}

record! {
    Strategy, Plan, Phase, Node, Revision, Resource, Cost, Task, Need, Journal, Feedback, Competitor, CompetitorNote,
    Review, Lesson, LessonUse,
}
