//! One JSON object a line: keys in order, values as written, so that long numbers stay exact.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Deepest nesting taken, the object itself included.
const DEPTH: usize = 127;

/// Keys with their raw values, in file order.
pub(super) type Fields = Vec<(String, Box<RawValue>)>;

struct Object(Fields);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Object;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut fields = Fields::new();
                while let Some((key, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    if fields.iter().any(|(k, _)| *k == key) {
                        return Err(A::Error::custom(format!("key \"{key}\" stands twice")));
                    }
                    fields.push((key, value));
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

/// Reads the object of a line; the error says in a few words why not.
pub(super) fn fields(line: &[u8]) -> Result<Fields, String> {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    if depth(line) > DEPTH {
        return Err(format!("nested deeper than {DEPTH} levels"));
    }
    match serde_json::from_slice::<Object>(line) {
        Ok(Object(fields)) => Ok(fields),
        Err(e) => {
            // Its line is always the first of the row, which stands elsewhere in the file.
            let (why, place) = (e.to_string(), format!(" at line {} column {}", e.line(), e.column()));
            let why = why.strip_suffix(&place).unwrap_or(&why);
            Err(format!("is not one JSON object: {why} (column {})", e.column()))
        }
    }
}

/// A value as text: strings unescaped, numbers, flags, arrays and objects as written, null as nothing.
pub(super) fn text(raw: &RawValue) -> Result<Option<String>, String> {
    let written = raw.get();
    if written == "null" {
        return Ok(None);
    }
    if !written.starts_with('"') {
        return Ok(Some(written.to_owned()));
    }
    serde_json::from_str(written).map(Some).map_err(|e| format!("holds text that is no Unicode: {e}"))
}

/// Whether a value is a number.
pub(super) fn is_number(raw: &RawValue) -> bool {
    raw.get().starts_with(|c: char| c == '-' || c.is_ascii_digit())
}

fn depth(line: &[u8]) -> usize {
    let (mut now, mut most, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in line {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                now += 1;
                most = most.max(now);
            }
            b'}' | b']' if !quoted => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_as_written_and_keys_stand_once() {
        let row = fields(br#"{"a":123456789012345678901234567890,"b":"x\u00e9","c":null}"#).unwrap();
        let texts: Vec<_> = row.iter().map(|(_, v)| text(v).unwrap()).collect();
        assert_eq!(texts, [Some("123456789012345678901234567890".into()), Some("xé".into()), None]);
        assert!(fields(br#"{"a":1,"a":2}"#).unwrap_err().contains("twice"));
        assert!(fields(b"[1]").is_err() && fields(br#"{"a":1"#).is_err());
    }

    #[test]
    fn depth_is_bounded_and_lone_surrogates_are_refused() {
        let nested = |n: usize| format!("{{\"p\":{}1{}}}", "[".repeat(n), "]".repeat(n));
        assert!(fields(nested(126).as_bytes()).is_ok());
        assert!(fields(nested(127).as_bytes()).is_err());
        assert!(text(&fields(br#"{"a":"\ud800x"}"#).unwrap()[0].1).is_err());
    }
}
