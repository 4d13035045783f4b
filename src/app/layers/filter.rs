//! The filter line: rows narrow while typing.

use crate::ui::pen::{Pen, Run};
use crate::ui::theme::Role;

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::view::{Env, Input, Layer, Request};

/// A line of text that narrows the rows of the screen.
pub struct FilterLine {
    text: String,
}

impl FilterLine {
    /// Begins with the filter in force.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    fn changed(&self) -> Vec<Request> {
        vec![Request::Narrow(self.text.clone())]
    }
}

impl Layer for FilterLine {
    fn context(&self) -> Context {
        Context::Filter
    }

    fn act(&mut self, input: Input, _env: &Env<'_>) -> Vec<Request> {
        match input.action {
            Action::Accept => return vec![Request::Close],
            Action::Leave => return vec![Request::Narrow(String::new()), Request::Close],
            Action::Erase => drop(self.text.pop()),
            Action::Type => self.text.extend(input.typed),
            _ => {}
        }
        self.changed()
    }

    fn draw(&self, _pen: &mut Pen<'_>, _env: &Env<'_>) {}

    fn line(&self, _env: &Env<'_>) -> Option<Vec<Run>> {
        Some(vec![("filter: ".into(), Role::Muted), (format!("{}_", self.text), Role::Base)])
    }

    fn paste(&mut self, text: &str) -> Vec<Request> {
        self.text.push_str(text);
        self.changed()
    }
}
