//! The entry line: one or more texts, asked for one after the other on row 23.

use crate::domain::drafts::{DraftKey, Texts};
use crate::domain::plans::Table;
use crate::query::{Command, Outcome, PlanOrder, Planned};
use crate::ui::pen::{Pen, Run};
use crate::ui::text;
use crate::ui::theme::Role;

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::told;
use super::super::view::{Env, Input, Layer, Note, Pick, Request};
use super::line::TextLine;

/// What a text is read as, or why it cannot be read.
type Check = Box<dyn Fn(&str) -> Result<String, String>>;

/// What the texts are told the engine as.
type Make = Box<dyn Fn(&[String]) -> Result<Command, String>>;

/// A question for one text.
pub struct Ask {
    label: String,
    text: String,
    hint: &'static str,
    check: Check,
}

impl Ask {
    /// A question whose answer is read while it is typed.
    pub fn new(label: impl Into<String>, check: impl Fn(&str) -> Result<String, String> + 'static) -> Self {
        Self { label: label.into(), text: String::new(), hint: "", check: Box::new(check) }
    }

    /// A question for any text but an empty one.
    pub fn words(label: impl Into<String>, missing: &'static str) -> Self {
        Self::new(label, move |text| if text.trim().is_empty() { Err(missing.to_owned()) } else { Ok(String::new()) })
    }

    /// With what is said while nothing is typed.
    #[must_use]
    pub fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }
}

enum Then {
    Order(Make),
    Below,
}

/// The line.
pub struct Entry {
    key: DraftKey,
    asks: Vec<Ask>,
    at: usize,
    line: TextLine,
    then: Then,
}

impl Entry {
    /// Asks for texts that make an order; what is typed is kept under a name.
    pub fn order(
        key: impl Into<String>,
        asks: Vec<Ask>,
        make: impl Fn(&[String]) -> Result<PlanOrder, String> + 'static,
    ) -> Self {
        Self::new(key.into(), asks, Then::Order(Box::new(move |texts| make(texts).map(Command::Plan))))
    }

    /// Asks for texts that make a command; what is typed is kept under a name.
    pub fn command(
        key: impl Into<String>,
        asks: Vec<Ask>,
        make: impl Fn(&[String]) -> Result<Command, String> + 'static,
    ) -> Self {
        Self::new(key.into(), asks, Then::Order(Box::new(make)))
    }

    /// Asks for a text for the layer below.
    pub fn below(ask: Ask) -> Self {
        Self::new(String::new(), vec![ask], Then::Below)
    }

    /// About a record, with which what is typed into it goes.
    #[must_use]
    pub fn of(self, record: impl Into<Option<(Table, i64)>>) -> Self {
        Self { key: DraftKey { of: record.into(), ..self.key }, ..self }
    }

    fn new(key: String, asks: Vec<Ask>, then: Then) -> Self {
        let line = TextLine::new(asks.first().map(|ask| ask.text.clone()).unwrap_or_default());
        Self { key: DraftKey::new(key), asks, at: 0, line, then }
    }

    fn texts(&self) -> Vec<String> {
        let text = |(at, ask): (usize, &Ask)| if at == self.at { self.line.text() } else { &ask.text }.to_owned();
        self.asks.iter().enumerate().map(text).collect()
    }

    fn turn_to(&mut self, at: usize) {
        if let Some(ask) = self.asks.get_mut(self.at) {
            self.line.text().clone_into(&mut ask.text);
        }
        self.at = at;
        self.line.set(self.asks.get(at).map(|ask| ask.text.clone()).unwrap_or_default());
    }

    fn accept(&mut self) -> Vec<Request> {
        let texts = self.texts();
        for (at, (ask, text)) in self.asks.iter().zip(&texts).enumerate().take(self.at + 1) {
            if let Err(why) = (ask.check)(text) {
                self.turn_to(at);
                return vec![Request::Say(Note::refused(why))];
            }
        }
        if self.at + 1 < self.asks.len() {
            self.turn_to(self.at + 1);
            return Vec::new();
        }
        match &self.then {
            Then::Below => vec![Request::Close, Request::Picked(vec![Pick::Text(self.line.text().to_owned())])],
            Then::Order(make) => match make(&texts) {
                Ok(command) => vec![Request::Run(command)],
                Err(why) => vec![Request::Say(Note::refused(why))],
            },
        }
    }
}

impl Layer for Entry {
    fn context(&self) -> Context {
        Context::Entry
    }

    fn act(&mut self, input: Input, _env: &Env<'_>) -> Vec<Request> {
        match input.action {
            Action::Accept => return self.accept(),
            Action::FieldDown => self.turn_to((self.at + 1) % self.asks.len().max(1)),
            Action::Leave => {
                if self.key.name.is_empty() || self.typed().is_empty() {
                    return vec![Request::Close];
                }
                let said = Note::told("draft kept; the same key brings it back");
                return vec![Request::Close, Request::Say(said)];
            }
            _ => {
                self.line.act(input);
            }
        }
        Vec::new()
    }

    fn draw(&self, _pen: &mut Pen<'_>, _env: &Env<'_>) {}

    fn line(&self, env: &Env<'_>) -> Option<Vec<Run>> {
        let ask = self.asks.get(self.at)?;
        let read = (ask.check)(self.line.text());
        let (said, role) = match &read {
            _ if self.line.text().is_empty() => (ask.hint.to_owned(), Role::Muted),
            Ok(said) => (said.clone(), Role::Muted),
            Err(why) => (format!("! {why}"), Role::Bad),
        };
        let all = usize::from(env.size.0.saturating_sub(2));
        let label = text::cut_with(text::safe(&ask.label).as_str(), all / 2, '~');
        let free = all.saturating_sub(text::width(&label) + 2);
        let typed = self.line.shown(free, '~');
        let mut runs = vec![(format!("{label}: "), Role::Muted), (typed, Role::Base)];
        if !said.is_empty() {
            runs.push((format!("  {said}"), role));
        }
        Some(runs)
    }

    fn paste(&mut self, text: &str) -> Vec<Request> {
        self.line.insert(text.trim_end());
        Vec::new()
    }

    fn outcome(&mut self, outcome: &Result<Outcome, String>) -> Option<Vec<Request>> {
        match outcome {
            Ok(Outcome::Planned(planned @ Planned::Done { .. })) => {
                let forget = Request::Forget(self.key.clone());
                Some(vec![Request::Close, forget, Request::Say(told::planned(planned))])
            }
            Ok(logged @ Outcome::Logged(_)) => {
                let said = told::outcome(logged).map(Request::Say);
                Some([Request::Close, Request::Forget(self.key.clone())].into_iter().chain(said).collect())
            }
            Ok(Outcome::Planned(planned @ Planned::Refused(_))) => Some(vec![Request::Say(told::planned(planned))]),
            _ => None,
        }
    }

    fn draft_key(&self) -> Option<DraftKey> {
        Some(self.key.clone()).filter(|key| !key.name.is_empty())
    }

    fn typed(&self) -> Texts {
        let typed = self.texts().into_iter().enumerate().filter(|(_, text)| !text.trim().is_empty());
        typed.map(|(at, text)| (at.to_string(), text)).collect()
    }

    fn recall(&mut self, texts: &Texts) {
        for (at, text) in texts {
            if let Some(ask) = at.parse().ok().and_then(|at: usize| self.asks.get_mut(at)) {
                ask.text.clone_from(text);
            }
        }
        self.line.set(self.asks.first().map(|ask| ask.text.clone()).unwrap_or_default());
        self.at = 0;
    }
}
