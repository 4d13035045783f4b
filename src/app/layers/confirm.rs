//! A question that Enter affirms.

use crate::query::Command;
use crate::ui::layer;
use crate::ui::pen::Pen;
use crate::ui::theme::Role;

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::view::{Env, Input, Layer, Request};

/// A question before a command.
pub struct Confirm {
    lines: Vec<String>,
    command: Command,
}

impl Confirm {
    /// Asks with some lines.
    pub fn new(lines: Vec<String>, command: Command) -> Self {
        Self { lines, command }
    }
}

impl Layer for Confirm {
    fn context(&self) -> Context {
        Context::Confirm
    }

    fn act(&mut self, input: Input, _env: &Env<'_>) -> Vec<Request> {
        match input.action {
            Action::Accept => vec![Request::Close, Request::Run(self.command.clone())],
            Action::Leave => vec![Request::Close],
            _ => Vec::new(),
        }
    }

    fn draw(&self, pen: &mut Pen<'_>, _env: &Env<'_>) {
        let width = pen.width().saturating_sub(4).min(70);
        let height = self.lines.len() as u16 + 2;
        let mut pen = pen.part(2, 4, width, height);
        let mut pen = layer::open(&mut pen, "Sure?");
        for (y, line) in self.lines.iter().enumerate() {
            let room = pen.width();
            pen.within(0, y as u16, room, line, Role::Base);
        }
    }
}
