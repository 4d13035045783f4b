//! What a report is asked for.

use crate::domain::calendar::{Grain, Span};

use super::super::table::Format;

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Asked {
    /// Its days.
    pub period: Span,
    /// Week or month.
    pub grain: Grain,
    /// Exact cells, or those of a table for reading.
    pub cells: Format,
}

impl Asked {
    pub fn is_exact(self) -> bool {
        self.cells == Format::Csv
    }
}
