//! A text too long for row 23, in a box.

use crate::ui::layer;
use crate::ui::pen::Pen;
use crate::ui::theme::Role;

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::view::{Env, Input, Layer, Request};
use crate::ui::text::{self, wrapped};

/// A title and paragraphs.
pub struct Message {
    title: &'static str,
    lines: Vec<String>,
}

impl Message {
    /// Shows paragraphs under a title.
    pub fn new(title: &'static str, lines: Vec<String>) -> Self {
        Self { title, lines }
    }
}

impl Layer for Message {
    fn context(&self) -> Context {
        Context::Message
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Vec<Request> {
        match input.action {
            Action::Leave => vec![Request::Close],
            Action::CopyRow => vec![Request::Copy(self.lines.join("\n"))],
            Action::Export => {
                let name = format!("quarterdeck-{}-{}.txt", self.title.to_lowercase().replace(' ', "-"), env.today);
                vec![Request::Write { name, text: format!("{}\n", self.lines.join("\n")) }]
            }
            _ => Vec::new(),
        }
    }

    fn draw(&self, pen: &mut Pen<'_>, _env: &Env<'_>) {
        draw_box(pen, self.title, &self.lines);
    }
}

/// A box in the middle of the screen, as high as its text needs and there is room.
pub fn draw_box(pen: &mut Pen<'_>, title: &str, paragraphs: &[String]) {
    let width = pen.width().saturating_sub(4).min(74);
    let inner = usize::from(width.saturating_sub(4));
    // A line that fits keeps its blanks: it may be part of a table.
    let fit = |line: &String| if text::width(line) <= inner { vec![line.clone()] } else { wrapped(line, inner) };
    let lines: Vec<String> = paragraphs.iter().flat_map(fit).collect();
    let height = (lines.len() as u16 + 2).min(pen.height().saturating_sub(6));
    let mut pen = pen.part(2, 4, width, height);
    let mut pen = layer::open(&mut pen, title);
    for (y, line) in (0..pen.height()).zip(&lines) {
        pen.text(0, y, line, Role::Base);
    }
}
