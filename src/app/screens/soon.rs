//! Tabs whose content comes later: each says in one line what it will hold.

use crate::domain::operations::OPERATIONS;
use crate::query::{Answer, Query};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::rule;
use crate::ui::theme::Role;

use super::super::PanelId;
use super::super::frame::tab_name;
use super::super::keymap::Context;
use super::super::view::{Env, Input, Request, View};
use crate::ui::text::wrapped;

/// A tab without content.
#[derive(Debug)]
pub struct Soon {
    place: u8,
}

impl Soon {
    /// The tab at a place of the tab line.
    pub fn new(place: u8) -> Self {
        Self { place }
    }

    fn holds(&self) -> &'static str {
        OPERATIONS.get(usize::from(self.place).saturating_sub(1)).map_or("", |o| o.holds)
    }
}

impl View for Soon {
    fn context(&self) -> Context {
        Context::Soon
    }

    fn questions(&self, _env: &Env<'_>) -> Vec<(PanelId, Query)> {
        Vec::new()
    }

    fn begin(&mut self, _panel: PanelId) {}

    fn receive(&mut self, _panel: PanelId, _result: Result<Answer, String>) {}

    fn is_loading(&self) -> bool {
        false
    }

    fn failure(&self) -> Option<&str> {
        None
    }

    fn act(&mut self, _input: Input, _env: &Env<'_>) -> Option<Vec<Request>> {
        None
    }

    fn draw(&self, pen: &mut Pen<'_>, _env: &Env<'_>) {
        rule(pen, 0, &tab_name(self.place).2.to_uppercase(), "");
        pen.text(3, 1, "Nothing here yet. This tab will hold:", Role::Base);
        for (at, line) in wrapped(self.holds(), usize::from(pen.width().saturating_sub(6))).iter().enumerate() {
            pen.text(3, 3 + at as u16, line, Role::Base);
        }
    }

    fn sentence(&self, _env: &Env<'_>) -> Vec<Run> {
        vec![(
            "Today, Retention, Revenue and Data show what is imported; Plans what is planned".to_owned(),
            Role::Muted,
        )]
    }
}
