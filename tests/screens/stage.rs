//! The app without a terminal: keys in, a buffer out, every question answered before the next key.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};

use quarterdeck::app::{App, AppOptions, Effect, Key, KeyCode, Msg};
use quarterdeck::query::{Command, Outcome, PlanOrder, Query};
use quarterdeck::runtime::{Answers, Desk};
use quarterdeck::ui::glyphs::Glyphs;
use quarterdeck::ui::pen::Look;
use quarterdeck::ui::theme::{ColorMode, Theme, Tone};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use crate::plan_desk::PlanDesk;

/// 256 colours, unicode.
pub const PLAIN: Look =
    Look { theme: Theme { mode: ColorMode::Indexed, tone: Tone::Neutral }, glyphs: Glyphs::Unicode };

/// What becomes of questions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// They are answered.
    Answered,
    /// They stay open, as on a slow disk.
    Slow,
    /// All but the frame's own fail.
    Failing,
}

/// An open dashboard.
pub struct Stage<'w> {
    app: App,
    desk: MutexGuard<'w, Desk>,
    size: (u16, u16),
    reading: Reading,
    /// Whether the program has asked to end.
    pub quit: bool,
    /// What was sent to the clipboard or written to files.
    pub handed_out: Vec<String>,
    /// Answers about plans in place of the workspace's.
    plans: Option<PlanDesk>,
    /// Orders about plans that were given.
    pub orders: Vec<PlanOrder>,
}

impl<'w> Stage<'w> {
    pub fn open(world: &'w Mutex<Desk>, size: (u16, u16), look: Look) -> Self {
        Self::reading(world, size, look, Reading::Answered)
    }

    pub fn reading(world: &'w Mutex<Desk>, size: (u16, u16), look: Look, reading: Reading) -> Self {
        Self::over(world, size, look, reading, None)
    }

    /// With made-up plans.
    pub fn planning(world: &'w Mutex<Desk>, size: (u16, u16), look: Look, reading: Reading, plans: PlanDesk) -> Self {
        Self::over(world, size, look, reading, Some(plans))
    }

    fn over(world: &'w Mutex<Desk>, size: (u16, u16), look: Look, reading: Reading, plans: Option<PlanDesk>) -> Self {
        let (app, effects) = App::new(AppOptions { today: None, look, size, editor: true });
        let desk = world.lock().unwrap_or_else(PoisonError::into_inner);
        let (handed_out, orders) = (Vec::new(), Vec::new());
        let mut stage = Self { app, desk, size, reading, quit: false, handed_out, plans, orders };
        stage.perform(effects);
        stage
    }

    /// Types keys: single characters as they are, others by name, `text:` for a whole text.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for word in keys.split(' ').filter(|w| !w.is_empty()) {
            if let Some(text) = word.strip_prefix("text:") {
                // A text cannot hold blanks here: `_` stands for one.
                text.chars().for_each(|c| self.press(Key::char(if c == '_' { ' ' } else { c })));
            } else {
                self.press(key(word));
            }
        }
        self
    }

    pub fn press(&mut self, key: Key) {
        self.tell(Msg::Key(key));
    }

    pub fn resize(&mut self, width: u16, height: u16) {
        self.size = (width, height);
        self.tell(Msg::Resize(width, height));
    }

    pub fn tell(&mut self, msg: Msg) {
        let effects = self.app.update(msg);
        self.perform(effects);
    }

    /// Answers about plans from now on.
    pub fn replan(&mut self, plans: PlanDesk) {
        self.plans = Some(plans);
    }

    /// The screen as it stands.
    pub fn draw(&mut self) -> Buffer {
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).unwrap();
        terminal.draw(|frame| self.app.draw(frame)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// What the workspace answers.
    pub fn ask(&mut self, query: &Query) -> quarterdeck::query::Answer {
        self.answer(query).unwrap()
    }

    /// One row of the screen as text.
    pub fn line(&mut self, y: u16) -> String {
        let screen = self.draw();
        (0..self.size.0).map(|x| screen[(x, y)].symbol()).collect()
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut waiting: VecDeque<Effect> = effects.into();
        while let Some(effect) = waiting.pop_front() {
            let replies = self.outside(effect);
            for msg in replies {
                waiting.extend(self.app.update(msg));
            }
        }
    }

    fn answer(&mut self, query: &Query) -> Result<quarterdeck::query::Answer, String> {
        let planned = self.plans.as_ref().and_then(|plans| plans.answer(query));
        let answer = planned.map_or_else(|| self.desk.answer(query), Ok)?;
        match (answer, self.plans.as_ref().is_some_and(|plans| plans.read_only)) {
            (quarterdeck::query::Answer::Status(mut status), true) => {
                status.read_only = true;
                Ok(quarterdeck::query::Answer::Status(status))
            }
            (answer, _) => Ok(answer),
        }
    }

    /// What the loop and the data worker would do.
    fn outside(&mut self, effect: Effect) -> Vec<Msg> {
        match effect {
            Effect::Ask { panel, generation, query } => {
                let frame = panel == quarterdeck::app::PanelId::STATUS || panel == quarterdeck::app::PanelId::CHOICES;
                let result = match self.reading {
                    Reading::Slow => return Vec::new(),
                    Reading::Failing if !frame => {
                        Err("disk I/O error reading w.db; run `quarterdeck doctor`".to_owned())
                    }
                    _ => self.answer(&query),
                };
                vec![Msg::Reply { panel, generation, result }]
            }
            Effect::Run(Command::Plan(order)) if self.plans.is_some() => {
                let reply = self.plans.as_mut().map(|plans| plans.reply(&order));
                self.orders.push(order);
                reply.into_iter().map(|planned| Msg::Done(Ok(Outcome::Planned(planned)))).collect()
            }
            Effect::Run(command) => {
                let result = self.desk.run(&command, &mut |_| ControlFlow::Continue(()));
                vec![Msg::Done(result), Msg::Changed]
            }
            Effect::Quit => {
                self.quit = true;
                Vec::new()
            }
            Effect::Clipboard(text) => {
                self.handed_out.push(text);
                Vec::new()
            }
            Effect::WriteFile { name, text } => {
                self.handed_out.push(text);
                vec![Msg::Saved(Ok(format!("wrote {name}")))]
            }
            Effect::Edit(text) => vec![Msg::Edited(Ok(format!("{text} and more\nin lines")))],
            Effect::Suspend | Effect::ClearScreen | Effect::Mouse(_) | Effect::Draft(_) => Vec::new(),
        }
    }
}

fn key(word: &str) -> Key {
    if let Some(letter) = word.strip_prefix("Ctrl-").and_then(|rest| rest.chars().next()) {
        return Key { ctrl: true, ..Key::plain(KeyCode::Char(letter)) };
    }
    let code = match word {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "Space" => KeyCode::Char(' '),
        "Down" => KeyCode::Down,
        "Up" => KeyCode::Up,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Backspace" => KeyCode::Backspace,
        "BackTab" => KeyCode::BackTab,
        "F1" => KeyCode::F(1),
        "F2" => KeyCode::F(2),
        "F3" => KeyCode::F(3),
        _ => {
            let mut letters = word.chars();
            let (Some(letter), None) = (letters.next(), letters.next()) else { panic!("no key is called {word}") };
            KeyCode::Char(letter)
        }
    };
    Key::plain(code)
}
