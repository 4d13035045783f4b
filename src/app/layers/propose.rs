//! Proposed targets beside the stored ones. Nothing is stored before Enter.

use crate::query::{Command, Mark, Outcome, PlanOrder, Planned, Proposal, ProposalRow, ProposeQuery, Share, Unit};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::rule;
use crate::ui::theme::Role;
use crate::ui::{amount, format, spark};

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::view::{Env, Input, Layer, Note, Request};

/// Where typed text goes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Typing {
    Nothing,
    Value(String),
    Weight(String),
    Reason,
}

/// The preview.
pub struct Propose {
    proposal: Option<Proposal>,
    query: ProposeQuery,
    cursor: usize,
    typing: Typing,
    reason: String,
    why: Option<String>,
    /// It has given its order, so that the next outcome is its own.
    ordered: bool,
}

impl Propose {
    /// Begins with what is asked; the answer comes later.
    pub fn new(query: ProposeQuery) -> Self {
        Self {
            proposal: None,
            query,
            cursor: 0,
            typing: Typing::Nothing,
            reason: String::new(),
            why: None,
            ordered: false,
        }
    }

    fn row(&self) -> Option<&ProposalRow> {
        self.proposal.as_ref()?.rows.get(self.cursor)
    }

    /// Asks anew with what was changed.
    fn again(&self) -> Vec<Request> {
        vec![Request::Propose(self.query.clone())]
    }

    fn lock(&mut self) -> Vec<Request> {
        let Some((id, locked)) = self.row().map(|row| (row.node.id, row.locked)) else { return Vec::new() };
        self.query.typed.retain(|(node, _)| *node != id);
        self.query.locked.retain(|(node, _)| *node != id);
        self.query.locked.push((id, !locked));
        self.again()
    }

    /// Takes what was typed for the row under the cursor.
    fn take(&mut self) -> Vec<Request> {
        let Some((id, unit)) = self.row().map(|row| (row.node.id, row.unit)) else { return Vec::new() };
        let typing = std::mem::replace(&mut self.typing, Typing::Nothing);
        let (text, unit, top) = match &typing {
            Typing::Value(text) => (text, unit, self.cursor == 0),
            Typing::Weight(text) => (text, Unit::Times, false),
            Typing::Nothing | Typing::Reason => return Vec::new(),
        };
        match amount::parse(text, unit) {
            Ok(value) if matches!(typing, Typing::Weight(_)) => {
                self.query.weights.retain(|(node, _)| *node != id);
                self.query.weights.push((id, value));
            }
            Ok(value) if top => self.query.target = Some(value),
            Ok(value) => {
                self.query.typed.retain(|(node, _)| *node != id);
                self.query.typed.push((id, value));
            }
            Err(why) => {
                (self.why, self.typing) = (Some(why), typing);
                return Vec::new();
            }
        }
        self.again()
    }

    fn accept(&mut self) -> Vec<Request> {
        let Some(proposal) = &self.proposal else { return Vec::new() };
        if let Some(problem) = &proposal.problem {
            self.why = Some(problem.clone());
            return Vec::new();
        }
        if proposal.needs_reason && self.reason.trim().is_empty() {
            self.typing = Typing::Reason;
            self.why = Some("the plan runs: say why its targets change, then Enter".to_owned());
            return Vec::new();
        }
        let order = PlanOrder::Accept { query: self.query.clone(), reason: self.reason.clone() };
        self.ordered = true;
        vec![Request::Run(Command::Plan(order))]
    }

    fn text(&mut self) -> Option<&mut String> {
        match &mut self.typing {
            Typing::Value(text) | Typing::Weight(text) => Some(text),
            Typing::Reason => Some(&mut self.reason),
            Typing::Nothing => None,
        }
    }

    fn draw_rows(&self, pen: &mut Pen<'_>, proposal: &Proposal) -> u16 {
        let heads = [("base", 36), ("old", 46), ("new", 56), ("change", 64), ("hist", 70)];
        rule(pen, 0, "OLD > NEW", "");
        for (head, end) in heads {
            pen.right(end + 1, 0, &format!(" {head} "), Role::Muted);
        }
        pen.text(71, 0, " mark ", Role::Muted);
        for (at, row) in proposal.rows.iter().enumerate() {
            let y = 1 + at as u16;
            let here = at == self.cursor;
            if here {
                pen.text(0, y, ">", Role::Accent);
            }
            let lock = if row.locked { " [L]" } else { "" };
            let name = format!("{}{}{lock}", " ".repeat(row.depth + 1), row.node.label);
            pen.within(1, y, 26, &name, if here { Role::Selection } else { Role::Base });
            let value = |value| amount::brief(value, row.unit);
            pen.right(36, y, &value(row.base), Role::Base);
            pen.right(46, y, &value(row.old), Role::Muted);
            pen.right(56, y, &value(row.new), Role::Base);
            pen.right(64, y, &amount::change(row.old.or(row.base), row.new, row.unit), Role::Base);
            pen.right(70, y, &row.percentile.map_or_else(String::new, |p| format!("p{p}")), Role::Muted);
            let (mark, role) = match row.mark {
                Some(Mark::Stretch) => ("stretch", Role::Warn),
                Some(Mark::Unlikely) => ("unlikely", Role::Bad),
                Some(Mark::Typed) => ("typed", Role::Accent),
                None => ("", Role::Base),
            };
            pen.text(72, y, mark, role);
        }
        1 + proposal.rows.len() as u16
    }

    fn draw_below(&self, pen: &mut Pen<'_>, proposal: &Proposal) {
        let width = pen.width().saturating_sub(2);
        rule(pen, 0, "CHECK", "");
        let mut y = 1;
        match &proposal.problem {
            Some(problem) => {
                pen.within(1, y, width, &format!("! {problem}"), Role::Bad);
                y += 1;
            }
            None => {
                for line in proposal.checks.iter().take(3) {
                    pen.within(1, y, width, line, Role::Base);
                    y += 1;
                }
            }
        }
        if let Some(row) = self.row().filter(|row| row.history.iter().flatten().count() > 1) {
            let seen: Vec<f64> = row.history.iter().flatten().copied().collect();
            rule(pen, y, "HISTORY", &format!("{} windows of as many days", seen.len()));
            let mut sorted = seen.clone();
            sorted.sort_by(f64::total_cmp);
            let value = |value: f64| amount::brief(Some(value), row.unit);
            let words = format!(
                "{}   min {}   median {}   max {}",
                spark::line(&row.history, 12, pen.glyphs()),
                value(sorted[0]),
                value(sorted[sorted.len() / 2]),
                value(sorted[sorted.len() - 1])
            );
            pen.within(1, y + 1, width, &words, Role::Base);
            let unlikely = row.unlikely_above.map(|limit| format!("unlikely beyond {}", value(limit)));
            pen.within(1, y + 2, width, &unlikely.unwrap_or_default(), Role::Muted);
            y += 3;
        }
        if proposal.needs_reason {
            rule(pen, y, "REASON", "required: the plan is running");
            let cursor = if self.typing == Typing::Reason { "_" } else { "" };
            pen.within(1, y + 1, width, &format!("[{}{cursor}]", self.reason), Role::Base);
            y += 2;
        }
        let said = format!(
            "Enter stores {} new targets as one step; u takes it back. Nothing is stored yet.",
            proposal.changes
        );
        pen.within(1, y + 1, width, &said, Role::Muted);
    }
}

impl Layer for Propose {
    fn context(&self) -> Context {
        if self.typing == Typing::Nothing { Context::Propose } else { Context::Entry }
    }

    fn act(&mut self, input: Input, _env: &Env<'_>) -> Vec<Request> {
        self.why = None;
        let last = self.proposal.as_ref().map_or(0, |proposal| proposal.rows.len().saturating_sub(1));
        if self.typing != Typing::Nothing {
            match input.action {
                Action::Type => {
                    if let Some(text) = self.text() {
                        text.extend(input.typed);
                    }
                }
                Action::Erase => drop(self.text().and_then(String::pop)),
                Action::Clear => {
                    if let Some(text) = self.text() {
                        text.clear();
                    }
                }
                Action::Accept if self.typing == Typing::Reason => {
                    self.typing = Typing::Nothing;
                    return self.accept();
                }
                Action::Accept => return self.take(),
                Action::Leave => self.typing = Typing::Nothing,
                _ => {}
            }
            return Vec::new();
        }
        match input.action {
            Action::Down => self.cursor = (self.cursor + 1).min(last),
            Action::Up => self.cursor = self.cursor.saturating_sub(1),
            Action::TypeValue => self.typing = Typing::Value(String::new()),
            Action::Weight => self.typing = Typing::Weight(String::new()),
            Action::Reason => self.typing = Typing::Reason,
            Action::Lock => return self.lock(),
            Action::ShareMode => {
                self.query.share = if self.query.share == Share::Share { Share::Weight } else { Share::Share };
                return self.again();
            }
            Action::Accept => return self.accept(),
            Action::Help => return vec![Request::Push(Box::new(super::help::Help::new(Context::Propose)))],
            Action::Leave => return vec![Request::Close],
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, pen: &mut Pen<'_>, _env: &Env<'_>) {
        let (width, height) = (pen.width(), pen.height());
        let mut pen = pen.part(0, 2, width, height.saturating_sub(4));
        pen.clear();
        let mode = if self.query.share == Share::Share { "share" } else { "gap by weight" };
        let Some(proposal) = &self.proposal else {
            rule(&mut pen, 0, "PROPOSE", "..");
            return;
        };
        let top = proposal.rows.first();
        let target = top.map(|row| amount::full(row.new.or(row.old), row.unit)).unwrap_or_default();
        let name = top.map_or("", |row| row.node.label.as_str());
        pen.runs(
            1,
            0,
            &[
                ("Plans > propose   ".to_owned(), Role::Muted),
                (format!("{name} {target}"), Role::Title),
                (format!("   mode {mode}"), Role::Base),
            ],
        );
        let room = pen.height().saturating_sub(1);
        let used = self.draw_rows(&mut pen.part(0, 1, width, room), proposal);
        self.draw_below(&mut pen.part(0, 1 + used, width, room.saturating_sub(used)), proposal);
    }

    fn line(&self, _env: &Env<'_>) -> Option<Vec<Run>> {
        if let Some(why) = &self.why {
            return Some(vec![(why.clone(), Role::Bad)]);
        }
        let typed =
            |name: &str, text: &str| Some(vec![(format!("{name}: "), Role::Muted), (format!("{text}_"), Role::Base)]);
        let row = self.row()?;
        match &self.typing {
            Typing::Value(text) => typed(&format!("value of {}", row.node.label), text),
            Typing::Weight(text) => typed(&format!("weight of {}", row.node.label), text),
            Typing::Reason => typed("reason", &self.reason),
            Typing::Nothing => {
                let value = |value| amount::brief(value, row.unit);
                let place = row.percentile.map(|p| format!(", above {p}% of its history")).unwrap_or_default();
                let weight = format::fixed(row.node.weight, 2);
                Some(vec![(
                    format!("{} {} from {}{place}; weight {weight}", row.node.label, value(row.new), value(row.base)),
                    Role::Base,
                )])
            }
        }
    }

    fn paste(&mut self, pasted: &str) -> Vec<Request> {
        if let Some(text) = self.text() {
            text.push_str(pasted);
        }
        Vec::new()
    }

    fn proposed(&mut self, proposal: &Result<Proposal, String>) {
        match proposal {
            Ok(proposal) => {
                self.cursor = self.cursor.min(proposal.rows.len().saturating_sub(1));
                self.proposal = Some(proposal.clone());
            }
            Err(why) => self.why = Some(why.clone()),
        }
    }

    fn outcome(&mut self, outcome: &Result<Outcome, String>) -> Option<Vec<Request>> {
        if !std::mem::take(&mut self.ordered) {
            return None;
        }
        match outcome {
            Ok(Outcome::Planned(Planned::Refused(faults))) => {
                self.why = faults.first().map(|fault| format!("{}: {}", fault.field, fault.text));
                Some(Vec::new())
            }
            Ok(Outcome::Planned(Planned::Conflicts { found, edit })) => Some(vec![
                Request::Close,
                Request::Push(Box::new(super::conflict::Conflict::new(found.clone(), edit.clone()))),
            ]),
            Ok(Outcome::Planned(planned)) => {
                Some(vec![Request::Close, Request::Say(super::super::told_of_plans(planned))])
            }
            Err(why) => Some(vec![Request::Close, Request::Say(Note::refused(why.clone()))]),
            Ok(_) => None,
        }
    }
}
