//! Days that count from a plan, as they are written: `start-7`, `finish`, `finish+3`.

use super::Anchor;

/// Most days from a plan.
const MOST: i64 = 1_000;

impl Anchor {
    /// Reads an anchor and the days from there; blanks say nothing.
    pub fn read(text: &str) -> Option<(Self, i64)> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let (anchor, days) =
            Self::ALL.iter().find_map(|anchor| plain.strip_prefix(anchor.word()).map(|days| (*anchor, days)))?;
        if days.is_empty() {
            return Some((anchor, 0));
        }
        let unsigned = days.strip_prefix(['+', '-'])?;
        let is_whole = unsigned.bytes().all(|b| b.is_ascii_digit());
        days.parse().ok().filter(|_| is_whole).filter(|days: &i64| days.abs() <= MOST).map(|days| (anchor, days))
    }

    /// Writes what [`Self::read`] reads.
    pub fn write(self, days: i64) -> String {
        match days {
            0 => self.word().to_owned(),
            _ => format!("{}{days:+}", self.word()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for (text, want) in
            [("start-7", (Anchor::Start, -7)), ("finish", (Anchor::Finish, 0)), ("finish +3", (Anchor::Finish, 3))]
        {
            assert_eq!(Anchor::read(text), Some(want), "{text}");
            assert_eq!(want.0.write(want.1), text.replace(' ', ""));
        }
        for wrong in ["", "start7", "finish+9999", "starts", "start+", "start--3", "start+-3"] {
            assert_eq!(Anchor::read(wrong), None, "{wrong}");
        }
    }
}
