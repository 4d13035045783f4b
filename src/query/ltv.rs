//! A question about realised lifetime value, and its answer.

use crate::domain::calendar::{Grain, Span};
pub use crate::metrics::ltv::{Among, Cell as LtvCell, Cohort as LtvCohort};
use crate::metrics::number::{Number, State};

use super::Segment;

/// Ages at which value is read where nothing else is said.
pub const LTV_DAYS: [u16; 4] = [7, 30, 90, 180];

/// What the users of each cohort brought by some ages. Money has no platform, so neither has its segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LtvQuery {
    /// First and last cohort: every bucket that overlaps is a row.
    pub span: Span,
    /// Width of a cohort, which a user's first activity decides.
    pub grain: Grain,
    /// The columns.
    pub ages: LtvAges,
    /// Whose heads the value is a share of.
    pub among: Among,
    /// Users that count.
    pub segment: Segment,
}

/// How the age of a cohort is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LtvAges {
    /// Days since each user's first, ascending; a cohort has a value once all of its users are that old.
    Days(Vec<u16>),
    /// Calendar buckets since that of the cohort, 0 to this number; the last may be running.
    Buckets(u16),
}

/// Realised lifetime value.
#[derive(Debug, Clone, PartialEq)]
pub struct LtvTable {
    /// The columns, as asked.
    pub ages: LtvAges,
    /// As asked.
    pub among: Among,
    /// Oldest first, empty ones included.
    pub cohorts: Vec<LtvCohort>,
    /// A column's net over the heads of its complete cohorts together.
    pub overall: Vec<Number>,
    /// Money rows left out because their currency has no rate.
    pub excluded: u64,
}

impl LtvTable {
    /// Micros a head of a cohort at a column: of a mature cohort only where ages are days.
    pub fn value(&self, cohort: &LtvCohort, column: usize) -> Number {
        let state = cohort.cells.get(column).map_or(State::NotReached, |cell| cell.state);
        match (&self.ages, state) {
            (LtvAges::Days(_), State::Running) => Number::None,
            _ => cohort.value(column, self.among),
        }
    }
}
