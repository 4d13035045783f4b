//! What a form asks the engine while its cursor is in a field, so that what is typed can be held against it.

use crate::query::{Answer, Query};

use super::super::super::PanelId;
use super::super::super::load::Load;
use super::Values;

/// The answer in words: beside the field, and on the line below the screen.
pub struct Told {
    /// At most 28 cells; empty where what was typed is told as it is read.
    pub beside: String,
    /// What the field's hint is followed by.
    pub line: String,
}

/// A question about the values of a form, asked while the cursor is in one field.
pub struct Lookup {
    /// The field.
    pub field: &'static str,
    /// Whose answers are its own.
    pub panel: PanelId,
    /// The question; `None` while something is missing for it.
    pub ask: fn(&Values<'_>) -> Option<Query>,
    /// The answer in words.
    pub tell: fn(&Answer, &Values<'_>) -> Option<Told>,
}

/// A lookup with its last question and answer.
pub(super) struct Looked {
    pub lookup: Lookup,
    pub asked: Option<Query>,
    pub answer: Load<Answer>,
}

impl Looked {
    pub fn new(lookup: Lookup) -> Self {
        Self { lookup, asked: None, answer: Load::Idle }
    }

    /// Takes the question of now; whether it is another than before.
    pub fn turns_to(&mut self, query: Option<Query>) -> bool {
        if self.asked == query {
            return false;
        }
        // What was answered to another question is not told of this one.
        self.answer = if query.is_some() { Load::Loading(None) } else { Load::Idle };
        self.asked = query;
        self.asked.is_some()
    }
}
