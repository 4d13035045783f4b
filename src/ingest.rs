//! Reads operators' files into records: sniffing, mapping, one streaming reader, one policy for bad rows.
//! Knows no database.
//!
//! ```text
//! inspect(path) -> Shape     encoding, delimiter, titles, first rows
//! propose(shape) -> Mapping  which column goes where
//! read(path, ..) -> Rows     one row after another: a record, a rejected row with its reason, or a blank one
//! ```
//! Errors and rejected rows carry raw text of the file; whoever shows it makes it safe.

mod bytes;
mod encoding;
mod fields;
mod json;
mod mapping;
mod number;
mod records;
mod rows;
mod shape;
mod splitter;
mod stream;
mod time;

pub use fields::{Field, field_names};
pub use mapping::{Column, Mapping, propose};
pub use rows::{Fate, Row, Rows, Rules, read};
pub use shape::{Shape, inspect};
pub use stream::{Next, Stream};

/// Longest row, in bytes (reliability: bounded memory on any input).
const ROW_LIMIT: usize = 1 << 20;
/// Longest field, in bytes.
const FIELD_LIMIT: usize = 64 << 10;

/// A file that is not understood as a whole: nothing of it is loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {why}; {next}", line.map(|l| format!(":{l}")).unwrap_or_default())]
pub struct NotUnderstood {
    /// File as given.
    pub file: String,
    /// Line, where one is to blame.
    pub line: Option<u64>,
    /// What is wrong.
    pub why: String,
    /// What to do next.
    pub next: String,
}

impl NotUnderstood {
    fn new(file: &str, line: Option<u64>, why: impl Into<String>, next: &str) -> Self {
        Self { file: file.to_owned(), line, why: why.into(), next: next.to_owned() }
    }
}

/// Reading stopped in the middle: a cut gzip, a failing disk. The rows before it were delivered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: reading stopped here: {why}; get the whole file and import it again")]
pub struct ReadFailure {
    /// File as given.
    pub file: String,
    /// First line that could not be read.
    pub line: u64,
    /// What the system or the unpacker said.
    pub why: String,
}
