//! The written schema of `brief --format json` against what is printed: every name is described, and nothing else is there.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use serde_json::Value;

use crate::place::Place;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// What the schema does not allow in a value, as far as the schema goes: references, types, words, constants, days.
struct Shape<'s> {
    root: &'s Value,
    wrong: Vec<String>,
}

impl<'s> Shape<'s> {
    fn check(&mut self, place: &str, shape: &'s Value, value: &Value) {
        if let Some(name) = shape["$ref"].as_str() {
            let at = name.strip_prefix("#/$defs/").unwrap();
            return self.check(place, &self.root["$defs"][at], value);
        }
        if let Some(ways) = shape["oneOf"].as_array() {
            return match ways.iter().find(|way| fits(&way["type"], value)) {
                Some(way) => self.check(place, way, value),
                None => self.wrong.push(format!("{place}: {value}")),
            };
        }
        assert!(shape["description"].is_string() || shape.as_object().unwrap().len() == 1, "{place}: not described");
        let is_word = |words: &Value| words.as_array().is_none_or(|words| words.contains(value));
        let is_day = |pattern: &Value| {
            !pattern.as_str().is_some_and(|pattern| pattern.contains("-\\d"))
                || value.as_str().is_none_or(|text| text.len() == 10 && text.as_bytes()[4] == b'-')
        };
        let is_constant = shape.get("const").is_none_or(|constant| constant == value);
        if !(fits(&shape["type"], value) && is_word(&shape["enum"]) && is_day(&shape["pattern"]) && is_constant) {
            self.wrong.push(format!("{place}: {value}"));
        }
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.check(place, &shape["items"], item)),
            Value::Object(members) => {
                for name in shape["required"].as_array().unwrap() {
                    if !members.contains_key(name.as_str().unwrap()) {
                        self.wrong.push(format!("{place}: {name} is missing"));
                    }
                }
                for (name, value) in members {
                    match shape["properties"].get(name) {
                        Some(inner) => self.check(&format!("{place}.{name}"), inner, value),
                        None => self.wrong.push(format!("{place}: {name} is not described")),
                    }
                }
            }
            _ => {}
        }
    }
}

fn fits(types: &Value, value: &Value) -> bool {
    let one = |name: &Value| match name.as_str().unwrap() {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type {other}"),
    };
    types.as_array().map_or_else(|| one(types), |all| all.iter().any(one))
}

fn wrong(shape: &Value, value: &Value) -> Vec<String> {
    let mut check = Shape { root: shape, wrong: Vec::new() };
    check.check("", shape, value);
    check.wrong
}

#[test]
fn the_printed_object_is_the_described_one() {
    let place = Place::bare();
    let shape = json(&place.line("brief --format schema").out);
    assert_eq!(shape["title"], shape["properties"]["schema"]["const"]);
    assert!(place.line("demo --today 2026-06-11").code == Some(0));
    let full = json(&place.line("--db demo.db --today 2026-06-11 brief --format json").out);
    assert_eq!(wrong(&shape, &full), Vec::<String>::new());
    let empty = Place::new();
    let bare = json(&empty.line("--today 2026-06-04 brief --format json").out);
    assert_eq!(wrong(&shape, &bare), Vec::<String>::new());

    let mut other = full.clone();
    other["lamps"][0]["state"] = "RED".into();
    other["primaries"][0].as_object_mut().unwrap().remove("pace");
    other["work"]["more"] = 1.into();
    other["today"] = "11 June".into();
    assert_eq!(wrong(&shape, &other).len(), 4, "the check itself finds what is wrong");
}
