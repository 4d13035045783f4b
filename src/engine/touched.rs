//! What every user first came through, kept up to date from what a commit brought: of a million users most stay as they are.

use crate::domain::calendar::Instant;
use crate::store::{FirstTouches, Store};

use super::EngineError;
use super::routes::Routes;

/// First touches by user.
#[derive(Debug)]
pub(super) struct Touched(FirstTouches);

impl Touched {
    pub fn read(store: &Store) -> Result<Self, EngineError> {
        Ok(Self(store.first_touches()?))
    }

    /// Reads what commits brought; gives the users that are new or have an earlier touch.
    pub fn refresh(&mut self, store: &Store) -> Result<Vec<u32>, EngineError> {
        Ok(store.refresh_first_touches(&mut self.0)?)
    }

    /// Number of users.
    pub fn users(&self) -> u32 {
        self.0.users()
    }

    /// The touch of a user, if it was before an instant.
    pub fn of(&self, user: u32, until: Instant) -> Option<u32> {
        self.0.of(user, until)
    }

    /// The channel of every user, as the mapping gives it.
    pub fn channels(&self, routes: &Routes, until: Instant) -> Vec<Option<u32>> {
        (0..self.users()).map(|user| routes.of_touch(self.of(user, until)?)).collect()
    }
}
