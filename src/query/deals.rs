//! A question about deals with partners, and its answer.

pub use crate::metrics::deals::{Pile, Stage, Standing};

use crate::domain::calendar::Day;

/// Stages that a deal usually goes through, in their order; the last is where it ends without money. Case does not count.
pub const DEAL_STAGES: [&str; 6] = ["lead", "talk", "signed", "delivered", "received", "lost"];

/// Deals by stage, and what they come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealsQuery {
    /// Stages in the order in which a deal goes through them; empty where it is not said.
    pub stages: Vec<String>,
    /// Stages of a won deal; empty for the usual words.
    pub won: Vec<String>,
    /// Day at whose end it is looked at; `None` is the last day that is complete.
    pub at: Option<Day>,
}

/// Answer to a [`DealsQuery`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealsTable {
    /// Day at whose end it is looked at.
    pub at: Day,
    /// Stages, those of the order first.
    pub stages: Vec<Stage>,
    /// What they come to.
    pub standing: Standing,
    /// Deals whose value is left out because its currency has no rate.
    pub excluded: u64,
}
