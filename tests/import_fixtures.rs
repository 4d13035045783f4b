//! Messy files as operators have them, and what import must make of each.
//!
//! Runs every entry of `tests/fixtures/import/manifest.json` and of each folder in `QUARTERDECK_FIXTURES` (colon-separated),
//! each in a new workspace: one line an entry, `ok ID`, `FAIL ID field expected .. got ..` or `unsupported ID reason`.

#![expect(clippy::disallowed_methods, reason = "manifests are files of the test, never a workspace")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use quarterdeck::domain::calendar::{Calendar, Day, Instant, WeekStart, Zone};
use quarterdeck::domain::money::{Currency, exact};
use quarterdeck::domain::records::{Counts, Kind};
use quarterdeck::engine::{Clock, Engine, EngineError, NewWorkspace, titles};
use quarterdeck::query::{Answer, Command, ImportRequest, ImportSummary, Outcome, Query};
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn Error>>;
type Row = BTreeMap<String, String>;

/// 2030-01-01: after every row but those the entries mark as future.
const CLOCK: Clock = Clock { now: Instant(1_893_456_000_000_000), today: None };

/// Entries of formats that are not built yet.
const VENDOR: [&str; 5] = ["google_ads", "meta_ads", "meta_daily", "meta_period", "stripe"];

#[test]
fn every_entry_gives_what_its_manifest_says() {
    let mut out = std::io::stdout();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import")];
    let named = std::env::var("QUARTERDECK_FIXTURES").unwrap_or_default();
    folders.extend(named.split(':').filter(|f| !f.is_empty()).map(PathBuf::from));
    let (mut ok, mut failed) = (0, 0);
    for folder in folders {
        let text = std::fs::read_to_string(folder.join("manifest.json")).unwrap();
        let entries: Vec<Value> = serde_json::from_str(&text).unwrap();
        for entry in &entries {
            let id = entry["id"].as_str().unwrap_or("?");
            if let Some(why) = unsupported(entry) {
                writeln!(out, "unsupported {id} {why}").unwrap();
                continue;
            }
            let wrong = run(&folder, entry).unwrap_or_else(|e| vec![format!("stopped: {e}")]);
            if wrong.is_empty() {
                ok += 1;
                writeln!(out, "ok {id}").unwrap();
            } else {
                failed += 1;
                writeln!(out, "FAIL {id} {}", wrong.join("; ")).unwrap();
            }
        }
    }
    writeln!(out, "import fixtures: {ok} ok, {failed} failed").unwrap();
    assert!(ok > 0, "no entry was run");
    assert_eq!(failed, 0, "entries differ from their manifest");
}

fn unsupported(entry: &Value) -> Option<&'static str> {
    let id = entry["id"].as_str().unwrap_or("");
    if entry["kind"] == "facts" {
        return Some("daily facts");
    }
    (VENDOR.contains(&id) || id.starts_with("shopify")).then_some("vendor format")
}

/// How one command ended.
struct Ended {
    code: u64,
    counts: Counts,
    lines: Vec<u64>,
}

fn run(folder: &Path, entry: &Value) -> Result<Vec<String>> {
    let home = tempfile::tempdir()?;
    let space = &entry["workspace"];
    let text = |key: &str| space[key].as_str().unwrap_or("");
    let profile = NewWorkspace {
        product: String::new(),
        form: String::new(),
        stage: String::new(),
        currency: Currency::parse(text("currency")),
        zone: Zone::parse(text("tz")).ok_or("zone")?,
        week_start: WeekStart::parse(text("week_start")).unwrap_or_default(),
    };
    let calendar = Calendar { zone: profile.zone, week_start: profile.week_start };
    let mut engine = Engine::create(&home.path().join("w.db"), &profile)?;
    let mut ended = Vec::new();
    for file in entry["files"].as_array().ok_or("files")? {
        let name = file.as_str().ok_or("file")?;
        let path = folder.join(name);
        // git keeps no empty folder.
        let path = if path.exists() { path } else { home.path().to_path_buf() };
        ended.push(import(&mut engine, &request(path, &entry["args"])?));
    }
    let stored = Stored::read(&mut engine, calendar)?;
    Ok(compare(&entry["expected"], &ended, &stored))
}

fn request(path: PathBuf, args: &Value) -> Result<ImportRequest> {
    let args: Vec<&str> = args.as_array().ok_or("args")?.iter().filter_map(Value::as_str).collect();
    let mut request = ImportRequest { path, ..ImportRequest::default() };
    let mut args = args.into_iter();
    while let Some(flag) = args.next() {
        let mut value = || args.next().ok_or("a flag without its value");
        match flag {
            "--kind" => request.kind = Kind::parse(value()?),
            "--tz" => request.zone = Zone::parse(value()?),
            "--through" => request.through = Day::parse(value()?),
            "--source" => request.source = Some(value()?.to_owned()),
            "--dry-run" => request.dry_run = true,
            "--map" => {
                let pairs = value()?.split(',').filter_map(|p| p.split_once('='));
                request.map = pairs.map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
            }
            other => return Err(format!("flag {other}").into()),
        }
    }
    Ok(request)
}

fn import(engine: &mut Engine, request: &ImportRequest) -> Ended {
    match engine.run(&Command::Import(request.clone()), CLOCK, &mut |_| ControlFlow::Continue(())) {
        Ok(Outcome::Imported(summary)) => imported(&summary),
        Ok(_) => failed(1),
        Err(error) => failed(code(&error)),
    }
}

fn code(error: &EngineError) -> u64 {
    u64::from(error.exit_code())
}

fn imported(summary: &ImportSummary) -> Ended {
    let found = summary.counts.rejected + summary.counts.conflict > 0;
    Ended { code: if found { 3 } else { 0 }, counts: summary.counts, lines: summary.rejected_lines.clone() }
}

fn failed(code: u64) -> Ended {
    Ended { code, counts: Counts::default(), lines: Vec::new() }
}

/// Rows of the workspace after the last command.
struct Stored {
    events: Vec<Row>,
    revenue: Vec<Row>,
    spend: Vec<Row>,
    calendar: Calendar,
    through: Option<Instant>,
}

impl Stored {
    fn read(engine: &mut Engine, calendar: Calendar) -> Result<Self> {
        let rows = |engine: &Engine, kind| -> Result<Vec<Row>> {
            let mut out = Vec::new();
            engine.export(kind, None, &mut |cells| {
                let pairs = titles(kind).iter().zip(cells).filter_map(|(t, c)| Some(((*t).to_owned(), c.clone()?)));
                out.push(pairs.collect());
                Ok(())
            })??;
            Ok(out)
        };
        let (events, revenue, spend) =
            (rows(engine, Kind::Events)?, rows(engine, Kind::Revenue)?, rows(engine, Kind::Spend)?);
        let Answer::Data(data) = engine.answer(&Query::Data, CLOCK)? else { return Err("another answer".into()) };
        let through = data.sources.iter().filter_map(|s| s.through).max();
        Ok(Self { events, revenue, spend, calendar, through })
    }

    fn days(&self) -> BTreeSet<String> {
        let instants = self.events.iter().chain(&self.revenue).filter_map(|r| r.get("ts"));
        let local = instants.filter_map(|t| Some(self.calendar.day_of(instant(t)?).to_string()));
        local.chain(self.spend.iter().filter_map(|r| r.get("date").cloned())).collect()
    }

    fn sums(&self, wanted: impl Fn(i128) -> bool, sign: i128) -> Value {
        let mut sums: BTreeMap<String, i128> = BTreeMap::new();
        for row in &self.revenue {
            let amount = micros(row);
            if wanted(amount) {
                *sums.entry(row["currency"].clone()).or_default() += sign * amount;
            }
        }
        sums.into_iter().map(|(code, sum)| (code, Value::from(exact(sum)))).collect::<serde_json::Map<_, _>>().into()
    }

    fn get(&self, field: &str) -> Value {
        let distinct = |rows: &[Row], key: &str, positive: bool| {
            let rows = rows.iter().filter(|r| !positive || micros(r) > 0);
            json!(rows.filter_map(|r| r.get(key)).collect::<BTreeSet<_>>().len())
        };
        match field {
            "users" => distinct(&self.events, "user_id", false),
            "orders" => distinct(&self.revenue, "order_id", true),
            "payers" => distinct(&self.revenue, "user_id", true),
            "events_by_name" => {
                let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
                self.events.iter().for_each(|r| *counts.entry(&r["event"]).or_default() += 1);
                json!(counts)
            }
            "revenue_by_currency" => self.sums(|_| true, 1),
            "refunds_by_currency" => self.sums(|a| a < 0, -1),
            "spend_by_day" => {
                let mut sums: BTreeMap<&str, BTreeMap<&str, i128>> = BTreeMap::new();
                for row in &self.spend {
                    *sums.entry(&row["date"]).or_default().entry(&row["currency"]).or_default() += micros(row);
                }
                let text = |s: BTreeMap<&str, i128>| {
                    s.into_iter().map(|(k, v)| (k.to_owned(), exact(v))).collect::<BTreeMap<_, _>>()
                };
                json!(sums.into_iter().map(|(day, s)| (day.to_owned(), text(s))).collect::<BTreeMap<_, _>>())
            }
            "first_day" => json!(self.days().first()),
            "last_day" => json!(self.days().last()),
            "utc_times" => {
                let times = self.events.iter().filter_map(|r| Some((r.get("user_id")?.clone(), r["ts"].clone())));
                json!(times.collect::<BTreeMap<_, _>>())
            }
            "stored" => json!(self.events.len() + self.revenue.len() + self.spend.len()),
            "through" => json!(self.through.map(|at| self.calendar.day_of(Instant(at.0 - 1)).to_string())),
            _ => Value::Null,
        }
    }
}

fn micros(row: &Row) -> i128 {
    let text = row.get("amount").map_or("0", String::as_str);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: i128 = format!("{}{fraction:0<6}", whole.trim_start_matches('-')).parse().unwrap_or(i128::MAX);
    if whole.starts_with('-') { -digits } else { digits }
}

fn instant(text: &str) -> Option<Instant> {
    chrono::DateTime::parse_from_rfc3339(text).ok().map(|t| Instant(t.timestamp_micros()))
}

fn compare(expected: &Value, ended: &[Ended], stored: &Stored) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut total = Counts::default();
    for one in ended {
        total.add(&one.counts);
    }
    for one in ended {
        if !one.counts.conserved() {
            wrong.push(format!("counts do not add up: {:?}", one.counts));
        }
    }
    let none = serde_json::Map::new();
    for (field, wanted) in expected.as_object().unwrap_or(&none) {
        let last = ended.last();
        let got = match field.as_str() {
            "notes" => continue,
            "exit_code" => json!(last.map(|e| e.code)),
            "rejected_lines" if wanted.as_array().is_some_and(|a| a.first().is_some_and(Value::is_array)) => {
                json!(ended.iter().map(|e| e.lines.clone()).collect::<Vec<_>>())
            }
            "rejected_lines" => json!(ended.iter().flat_map(|e| e.lines.clone()).collect::<Vec<_>>()),
            "per_file" => {
                wrong.extend(per_file(wanted, ended));
                continue;
            }
            name => count(&total, name).unwrap_or_else(|| stored.get(name)),
        };
        if got != *wanted {
            let (want, got) = (wanted.to_string(), got.to_string());
            wrong.push(format!("{field} expected {} got {}", short(&want), short(&got)));
        }
    }
    wrong
}

fn per_file(wanted: &Value, ended: &[Ended]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, (wanted, got)) in wanted.as_array().into_iter().flatten().zip(ended).enumerate() {
        for (field, value) in wanted.as_object().into_iter().flatten() {
            let got = match field.as_str() {
                "exit_code" => json!(got.code),
                "rejected_lines" => json!(got.lines),
                name => count(&got.counts, name).unwrap_or(Value::Null),
            };
            if got != *value {
                wrong.push(format!("file {} {field} expected {value} got {got}", at + 1));
            }
        }
    }
    wrong
}

fn count(counts: &Counts, name: &str) -> Option<Value> {
    Some(json!(match name {
        "read" => counts.read,
        "inserted" => counts.inserted,
        "updated" => counts.updated,
        "duplicate" => counts.duplicate,
        "conflict" => counts.conflict,
        "rejected" => counts.rejected,
        "blank" => counts.blank,
        _ => return None,
    }))
}

fn short(text: &str) -> String {
    text.chars().take(300).collect()
}
