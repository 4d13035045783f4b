//! What screens and layers have in common: what they are given, and what they may ask for.

use crate::domain::calendar::{Calendar, Day};
use crate::domain::drafts::{DraftKey, Texts};
use crate::domain::plans::Conflict;
use crate::domain::records::Kind;
use crate::query::{Answer, Choices, Command, Limit, Outcome, Progress, Query, Scope, Status, Width};
use crate::ui::pen::{Pen, Run};
use crate::ui::theme::Role;

use super::PanelId;
use super::action::Action;
use super::keymap::{Context, resolve};
use super::keys::{Key, KeyCode};
use super::load::Load;
use super::scope::{Choice, calendar, through};
use super::subject::Subject;

/// What every screen and layer may look at.
#[derive(Debug, Clone, Copy)]
pub struct Env<'a> {
    /// The frame's facts; `None` before the first answer.
    pub status: Option<&'a Status>,
    /// Period, grain, comparison, segment.
    pub choice: &'a Choice,
    /// Names to choose from.
    pub choices: &'a Load<Choices>,
    /// Today in the workspace's zone.
    pub today: Day,
    /// Columns and rows of the screen.
    pub size: (u16, u16),
    /// An editor for long texts is set.
    pub editor: bool,
}

impl Env<'_> {
    /// The choices as days.
    pub fn scope(&self) -> Option<Scope> {
        self.status.map(|s| self.choice.resolve(s))
    }

    /// The calendar of the workspace; UTC before it is known.
    pub fn calendar(&self) -> Calendar {
        self.status.map_or(Calendar::UTC, calendar)
    }

    /// Last day with data.
    pub fn through(&self) -> Day {
        self.status.map_or(self.today, through)
    }

    /// Whether the workspace is known to hold no data.
    pub fn is_empty(&self) -> bool {
        self.status.is_some_and(|s| s.history.is_none())
    }

    /// Whether nothing can be stored.
    pub fn is_read_only(&self) -> bool {
        self.status.is_some_and(|s| s.read_only)
    }

    /// Code of the workspace's currency; empty until there is one.
    pub fn currency(&self) -> String {
        self.status.and_then(|s| s.profile.currency).map_or_else(String::new, |c| c.code().to_owned())
    }
}

/// An action with the character that was typed, for text fields and numbered rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// What to do.
    pub action: Action,
    /// The character of the key.
    pub typed: Option<char>,
}

impl Input {
    /// What a key means in a context; a full-width letter is its plain one except in text.
    pub fn of(key: Key, context: Context) -> Option<Self> {
        let key = if context.is_field() { key } else { key.ascii() };
        let typed = if let KeyCode::Char(c) = key.code { Some(c) } else { None };
        Some(Self { action: resolve(key, context)?, typed })
    }
}

/// A message on row 23, there until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// One line.
    pub text: String,
    /// Colour.
    pub role: Role,
}

impl Note {
    /// Something went as asked.
    pub fn told(text: impl Into<String>) -> Self {
        Self { text: text.into(), role: Role::Base }
    }

    /// Something did not.
    pub fn refused(text: impl Into<String>) -> Self {
        Self { text: text.into(), role: Role::Bad }
    }
}

/// A value chosen in a picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// What the segment is limited to.
    Limit(Limit),
    /// Property that participants are split by; `None` is channel and platform.
    SplitBy(Option<String>),
    /// A period by its width and a day in it.
    Period(Width, Day),
    /// Start event; `None` is any.
    Start(Option<String>),
    /// Return event; `None` is any.
    Return(Option<String>),
    /// Field that a column of a file goes to; empty for none.
    Field(String),
    /// Kind of record.
    Kind(Kind),
    /// A plan, to be opened.
    Plan(i64),
    /// A plan to be written, with the metric of its primary target.
    NewPlan(&'static str),
    /// A value of a field of a form, or a text that was typed for the layer below.
    Text(String),
}

/// A field that two people changed, in words: what it is, and its value before, theirs and mine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// `Node B CVR, field target, plan June revenue r4`.
    pub what: String,
    /// As it was seen.
    pub seen: String,
    /// As it is.
    pub theirs: String,
    /// As it was to be.
    pub mine: String,
}

/// What a screen or layer asks the app to do.
pub enum Request {
    /// Close the top layer.
    Close,
    /// Open a layer.
    Push(Box<dyn Layer>),
    /// Go to the screen at a place of the tab line.
    Go(u8),
    /// Open the page of a number.
    Detail(Subject),
    /// Open a page over the screen; Esc leaves it.
    Page(Box<dyn View>),
    /// Show a message.
    Say(Note),
    /// Tell the engine.
    Run(Command),
    /// Ask anew what the screen shows, where the question changed.
    Refresh,
    /// Send to the clipboard.
    Copy(String),
    /// Write a file.
    Write {
        /// File name without folder.
        name: String,
        /// Content.
        text: String,
    },
    /// Let the operator's editor change a text, for the top layer.
    Edit(String),
    /// Give the choice to the layer below, else to the app and the screen.
    Picked(Vec<Pick>),
    /// Filter the rows of the screen.
    Narrow(String),
    /// Forget a draft.
    Forget(DraftKey),
    /// Ask what the top layer needs.
    Ask,
    /// Tell the top layer what others wrote meanwhile.
    Seen(Vec<Conflict>),
}

/// A screen: state, keys, update and view in one place.
pub trait View {
    /// Where keys are looked up.
    fn context(&self) -> Context;

    /// What it needs to be drawn, panel by panel; nothing before the status is known.
    fn questions(&self, env: &Env<'_>) -> Vec<(PanelId, Query)>;

    /// Notes that a question was asked.
    fn begin(&mut self, panel: PanelId);

    /// Takes an answer of one of its panels.
    fn receive(&mut self, panel: PanelId, result: Result<Answer, String>);

    /// What it wants done now that an answer has come.
    fn answered(&mut self, _env: &Env<'_>) -> Vec<Request> {
        Vec::new()
    }

    /// Whether an answer is awaited.
    fn is_loading(&self) -> bool;

    /// Why an answer is missing.
    fn failure(&self) -> Option<&str>;

    /// Does what a key asks; `None` where it means nothing now.
    fn act(&mut self, input: Input, env: &Env<'_>) -> Option<Vec<Request>>;

    /// Takes a choice made in a picker.
    fn picked(&mut self, _picks: &[Pick]) {}

    /// Filters the list under the cursor.
    fn narrow(&mut self, _filter: &str) {}

    /// The filter in force on the list under the cursor.
    #[expect(clippy::unnecessary_literal_bound, reason = "screens with a list give their own text")]
    fn filter(&self) -> &str {
        ""
    }

    /// The value under the cursor that a segment can be made of.
    fn value_under_cursor(&self, _env: &Env<'_>) -> Option<Pick> {
        None
    }

    /// What the context line says in place of the common period and comparison.
    fn period(&self, _env: &Env<'_>) -> Option<(String, String)> {
        None
    }

    /// Whether its numbers are held against the comparison of the context line.
    fn is_compared(&self) -> bool {
        true
    }

    /// Whether it holds nothing before data is imported.
    fn needs_data(&self) -> bool {
        true
    }

    /// Shows a plan that was just made.
    fn show_plan(&mut self, _plan: i64) {}

    /// A conflict in the words of this screen.
    fn clash(&self, _conflict: &Conflict) -> Option<Clash> {
        None
    }

    /// Draws rows 3 to 22, and the detail pane where there is room.
    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>);

    /// Row 23: the thing under the cursor in one sentence.
    fn sentence(&self, env: &Env<'_>) -> Vec<Run>;
}

/// Something that lies over a screen and takes all keys but the system's.
pub trait Layer {
    /// Where keys are looked up.
    fn context(&self) -> Context;

    /// Does what a key asks.
    fn act(&mut self, input: Input, env: &Env<'_>) -> Vec<Request>;

    /// Draws over the whole screen; rows 1, 2 and the last stay free.
    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>);

    /// Row 23 in place of the screen's sentence.
    fn line(&self, _env: &Env<'_>) -> Option<Vec<Run>> {
        None
    }

    /// Takes a text that the operator's editor left.
    fn edited(&mut self, _text: String) {}

    /// Takes a pasted text.
    fn paste(&mut self, _text: &str) -> Vec<Request> {
        Vec::new()
    }

    /// Takes a choice of the layer above; `None` where it is not meant for this one.
    fn picked(&mut self, _picks: &[Pick]) -> Option<Vec<Request>> {
        None
    }

    /// Takes the outcome of a command it asked for; `None` where it did not ask.
    fn outcome(&mut self, _outcome: &Result<Outcome, String>) -> Option<Vec<Request>> {
        None
    }

    /// What it needs to be drawn, asked for when it opens and on [`Request::Ask`].
    fn questions(&self) -> Vec<(PanelId, Query)> {
        Vec::new()
    }

    /// Takes an answer; gives it back where it did not ask.
    fn receive(&mut self, _panel: PanelId, result: Result<Answer, String>) -> Option<Result<Answer, String>> {
        Some(result)
    }

    /// Goes on after an answer of its own has come.
    fn received(&mut self, _env: &Env<'_>) -> Vec<Request> {
        Vec::new()
    }

    /// Under which what is typed into it is kept.
    fn draft_key(&self) -> Option<DraftKey> {
        None
    }

    /// What was typed into it: the fields that were changed.
    fn typed(&self) -> Texts {
        Texts::new()
    }

    /// Takes what was typed into it before.
    fn recall(&mut self, _texts: &Texts) {}

    /// Takes what others wrote as seen, so that saving again goes over it.
    fn see(&mut self, _found: &[Conflict]) {}

    /// Whether it has been told of all of these.
    fn has_seen(&self, _found: &[Conflict]) -> bool {
        false
    }

    /// Takes the progress of a command.
    fn progress(&mut self, _progress: Progress) {}
}
