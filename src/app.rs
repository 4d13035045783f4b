//! Screens, keys and state: a pure function from messages to state and effects, and a pure drawing of it.
//!
//! ```text
//! Msg -> App::update -> Effects   keys resolve to actions (keymap), a screen or the top layer answers with Requests
//! App::draw                       frame rows 1, 2, 23, 24 (frame.rs); the open screen between them; layers over it
//! ```

pub mod action;
/// The ways to break a node down, to choose one.
fn ways_layer(ways: Vec<BreakRow>, node: i64, frozen: bool) -> Box<dyn Layer> {
    let rows = ways.iter().map(|way| (way.about.clone(), way.parts.join(", "))).collect();
    let chosen = move |at: usize| {
        let Some(how) = ways.get(at).map(|way| way.how.clone()) else { return Vec::new() };
        let order = move |reason: &str| PlanOrder::Break { node, how: how.clone(), reason: reason.to_owned() };
        if !frozen {
            return vec![Request::Run(Command::Plan(order("")))];
        }
        let taken = move |answers: &[String], _: &Env<'_>| Ok(order(answers.first().map_or("", String::as_str)));
        let asks = vec![("why does the tree change".to_owned(), String::new())];
        vec![Request::Push(Box::new(Line::new(asks, Box::new(taken))))]
    };
    Box::new(Choose::new("Break down", rows, Box::new(chosen)))
}

/// Gives an answer to a view; what it then wants comes back.
fn take(view: &mut dyn View, panel: PanelId, result: Result<Answer, String>, env: &Env<'_>) -> Vec<Request> {
    view.receive(panel, result);
    view.answered(env)
}

/// What came of an order about plans, in one line.
fn told_of_plans(planned: &Planned) -> Note {
    match planned {
        Planned::Done { label, warnings, .. } => {
            let more = warnings.first().map(|first| format!("; {first}")).unwrap_or_default();
            Note::told(format!("{label}{more}"))
        }
        Planned::Refused(faults) => {
            let first = faults.first().map(|fault| format!("{}: {}", fault.field, fault.text));
            Note::refused(first.unwrap_or_default())
        }
        Planned::Conflicts { found, .. } => {
            let who = found.first().map(|c| c.who.as_str()).filter(|who| !who.is_empty()).unwrap_or("somebody");
            Note::refused(format!("{who} changed this first; nothing was stored; read again and decide"))
        }
        Planned::Nothing => Note::told("nothing of yours to take back or do again"),
    }
}

#[cfg(test)]
mod fixture;
pub mod frame;
pub mod keymap;
pub mod keys;
pub mod layers;
pub mod list;
pub mod load;
pub mod number;
pub mod pane;
pub mod scope;
pub mod screens;
pub mod view;

use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::calendar::{Day, Grain};
use crate::domain::operations::OPERATIONS;
use crate::domain::plans::OpType;
use crate::domain::roles::EventRole;
use crate::query::{
    Answer, BreakRow, Choices, Command, Comparison, Outcome, PlanOrder, Planned, Progress, Query, Segment, Status,
};
use crate::ui::pen::{Look, Pen, Run};
use crate::ui::theme::Role;
use crate::ui::verdict::Verdict;
use crate::ui::{dates, format};

use action::Action;
use frame::TABS;
use keymap::{Context, resolve};
pub use keys::{Key, KeyCode};
use layers::choose::Choose;
use layers::conflict::Conflict;
use layers::help::Help;
use layers::import::Import;
use layers::line::Line;
use layers::message::Message;
use layers::picker::{Menu, Picker};
use layers::propose::Propose;
use load::Load;
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
    /// All plans.
    pub const PLANS: Self = Self(8);
    /// One plan.
    pub const PLAN: Self = Self(9);
    /// Proposed targets.
    pub const PROPOSE: Self = Self(10);
    /// Ways to break a node down.
    pub const BREAKS: Self = Self(11);
    /// The numbers at the top of an operation tab.
    pub const HEADLINE: Self = Self(12);
    /// Who is in a class of payers.
    pub const RECALL: Self = Self(13);
    /// The number under the cursor, for the pane beside it.
    pub const ASIDE: Self = Self(14);
    /// The first table of an operation tab; the others follow.
    pub const SECTIONS: Self = Self(15);
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
    /// Rows were committed, or the day changed.
    Changed,
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
    /// End the program.
    Quit,
    /// Suspend to the shell.
    Suspend,
    /// Draw every cell again.
    ClearScreen,
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

/// The whole state.
pub struct App {
    screens: Vec<Box<dyn View>>,
    open: u8,
    /// Details lying on the open screen.
    details: Vec<Detail>,
    layers: Vec<Box<dyn Layer>>,
    status: Load<Status>,
    choices: Load<Choices>,
    choice: Choice,
    generations: BTreeMap<PanelId, u64>,
    note: Option<Note>,
    /// The node that is to be broken down, and whether its plan runs.
    breaking: Option<(i64, bool)>,
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
            breaking: None,
            options,
            dirty: true,
        };
        let effects = app.ask_frame();
        (app, effects)
    }

    /// Takes a message; what is wanted of the outside comes back.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        self.dirty = true;
        match msg {
            Msg::Key(key) => self.key(key),
            Msg::Paste(text) => {
                let line = text.replace(['\n', '\r'], " ");
                let requests = self.layers.last_mut().map(|l| l.paste(&line)).unwrap_or_default();
                self.serve(requests)
            }
            Msg::Resize(width, height) => {
                self.options.size = (width, height);
                self.ask_screen()
            }
            Msg::Reply { panel, generation, result } => self.reply(panel, generation, result),
            Msg::Done(result) => self.done(&result),
            Msg::Progress(progress) => {
                if let Some(layer) = self.layers.last_mut() {
                    layer.progress(progress);
                }
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
        let key = if context.is_field() { key } else { key.ascii() };
        self.note = None;
        let Some(action) = resolve(key, context) else { return Vec::new() };
        let typed = if let KeyCode::Char(c) = key.code { Some(c) } else { None };
        let input = Input { action, typed };
        match action {
            Action::Quit => return vec![Effect::Quit],
            Action::Suspend => return vec![Effect::Suspend],
            Action::Redraw => return vec![Effect::ClearScreen],
            _ => {}
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
            None => self.global(action),
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
                if self.view().is_some_and(|view| view.period(&env!(self)).is_some()) {
                    self.note = Some(Note::told("cohorts are held against those before them, not against a period"));
                    return Vec::new();
                }
                self.choice = self.choice.recompared();
                self.note = Some(Note::told(format!("compared with {}", compared_words(self.choice.comparison))));
                self.ask_screen()
            }
            Action::Segment => {
                let under = self.view().and_then(|v| v.value_under_cursor(&env!(self)));
                let segment = &self.choice.segment;
                let channels = segment.channels.iter().cloned().map(Pick::Channel);
                let platforms = segment.platforms.iter().cloned().map(Pick::Platform);
                let mut chosen: Vec<Pick> = channels.chain(platforms).collect();
                chosen.extend(under.filter(|p| !chosen.contains(p)));
                self.layers.push(Box::new(Picker::new(Menu::Segment, chosen, &env!(self))));
                Vec::new()
            }
            Action::PeriodPick => {
                self.layers.push(Box::new(Picker::new(Menu::Period, Vec::new(), &env!(self))));
                Vec::new()
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
                let lines = problems(self.status.shown(), self.view().and_then(View::failure));
                self.layers.push(Box::new(Message::new("Problems", lines)));
                Vec::new()
            }
            Action::Undo | Action::Redo if self.status.shown().is_some_and(|s| s.read_only) => {
                self.note = Some(Note::refused("opened read only: nothing can be changed"));
                Vec::new()
            }
            Action::Undo => vec![Effect::Run(Command::Plan(PlanOrder::Undo))],
            Action::Redo => vec![Effect::Run(Command::Plan(PlanOrder::Redo))],
            Action::Reload => self.ask_frame(),
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
            Request::Close => drop(self.layers.pop()),
            Request::Push(layer) => self.layers.push(layer),
            Request::Go(place) => return self.go(place),
            Request::Detail(metric, narrow) => {
                self.details.push(Detail::new(frame::tab_name(self.open).2, metric, narrow));
                return self.ask_screen();
            }
            Request::Say(note) => self.note = Some(note),
            Request::Run(command) => return vec![Effect::Run(command)],
            Request::Refresh => return self.ask_screen(),
            Request::Copy(text) => {
                self.note = Some(Note::told("sent to the terminal's clipboard (OSC 52)"));
                return vec![Effect::Clipboard(text)];
            }
            Request::Write { name, text } => return vec![Effect::WriteFile { name, text }],
            Request::Picked(picks) => return self.picked(&picks),
            Request::Propose(query) => {
                if !matches!(self.layers.last().map(|layer| layer.context()), Some(Context::Propose | Context::Entry)) {
                    self.layers.push(Box::new(Propose::new(query.clone())));
                }
                return vec![self.ask(PanelId::PROPOSE, Query::Propose(Box::new(query)))];
            }
            Request::Breaks { plan, node, frozen } => {
                self.breaking = Some((node, frozen));
                return vec![self.ask(PanelId::BREAKS, Query::Breaks(plan, node))];
            }
            Request::Narrow(filter) => {
                if let Some(view) = self.view_mut() {
                    view.narrow(&filter);
                }
            }
        }
        Vec::new()
    }

    /// Gives a choice to whom it belongs: the layer below, the screen, or the context line.
    fn picked(&mut self, picks: &[Pick]) -> Vec<Effect> {
        if let Some(requests) = self.layers.last_mut().and_then(|layer| layer.picked(picks)) {
            return self.serve(requests);
        }
        match picks {
            [Pick::Start(_) | Pick::Return(_), ..] => {
                if let Some(view) = self.view_mut() {
                    view.picked(picks);
                }
            }
            [Pick::Period(width, day)] => {
                let Some(status) = self.status.shown() else { return Vec::new() };
                self.choice = self.choice.at(*width, *day, status);
            }
            _ => self.choice.segment = segment_of(picks),
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
            (PanelId::PROPOSE, result) => {
                let result = match result {
                    Ok(Answer::Propose(proposal)) => Ok(*proposal),
                    Ok(_) => return Vec::new(),
                    Err(why) => Err(why),
                };
                if let Some(layer) = self.layers.last_mut() {
                    layer.proposed(&result);
                }
                Vec::new()
            }
            (PanelId::BREAKS, Ok(Answer::Breaks(ways))) => {
                if let Some((node, frozen)) = self.breaking.take() {
                    self.layers.push(ways_layer(ways, node, frozen));
                }
                Vec::new()
            }
            (PanelId::BREAKS, Err(why)) => {
                self.note = Some(Note::refused(why));
                Vec::new()
            }
            (PanelId::STATUS, Err(why)) => {
                self.note = Some(Note::refused(why.clone()));
                self.status.finish(Err(why));
                vec![self.ask(PanelId::CHOICES, Query::Choices)]
            }
            (PanelId::CHOICES, result) => {
                if let Ok(Answer::Choices(choices)) = result {
                    self.choices.finish(Ok(choices));
                }
                Vec::new()
            }
            (panel, result) => {
                let requests = match self.details.last_mut() {
                    Some(detail) => take(detail, panel, result, &env!(self)),
                    None => self
                        .screens
                        .get_mut(usize::from(self.open))
                        .map(|screen| take(&mut **screen, panel, result, &env!(self)))
                        .unwrap_or_default(),
                };
                self.serve(requests)
            }
        }
    }

    fn done(&mut self, result: &Result<Outcome, String>) -> Vec<Effect> {
        let taken = self.layers.last_mut().and_then(|layer| layer.outcome(result));
        if let Some(requests) = taken {
            return self.serve(requests);
        }
        self.note = Some(match result {
            Err(why) => Note::refused(why.clone()),
            Ok(Outcome::Imported(summary)) => {
                self.layers.clear();
                let counts = summary.counts;
                Note::told(format!(
                    "loaded {}: {} new, {} updated, {} same, {} rejected",
                    summary.file, counts.inserted, counts.updated, counts.duplicate, counts.rejected
                ))
            }
            Ok(Outcome::Moved { batch, rows, redo }) => {
                let (what, key) = if *redo { ("back in", "-") } else { ("out of", "o") };
                Note::told(format!("import {batch}: {rows} rows {what} the numbers; {key} reverses it"))
            }
            Ok(Outcome::Verified(report)) if report.passed() => Note::told("every check passed"),
            Ok(Outcome::Verified(report)) => {
                let failed = report.checks.iter().find(|c| !c.1).map(|c| format!("{}: {}", c.0, c.2));
                Note::refused(failed.unwrap_or_default())
            }
            Ok(Outcome::Role(name)) => {
                Note::told(format!("{}: {}", name.name, name.role.map_or("no role", EventRole::name)))
            }
            Ok(Outcome::Mapping(rules)) => Note::told(format!("{rules} rules map channels")),
            Ok(Outcome::Profile(profile)) => Note::told(format!("days of {}", profile.zone.name())),
            Ok(Outcome::Planned(Planned::Conflicts { found, edit })) => {
                self.layers.push(Box::new(Conflict::new(found.clone(), edit.clone())));
                return self.ask_frame();
            }
            Ok(Outcome::Logged(fact, _)) => Note::told(format!("{} of {} stored", fact.metric, fact.day)),
            Ok(Outcome::Planned(planned)) => told_of_plans(planned),
            Ok(Outcome::Preview(_)) => return Vec::new(),
        });
        self.ask_frame()
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
            Some(detail) => Some(detail),
            None => self.screens.get(usize::from(self.open)).map(|screen| &**screen),
        }
    }

    fn view_mut(&mut self) -> Option<&mut dyn View> {
        match self.details.last_mut() {
            Some(detail) => Some(detail),
            None => self.screens.get_mut(usize::from(self.open)).map(|screen| &mut **screen as &mut dyn View),
        }
    }

    fn context(&self) -> Context {
        let (width, height) = self.options.size;
        if width < frame::SMALLEST.0 || height < frame::SMALLEST.1 {
            return Context::TooSmall;
        }
        let screen = self.view().map_or(Context::Soon, View::context);
        // Without data there is no list to move in; Data alone has work to offer.
        let works = matches!(screen, Context::Data | Context::PlansList | Context::PlansTasks | Context::PlansTree);
        let screen = if env!(self).is_empty() && !works { Context::Soon } else { screen };
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
        frame::hint_line(&mut pen, context);
    }

    fn sentence(&self, view: &dyn View, env: &Env<'_>) -> Vec<Run> {
        if let Some(note) = &self.note {
            return vec![(note.text.clone(), note.role)];
        }
        if let Some(line) = self.layers.iter().rev().find_map(|l| l.line(env)) {
            return line;
        }
        match view.failure() {
            Some(why) => vec![(why.to_owned(), Role::Bad)],
            None if env.is_empty() => {
                vec![("missing: no event, order or spend; i imports a file".to_owned(), Role::Base)]
            }
            None => view.sentence(env),
        }
    }
}

fn compared_words(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Previous => "the period before",
        Comparison::WeekEarlier => "the same weekdays a week earlier",
        Comparison::LastYear => "last year",
        Comparison::None => "nothing",
    }
}

/// What is wrong, each with the place that mends it.
fn problems(status: Option<&Status>, failure: Option<&str>) -> Vec<String> {
    let mut lines: Vec<String> = failure.map(str::to_owned).into_iter().collect();
    let Some(status) = status else { return lines };
    let stale = status.stale.iter().map(|(name, days)| {
        format!("{} {name}: no row for {}; # Data, i imports the next file", Verdict::Stale.text(), dates::age(*days))
    });
    lines.extend(stale);
    if status.rejected > 0 {
        let rows = if status.rejected == 1 { "row was" } else { "rows were" };
        lines.push(format!("{} {rows} refused; # Data, Enter on one tells why", format::count(status.rejected)));
    }
    if lines.is_empty() {
        lines.push("No source is stale and no row was refused.".to_owned());
    }
    lines
}

fn segment_of(picks: &[Pick]) -> Segment {
    let mut segment = Segment::default();
    for pick in picks {
        match pick {
            Pick::Channel(name) => segment.channels.push(name.clone()),
            Pick::Platform(name) => segment.platforms.push(name.clone()),
            _ => {}
        }
    }
    segment
}
