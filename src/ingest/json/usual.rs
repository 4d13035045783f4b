//! The usual line, read in one go: strings without escapes, numbers, flags, null, and nested values. Whatever is not
//! certainly such a line is left to the reader of any line.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::{DEPTH, Fields, depth};

/// Room for the fields of a line.
const FIELDS: usize = 12;

/// The fields of a line, where it is of the usual kind and well-formed.
pub(super) fn fields(line: &str) -> Option<Fields<'_>> {
    // Without these each string ends at the next quote.
    if line.bytes().filter(|b| matches!(b, ..b' ' | b'\\')).count() > 0 {
        return None;
    }
    let mut fields = Fields::with_capacity(FIELDS);
    let mut rest = line.trim_ascii().strip_prefix('{')?;
    loop {
        let (key, after) = rest.trim_ascii_start().strip_prefix('"').and_then(cut_string)?;
        if fields.iter().any(|(k, _)| k == key) {
            return None;
        }
        let (value, after) = cut_value(after.trim_ascii_start().strip_prefix(':')?.trim_ascii_start())?;
        fields.push((Cow::Borrowed(key), value));
        let after = after.trim_ascii_start();
        if after == "}" {
            return Some(fields);
        }
        rest = after.strip_prefix(',')?;
    }
}

/// Cuts a string off whose first quote is behind: what stands in it, and the rest after its second quote.
fn cut_string(rest: &str) -> Option<(&str, &str)> {
    let end = rest.bytes().position(|b| b == b'"')?;
    Some((rest.get(..end)?, rest.get(end + 1..)?))
}

/// Cuts a value off as it is written.
fn cut_value(rest: &str) -> Option<(&str, &str)> {
    let len = match rest.bytes().next()? {
        b'"' => cut_string(rest.get(1..)?)?.0.len() + 2,
        b'{' | b'[' => return cut_nested(rest),
        _ => {
            let len = rest.bytes().position(|b| matches!(b, b',' | b'}' | b' '))?;
            let word = rest.get(..len)?;
            (matches!(word, "true" | "false" | "null") || is_number(word)).then_some(len)?
        }
    };
    rest.split_at_checked(len)
}

fn cut_nested(rest: &str) -> Option<(&str, &str)> {
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
    let value = values.next()?.ok()?.get();
    (depth(value.as_bytes()) < DEPTH).then_some((value, rest.get(values.byte_offset()..)?))
}

/// Whether a word is a number as JSON writes them, of so few digits that no reader of numbers stumbles.
pub(in crate::ingest) fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let plain = word.strip_prefix('-').unwrap_or(word);
    let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(whole, fraction)| (whole, Some(fraction)));
    let leads_with_zero = whole.len() > 1 && whole.starts_with('0');
    digits(whole) && !leads_with_zero && fraction.is_none_or(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::any;
    use super::*;

    /// A line close to well-formed.
    fn line() -> impl Strategy<Value = String> {
        let value = prop::sample::select(vec![
            "\"a\"",
            "\"\"",
            "\"é,}\"",
            "1",
            "-0",
            "01",
            "1.5",
            "1.",
            "-",
            "1e5",
            "true",
            "nul",
            "null",
            "{}",
            "[1,{\"a\":[]}]",
            "{\"a\":1,\"a\":2}",
            "[1,]",
            "\"x\\n\"",
            "\"",
            "1 ",
            "",
            "[",
            "123456789012345678901234567890",
        ]);
        let key = prop::sample::select(vec!["\"a\"", "\"b\"", "\"\"", "\"é\"", "\"a\\\"\"", "c", "1", "\"dd\""]);
        let mark = prop::sample::select(vec![":", " : ", ":\t", ",", ""]);
        let mark = prop_oneof![9 => Just(":"), 1 => mark];
        let entry = (key, mark, value).prop_map(|(key, mark, value)| format!("{key}{mark}{value}"));
        let close = prop_oneof![8 => Just("}"), 1 => prop::sample::select(vec!["} ", "}}", ",}", "", "} x", " }"])];
        let open = prop_oneof![8 => Just("{"), 1 => prop::sample::select(vec![" {", "", "[", "\u{a0}{"])];
        (open, prop::collection::vec(entry, 0..4), close)
            .prop_map(|(open, entries, close)| format!("{open}{}{close}", entries.join(",")))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn the_usual_line_reads_as_any_line(line in line()) {
            if let Some(found) = fields(&line) {
                prop_assert_eq!(Ok(found), any(line.as_bytes()));
            }
        }

        #[test]
        fn no_text_reads_otherwise(line in "[{}\\[\\]\":, 0-2a.\u{a0}-]{0,12}") {
            let line = format!("{{\"k\":{line}}}");
            if let Some(found) = fields(&line) {
                prop_assert_eq!(Ok(found), any(line.as_bytes()));
            }
        }
    }

    #[test]
    fn the_usual_line_is_taken() {
        for line in [r#"{"a":"x","b":-1.5,"c":null,"d":{"e":[1]},"f":true}"#, r#" { "a" : "x" , "b" : 2 } "#] {
            assert!(fields(line).is_some(), "{line}");
        }
    }
}
