//! Numbers of a file. Money stands in whole units and is held in micros; the decimal point is moved in the text, because a
//! multiplication would not give back what was written.

use ::toml::de::DeValue;

use crate::domain::money;

/// Decimals between a unit of money and its micros.
const PLACES: usize = 6;

/// A number, in micros where it is money.
pub(super) fn read(value: &DeValue, is_money: bool) -> Option<f64> {
    let text = match value {
        DeValue::Integer(whole) if whole.radix() == 10 => whole.as_str(),
        DeValue::Float(float) => float.as_str(),
        _ => return None,
    };
    let plain: f64 = text.parse().ok()?;
    if !is_money {
        return Some(plain);
    }
    if text.contains(['e', 'E']) { Some(plain * 1e6) } else { format!("{text}e{PLACES}").parse().ok() }
}

/// Exact micros of 0 or more.
pub(super) fn micros(value: &DeValue) -> Option<i64> {
    let text = match value {
        DeValue::Integer(whole) if whole.radix() == 10 => whole.as_str(),
        DeValue::Float(float) => float.as_str(),
        _ => return None,
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    let whole = whole.strip_prefix('+').unwrap_or(whole);
    if fraction.len() > PLACES || !digits(whole) || !digits(fraction) {
        return None;
    }
    format!("{whole}{fraction:0<PLACES$}").parse().ok()
}

/// A number as a file has it; nothing for one that is none.
pub(super) fn write(value: f64, is_money: bool) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    // Adding 0 takes the sign from a zero.
    let text = (value + 0.0).to_string();
    if !is_money {
        return Some(if is_long(&text) { format!("{text}.0") } else { text });
    }
    let micros = (value.round() + 0.0).to_string();
    Some(money_of(&micros))
}

/// Exact micros as a file has them.
pub(super) fn write_micros(micros: i64) -> String {
    money::exact(micros.into())
}

/// Moves the point of whole micros six places.
fn money_of(micros: &str) -> String {
    let (sign, digits) = micros.strip_prefix('-').map_or(("", micros), |digits| ("-", digits));
    let padded = format!("{digits:0>width$}", width = PLACES + 1);
    let (whole, fraction) = padded.split_at(padded.len() - PLACES);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { if is_long(whole) { ".0" } else { "" } } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

/// Whole numbers of more digits than TOML has room for are written as decimals.
fn is_long(text: &str) -> bool {
    text.len() > 18 && !text.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> DeValue<'_> {
        DeValue::parse(text).unwrap().into_inner()
    }

    #[test]
    fn money_moves_its_point_exactly() {
        assert_eq!(read(&value("300_000"), true), Some(300_000e6));
        assert_eq!(read(&value("0.1"), true), Some(100_000.0));
        assert_eq!(read(&value("-12.345678"), true), Some(-12_345_678.0));
        assert_eq!(read(&value("1e3"), true), Some(1e9));
        assert_eq!(read(&value("0.025"), false), Some(0.025));
        for none in ["true", "0xff", "\"5\""] {
            assert_eq!(read(&value(none), false), None, "{none}");
        }
        let of = |number: f64| write(number, true).unwrap();
        assert_eq!(of(300_000e6), "300000");
        assert_eq!((of(-500_000.0), of(1.4), of(-0.0)), ("-0.5".into(), "0.000001".into(), "0".into()));
        assert_eq!(write(f64::NAN, false), None);
        assert_eq!(write(1e20, false).unwrap(), "100000000000000000000.0");
    }

    #[test]
    fn amounts_of_resources_are_exact_and_not_below_zero() {
        assert_eq!(micros(&value("9223372036854.775807")), Some(i64::MAX));
        assert_eq!((micros(&value("50_000")), micros(&value("0.5"))), (Some(50_000_000_000), Some(500_000)));
        for none in ["-1", "0.0000001", "1e3", "9223372036855", "inf"] {
            assert_eq!(micros(&value(none)), None, "{none}");
        }
        assert_eq!(write_micros(i64::MAX), "9223372036854.775807");
    }
}
