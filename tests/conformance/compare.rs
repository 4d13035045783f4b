//! Values that a case expects beside those that were computed.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// Largest difference of two counts: none, but for how JSON writes numbers (`1.0` is `1`).
const COUNT: f64 = 1e-9;

/// What a case expects and what was computed, entry by entry.
pub struct Compared {
    pub want: Value,
    pub got: Value,
    rule: Rule,
}

/// How two values are held together.
enum Rule {
    /// Entries are the same, numbers up to this.
    Whole(f64),
    /// Entries that are expected are there, numbers up to a tolerance.
    Expected(Tolerance),
}

/// How far numbers may differ: the larger of a share of what is expected, and an absolute difference.
pub struct Tolerance {
    /// Of all numbers: share, difference.
    pub all: (f64, f64),
    /// Of those below some keys.
    pub keys: BTreeMap<String, (f64, f64)>,
}

impl Compared {
    /// Nothing yet; counts are exact.
    pub fn counts() -> Self {
        Self::within(0.0)
    }

    /// Nothing yet; numbers may differ by this much.
    pub fn within(tolerance: f64) -> Self {
        Self::new(Rule::Whole(tolerance + COUNT))
    }

    /// Nothing yet; what is computed besides is not compared.
    pub fn within_tolerance(tolerance: Tolerance) -> Self {
        Self::new(Rule::Expected(tolerance))
    }

    fn new(rule: Rule) -> Self {
        Self { want: json!({}), got: json!({}), rule }
    }

    /// Adds an entry.
    pub fn add(&mut self, name: &str, want: &Value, got: impl Into<Value>) {
        self.want[name] = want.clone();
        self.got[name] = got.into();
    }

    /// Whether something was compared and all of it agrees.
    pub fn agrees(&self) -> bool {
        self.want.as_object().is_some_and(|w| !w.is_empty())
            && match &self.rule {
                Rule::Whole(tolerance) => same(&self.want, &self.got, *tolerance),
                Rule::Expected(tolerance) => fits(&self.want, &self.got, tolerance, tolerance.all),
            }
    }
}

/// Numbers by value within a tolerance, everything else exactly.
pub fn same(want: &Value, got: &Value, tolerance: f64) -> bool {
    let entries = |w: &Map<String, Value>, g: &Map<String, Value>| {
        w.len() == g.len() && w.iter().all(|(k, v)| g.get(k).is_some_and(|g| same(v, g, tolerance)))
    };
    match (want, got) {
        (Value::Number(w), Value::Number(g)) => {
            w.as_f64().zip(g.as_f64()).is_some_and(|(w, g)| (w - g).abs() <= tolerance)
        }
        (Value::Array(w), Value::Array(g)) => w.len() == g.len() && w.iter().zip(g).all(|(w, g)| same(w, g, tolerance)),
        (Value::Object(w), Value::Object(g)) => entries(w, g),
        _ => want == got,
    }
}

/// [`same`], where entries that are not expected are passed over and a key may have a tolerance of its own.
fn fits(want: &Value, got: &Value, tolerance: &Tolerance, (share, difference): (f64, f64)) -> bool {
    let here = (share, difference);
    match (want, got) {
        (Value::Number(w), Value::Number(g)) => {
            w.as_f64().zip(g.as_f64()).is_some_and(|(w, g)| (w - g).abs() <= (share * w.abs()).max(difference))
        }
        (Value::Array(w), Value::Array(g)) => {
            w.len() == g.len() && w.iter().zip(g).all(|(w, g)| fits(w, g, tolerance, here))
        }
        (Value::Object(w), Value::Object(g)) => w.iter().all(|(key, w)| {
            let below = tolerance.keys.get(key).copied().unwrap_or(here);
            g.get(key).is_some_and(|g| fits(w, g, tolerance, below))
        }),
        _ => want == got,
    }
}
