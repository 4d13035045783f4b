//! The rows of a file, one after another, each with its line and what is to become of it.

use std::io::{self, Read};
use std::path::Path;

use super::bytes::Meter;
use super::parser::{Parser, Row, Rules};
use super::reading::Reading;
use super::shape::{open_text, unreadable};
use super::time::FindOrder;
use super::values::Values;
use super::{Mapping, NotUnderstood, ReadFailure, Shape};
use crate::domain::records::Lent;

/// Bytes that are found to be text together; a row that is longer is left to the reader of any row.
const PIECE: usize = 8 << 10;

/// The rows of one file.
pub struct Rows {
    reading: Reading<Box<dyn Read + Send>>,
    parser: Parser,
    file: String,
    meter: Meter,
    /// The break in a damaged file was given as a row.
    broken: bool,
}

/// Opens a file for reading rows. Decisions that need the whole file are made before the first row, but for the order of
/// day and month of events whose first rows show no date that needs one.
///
/// # Errors
/// When it cannot be opened, or its slash dates do not tell day from month.
pub fn read(path: &Path, shape: &Shape, mapping: &Mapping, rules: &Rules) -> Result<Rows, NotUnderstood> {
    let open = || open_text(path, shape.charset).map_err(|e| unreadable(&shape.file, &e));
    let mut parser = Parser::new(shape, mapping, rules);
    if parser.needs_values(shape) {
        learn(&mut parser, open()?.0, shape)?;
    } else {
        parser.find_order_by(order_of(path, shape, mapping, rules));
    }
    let (input, meter) = open()?;
    Ok(Rows::new(input, parser, shape, meter))
}

/// Finds the order of day and month in a whole file by a second look at it.
fn order_of(path: &Path, shape: &Shape, mapping: &Mapping, rules: &Rules) -> FindOrder {
    let (path, shape, mut parser) = (path.to_owned(), shape.clone(), Parser::new(shape, mapping, rules));
    Box::new(move || {
        let (input, _) = open_text(&path, shape.charset).ok()?;
        learn(&mut parser, input, &shape).ok()?;
        parser.order_of_dates()
    })
}

/// What begins at a place and is text, as far as it is looked at: in pieces, since by rows that is dear, and all that is
/// at hand would be looked at again after each row that is no usual one.
fn text_at(bytes: &[u8], place: usize) -> &str {
    let piece = bytes.get(place..).unwrap_or_default();
    let piece = piece.get(..PIECE).unwrap_or(piece);
    std::str::from_utf8(piece)
        .or_else(|broken| std::str::from_utf8(piece.get(..broken.valid_up_to()).unwrap_or_default()))
        .unwrap_or_default()
}

/// Looks at the values of a whole text. An error in the middle is met again by whoever reads the rows.
fn learn(parser: &mut Parser, input: impl Read, shape: &Shape) -> Result<(), NotUnderstood> {
    let mut values = Values::default();
    let mut reading = Reading::new(input, shape.delimiter);
    while let Ok(Some(cut)) = reading.next() {
        parser.look(reading.bytes(cut), cut, &mut values);
    }
    parser.learn(values, shape)
}

impl Rows {
    fn new(input: Box<dyn Read + Send>, parser: Parser, shape: &Shape, meter: Meter) -> Self {
        let reading = Reading::new(input, shape.delimiter);
        Self { reading, parser, file: shape.file.clone(), meter, broken: false }
    }

    /// The next row; `None` at the end. Where unpacking breaks off, the last row is a rejected one that says so.
    ///
    /// # Errors
    /// When the system stops reading in the middle; rows before it were given.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, ReadFailure> {
        loop {
            let line = self.reading.line();
            let Some(cut) = self.reading.next().map_err(|e| self.failure(line, &e))? else {
                let damage = self.reading.damage().filter(|_| !std::mem::replace(&mut self.broken, true));
                let end = self.reading.offset();
                return Ok(damage.map(|damage| Row { line, end, fate: Parser::broken(damage, b"") }));
            };
            if !self.parser.is_below_header(cut) {
                continue;
            }
            let row = self.reading.bytes(cut);
            let fate = match self.reading.damage().filter(|_| !cut.closed) {
                Some(damage) => {
                    self.broken = true;
                    Parser::broken(damage, row)
                }
                None => self.parser.fate(row, cut),
            };
            return Ok(Some(Row { line: cut.line, end: cut.end, fate }));
        }
    }

    /// Gives the usual events that come next to `take`, with their lines, while it says so and as far as bytes are at hand;
    /// what comes then is given by [`Rows::next_row`].
    ///
    /// # Errors
    /// What `take` says.
    pub fn usual<E>(&mut self, mut take: impl FnMut(u64, Lent<'_>) -> Result<bool, E>) -> Result<(), E> {
        let Self { reading, parser, .. } = self;
        let (bytes, line) = (reading.at_hand(), reading.line());
        let (mut passed, mut rows, mut goes_on) = (0, 0, Ok(parser.begins_at(line)));
        // Known to be text, from some place on.
        let (mut text, mut from) = ("", 0);
        while let Ok(true) = goes_on {
            if let Some((event, len)) = text.get(passed - from..).and_then(|rest| parser.usual(rest)) {
                goes_on = take(line + rows, event);
                passed += len;
                rows += 1;
            } else if passed > from || text.is_empty() {
                // The row may go on behind it.
                (text, from) = (text_at(bytes, passed), passed);
                if text.is_empty() {
                    break;
                }
            } else {
                break;
            }
        }
        reading.pass(passed, rows);
        goes_on.map(drop)
    }

    fn failure(&self, line: u64, error: &io::Error) -> ReadFailure {
        ReadFailure { file: self.file.clone(), line, why: error.to_string() }
    }

    /// What was decided while reading, one line each.
    pub fn notes(&self) -> Vec<String> {
        self.parser.notes()
    }

    /// Bytes of the file read so far, before unpacking.
    pub fn bytes_read(&self) -> u64 {
        self.meter.bytes()
    }
}

#[cfg(test)]
mod tests;
