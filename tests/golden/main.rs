//! Golden tables that independent engines computed over real data, compared cell by cell with the engine's answers.
//!
//! Data sets are folders that hold `golden/` beside `events.csv.gz`, `orders.csv.gz` or `spend.csv.gz`: those below the
//! shared data folder (`QUARTERDECK_SHARED`, else `../shared/data` where it exists) and those named in
//! `QUARTERDECK_DATA` (colon-separated; a data set, or a folder of data sets). Without any the test says SKIPPED;
//! where it ran, a line begins with `GOLDEN-RAN`. A folder that was named and holds none is told as IGNORED.

mod money;
mod rules;
mod self_test;
mod sets;
mod table;

use std::error::Error;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rules::Desk;
use table::Golden;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[test]
fn golden_tables() {
    // Straight to the stream, because the harness hides what a passing test prints.
    let mut out = std::io::stdout();
    let found = sets::find(&sets::roots()).unwrap();
    for (folder, why) in &found.ignored {
        writeln!(out, "IGNORED {}: {why}", folder.display()).unwrap();
    }
    if found.sets.is_empty() {
        writeln!(out, "SKIPPED golden tables: no data set found; set QUARTERDECK_DATA or QUARTERDECK_SHARED").unwrap();
        return;
    }
    let total = run(&found.sets, &mut out).unwrap();
    writeln!(
        out,
        "GOLDEN-RAN data sets {} tables {} cells {} differ {}",
        found.sets.len(),
        total.tables,
        total.cells,
        total.differ
    )
    .unwrap();
    assert_eq!(total.differ, 0, "cells differ; the first of each table are printed above");
    assert!(total.failed.is_empty(), "not compared: {:#?}", total.failed);
}

/// What came of some tables.
#[derive(Default)]
struct Tally {
    tables: u64,
    cells: u64,
    differ: u64,
    /// Data sets and tables that could not be compared, with the reason.
    failed: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.tables += other.tables;
        self.cells += other.cells;
        self.differ += other.differ;
        self.failed.extend(other.failed);
    }

    fn fail(&mut self, what: &str, why: &str, out: &mut dyn Write) -> std::io::Result<()> {
        self.failed.push(format!("{what}: {why}"));
        writeln!(out, "  FAIL {what}: {why}")
    }
}

/// Compares every data set; one that fails does not keep the next from being compared.
fn run(sets: &[PathBuf], out: &mut dyn Write) -> Result<Tally> {
    let mut total = Tally::default();
    for folder in sets {
        writeln!(out, "{}", folder.display())?;
        let compared = catch_unwind(AssertUnwindSafe(|| compare(folder, out)));
        let failure = match compared {
            Ok(Ok(tally)) => {
                total.add(tally);
                continue;
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "panicked".to_owned(),
        };
        total.fail(&folder.display().to_string(), &failure, out)?;
    }
    Ok(total)
}

/// Compares every table of a data set; one that fails does not keep the next from being compared.
fn compare(folder: &Path, out: &mut dyn Write) -> Result<Tally> {
    let tables = sets::tables(folder)?;
    let mut desk = Desk::load(folder, sets::days(&tables)?, out)?;
    let mut total = Tally::default();
    for (name, path) in &tables {
        let Some(rule) = rules::find(name) else {
            writeln!(out, "  no rule {name}")?;
            continue;
        };
        let compared = Golden::read(path).and_then(|golden| {
            let got = (rule.ask)(&mut desk)?;
            golden.compare(rule, &got, out)
        });
        match compared {
            Ok(tally) => {
                writeln!(out, "  {name}: {} cells compared, {} differ", tally.cells, tally.differ)?;
                total.add(tally);
            }
            Err(error) => total.fail(&format!("{}/{name}", folder.display()), &error.to_string(), out)?,
        }
    }
    Ok(total)
}
