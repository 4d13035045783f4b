//! Rows of a reader, one after another, in bounded memory.

use std::io::{self, Read};

use super::bytes::{self, Damage};
use super::splitter::{Cut, Splitter, Step};

/// A reader cut into rows.
pub(super) struct Reading<R> {
    input: R,
    splitter: Splitter,
    damage: Option<Damage>,
}

impl<R: Read> Reading<R> {
    pub(super) fn new(input: R, delimiter: Option<u8>) -> Self {
        Self { input, splitter: Splitter::new(delimiter), damage: None }
    }

    /// The next row; after damage what came before it is given to the end.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn next(&mut self) -> io::Result<Option<Cut>> {
        loop {
            match self.splitter.next() {
                Step::Row(cut) => return Ok(Some(cut)),
                Step::End => return Ok(None),
                Step::More => match self.splitter.push(|room| self.input.read(room)) {
                    Ok(0) => self.splitter.finish(),
                    Ok(_) => {}
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                    Err(e) => {
                        self.damage = Some(bytes::damage(&e).ok_or(e)?);
                        self.splitter.finish();
                    }
                },
            }
        }
    }

    /// The bytes of the row that [`Reading::next`] gave last.
    pub(super) fn bytes(&self, cut: Cut) -> &[u8] {
        self.splitter.bytes(cut)
    }

    /// The same with its line end.
    pub(super) fn with_end(&self, cut: Cut) -> &[u8] {
        self.splitter.with_end(cut)
    }

    /// Bytes at hand, where a row begins with the first.
    pub(super) fn at_hand(&self) -> &[u8] {
        self.splitter.at_hand()
    }

    /// Goes on behind rows that were taken from the bytes at hand, a line each.
    pub(super) fn pass(&mut self, bytes: usize, rows: u64) {
        self.splitter.pass(bytes, rows);
    }

    /// Line on which the next row begins.
    pub(super) fn line(&self) -> u64 {
        self.splitter.line()
    }

    /// Bytes of text up to the last row.
    pub(super) fn offset(&self) -> u64 {
        self.splitter.offset()
    }

    /// What ended the text before its end, if anything did and it was met.
    pub(super) fn damage(&self) -> Option<Damage> {
        self.damage
    }
}
