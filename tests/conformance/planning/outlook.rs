//! Forecasts, limits of what is usual, and why a rate changed.

use quarterdeck::metrics::limits::{Point, limits};
use quarterdeck::metrics::mix::{self, Segment};
use quarterdeck::metrics::planning::Thresholds;
use quarterdeck::metrics::planning::forecast::{self, Counts, Goal, Level, Moments};
use serde_json::{Value, json};

use super::super::case::{Read, failed, flag, only, text, unsupported, whole};
use super::{direction, elements, needed, number, numbers, object, status, weights};

pub fn forecast(params: &Value) -> Read<Value> {
    let goal = Goal { target: needed(params, "target")?, direction: direction(params)?, pace: number(params, "pace")? };
    let thresholds = Thresholds::default();
    let got = match text(params, "kind")? {
        None | Some("flow") => {
            only(params, "", &["kind", "history", "remaining", "actual", "target", "direction", "pace"])?;
            let history = elements(params, "history")?.iter().map(point).collect::<Read<Vec<_>>>()?;
            let ahead = weights(params, "remaining")?;
            forecast::flow(&history, &ahead, number(params, "actual")?, &goal, &thresholds)
        }
        Some("level") => {
            let known =
                ["kind", "last", "mean_change", "sd_change", "n", "values", "horizon", "target", "direction", "pace"];
            only(params, "", &known)?;
            forecast::level(&level(params)?, whole(params, "horizon", None)? as usize, &goal, &thresholds)
        }
        Some("ratio") => {
            let known = ["kind", "num", "den", "expected_den", "recent_rate", "target", "direction", "pace"];
            only(params, "", &known)?;
            forecast::ratio(counts(params)?.as_ref(), &goal, &thresholds)
        }
        Some(other) => return unsupported(format!("kind {other}")),
    };
    let value = |of: fn(&forecast::Band) -> f64| got.band.as_ref().map(of);
    Ok(json!({
        "n": got.n,
        "level_shift": got.band.map(|_| got.level_shift),
        "forecast": value(|b| b.value),
        "sd": value(|b| b.sd),
        "low": value(|b| b.low),
        "high": value(|b| b.high),
        "p_hit": value(|b| b.p_hit),
        "status": status(got.status),
    }))
}

fn point(entry: &Value) -> Read<Point> {
    only(entry, "history", &["y", "w", "flagged"])?;
    let flagged = flag(entry, "flagged", Some(false))?;
    Ok(Point { value: number(entry, "y")?, weight: number(entry, "w")?.unwrap_or(1.0), flagged })
}

fn level(params: &Value) -> Read<Level> {
    if !params["values"].is_null() {
        return Ok(Level::of(&numbers(params, "values")?));
    }
    let n = whole(params, "n", None)? as usize;
    let changes = Moments { n, mean: needed(params, "mean_change")?, sd: needed(params, "sd_change")?, r1: 0.0 };
    Ok(Level { last: number(params, "last")?, changes })
}

fn counts(params: &Value) -> Read<Option<Counts>> {
    let (num, den) = (number(params, "num")?, number(params, "den")?);
    let more = number(params, "expected_den")?.zip(number(params, "recent_rate")?);
    Ok(num.zip(den).zip(more).map(|((num, den), (expected_den, recent_rate))| Counts {
        num,
        den,
        expected_den,
        recent_rate,
    }))
}

pub fn mix_rate(params: &Value) -> Read<Value> {
    only(params, "", &["segments"])?;
    let (mut ids, mut segments) = (Vec::new(), Vec::new());
    for entry in elements(params, "segments")? {
        only(entry, "segments", &["id", "n0", "k0", "n1", "k1"])?;
        ids.push(text(entry, "id")?.unwrap_or_default());
        let of = |key: &str| whole(entry, key, None).map(i128::from);
        segments.push(Segment { n0: of("n0")?, k0: of("k0")?, n1: of("n1")?, k1: of("k1")? });
    }
    let split = mix::split(&segments);
    let effects = split.iter().flat_map(|s| &s.segments);
    let effects = ids.iter().zip(effects).map(|(id, e)| ((*id).to_owned(), json!({ "rate": e.rate, "mix": e.mix })));
    Ok(json!({
        "before": split.as_ref().map(|s| s.before),
        "after": split.as_ref().map(|s| s.after),
        "change": split.as_ref().map(mix::Split::change),
        "segments": split.as_ref().map(|_| object(effects)),
        "rate": split.as_ref().map(|s| s.total.rate),
        "mix": split.as_ref().map(|s| s.total.mix),
    }))
}

pub fn xmr(params: &Value) -> Read<Value> {
    only(params, "", &["values", "weights", "flagged"])?;
    let values = numbers(params, "values")?;
    let weights = if params["weights"].is_null() { vec![1.0; values.len()] } else { weights(params, "weights")? };
    if weights.len() != values.len() {
        return failed("values and weights are not as many");
    }
    let flagged = elements(params, "flagged")?;
    let point = |(at, (value, weight)): (usize, (&Option<f64>, f64))| Point {
        value: *value,
        weight,
        flagged: flagged.iter().any(|f| f.as_u64() == Some(at as u64)),
    };
    let got = limits(&values.iter().zip(weights).enumerate().map(point).collect::<Vec<_>>());
    let signals: Vec<_> =
        [("outside", got.outside), ("run", got.run)].into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect();
    Ok(json!({
        "n": got.n,
        "mean": got.band.map(|b| b.mean),
        "lower": got.band.map(|b| b.lower),
        "upper": got.band.map(|b| b.upper),
        "signals": signals,
    }))
}
