//! Exact decimal text into micros (formats.md A8, A9); never floating point.

use crate::domain::money::{Micros, RATE_PLACES, ROW_LIMIT};

/// Signs that may stand before or after an amount.
const SIGNS: &str = "$€£¥￥₩₹₽元";

/// Which mark is decimal where a value alone does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Comma {
    /// Commas between groups of three are thousands.
    #[default]
    Thousands,
    /// Another value of the column can only be a decimal comma.
    Decimal,
}

/// How the numbers of a value are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    /// As people write them, in text.
    Text(Comma),
    /// As JSON writes numbers: a point is decimal, and nothing groups.
    Json,
}

/// Reads an amount.
pub(super) fn amount(text: &str, writing: Writing) -> Option<Micros> {
    let micros = decimal(text, writing)?;
    (micros.abs() <= ROW_LIMIT).then_some(Micros(micros))
}

/// Reads a number into millionths.
pub(super) fn decimal(text: &str, writing: Writing) -> Option<i64> {
    i64::try_from(parts(text, writing, 6)?).ok()
}

/// Reads a rate above 0 into parts of ten to the minus [`RATE_PLACES`].
pub(super) fn rate(text: &str, writing: Writing) -> Option<i128> {
    parts(text, writing, RATE_PLACES).filter(|rate| *rate > 0)
}

/// Reads a count such as impressions: no sign and no fraction, hence points between groups of three are thousands.
pub(super) fn count(text: &str, writing: Writing) -> Option<u64> {
    let writing = match writing {
        Writing::Text(_) if points_group(text) => Writing::Text(Comma::Decimal),
        other => other,
    };
    let micros = parts(text, writing, 6)?;
    (micros >= 0 && micros % 1_000_000 == 0)
        .then(|| i64::try_from(micros / 1_000_000).ok())
        .flatten()
        .map(i64::cast_unsigned)
}

/// A number in parts of ten to the minus `places`.
fn parts(text: &str, writing: Writing, places: usize) -> Option<i128> {
    let (whole, fraction, negative, scale) = match writing {
        Writing::Json => json(text)?,
        Writing::Text(comma) => {
            let (plain, negative, scale) = normalise(text)?;
            let (whole, fraction) = split_decimal(&plain, comma)?;
            (whole, fraction, negative, scale)
        }
    };
    if fraction.len() > places || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let digits = format!("{whole}{fraction:0<places$}");
    if digits.len() > 24 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let parts = digits.parse::<i128>().ok()?.checked_mul(scale)?;
    Some(if negative { -parts } else { parts })
}

/// A JSON number, its exponent worked in.
fn json(text: &str) -> Option<(String, String, bool, i128)> {
    let (negative, plain) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = plain.split_once(['e', 'E']).unwrap_or((plain, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i32 = exponent.parse().ok().filter(|e| (-24..=24).contains(e))?;
    let (mut whole, mut fraction) = (whole.to_owned(), fraction.to_owned());
    for _ in 0..exponent {
        whole.push(if fraction.is_empty() { '0' } else { fraction.remove(0) });
    }
    for _ in exponent..0 {
        fraction.insert(0, whole.pop().unwrap_or('0'));
    }
    let whole = whole.trim_start_matches('0');
    Some((if whole.is_empty() { "0".to_owned() } else { whole.to_owned() }, fraction, negative, 1))
}

/// Whether a value can only be read with a decimal comma.
pub(super) fn only_decimal_comma(text: &str) -> bool {
    let Some((plain, ..)) = normalise(text) else { return false };
    let Some(last) = plain.rfind(',') else { return false };
    match plain.rfind('.') {
        Some(point) => point < last,
        None => !groups_hold(&plain, ',') && plain.matches(',').count() == 1,
    }
}

/// Whether a value is whole numbers in groups of three between points, without the factor of 万 or 亿.
fn points_group(text: &str) -> bool {
    normalise(text).is_some_and(|(plain, _, scale)| {
        scale == 1 && plain.find('.').is_some_and(|first| first <= 3) && groups_hold(&plain, '.')
    })
}

/// ASCII digits and marks, the sign, and the factor of 万 or 亿.
fn normalise(text: &str) -> Option<(String, bool, i128)> {
    let mut plain = String::new();
    let (mut negative, mut open, mut closed, mut scale) = (false, false, false, 1);
    for c in text.chars() {
        let c = match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0)?,
            '\u{2212}' => '-',
            other => other,
        };
        match c {
            '0'..='9' | ',' | '.' if scale == 1 && !closed => plain.push(c),
            '-' if plain.is_empty() && !negative => negative = true,
            '+' if plain.is_empty() && !negative => {}
            '(' if plain.is_empty() && !open => open = true,
            ')' if open && !closed => closed = true,
            '万' if scale == 1 && !plain.is_empty() => scale = 10_000,
            '亿' if !plain.is_empty() && scale < 100_000_000 => scale *= 100_000_000,
            '\'' | '\u{2019}' if plain.bytes().last().is_some_and(|b| b.is_ascii_digit()) => {}
            c if c.is_whitespace() || SIGNS.contains(c) => {}
            _ => return None,
        }
    }
    (open == closed).then_some((plain, negative || open, scale))
}

fn split_decimal(plain: &str, comma: Comma) -> Option<(String, String)> {
    let decimal = match (plain.rfind(','), plain.rfind('.')) {
        (Some(c), Some(p)) => Some(if c > p { ',' } else { '.' }),
        (Some(_), None) if comma == Comma::Decimal => Some(','),
        (Some(_), None) => (!groups_hold(plain, ',')).then_some(','),
        (None, Some(_)) if comma == Comma::Decimal => None,
        (None, Some(_)) => Some('.'),
        (None, None) => None,
    };
    let (whole, fraction) = match decimal {
        Some(mark) if plain.matches(mark).count() > 1 => return None,
        Some(mark) => plain.split_once(mark)?,
        None => (plain, ""),
    };
    let thousands = match decimal {
        Some(',') => '.',
        None if plain.contains('.') => '.',
        _ => ',',
    };
    if (whole.contains(thousands) && !groups_hold(whole, thousands)) || fraction.contains([',', '.']) {
        return None;
    }
    let whole: String = whole.chars().filter(|c| *c != thousands).collect();
    (!whole.contains([',', '.'])).then(|| (whole, fraction.to_owned()))
}

/// Digits that do not begin with zero, then groups of exactly three.
fn groups_hold(text: &str, mark: char) -> bool {
    let mut groups = text.split(mark);
    groups.next().is_some_and(|g| !g.is_empty() && !g.starts_with('0')) && groups.all(|g| g.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn thousands(text: &str) -> Option<i64> {
        amount(text, Writing::Text(Comma::Thousands)).map(|m| m.0)
    }

    #[test]
    fn marks_signs_and_units_are_read_exactly() {
        assert_eq!(thousands("1,234,567.891234"), Some(1_234_567_891_234));
        assert_eq!(thousands("(12.30)"), Some(-12_300_000));
        assert_eq!(thousands("１２３．４０"), Some(123_400_000));
        assert_eq!(thousands("1.2万"), Some(12_000_000_000));
        assert_eq!(thousands("0.01亿"), Some(1_000_000_000_000));
        assert_eq!(thousands("\u{2212}3.00"), Some(-3_000_000));
        assert_eq!(thousands("1'234.5"), Some(1_234_500_000));
        assert_eq!(decimal("1.000"), Some(1_000_000_000));
        assert_eq!(decimal("1,234"), Some(1_234_000));
        assert_eq!(thousands("10,5"), Some(10_500_000));
        assert_eq!(thousands("12345,678"), Some(12_345_678_000_000));
        assert_eq!((thousands("0,123"), thousands("1234,567.5")), (Some(123_000), Some(1_234_567_500_000)));
    }

    fn decimal(text: &str) -> Option<i64> {
        amount(text, Writing::Text(Comma::Decimal)).map(|m| m.0)
    }

    #[test]
    fn json_numbers_are_exact_and_know_no_groups() {
        let json = |text| amount(text, Writing::Json).map(|m| m.0);
        assert_eq!((json("12.5"), json("-0.000001"), json("1.234")), (Some(12_500_000), Some(-1), Some(1_234_000)));
        assert_eq!((json("1e2"), json("1.25E+1"), json("25e-2")), (Some(100_000_000), Some(12_500_000), Some(250_000)));
        assert_eq!((json("12.5000000"), json("1e-7"), json("1e99"), json("1e10")), (None, None, None, None));
    }

    #[test]
    fn counts_have_no_sign_and_no_fraction() {
        let count = |text| count(text, Writing::Text(Comma::Thousands));
        assert_eq!(
            (count("18,204"), count("1.2万"), count("5,000,000,000")),
            (Some(18_204), Some(12_000), Some(5_000_000_000))
        );
        assert_eq!((count("51.195"), count("1.234.567"), count("5.000")), (Some(51_195), Some(1_234_567), Some(5_000)));
        assert_eq!((count("1.234万"), count("5.0"), count("12345.678")), (Some(12_340), Some(5), None));
        assert_eq!((count("0.123"), count("1.234,5"), count("1.234,0")), (None, None, Some(1_234)));
        assert_eq!((count("x"), count("5.5"), count("-3"), count("")), (None, None, None, None));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "12,5O", "NaN", "1.2.3", "free", "1.2345678", "1.2300000", "1e3", "-", "1,23,4", "(1", "--"] {
            assert_eq!(thousands(text), None, "{text}");
        }
        assert_eq!(thousands("1000000000"), Some(ROW_LIMIT));
        assert_eq!(thousands("1000000000.000001"), None);
        assert_eq!(thousands("99999999999999999999999999"), None);
    }

    proptest! {
        #[test]
        fn what_money_prints_is_read_back(micros in -ROW_LIMIT..=ROW_LIMIT) {
            let text = crate::domain::money::exact(i128::from(micros));
            prop_assert_eq!(thousands(&text), Some(micros));
        }

        #[test]
        fn any_text_is_read_or_refused(text: String) {
            let _ = (thousands(&text), decimal(&text), amount(&text, Writing::Json), only_decimal_comma(&text));
        }
    }
}
