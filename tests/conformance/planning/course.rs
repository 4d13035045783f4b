//! Weights of days, pace and its kin, tasks.

use quarterdeck::metrics::limits::{Observed, weekday_index};
use quarterdeck::metrics::planning::attainment;
use quarterdeck::metrics::planning::budget::{Cell, budget};
use quarterdeck::metrics::planning::gauges::{self, Gauges, Reading};
use quarterdeck::metrics::planning::rounds::round;
use quarterdeck::metrics::planning::urgency::{Task, order, urgencies};
use quarterdeck::metrics::planning::{Status, Thresholds, distribute as whole, pace as course};
use serde_json::{Value, json};

use super::super::case::{Read, choice, day, failed, flag, only, text, unsupported, whole as count};
use super::{
    PERIOD, accumulation, curve, direction, elements, known, needed, number, object, some_day, task_state, weights,
};

/// A whole total over the days of a period.
pub fn distribute(params: &Value) -> Read<Value> {
    known(params, &[&["total"], &PERIOD])?;
    let total = needed(params, "total")?;
    if total.fract() != 0.0 {
        return failed(format!("total {total} is no whole number"));
    }
    Ok(json!({ "values": whole::distribute(total as i64, curve(params)?.weights()) }))
}

pub fn attainment(params: &Value) -> Read<Value> {
    only(params, "", &["accum", "baseline", "target", "actual", "direction"])?;
    let (baseline, actual) = (number(params, "baseline")?, number(params, "actual")?);
    let (accumulation, target) = (accumulation(params)?, needed(params, "target")?);
    Ok(json!({ "attainment": attainment::attainment(accumulation, baseline, target, actual, direction(params)?) }))
}

pub fn pace(params: &Value) -> Read<Value> {
    match text(params, "kind")? {
        None | Some("flow") => flow(params),
        Some("prev_round") => rounds(params),
        Some("weekday_index") => index(params),
        Some("budget") => spend(params),
        Some("glide") => glide(params),
        Some("gauges") => four(params),
        Some(other) => unsupported(format!("kind {other}")),
    }
}

fn flow(params: &Value) -> Read<Value> {
    known(params, &[&["kind", "target", "actual", "through", "direction"], &PERIOD])?;
    direction(params)?;
    let got =
        course::flow(&curve(params)?, needed(params, "target")?, number(params, "actual")?, day(params, "through")?);
    let required: Option<Vec<f64>> = got.need.days.iter().map(|d| d.required).collect();
    let due_by: Option<Vec<f64>> = got.need.days.iter().map(|d| d.due_by).collect();
    Ok(json!({
        "W": got.weight,
        "E": got.elapsed,
        "expected": got.expected,
        "pace": got.pace,
        "gap": got.gap,
        "attainment": got.attainment,
        "remaining_weight": got.need.weight,
        "required_per_unit": got.need.per_unit,
        "required": required.unwrap_or_default(),
        "uplift": got.need.uplift,
        "projection": got.projection,
        "lead": got.lead,
        "due_by": due_by.unwrap_or_default(),
    }))
}

fn rounds(params: &Value) -> Read<Value> {
    only(params, "", &["kind", "day", "curves", "actual", "target"])?;
    let curves = elements(params, "curves")?.iter().map(|curve| weights(&json!({ "curve": curve }), "curve"));
    let day = count(params, "day", None)? as usize;
    let got = round(&curves.collect::<Read<Vec<_>>>()?, day, needed(params, "target")?, number(params, "actual")?);
    Ok(json!({
        "share": got.map(|r| r.share),
        "projection": got.and_then(|r| r.projection),
        "expected": got.map(|r| r.expected),
        "pace": got.and_then(|r| r.pace),
    }))
}

fn index(params: &Value) -> Read<Value> {
    only(params, "", &["kind", "history", "through"])?;
    let mut history = Vec::new();
    for entry in elements(params, "history")? {
        only(entry, "history", &["day", "value", "flagged"])?;
        let (day, flagged) = (day(entry, "day")?, flag(entry, "flagged", Some(false))?);
        history.extend(number(entry, "value")?.map(|value| Observed { day, value, flagged }));
    }
    Ok(json!({ "index": weekday_index(&history, day(params, "through")?) }))
}

fn spend(params: &Value) -> Read<Value> {
    only(params, "", &["kind", "spent", "granted", "day", "days", "result_pace", "min_amount", "tiers"])?;
    let mut thresholds = Thresholds::default();
    thresholds.budget_least = number(params, "min_amount")?.unwrap_or(thresholds.budget_least);
    if !params["tiers"].is_null() {
        thresholds.budget_tiers = weights(params, "tiers")?;
    }
    let time = (needed(params, "day")?, needed(params, "days")?);
    let result = number(params, "result_pace")?;
    let got = budget(needed(params, "spent")?, needed(params, "granted")?, time, result, &thresholds);
    let cell = got.cell.map(|cell| match cell {
        Cell::Stalled => "stalled",
        Cell::Burning => "burning",
        Cell::Efficient => "efficient",
        Cell::Scaling => "scaling",
    });
    Ok(json!({
        "spend_pace": got.pace,
        "projection": got.projection,
        "remaining_per_day": got.remaining_per_day,
        "cell": cell,
        "tier": got.tier,
    }))
}

fn glide(params: &Value) -> Read<Value> {
    known(params, &[&["kind", "baseline", "target", "actual", "through", "direction"], &PERIOD])?;
    direction(params)?;
    let (baseline, target) = (needed(params, "baseline")?, needed(params, "target")?);
    let line = course::glide(&curve(params)?, baseline, target, day(params, "through")?);
    Ok(json!({ "line": line, "gap": number(params, "actual")?.zip(line).map(|(actual, line)| actual - line) }))
}

fn four(params: &Value) -> Read<Value> {
    let mine = [
        "kind",
        "through",
        "accum",
        "baseline",
        "target",
        "actual",
        "direction",
        "spent",
        "granted",
        "tasks",
        "guardrail_broken",
        "margin",
    ];
    known(params, &[&mine, &PERIOD])?;
    let mut thresholds = Thresholds::default();
    thresholds.margin = number(params, "margin")?.unwrap_or(thresholds.margin);
    let mut tasks = Vec::new();
    for task in elements(params, "tasks")? {
        only(task, "tasks", &["state", "estimate_min"])?;
        tasks.push((task_state(task)?, number(task, "estimate_min")?));
    }
    let (accumulation, direction) = (accumulation(params)?, direction(params)?);
    let (baseline, actual) = (number(params, "baseline")?, number(params, "actual")?);
    let result = |target: f64| attainment::attainment(accumulation, baseline, target, actual, direction);
    let got = Gauges {
        time: curve(params)?.share(day(params, "through")?),
        work: gauges::work(&tasks),
        result: number(params, "target")?.and_then(result),
        budget: gauges::spent(number(params, "spent")?, number(params, "granted")?),
    };
    let reading = |reading: Reading| match reading {
        Reading::Burning => "burning",
        Reading::Quality => "quality",
        Reading::Lever => "lever",
        Reading::Late => "late",
        Reading::Tailwind => "tailwind",
    };
    let readings = gauges::readings(&got, flag(params, "guardrail_broken", Some(false))?, &thresholds);
    let mut readings: Vec<_> = readings.into_iter().map(reading).collect();
    readings.sort_unstable();
    Ok(json!({ "time": got.time, "work": got.work, "result": got.result, "budget": got.budget, "readings": readings }))
}

pub fn urgency(params: &Value) -> Read<Value> {
    only(params, "", &["today", "tasks", "deps"])?;
    let mut ids = Vec::new();
    let mut tasks = Vec::new();
    for entry in elements(params, "tasks")? {
        ids.push(text(entry, "id")?.unwrap_or_default());
        tasks.push(task(entry)?);
    }
    let mut needs = Vec::new();
    for entry in elements(params, "deps")? {
        only(entry, "deps", &["task", "needs"])?;
        let place = |key: &str| ids.iter().position(|id| Some(*id) == entry[key].as_str());
        if let (Some(task), Some(needed)) = (place("task"), place("needs")) {
            needs.push((task, needed));
        }
    }
    let got = urgencies(day(params, "today")?, &tasks, &needs);
    let scores = ids.iter().zip(&got).filter_map(|(id, u)| Some(((*id).to_owned(), json!(u.as_ref()?.score))));
    let order: Vec<_> = order(&got).into_iter().map(|at| ids[at]).collect();
    Ok(json!({ "scores": object(scores), "order": order }))
}

fn task(entry: &Value) -> Read<Task> {
    let known = ["id", "state", "due", "scheduled", "wait_until", "created", "priority", "node_status"];
    only(entry, "tasks", &known)?;
    let standing = [("OFF", Some(Status::Off)), ("RISK", Some(Status::Risk)), ("OK", Some(Status::Ok))];
    let node = if entry["node_status"].is_null() { None } else { choice(entry, "node_status", &standing)? };
    Ok(Task {
        state: task_state(entry)?,
        due: some_day(entry, "due")?,
        scheduled: some_day(entry, "scheduled")?,
        wait_until: some_day(entry, "wait_until")?,
        created: day(entry, "created")?,
        priority: number(entry, "priority")?.unwrap_or(0.0),
        node,
    })
}
