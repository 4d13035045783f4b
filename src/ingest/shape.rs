//! What a file looks like: format, encoding, delimiter, titles, first rows.

use std::io::{self, Read};
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};
use xxhash_rust::xxh3::xxh3_64;

use super::bytes::{self, Meter};
use super::cells::Cells;
use super::fields::is_known;
use super::formats;
use super::head::{HEADER_ROWS, Head, KEY_ROWS};
use super::reading::Reading;
use super::splitter::{Splitter, Step, Whole};
use super::text::Utf8;
use super::{NotUnderstood, encoding, json};

/// Titles that make a row the header at once.
const HEADER_TITLES: usize = 3;
/// Known titles that make a row the header rather than one as wide above it; a value may be a title by chance.
const CHANCE: usize = 2;
/// Columns of a header at most (formats.md A15).
const COLUMNS: usize = 256;
/// Rows shown before loading.
const SAMPLES: usize = 10;

/// A file's outer form.
#[derive(Debug, Clone)]
pub struct Shape {
    /// File as given.
    pub(super) file: String,
    /// `csv`, `tsv` or `ndjson`.
    pub format: &'static str,
    /// Name of the encoding.
    pub encoding: &'static str,
    pub(super) charset: &'static Encoding,
    pub(super) delimiter: Option<u8>,
    /// Line of the header; 0 for NDJSON, which has none.
    pub(super) header_line: u64,
    /// Where the rows begin in the text that was looked at: byte and line.
    pub(super) body: (usize, u64),
    /// Cells of the header; none for NDJSON.
    pub(super) header: Vec<String>,
    /// Titles in column order, each once: a second `note` is `note_2`. For NDJSON the keys of the first rows.
    pub titles: Vec<String>,
    /// First rows as cells in title order, at most 10.
    pub samples: Vec<Vec<String>>,
    /// Equal for files of one format and header.
    pub fingerprint: u64,
    /// Size on disk in bytes.
    pub bytes: u64,
}

/// What [`Shape::of`] looks at, and for what.
pub(super) struct Look<'a> {
    pub(super) file: &'a str,
    pub(super) charset: &'static Encoding,
    /// Titles that were named (formats.md A10).
    pub(super) map: &'a [(String, String)],
}

/// Looks at a file. It is read once from end to end for its encoding, in bounded memory. Titles that `map` names are
/// those of the header row.
///
/// # Errors
/// When it cannot be opened, holds nothing, is binary, or has too many columns.
pub fn inspect(path: &Path, map: &[(String, String)]) -> Result<Shape, NotUnderstood> {
    let file = path.display().to_string();
    let size = std::fs::metadata(path).map_or(0, |m| m.len());
    let scan = bytes::open(path).and_then(|(input, _)| encoding::scan(input)).map_err(|e| unreadable(&file, &e))?;
    if !scan.any {
        return Err(NotUnderstood::new(&file, None, "the file is empty", "export it again"));
    }
    let head = open_text(path, scan.encoding).and_then(|(input, _)| read_head(input));
    let head = head.map_err(|e| unreadable(&file, &e))?;
    let mut shape = Shape::of(&head, &Look { file: &file, charset: scan.encoding, map })?;
    shape.bytes = size;
    Ok(shape)
}

/// Opens a file as UTF-8 text.
pub(super) fn open_text(path: &Path, charset: &'static Encoding) -> io::Result<(Box<dyn Read + Send>, Meter)> {
    let (input, meter) = bytes::open(path)?;
    Ok((Box::new(Utf8::new(input, charset)), meter))
}

fn read_head(input: impl Read) -> io::Result<Head> {
    let mut reading = Reading::new(input, None);
    let mut head = Head::default();
    while !head.is_enough()
        && let Some(cut) = reading.next()?
    {
        head.push(cut, reading.bytes(cut), reading.with_end(cut));
    }
    Ok(head)
}

pub(super) fn unreadable(file: &str, error: &io::Error) -> NotUnderstood {
    let next = match error.kind() {
        io::ErrorKind::NotFound => "check the path",
        io::ErrorKind::IsADirectory => "name a file in it",
        io::ErrorKind::PermissionDenied if error.to_string().contains("workspace") => {
            "name the file the rows came from"
        }
        _ if bytes::damage(error).is_some() => "get the whole file and import it again",
        _ => "check the file and its permissions",
    };
    NotUnderstood::new(file, None, error.to_string(), next)
}

impl Shape {
    /// Line of the header, where there is one.
    pub(super) fn header_at(&self) -> Option<u64> {
        (self.header_line > 0).then_some(self.header_line)
    }

    /// The shape of a text by its beginning.
    pub(super) fn of(head: &Head, look: &Look<'_>) -> Result<Self, NotUnderstood> {
        let named: Vec<&str> = look.map.iter().map(|(title, _)| title.as_str()).collect();
        let headers = [b',', b';', b'\t', b'|'].map(|delimiter| find_header(head, delimiter, &named));
        let [first, rest @ ..] = headers;
        let best = rest.into_iter().fold(first, |best, header| if header.rank() > best.rank() { header } else { best });
        let is_header = best.known >= HEADER_TITLES || best.named > 0;
        if !is_header && let Some(shape) = of_json(head, look, best.known)? {
            return Ok(shape);
        }
        of_table(head, look, best)
    }
}

/// The shape of NDJSON; `None` where the text is none.
fn of_json(head: &Head, look: &Look<'_>, known: usize) -> Result<Option<Shape>, NotUnderstood> {
    const NEXT: &str = "export one object a line (NDJSON)";
    let first = head.lines().map(|line| (line, line.trim_ascii())).find(|(_, text)| !text.is_empty());
    let Some((_, text)) = first else { return Ok(None) };
    let whole = serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok();
    match text.first() {
        Some(b'[') if known == 0 && !(whole && head.has_object()) => {
            Err(NotUnderstood::new(look.file, Some(1), "a JSON array", NEXT))
        }
        _ if head.has_object() => Ok(Some(of_objects(head, look))),
        Some(b'{') if known == 0 => Err(NotUnderstood::new(look.file, Some(1), "no line is a JSON object", NEXT)),
        _ => Ok(None),
    }
}

fn of_objects(head: &Head, look: &Look<'_>) -> Shape {
    let rows: Vec<_> = head.lines().filter_map(|line| json::fields(line).ok()).take(KEY_ROWS).collect();
    let mut titles: Vec<String> = Vec::new();
    for (key, _) in rows.iter().flatten() {
        if titles.len() < COLUMNS && !titles.iter().any(|title| title == key) {
            titles.push(key.clone().into_owned());
        }
    }
    let cell = |fields: &json::Fields<'_>, title: &String| {
        let value = fields.iter().find(|(key, _)| key == title);
        value.and_then(|(_, written)| json::text(written).ok().flatten()).unwrap_or_default().into_owned()
    };
    let samples = rows.iter().take(SAMPLES).map(|fields| titles.iter().map(|t| cell(fields, t)).collect()).collect();
    let mut sorted = titles.clone();
    sorted.sort_unstable();
    Shape {
        file: look.file.to_owned(),
        format: "ndjson",
        encoding: charset_name(look.charset),
        charset: look.charset,
        delimiter: None,
        header_line: 0,
        body: (0, 1),
        header: Vec::new(),
        fingerprint: xxh3_64(format!("ndjson\n{}", sorted.join("\n")).as_bytes()),
        titles,
        samples,
        bytes: 0,
    }
}

fn of_table(head: &Head, look: &Look<'_>, found: Header) -> Result<Shape, NotUnderstood> {
    let text = head.text();
    let no_text = || look.charset == UTF_8 && std::str::from_utf8(text).is_err_and(|e| e.error_len().is_some());
    let no_title = || found.cells.iter().any(|cell| cell.chars().any(|c| c.is_control() && !c.is_whitespace()));
    if found.known == 0 && found.named == 0 && (text.contains(&0) || no_text() || no_title()) {
        let why = "a binary file, not a table";
        return Err(NotUnderstood::new(look.file, None, why, "export it as CSV, TSV or NDJSON"));
    }
    if found.filled == 0 {
        return Err(NotUnderstood::new(look.file, None, "nothing to read", "export it again"));
    }
    let is_too_long = head.line(0).is_some_and(|(cut, _)| cut.whole == Whole::TooLong);
    if found.known == 0 && found.named == 0 && is_too_long {
        let why = "the first line is longer than 1 MiB";
        return Err(NotUnderstood::new(look.file, Some(1), why, "export it with a header and a line a row"));
    }
    if found.columns > COLUMNS {
        let why = format!("{} columns; at most {COLUMNS} are read", found.columns);
        return Err(NotUnderstood::new(look.file, Some(found.line), why, "export fewer columns"));
    }
    let format = if found.delimiter == b'\t' { "tsv" } else { "csv" };
    Ok(Shape {
        file: look.file.to_owned(),
        format,
        encoding: charset_name(look.charset),
        charset: look.charset,
        delimiter: Some(found.delimiter),
        header_line: found.line,
        body: found.body,
        samples: samples(text, &found),
        fingerprint: xxh3_64(format!("{format}\n{}", found.cells.join("\n")).as_bytes()),
        header: found.cells,
        titles: found.titles,
        bytes: 0,
    })
}

/// A row that may be the header.
struct Header {
    delimiter: u8,
    line: u64,
    /// Byte and line after it.
    body: (usize, u64),
    cells: Vec<String>,
    titles: Vec<String>,
    columns: usize,
    /// Titles that `--map` names, that are known, and cells that are not empty.
    named: usize,
    known: usize,
    filled: usize,
}

impl Header {
    fn new(delimiter: u8, line: u64, body: (usize, u64), cells: Vec<String>, named: &[&str]) -> Self {
        let titles = unique(&cells);
        let mut known: Vec<&String> = cells.iter().filter(|title| is_known(title)).collect();
        known.sort_unstable();
        known.dedup();
        Self {
            delimiter,
            line,
            body,
            named: named.iter().filter(|name| titles.iter().any(|t| t == *name)).count(),
            // The titles of a vendor are a header, however few of them any other file has.
            known: if formats::is_header(&cells) { known.len().max(HEADER_TITLES) } else { known.len() },
            columns: cells.len(),
            filled: cells.iter().filter(|cell| !cell.is_empty()).count(),
            cells,
            titles,
        }
    }

    fn rank(&self) -> (usize, usize, usize) {
        (self.named, self.known, self.columns)
    }

    /// Whether it is the header rather than a row above it.
    fn beats(&self, above: &Self) -> bool {
        self.named > above.named
            || (self.named == above.named
                && self.known > above.known
                && (self.known >= CHANCE || self.filled > above.filled))
    }
}

/// The row that looks most like a header: the first with all titles that were named, or else with three known ones, or
/// else with the most.
fn find_header(head: &Head, delimiter: u8, named: &[&str]) -> Header {
    let mut best = Header::new(delimiter, 1, (0, 1), Vec::new(), named);
    let mut cells = Cells::default();
    each_row(head.text(), delimiter, HEADER_ROWS, &mut |row| {
        let cells = cells.split(row.bytes, delimiter);
        // A row that is too wide is none, whatever stands in the rest of it.
        let titles = cells.texts().take(COLUMNS).map(|text| text.trim().to_owned()).collect();
        let header = Header { columns: cells.len(), ..Header::new(delimiter, row.line, row.body, titles, named) };
        if header.filled > 0 && (best.filled == 0 || header.beats(&best)) {
            best = header;
        }
        if named.is_empty() { best.known < HEADER_TITLES } else { best.named < named.len() }
    });
    best
}

/// First rows below the header.
fn samples(text: &[u8], header: &Header) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    let mut cells = Cells::default();
    each_row(text, header.delimiter, usize::MAX, &mut |row| {
        let cells = cells.split(row.bytes, header.delimiter);
        if row.line > header.line && row.whole == Whole::Yes && (cells.len() > 1 || header.titles.len() == 1) {
            out.push(cells.texts().map(str::to_owned).take(header.titles.len()).collect());
        }
        out.len() < SAMPLES
    });
    out
}

/// A row of the beginning.
struct Seen<'a> {
    line: u64,
    body: (usize, u64),
    bytes: &'a [u8],
    whole: Whole,
}

/// Shows rows until `look` has seen enough.
fn each_row(text: &[u8], delimiter: u8, most: usize, look: &mut dyn FnMut(Seen<'_>) -> bool) {
    let mut splitter = Splitter::new(Some(delimiter));
    let mut rest = text;
    let mut left = most;
    while left > 0 {
        match splitter.next() {
            Step::End => return,
            Step::More if rest.is_empty() => splitter.finish(),
            Step::More => {
                let pushed = splitter.push(|room| rest.read(room));
                debug_assert!(pushed.is_ok());
            }
            Step::Row(cut) => {
                left -= 1;
                let body = (cut.end as usize, splitter.line());
                if !look(Seen { line: cut.line, body, bytes: splitter.bytes(cut), whole: cut.whole }) {
                    return;
                }
            }
        }
    }
}

/// Titles of which each stands once: a second `note` becomes `note_2`, one without text the number of its column.
fn unique(cells: &[String]) -> Vec<String> {
    let mut titles: Vec<String> = Vec::with_capacity(cells.len());
    for (at, cell) in cells.iter().enumerate() {
        let plain = if cell.is_empty() { format!("column_{}", at + 1) } else { cell.clone() };
        let mut title = plain.clone();
        let mut n = 2;
        while titles.contains(&title) || (title != *cell && cells.contains(&title)) {
            title = format!("{plain}_{n}");
            n += 1;
        }
        titles.push(title);
    }
    titles
}

pub(super) fn charset_name(charset: &'static Encoding) -> &'static str {
    if charset == UTF_8 { "utf-8" } else { charset.name() }
}

/// The shape of a text, for tests.
#[cfg(test)]
pub(super) fn shape_of(text: &str, map: &[(String, String)]) -> Result<Shape, NotUnderstood> {
    let head = read_head(text.as_bytes()).map_err(|e| unreadable("f", &e))?;
    Shape::of(&head, &Look { file: "f", charset: UTF_8, map })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(titles: &[&str]) -> Vec<(String, String)> {
        titles.iter().map(|t| ((*t).to_owned(), "user".to_owned())).collect()
    }

    #[test]
    fn a_value_that_is_a_title_by_chance_makes_no_header() {
        let named = pairs(&["who", "what", "when"]);
        let text = "who,what,when\nsource,order,event\nuser,date,amount\n";
        assert_eq!(shape_of(text, &named).unwrap().header_line, 1);
        assert_eq!(shape_of("who,what,when\nu1,点击,2026\nu2,活动,2026\n", &[]).unwrap().header_line, 1);
        let report = "Report of all\n\nwho;when;what\nu;1;click\n";
        let shape = shape_of(report, &named).unwrap();
        assert_eq!((shape.header_line, shape.delimiter, shape.samples.len()), (3, Some(b';'), 1));
    }

    #[test]
    fn the_header_stands_below_titles_and_may_span_lines() {
        let shape = shape_of("Report,,\nJune,,\ndate,spend,\"shown\nto\"\n2026-06-01,5,7\n", &[]).unwrap();
        assert_eq!((shape.header_line, shape.body.1), (3, 5));
        assert_eq!(shape.titles, ["date", "spend", "shown\nto"]);
        assert_eq!(shape.samples, [["2026-06-01", "5", "7"]]);
    }

    #[test]
    fn each_title_stands_once() {
        let shape = shape_of("note,user_id,note,,note_2,ts,note,\n", &[]).unwrap();
        assert_eq!(shape.titles, ["note", "user_id", "note_3", "column_4", "note_2", "ts", "note_4", "column_8"]);
        assert_eq!(shape.header[2], "note");
    }

    #[test]
    fn a_row_of_four_hundred_thousand_cells_is_taken_and_one_of_titles_is_named() {
        let text = format!("user_id,event,ts\n{}\n", "x,".repeat(400_000));
        assert_eq!(shape_of(&text, &[]).unwrap().header_line, 1);
        let error = shape_of(&text.replace("user_id,event,ts\n", ""), &[]).unwrap_err();
        assert!(error.why.starts_with("400001 columns"), "{error}");
    }

    #[test]
    fn what_is_no_table_is_named() {
        for (text, why) in [
            ("[{\"user_id\":1},\n{\"user_id\":2}]\n", "a JSON array"),
            ("[\n{\"user_id\":1},\n{\"user_id\":2}\n]\n", "a JSON array"),
            ("[{\"user_id\":1}]\n", "a JSON array"),
            ("{\"user_id\":\n1}\n", "no line is a JSON object"),
            ("\u{FEFF}\n \n", "nothing to read"),
            ("\0\u{1}\0\n", "a binary file"),
            ("\0\n\0\0\n", "a binary file"),
            ("/jn^W\u{7},o^Q\n", "a binary file"),
            (&"x".repeat(super::super::ROW_LIMIT + 9), "the first line is longer than 1 MiB"),
        ] {
            let error = shape_of(text, &[]).unwrap_err();
            assert!(error.why.contains(why), "{text:?}: {error}");
        }
    }
}
