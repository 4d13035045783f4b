//! What was learned from a plan.

use serde::{Deserialize, Serialize};

use super::super::{Kiss, OpType, UseState, Verdict};

/// What was learned from a plan: goal, result, analysis, insight.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
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
