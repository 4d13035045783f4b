//! What a file looks like: format, encoding, delimiter, titles, first rows.

use std::io::{self, Read};
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};
use xxhash_rust::xxh3::xxh3_64;

use super::bytes::{self, Meter, Utf8};
use super::fields::is_known;
use super::splitter::{Cells, Splitter, Whole};
use super::{NotUnderstood, encoding, json};

/// Rows among which the header is looked for.
const HEADER_ROWS: usize = 20;
/// Titles that make a row the header at once.
const HEADER_TITLES: usize = 3;
/// Columns of a header at most (formats.md A15).
const COLUMNS: usize = 256;
/// Rows shown before loading.
const SAMPLES: usize = 10;
/// Rows of NDJSON whose keys count as titles.
const KEY_ROWS: usize = 100;

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
    /// Line of the header; 1 for NDJSON.
    pub(super) header_line: u64,
    pub(super) slash: bool,
    /// Titles in column order; for NDJSON the keys of the first rows.
    pub titles: Vec<String>,
    /// First rows as cells in title order, at most 10.
    pub samples: Vec<Vec<String>>,
    /// Equal for files of one format and header.
    pub fingerprint: u64,
    /// Size on disk in bytes.
    pub bytes: u64,
}

/// Looks at a file. It is read once from end to end for its encoding, in bounded memory.
///
/// # Errors
/// When it cannot be opened, holds nothing, is binary, or has too many columns.
pub fn inspect(path: &Path) -> Result<Shape, NotUnderstood> {
    let file = path.display().to_string();
    let size = std::fs::metadata(path).map_or(0, |m| m.len());
    let scan = bytes::open(path).and_then(|(input, _)| encoding::scan(input)).map_err(|e| unreadable(&file, &e))?;
    if !scan.any {
        return Err(NotUnderstood::new(&file, None, "the file is empty", "export it again"));
    }
    let (input, _) = open_text(path, scan.encoding).map_err(|e| unreadable(&file, &e))?;
    let mut head = Head::read(input).map_err(|e| unreadable(&file, &e))?;
    head.nul = scan.nul;
    let mut shape = head.shape(&file, scan.encoding)?;
    (shape.bytes, shape.slash) = (size, scan.slash);
    Ok(shape)
}

/// Opens a file as UTF-8 text.
pub(super) fn open_text(path: &Path, charset: &'static Encoding) -> io::Result<(Box<dyn Read + Send>, Meter)> {
    let (input, meter) = bytes::open(path)?;
    Ok((Box::new(Utf8::new(input, charset)), meter))
}

pub(super) fn unreadable(file: &str, error: &io::Error) -> NotUnderstood {
    let next = match error.kind() {
        io::ErrorKind::NotFound => "check the path",
        io::ErrorKind::IsADirectory => "name a file in it",
        io::ErrorKind::PermissionDenied if error.to_string().contains("workspace") => {
            "name the file the rows came from"
        }
        _ => "check the file and its permissions",
    };
    NotUnderstood::new(file, None, error.to_string(), next)
}

/// The first 256 KiB of text.
pub(super) struct Head {
    text: Vec<u8>,
    pub(super) nul: bool,
}

impl Head {
    fn read(input: impl Read) -> io::Result<Self> {
        let mut text = Vec::new();
        // A damaged end is met again by the reader; what came before it is enough to know the shape.
        let outcome = input.take(256 << 10).read_to_end(&mut text);
        if text.is_empty() {
            outcome?;
        }
        Ok(Self { text, nul: false })
    }

    pub(super) fn of(text: Vec<u8>) -> Self {
        Self { text, nul: false }
    }

    pub(super) fn shape(&self, file: &str, charset: &'static Encoding) -> Result<Shape, NotUnderstood> {
        let start = self.text.iter().find(|b| !b.is_ascii_whitespace() && !b"\xEF\xBB\xBF".contains(*b));
        match start {
            Some(b'{') => self.ndjson(file, charset),
            Some(b'[') => Err(NotUnderstood::new(file, Some(1), "a JSON array", "export one object a line (NDJSON)")),
            _ => self.delimited(file, charset),
        }
    }

    fn ndjson(&self, file: &str, charset: &'static Encoding) -> Result<Shape, NotUnderstood> {
        let mut titles: Vec<String> = Vec::new();
        let mut rows = Vec::new();
        let mut splitter = Splitter::new(self.text.as_slice(), None);
        while let Ok(Some(cut)) = splitter.next() {
            let Ok(fields) = json::fields(splitter.bytes(cut)) else { continue };
            for (key, _) in &fields {
                if !titles.contains(key) && titles.len() < COLUMNS {
                    titles.push(key.clone());
                }
            }
            rows.push(fields);
            if rows.len() == KEY_ROWS {
                break;
            }
        }
        if titles.is_empty() {
            return Err(NotUnderstood::new(
                file,
                Some(1),
                "no line is a JSON object",
                "export one object a line (NDJSON)",
            ));
        }
        let cell = |fields: &json::Fields, title: &String| {
            fields
                .iter()
                .find(|(k, _)| k == title)
                .and_then(|(_, raw)| json::text(raw).ok().flatten())
                .unwrap_or_default()
        };
        let samples =
            rows.iter().take(SAMPLES).map(|fields| titles.iter().map(|t| cell(fields, t)).collect()).collect();
        let mut sorted = titles.clone();
        sorted.sort_unstable();
        let fingerprint = xxh3_64(format!("ndjson\n{}", sorted.join("\n")).as_bytes());
        Ok(Shape {
            file: file.to_owned(),
            format: "ndjson",
            encoding: charset_name(charset),
            charset,
            delimiter: None,
            header_line: 1,
            slash: true,
            titles,
            samples,
            fingerprint,
            bytes: 0,
        })
    }

    fn delimited(&self, file: &str, charset: &'static Encoding) -> Result<Shape, NotUnderstood> {
        let best = [b',', b';', b'\t', b'|'].into_iter().map(|d| self.header(d)).max_by_key(|h| (h.known, h.columns));
        let Some(header) = best else {
            return Err(NotUnderstood::new(file, None, "nothing to read", "export it again"));
        };
        let binary = self.nul || self.text.contains(&0);
        if header.known == 0
            && (binary || (charset == UTF_8 && std::str::from_utf8(&self.text).is_err_and(|e| e.error_len().is_some())))
        {
            return Err(NotUnderstood::new(
                file,
                None,
                "a binary file, not a table",
                "export it as CSV, TSV or NDJSON",
            ));
        }
        if header.columns > COLUMNS {
            let why = format!("{} columns; at most {COLUMNS} are read", header.columns);
            return Err(NotUnderstood::new(file, Some(header.line), why, "export fewer columns"));
        }
        let (titles, samples) = self.rows(header.delimiter, header.line);
        let format = if header.delimiter == b'\t' { "tsv" } else { "csv" };
        Ok(Shape {
            file: file.to_owned(),
            format,
            encoding: charset_name(charset),
            charset,
            delimiter: Some(header.delimiter),
            header_line: header.line,
            slash: true,
            fingerprint: xxh3_64(format!("{format}\n{}", titles.join("\n")).as_bytes()),
            titles,
            samples,
            bytes: 0,
        })
    }

    /// The row that looks most like a header: the first with three known titles, else the one with the most.
    fn header(&self, delimiter: u8) -> Header {
        let mut best = Header { delimiter, line: 1, known: 0, columns: 0 };
        let mut splitter = Splitter::new(self.text.as_slice(), Some(delimiter));
        let mut cells = Cells::default();
        for at in 0..HEADER_ROWS {
            let Ok(Some(cut)) = splitter.next() else { break };
            cells.split(splitter.bytes(cut), delimiter);
            let mut known: Vec<&str> = (0..cells.len()).map(|c| cells.text(c)).filter(|t| is_known(t)).collect();
            known.sort_unstable();
            known.dedup();
            let empty = (0..cells.len()).all(|c| cells.get(c).is_empty());
            if known.len() > best.known || (best.columns == 0 && !empty) {
                best = Header { delimiter, line: cut.line, known: known.len(), columns: cells.len() };
            }
            if best.known >= HEADER_TITLES || (at == 0 && cut.whole == Whole::TooLong) {
                break;
            }
        }
        best
    }

    fn rows(&self, delimiter: u8, header_line: u64) -> (Vec<String>, Vec<Vec<String>>) {
        let mut splitter = Splitter::new(self.text.as_slice(), Some(delimiter));
        let mut cells = Cells::default();
        let (mut titles, mut samples) = (Vec::new(), Vec::new());
        while let Ok(Some(cut)) = splitter.next() {
            if cut.line < header_line || samples.len() == SAMPLES {
                continue;
            }
            cells.split(splitter.bytes(cut), delimiter);
            let row = (0..cells.len()).map(|c| cells.text(c).to_owned());
            if cut.line == header_line {
                titles = row.map(|t| t.trim().to_owned()).collect();
            } else if cut.whole == Whole::Yes && cells.len() > 1 {
                samples.push(row.take(titles.len()).collect());
            }
        }
        (titles, samples)
    }
}

struct Header {
    delimiter: u8,
    line: u64,
    known: usize,
    columns: usize,
}

fn charset_name(charset: &'static Encoding) -> &'static str {
    if charset == UTF_8 { "utf-8" } else { charset.name() }
}
