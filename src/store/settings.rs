//! Settings of the workspace, as every part of the store reads them.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{Settings, StoreError};
use crate::domain::calendar::{Calendar, WeekStart, Zone};
use crate::domain::money::Currency;

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
