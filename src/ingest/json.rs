//! One JSON object a line: keys in order, values as written, so that long numbers stay exact. What needs no unescaping is
//! lent.

mod usual;

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

pub(super) use usual::is_number as is_short_number;

/// Deepest nesting taken, the object itself included.
const DEPTH: usize = 127;

/// Keys with their values as written, in file order.
pub(super) type Fields<'a> = Vec<(Cow<'a, str>, &'a str)>;

#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

struct Object<'a>(Fields<'a>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Object<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut fields = Fields::new();
                while let Some((Key(key), value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    if fields.iter().any(|(k, _)| *k == key) {
                        return Err(A::Error::custom(format!("key \"{key}\" stands twice")));
                    }
                    fields.push((key, value.get()));
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

/// Reads the object of a line; the error says in a few words why not.
pub(super) fn fields(line: &[u8]) -> Result<Fields<'_>, String> {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    match std::str::from_utf8(line).ok().and_then(usual::fields) {
        Some(fields) => Ok(fields),
        None => any(line),
    }
}

/// The same of a line of any kind.
fn any(line: &[u8]) -> Result<Fields<'_>, String> {
    if depth(line) > DEPTH {
        return Err(format!("nested deeper than {DEPTH} levels"));
    }
    match serde_json::from_slice::<Object<'_>>(line) {
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
pub(super) fn text(written: &str) -> Result<Option<Cow<'_, str>>, String> {
    if written == "null" {
        return Ok(None);
    }
    let Some(inner) = written.strip_prefix('"') else { return Ok(Some(Cow::Borrowed(written))) };
    match inner.strip_suffix('"').filter(|inner| memchr::memchr(b'\\', inner.as_bytes()).is_none()) {
        Some(plain) => Ok(Some(Cow::Borrowed(plain))),
        None => serde_json::from_str(written)
            .map(|text: String| Some(Cow::Owned(text)))
            .map_err(|e| format!("holds text that is no Unicode: {e}")),
    }
}

/// Whether a value is a number.
pub(super) fn is_number(written: &str) -> bool {
    written.starts_with(|c: char| c == '-' || c.is_ascii_digit())
}

/// The object with these entries, values as written.
pub(super) fn object(fields: &[(Cow<'_, str>, &str)]) -> String {
    let mut out = String::with_capacity(2 + fields.iter().map(|(k, v)| k.len() + v.len() + 4).sum::<usize>());
    for (key, value) in fields {
        out.push(if out.is_empty() { '{' } else { ',' });
        if key.bytes().any(|b| b < b' ' || matches!(b, b'"' | b'\\')) {
            out.push_str(&serde_json::Value::from(key.as_ref()).to_string());
        } else {
            out.extend(["\"", key, "\""]);
        }
        out.extend([":", value]);
    }
    out.push('}');
    out
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
        assert!(text(fields(br#"{"a":"\ud800x"}"#).unwrap()[0].1).is_err());
    }

    #[test]
    fn an_object_is_written_as_serde_json_writes_it() {
        let keys = ["plain", "q\"", "b\\", "n\n", "é\u{7f}", ""].map(|key| (Cow::Borrowed(key), "1"));
        let map: Vec<String> =
            keys.iter().map(|(k, v)| format!("{}:{v}", serde_json::Value::from(k.as_ref()))).collect();
        assert_eq!(object(&keys), format!("{{{}}}", map.join(",")));
    }
}
