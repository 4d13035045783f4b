//! Holds the terminal for as long as it lives, and gives it back once, however the program ends.

use std::cell::Cell;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::process;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ratatui::crossterm::style::force_color_output;
use signal_hook::consts::SIGSTOP;

use super::tty::Tty;

/// How long an orderly end waits for a slow terminal to take the restore sequence.
const ORDERLY: Duration = Duration::from_secs(5);

/// How long an end by signal or panic waits for that.
pub const ABRUPT: Duration = Duration::from_millis(500);

/// Exit code of a panic, as Rust's own.
const PANICKED: i32 = 101;

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// The terminal in our hands; dropping it restores it.
pub struct Guard {
    tty: Arc<Tty>,
}

impl Guard {
    /// Takes the terminal: panic hook first, then raw mode and alternate screen. `on_panic` runs when
    /// the terminal is given back after a panic.
    ///
    /// # Errors
    /// Where standard input is no terminal or the terminal is gone; whatever was enabled is taken back.
    pub fn enter(tty: Arc<Tty>, on_panic: impl Fn() + Send + Sync + 'static) -> io::Result<Self> {
        // crossterm's own handling of NO_COLOR turns each colour into a reset that eats bold and reverse; our themes
        // hand out no colours instead.
        force_color_output(true);
        restore_on_panic(&tty, on_panic);
        let guard = Self { tty };
        guard.tty.enter()?;
        Ok(guard)
    }

    /// Gives the terminal back, stops the process, and takes it again when the shell continues us in the foreground.
    ///
    /// SIGSTOP and not SIGTSTP: the latter is dropped where no shell watches us.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn suspend(&self) -> io::Result<()> {
        self.tty.leave(ORDERLY);
        signal_hook::low_level::raise(SIGSTOP)?;
        self.resume()
    }

    /// Gives the terminal to another program for as long as `work` runs, and takes it again.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn lend<T>(&self, work: impl FnOnce() -> T) -> io::Result<T> {
        self.tty.leave(ORDERLY);
        let done = work();
        self.resume()?;
        Ok(done)
    }

    /// Takes the terminal again after the process was stopped; does nothing in the background.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn resume(&self) -> io::Result<()> {
        if self.tty.in_foreground() { self.tty.enter() } else { Ok(()) }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.tty.leave(ORDERLY);
    }
}

/// Runs `work` so that its panic comes back as text and neither reaches the terminal nor ends the program.
///
/// # Errors
/// The message of the panic.
pub fn contain<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    CONTAINED.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(false);
    result.map_err(|payload| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown panic".to_owned())
    })
}

/// Restores before the message is printed. A panic of the calling thread unwinds to `main`; any other thread would
/// leave a dead screen behind, so it ends the process.
fn restore_on_panic(tty: &Arc<Tty>, on_panic: impl Fn() + Send + Sync + 'static) {
    let (tty, owner, previous) = (Arc::clone(tty), thread::current().id(), panic::take_hook());
    panic::set_hook(Box::new(move |info| {
        if CONTAINED.get() {
            return;
        }
        tty.leave(ABRUPT);
        previous(info);
        on_panic();
        if thread::current().id() != owner {
            process::exit(PANICKED);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contained_panic_comes_back_as_its_message() {
        assert_eq!(contain(|| 7), Ok(7));
        let number = 3;
        assert_eq!(contain(|| panic!("cohort {number}")).unwrap_err(), "cohort 3");
        assert_eq!(contain(|| panic!("plain")).unwrap_err(), "plain");
    }
}
