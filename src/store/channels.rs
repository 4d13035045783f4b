//! The channel mapping as the operator wrote it. It is applied when answers are made, so that no row changes with it.

use std::collections::{BTreeMap, BTreeSet};

use super::plans::Author;
use super::{Store, StoreError};
use crate::domain::channels::ChannelRule;
use crate::domain::plans::Edit;

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

    /// Adds rules, in place of those for the same source and medium, or of all, as one action that can be undone; gives
    /// how many there are then.
    ///
    /// # Errors
    /// When another process is writing.
    pub fn map_channels(&mut self, rules: &[ChannelRule], replace: bool, author: Author) -> Result<u64, StoreError> {
        let stored = self.channel_rules()?;
        let mut edit = Edit::new(match rules {
            [rule] if !replace => format!("mapping of {} to {}", raw(rule), rule.channel()),
            _ => format!("mapping of {} rules", rules.len()),
        });
        // Of several rules for the same the last holds.
        let new: BTreeMap<_, _> = rules.iter().map(|rule| (rule.key(), rule)).collect();
        for old in stored.iter().filter(|old| replace && !new.contains_key(&old.key())) {
            edit.remove(old.clone());
        }
        for rule in new.into_values() {
            match stored.iter().find(|old| old.key() == rule.key()) {
                Some(old) => edit.set(old.clone(), rule.clone()),
                None => edit.add(rule.clone()),
            }
        }
        self.change(&edit, author)?;
        Ok(self.channel_rules()?.len() as u64)
    }

    /// Removes the rule for a source and medium, given folded, or all, as one action that can be undone; gives how many
    /// are left.
    ///
    /// # Errors
    /// When there is no such rule, or another process is writing.
    pub fn unmap_channel(&mut self, key: Option<(&str, &str)>, author: Author) -> Result<u64, StoreError> {
        let (gone, left): (Vec<_>, Vec<_>) =
            self.channel_rules()?.into_iter().partition(|rule| key.is_none_or(|key| rule.key() == key));
        if let (Some((source, medium)), true) = (key, gone.is_empty()) {
            let slash = if medium.is_empty() { "" } else { "/" };
            return Err(StoreError::usage(format!(
                "no rule maps {source}{slash}{medium}; `quarterdeck mapping export` lists the rules"
            )));
        }
        let mut edit = Edit::new(match gone.as_slice() {
            [rule] => format!("no mapping of {}", raw(rule)),
            _ => "no mapping".to_owned(),
        });
        for rule in gone {
            edit.remove(rule);
        }
        self.change(&edit, author)?;
        Ok(left.len() as u64)
    }

    /// Channels that money was spent on or daily facts are about, ascending.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn spend_channels(&self) -> Result<Vec<u32>, StoreError> {
        // Few among many rows: a set of them here takes less than SQLite's sorted table.
        let sql = "SELECT channel FROM spend WHERE state = 0 AND channel IS NOT NULL
            UNION ALL SELECT channel FROM fact WHERE state = 0 AND channel IS NOT NULL";
        let mut statement = self.conn.prepare_cached(sql)?;
        let channels: BTreeSet<u32> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(channels.into_iter().collect())
    }
}

/// What a rule maps: `source`, or `source/medium`.
fn raw(rule: &ChannelRule) -> String {
    let (source, medium) = rule.key();
    if medium.is_empty() { source.to_owned() } else { format!("{source}/{medium}") }
}
