//! `expected` of a manifest beside what happened.

use quarterdeck::domain::records::Counts;
use serde_json::{Map, Value, json};

use super::Ended;
use super::stored::{Stored, instant};

/// Every field that differs, that is not known, or that says nothing.
pub fn all(expected: &Value, ended: &[Ended], stored: &Stored) -> Vec<String> {
    let none = Map::new();
    let expected = expected.as_object().unwrap_or(&none);
    let mut wrong: Vec<String> = ended
        .iter()
        .filter(|one| !one.counts.conserved())
        .map(|one| format!("counts do not add up: {:?}", one.counts))
        .collect();
    if expected.keys().all(|field| field == "notes") {
        wrong.push("nothing is expected".to_owned());
    }
    let mut total = Counts::default();
    for one in ended {
        total.add(&one.counts);
    }
    for (field, wanted) in expected {
        match field.as_str() {
            "notes" => {}
            "exit_code" => wrong.extend(differs(field, wanted, Some(json!(ended.last().map(|e| e.code))))),
            "rejected_lines" => wrong.extend(lines(wanted, ended)),
            "per_file" => wrong.extend(per_file(wanted, ended)),
            name => wrong.extend(differs(field, wanted, count(&total, name).or_else(|| stored.get(name)))),
        }
    }
    wrong
}

fn per_file(wanted: &Value, ended: &[Ended]) -> Vec<String> {
    let files = wanted.as_array().map_or(&[][..], Vec::as_slice);
    if files.len() != ended.len() {
        return vec![format!("per_file has {} entries for {} files", files.len(), ended.len())];
    }
    let mut wrong = Vec::new();
    for (at, (wanted, got)) in files.iter().zip(ended).enumerate() {
        let Some(fields) = wanted.as_object().filter(|f| !f.is_empty()) else {
            wrong.push(format!("file {}: nothing is expected", at + 1));
            continue;
        };
        for (field, value) in fields {
            let differs = match field.as_str() {
                "exit_code" => differs(field, value, Some(json!(got.code))),
                "rejected_lines" => lines(value, std::slice::from_ref(got)),
                name => differs(field, value, count(&got.counts, name)),
            };
            wrong.extend(differs.map(|what| format!("file {} {what}", at + 1)));
        }
    }
    wrong
}

fn differs(field: &str, wanted: &Value, got: Option<Value>) -> Option<String> {
    let Some(got) = got else { return Some(format!("{field} is not known")) };
    let form = match field {
        "revenue_by_currency" | "refunds_by_currency" | "spend_by_day" | "facts_sum_by_metric" => amounts,
        "utc_times" => times,
        _ => numbers,
    };
    (form(wanted) != form(&got)).then(|| told(field, wanted, &got))
}

fn told(field: &str, wanted: &Value, got: &Value) -> String {
    let short = |value: &Value| value.to_string().chars().take(300).collect::<String>();
    format!("{field} expected {} got {}", short(wanted), short(got))
}

/// Lines of rejected rows, a list or a list a file. Of a file with more rows than are named, the first lines and the
/// number of all are compared.
pub fn lines(wanted: &Value, ended: &[Ended]) -> Option<String> {
    let field = "rejected_lines";
    let got = || json!(ended.iter().map(|e| &e.lines).collect::<Vec<_>>());
    let Some(all) = wanted.as_array() else { return Some(told(field, wanted, &got())) };
    let nested: Option<Vec<&Vec<Value>>> = all.iter().map(Value::as_array).collect();
    let files: Vec<Vec<Value>> = match nested {
        Some(nested) if !nested.is_empty() => nested.into_iter().cloned().collect(),
        _ => split(all, ended),
    };
    let agrees = |(wanted, got): (&Vec<Value>, &Ended)| {
        wanted.len() as u64 == got.counts.rejected && wanted.iter().zip(&got.lines).all(|(w, g)| w.as_u64() == Some(*g))
    };
    let same = files.len() == ended.len() && files.iter().zip(ended).all(agrees);
    (!same).then(|| told(field, wanted, &got()))
}

/// One list for all files, cut where one file's rejected rows end; what is left over stays with the last.
fn split(all: &[Value], ended: &[Ended]) -> Vec<Vec<Value>> {
    let mut rest = all;
    let mut files = Vec::new();
    for (at, one) in ended.iter().enumerate() {
        let length = if at + 1 == ended.len() { rest.len() } else { rest.len().min(one.counts.rejected as usize) };
        let (mine, others) = rest.split_at(length);
        files.push(mine.to_vec());
        rest = others;
    }
    files
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

/// The same value with every leaf in one form.
fn leaves(value: &Value, form: &impl Fn(&Value) -> Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(|v| leaves(v, form)).collect(),
        Value::Object(entries) => Value::Object(entries.iter().map(|(k, v)| (k.clone(), leaves(v, form))).collect()),
        leaf => form(leaf),
    }
}

/// `40.0` is 40.
pub fn numbers(value: &Value) -> Value {
    leaves(value, &|leaf| match leaf.as_f64() {
        Some(number) if number.fract() == 0.0 && leaf.is_f64() => json!(number as i64),
        _ => leaf.clone(),
    })
}

/// Amounts are decimals, as text or number, and an amount of zero is none.
pub fn amounts(value: &Value) -> Value {
    let decimal = |leaf: &Value| match leaf {
        Value::String(text) => json!(plain(text)),
        Value::Number(number) => json!(plain(&number.to_string())),
        other => other.clone(),
    };
    without_zeros(leaves(value, &decimal))
}

fn without_zeros(value: Value) -> Value {
    let Value::Object(entries) = value else { return value };
    let kept = entries.into_iter().map(|(key, value)| (key, without_zeros(value)));
    Value::Object(kept.filter(|(_, v)| *v != json!("0") && *v != json!({})).collect())
}

/// Decimal text without zeros that say nothing.
fn plain(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.trim_start_matches('+')), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    match (whole, fraction) {
        ("", "") => "0".to_owned(),
        (whole, "") => format!("{sign}{whole}"),
        ("", fraction) => format!("{sign}0.{fraction}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    }
}

/// Times are instants, however they are written.
fn times(value: &Value) -> Value {
    leaves(value, &|leaf| leaf.as_str().and_then(instant).map_or_else(|| leaf.clone(), |at| json!(at.0)))
}
