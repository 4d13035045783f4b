//! Values that a case expects beside those that were computed.

use serde_json::{Map, Value, json};

/// Largest difference of two counts: none, but for how JSON writes numbers (`1.0` is `1`).
const COUNT: f64 = 1e-9;

/// What a case expects and what was computed, entry by entry.
pub struct Compared {
    pub want: Value,
    pub got: Value,
    tolerance: f64,
}

impl Compared {
    /// Nothing yet; counts are exact.
    pub fn counts() -> Self {
        Self::within(0.0)
    }

    /// Nothing yet; numbers may differ by this much.
    pub fn within(tolerance: f64) -> Self {
        Self { want: json!({}), got: json!({}), tolerance: tolerance + COUNT }
    }

    /// Adds an entry.
    pub fn add(&mut self, name: &str, want: &Value, got: impl Into<Value>) {
        self.want[name] = want.clone();
        self.got[name] = got.into();
    }

    /// Whether something was compared and all of it agrees.
    pub fn agrees(&self) -> bool {
        self.want.as_object().is_some_and(|w| !w.is_empty()) && same(&self.want, &self.got, self.tolerance)
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
