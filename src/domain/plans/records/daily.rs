//! What is decided from day to day: what is put off, what is left alone.

use serde::{Deserialize, Serialize};

use super::super::OpType;
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
