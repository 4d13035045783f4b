//! Exact money: integer micro-units of a currency, never floating point.

use std::fmt;

/// The largest magnitude one row may carry: 10^15 micros, a thousand million major units.
pub const ROW_LIMIT: i64 = 1_000_000_000_000_000;

/// Decimals of a rate between currencies.
pub const RATE_PLACES: usize = 12;

/// Codes of ISO 4217 (2024) that money is kept in.
const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN \
                     BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS \
                     GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW \
                     KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD \
                     NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD \
                     SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED \
                     VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

/// An amount in micro-units: 10^-6 of the currency's major unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Micros(pub i64);

/// A three-letter ISO 4217 code, upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads three ASCII letters in any case, blanks around them ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 3] = text.trim().as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_alphabetic).then(|| Self(bytes.map(|b| b.to_ascii_uppercase())))
    }

    /// Whether ISO 4217 (2024) has the code. Files may hold others, which need rates; a workspace may not be kept in one.
    pub fn is_known(&self) -> bool {
        CODES.split(' ').any(|code| code == self.code())
    }

    /// The code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Decimals of the minor unit by ISO 4217 (2024): 0 for JPY and its like, 3 for KWD and its like, else 2.
    pub fn exponent(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Exact decimal text of micros without trailing zeros: `-1234.5`, `0.000001`, `0`.
///
/// ```
/// assert_eq!(quarterdeck::domain::money::exact(-1_234_500_000), "-1234.5");
/// ```
pub fn exact(micros: i128) -> String {
    decimal(micros, 6)
}

/// Exact decimal text of a whole number of parts of ten to the minus `places`, without trailing zeros.
pub fn decimal(parts: i128, places: usize) -> String {
    let sign = if parts < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", parts.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

/// Reads what [`decimal`] writes; `None` for anything else.
pub fn parts(text: &str, places: usize) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let parts = format!("{whole}{fraction:0<places$}").parse().ok()?;
    (decimal(parts, places) == text).then_some(parts)
}

/// Decimal text rounded half away from zero to `decimals` places (at most 6).
pub fn rounded(micros: i128, decimals: u32) -> String {
    let decimals = decimals.min(6);
    let unit = 10_u128.pow(6 - decimals);
    let steps = (micros.unsigned_abs() + unit / 2) / unit;
    let scale = 10_u128.pow(decimals);
    let sign = if micros < 0 && steps > 0 { "-" } else { "" };
    if decimals == 0 {
        return format!("{sign}{steps}");
    }
    format!("{sign}{}.{:0width$}", steps / scale, steps % scale, width = decimals as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_follow_iso_4217() {
        let of = |code: &str| Currency::parse(code).unwrap().exponent();
        assert_eq!((of("jpy"), of("KWD"), of(" eur ")), (0, 3, 2));
        assert!(Currency::parse("EURO").is_none() && Currency::parse("E1R").is_none());
    }

    #[test]
    fn what_iso_4217_does_not_have_is_not_known() {
        let known = |code: &str| Currency::parse(code).unwrap().is_known();
        assert!(["cny", "USD", "EUR", "JPY", "ZWG", "AED", "GIP"].iter().all(|code| known(code)));
        assert!(["ZZZ", "RMB", "XXX", "AAA"].iter().all(|code| !known(code)));
        assert!(CODES.split(' ').all(|code| Currency::parse(code).is_some_and(|currency| currency.code() == code)));
    }

    #[test]
    fn text_is_exact_and_rounds_half_away_from_zero() {
        assert_eq!(exact(1_001_235_817_591_235), "1001235817.591235");
        for (n, places, text) in [(0, 6, "0"), (-1, 6, "-0.000001"), (95_000_000_000, 12, "0.095"), (7, 0, "7")] {
            assert_eq!((decimal(n, places).as_str(), parts(text, places)), (text, Some(n)));
        }
        assert!(["", "x", "0.0950", ".5", "1.0000001", "+1"].iter().all(|text| parts(text, 6).is_none()));
        assert_eq!(rounded(-2_500_000, 0), "-3");
        assert_eq!(rounded(1_005_000, 2), "1.01");
        assert_eq!(rounded(-4_000, 2), "0.00");
    }
}
