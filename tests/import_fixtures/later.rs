//! Which entries need what is not built: by what their manifest says, never by their id.

use serde_json::Value;

/// Why an entry cannot be run; `None` where it can.
pub fn unsupported(entry: &Value) -> Option<&'static str> {
    (entry["kind"] == "facts").then_some("daily facts")
}
