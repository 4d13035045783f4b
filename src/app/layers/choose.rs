//! A list to choose one of: digits pick, letters narrow, Enter uses.

use crate::ui::layer;
use crate::ui::pen::Pen;
use crate::ui::text;
use crate::ui::theme::Role;

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::view::{Env, Input, Layer, Request};

/// What choosing the row of a number asks for.
type Chosen = Box<dyn Fn(usize) -> Vec<Request>>;

/// Rows with a remark each, and what choosing one means.
pub struct Choose {
    title: String,
    rows: Vec<(String, String)>,
    typed: String,
    cursor: usize,
    chosen: Chosen,
}

impl Choose {
    /// Begins on the first row.
    pub fn new(title: impl Into<String>, rows: Vec<(String, String)>, chosen: Chosen) -> Self {
        Self { title: title.into(), rows, typed: String::new(), cursor: 0, chosen }
    }

    /// Places of the rows that what was typed leaves.
    fn shown(&self) -> Vec<usize> {
        let typed = self.typed.to_lowercase();
        (0..self.rows.len()).filter(|at| self.rows[*at].0.to_lowercase().contains(&typed)).collect()
    }

    fn take(&self, place: usize) -> Vec<Request> {
        let Some(at) = self.shown().get(place).copied() else { return Vec::new() };
        std::iter::once(Request::Close).chain((self.chosen)(at)).collect()
    }
}

impl Layer for Choose {
    fn context(&self) -> Context {
        Context::Choice
    }

    fn act(&mut self, input: Input, _env: &Env<'_>) -> Vec<Request> {
        let last = self.shown().len().saturating_sub(1);
        match input.action {
            Action::Down | Action::NextGroup => self.cursor = (self.cursor + 1).min(last),
            Action::Up => self.cursor = self.cursor.saturating_sub(1),
            Action::Pick => {
                let digit = input.typed.and_then(|c| c.to_digit(10)).unwrap_or(0) as usize;
                return digit.checked_sub(1).map(|place| self.take(place)).unwrap_or_default();
            }
            Action::Type => {
                self.typed.extend(input.typed);
                self.cursor = 0;
            }
            Action::Erase => {
                self.typed.pop();
                self.cursor = 0;
            }
            Action::Accept => return self.take(self.cursor),
            Action::Leave => return vec![Request::Close],
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, pen: &mut Pen<'_>, _env: &Env<'_>) {
        let widest =
            |of: fn(&(String, String)) -> &String| self.rows.iter().map(|row| text::width(of(row))).max().unwrap_or(0);
        let (words, remarks) = (widest(|row| &row.0) as u16, widest(|row| &row.1) as u16);
        let width = (words + remarks + 12).clamp(30, pen.width().saturating_sub(2));
        let height = (self.rows.len() as u16 + 2).min(pen.height().saturating_sub(5)).max(4);
        let (x, y) = ((pen.width() - width) / 2, 2 + pen.height().saturating_sub(height + 4) / 3);
        let title = if self.typed.is_empty() { self.title.clone() } else { format!("{}: {}", self.title, self.typed) };
        let mut outer = pen.part(x, y, width, height);
        let mut pen = layer::open(&mut outer, &title);
        let shown = self.shown();
        if shown.is_empty() {
            pen.text(1, 0, "nothing fits; Backspace takes a letter back", Role::Muted);
        }
        let room = usize::from(pen.height());
        let skip = (self.cursor + 1).saturating_sub(room);
        for (line, (place, at)) in shown.into_iter().enumerate().skip(skip).take(room).enumerate() {
            let line = line as u16;
            let (name, remark) = &self.rows[at];
            if place == self.cursor {
                pen.text(0, line, ">", Role::Accent);
            }
            let number = if place < 9 { (place + 1).to_string() } else { String::new() };
            pen.text(1, line, &number, Role::Muted);
            let role = if place == self.cursor { Role::Selection } else { Role::Base };
            let after = pen.within(3, line, words + 1, name, role);
            let width = pen.width().saturating_sub(after + 2);
            pen.within(after + 2, line, width, remark, Role::Muted);
        }
    }
}
