//! Bytes into rows, with the line each begins on. A quote that stays open, or a row over 1 MiB, costs its own line only
//! (formats.md A14).

use std::io::{self, Read};

use super::ROW_LIMIT;

/// Cuts UTF-8 bytes into rows.
pub(super) struct Splitter<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
    /// Line on which the next row begins; the first is 1.
    line: u64,
    /// Bytes before `start`.
    offset: u64,
    /// `None` cuts at line ends only (NDJSON).
    delimiter: Option<u8>,
}

/// Where a row lies in the buffer, and whether it is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) line: u64,
    /// Offset after the row and its line end.
    pub(super) end: u64,
    from: usize,
    to: usize,
    pub(super) whole: Whole,
}

/// Whether a row can be split into cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Yes,
    /// The last line has no line end.
    Unended,
    OpenQuote,
    TooLong,
}

/// A row within what is buffered.
enum Found {
    /// Length without and with the line end, line ends inside.
    Row(usize, usize, u64),
    /// Nothing ends before the buffer does; whether a quote is open.
    More(bool),
}

impl<R: Read> Splitter<R> {
    pub(super) fn new(input: R, delimiter: Option<u8>) -> Self {
        Self { input, buffer: Vec::new(), start: 0, ended: false, line: 1, offset: 0, delimiter }
    }

    /// Line on which the next row begins.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The bytes of a row that [`Splitter::next`] gave last.
    pub(super) fn bytes(&self, cut: Cut) -> &[u8] {
        self.buffer.get(cut.from..cut.to).unwrap_or_default()
    }

    /// Bytes after the last line end, once the input has ended.
    pub(super) fn next(&mut self) -> io::Result<Option<Cut>> {
        if self.offset == 0 && self.start == 0 {
            self.skip_mark()?;
        }
        loop {
            let rest = self.buffer.get(self.start..).unwrap_or_default();
            if rest.is_empty() && self.ended {
                return Ok(None);
            }
            match find(rest, self.delimiter, self.ended) {
                Found::Row(len, _, _) if len > ROW_LIMIT => return self.long_row().map(Some),
                Found::Row(len, with_end, lines) => return Ok(Some(self.take(len, with_end, lines, Whole::Yes))),
                Found::More(open) if rest.len() > ROW_LIMIT || (self.ended && open) => {
                    return if open { self.open_quote() } else { self.long_row() }.map(Some);
                }
                Found::More(_) if self.ended => {
                    let len = rest.len();
                    return Ok(Some(self.take(len, len, 1, Whole::Unended)));
                }
                Found::More(_) => self.fill()?,
            }
        }
    }

    fn take(&mut self, len: usize, with_end: usize, lines: u64, whole: Whole) -> Cut {
        let from = self.start;
        let line = self.line;
        self.start += with_end;
        self.offset += with_end as u64;
        self.line += lines;
        Cut { line, end: self.offset, from, to: from + len, whole }
    }

    /// Gives up the line on which an open quote began, and goes on with the next line.
    fn open_quote(&mut self) -> io::Result<Cut> {
        let rest = self.buffer.get(self.start..).unwrap_or_default();
        match find(rest, None, self.ended) {
            Found::Row(len, with_end, lines) if len <= ROW_LIMIT => {
                Ok(self.take(len, with_end, lines, Whole::OpenQuote))
            }
            Found::More(_) if self.ended && rest.len() <= ROW_LIMIT => {
                let len = rest.len();
                Ok(self.take(len, len, 1, Whole::OpenQuote))
            }
            _ => self.long_row(),
        }
    }

    /// Skips a line that is too long, keeping only its beginning.
    fn long_row(&mut self) -> io::Result<Cut> {
        let line = self.line;
        let head: Vec<u8> = self.buffer.get(self.start..).unwrap_or_default().iter().take(4096).copied().collect();
        loop {
            let rest = self.buffer.get(self.start..).unwrap_or_default();
            match find(rest, None, self.ended) {
                Found::Row(_, with_end, _) => {
                    self.start += with_end;
                    self.offset += with_end as u64;
                    break;
                }
                Found::More(_) => {
                    // A carriage return at the very end may be half of a line end.
                    let keep = usize::from(!self.ended && rest.last() == Some(&b'\r'));
                    let drop = rest.len() - keep;
                    self.start += drop;
                    self.offset += drop as u64;
                    if self.ended {
                        break;
                    }
                    self.fill()?;
                }
            }
        }
        self.line += 1;
        // The kept beginning stands before the next row, where the buffer has room.
        let tail = self.buffer.split_off(self.start);
        self.buffer = head;
        let to = self.buffer.len();
        self.start = to;
        self.buffer.extend_from_slice(&tail);
        Ok(Cut { line, end: self.offset, from: 0, to, whole: Whole::TooLong })
    }

    fn skip_mark(&mut self) -> io::Result<()> {
        while self.buffer.len() < 3 && !self.ended {
            self.fill()?;
        }
        if self.buffer.starts_with(b"\xEF\xBB\xBF") {
            (self.start, self.offset) = (3, 3);
        }
        Ok(())
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 && self.start >= self.buffer.len() / 2 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let old = self.buffer.len();
        self.buffer.resize(old + (1 << 16), 0);
        let read = self.input.read(self.buffer.get_mut(old..).unwrap_or_default());
        let n = *read.as_ref().unwrap_or(&0);
        self.buffer.truncate(old + n);
        self.ended = read? == 0;
        Ok(())
    }
}

/// The first row of `bytes`; `ended` says that nothing follows.
fn find(bytes: &[u8], delimiter: Option<u8>, ended: bool) -> Found {
    let Some(delimiter) = delimiter else { return find_line(bytes, ended) };
    let (mut quoted, mut fresh, mut lines) = (false, true, 1);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if quoted {
            match byte {
                b'"' if bytes.get(at + 1) == Some(&b'"') => at += 1,
                b'"' if at + 1 == bytes.len() && !ended => return Found::More(true),
                b'"' => quoted = false,
                b'\n' => lines += 1,
                b'\r' if bytes.get(at + 1) != Some(&b'\n') => lines += 1,
                _ => {}
            }
        } else if byte == b'\n' {
            return Found::Row(at, at + 1, lines);
        } else if byte == b'\r' {
            return end_at_return(bytes, at, ended, lines);
        } else {
            quoted = byte == b'"' && fresh;
            fresh = byte == delimiter;
        }
        at += 1;
    }
    Found::More(quoted)
}

fn find_line(bytes: &[u8], ended: bool) -> Found {
    match memchr::memchr2(b'\n', b'\r', bytes) {
        Some(at) if bytes.get(at) == Some(&b'\n') => Found::Row(at, at + 1, 1),
        Some(at) => end_at_return(bytes, at, ended, 1),
        None => Found::More(false),
    }
}

/// A carriage return ends a row, alone or with the line feed after it.
fn end_at_return(bytes: &[u8], at: usize, ended: bool, lines: u64) -> Found {
    match bytes.get(at + 1) {
        Some(b'\n') => Found::Row(at, at + 2, lines),
        Some(_) => Found::Row(at, at + 1, lines),
        None if ended => Found::Row(at, at + 1, lines),
        None => Found::More(false),
    }
}

/// Cells of one row, unquoted, in buffers that are used again.
#[derive(Debug, Default)]
pub(super) struct Cells {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    /// Splits a whole row.
    pub(super) fn split(&mut self, row: &[u8], delimiter: u8) {
        self.text.clear();
        self.ends.clear();
        let mut at = 0;
        loop {
            at = self.cell(row, at, delimiter);
            self.ends.push(self.text.len());
            if at >= row.len() {
                break;
            }
            at += 1;
            if at == row.len() {
                self.ends.push(self.text.len());
                break;
            }
        }
    }

    /// Copies the cell at `at` and returns where its delimiter stands, or the end.
    fn cell(&mut self, row: &[u8], mut at: usize, delimiter: u8) -> usize {
        if row.get(at) == Some(&b'"') {
            at += 1;
            loop {
                let rest = row.get(at..).unwrap_or_default();
                let Some(quote) = memchr::memchr(b'"', rest) else {
                    self.text.extend_from_slice(rest);
                    return row.len();
                };
                self.text.extend_from_slice(rest.get(..quote).unwrap_or_default());
                at += quote + 1;
                if row.get(at) != Some(&b'"') {
                    break;
                }
                self.text.push(b'"');
                at += 1;
            }
        }
        let rest = row.get(at..).unwrap_or_default();
        let len = memchr::memchr(delimiter, rest).unwrap_or(rest.len());
        self.text.extend_from_slice(rest.get(..len).unwrap_or_default());
        at + len
    }

    /// Number of cells.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cell as bytes; empty beyond the last.
    pub(super) fn get(&self, at: usize) -> &[u8] {
        let from = if at == 0 { 0 } else { self.ends.get(at - 1).copied().unwrap_or(0) };
        self.ends.get(at).and_then(|to| self.text.get(from..*to)).unwrap_or_default()
    }

    /// Whether all cells together are UTF-8, so that every cell is.
    pub(super) fn is_utf8(&self) -> bool {
        std::str::from_utf8(&self.text).is_ok()
    }

    /// The cell as text; empty where it is not UTF-8.
    pub(super) fn text(&self, at: usize) -> &str {
        std::str::from_utf8(self.get(at)).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(bytes: &[u8], delimiter: Option<u8>) -> Vec<(u64, Vec<u8>, Whole)> {
        let mut splitter = Splitter::new(bytes, delimiter);
        let mut out = Vec::new();
        while let Some(cut) = splitter.next().unwrap() {
            out.push((cut.line, splitter.bytes(cut).to_vec(), cut.whole));
        }
        out
    }

    #[test]
    fn lines_are_those_of_the_file() {
        let found = rows(b"a\r\n\"b\nc\"\rd\n", Some(b','));
        let lines: Vec<u64> = found.iter().map(|r| r.0).collect();
        assert_eq!(lines, [1, 2, 4]);
    }

    #[test]
    fn an_open_quote_costs_its_own_line() {
        let found = rows(b"a\n\"b\nc\n", Some(b','));
        assert_eq!(found[1], (2, b"\"b".to_vec(), Whole::OpenQuote));
        assert_eq!(found[2], (3, b"c".to_vec(), Whole::Yes));
    }

    #[test]
    fn a_line_over_the_limit_is_skipped_and_counted_once() {
        let mut bytes = b"a\n".to_vec();
        bytes.extend(vec![b'x'; 3 * ROW_LIMIT]);
        bytes.extend(b"\nz");
        let found = rows(&bytes, Some(b','));
        assert_eq!((found[1].0, found[1].2), (2, Whole::TooLong));
        assert_eq!(found[2], (3, b"z".to_vec(), Whole::Unended));
    }

    proptest! {
        #[test]
        fn well_formed_rows_split_as_the_csv_crate_splits_them(table in prop::collection::vec(prop::collection::vec("[a,\"\n é]{0,4}", 2..4), 1..6)) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &table {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let mut cells = Cells::default();
            let ours: Vec<Vec<String>> = rows(&bytes, Some(b',')).iter().map(|(_, row, _)| {
                cells.split(row, b',');
                (0..cells.len()).map(|at| cells.text(at).to_owned()).collect()
            }).collect();
            prop_assert_eq!(ours, table);
        }

        #[test]
        fn any_bytes_are_cut_without_loss_of_lines(bytes in prop::collection::vec(prop::sample::select(b"a,\"\r\n\xff".to_vec()), 0..60)) {
            let found = rows(&bytes, Some(b','));
            prop_assert!(found.windows(2).all(|w| w[0].0 < w[1].0));
            let mut splitter = Splitter::new(bytes.as_slice(), Some(b','));
            let mut end = 0;
            while let Some(cut) = splitter.next().unwrap() {
                prop_assert!(cut.end > end);
                end = cut.end;
            }
            prop_assert_eq!(end, bytes.len() as u64);
        }
    }
}
