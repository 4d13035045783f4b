//! The channel mapping as the operator wrote it. It is applied when answers are made, so that no row changes with it.

use super::batch::mark;
use super::{Store, StoreError};
use crate::domain::channels::ChannelRule;

impl Store {
    /// Every rule by source and medium.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn channel_rules(&self) -> Result<Vec<ChannelRule>, StoreError> {
        let sql = "SELECT source, medium, channel FROM channel_rule ORDER BY source, medium";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            let texts: [String; 3] = [row.get(0)?, row.get(1)?, row.get(2)?];
            Ok(ChannelRule::new(&texts[0], &texts[1], &texts[2]))
        })?;
        Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    /// Adds rules, in place of those for the same source and medium, or of all; gives how many there are then.
    ///
    /// # Errors
    /// When another process is writing.
    pub fn map_channels(&mut self, rules: &[ChannelRule], replace: bool) -> Result<u64, StoreError> {
        self.queue().transaction(&self.conn, || {
            if replace {
                self.conn.execute("DELETE FROM channel_rule", [])?;
            }
            let sql = "INSERT OR REPLACE INTO channel_rule (source, medium, channel) VALUES (?1, ?2, ?3)";
            for rule in rules {
                self.conn.prepare_cached(sql)?.execute((rule.source(), rule.medium(), rule.channel()))?;
            }
            self.mapped()
        })
    }

    /// Removes the rule for a source and medium, given folded, or all; gives how many are left.
    ///
    /// # Errors
    /// When there is no such rule, or another process is writing.
    pub fn unmap_channel(&mut self, key: Option<(&str, &str)>) -> Result<u64, StoreError> {
        self.queue().transaction(&self.conn, || {
            let gone = match key {
                Some(key) => self.conn.execute("DELETE FROM channel_rule WHERE source = ?1 AND medium = ?2", key)?,
                None => self.conn.execute("DELETE FROM channel_rule", [])?,
            };
            match key {
                Some((source, medium)) if gone == 0 => {
                    let slash = if medium.is_empty() { "" } else { "/" };
                    Err(StoreError::usage(format!(
                        "no rule maps {source}{slash}{medium}; `quarterdeck mapping export` lists the rules"
                    )))
                }
                _ => self.mapped(),
            }
        })
    }

    /// Tells the caches that channels changed, and counts the rules.
    fn mapped(&self) -> Result<u64, StoreError> {
        mark(&self.conn, &["terms", "users"], &[])?;
        let count: i64 = self.conn.query_row("SELECT count(*) FROM channel_rule", [], |row| row.get(0))?;
        Ok(count as u64)
    }

    /// Channels that money was spent on or daily facts are about, ascending.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn spend_channels(&self) -> Result<Vec<u32>, StoreError> {
        let sql = "SELECT channel FROM spend WHERE state = 0 AND channel IS NOT NULL
            UNION SELECT channel FROM fact WHERE state = 0 AND channel IS NOT NULL ORDER BY channel";
        let mut statement = self.conn.prepare_cached(sql)?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }
}
