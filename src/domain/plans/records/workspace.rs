//! What is said of a workspace beside its plans: settings, and imports that were typed.

use serde::{Deserialize, Serialize};

/// A setting, or a threshold that was set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// Its name: `zone`, `threshold.stale_days`.
    pub key: String,
    /// Its value as text.
    pub value: String,
}

/// An import of rows that somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Its number.
    pub id: i64,
    /// [`Batch::IN`] or [`Batch::OUT`].
    pub state: i64,
}

impl Batch {
    /// Its rows are in the numbers.
    pub const IN: i64 = 1;
    /// Its rows are taken out.
    pub const OUT: i64 = 2;
}
