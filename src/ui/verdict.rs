//! Status words: a sign and a word, so that a verdict never hangs on colour (screens.md section 4).

use super::theme::Role;

/// A verdict at the right end of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// On course; fresh; passed.
    Ok,
    /// Needs attention.
    Risk,
    /// Failed.
    Off,
    /// Spend or another ceiling above its line.
    Over,
    /// No observation; never zero.
    NoData,
    /// Newest row older than the source's usual gap.
    Stale,
}

impl Verdict {
    /// The sign before the word.
    pub fn sign(self) -> char {
        match self {
            Self::Ok => '+',
            Self::Risk => 'o',
            Self::Off => '!',
            Self::Over => '^',
            Self::NoData => '?',
            Self::Stale => 'z',
        }
    }

    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Risk => "RISK",
            Self::Off => "OFF",
            Self::Over => "OVER",
            Self::NoData => "NODATA",
            Self::Stale => "STALE",
        }
    }

    /// Colour of both.
    pub fn role(self) -> Role {
        match self {
            Self::Ok => Role::Good,
            Self::Risk | Self::Stale | Self::Over => Role::Warn,
            Self::Off => Role::Bad,
            Self::NoData => Role::Muted,
        }
    }

    /// Sign, space and word.
    pub fn text(self) -> String {
        format!("{} {}", self.sign(), self.word())
    }
}
