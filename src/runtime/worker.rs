//! The data worker: one thread that owns the engine, answers what the screens ask and runs what they order.

mod inbox;
mod pace;
mod watch;

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use inbox::{Inbox, Next};
use pace::Pace;
use watch::Watch;

use super::guard::contain;
use crate::app::{Msg, PanelId};
use crate::domain::drafts::Draft;
use crate::query::{Answer, Command, Outcome, Progress, Query};

/// Least time between two progress messages: a faster mark costs draws and tells nobody more.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// What the worker needs of an engine. Texts of errors are ready for a screen except for hostile characters.
pub trait Answers: Send + 'static {
    /// Answers a query within one read transaction.
    ///
    /// # Errors
    /// One line: what, where, why, next step.
    fn answer(&mut self, query: &Query) -> Result<Answer, String>;

    /// Runs a command; `Break` from `progress` stops it after the batch at hand.
    ///
    /// # Errors
    /// One line: what, where, why, next step.
    fn run(
        &mut self,
        command: &Command,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Outcome, String>;

    /// Keeps what was typed and not stored.
    ///
    /// # Errors
    /// One line: what, where, why, next step.
    fn keep(&mut self, drafts: &[Draft]) -> Result<(), String>;

    /// Whether another process has committed since the last call.
    ///
    /// # Errors
    /// Where the file cannot be read.
    fn changed(&mut self) -> Result<bool, String>;

    /// Nobody has asked for a while: the time for work ahead, which would take processors from the first panels.
    fn rest(&mut self);

    /// What interrupts a running answer, from any thread.
    fn interrupter(&self) -> Box<dyn Fn() + Send + Sync>;
}

/// Something for the worker to do.
#[derive(Debug)]
pub enum Order {
    /// Answer a query for a panel; replaces what the panel asked before.
    Ask {
        /// Who asks.
        panel: PanelId,
        /// Comes back with the reply.
        generation: u64,
        /// What.
        query: Query,
    },
    /// Run a command, in order.
    Run(Command),
    /// Keep drafts; nothing that is shown follows from them.
    Keep(Vec<Draft>),
}

/// The loop's end of the worker.
pub struct Worker {
    inbox: Arc<Inbox>,
    ended: Receiver<()>,
}

impl Worker {
    /// Starts the thread; messages for the app go to `tell`.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn start(answers: impl Answers, tell: impl Fn(Msg) + Send + 'static) -> io::Result<Self> {
        let inbox = Arc::new(Inbox::new(answers.interrupter()));
        let (end, ended) = channel();
        let bench = Bench {
            answers,
            inbox: Arc::clone(&inbox),
            tell,
            watch: Watch::new(),
            pace: Pace::new(Instant::now()),
            readable: true,
        };
        thread::Builder::new().name("data".into()).spawn(move || {
            bench.work();
            drop(end);
        })?;
        Ok(Self { inbox, ended })
    }

    /// Takes an order; a running answer to an older question of the same panel is interrupted.
    pub fn order(&self, order: Order) {
        self.inbox.put(order);
    }

    /// Ends the thread after the batch at hand and waits for that, at most `patience`.
    pub fn stop(self, patience: Duration) {
        self.inbox.stop();
        // Both ways out are fine: the thread is gone, or the process leaves it behind and the file keeps its last commit.
        let _ = self.ended.recv_timeout(patience);
    }
}

struct Bench<A, T> {
    answers: A,
    inbox: Arc<Inbox>,
    tell: T,
    watch: Watch,
    pace: Pace,
    readable: bool,
}

impl<A: Answers, T: Fn(Msg)> Bench<A, T> {
    fn work(mut self) {
        let mut looked = Instant::now();
        loop {
            let every = self.pace.look_every(Instant::now());
            match self.inbox.next(every) {
                Next::Stop => return,
                Next::Nothing => self.answers.rest(),
                Next::Order(order) => match *order {
                    Order::Ask { panel, generation, query } => self.answer(panel, generation, &query),
                    Order::Run(command) => self.run(&command),
                    Order::Keep(drafts) => {
                        let kept = contain(|| self.answers.keep(&drafts)).unwrap_or_else(Err);
                        (self.tell)(Msg::Kept(kept));
                    }
                },
            }
            if looked.elapsed() >= every {
                self.look();
                looked = Instant::now();
            }
        }
    }

    fn answer(&mut self, panel: PanelId, generation: u64, query: &Query) {
        let began = Instant::now();
        let result = contain(|| self.answers.answer(query)).unwrap_or_else(Err);
        self.pace.spend(began.elapsed());
        if self.inbox.finish() {
            return;
        }
        if let Ok(Answer::Status(status)) = &result {
            self.watch.saw(status);
        }
        (self.tell)(Msg::Reply { panel, generation, result });
    }

    fn run(&mut self, command: &Command) {
        let (inbox, tell) = (Arc::clone(&self.inbox), &self.tell);
        let mut told: Option<Instant> = None;
        let mut progress = |progress: Progress| {
            if told.is_none_or(|at| at.elapsed() >= PROGRESS_EVERY) {
                told = Some(Instant::now());
                tell(Msg::Progress(progress));
            }
            if inbox.stopping() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let result = contain(|| self.answers.run(command, &mut progress)).unwrap_or_else(Err);
        (self.tell)(Msg::Done(result));
        // Unlike another process's commits our own do not show in `changed`. After a failure part of an import may be
        // in the file, so the screens read again in any case.
        if !matches!(command, Command::Preview(_) | Command::Verify) {
            (self.tell)(Msg::Changed);
        }
    }

    /// Tells the screens to read again when the file, or what its age means, has changed.
    fn look(&mut self) {
        if !self.pace.is_due(Instant::now()) {
            return;
        }
        let changed = match contain(|| self.answers.changed()).unwrap_or_else(Err) {
            Ok(changed) => changed || !std::mem::replace(&mut self.readable, true),
            // Once, so that the panels show why.
            Err(_) => std::mem::take(&mut self.readable),
        };
        if changed || self.aged() {
            self.pace.tell(Instant::now());
            (self.tell)(Msg::Changed);
        }
    }

    fn aged(&mut self) -> bool {
        if !self.watch.is_due() {
            return false;
        }
        match contain(|| self.answers.answer(&Query::Status)) {
            Ok(Ok(Answer::Status(status))) => self.watch.saw(&status),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
