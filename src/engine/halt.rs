//! Giving up: SQLite ends its own statements, and what runs in memory looks at a flag now and then.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::EngineError;

/// Set from another thread while a question is answered.
#[derive(Debug, Clone, Default)]
pub(super) struct Halt(Arc<AtomicBool>);

impl Halt {
    /// Makes the work at hand give up.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Begins new work: what was stopped before is over.
    pub fn begin(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// Whether the work at hand is to give up.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Fails where the work at hand is to give up.
    pub fn check(&self) -> Result<(), EngineError> {
        if self.is_set() { Err(EngineError::Interrupted) } else { Ok(()) }
    }
}
