//! Days as operators type them.

use chrono::{Datelike, Weekday};

use crate::domain::calendar::Day;

/// Reads `2026-06-10`, `today`, `yesterday`, `tomorrow`, `fri` (the next one), `+7d`, `-3d`.
///
/// # Errors
/// What is read, where the text is none of it.
pub fn day(text: &str, today: Day) -> Result<Day, String> {
    let plain = text.trim().to_ascii_lowercase();
    let named = match plain.as_str() {
        "today" => Some(today),
        "yesterday" => Some(today.plus(-1)),
        "tomorrow" => Some(today.plus(1)),
        _ => Day::parse(&plain).or_else(|| moved(&plain, today)).or_else(|| weekday(&plain, today)),
    };
    named.ok_or_else(|| format!("\"{}\" is no day; write 2026-06-10, today, yesterday, fri or +7d", text.trim()))
}

/// `+7d`, `-3d`, `+2w`.
fn moved(text: &str, today: Day) -> Option<Day> {
    let (number, unit) = match text.strip_suffix('w') {
        Some(weeks) => (weeks, 7),
        None => (text.strip_suffix('d')?, 1),
    };
    let signed = number.starts_with(['+', '-']);
    let days = number.parse::<i32>().ok().filter(|n| signed && n.abs() < 40_000)?;
    Some(today.plus(days * unit))
}

/// The next day of that name, today left out.
fn weekday(text: &str, today: Day) -> Option<Day> {
    let wanted = text.parse::<Weekday>().ok()?;
    let ahead = (wanted.num_days_from_monday() + 7 - today.date().weekday().num_days_from_monday()) % 7;
    Some(today.plus(if ahead == 0 { 7 } else { ahead as i32 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_typed() {
        // A Thursday.
        let today = Day::parse("2026-06-11").unwrap();
        let of = |text: &str| day(text, today).map(|day| day.to_string());
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
}
