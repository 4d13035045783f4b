//! Two people changed the same field: both values, and whose is kept.

use crate::domain::plans;
use crate::query::{Command, PlanOrder};
use crate::ui::layer;
use crate::ui::pen::Pen;
use crate::ui::theme::Role;

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::view::{Env, Input, Layer, Note, Request};

/// The fields in question, and what was refused for them.
pub struct Conflict {
    found: Vec<plans::Conflict>,
    edit: plans::Edit,
}

impl Conflict {
    /// Begins with what was refused.
    pub fn new(found: Vec<plans::Conflict>, edit: plans::Edit) -> Self {
        Self { found, edit }
    }

    fn settle(&self, mine: bool) -> Vec<Request> {
        let order = PlanOrder::Settle { found: self.found.clone(), edit: self.edit.clone(), mine };
        vec![Request::Close, Request::Run(Command::Plan(order))]
    }
}

impl Layer for Conflict {
    fn context(&self) -> Context {
        Context::Conflict
    }

    fn act(&mut self, input: Input, _env: &Env<'_>) -> Vec<Request> {
        match input.action {
            Action::Theirs | Action::Leave => {
                vec![Request::Close, Request::Say(Note::told("theirs is kept; nothing of yours was stored"))]
            }
            Action::Mine => self.settle(true),
            Action::Both => self.settle(false),
            _ => Vec::new(),
        }
    }

    fn draw(&self, pen: &mut Pen<'_>, _env: &Env<'_>) {
        let width = 70.min(pen.width().saturating_sub(2));
        let height = (self.found.len() as u16 * 4 + 5).min(pen.height().saturating_sub(4));
        let (x, y) = ((pen.width() - width) / 2, 3);
        let mut outer = pen.part(x, y, width, height);
        let mut pen = layer::open(&mut outer, "Conflict: someone changed this first");
        let room = pen.width();
        let mut y = 0;
        for one in &self.found {
            let field = if one.field.is_empty() { "record" } else { one.field.as_str() };
            pen.within(0, y, room, &format!("{} {}", one.table.name(), field), Role::Title);
            let who = if one.who.is_empty() { "somebody" } else { one.who.as_str() };
            let lines = [
                ("  before", one.seen.to_string(), String::new()),
                ("1 theirs", one.theirs.to_string(), format!("{} {who}", one.when)),
                ("2 mine", one.mine.to_string(), "now  you".to_owned()),
            ];
            for (at, (name, value, by)) in (1..).zip(lines) {
                pen.text(0, y + at, name, Role::Base);
                pen.within(11, y + at, 26, &value, Role::Base);
                let width = room.saturating_sub(38);
                pen.within(38, y + at, width, &by, Role::Muted);
            }
            y += 4;
        }
        pen.within(0, y, room, "3 both: keep theirs, store mine as a note in the journal", Role::Base);
        pen.within(0, y + 1, room, "Nothing is stored until you choose.", Role::Muted);
    }
}
