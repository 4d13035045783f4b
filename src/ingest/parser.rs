//! What is to become of each row.

use std::borrow::Cow;

use super::bytes::Damage;
use super::cells::Cells;
use super::formats::Memory;
use super::records::{Draft, Made, Reader, Refusal};
use super::splitter::{Cut, Whole};
use super::time::TimeRules;
use super::values::Values;
use super::{FIELD_LIMIT, Field, Mapping, NotUnderstood, Shape, counted, json};
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
    /// Several records of one kind in one row: a payment and its refund, the numbers of a day.
    Several(Vec<Record<'a>>),
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

impl Fate<'_> {
    /// The same with text of its own, to be kept beyond the reader's buffer.
    pub fn into_owned(self) -> Fate<'static> {
        match self {
            Self::Record(record) => Fate::Record(record.into_owned()),
            Self::Several(records) => Fate::Several(records.into_iter().map(Record::into_owned).collect()),
            Self::Rejected { code, detail, raw } => Fate::Rejected { code, detail, raw: Cow::Owned(raw.into_owned()) },
            Self::Blank(why) => Fate::Blank(why),
        }
    }
}

/// Turns cut rows into fates.
pub(super) struct Parser {
    reader: Reader,
    mapping: Mapping,
    /// Columns in the order in which their cells are taken.
    order: Vec<usize>,
    /// What a format knows from the rows above.
    memory: Memory,
    cells: Cells,
    delimiter: Option<u8>,
    header: Vec<String>,
    header_line: u64,
    blanks: Vec<(&'static str, u64)>,
}

impl Parser {
    pub(super) fn new(shape: &Shape, mapping: &Mapping, rules: &Rules) -> Self {
        let slash = mapping.columns.iter().find_map(|c| c.slash);
        let times = TimeRules::new(rules.zone, rules.time_unit, slash);
        Self {
            reader: Reader::new(mapping, times),
            mapping: mapping.clone(),
            order: mapping.in_order().map(|(at, _)| at).collect(),
            memory: Memory::default(),
            cells: Cells::default(),
            delimiter: shape.delimiter,
            header: shape.header.clone(),
            header_line: shape.header_line,
            blanks: Vec::new(),
        }
    }

    /// Whether a row stands below the header.
    pub(super) fn is_below_header(&self, cut: Cut) -> bool {
        cut.line > self.header_line
    }

    /// What was decided while reading, one line each.
    pub(super) fn notes(&self) -> Vec<String> {
        let times = &self.reader.times;
        let mut notes = self.mapping.notes.clone();
        if times.changes > 0 {
            let fell = counted(times.changes, "local time");
            notes.push(format!("{fell} within a clock change, read by the offset before it"));
        }
        if let Some(unit) = times.unit {
            let name = match unit {
                1_000_000 => "seconds",
                1_000 => "milliseconds",
                _ => "microseconds",
            };
            notes.push(format!("integer times are {name}"));
        }
        for (field, title) in self.reader.commas.decimal() {
            let title = if title.is_empty() { self.reader.title(*field) } else { title };
            notes.push(format!("in \"{title}\" commas are decimal, points group thousands"));
        }
        if self.reader.kind == Kind::Revenue && !self.mapping.has(Field::User) {
            notes.push("no user column: the money counts, payers do not".into());
        }
        notes.extend(self.blanks.iter().map(|(why, n)| format!("{} left out: {why}", counted(*n, "row"))));
        notes
    }

    /// Whether the values of the whole file must be seen before the first row is read.
    pub(super) fn needs_values(&self) -> bool {
        self.reader.kind != Kind::Events || self.reader.times.slash.is_none()
    }

    /// Learns from the values of the whole file.
    pub(super) fn learn(&mut self, values: Values, shape: &Shape) -> Result<(), NotUnderstood> {
        if self.reader.times.slash.is_none() {
            self.reader.times.slash = values.slash(shape, &self.mapping)?;
        }
        self.reader.commas = values.commas;
        Ok(())
    }

    /// Looks at the values of a row, if it is one that can be read.
    pub(super) fn look(&mut self, row: &[u8], cut: Cut, values: &mut Values) {
        if !self.is_below_header(cut) || cut.whole != Whole::Yes {
            return;
        }
        if let Some(delimiter) = self.delimiter {
            self.cells.split(row, delimiter);
            if self.blank_reason().is_some() || self.ill_formed().is_some() {
                return;
            }
            for (at, column) in self.mapping.columns.iter().enumerate() {
                if let Some(field) = column.field {
                    let title = self.mapping.number_title(field, &column.title);
                    values.look((field, title), self.cells.text(at), cut.line);
                }
            }
        } else if let Ok(fields) = json::fields(row) {
            for (key, raw) in fields.iter().filter(|(_, raw)| !json::is_number(raw)) {
                if let (Some(field), Ok(Some(text))) = (self.mapping.field_of(key), json::text(raw)) {
                    values.look((field, self.mapping.number_title(field, key)), &text, cut.line);
                }
            }
        }
    }

    /// What is to become of a row.
    pub(super) fn fate<'a>(&'a mut self, row: &'a [u8], cut: Cut) -> Fate<'a> {
        let refused = match cut.whole {
            Whole::OpenQuote => Some(("open_quote", "a quote opens and never closes")),
            Whole::TooLong => Some(("too_long", "the row is longer than 1 MiB")),
            Whole::Yes => None,
        };
        if let Some((code, why)) = refused {
            return Refusal { code, detail: why.into() }.fate(row);
        }
        if row.trim_ascii().is_empty() {
            return self.blank("empty");
        }
        match self.delimiter {
            Some(delimiter) => self.delimited(row, delimiter, cut),
            None => self.object(row).unwrap_or_else(|refusal| refusal.at_end(cut).fate(row)),
        }
    }

    /// What is to become of the row in which the input broke off, or of the break itself.
    pub(super) fn broken(damage: Damage, row: &[u8]) -> Fate<'static> {
        let detail = format!("{damage} here; get the whole file and import it again");
        Refusal { code: "truncated", detail }.fate(row)
    }

    fn blank(&mut self, why: &'static str) -> Fate<'static> {
        count_blank(&mut self.blanks, why)
    }

    fn delimited<'a>(&'a mut self, row: &'a [u8], delimiter: u8, cut: Cut) -> Fate<'a> {
        self.cells.split(row, delimiter);
        if let Some(why) = self.blank_reason() {
            return self.blank(why);
        }
        if let Some(refusal) = self.ill_formed() {
            return refusal.at_end(cut).fate(row);
        }
        let mut draft = Draft::default();
        let mut props = serde_json::Map::new();
        for at in self.order.iter().copied() {
            let Some(column) = self.mapping.columns.get(at) else { continue };
            let text = self.cells.text(at);
            if self.mapping.format.is_some_and(|format| format.keeps(column)) && !text.is_empty() {
                props.insert(column.title.clone(), text.into());
            }
            match column.field {
                Some(Field::Props) if !text.is_empty() => draft.props = Some(text.to_owned()),
                Some(Field::Value) if self.mapping.is_wide() => {
                    draft.add_number(&column.title, Cow::Borrowed(text), false);
                }
                Some(field) => draft.set(field, Cow::Borrowed(text), false),
                None if text.is_empty() || !self.reader.kind.keeps_properties() || self.mapping.format.is_some() => {}
                None => {
                    props.insert(column.title.clone(), text.into());
                }
            }
        }
        if draft.props.is_none() && !props.is_empty() {
            draft.props = Some(serde_json::Value::Object(props).to_string());
        }
        let made = match self.mapping.format {
            Some(format) => (format.make)(&mut self.reader, &mut draft, &mut self.memory),
            None => self.reader.make(draft),
        };
        match made {
            Ok(made) => made.fate(&mut self.blanks),
            Err(refusal) => refusal.at_end(cut).fate(row),
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

    fn ill_formed(&self) -> Option<Refusal> {
        let (cells, columns) = (&self.cells, self.header.len());
        let surplus = (columns..cells.len()).any(|at| !cells.get(at).is_empty());
        let refuse = |code, detail: String| Some(Refusal { code, detail });
        if cells.len() < columns || surplus {
            let have = counted(cells.len() as u64, "cell");
            return refuse("ragged", format!("{have} where the header has {columns}"));
        }
        let title = |at: usize| self.mapping.columns.get(at).map_or("", |column| column.title.as_str());
        if let Some(at) = (0..cells.len()).find(|at| cells.get(*at).len() > FIELD_LIMIT) {
            return refuse("too_long", format!("{} is longer than 64 KiB", title(at)));
        }
        if let Some(at) = (0..cells.len()).find(|at| memchr::memchr(0, cells.get(*at)).is_some()) {
            return refuse("nul", format!("{} holds a NUL byte", title(at)));
        }
        (!cells.is_utf8()).then(|| Refusal { code: "bad_text", detail: "holds bytes that are no text".into() })
    }

    fn object(&mut self, row: &[u8]) -> Result<Fate<'static>, Refusal> {
        let fields =
            json::fields(row).map_err(|why| Refusal { code: "bad_json", detail: format!("the line {why}") })?;
        let draft = self.draft(fields)?;
        Ok(self.reader.make(draft)?.fate(&mut self.blanks))
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
                Some(Field::Value) if self.mapping.is_wide() => {
                    draft.add_number(&key, Cow::Owned(text), json::is_number(&raw));
                }
                Some(field) => draft.set(field, Cow::Owned(text), json::is_number(&raw)),
                None if !self.reader.kind.keeps_properties() => {}
                None => props.push((key, raw.get().to_owned())),
            }
        }
        if !props.is_empty() {
            let inner: Vec<String> =
                props.iter().map(|(k, v)| format!("{}:{v}", serde_json::Value::from(k.as_str()))).collect();
            draft.props = Some(format!("{{{}}}", inner.join(",")));
        }
        Ok(draft)
    }
}

impl<'a> Made<'a> {
    fn fate(self, blanks: &mut Vec<(&'static str, u64)>) -> Fate<'a> {
        match self {
            Self::Record(record) => Fate::Record(record),
            Self::Several(records) => Fate::Several(records),
            Self::Left(why) => count_blank(blanks, why),
        }
    }
}

/// Notes why a row holds nothing.
fn count_blank(blanks: &mut Vec<(&'static str, u64)>, why: &'static str) -> Fate<'static> {
    match blanks.iter_mut().find(|(w, _)| *w == why) {
        Some((_, n)) => *n += 1,
        None => blanks.push((why, 1)),
    }
    Fate::Blank(why)
}

/// Entries of a nested object of properties; anything else stays one property.
fn nested(raw: &serde_json::value::RawValue) -> Vec<(String, String)> {
    match json::fields(raw.get().as_bytes()) {
        Ok(fields) => fields.into_iter().map(|(k, v)| (k, v.get().to_owned())).collect(),
        Err(_) => vec![("props".into(), raw.get().to_owned())],
    }
}

impl Refusal {
    /// What a row without a line end lacks is most likely its end (formats.md A12).
    fn at_end(self, cut: Cut) -> Self {
        if cut.closed {
            return self;
        }
        Self { code: "ends_mid_line", detail: format!("ends mid-line: {}", self.detail) }
    }

    fn fate(self, raw: &[u8]) -> Fate<'static> {
        let text = String::from_utf8_lossy(raw.get(..raw.len().min(64 << 10)).unwrap_or_default()).into_owned();
        Fate::Rejected { code: self.code, detail: self.detail, raw: text.into() }
    }
}
