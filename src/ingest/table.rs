//! A small table of texts with a header, such as a mapping that an operator keeps: whole in memory.

use std::path::Path;

use super::bytes;
use super::cells::Cells;
use super::encoding;
use super::reading::Reading;
use super::shape::{open_text, unreadable};
use super::splitter::Whole;
use super::{NotUnderstood, ROW_LIMIT};

/// Most rows of such a table; more are another kind of file.
const MOST_ROWS: usize = 100_000;

/// A row: its line in the file, and its cells.
pub type TableRow = (u64, Vec<String>);

/// Reads a CSV or TSV file in any encoding that imports know. The first row is the header; empty rows are left out, and
/// cells beyond the end of a row are empty.
///
/// # Errors
/// When it cannot be read, a row cannot be split, or it holds too much.
pub fn table(path: &Path) -> Result<Vec<TableRow>, NotUnderstood> {
    let file = path.display().to_string();
    let wrong = |line, why: &str| NotUnderstood::new(&file, Some(line), why, "correct the line and import it again");
    let scan = bytes::open(path).and_then(|(input, _)| encoding::scan(input)).map_err(|e| unreadable(&file, &e))?;
    let (input, _) = open_text(path, scan.encoding).map_err(|e| unreadable(&file, &e))?;
    let mut reading = Reading::new(input, Some(b','));
    let (mut rows, mut cells, mut delimiter) = (Vec::new(), Cells::default(), None);
    while let Some(cut) = reading.next().map_err(|e| unreadable(&file, &e))? {
        let row = reading.bytes(cut);
        match cut.whole {
            Whole::Yes => {}
            Whole::OpenQuote => return Err(wrong(cut.line, "a quote opens and never closes")),
            Whole::TooLong => return Err(wrong(cut.line, &format!("the row is longer than {} KiB", ROW_LIMIT >> 10))),
        }
        if row.trim_ascii().is_empty() {
            continue;
        }
        let cells = cells.split(row, *delimiter.get_or_insert_with(|| delimiter_of(row)));
        if !cells.is_utf8() {
            return Err(wrong(cut.line, "the row holds bytes that are no text"));
        }
        if rows.len() == MOST_ROWS {
            return Err(wrong(cut.line, "the table has more than 100,000 rows"));
        }
        rows.push((cut.line, cells.texts().map(str::to_owned).collect()));
    }
    Ok(rows)
}

/// What stands most often between the titles.
fn delimiter_of(header: &[u8]) -> u8 {
    let count = |byte: u8| memchr::memchr_iter(byte, header).count();
    [b',', b';', b'\t'].into_iter().max_by_key(|byte| (count(*byte), *byte == b',')).unwrap_or(b',')
}
