//! Times as operators write them (formats.md A4 to A7).

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::domain::calendar::{Instant, Zone};

/// 1990-01-01T00:00:00Z, the oldest time taken.
const OLDEST: i64 = 631_152_000_000_000;
/// 2101-01-01T00:00:00Z, the first time not taken.
const TOO_NEW: i64 = 4_133_980_800_000_000;

/// Which of two numbers around a slash is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slash {
    /// Day first.
    Dmy,
    /// Month first.
    Mdy,
}

/// How the times of a file are read.
#[derive(Debug, Clone)]
pub(super) struct TimeRules {
    pub(super) zone: Zone,
    /// Micros in one unit of an integer time; found at the first one.
    pub(super) unit: Option<i64>,
    pub(super) slash: Option<Slash>,
    /// Local times that the clock change made doubtful.
    pub(super) changes: u64,
    /// Times that carried no zone.
    pub(super) zoneless: u64,
}

/// Why a time is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadTime {
    Unreadable,
    OutOfRange,
    /// A slash date before the order of day and month is known.
    Unclear,
}

impl TimeRules {
    pub(super) fn new(zone: Zone, unit: Option<i64>, slash: Option<Slash>) -> Self {
        Self { zone, unit, slash, changes: 0, zoneless: 0 }
    }

    /// Reads a time.
    pub(super) fn instant(&mut self, text: &str) -> Result<Instant, BadTime> {
        let text = text.trim();
        let at = match iso(text) {
            Some((local, Some(offset))) => Instant(local.and_utc().timestamp_micros() - offset * 1_000_000),
            Some((local, None)) => self.local(local),
            None => match text.parse::<i64>() {
                Ok(number) => self.epoch(number)?,
                Err(_) => self.other(text)?,
            },
        };
        if (OLDEST..TOO_NEW).contains(&at.0) { Ok(at) } else { Err(BadTime::OutOfRange) }
    }

    /// Reads a calendar date, with or without a time behind it; its zone is not asked for.
    pub(super) fn date(&self, text: &str) -> Option<NaiveDate> {
        let text = text.trim();
        let found =
            iso(text).map(|(local, _)| local).or_else(|| lettered(text)).or_else(|| slashed(text, self.slash).ok()?);
        let local = found?;
        let at = local.and_utc().timestamp_micros();
        (OLDEST..TOO_NEW).contains(&at).then(|| local.date())
    }

    fn local(&mut self, local: NaiveDateTime) -> Instant {
        self.zoneless += 1;
        let (at, changed) = self.zone.instant(local);
        self.changes += u64::from(changed);
        at
    }

    fn epoch(&mut self, number: i64) -> Result<Instant, BadTime> {
        let fits = |unit: &i64| number.checked_mul(*unit).is_some_and(|at| (OLDEST..TOO_NEW).contains(&at));
        let unit = match self.unit {
            Some(unit) => unit,
            None => *self.unit.insert([1_000_000, 1_000, 1].into_iter().find(|u| fits(u)).ok_or(BadTime::OutOfRange)?),
        };
        number.checked_mul(unit).map(Instant).ok_or(BadTime::OutOfRange)
    }

    fn other(&mut self, text: &str) -> Result<Instant, BadTime> {
        if let Some(local) = lettered(text) {
            return Ok(self.local(local));
        }
        match slashed(text, self.slash)? {
            Some(local) => Ok(self.local(local)),
            None => Err(BadTime::Unreadable),
        }
    }
}

/// First and second number of a date such as `25/03/2026`; `None` for anything else.
pub(super) fn slash_parts(text: &str) -> Option<(u32, u32)> {
    let date = text.trim().split([' ', 'T']).next()?;
    let mut parts = date.split('/');
    let (a, b, year) = (parts.next()?, parts.next()?, parts.next()?);
    let short = |t: &str| (1..=2).contains(&t.len());
    if !short(a) || !short(b) || year.len() != 4 || parts.next().is_some() {
        return None;
    }
    Some((a.parse().ok()?, b.parse().ok()?))
}

/// `2026-06-10`, `2026/06/10`, with `T` or a blank and a time, with `Z` or an offset (seconds east) or none.
fn iso(text: &str) -> Option<(NaiveDateTime, Option<i64>)> {
    let bytes = text.as_bytes();
    let mark = *bytes.get(4)?;
    if (mark != b'-' && mark != b'/') || bytes.get(7) != Some(&mark) {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(digits(bytes, 0, 4)? as i32, digits(bytes, 5, 2)?, digits(bytes, 8, 2)?)?;
    let Some(rest) = text.get(10..).filter(|r| !r.is_empty()) else {
        return Some((date.and_time(NaiveTime::MIN), None));
    };
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, offset) = split_zone(rest)?;
    Some((date.and_time(clock_time(clock.trim_end())?), offset))
}

/// Reads `n` digits at a place.
fn digits(bytes: &[u8], at: usize, n: usize) -> Option<u32> {
    bytes.get(at..at + n)?.iter().try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + u32::from(b - b'0')))
}

/// `HH:MM[:SS[.f]]`; more than six decimals are cut, a leap second is the second after.
fn clock_time(text: &str) -> Option<NaiveTime> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let mut parts = whole.split(':');
    let mut part = || parts.next().filter(|p| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()));
    let (hour, minute) = (part()?.parse().ok()?, part()?.parse().ok()?);
    let second: u32 = if whole.matches(':').count() == 2 { part()?.parse().ok()? } else { 0 };
    if whole.matches(':').count() > 2 || !fraction.bytes().all(|b| b.is_ascii_digit()) || fraction.len() > 9 {
        return None;
    }
    let micros: u32 = format!("{:0<6}", fraction.get(..6).unwrap_or(fraction)).parse().ok()?;
    NaiveTime::from_hms_micro_opt(hour, minute, second.min(59), micros).filter(|_| second <= 60)
}

/// Cuts `Z`, ` UTC`, `+08:00`, `+0800` or `+08` off a clock time.
fn split_zone(text: &str) -> Option<(&str, Option<i64>)> {
    for utc in ["Z", "z", " UTC", " GMT"] {
        if let Some(clock) = text.strip_suffix(utc) {
            return Some((clock, Some(0)));
        }
    }
    let Some(at) = text.rfind(['+', '-']) else { return Some((text, None)) };
    let (clock, zone) = text.split_at(at);
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let plain: String = zone.chars().skip(1).filter(|c| *c != ':').collect();
    let number = |from: usize, to: usize| plain.get(from..to).and_then(|t| t.parse::<i64>().ok());
    let seconds = match plain.len() {
        2 => number(0, 2)? * 3600,
        4 => number(0, 2)? * 3600 + number(2, 4)? * 60,
        _ => return None,
    };
    (seconds <= 18 * 3600).then_some((clock, Some(sign * seconds)))
}

/// `2026年11月3日`, with or without a time.
fn lettered(text: &str) -> Option<NaiveDateTime> {
    let (year, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let (day, rest) = rest.split_once(['日', '号'])?;
    let number = |t: &str| t.trim().chars().map(ascii_digit).collect::<Option<String>>()?.parse::<u32>().ok();
    let date = NaiveDate::from_ymd_opt(number(year)? as i32, number(month)?, number(day)?)?;
    let rest = rest.trim();
    Some(date.and_time(if rest.is_empty() { NaiveTime::MIN } else { clock_time(rest)? }))
}

fn ascii_digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0),
        _ => None,
    }
}

fn slashed(text: &str, slash: Option<Slash>) -> Result<Option<NaiveDateTime>, BadTime> {
    if let Some(wide) = year_first(text) {
        return Ok(Some(wide));
    }
    let Some((a, b)) = slash_parts(text) else { return Ok(None) };
    let (day, month) = match slash.ok_or(BadTime::Unclear)? {
        Slash::Dmy => (a, b),
        Slash::Mdy => (b, a),
    };
    let (date, clock) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let year = date.rsplit('/').next().and_then(|y| y.parse().ok());
    let Some(date) = year.and_then(|y| NaiveDate::from_ymd_opt(y, month, day)) else { return Ok(None) };
    let clock = clock.trim();
    let time = if clock.is_empty() { Some(NaiveTime::MIN) } else { clock_time(clock) };
    Ok(time.map(|t| date.and_time(t)))
}

/// `2026/6/1 9:30`: year first, short numbers.
fn year_first(text: &str) -> Option<NaiveDateTime> {
    let (date, clock) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let mut parts = date.split(['/', '-', '.']);
    let year = parts.next().filter(|y| y.len() == 4)?;
    let (month, day) = (parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    let clock = clock.trim();
    Some(date.and_time(if clock.is_empty() { NaiveTime::MIN } else { clock_time(clock)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> String {
        let mut rules = TimeRules::new(Zone::UTC, None, Some(Slash::Dmy));
        rules.instant(text).map_or_else(|e| format!("{e:?}"), |at| at.to_string())
    }

    #[test]
    fn every_written_form_gives_its_instant() {
        assert_eq!(utc("2026-05-01T10:00:00Z"), "2026-05-01T10:00:00Z");
        assert_eq!(utc("2019-11-01T17:59:13.273932Z"), "2019-11-01T17:59:13.273932Z");
        assert_eq!(utc("2026-07-04T10:11:00+08:00"), "2026-07-04T02:11:00Z");
        assert_eq!(utc("2023-12-17 09:14:33+00:00"), "2023-12-17T09:14:33Z");
        assert_eq!(utc("2026-07-04T10:11:00-0530"), "2026-07-04T15:41:00Z");
        assert_eq!(utc("2026-05-01"), "2026-05-01T00:00:00Z");
        assert_eq!(utc("2026年11月3日"), "2026-11-03T00:00:00Z");
        assert_eq!(utc("2026/11/03 11:00"), "2026-11-03T11:00:00Z");
        assert_eq!(utc("25/03/2026"), "2026-03-25T00:00:00Z");
        assert_eq!(utc("1788998400000"), "2026-09-10T00:00:00Z");
    }

    #[test]
    fn what_is_no_time_says_why() {
        for text in
            ["2026-02-29T10:00:00Z", "0000-00-00 00:00:00", "", "soon", "2026-13-01T00:00:00Z", "2026-05-01T25:00:00Z"]
        {
            assert_eq!(utc(text), "Unreadable", "{text}");
        }
        for text in ["1899-12-30T00:00:00Z", "2101-01-01T00:00:00Z", "9999-12-31T00:00:00Z", "12"] {
            assert_eq!(utc(text), "OutOfRange", "{text}");
        }
    }

    #[test]
    fn the_first_integer_decides_the_unit_of_all() {
        let mut rules = TimeRules::new(Zone::UTC, None, None);
        assert!(rules.instant("1788998400").is_ok());
        assert_eq!(rules.instant("1788998400000"), Err(BadTime::OutOfRange));
        assert_eq!(rules.instant("03/04/2026"), Err(BadTime::Unclear));
    }
}
