//! One row into cells.

/// Cells of one row, unquoted, in buffers that are used again.
#[derive(Debug, Default)]
pub(super) struct Cells {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    /// Splits a whole row.
    pub(super) fn split(&mut self, row: &[u8], delimiter: u8) {
        self.text.clear();
        self.ends.clear();
        let mut at = 0;
        loop {
            at = self.cell(row, at, delimiter);
            self.ends.push(self.text.len());
            if at >= row.len() {
                break;
            }
            at += 1;
            if at == row.len() {
                self.ends.push(self.text.len());
                break;
            }
        }
    }

    /// Copies the cell at `at` and returns where its delimiter stands, or the end.
    fn cell(&mut self, row: &[u8], mut at: usize, delimiter: u8) -> usize {
        if row.get(at) == Some(&b'"') {
            at += 1;
            loop {
                let rest = row.get(at..).unwrap_or_default();
                let Some(quote) = memchr::memchr(b'"', rest) else {
                    self.text.extend_from_slice(rest);
                    return row.len();
                };
                self.text.extend_from_slice(rest.get(..quote).unwrap_or_default());
                at += quote + 1;
                if row.get(at) != Some(&b'"') {
                    break;
                }
                self.text.push(b'"');
                at += 1;
            }
        }
        let rest = row.get(at..).unwrap_or_default();
        let len = memchr::memchr(delimiter, rest).unwrap_or(rest.len());
        self.text.extend_from_slice(rest.get(..len).unwrap_or_default());
        at + len
    }

    /// Number of cells.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cell as bytes; empty beyond the last.
    pub(super) fn get(&self, at: usize) -> &[u8] {
        let from = if at == 0 { 0 } else { self.ends.get(at - 1).copied().unwrap_or(0) };
        self.ends.get(at).and_then(|to| self.text.get(from..*to)).unwrap_or_default()
    }

    /// Whether all cells together are UTF-8, so that every cell is.
    pub(super) fn is_utf8(&self) -> bool {
        std::str::from_utf8(&self.text).is_ok()
    }

    /// The cell as text; empty where it is not UTF-8.
    pub(super) fn text(&self, at: usize) -> &str {
        std::str::from_utf8(self.get(at)).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(row: &str) -> Vec<String> {
        let mut cells = Cells::default();
        cells.split(row.as_bytes(), b',');
        (0..cells.len()).map(|at| cells.text(at).to_owned()).collect()
    }

    #[test]
    fn quotes_count_at_the_start_of_a_cell_only() {
        assert_eq!(split(r#""a,""b",c"d",,"#), [r#"a,"b"#, r#"c"d""#, "", ""]);
        assert_eq!(split(""), [""]);
    }
}
