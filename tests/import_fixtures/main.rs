//! Messy files as operators have them, and what import must make of each.
//!
//! Runs every entry of `tests/fixtures/import/manifest.json` and of each folder in `QUARTERDECK_FIXTURES` (colon-separated),
//! each in a new workspace: one line an entry, `ok ID` or `FAIL ID field expected .. got ..`.
//! The program itself imports; a twin inside the test imports the same files for what the program does not print.

mod compare;
mod program;
mod self_test;
mod stored;
mod twin;

use std::error::Error;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use quarterdeck::domain::records::Counts;
use quarterdeck::engine::{Clock, NewWorkspace};
use serde_json::Value;

use program::Program;
use stored::Stored;
use twin::Twin;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// 2030-01-01: after every row but those the entries mark as future.
const CLOCK: Clock = Clock { now: quarterdeck::domain::calendar::Instant(1_893_456_000_000_000), today: None };

/// How one command ended.
#[derive(Debug, Clone, Default)]
struct Ended {
    code: u64,
    counts: Counts,
    /// Lines of rejected rows, the first 1,000.
    lines: Vec<u64>,
}

#[test]
fn every_entry_gives_what_its_manifest_says() {
    let mut out = std::io::stdout();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import");
    let named = std::env::var("QUARTERDECK_FIXTURES").unwrap_or_default();
    let more = named.split(':').filter(|f| !f.is_empty()).map(PathBuf::from);
    let (mut ok, mut failed) = (0, Vec::new());
    for folder in std::iter::once(shipped).chain(more) {
        let entries = entries(&folder).unwrap_or_else(|error| {
            writeln!(out, "FAIL {} {error}", folder.display()).unwrap();
            failed.push(folder.display().to_string());
            Vec::new()
        });
        for entry in &entries {
            let id = entry["id"].as_str().unwrap_or("?");
            let ran = catch_unwind(AssertUnwindSafe(|| run(&folder, entry)));
            let wrong = match ran {
                Ok(ran) => ran.unwrap_or_else(|e| vec![format!("stopped: {e}")]),
                Err(_) => vec!["stopped: a panic".to_owned()],
            };
            if wrong.is_empty() {
                ok += 1;
                writeln!(out, "ok {id}").unwrap();
            } else {
                failed.push(id.to_owned());
                writeln!(out, "FAIL {id} {}", wrong.join("; ")).unwrap();
            }
        }
    }
    writeln!(out, "import fixtures: {ok} ok, {} failed", failed.len()).unwrap();
    assert!(ok > 0, "no entry was run");
    assert!(failed.is_empty(), "entries differ from their manifest: {failed:#?}");
}

#[expect(clippy::disallowed_methods, reason = "a manifest is a file of the test, never a workspace")]
fn entries(folder: &Path) -> Result<Vec<Value>> {
    Ok(serde_json::from_str(&std::fs::read_to_string(folder.join("manifest.json"))?)?)
}

/// Imports the files of an entry one after the other, and says what differs from its manifest.
fn run(folder: &Path, entry: &Value) -> Result<Vec<String>> {
    let home = tempfile::tempdir()?;
    let profile = profile(&entry["workspace"])?;
    let program = Program::new(home.path(), &profile)?;
    let mut twin = Twin::new(home.path(), &profile)?;
    let args = entry["args"].as_array().ok_or("args")?.iter().map(|a| a.as_str().ok_or("args"));
    let args = args.collect::<std::result::Result<Vec<_>, _>>()?;
    let (mut ended, mut wrong, mut source) = (Vec::new(), Vec::new(), None);
    for file in entry["files"].as_array().ok_or("files")? {
        let path = folder.join(file.as_str().ok_or("file")?);
        // git keeps no empty folder.
        let emptied = entry["id"] == "directory" && !path.exists();
        let path = if emptied { home.path().to_path_buf() } else { path };
        let done = program.import(&path, &args)?;
        let inside = twin.import(&path, &args)?;
        wrong.extend(inside.differs(&done));
        source = done.source.or(source);
        ended.push(Ended { code: done.code, counts: done.counts, lines: inside.lines });
    }
    let stored = Stored::read(&mut program.open()?, source.as_deref())?;
    wrong.extend(compare::all(&entry["expected"], &ended, &stored));
    Ok(wrong)
}

fn profile(space: &Value) -> Result<NewWorkspace> {
    use quarterdeck::domain::calendar::{WeekStart, Zone};
    use quarterdeck::domain::money::Currency;
    let text = |key: &str, default: &'static str| space[key].as_str().unwrap_or(default).to_owned();
    Ok(NewWorkspace {
        week_start: WeekStart::parse(&text("week_start", "monday")).ok_or("workspace.week_start is no weekday")?,
        ..NewWorkspace::bare(
            Zone::parse(&text("tz", "UTC")).ok_or("workspace.tz is no zone")?,
            Currency::parse(&text("currency", "")),
        )
    })
}
