//! Golden tables that independent engines computed over real data, compared cell by cell with the engine's answers.
//!
//! Data sets are folders that hold `golden/` beside `events.csv.gz`, `orders.csv.gz` or `spend.csv.gz`: those below the
//! shared data folder (`QUARTERDECK_SHARED`, else `../shared/data` where it exists) and those named in
//! `QUARTERDECK_DATA` (colon-separated; a data set, or a folder of data sets). Without any the test says SKIPPED;
//! where it ran, a line begins with `GOLDEN-RAN`.

#![expect(clippy::disallowed_methods, reason = "the tables are files of the test, never a workspace")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use quarterdeck::domain::calendar::{Calendar, Day, Grain, Instant, Span, WeekStart, Zone};
use quarterdeck::domain::money::{self, Currency};
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::query::{
    Answer, Average, CohortKind, Command, Criterion, ImportRequest, IntervalZero, MetricQuery, Number, Query,
    RetentionQuery, RetentionTable, Segment,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A moment after every data set.
const CLOCK: Clock = Clock { now: Instant(1_893_456_000_000_000), today: None };
/// Largest difference of a rate; the tables have six decimals.
const RATE: f64 = 1e-6;

#[test]
fn golden_tables() {
    // Straight to the stream, because the harness hides what a passing test prints.
    let mut out = std::io::stdout();
    let sets = data_sets().unwrap();
    if sets.is_empty() {
        writeln!(out, "SKIPPED golden tables: no data set found; set QUARTERDECK_DATA or QUARTERDECK_SHARED").unwrap();
        return;
    }
    let mut total = Tally::default();
    for folder in &sets {
        let tally = compare(folder, &mut out).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        total.add(&tally);
    }
    writeln!(
        out,
        "GOLDEN-RAN data sets {} tables {} cells {} differ {}",
        sets.len(),
        total.tables,
        total.cells,
        total.differ
    )
    .unwrap();
    assert_eq!(total.differ, 0, "cells differ; the first of each table is printed above");
    assert!(total.cells > 0, "no cell was compared");
}

/// Cells compared.
#[derive(Default)]
struct Tally {
    tables: u64,
    cells: u64,
    differ: u64,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.tables += other.tables;
        self.cells += other.cells;
        self.differ += other.differ;
    }
}

/// Every data set below the shared folder and the folders named by the environment, each once.
fn data_sets() -> Result<Vec<PathBuf>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let shared = std::env::var_os("QUARTERDECK_SHARED").map_or(beside, PathBuf::from);
    let mut roots: Vec<PathBuf> = Vec::new();
    if shared.is_dir() {
        roots.push(shared);
    }
    let named = std::env::var("QUARTERDECK_DATA").unwrap_or_default();
    roots.extend(named.split(':').filter(|f| !f.is_empty()).map(PathBuf::from));
    let mut sets = BTreeSet::new();
    for root in roots {
        if root.join("golden").is_dir() {
            sets.insert(root.canonicalize()?);
            continue;
        }
        for entry in std::fs::read_dir(&root).map_err(|e| format!("{}: {e}", root.display()))? {
            let path = entry?.path();
            if path.join("golden").is_dir() {
                sets.insert(path.canonicalize()?);
            }
        }
    }
    Ok(sets.into_iter().collect())
}

fn compare(folder: &Path, out: &mut dyn std::io::Write) -> Result<Tally> {
    let golden = folder.join("golden");
    let mut tables: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(&golden)? {
        let path = entry?.path();
        let is_table = |p: &Path| p.extension().is_some_and(|e| e == "csv");
        if is_table(&path) || path.extension().is_some_and(|e| e == "gz") && is_table(&path.with_extension("")) {
            tables.push(path);
        }
    }
    tables.sort();
    let span = span_of(&golden)?;
    let (_folder, engine) = workspace(folder, span)?;
    let mut desk = Desk { engine, span };
    let mut total = Tally::default();
    writeln!(out, "{} {} to {}", folder.display(), span.first, span.last)?;
    for path in tables {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("").trim_end_matches(".gz");
        let name = name.trim_end_matches(".csv");
        let Some(rule) = rule(name) else {
            writeln!(out, "  no rule {name}")?;
            continue;
        };
        let table = read_table(&path)?;
        let got = rule(&mut desk)?;
        let tally = differences(name, &table, &got, out)?;
        writeln!(out, "  {name}: {} cells compared, {} differ", tally.cells, tally.differ)?;
        total.add(&tally);
    }
    Ok(total)
}

/// The engine's cells by row key and column; every golden row must be among them.
type Cells = BTreeMap<Vec<String>, BTreeMap<&'static str, Got>>;

/// A cell as the engine gives it.
#[derive(Debug, Clone)]
enum Got {
    Empty,
    Whole(i128),
    /// Exact, in micros.
    Money(i128),
    Rate(f64),
}

impl From<Number> for Got {
    fn from(number: Number) -> Self {
        match number {
            Number::None => Self::Empty,
            Number::Count(n) => Self::Whole(n),
            Number::Money(micros) => Self::Money(micros),
            Number::Ratio { .. } | Number::Mean { .. } | Number::MoneyPer { .. } => {
                number.value().map_or(Self::Empty, Self::Rate)
            }
        }
    }
}

impl Got {
    fn agrees(&self, golden: &str) -> bool {
        match self {
            Self::Empty => golden.is_empty(),
            Self::Whole(n) => golden.parse::<f64>().is_ok_and(|g| (g - *n as f64).abs() < RATE),
            Self::Money(micros) => golden == money::rounded(*micros, 4),
            Self::Rate(rate) => golden.parse::<f64>().is_ok_and(|g| (g - rate).abs() <= RATE),
        }
    }
}

/// A golden table: titles and rows.
struct Golden {
    titles: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn read_table(path: &Path) -> Result<Golden> {
    let bytes = std::fs::read(path)?;
    let text = if path.extension().is_some_and(|e| e == "gz") {
        std::io::read_to_string(flate2::read::MultiGzDecoder::new(&bytes[..]))?
    } else {
        String::from_utf8(bytes)?
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let titles = reader.headers()?.iter().map(str::to_owned).collect();
    let rows = reader.records().map(|r| Ok(r?.iter().map(str::to_owned).collect())).collect::<Result<_>>()?;
    Ok(Golden { titles, rows })
}

/// Compares every cell of a golden table; key columns are those that no engine cell is named by.
fn differences(name: &str, golden: &Golden, got: &Cells, out: &mut dyn std::io::Write) -> Result<Tally> {
    let mut tally = Tally { tables: 1, ..Tally::default() };
    let columns: BTreeSet<&str> = got.values().flat_map(|row| row.keys().copied()).collect();
    let is_key = |title: &str| !columns.contains(title);
    for row in &golden.rows {
        let cells = || golden.titles.iter().zip(row);
        let key: Vec<String> = cells().filter(|(t, _)| is_key(t)).map(|(_, v)| v.clone()).collect();
        for (title, value) in cells().filter(|(t, _)| !is_key(t)) {
            tally.cells += 1;
            let mine = got.get(&key).and_then(|r| r.get(title.as_str()));
            if mine.is_some_and(|m| m.agrees(value)) {
                continue;
            }
            tally.differ += 1;
            if tally.differ <= 3 {
                writeln!(out, "  FAIL {name} {key:?} {title}: expected {value:?} got {mine:?}")?;
            }
        }
    }
    Ok(tally)
}

/// First and last day of the data set, from the table that lists every day.
fn span_of(golden: &Path) -> Result<Span> {
    let daily = read_table(&golden.join("daily.csv"))?;
    let day = |row: Option<&Vec<String>>| row.and_then(|r| Day::parse(&r[0])).ok_or("daily.csv has no day");
    Ok(Span::new(day(daily.rows.first())?, day(daily.rows.last())?))
}

/// Imports the canonical files of a data set as they are; each covers the whole span.
fn workspace(folder: &Path, span: Span) -> Result<(tempfile::TempDir, Engine)> {
    let place = tempfile::tempdir()?;
    let profile = NewWorkspace {
        product: "golden".into(),
        form: String::new(),
        stage: String::new(),
        currency: Currency::parse("USD"),
        zone: Zone::UTC,
        week_start: WeekStart::Monday,
    };
    let mut engine = Engine::create(&place.path().join("golden.db"), &profile)?;
    for (name, kind) in [("events", Kind::Events), ("orders", Kind::Revenue), ("spend", Kind::Spend)] {
        let found = [format!("{name}.csv.gz"), format!("{name}.csv")].map(|f| folder.join(f));
        let Some(path) = found.into_iter().find(|p| p.is_file()) else { continue };
        let request = ImportRequest { path, kind: Some(kind), through: Some(span.last), ..ImportRequest::default() };
        engine.run(&Command::Import(request), CLOCK, &mut |_| ControlFlow::Continue(()))?;
    }
    Ok((place, engine))
}

/// Asks the questions that a table is made of.
struct Desk {
    engine: Engine,
    span: Span,
}

/// What makes one table.
type Rule = fn(&mut Desk) -> Result<Cells>;

fn rule(table: &str) -> Option<Rule> {
    Some(match table {
        "daily" => daily,
        "active_week" => |d| active(d, Grain::Week),
        "active_month" => |d| active(d, Grain::Month),
        "growth_week" => |d| growth(d, Grain::Week),
        "growth_month" => |d| growth(d, Grain::Month),
        "retention_day" => |d| retention(d, Grain::Day, 30),
        "retention_week" => |d| retention(d, Grain::Week, 12),
        "retention_month" => |d| retention(d, Grain::Month, 12),
        "revenue_day" => |d| revenue(d, Grain::Day),
        "revenue_week" => |d| revenue(d, Grain::Week),
        "revenue_month" => |d| revenue(d, Grain::Month),
        _ => return None,
    })
}

impl Desk {
    /// A metric by the uncut first day of its buckets.
    fn metric(&mut self, metric: &'static str, grain: Grain, window: Option<u16>) -> Result<Vec<(Day, Number)>> {
        let query = MetricQuery {
            metric,
            span: self.span,
            grain: Some(grain),
            segment: Segment::default(),
            split: None,
            event: None,
            window_days: window,
        };
        let Answer::Metric(series) = self.engine.answer(&Query::Metric(query), CLOCK)? else {
            return Err("another answer".into());
        };
        let line = series.lines.last().ok_or("no line")?;
        Ok(line.points.iter().map(|p| (Calendar::UTC.bucket(grain, p.span.first).first, p.value)).collect())
    }

    /// Puts a metric into a column.
    fn column(&mut self, cells: &mut Cells, column: &'static str, metric: &'static str, grain: Grain) -> Result<()> {
        for (day, value) in self.metric(metric, grain, None)? {
            cells.entry(vec![day.to_string()]).or_default().insert(column, value.into());
        }
        Ok(())
    }

    fn retention(&mut self, grain: Grain, intervals: u16, criterion: Criterion) -> Result<RetentionTable> {
        let query = RetentionQuery {
            span: self.span,
            grain,
            intervals,
            kind: CohortKind::FirstTime,
            criterion,
            interval_zero: IntervalZero::Observed,
            average: Average::Pooled,
            start: None,
            ret: None,
            segment: Segment::default(),
            observe_until: None,
        };
        match self.engine.answer(&Query::Retention(query), CLOCK)? {
            Answer::Retention(table) => Ok(table),
            _ => Err("another answer".into()),
        }
    }
}

/// `a / b`, empty where `b` is 0.
fn quotient(a: Option<&Got>, b: Option<&Got>) -> Got {
    let number = |got: Option<&Got>| match got {
        Some(Got::Whole(n)) => *n as f64,
        Some(Got::Rate(rate)) => *rate,
        _ => 0.0,
    };
    let (a, b) = (number(a), number(b));
    if b == 0.0 { Got::Empty } else { Got::Rate(a / b) }
}

fn daily(desk: &mut Desk) -> Result<Cells> {
    let mut cells = Cells::new();
    for (column, metric) in [("dau", "dau"), ("new_users", "new_users"), ("wau_7d", "wau"), ("mau_30d", "mau")] {
        desk.column(&mut cells, column, metric, Grain::Day)?;
    }
    for (day, value) in desk.metric("active_users", Grain::Day, Some(28))? {
        cells.entry(vec![day.to_string()]).or_default().insert("mau_28d", value.into());
    }
    for row in cells.values_mut() {
        row.insert("dau_over_mau_28d", quotient(row.get("dau"), row.get("mau_28d")));
        row.insert("dau_over_mau_30d", quotient(row.get("dau"), row.get("mau_30d")));
    }
    Ok(cells)
}

fn active(desk: &mut Desk, grain: Grain) -> Result<Cells> {
    let mut cells = Cells::new();
    desk.column(&mut cells, "active_users", "active_users", grain)?;
    desk.column(&mut cells, "new_users", "new_users", grain)?;
    if grain == Grain::Month {
        desk.column(&mut cells, "avg_dau", "dau", grain)?;
        for (key, row) in &mut cells {
            let bucket = Calendar::UTC.bucket(grain, Day::parse(&key[0]).ok_or("not a day")?);
            let covered = bucket.intersect(desk.span).map_or(0, Span::days);
            row.insert("days_covered", Got::Whole(covered.into()));
            row.insert("stickiness", quotient(row.get("avg_dau"), row.get("active_users")));
        }
    }
    Ok(cells)
}

fn growth(desk: &mut Desk, grain: Grain) -> Result<Cells> {
    let mut cells = Cells::new();
    for (column, metric) in [
        ("active", "active_users"),
        ("new_users", "new_users"),
        ("retained", "returning_users"),
        ("resurrected", "resurrected_users"),
        ("churned", "dormant_users"),
    ] {
        desk.column(&mut cells, column, metric, grain)?;
    }
    for row in cells.values_mut() {
        let whole = |column: &str| if let Some(Got::Whole(n)) = row.get(column) { *n } else { 0 };
        let came = Got::Whole(whole("new_users") + whole("resurrected"));
        row.insert("quick_ratio", quotient(Some(&came), row.get("churned")));
    }
    Ok(cells)
}

fn retention(desk: &mut Desk, grain: Grain, intervals: u16) -> Result<Cells> {
    let mut cells = Cells::new();
    for (criterion, users, rate) in
        [(Criterion::On, "users_on", "rate_on"), (Criterion::OnOrAfter, "users_on_or_after", "rate_on_or_after")]
    {
        for cohort in desk.retention(grain, intervals, criterion)?.cohorts {
            for (n, cell) in cohort.cells.iter().enumerate() {
                let row = cells.entry(vec![cohort.bucket.first.to_string(), n.to_string()]).or_default();
                let (back, size) = (i128::from(cell.users), i128::from(cohort.size));
                row.insert("cohort_size", Got::Whole(size));
                row.insert(users, Got::Whole(back));
                row.insert(rate, Number::ratio(back, size).into());
            }
        }
    }
    Ok(cells)
}

fn revenue(desk: &mut Desk, grain: Grain) -> Result<Cells> {
    let mut cells = Cells::new();
    for (column, metric) in [
        ("orders", "orders"),
        ("gross", "gross"),
        ("refunds", "refunds"),
        ("net", "net"),
        ("net_attributed", "net_attributed"),
        ("payers", "payers"),
        ("active_users", "active_users"),
        ("arpu", "arpu"),
        ("arppu", "arppu"),
        ("paid_conversion", "paid_rate"),
    ] {
        desk.column(&mut cells, column, metric, grain)?;
    }
    Ok(cells)
}
