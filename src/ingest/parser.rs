//! What is to become of each row.

use std::borrow::Cow;

use super::bytes::Damage;
use super::cells::{Cells, Split};
use super::drafts::{of_cells, of_keys};
use super::formats::Memory;
use super::records::{Made, Reader};
use super::refusal::Refusal;
use super::splitter::{Cut, Whole};
use super::time::{FindOrder, Slash, TimeRules, day_month};
use super::usual::Usual;
use super::values::Values;
use super::{FIELD_LIMIT, Field, Mapping, NotUnderstood, Shape, counted, json};
use crate::domain::calendar::{Calendar, Zone};
use crate::domain::records::{Kind, Lent, Record};

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
    usual: Option<Usual>,
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
            usual: Usual::of(mapping, shape),
            delimiter: shape.delimiter,
            header: shape.header.clone(),
            header_line: shape.header_line,
            blanks: Vec::new(),
        }
    }

    /// Whether a row stands below the header.
    pub(super) fn is_below_header(&self, cut: Cut) -> bool {
        self.begins_at(cut.line)
    }

    /// Whether a row that begins on a line stands below the header.
    pub(super) fn begins_at(&self, line: u64) -> bool {
        line > self.header_line
    }

    /// The usual event with which a text begins, and the length of its row with the line end.
    pub(super) fn usual<'a>(&'a mut self, text: &'a str) -> Option<(Lent<'a>, usize)> {
        self.usual.as_mut()?.read(text, &mut self.reader.times)
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

    /// Whether the values of the whole file must be seen before the first row is read. Of events only the order of day and
    /// month may matter, and of most not even that: then it is looked for when a row needs it.
    pub(super) fn needs_values(&self, shape: &Shape) -> bool {
        let is_slash = |(at, text): (usize, &String)| {
            let field = self.mapping.columns.get(at).and_then(|column| column.field);
            field.is_some_and(Field::is_date) && day_month(text).is_some()
        };
        let shows_slash = || shape.samples.iter().any(|cells| cells.iter().enumerate().any(is_slash));
        self.reader.kind != Kind::Events || (self.reader.times.slash.is_none() && shows_slash())
    }

    /// Says how to find the order of day and month if a row needs it.
    pub(super) fn find_order_by(&mut self, find: FindOrder) {
        self.reader.times.find_order = Some(find);
    }

    /// The order of day and month as far as it is known.
    pub(super) fn order_of_dates(&self) -> Option<Slash> {
        self.reader.times.slash
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
            let cells = self.cells.split(row, delimiter);
            if blank_reason(cells, &self.header).is_some() || ill_formed(cells, &self.header, &self.mapping).is_some() {
                return;
            }
            for (at, column) in self.mapping.columns.iter().enumerate() {
                if let Some(field) = column.field {
                    let title = self.mapping.number_title(field, &column.title);
                    values.look((field, title), cells.text(at), cut.line);
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
        let Self { reader, mapping, order, memory, blanks, header, .. } = self;
        let cells = self.cells.split(row, delimiter);
        if let Some(why) = blank_reason(cells, header) {
            return count_blank(blanks, why);
        }
        if let Some(refusal) = ill_formed(cells, header, mapping) {
            return refusal.at_end(cut).fate(row);
        }
        if reader.kind == Kind::Events {
            return match reader.event(of_cells(cells, mapping, order)) {
                Ok(event) => Fate::Record(Record::Event(event)),
                Err(refusal) => refusal.at_end(cut).fate(row),
            };
        }
        let made = match mapping.format {
            Some(format) => (format.make)(reader, &mut of_cells(cells, mapping, order), memory),
            None => reader.make(of_cells(cells, mapping, order)),
        };
        match made {
            Ok(made) => made.fate(blanks),
            Err(refusal) => refusal.at_end(cut).fate(row),
        }
    }

    fn object<'a>(&mut self, row: &'a [u8]) -> Result<Fate<'a>, Refusal> {
        let fields =
            json::fields(row).map_err(|why| Refusal { code: "bad_json", detail: format!("the line {why}") })?;
        if self.reader.kind == Kind::Events {
            return self.reader.event(of_keys(fields, &self.mapping)?).map(|event| Fate::Record(Record::Event(event)));
        }
        Ok(self.reader.make(of_keys(fields, &self.mapping)?)?.fate(&mut self.blanks))
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

/// Why a row holds nothing, where it does.
fn blank_reason(cells: Split<'_>, header: &[String]) -> Option<&'static str> {
    let first = cells.text(0).trim();
    if first.is_empty() && (0..cells.len()).all(|at| cells.get(at).trim_ascii().is_empty()) {
        return Some("empty");
    }
    let begins = |word: &str| first.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    if matches!(first, "合计" | "总计") || first.eq_ignore_ascii_case("total") || begins("total:") {
        return Some("a total");
    }
    let again = header.first().is_none_or(|title| title == first)
        && cells.len() >= header.len()
        && header.iter().enumerate().all(|(at, title)| cells.text(at).trim() == title);
    again.then_some("the header again")
}

/// Why the cells of a row are none that can be read.
fn ill_formed(cells: Split<'_>, header: &[String], mapping: &Mapping) -> Option<Refusal> {
    let columns = header.len();
    let surplus = (columns..cells.len()).any(|at| !cells.get(at).is_empty());
    let refuse = |code, detail: String| Some(Refusal { code, detail });
    if cells.len() < columns || surplus {
        let have = counted(cells.len() as u64, "cell");
        return refuse("ragged", format!("{have} where the header has {columns}"));
    }
    let titled = |is_bad: &dyn Fn(&[u8]) -> bool| {
        let at = (0..cells.len()).find(|at| is_bad(cells.get(*at)))?;
        Some(mapping.columns.get(at).map_or("", |column| column.title.as_str()))
    };
    if cells.may_exceed(FIELD_LIMIT)
        && let Some(title) = titled(&|cell| cell.len() > FIELD_LIMIT)
    {
        return refuse("too_long", format!("{title} is longer than 64 KiB"));
    }
    if cells.has_nul()
        && let Some(title) = titled(&|cell| cell.contains(&0))
    {
        return refuse("nul", format!("{title} holds a NUL byte"));
    }
    (!cells.is_utf8()).then(|| Refusal { code: "bad_text", detail: "holds bytes that are no text".into() })
}
