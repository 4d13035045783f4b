//! The daily check-in: what it starts from, and what it ends with.

use crate::domain::calendar::Instant;
use crate::domain::plans::{Answered, Checkin, Edit, Task};

use super::{MissingNumbers, Today};

/// What a person is led through.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckInBoard {
    /// When it was asked for.
    pub asked: Instant,
    /// The answer of the Today screen.
    pub today: Today,
    /// Numbers that somebody waits for.
    pub missing: MissingNumbers,
    /// Open tasks that belong to a node of a plan.
    pub on_nodes: Vec<Task>,
    /// This person's check-ins, the newest first.
    pub history: Vec<Checkin>,
    /// Work days in a row with one of them, to today or to the last work day.
    pub streak: usize,
}

/// A check-in that has come to its end. Whose it is, its day and its length are the engine's to say.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedIn {
    /// When it was begun.
    pub begun: Instant,
    /// What was decided on the way: tasks, causes that are put off, notes.
    pub changes: Edit,
    /// Tasks chosen for the day, by their numbers.
    pub focus: Vec<i64>,
    /// The brief, line by line.
    pub brief: Vec<String>,
    /// What was answered.
    pub facts: Vec<Answered>,
}
