//! While another program has the terminal: keys are left to it, and signals of the keyboard are its own.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use signal_hook::consts::SIGWINCH;

/// How long the input thread may take to let go of the terminal; it does so at once unless a sequence is cut short.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shared by the loop, the input thread and the signal thread.
#[derive(Default)]
pub struct Away {
    state: Mutex<State>,
    turn: Condvar,
}

#[derive(Default)]
struct State {
    away: bool,
    /// The input thread reads nothing.
    idle: bool,
}

impl Away {
    /// Takes the keys from the input thread; false where it does not let go.
    pub fn begin(&self) -> bool {
        self.state().away = true;
        // Its reader waits for keys or a new size; this size is nobody's.
        let woken = signal_hook::low_level::raise(SIGWINCH).is_ok();
        let wait = |state: &mut State| !state.idle;
        let (state, _) =
            self.turn.wait_timeout_while(self.state(), PATIENCE, wait).unwrap_or_else(PoisonError::into_inner);
        let idle = state.idle;
        drop(state);
        if !(woken && idle) {
            self.end();
        }
        woken && idle
    }

    /// Gives the keys back.
    pub fn end(&self) {
        self.state().away = false;
        self.turn.notify_all();
    }

    /// Whether another program has the terminal.
    pub fn is_away(&self) -> bool {
        self.state().away
    }

    /// Called by the input thread between two reads: waits while another program has the terminal.
    pub fn rest(&self) {
        let mut state = self.state();
        if !state.away {
            return;
        }
        state.idle = true;
        self.turn.notify_all();
        let mut state = self.turn.wait_while(state, |state| state.away).unwrap_or_else(PoisonError::into_inner);
        state.idle = false;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
