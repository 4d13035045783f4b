//! Keys of this place, from the live key table.

use crate::ui::layer;
use crate::ui::pen::Pen;
use crate::ui::theme::Role;

use super::super::action::Action;
use super::super::keymap::{Context, help_lines};
use super::super::view::{Env, Input, Layer, Request};

/// The help of one context: its own keys, then those it inherits.
pub struct Help {
    lines: Vec<(String, &'static str, bool)>,
    top: usize,
}

impl Help {
    /// Help for a context.
    pub fn new(context: Context) -> Self {
        let mut lines = Vec::new();
        for part in context.chain() {
            lines.push((part.name().to_owned(), "", true));
            lines.extend(help_lines(*part).into_iter().map(|(keys, words)| (keys, words, false)));
        }
        Self { lines, top: 0 }
    }

    fn scroll(&mut self, by: isize) {
        let last = self.lines.len().saturating_sub(5);
        self.top = self.top.saturating_add_signed(by).min(last);
    }
}

impl Layer for Help {
    fn context(&self) -> Context {
        Context::Help
    }

    fn act(&mut self, input: Input, _env: &Env<'_>) -> Vec<Request> {
        match input.action {
            Action::Down => self.scroll(1),
            Action::Up => self.scroll(-1),
            Action::ViewNext => self.scroll(10),
            Action::ViewPrev => self.scroll(-10),
            Action::Leave => return vec![Request::Close],
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, pen: &mut Pen<'_>, _env: &Env<'_>) {
        let (width, height) = (pen.width().saturating_sub(2).min(78), pen.height().saturating_sub(4));
        let mut pen = pen.part(1, 2, width, height);
        let mut pen = layer::open(&mut pen, "Help");
        let (room, columns) = (pen.height() as usize, if pen.width() >= 70 { 2 } else { 1 });
        let wide = pen.width() / columns;
        for (at, (keys, words, title)) in self.lines.iter().skip(self.top).take(room * usize::from(columns)).enumerate()
        {
            let (x, y) = ((at / room) as u16 * wide, (at % room) as u16);
            let role = if *title { Role::Title } else { Role::Accent };
            pen.within(x, y, wide, keys, role);
            pen.within(x + 12, y, wide.saturating_sub(13), words, Role::Base);
        }
    }
}
