//! What is decided from day to day: what is put off, what is left alone, what was looked at.

use serde::{Deserialize, Serialize};

use super::super::OpType;
use super::text;
use crate::domain::calendar::Day;

/// A cause that is not shown before a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snooze {
    /// The cause, by its key.
    pub cause: String,
    /// First day on which it is shown again.
    pub until: Day,
}

/// An operation type that is not done on purpose, so that nothing is missing of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Aside {
    /// Which.
    pub op_type: OpType,
    /// Why.
    pub reason: String,
}

/// What a person said to one thing of a check-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// What it is: `source feed-b`, `number leaflets`, a cause by its key, `task 5`.
    pub about: String,
    /// The answer in words: `stale 4d`, `420`, `left open`, `known`, `put off`, `done`.
    pub answer: String,
}

/// A check-in that was gone through to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkin {
    /// Its day in the workspace's zone.
    pub day: Day,
    /// Who did it.
    pub actor: String,
    /// When it ended, in UTC.
    pub finished_at: String,
    /// How long it took.
    pub seconds: i64,
    /// The tasks chosen for the day, by their numbers, the first first.
    #[serde(with = "text")]
    pub focus: Vec<i64>,
    /// The brief that it ended with, line by line.
    pub brief: String,
    /// What was answered on the way.
    #[serde(with = "text")]
    pub facts: Vec<Answered>,
}
