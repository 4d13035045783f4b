//! The program as a user runs it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use quarterdeck::domain::records::Counts;
use quarterdeck::engine::{Access, Engine, NewWorkspace};
use quarterdeck::query::{Answer, Query};
use serde_json::Value;

use super::{CLOCK, Result};

/// A workspace made by the program.
pub struct Program {
    db: PathBuf,
}

/// What one `import` told.
pub struct Done {
    /// Exit code.
    pub code: u64,
    /// Counts as printed; those of the ledger where it stopped half-way; none where nothing was stored.
    pub counts: Counts,
    /// Source it was booked to.
    pub source: Option<String>,
}

impl Program {
    pub fn new(home: &Path, profile: &NewWorkspace) -> Result<Self> {
        let program = Self { db: home.join("program.db") };
        let mut args = vec!["init", "--tz", profile.zone.name(), "--week-start", profile.week_start.name()];
        if let Some(currency) = &profile.currency {
            args.extend(["--currency", currency.code()]);
        }
        let made = program.run(args.iter().map(AsRef::as_ref))?;
        if made.status.success() { Ok(program) } else { Err(String::from_utf8_lossy(&made.stderr).into()) }
    }

    /// Imports one file.
    pub fn import(&self, path: &Path, args: &[&str]) -> Result<Done> {
        let before = self.batches()?;
        let words = ["import", "--format", "json"].into_iter().chain(args.iter().copied());
        let ran = self.run(words.map(AsRef::as_ref).chain([path.as_os_str()]))?;
        let code = ran.status.code().ok_or("ended by a signal")?.try_into()?;
        let told: Value = serde_json::from_slice(&ran.stdout).unwrap_or_default();
        if let Some(row) = told["rows"].get(0) {
            let count = |key: &str| row[key].as_u64().ok_or_else(|| format!("the summary lacks {key}"));
            let counts = Counts {
                read: count("read")?,
                inserted: count("inserted")?,
                updated: count("updated")?,
                duplicate: count("duplicate")?,
                conflict: count("conflict")?,
                rejected: count("rejected")?,
                blank: count("blank")?,
            };
            return Ok(Done { code, counts, source: row["source"].as_str().map(str::to_owned) });
        }
        let begun = self.batches()?.into_iter().find(|b| before.iter().all(|old| old.0 != b.0));
        let (counts, source) = begun.map_or((Counts::default(), None), |(_, source, counts)| (counts, Some(source)));
        Ok(Done { code, counts, source })
    }

    /// Opens the workspace to look at it.
    pub fn open(&self) -> Result<Engine> {
        Ok(Engine::open(&self.db, Access::ReadOnly, Duration::from_secs(5))?)
    }

    fn batches(&self) -> Result<Vec<(i64, String, Counts)>> {
        match self.open()?.answer(&Query::Data, CLOCK)? {
            Answer::Data(data) => Ok(data.imports.into_iter().map(|i| (i.batch, i.source, i.counts)).collect()),
            _ => Err("another answer".into()),
        }
    }

    fn run<'a>(&self, words: impl Iterator<Item = &'a std::ffi::OsStr>) -> Result<Output> {
        let program = env!("CARGO_BIN_EXE_quarterdeck");
        Ok(Command::new(program).args(words).arg("--db").arg(&self.db).stdin(std::process::Stdio::null()).output()?)
    }
}
