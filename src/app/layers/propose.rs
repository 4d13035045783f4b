//! What is proposed for the parts of a node, beside what stands: nothing is stored before Enter.
//!
//! ```text
//!  Plans > June revenue r4 > propose   E-commerce 180,000   keep total
//! ── OLD > NEW ───── base ── old ── new  change ── hist mark ──
//! ── CHECK ──
//! ── HISTORY of this child ──
//! ── REASON ──
//! ```

mod draw;

use crate::query::{Answer, Command, Outcome, PlanOrder, Planned, Proposal, ProposalRow, ProposeQuery, Query, Share};
use crate::ui::amount;
use crate::ui::pen::{Pen, Run};
use crate::ui::theme::Role;

use super::super::PanelId;
use super::super::action::Action;
use super::super::keymap::Context;
use super::super::load::Load;
use super::super::told;
use super::super::view::{Env, Input, Layer, Note, Pick, Request};
use super::entry::{Ask, Entry};
use super::help::Help;
use super::line::TextLine;

/// What the text is for that is typed above this layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Typing {
    Value,
    Weight,
}

/// The preview.
pub struct Propose {
    /// `June revenue r4`.
    plan: String,
    query: ProposeQuery,
    answer: Load<Proposal>,
    at: usize,
    reason: TextLine,
    in_reason: bool,
    /// The reason is typed because storing asked for it, so that its Enter stores.
    storing: bool,
    typing: Typing,
}

impl Propose {
    /// The preview of a query; a running plan begins with a reason, where one was just given.
    pub fn new(plan: String, query: ProposeQuery, reason: &str) -> Self {
        Self {
            plan,
            query,
            answer: Load::Loading(None),
            at: 0,
            reason: TextLine::new(reason),
            in_reason: false,
            storing: false,
            typing: Typing::Value,
        }
    }

    /// Where keys are looked up while none is typed into the reason, which only a running plan asks for.
    fn rows_context(&self) -> Context {
        let asks = self.answer.shown().is_some_and(|proposal| proposal.needs_reason);
        if asks { Context::ProposeRunning } else { Context::Propose }
    }

    fn row(&self) -> Option<&ProposalRow> {
        self.answer.shown().and_then(|proposal| proposal.rows.get(self.at))
    }

    fn accept(&mut self) -> Vec<Request> {
        let Some(proposal) = self.answer.shown().filter(|_| !self.answer.is_loading()) else { return Vec::new() };
        if let Some(problem) = &proposal.problem {
            return vec![Request::Say(Note::refused(problem.clone()))];
        }
        let reason = self.reason.text().trim().to_owned();
        if proposal.needs_reason && reason.is_empty() {
            (self.in_reason, self.storing) = (true, true);
            return vec![Request::Say(Note::told("the plan is running: type why, then Enter"))];
        }
        vec![Request::Run(Command::Plan(PlanOrder::Accept { query: self.query.clone(), reason }))]
    }

    fn ask_value(&mut self) -> Vec<Request> {
        let Some(row) = self.row() else { return Vec::new() };
        let (unit, label) = (row.unit, row.node.label.clone());
        let now = row.new.map_or_else(String::new, |value| amount::full(Some(value), unit));
        self.typing = Typing::Value;
        let ask = Ask::new(format!("{label}, {now} proposed"), move |text| {
            amount::parse(text, unit).map(|value| format!("reads {}", amount::full(Some(value), unit)))
        });
        vec![Request::Push(Box::new(Entry::below(ask)))]
    }

    fn ask_weight(&mut self) -> Vec<Request> {
        let Some(row) = self.row() else { return Vec::new() };
        let label = row.node.label.clone();
        self.typing = Typing::Weight;
        let ask = Ask::new(format!("weight of {label}, 1 is as much as the others"), weight_read);
        vec![Request::Push(Box::new(Entry::below(ask)))]
    }

    fn lock(&mut self) -> Vec<Request> {
        let Some((node, locked)) = self.row().map(|row| (row.node.id, row.locked)) else { return Vec::new() };
        if self.at == 0 {
            return vec![Request::Say(Note::refused("this is the value that is shared: t types another"))];
        }
        self.query.typed.retain(|(id, _)| *id != node);
        self.query.locked.retain(|(id, _)| *id != node);
        self.query.locked.push((node, !locked));
        vec![Request::Ask]
    }

    fn take(&mut self, text: &str) -> Vec<Request> {
        let Some((node, unit)) = self.row().map(|row| (row.node.id, row.unit)) else { return Vec::new() };
        match self.typing {
            Typing::Value => {
                let Ok(value) = amount::parse(text, unit) else { return Vec::new() };
                if self.at == 0 {
                    self.query.target = Some(value);
                } else {
                    self.query.typed.retain(|(id, _)| *id != node);
                    self.query.locked.retain(|(id, _)| *id != node);
                    self.query.typed.push((node, value));
                }
            }
            Typing::Weight => {
                let Ok(weight) = text.trim().parse::<f64>() else { return Vec::new() };
                self.query.weights.retain(|(id, _)| *id != node);
                self.query.weights.push((node, weight));
            }
        }
        vec![Request::Ask]
    }

    fn in_rows(&mut self, action: Action) -> Vec<Request> {
        let last = self.answer.shown().map_or(0, |p| p.rows.len().saturating_sub(1));
        match action {
            Action::Accept => return self.accept(),
            Action::Leave => return vec![Request::Close],
            Action::Help => return vec![Request::Push(Box::new(Help::new(self.rows_context())))],
            Action::Down => self.at = (self.at + 1).min(last),
            Action::Up => self.at = self.at.saturating_sub(1),
            Action::Reason => (self.in_reason, self.storing) = (true, false),
            Action::SetTarget => return self.ask_value(),
            Action::Weight => return self.ask_weight(),
            Action::Lock => return self.lock(),
            Action::Mode => {
                self.query.share = if self.query.share == Share::Share { Share::Weight } else { Share::Share };
                return vec![Request::Ask];
            }
            _ => {}
        }
        Vec::new()
    }

    fn in_reason(&mut self, input: Input) -> Vec<Request> {
        match input.action {
            Action::Accept if self.storing => return self.accept(),
            Action::Accept | Action::Leave | Action::FieldDown => self.in_reason = false,
            _ => {
                self.reason.act(input);
            }
        }
        Vec::new()
    }
}

fn weight_read(text: &str) -> Result<String, String> {
    let weight = text.trim().parse::<f64>().ok().filter(|weight| weight.is_finite() && *weight >= 0.0);
    weight.map(|_| String::new()).ok_or_else(|| "a weight is a number from 0 up".to_owned())
}

impl Layer for Propose {
    fn context(&self) -> Context {
        if self.in_reason { Context::Entry } else { self.rows_context() }
    }

    fn act(&mut self, input: Input, _env: &Env<'_>) -> Vec<Request> {
        if self.in_reason { self.in_reason(input) } else { self.in_rows(input.action) }
    }

    fn questions(&self) -> Vec<(PanelId, Query)> {
        vec![(PanelId::PROPOSE, Query::Propose(Box::new(self.query.clone())))]
    }

    fn receive(&mut self, panel: PanelId, result: Result<Answer, String>) -> Option<Result<Answer, String>> {
        if panel != PanelId::PROPOSE {
            return Some(result);
        }
        match result {
            Ok(Answer::Propose(proposal)) => self.answer.finish(Ok(*proposal)),
            Ok(_) => {}
            Err(why) => self.answer.finish(Err(why)),
        }
        None
    }

    fn picked(&mut self, picks: &[Pick]) -> Option<Vec<Request>> {
        match picks {
            [Pick::Text(text)] => {
                let text = text.clone();
                Some(self.take(&text))
            }
            _ => Some(Vec::new()),
        }
    }

    fn paste(&mut self, text: &str) -> Vec<Request> {
        if self.in_reason {
            self.reason.insert(text.trim_end());
        }
        Vec::new()
    }

    fn outcome(&mut self, outcome: &Result<Outcome, String>) -> Option<Vec<Request>> {
        match outcome {
            Ok(Outcome::Planned(planned @ Planned::Done { .. })) => {
                Some(vec![Request::Close, Request::Say(told::planned(planned))])
            }
            Ok(Outcome::Planned(planned @ Planned::Refused(faults))) => {
                self.in_reason = faults.iter().any(|fault| fault.field == "reason");
                self.storing = self.in_reason;
                Some(vec![Request::Say(told::planned(planned))])
            }
            _ => None,
        }
    }

    fn draw(&self, pen: &mut Pen<'_>, _env: &Env<'_>) {
        draw::preview(self, pen);
    }

    fn line(&self, _env: &Env<'_>) -> Option<Vec<Run>> {
        if let Some(why) = self.answer.failure() {
            return Some(vec![(why.to_owned(), Role::Bad)]);
        }
        let proposal = self.answer.shown()?;
        if let Some(problem) = &proposal.problem {
            return Some(vec![(problem.clone(), Role::Bad)]);
        }
        Some(vec![(self.row().map(draw::sentence).unwrap_or_default(), Role::Base)])
    }
}
