//! The beginning of a text, line by line, until it shows what the text is.

use super::ROW_LIMIT;
use super::json;
use super::splitter::{Cut, Whole};

/// Rows among which the header is looked for.
pub(super) const HEADER_ROWS: usize = 20;
/// Rows of NDJSON whose keys count as titles.
pub(super) const KEY_ROWS: usize = 100;
/// Bytes looked at, where they hold what is looked for.
const ENOUGH: usize = 256 << 10;
/// Bytes looked at in any case; a line that is too long counts with its beginning.
const MOST: usize = 4 * ROW_LIMIT;
/// Lines of a stream that looks like NDJSON among which one must be an object.
const OBJECT_LINES: usize = 1_000;

/// First lines, with their line ends.
#[derive(Debug, Default)]
pub(super) struct Head {
    text: Vec<u8>,
    /// Each line as it was cut, and where it stands in the text without its line end.
    lines: Vec<(Cut, usize, usize)>,
    /// Lines that are JSON objects, and that begin like one.
    objects: usize,
    braces: usize,
}

impl Head {
    /// Adds a line.
    pub(super) fn push(&mut self, cut: Cut, bytes: &[u8], with_end: &[u8]) {
        let from = self.text.len();
        self.text.extend_from_slice(with_end);
        self.lines.push((cut, from, from + bytes.len()));
        if cut.whole == Whole::TooLong {
            self.text.push(b'\n');
        }
        if bytes.trim_ascii_start().first() == Some(&b'{') {
            self.braces += 1;
            self.objects += usize::from(self.objects < KEY_ROWS && json::fields(bytes).is_ok());
        }
    }

    /// Whether more lines would tell no more.
    pub(super) fn is_enough(&self) -> bool {
        let met = self.objects > 0 || self.lines.len() >= HEADER_ROWS;
        self.text.len() >= MOST || (self.text.len() >= ENOUGH && met)
    }

    /// Whether a stream that is not understood so far is given up.
    pub(super) fn is_hopeless(&self) -> bool {
        let lines = if self.braces > 0 { OBJECT_LINES } else { HEADER_ROWS };
        self.text.len() >= MOST || self.objects >= KEY_ROWS || self.lines.len() >= lines
    }

    /// Whether the lines so far can tell anything.
    pub(super) fn is_telling(&self) -> bool {
        self.objects > 0 || self.braces == 0
    }

    /// Whether the lines so far hold nothing.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim_ascii().is_empty()
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Whether a line is a JSON object.
    pub(super) fn has_object(&self) -> bool {
        self.objects > 0
    }

    /// Lines so far.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// A line as it was cut, counted from 0.
    pub(super) fn line(&self, at: usize) -> Option<(Cut, &[u8])> {
        let (cut, from, to) = self.lines.get(at)?;
        Some((*cut, self.text.get(*from..*to).unwrap_or_default()))
    }

    /// Lines in order.
    pub(super) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.lines.len()).filter_map(|at| Some(self.line(at)?.1))
    }
}
