//! The loop: every message that waits, then at most one frame.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use signal_hook::consts::SIGHUP;

use super::away::Away;
use super::drafts::{Drafts, Rescue};
use super::guard::Guard;
use super::screen::Screen;
use super::signals::{self, Told};
use super::tty::Tty;
use super::worker::{Answers, Order, Worker};
use super::{Failure, clipboard, editor, hangup, input};
use crate::app::first_run::Opening;
use crate::app::{App, AppOptions, Effect, Msg, Program};

/// A resize is drawn when no other has followed for this long: terminal multiplexers send bursts of them.
const SETTLE: Duration = Duration::from_millis(30);

/// Longest that a burst of resizes can put off a frame.
const SETTLE_AT_MOST: Duration = Duration::from_millis(200);

/// How long quitting waits for the batch of a running import.
const LAST_BATCH: Duration = Duration::from_secs(1);

/// What the loop needs besides data.
pub struct Options {
    /// For the app; the size is taken from the terminal.
    pub app: AppOptions,
    /// What it opens with.
    pub opening: Opening,
    /// Where the app's files are written.
    pub folder: PathBuf,
    /// Writes the drafts that are left when the program ends.
    pub rescue: Rescue,
}

/// Something that wakes the loop.
#[expect(clippy::large_enum_variant, reason = "one message at a time; a box would only move the bytes")]
enum Wake {
    App(Msg),
    Told(Told),
    InputLost(io::Error),
}

/// The terminal in our hands, with all that watches it; dropping it gives the terminal back.
///
/// A signal or a hang-up ends the process from within, after restoring the terminal, with 128 + n.
pub struct Console {
    screen: Screen,
    guard: Guard,
    drafts: Arc<Drafts>,
    away: Arc<Away>,
    tell: Sender<Wake>,
    wakes: Receiver<Wake>,
    tty: Arc<Tty>,
}

impl Console {
    /// Takes the terminal; once in a process, because what watches it stays to the end.
    ///
    /// # Errors
    /// Where standard input and output are not one terminal that can be drawn on.
    pub fn take() -> Result<Self, Failure> {
        check()?;
        let tty = Arc::new(Tty::open()?);
        let drafts = Arc::new(Drafts::default());
        let away = Arc::new(Away::default());
        let (tell, wakes) = channel();
        // Before the terminal is taken, so that no moment is without a way back.
        let told = wake(&tell);
        signals::watch(Arc::clone(&tty), Arc::clone(&drafts), Arc::clone(&away), move |signal| {
            told(Wake::Told(signal));
        })?;
        hangup::watch(Arc::clone(&tty), Arc::clone(&drafts))?;
        let left = Arc::clone(&drafts);
        let guard = Guard::enter(Arc::clone(&tty), move || left.rescue())?;
        let (typed, lost) = (wake(&tell), wake(&tell));
        input::watch(Arc::clone(&away), move |msg| typed(Wake::App(msg)), move |error| lost(Wake::InputLost(error)))?;
        let screen = Screen::new(Arc::clone(&tty))?;
        Ok(Self { screen, guard, drafts, away, tell, wakes, tty })
    }

    /// Columns and rows.
    pub fn size(&self) -> (u16, u16) {
        self.tty.size()
    }

    /// Runs something that needs no data until it ends, and gives it back.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn ask<P: Program>(&mut self, program: P) -> io::Result<P> {
        let mut desk = Desk { program, console: self, worker: None, folder: PathBuf::new(), dirty: true, quit: false };
        desk.turn_until_quit()?;
        Ok(desk.program)
    }

    /// Gives the terminal back for as long as `work` runs.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn lend<T>(&mut self, work: impl FnOnce() -> T) -> io::Result<T> {
        self.screen.forget();
        self.guard.lend(work)
    }

    /// Runs the dashboard until it is quit; the exit code.
    ///
    /// # Errors
    /// Where the terminal fails.
    pub fn run(mut self, answers: impl Answers, options: Options) -> Result<u8, Failure> {
        self.drafts.rescue_by(options.rescue);
        let replied = wake(&self.tell);
        let worker = Worker::start(answers, move |msg| replied(Wake::App(msg)))?;
        let (mut app, mut effects) = App::new(AppOptions { size: self.size(), ..options.app });
        effects.extend(app.open_with(options.opening));
        let (console, folder) = (&mut self, options.folder);
        let mut desk = Desk { program: app, console, worker: Some(worker), folder, dirty: true, quit: false };
        let end = desk.perform(effects).and_then(|()| desk.turn_until_quit());
        let worker = desk.worker;
        let Self { guard, drafts, tty, .. } = self;
        drop(guard);
        if let Some(worker) = worker {
            worker.stop(LAST_BATCH);
        }
        drafts.rescue();
        match end {
            Ok(()) => Ok(0),
            Err(_) if tty.is_gone(Duration::ZERO) => Ok(128 + SIGHUP as u8),
            Err(error) => Err(error.into()),
        }
    }
}

fn wake(tell: &Sender<Wake>) -> impl Fn(Wake) + Send + 'static {
    let tell = tell.clone();
    move |wake| drop(tell.send(wake))
}

/// Refuses what cannot be drawn on.
///
/// # Errors
/// Where standard input or output is no terminal, or one that cannot place text.
pub fn check() -> Result<(), Failure> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Failure::NotATerminal);
    }
    if std::env::var_os("TERM").is_some_and(|term| term == "dumb") { Err(Failure::Dumb) } else { Ok(()) }
}

struct Desk<'c, P> {
    program: P,
    console: &'c mut Console,
    /// `None` where there is no workspace to ask.
    worker: Option<Worker>,
    folder: PathBuf,
    /// The screen is behind the program.
    dirty: bool,
    quit: bool,
}

impl<P: Program> Desk<'_, P> {
    fn turn_until_quit(&mut self) -> io::Result<()> {
        loop {
            self.dirty |= self.program.needs_draw();
            if self.quit {
                return Ok(());
            }
            // Suspended in the background, frames wait until the terminal is ours again.
            if self.dirty && self.console.tty.is_held() {
                self.dirty = false;
                self.console.screen.draw(|frame| self.program.draw(frame))?;
            }
            let mut resized = false;
            for wake in gather(&self.console.wakes, self.console.drafts.due_in(Instant::now())) {
                match wake {
                    Wake::App(Msg::Kept(Ok(()))) => self.console.drafts.kept(),
                    Wake::App(msg) => self.update(msg)?,
                    Wake::Told(Told::Resized) if std::mem::replace(&mut resized, true) => {}
                    Wake::Told(Told::Resized) => self.remeasure()?,
                    Wake::Told(Told::Suspend) => self.suspend()?,
                    Wake::Told(Told::Continued) => {
                        self.console.guard.resume()?;
                        self.remeasure()?;
                    }
                    Wake::InputLost(error) => return Err(error),
                }
            }
            let due = self.console.drafts.take_due(Instant::now());
            if !due.is_empty() {
                self.order(Order::Keep(due));
            }
        }
    }

    fn update(&mut self, msg: Msg) -> io::Result<()> {
        let effects = self.program.update(msg);
        self.perform(effects)
    }

    fn perform(&mut self, effects: Vec<Effect>) -> io::Result<()> {
        for effect in effects {
            match effect {
                Effect::Ask { panel, generation, query } => self.order(Order::Ask { panel, generation, query }),
                Effect::Run(command) => self.order(Order::Run(command)),
                Effect::Draft(draft) => self.console.drafts.put(draft),
                Effect::Quit => self.quit = true,
                Effect::Suspend => self.suspend()?,
                Effect::ClearScreen => self.repaint(),
                Effect::Mouse(on) => self.console.tty.set_mouse(on)?,
                Effect::Clipboard(text) => self.copy(&text)?,
                Effect::WriteFile { name, text } => self.save(name, text)?,
                Effect::Edit(text) => self.edit(&text)?,
            }
        }
        Ok(())
    }

    fn order(&self, order: Order) {
        if let Some(worker) = &self.worker {
            worker.order(order);
        }
    }

    fn repaint(&mut self) {
        self.console.screen.forget();
        self.dirty = true;
    }

    /// Takes the size anew; the terminal may have shown anything since, so every cell is drawn.
    fn remeasure(&mut self) -> io::Result<()> {
        self.repaint();
        let (columns, rows) = self.console.tty.size();
        self.update(Msg::Resize(columns, rows))
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.console.guard.suspend()?;
        self.remeasure()
    }

    /// Lends the terminal to the operator's editor.
    fn edit(&mut self, text: &str) -> io::Result<()> {
        let edited = match editor::set() {
            None => Err("no editor is set; set VISUAL or EDITOR".to_owned()),
            Some(_) if !self.console.away.begin() => Err("the terminal is busy; press e again".to_owned()),
            Some(editor) => {
                let lent = self.console.guard.lend(|| editor::edit(&editor, text));
                self.console.away.end();
                self.remeasure()?;
                lent?
            }
        };
        self.update(Msg::Edited(edited))
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        match clipboard::request(text, std::env::var_os("TMUX").is_some()) {
            Some(request) => self.console.tty.send(&request),
            None => self.update(Msg::Saved(Err("too long for the terminal's clipboard; write it to a file".into()))),
        }
    }

    /// Writes on a thread of its own: a disk may take its time, and keys must not wait.
    fn save(&self, name: String, text: String) -> io::Result<()> {
        let (tell, folder) = (self.console.tell.clone(), self.folder.clone());
        thread::Builder::new().name("save".into()).spawn(move || {
            let saved = super::save::write(&folder, &name, &text);
            drop(tell.send(Wake::App(Msg::Saved(saved))));
        })?;
        Ok(())
    }
}

/// Waits for something, at most `patience`, then takes everything that waits, and the rest of a burst of resizes.
fn gather(wakes: &Receiver<Wake>, patience: Option<Duration>) -> Vec<Wake> {
    let first = match patience {
        Some(patience) => wakes.recv_timeout(patience).ok(),
        None => wakes.recv().ok(),
    };
    let mut batch: Vec<Wake> = first.into_iter().collect();
    let until = Instant::now() + SETTLE_AT_MOST;
    loop {
        batch.extend(wakes.try_iter());
        if !matches!(batch.last(), Some(Wake::Told(Told::Resized))) || Instant::now() >= until {
            return batch;
        }
        match wakes.recv_timeout(SETTLE) {
            Ok(wake) => batch.push(wake),
            Err(_) => return batch,
        }
    }
}
