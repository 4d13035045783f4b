//! Properties of events: JSON objects that are read one value at a time, and filters on them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::money::ROW_LIMIT;

/// The text of one property: a string as it is, everything else as its JSON. `None` where it is absent, null or empty.
///
/// ```
/// use quarterdeck::domain::props::text;
/// assert_eq!(text(r#"{"plan":"pro","seats":5}"#, "seats").as_deref(), Some("5"));
/// assert_eq!(text(r#"{"plan":"pro"}"#, "source"), None);
/// ```
pub fn text<'p>(props: &'p str, name: &str) -> Option<Cow<'p, str>> {
    let mut json = serde_json::Deserializer::from_str(props);
    let raw = json.deserialize_map(Pick(name)).ok()??.get();
    let text = if raw.starts_with('"') { serde_json::from_str::<Text>(raw).ok()?.0 } else { Cow::Borrowed(raw) };
    (!text.is_empty() && text != "null").then_some(text)
}

/// A string that borrows where it has no escapes.
#[derive(serde::Deserialize)]
struct Text<'t>(#[serde(borrow)] Cow<'t, str>);

/// Takes the last value of one key.
struct Pick<'n>(&'n str);

impl<'de> Visitor<'de> for Pick<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<Text>()? {
            if key.0 == self.0 {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// Micros of a decimal, rounded half away from zero; `None` for what is no number or beyond what one row may carry.
pub fn micros(text: &str) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_plain = !whole.is_empty() && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
    if !is_plain {
        let value = text.parse::<f64>().ok().filter(|v| v.is_finite() && v.abs() <= ROW_LIMIT as f64 / 1e6)?;
        return Some((value * 1e6).round() as i64);
    }
    let cut: i64 = format!("{fraction:0<6.6}").parse().ok()?;
    let up = i64::from(fraction.as_bytes().get(6).is_some_and(|d| *d >= b'5'));
    let size = whole.parse::<i64>().ok()?.checked_mul(1_000_000)?.checked_add(cut + up)?;
    (size <= ROW_LIMIT).then_some(sign * size)
}

/// How a property is held against values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Test {
    /// It has any value.
    Set,
    /// It has none.
    Unset,
    /// It is one of the values.
    Is,
    /// It is none of the values, or has none.
    IsNot,
    /// It is a number above the value.
    Above,
    /// It is a number not below the value.
    AtLeast,
    /// It is a number below the value.
    Below,
    /// It is a number not above the value.
    AtMost,
}

/// The signs of the tests that take a value; longer ones first.
const SIGNS: [(&str, Test); 6] = [
    ("!=", Test::IsNot),
    (">=", Test::AtLeast),
    ("<=", Test::AtMost),
    ("=", Test::Is),
    (">", Test::Above),
    ("<", Test::Below),
];

/// A condition on one property of an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PropFilter {
    /// Name of the property.
    pub name: String,
    /// How it is tested.
    pub test: Test,
    /// What it is tested against; several are alternatives. Numbers are equal by value: `1` is `1.0`.
    pub values: Vec<String>,
}

impl PropFilter {
    /// Whether a property is one of some values.
    pub fn is(name: &str, values: &[&str]) -> Self {
        Self { name: name.to_owned(), test: Test::Is, values: values.iter().map(|v| (*v).to_owned()).collect() }
    }

    /// Reads `plan=pro`, `plan!=pro`, `seats>=5`, `plan` (set) or `!plan` (not set).
    ///
    /// # Errors
    /// Says what a filter looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        const SAYS: &str = "a filter is written plan=pro, plan!=pro, seats>=5, plan (any value) or !plan (none)";
        let place = text.find(['=', '>', '<']).map(|at| if text[..at].ends_with('!') { at - 1 } else { at });
        let Some(at) = place else {
            let (test, name) = text.strip_prefix('!').map_or((Test::Set, text), |name| (Test::Unset, name));
            let filter = Self { name: name.to_owned(), test, values: Vec::new() };
            return if name.is_empty() { Err(SAYS.to_owned()) } else { Ok(filter) };
        };
        let (name, rest) = text.split_at(at);
        let (sign, test) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)).ok_or(SAYS)?;
        let value = &rest[sign.len()..];
        let numeric = !matches!(test, Test::Is | Test::IsNot);
        if name.is_empty() || value.is_empty() || (numeric && number(value).is_none()) {
            return Err(SAYS.to_owned());
        }
        Ok(Self { name: name.to_owned(), test: *test, values: vec![value.to_owned()] })
    }

    /// Several filters, of which those that ask one property for equality are alternatives of each other.
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut out: Vec<Self> = Vec::new();
        for filter in filters {
            match out.iter_mut().find(|f| f.test == Test::Is && filter.test == Test::Is && f.name == filter.name) {
                Some(same) => same.values.extend(filter.values),
                None => out.push(filter),
            }
        }
        out
    }

    /// Whether the properties of an event pass.
    pub fn holds(&self, props: Option<&str>) -> bool {
        let value = props.and_then(|props| text(props, &self.name));
        let against = |fits: fn(f64, f64) -> bool| {
            let number_of = value.as_deref().and_then(number);
            number_of.is_some_and(|v| self.values.iter().filter_map(|w| number(w)).any(|w| fits(v, w)))
        };
        match self.test {
            Test::Set => value.is_some(),
            Test::Unset => value.is_none(),
            Test::Is => value.is_some_and(|v| self.values.iter().any(|w| same(&v, w))),
            Test::IsNot => value.is_none_or(|v| !self.values.iter().any(|w| same(&v, w))),
            Test::Above => against(|v, w| v > w),
            Test::AtLeast => against(|v, w| v >= w),
            Test::Below => against(|v, w| v < w),
            Test::AtMost => against(|v, w| v <= w),
        }
    }
}

impl fmt::Display for PropFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.test {
            Test::Set => f.write_str(&self.name),
            Test::Unset => write!(f, "!{}", self.name),
            test => {
                let sign = SIGNS.iter().find(|(_, t)| *t == test).map_or("=", |(sign, _)| sign);
                write!(f, "{}{sign}{}", self.name, self.values.join("|"))
            }
        }
    }
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|v| v.is_finite())
}

fn same(a: &str, b: &str) -> bool {
    a == b || number(a).zip(number(b)).is_some_and(|(a, b)| a.total_cmp(&b).is_eq())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROPS: &str =
        r#"{"plan":"pro","note":"a\"b","seats":5,"price":"9.50","trial":false,"gone":null,"no":"","deep":{"a":1}}"#;

    #[test]
    fn a_property_is_its_text_and_nothing_is_no_text() {
        let of = |name| text(PROPS, name);
        assert_eq!(of("note").as_deref(), Some("a\"b"));
        assert_eq!(of("seats").as_deref(), Some("5"));
        assert_eq!(of("trial").as_deref(), Some("false"));
        assert_eq!(of("deep").as_deref(), Some(r#"{"a":1}"#));
        assert_eq!((of("gone"), of("no"), of("a")), (None, None, None));
        assert_eq!(text("[1]", "a"), None);
        assert_eq!(text(r#"{"a":1"#, "a"), None, "damaged text has no properties");
    }

    #[test]
    fn filters_read_as_they_are_written() {
        for written in ["plan=pro", "plan!=pro", "seats>=5", "seats<5.5", "plan", "!plan", "a.b>1", "note=x=y"] {
            assert_eq!(PropFilter::parse(written).unwrap().to_string(), written);
        }
        for wrong in ["", "!", "=", "=pro", "plan=", "seats>many", "!=x"] {
            assert!(PropFilter::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn filters_hold_by_text_or_by_number() {
        let holds = |written: &str| PropFilter::parse(written).unwrap().holds(Some(PROPS));
        for yes in ["plan=pro", "seats=5.0", "price=9.5", "seats>=5", "seats<5.5", "plan!=team", "source!=x", "!gone"] {
            assert!(holds(yes), "{yes}");
        }
        for no in ["plan=Pro", "seats>5", "plan>1", "plan!=pro", "source", "no", "!plan"] {
            assert!(!holds(no), "{no}");
        }
        let both = PropFilter::all(["plan=team", "plan=pro", "seats=5"].map(|t| PropFilter::parse(t).unwrap()));
        assert_eq!(both.len(), 2);
        assert!(both.iter().all(|f| f.holds(Some(PROPS))));
        assert!(!both[0].holds(None));
    }

    #[test]
    fn amounts_are_exact_to_the_micro() {
        let of = |text| micros(text);
        assert_eq!(of("12.345678"), Some(12_345_678));
        assert_eq!(of("-0.0000005"), Some(-1));
        assert_eq!((of("100"), of("1e2"), of(".5")), (Some(100_000_000), Some(100_000_000), Some(500_000)));
        assert_eq!((of("many"), of(""), of("99999999999999"), of("NaN")), (None, None, None, None));
    }
}
