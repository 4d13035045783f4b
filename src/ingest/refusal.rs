//! Why a row is not taken.

use super::Fate;
use super::splitter::Cut;

/// A stable code, and the reason in words.
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) detail: String,
}

impl Refusal {
    /// What a row without a line end lacks is most likely its end (formats.md A12).
    pub(super) fn at_end(self, cut: Cut) -> Self {
        if cut.closed {
            return self;
        }
        Self { code: "ends_mid_line", detail: format!("ends mid-line: {}", self.detail) }
    }

    /// The row as a rejected one.
    pub(super) fn fate(self, raw: &[u8]) -> Fate<'static> {
        let text = String::from_utf8_lossy(raw.get(..raw.len().min(64 << 10)).unwrap_or_default()).into_owned();
        Fate::Rejected { code: self.code, detail: self.detail, raw: text.into() }
    }
}
