//! Where verdicts begin in a workspace: what was set there, else what is usual.

use crate::metrics::planning::{SETTINGS, Thresholds, setting};
use crate::store::{Author, Store, StoreError};

use super::{Engine, EngineError};

/// The thresholds of a workspace. A name or value that only another version of the program knows leaves what is usual.
pub(super) fn of(store: &Store) -> Result<Thresholds, StoreError> {
    let set = store.thresholds()?;
    let mut thresholds = Thresholds::default();
    // Values that go together only as a whole, such as two that were both raised, are not refused on their way.
    for (key, value) in set.iter().rev().chain(&set) {
        if let Some(row) = setting(key) {
            let mut next = thresholds.clone();
            if row.set(&mut next, *value).is_ok() {
                thresholds = next;
            }
        }
    }
    Ok(thresholds)
}

impl Engine {
    /// Sets a threshold, or none, so that it is as usual again.
    ///
    /// # Errors
    /// What is known where the name is not, and what makes sense where the value does not; nothing is stored then.
    pub(super) fn set_threshold(
        &mut self,
        key: &str,
        value: Option<f64>,
        author: Author,
    ) -> Result<Thresholds, EngineError> {
        let Some(row) = setting(key) else {
            let known: Vec<&str> = SETTINGS.iter().map(|row| row.key).collect();
            return Err(EngineError::Usage(format!("no setting is called \"{key}\"; there are {}", known.join(", "))));
        };
        let mut thresholds = of(&self.store)?;
        let value = value.unwrap_or_else(|| row.of(&Thresholds::default()));
        row.set(&mut thresholds, value).map_err(|why| EngineError::Usage(format!("{key}: {why}")))?;
        let is_usual = value.to_bits() == row.of(&Thresholds::default()).to_bits();
        self.store.set_threshold(key, (!is_usual).then_some(value), author)?;
        Ok(thresholds)
    }
}
