//! Numbers as digits: rounding and groups of three, once for sentences and screens.

/// A missing value in a cell.
pub const MISSING: &str = "--";

/// Comma groups of three in the whole part of a decimal text.
pub fn grouped(digits: &str) -> String {
    let (sign, rest) = digits.strip_prefix('-').map_or(("", digits), |r| ("-", r));
    let (whole, fraction) = rest.find('.').map_or((rest, ""), |at| rest.split_at(at));
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + fraction
}

/// Rounded half away from zero; never `-0`.
pub fn fixed(value: f64, decimals: u32) -> String {
    let scale = 10_f64.powi(decimals as i32);
    // The nudge makes a decimal half that binary cannot hold exactly round away from zero.
    let scaled = value.abs() * scale;
    let steps = (scaled + scaled * f64::EPSILON * 4.0).round();
    let sign = if value < 0.0 && steps > 0.0 { "-" } else { "" };
    format!("{sign}{:.*}", decimals as usize, steps / scale)
}
