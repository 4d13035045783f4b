//! Published retention cases against the pure function, beside `tests/conformance.rs`, which goes through a workspace.
//!
//! Reads `tests/fixtures/conformance` and every folder named in `QUARTERDECK_CASES` (colon-separated).

#![expect(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic, reason = "the cases are files of the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use quarterdeck::domain::calendar::{Calendar, Day, Instant, WeekStart, Zone};
use quarterdeck::metrics::breakdown::Part;
use quarterdeck::metrics::cohorts::{
    Cell, Columns, Mark, Membership, Period, Returned, Rules, Table, Window, simple_mean, split, table,
};
use quarterdeck::metrics::number::State;
use quarterdeck::metrics::retention::{Average, IntervalZero};
use serde_json::{Value, json};

#[test]
fn published_retention_cases() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/conformance")];
    if let Ok(more) = std::env::var("QUARTERDECK_CASES") {
        folders.extend(more.split(':').filter(|f| !f.is_empty()).map(PathBuf::from));
    }
    let mut files: Vec<PathBuf> =
        folders.iter().flat_map(|f| std::fs::read_dir(f).unwrap()).map(|e| e.unwrap().path()).collect();
    files.sort();
    let mut checked = 0;
    for path in files.iter().filter(|p| p.extension().is_some_and(|e| e == "json")) {
        let case: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        match case["metric"].as_str().unwrap() {
            "retention" => retention(&case),
            "average_matrix" => average_matrix(&case),
            _ => continue,
        }
        checked += 1;
    }
    assert!(checked >= 24, "only {checked} cases were found");
}

/// A choice by its name in a case; the first where the case is silent.
fn choice<T: Copy>(params: &Value, key: &str, choices: &[(&str, T)]) -> T {
    let name = params[key].as_str().unwrap_or(choices[0].0);
    choices.iter().find(|(n, _)| *n == name).unwrap_or_else(|| panic!("{key} {name}")).1
}

/// A day, or a time where hours are asked for.
fn moment(value: &Value, calendar: Calendar) -> Instant {
    let text = value.as_str().unwrap();
    Day::parse(text).map_or_else(|| instant(text), |day| calendar.start_of(day))
}

fn instant(text: &str) -> Instant {
    Instant(chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros())
}

fn named(filter: &Value, event: &Value) -> bool {
    filter["event"].is_null() || filter["event"] == event["event"]
}

fn passes(filter: &Value, event: &Value) -> bool {
    let wanted = filter["where"].as_object().into_iter().flatten();
    named(filter, event) && wanted.into_iter().all(|(key, value)| event["props"][key] == *value)
}

/// The marks of each user in order of time, and the breakdown values in the order of their ids.
fn marks(case: &Value) -> (BTreeMap<String, Vec<Mark>>, Vec<String>) {
    let (params, events) = (&case["params"], case["events"].as_array().unwrap());
    let property = params["breakdown"]["property"].as_str().unwrap_or("");
    let values: BTreeSet<&str> = events.iter().filter_map(|e| e["props"][property].as_str()).collect();
    let values: Vec<String> = values.into_iter().map(str::to_owned).collect();
    let mut users = BTreeMap::<String, Vec<Mark>>::new();
    for event in events {
        let user = case["identity"].get(event["user"].as_str().unwrap()).unwrap_or(&event["user"]);
        let amount = params["aggregate"]["property"].as_str().and_then(|p| event["props"][p].as_f64());
        users.entry(user.as_str().unwrap().to_owned()).or_default().push(Mark {
            at: instant(event["ts"].as_str().unwrap()),
            start: passes(&params["start"], event),
            named: named(&params["start"], event),
            ret: passes(&params["return"], event),
            value: event["props"][property].as_str().and_then(|v| values.iter().position(|x| x == v)).map(|v| v as u32),
            amount: (amount.unwrap_or(0.0) * 1e6).round() as i64,
        });
    }
    for marks in users.values_mut() {
        marks.sort_by_key(|m| m.at);
    }
    (users, values)
}

fn retention(case: &Value) {
    let params = &case["params"];
    let calendar = Calendar {
        zone: Zone::parse(params["timezone"].as_str().unwrap_or("UTC")).unwrap(),
        week_start: WeekStart::parse(params["week_start"].as_str().unwrap_or("monday")).unwrap(),
    };
    let sizes: Vec<u16> =
        params["brackets"].as_array().into_iter().flatten().map(|n| n.as_u64().unwrap() as u16).collect();
    let columns = params["intervals"].as_u64().unwrap_or(1).max(1) as u16 - 1;
    let end = Instant(i64::MAX);
    let mut rules = Rules {
        calendar,
        membership: choice(
            params,
            "kind",
            &[
                ("recurring", Membership::Recurring),
                ("first_time", Membership::FirstTime),
                ("first_ever", Membership::FirstEver),
            ],
        ),
        window: choice(params, "window", &[("calendar", Window::Calendar), ("rolling", Window::Rolling)]),
        period: choice(
            params,
            "period",
            &[("day", Period::Day), ("hour", Period::Hour), ("week", Period::Week), ("month", Period::Month)],
        ),
        block: params["n"].as_u64().unwrap_or(1) as u32,
        from: moment(&params["from"], calendar),
        to: moment(&params["to"], calendar),
        columns: if sizes.is_empty() { Columns::Each(columns) } else { Columns::Brackets(&sizes) },
        returned: choice(
            params,
            "criterion",
            &[("on", Returned::On), ("on_or_after", Returned::OnOrAfter), ("on_or_before", Returned::OnOrBefore)],
        ),
        occurrences: params["min_occurrences"].as_u64().unwrap_or(1) as u32,
        zero: choice(params, "interval_zero", &[("size", IntervalZero::Size), ("observed", IntervalZero::Observed)]),
        average: Average::Pooled,
        same_value: false,
        through: end,
        reach: end,
    };
    // The last cohort bucket is also the end of observation.
    let observed = table(std::iter::empty(), &rules).cohorts.last().unwrap().end;
    (rules.through, rules.reach) = (observed, observed);
    assert_eq!(rules.conflict(), None);
    let (users, values) = marks(case);
    let users = users.values().map(Vec::as_slice);
    compare(case, &case["expected"], &table(users.clone(), &rules), calendar);
    let by = split(users, &rules, params["breakdown"]["limit"].as_u64().map(|n| n as usize));
    for (name, expected) in case["expected"]["by"].as_object().into_iter().flatten() {
        let is = |part: &Part| match part {
            Part::Value(id) => values[*id as usize] == *name,
            Part::Other => name == "Other",
            Part::Missing => name == "(none)",
        };
        let (_, table) = by.iter().find(|(part, _)| is(part)).unwrap_or_else(|| panic!("{} {name}", case["id"]));
        compare(case, expected, table, calendar);
    }
}

fn compare(case: &Value, expected: &Value, table: &Table, calendar: Calendar) {
    let id = &case["id"];
    let shown = |cell: &Cell, value: Value| if cell.state == State::NotReached { Value::Null } else { value };
    let users: Vec<Vec<Value>> =
        table.cohorts.iter().map(|c| c.cells.iter().map(|x| shown(x, json!(x.users))).collect()).collect();
    let major = |cell: &Cell| json!(cell.amount as f64 / 1e6);
    let amounts: Vec<Vec<Value>> =
        table.cohorts.iter().map(|c| c.cells.iter().map(|x| shown(x, major(x))).collect()).collect();
    for (key, leading, rows) in [("counts", "rows", &users), ("values", "value_rows", &amounts)] {
        if let Some(matrix) = expected[key].as_array() {
            assert_eq!(matrix.len(), rows.len(), "{id} {key}");
            for (i, row) in matrix.iter().enumerate() {
                equal(row, &rows[i], &format!("{id} {key} row {i}"));
            }
        }
        for (index, row) in expected[leading].as_object().into_iter().flatten() {
            let got = &rows[index.parse::<usize>().unwrap()];
            equal(row, &got[..row.as_array().unwrap().len()], &format!("{id} {leading} row {index}"));
        }
    }
    let day = |at: Instant| json!(calendar.day_of(at).to_string());
    for (key, cohort) in [("first_bucket", table.cohorts.first()), ("last_bucket", table.cohorts.last())] {
        assert!(expected[key].is_null() || expected[key] == day(cohort.unwrap().start), "{id} {key}");
    }
    if let Some(rates) = expected["rates"].as_array() {
        for (i, row) in rates.iter().enumerate() {
            let size = table.cohorts[i].size as f64;
            let got: Vec<Value> =
                table.cohorts[i].cells.iter().map(|c| shown(c, json!(c.users as f64 / size))).collect();
            for (want, got) in row.as_array().unwrap().iter().zip(&got) {
                let near = match (want.as_f64(), got.as_f64()) {
                    (Some(want), Some(got)) => (want - got).abs() < 5e-3,
                    (want, got) => want.is_none() && got.is_none(),
                };
                assert!(near, "{id} rates row {i}: {want} {got}");
            }
        }
    }
}

/// Numbers are compared as numbers: 150 is 150.0.
fn equal(expected: &Value, got: &[Value], what: &str) {
    let number = |v: &Value| v.as_f64();
    let expected: Vec<_> = expected.as_array().unwrap().iter().map(number).collect();
    assert_eq!(expected, got.iter().map(number).collect::<Vec<_>>(), "{what}");
}

fn average_matrix(case: &Value) {
    let rows: Vec<&Vec<Value>> =
        case["params"]["rates"].as_array().unwrap().iter().map(|r| r.as_array().unwrap()).collect();
    for (column, want) in case["expected"]["simple_skip_missing"].as_array().unwrap().iter().enumerate() {
        let mean = simple_mean(rows.iter().map(|r| r[column].as_f64())).unwrap();
        let rounded = 10_f64.powi(case["expected"]["rounded"].as_i64().unwrap_or(2) as i32);
        assert!((mean - want.as_f64().unwrap()).abs() <= 0.5 / rounded + 1e-9, "{} column {column}", case["id"]);
    }
}
