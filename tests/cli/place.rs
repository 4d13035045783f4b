//! A folder with a tiny workspace, and the program in it.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::ffi::OsStr;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use quarterdeck::domain::calendar::{Day, Instant, Zone};
use quarterdeck::domain::money::Currency;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::query::{self, ImportRequest};

/// 2026-06-04T00:00:00Z, when the files were imported.
const IMPORTED: Clock = Clock { now: Instant(1_780_531_200_000_000), today: None };

/// A folder of its own, with a workspace or without.
pub struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// No workspace.
    pub fn bare() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A workspace with `tests/fixtures/cli`, complete through 2026-06-03.
    pub fn new() -> Self {
        let place = Self::bare();
        let profile =
            NewWorkspace { product: "Lantern".into(), ..NewWorkspace::bare(Zone::UTC, Currency::parse("USD")) };
        let mut engine = Engine::create(&place.db(), &profile).unwrap();
        for file in ["events.csv", "orders.csv"] {
            let request = ImportRequest {
                // As a user in the repository's folder would name it; `import list` shows it so.
                path: Path::new("tests/fixtures/cli").join(file),
                through: Day::parse("2026-06-03"),
                ..ImportRequest::default()
            };
            engine.run(&query::Command::Import(request), IMPORTED, &mut |_| ControlFlow::Continue(())).unwrap();
        }
        place
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn db(&self) -> PathBuf {
        self.folder().join("w.db")
    }

    /// Writes a file into the folder.
    #[expect(clippy::disallowed_methods, reason = "a file of the test")]
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The program in the folder, in a UTF-8 locale, on 2026-06-04.
    pub fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_quarterdeck"));
        command.current_dir(self.folder()).args(args).env("QUARTERDECK_DB", self.db()).env("LC_ALL", "C.UTF-8");
        command.env("XDG_DATA_HOME", self.folder()).env("TZ", "UTC").stdin(std::process::Stdio::null());
        command
    }

    /// Runs it to its end.
    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Ended {
        Ended::from(Command::from_std(self.command(args)).output().unwrap())
    }

    /// Runs a line of words.
    pub fn line(&self, line: &str) -> Ended {
        self.run(line.split(' ').filter(|w| !w.is_empty()))
    }
}

/// How the program ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}
