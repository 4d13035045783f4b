//! What was typed and not stored yet.

use super::plans::Table;

/// What tells drafts apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DraftKey {
    /// Name of the form or line.
    pub name: String,
    /// The record that it is about; a draft goes with its record.
    pub of: Option<(Table, i64)>,
}

impl DraftKey {
    /// The key of what is about no record.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), of: None }
    }
}

/// The texts of a form or of an entry line that somebody has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it is of.
    pub key: DraftKey,
    /// Fields that were changed, each with its text; none where the draft is over.
    pub texts: Texts,
}

/// Fields with their texts.
pub type Texts = Vec<(String, String)>;
