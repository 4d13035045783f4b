//! One row into cells.

use super::words::{Word, eight, first};

/// Room for the cells of one row, used again for the next.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// Unquoted cells, one after another, of a row with quotes.
    unquoted: Vec<u8>,
    /// Where each cell begins and ends.
    spans: Vec<(usize, usize)>,
}

/// The cells of one row, unquoted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split<'a> {
    bytes: &'a [u8],
    /// The bytes as text, where every cell is such.
    text: Option<&'a str>,
    spans: &'a [(usize, usize)],
    has_nul: bool,
}

impl Cells {
    /// Splits a whole row. Without quotes its cells are lent as they stand in it.
    pub(super) fn split<'a>(&'a mut self, row: &'a [u8], delimiter: u8) -> Split<'a> {
        let Marks { has_quote, has_nul } = self.cut(row, delimiter);
        if !has_quote {
            return Split { bytes: row, text: std::str::from_utf8(row).ok(), spans: &self.spans, has_nul };
        }
        self.unquote(row, delimiter);
        let text = std::str::from_utf8(&self.unquoted).ok();
        // Two cells that are no text may be such together.
        let text = text.filter(|text| self.spans.iter().all(|(from, _)| text.is_char_boundary(*from)));
        Split { bytes: &self.unquoted, text, spans: &self.spans, has_nul }
    }

    /// Cuts a row without quotes. Cells are short: eight bytes at a time find their ends sooner than one search for each.
    fn cut(&mut self, row: &[u8], delimiter: u8) -> Marks {
        self.spans.clear();
        let [delimiters, quotes] = [delimiter, b'"'].map(eight);
        let (words, rest) = row.as_chunks::<8>();
        let mut last = [delimiter ^ 0x7F; 8];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        let (mut start, mut quote, mut nul) = (0, 0, 0);
        for (at, word) in words.iter().chain([&last]).enumerate() {
            let word = Word::of(*word);
            quote |= word.find(quotes);
            nul |= word.find(0);
            let mut found = word.find(delimiters);
            while found != 0 {
                let end = at * 8 + first(found);
                self.spans.push((start, end));
                start = end + 1;
                found &= found - 1;
            }
        }
        self.spans.push((start, row.len()));
        Marks { has_quote: quote != 0, has_nul: nul != 0 }
    }

    fn unquote(&mut self, row: &[u8], delimiter: u8) {
        self.spans.clear();
        self.unquoted.clear();
        let mut at = 0;
        // A delimiter at the very end has an empty cell behind it.
        while at <= row.len() {
            let from = self.unquoted.len();
            at = self.cell(row, at, delimiter) + 1;
            self.spans.push((from, self.unquoted.len()));
        }
    }

    /// Copies the cell at `at` and returns where its delimiter stands, or the end.
    fn cell(&mut self, row: &[u8], mut at: usize, delimiter: u8) -> usize {
        if row.get(at) == Some(&b'"') {
            at += 1;
            loop {
                let rest = row.get(at..).unwrap_or_default();
                let Some(quote) = memchr::memchr(b'"', rest) else {
                    self.unquoted.extend_from_slice(rest);
                    return row.len();
                };
                self.unquoted.extend_from_slice(rest.get(..quote).unwrap_or_default());
                at += quote + 1;
                if row.get(at) != Some(&b'"') {
                    break;
                }
                self.unquoted.push(b'"');
                at += 1;
            }
        }
        let rest = row.get(at..).unwrap_or_default();
        let len = memchr::memchr(delimiter, rest).unwrap_or(rest.len());
        self.unquoted.extend_from_slice(rest.get(..len).unwrap_or_default());
        at + len
    }
}

/// What a row holds anywhere.
struct Marks {
    has_quote: bool,
    has_nul: bool,
}

impl<'a> Split<'a> {
    /// Number of cells.
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// The cell as bytes; empty beyond the last.
    pub(super) fn get(&self, at: usize) -> &'a [u8] {
        self.spans.get(at).and_then(|(from, to)| self.bytes.get(*from..*to)).unwrap_or_default()
    }

    /// Whether every cell is UTF-8.
    pub(super) fn is_utf8(&self) -> bool {
        self.text.is_some()
    }

    /// Whether a cell holds a NUL byte.
    pub(super) fn has_nul(&self) -> bool {
        self.has_nul
    }

    /// Whether a cell may be longer than so many bytes.
    pub(super) fn may_exceed(&self, limit: usize) -> bool {
        self.bytes.len() > limit
    }

    /// The cell as text; empty where it is not UTF-8.
    pub(super) fn text(&self, at: usize) -> &'a str {
        match (self.text, self.spans.get(at)) {
            (Some(text), Some((from, to))) => text.get(*from..*to).unwrap_or_default(),
            _ => std::str::from_utf8(self.get(at)).unwrap_or_default(),
        }
    }

    /// All cells as texts.
    pub(super) fn texts(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |at| self.text(at))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(row: &str) -> Vec<String> {
        Cells::default().split(row.as_bytes(), b',').texts().map(str::to_owned).collect()
    }

    #[test]
    fn quotes_count_at_the_start_of_a_cell_only() {
        assert_eq!(split(r#""a,""b",c"d",,"#), [r#"a,"b"#, r#"c"d""#, "", ""]);
        assert_eq!(split(""), [""]);
        assert_eq!(split("a,é,"), ["a", "é", ""]);
    }

    #[test]
    fn halves_of_a_character_in_two_cells_are_no_text() {
        for row in [b"a\xC3,\xA9b".as_slice(), b"\"a\xC3\",\xA9b"] {
            let mut cells = Cells::default();
            assert!(!cells.split(row, b',').is_utf8());
        }
    }

    proptest! {
        #[test]
        fn cells_lent_are_those_that_are_copied(row in "[a,é\u{0}\u{AC}]{0,40}", delimiter in prop::sample::select(b",;|\t".to_vec())) {
            let row = row.replace(',', char::from(delimiter).to_string().as_str());
            let (mut lent, mut copied) = (Cells::default(), Cells::default());
            let lent: Vec<&str> = lent.split(row.as_bytes(), delimiter).texts().collect();
            copied.unquote(row.as_bytes(), delimiter);
            let bytes = copied.spans.iter().map(|(from, to)| &copied.unquoted[*from..*to]);
            prop_assert_eq!(lent.iter().map(|text| text.as_bytes()).collect::<Vec<_>>(), bytes.collect::<Vec<_>>());
            prop_assert_eq!(Cells::default().split(row.as_bytes(), delimiter).has_nul(), row.contains('\0'));
        }
    }
}
