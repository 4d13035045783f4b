//! What was typed and not stored yet.

/// The texts of a form or of an entry line that somebody has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Name of the form or line.
    pub name: String,
    /// Fields that were changed, each with its text; none where the draft is over.
    pub texts: Texts,
}

/// Fields with their texts.
pub type Texts = Vec<(String, String)>;
