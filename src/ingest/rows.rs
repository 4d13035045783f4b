//! The rows of a file, one after another, each with its line and what is to become of it.

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

use super::bytes::Meter;
use super::number::{Comma, only_decimal_comma};
use super::records::{Draft, Reader, Refusal};
use super::shape::{open_text, unreadable};
use super::splitter::{Cells, Cut, Splitter, Whole};
use super::time::{Slash, TimeRules, slash_parts};
use super::{FIELD_LIMIT, Field, Mapping, NotUnderstood, ReadFailure, Shape, json};
use crate::domain::calendar::{Calendar, Zone};
use crate::domain::records::{Kind, Record};

/// What a file's values are read with.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The workspace's calendar.
    pub calendar: Calendar,
    /// Zone of times without one.
    pub zone: Zone,
    /// Micros in one unit of an integer time; `None` lets the first row decide.
    pub time_unit: Option<i64>,
}

/// One row of the file.
#[derive(Debug)]
pub struct Row<'a> {
    /// Line on which it begins; the first line of a file is 1.
    pub line: u64,
    /// Offset after it, in bytes of the unpacked text.
    pub end: u64,
    /// What is to become of it.
    pub fate: Fate<'a>,
}

/// What is to become of a row.
#[derive(Debug)]
pub enum Fate<'a> {
    /// A record to store.
    Record(Record<'a>),
    /// A row that cannot be read.
    Rejected {
        /// Stable code.
        code: &'static str,
        /// Why, with column and raw value.
        detail: String,
        /// The row as it stands, at most 64 KiB.
        raw: Cow<'a, str>,
    },
    /// A row that holds nothing, with the reason.
    Blank(&'static str),
}

/// The rows of one file.
pub struct Rows {
    splitter: Splitter<Box<dyn Read + Send>>,
    parser: Parser,
    file: String,
    meter: Meter,
}

/// Turns cut rows into fates.
pub(super) struct Parser {
    reader: Reader,
    mapping: Mapping,
    cells: Cells,
    delimiter: Option<u8>,
    header: Vec<String>,
    header_line: u64,
    blanks: Vec<(&'static str, u64)>,
}

/// Opens a file for reading rows. Decisions that need the whole file are made before the first row.
///
/// # Errors
/// When it cannot be opened, or its slash dates do not tell day from month.
pub fn read(path: &Path, shape: &Shape, mapping: &Mapping, rules: &Rules) -> Result<Rows, NotUnderstood> {
    let mut parser = Parser::new(shape, mapping, rules);
    if needs_scan(shape, mapping) {
        let mut scan = Scan::default();
        let (input, _) = open_text(path, shape.charset).map_err(|e| unreadable(&shape.file, &e))?;
        let mut splitter = Splitter::new(input, shape.delimiter);
        while let Ok(Some(cut)) = splitter.next() {
            parser.scan(splitter.bytes(cut), cut, &mut scan);
        }
        parser.reader.comma = if scan.decimal_comma { Comma::Decimal } else { Comma::Thousands };
        if parser.reader.times.slash.is_none() {
            parser.reader.times.slash = scan.slash(shape)?;
        }
    }
    let (input, meter) = open_text(path, shape.charset).map_err(|e| unreadable(&shape.file, &e))?;
    Ok(Rows { splitter: Splitter::new(input, shape.delimiter), parser, file: shape.file.clone(), meter })
}

fn needs_scan(shape: &Shape, mapping: &Mapping) -> bool {
    let told = mapping.columns.iter().any(|c| c.slash.is_some());
    mapping.kind != Kind::Events || (shape.slash && !told)
}

impl Rows {
    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// When reading stops in the middle; rows before it were given.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, ReadFailure> {
        loop {
            let line = self.splitter.line();
            let cut =
                self.splitter.next().map_err(|e| ReadFailure { file: self.file.clone(), line, why: e.to_string() })?;
            let Some(cut) = cut else { return Ok(None) };
            if cut.line > self.parser.header_line {
                let fate = self.parser.fate(self.splitter.bytes(cut), cut);
                return Ok(Some(Row { line: cut.line, end: cut.end, fate }));
            }
        }
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

impl Parser {
    pub(super) fn new(shape: &Shape, mapping: &Mapping, rules: &Rules) -> Self {
        let slash = mapping.columns.iter().find_map(|c| c.slash);
        let times = TimeRules::new(rules.zone, rules.time_unit, slash);
        Self {
            reader: Reader::new(mapping, times),
            mapping: mapping.clone(),
            cells: Cells::default(),
            delimiter: shape.delimiter,
            header: shape.titles.clone(),
            header_line: if shape.delimiter.is_some() { shape.header_line } else { 0 },
            blanks: Vec::new(),
        }
    }

    pub(super) fn notes(&self) -> Vec<String> {
        let times = &self.reader.times;
        let mut notes = Vec::new();
        if times.changes > 0 {
            notes.push(format!(
                "{} local times fell into a clock change and were read by the offset before it",
                times.changes
            ));
        }
        if let Some(unit) = times.unit {
            let name = match unit {
                1_000_000 => "seconds",
                1_000 => "milliseconds",
                _ => "microseconds",
            };
            notes.push(format!("integer times are {name}"));
        }
        if self.reader.comma == Comma::Decimal {
            notes.push("commas are decimal, points group thousands".into());
        }
        if self.reader.kind == Kind::Revenue && !self.mapping.has(Field::User) {
            notes.push("no user column: the money counts, payers do not".into());
        }
        notes.extend(self.blanks.iter().map(|(why, n)| format!("{n} rows left out: {why}")));
        notes
    }

    pub(super) fn delimiter(&self) -> Option<u8> {
        self.delimiter
    }

    /// What is to become of one whole row with its line end.
    pub(super) fn one<'a>(&'a mut self, row: &'a [u8]) -> Fate<'a> {
        let mut splitter = Splitter::new(row, self.delimiter);
        let Ok(Some(cut)) = splitter.next() else { return self.blank("empty") };
        let end = row.len() - row.iter().rev().take_while(|b| matches!(b, b'\n' | b'\r')).count();
        self.fate(row.get(..end).unwrap_or_default(), cut)
    }

    /// What is to become of a row.
    pub(super) fn fate<'a>(&'a mut self, row: &'a [u8], cut: Cut) -> Fate<'a> {
        let refused = match cut.whole {
            Whole::OpenQuote => Some(("open_quote", "a quote opens and never closes")),
            Whole::TooLong => Some(("too_long", "the row is longer than 1 MiB")),
            Whole::Yes | Whole::Unended => None,
        };
        if let Some((code, why)) = refused {
            return Refusal { code, detail: why.into() }.fate(row);
        }
        match self.delimiter {
            Some(delimiter) => self.delimited(row, delimiter, cut),
            None => self.object(row, cut),
        }
    }

    fn blank(&mut self, why: &'static str) -> Fate<'static> {
        match self.blanks.iter_mut().find(|(w, _)| *w == why) {
            Some((_, n)) => *n += 1,
            None => self.blanks.push((why, 1)),
        }
        Fate::Blank(why)
    }

    fn delimited<'a>(&'a mut self, row: &'a [u8], delimiter: u8, cut: Cut) -> Fate<'a> {
        self.cells.split(row, delimiter);
        if let Some(why) = self.blank_reason() {
            return self.blank(why);
        }
        if let Some(refusal) = self.ill_formed(cut) {
            return refusal.fate(row);
        }
        let mut draft = Draft::default();
        let mut props = serde_json::Map::new();
        for (at, column) in self.mapping.columns.iter().enumerate() {
            let text = self.cells.text(at);
            match column.field {
                Some(Field::Props) if !text.is_empty() => draft.props = Some(text.to_owned()),
                Some(field) => draft.set(field, Cow::Borrowed(text)),
                None if text.is_empty() || self.reader.kind == Kind::Spend => {}
                None => {
                    props.insert(column.title.clone(), text.into());
                }
            }
        }
        if draft.props.is_none() && !props.is_empty() {
            draft.props = Some(serde_json::Value::Object(props).to_string());
        }
        match self.reader.record(draft) {
            Ok(record) => Fate::Record(record),
            Err(refusal) => refusal.fate(row),
        }
    }

    fn blank_reason(&self) -> Option<&'static str> {
        let cells = &self.cells;
        if (0..cells.len()).all(|at| cells.get(at).trim_ascii().is_empty()) {
            return Some("empty");
        }
        let first = cells.text(0).trim();
        let lower = first.to_lowercase();
        if matches!(lower.as_str(), "total" | "合计" | "总计") || lower.starts_with("total:") {
            return Some("a total");
        }
        let again = cells.len() >= self.header.len()
            && self.header.iter().enumerate().all(|(at, t)| cells.text(at).trim() == t);
        again.then_some("the header again")
    }

    fn ill_formed(&self, cut: Cut) -> Option<Refusal> {
        let (cells, columns) = (&self.cells, self.header.len());
        let surplus = (columns..cells.len()).any(|at| !cells.get(at).is_empty());
        let refuse = |code, detail: String| Some(Refusal { code, detail });
        if cells.len() < columns && cut.whole == Whole::Unended {
            return refuse("ends_mid_line", format!("ends mid-line: {} of {columns} cells", cells.len()));
        }
        if cells.len() < columns || surplus {
            let cell = if cells.len() == 1 { "cell" } else { "cells" };
            return refuse("ragged", format!("{} {cell} where the header has {columns}", cells.len()));
        }
        let title = |at: usize| self.header.get(at).map_or("", String::as_str);
        if let Some(at) = (0..cells.len()).find(|at| cells.get(*at).len() > FIELD_LIMIT) {
            return refuse("too_long", format!("{} is longer than 64 KiB", title(at)));
        }
        if let Some(at) = (0..cells.len()).find(|at| memchr::memchr(0, cells.get(*at)).is_some()) {
            return refuse("nul", format!("{} holds a NUL byte", title(at)));
        }
        (!cells.is_utf8()).then(|| Refusal { code: "bad_text", detail: "holds bytes that are no UTF-8".into() })
    }

    fn object(&mut self, row: &[u8], cut: Cut) -> Fate<'static> {
        if row.trim_ascii().is_empty() {
            return self.blank("empty");
        }
        let fields = match json::fields(row) {
            Ok(fields) => fields,
            Err(_) if cut.whole == Whole::Unended => {
                return Refusal { code: "ends_mid_line", detail: "ends mid-line".into() }.fate(row);
            }
            Err(why) => return Refusal { code: "bad_json", detail: format!("the line {why}") }.fate(row),
        };
        match self.draft(fields).and_then(|draft| self.reader.record(draft)) {
            Ok(record) => Fate::Record(record),
            Err(refusal) => refusal.fate(row),
        }
    }

    fn draft(&self, fields: json::Fields) -> Result<Draft<'static>, Refusal> {
        let mut draft = Draft::default();
        let mut props: Vec<(String, String)> = Vec::new();
        for (key, raw) in fields {
            let text = json::text(&raw).map_err(|why| Refusal { code: "bad_text", detail: format!("{key} {why}") })?;
            let Some(text) = text else { continue };
            if text.len() > FIELD_LIMIT {
                return Err(Refusal { code: "too_long", detail: format!("{key} is longer than 64 KiB") });
            }
            if text.contains('\0') {
                return Err(Refusal { code: "nul", detail: format!("{key} holds a NUL character") });
            }
            match self.mapping.field_of(&key) {
                Some(Field::Props) => props.extend(nested(&raw)),
                Some(field) => draft.set(field, Cow::Owned(text)),
                None if self.reader.kind == Kind::Spend => {}
                None => props.push((key, raw.get().to_owned())),
            }
        }
        let source = props.iter().find(|(k, _)| k == "utm_source" || k == "$utm_source");
        if let (Some((_, raw)), false) = (source, self.mapping.has(Field::Channel))
            && let Ok(text) = serde_json::from_str::<String>(raw)
        {
            draft.set(Field::Channel, Cow::Owned(text));
        }
        if !props.is_empty() {
            let inner: Vec<String> =
                props.iter().map(|(k, v)| format!("{}:{v}", serde_json::Value::from(k.as_str()))).collect();
            draft.props = Some(format!("{{{}}}", inner.join(",")));
        }
        Ok(draft)
    }

    fn scan(&mut self, row: &[u8], cut: Cut, scan: &mut Scan) {
        if cut.line <= self.header_line || matches!(cut.whole, Whole::OpenQuote | Whole::TooLong) {
            return;
        }
        if let Some(delimiter) = self.delimiter {
            self.cells.split(row, delimiter);
            if self.blank_reason().is_none() {
                for (at, column) in self.mapping.columns.iter().enumerate() {
                    scan.look(column.field, self.cells.text(at), cut.line);
                }
            }
        } else if let Ok(fields) = json::fields(row) {
            for (key, raw) in fields {
                if let (Some(field), Ok(Some(text))) = (self.mapping.field_of(&key), json::text(&raw)) {
                    scan.look(Some(field), &text, cut.line);
                }
            }
        }
    }
}

/// Entries of a nested object of properties; anything else stays one property.
fn nested(raw: &serde_json::value::RawValue) -> Vec<(String, String)> {
    match json::fields(raw.get().as_bytes()) {
        Ok(fields) => fields.into_iter().map(|(k, v)| (k, v.get().to_owned())).collect(),
        Err(_) => vec![("props".into(), raw.get().to_owned())],
    }
}

/// What only the whole file tells.
#[derive(Default)]
struct Scan {
    decimal_comma: bool,
    day_first: Option<u64>,
    month_first: Option<u64>,
    unclear: Option<u64>,
}

impl Scan {
    fn look(&mut self, field: Option<Field>, text: &str, line: u64) {
        match field {
            Some(Field::Amount) => self.decimal_comma |= only_decimal_comma(text),
            Some(Field::Time | Field::Day) => match slash_parts(text) {
                Some((13..=31, 1..=12)) => self.day_first = self.day_first.or(Some(line)),
                Some((1..=12, 13..=31)) => self.month_first = self.month_first.or(Some(line)),
                Some(_) => self.unclear = self.unclear.or(Some(line)),
                None => {}
            },
            _ => {}
        }
    }

    /// Day or month first (formats.md A6).
    fn slash(&self, shape: &Shape) -> Result<Option<Slash>, NotUnderstood> {
        let next = "say which with --map TITLE=time:dmy or --map TITLE=time:mdy";
        let fail = |line, why: &str| Err(NotUnderstood::new(&shape.file, line, why, next));
        match (self.day_first, self.month_first, self.unclear) {
            (Some(_), Some(line), _) => fail(Some(line), "some dates have the day first, others the month"),
            (Some(_), None, _) => Ok(Some(Slash::Dmy)),
            (None, Some(_), _) => Ok(Some(Slash::Mdy)),
            (None, None, Some(line)) => fail(Some(line), "nothing tells day from month in dates such as 03/04/2026"),
            (None, None, None) => Ok(None),
        }
    }
}

impl Refusal {
    fn fate(self, raw: &[u8]) -> Fate<'static> {
        let text = String::from_utf8_lossy(raw.get(..raw.len().min(64 << 10)).unwrap_or_default()).into_owned();
        Fate::Rejected { code: self.code, detail: self.detail, raw: text.into() }
    }
}
