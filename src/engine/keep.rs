//! Copies of the workspace: backups, exports, and the sample workspace.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use crate::domain::calendar::{Calendar, Day};
use crate::domain::money::Currency;
use crate::domain::records::{Kind, Record};
use crate::domain::roles::EventRole;
use crate::domain::tables::columns;
pub use crate::store::BackupReport;
use crate::store::{Author, BatchState, NewBatch};

use super::{Clock, Engine, EngineError, NewWorkspace, demo};

/// Rows of the sample workspace between commits.
const DEMO_ROWS: u64 = 200_000;

/// What is known of a sample workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Its last day.
    pub last: Day,
    /// Something was imported into it, taken out of it or planned in it since it was written.
    pub edited: bool,
}

impl Engine {
    /// Writes a checked copy of the workspace as of now.
    ///
    /// # Errors
    /// When the target exists, the disk is full, or the copy is damaged.
    pub fn backup(&self, to: &Path) -> Result<BackupReport, EngineError> {
        self.store.backup(to).map_err(|error| EngineError::from(error).at(&self.path))
    }

    /// Gives every row of a kind to `each` as texts in the order of [`titles`]; with `before` only those of
    /// earlier days.
    ///
    /// # Errors
    /// When the workspace cannot be read, or `each` fails, whose error is kept apart.
    pub fn export(
        &self,
        kind: Kind,
        before: Option<Day>,
        each: &mut dyn FnMut(&[Option<String>]) -> io::Result<()>,
    ) -> Result<io::Result<()>, EngineError> {
        let settings = self.store.settings()?;
        let calendar = Calendar { zone: settings.zone, week_start: settings.week_start };
        let before = before.map(|day| (day, calendar.start_of(day)));
        self.store.export(kind, before, each).map_err(|error| EngineError::from(error).at(&self.path))
    }

    /// Creates the sample workspace whose last day is `last`.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn create_demo(path: &Path, last: Day, clock: Clock) -> Result<Self, EngineError> {
        let calendar = demo::calendar(last);
        let mut engine = Self::create(
            path,
            &NewWorkspace {
                product: demo::PRODUCT.to_owned(),
                form: "app".to_owned(),
                stage: "growth".to_owned(),
                currency: Currency::parse("CNY"),
                zone: calendar.zone,
                week_start: calendar.week_start,
            },
        )?;
        engine.fill_demo(last, clock).map_err(|error| error.at(path))?;
        Ok(engine)
    }

    fn fill_demo(&mut self, last: Day, clock: Clock) -> Result<(), EngineError> {
        let calendar = demo::calendar(last);
        let ended = calendar.end_of(last);
        // Events go straight to the file; the few rows of the other sources wait until their own import begins.
        let mut waiting: BTreeMap<&str, Vec<Record<'static>>> = BTreeMap::new();
        for (source, kind) in demo::SOURCES {
            let new = NewBatch::new(source, kind, source, clock.now);
            let mut writer = self.store.batch(&new)?;
            let mut line = 0;
            if kind == Kind::Events {
                demo::tell(last, |from, record| -> Result<(), EngineError> {
                    if from != source {
                        waiting.entry(from).or_default().push(record.into_owned());
                        return Ok(());
                    }
                    line += 1;
                    writer.put(line, &record)?;
                    if writer.uncommitted() >= DEMO_ROWS || writer.is_full() {
                        writer.commit(clock.now, None)?;
                    }
                    Ok(())
                })?;
            }
            for record in waiting.remove(source).unwrap_or_default() {
                line += 1;
                writer.put(line, &record)?;
                if writer.is_full() {
                    writer.commit(clock.now, None)?;
                }
            }
            let through = if source == demo::PAUSED { writer.newest() } else { Some(ended) };
            writer.finish(clock.now, through, None)?;
        }
        self.store.set_role(
            demo::ACTIVATES,
            Some(EventRole::Activate),
            false,
            Author { actor: demo::TEAM, at: clock.now },
        )?;
        self.plan_demo(last, clock.now)?;
        Ok(self.store.mark_sample(last)?)
    }

    /// What this sample workspace is; `None` where it is a workspace of somebody's own.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn sample(&self) -> Result<Option<Sample>, EngineError> {
        let Some(last) = self.store.sample_day()? else { return Ok(None) };
        let imports = self.store.imports(demo::SOURCES.len() + 1)?;
        let untouched = imports.len() == demo::SOURCES.len() && imports.iter().all(|i| i.state == BatchState::Done);
        let planned = self.store.was_edited_by_others(demo::TEAM)?;
        Ok(Some(Sample { last, edited: !untouched || planned }))
    }

    /// Replaces all content by that of a workspace file which no process has open.
    ///
    /// # Errors
    /// When that file cannot be read, or another process is writing to this one.
    pub fn take_content_of(&mut self, path: &Path) -> Result<(), EngineError> {
        Ok(self.store.take_content_of(path)?)
    }
}

/// Titles of an export, which are those of the import.
pub fn titles(kind: Kind) -> Vec<&'static str> {
    match kind {
        Kind::Events => vec!["user_id", "ts", "event", "channel", "platform", "props"],
        Kind::Revenue => {
            vec!["order_id", "user_id", "ts", "stream", "amount", "currency", "refund_of", "line", "props"]
        }
        _ => columns(kind).iter().map(|column| column.title).collect(),
    }
}

/// Writes rows of an export as CSV.
///
/// # Errors
/// What `to` says.
pub fn csv_row(to: &mut dyn Write, cells: &[Option<String>]) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().from_writer(to);
    writer.write_record(cells.iter().map(|c| c.as_deref().unwrap_or("")))?;
    writer.flush()
}
