//! Ends the process when its terminal has hung up.
//!
//! SIGHUP is not enough: a child of a leader that ignores it is sent none, and crossterm's reader then spins on a core
//! for ever (its loop knows neither end of file nor EIO).

use std::io;
use std::process;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use signal_hook::consts::SIGHUP;

use super::drafts::Drafts;
use super::tty::Tty;

/// The kernel wakes most polls on hang-up at once; where it does not, this bounds the delay.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Watches from now to the end of the process; on hang-up exits as SIGHUP would, without writing to it.
///
/// # Errors
/// Where no thread can be started.
pub fn watch(tty: Arc<Tty>, drafts: Arc<Drafts>) -> io::Result<()> {
    thread::Builder::new().name("hangup".into()).spawn(move || {
        while !tty.is_gone(LOOK_EVERY) {}
        drafts.rescue();
        process::exit(128 + SIGHUP);
    })?;
    Ok(())
}
