//! The first screen of a machine without a workspace: how to begin, then what a new workspace has to know.
//!
//! ```text
//! ── FIRST RUN  step 1 of 2: how to begin ──
//! >1  look around first   a sample product in a file of its own
//! ── FIRST RUN  step 2 of 2: the product ──
//!  name      Lantern_
//! ```
//!
//! It writes nothing: the choice is handed to whoever ran it.

mod draw;

use std::path::{Path, PathBuf};

use ratatui::Frame;

use crate::domain::calendar::{Day, Zone};
use crate::domain::money::Currency;
use crate::ui::pen::{Look, Pen};

use super::action::Action;
use super::frame::SMALLEST;
use super::keymap::Context;
use super::layers::help::Help;
use super::layers::line::TextLine;
use super::load::Load;
use super::scope::Choice;
use super::view::{Env, Input, Layer, Request};
use super::{Effect, Key, Msg, Program};

/// What the dashboard opens with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Opening {
    /// Today, nothing over it.
    #[default]
    Today,
    /// What loading this file would do.
    Import(PathBuf),
    /// Plans, with the plans to begin with.
    Plans,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// The sample, in a file of its own.
    Sample,
    /// A new workspace.
    New {
        /// Name of the product; may be empty.
        product: String,
        /// Currency of all money without one of its own; else the first file's.
        currency: Option<Currency>,
        /// Zone whose days are counted.
        zone: Zone,
        /// What the dashboard opens with.
        opening: Opening,
    },
}

/// What the screen is told about the machine.
pub struct Machine {
    /// Where the workspace will be.
    pub workspace: PathBuf,
    /// Zone that is proposed.
    pub zone: Zone,
    /// Gives a typed path as it is to be opened, or one line why that file cannot be read.
    pub readable: fn(&Path) -> Result<PathBuf, String>,
}

/// A way to begin.
struct Way {
    name: &'static str,
    /// What it brings.
    brings: &'static str,
    fields: &'static [Field],
}

/// Something a new workspace is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    File,
    Name,
    Currency,
    Zone,
}

const WAYS: [Way; 4] = [
    Way { name: "look around first", brings: "a sample product, in about 2 s", fields: &[] },
    Way {
        name: "I have a file",
        brings: "events, orders, spend, numbers",
        fields: &[Field::File, Field::Name, Field::Currency, Field::Zone],
    },
    Way {
        name: "plans first",
        brings: "three draft plans of the month",
        fields: &[Field::Name, Field::Currency, Field::Zone],
    },
    Way { name: "nothing yet", brings: "an empty workspace", fields: &[Field::Name, Field::Currency, Field::Zone] },
];

const FILE_WAY: usize = 1;
const PLANS_WAY: usize = 2;

/// The screen.
pub struct FirstRun {
    machine: Machine,
    look: Look,
    size: (u16, u16),
    /// The way under the cursor.
    way: usize,
    /// The field that is typed into; `None` while the way is chosen.
    at: Option<usize>,
    file: TextLine,
    name: TextLine,
    currency: TextLine,
    zone: TextLine,
    help: Option<Help>,
    /// Why it cannot begin yet, until the next key.
    trouble: Option<String>,
    begun: Option<Begin>,
    dirty: bool,
}

impl FirstRun {
    /// The screen with nothing chosen.
    pub fn new(machine: Machine, look: Look, size: (u16, u16)) -> Self {
        let zone = TextLine::new(machine.zone.name());
        Self {
            machine,
            look,
            size,
            way: 0,
            at: None,
            file: TextLine::default(),
            name: TextLine::default(),
            currency: TextLine::default(),
            zone,
            help: None,
            trouble: None,
            begun: None,
            dirty: true,
        }
    }

    /// What was chosen; `None` where it was left.
    pub fn begun(self) -> Option<Begin> {
        self.begun
    }

    fn context(&self) -> Context {
        if self.size.0 < SMALLEST.0 || self.size.1 < SMALLEST.1 {
            return Context::TooSmall;
        }
        match (&self.help, self.at) {
            (Some(help), _) => help.context(),
            (None, Some(_)) => Context::FirstRunField,
            (None, None) => Context::FirstRun,
        }
    }

    fn key(&mut self, key: Key) -> Vec<Effect> {
        let context = self.context();
        self.trouble = None;
        let Some(input) = Input::of(key, context) else { return Vec::new() };
        if let Some(effect) = Effect::of(input.action) {
            return vec![effect];
        }
        if let Some(help) = &mut self.help {
            let requests = outside(self.size, |env| help.act(input, env));
            if requests.iter().any(|request| matches!(request, Request::Close)) {
                self.help = None;
            }
            return Vec::new();
        }
        if input.action == Action::Help {
            self.help = Some(Help::new(context));
            return Vec::new();
        }
        match self.at {
            None => self.choose(input),
            Some(at) => self.fill(at, input),
        }
    }

    fn choose(&mut self, input: Input) -> Vec<Effect> {
        match input.action {
            Action::Down => self.way = (self.way + 1).min(WAYS.len() - 1),
            Action::Up => self.way = self.way.saturating_sub(1),
            Action::Leave => return vec![Effect::Quit],
            Action::Accept => return self.take_way(),
            Action::Pick => {
                let number = input.typed.and_then(|c| c.to_digit(10)).and_then(|n| usize::try_from(n).ok());
                let Some(way) = number.and_then(|n| n.checked_sub(1)).filter(|way| *way < WAYS.len()) else {
                    return Vec::new();
                };
                self.way = way;
                return self.take_way();
            }
            _ => {}
        }
        Vec::new()
    }

    fn take_way(&mut self) -> Vec<Effect> {
        if self.fields().is_empty() {
            self.begun = Some(Begin::Sample);
            return vec![Effect::Quit];
        }
        self.at = Some(0);
        Vec::new()
    }

    fn fill(&mut self, at: usize, input: Input) -> Vec<Effect> {
        let last = self.fields().len().saturating_sub(1);
        match input.action {
            Action::Leave => self.at = None,
            Action::FieldDown => self.at = Some(if at == last { 0 } else { at + 1 }),
            Action::FieldUp => self.at = Some(at.checked_sub(1).unwrap_or(last)),
            Action::Save => return self.begin(),
            Action::Accept if at == last => return self.begin(),
            Action::Accept => match self.fault(self.fields()[at]) {
                Some(why) => self.trouble = Some(why),
                None => self.at = Some(at + 1),
            },
            _ => {
                if let Some(field) = self.field() {
                    self.line_mut(field).act(input);
                }
            }
        }
        Vec::new()
    }

    /// Ends with the choice; the first field that cannot be read keeps it here.
    fn begin(&mut self) -> Vec<Effect> {
        let faults = self.fields().iter().enumerate().find_map(|(at, field)| Some((at, self.fault(*field)?)));
        if let Some((at, why)) = faults {
            (self.at, self.trouble) = (Some(at), Some(why));
            return Vec::new();
        }
        let opening = match (self.way, self.path()) {
            (FILE_WAY, Ok(path)) => Opening::Import(path),
            (PLANS_WAY, _) => Opening::Plans,
            _ => Opening::Today,
        };
        self.begun = Some(Begin::New {
            product: self.name.text().trim().to_owned(),
            currency: Currency::parse(self.currency.text()),
            zone: Zone::parse(self.zone.text().trim()).unwrap_or(self.machine.zone),
            opening,
        });
        vec![Effect::Quit]
    }

    fn fields(&self) -> &'static [Field] {
        WAYS.get(self.way).map_or(&[], |way| way.fields)
    }

    fn field(&self) -> Option<Field> {
        self.fields().get(self.at?).copied()
    }

    fn line(&self, field: Field) -> &TextLine {
        match field {
            Field::File => &self.file,
            Field::Name => &self.name,
            Field::Currency => &self.currency,
            Field::Zone => &self.zone,
        }
    }

    fn line_mut(&mut self, field: Field) -> &mut TextLine {
        match field {
            Field::File => &mut self.file,
            Field::Name => &mut self.name,
            Field::Currency => &mut self.currency,
            Field::Zone => &mut self.zone,
        }
    }

    fn path(&self) -> Result<PathBuf, String> {
        let typed = self.file.text().trim();
        if typed.is_empty() {
            return Err("file: type the path of the file; Esc goes back to the other ways".to_owned());
        }
        (self.machine.readable)(Path::new(typed))
    }

    /// Why a field cannot be taken as it is.
    fn fault(&self, field: Field) -> Option<String> {
        let typed = self.line(field).text().trim();
        match field {
            Field::File => self.path().err(),
            Field::Name => None,
            Field::Currency if typed.is_empty() => None,
            Field::Currency => {
                let known = Currency::parse(typed).is_some_and(|currency| currency.is_known());
                (!known).then(|| format!("currency: {typed} is no code of ISO 4217 such as CNY, USD or EUR"))
            }
            Field::Zone => {
                Zone::parse(typed).is_none().then(|| "zone: a zone is written Asia/Shanghai or UTC".to_owned())
            }
        }
    }
}

impl Program for FirstRun {
    fn update(&mut self, msg: Msg) -> Vec<Effect> {
        self.dirty = true;
        match msg {
            Msg::Key(key) => return self.key(key),
            Msg::Paste(text) => {
                if let Some(field) = self.field() {
                    self.line_mut(field).insert(text.trim());
                }
            }
            Msg::Resize(columns, rows) => self.size = (columns, rows),
            _ => {}
        }
        Vec::new()
    }

    fn needs_draw(&mut self) -> bool {
        std::mem::take(&mut self.dirty)
    }

    fn draw(&self, frame: &mut Frame) {
        let area = frame.area();
        draw::screen(self, &mut Pen::new(frame.buffer_mut(), area, self.look));
    }
}

/// What a layer may look at where there is no workspace.
fn outside<T>(size: (u16, u16), look: impl FnOnce(&Env<'_>) -> T) -> T {
    look(&Env { status: None, choice: &Choice::default(), choices: &Load::Idle, today: Day(0), size, editor: false })
}

#[cfg(test)]
mod tests;
