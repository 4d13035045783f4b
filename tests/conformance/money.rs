//! What users bring and what they cost: lifetime value, ROAS, averages of rates.

use quarterdeck::domain::calendar::{Calendar, Day, Grain, Span};
use quarterdeck::domain::money::{Currency, exact};
use quarterdeck::metrics::currency::{RATE_UNIT, Rate, Rates};
use quarterdeck::metrics::retention::simple_mean;
use quarterdeck::query::{Among, Answer, LtvAges, LtvQuery, LtvTable, Number, Query, Segment};
use serde_json::{Value, json};

use super::case::{CLOCK, Read, choice, entries, expected, failed, filled, list, only, text, unsupported, whole};
use super::compare::Compared;
use super::world::{self, Rows};

/// The day that all cohorts of a case are observed through.
const THROUGH: &str = "2024-06-30";

/// Half of the last decimal that a case writes.
pub fn tolerance(expected: &Value) -> Read<f64> {
    let decimals = i32::try_from(whole(expected, "rounded", Some(6))?)?;
    Ok(0.5 * 10_f64.powi(-decimals))
}

/// An exact amount of a case in micros.
pub fn micros(value: &Value) -> Read<i64> {
    let text = match value {
        Value::Number(n) => n.to_string(),
        Value::String(text) => text.clone(),
        other => return failed(format!("{other} is no amount")),
    };
    let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    match format!("{whole}{fraction:0<6}").parse::<i64>() {
        Ok(micros) if fraction.len() <= 6 => Ok(sign * micros),
        _ => failed(format!("{value} is no amount of six decimals")),
    }
}

/// Each cohort of a case comes through a channel of its own on one day, and one of its users pays for all.
pub fn ltv_overall(case: &Value) -> Read<Compared> {
    let params = &case["params"];
    only(params, "", &["n_days", "cohorts", "among"])?;
    let known = ["per_cohort", "overall", "rounded"];
    expected(case, &known)?;
    let (Some(cohorts), Some(through)) = (list(&params["cohorts"]), Day::parse(THROUGH)) else {
        return failed("cohorts is no list");
    };
    let (mut rows, mut first) = (Rows::default(), through);
    for (at, cohort) in cohorts.iter().enumerate() {
        only(cohort, "cohorts", &["users", "payers", "revenue", "days_observed", "name"])?;
        let day = through.plus(-i32::try_from(whole(cohort, "days_observed", None)?)?);
        first = first.min(day);
        let users = whole(cohort, "users", None)?;
        let payers = whole(cohort, "payers", Some(1))?;
        let user = |n: u64| format!("{at}-{n}");
        let ts = format!("{day}T12:00:00Z");
        for n in 0..users {
            rows.events.push(json!({ "user_id": user(n), "ts": ts, "event": "open", "channel": at.to_string() }));
        }
        let amount = micros(&cohort["revenue"])?;
        for n in 0..payers.min(users) {
            let part = if n == 0 { amount - (payers as i64 - 1) } else { 1 };
            let part = exact(part.into());
            rows.revenue.push(json!({ "order_id": user(n), "user_id": user(n), "ts": ts, "amount": part }));
        }
    }
    let (_folder, mut engine) = world::open(&rows, Calendar::UTC, "USD", through)?;
    let mut ask = |channels: Vec<String>| -> Read<LtvTable> {
        let query = LtvQuery {
            span: Span::new(first, through),
            grain: Grain::Day,
            ages: LtvAges::Days(vec![u16::try_from(whole(params, "n_days", None)?)?]),
            among: choice(params, "among", &[("users", Among::Users), ("payers", Among::Payers)])?,
            segment: Segment { channels, ..Segment::default() },
        };
        match engine.answer(&Query::Ltv(query), CLOCK)? {
            Answer::Ltv(table) => Ok(table),
            _ => failed("another answer"),
        }
    };
    let expected = &case["expected"];
    let mut compared = Compared::within(tolerance(expected)?);
    if let Some(want) = filled(&expected["per_cohort"], "per_cohort", list)? {
        let mut values = Vec::new();
        for at in 0..cohorts.len() {
            values.push(ask(vec![at.to_string()])?.overall[0].value());
        }
        compared.add("per_cohort", &json!(want), values);
    }
    if expected.get("overall").is_some() {
        compared.add("overall", &expected["overall"], ask(Vec::new())?.overall[0].value());
    }
    Ok(compared)
}

/// Both sides in the base currency; nothing where a rate is missing.
pub fn roas(case: &Value) -> Read<Compared> {
    let (params, day) = (&case["params"], Day(0));
    only(params, "", &["base", "rates_to_base", "cost", "value"])?;
    let code = |value: &Value, key: &str| -> Read<Currency> {
        match text(value, key)?.and_then(Currency::parse) {
            Some(currency) => Ok(currency),
            None => failed(format!("{key} {} is no currency", value[key])),
        }
    };
    let base = code(params, "base")?;
    let mut rates = Vec::new();
    for (from, rate) in entries(&params["rates_to_base"]).into_iter().flatten() {
        let Some(from) = Currency::parse(from) else { return unsupported(format!("currency {from}")) };
        rates.push(Rate { day, from, to: base, rate: i128::from(micros(rate)?) * (RATE_UNIT / 1_000_000) });
    }
    let rates = Rates::new(base, &rates);
    let side = |key: &str| -> Read<Option<i128>> {
        only(&params[key], key, &["amount", "currency"])?;
        Ok(rates.convert(micros(&params[key]["amount"])?, code(&params[key], "currency")?, day))
    };
    let (cost, value) = (side("cost")?, side("value")?);
    let roas = cost.zip(value).map_or(Number::None, |(cost, value)| Number::ratio(value, cost));
    let money = |micros: Option<i128>| micros.and_then(|m| Number::Money(m).value());
    let mut compared = Compared::within(1e-6);
    for (key, want) in expected(case, &["roas", "cost_base", "value_base", "wrong_if_unconverted", "missing_rates"])? {
        let got = match key.as_str() {
            "roas" => json!(roas.value()),
            "cost_base" => json!(money(cost)),
            "value_base" => json!(money(value)),
            "missing_rates" => json!(u64::from(cost.is_none()) + u64::from(value.is_none())),
            // What a tool without rates shows.
            _ if want.as_f64() == roas.value() => return failed("not converted"),
            _ => continue,
        };
        compared.add(key, want, got);
    }
    Ok(compared)
}

/// Mean of the rates of each column over the rows that have one.
pub fn average_matrix(case: &Value) -> Read<Compared> {
    only(&case["params"], "", &["rates"])?;
    let Some(rows) = list(&case["params"]["rates"]) else { return failed("rates is no list") };
    let columns = rows.iter().filter_map(Value::as_array).map(Vec::len).max().unwrap_or(0);
    let want = &expected(case, &["simple_skip_missing", "rounded"])?["simple_skip_missing"];
    let mean = |column: usize| simple_mean(rows.iter().map(|row| row[column].as_f64()));
    let mut compared = Compared::within(tolerance(&case["expected"])?);
    compared.add("simple_skip_missing", want, (0..columns).map(mean).collect::<Vec<_>>());
    Ok(compared)
}
