//! Decoded sets of users by day, of every kind, platform and event name that was asked for; what a commit did not touch
//! stays as it is.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::calendar::Day;
use crate::metrics::presence::UserDays;
use crate::store::{SetKind, Store};

use super::EngineError;

/// The set of each day.
type Shelf = BTreeMap<Day, Arc<[u32]>>;

/// Sets by kind.
#[derive(Debug, Default)]
pub(super) struct Shelves(FxHashMap<SetKind, Shelf>);

impl Shelves {
    /// Reads some days of every kind anew.
    pub fn reread(&mut self, store: &Store, days: &[Day]) -> Result<(), EngineError> {
        for (kind, shelf) in &mut self.0 {
            for day in days {
                shelf.remove(day);
            }
            put(shelf, store, *kind, Some(days))?;
        }
        Ok(())
    }

    /// Forgets a kind.
    pub fn forget(&mut self, kind: SetKind) {
        self.0.remove(&kind);
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Who was active when by the sets of some kinds; they are shared, not copied. What is known to have no sets on other
    /// days than `days` is not looked for there.
    pub fn days(&mut self, store: &Store, kinds: &[SetKind], days: Option<&[Day]>) -> Result<UserDays, EngineError> {
        let mut sets = Vec::new();
        for kind in kinds {
            let shelf = match self.0.entry(*kind) {
                Entry::Occupied(shelf) => shelf.into_mut(),
                Entry::Vacant(empty) => {
                    let mut shelf = Shelf::new();
                    put(&mut shelf, store, *kind, days)?;
                    empty.insert(shelf)
                }
            };
            sets.extend(shelf.iter().map(|(day, users)| (*day, users.clone())));
        }
        // Sets of one day are united where they stand together.
        sets.sort_by_key(|(day, _)| *day);
        Ok(UserDays::from_sets(sets))
    }
}

fn put(shelf: &mut Shelf, store: &Store, kind: SetKind, days: Option<&[Day]>) -> Result<(), EngineError> {
    shelf.extend(store.day_sets(kind, days)?.into_iter().map(|set| (set.day, set.users)));
    Ok(())
}
