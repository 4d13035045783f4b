//! The engine as the data worker sees it.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::worker::Answers;
use crate::domain::drafts::Draft;
use crate::engine::{Clock, Engine};
use crate::query::{Answer, Command, Outcome, Progress, Query};

/// An engine with the clock its answers are given by.
pub struct Desk {
    engine: Engine,
    clock: fn() -> Clock,
    today: Option<crate::domain::calendar::Day>,
    /// When the numbers of a start were kept.
    kept: Option<Instant>,
}

/// Least time between two writes of the numbers of a start: a stream changes them all the time.
const KEEP_EVERY: Duration = Duration::from_secs(600);

impl Desk {
    /// Puts an engine behind the worker; `today` is `--today`.
    pub fn new(mut engine: Engine, clock: fn() -> Clock, today: Option<crate::domain::calendar::Day>) -> Self {
        engine.read_beside();
        Self { engine, clock, today, kept: None }
    }

    fn clock(&self) -> Clock {
        Clock { today: self.today, ..(self.clock)() }
    }
}

impl Answers for Desk {
    fn answer(&mut self, query: &Query) -> Result<Answer, String> {
        let clock = self.clock();
        self.engine.answer(query, clock).map_err(|e| e.to_string())
    }

    fn run(
        &mut self,
        command: &Command,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Outcome, String> {
        let clock = self.clock();
        self.engine.run(&at_home(command), clock, progress).map_err(|e| e.to_string())
    }

    fn keep(&mut self, drafts: &[Draft]) -> Result<(), String> {
        self.engine.keep_drafts(drafts).map_err(|e| e.to_string())
    }

    fn changed(&mut self) -> Result<bool, String> {
        self.engine.changed().map_err(|e| e.to_string())
    }

    fn rest(&mut self) {
        if self.kept.is_none_or(|kept| kept.elapsed() >= KEEP_EVERY) {
            self.engine.keep_counted();
            self.kept = Some(Instant::now());
        }
        self.engine.read_ahead();
    }

    fn interrupter(&self) -> Box<dyn Fn() + Send + Sync> {
        let handle = self.engine.interrupt_handle();
        Box::new(move || handle.stop())
    }
}

/// A path typed on a screen begins with `~` where a shell would have put the home folder.
fn at_home(command: &Command) -> Command {
    let mut command = command.clone();
    if let Command::Preview(request) | Command::Import(request) = &mut command {
        request.path = home_path(&request.path);
    }
    command
}

/// A path with its `~` replaced by the home folder.
pub fn home_path(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_path_buf(),
    }
}
