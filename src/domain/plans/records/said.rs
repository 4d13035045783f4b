//! What was noted: the journal, feedback, competitors.

use serde::{Deserialize, Serialize};

use super::super::{FeedbackSource, FeedbackState, JournalKind, NoteKind, NoteVerdict, OpType};
use super::flag;
use crate::domain::calendar::Day;

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

impl Journal {
    /// Whether its day is left out of what is usual: baselines, weekday shares, forecasts, limits. A holiday always is.
    pub fn is_left_out(&self) -> bool {
        self.exclude_from_baseline || self.kind == JournalKind::Holiday
    }

    /// Whether charts mark its day: something that happened, or a day that is left out.
    pub fn is_marked(&self) -> bool {
        !matches!(self.kind, JournalKind::Note | JournalKind::Checkin) || self.is_left_out()
    }
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
