//! One check a metric: the parameters into a question, the answer beside what is expected.

use quarterdeck::domain::calendar::{Day, Grain, Span};
use quarterdeck::engine::Engine;
use quarterdeck::metrics::retention::average;
use quarterdeck::query::{
    Answer, Average, Cell, Cohort, CohortKind, Criterion, Entry, FunnelQuery, FunnelTable, IntervalZero, MetricQuery,
    Number, Occurrences, Order, Query, RetentionQuery, Segment, State, StickinessQuery,
};
use serde_json::{Value, json};

use super::case::{
    CLOCK, Read, Stop, calendar, choice, day, entries, event, expected, failed, filled, flag, grain, last_day, list,
    only, text, unsupported, whole, workspace,
};
use super::compare::Compared;
use super::{credit, imports, money};

/// Computes what a case expects.
pub fn check(case: &Value) -> Read<Compared> {
    match case["metric"].as_str() {
        Some("retention") => retention(case),
        Some("stickiness") => stickiness(case),
        Some("active_users") => active_users(case),
        Some("lifecycle") => lifecycle(case),
        Some("average_retention") => average_retention(case),
        Some("funnel") => funnel(case),
        Some("attribution") => credit::attribution(case),
        Some("attribution_weights") => credit::attribution_weights(case),
        Some("channel_economics") => credit::channel_economics(case),
        Some("ltv_overall") => money::ltv_overall(case),
        Some("roas") => money::roas(case),
        Some("average_matrix") => money::average_matrix(case),
        Some("import_orders") => imports::orders(case),
        Some("import_spend") => imports::spend(case),
        Some(other) => unsupported(format!("metric {other}")),
        None => failed("a case without a metric"),
    }
}

fn retention(case: &Value) -> Read<Compared> {
    let params = &case["params"];
    let known = ["kind", "window", "period", "n", "timezone", "week_start", "from", "to", "intervals"];
    let further = ["start", "return", "criterion", "min_occurrences", "interval_zero"];
    only(params, "", &[&known[..], &further[..]].concat())?;
    choice(params, "window", &[("calendar", ())])?;
    for key in ["n", "min_occurrences"] {
        if whole(params, key, Some(1))? != 1 {
            return unsupported(key);
        }
    }
    // Without a filter the first event of its name is the first that passes it.
    let kinds = [
        ("recurring", CohortKind::Recurring),
        ("first_time", CohortKind::FirstTime),
        ("first_ever", CohortKind::FirstTime),
    ];
    let grain = grain(params)?;
    let calendar = calendar(params)?;
    let until = calendar.bucket(grain, day(params, "to")?).last;
    let columns = whole(params, "intervals", None)?.max(1);
    let query = RetentionQuery {
        span: Span::new(day(params, "from")?, day(params, "to")?),
        grain,
        intervals: u16::try_from(columns - 1)?,
        kind: choice(params, "kind", &kinds)?,
        criterion: choice(params, "criterion", &[("on", Criterion::On), ("on_or_after", Criterion::OnOrAfter)])?,
        // The sources' convention; cases that differ say so.
        interval_zero: choice(
            params,
            "interval_zero",
            &[("size", IntervalZero::Size), ("observed", IntervalZero::Observed)],
        )?,
        average: Average::Pooled,
        start: event(params, "start")?,
        ret: event(params, "return")?,
        segment: Segment::default(),
        observe_until: Some(until),
    };
    expected(case, &["counts", "rows", "first_bucket", "last_bucket"])?;
    let (_folder, mut engine) = workspace(case, calendar, until)?;
    match engine.answer(&Query::Retention(query), CLOCK)? {
        Answer::Retention(table) => triangle(&case["expected"], &table.cohorts),
        _ => failed("another answer"),
    }
}

/// Compares a triangle with a full matrix, or with the leading cells of some rows.
fn triangle(expected: &Value, cohorts: &[Cohort]) -> Read<Compared> {
    let cell = |c: &Cell| if c.state == State::NotReached { Value::Null } else { json!(c.users) };
    let row = |c: &Cohort| -> Vec<Value> { c.cells.iter().map(cell).collect() };
    let mut compared = Compared::counts();
    if filled(&expected["counts"], "counts", list)?.is_some() {
        compared.add("counts", &expected["counts"], cohorts.iter().map(row).collect::<Vec<_>>());
    }
    for (index, leading) in filled(&expected["rows"], "rows", entries)?.into_iter().flatten() {
        let Some(length) = filled(leading, "rows", list)?.map(Vec::len) else {
            return failed(format!("expected.rows.{index} is null"));
        };
        let cells = index.parse::<usize>().ok().and_then(|i| cohorts.get(i)).map(&row).unwrap_or_default();
        compared.add(index, leading, cells.into_iter().take(length).collect::<Vec<_>>());
    }
    for (key, cohort) in [("first_bucket", cohorts.first()), ("last_bucket", cohorts.last())] {
        if !expected[key].is_null() {
            compared.add(key, &expected[key], cohort.map(|c| c.bucket.first.to_string()));
        }
    }
    Ok(compared)
}

fn stickiness(case: &Value) -> Read<Compared> {
    let params = &case["params"];
    only(params, "", &["period", "timezone", "week_start", "from", "to", "event", "cumulative", "criterion"])?;
    only(&params["criterion"], "criterion", &["op", "value"])?;
    let grain = grain(params)?;
    let events = u32::try_from(whole(&params["criterion"], "value", Some(1))?)?;
    let rules = [
        ("gte", Occurrences::AtLeast(events)),
        ("lte", Occurrences::AtMost(events)),
        ("exact", Occurrences::Exactly(events)),
    ];
    let calendar = calendar(params)?;
    let span = Span::new(day(params, "from")?, calendar.bucket(grain, day(params, "to")?).last);
    let query = StickinessQuery {
        span,
        grain,
        event: event(params, "event")?,
        rule: choice(&params["criterion"], "op", &rules)?,
        cumulative: flag(params, "cumulative", Some(false))?,
        segment: Segment::default(),
    };
    let want = &expected(case, &["users_by_intervals"])?["users_by_intervals"];
    let (_folder, mut engine) = workspace(case, calendar, span.last)?;
    let Answer::Stickiness(users) = engine.answer(&Query::Stickiness(query), CLOCK)? else {
        return failed("another answer");
    };
    let mut compared = Compared::counts();
    compared.add("users_by_intervals", want, users);
    Ok(compared)
}

/// One metric over buckets, as whole numbers; null is not yet observable.
fn counts(
    engine: &mut Engine,
    metric: &'static str,
    span: Span,
    grain: Option<Grain>,
    event: Option<String>,
    window_days: Option<u16>,
) -> Read<Vec<Value>> {
    let query = MetricQuery { metric, span, grain, segment: Segment::default(), split: None, event, window_days };
    let Answer::Metric(series) = engine.answer(&Query::Metric(query), CLOCK)? else {
        return failed("another answer");
    };
    let Some(line) = series.lines.last() else { return failed("no line") };
    let value = |value: Number, state: State| match (value, state) {
        (Number::Count(n), _) => json!(n as i64),
        // Before the first stored row, where a screen shows that there is no data, a case counts nobody.
        (Number::None, State::Complete) => json!(0),
        _ => Value::Null,
    };
    Ok(line.points.iter().map(|p| value(p.value, p.state)).collect())
}

/// Distinct users of a window that ends on each grid day.
fn active_users(case: &Value) -> Read<Compared> {
    let params = &case["params"];
    only(params, "", &["event", "timezone", "week_start", "window_days", "grid", "from", "to"])?;
    let step = choice(params, "grid", &[("day", 1), ("week", 7)])?;
    let (from, to) = (day(params, "from")?, day(params, "to")?);
    let window = u16::try_from(whole(params, "window_days", Some(1))?)?;
    let event = event(params, "event")?;
    let expected = expected(case, &["at", "recomputed_series"])?;
    let (_folder, mut engine) = workspace(case, calendar(params)?, to)?;
    let mut series = Vec::new();
    for at in Span::new(from, to).iter().step_by(step) {
        let point = Span { first: at, last: at };
        series.extend(counts(&mut engine, "active_users", point, None, event.clone(), Some(window))?);
    }
    let mut compared = Compared::counts();
    for (index, want) in filled(&case["expected"]["at"], "at", entries)?.into_iter().flatten() {
        let got = index.parse().ok().and_then(|i: usize| series.get(i)).cloned();
        compared.add(index, want, got.unwrap_or_else(|| "no such day of the grid".into()));
    }
    if let Some(want) = expected.get("recomputed_series").filter(|v| !v.is_null()) {
        compared.add("recomputed_series", want, series);
    }
    Ok(compared)
}

/// New, returning, resurrected and dormant users by bucket; the source prints dormant users as negative numbers.
fn lifecycle(case: &Value) -> Read<Compared> {
    let rows = [
        ("new", "new_users", 1),
        ("returning", "returning_users", 1),
        ("resurrecting", "resurrected_users", 1),
        ("dormant", "dormant_users", -1),
    ];
    let params = &case["params"];
    only(params, "", &["period", "timezone", "week_start", "from", "to", "event"])?;
    let grain = grain(params)?;
    let event = event(params, "event")?;
    let expected = expected(case, &rows.map(|r| r.0))?;
    let calendar = calendar(params)?;
    let span = Span::new(day(params, "from")?, calendar.bucket(grain, day(params, "to")?).last);
    let (_folder, mut engine) = workspace(case, calendar, span.last)?;
    let mut compared = Compared::counts();
    for (key, metric, sign) in rows {
        let Some(want) = expected.get(key).filter(|v| !v.is_null()) else { continue };
        let values = counts(&mut engine, metric, span, Some(grain), event.clone(), None)?;
        compared.add(key, want, values.iter().map(|v| v.as_i64().map(|n| n * sign)).collect::<Vec<_>>());
    }
    Ok(compared)
}

/// Percent of users kept, pooled or as the mean of the cohorts; null where no cohort is complete.
fn average_retention(case: &Value) -> Read<Compared> {
    only(&case["params"], "", &["cohorts"])?;
    let Some(cohorts) = case["params"]["cohorts"].as_array() else { return failed("cohorts is no list") };
    let cohorts = cohorts.iter().map(cohort).collect::<Read<Vec<_>>>()?;
    let (known, expected) = (["pooled_percent", "simple_percent", "rounded"], &case["expected"]);
    only(expected, "expected", &known)?;
    let decimals = i32::try_from(whole(expected, "rounded", Some(6))?)?;
    let mut compared = Compared::within(0.5 * 10_f64.powi(-decimals));
    for (key, how) in [("pooled_percent", Average::Pooled), ("simple_percent", Average::Simple)] {
        if let Some(want) = expected.get(key) {
            compared.add(key, want, average(&cohorts, 0, how).0.map(|rate| rate * 100.0));
        }
    }
    if compared.want == json!({}) { failed("nothing is expected") } else { Ok(compared) }
}

fn cohort(value: &Value) -> Read<Cohort> {
    only(value, "cohorts", &["size", "retained", "complete", "name"])?;
    text(value, "name")?;
    let state = if flag(value, "complete", None)? { State::Complete } else { State::Running };
    let cells = vec![Cell { users: whole(value, "retained", None)?, state }];
    Ok(Cohort { bucket: Span { first: Day(0), last: Day(0) }, size: whole(value, "size", None)?, cells })
}

fn funnel(case: &Value) -> Read<Compared> {
    let params = &case["params"];
    only(params, "", &["steps", "order", "window_seconds", "entry", "histogram", "timezone", "week_start"])?;
    let Some(steps) = list(&params["steps"]) else { return failed("steps is no list") };
    let query = FunnelQuery {
        steps: steps.iter().map(step).collect::<Read<_>>()?,
        order: choice(
            params,
            "order",
            &[("ordered", Order::Ordered), ("strict", Order::Strict), ("unordered", Order::Any)],
        )?,
        entry: choice(params, "entry", &[("best", Entry::Best), ("first", Entry::First)])?,
        window: optional(params, "window_seconds")?,
        span: None,
        segment: Segment::default(),
        histogram: bins(params, steps.len())?,
    };
    let shares = ["share_of_all", "step_rate", "step_rate_tail"];
    let times = ["avg_seconds", "median_seconds"];
    let expected = expected(case, &[&["counts", "average", "bins"], &times[..], &shares[..]].concat())?;
    if params["histogram"].is_null() && ["average", "bins"].iter().any(|key| !case["expected"][key].is_null()) {
        return failed("a histogram is expected and none is asked for");
    }
    let calendar = calendar(params)?;
    let (_folder, mut engine) = workspace(case, calendar, last_day(case, calendar)?)?;
    let Answer::Funnel(table) = engine.answer(&Query::Funnel(query), CLOCK)? else {
        return failed("another answer");
    };
    let mut compared = Compared::counts();
    for (key, want) in expected.iter().filter(|(_, want)| !want.is_null()) {
        compared.add(key, want, funnel_value(&table, key));
    }
    Ok(compared)
}

fn step(value: &Value) -> Read<String> {
    only(value, "steps", &["event"])?;
    text(value, "event")?.map_or_else(|| failed(format!("step {value} has no event")), |name| Ok(name.to_owned()))
}

fn optional(object: &Value, key: &str) -> Read<Option<u64>> {
    if object[key].is_null() { Ok(None) } else { whole(object, key, None).map(Some) }
}

/// The steps of the histogram, counted from 0 as in the query, and the number of its bins.
fn bins(params: &Value, steps: usize) -> Read<(usize, usize, Option<usize>)> {
    let histogram = &params["histogram"];
    if histogram.is_null() {
        return Ok((0, steps - 1, None));
    }
    only(histogram, "histogram", &["from_step", "to_step", "bins"])?;
    let number = |key| Ok::<_, Stop>(usize::try_from(whole(histogram, key, None)?)?);
    let bins = optional(histogram, "bins")?.map(usize::try_from).transpose()?;
    Ok((number("from_step")?, number("to_step")?, bins))
}

/// What the engine says under a key of the expectations.
fn funnel_value(table: &FunnelTable, key: &str) -> Value {
    let users: Vec<u64> = table.steps.iter().map(|s| s.users).collect();
    let before = std::iter::once(&table.users).chain(&users);
    let rates: Vec<f64> = users.iter().zip(before).map(|(part, whole)| share(*part, *whole)).collect();
    match key {
        "counts" => json!(users),
        "avg_seconds" => table.steps.iter().map(|s| s.mean).collect(),
        "median_seconds" => table.steps.iter().map(|s| s.median).collect(),
        "average" => json!(table.mean),
        "bins" => json!(table.histogram),
        "share_of_all" => users.iter().map(|part| share(*part, table.users)).collect(),
        "step_rate" => json!(rates),
        "step_rate_tail" => json!(rates[1..]),
        _ => Value::Null,
    }
}

/// The source prints 0 where nobody came before; on a screen such a rate is undefined.
fn share(part: u64, whole: u64) -> f64 {
    Number::ratio(part.into(), whole.into()).value().unwrap_or(0.0)
}
