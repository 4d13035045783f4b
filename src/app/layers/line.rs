//! One line of text that is typed into, with a cursor in it.

use crate::ui::text;

use super::super::action::Action;
use super::super::view::Input;

/// A text and the place that the next letter goes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextLine {
    text: String,
    /// Byte place of the cursor, always between two graphemes.
    at: usize,
}

impl TextLine {
    /// A text with the cursor after it.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { at: text.len(), text }
    }

    /// What is typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Puts another text in its place.
    pub fn set(&mut self, text: impl Into<String>) {
        *self = Self::new(text);
    }

    /// Adds a text at the cursor; what cannot be shown is left out.
    pub fn insert(&mut self, typed: &str) {
        let clean: String = typed.chars().filter(|c| !c.is_control() && !text::is_unsafe(*c)).collect();
        self.text.insert_str(self.at, &clean);
        self.at += clean.len();
    }

    /// Does what a key of a text field asks; false where it means nothing in one.
    pub fn act(&mut self, input: Input) -> bool {
        match input.action {
            Action::Type | Action::Pick => self.insert(&input.typed.map(String::from).unwrap_or_default()),
            Action::Erase => self.erase(),
            Action::Clear => self.set(""),
            Action::Left => self.at -= self.step_back(),
            Action::Right => self.at += text::graphemes(&self.text[self.at..]).next().map_or(0, |(g, _)| g.len()),
            Action::First => self.at = 0,
            Action::Last => self.at = self.text.len(),
            _ => return false,
        }
        true
    }

    fn step_back(&self) -> usize {
        text::graphemes(&self.text[..self.at]).last().map_or(0, |(g, _)| g.len())
    }

    fn erase(&mut self) {
        let from = self.at - self.step_back();
        self.text.replace_range(from..self.at, "");
        self.at = from;
    }

    /// The text in so many cells with `_` at the cursor, which stays in sight.
    pub fn shown(&self, cells: usize, cut: char) -> String {
        let clean = |part: &str| text::safe(part).as_str().to_owned();
        let (before, after) = (clean(&self.text[..self.at]), clean(&self.text[self.at..]));
        let all = format!("{before}_{after}");
        if text::width(&all) <= cells {
            return all;
        }
        let room = if after.is_empty() { cells.saturating_sub(2) } else { cells.saturating_sub(2) * 3 / 4 };
        let mut kept = before.as_str();
        let mut cut_off = false;
        while text::width(kept) > room {
            let Some((first, _)) = text::graphemes(kept).next() else { break };
            kept = &kept[first.len()..];
            cut_off = true;
        }
        let mark = if cut_off { cut.to_string() } else { String::new() };
        text::cut_with(&format!("{mark}{kept}_{after}"), cells, cut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(line: &mut TextLine, action: Action) {
        line.act(Input { action, typed: None });
    }

    #[test]
    fn letters_go_where_the_cursor_is() {
        let mut line = TextLine::new("fri");
        press(&mut line, Action::First);
        line.insert("+");
        press(&mut line, Action::Right);
        press(&mut line, Action::Erase);
        assert_eq!((line.text(), line.shown(20, '~').as_str()), ("+ri", "+_ri"));
        press(&mut line, Action::Clear);
        press(&mut line, Action::Left);
        press(&mut line, Action::Erase);
        assert_eq!(line.text(), "");
    }

    #[test]
    fn wide_and_joined_letters_are_one_step() {
        let mut line = TextLine::new("广e\u{301}");
        press(&mut line, Action::Left);
        assert_eq!(line.shown(20, '~'), "广_e\u{301}");
        press(&mut line, Action::Erase);
        assert_eq!(line.text(), "e\u{301}");
        line.insert("a\u{1b}[31m\u{202e}\n");
        assert_eq!(line.text(), "a[31me\u{301}");
    }

    #[test]
    fn a_long_text_shows_its_cursor_within_its_cells() {
        let mut line = TextLine::new("投放渠道名称很长很长很长很长");
        assert!(line.shown(12, '~').ends_with('_') && line.shown(12, '~').starts_with('~'));
        assert!(text::width(&line.shown(12, '~')) <= 12);
        press(&mut line, Action::First);
        assert!(line.shown(12, '~').starts_with('_') && line.shown(12, '~').ends_with('~'));
    }
}
