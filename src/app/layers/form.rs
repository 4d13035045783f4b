//! Forms: typed fields that are checked while typing. What a form asks is a table of fields; what its answers come to is
//! one function.

use std::collections::BTreeMap;

use crate::query::{Command, Fault, Outcome, PlanOrder, Planned};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::rule;
use crate::ui::text;
use crate::ui::theme::Role;
use crate::ui::when::when;

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::view::{Env, Input, Layer, Note, Request};

/// Column where the values begin, and that of the remarks.
const VALUE: u16 = 13;
const REMARK: u16 = 50;

/// What a field takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A day, as operators type them.
    Day,
    /// One of these words; typing letters or Left and Right choose.
    Word(Vec<String>),
    /// A number of targets, in the unit of what measures it; checked when the form is saved.
    Number,
}

/// A field with its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// What it is called.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// The answer so far.
    pub value: String,
    /// What may be typed.
    pub hint: String,
}

impl Field {
    /// A field with an answer filled in.
    pub fn new(name: &'static str, kind: Kind, value: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { name, kind, value: value.into(), hint: hint.into() }
    }

    /// A field that takes one of some words.
    pub fn word(name: &'static str, words: Vec<String>, value: impl Into<String>) -> Self {
        let hint = words.join(" ");
        Self::new(name, Kind::Word(words), value, hint)
    }
}

/// Answers by field.
pub struct Answers<'a>(BTreeMap<&'static str, &'a str>);

impl Answers<'_> {
    /// The answer of a field, without blanks around it.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).copied().unwrap_or("").trim()
    }

    /// The day in a field.
    ///
    /// # Errors
    /// The field and what it takes.
    pub fn day(&self, name: &str, env: &Env<'_>) -> Result<crate::domain::calendar::Day, Fault> {
        when(self.text(name)).map(|when| when.from(env.today)).map_err(|text| Fault { field: name.to_owned(), text })
    }

    /// The number in a field in a unit; `None` where it is empty.
    ///
    /// # Errors
    /// The field and what it takes.
    pub fn number(&self, name: &str, unit: crate::query::Unit) -> Result<Option<f64>, Fault> {
        match self.text(name) {
            "" => Ok(None),
            text => {
                crate::ui::amount::parse(text, unit).map(Some).map_err(|text| Fault { field: name.to_owned(), text })
            }
        }
    }
}

/// What the answers come to.
type Saved = Box<dyn Fn(&Answers<'_>, &Env<'_>) -> Result<PlanOrder, Vec<Fault>>>;

/// A form.
pub struct Form {
    title: String,
    fields: Vec<Field>,
    at: usize,
    /// The field at hand is as it was found: what is typed takes its place.
    fresh: bool,
    /// It has given its order, so that the next outcome is its own.
    ordered: bool,
    faults: Vec<Fault>,
    saved: Saved,
}

impl Form {
    /// Begins on the first field.
    pub fn new(title: impl Into<String>, fields: Vec<Field>, saved: Saved) -> Self {
        Self { title: title.into(), fields, at: 0, fresh: true, ordered: false, faults: Vec::new(), saved }
    }

    fn answers(&self) -> Answers<'_> {
        Answers(self.fields.iter().map(|field| (field.name, field.value.as_str())).collect())
    }

    fn field(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.at)
    }

    fn turn(&mut self, step: isize) {
        let Some(field) = self.field() else { return };
        let Kind::Word(words) = &field.kind else { return };
        let now = words.iter().position(|word| *word == field.value).unwrap_or(0) as isize;
        let next = (now + step).rem_euclid(words.len().max(1) as isize) as usize;
        if let Some(word) = words.get(next) {
            field.value.clone_from(word);
        }
    }

    fn type_in(&mut self, typed: Option<char>) {
        let fresh = std::mem::take(&mut self.fresh);
        let Some(field) = self.field() else { return };
        let (Some(typed), Kind::Word(words)) = (typed, &field.kind) else {
            if fresh && field.kind != Kind::Text {
                field.value.clear();
            }
            field.value.extend(typed);
            return;
        };
        // A digit takes the numbered word, a letter the next that begins with it.
        let numbered = typed.to_digit(10).and_then(|n| words.get((n as usize).checked_sub(1)?));
        let now = words.iter().position(|word| *word == field.value).map_or(0, |at| at + 1);
        let begins = |word: &&String| word.chars().next().is_some_and(|first| first.eq_ignore_ascii_case(&typed));
        let lettered = words.iter().cycle().skip(now).take(words.len()).find(begins);
        if let Some(word) = numbered.or(lettered) {
            field.value = word.clone();
        }
    }

    fn save(&mut self, env: &Env<'_>) -> Vec<Request> {
        match (self.saved)(&self.answers(), env) {
            Ok(order) => {
                self.ordered = true;
                vec![Request::Run(Command::Plan(order))]
            }
            Err(faults) => {
                self.refuse(faults);
                Vec::new()
            }
        }
    }

    fn refuse(&mut self, faults: Vec<Fault>) {
        let wrong = |field: &Field| faults.iter().any(|fault| names(&fault.field, field.name));
        self.at = self.fields.iter().position(wrong).unwrap_or(self.at);
        self.faults = faults;
    }

    /// What is wrong with a field as it stands.
    fn check(&self, field: &Field) -> Option<String> {
        if let Some(fault) = self.faults.iter().find(|fault| names(&fault.field, field.name)) {
            return Some(fault.text.clone());
        }
        if field.kind == Kind::Day && !field.value.trim().is_empty() {
            return when(&field.value).err();
        }
        None
    }

    fn remark(&self, field: &Field, env: &Env<'_>) -> (String, Role) {
        if let Some(why) = self.check(field) {
            return (format!("! {why}"), Role::Bad);
        }
        if let (Kind::Day, Ok(day)) = (&field.kind, when(&field.value).map(|when| when.from(env.today))) {
            return (format!("{}, {}", day.date().format("%a %-d %b %Y"), ahead(day.since(env.today))), Role::Muted);
        }
        (field.hint.clone(), Role::Muted)
    }
}

/// Whether a fault is about a field: `target of CVR` is about `target`.
fn names(fault: &str, field: &str) -> bool {
    fault == field || fault.strip_prefix(field).is_some_and(|rest| rest.starts_with(" of "))
}

fn ahead(days: i32) -> String {
    match days {
        0 => "today".to_owned(),
        1.. => format!("in {days} days"),
        _ => format!("{} days ago", -days),
    }
}

impl Layer for Form {
    fn context(&self) -> Context {
        Context::Form
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Vec<Request> {
        let last = self.fields.len().saturating_sub(1);
        if matches!(input.action, Action::Type | Action::Erase | Action::Clear | Action::Left | Action::Right) {
            let name = self.fields.get(self.at).map_or("", |field| field.name);
            self.faults.retain(|fault| !names(&fault.field, name));
        }
        if matches!(input.action, Action::FieldNext | Action::FieldPrev | Action::Accept) {
            self.fresh = true;
        } else if input.action != Action::Type {
            self.fresh = false;
        }
        match input.action {
            Action::Type => self.type_in(input.typed),
            Action::Erase => drop(self.field().and_then(|field| field.value.pop())),
            Action::Clear => {
                if let Some(field) = self.field() {
                    field.value.clear();
                }
            }
            Action::Left => self.turn(-1),
            Action::Right => self.turn(1),
            Action::FieldNext => self.at = (self.at + 1).min(last),
            Action::FieldPrev => self.at = self.at.saturating_sub(1),
            Action::Accept if self.at < last => self.at += 1,
            Action::Accept | Action::Save => return self.save(env),
            Action::Help => return vec![Request::Push(Box::new(super::help::Help::new(Context::Form)))],
            Action::Leave => return vec![Request::Close],
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let (width, height) = (pen.width(), pen.height());
        let mut pen = pen.part(0, 2, width, height.saturating_sub(4));
        pen.clear();
        rule(&mut pen, 0, &self.title, &format!("field {} of {}", self.at + 1, self.fields.len()));
        let room = usize::from(pen.height().saturating_sub(4));
        let skip = (self.at + 1).saturating_sub(room);
        let wide = width >= 80;
        for (line, (at, field)) in self.fields.iter().enumerate().skip(skip).take(room).enumerate() {
            let y = 1 + line as u16;
            let here = at == self.at;
            if here {
                pen.text(0, y, ">", Role::Accent);
            }
            pen.within(1, y, VALUE - 2, field.name, if here { Role::Selection } else { Role::Muted });
            let space = if wide { REMARK - VALUE - 2 } else { width.saturating_sub(VALUE + 1) };
            let value = field.value.replace('\n', " ");
            if here && !matches!(field.kind, Kind::Word(_)) {
                // The end of a long text is what is being typed.
                let safe = text::safe(&value);
                let skip = text::width(safe.as_str()).saturating_sub(usize::from(space.saturating_sub(3)));
                let tail: String = text::graphemes(safe.as_str()).skip(skip).map(|(g, _)| g).collect();
                pen.within(VALUE, y, space, &format!("[{tail}_]"), Role::Base);
            } else if here {
                pen.within(VALUE, y, space, &format!("[{value}]"), Role::Base);
            } else {
                pen.within(VALUE + 1, y, space.saturating_sub(1), &value, Role::Base);
            }
            if wide {
                let (remark, role) = self.remark(field, env);
                let space = width.saturating_sub(REMARK + 1);
                pen.within(REMARK, y, space, &remark, role);
            }
        }
        let y = 1 + self.fields.len().min(room) as u16;
        let notes =
            self.fields.iter().filter_map(|field| self.check(field).map(|why| format!("{}: {why}", field.name)));
        let own = |fault: &&Fault| !self.fields.iter().any(|field| names(&fault.field, field.name));
        let others = self.faults.iter().filter(own).map(|fault| format!("{}: {}", fault.field, fault.text));
        let all: Vec<String> = notes.chain(others).collect();
        if !all.is_empty() && y + 1 < pen.height() {
            rule(&mut pen, y, "CHECK", &format!("{} to mend", all.len()));
            for (at, note) in all.iter().enumerate() {
                let width = pen.width().saturating_sub(2);
                pen.within(1, y + 1 + at as u16, width, &format!("! {note}"), Role::Bad);
            }
        }
    }

    fn line(&self, env: &Env<'_>) -> Option<Vec<Run>> {
        let field = self.fields.get(self.at)?;
        let (remark, role) = self.remark(field, env);
        Some(vec![(format!("{}: ", field.name), Role::Muted), (remark, role)])
    }

    fn paste(&mut self, pasted: &str) -> Vec<Request> {
        if let Some(field) = self.field().filter(|field| !matches!(field.kind, Kind::Word(_))) {
            field.value.push_str(pasted);
        }
        Vec::new()
    }

    fn outcome(&mut self, outcome: &Result<Outcome, String>) -> Option<Vec<Request>> {
        if !std::mem::take(&mut self.ordered) {
            return None;
        }
        match outcome {
            Ok(Outcome::Planned(Planned::Refused(faults))) => {
                self.refuse(faults.clone());
                Some(Vec::new())
            }
            Ok(Outcome::Planned(Planned::Conflicts { found, edit })) => Some(vec![
                Request::Close,
                Request::Push(Box::new(super::conflict::Conflict::new(found.clone(), edit.clone()))),
            ]),
            Ok(Outcome::Planned(planned)) => {
                Some(vec![Request::Close, Request::Say(super::super::told_of_plans(planned))])
            }
            Err(why) => Some(vec![Request::Say(Note::refused(why.clone()))]),
            Ok(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    fn form() -> Form {
        let fields = vec![
            Field::word("type", vec!["product".into(), "user".into(), "activity".into()], "product"),
            Field::new("title", Kind::Text, "", "what it is called"),
            Field::new("finish", Kind::Day, "", "2026-06-30, +30d, fri"),
        ];
        let saved = |answers: &Answers<'_>, env: &Env<'_>| {
            let day = answers.day("finish", env).map_err(|fault| vec![fault])?;
            let edit =
                crate::domain::plans::Edit::new(format!("{} {} {day}", answers.text("type"), answers.text("title")));
            Ok(PlanOrder::Edit(edit))
        };
        Form::new("NEW", fields, Box::new(saved))
    }

    fn press(form: &mut Form, action: Action, typed: Option<char>, env: &Env<'_>) -> Vec<Request> {
        form.act(Input { action, typed }, env)
    }

    fn write(form: &mut Form, text: &str, env: &Env<'_>) {
        for c in text.chars() {
            press(form, Action::Type, Some(c), env);
        }
    }

    #[test]
    fn letters_and_digits_choose_words_and_type_into_texts() {
        fixture::with_env(|env| {
            let mut form = form();
            write(&mut form, "a", env);
            assert_eq!(form.fields[0].value, "activity");
            write(&mut form, "2", env);
            assert_eq!(form.fields[0].value, "user");
            press(&mut form, Action::Left, None, env);
            assert_eq!(form.fields[0].value, "product");
            press(&mut form, Action::Accept, None, env);
            write(&mut form, "2 for 1", env);
            assert_eq!(form.fields[1].value, "2 for 1");
        });
    }

    #[test]
    fn a_wrong_field_is_named_the_cursor_goes_there_and_nothing_is_told() {
        fixture::with_env(|env| {
            let mut form = form();
            press(&mut form, Action::FieldNext, None, env);
            press(&mut form, Action::FieldNext, None, env);
            write(&mut form, "someday", env);
            assert!(form.check(&form.fields[2]).is_some(), "checked while typing");
            form.at = 0;
            assert!(press(&mut form, Action::Save, None, env).is_empty());
            assert_eq!(form.at, 2);
            assert!(form.faults[0].text.contains("is no day"));
            press(&mut form, Action::Clear, None, env);
            write(&mut form, "+7d", env);
            assert!(form.faults.is_empty());
            assert!(matches!(press(&mut form, Action::Accept, None, env).as_slice(), [Request::Run(_)]));
            let faults = vec![Fault { field: "finish of X".to_owned(), text: "before start".to_owned() }];
            (form.at, form.ordered) = (0, true);
            form.outcome(&Ok(Outcome::Planned(Planned::Refused(faults))));
            assert_eq!(form.at, 2);
        });
    }
}
