//! The usual time, `2026-05-01T10:00:00.123Z`, in one go. Whatever is not certainly one is left to the reader of all.

use super::DAY;

/// A time as most files hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usual {
    /// Micros from 1970 to the time as it is written.
    pub(super) written: i64,
    pub(super) is_utc: bool,
}

/// The date that was read last, because the next is mostly the same.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LastDate {
    text: [u8; 10],
    /// Micros from 1970 to its beginning.
    begins: i64,
}

impl LastDate {
    /// Reads `YYYY-MM-DD[T ]HH:MM:SS`, with up to six decimals, with or without `Z`.
    pub(super) fn read(&mut self, text: &str) -> Option<Usual> {
        let (date, rest) = text.as_bytes().split_first_chunk::<10>()?;
        let (clock, rest) = rest.split_first_chunk::<9>()?;
        if *date != self.text {
            *self = Self { text: *date, begins: days_of(date)? * DAY };
        }
        let [b'T' | b' ', h1, h2, b':', n1, n2, b':', s1, s2] = *clock else { return None };
        let [hour, minute, second] = [two(h1, h2), two(n1, n2), two(s1, s2)];
        // A pair that is no number is above every one of these.
        if hour >= 24 || minute >= 60 || second >= 60 {
            return None;
        }
        let (rest, is_utc) = match rest {
            [rest @ .., b'Z'] => (rest, true),
            _ => (rest, false),
        };
        let seconds = i64::from(hour * 3600 + minute * 60 + second);
        Some(Usual { written: self.begins + seconds * 1_000_000 + micros(rest)?, is_utc })
    }
}

/// Days from 1970 to a date as it is written.
fn days_of(date: &[u8; 10]) -> Option<i64> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *date else { return None };
    let [century, years, month, day] = [two(y1, y2), two(y3, y4), two(m1, m2), two(d1, d2)];
    let year = century * 100 + years;
    let fits = century < 100 && years < 100;
    if !fits || !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    Some(days(year, month, day))
}

/// The number of two digits; of anything else one above all such.
fn two(tens: u8, ones: u8) -> u32 {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    if tens < 10 && ones < 10 { u32::from(tens * 10 + ones) } else { 100 }
}

/// Nothing, or a point and up to six decimals.
fn micros(rest: &[u8]) -> Option<i64> {
    let Some((point, decimals)) = rest.split_first() else { return Some(0) };
    if !matches!((point, decimals.len()), (b'.', 1..=6)) || !decimals.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = decimals.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
    Some((decimals.len()..6).fold(number, |number, _| number * 10))
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970 to a date of the Gregorian calendar. Years begin in March here, so that the odd day comes last.
fn days(year: u32, month: u32, day: u32) -> i64 {
    let year = i64::from(year) - i64::from(month < 3);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = i64::from((153 * ((month + 9) % 12) + 2) / 5 + day - 1);
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::written;
    use super::*;

    fn general(text: &str) -> Option<Usual> {
        let written::Written { local, offset } = written::read(&written::plain(text), None).ok()?;
        let is_utc = offset.is_some();
        (offset.unwrap_or(0) == 0).then(|| Usual { written: local.and_utc().timestamp_micros(), is_utc })
    }

    fn read(text: &str) -> Option<Usual> {
        LastDate::default().read(text)
    }

    #[test]
    fn the_date_before_changes_no_time() {
        let mut last = LastDate::default();
        for text in ["2026-05-01T10:00:00Z", "2026-05-01T00:00:01Z", "2026-13-01T00:00:00Z", "2026-05-01T24:00:00Z"] {
            assert_eq!(last.read(text), read(text), "{text}");
        }
        assert_eq!(last.read("2026-05-02T00:00:00Z"), read("2026-05-02T00:00:00Z"));
    }

    #[test]
    fn the_usual_forms_are_taken() {
        for text in
            ["2026-05-01T10:00:00Z", "2026-05-01 10:00:00", "2024-02-29T23:59:59.123456Z", "1999-12-31T00:00:00.5"]
        {
            assert!(read(text).is_some_and(|usual| Some(usual) == general(text)), "{text}");
        }
        for text in
            ["2026-05-01T24:00:00Z", "2026-05-01T10:00:60Z", "2026-02-29T10:00:00Z", "2026-05-01T10:00:00+00:00"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_of_four_centuries_is_the_calendars() {
        let all = chrono::NaiveDate::from_ymd_opt(1890, 1, 1).unwrap().iter_days().take(150_000);
        for date in all {
            let text = format!("{date}T00:00:00Z");
            let micros = date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros();
            assert_eq!(read(&text), Some(Usual { written: micros, is_utc: true }), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]
        #[test]
        fn it_never_answers_otherwise_than_the_reader_of_all(
            text in "[0-2][0-9]{3}-[01][0-9]-[0-3][0-9][T t][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,8}|,5)?(Z|z|\\+00:00| UTC)?",
            at in 0_usize..24,
            other in prop::sample::select(vec!["", " ", "0", "9", "-", ":", ".", "Z", "T", "é", "０", "/", "+"]),
            broken: bool,
        ) {
            let mut text = text;
            if broken && let Some((before, after)) = text.split_at_checked(at) {
                text = format!("{before}{other}{}", after.get(1..).unwrap_or(""));
            }
            if let Some(usual) = read(&text) {
                prop_assert_eq!(Some(usual), general(&text), "{}", text);
            }
        }
    }
}
