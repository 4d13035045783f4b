//! What keys do in the steps that are answered: numbers, exceptions, tasks, focus.

use crate::query::{Command, TypedNumber};
use crate::ui::amount;
use crate::ui::when::when;

use super::super::super::action::Action;
use super::super::super::screens::plans::acts::refuse;
use super::super::super::screens::plans::task_acts::due_told;
use super::super::super::view::Request;
use super::super::super::written;
use super::super::entry::{Ask, Entry};
use super::answers::{Fate, Said};
use super::{Asked, CheckIn, Step};

impl CheckIn {
    /// After digits to the next number; after the last, or on an empty field, to the next step.
    pub(super) fn accept_number(&mut self) -> Vec<Request> {
        let Some(board) = self.board.shown() else { return Vec::new() };
        let (count, day) = (board.missing.facts.len(), board.missing.day);
        let typed = |name: &str| self.answers.numbers.get(name).filter(|text| !text.is_empty());
        let here = board.missing.facts.get(self.at).and_then(|fact| Some((fact, typed(&fact.metric)?)));
        if let Some((fact, text)) = here {
            if let Err(why) = amount::parse(text, fact.unit) {
                return refuse(&format!("{}: {why}", fact.metric));
            }
            if self.at + 1 < count {
                self.at += 1;
                return Vec::new();
            }
        }
        let mut numbers = Vec::new();
        for fact in &board.missing.facts {
            let Some(text) = typed(&fact.metric) else { continue };
            match amount::parse(text, fact.unit) {
                Ok(value) => numbers.push(TypedNumber {
                    metric: fact.metric.clone(),
                    day,
                    value: amount::exact(value, fact.unit),
                    channel: None,
                }),
                Err(why) => return refuse(&format!("{}: {why}", fact.metric)),
            }
        }
        if numbers.is_empty() {
            self.turn_to(self.step + 1);
            return Vec::new();
        }
        self.sent = true;
        vec![Request::Run(Command::Log(numbers))]
    }

    pub(super) fn type_digit(&mut self, typed: Option<char>) {
        let name =
            self.board.shown().and_then(|board| board.missing.facts.get(self.at)).map(|fact| fact.metric.clone());
        if let Some((name, typed)) = name.zip(typed) {
            self.answers.numbers.entry(name).or_default().push(typed);
        }
    }

    pub(super) fn step_back(&mut self) {
        let name = self.board.shown().and_then(|board| board.missing.facts.get(self.at)).map(|fact| &fact.metric);
        let text = name.filter(|_| self.step() == Step::Numbers).and_then(|name| self.answers.numbers.get_mut(name));
        if text.and_then(String::pop).is_none() {
            self.turn_to(self.step.saturating_sub(1));
        }
    }

    /// Answers the cause under the cursor, and goes to the next.
    pub(super) fn say(&mut self, said: Said) -> Vec<Request> {
        let key = self.board.shown().and_then(|board| board.today.causes.get(self.at)).map(|cause| cause.place.key());
        if let Some(key) = key {
            self.answers.causes.insert(key, said);
            self.at = (self.at + 1).min(self.rows().saturating_sub(1));
        }
        Vec::new()
    }

    pub(super) fn ask_about_cause(&mut self, action: Action) -> Vec<Request> {
        let Some(cause) = self.board.shown().and_then(|board| board.today.causes.get(self.at)) else {
            return Vec::new();
        };
        let (label, today) = (cause.label.clone(), self.day);
        let ask = if action == Action::Add {
            self.asked = Some(Asked::Task);
            let read = move |text: &str| {
                let line = written::task(text)?;
                match (line.on, line.due) {
                    (Some(on), _) => Err(format!("on:{on}: the task is about the cause already")),
                    (None, Some(due)) => due_told(due, None, today).map(|day| format!("due {day}")),
                    (None, None) => Ok(String::new()),
                }
            };
            Ask::new(format!("task about {label}"), read).hint("Ask Sol why due:fri @sol !")
        } else {
            self.asked = Some(Asked::Note);
            Ask::words(format!("note on {label}"), "type what is to be kept in the journal")
        };
        vec![Request::Push(Box::new(Entry::below(ask)))]
    }

    /// Decides on the task under the cursor, and goes to the next; the same again takes it back.
    pub(super) fn decide(&mut self, fate: Fate) -> Vec<Request> {
        let id = self.board.shown().and_then(|board| board.today.work.tasks.get(self.at)).map(|row| row.task.id);
        let Some(id) = id else { return Vec::new() };
        if self.answers.tasks.get(&id) == Some(&fate) {
            self.answers.tasks.remove(&id);
        } else {
            self.answers.tasks.insert(id, fate);
            self.at = (self.at + 1).min(self.rows().saturating_sub(1));
        }
        Vec::new()
    }

    pub(super) fn ask_for_day(&mut self) -> Vec<Request> {
        let row = self.board.shown().and_then(|board| board.today.work.tasks.get(self.at));
        let Some(title) = row.map(|row| row.task.title.clone()) else { return Vec::new() };
        self.asked = Some(Asked::Day);
        let today = self.day;
        let read = move |text: &str| when(text).map(|when| written::day_told(when.after(today), today));
        vec![Request::Push(Box::new(Entry::below(
            Ask::new(format!("{title}: for which day"), read).hint("fri, +7d, 1 jul"),
        )))]
    }

    pub(super) fn toggle(&mut self) -> Vec<Request> {
        let Some(board) = self.board.shown() else { return Vec::new() };
        let id = self.answers.left(board).get(self.at).map(|row| row.task.id);
        match id.map(|id| self.answers.toggle(id, board)) {
            Some(Err(why)) => refuse(&why),
            _ => Vec::new(),
        }
    }
}
