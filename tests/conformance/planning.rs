//! Cases of the mathematics of plans: each is one call of a function of `metrics::planning`, beside what is expected.
//!
//! A case is one set of parameters, or a list of them under `items`. What a function gives besides is not compared;
//! null is expected where it must give nothing.

mod course;
mod outlook;
mod tree;

use quarterdeck::domain::calendar::{Day, Span};
use quarterdeck::domain::plans::TaskState;
use quarterdeck::metrics::catalog::{Accumulation, Direction};
use quarterdeck::metrics::planning::Status;
use quarterdeck::metrics::planning::curve::{Curve, Pattern, Phase};
use serde_json::{Map, Value, json};

use super::case::{Read, choice, day, failed, list, only, text, unsupported};
use super::compare::{Compared, Tolerance};

/// Computes one set of parameters.
type Answer = fn(&Value) -> Read<Value>;

/// The function behind a metric of plans, if it is one.
pub fn answer(metric: &str) -> Option<Answer> {
    Some(match metric {
        "tree_evaluate" => tree::evaluate,
        "propose" => tree::propose,
        "blame" => tree::blame,
        "closing" => tree::closing,
        "distribute" => course::distribute,
        "pace" => course::pace,
        "attainment" => course::attainment,
        "urgency" => course::urgency,
        "forecast" => outlook::forecast,
        "mix_rate" => outlook::mix_rate,
        "xmr" => outlook::xmr,
        _ => return None,
    })
}

/// Compares all that a case expects.
pub fn check(case: &Value, answer: Answer) -> Read<Compared> {
    let known = [
        "id",
        "name",
        "metric",
        "source",
        "params",
        "expected",
        "working",
        "tolerance",
        "readings",
        "notes",
        "verified",
    ];
    only(case, "case", &known)?;
    let (params, expected) = (&case["params"], &case["expected"]);
    let sets = if params["items"].is_null() {
        vec![(params, expected)]
    } else {
        only(params, "", &["items"])?;
        only(expected, "expected", &["items"])?;
        match (list(&params["items"]), list(&expected["items"])) {
            (Some(items), Some(wants)) if items.len() == wants.len() => items.iter().zip(wants).collect(),
            _ => return failed("items and what is expected of them are not as many"),
        }
    };
    let mut compared = Compared::within_tolerance(tolerance(&case["tolerance"])?);
    for (at, (params, want)) in sets.into_iter().enumerate() {
        let Some(wanted) = want.as_object().filter(|w| !w.is_empty()) else { return failed("nothing is expected") };
        let got = answer(params)?;
        let mut want = want.clone();
        if let Some(unknown) = wanted.keys().find(|key| got.get(key).is_none()) {
            return unsupported(format!("expected.{unknown}"));
        }
        // Readings are a set.
        if let Some(readings) = want.get_mut("readings").and_then(Value::as_array_mut) {
            readings.sort_by_key(ToString::to_string);
        }
        compared.add(&at.to_string(), &want, got);
    }
    Ok(compared)
}

fn tolerance(value: &Value) -> Read<Tolerance> {
    only(value, "tolerance", &["rel", "abs", "keys"])?;
    let keys = value["keys"].as_object().into_iter().flatten();
    let keys = keys.map(|(key, value)| {
        only(value, "tolerance.keys", &["rel", "abs"])?;
        Ok((key.clone(), bound(value)?))
    });
    Ok(Tolerance { all: bound(value)?, keys: keys.collect::<Read<_>>()? })
}

/// A share of what is expected, and a difference.
fn bound(value: &Value) -> Read<(f64, f64)> {
    Ok((number(value, "rel")?.unwrap_or(0.0), number(value, "abs")?.unwrap_or(0.0)))
}

/// A number; `None` where it is missing.
fn number(params: &Value, key: &str) -> Read<Option<f64>> {
    match &params[key] {
        Value::Null => Ok(None),
        value => value.as_f64().map_or_else(|| failed(format!("{key} {value} is no number")), |n| Ok(Some(n))),
    }
}

fn needed(params: &Value, key: &str) -> Read<f64> {
    number(params, key)?.map_or_else(|| failed(format!("{key} is missing")), Ok)
}

/// A list of numbers, null where one is missing; empty where the list is left out.
fn numbers(params: &Value, key: &str) -> Read<Vec<Option<f64>>> {
    let value = |v: &Value| match v {
        Value::Null => Ok(None),
        v => v.as_f64().map_or_else(|| failed(format!("{key} {v} is no number")), |n| Ok(Some(n))),
    };
    elements(params, key)?.iter().map(value).collect()
}

/// A list of numbers none of which may be missing.
fn weights(params: &Value, key: &str) -> Read<Vec<f64>> {
    let all: Option<Vec<f64>> = numbers(params, key)?.into_iter().collect();
    all.map_or_else(|| failed(format!("{key} has a gap")), Ok)
}

/// A list; empty where it is left out.
fn elements<'c>(params: &'c Value, key: &str) -> Read<&'c [Value]> {
    match &params[key] {
        Value::Null => Ok(&[]),
        Value::Array(list) => Ok(list),
        other => failed(format!("{key} {other} is no list")),
    }
}

fn direction(params: &Value) -> Read<Direction> {
    match number(params, "direction")? {
        None | Some(1.0) => Ok(Direction::Up),
        Some(-1.0) => Ok(Direction::Down),
        Some(other) => unsupported(format!("direction {other}")),
    }
}

fn accumulation(params: &Value) -> Read<Accumulation> {
    let kinds = [
        ("flow", Accumulation::Flow),
        ("level", Accumulation::Level),
        ("ratio", Accumulation::Ratio),
        ("unique", Accumulation::Unique),
    ];
    choice(params, "accum", &kinds)
}

fn task_state(params: &Value) -> Read<TaskState> {
    let states = [
        ("todo", TaskState::Todo),
        ("doing", TaskState::Doing),
        ("done", TaskState::Done),
        ("dropped", TaskState::Dropped),
    ];
    choice(params, "state", &states)
}

/// A day that may be left out.
fn some_day(params: &Value, key: &str) -> Read<Option<Day>> {
    if params[key].is_null() { Ok(None) } else { day(params, key).map(Some) }
}

fn span(params: &Value) -> Read<Span> {
    let (first, last) = (day(params, "from")?, day(params, "to")?);
    if first <= last { Ok(Span { first, last }) } else { failed(format!("{first} is after {last}")) }
}

/// Parameters of a period's weights.
const PERIOD: [&str; 7] = ["weights", "from", "to", "weekday_index", "work_days", "phases", "curve"];

/// The weights of a period: as they are given, or made from its days.
fn curve(params: &Value) -> Read<Curve> {
    if !params["weights"].is_null() {
        if let Some(made) = PERIOD[3..].iter().find(|key| !params[**key].is_null()) {
            return unsupported(format!("weights and {made}"));
        }
        let (weights, first) = (weights(params, "weights")?, some_day(params, "from")?);
        if first.is_none() && !params["through"].is_null() {
            return failed("weights without their first day");
        }
        if !params["to"].is_null() && usize::try_from(span(params)?.days()) != Ok(weights.len()) {
            return failed("weights are not as many as the days");
        }
        // Weights without days are only shared among, where the day of the first does not matter.
        return Ok(Curve::new(first.unwrap_or(Day(0)), weights));
    }
    let period = span(params)?;
    match text(params, "curve")? {
        None => {}
        Some("end") => return Ok(Curve::end(period)),
        Some(other) => return unsupported(format!("curve {other}")),
    }
    let week = |key: &str| -> Read<Option<[f64; 7]>> {
        let values = weights(params, key)?;
        match (values.len(), <[f64; 7]>::try_from(values)) {
            (0, _) => Ok(None),
            (_, Ok(week)) => Ok(Some(week)),
            _ => failed(format!("{key} has not seven days")),
        }
    };
    let mut pattern = Pattern::default();
    pattern.index = week("weekday_index")?.unwrap_or(pattern.index);
    pattern.work_days = week("work_days")?.map_or(pattern.work_days, |days| days.map(|day| day != 0.0));
    for phase in elements(params, "phases")? {
        only(phase, "phases", &["from", "to", "share"])?;
        pattern.phases.push(Phase { days: span(phase)?, share: needed(phase, "share")? });
    }
    Ok(Curve::of(period, &pattern))
}

fn status(status: Option<Status>) -> Value {
    json!(status.map(|status| match status {
        Status::Ok => "OK",
        Status::Risk => "RISK",
        Status::Off => "OFF",
    }))
}

/// Refuses parameters that are in none of the lists.
fn known(params: &Value, lists: &[&[&str]]) -> Read<()> {
    only(params, "", &lists.concat())
}

/// An object from pairs.
fn object(pairs: impl Iterator<Item = (String, Value)>) -> Value {
    Value::Object(pairs.collect::<Map<_, _>>())
}
