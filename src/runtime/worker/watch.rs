//! What grows old while nobody writes: the date, the age of sources, the live mark.

use std::time::{Duration, Instant};

use crate::domain::calendar::Day;
use crate::query::Status;

/// A new date or a stale source shows within this time.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// The live mark goes out ten seconds after the last commit.
const LIVE: Duration = Duration::from_millis(10_250);

/// The facts of the frame that change with time alone, as last shown.
pub struct Watch {
    shown: Option<Facts>,
    due: Option<Instant>,
}

#[derive(PartialEq, Eq)]
struct Facts {
    today: Day,
    stale: Vec<(String, i32)>,
    live: bool,
}

impl Watch {
    /// Nothing shown, nothing to look after.
    pub fn new() -> Self {
        Self { shown: None, due: None }
    }

    /// Whether it is time to ask for the status again.
    pub fn is_due(&self) -> bool {
        self.due.is_some_and(|due| due <= Instant::now())
    }

    /// Notes a status; whether it differs from the one before.
    pub fn saw(&mut self, status: &Status) -> bool {
        self.due = Some(Instant::now() + if status.live { LIVE } else { LOOK_EVERY });
        let facts = Facts { today: status.today, stale: status.stale.clone(), live: status.live };
        let differs = self.shown.as_ref().is_some_and(|shown| *shown != facts);
        self.shown = Some(facts);
        differs
    }
}
