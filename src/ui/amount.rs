//! Values of targets as text and back: micros of money, fractions, counts; not exact numbers, which [`super::format`] shows.

use super::format::{MISSING, fixed, grouped, short};
pub use crate::metrics::amount::full;
use crate::metrics::catalog::Unit;

/// As in trees and charts: three digits with k, M or G from 10,000 up, else as in full.
pub fn brief(value: Option<f64>, unit: Unit) -> String {
    let major = match unit {
        Unit::Money | Unit::MoneyPer => value.map(|v| v / 1e6),
        _ => value,
    };
    match (major, unit) {
        (Some(major), _) if major.abs() >= 9_999.5 && unit != Unit::Rate => short(major),
        (Some(major), Unit::Money) if major.abs() >= 999.5 => grouped(&fixed(major, 0)),
        _ => full(value, unit),
    }
}

/// As import reads it: `300000` `146.5` `0.025`.
pub fn exact(value: f64, unit: Unit) -> String {
    let text = match unit {
        Unit::Money | Unit::MoneyPer => fixed(value / 1e6, 6),
        _ => fixed(value, 9),
    };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The change from old to new: signed percent, for rates percentage points.
pub fn change(old: Option<f64>, new: Option<f64>, unit: Unit) -> String {
    match (old, new) {
        (Some(old), Some(new)) if unit == Unit::Rate => format!("{}pp", super::format::signed((new - old) * 100.0, 1)),
        (Some(old), Some(new)) if old != 0.0 => {
            format!("{}%", super::format::signed((new / old - 1.0) * 100.0, 1))
        }
        (Some(_), Some(_)) => "new".to_owned(),
        _ => MISSING.to_owned(),
    }
}

/// Reads what an operator types: `300k` `1,250.50` `2.5%` `0.025`.
///
/// # Errors
/// What is wrong and what is read, in one line.
pub fn parse(text: &str, unit: Unit) -> Result<f64, String> {
    let plain: String = text.trim().chars().filter(|c| !matches!(c, ',' | '_' | ' ')).collect();
    let why = || format!("\"{}\" is no number; type 300000, 300k, 1.2M or 2.5%", text.trim());
    let (digits, percent) = plain.strip_suffix('%').map_or((plain.as_str(), false), |rest| (rest, true));
    let (digits, scale) = match digits.char_indices().last() {
        Some((at, 'k' | 'K')) => (&digits[..at], 1e3),
        Some((at, 'm' | 'M')) => (&digits[..at], 1e6),
        Some((at, 'g' | 'G')) => (&digits[..at], 1e9),
        Some((at, '万')) => (&digits[..at], 1e4),
        Some((at, '亿')) => (&digits[..at], 1e8),
        _ => (digits, 1.0),
    };
    let usual = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    let value = digits.parse::<f64>().ok().filter(|value| usual && value.is_finite()).ok_or_else(why)? * scale;
    match unit {
        Unit::Rate if percent => Ok(value / 100.0),
        _ if percent => Err(format!("\"{}\" is a percentage, and this is none; type a plain number", text.trim())),
        Unit::Money | Unit::MoneyPer => Ok(value * 1e6),
        _ => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_screens_show_them() {
        let full = |value, unit| full(Some(value), unit);
        assert_eq!(full(300_000e6, Unit::Money), "300,000");
        assert_eq!(full(146e6, Unit::MoneyPer), "146.00");
        assert_eq!((full(0.025, Unit::Rate), full(0.19, Unit::Rate)), ("2.50%".into(), "19.0%".into()));
        assert_eq!(full(20_795.4, Unit::Users), "20,795");
        assert_eq!(
            (brief(Some(271_500e6), Unit::Money), brief(Some(6_544.0), Unit::Users)),
            ("272k".into(), "6,544".into())
        );
        assert_eq!(brief(Some(-58.0e6), Unit::Money), "-58.00");
        assert_eq!((brief(None, Unit::Rate), change(None, Some(1.0), Unit::Users)), ("--".into(), "--".into()));
        assert_eq!(change(Some(0.025), Some(0.023), Unit::Rate), "-0.2pp");
        assert_eq!(change(Some(20_000.0), Some(20_795.0), Unit::Users), "+4.0%");
    }

    #[test]
    fn what_is_typed_is_read_in_the_unit_of_the_target() {
        assert_eq!(parse("300k", Unit::Money), Ok(300_000e6));
        assert_eq!(parse("1,250.50", Unit::MoneyPer), Ok(1_250.5e6));
        assert_eq!(parse("2.5%", Unit::Rate).map(|v| (v * 1e9).round()), Ok(25e6));
        assert_eq!(parse(" 0.025 ", Unit::Rate), Ok(0.025));
        assert_eq!(parse("3万", Unit::Users), Ok(30_000.0));
        assert_eq!(parse("-50", Unit::Times), Ok(-50.0));
        for wrong in ["", "k", "1e9", "inf", "NaN", "12x", "--3", "%"] {
            assert!(parse(wrong, Unit::Users).is_err(), "{wrong}");
        }
        assert!(parse("5%", Unit::Users).unwrap_err().contains("is a percentage"));
    }

    #[test]
    fn what_is_written_is_read_back() {
        for (value, unit) in
            [(300_000e6, Unit::Money), (0.02346, Unit::Rate), (129_032.25, Unit::Users), (-1.5e6, Unit::MoneyPer)]
        {
            let back = parse(&exact(value, unit), unit).unwrap();
            assert!((back - value).abs() <= 1e-9 * value.abs(), "{back} {value}");
        }
    }
}
