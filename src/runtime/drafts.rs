//! What is typed and not stored yet, on its way to the workspace: at most once a second while the program runs, and
//! whatever is left when it ends, however it ends.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::domain::drafts::{Draft, DraftKey, Texts};

/// Least time between two writes while somebody types.
const EVERY: Duration = Duration::from_secs(1);

/// Writes drafts on the way out, on a connection of its own; it must not wait long for another writer.
pub type Rescue = Box<dyn Fn(&[Draft]) + Send + Sync>;

/// Shared by the loop, which puts, and by every thread that may end the process.
#[derive(Default)]
pub struct Drafts {
    slot: Mutex<Slot>,
    /// Set as soon as there is a workspace to write to.
    rescue: OnceLock<Rescue>,
    /// Held while the last drafts are written: a thread that would end the process meanwhile waits for that.
    ending: Mutex<()>,
}

#[derive(Default)]
struct Slot {
    waiting: BTreeMap<DraftKey, Texts>,
    /// Given to the data worker, which has not said yet that they are kept.
    sent: BTreeMap<DraftKey, Texts>,
    last: Option<Instant>,
}

impl Drafts {
    /// Says how the last drafts are written; said once.
    pub fn rescue_by(&self, rescue: Rescue) {
        drop(self.rescue.set(rescue));
    }

    /// Takes a draft in place of an older one.
    pub fn put(&self, draft: Draft) {
        if let Some(mut slot) = self.slot() {
            slot.waiting.insert(draft.key, draft.texts);
        }
    }

    /// How long until something is due; `None` where nothing waits.
    pub fn due_in(&self, now: Instant) -> Option<Duration> {
        let slot = self.slot()?;
        let wait = || slot.last.map_or(Duration::ZERO, |last| (last + EVERY).saturating_duration_since(now));
        (!slot.waiting.is_empty()).then(wait)
    }

    /// What is due.
    pub fn take_due(&self, now: Instant) -> Vec<Draft> {
        if self.due_in(now) != Some(Duration::ZERO) {
            return Vec::new();
        }
        let Some(mut slot) = self.slot() else { return Vec::new() };
        slot.last = Some(now);
        let due = std::mem::take(&mut slot.waiting);
        slot.sent.extend(due.clone());
        listed(due)
    }

    /// What was taken last is kept.
    pub fn kept(&self) {
        if let Some(mut slot) = self.slot() {
            slot.sent.clear();
        }
    }

    /// Writes what is left, for the program ends.
    pub fn rescue(&self) {
        let _ending = self.ending.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut slot) = self.slot() else { return };
        let mut left = std::mem::take(&mut slot.sent);
        left.extend(std::mem::take(&mut slot.waiting));
        drop(slot);
        if let (false, Some(rescue)) = (left.is_empty(), self.rescue.get()) {
            rescue(&listed(left));
        }
    }

    /// The slot is never held for long; a thread that panics while it holds it must not wait for itself.
    fn slot(&self) -> Option<MutexGuard<'_, Slot>> {
        (0..50).find_map(|_| {
            self.slot.try_lock().ok().or_else(|| {
                thread::sleep(Duration::from_millis(1));
                None
            })
        })
    }
}

fn listed(all: BTreeMap<DraftKey, Texts>) -> Vec<Draft> {
    all.into_iter().map(|(key, texts)| Draft { key, texts }).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn draft(text: &str) -> Draft {
        Draft { key: DraftKey::new("new plan"), texts: vec![("title".to_owned(), text.to_owned())] }
    }

    #[test]
    fn a_burst_of_keys_is_written_once_a_second() {
        let (drafts, now) = (Drafts::default(), Instant::now());
        assert_eq!(drafts.due_in(now), None);
        drafts.put(draft("J"));
        assert_eq!(drafts.take_due(now), [draft("J")]);
        drafts.put(draft("Ju"));
        drafts.put(draft("Jul"));
        assert_eq!((drafts.due_in(now), drafts.take_due(now)), (Some(EVERY), Vec::new()));
        assert_eq!(drafts.take_due(now + EVERY), [draft("Jul")]);
        assert_eq!(drafts.due_in(now + EVERY), None);
    }

    #[test]
    fn what_nobody_has_confirmed_is_written_at_the_end() {
        let written = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&written);
        let drafts = Drafts::default();
        drafts.rescue_by(Box::new(move |all: &[Draft]| seen.lock().unwrap().extend_from_slice(all)));
        drafts.put(draft("J"));
        drafts.take_due(Instant::now());
        drafts.put(draft("Ju"));
        drafts.rescue();
        drafts.rescue();
        assert_eq!(*written.lock().unwrap(), [draft("Ju")]);
        drafts.put(draft("Jul"));
        drafts.take_due(Instant::now() + EVERY);
        drafts.kept();
        drafts.rescue();
        assert_eq!(written.lock().unwrap().len(), 1);
    }
}
