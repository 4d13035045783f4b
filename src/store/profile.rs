//! Changing the settings of a workspace. Stored times are never rewritten; what follows from the zone is made anew.

use super::batch::mark;
use super::undo::rebuilt;
use super::{Store, StoreError, queue, settings};
use crate::domain::profile::ProfileChange;

impl Store {
    /// Changes settings in one transaction; a zone changes the days of everything, so the rollups are made anew.
    ///
    /// # Errors
    /// When an import is being written in the old zone, or another process is writing.
    pub fn change_profile(&mut self, change: &ProfileChange) -> Result<(), StoreError> {
        self.queue().transaction(&self.conn, || {
            let before = settings::calendar(&self.conn)?;
            let zone = change.zone.filter(|zone| *zone != before.zone);
            if zone.is_some() || change.currency.is_some() {
                self.refuse_writers()?;
            }
            let pairs = [
                ("product", change.product.clone()),
                ("form", change.form.clone()),
                ("stage", change.stage.clone()),
                ("currency", change.currency.map(|currency| currency.code().to_owned())),
                ("zone", zone.map(|zone| zone.name().to_owned())),
                ("week_start", change.week_start.map(|day| day.name().to_owned())),
            ];
            for (key, value) in pairs {
                let Some(value) = value else { continue };
                let sql = "INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)";
                self.conn.execute(sql, (key, value))?;
            }
            match zone {
                Some(_) => rebuilt(&self.conn, settings::calendar(&self.conn)?),
                None => mark(&self.conn, &["rebuilt"], &[]),
            }
        })
    }

    /// A process that is loading rows goes on with the zone and the currency it began with.
    fn refuse_writers(&self) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare("SELECT id, writer FROM batch WHERE state = 0 AND writer IS NOT NULL")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (batch, writer): (i64, String) = (row.get(0)?, row.get(1)?);
            if let Some(pid) = queue::running(&writer) {
                return Err(StoreError::usage(format!(
                    "import {batch} is being written by process {pid}; stop that first (kill {pid}), then change zone or currency"
                )));
            }
        }
        Ok(())
    }
}
