//! Numbers as text (screens.md section 3). Values arrive exact and are rounded here, once, half away from zero.

pub use crate::domain::digits::{MISSING, fixed, grouped};
use crate::domain::money::{Currency, rounded};
use crate::metrics::catalog::Direction;
use crate::metrics::compare::{Change, wilson};
use crate::metrics::number::Number;

use super::theme::Role;

/// A whole number in full: `4,812,906`.
pub fn count(n: impl Into<i128>) -> String {
    grouped(&n.into().to_string())
}

/// In full below 10,000, else three significant digits with k, M or G: `1,520` `90.0k` `275k` `1.25M`.
pub fn short(value: f64) -> String {
    if value.abs() < 9_999.5 {
        return grouped(&fixed(value, 0));
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let mut scaled = value.abs();
    for suffix in ["k", "M", "G", "T"] {
        scaled /= 1_000.0;
        // What rounds to 1000 belongs to the next unit.
        if scaled < 999.5 || suffix == "T" {
            let decimals = usize::from(scaled < 9.995) + usize::from(scaled < 99.95);
            return format!("{sign}{scaled:.decimals$}{suffix}");
        }
    }
    String::new()
}

/// A round value on an axis, as short as it can be: `500` `1.5k` `50k` `150k` `0.5`.
pub fn tick(value: f64) -> String {
    let (scaled, unit) = match value.abs() {
        a if a < 999.5 => (value, ""),
        a if a < 999.5e3 => (value / 1e3, "k"),
        a if a < 999.5e6 => (value / 1e6, "M"),
        _ => (value / 1e9, "G"),
    };
    let text = fixed(scaled, 2);
    format!("{}{unit}", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A round fraction on an axis: `50%` `2.5%`.
pub fn tick_percent(value: f64) -> String {
    format!("{}%", tick(value * 100.0))
}

/// A probability, `<1%` `71%` `>99%`: whole percent as nobody knows it better, never 0 or 100.
pub fn odds(p: f64) -> String {
    match p {
        p if p < 0.01 => "<1%".to_owned(),
        p if p > 0.99 => ">99%".to_owned(),
        p => format!("{}%", fixed(p * 100.0, 0)),
    }
}

/// Money of one column: decimals that fit its largest value, so that all values of the column align.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoneyStyle {
    decimals: u32,
}

impl MoneyStyle {
    /// Whole units from 1,000 up, else the decimals of the currency.
    pub fn of(largest_micros: i128, currency: Option<Currency>) -> Self {
        let exponent = currency.map_or(2, |c| c.exponent());
        Self { decimals: if largest_micros.abs() >= 1_000_000_000 { 0 } else { exponent } }
    }

    /// Whole units.
    pub const WHOLE: Self = Self { decimals: 0 };

    /// In full with comma groups: `89,950`.
    pub fn full(self, micros: i128) -> String {
        grouped(&rounded(micros, self.decimals))
    }

    /// As [`MoneyStyle::full`] where it fits, else shortened.
    pub fn fit(self, micros: i128, cells: usize) -> String {
        let full = self.full(micros);
        if full.len() <= cells { full } else { short(micros as f64 / 1e6) }
    }
}

/// A number in its unit: counts and money in full, unit prices with two decimals, rates as percent.
pub fn number(value: Number) -> String {
    match value {
        Number::None => MISSING.to_owned(),
        Number::Count(n) => count(n),
        Number::Money(micros) => MoneyStyle::of(micros, None).full(micros),
        Number::Mean { num, den } => {
            let mean = num as f64 / den as f64;
            // What is small is told by its first digits, not by a nought.
            let decimals = if mean != 0.0 && mean.abs() < 0.1 { 3 } else { u32::from(mean.abs() < 100.0) };
            grouped(&fixed(mean, decimals))
        }
        Number::Ratio { num, den } => percent(num as f64 / den as f64),
        Number::MoneyPer { num, den } => grouped(&rounded(num.checked_div(den).unwrap_or(0), 2)),
    }
}

/// A number that must fit: in full, else shortened.
pub fn number_fit(value: Number, cells: usize) -> String {
    let full = number(value);
    match value.value() {
        Some(v) if full.len() > cells => short(v),
        _ => full,
    }
}

/// The exact value for an export: no groups, a rate as a fraction; empty where there is none.
pub fn exact(value: Number) -> String {
    match value {
        Number::None => String::new(),
        Number::Count(n) => n.to_string(),
        Number::Money(micros) => crate::domain::money::exact(micros),
        Number::Mean { .. } | Number::Ratio { .. } => value.value().map_or_else(String::new, |v| fixed(v, 6)),
        Number::MoneyPer { .. } => value.value().map_or_else(String::new, |v| fixed(v, 4)),
    }
}

/// A fraction as percent with one decimal: `8.9%`.
pub fn percent(fraction: f64) -> String {
    format!("{}%", fixed(fraction * 100.0, 1))
}

/// A share of a total; `--` without one.
pub fn share(part: i128, total: i128) -> String {
    if total == 0 { MISSING.to_owned() } else { percent(part as f64 / total as f64) }
}

/// The change from `before` to `now`: signed percent, for rates signed percentage points; `new` from zero, `--` from
/// nothing, `~` before what is within chance.
pub fn delta(now: Number, before: Number, within_chance: bool) -> String {
    let mark = if within_chance { "~" } else { "" };
    let change = match Change::of(now, before) {
        Change::Unknown => return MISSING.to_owned(),
        Change::New => return "new".to_owned(),
        Change::Points(points) => return format!("{mark}{}pp", signed(points * 100.0, 1)),
        Change::Relative(share) => share * 100.0,
    };
    let text = match change.abs() {
        size if size < 999.95 => signed(change, 1),
        size if size < 99_999.5 => signed(change, 0),
        size => format!("{}{}", if change < 0.0 { '-' } else { '+' }, short(size)),
    };
    // What fell by less than can be shown did not rise.
    format!("{mark}{}%", if change < 0.0 { text.replace('+', "-") } else { text })
}

/// With a sign: `+6.8`, `-3.0`; zero is `+0.0`.
pub fn signed(value: f64, decimals: u32) -> String {
    let text = fixed(value, decimals);
    if text.starts_with('-') { text } else { format!("+{text}") }
}

/// Colour of a change: by whether it is good for the metric, not by its sign.
pub fn delta_role(now: Number, before: Number, within_chance: bool, direction: Direction) -> Role {
    match (now.value(), before.value()) {
        (Some(a), Some(b)) if !within_chance && a.total_cmp(&b).is_ne() => {
            let good = (a > b) == (direction == Direction::Up);
            if good { Role::Good } else { Role::Bad }
        }
        _ => Role::Muted,
    }
}

/// Wilson's 95 % interval of `x` of `n` in percent, unit left out: `27.3-33.0`; two decimals below 10 %.
pub fn interval(x: u64, n: u64) -> Option<String> {
    let (low, high) = wilson(x, n)?;
    let decimals = if high < 0.1 { 2 } else { 1 };
    Some(format!("{}-{}", fixed(low * 100.0, decimals), fixed(high * 100.0, decimals)))
}

/// Bytes in decimal units: `9.8 kB`, `1.9 GB`.
pub fn bytes(n: u64) -> String {
    let mut value = n as f64;
    if n < 1_000 {
        return format!("{n} B");
    }
    let mut unit = "";
    for next in ["kB", "MB", "GB", "TB"] {
        if value < 999.5 && !unit.is_empty() {
            break;
        }
        value /= 1_000.0;
        unit = next;
    }
    let decimals = u32::from(value < 99.95);
    format!("{} {unit}", fixed(value, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(num: i128, den: i128) -> Number {
        Number::Ratio { num, den }
    }

    #[test]
    fn a_probability_is_never_certain() {
        assert_eq!((odds(0.0083), odds(0.705), odds(1.0)), ("<1%".into(), "71%".into(), ">99%".into()));
    }

    #[test]
    fn axis_values_are_as_short_as_they_can_be() {
        let all: Vec<String> = [0.0, 500.0, 1_500.0, 50_000.0, 150_000.0, 2.5e6, -3e9, 0.5].map(tick).to_vec();
        assert_eq!(all, ["0", "500", "1.5k", "50k", "150k", "2.5M", "-3G", "0.5"]);
        assert_eq!([0.5, 0.025, 1.0].map(tick_percent), ["50%", "2.5%", "100%"]);
    }

    #[test]
    fn counts_follow_the_table() {
        assert_eq!(count(1_520), "1,520");
        assert_eq!(count(89_950), "89,950");
        assert_eq!(count(4_812_906), "4,812,906");
        assert_eq!(count(-3_660), "-3,660");
        for (value, text) in [
            (1_520.0, "1,520"),
            (9_999.0, "9,999"),
            (90_000.0, "90.0k"),
            (275_000.0, "275k"),
            (1_250_000.0, "1.25M"),
            (999_600.0, "1.00M"),
            (10_000.0, "10.0k"),
            (-12_200.0, "-12.2k"),
            (2_340_000_000.0, "2.34G"),
            (0.0, "0"),
        ] {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn money_has_no_sign_and_decimals_fixed_per_column() {
        let micros = |units: i128| units * 1_000_000;
        assert_eq!(MoneyStyle::of(micros(89_950), None).full(micros(89_950)), "89,950");
        assert_eq!(MoneyStyle::of(micros(89_950), None).full(micros(40)), "40");
        assert_eq!(MoneyStyle::of(12_500_000, None).full(12_500_000), "12.50");
        assert_eq!(MoneyStyle::of(12_500_000, Currency::parse("JPY")).full(12_500_000), "13");
        assert_eq!(MoneyStyle::of(12_500_000, Currency::parse("KWD")).full(12_500_000), "12.500");
        assert_eq!(MoneyStyle::WHOLE.fit(micros(123_456_789), 7), "123M");
        assert_eq!(number(Number::MoneyPer { num: 26_120_000 * 3, den: 3 }), "26.12");
        assert_eq!(number(Number::MoneyPer { num: 137_330_000, den: 1 }), "137.33");
    }

    #[test]
    fn rates_are_percent_with_one_decimal() {
        assert_eq!(percent(0.19), "19.0%");
        assert_eq!(percent(0.0893), "8.9%");
        assert_eq!(number(rate(345, 17_250)), "2.0%");
        assert_eq!(number(Number::None), "--");
        assert_eq!(number(Number::Mean { num: 20_210, den: 10 }), "2,021");
        assert_eq!(number(Number::Mean { num: 18, den: 10 }), "1.8");
        assert_eq!(share(1, 0), "--");
    }

    #[test]
    fn changes_are_signed_and_say_what_they_are() {
        let n = Number::Count;
        assert_eq!(delta(n(1_520), n(1_240), false), "+22.6%");
        assert_eq!(delta(rate(190, 1000), rate(252, 1000), false), "-6.2pp");
        assert_eq!(delta(rate(655, 6_540), rate(640, 6_020), true), "~-0.6pp");
        assert_eq!(delta(n(6_000), n(0), false), "new");
        assert_eq!(delta(n(0), n(0), false), "+0.0%");
        assert_eq!(delta(n(5), Number::None, false), "--");
        assert_eq!(delta(n(4_000), n(2_000), false), "+100.0%");
        assert_eq!(delta(n(500), n(10), false), "+4900%");
        assert_eq!(delta(Number::Money(-5), Number::Money(-10), false), "+50.0%");
    }

    #[test]
    fn a_change_is_coloured_by_whether_it_is_good() {
        let (more, less) = (Number::Count(2), Number::Count(1));
        assert_eq!(delta_role(more, less, false, Direction::Up), Role::Good);
        assert_eq!(delta_role(more, less, false, Direction::Down), Role::Bad);
        assert_eq!(delta_role(more, less, true, Direction::Up), Role::Muted);
        assert_eq!(delta_role(more, Number::None, false, Direction::Up), Role::Muted);
    }

    #[test]
    fn intervals_are_those_of_the_screens() {
        assert_eq!(interval(301, 1_000).as_deref(), Some("27.3-33.0"));
        assert_eq!(interval(345, 17_250).as_deref(), Some("1.80-2.22"));
        assert_eq!(interval(0, 0), None);
    }

    #[test]
    fn halves_round_away_from_zero_and_zero_has_no_sign() {
        assert_eq!(fixed(0.125, 2), "0.13");
        assert_eq!(fixed(2.5, 0), "3");
        assert_eq!(fixed(-2.5, 0), "-3");
        assert_eq!(fixed(1.005, 2), "1.01");
        assert_eq!(fixed(-0.04, 1), "0.0");
    }

    #[test]
    fn bytes_have_a_unit() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(9_800), "9.8 kB");
        assert_eq!(bytes(1_900_000_000), "1.9 GB");
        assert_eq!(bytes(640_000_000), "640 MB");
    }
}
