//! Answers queries (store reads and metrics) and runs commands (ingest into store). No terminal.

pub mod demo;
mod error;

pub use error::EngineError;

use crate::domain::calendar::{Calendar, Day, Instant};

/// The time of a question, given from outside so that every answer can be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Now.
    pub now: Instant,
    /// `--today`: rows of this day and later are not seen, and nothing is complete beyond the day before.
    pub today: Option<Day>,
}

impl Clock {
    /// Today in the workspace's zone, or the day given with `--today`.
    pub fn day(&self, calendar: &Calendar) -> Day {
        self.today.unwrap_or_else(|| calendar.day_of(self.now))
    }
}
