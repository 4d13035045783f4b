//! Copies of the workspace: backups, exports, and the sample workspace.

use std::io::{self, Write};
use std::path::Path;

use crate::domain::calendar::Day;
use crate::domain::money::Currency;
use crate::domain::records::Kind;
pub use crate::store::BackupReport;
use crate::store::NewBatch;

use super::{Clock, Engine, EngineError, NewWorkspace, demo};

/// Rows of the sample workspace between commits.
const DEMO_ROWS: u64 = 200_000;

impl Engine {
    /// Writes a checked copy of the workspace as of now.
    ///
    /// # Errors
    /// When the target exists, the disk is full, or the copy is damaged.
    pub fn backup(&self, to: &Path) -> Result<BackupReport, EngineError> {
        Ok(self.store.backup(to)?)
    }

    /// Gives every row of a kind to `each` as texts under the titles that import reads, and returns the titles.
    ///
    /// # Errors
    /// When the workspace cannot be read, or `each` fails, whose error is kept apart.
    pub fn export(
        &self,
        kind: Kind,
        each: &mut dyn FnMut(&[Option<String>]) -> io::Result<()>,
    ) -> Result<io::Result<()>, EngineError> {
        Ok(self.store.export(kind, each)?)
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
        let ended = calendar.end_of(last);
        for (source, kind) in demo::SOURCES {
            let new = NewBatch { source, kind, file: source, at: clock.now, currency: None, dry: false };
            let mut writer = engine.store.batch(&new)?;
            let mut line = 0;
            demo::tell(last, |from, record| -> Result<(), EngineError> {
                if from != source {
                    return Ok(());
                }
                line += 1;
                writer.put(line, &record)?;
                if writer.uncommitted() >= DEMO_ROWS && !writer.must_wait() {
                    writer.commit(clock.now, None)?;
                }
                Ok(())
            })?;
            let newest = writer.newest();
            let fresh = newest.is_some_and(|at| calendar.day_of(at) == last);
            writer.finish(clock.now, if fresh { Some(ended) } else { newest })?;
        }
        Ok(engine)
    }
}

/// Titles of an export, which are those of the import.
pub fn titles(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Events => &["user_id", "ts", "event", "channel", "platform", "props"],
        Kind::Revenue => &["order_id", "user_id", "ts", "stream", "amount", "currency", "refund_of"],
        Kind::Spend => &["date", "channel", "campaign", "amount", "currency", "impressions", "clicks"],
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
