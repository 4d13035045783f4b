//! Rows of a stream as they come. Reading has a thread of its own, so that a quiet producer never holds up a commit.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use encoding_rs::{Encoding, UTF_8};

use super::bytes::{self, Damage};
use super::head::Head;
use super::mapping::propose;
use super::parser::{Parser, Row, Rules};
use super::shape::{Look, Shape, charset_name, unreadable};
use super::splitter::{Splitter, Step};
use super::text::Utf8;
use super::{Mapping, NotUnderstood, ReadFailure};
use crate::domain::calendar::Zone;
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
    /// The input ended; [`Stream::held`] and [`Stream::failure`] tell how.
    End,
}

/// Rows of CSV, TSV or NDJSON from a pipe, plain or gzip.
pub struct Stream {
    chunks: Receiver<io::Result<Vec<u8>>>,
    charset: Arc<OnceLock<&'static Encoding>>,
    splitter: Splitter,
    /// First lines, until they are understood and given.
    head: Head,
    /// Lines of the head that were given as rows, where they are rows.
    given: Option<usize>,
    learnt: Option<Learnt>,
    ending: Ending,
    asked: Asked,
    /// Saved mappings by fingerprint of their header.
    saved: BTreeMap<u64, String>,
}

struct Learnt {
    shape: Shape,
    mapping: Mapping,
    parser: Parser,
}

struct Asked {
    kind: Option<Kind>,
    map: Vec<(String, String)>,
    rules: Rules,
}

/// How the input ended.
#[derive(Default)]
struct Ending {
    over: bool,
    damage: Option<Damage>,
    failure: Option<io::Error>,
    /// Bytes of the unfinished last line.
    held: u64,
}

impl Stream {
    /// Starts reading.
    pub fn open(input: Box<dyn Read + Send>, kind: Option<Kind>, map: &[(String, String)], rules: Rules) -> Self {
        let (sender, chunks) = sync_channel(CHUNKS);
        let charset = Arc::new(OnceLock::new());
        let shown = Arc::clone(&charset);
        std::thread::spawn(move || send(input, shown, &sender));
        Self {
            chunks,
            charset,
            splitter: Splitter::new(None),
            head: Head::default(),
            given: None,
            learnt: None,
            ending: Ending::default(),
            asked: Asked { kind, map: map.to_vec(), rules },
            saved: BTreeMap::new(),
        }
    }

    /// Mappings to use for headers of these fingerprints, as [`Mapping::to_json`] gave them.
    #[must_use]
    pub fn remembering(mut self, saved: BTreeMap<u64, String>) -> Self {
        self.saved = saved;
        self
    }

    /// Reads times without a zone in this one. For after [`Stream::ready`] and before the first row: which zone it is
    /// may depend on the header.
    pub fn read_in(&mut self, zone: Zone) {
        self.asked.rules.zone = zone;
        if let Some(learnt) = &mut self.learnt {
            learnt.parser = Parser::new(&learnt.shape, &learnt.mapping, &self.asked.rules);
        }
    }

    /// The kind of record, once the first lines were understood; waits at most `wait` for them.
    ///
    /// # Errors
    /// When they are not understood, or nothing can be read.
    pub fn ready(&mut self, wait: Duration) -> Result<Option<Kind>, NotUnderstood> {
        let until = Instant::now() + wait;
        while self.learnt.is_none() {
            let before = self.splitter.offset();
            match self.splitter.next() {
                Step::Row(cut) if cut.closed => {
                    self.head.push(cut, self.splitter.bytes(cut), self.splitter.with_end(cut));
                    self.learn(self.head.is_hopeless())?;
                }
                Step::Row(cut) => self.ending.held = cut.end - before,
                Step::End => {
                    self.learn(true)?;
                    return self.kind_or_failure();
                }
                Step::More if !self.receive(until) => break,
                Step::More => {}
            }
        }
        Ok(self.mapping().map(|mapping| mapping.kind))
    }

    /// The next whole row, waiting at most `wait` for it.
    ///
    /// # Errors
    /// When the first lines are not understood, or nothing can be read.
    pub fn next(&mut self, wait: Duration) -> Result<Next<'_>, NotUnderstood> {
        let until = Instant::now() + wait;
        if self.ready(wait)?.is_none() {
            return Ok(if self.is_over() { Next::End } else { Next::Idle });
        }
        if let Some(at) = self.given.filter(|at| *at < self.head.len()) {
            self.given = Some(at + 1);
            return Ok(self.learnt.as_mut().zip(self.head.line(at)).map_or(Next::Idle, |(learnt, (cut, row))| {
                Next::Row(Row { line: cut.line, end: cut.end, fate: learnt.parser.fate(row, cut) })
            }));
        }
        if self.given.take().is_some() {
            self.head = Head::default();
        }
        loop {
            let before = self.splitter.offset();
            match self.splitter.next() {
                Step::Row(cut) if !cut.closed => {
                    let Some(damage) = self.ending.damage.take() else {
                        self.ending.held = cut.end - before;
                        continue;
                    };
                    let fate = Parser::broken(damage, self.splitter.bytes(cut));
                    return Ok(Next::Row(Row { line: cut.line, end: cut.end, fate }));
                }
                Step::Row(cut) if self.learnt.as_ref().is_some_and(|l| l.parser.is_below_header(cut)) => {
                    let row = self.splitter.bytes(cut);
                    return Ok(self.learnt.as_mut().map_or(Next::End, |learnt| {
                        Next::Row(Row { line: cut.line, end: cut.end, fate: learnt.parser.fate(row, cut) })
                    }));
                }
                Step::End => return Ok(self.end()),
                Step::More if !self.receive(until) => return Ok(Next::Idle),
                Step::Row(_) | Step::More => {}
            }
        }
    }

    /// Whether the input has ended; rows may be left.
    pub fn is_over(&self) -> bool {
        self.ending.over
    }

    /// Bytes of an unfinished last line, which was not taken.
    pub fn held(&self) -> u64 {
        self.ending.held
    }

    /// What stopped the input before its end.
    pub fn failure(&self) -> Option<ReadFailure> {
        let why = self.ending.failure.as_ref()?.to_string();
        Some(ReadFailure { file: NAME.to_owned(), line: self.splitter.line(), why })
    }

    /// Where the columns go, once the first lines were understood.
    pub fn mapping(&self) -> Option<&Mapping> {
        self.learnt.as_ref().map(|learnt| &learnt.mapping)
    }

    /// Format, encoding and header, once the first lines were understood.
    pub fn shape(&self) -> Option<&Shape> {
        self.learnt.as_ref().map(|learnt| &learnt.shape)
    }

    /// What was decided while reading.
    pub fn notes(&self) -> Vec<String> {
        self.learnt.as_ref().map_or_else(Vec::new, |learnt| learnt.parser.notes())
    }

    /// Name of the encoding as far as it has shown.
    pub fn encoding(&self) -> &'static str {
        charset_name(self.charset.get().copied().unwrap_or(UTF_8))
    }

    /// Takes what comes in time; false where nothing did, or the time is over.
    fn receive(&mut self, until: Instant) -> bool {
        let left = until.saturating_duration_since(Instant::now());
        match self.chunks.recv_timeout(left) {
            Ok(Ok(chunk)) if !chunk.is_empty() => {
                let taken = self.splitter.push(|room| chunk.as_slice().read(room));
                debug_assert!(taken.is_ok_and(|n| n == chunk.len()));
                return !left.is_zero();
            }
            Err(RecvTimeoutError::Timeout) => return false,
            Ok(Err(error)) => match bytes::damage(&error) {
                Some(damage) => self.ending.damage = Some(damage),
                None => self.ending.failure = Some(error),
            },
            Ok(Ok(_)) => {}
            Err(RecvTimeoutError::Disconnected) => {
                self.ending.failure = Some(io::Error::other("the reading thread stopped"));
            }
        }
        self.ending.over = true;
        self.splitter.finish();
        true
    }

    /// Learns from the first lines what the rows are; what does not tell now may tell with the next line, unless it is the
    /// last look.
    fn learn(&mut self, last: bool) -> Result<(), NotUnderstood> {
        if self.head.is_blank() || !(last || self.head.is_telling()) {
            return Ok(());
        }
        let look = Look { file: NAME, charset: UTF_8, map: &self.asked.map };
        let shape = Shape::of(&self.head, &look);
        let found = shape.and_then(|shape| {
            let saved = self.saved.get(&shape.fingerprint).map(String::as_str);
            let mapping = propose(&shape, self.asked.kind, &self.asked.map, saved)?;
            Ok((shape, mapping))
        });
        match found {
            Ok((shape, mapping)) => {
                self.go_back(&shape);
                let parser = Parser::new(&shape, &mapping, &self.asked.rules);
                self.learnt = Some(Learnt { shape, mapping, parser });
                Ok(())
            }
            Err(error) if last => Err(error),
            Err(_) => Ok(()),
        }
    }

    /// Makes the rows among the first lines come again.
    fn go_back(&mut self, shape: &Shape) {
        if shape.delimiter.is_none() {
            self.given = Some(0);
            return;
        }
        let (byte, line) = shape.body;
        let rows = self.head.text().get(byte..).unwrap_or_default();
        self.splitter.again(rows, line, shape.delimiter);
    }

    /// What is known at the end.
    fn kind_or_failure(&self) -> Result<Option<Kind>, NotUnderstood> {
        let damage = || self.ending.damage.map(io::Error::other);
        match (&self.learnt, &self.ending.failure, damage()) {
            (Some(learnt), ..) => Ok(Some(learnt.mapping.kind)),
            (None, Some(error), _) => Err(unreadable(NAME, error)),
            (None, None, Some(error)) => Err(unreadable(NAME, &error)),
            (None, None, None) => Ok(None),
        }
    }

    /// The end, or the break in damaged input as a last row.
    fn end(&mut self) -> Next<'_> {
        let Some(damage) = self.ending.damage.take() else { return Next::End };
        let (line, end) = (self.splitter.line(), self.splitter.offset());
        Next::Row(Row { line, end, fate: Parser::broken(damage, b"") })
    }
}

/// Reads, unpacks and decodes to the end, chunk by chunk; an empty one is the end.
fn send(
    input: Box<dyn Read + Send>,
    charset: Arc<OnceLock<&'static Encoding>>,
    sender: &SyncSender<io::Result<Vec<u8>>>,
) {
    let mut text = match bytes::unpacked(input) {
        Ok((unpacked, _)) => Utf8::sniffing(unpacked, charset),
        Err(error) => return drop(sender.send(Err(error))),
    };
    loop {
        let mut chunk = vec![0; 1 << 16];
        let read = text.read(&mut chunk).map(|n| {
            chunk.truncate(n);
            chunk
        });
        let interrupted = read.as_ref().is_err_and(|e| e.kind() == io::ErrorKind::Interrupted);
        let last = read.as_ref().map_or(true, Vec::is_empty);
        if !interrupted && (sender.send(read).is_err() || last) {
            return;
        }
    }
}
