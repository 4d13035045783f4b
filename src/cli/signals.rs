//! Stopping a long command by a signal: the rows in hand are committed, then it ends with 128 and the signal's number.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::signal::SIGXFSZ;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use super::output::Failure;

/// A file that would grow beyond the size limit of the process fails to be written, instead of ending the process.
pub fn outlive_size_limit() {
    // Without the handler the limit ends the process, which loses no committed row either.
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
}

/// Watches for TERM, INT and HUP.
pub struct Stop {
    /// Set by the first signal; whoever does the work looks at it between rows.
    pub flag: Arc<AtomicBool>,
    number: Arc<AtomicUsize>,
}

impl Stop {
    /// Begins to watch. A second signal ends the program at once, as without us.
    ///
    /// # Errors
    /// When the system refuses a handler.
    pub fn watch() -> Result<Self, Failure> {
        let stop = Self { flag: Arc::default(), number: Arc::default() };
        for signal in [SIGTERM, SIGINT, SIGHUP] {
            signal_hook::flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&stop.flag))
                .and_then(|_| signal_hook::flag::register_usize(signal, Arc::clone(&stop.number), signal as usize))
                .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&stop.flag)))
                .map_err(|error| Failure::machine(format!("signals: {error}")))?;
        }
        Ok(stop)
    }

    /// Whether a signal came.
    pub fn asked(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
    }

    /// 128 and the number of the signal that came; `None` without one.
    pub fn code(&self) -> Option<u8> {
        match self.number.load(Ordering::Relaxed) {
            0 => None,
            signal => u8::try_from(128 + signal).ok(),
        }
    }
}
