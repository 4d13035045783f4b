//! Forms: one engine for all of them, driven by a table of fields. What is typed is read at once; a form that is left
//! keeps its texts for this run.
//!
//! ```text
//!  Plans > new plan   field 5 of 13
//! ── WHEN ────
//! >start       [2026-07-01_      ]   Wed 1 Jul, in 20 days
//! ── CHECK  1 error ──
//! ```

mod draw;
mod field;
mod lookup;

pub use field::{FieldRow, Kind, Opt, Pool, Values};
pub use lookup::{Lookup, Told};

use crate::domain::calendar::{Day, Span};
use crate::domain::drafts::{DraftKey, Texts};
use crate::domain::plans::{Conflict, Table};
use crate::query::{Answer, Command, Fault, Outcome, Planned, Query, Unit};
use crate::ui::pen::{Pen, Run};
use crate::ui::text;
use crate::ui::theme::Role;

use super::super::PanelId;
use super::super::action::Action;
use super::super::keymap::Context;
use super::super::told;
use super::super::view::{Env, Input, Layer, Note, Pick, Request};
use super::choose::{ChoiceRow, Chooser};
use super::help::Help;
use field::Field;
use lookup::Looked;

/// Makes an order of the values, or says which cannot be as they are.
type Make = Box<dyn Fn(&Values<'_>) -> Result<Command, Vec<Fault>>>;

/// The unit of the amounts, which may hang on another value.
type UnitOf = Box<dyn Fn(&Values<'_>) -> Option<Unit>>;

/// What a value could be, by its field.
type Proposal = fn(&str, &Values<'_>) -> Option<String>;

/// A form.
pub struct Form {
    /// The screen that it belongs to.
    place: &'static str,
    /// Breadcrumb and name of its draft.
    title: String,
    /// The record that it is about.
    of: Option<(Table, i64)>,
    fields: Vec<Field>,
    /// Field under the cursor; the number of fields is the row that saves.
    at: usize,
    today: Day,
    /// The period of the plan that it is about.
    plan: Option<Span>,
    unit: UnitOf,
    make: Make,
    proposal: Proposal,
    /// Fields that the engine refused.
    refused: Vec<Fault>,
    /// What others wrote while this was open and was told of: mine goes over it.
    seen: Vec<Conflict>,
    saving: bool,
    /// What was typed before is in it.
    recalled: bool,
    /// What is asked while one field is typed into.
    looked: Option<Looked>,
}

impl Form {
    /// A form of a table of fields; the texts stand in their order.
    pub fn new<C: Into<Command>>(
        title: impl Into<String>,
        rows: &'static [FieldRow],
        texts: Vec<String>,
        pool: &Pool<'_>,
        make: impl Fn(&Values<'_>) -> Result<C, Vec<Fault>> + 'static,
    ) -> Self {
        let fields = rows.iter().zip(texts).map(|(row, text)| Field::new(row, text, pool)).collect();
        Self {
            place: "Plans",
            title: title.into(),
            of: None,
            fields,
            at: 0,
            today: pool.today,
            plan: pool.span(),
            unit: Box::new(|_| None),
            make: Box::new(move |values| make(values).map(Into::into)),
            proposal: |_, _| None,
            refused: Vec::new(),
            seen: Vec::new(),
            saving: false,
            recalled: false,
            looked: None,
        }
    }

    /// With a question to the engine while one field is typed into.
    #[must_use]
    pub fn looking(self, lookup: Lookup) -> Self {
        Self { looked: Some(Looked::new(lookup)), ..self }
    }

    /// With the unit of its amounts.
    #[must_use]
    pub fn unit(self, unit: impl Fn(&Values<'_>) -> Option<Unit> + 'static) -> Self {
        Self { unit: Box::new(unit), ..self }
    }

    /// With what a value could be.
    #[must_use]
    pub fn proposing(self, proposal: Proposal) -> Self {
        Self { proposal, ..self }
    }

    /// About a record, with which what is typed into it goes.
    #[must_use]
    pub fn of(self, record: impl Into<Option<(Table, i64)>>) -> Self {
        Self { of: record.into(), ..self }
    }

    /// On a screen other than Plans.
    #[must_use]
    pub fn on(self, place: &'static str) -> Self {
        Self { place, ..self }
    }

    /// With what is known for a field that takes any text.
    #[must_use]
    pub fn knowing(mut self, id: &str, names: impl IntoIterator<Item = String>) -> Self {
        let mut names: Vec<String> = names.into_iter().filter(|name| !name.trim().is_empty()).collect();
        names.sort();
        names.dedup();
        if let Some(field) = self.fields.iter_mut().find(|field| field.row.id == id) {
            field.options = names.into_iter().map(|name| Opt::new(name, "")).collect();
        }
        self
    }

    /// With a text typed into a field already.
    #[must_use]
    pub fn filled(mut self, id: &str, text: &str) -> Self {
        if let Some(field) = self.fields.iter_mut().find(|field| field.row.id == id) {
            field.line.set(text);
        }
        self
    }

    /// With the cursor in a field.
    #[must_use]
    pub fn at(self, id: &str) -> Self {
        let at = self.fields.iter().position(|field| field.row.id == id).unwrap_or(0);
        Self { at, ..self }
    }

    fn key(&self) -> DraftKey {
        DraftKey { name: self.title.clone(), of: self.of }
    }

    fn values(&self) -> Values<'_> {
        let values = Values { fields: &self.fields, today: self.today, unit: None, plan: self.plan };
        Values { unit: (self.unit)(&values), ..values }
    }

    /// What is wrong: fields that cannot be read, then fields that do not go together, then what the engine refused.
    /// Nothing is wrong yet with a field that nobody has come to.
    fn faults(&self) -> Vec<Fault> {
        let values = self.values();
        let own = self.fields.iter().filter(|field| !field.waits()).filter_map(|field| {
            let why = field.read(&values).err()?;
            Some(Fault { field: field.row.id.to_owned(), text: why })
        });
        let mut faults: Vec<Fault> = own.collect();
        if faults.is_empty() {
            let together = (self.make)(&values).err().unwrap_or_default();
            let ahead = |fault: &Fault| self.place_of(fault).is_some_and(|at| self.fields[at].is_ahead());
            faults.extend(together.into_iter().filter(|fault| !ahead(fault)));
        }
        let known: Vec<String> = faults.iter().map(|fault| fault.field.clone()).collect();
        faults.extend(self.refused.iter().filter(|fault| !known.contains(&fault.field)).cloned());
        faults
    }

    /// Place of the field that a fault is about.
    fn place_of(&self, fault: &Fault) -> Option<usize> {
        let named = |field: &Field| {
            let name = fault.field.as_str();
            let begins = |word: &str| name == word || name.strip_prefix(word).is_some_and(|rest| rest.starts_with(' '));
            begins(field.row.id) || begins(field.row.label)
        };
        self.fields.iter().position(named)
    }

    /// Fields that wait to be filled.
    fn to_fill(&self) -> usize {
        self.fields.iter().filter(|field| field.waits()).count()
    }

    fn go(&mut self, to: usize) {
        if let Some(left) = self.fields.get_mut(self.at) {
            left.passed = true;
        }
        self.at = to.min(self.fields.len());
    }

    fn save(&mut self) -> Vec<Request> {
        self.refused.clear();
        self.fields.iter_mut().for_each(|field| field.passed = true);
        let faults = self.faults();
        if let Some(first) = faults.first() {
            if let Some(at) = self.place_of(first) {
                self.at = at;
            }
            return vec![Request::Say(Note::refused(format!("not saved: {}: {}", first.field, first.text)))];
        }
        match (self.make)(&self.values()) {
            Ok(command) => {
                self.saving = true;
                vec![Request::Run(command)]
            }
            Err(_) => Vec::new(),
        }
    }

    fn leave(&self) -> Vec<Request> {
        let touched = self.fields.iter().any(Field::is_touched);
        if !touched {
            return vec![Request::Close, Request::Forget(self.key())];
        }
        vec![Request::Close, Request::Say(Note::told("draft kept; the key that opened this form brings it back"))]
    }

    /// Asks what the field under the cursor is held against, where that is another question than before.
    fn look_up(&mut self) -> Vec<Request> {
        let Some(field) = self.fields.get(self.at).map(|field| field.row.id) else { return Vec::new() };
        let Some(ask) = self.looked.as_ref().filter(|looked| looked.lookup.field == field).map(|l| l.lookup.ask) else {
            return Vec::new();
        };
        let query = ask(&self.values());
        let turns = self.looked.as_mut().is_some_and(|looked| looked.turns_to(query));
        if turns { vec![Request::Ask] } else { Vec::new() }
    }

    /// What the field under the cursor is held against, in words.
    fn looked_up(&self) -> Option<Told> {
        let field = self.fields.get(self.at)?;
        let looked = self.looked.as_ref().filter(|looked| looked.lookup.field == field.row.id)?;
        (looked.lookup.tell)(looked.answer.shown()?, &self.values())
    }

    /// The rows to choose from for the field under the cursor.
    fn chooser(&self, typed: &str) -> Option<Vec<Request>> {
        let field = self.fields.get(self.at).filter(|field| !field.options.is_empty())?;
        let row = |opt: &Opt| {
            let value = opt.value.clone();
            let about = if opt.shown() == opt.about { "" } else { opt.about.as_str() };
            ChoiceRow::new(opt.shown(), about, move || vec![Request::Picked(vec![Pick::Text(value)])])
        };
        let rows: Vec<ChoiceRow> = field.options.iter().map(row).collect();
        let now = field.options.iter().position(|opt| opt.value == field.line.text()).unwrap_or(0);
        let chooser = Chooser::new(field.row.label, rows).at(now);
        let chooser = if typed.is_empty() { chooser } else { chooser.typed(typed) };
        Some(vec![Request::Push(Box::new(chooser))])
    }

    /// Takes a key in the field under the cursor.
    fn type_into(&mut self, input: Input, env: &Env<'_>) -> Vec<Request> {
        let Some(field) = self.fields.get_mut(self.at) else { return Vec::new() };
        let id = field.row.id;
        self.refused.retain(|fault| fault.field != id);
        if field.is_for_editor(env) {
            return match (input.action, input.typed) {
                (Action::Type, Some('e')) => vec![Request::Edit(field.line.text().to_owned())],
                (Action::Type, _) => vec![Request::Say(Note::told("a long text: e opens your editor, Ctrl-U clears"))],
                (Action::Clear, _) => {
                    field.line.set("");
                    Vec::new()
                }
                _ => Vec::new(),
            };
        }
        if !field.is_choice() {
            field.line.act(input);
            return Vec::new();
        }
        match (input.action, input.typed) {
            (Action::Left, _) => field.turn(-1),
            (Action::Right, _) => field.turn(1),
            (Action::Erase | Action::Clear, _) if !field.row.need => field.line.set(""),
            (Action::Type, Some(c)) => {
                let place = c.to_digit(10).and_then(|d| (d as usize).checked_sub(1));
                if let Some(opt) = place.and_then(|at| field.options.get(at)) {
                    field.line.set(opt.value.clone());
                    self.go(self.at + 1);
                    return Vec::new();
                }
                let typed = if c == ' ' { String::new() } else { c.to_string() };
                return self.chooser(&typed).unwrap_or_default();
            }
            _ => {}
        }
        Vec::new()
    }

    /// Does what a key asks.
    fn do_action(&mut self, input: Input, env: &Env<'_>) -> Vec<Request> {
        match input.action {
            Action::Accept if self.at == self.fields.len() => return self.save(),
            Action::Accept | Action::FieldDown => self.go(self.at + 1),
            Action::FieldUp => self.go(self.at.checked_sub(1).unwrap_or(self.fields.len())),
            Action::Save => return self.save(),
            Action::Leave => return self.leave(),
            Action::Help => return vec![Request::Push(Box::new(Help::new(Context::Form)))],
            Action::TakeProposal => {
                let known = self.fields.get(self.at).filter(|field| matches!(field.row.kind, Kind::Known(_)));
                if let Some(list) = known.and_then(|field| self.chooser(&known_start(field))) {
                    return list;
                }
                let id = self.fields.get(self.at).map(|field| field.row.id);
                let proposed = id.and_then(|id| (self.proposal)(id, &self.values()));
                let Some(proposed) = proposed else {
                    return vec![Request::Say(Note::told("nothing is proposed for this field"))];
                };
                self.fields[self.at].line.set(proposed);
            }
            _ => return self.type_into(input, env),
        }
        Vec::new()
    }
}

impl Layer for Form {
    fn context(&self) -> Context {
        Context::Form
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Vec<Request> {
        self.saving = false;
        let mut requests = self.do_action(input, env);
        requests.extend(self.look_up());
        requests
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        draw::form(self, pen, env);
    }

    fn line(&self, env: &Env<'_>) -> Option<Vec<Run>> {
        if self.saving {
            return Some(vec![("saving".to_owned(), Role::Muted)]);
        }
        let Some(field) = self.fields.get(self.at) else {
            return Some(vec![("Enter saves, as F2 does from any field".to_owned(), Role::Base)]);
        };
        let list = match field.row.kind {
            Kind::Choice(_) => "; Space lists all, a digit picks",
            Kind::Known(_) if !field.options.is_empty() => "; F3 lists",
            Kind::Long if env.editor => "; e opens the editor",
            _ => "",
        };
        if let Some(told) = self.looked_up() {
            return Some(vec![(format!("{}: {}", field.row.label, told.line), Role::Base)]);
        }
        let hint = format!("{}{list}", field.row.hint);
        let proposed = (self.proposal)(field.row.id, &self.values()).filter(|text| text != field.line.text());
        let proposed = proposed.filter(|_| list.is_empty());
        let proposed = proposed.map(|text| format!("; F3 takes {text}")).unwrap_or_default();
        Some(vec![(format!("{}: {hint}{proposed}", field.row.label), Role::Base)])
    }

    fn edited(&mut self, text: String) {
        if let Some(field) = self.fields.get_mut(self.at) {
            let kept = |c: &char| *c == '\n' || !text::is_unsafe(*c);
            field.line.set(text.replace('\t', " ").chars().filter(kept).collect::<String>());
        }
    }

    fn paste(&mut self, text: &str) -> Vec<Request> {
        if let Some(field) = self.fields.get_mut(self.at).filter(|field| !field.is_choice()) {
            field.line.insert(text.trim_end());
        }
        Vec::new()
    }

    fn picked(&mut self, picks: &[Pick]) -> Option<Vec<Request>> {
        if let (Some(field), [Pick::Text(value)]) = (self.fields.get_mut(self.at), picks) {
            field.line.set(value.clone());
            self.go(self.at + 1);
        }
        Some(self.look_up())
    }

    fn questions(&self) -> Vec<(PanelId, Query)> {
        let looked = self.looked.as_ref();
        looked.and_then(|looked| Some((looked.lookup.panel, looked.asked.clone()?))).into_iter().collect()
    }

    fn receive(&mut self, panel: PanelId, result: Result<Answer, String>) -> Option<Result<Answer, String>> {
        let Some(looked) = self.looked.as_mut().filter(|looked| looked.lookup.panel == panel) else {
            return Some(result);
        };
        looked.answer.finish(result);
        None
    }

    fn outcome(&mut self, outcome: &Result<Outcome, String>) -> Option<Vec<Request>> {
        self.saving = false;
        match outcome {
            Ok(Outcome::Planned(planned @ Planned::Done { .. })) => {
                let forget = Request::Forget(self.key());
                Some(vec![Request::Close, forget, Request::Say(told::planned(planned))])
            }
            Ok(Outcome::Planned(planned @ Planned::Refused(faults))) => {
                self.refused.clone_from(faults);
                if let Some(at) = faults.iter().find_map(|fault| self.place_of(fault)) {
                    self.at = at;
                }
                Some(vec![Request::Say(told::planned(planned))])
            }
            Ok(outcome @ Outcome::Logged(summary)) => {
                let said = told::outcome(outcome).map(Request::Say);
                let done = [Request::Close, Request::Forget(self.key())];
                let done = done.into_iter().filter(|_| summary.counts.rejected == 0);
                Some(done.chain(said).collect())
            }
            _ => None,
        }
    }

    fn draft_key(&self) -> Option<DraftKey> {
        Some(self.key())
    }

    fn typed(&self) -> Texts {
        let touched = self.fields.iter().filter(|field| field.is_touched());
        touched.map(|field| (field.row.id.to_owned(), field.line.text().to_owned())).collect()
    }

    fn recall(&mut self, texts: &Texts) {
        for (id, text) in texts {
            if let Some(field) = self.fields.iter_mut().find(|field| field.row.id == id) {
                field.line.set(text.clone());
            }
        }
        self.recalled = true;
    }

    fn see(&mut self, found: &[Conflict]) {
        self.seen.extend_from_slice(found);
    }

    fn has_seen(&self, found: &[Conflict]) -> bool {
        let same = |a: &Conflict, b: &Conflict| {
            (a.table, &a.key, &a.field, &a.theirs) == (b.table, &b.key, &b.field, &b.theirs)
        };
        found.iter().all(|one| self.seen.iter().any(|seen| same(seen, one)))
    }
}

/// What the list of a field that takes any text is narrowed by: what is typed, unless that names a row already.
fn known_start(field: &Field) -> String {
    let text = field.line.text();
    let holds = |opt: &Opt| opt.value.contains(text) || opt.about.contains(text);
    let exact = field.options.iter().any(|opt| opt.value == text);
    if exact || !field.options.iter().any(holds) { String::new() } else { text.to_owned() }
}

#[cfg(test)]
mod tests;
