//! Reading a case strictly: a parameter that is not understood is told, never passed over.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use chrono::DateTime;
use quarterdeck::domain::calendar::{Calendar, Day, Grain, Instant, WeekStart, Zone};
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::query::{Command, EventFilter, ImportRequest, Outcome, PropFilter, Test};
use serde_json::{Map, Value, json};

/// A moment after every case.
pub const CLOCK: Clock = Clock { now: Instant(1_893_456_000_000_000), today: None };

/// Why a case was not compared.
#[derive(Debug)]
pub enum Stop {
    /// It needs what is not built, by name.
    Unsupported(String),
    /// It makes no sense, or the engine refused.
    Failed(String),
}

pub type Read<T> = Result<T, Stop>;

impl<E: Error> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

pub fn unsupported<T>(what: impl Into<String>) -> Read<T> {
    Err(Stop::Unsupported(what.into()))
}

pub fn failed<T>(why: impl Into<String>) -> Read<T> {
    Err(Stop::Failed(why.into()))
}

/// Refuses an object that has keys beyond those that are understood.
pub fn only(object: &Value, name: &str, known: &[&str]) -> Read<()> {
    let unknown = |(key, value): &(&String, &Value)| !value.is_null() && !known.contains(&key.as_str());
    match object.as_object().and_then(|o| o.iter().find(unknown)) {
        Some((key, _)) if name.is_empty() => unsupported(key),
        Some((key, _)) => unsupported(format!("{name}.{key}")),
        None => Ok(()),
    }
}

/// The expectations of a case, all of which are known and one of which says something.
pub fn expected<'c>(case: &'c Value, known: &[&str]) -> Read<&'c Map<String, Value>> {
    only(&case["expected"], "expected", known)?;
    match case["expected"].as_object() {
        Some(expected) if expected.iter().any(|(k, v)| !v.is_null() && known.contains(&k.as_str())) => Ok(expected),
        _ => failed("nothing is expected"),
    }
}

/// An array or object that is expected and is not empty; `None` where the case does not expect it.
pub fn filled<'v, T: ?Sized>(
    value: &'v Value,
    name: &str,
    read: impl Fn(&'v Value) -> Option<&'v T>,
) -> Read<Option<&'v T>> {
    match read(value) {
        _ if value.is_null() => Ok(None),
        Some(inner) => Ok(Some(inner)),
        None => failed(format!("expected.{name} has another shape or is empty: {value}")),
    }
}

pub fn entries(value: &Value) -> Option<&Map<String, Value>> {
    value.as_object().filter(|o| !o.is_empty())
}

pub fn list(value: &Value) -> Option<&Vec<Value>> {
    value.as_array().filter(|a| !a.is_empty())
}

/// A text parameter; `None` where it is left out.
pub fn text<'c>(params: &'c Value, key: &str) -> Read<Option<&'c str>> {
    match &params[key] {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        other => failed(format!("{key} {other} is no text")),
    }
}

/// A whole number; the default where it is left out.
pub fn whole(params: &Value, key: &str, default: Option<u64>) -> Read<u64> {
    match (&params[key], default) {
        (Value::Null, Some(default)) => Ok(default),
        (value, _) => value.as_u64().map_or_else(|| failed(format!("{key} {value} is no whole number")), Ok),
    }
}

/// Yes or no; the default where it is left out.
pub fn flag(params: &Value, key: &str, default: Option<bool>) -> Read<bool> {
    match (&params[key], default) {
        (Value::Null, Some(default)) => Ok(default),
        (value, _) => value.as_bool().map_or_else(|| failed(format!("{key} {value} is neither true nor false")), Ok),
    }
}

/// The choice that a parameter names, the first where it is left out.
pub fn choice<T: Copy>(params: &Value, key: &str, choices: &[(&str, T)]) -> Read<T> {
    let name = text(params, key)?.unwrap_or(choices[0].0);
    match choices.iter().find(|(n, _)| *n == name) {
        Some((_, value)) => Ok(*value),
        None => unsupported(format!("{key} {name}")),
    }
}

pub fn grain(params: &Value) -> Read<Grain> {
    choice(params, "period", &[("day", Grain::Day), ("week", Grain::Week), ("month", Grain::Month)])
}

pub fn day(params: &Value, key: &str) -> Read<Day> {
    match text(params, key)?.and_then(Day::parse) {
        Some(day) => Ok(day),
        None => failed(format!("{key} {} is no day", params[key])),
    }
}

/// The calendar of a case.
pub fn calendar(params: &Value) -> Read<Calendar> {
    let (zone, week) = (text(params, "timezone")?.unwrap_or("UTC"), text(params, "week_start")?.unwrap_or("monday"));
    match (Zone::parse(zone), WeekStart::parse(week)) {
        (Some(zone), Some(week_start)) => Ok(Calendar { zone, week_start }),
        _ => failed(format!("zone {zone} or first day of the week {week} is unknown")),
    }
}

/// `"NAME"` or `{"event": NAME, "where": {PROPERTY: VALUE}}`.
pub fn event_filter(value: &Value, key: &str) -> Read<EventFilter> {
    only(value, key, &["event", "where"])?;
    let name = match (value, value.get("event")) {
        (Value::Null, _) | (_, Some(Value::Null)) => None,
        (Value::Object(filter), None) if filter.contains_key("where") => None,
        (Value::String(name), _) | (_, Some(Value::String(name))) => Some(name.clone()),
        _ => return failed(format!("{key} {value} is no event")),
    };
    let wanted = match value.get("where") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Object(wanted)) => wanted.iter().map(|(name, value)| prop_filter(name, value)).collect(),
        Some(other) => return failed(format!("{key}.where {other} is no object")),
    };
    Ok(EventFilter { name, props: wanted })
}

/// A property is the value, or one of several; null is none.
fn prop_filter(name: &str, value: &Value) -> PropFilter {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match value {
        Value::Null => PropFilter { name: name.to_owned(), test: Test::Unset, values: Vec::new() },
        Value::Array(several) => {
            PropFilter { name: name.to_owned(), test: Test::Is, values: several.iter().map(text).collect() }
        }
        one => PropFilter::is(name, &[&text(one)]),
    }
}

/// The day of the latest event; that of the clock where a case has none.
pub fn last_day(case: &Value, calendar: Calendar) -> Read<Day> {
    let mut last = None;
    for event in list(&case["events"]).into_iter().flatten() {
        let at = DateTime::parse_from_rfc3339(text(event, "ts")?.unwrap_or_default())?;
        last = last.max(Some(Instant(at.timestamp_micros())));
    }
    Ok(calendar.day_of(last.unwrap_or(CLOCK.now)))
}

/// A workspace with the events of a case, complete through the given day, and with its identity links.
pub fn workspace(case: &Value, calendar: Calendar, through: Day) -> Read<(tempfile::TempDir, Engine)> {
    let events = case["events"].as_array().map_or(&[][..], Vec::as_slice);
    let mut lines = String::new();
    for event in events {
        only(event, "events", &["user", "ts", "event", "props"])?;
        let mut row = json!({ "user_id": event["user"], "ts": event["ts"], "event": event["event"] });
        if !event["props"].is_null() {
            row["props"] = event["props"].clone();
        }
        writeln!(lines, "{row}")?;
    }
    if events.is_empty() {
        // A file of a day on which nobody came: no rows at all would say nothing about any day.
        writeln!(lines, "{}", json!({ "user_id": "", "ts": "1990-01-01T00:00:00Z", "event": "nobody" }))?;
    }
    let folder = tempfile::tempdir()?;
    let profile = NewWorkspace {
        product: "case".into(),
        week_start: calendar.week_start,
        ..NewWorkspace::bare(calendar.zone, None)
    };
    let mut engine = Engine::create(&folder.path().join("case.db"), &profile)?;
    load(&mut engine, folder.path(), (Kind::Events, &lines), Some(through))?;
    let links = case["identity"].as_object().into_iter().flatten();
    let links: Vec<String> = links.map(|(alias, user)| json!({ "alias": alias, "user": user }).to_string()).collect();
    if !links.is_empty() {
        load(&mut engine, folder.path(), (Kind::Links, &links.join("\n")), None)?;
    }
    Ok((folder, engine))
}

/// Imports lines of a kind, all of which must be new.
fn load(engine: &mut Engine, folder: &Path, (kind, lines): (Kind, &str), through: Option<Day>) -> Read<()> {
    let path = folder.join(format!("{}.ndjson", kind.name()));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{}", lines.trim_end())?;
    file.persist(&path)?;
    let request = ImportRequest { path, kind: Some(kind), through, ..ImportRequest::default() };
    let outcome = engine.run(&Command::Import(request), CLOCK, &mut |_| ControlFlow::Continue(()))?;
    let Outcome::Imported(summary) = outcome else { return failed("the import gave another outcome") };
    let rows = lines.lines().count() as u64;
    if summary.counts.inserted != rows {
        return failed(format!(
            "{} of {rows} {} were stored: {:?}",
            summary.counts.inserted,
            kind.name(),
            summary.counts
        ));
    }
    Ok(())
}
