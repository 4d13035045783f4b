//! A workspace of rows that a case does not write as events: payments, spend and rates beside them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;

use quarterdeck::domain::calendar::{Calendar, Day};
use quarterdeck::domain::money::Currency;
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Engine, NewWorkspace};
use quarterdeck::query::{Command, ImportRequest, Outcome};
use serde_json::Value;

use super::case::{CLOCK, Read, failed};

/// Rows of each kind, as lines of NDJSON.
#[derive(Default)]
pub struct Rows {
    pub events: Vec<Value>,
    pub revenue: Vec<Value>,
    pub spend: Vec<Value>,
    pub rates: Vec<Value>,
}

/// A workspace of some rows, each kind complete through the given day; a kind without rows has no source.
pub fn open(rows: &Rows, calendar: Calendar, currency: &str, through: Day) -> Read<(tempfile::TempDir, Engine)> {
    let folder = tempfile::tempdir()?;
    let profile = NewWorkspace {
        product: "case".into(),
        week_start: calendar.week_start,
        ..NewWorkspace::bare(calendar.zone, Currency::parse(currency))
    };
    let mut engine = Engine::create(&folder.path().join("case.db"), &profile)?;
    let kinds = [Kind::Events, Kind::Revenue, Kind::Spend, Kind::Rates];
    for (kind, rows) in kinds.into_iter().zip([&rows.events, &rows.revenue, &rows.spend, &rows.rates]) {
        if rows.is_empty() {
            continue;
        }
        let mut lines = String::new();
        for row in rows {
            writeln!(lines, "{row}")?;
        }
        let path = folder.path().join(format!("{}.ndjson", kind.name()));
        let mut file = tempfile::NamedTempFile::new_in(folder.path())?;
        file.write_all(lines.as_bytes())?;
        file.persist(&path)?;
        let request = ImportRequest { path, kind: Some(kind), through: Some(through), ..ImportRequest::default() };
        let outcome = engine.run(&Command::Import(request), CLOCK, &mut |_| ControlFlow::Continue(()))?;
        let Outcome::Imported(summary) = outcome else { return failed("the import gave another outcome") };
        if summary.counts.inserted != rows.len() as u64 {
            return failed(format!("{} of {} rows were stored: {:?}", summary.counts.inserted, rows.len(), summary));
        }
    }
    Ok((folder, engine))
}
