//! Days as people say them: `2026-06-10`, `today`, `yesterday`, `fri`, `1 jul`, `+7d`.

use chrono::Datelike;

use crate::domain::calendar::Day;
use crate::domain::plans::Anchor;

/// Weekdays by their first three letters, Monday first.
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// Most days that can be counted from another.
const MOST: i32 = 40_000;
/// Days back to which a date without a year may reach; any other is taken to come.
const LATELY: i32 = 90;

/// A day that is known once one knows what it counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A day of the calendar.
    On(Day),
    /// So many days from today.
    Today(i32),
    /// So many days later.
    In(i32),
    /// A month and its day, of the year that brings it near.
    Date(u32, u32),
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
    let found = named.map(When::Today).or_else(|| counted(&lower).map(When::In));
    let found = found.or(weekday.map(|at| When::Weekday(at as i32))).or_else(|| Day::parse(&lower).map(When::On));
    found
        .or_else(|| date(&lower))
        .ok_or_else(|| format!("\"{text}\" is no day; write 2026-06-10, 1 jul, today, yesterday, fri or +7d"))
}

/// Reads `1 jul`, `jul 1`, `1 jul 2027`.
fn date(text: &str) -> Option<When> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let month = |text: &str| MONTHS.iter().position(|name| text.starts_with(name)).map(|at| at as u32 + 1);
    let (day, name) = match parts.as_slice() {
        [first, second, ..] if first.parse::<u32>().is_ok() => (*first, *second),
        [first, second, ..] => (*second, *first),
        _ => return None,
    };
    let (day, month) = (day.parse().ok()?, month(name).filter(|_| name.chars().all(char::is_alphabetic))?);
    match parts.get(2) {
        Some(year) if parts.len() == 3 => Day::ymd(year.parse().ok()?, month, day).map(When::On),
        Some(_) => None,
        // In a leap year every day of the calendar is there.
        None => Day::ymd(2024, month, day).map(|_| When::Date(month, day)),
    }
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
            Self::Today(days) | Self::In(days) => day.plus(days),
            Self::Date(month, of_month) => near(month, of_month, day),
            Self::Weekday(at) => day.plus((at - weekday(day)).rem_euclid(7)),
        }
    }

    /// The day where steps count from another day than today; a weekday is one to come.
    pub fn counted_from(self, start: Day, today: Day) -> Day {
        match self {
            Self::In(_) => self.from(start),
            other => other.after(today),
        }
    }

    /// A later day than another where it is a weekday, to which something is put off; else as [`Self::from`].
    pub fn after(self, day: Day) -> Day {
        match self {
            Self::Weekday(_) => self.from(day.plus(1)),
            other => other.from(day),
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

/// A day of a task: of its own, or counted from its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// A day of its own.
    On(When),
    /// So many days from an end of its plan.
    FromPlan(Anchor, i64),
}

/// Reads `fri`, `2026-06-10`, `start-7`, `finish`.
///
/// # Errors
/// Says what is understood.
pub fn due(text: &str) -> Result<Due, String> {
    if let Ok(own) = when(text) {
        return Ok(Due::On(own));
    }
    let anchored = Anchor::read(text).map(|(anchor, days)| Due::FromPlan(anchor, days));
    anchored.ok_or_else(|| {
        format!(
            "\"{text}\" is no day; write 2026-06-10, today, fri, +7d, or start-7 and finish+3 counted from the plan"
        )
    })
}

impl Due {
    /// What a task holds of it: anchor, days from there, or the day that its own is read as.
    pub fn parts(self, day_of: impl Fn(When) -> Day) -> (Option<Anchor>, Option<i64>, Option<Day>) {
        match self {
            Self::On(day) => (None, None, Some(day_of(day))),
            Self::FromPlan(anchor, days) => (Some(anchor), Some(days), None),
        }
    }
}

/// The day of a month of this year or one beside it; 29 February is the last of its month in other years.
fn near(month: u32, of_month: u32, day: Day) -> Day {
    let year = day.date().year();
    let of = |year: i32| Day::ymd(year, month, of_month).or_else(|| Day::ymd(year, month, of_month - 1));
    (year - 1..=year + 1).filter_map(of).find(|found| found.since(day) >= -LATELY).unwrap_or(day)
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

    #[test]
    fn a_date_without_a_year_is_the_one_to_come_or_just_gone() {
        let from = |text: &str, day: &str| when(text).unwrap().from(Day::parse(day).unwrap()).to_string();
        for (text, day, want) in [
            ("1 jul", "2026-06-11", "2026-07-01"),
            ("July 1", "2026-06-11", "2026-07-01"),
            ("31 dec", "2026-06-11", "2026-12-31"),
            ("20 dec", "2026-01-05", "2025-12-20"),
            ("2 jan 2028", "2026-06-11", "2028-01-02"),
            ("29 feb", "2026-01-05", "2026-02-28"),
        ] {
            assert_eq!(from(text, day), want, "{text} on {day}");
        }
        for wrong in ["31 feb", "0 jul", "1 julx2", "1 2 3 4", "1 jul 2027 x", "广"] {
            assert!(when(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_steps_count_from_the_start_of_a_plan() {
        let (start, today) = (Day::parse("2026-07-01").unwrap(), Day::parse("2026-06-11").unwrap());
        let of = |text: &str| when(text).unwrap().counted_from(start, today).to_string();
        assert_eq!(
            (of("+30d"), of("today"), of("thu")),
            ("2026-07-31".into(), "2026-06-11".into(), "2026-06-18".into())
        );
    }

    #[test]
    fn a_weekday_to_put_off_to_is_not_today() {
        // A Thursday.
        let today = Day::parse("2026-06-11").unwrap();
        let of = |text: &str| when(text).map(|when| when.after(today).to_string());
        for (text, want) in [
            ("2026-06-30", "2026-06-30"),
            ("today", "2026-06-11"),
            ("Yesterday", "2026-06-10"),
            ("fri", "2026-06-12"),
            ("Thursday", "2026-06-18"),
            ("+7d", "2026-06-18"),
            ("-3d", "2026-06-08"),
            ("+2w", "2026-06-25"),
        ] {
            assert_eq!(of(text).as_deref(), Ok(want), "{text}");
        }
        for wrong in ["", "7d", "someday", "2026-13-01", "+99999d", "d"] {
            assert!(of(wrong).unwrap_err().contains("is no day"), "{wrong}");
        }
    }

    #[test]
    fn a_day_may_count_from_the_plan() {
        assert_eq!(due("start-7"), Ok(Due::FromPlan(Anchor::Start, -7)));
        assert_eq!(due("finish"), Ok(Due::FromPlan(Anchor::Finish, 0)));
        for wrong in ["start7", "finish+9999", "starts", "start+"] {
            assert!(due(wrong).is_err(), "{wrong}");
        }
    }
}
