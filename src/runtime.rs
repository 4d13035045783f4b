//! The terminal: guard, signals, hang-up watch, input thread, data worker, the loop.
//!
//! ```text
//! input thread ── keys, paste ──┐
//! signals ─── size, stop, on ───┼──> loop: App::update, effects, at most one draw a batch ──> screen ──> tty
//! data worker ── replies ───────┘         │
//!      ^──────── newest ask of a panel, commands
//! signals, hang-up watch, panic hook ──────────────────────────────> tty: restore, end of the process
//! ```

mod answers;
mod away;
mod clipboard;
pub mod detect;
mod drafts;
mod editor;
pub mod guard;
mod hangup;
mod input;
mod run;
mod save;
pub mod screen;
mod signals;
mod size;
pub mod tty;
mod worker;

pub use answers::{Desk, home_path};
pub use drafts::Rescue;
pub use editor::set as editor;
pub use run::{Console, Options, check};
pub use worker::Answers;

use std::io;

/// Why the dashboard cannot run here.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Standard input or output is a file, a pipe or nothing.
    #[error(
        "not a terminal; the dashboard needs one for input and output, `quarterdeck metric` prints numbers without"
    )]
    NotATerminal,
    /// A terminal that cannot place text.
    #[error("TERM=dumb; the dashboard needs a terminal that places text, `quarterdeck metric` prints numbers without")]
    Dumb,
    /// The terminal refuses.
    #[error("terminal: {0}; open another one")]
    Terminal(#[from] io::Error),
}

impl Failure {
    /// 2 where the program was called in the wrong place, 1 where the terminal failed.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NotATerminal | Self::Dumb => 2,
            Self::Terminal(_) => 1,
        }
    }
}
