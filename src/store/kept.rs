//! Numbers that were counted before. The table has its name from the first of them, those of the headline.

use std::collections::BTreeMap;
use std::time::Duration;

use rusqlite::OptionalExtension;

use super::queue::Queue;
use super::{Store, StoreError};

impl Store {
    /// What was kept for a question over a state of the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn kept(&self, question: &str, state: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT body FROM headline WHERE question = ?1 AND state = ?2";
        let mut statement = self.conn.prepare_cached(sql)?;
        Ok(statement.query_row([question, state], |row| row.get(0)).optional()?)
    }

    /// Keeps answers to questions over a state of the file, and none of another state. Questions begin with the day on which
    /// they are asked; those of days before are not asked again and go as well.
    ///
    /// # Errors
    /// When another process is writing, without waiting for it, or the file cannot be written.
    pub fn keep(&mut self, state: &str, answers: &BTreeMap<String, String>) -> Result<(), StoreError> {
        let queue = Queue { busy: Duration::ZERO, ..self.queue() };
        queue.transaction(&self.conn, || {
            let first = answers.keys().next().map_or("", String::as_str);
            let old = "DELETE FROM headline WHERE state <> ?1 OR substr(question, 1, 10) < substr(?2, 1, 10)";
            self.conn.execute(old, [state, first])?;
            for (question, body) in answers {
                let sql = "INSERT OR REPLACE INTO headline (question, state, body) VALUES (?1, ?2, ?3)";
                self.conn.execute(sql, [question, state, body])?;
            }
            Ok(())
        })
    }
}
