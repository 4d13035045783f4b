//! When a timeline is made, kept and thrown away.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::domain::calendar::Calendar;
use crate::store::Store;

use super::super::EngineError;
use super::super::ahead::Ahead;
use super::super::halt::Halt;
use super::Timeline;
use super::build::Held;

/// A question about less than one in so many events of the file reads just these from the file: making a timeline costs
/// about two scans, and who asks once, as the command line does, would pay for what he does not need.
const WORTH_ALL: u64 = 8;
/// Events that are read before anything else is answered; more are read by a thread of their own where one is allowed.
const FEW_EVENTS: u64 = 300_000;

/// Holds the timeline of a file.
#[derive(Debug, Default)]
pub(in crate::engine) struct Keeper {
    held: Option<Held>,
    ahead: Option<Ahead<Held>>,
    /// The file that a thread of its own may open.
    file: Option<PathBuf>,
    /// Ends the question at hand.
    pub halt: Halt,
}

impl Keeper {
    /// From now on the timeline of a file is read ahead: its events will be asked for again and again.
    pub fn read_ahead(&mut self, file: &Path) {
        if self.file.replace(file.to_path_buf()).is_none() && self.held.is_none() {
            self.ahead = Ahead::start(file, Held::read);
        }
    }

    /// Whether a timeline is there, or will be asked for again and again: else reading events once takes less time.
    pub fn is_lasting(&self) -> bool {
        self.held.is_some() || self.file.is_some()
    }

    /// The timeline as of now; `None` where a question about so many events, of so many in all, is better answered by
    /// reading them.
    pub fn current(
        &mut self,
        store: &Store,
        calendar: Calendar,
        (asked, all): (u64, u64),
    ) -> Result<Option<Arc<Timeline>>, EngineError> {
        if let Some(held) = Ahead::take_ready(&mut self.ahead) {
            self.held = Some(held);
        }
        self.top_up(store, calendar)?;
        if self.held.is_none() {
            if asked.saturating_mul(WORTH_ALL) < all {
                return Ok(None);
            }
            self.held = Some(self.make(store, all)?);
            self.top_up(store, calendar)?;
        }
        Ok(self.held.as_ref().map(|held| held.timeline.clone()))
    }

    fn make(&mut self, store: &Store, all: u64) -> Result<Held, EngineError> {
        if self.ahead.is_none() && all > FEW_EVENTS {
            self.ahead = self.file.as_deref().and_then(|file| Ahead::start(file, Held::read));
        }
        match Ahead::take(&mut self.ahead, &self.halt)? {
            Some(held) => Ok(held),
            None => Held::read(store, &self.halt),
        }
    }

    /// Takes in what commits have added. Half of them must not outlive an interrupted read.
    fn top_up(&mut self, store: &Store, calendar: Calendar) -> Result<(), EngineError> {
        let Some(mut held) = self.held.take() else { return Ok(()) };
        let changes = store.changes(held.seq)?;
        if changes.seq != held.seq {
            let Some(timeline) = Arc::get_mut(&mut held.timeline).filter(|_| !changes.rebuilt) else { return Ok(()) };
            if !changes.days.is_empty() {
                timeline.top_up(store, calendar, &changes.days)?;
            }
            held.seq = changes.seq;
        }
        self.held = Some(held);
        Ok(())
    }

    /// What is held.
    #[cfg(test)]
    pub(super) fn held_mut(&mut self) -> Option<&mut Timeline> {
        Arc::get_mut(&mut self.held.as_mut()?.timeline)
    }
}
