//! Settings of the workspace, as every part of the store reads them.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::plans::Author;
use super::{Settings, Store, StoreError, profile};
use crate::domain::calendar::{Calendar, WeekStart, Zone};
use crate::domain::money::Currency;
use crate::domain::plans::{Edit, Setting};

/// All of them.
pub(super) fn all(conn: &Connection) -> Result<Settings, StoreError> {
    let mut statement = conn.prepare_cached("SELECT key, value FROM setting")?;
    let pairs: BTreeMap<String, String> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let text = |key: &str| pairs.get(key).cloned().unwrap_or_default();
    let zone = text("zone");
    Ok(Settings {
        product: text("product"),
        form: text("form"),
        stage: text("stage"),
        currency: Currency::parse(&text("currency")),
        zone: Zone::parse(&zone)
            .ok_or_else(|| StoreError::refused(format!("the workspace names the unknown zone \"{zone}\"")))?,
        week_start: WeekStart::parse(&text("week_start")).unwrap_or_default(),
    })
}

/// The calendar whose days are counted.
pub(super) fn calendar(conn: &Connection) -> Result<Calendar, StoreError> {
    let settings = all(conn)?;
    Ok(Calendar { zone: settings.zone, week_start: settings.week_start })
}

/// What the names of thresholds begin with among the settings.
const THRESHOLD: &str = "threshold.";

impl Store {
    /// Thresholds that were set, by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn thresholds(&self) -> Result<Vec<(String, f64)>, StoreError> {
        let sql = "SELECT substr(key, ?2), CAST(value AS REAL) FROM setting WHERE key GLOB ?1 || '*'";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows =
            statement.query_map((THRESHOLD, THRESHOLD.len() as i64 + 1), |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Sets a threshold, or none, so that it is as usual again, as one action that can be undone.
    ///
    /// # Errors
    /// When another process is writing.
    pub fn set_threshold(&mut self, key: &str, value: Option<f64>, author: Author) -> Result<(), StoreError> {
        let stored = self.stored_settings()?;
        let name = format!("{THRESHOLD}{key}");
        let mut edit = Edit::new(match value {
            Some(value) => format!("{key} {value}"),
            None => format!("{key} as usual"),
        });
        match value {
            Some(value) => profile::set(&mut edit, &stored, Setting { key: name, value: value.to_string() }),
            None => {
                for old in stored.into_iter().filter(|old| old.key == name) {
                    edit.remove(old);
                }
            }
        }
        self.change(&edit, author)
    }
}
