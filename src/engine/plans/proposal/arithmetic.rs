//! A sum or product as a line that is true of the digits it is printed with.

use crate::domain::digits::{fixed, grouped};
use crate::metrics::amount::full;
use crate::metrics::catalog::Unit;

/// Decimals beyond the usual ones that are tried before the line says that it is rounded.
const MORE: u32 = 2;

/// A part of a sum, product or ratio.
pub(super) struct Part {
    /// It is taken away, or divides.
    pub minus: bool,
    pub value: f64,
    pub unit: Unit,
}

/// `224 x 62.50 = 14,000`; `~` in place of `=` where no usual number of digits makes it true.
pub(super) fn line(parts: &[Part], sum: bool, (value, unit): (f64, Unit)) -> String {
    let result = full(Some(value), unit);
    let holds = |texts: &[String]| {
        let printed: Option<Vec<f64>> = parts.iter().zip(texts).map(|(part, text)| read(text, part.unit)).collect();
        printed.is_some_and(|printed| full(Some(worked_out(parts, &printed, sum)), unit) == result)
    };
    let forms: Vec<Vec<String>> =
        (0..=MORE).map(|more| parts.iter().map(|part| digits(part, more)).collect()).collect();
    let (texts, sign) = forms.iter().find(|texts| holds(texts)).map_or((&forms[0], "~"), |texts| (texts, "="));
    let mut line = String::new();
    for (at, (part, text)) in parts.iter().zip(texts).enumerate() {
        line.push_str(match (at, sum, part.minus) {
            (0, _, _) => "",
            (_, true, true) => " - ",
            (_, true, false) => " + ",
            (_, false, true) => " / ",
            (_, false, false) => " x ",
        });
        line.push_str(text);
    }
    format!("{line} {sign} {result}")
}

/// What the parts come to with these values.
fn worked_out(parts: &[Part], values: &[f64], sum: bool) -> f64 {
    let with = |so_far: f64, (part, value): (&Part, &f64)| match (sum, part.minus) {
        (true, true) => so_far - value,
        (true, false) => so_far + value,
        (false, true) => so_far / value,
        (false, false) => so_far * value,
    };
    parts.iter().zip(values).fold(if sum { 0.0 } else { 1.0 }, with)
}

/// A value in full, with so many decimals more than usual.
fn digits(part: &Part, more: u32) -> String {
    let usual = full(Some(part.value), part.unit);
    let is_count = matches!(part.unit, Unit::Users | Unit::Orders | Unit::Events);
    if more == 0 || (is_count && part.value.fract() == 0.0) {
        return usual;
    }
    let decimals = usual.trim_end_matches('%').split_once('.').map_or(0, |(_, behind)| behind.len() as u32);
    let scale = scale(part.unit);
    let sign = if part.unit == Unit::Rate { "%" } else { "" };
    format!("{}{sign}", grouped(&fixed(part.value * scale, decimals + more)))
}

/// The value that a text of [`digits`] tells.
fn read(text: &str, unit: Unit) -> Option<f64> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '%')).collect();
    plain.parse::<f64>().ok().map(|value| value / scale(unit))
}

/// What is printed over what is stored.
fn scale(unit: Unit) -> f64 {
    match unit {
        Unit::Money | Unit::MoneyPer => 1e-6,
        Unit::Rate => 100.0,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(value: f64, unit: Unit) -> Part {
        Part { minus: false, value, unit }
    }

    #[test]
    fn what_is_printed_is_true_as_printed() {
        let product = |orders: f64, price: f64| {
            let parts = [part(orders, Unit::Orders), part(price, Unit::MoneyPer)];
            line(&parts, false, (orders * price, Unit::Money))
        };
        assert_eq!(product(200.0, 62.5e6), "200 x 62.50 = 12,500");
        assert_eq!(product(295.0, 677.966_102e6), "295 x 677.966 = 200,000");
        // 224 x 62.38 would be 13,973.
        assert_eq!(product(224.43, 62.3813e6), "224.43 x 62.3813 = 14,000");
        assert_eq!(product(1_234_567.891, 0.123_456_789e6), "1,234,568 x 0.12 ~ 152,416");
    }

    #[test]
    fn sums_and_ratios_have_their_signs() {
        let net = [part(20_795.0, Unit::Users), Part { minus: true, value: 795.0, unit: Unit::Users }];
        assert_eq!(line(&net, true, (20_000.0, Unit::Users)), "20,795 - 795 = 20,000");
        let rate = [part(50.0, Unit::Orders), Part { minus: true, value: 2_000.0, unit: Unit::Users }];
        assert_eq!(line(&rate, false, (0.025, Unit::Rate)), "50 / 2,000 = 2.50%");
    }
}
