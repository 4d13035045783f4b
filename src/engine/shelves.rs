//! Decoded sets of users by day, of every kind that was asked for; what a commit did not touch stays as it is.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::calendar::Day;
use crate::metrics::presence::UserDays;
use crate::store::{SetKind, Store};

use super::EngineError;

/// The sets of each day, with their keys.
type Shelf = BTreeMap<Day, Vec<(u32, Arc<[u32]>)>>;

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

    /// Who was active when by the sets with some keys; they are shared, not copied.
    pub fn days(
        &mut self,
        store: &Store,
        kind: SetKind,
        counts: impl Fn(u32) -> bool,
    ) -> Result<UserDays, EngineError> {
        let shelf = match self.0.entry(kind) {
            Entry::Occupied(shelf) => shelf.into_mut(),
            Entry::Vacant(empty) => {
                let mut shelf = Shelf::new();
                put(&mut shelf, store, kind, None)?;
                empty.insert(shelf)
            }
        };
        let sets = shelf.iter().flat_map(|(day, sets)| sets.iter().map(|(key, users)| (*day, *key, users)));
        let counted = sets.filter(|(_, key, _)| counts(*key)).map(|(day, _, users)| (day, users.clone()));
        Ok(UserDays::from_sets(counted))
    }
}

fn put(shelf: &mut Shelf, store: &Store, kind: SetKind, days: Option<&[Day]>) -> Result<(), EngineError> {
    for set in store.day_sets(kind, days)? {
        shelf.entry(set.day).or_default().push((set.key, set.users));
    }
    Ok(())
}
