//! Keys as the app knows them, whatever the terminal library calls them.

/// A key without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyCode {
    /// A character, as typed.
    Char(char),
    /// Enter.
    Enter,
    /// Esc.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Del.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key by number.
    F(u8),
}

/// A key press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// The key.
    pub code: KeyCode,
    /// With Ctrl.
    pub ctrl: bool,
    /// With Alt.
    pub alt: bool,
    /// With Shift; characters carry their case themselves.
    pub shift: bool,
}

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: KeyCode) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// A character without modifiers.
    pub const fn char(c: char) -> Self {
        Self::plain(KeyCode::Char(c))
    }

    /// A character with Ctrl.
    pub const fn ctrl(c: char) -> Self {
        Self { code: KeyCode::Char(c), ctrl: true, alt: false, shift: false }
    }

    /// The key that a Chinese input method stands in the way of: full-width characters and Chinese punctuation become
    /// the ASCII character on their key. For use outside text fields.
    #[must_use]
    pub fn ascii(self) -> Self {
        match self.code {
            KeyCode::Char(c) => Self { code: KeyCode::Char(to_ascii(c)), ..self },
            _ => self,
        }
    }
}

fn to_ascii(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        '。' => '.',
        '、' => '/',
        '【' => '[',
        '】' => ']',
        '「' | '『' => '{',
        '」' | '』' => '}',
        '《' | '〈' => '<',
        '》' | '〉' => '>',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '￥' | '¥' => '$',
        '…' => '^',
        '—' => '_',
        '·' => '`',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_punctuation_acts_as_its_key() {
        for (typed, meant) in [
            ('，', ','),
            ('。', '.'),
            ('？', '?'),
            ('！', '!'),
            ('【', '['),
            ('｛', '{'),
            ('￥', '$'),
            ('＃', '#'),
            ('０', '0'),
            ('ｑ', 'q'),
            ('＝', '='),
        ] {
            assert_eq!(Key::char(typed).ascii(), Key::char(meant));
        }
        assert_eq!(Key::char('广').ascii(), Key::char('广'));
        assert_eq!(Key::plain(KeyCode::Enter).ascii(), Key::plain(KeyCode::Enter));
    }
}
