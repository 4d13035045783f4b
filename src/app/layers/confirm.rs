//! A question that Enter affirms.

use crate::query::Command;
use crate::ui::pen::Pen;

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::view::{Env, Input, Layer, Request};
use super::message::draw_box;

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
        draw_box(pen, "Sure?", &self.lines);
    }
}
