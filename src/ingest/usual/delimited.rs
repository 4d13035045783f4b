//! Rows of cells without quotes, as many as the header has.

use super::super::time::TimeRules;
use super::super::words::{Word, eight, first};
use super::{TEXTS, TIME, To, event, row};
use crate::domain::records::Lent;

/// Columns at most.
const MOST: usize = 32;

#[derive(Debug)]
pub(in crate::ingest) struct Delimited {
    /// Eight times.
    delimiter: u64,
    columns: usize,
    /// Columns of the texts of an event; one beyond the last is none.
    places: [usize; TEXTS],
    /// Columns that make properties.
    properties: Vec<usize>,
    first_title: String,
    /// Where the cells of a row end.
    ends: [usize; MOST],
}

impl Delimited {
    pub(super) fn of(columns: &[To], header: &[String], delimiter: u8) -> Option<Self> {
        let place = |text| columns.iter().position(|to| *to == To::Text(text));
        let places = std::array::from_fn(|text| place(text).unwrap_or(MOST));
        // No title is a time, so the header is no usual row where it comes again.
        let time = place(TIME).and_then(|at| header.get(at))?;
        let is_properties = |at: &usize| matches!(columns.get(*at), Some(To::Property | To::Nested));
        (columns.len() == header.len() && columns.len() <= MOST && !time.starts_with(|c: char| c.is_ascii_digit()))
            .then(|| Self {
                delimiter: eight(delimiter),
                columns: columns.len(),
                places,
                properties: (0..columns.len()).filter(is_properties).collect(),
                first_title: header.first().cloned().unwrap_or_default(),
                ends: [0; MOST],
            })
    }

    pub(super) fn read<'a>(&mut self, text: &'a str, times: &mut TimeRules) -> Option<(Lent<'a>, usize)> {
        let (text, whole) = row(text, self.cut(text.as_bytes())?)?;
        if self.properties.iter().any(|at| !self.cell(text, *at).is_empty()) || !self.is_row(self.cell(text, 0)) {
            return None;
        }
        let mut texts = [""; TEXTS];
        for (to, place) in texts.iter_mut().zip(self.places) {
            *to = self.cell(text, place);
        }
        Some((event(texts, None, times)?, whole))
    }

    /// Finds the ends of the cells, and gives the last.
    fn cut(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut ends = self.ends.iter_mut();
        let mut count = 0;
        for (at, word) in bytes.as_chunks::<8>().0.iter().enumerate() {
            let word = Word::of(*word);
            let mut found = word.find(self.delimiter);
            // All control characters at once; a row that holds another than its line end is none of these.
            let stops = word.controls() & !found | word.find(eight(b'"'));
            if stops != 0 {
                found &= (stops & stops.wrapping_neg()) - 1;
            }
            while found != 0 {
                *ends.next()? = at * 8 + first(found);
                found &= found - 1;
                count += 1;
            }
            if stops != 0 {
                let end = at * 8 + first(stops);
                *ends.next()? = end;
                return (count + 1 == self.columns).then_some(end);
            }
        }
        None
    }

    fn cell<'a>(&self, text: &'a str, at: usize) -> &'a str {
        let Some(end) = self.ends.get(at) else { return "" };
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| end + 1);
        text.get(start..*end).unwrap_or_default()
    }

    /// Whether its first cell shows that a row is no total and no header.
    fn is_row(&self, first: &str) -> bool {
        let bytes = first.as_bytes();
        match (bytes.first(), bytes.last()) {
            (Some(b't' | b'T'), _) => false,
            (Some(begins), Some(ends)) => {
                begins.is_ascii_graphic() && ends.is_ascii_graphic() && first != self.first_title
            }
            _ => true,
        }
    }
}
