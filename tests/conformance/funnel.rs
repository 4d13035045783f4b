//! Funnel cases.

use quarterdeck::query::{Answer, Entry, Funnel, FunnelQuery, Number, Order, Query};
use serde_json::{Value, json};

use super::case::{
    CLOCK, Read, Stop, calendar, choice, event_filter, expected, failed, last_day, list, only, whole, workspace,
};
use super::compare::Compared;

/// Computes what a case expects.
pub fn check(case: &Value) -> Read<Compared> {
    let params = &case["params"];
    only(params, "", &["steps", "order", "window_seconds", "entry", "histogram", "timezone", "week_start"])?;
    let Some(steps) = list(&params["steps"]) else { return failed("steps is no list") };
    let orders = [("ordered", Order::Ordered), ("strict", Order::Strict), ("unordered", Order::Any)];
    let query = FunnelQuery {
        steps: steps.iter().map(|step| event_filter(step, "steps")).collect::<Read<_>>()?,
        order: choice(params, "order", &orders)?,
        entry: choice(params, "entry", &[("best", Entry::Best), ("first", Entry::First)])?,
        histogram: bins(params, steps.len())?,
        ..FunnelQuery::new(&[], optional(params, "window_seconds")?)
    };
    let shares = ["share_of_all", "step_rate", "step_rate_tail"];
    let times = ["avg_seconds", "median_seconds"];
    let expected = expected(case, &[&["counts", "average", "bins"], &times[..], &shares[..]].concat())?;
    if params["histogram"].is_null() && ["average", "bins"].iter().any(|key| !case["expected"][key].is_null()) {
        return failed("a histogram is expected and none is asked for");
    }
    let calendar = calendar(params)?;
    let (_folder, mut engine) = workspace(case, calendar, last_day(case, calendar)?)?;
    let Answer::Funnel(funnel) = engine.answer(&Query::Funnel(Box::new(query)), CLOCK)? else {
        return failed("another answer");
    };
    let mut compared = Compared::counts();
    for (key, want) in expected.iter().filter(|(_, want)| !want.is_null()) {
        compared.add(key, want, value(&funnel, key));
    }
    Ok(compared)
}

fn optional(object: &Value, key: &str) -> Read<Option<u64>> {
    if object[key].is_null() { Ok(None) } else { whole(object, key, None).map(Some) }
}

/// The steps of the histogram, counted from 0 as in the query, and the number of its bins.
fn bins(params: &Value, steps: usize) -> Read<(usize, usize, Option<u32>)> {
    let histogram = &params["histogram"];
    if histogram.is_null() {
        return Ok((0, steps - 1, None));
    }
    only(histogram, "histogram", &["from_step", "to_step", "bins"])?;
    let number = |key| Ok::<_, Stop>(usize::try_from(whole(histogram, key, None)?)?);
    let bins = optional(histogram, "bins")?.map(u32::try_from).transpose()?;
    Ok((number("from_step")?, number("to_step")?, bins))
}

/// What the engine says under a key of the expectations.
fn value(funnel: &Funnel, key: &str) -> Value {
    let conversion = &funnel.whole.conversion;
    let steps = || 0..conversion.steps.len();
    let seconds = |of: fn(&quarterdeck::query::Times) -> f64| -> Value {
        conversion.steps.iter().map(|step| step.times.as_ref().map(of)).collect()
    };
    // The source counts the first step against everybody.
    let rate = |at: usize| if at == 0 { conversion.of_all(0, funnel.users) } else { conversion.from_previous(at) };
    match key {
        "counts" => conversion.steps.iter().map(|step| step.users).collect(),
        "avg_seconds" => seconds(|times| times.mean),
        "median_seconds" => seconds(|times| times.median),
        "average" => json!(funnel.whole.histogram.as_ref().map(|histogram| histogram.mean)),
        "bins" => json!(funnel.whole.histogram.as_ref().map(|histogram| &histogram.bins)),
        "share_of_all" => steps().map(|at| share(conversion.of_all(at, funnel.users))).collect(),
        "step_rate" => steps().map(|at| share(rate(at))).collect(),
        "step_rate_tail" => steps().skip(1).map(|at| share(rate(at))).collect(),
        _ => Value::Null,
    }
}

/// The source prints 0 where nobody came before; on a screen such a rate is undefined.
fn share(rate: Number) -> f64 {
    rate.value().unwrap_or(0.0)
}
