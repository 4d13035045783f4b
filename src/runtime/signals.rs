//! Signals on a thread of their own, so that they work while the loop waits for a terminal nobody reads.

use std::io;
use std::process;
use std::sync::Arc;
use std::thread;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGSTOP, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;
use signal_hook::low_level::raise;

use super::away::Away;
use super::drafts::Drafts;
use super::guard::ABRUPT;
use super::tty::Tty;

/// A signal that the loop answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Stop, as by Ctrl-Z.
    Suspend,
    /// Running again after a stop.
    Continued,
    /// The terminal has another size.
    Resized,
}

/// Handles signals from now to the end of the process: those that end it restore the terminal, keep the drafts and
/// exit with 128 + n, the others are told.
///
/// # Errors
/// Where no handler or thread can be set up.
pub fn watch(
    tty: Arc<Tty>,
    drafts: Arc<Drafts>,
    away: Arc<Away>,
    tell: impl Fn(Told) + Send + 'static,
) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])?;
    thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            match signal {
                // Stopped together with the editor, by whoever stops its job; continued together too.
                SIGTSTP if away.is_away() => drop(raise(SIGSTOP)),
                SIGINT | SIGQUIT if away.is_away() => {}
                SIGTSTP => tell(Told::Suspend),
                SIGCONT => tell(Told::Continued),
                SIGWINCH => tell(Told::Resized),
                last => {
                    tty.leave(ABRUPT);
                    drafts.rescue();
                    process::exit(128 + last);
                }
            }
        }
    })?;
    Ok(())
}
