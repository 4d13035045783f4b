//! Glyph sets: what lines, charts and marks are drawn with (screens.md section 5).

/// The setting `glyphs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum GlyphSetting {
    /// By the locale.
    #[default]
    Auto,
    /// Braille charts, and nothing of ambiguous width.
    Braille,
    /// Half-block charts.
    Blocks,
    /// ASCII only.
    Ascii,
}

impl GlyphSetting {
    /// Reads `auto`, `braille`, `blocks` or `ascii`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "auto" => Some(Self::Auto),
            "braille" => Some(Self::Braille),
            "blocks" => Some(Self::Blocks),
            "ascii" => Some(Self::Ascii),
            _ => None,
        }
    }

    /// The set to draw with, by whether the locale is UTF-8 and whether it is Chinese, Japanese or Korean.
    pub fn resolve(self, utf8: bool, cjk: bool) -> Glyphs {
        match self {
            Self::Ascii => Glyphs::Ascii,
            Self::Braille => Glyphs::Cjk,
            Self::Blocks => Glyphs::Blocks,
            Self::Auto if !utf8 => Glyphs::Ascii,
            Self::Auto if cjk => Glyphs::Cjk,
            Self::Auto => Glyphs::Unicode,
        }
    }
}

/// A set of glyphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Glyphs {
    /// Lines and boxes, braille charts, block sparklines.
    #[default]
    Unicode,
    /// Lines and boxes, half-block charts.
    Blocks,
    /// ASCII frames, braille charts: no cell of ambiguous width.
    Cjk,
    /// ASCII only.
    Ascii,
}

/// Corners and sides of a layer: top left, top right, bottom left, bottom right, across, down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame(pub [char; 6]);

impl Glyphs {
    /// Every set.
    pub const ALL: [Self; 4] = [Self::Unicode, Self::Blocks, Self::Cjk, Self::Ascii];

    /// Whether box lines, dots and ellipses may be drawn, which are two cells wide in some CJK fonts.
    fn ambiguous(self) -> bool {
        matches!(self, Self::Unicode | Self::Blocks)
    }

    /// A rule.
    pub fn rule(self) -> char {
        if self.ambiguous() { '─' } else { '-' }
    }

    /// Between panes.
    pub fn divider(self) -> char {
        if self.ambiguous() { '│' } else { '|' }
    }

    /// A layer's frame.
    pub fn frame(self) -> Frame {
        if self.ambiguous() {
            Frame(['┌', '┐', '└', '┘', '─', '│'])
        } else {
            Frame(['+', '+', '+', '+', '-', '|'])
        }
    }

    /// A writer committed in the last seconds, or not.
    pub fn live(self, live: bool) -> char {
        match (self.ambiguous(), live) {
            (true, true) => '●',
            (true, false) => '○',
            (false, true) => '*',
            (false, false) => '.',
        }
    }

    /// A cell that cannot have data.
    pub fn empty(self) -> char {
        if self.ambiguous() { '·' } else { '.' }
    }

    /// In place of cut text.
    pub fn cut(self) -> char {
        if self.ambiguous() { '…' } else { '~' }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_decides_only_where_nothing_is_set() {
        assert_eq!(GlyphSetting::Auto.resolve(true, false), Glyphs::Unicode);
        assert_eq!(GlyphSetting::Auto.resolve(true, true), Glyphs::Cjk);
        assert_eq!(GlyphSetting::Auto.resolve(false, true), Glyphs::Ascii);
        assert_eq!(GlyphSetting::Blocks.resolve(true, true), Glyphs::Blocks);
        assert_eq!(GlyphSetting::Braille.resolve(true, false), Glyphs::Cjk);
    }
}
