//! Published expectations of other tools, as cases: each is imported as a file and asked for like a screen would.
//!
//! Cases come from `tests/fixtures/conformance` and from every folder named in `QUARTERDECK_CASES` (colon-separated).
//! One line a case: `ok ID`, `FAIL ID expected .. got ..` or `unsupported ID parameter`.

#![expect(clippy::disallowed_methods, reason = "the cases are files of the test, never a workspace")]

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use quarterdeck::domain::calendar::{Calendar, Day, Grain, Instant, Span, WeekStart, Zone};
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::metrics::retention::average;
use quarterdeck::query::{
    Answer, Average, Cell, Cohort, CohortKind, Command, Criterion, ImportRequest, IntervalZero, MetricQuery, Number,
    Occurrences, Outcome, Query, RetentionQuery, Segment, State, StickinessQuery,
};
use serde_json::{Value, json};

/// What came of a case.
enum Verdict {
    Ok,
    Fail { expected: String, got: String },
    Unsupported(String),
}

type Checked = Result<Verdict, Box<dyn Error>>;

#[expect(clippy::unnecessary_wraps, reason = "every early return of a check is one of these")]
fn unsupported(what: impl Into<String>) -> Checked {
    Ok(Verdict::Unsupported(what.into()))
}

fn equal(expected: &Value, got: &Value) -> Verdict {
    if expected == got { Verdict::Ok } else { Verdict::Fail { expected: expected.to_string(), got: got.to_string() } }
}

/// A moment after every case.
const CLOCK: Clock = Clock { now: Instant(1_893_456_000_000_000), today: None };

#[test]
fn published_cases() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/conformance")];
    if let Ok(more) = std::env::var("QUARTERDECK_CASES") {
        folders.extend(more.split(':').filter(|f| !f.is_empty()).map(PathBuf::from));
    }
    let (mut ok, mut failed, mut left) = (0, Vec::new(), 0);
    // Straight to the stream, because the harness hides what a passing test prints.
    let mut out = std::io::stdout();
    let mut files = Vec::new();
    for folder in &folders {
        files.extend(cases(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())));
    }
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let case: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let id = case["id"].as_str().unwrap_or("?").to_owned();
        match check(&case) {
            Ok(Verdict::Ok) => {
                ok += 1;
                writeln!(out, "ok {id}").unwrap();
            }
            Ok(Verdict::Unsupported(what)) => {
                left += 1;
                writeln!(out, "unsupported {id} {what}").unwrap();
            }
            Ok(Verdict::Fail { expected, got }) => {
                writeln!(out, "FAIL {id} expected {expected} got {got}").unwrap();
                failed.push(id);
            }
            Err(error) => {
                writeln!(out, "FAIL {id} expected an answer got {error}").unwrap();
                failed.push(id);
            }
        }
    }
    writeln!(out, "conformance: {ok} ok, {} failed, {left} unsupported", failed.len()).unwrap();
    assert!(failed.is_empty(), "failed: {failed:?}");
    assert!(ok > 0, "no case ran");
}

/// The case files of a folder in order of name.
fn cases(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn check(case: &Value) -> Checked {
    match case["metric"].as_str().unwrap_or("") {
        "retention" => retention(case),
        "stickiness" => stickiness(case),
        "active_users" => active_users(case),
        "lifecycle" => lifecycle(case),
        "average_retention" => average_retention(case),
        other => unsupported(format!("metric {other}")),
    }
}

/// Keys of an object beyond those that are understood.
fn unknown_key(object: &Value, known: &[&str]) -> Option<String> {
    object.as_object()?.iter().find(|(k, v)| !v.is_null() && !known.contains(&k.as_str())).map(|(k, _)| k.clone())
}

/// The calendar of a case.
fn calendar(params: &Value) -> Result<Calendar, Box<dyn Error>> {
    let zone = Zone::parse(params["timezone"].as_str().unwrap_or("UTC")).ok_or("no such zone")?;
    let week_start = match params["week_start"].as_str() {
        Some(name) => WeekStart::parse(name).ok_or("no such weekday")?,
        None => WeekStart::Monday,
    };
    Ok(Calendar { zone, week_start })
}

fn day(value: &Value) -> Result<Day, Box<dyn Error>> {
    Ok(value.as_str().and_then(Day::parse).ok_or_else(|| format!("{value} is no day"))?)
}

/// `{"event": NAME}`, or any event.
fn event(value: &Value) -> Option<String> {
    value["event"].as_str().map(str::to_owned)
}

/// A workspace with the events of a case, complete through the given day.
///
/// Two ids of one person become one before the import, as in an export of a tool that knows both.
fn workspace(case: &Value, calendar: Calendar, through: Day) -> Result<(tempfile::TempDir, Engine), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let mut lines = String::new();
    for event in case["events"].as_array().into_iter().flatten() {
        let mut row = event["props"].as_object().cloned().unwrap_or_default();
        let user = event["user"].as_str().unwrap_or("");
        row.insert("user_id".into(), case["identity"].get(user).unwrap_or(&event["user"]).clone());
        row.insert("ts".into(), event["ts"].clone());
        row.insert("event".into(), event["event"].clone());
        writeln!(lines, "{}", Value::Object(row))?;
    }
    let path = folder.path().join("events.ndjson");
    let mut file = tempfile::NamedTempFile::new_in(folder.path())?;
    file.write_all(lines.as_bytes())?;
    file.persist(&path)?;
    let profile = NewWorkspace {
        product: "case".into(),
        form: String::new(),
        stage: String::new(),
        currency: None,
        zone: calendar.zone,
        week_start: calendar.week_start,
    };
    let mut engine = Engine::create(&folder.path().join("case.db"), &profile)?;
    let request = ImportRequest { path, kind: Some(Kind::Events), through: Some(through), ..ImportRequest::default() };
    let outcome = engine.run(&Command::Import(request), CLOCK, &mut |_| ControlFlow::Continue(()))?;
    let Outcome::Imported(summary) = outcome else { return Err("the import gave another outcome".into()) };
    let rows = case["events"].as_array().map_or(0, Vec::len) as u64;
    if summary.counts.inserted != rows {
        return Err(format!("{} of {rows} events were stored: {:?}", summary.counts.inserted, summary.counts).into());
    }
    Ok((folder, engine))
}

/// What a triangle asks for that is not built, if anything.
fn not_built(case: &Value) -> Option<String> {
    let params = &case["params"];
    let known = [
        "kind",
        "window",
        "period",
        "n",
        "timezone",
        "week_start",
        "from",
        "to",
        "intervals",
        "start",
        "return",
        "criterion",
        "min_occurrences",
        "interval_zero",
    ];
    let filtered = |side: &str| unknown_key(&params[side], &["event"]).map(|key| format!("{side}.{key}"));
    let expected = ["counts", "rows", "first_bucket", "last_bucket"];
    unknown_key(params, &known)
        .or_else(|| filtered("start"))
        .or_else(|| filtered("return"))
        .or_else(|| unknown_key(&case["expected"], &expected).map(|key| format!("expected.{key}")))
        .or_else(|| (params["min_occurrences"].as_u64().unwrap_or(1) > 1).then(|| "min_occurrences".into()))
        .or_else(|| (params["n"].as_u64().unwrap_or(1) > 1).then(|| "n".into()))
        .or_else(|| (params["window"].as_str() != Some("calendar")).then(|| format!("window {}", params["window"])))
}

/// The choice that a parameter names; the name of the parameter where it names none that is built.
fn choice<T: Copy>(params: &Value, key: &str, choices: &[(&str, T)]) -> Result<T, String> {
    let name = params[key].as_str().unwrap_or(choices[0].0);
    choices.iter().find(|(n, _)| *n == name).map(|(_, value)| *value).ok_or_else(|| format!("{key} {name}"))
}

fn retention(case: &Value) -> Checked {
    let params = &case["params"];
    if let Some(what) = not_built(case) {
        return unsupported(what);
    }
    // Without a filter the first event of its name is the first that passes it.
    let kinds = [
        ("recurring", CohortKind::Recurring),
        ("first_time", CohortKind::FirstTime),
        ("first_ever", CohortKind::FirstTime),
    ];
    let choices = (|| {
        Ok::<_, String>((
            choice(params, "period", &[("day", Grain::Day), ("week", Grain::Week), ("month", Grain::Month)])?,
            choice(params, "kind", &kinds)?,
            choice(params, "criterion", &[("on", Criterion::On), ("on_or_after", Criterion::OnOrAfter)])?,
            // The sources' convention; cases that differ say so.
            choice(params, "interval_zero", &[("size", IntervalZero::Size), ("observed", IntervalZero::Observed)])?,
        ))
    })();
    let (grain, kind, criterion, interval_zero) = match choices {
        Ok(choices) => choices,
        Err(what) => return unsupported(what),
    };
    let calendar = calendar(params)?;
    let until = calendar.bucket(grain, day(&params["to"])?).last;
    let (_folder, mut engine) = workspace(case, calendar, until)?;
    let columns = params["intervals"].as_u64().unwrap_or(1).max(1);
    let query = RetentionQuery {
        span: Span::new(day(&params["from"])?, day(&params["to"])?),
        grain,
        intervals: u16::try_from(columns - 1)?,
        kind,
        criterion,
        interval_zero,
        average: Average::Pooled,
        start: event(&params["start"]),
        ret: event(&params["return"]),
        segment: Segment::default(),
        observe_until: Some(until),
    };
    let Answer::Retention(table) = engine.answer(&Query::Retention(query), CLOCK)? else {
        return Err("another answer".into());
    };
    Ok(compare_triangle(&case["expected"], &table.cohorts))
}

/// Compares a triangle with a full matrix, or with the leading cells of some rows.
fn compare_triangle(expected: &Value, cohorts: &[Cohort]) -> Verdict {
    let cell = |c: &Cell| if c.state == State::NotReached { Value::Null } else { json!(c.users) };
    let row = |c: &Cohort| -> Vec<Value> { c.cells.iter().map(cell).collect() };
    let (mut want, mut got) = (json!({}), json!({}));
    if !expected["counts"].is_null() {
        want["counts"] = expected["counts"].clone();
        got["counts"] = cohorts.iter().map(|c| Value::Array(row(c))).collect();
    }
    for (index, leading) in expected["rows"].as_object().into_iter().flatten() {
        let cells = index.parse::<usize>().ok().and_then(|i| cohorts.get(i)).map(&row).unwrap_or_default();
        let length = leading.as_array().map_or(0, Vec::len);
        want[index] = leading.clone();
        got[index] = cells.into_iter().take(length).collect();
    }
    for (key, cohort) in [("first_bucket", cohorts.first()), ("last_bucket", cohorts.last())] {
        if !expected[key].is_null() {
            want[key] = expected[key].clone();
            got[key] = cohort.map_or(Value::Null, |c| json!(c.bucket.first.to_string()));
        }
    }
    equal(&want, &got)
}

fn stickiness(case: &Value) -> Checked {
    let params = &case["params"];
    let known = ["period", "timezone", "week_start", "from", "to", "event", "cumulative", "criterion"];
    if let Some(key) = unknown_key(params, &known).or_else(|| unknown_key(&params["event"], &["event"])) {
        return unsupported(key);
    }
    if let Some(key) = unknown_key(&case["expected"], &["users_by_intervals"]) {
        return unsupported(format!("expected.{key}"));
    }
    let Some(grain) = params["period"].as_str().and_then(Grain::parse) else {
        return unsupported(format!("period {}", params["period"]));
    };
    let events = u32::try_from(params["criterion"]["value"].as_u64().unwrap_or(1))?;
    let rule = match params["criterion"]["op"].as_str() {
        None | Some("gte") => Occurrences::AtLeast(events),
        Some("lte") => Occurrences::AtMost(events),
        Some("exact") => Occurrences::Exactly(events),
        _ => return unsupported(format!("criterion {}", params["criterion"])),
    };
    let calendar = calendar(params)?;
    let span = Span::new(day(&params["from"])?, calendar.bucket(grain, day(&params["to"])?).last);
    let (_folder, mut engine) = workspace(case, calendar, span.last)?;
    let query = StickinessQuery {
        span,
        grain,
        event: event(&params["event"]),
        rule,
        cumulative: params["cumulative"].as_bool().unwrap_or(false),
        segment: Segment::default(),
    };
    let Answer::Stickiness(users) = engine.answer(&Query::Stickiness(query), CLOCK)? else {
        return Err("another answer".into());
    };
    Ok(equal(&case["expected"]["users_by_intervals"], &json!(users)))
}

/// One metric over buckets, as whole numbers; a bucket without a value is null.
fn counts(
    engine: &mut Engine,
    metric: &'static str,
    span: Span,
    grain: Option<Grain>,
    event: Option<String>,
    window_days: Option<u16>,
) -> Result<Vec<Value>, Box<dyn Error>> {
    let query = MetricQuery { metric, span, grain, segment: Segment::default(), split: None, event, window_days };
    let Answer::Metric(series) = engine.answer(&Query::Metric(query), CLOCK)? else {
        return Err("another answer".into());
    };
    let points = &series.lines.last().ok_or("no line")?.points;
    let value = |n: Number| if let Number::Count(n) = n { json!(n as i64) } else { Value::Null };
    Ok(points.iter().map(|p| value(p.value)).collect())
}

/// Distinct users of a window that ends on each grid day.
fn active_users(case: &Value) -> Checked {
    let params = &case["params"];
    let known = ["event", "timezone", "week_start", "window_days", "grid", "from", "to"];
    if let Some(key) = unknown_key(params, &known).or_else(|| unknown_key(&params["event"], &["event"])) {
        return unsupported(key);
    }
    let step = match params["grid"].as_str() {
        None | Some("day") => 1,
        Some("week") => 7,
        _ => return unsupported(format!("grid {}", params["grid"])),
    };
    let (from, to) = (day(&params["from"])?, day(&params["to"])?);
    let (_folder, mut engine) = workspace(case, calendar(params)?, to)?;
    let window = u16::try_from(params["window_days"].as_u64().unwrap_or(1))?;
    let mut series = Vec::new();
    for at in Span::new(from, to).iter().step_by(step) {
        let point = Span { first: at, last: at };
        series.extend(counts(&mut engine, "active_users", point, None, event(&params["event"]), Some(window))?);
    }
    let (mut want, mut got) = (json!({}), json!({}));
    if let Some(whole) = case["expected"]["recomputed_series"].as_array() {
        want["series"] = whole.clone().into();
        got["series"] = series.clone().into();
    }
    for (index, value) in case["expected"]["at"].as_object().into_iter().flatten() {
        want[index] = value.clone();
        got[index] = series.get(index.parse::<usize>()?).cloned().unwrap_or(Value::Null);
    }
    Ok(equal(&want, &got))
}

/// New, returning, resurrected and dormant users by bucket; the source prints dormant users as negative numbers.
fn lifecycle(case: &Value) -> Checked {
    let params = &case["params"];
    let known = ["period", "timezone", "week_start", "from", "to", "event"];
    if let Some(key) = unknown_key(params, &known).or_else(|| unknown_key(&params["event"], &["event"])) {
        return unsupported(key);
    }
    let Some(grain) = params["period"].as_str().and_then(Grain::parse) else {
        return unsupported(format!("period {}", params["period"]));
    };
    let calendar = calendar(params)?;
    let span = Span::new(day(&params["from"])?, calendar.bucket(grain, day(&params["to"])?).last);
    let (_folder, mut engine) = workspace(case, calendar, span.last)?;
    let mut got = json!({});
    for (key, metric, sign) in [
        ("new", "new_users", 1),
        ("returning", "returning_users", 1),
        ("resurrecting", "resurrected_users", 1),
        ("dormant", "dormant_users", -1),
    ] {
        let values = counts(&mut engine, metric, span, Some(grain), event(&params["event"]), None)?;
        got[key] = values.iter().map(|v| json!(v.as_i64().unwrap_or(0) * sign)).collect();
    }
    Ok(equal(&case["expected"], &got))
}

fn average_retention(case: &Value) -> Checked {
    let span = Span { first: Day(0), last: Day(0) };
    let cohort = |c: &Value| Cohort {
        bucket: span,
        size: c["size"].as_u64().unwrap_or(0),
        cells: vec![Cell {
            users: c["retained"].as_u64().unwrap_or(0),
            state: if c["complete"] == json!(true) { State::Complete } else { State::Running },
        }],
    };
    let cohorts: Vec<Cohort> = case["params"]["cohorts"].as_array().into_iter().flatten().map(cohort).collect();
    let decimals = i32::try_from(case["expected"]["rounded"].as_i64().unwrap_or(6))?;
    let percent = |how| average(&cohorts, 0, how).0.map(|rate| (rate * 100.0 * 10_f64.powi(decimals)).round());
    let (mut want, mut got) = (json!({}), json!({}));
    for (key, how) in [("pooled_percent", Average::Pooled), ("simple_percent", Average::Simple)] {
        want[key] = json!(case["expected"][key].as_f64().map(|p| (p * 10_f64.powi(decimals)).round()));
        got[key] = json!(percent(how));
    }
    Ok(equal(&want, &got))
}
