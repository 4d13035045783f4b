//! Reads operators' files into records: sniffing, mapping, one streaming reader, one policy for bad rows.
//! Knows no database.
//!
//! ```text
//! inspect(path, map) -> Shape  encoding, delimiter, titles, first rows
//! propose(shape) -> Mapping    which column goes where
//! read(path, ..) -> Rows       one row after another: a record, a rejected row with its reason, or a blank one
//! Stream::open(input)          the same of a pipe, as its rows come
//! ```
//! Both cut the same text the same way: `bytes` unpacks, `text` decodes, `splitter` cuts, `parser` makes fates.
//! Errors and rejected rows carry raw text of the file; whoever shows it makes it safe.

mod bytes;
mod cells;
mod detect;
mod drafts;
mod encoding;
mod events;
mod fields;
mod formats;
mod head;
mod json;
mod mapping;
mod number;
mod parser;
mod reading;
mod records;
mod refusal;
mod rows;
mod shape;
mod splitter;
mod stream;
mod table;
mod text;
mod time;
mod usual;
mod values;
mod words;

pub use fields::{Field, field_names};
pub use mapping::{Column, Mapping, propose};
pub use parser::{Fate, Row, Rules};
pub use rows::{Rows, read};
pub use shape::{Shape, inspect};
pub use stream::{Next, Stream};
pub use table::{TableRow, table};

/// Longest row, in bytes (reliability: bounded memory on any input).
const ROW_LIMIT: usize = 1 << 20;
/// Longest field, in bytes.
const FIELD_LIMIT: usize = 64 << 10;

/// Whose mistake it is that a file is not loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The file is none that can be read.
    File,
    /// What was said about it does not go together.
    Request,
}

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
    /// Whose mistake it is.
    pub fault: Fault,
}

impl NotUnderstood {
    fn new(file: &str, line: Option<u64>, why: impl Into<String>, next: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, why: why.into(), next: next.into(), fault: Fault::File }
    }

    fn request(file: &str, why: impl Into<String>, next: impl Into<String>) -> Self {
        Self { fault: Fault::Request, ..Self::new(file, None, why, next) }
    }
}

/// The system stopped reading in the middle: a failing disk. The rows before it were delivered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: reading stopped here: {why}; get the whole file and import it again")]
pub struct ReadFailure {
    /// File as given.
    pub file: String,
    /// First line that could not be read.
    pub line: u64,
    /// What the system said.
    pub why: String,
}

/// `1 row`, `2 rows`.
fn counted(n: impl Into<u64>, noun: &str) -> String {
    let n = n.into();
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// The flag that sends a column to a field, as a shell takes it.
fn map_flag(title: &str, field: &str) -> String {
    let plain = title.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    if plain { format!("--map {title}={field}") } else { format!("--map '{title}={field}'") }
}
