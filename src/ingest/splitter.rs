//! Bytes into rows, with the line each begins on. A quote that stays open, or a row over 1 MiB, costs its own line only
//! (formats.md A14). Bytes are pushed in as they come; how they are cut into chunks changes nothing, and every byte is
//! looked at a bounded number of times.

use super::ROW_LIMIT;

/// Bytes kept of a line that is too long.
const HEAD: usize = 4096;
/// Room for bytes that come, at a time.
const ROOM: usize = 1 << 16;

/// Cuts UTF-8 bytes into rows.
#[derive(Debug)]
pub(super) struct Splitter {
    /// Bytes at hand, then room that was made once and is used again.
    buffer: Vec<u8>,
    filled: usize,
    /// Where the next row begins in the buffer.
    start: usize,
    /// How far it has been looked at.
    seen: Seen,
    given_up: Option<GivenUp>,
    /// What is left of a line that is too long; it is dropped as it comes.
    skipping: Option<Vec<u8>>,
    began: bool,
    ended: bool,
    /// Line on which the next row begins; the first is 1.
    line: u64,
    /// Bytes before `start`.
    offset: u64,
    /// `None` cuts at line ends only.
    delimiter: Option<u8>,
}

/// How far a row has been looked at.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// Bytes from its start.
    bytes: usize,
    /// Line ends within quotes.
    lines: u64,
    quoted: bool,
}

impl Seen {
    /// Goes on where a row was given up that passed this line end within quotes as well. The row begins at `offset`, on
    /// `line`.
    fn catch_up(&mut self, given_up: Option<GivenUp>, offset: u64, line: u64) {
        if let Some(given_up) = given_up.filter(|g| offset + (self.bytes as u64) < g.place) {
            self.bytes = (given_up.place - offset) as usize;
            self.lines = given_up.line - line;
            self.quoted = given_up.quoted;
        }
    }
}

/// Where the last row stood that was given up with its quote open. Every line end before it lay within quotes, so whoever
/// passes one of them within quotes comes to stand there as well.
#[derive(Debug, Clone, Copy)]
struct GivenUp {
    /// Counted like `Splitter::offset`.
    place: u64,
    line: u64,
    quoted: bool,
}

/// Where a row lies in the buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) line: u64,
    /// Offset after the row and its line end.
    pub(super) end: u64,
    from: usize,
    to: usize,
    /// Whether a line end stands after it; only the last row may have none.
    pub(super) closed: bool,
    pub(super) whole: Whole,
}

/// Whether a row can be split into cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Yes,
    OpenQuote,
    TooLong,
}

/// What a look at the bytes at hand gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Row(Cut),
    /// More bytes are needed, or the word that none come.
    More,
    End,
}

/// A line end: its place from the start of the row, and its length.
type LineEnd = (usize, usize);

impl Splitter {
    pub(super) fn new(delimiter: Option<u8>) -> Self {
        Self {
            buffer: Vec::new(),
            filled: 0,
            start: 0,
            seen: Seen::default(),
            given_up: None,
            skipping: None,
            began: false,
            ended: false,
            line: 1,
            offset: 0,
            delimiter,
        }
    }

    /// Line on which the next row begins.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Bytes at hand from the start of the row.
    fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..self.filled).unwrap_or_default()
    }

    /// Bytes up to the last row that was cut.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The bytes of a row that [`Splitter::next`] gave last, with its line end.
    pub(super) fn with_end(&self, cut: Cut) -> &[u8] {
        let to = if cut.whole == Whole::TooLong { cut.to } else { self.start };
        self.buffer.get(cut.from..to).unwrap_or_default()
    }

    /// The bytes of a row that [`Splitter::next`] gave last.
    pub(super) fn bytes(&self, cut: Cut) -> &[u8] {
        self.buffer.get(cut.from..cut.to).unwrap_or_default()
    }

    /// Bytes at hand, where a row begins with the first.
    pub(super) fn at_hand(&self) -> &[u8] {
        if self.began && self.skipping.is_none() { self.rest() } else { &[] }
    }

    /// Goes on behind rows that were taken from the bytes at hand, a line each.
    pub(super) fn pass(&mut self, bytes: usize, rows: u64) {
        if rows > 0 {
            self.start += bytes;
            self.offset += bytes as u64;
            self.line += rows;
            self.seen = Seen::default();
        }
    }

    /// Appends what `fill` writes into the room it is given; it says how much.
    pub(super) fn push<E>(&mut self, fill: impl FnOnce(&mut [u8]) -> Result<usize, E>) -> Result<usize, E> {
        if self.start > 0 && self.start >= self.filled / 2 {
            self.buffer.copy_within(self.start..self.filled, 0);
            (self.start, self.filled) = (0, self.filled - self.start);
        }
        if self.buffer.len() < self.filled + ROOM {
            self.buffer.resize(self.filled + ROOM, 0);
        }
        let filled = fill(self.buffer.get_mut(self.filled..self.filled + ROOM).unwrap_or_default());
        self.filled += filled.as_ref().copied().unwrap_or(0);
        filled
    }

    /// Puts bytes in place of those that were cut.
    fn replace_cut(&mut self, bytes: &[u8]) {
        self.buffer.splice(..self.start, bytes.iter().copied());
        self.filled = self.filled - self.start + bytes.len();
    }

    /// Puts bytes that were cut before back in front, and cuts all that follows by a delimiter; `line` is their first.
    pub(super) fn again(&mut self, bytes: &[u8], line: u64, delimiter: Option<u8>) {
        self.replace_cut(bytes);
        self.offset = self.offset.saturating_sub(bytes.len() as u64);
        (self.start, self.line, self.delimiter) = (0, line, delimiter);
        (self.seen, self.given_up) = (Seen::default(), None);
    }

    /// Says that nothing more comes.
    pub(super) fn finish(&mut self) {
        self.ended = true;
    }

    /// The next row of the bytes at hand.
    pub(super) fn next(&mut self) -> Step {
        if !self.began && !self.begin() {
            return Step::More;
        }
        if self.skipping.is_some() {
            return self.skip();
        }
        let rest = self.rest().len();
        if rest == 0 {
            return if self.ended { Step::End } else { Step::More };
        }
        match self.look() {
            Some((len, end)) if len <= ROW_LIMIT => Step::Row(self.take(len, end, self.seen.lines + 1, Whole::Yes)),
            None if self.seen.bytes <= ROW_LIMIT && !self.ended => Step::More,
            None if rest <= ROW_LIMIT && !self.seen.quoted => Step::Row(self.take(rest, 0, 1, Whole::Yes)),
            _ => self.give_up(),
        }
    }

    /// Skips a byte order mark; false until it can be told.
    fn begin(&mut self) -> bool {
        if self.filled < 3 && !self.ended {
            return false;
        }
        if self.rest().starts_with(b"\xEF\xBB\xBF") {
            (self.start, self.offset) = (3, 3);
        }
        self.began = true;
        true
    }

    /// Looks for the end of the row from where it was left, at most one byte beyond the limit.
    fn look(&mut self) -> Option<LineEnd> {
        let row = self.buffer.get(self.start..self.filled).unwrap_or_default();
        let Some(delimiter) = self.delimiter else {
            let found = find_line(row, self.seen.bytes, self.ended);
            self.seen.bytes = found.err().unwrap_or(self.seen.bytes);
            return found.ok();
        };
        loop {
            let Seen { bytes: from, quoted, .. } = self.seen;
            let to = row.len().min(ROW_LIMIT + 1).max(from);
            let window = row.get(from..to).unwrap_or_default();
            let Some(at) = memchr::memchr3(b'"', b'\n', b'\r', window).map(|at| from + at) else {
                self.seen.bytes = to;
                return None;
            };
            let next = row.get(at + 1).copied();
            self.seen.bytes = at;
            match (row.get(at).copied(), next) {
                (Some(b'"' | b'\r'), None) if !self.ended => return None,
                (Some(b'"'), Some(b'"')) if quoted => self.seen.bytes += 2,
                (Some(b'"'), _) => {
                    let fresh = at == 0 || row.get(at - 1) == Some(&delimiter);
                    self.seen.quoted = !quoted && fresh;
                    self.seen.bytes += 1;
                }
                (Some(b'\r'), Some(b'\n')) if quoted => self.seen.bytes += 1,
                (Some(_), _) if quoted => {
                    self.seen.lines += 1;
                    self.seen.bytes += 1;
                    self.seen.catch_up(self.given_up, self.offset, self.line);
                }
                (Some(b'\r'), Some(b'\n')) => return Some((at, 2)),
                _ => return Some((at, 1)),
            }
        }
    }

    fn take(&mut self, len: usize, end: usize, lines: u64, whole: Whole) -> Cut {
        let from = self.start;
        let line = self.line;
        self.start += len + end;
        self.offset += (len + end) as u64;
        self.line += lines;
        self.seen = Seen::default();
        Cut { line, end: self.offset, from, to: from + len, closed: end > 0, whole }
    }

    /// Gives up the first line of a row that does not end, and goes on with the next line.
    fn give_up(&mut self) -> Step {
        let whole = if self.seen.quoted { Whole::OpenQuote } else { Whole::TooLong };
        if self.seen.quoted {
            self.given_up = Some(GivenUp {
                place: self.offset + self.seen.bytes as u64,
                line: self.line + self.seen.lines,
                quoted: self.seen.quoted,
            });
        }
        let row = self.buffer.get(self.start..self.filled).unwrap_or_default();
        match find_line(row, 0, self.ended) {
            Ok((len, end)) if len <= ROW_LIMIT => Step::Row(self.take(len, end, 1, whole)),
            Err(_) if self.ended && row.len() <= ROW_LIMIT => Step::Row(self.take(row.len(), 0, 1, whole)),
            _ => {
                self.skipping = Some(row.get(..HEAD).unwrap_or_default().to_vec());
                self.seen = Seen::default();
                self.skip()
            }
        }
    }

    /// Drops a line that is too long as it comes, keeping only its beginning.
    fn skip(&mut self) -> Step {
        let row = self.buffer.get(self.start..self.filled).unwrap_or_default();
        let (drop, closed) = match find_line(row, 0, self.ended) {
            Ok((len, end)) => (len + end, true),
            Err(seen) => (if self.ended { row.len() } else { seen }, false),
        };
        self.start += drop;
        self.offset += drop as u64;
        if !closed && !self.ended {
            return Step::More;
        }
        let line = self.line;
        self.line += 1;
        // The kept beginning goes before the next row.
        let head = self.skipping.take().unwrap_or_default();
        let to = head.len();
        self.replace_cut(&head);
        self.start = to;
        Step::Row(Cut { line, end: self.offset, from: 0, to, closed, whole: Whole::TooLong })
    }
}

/// The first line end at or after a place; else how far there is none.
fn find_line(row: &[u8], from: usize, ended: bool) -> Result<LineEnd, usize> {
    let at = memchr::memchr2(b'\n', b'\r', row.get(from..).unwrap_or_default()).map(|at| from + at);
    match (at, at.and_then(|at| row.get(at)), at.and_then(|at| row.get(at + 1))) {
        (Some(at), Some(b'\r'), Some(b'\n')) => Ok((at, 2)),
        // A carriage return at the very end may be half of a line end.
        (Some(at), Some(b'\r'), None) if !ended => Err(at),
        (Some(at), _, _) => Ok((at, 1)),
        (None, _, _) => Err(row.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::cells::Cells;
    use super::*;
    use proptest::prelude::*;

    type Found = (u64, Vec<u8>, Whole, u64, bool);

    /// All rows, the bytes pushed in chunks of the given sizes, over and over.
    fn in_chunks(bytes: &[u8], delimiter: Option<u8>, sizes: &[usize]) -> Vec<Found> {
        let mut splitter = Splitter::new(delimiter);
        let (mut out, mut rest) = (Vec::new(), bytes);
        let mut sizes = sizes.iter().cycle();
        loop {
            match splitter.next() {
                Step::Row(cut) => {
                    out.push((cut.line, splitter.bytes(cut).to_vec(), cut.whole, cut.end, cut.closed));
                }
                Step::End => return out,
                Step::More if rest.is_empty() => splitter.finish(),
                Step::More => {
                    let (now, later) = rest.split_at(rest.len().min(*sizes.next().unwrap()));
                    rest = later;
                    let pushed = splitter.push(|room| {
                        room[..now.len()].copy_from_slice(now);
                        Ok::<_, ()>(now.len())
                    });
                    assert_eq!(pushed, Ok(now.len()));
                }
            }
        }
    }

    fn rows(bytes: &[u8], delimiter: Option<u8>) -> Vec<(u64, Vec<u8>, Whole)> {
        in_chunks(bytes, delimiter, &[1 << 16]).into_iter().map(|(line, row, whole, ..)| (line, row, whole)).collect()
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
        bytes.extend(b"\r\nz");
        for delimiter in [Some(b','), None] {
            let found = in_chunks(&bytes, delimiter, &[50_000]);
            assert_eq!((found[1].0, found[1].1.len(), found[1].2), (2, HEAD, Whole::TooLong));
            assert_eq!(found[2], (3, b"z".to_vec(), Whole::Yes, bytes.len() as u64, false));
        }
    }

    #[test]
    fn the_limit_is_the_same_in_chunks_of_any_size() {
        for (len, whole) in [(ROW_LIMIT, Whole::Yes), (ROW_LIMIT + 1, Whole::TooLong)] {
            for end in ["\n", "\r\n", ""] {
                let bytes = [vec![b'x'; len], end.into(), b"y\n".to_vec()].concat();
                let found = in_chunks(&bytes, Some(b','), &[65_536, 1, 7]);
                if !end.is_empty() {
                    assert_eq!((found[0].2, found[1].1.as_slice()), (whole, &b"y"[..]), "{len} {end:?}");
                }
                assert_eq!(found, in_chunks(&bytes, Some(b','), &[40_000]));
            }
        }
    }

    #[test]
    fn a_quote_open_for_a_mebibyte_costs_one_line_and_what_follows_is_read() {
        let line = b"u1,open,2026-05-01\n";
        let bytes = [b"u0,\"open\n".to_vec(), line.repeat(ROW_LIMIT / line.len() + 10)].concat();
        let found = rows(&bytes, Some(b','));
        assert_eq!(found[0], (1, b"u0,\"open".to_vec(), Whole::OpenQuote));
        assert!(found[1..].iter().all(|(_, row, whole)| *whole == Whole::Yes && row.len() + 1 == line.len()));
        assert_eq!(found.last().unwrap().0, (ROW_LIMIT / line.len() + 11) as u64);
    }

    #[test]
    fn a_quote_open_on_every_line_is_looked_at_once() {
        let line = b"x\"y,\"z\n";
        let bytes = line.repeat(3 * ROW_LIMIT / line.len());
        let began = std::time::Instant::now();
        let found = rows(&bytes, Some(b','));
        assert_eq!(found.len() as u64, found.last().unwrap().0);
        assert!(found.iter().all(|(_, row, whole)| *whole == Whole::OpenQuote && row.len() == 6));
        // Looking at a mebibyte for each of these lines takes minutes.
        assert!(began.elapsed().as_secs() < 20);
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
                cells.split(row, b',').texts().map(str::to_owned).collect()
            }).collect();
            prop_assert_eq!(ours, table);
        }

        #[test]
        fn any_bytes_are_cut_without_loss_of_lines(
            bytes in prop::collection::vec(prop::sample::select(b"a,\"\r\n\xff".to_vec()), 0..60),
            sizes in prop::collection::vec(1_usize..9, 1..5),
        ) {
            let found = in_chunks(&bytes, Some(b','), &[1 << 16]);
            prop_assert!(found.windows(2).all(|w| w[0].0 < w[1].0 && w[0].3 < w[1].3));
            prop_assert_eq!(found.last().map_or(0, |row| row.3), bytes.len() as u64);
            prop_assert_eq!(&found, &in_chunks(&bytes, Some(b','), &sizes));
            prop_assert_eq!(in_chunks(&bytes, None, &[1 << 16]), in_chunks(&bytes, None, &sizes));
        }
    }
}
