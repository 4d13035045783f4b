//! Rows of a stream as they come. Reading has a thread of its own, so that a quiet producer never holds up a commit.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use encoding_rs::UTF_8;

use super::mapping::propose;
use super::rows::{Parser, Row, Rules};
use super::shape::Head;
use super::splitter::Splitter;
use super::{Mapping, NotUnderstood};
use crate::domain::records::Kind;

/// Chunks that may wait between the reading thread and the rows.
const CHUNKS: usize = 16;
/// Name of the stream in messages.
const NAME: &str = "(stream)";

/// What comes next in a stream.
pub enum Next<'a> {
    /// A row.
    Row(Row<'a>),
    /// Nothing came in time.
    Idle,
    /// The input ended; `held` bytes after the last line end were not taken.
    End {
        /// Bytes of the unfinished last line.
        held: u64,
    },
}

/// Rows of CSV, TSV or NDJSON from a pipe.
pub struct Stream {
    chunks: Receiver<io::Result<Vec<u8>>>,
    pending: Vec<u8>,
    taken: usize,
    offset: u64,
    line: u64,
    ended: bool,
    parser: Option<Parser>,
    fingerprint: u64,
    mapping: Option<Mapping>,
    asked: Asked,
}

struct Asked {
    kind: Option<Kind>,
    map: Vec<(String, String)>,
    rules: Rules,
}

impl Stream {
    /// Starts reading.
    pub fn open(mut input: Box<dyn Read + Send>, kind: Option<Kind>, map: &[(String, String)], rules: Rules) -> Self {
        let (sender, chunks) = sync_channel(CHUNKS);
        std::thread::spawn(move || {
            loop {
                let mut chunk = vec![0; 1 << 16];
                let read = input.read(&mut chunk).map(|n| {
                    chunk.truncate(n);
                    chunk
                });
                let last = read.as_ref().map_or(true, Vec::is_empty);
                if sender.send(read).is_err() || last {
                    return;
                }
            }
        });
        Self {
            chunks,
            pending: Vec::new(),
            taken: 0,
            offset: 0,
            line: 1,
            ended: false,
            parser: None,
            fingerprint: 0,
            mapping: None,
            asked: Asked { kind, map: map.to_vec(), rules },
        }
    }

    /// The kind of record, once the first line was understood; waits at most `wait` for it.
    ///
    /// # Errors
    /// When the first line is not understood.
    pub fn ready(&mut self, wait: Duration) -> Result<Option<Kind>, NotUnderstood> {
        while self.mapping.is_none() && !self.ended {
            let rest = self.pending.get(self.taken..).unwrap_or_default();
            match whole_row(rest, Some(b',')) {
                Some((len, lines)) => self.understand(len, lines)?,
                None if !self.receive(wait) => break,
                None => {}
            }
        }
        Ok(self.mapping.as_ref().map(|m| m.kind))
    }

    /// Whether the input has ended.
    pub fn is_over(&self) -> bool {
        self.ended
    }

    /// Takes what comes in time; false where nothing did.
    fn receive(&mut self, wait: Duration) -> bool {
        match self.chunks.recv_timeout(wait) {
            Ok(Ok(chunk)) if !chunk.is_empty() => self.take(&chunk),
            Ok(_) | Err(RecvTimeoutError::Disconnected) => self.ended = true,
            Err(RecvTimeoutError::Timeout) => return false,
        }
        true
    }

    /// Where the columns go, once the first line was understood.
    pub fn mapping(&self) -> Option<&Mapping> {
        self.mapping.as_ref()
    }

    /// Fingerprint of the header, once the first line was understood.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// What was decided while reading.
    pub fn notes(&self) -> Vec<String> {
        self.parser.as_ref().map(Parser::notes).unwrap_or_default()
    }

    /// The next whole row, waiting at most `wait` for it.
    ///
    /// # Errors
    /// When the first line is not understood.
    pub fn next(&mut self, wait: Duration) -> Result<Next<'_>, NotUnderstood> {
        loop {
            let delimiter = self.parser.as_ref().and_then(Parser::delimiter);
            let rest = self.pending.get(self.taken..).unwrap_or_default();
            match whole_row(rest, delimiter) {
                Some((len, lines)) if self.parser.is_some() => return Ok(Next::Row(self.row(len, lines))),
                Some((len, lines)) => self.understand(len, lines)?,
                None if self.ended => return Ok(Next::End { held: rest.len() as u64 }),
                None if !self.receive(wait) => return Ok(Next::Idle),
                None => {}
            }
        }
    }

    fn take(&mut self, chunk: &[u8]) {
        self.pending.drain(..self.taken);
        self.taken = 0;
        self.pending.extend_from_slice(chunk);
    }

    /// Learns the shape from the first line; a header is consumed, an object is a row.
    fn understand(&mut self, len: usize, lines: u64) -> Result<(), NotUnderstood> {
        let first = self.pending.get(self.taken..self.taken + len).unwrap_or_default().to_vec();
        if first.trim_ascii().is_empty() {
            self.skip(len, lines);
            return Ok(());
        }
        let mut shape = Head::of(first).shape(NAME, UTF_8)?;
        let mapping = propose(&shape, self.asked.kind, &self.asked.map, None)?;
        if shape.delimiter.is_some() {
            self.skip(len, lines);
        }
        shape.header_line = 0;
        self.fingerprint = shape.fingerprint;
        self.parser = Some(Parser::new(&shape, &mapping, &self.asked.rules));
        self.mapping = Some(mapping);
        Ok(())
    }

    fn skip(&mut self, len: usize, lines: u64) {
        self.taken += len;
        self.offset += len as u64;
        self.line += lines;
    }

    fn row(&mut self, len: usize, lines: u64) -> Row<'_> {
        let (from, line) = (self.taken, self.line);
        self.skip(len, lines);
        let bytes = self.pending.get(from..from + len).unwrap_or_default();
        let fate = self.parser.as_mut().map(|parser| parser.one(bytes));
        Row { line, end: self.offset, fate: fate.unwrap_or(super::Fate::Blank("empty")) }
    }
}

/// Length of the first row with its line end, and its lines; `None` until the end has come.
fn whole_row(bytes: &[u8], delimiter: Option<u8>) -> Option<(usize, u64)> {
    let newline = memchr::memchr(b'\n', bytes)?;
    let quoted =
        delimiter.is_some() && bytes.first() != Some(&b'{') && memchr::memchr(b'"', bytes.get(..newline)?).is_some();
    if !quoted {
        return Some((newline + 1, 1));
    }
    // A quoted cell may hold line ends: the splitter tells where the row really ends.
    let mut splitter = Splitter::new(bytes, delimiter);
    let cut = splitter.next().ok().flatten()?;
    let ends = bytes.get(usize::try_from(cut.end).ok()? - 1).is_some_and(|b| *b == b'\n');
    ends.then_some((cut.end as usize, splitter.line() - cut.line))
}
