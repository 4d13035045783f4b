//! Text of unknown origin made harmless: shown as it is, never obeyed (reliability.md section 5).
//!
//! Control characters become carets or `\u{..}`, characters that reorder, hide or join become visible `<U+202E>`.
//! Nothing is removed silently except combining marks beyond the eighth on one base.

use std::borrow::Cow;
use std::fmt;

use unicode_width::UnicodeWidthChar;

/// Combining marks kept on one base character.
const MARKS: usize = 8;

/// The joiner that builds one emoji from several.
const ZWJ: char = '\u{200D}';

/// One line of text that is safe to put into a cell, print or send to a clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Safe<'a>(Cow<'a, str>);

impl<'a> Safe<'a> {
    /// Cleans a text. Line breaks and tabs become `^J` and `^I`: a safe text is one line.
    pub fn new(raw: &'a str) -> Self {
        if raw.bytes().all(|b| (0x20..0x7f).contains(&b)) { Self(Cow::Borrowed(raw)) } else { Self(clean(raw)) }
    }

    /// The clean text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Safe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<Safe<'_>> for String {
    fn from(safe: Safe<'_>) -> Self {
        safe.0.into_owned()
    }
}

/// A cell of a CSV file that a spreadsheet will not take for a formula: quoted where needed, and with a leading `'`
/// before `=`, `+`, `-`, `@`, tab and carriage return.
pub fn spreadsheet_cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) };
    csv_cell(&cell)
}

/// A cell of a CSV file as it stands, quoted where needed; for numbers, whose sign is no formula.
pub fn csv_cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// Whether a character never reaches the terminal as itself, wherever it stands.
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || is_hidden(c)
}

/// Characters that reorder the text around them or cannot be seen.
fn is_hidden(c: char) -> bool {
    matches!(c,
        // Bidi_Control.
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
        // Zero width, and line and paragraph separators.
        | '\u{200B}'..='\u{200D}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}'
        // Other characters without a glyph: soft hyphen, joiner, fillers, interlinear marks, musical format.
        | '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{3164}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        // Tags and everything else of the plane of special characters.
        | '\u{E0000}'..='\u{E0FFF}')
}

fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}')
}

/// Characters that begin an emoji or continue it after a joiner.
fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{00A9}' | '\u{00AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2194}'..='\u{21AA}'
        | '\u{231A}'..='\u{2328}' | '\u{23CF}'..='\u{23FA}' | '\u{24C2}' | '\u{25AA}'..='\u{25FE}'
        | '\u{2600}'..='\u{27BF}' | '\u{2934}' | '\u{2935}' | '\u{2B05}'..='\u{2B55}' | '\u{3030}' | '\u{303D}'
        | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
}

fn is_keycap_base(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '#' | '*')
}

fn clean(raw: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(raw.len() + 16);
    let mut marks = 0;
    // The last character that was kept as itself; `None` at the start and after a visible escape.
    let mut base: Option<char> = None;
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let kept = if c.is_control() {
            push_control(&mut out, c);
            false
        } else if c == ZWJ {
            let inside = base.is_some_and(is_emoji) && next.is_some_and(is_emoji);
            push_if(&mut out, c, inside)
        } else if is_variation_selector(c) {
            let on_emoji = matches!(c, '\u{FE0E}' | '\u{FE0F}')
                && base.is_some_and(|b| is_emoji(b) || (is_keycap_base(b) && next == Some('\u{20E3}')));
            push_if(&mut out, c, on_emoji)
        } else if is_hidden(c) {
            push_if(&mut out, c, false)
        } else if c.width() == Some(0) {
            marks += 1;
            if marks > MARKS && base.is_some() {
                continue;
            }
            push_if(&mut out, c, base.is_some())
        } else {
            marks = 0;
            base = Some(c);
            out.push(c);
            continue;
        };
        if !kept {
            base = None;
            marks = 0;
        }
    }
    if out == raw { Cow::Borrowed(raw) } else { Cow::Owned(out) }
}

fn push_control(out: &mut String, c: char) {
    match c {
        '\u{0}'..='\u{1F}' => {
            out.push('^');
            out.push(char::from(c as u8 + b'@'));
        }
        '\u{7F}' => out.push_str("^?"),
        _ => out.extend(c.escape_unicode()),
    }
}

/// Writes the character as itself or as `<U+202E>`; gives back which.
fn push_if(out: &mut String, c: char, keep: bool) -> bool {
    if keep {
        out.push(c);
    } else {
        out.extend(["<U+", &format!("{:04X}", u32::from(c)), ">"]);
    }
    keep
}

#[cfg(test)]
mod tests {
    use super::*;

    fn safe(raw: &str) -> String {
        Safe::new(raw).to_string()
    }

    /// Payloads that have fooled terminals, logs and reviewers; none may leave a raw control or hidden character.
    pub const HOSTILE: [&str; 72] = [
        "\x1b[31mred\x1b[0m",
        "\x1b[2J\x1b[H",
        "\x1b]0;title\x07",
        "\x1b]2;title\x1b\\",
        "\x1b]52;c;aGVsbG8=\x07",
        "\x1b]52;p;aGVsbG8=\x1b\\",
        "\x1b]8;;http://example.com\x1b\\link\x1b]8;;\x1b\\",
        "\x1b]8;;http://example.com\x07",
        "\x1b]1337;File=name=eA==:AAAA\x07",
        "\x1b]11;?\x07",
        "\x1b]4;1;?\x07",
        "\x1b]unterminated",
        "\x1bP1$r0m\x1b\\",
        "\x1bPq#0;2;0;0;0\x1b\\",
        "\x1b_Gf=100;AAAA\x1b\\",
        "\x1b^private\x1b\\",
        "\x1bXstart\x1b\\",
        "\x1b[6n",
        "\x1b[c",
        "\x1b[>c",
        "\x1b[21t",
        "\x1b[?1049h",
        "\x1b[?1000h",
        "\x1b[?25l",
        "\x1b[8m hidden \x1b[28m",
        "\x1bc",
        "\x1b7\x1b8",
        "\x1b(0lqk",
        "\x1b#8",
        "\x1b[5;10r",
        "\x1b[999999999999999A",
        "\x1b",
        "\x1b[",
        "\u{9b}31m",
        "\u{9d}0;t\u{9c}",
        "\u{90}q\u{9c}",
        "\u{9e}x\u{9c}",
        "\u{85}next line",
        "\u{84}\u{88}\u{8d}",
        "bell\x07",
        "back\x08\x08\x08space",
        "line\rover",
        "line\nbreak",
        "tab\tstop",
        "\x0b\x0c",
        "\x0e shift out \x0f",
        "nul\0byte",
        "del\x7f",
        "\x1a\x1c\x1d\x1e\x1f",
        "right \u{202e}txt.exe",
        "\u{202d}over\u{202c}",
        "\u{202a}a\u{202b}b",
        "\u{2066}iso\u{2069}",
        "\u{2067}\u{2068}",
        "\u{200e}\u{200f}\u{61c}",
        "zero\u{200b}width",
        "join\u{200d}er",
        "non\u{200c}joiner",
        "word\u{2060}joiner",
        "\u{feff}bom",
        "line\u{2028}separator",
        "para\u{2029}graph",
        "\u{e0041}\u{e0042}\u{e007f}",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}",
        "soft\u{ad}hyphen",
        "a\u{fe0f}b\u{fe00}",
        "x\u{e0100}",
        "filler\u{3164}\u{115f}\u{1160}\u{ffa0}",
        "mongolian\u{180e}",
        "\u{fff9}a\u{fffa}b\u{fffb}",
        "z\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}\u{30c}\u{30d}",
        "=cmd|' /C calc'!A0\x1b[0m\u{202e}",
    ];

    #[test]
    fn no_hostile_text_keeps_a_control_or_hidden_character() {
        for raw in HOSTILE {
            let clean = safe(raw);
            assert!(!clean.chars().any(|c| c.is_control() || is_hidden(c)), "{raw:?} became {clean:?}");
            assert_eq!(safe(&clean), clean, "cleaning twice changes {raw:?}");
        }
    }

    #[test]
    fn what_was_there_is_shown() {
        assert_eq!(safe("\x1b]52;c;QQ==\x07"), "^[]52;c;QQ==^G");
        assert_eq!(safe("a\u{9b}2J"), "a\\u{9b}2J");
        assert_eq!(safe("abc\u{202e}txt"), "abc<U+202E>txt");
        assert_eq!(safe("\u{e0041}"), "<U+E0041>");
        assert_eq!(safe("a\nb\tc\x7f"), "a^Jb^Ic^?");
        assert_eq!(safe("a\u{fe0f}"), "a<U+FE0F>");
    }

    #[test]
    fn ordinary_text_of_the_world_passes_unchanged() {
        for text in [
            "plain",
            "feed-α",
            "广告投放",
            "日本語テスト",
            "한국어",
            "e\u{301}té",
            "नमस्ते",
            "❤\u{fe0f}",
            "😀",
            "1\u{fe0f}\u{20e3}",
        ] {
            assert_eq!(safe(text), text);
        }
        let family = "\u{1F469}\u{200D}\u{1F4BB}";
        assert_eq!(safe(family), family, "a joiner inside an emoji stays");
        assert_eq!(safe("\u{1F469}\u{200D}x"), "\u{1F469}<U+200D>x");
    }

    #[test]
    fn marks_are_cut_after_eight_and_need_a_base() {
        let piled = format!("z{}", "\u{301}".repeat(50));
        assert_eq!(safe(&piled).chars().count(), 9);
        assert_eq!(safe("\u{301}x"), "<U+0301>x");
        assert_eq!(safe("\x07\u{301}"), "^G<U+0301>", "an escape is no base");
    }

    #[test]
    fn a_spreadsheet_never_sees_a_formula() {
        assert_eq!(spreadsheet_cell("=1+1"), "'=1+1");
        assert_eq!(spreadsheet_cell("@sum"), "'@sum");
        assert_eq!(spreadsheet_cell("-5"), "'-5");
        assert_eq!(csv_cell("-5"), "-5");
        assert_eq!(spreadsheet_cell("\t=1"), "'\t=1");
        assert_eq!(spreadsheet_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(spreadsheet_cell("=a,b"), "\"'=a,b\"");
        assert_eq!(spreadsheet_cell("feed-a"), "feed-a");
    }
}
