//! Two people changed the same field: both values are shown, and nothing is stored before one is chosen.
//!
//! ```text
//! ┌─ Conflict: someone changed this first ──┐
//! │ Node B CVR, field target, plan ..       │
//! │              value    when      who     │
//! │   before     2.50%                      │
//! │ 1 theirs     2.40%    09:05     Lin     │
//! │ 2 mine       2.30%    now       you     │
//! ```

use crate::domain::calendar::Calendar;
use crate::domain::plans::{Conflict, Edit};
use crate::query::{Command, Keep, PlanOrder, Typing};
use crate::ui::layer;
use crate::ui::pen::{Pen, Run};
use crate::ui::theme::Role;

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::view::{Clash, Env, Input, Layer, Request};

/// What was refused for a conflict.
#[derive(Debug, Clone)]
pub enum Refused {
    /// A change of records of plans.
    Edit(Edit),
    /// A typed row.
    Typing(Box<Typing>),
}

impl Refused {
    /// The order that settles the fields.
    pub fn settle(&self, found: &[Conflict], keep: Keep) -> Command {
        match self {
            Self::Edit(edit) => Command::Plan(PlanOrder::Settle { found: found.to_vec(), edit: edit.clone(), keep }),
            Self::Typing(typing) => Command::Type(typing.settled(found, keep)),
        }
    }
}

/// The dialog.
pub struct ConflictBox {
    found: Vec<Conflict>,
    refused: Refused,
    /// The first of them in the words of the screen.
    clash: Clash,
    /// A form or line with what was typed lies below.
    over_layer: bool,
}

impl ConflictBox {
    /// The fields that stand in the way of what was told, and all that was refused for them.
    pub fn new(found: Vec<Conflict>, refused: Refused, clash: Clash, over_layer: bool) -> Self {
        Self { found, refused, clash, over_layer }
    }

    /// Closes the dialog; the layer below closes with the outcome of the order.
    fn settle(&self, keep: Keep) -> Vec<Request> {
        vec![Request::Close, Request::Run(self.refused.settle(&self.found, keep))]
    }
}

impl Layer for ConflictBox {
    fn context(&self) -> Context {
        Context::Conflict
    }

    fn act(&mut self, input: Input, _env: &Env<'_>) -> Vec<Request> {
        match input.action {
            Action::Theirs => self.settle(Keep::Theirs),
            Action::Mine => self.settle(Keep::Mine),
            Action::Both => self.settle(Keep::Both),
            Action::Edit if self.over_layer => vec![Request::Close, Request::Seen(self.found.clone())],
            Action::Edit | Action::Leave => vec![Request::Close, Request::Refresh],
            _ => Vec::new(),
        }
    }

    fn line(&self, _env: &Env<'_>) -> Option<Vec<Run>> {
        Some(vec![("someone stored another value since this one was read".to_owned(), Role::Bad)])
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let width = pen.width().saturating_sub(4).min(68);
        let x = pen.width().saturating_sub(width) / 2;
        let top = if pen.height() < 20 { 3 } else { 4 };
        let mut pen = pen.part(x, top, width, 11);
        let mut pen = layer::open(&mut pen, "Conflict: someone changed this first");
        let width = pen.width();
        let more = match self.found.len() {
            0 | 1 => String::new(),
            n => format!("   and {} more fields", n - 1),
        };
        pen.within(0, 0, width, &format!("{}{more}", self.clash.what), Role::Base);
        pen.text(13, 2, "value", Role::Muted);
        pen.text(36, 2, "when", Role::Muted);
        pen.text(48, 2, "who", Role::Muted);
        let found = self.found.first();
        let when = found.map_or("", |c| c.when.as_str());
        let who = found.map_or("", |c| c.who.as_str());
        let rows = [
            (" ", "before", self.clash.seen.as_str(), String::new(), ""),
            ("1", "theirs", self.clash.theirs.as_str(), moment(when, env.calendar()), who),
            ("2", "mine", self.clash.mine.as_str(), "now".to_owned(), "you"),
        ];
        for (at, (key, name, value, when, who)) in rows.iter().enumerate() {
            let y = at as u16 + 3;
            pen.text(0, y, key, Role::Accent);
            pen.text(2, y, name, Role::Base);
            pen.within(13, y, 22, value, Role::Base);
            pen.within(36, y, 11, when, Role::Muted);
            pen.within(48, y, width.saturating_sub(48), who, Role::Base);
        }
        pen.text(0, 6, "3", Role::Accent);
        pen.within(2, 6, width.saturating_sub(2), "both: keep theirs, store mine as a note in the journal", Role::Base);
        pen.within(0, 8, width, "Nothing is stored until you choose.", Role::Muted);
    }
}

/// The clock of a moment in UTC in the workspace's zone: `09:05:11`; the text itself where it is none.
fn moment(text: &str, calendar: Calendar) -> String {
    chrono::DateTime::parse_from_rfc3339(text)
        .map_or_else(|_| text.to_owned(), |at| at.with_timezone(&calendar.zone.0).format("%H:%M:%S").to_string())
}
