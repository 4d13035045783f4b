//! One check a metric: the parameters into a question, the answer beside what is expected.

use quarterdeck::domain::calendar::{Day, Grain, Instant, Span};
use quarterdeck::engine::Engine;
use quarterdeck::metrics::retention::average;
use quarterdeck::query::{
    Answer, Average, Cell, Cohort, EventFilter, MetricQuery, Number, Occurrences, Query, Segment, State,
    StickinessQuery,
};
use serde_json::{Value, json};

use super::case::{
    CLOCK, Read, calendar, choice, day, entries, event_filter, expected, failed, filled, flag, grain, only, text,
    unsupported, whole, workspace,
};
use super::compare::Compared;
use super::{credit, funnel, imports, money, planning, retention};

/// Computes what a case expects.
pub fn check(case: &Value) -> Read<Compared> {
    let Some(metric) = case["metric"].as_str() else { return failed("a case without a metric") };
    if let Some(answer) = planning::answer(metric) {
        return planning::check(case, answer);
    }
    match metric {
        "retention" => retention::check(case),
        "stickiness" => stickiness(case),
        "active_users" => active_users(case),
        "lifecycle" => lifecycle(case),
        "average_retention" => average_retention(case),
        "funnel" => funnel::check(case),
        "attribution" => credit::attribution(case),
        "attribution_weights" => credit::attribution_weights(case),
        "channel_economics" => credit::channel_economics(case),
        "ltv_overall" => money::ltv_overall(case),
        "roas" => money::roas(case),
        "average_matrix" => money::average_matrix(case),
        "import_orders" => imports::orders(case),
        "import_spend" => imports::spend(case),
        other => unsupported(format!("metric {other}")),
    }
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
    let (event, segment) = counted(params)?;
    let calendar = calendar(params)?;
    let span = Span::new(day(params, "from")?, calendar.bucket(grain, day(params, "to")?).last);
    let query = StickinessQuery {
        span,
        grain,
        event,
        rule: choice(&params["criterion"], "op", &rules)?,
        cumulative: flag(params, "cumulative", Some(false))?,
        segment,
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

/// Name of the event that a case counts, and its conditions as those of a segment.
fn counted(params: &Value) -> Read<(Option<String>, Segment)> {
    let EventFilter { name, props } = event_filter(&params["event"], "event")?;
    Ok((name, Segment { props, ..Segment::default() }))
}

/// One metric over buckets, as whole numbers; null is not yet observable.
fn counts(
    engine: &mut Engine,
    metric: &'static str,
    span: Span,
    grain: Option<Grain>,
    (event, segment): &(Option<String>, Segment),
    window_days: Option<u16>,
) -> Read<Vec<Value>> {
    let (event, segment) = (event.clone(), segment.clone());
    let query = MetricQuery { metric, span, grain, segment, split: None, event, window_days };
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
    let events = counted(params)?;
    let expected = expected(case, &["at", "recomputed_series"])?;
    let (_folder, mut engine) = workspace(case, calendar(params)?, to)?;
    let mut series = Vec::new();
    for at in Span::new(from, to).iter().step_by(step) {
        let point = Span { first: at, last: at };
        series.extend(counts(&mut engine, "active_users", point, None, &events, Some(window))?);
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
    let events = counted(params)?;
    let expected = expected(case, &rows.map(|r| r.0))?;
    let calendar = calendar(params)?;
    let span = Span::new(day(params, "from")?, calendar.bucket(grain, day(params, "to")?).last);
    let (_folder, mut engine) = workspace(case, calendar, span.last)?;
    let mut compared = Compared::counts();
    for (key, metric, sign) in rows {
        let Some(want) = expected.get(key).filter(|v| !v.is_null()) else { continue };
        let values = counts(&mut engine, metric, span, Some(grain), &events, None)?;
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
            compared.add(key, want, average(&cohorts, 0, how).rate.map(|rate| rate * 100.0));
        }
    }
    if compared.want == json!({}) { failed("nothing is expected") } else { Ok(compared) }
}

fn cohort(value: &Value) -> Read<Cohort> {
    only(value, "cohorts", &["size", "retained", "complete", "name"])?;
    text(value, "name")?;
    let state = if flag(value, "complete", None)? { State::Complete } else { State::Running };
    let cells = vec![Cell { users: whole(value, "retained", None)?, amount: 0, state }];
    let bucket = Span { first: Day(0), last: Day(0) };
    Ok(Cohort { bucket, start: Instant(0), size: whole(value, "size", None)?, cells })
}
