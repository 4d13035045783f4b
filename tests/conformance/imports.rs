//! Files of vendors: what an import makes of them, in the amounts of the file.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::ops::ControlFlow;

use quarterdeck::domain::money::{Currency, exact};
use quarterdeck::domain::records::{Counts, Kind};
use quarterdeck::engine::{Engine, NewWorkspace, titles};
use quarterdeck::query::{Command, ImportRequest, Outcome};
use serde_json::{Map, Value, json};

use super::case::{CLOCK, Read, calendar, entries, expected, failed, filled, list, only, text};
use super::compare::Compared;

type Row = BTreeMap<String, String>;

/// What an import stored, and its counts.
struct Imported {
    rows: Vec<Row>,
    counts: Counts,
}

fn import(case: &Value, kind: Kind) -> Read<Imported> {
    let params = &case["params"];
    // `time` and `user` say in words what the format does.
    only(params, "", &["format", "time", "user", "timezone"])?;
    let (Some(format), Some(csv)) = (text(params, "format")?, text(case, "csv")?) else {
        return failed("a case without a format or a file");
    };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("export.csv");
    let mut file = tempfile::NamedTempFile::new_in(folder.path())?;
    file.write_all(csv.as_bytes())?;
    file.persist(&path)?;
    let profile =
        NewWorkspace { product: "case".into(), ..NewWorkspace::bare(calendar(params)?.zone, Currency::parse("USD")) };
    let mut engine = Engine::create(&folder.path().join("case.db"), &profile)?;
    let request = ImportRequest { path, ..ImportRequest::default() };
    let outcome = engine.run(&Command::Import(request), CLOCK, &mut |_| ControlFlow::Continue(()))?;
    let Outcome::Imported(summary) = outcome else { return failed("the import gave another outcome") };
    if summary.kind != kind || !summary.notes.contains(&format!("read as {format}")) {
        return failed(format!("not read as {format}: {:?}", summary.notes));
    }
    let mut rows = Vec::new();
    engine.export(kind, None, &mut |cells| {
        let pairs = titles(kind).into_iter().zip(cells).filter_map(|(t, c)| Some((t.to_owned(), c.clone()?)));
        rows.push(pairs.collect());
        Ok(())
    })??;
    Ok(Imported { rows, counts: summary.counts })
}

/// Decimal text in micros; an amount that is none is not equal to any.
fn micros(decimal: &str) -> Option<i128> {
    let (sign, digits) = decimal.strip_prefix('-').map_or((1, decimal), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = format!("{whole}{fraction:0<6}");
    (fraction.len() <= 6).then(|| digits.parse::<i128>().ok()).flatten().map(|n| sign * n)
}

fn amount(row: &Row) -> i128 {
    row.get("amount").and_then(|text| micros(text)).unwrap_or(i128::MAX)
}

/// Amounts of a case in one form, numbers or text, alone or by name.
fn decimals(value: &Value) -> Value {
    match value {
        Value::Object(entries) => entries.iter().map(|(k, v)| (k.clone(), decimals(v))).collect::<Map<_, _>>().into(),
        Value::Number(n) => micros(&n.to_string()).map_or_else(|| value.clone(), |n| json!(exact(n))),
        Value::String(s) => micros(s).map_or_else(|| value.clone(), |n| json!(exact(n))),
        other => other.clone(),
    }
}

/// The sum of some rows; by currency where the case has it so.
fn sum<'r>(want: &Value, rows: impl Iterator<Item = &'r Row>, sign: i128) -> Value {
    if want.is_object() { by(rows, "currency", sign) } else { json!(exact(rows.map(|r| sign * amount(r)).sum())) }
}

/// Sums by the value of a column; rows without one are left out.
fn by<'r>(rows: impl Iterator<Item = &'r Row>, column: &str, sign: i128) -> Value {
    let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
    for row in rows {
        if let Some(key) = row.get(column) {
            *sums.entry(key).or_default() += sign * amount(row);
        }
    }
    sums.into_iter().map(|(key, sum)| (key.to_owned(), json!(exact(sum)))).collect::<Map<_, _>>().into()
}

/// Orders and refunds of a file.
pub fn orders(case: &Value) -> Read<Compared> {
    let known = ["orders", "line_items", "revenue", "charges_counted", "excluded", "refunds"];
    let sums = ["gross", "refunded", "net", "net_by_user"];
    let expected = expected(case, &[&known[..], &sums[..]].concat())?;
    let Imported { rows, counts } = import(case, Kind::Revenue)?;
    let is_charge = |row: &&Row| amount(row) >= 0;
    let charges = || rows.iter().filter(is_charge);
    let refunds = || rows.iter().filter(|row| !is_charge(row));
    // Further lines of an order carry no money of their own.
    let heads = || charges().filter(|row| row.get("line").is_none_or(|line| line == "1"));
    let mut compared = Compared::counts();
    for (name, want) in expected.iter().filter(|(_, want)| !want.is_null()) {
        let got = match name.as_str() {
            "orders" | "charges_counted" => json!(heads().count()),
            "line_items" => json!(charges().count()),
            "excluded" => json!(counts.blank),
            "revenue" => {
                let want = filled(want, name, list)?.map_or(&[][..], Vec::as_slice);
                compared.add(name, &by_id(want.to_vec()), by_id(revenue(want, heads())?));
                continue;
            }
            "refunds" => by(refunds(), "refund_of", -1),
            "refunded" => sum(want, refunds(), -1),
            "gross" => sum(want, charges(), 1),
            "net" => sum(want, rows.iter(), 1),
            _ => by(rows.iter(), "user_id", 1),
        };
        let want = if known.contains(&name.as_str()) && name != "refunds" { want.clone() } else { decimals(want) };
        compared.add(name, &want, got);
    }
    Ok(compared)
}

/// Orders in the fields that a case names; an order may go by the name that the shop shows.
fn revenue<'r>(want: &[Value], rows: impl Iterator<Item = &'r Row>) -> Read<Vec<Value>> {
    let fields = want.first().and_then(entries);
    let mut out = Vec::new();
    for row in rows {
        let cell = |column: &str| row.get(column).map_or(Value::Null, |text| json!(text));
        let props: Value = serde_json::from_str(row.get("props").map_or("{}", String::as_str))?;
        let currency = row.get("currency").and_then(|code| Currency::parse(code));
        let unit = 10_i128.pow(6 - currency.map_or(2, |c| c.exponent()));
        let value = |field: &String| match field.as_str() {
            "id" if want.iter().any(|w| w["id"] == props["Name"]) => props["Name"].clone(),
            "id" => cell("order_id"),
            "user" => cell("user_id"),
            "ts_utc" => cell("ts"),
            "amount_minor" if amount(row) % unit == 0 => json!((amount(row) / unit) as i64),
            other => cell(other),
        };
        out.push(fields.into_iter().flatten().map(|(field, _)| (field.clone(), value(field))).collect());
    }
    Ok(out)
}

/// Orders in one order.
fn by_id(mut orders: Vec<Value>) -> Value {
    orders.sort_by_key(|order| order["id"].to_string());
    orders.into()
}

/// What was spent, shown and clicked by a file.
pub fn spend(case: &Value) -> Read<Compared> {
    let expected = expected(case, &["rows", "cost", "impressions", "clicks", "by_day"])?;
    let Imported { rows, counts } = import(case, Kind::Spend)?;
    let count = |rows: &[&Row], column: &str| {
        let numbers = rows.iter().filter_map(|row| row.get(column)?.parse::<u64>().ok());
        json!(numbers.sum::<u64>())
    };
    let all: Vec<&Row> = rows.iter().collect();
    let mut compared = Compared::counts();
    for (name, want) in expected.iter().filter(|(_, want)| !want.is_null()) {
        match name.as_str() {
            "rows" => compared.add(name, want, counts.inserted + counts.updated + counts.duplicate),
            "cost" => compared.add(name, &decimals(want), sum(want, rows.iter(), 1)),
            "by_day" => {
                let want = filled(want, name, entries)?;
                let mut days = Map::new();
                for day in rows.iter().filter_map(|row| row.get("date")) {
                    let of_day: Vec<&Row> = rows.iter().filter(|row| row.get("date") == Some(day)).collect();
                    let wanted = want.and_then(|w| w.get(day)).unwrap_or(&Value::Null);
                    let cost = |wanted: &Value| sum(wanted, of_day.iter().copied(), 1);
                    let got = match wanted.as_object().filter(|fields| fields.contains_key("cost")) {
                        None => cost(wanted),
                        Some(fields) => {
                            let value =
                                |field: &str, w: &Value| if field == "cost" { cost(w) } else { count(&of_day, field) };
                            fields
                                .iter()
                                .map(|(field, w)| (field.clone(), decimals(&value(field, w))))
                                .collect::<Map<_, _>>()
                                .into()
                        }
                    };
                    days.insert(day.clone(), got);
                }
                compared.add(name, &decimals(&json!(want)), days);
            }
            column => compared.add(name, want, count(&all, column)),
        }
    }
    Ok(compared)
}
