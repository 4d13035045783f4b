//! Days as people say them: `2026-06-10`, `today`, `yesterday`, `fri`, `+7d`.

use crate::domain::calendar::Day;

/// Weekdays by their first three letters, Monday first.
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Most days that can be counted from another.
const MOST: i32 = 40_000;

/// A day that is known once one knows what it counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A day of the calendar.
    On(Day),
    /// So many days later.
    In(i32),
    /// A weekday, Monday is 0.
    Weekday(i32),
}

/// Reads a day as people say it.
///
/// # Errors
/// Says what is understood.
pub fn when(text: &str) -> Result<When, String> {
    let lower = text.trim().to_lowercase();
    let named = match lower.as_str() {
        "today" => Some(0),
        "yesterday" => Some(-1),
        "tomorrow" => Some(1),
        _ => None,
    };
    let weekday = WEEKDAYS.iter().position(|name| lower.len() >= 3 && name.starts_with(lower.as_str()));
    let found = named.or_else(|| counted(&lower)).map(When::In);
    let found = found.or(weekday.map(|at| When::Weekday(at as i32))).or_else(|| Day::parse(&lower).map(When::On));
    found.ok_or_else(|| format!("\"{text}\" is no day; write 2026-06-10, today, yesterday, fri or +7d"))
}

/// Reads `+7d`, `-2w`.
fn counted(text: &str) -> Option<i32> {
    let signed = text.starts_with(['+', '-']);
    let (digits, width) = match text.strip_suffix('w') {
        Some(weeks) => (weeks, 7),
        None => (text.strip_suffix('d')?, 1),
    };
    let days = digits.parse::<i32>().ok()?.checked_mul(width)?;
    (signed && days.abs() <= MOST).then_some(days)
}

impl When {
    /// The day counted from another; a weekday is the next one, that day included.
    pub fn from(self, day: Day) -> Day {
        match self {
            Self::On(own) => own,
            Self::In(days) => day.plus(days),
            Self::Weekday(at) => day.plus((at - weekday(day)).rem_euclid(7)),
        }
    }

    /// The day looking back from another; a weekday is the last one, that day included.
    pub fn until(self, day: Day) -> Day {
        match self {
            Self::Weekday(at) => day.plus(-(weekday(day) - at).rem_euclid(7)),
            other => other.from(day),
        }
    }
}

/// Monday is 0; the first day of all was a Thursday.
fn weekday(day: Day) -> i32 {
    (day.0 + 3).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_say_them() {
        let wednesday = Day::parse("2026-06-10").unwrap();
        let from = |text: &str| when(text).unwrap().from(wednesday).to_string();
        assert_eq!((from("today"), from("Yesterday")), ("2026-06-10".into(), "2026-06-09".into()));
        assert_eq!(
            (from("fri"), from("wed"), from("tuesday")),
            ("2026-06-12".into(), "2026-06-10".into(), "2026-06-16".into())
        );
        assert_eq!(
            (from("+7d"), from("-2w"), from("2026-01-01")),
            ("2026-06-17".into(), "2026-05-27".into(), "2026-01-01".into())
        );
        assert_eq!(when("fri").unwrap().until(wednesday).to_string(), "2026-06-05");
        assert_eq!(when("wed").unwrap().until(wednesday), wednesday);
        for wrong in ["", "fr", "7d", "+7", "+99999999d", "2026-02-30", "someday"] {
            assert!(when(wrong).unwrap_err().contains("2026-06-10"), "{wrong}");
        }
    }
}
