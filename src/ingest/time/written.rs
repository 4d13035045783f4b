//! Dates and clock times as text: ISO 8601, year first, day and month first, and `2026年11月3日`.

use std::borrow::Cow;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};

use super::Slash;

/// Largest distance of a zone from UTC, in seconds.
const FARTHEST: i64 = 18 * 3600;

/// A time as written: local, and seconds east of UTC where it says so.
pub(super) struct Written {
    pub(super) local: NaiveDateTime,
    pub(super) offset: Option<i64>,
}

/// Why text is no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    Unreadable,
    /// Day and month first, in an order that is not known.
    Unclear,
}

/// The date at the beginning of a text.
enum Date {
    YearFirst(u32, u32, u32),
    /// First and second number, and the year.
    YearLast(u32, u32, u32),
}

/// How a date is written, as far as its clock time depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `20161231`, whose clock time has no colons either.
    Basic,
    Marked,
    /// `2026年11月3日`
    Lettered,
}

/// Full-width characters in their ASCII form, the minus sign as a hyphen, no blanks around.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text.trim());
    }
    let ascii = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{A0}' | '\u{202F}' => ' ',
        '\u{2212}' => '-',
        other => other,
    };
    Cow::Owned(text.chars().map(ascii).collect::<String>().trim().to_owned())
}

/// Reads a time that [`plain`] gave.
pub(super) fn read(text: &str, slash: Option<Slash>) -> Result<Written, Wrong> {
    let (date, form, rest) = cut_date(text).ok_or(Wrong::Unreadable)?;
    let (clock, offset) = clock(rest, form).ok_or(Wrong::Unreadable)?;
    let ymd = |year: u32, month, day| NaiveDate::from_ymd_opt(year as i32, month, day);
    let date = match date {
        Date::YearFirst(year, month, day) => ymd(year, month, day),
        Date::YearLast(a, b, year) => match slash {
            Some(Slash::Dmy) => ymd(year, b, a),
            Some(Slash::Mdy) => ymd(year, a, b),
            None if ymd(year, b, a).or(ymd(year, a, b)).is_some() => return Err(Wrong::Unclear),
            None => None,
        },
    };
    let (day, time) = clock;
    let date = date.and_then(|date| date.checked_add_days(Days::new(day))).ok_or(Wrong::Unreadable)?;
    Ok(Written { local: date.and_time(time), offset })
}

/// First and second number of a date such as `25/03/2026`; `None` for anything else.
pub(in crate::ingest) fn day_month(text: &str) -> Option<(u32, u32)> {
    match cut_date(&plain(text))? {
        (Date::YearLast(a, b, _), ..) => Some((a, b)),
        _ => None,
    }
}

/// Whether a text is a date without a clock time.
pub(in crate::ingest) fn is_day(text: &str) -> bool {
    cut_date(&plain(text)).is_some_and(|(.., rest)| rest.is_empty())
}

/// Cuts a date off.
fn cut_date(text: &str) -> Option<(Date, Form, &str)> {
    let (first, digits, rest) = cut_number(text)?;
    if digits == 8 {
        return Some((Date::YearFirst(first / 10_000, first / 100 % 100, first % 100), Form::Basic, rest));
    }
    let mut marks = rest.chars();
    let mark = marks.next().filter(|c| matches!(c, '-' | '/' | '.' | '年'))?;
    let (second, two, rest) = cut_number(marks.as_str())?;
    let rest = rest.strip_prefix(if mark == '年' { '月' } else { mark })?;
    let (third, three, rest) = cut_number(rest)?;
    let short = |digits: usize| (1..=2).contains(&digits);
    if mark == '年' {
        let rest = rest.strip_prefix(['日', '号'])?;
        return (digits == 4 && short(two) && short(three)).then_some((
            Date::YearFirst(first, second, third),
            Form::Lettered,
            rest,
        ));
    }
    match (digits, three) {
        (4, 1 | 2) if short(two) => Some((Date::YearFirst(first, second, third), Form::Marked, rest)),
        (1 | 2, 4) if short(two) => Some((Date::YearLast(first, second, third), Form::Marked, rest)),
        _ => None,
    }
}

/// Cuts a number of at most eight digits off: its value, its digits, the rest.
fn cut_number(text: &str) -> Option<(u32, usize, &str)> {
    let digits = text.bytes().take(9).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits)?;
    (digits <= 8).then_some(())?;
    Some((number.parse().ok()?, digits, rest))
}

/// Days to add, the time of day, and seconds east of UTC.
type Clock = ((u64, NaiveTime), Option<i64>);

/// What follows a date: nothing, or a clock time with or without a zone.
fn clock(rest: &str, form: Form) -> Option<Clock> {
    if rest.is_empty() {
        return Some(((0, NaiveTime::MIN), None));
    }
    let body = match rest.strip_prefix(['T', 't', ' ']) {
        Some(body) => body.trim_start(),
        None if form == Form::Lettered => rest,
        None => return None,
    };
    let (body, offset) = split_zone(body)?;
    let (body, half) = split_half(body);
    let body = match form {
        Form::Basic if !body.contains(':') => Cow::Owned(with_colons(body)?),
        Form::Lettered => Cow::Owned(lettered_clock(body)),
        _ => Cow::Borrowed(body),
    };
    Some((time_of_day(&body, half)?, offset))
}

/// `HH:MM[:SS[.f]]`; more than six decimals are cut, a leap second counts as the second before it, 24:00 is the next
/// midnight.
fn time_of_day(text: &str, half: Option<Half>) -> Option<(u64, NaiveTime)> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let mut parts = whole.split(':');
    let mut part = || {
        let digits = parts.next()?;
        let (number, n, rest) = cut_number(digits)?;
        ((1..=2).contains(&n) && rest.is_empty()).then_some(number)
    };
    let (hour, minute) = (part()?, part()?);
    let second = if whole.matches(':').count() == 2 { part()? } else { 0 };
    if whole.matches(':').count() > 2 || !fraction.bytes().all(|b| b.is_ascii_digit()) || fraction.len() > 9 {
        return None;
    }
    let micros =
        fraction.bytes().chain(*b"000000").take(6).fold(0, |micros, digit| micros * 10 + u32::from(digit - b'0'));
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(Half::Morning) => hour % 12,
        Some(Half::Afternoon) => hour % 12 + 12,
    };
    if (hour, minute, second, micros) == (24, 0, 0, 0) {
        return Some((1, NaiveTime::MIN));
    }
    let time = NaiveTime::from_hms_micro_opt(hour, minute, second.min(59), micros)?;
    (second <= 60).then_some((0, time))
}

/// `235959` as `23:59:59`.
fn with_colons(text: &str) -> Option<String> {
    let (_, digits, fraction) = cut_number(text)?;
    match digits {
        4 => Some(format!("{}:{}{fraction}", text.get(..2)?, text.get(2..4)?)),
        6 => Some(format!("{}:{}:{}{fraction}", text.get(..2)?, text.get(2..4)?, text.get(4..6)?)),
        _ => None,
    }
}

/// `8时5分9秒` as `8:5:9`, `8点` as `8:00`.
fn lettered_clock(text: &str) -> String {
    let marked = text.replace(['时', '点', '分'], ":").replace('秒', "");
    let body = marked.trim_end_matches(':');
    if body.contains(':') || body == text { body.to_owned() } else { format!("{body}:00") }
}

/// Half of a day of twelve hours.
#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

/// Cuts `AM` or `PM` off the end, `上午` or `下午` off the beginning.
fn split_half(text: &str) -> (&str, Option<Half>) {
    for (word, half) in [("上午", Half::Morning), ("下午", Half::Afternoon)] {
        if let Some(rest) = text.strip_prefix(word) {
            return (rest.trim_start(), Some(half));
        }
    }
    let cut = text.len().saturating_sub(2);
    let Some((clock, word)) = text.split_at_checked(cut) else { return (text, None) };
    if word.eq_ignore_ascii_case("am") {
        (clock.trim_end(), Some(Half::Morning))
    } else if word.eq_ignore_ascii_case("pm") {
        (clock.trim_end(), Some(Half::Afternoon))
    } else {
        (text, None)
    }
}

/// Cuts `Z`, ` UTC`, `+08:00`, `+0800` or `+08` off a clock time.
fn split_zone(text: &str) -> Option<(&str, Option<i64>)> {
    for utc in ["Z", "z", "UTC", "GMT"] {
        if let Some(clock) = text.strip_suffix(utc) {
            return Some((clock.trim_end(), Some(0)));
        }
    }
    let Some(at) = text.rfind(['+', '-']) else { return Some((text, None)) };
    let (clock, zone) = text.split_at(at);
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let plain: String = zone.chars().skip(1).filter(|c| *c != ':').collect();
    let (number, digits, rest) = cut_number(&plain)?;
    let seconds = match digits {
        2 => i64::from(number) * 3600,
        4 => i64::from(number / 100) * 3600 + i64::from(number % 100) * 60,
        _ => return None,
    };
    (rest.is_empty() && seconds <= FARTHEST).then_some((clock.trim_end(), Some(sign * seconds)))
}
