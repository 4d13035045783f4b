//! Credit for conversions: what each touch earns, and what it cost.

use std::collections::BTreeSet;

use chrono::DateTime;
use quarterdeck::domain::calendar::{Calendar, DAY_MICROS, Day, Grain, Instant, Span};
use quarterdeck::query::{
    Answer, AttributionQuery, AttributionTable, ConversionOf, Credited, KeyPart, LOOKBACK_DAYS, Model, Number, Query,
    Segment, SpendColumn, TouchKey,
};
use serde_json::{Map, Value, json};

use super::case::{CLOCK, Read, Stop, calendar, entries, failed, flag, list, only, text, unsupported, whole};
use super::compare::Compared;
use super::world::{self, Rows};

/// Names of the models, ours first.
const MODELS: [(&[&str], Model); 8] = [
    (&["first", "first_touch"], Model::First),
    (&["last", "last_touch"], Model::Last),
    (&["last_non_direct", "last_nondirect"], Model::LastNonDirect),
    (&["linear"], Model::Linear),
    (&["u", "u_shaped", "forty_twenty_forty", "position_based"], Model::U),
    (&["j", "j_shaped"], Model::J),
    (&["inverse_j", "inverse_j_shaped"], Model::InverseJ),
    (&["time_decay"], Model::TimeDecay { half_life: None }),
];

/// Names that stand for a visit without a source, and for conversions without a touch.
const DIRECT: [&str; 2] = ["(direct)", "direct"];
/// Names that stand for the first, or for the second where there is no direct visit.
const NOTHING: [&str; 5] = ["", "null", "none", "(none)", "(not set)"];
const UNKNOWN: [&str; 3] = ["(unknown)", "unknown", "unattributed"];

const PARAMS: [&str; 21] = [
    "lookback_days",
    "half_life",
    "half_life_days",
    "key",
    "window_inclusive",
    "month",
    "from",
    "to",
    "date_from",
    "date_to",
    "models",
    "touch",
    "touch_event",
    "conversion",
    "conversion_event",
    "value",
    "exclude_direct",
    "include_direct",
    "timezone",
    "week_start",
    "currency",
];

/// Conversions by source and model; `conversions` and `value` are those of all together.
pub fn attribution(case: &Value) -> Read<Compared> {
    let (asked, table) = answer(case)?;
    let mut compared = Compared::within(1e-6);
    for (key, want) in entries(&case["expected"]).into_iter().flatten() {
        let Some(at) = place(&asked, key) else {
            match key.as_str() {
                "conversions" => compared.add(key, want, table.conversions),
                "value" | "revenue" => compared.add(key, want, like(want, Number::Money(table.value).value())),
                "rounded" => continue,
                _ => return unsupported(format!("expected.{key}")),
            }
            continue;
        };
        let earned = |found: Option<&Credited>| found.map_or(Some(0.0), |c| c.conversions.value());
        let Some(want) = entries(want) else { return failed(format!("expected.{key} has no source")) };
        let mut got = Map::new();
        for (source, want) in want {
            got.insert(source.clone(), like(want, earned(find(&table.models[at], source))));
        }
        got.extend(unexpected(&table.models[at], want));
        compared.add(key, &Value::Object(want.clone()), got);
    }
    Ok(compared)
}

/// Conversions, revenue, spend, CAC and ROAS by source and model.
pub fn channel_economics(case: &Value) -> Read<Compared> {
    let (asked, table) = answer(case)?;
    let mut compared = Compared::within(1e-6);
    for (name, want) in entries(&case["expected"]).into_iter().flatten() {
        let Some(at) = place(&asked, name) else {
            if name == "rounded" {
                continue;
            }
            return unsupported(format!("expected.{name}"));
        };
        let Some(want) = entries(want) else { return failed(format!("expected.{name} has no source")) };
        let mut got = Map::new();
        for (source, want) in want {
            only(want, source, &["conversions", "revenue", "spend", "cac", "roas"])?;
            let Some(fields) = entries(want) else { return failed(format!("{name}.{source} expects nothing")) };
            let found = find(&table.models[at], source);
            let value = |field: &str| {
                let money = |micros: i128| Number::Money(micros).value();
                match (field, found) {
                    ("conversions", c) => c.map_or(Some(0.0), |c| c.conversions.value()),
                    ("revenue", c) => c.map_or(Some(0.0), |c| money(c.revenue)),
                    ("spend", Some(c)) => c.spend.and_then(money),
                    ("cac", Some(c)) => c.cac.value(),
                    ("roas", Some(c)) => c.roas.value(),
                    _ => None,
                }
            };
            let row: Map<_, _> = fields.iter().map(|(f, w)| (f.clone(), like(w, value(f)))).collect();
            got.insert(source.clone(), row.into());
        }
        got.extend(unexpected(&table.models[at], want));
        compared.add(name, &Value::Object(want.clone()), got);
    }
    Ok(compared)
}

/// Weights of so many touches, one a day, as the credit of one conversion on the day after.
pub fn attribution_weights(case: &Value) -> Read<Compared> {
    only(&case["params"], "", &["touches", "lookback_days", "half_life", "half_life_days"])?;
    let touches = whole(&case["params"], "touches", None)?;
    let day = |n: u64| Day(19_723).plus(n as i32).to_string();
    let event = |n: u64, name: &str| json!({ "user": "a", "ts": format!("{}T12:00:00Z", day(n)), "event": name });
    let mut events: Vec<Value> = (0..touches).map(|n| event(n, "touch")).collect();
    for (n, touch) in events.iter_mut().enumerate() {
        touch["props"] = json!({ "campaign": n.to_string() });
    }
    events.push(event(touches, "purchase"));
    let mut whole_case = case.clone();
    whole_case["events"] = events.into();
    whole_case["params"]["key"] = json!("campaign");
    whole_case["params"]["touches"] = Value::Null;
    let (asked, table) = answer(&whole_case)?;
    let mut compared = Compared::within(1e-6);
    for (name, want) in entries(&case["expected"]).into_iter().flatten() {
        let Some(at) = place(&asked, name) else {
            return unsupported(format!("expected.{name}"));
        };
        let Some(want) = list(want) else { return failed(format!("expected.{name} is no list")) };
        let weight = |n: u64| find(&table.models[at], &n.to_string()).and_then(|c| c.conversions.value());
        let got = (0..touches).map(|n| like(want.get(n as usize).unwrap_or(&Value::Null), weight(n).or(Some(0.0))));
        compared.add(name, &json!(want), got.collect::<Vec<_>>());
    }
    Ok(compared)
}

/// The expected number where ours rounds to it at as many decimals as it is written with, at least two; else ours.
fn like(want: &Value, got: Option<f64>) -> Value {
    let Some(got) = got else { return Value::Null };
    let decimals = want.to_string().split_once('.').map_or(0, |(_, fraction)| fraction.len() as i32);
    let near = want.as_f64().is_some_and(|w| (w - got).abs() <= 0.5 * 10_f64.powi(-decimals) + 1e-9);
    if decimals >= 2 && near { want.clone() } else { json!(got) }
}

/// A name as it is compared: case and blanks around it and its parts do not count.
fn folded(source: &str) -> String {
    let parts: Vec<_> = source.split('/').map(|part| part.trim().to_lowercase()).collect();
    let whole = parts.join("/");
    match whole.as_str() {
        name if DIRECT.contains(&name) || NOTHING.contains(&name) => DIRECT[0].to_owned(),
        name if UNKNOWN.contains(&name) => UNKNOWN[0].to_owned(),
        _ => whole,
    }
}

fn find<'t>(rows: &'t [Credited], source: &str) -> Option<&'t Credited> {
    let called = |name: &str| rows.iter().find(|row| folded(&row.source) == name);
    let other = || if NOTHING.contains(&source.trim()) { called(UNKNOWN[0]) } else { None };
    called(&folded(source)).or_else(other)
}

/// Sources with credit that a case does not list; what has no touch need not be listed.
fn unexpected(rows: &[Credited], want: &Map<String, Value>) -> Vec<(String, Value)> {
    let listed: BTreeSet<String> = want.keys().map(|name| folded(name)).collect();
    let is_new = |row: &&Credited| {
        let name = folded(&row.source);
        row.conversions.value().is_some_and(|n| n > 0.0) && name != UNKNOWN[0] && !listed.contains(&name)
    };
    rows.iter().filter(is_new).map(|row| (row.source.clone(), json!(row.conversions.value()))).collect()
}

/// Our name of a model, whatever a case calls it.
fn model_name(name: &str) -> Option<&'static str> {
    MODELS.iter().find(|(names, _)| names.contains(&name)).map(|(names, _)| names[0])
}

fn place(asked: &[&'static str], name: &str) -> Option<usize> {
    let ours = model_name(name)?;
    asked.iter().position(|asked| *asked == ours)
}

/// Names of the models asked for, and the engine's answer in their order.
fn answer(case: &Value) -> Read<(Vec<&'static str>, AttributionTable)> {
    let params = &case["params"];
    only(params, "", &PARAMS)?;
    let (calendar, events) = (calendar(params)?, list(&case["events"]));
    let events = events.map_or(&[][..], Vec::as_slice);
    let (names, models) = models(case)?;
    let key = key(params, events)?;
    let (conversion, touches) = roles(params, events)?;
    let rows = Rows {
        events: events.iter().map(event_row).collect::<Read<_>>()?,
        spend: list(&case["spend"]).into_iter().flatten().map(|row| spend_row(row, &key)).collect::<Read<_>>()?,
        ..Rows::default()
    };
    let currency = match (text(params, "currency")?, list(&case["spend"]).and_then(|rows| rows.first())) {
        (Some(code), _) => code,
        (None, Some(row)) => text(row, "currency")?.unwrap_or("USD"),
        (None, None) => "USD",
    };
    let span = span(params, calendar)?;
    let query = AttributionQuery {
        models,
        lookback_days: Some(u16::try_from(whole(params, "lookback_days", Some(LOOKBACK_DAYS.into()))?)?),
        inclusive: flag(params, "window_inclusive", Some(true))?,
        without_direct: flag(params, "exclude_direct", Some(false))? || !flag(params, "include_direct", Some(true))?,
        key: TouchKey::Properties(key),
        touches,
        conversion: ConversionOf::Event {
            name: conversion,
            value: Some(text(params, "value")?.unwrap_or("revenue").to_owned()),
        },
        span,
        segment: Segment::default(),
    };
    let (_folder, mut engine) = world::open(&rows, calendar, currency, last_day(case, calendar, span)?)?;
    match engine.answer(&Query::Attribution(Box::new(query)), CLOCK)? {
        Answer::Attribution(table) => Ok((names, table)),
        _ => failed("another answer"),
    }
}

/// The models that a case names and those it expects; the first of ours where it expects totals alone.
fn models(case: &Value) -> Read<(Vec<&'static str>, Vec<Model>)> {
    let params = &case["params"];
    let half_life = match (&params["half_life_days"], &params["half_life"]) {
        (Value::Number(days), _) | (Value::Null, Value::Number(days)) => {
            days.as_f64().map(|days| (days * DAY_MICROS as f64) as i64)
        }
        // The rule in words is ours.
        (Value::Null, Value::Null | Value::String(_)) => None,
        (other, _) => return failed(format!("half_life {other}")),
    };
    let mut names = BTreeSet::new();
    for name in list(&params["models"]).into_iter().flatten() {
        match name.as_str().and_then(model_name) {
            Some(ours) => names.insert(ours),
            None => return unsupported(format!("model {}", name.as_str().unwrap_or_default())),
        };
    }
    names.extend(entries(&case["expected"]).into_iter().flatten().filter_map(|(name, _)| model_name(name)));
    if names.is_empty() && ["conversions", "value", "revenue"].iter().any(|total| !case["expected"][total].is_null()) {
        // What all models agree on.
        names.insert(MODELS[0].0[0]);
    }
    let model = |name: &&str| match MODELS.iter().find(|(names, _)| names[0] == *name)?.1 {
        Model::TimeDecay { .. } => Some(Model::TimeDecay { half_life }),
        model => Some(model),
    };
    let models: Vec<Model> = names.iter().filter_map(model).collect();
    if models.is_empty() { failed("no model is asked for") } else { Ok((names.into_iter().collect(), models)) }
}

/// The properties of the key; what a case shortens is a `utm_` property.
fn key(params: &Value, events: &[Value]) -> Read<Vec<KeyPart>> {
    let named: Vec<String> = match &params["key"] {
        Value::Null => vec!["utm_source".into()],
        Value::String(key) => key.split(['/', ',', '+']).map(|part| part.trim().to_owned()).collect(),
        Value::Array(parts) => parts.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        other => return failed(format!("key {other}")),
    };
    let carried = |name: &str| events.iter().any(|event| event["props"].get(name).is_some());
    let columns = [SpendColumn::Channel, SpendColumn::Campaign];
    if named.len() > columns.len() {
        return unsupported(format!("key of {} properties", named.len()));
    }
    let part = |(name, column): (&String, SpendColumn)| {
        let long = if name == "channel" { "utm_source".to_owned() } else { format!("utm_{name}") };
        KeyPart { property: if carried(name) || !carried(&long) { name.clone() } else { long }, spend: Some(column) }
    };
    Ok(named.iter().zip(columns).map(part).collect())
}

/// Which event is the conversion and which are touches: as named, else by their usual names, else what carries revenue
/// and all others.
fn roles(params: &Value, events: &[Value]) -> Read<(String, Vec<String>)> {
    let value = text(params, "value")?.unwrap_or("revenue");
    let names: BTreeSet<&str> = events.iter().filter_map(|event| event["event"].as_str()).collect();
    let bringing = || events.iter().filter(|e| e["props"].get(value).is_some()).filter_map(|e| e["event"].as_str());
    let named = |key: &str| Ok::<_, Stop>(text(params, key)?.or(text(params, &format!("{key}_event"))?));
    let usual = |usual: [&'static str; 2]| usual.into_iter().find(|name| names.contains(name));
    let Some(conversion) = named("conversion")?.or(usual(["conversion", "purchase"])).or(bringing().next()) else {
        return failed("no event is a conversion");
    };
    let touches = match named("touch")?.or(usual(["session", "touch"])) {
        Some(touch) => vec![touch.to_owned()],
        None => names.iter().filter(|name| **name != conversion).map(|name| (*name).to_owned()).collect(),
    };
    Ok((conversion.to_owned(), touches))
}

fn event_row(event: &Value) -> Read<Value> {
    only(event, "events", &["user", "ts", "event", "props"])?;
    let mut row = json!({ "user_id": event["user"], "ts": event["ts"], "event": event["event"] });
    if !event["props"].is_null() {
        row["props"] = event["props"].clone();
    }
    Ok(row)
}

/// A row of spend with the parts of the key where the question looks for them.
fn spend_row(row: &Value, key: &[KeyPart]) -> Read<Value> {
    only(row, "spend", &["date", "utm_source", "utm_medium", "utm_campaign", "amount", "currency"])?;
    let mut out = json!({ "date": row["date"], "amount": row["amount"], "currency": row["currency"] });
    for part in key {
        let name = part.property.strip_prefix("utm_").unwrap_or(&part.property);
        let column = if part.spend == Some(SpendColumn::Channel) { "channel" } else { "campaign" };
        out[column] = row[format!("utm_{name}")].clone();
    }
    Ok(out)
}

fn span(params: &Value, calendar: Calendar) -> Read<Option<Span>> {
    let parse = |key: &str| -> Read<Option<Day>> {
        let Some(text) = text(params, key)? else { return Ok(None) };
        let whole = if text.len() == 7 { format!("{text}-01") } else { text.get(..10).unwrap_or(text).to_owned() };
        Day::parse(&whole).map_or_else(|| failed(format!("{key} {text} is no day")), |day| Ok(Some(day)))
    };
    if let Some(month) = parse("month")? {
        return Ok(Some(calendar.bucket(Grain::Month, month)));
    }
    match (parse("from")?.or(parse("date_from")?), parse("to")?.or(parse("date_to")?)) {
        (Some(from), Some(to)) => Ok(Some(Span::new(from, to))),
        (None, None) => Ok(None),
        _ => failed("from and to come together"),
    }
}

fn last_day(case: &Value, calendar: Calendar, span: Option<Span>) -> Read<Day> {
    let mut last = span.map(|s| s.last);
    for event in list(&case["events"]).into_iter().flatten() {
        let at = DateTime::parse_from_rfc3339(text(event, "ts")?.unwrap_or_default())?;
        last = last.max(Some(calendar.day_of(Instant(at.timestamp_micros()))));
    }
    for row in list(&case["spend"]).into_iter().flatten() {
        last = last.max(text(row, "date")?.and_then(Day::parse));
    }
    last.map_or_else(|| failed("a case without a day"), Ok)
}
