//! A line on which one thing after another is typed: a target, then its reason.

use crate::query::{Command, Outcome, PlanOrder, Planned};
use crate::ui::pen::{Pen, Run};
use crate::ui::theme::Role;

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::view::{Env, Input, Layer, Note, Request};

/// What the answers come to, or why they cannot be meant: which answer, and one line.
type Taken = Box<dyn Fn(&[String], &Env<'_>) -> Result<PlanOrder, (usize, String)>>;

/// Questions one after the other, and what the answers mean.
pub struct Line {
    asks: Vec<String>,
    answers: Vec<String>,
    at: usize,
    /// The answer at hand is as it was found: what is typed takes its place.
    fresh: bool,
    /// It has given its order, so that the next outcome is its own.
    ordered: bool,
    why: Option<String>,
    taken: Taken,
}

impl Line {
    /// Begins with the first question; answers may be filled in.
    pub fn new(asks: Vec<(String, String)>, taken: Taken) -> Self {
        let (asks, answers) = asks.into_iter().unzip();
        Self { asks, answers, at: 0, fresh: true, ordered: false, why: None, taken }
    }

    fn text(&mut self) -> Option<&mut String> {
        self.answers.get_mut(self.at)
    }
}

impl Layer for Line {
    fn context(&self) -> Context {
        Context::Entry
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Vec<Request> {
        self.why = None;
        let fresh = std::mem::replace(&mut self.fresh, input.action == Action::Accept);
        match input.action {
            Action::Type => {
                if let Some(text) = self.text() {
                    if fresh {
                        text.clear();
                    }
                    text.extend(input.typed);
                }
            }
            Action::Erase => drop(self.text().and_then(String::pop)),
            Action::Clear => {
                if let Some(text) = self.text() {
                    text.clear();
                }
            }
            Action::Leave => return vec![Request::Close],
            Action::Accept if self.at + 1 < self.asks.len() => self.at += 1,
            Action::Accept => match (self.taken)(&self.answers, env) {
                Ok(order) => {
                    self.ordered = true;
                    return vec![Request::Run(Command::Plan(order))];
                }
                Err((at, why)) => (self.at, self.why) = (at.min(self.asks.len() - 1), Some(why)),
            },
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, _pen: &mut Pen<'_>, _env: &Env<'_>) {}

    fn line(&self, _env: &Env<'_>) -> Option<Vec<Run>> {
        if let Some(why) = &self.why {
            return Some(vec![(why.clone(), Role::Bad)]);
        }
        let (ask, answer) = (self.asks.get(self.at)?, self.answers.get(self.at)?);
        Some(vec![(format!("{ask}: "), Role::Muted), (format!("{answer}_"), Role::Base)])
    }

    fn paste(&mut self, pasted: &str) -> Vec<Request> {
        if let Some(text) = self.text() {
            text.push_str(pasted);
        }
        Vec::new()
    }

    fn outcome(&mut self, outcome: &Result<Outcome, String>) -> Option<Vec<Request>> {
        if !std::mem::take(&mut self.ordered) {
            return None;
        }
        match outcome {
            Ok(Outcome::Planned(Planned::Refused(faults))) => {
                let why = faults.first().map(|fault| format!("{}: {}", fault.field, fault.text));
                // A reason that is missing is asked for where it is typed.
                let reason = faults.iter().any(|fault| fault.field == "reason");
                // The plan began to run after the line was opened.
                if reason && self.asks.len() == 1 {
                    self.asks.push("why does it change".to_owned());
                    self.answers.push(String::new());
                }
                self.at = if reason { self.asks.len() - 1 } else { 0 };
                self.why = why;
                Some(Vec::new())
            }
            Ok(Outcome::Planned(Planned::Conflicts { found, edit })) => Some(vec![
                Request::Close,
                Request::Push(Box::new(super::conflict::Conflict::new(found.clone(), edit.clone()))),
            ]),
            Ok(Outcome::Planned(planned)) => {
                let note = super::super::told_of_plans(planned);
                Some(vec![Request::Close, Request::Say(note)])
            }
            Err(why) => Some(vec![Request::Close, Request::Say(Note::refused(why.clone()))]),
            Ok(_) => None,
        }
    }
}
