//! Numbers of a day, typed one after the other; one that is left empty stays open, never 0.

use crate::domain::calendar::Day;
use crate::query::{Command, Outcome, TypedFact, Unit, find_metric};
use crate::ui::pen::{Pen, Run};
use crate::ui::theme::Role;
use crate::ui::{amount, dates};

use super::super::super::action::Action;
use super::super::super::keymap::Context;
use super::super::super::number;
use super::super::super::view::{Env, Input, Layer, Note, Request};

/// The line on which they are typed.
pub struct Typed {
    metrics: Vec<&'static str>,
    day: Day,
    channel: Option<String>,
    at: usize,
    text: String,
    why: Option<String>,
    /// It has given its order, so that the next outcome is its own.
    ordered: bool,
    stored: usize,
}

impl Typed {
    /// Begins with the first metric.
    pub fn new(metrics: Vec<&'static str>, day: Day, channel: Option<String>) -> Self {
        Self { metrics, day, channel, at: 0, text: String::new(), why: None, ordered: false, stored: 0 }
    }

    fn next(&mut self) -> Vec<Request> {
        self.at += 1;
        self.text.clear();
        if self.at < self.metrics.len() {
            return Vec::new();
        }
        let told = match self.stored {
            0 => "nothing was typed; the numbers stay open".to_owned(),
            1 => "1 number is stored".to_owned(),
            n => format!("{n} numbers are stored"),
        };
        vec![Request::Close, Request::Refresh, Request::Say(Note::told(told))]
    }

    fn take(&mut self) -> Vec<Request> {
        let Some(metric) = self.metrics.get(self.at) else { return vec![Request::Close] };
        if self.text.trim().is_empty() {
            return self.next();
        }
        let unit = find_metric(metric).map_or(Unit::Times, |metric| metric.unit);
        match amount::parse(&self.text, unit) {
            Ok(value) => {
                self.ordered = true;
                vec![Request::Run(Command::Log(TypedFact {
                    metric: (*metric).to_owned(),
                    day: self.day,
                    millionths: amount::millionths(value, unit),
                    channel: self.channel.clone(),
                }))]
            }
            Err(why) => {
                self.why = Some(why);
                Vec::new()
            }
        }
    }
}

impl Layer for Typed {
    fn context(&self) -> Context {
        Context::Entry
    }

    fn act(&mut self, input: Input, _env: &Env<'_>) -> Vec<Request> {
        self.why = None;
        match input.action {
            Action::Type => self.text.extend(input.typed),
            Action::Erase => drop(self.text.pop()),
            Action::Clear => self.text.clear(),
            Action::Leave => return vec![Request::Close, Request::Refresh],
            Action::Accept if !self.ordered => return self.take(),
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, _pen: &mut Pen<'_>, _env: &Env<'_>) {}

    fn line(&self, env: &Env<'_>) -> Option<Vec<Run>> {
        if let Some(why) = &self.why {
            return Some(vec![(why.clone(), Role::Bad)]);
        }
        let metric = self.metrics.get(self.at)?;
        let of = self.channel.as_ref().map_or_else(String::new, |channel| format!(" in {channel}"));
        let ask = format!(
            "{} of {}, {}{of} ({} of {}; empty stays open): ",
            number::name_of(metric),
            dates::weekday(self.day, env.today),
            find_metric(metric).map_or_else(String::new, |metric| number::unit_word(metric.unit, env)),
            self.at + 1,
            self.metrics.len()
        );
        Some(vec![(ask, Role::Muted), (format!("{}_", self.text), Role::Base)])
    }

    fn paste(&mut self, pasted: &str) -> Vec<Request> {
        self.text.push_str(pasted);
        Vec::new()
    }

    fn outcome(&mut self, outcome: &Result<Outcome, String>) -> Option<Vec<Request>> {
        if !std::mem::take(&mut self.ordered) {
            return None;
        }
        match outcome {
            Ok(Outcome::Logged(_, counts)) if counts.rejected == 0 => {
                self.stored += 1;
                Some(self.next())
            }
            Ok(_) => {
                self.why = Some("the number was refused; # Data shows the reason".to_owned());
                Some(Vec::new())
            }
            Err(why) => {
                self.why = Some(why.clone());
                Some(Vec::new())
            }
        }
    }
}
