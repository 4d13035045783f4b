//! A buffer as text: the characters, then the styles, each style a letter that is explained below.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// The rows of a buffer, blanks at their ends cut. A wide character stands for both of its cells.
pub fn rows(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    (0..area.height).map(|y| row(buffer, y).trim_end().to_owned()).collect()
}

/// One row, whole.
pub fn row(buffer: &Buffer, y: u16) -> String {
    let mut text = String::new();
    let mut x = 0;
    while x < buffer.area.width {
        let symbol = buffer[(x, y)].symbol();
        text.push_str(symbol);
        x += symbol.width().max(1) as u16;
    }
    text
}

/// Characters and styles.
pub fn picture(buffer: &Buffer) -> String {
    let mut known: Vec<String> = Vec::new();
    let mut styles = String::new();
    for y in 0..buffer.area.height {
        let line: String = (0..buffer.area.width).map(|x| letter(&buffer[(x, y)], &mut known)).collect();
        styles += line.trim_end();
        styles.push('\n');
    }
    let legend = known.iter().enumerate().fold(String::new(), |mut all, (at, style)| {
        let _ = writeln!(all, "{} {style}", char::from(b'a' + at as u8));
        all
    });
    format!("{}\n\n{styles}\n{legend}", rows(buffer).join("\n"))
}

fn letter(cell: &Cell, known: &mut Vec<String>) -> char {
    let style = style(cell);
    if style.is_empty() {
        return ' ';
    }
    let at = known.iter().position(|s| *s == style).unwrap_or_else(|| {
        known.push(style);
        known.len() - 1
    });
    char::from(b'a' + at as u8)
}

fn style(cell: &Cell) -> String {
    let mut words = Vec::new();
    for (name, color) in [("fg", cell.fg), ("bg", cell.bg)] {
        match color {
            Color::Reset => {}
            Color::Indexed(n) => words.push(format!("{name} {n}")),
            other => words.push(format!("{name} {other}")),
        }
    }
    for (name, modifier) in [
        ("bold", Modifier::BOLD),
        ("dim", Modifier::DIM),
        ("reversed", Modifier::REVERSED),
        ("underlined", Modifier::UNDERLINED),
    ] {
        if cell.modifier.contains(modifier) {
            words.push(name.to_owned());
        }
    }
    words.join(" ")
}
