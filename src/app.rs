//! Screens, keys and state: a pure function from messages to state and effects, and a pure drawing of it.
//!
//! ```text
//! Msg -> App::update -> Effects   keys resolve to actions (keymap), a screen or the top layer answers with Requests
//! App::draw                       frame rows 1, 2, 23, 24 (frame.rs); the open screen between them; layers over it
//! ```

pub mod action;
mod bars;
pub mod brief;
pub mod first_run;
#[cfg(test)]
mod fixture;
pub mod frame;
pub mod keymap;
pub mod keys;
pub mod layers;
pub mod list;
pub mod load;
mod make_target;
pub mod marks;
pub mod number;
pub mod pane;
mod program;
pub mod scope;
pub mod screens;
mod subject;
mod told;
pub mod view;
pub mod written;

use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::calendar::{Day, Grain};
use crate::domain::drafts::{Draft, DraftKey, Texts};
use crate::domain::operations::OPERATIONS;
use crate::domain::plans::Conflict;
use crate::domain::plans::OpType;
use crate::query::{Answer, Choices, Command, Comparison, Keep, Outcome, PlanOrder, Planned, Progress, Query, Status};
use crate::ui::pen::{Look, Pen, Run};
use crate::ui::theme::Role;

use action::Action;
use first_run::Opening;
use frame::{PLANS, TABS};
use keymap::Context;
pub use keys::{Key, KeyCode};
use layers::brief_page::BriefPage;
use layers::checkin::CheckIn;
use layers::conflict::{ConflictBox, Refused};
use layers::help::Help;
use layers::import::Import;
use layers::message::Message;
use layers::picker::{self, Menu, Picker};
use load::Load;
pub use program::Program;
use scope::Choice;
use screens::detail::Detail;
use screens::{data::Data, operation::Operation, plans::Plans, retention::Retention, revenue::Revenue, today::Today};
use view::{Env, Input, Layer, Note, Pick, Request, View};

/// A part of the screen that has its own question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PanelId(pub u8);

impl PanelId {
    /// The frame.
    pub const STATUS: Self = Self(0);
    /// Names to choose from.
    pub const CHOICES: Self = Self(1);
    /// Today.
    pub const TODAY: Self = Self(2);
    /// Cohorts.
    pub const RETENTION: Self = Self(3);
    /// D-n over time.
    pub const DAY_N: Self = Self(4);
    /// Revenue.
    pub const REVENUE: Self = Self(5);
    /// Data.
    pub const DATA: Self = Self(6);
    /// Number detail.
    pub const DETAIL: Self = Self(7);
    /// The list of plans.
    pub const PLANS: Self = Self(8);
    /// One plan.
    pub const PLAN: Self = Self(9);
    /// A proposal.
    pub const PROPOSE: Self = Self(10);
    /// What a metric gave before the days of a plan that is being written.
    pub const PAST: Self = Self(34);
    /// Ways to break a node down.
    pub const BREAKS: Self = Self(11);
    /// Drafts of earlier runs.
    pub const DRAFTS: Self = Self(12);
    /// Numbers that nobody has typed yet.
    pub const MISSING: Self = Self(13);
    /// The numbers at the top of an operation tab.
    pub const HEADLINE: Self = Self(14);
    /// The steps of the funnel.
    pub const FUNNEL: Self = Self(37);
    /// Who is in a class of payers.
    pub const RECALL: Self = Self(15);
    /// The first numbers of Today.
    pub const FRONT: Self = Self(31);
    /// The number under the cursor, for the pane beside it.
    pub const ASIDE: Self = Self(16);
    /// Plans that a number may be a target of.
    pub const TARGETS: Self = Self(17);
    /// The channel mapping of Data.
    pub const MAPPING: Self = Self(33);
    /// The first table of an operation tab; the others follow.
    pub const SECTIONS: Self = Self(18);
    /// The first week of an item.
    pub const ITEM: Self = Self(35);
    /// Properties that participants can be split by.
    pub const PROPERTIES: Self = Self(36);
    /// What the journal tells of the days of a chart.
    pub const JOURNAL: Self = Self(30);
    /// The check-in and the brief.
    pub const CHECK_IN: Self = Self(32);
}

/// What is fixed for a run.
#[derive(Debug, Clone)]
pub struct AppOptions {
    /// `--today`.
    pub today: Option<Day>,
    /// Colours and glyphs.
    pub look: Look,
    /// Columns and rows.
    pub size: (u16, u16),
    /// An editor for long texts is set.
    pub editor: bool,
}

/// What can happen.
#[derive(Debug)]
pub enum Msg {
    /// A key.
    Key(Key),
    /// A pasted text.
    Paste(String),
    /// New columns and rows.
    Resize(u16, u16),
    /// An answer.
    Reply {
        /// Who asked.
        panel: PanelId,
        /// Which of its questions.
        generation: u64,
        /// The answer, or one line why not.
        result: Result<Answer, String>,
    },
    /// A command has ended: what came of it, or one line why not.
    Done(Result<Outcome, String>),
    /// A command goes on.
    Progress(Progress),
    /// Drafts are kept in the workspace, or one line why not.
    Kept(Result<(), String>),
    /// Rows were committed, or the day changed.
    Changed,
    /// What the operator's editor left, or one line why not.
    Edited(Result<String, String>),
    /// A file was written or text sent: where, or why not.
    Saved(Result<String, String>),
}

/// What the app wants done.
#[derive(Debug)]
pub enum Effect {
    /// Answer a question.
    Ask {
        /// For whom.
        panel: PanelId,
        /// Which of its questions.
        generation: u64,
        /// The question.
        query: Query,
    },
    /// Run a command.
    Run(Command),
    /// Keep what was typed; forget it where there are no texts.
    Draft(Draft),
    /// End the program.
    Quit,
    /// Suspend to the shell.
    Suspend,
    /// Draw every cell again.
    ClearScreen,
    /// Let the operator's editor change a text.
    Edit(String),
    /// Send to the terminal's clipboard.
    Clipboard(String),
    /// Turn the mouse on or off.
    Mouse(bool),
    /// Write a file that must not exist.
    WriteFile {
        /// File name without folder.
        name: String,
        /// Content.
        text: String,
    },
}

impl Effect {
    /// What an action asks of the outside wherever it is met.
    fn of(action: Action) -> Option<Self> {
        match action {
            Action::Quit => Some(Self::Quit),
            Action::Suspend => Some(Self::Suspend),
            Action::Redraw => Some(Self::ClearScreen),
            _ => None,
        }
    }
}

/// The whole state.
pub struct App {
    screens: Vec<Box<dyn View>>,
    open: u8,
    /// Details lying on the open screen.
    details: Vec<Box<dyn View>>,
    layers: Vec<Box<dyn Layer>>,
    status: Load<Status>,
    choices: Load<Choices>,
    choice: Choice,
    generations: BTreeMap<PanelId, u64>,
    note: Option<Note>,
    /// What was typed into forms and entry lines and not stored.
    drafts: BTreeMap<DraftKey, Texts>,
    /// The order about plans that is on its way.
    order: Option<PlanOrder>,
    /// How deep the layer lies that gave it; 0 where a screen did, or where that layer was left.
    giver: usize,
    options: AppOptions,
    dirty: bool,
}

/// The parts of the app that screens may look at, beside the parts that they change.
macro_rules! env {
    ($app:expr) => {
        Env {
            status: $app.status.shown(),
            choice: &$app.choice,
            choices: &$app.choices,
            today: $app.status.shown().map_or($app.options.today.unwrap_or(Day(0)), |s| s.today),
            size: $app.options.size,
            editor: $app.options.editor,
        }
    };
}

impl App {
    /// The start: the frame's facts are asked for first.
    pub fn new(options: AppOptions) -> (Self, Vec<Effect>) {
        let mut screens: Vec<Box<dyn View>> = vec![Box::new(Today::new())];
        screens.extend(
            OPERATIONS.iter().zip(OpType::ALL).map(|(row, op)| Box::new(Operation::new(row, *op)) as Box<dyn View>),
        );
        screens.push(Box::new(Plans::new()));
        screens.push(Box::new(Retention::new()));
        screens.push(Box::new(Revenue::new()));
        screens.push(Box::new(Data::new()));
        let mut app = Self {
            screens,
            open: 0,
            details: Vec::new(),
            layers: Vec::new(),
            status: Load::Idle,
            choices: Load::Idle,
            choice: Choice::default(),
            generations: BTreeMap::new(),
            note: None,
            drafts: BTreeMap::new(),
            order: None,
            giver: 0,
            options,
            dirty: true,
        };
        let mut effects = app.ask_frame();
        effects.push(app.ask(PanelId::DRAFTS, Query::Drafts));
        (app, effects)
    }

    /// Shows what a first run asked for.
    pub fn open_with(&mut self, opening: Opening) -> Vec<Effect> {
        match opening {
            Opening::Today => Vec::new(),
            Opening::Import(path) => {
                let (layer, requests) = Import::of(path);
                self.layers.push(Box::new(layer));
                self.serve(requests)
            }
            Opening::Plans => {
                let mut effects = self.go(PLANS);
                effects.extend(self.run(Command::Plan(PlanOrder::Template)));
                effects
            }
        }
    }

    /// Takes a message; what is wanted of the outside comes back.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        // Names to choose from are seen in layers alone.
        self.dirty |= !matches!(msg, Msg::Reply { panel: PanelId::CHOICES, .. }) || !self.layers.is_empty();
        match msg {
            Msg::Key(key) => {
                let mut effects = self.key(key);
                effects.extend(self.note_draft());
                effects
            }
            Msg::Paste(text) => {
                let line = text.replace(['\n', '\r'], " ");
                let requests = self.layers.last_mut().map(|l| l.paste(&line)).unwrap_or_default();
                let mut effects = self.serve(requests);
                effects.extend(self.note_draft());
                effects
            }
            Msg::Resize(width, height) => {
                self.options.size = (width, height);
                self.ask_screen()
            }
            Msg::Reply { panel, generation, result } => self.reply(panel, generation, result),
            Msg::Done(result) => {
                let gone = self.drafts_gone(&result);
                let mut effects = self.done(&result);
                effects.extend(gone.into_iter().filter_map(|key| self.keep_draft(key, Texts::new())));
                effects
            }
            Msg::Progress(progress) => {
                if let Some(layer) = self.layers.last_mut() {
                    layer.progress(progress);
                }
                Vec::new()
            }
            Msg::Kept(kept) => {
                if let Err(why) = kept {
                    self.note = Some(Note::refused(format!("what you type is kept for this run only: {why}")));
                }
                Vec::new()
            }
            Msg::Edited(Ok(text)) => {
                if let Some(layer) = self.layers.last_mut() {
                    layer.edited(text);
                }
                self.note_draft().into_iter().collect()
            }
            Msg::Edited(Err(why)) => {
                self.note = Some(Note::refused(why));
                Vec::new()
            }
            Msg::Changed => self.ask_frame(),
            Msg::Saved(result) => {
                self.note = Some(match result {
                    Ok(place) => Note::told(format!("written to {place}")),
                    Err(why) => Note::refused(why),
                });
                Vec::new()
            }
        }
    }

    /// Whether something visible changed since it was last asked.
    pub fn needs_draw(&mut self) -> bool {
        std::mem::take(&mut self.dirty)
    }

    fn key(&mut self, key: Key) -> Vec<Effect> {
        let context = self.context();
        self.note = None;
        let Some(input) = Input::of(key, context) else { return Vec::new() };
        if let Some(effect) = Effect::of(input.action) {
            return vec![effect];
        }
        if let Some(layer) = self.layers.last_mut() {
            let requests = layer.act(input, &env!(self));
            return self.serve(requests);
        }
        let requests = match self.details.last_mut() {
            Some(detail) => detail.act(input, &env!(self)),
            None => self.screens.get_mut(usize::from(self.open)).and_then(|screen| screen.act(input, &env!(self))),
        };
        match requests {
            Some(requests) => self.serve(requests),
            None => self.global(input.action),
        }
    }

    fn global(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Go(place) => self.go(place),
            Action::NextScreen => self.go((self.open + 1) % TABS),
            Action::PrevScreen => self.go((self.open + TABS - 1) % TABS),
            Action::GrainDay => self.grain(Grain::Day),
            Action::GrainWeek => self.grain(Grain::Week),
            Action::GrainMonth => self.grain(Grain::Month),
            Action::PeriodPrev | Action::PeriodNext | Action::PeriodWider | Action::PeriodNarrower => {
                self.period(action)
            }
            Action::Comparison => {
                if self.view().is_some_and(|view| !view.is_compared()) {
                    self.note = Some(Note::told("cohorts are held against those before them, not against a period"));
                    return Vec::new();
                }
                self.choice = self.choice.recompared();
                self.note = Some(Note::told(format!("compared with {}", compared_words(self.choice.comparison))));
                self.ask_screen()
            }
            Action::Segment => {
                let under = self.view().and_then(|v| v.value_under_cursor(&env!(self)));
                let mut chosen: Vec<Pick> = self.choice.segment.limits().into_iter().map(Pick::Limit).collect();
                chosen.extend(under.filter(|p| !chosen.contains(p)));
                self.layers.push(Box::new(Picker::new(Menu::Segment, chosen, &env!(self))));
                Vec::new()
            }
            Action::PeriodPick => {
                self.layers.push(Box::new(Picker::new(Menu::Period, Vec::new(), &env!(self))));
                Vec::new()
            }
            Action::Note | Action::Log if self.status.shown().is_some_and(|s| s.read_only) => {
                self.note = Some(Note::refused("opened read only: nothing can be changed"));
                Vec::new()
            }
            Action::Log => self.push(Box::new(layers::log::Log::default())),
            Action::Note => {
                self.layers.push(Box::new(layers::note::note(env!(self).today)));
                Vec::new()
            }
            Action::CheckIn if self.status.shown().is_some_and(|s| s.read_only) => {
                self.note =
                    Some(Note::refused("opened read only: a check-in stores what is decided; b shows the brief"));
                Vec::new()
            }
            Action::CheckIn | Action::Brief => {
                let today = env!(self).today;
                self.push(if action == Action::CheckIn {
                    Box::new(CheckIn::new(today))
                } else {
                    Box::new(BriefPage::new(today))
                })
            }
            Action::Import if self.status.shown().is_some_and(|s| s.read_only) => {
                self.note = Some(Note::refused("opened read only: nothing can be imported"));
                Vec::new()
            }
            Action::Import => {
                self.layers.push(Box::new(Import::new()));
                Vec::new()
            }
            Action::Help => {
                self.layers.push(Box::new(Help::new(self.context())));
                Vec::new()
            }
            Action::Problems => {
                let mut lines = told::problems(self.status.shown(), self.view().and_then(View::failure));
                lines.extend(self.drafts.keys().map(|key| format!("draft, not stored: {}", key.name)));
                self.layers.push(Box::new(Message::new("Problems", lines)));
                Vec::new()
            }
            Action::Reload => self.ask_frame(),
            Action::Undo => self.run(Command::Plan(PlanOrder::Undo)),
            Action::Redo => self.run(Command::Plan(PlanOrder::Redo)),
            Action::Back | Action::BackQuit => {
                if let Some(view) = self.view_mut().filter(|view| !view.filter().is_empty()) {
                    view.narrow("");
                    return Vec::new();
                }
                if self.details.pop().is_some() || action == Action::Back {
                    return self.ask_screen();
                }
                vec![Effect::Quit]
            }
            _ => Vec::new(),
        }
    }

    fn period(&mut self, action: Action) -> Vec<Effect> {
        let Some(status) = self.status.shown() else { return Vec::new() };
        self.choice = match action {
            Action::PeriodPrev => self.choice.stepped(-1, status),
            Action::PeriodNext => self.choice.stepped(1, status),
            Action::PeriodWider => self.choice.widened(1, status),
            _ => self.choice.widened(-1, status),
        };
        self.ask_screen()
    }

    fn grain(&mut self, grain: Grain) -> Vec<Effect> {
        self.choice.grain = Some(grain);
        self.ask_screen()
    }

    fn go(&mut self, place: u8) -> Vec<Effect> {
        self.open = place.min(TABS - 1);
        self.details.clear();
        self.ask_screen()
    }

    fn serve(&mut self, requests: Vec<Request>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for request in requests {
            effects.extend(self.serve_one(request));
        }
        effects
    }

    fn serve_one(&mut self, request: Request) -> Vec<Effect> {
        match request {
            Request::Close => {
                self.layers.pop();
                if self.layers.len() < self.giver {
                    self.giver = 0;
                }
            }
            Request::Push(layer) => return self.push(layer),
            Request::Go(place) => return self.go(place),
            Request::Detail(subject) => {
                let page = Detail::new(frame::tab_name(self.open).2, subject, &self.choice);
                return self.serve_one(Request::Page(Box::new(page)));
            }
            Request::Page(page) => {
                self.details.push(page);
                return self.ask_screen();
            }
            Request::Say(note) => self.note = Some(note),
            Request::Run(command) => return self.run(command),
            Request::Forget(key) => return self.keep_draft(key, Texts::new()).into_iter().collect(),
            Request::Ask => return self.ask_layer(),
            Request::Seen(found) => {
                if let Some(layer) = self.layers.last_mut() {
                    layer.see(&found);
                }
                return self.ask_screen();
            }
            Request::Refresh => return self.ask_screen(),
            Request::Copy(text) => {
                self.note = Some(Note::told("sent to the terminal's clipboard (OSC 52)"));
                return vec![Effect::Clipboard(text)];
            }
            Request::Edit(text) => return vec![Effect::Edit(text)],
            Request::Write { name, text } => return vec![Effect::WriteFile { name, text }],
            Request::Picked(picks) => return self.picked(&picks),
            Request::Narrow(filter) => {
                if let Some(view) = self.view_mut() {
                    view.narrow(&filter);
                }
            }
        }
        Vec::new()
    }

    /// Keeps what was typed into the top layer since it was last looked at.
    fn note_draft(&mut self) -> Option<Effect> {
        let layer = self.layers.last()?;
        let (key, texts) = (layer.draft_key()?, layer.typed());
        self.keep_draft(key, texts)
    }

    fn keep_draft(&mut self, key: DraftKey, texts: Texts) -> Option<Effect> {
        let before = if texts.is_empty() {
            self.drafts.remove(&key).unwrap_or_default()
        } else {
            self.drafts.insert(key.clone(), texts.clone()).unwrap_or_default()
        };
        let stored = self.status.shown().is_some_and(|status| !status.read_only);
        (stored && before != texts).then_some(Effect::Draft(Draft { key, texts }))
    }

    /// Drafts of what the order on its way takes away, once it is done.
    fn drafts_gone(&self, result: &Result<Outcome, String>) -> Vec<DraftKey> {
        let done = matches!(result, Ok(Outcome::Planned(Planned::Done { .. })));
        let gone = self.order.as_ref().filter(|_| done).map(PlanOrder::removes).unwrap_or_default();
        self.drafts.keys().filter(|key| key.of.is_some_and(|of| gone.contains(&of))).cloned().collect()
    }

    /// Takes the drafts of earlier runs; what is being typed already goes before.
    fn recall_drafts(&mut self, drafts: Vec<Draft>) {
        let names: Vec<String> = drafts.iter().map(|draft| draft.key.name.clone()).collect();
        for draft in drafts {
            self.drafts.entry(draft.key).or_insert(draft.texts);
        }
        let said = match names.as_slice() {
            [] => return,
            [one] => format!("a draft was kept: {one}; the key that opened it brings it back"),
            more => format!("{} drafts were kept; ! names them, the key that opened one brings it back", more.len()),
        };
        self.note = Some(Note::told(said));
    }

    /// Opens a layer with what was typed into it before.
    fn push(&mut self, mut layer: Box<dyn Layer>) -> Vec<Effect> {
        if let Some(texts) = layer.draft_key().and_then(|key| self.drafts.get(&key)) {
            layer.recall(texts);
            // An entry line shows the draft itself where the note would stand.
            if layer.context() != Context::Entry {
                self.note = Some(Note::told("your draft is back"));
            }
        }
        self.layers.push(layer);
        self.ask_layer()
    }

    fn ask_layer(&mut self) -> Vec<Effect> {
        let questions = self.layers.last().map(|layer| layer.questions()).unwrap_or_default();
        questions.into_iter().map(|(panel, query)| self.ask(panel, query)).collect()
    }

    fn run(&mut self, command: Command) -> Vec<Effect> {
        if let Command::Plan(order) = &command {
            if self.status.shown().is_some_and(|s| s.read_only) {
                self.note = Some(Note::refused("opened read only: nothing can be changed"));
                return Vec::new();
            }
            self.order = Some(order.clone());
            self.giver = self.layers.len();
        }
        vec![Effect::Run(command)]
    }

    /// Gives a choice to whom it belongs: the layer below, the screen, or the context line.
    fn picked(&mut self, picks: &[Pick]) -> Vec<Effect> {
        if let Some(requests) = self.layers.last_mut().and_then(|layer| layer.picked(picks)) {
            return self.serve(requests);
        }
        match picks {
            [Pick::Plan(plan)] => {
                if let Some(view) = self.view_mut() {
                    view.show_plan(*plan);
                }
            }
            [Pick::Start(_) | Pick::Return(_) | Pick::NewPlan(_) | Pick::SplitBy(_), ..] => {
                if let Some(view) = self.view_mut() {
                    view.picked(picks);
                }
            }
            [Pick::Period(width, day)] => {
                let Some(status) = self.status.shown() else { return Vec::new() };
                self.choice = self.choice.at(*width, *day, status);
            }
            _ => self.choice.segment = picker::segment(picks),
        }
        self.ask_screen()
    }

    fn reply(&mut self, panel: PanelId, generation: u64, result: Result<Answer, String>) -> Vec<Effect> {
        if self.generations.get(&panel) != Some(&generation) {
            return Vec::new();
        }
        match (panel, result) {
            (PanelId::STATUS, Ok(Answer::Status(status))) => {
                self.status.finish(Ok(status));
                // What the screen shows comes before names that may be asked for.
                let mut effects = self.ask_screen();
                effects.push(self.ask(PanelId::CHOICES, Query::Choices));
                effects
            }
            (PanelId::STATUS, Err(why)) => {
                self.note = Some(Note::refused(why.clone()));
                self.status.finish(Err(why));
                vec![self.ask(PanelId::CHOICES, Query::Choices)]
            }
            (PanelId::DRAFTS, result) => {
                if let Ok(Answer::Drafts(drafts)) = result {
                    self.recall_drafts(drafts);
                }
                Vec::new()
            }
            (PanelId::CHOICES, result) => {
                if let Ok(Answer::Choices(choices)) = result {
                    self.choices.finish(Ok(choices));
                }
                Vec::new()
            }
            (panel, result) => {
                // The top layer may lie over the one that asked.
                let mut layers = self.layers.iter_mut().rev();
                let left = layers.try_fold(result, |result, layer| layer.receive(panel, result));
                let mut requests = match (left, self.details.last_mut()) {
                    (None, _) => Vec::new(),
                    (Some(result), Some(page)) => take(&mut **page, panel, result, &env!(self)),
                    (Some(result), None) => self
                        .screens
                        .get_mut(usize::from(self.open))
                        .map(|screen| take(&mut **screen, panel, result, &env!(self)))
                        .unwrap_or_default(),
                };
                let env = env!(self);
                requests.extend(self.layers.last_mut().map(|layer| layer.received(&env)).unwrap_or_default());
                self.serve(requests)
            }
        }
    }

    fn done(&mut self, result: &Result<Outcome, String>) -> Vec<Effect> {
        let order = if matches!(result, Ok(Outcome::Planned(_)) | Err(_)) { self.order.take() } else { None };
        let giver = std::mem::take(&mut self.giver);
        if let Ok(Outcome::Planned(Planned::Conflicts { found, edit })) = result
            && let Some(first) = found.first()
        {
            return self.clash(first, found, Refused::Edit(edit.clone()), giver > 0);
        }
        if let Ok(Outcome::Clashed { found, typing }) = result
            && let Some(first) = found.first()
        {
            let over = self.layers.last().is_some_and(|layer| layer.context() == Context::Form);
            return self.clash(first, found, Refused::Typing(typing.clone()), over);
        }
        let makes_plan = matches!(order, Some(PlanOrder::New(_) | PlanOrder::NextRound { .. } | PlanOrder::Import(_)));
        if let (true, Ok(Outcome::Planned(Planned::Done { plan: Some(id), .. }))) = (makes_plan, result)
            && let Some(view) = self.view_mut()
        {
            view.show_plan(*id);
        }
        let planned = matches!(result, Ok(Outcome::Planned(_)));
        if planned && giver > 0 {
            self.layers.truncate(giver);
        }
        // A layer that was opened since has no part in what a screen or another layer ordered.
        let layer = self.layers.last_mut().filter(|_| !planned || giver > 0);
        let taken = layer.and_then(|layer| layer.outcome(result));
        if let Some(requests) = taken {
            let mut effects = self.serve(requests);
            if matches!(result, Ok(Outcome::Planned(Planned::Done { .. }))) {
                effects.extend(self.ask_frame());
            }
            return effects;
        }
        match result {
            Err(why) => self.note = Some(Note::refused(why.clone())),
            Ok(outcome) => {
                if matches!(outcome, Outcome::Imported(_)) {
                    self.layers.clear();
                }
                let Some(note) = told::outcome(outcome) else { return Vec::new() };
                self.note = Some(note);
            }
        }
        self.ask_frame()
    }

    /// What was told goes over what its layer has seen; else both values are shown.
    fn clash(&mut self, first: &Conflict, found: &[Conflict], refused: Refused, over: bool) -> Vec<Effect> {
        if self.layers.last().is_some_and(|layer| layer.has_seen(found)) {
            return self.run(refused.settle(found, Keep::Mine));
        }
        let clash = self.view().and_then(|view| view.clash(first)).unwrap_or_else(|| told::clash(first));
        self.layers.push(if found.iter().any(|one| one.field.is_empty()) {
            // A whole record is no value to choose between.
            Box::new(Message::new("Not done: someone changed this first", told::conflict(&clash, first)))
        } else {
            Box::new(ConflictBox::new(found.to_vec(), refused, clash, over))
        });
        Vec::new()
    }

    fn ask_frame(&mut self) -> Vec<Effect> {
        self.status.begin();
        self.choices.begin();
        vec![self.ask(PanelId::STATUS, Query::Status)]
    }

    fn ask_screen(&mut self) -> Vec<Effect> {
        let env = env!(self);
        let questions = self.view().map(|v| v.questions(&env)).unwrap_or_default();
        let mut effects = Vec::new();
        for (panel, query) in questions {
            if let Some(view) = self.view_mut() {
                view.begin(panel);
            }
            effects.push(self.ask(panel, query));
        }
        effects
    }

    fn ask(&mut self, panel: PanelId, query: Query) -> Effect {
        let generation = self.generations.entry(panel).or_default();
        *generation += 1;
        Effect::Ask { panel, generation: *generation, query }
    }

    fn view(&self) -> Option<&dyn View> {
        match self.details.last() {
            Some(page) => Some(&**page),
            None => self.screens.get(usize::from(self.open)).map(|screen| &**screen),
        }
    }

    fn view_mut(&mut self) -> Option<&mut dyn View> {
        match self.details.last_mut() {
            Some(page) => Some(&mut **page as &mut dyn View),
            None => self.screens.get_mut(usize::from(self.open)).map(|screen| &mut **screen as &mut dyn View),
        }
    }

    fn context(&self) -> Context {
        let (width, height) = self.options.size;
        if width < frame::SMALLEST.0 || height < frame::SMALLEST.1 {
            return Context::TooSmall;
        }
        let screen = self.view().map_or(Context::Soon, View::context);
        // Without data there is no list to move in, except where there is work to do before it.
        let waits = env!(self).is_empty() && self.view().is_some_and(View::needs_data);
        let screen = if waits { Context::Soon } else { screen };
        self.layers.last().map_or(screen, |l| l.context())
    }

    /// Draws everything.
    pub fn draw(&self, frame: &mut Frame) {
        let area = frame.area();
        self.paint(frame.buffer_mut(), area);
    }

    fn paint(&self, buffer: &mut ratatui::buffer::Buffer, area: Rect) {
        let mut pen = Pen::new(buffer, area, self.options.look);
        let env = env!(self);
        let context = self.context();
        if context == Context::TooSmall {
            return frame::too_small(&mut pen, &env);
        }
        let Some(view) = self.view() else { return };
        let loading = self.status.is_loading() || view.is_loading();
        let own = view.period(&env);
        let (width, height) = (pen.width(), pen.height());
        frame::tab_line(&mut pen, self.open, &env, loading);
        frame::context_line(&mut pen, &env, loading, own);
        view.draw(&mut pen.part(0, 2, width, height.saturating_sub(4)), &env);
        for layer in &self.layers {
            layer.draw(&mut pen, &env);
        }
        frame::sentence_line(&mut pen, &self.sentence(view, &env));
        let filters = self.layers.is_empty() && view.value_under_cursor(&env).is_some();
        frame::hint_line(&mut pen, context, filters);
    }

    fn sentence(&self, view: &dyn View, env: &Env<'_>) -> Vec<Run> {
        if let Some(note) = &self.note {
            return vec![(note.text.clone(), note.role)];
        }
        if let Some(line) = self.layers.iter().rev().find_map(|l| l.line(env)) {
            return line;
        }
        if let Some(why) = view.failure() {
            return vec![(why.to_owned(), Role::Bad)];
        }
        let said = view.sentence(env);
        if env.is_empty() && (view.needs_data() || said.is_empty()) {
            return vec![("missing: no event, order or spend; i imports a file".to_owned(), Role::Base)];
        }
        said
    }
}

/// Gives an answer to a view; what it then wants comes back.
fn take(view: &mut dyn View, panel: PanelId, result: Result<Answer, String>, env: &Env<'_>) -> Vec<Request> {
    view.receive(panel, result);
    view.answered(env)
}

fn compared_words(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Previous => "the period before",
        Comparison::WeekEarlier => "the same weekdays a week earlier",
        Comparison::LastYear => "last year",
        Comparison::None => "nothing",
    }
}
