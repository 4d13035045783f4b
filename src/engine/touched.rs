//! What every user first came through, kept up to date from what a commit touched: of a million users most stay as they are.

use crate::domain::calendar::{Calendar, Day, Instant};
use crate::store::{SetKind, Store, UserFirst};

use super::EngineError;
use super::routes::Routes;

/// Time of a touch that never was.
const NEVER: Instant = Instant(i64::MAX);

/// First touches by user.
#[derive(Debug, Default)]
pub(super) struct Touched {
    at: Vec<Instant>,
    touch: Vec<u32>,
}

impl Touched {
    pub fn read(store: &Store) -> Result<Self, EngineError> {
        let mut touched = Self::default();
        for (user, first) in store.user_firsts()?.into_iter().enumerate() {
            touched.set(user, first);
        }
        Ok(touched)
    }

    /// Reads the users anew whom a commit may have given an earlier touch, and returns them: those that are new, and those
    /// with an event on a day that it touched who had no touch before that day.
    pub fn refresh(&mut self, store: &Store, calendar: Calendar, days: &[Day]) -> Result<Vec<u32>, EngineError> {
        let mut users: Vec<u32> = (self.at.len() as u32..store.users()?).collect();
        for set in store.day_sets(SetKind::Event, Some(days))? {
            let start = calendar.start_of(set.day);
            let later = |user: &&u32| self.at.get(**user as usize).is_some_and(|at| *at >= start);
            users.extend(set.users.iter().filter(later));
        }
        users.sort_unstable();
        users.dedup();
        for (user, first) in users.iter().zip(store.user_firsts_of(&users)?) {
            self.set(*user as usize, first);
        }
        Ok(users)
    }

    fn set(&mut self, user: usize, first: UserFirst) {
        if user >= self.at.len() {
            self.at.resize(user + 1, NEVER);
            self.touch.resize(user + 1, 0);
        }
        (self.at[user], self.touch[user]) = first.touch.unwrap_or((NEVER, 0));
    }

    /// Number of users.
    pub fn users(&self) -> usize {
        self.at.len()
    }

    /// The touch of a user, if it was before an instant.
    pub fn of(&self, user: usize, until: Instant) -> Option<u32> {
        (self.at[user] < until).then(|| self.touch[user])
    }

    /// The channel of every user, as the mapping gives it.
    pub fn channels(&self, routes: &Routes, until: Instant) -> Vec<Option<u32>> {
        (0..self.users()).map(|user| routes.of_touch(self.of(user, until)?)).collect()
    }
}
