//! Days, periods and times as text (screens.md section 3): the year only where it is not the current one.

use chrono::{Datelike, Utc};

use crate::domain::calendar::{Calendar, Day, Grain, Instant, Span};

/// `Wed 10 Jun`, or `Thu 31 Dec 2025` seen from 2026.
pub fn weekday(day: Day, today: Day) -> String {
    let pattern = if same_year(day, today) { "%a %-d %b" } else { "%a %-d %b %Y" };
    day.date().format(pattern).to_string()
}

/// `10 Jun`, or `31 Dec 2025` seen from 2026.
pub fn short(day: Day, today: Day) -> String {
    let pattern = if same_year(day, today) { "%-d %b" } else { "%-d %b %Y" };
    day.date().format(pattern).to_string()
}

/// First and last day, month once: `1-10 Jun`, `6 Apr-14 Jun`, `20 Dec 2025-5 Jan 2026`, `Wed 10 Jun`.
pub fn period(span: Span, today: Day) -> String {
    let (first, last) = (span.first.date(), span.last.date());
    if span.first == span.last {
        return weekday(span.first, today);
    }
    if first.year() != last.year() {
        return format!("{}-{}", first.format("%-d %b %Y"), last.format("%-d %b %Y"));
    }
    if first.month() == last.month() {
        return format!("{}-{}", first.day(), short(span.last, today));
    }
    format!("{}-{}", first.format("%-d %b"), short(span.last, today))
}

/// The label of a bucket: `6 Apr` for a day or week, `Apr` for a month, `2025-04` for a month of another year.
pub fn bucket(span: Span, grain: Grain, today: Day) -> String {
    let first = span.first.date();
    match grain {
        Grain::Day | Grain::Week => first.format("%-d %b").to_string(),
        Grain::Month if same_year(span.first, today) => first.format("%b").to_string(),
        Grain::Month => first.format("%Y-%m").to_string(),
    }
}

/// `Wed 10 23:59` in the calendar's zone; `9 May 23:59` where it is not of today's month, `9 May 2025` without the clock
/// where it is not of today's year.
pub fn moment(at: Instant, calendar: &Calendar, today: Day) -> String {
    let day = calendar.day_of(at);
    if !same_year(day, today) {
        return short(day, today);
    }
    let near = day.date().month() == today.date().month();
    let date = if near { day.date().format("%a %-d").to_string() } else { short(day, today) };
    format!("{date} {}", clock(at, calendar))
}

/// How long ago in days, from three years on in years: `4d` `28y`.
pub fn age(days: i32) -> String {
    if days < 3 * 365 { format!("{days}d") } else { format!("{}y", days / 365) }
}

/// `23:59` in the calendar's zone.
pub fn clock(at: Instant, calendar: &Calendar) -> String {
    let local = chrono::DateTime::<Utc>::from_timestamp_micros(at.0).map(|t| t.with_timezone(&calendar.zone.0));
    local.map_or_else(String::new, |t| t.format("%H:%M").to_string())
}

/// `complete to` an instant: the end of a whole day is told as 23:59 of it, never as 00:00 of the next.
pub fn complete_to(through_at: Instant, calendar: &Calendar, today: Day) -> String {
    let last = Instant(through_at.0 - 1);
    format!("{} {}", weekday(calendar.day_of(last), today), clock(last, calendar))
}

fn same_year(day: Day, today: Day) -> bool {
    day.date().year() == today.date().year()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn span(a: &str, b: &str) -> Span {
        Span::new(day(a), day(b))
    }

    #[test]
    fn the_year_is_told_only_where_it_differs() {
        let today = day("2026-06-11");
        assert_eq!(weekday(day("2026-06-10"), today), "Wed 10 Jun");
        assert_eq!(weekday(day("2025-12-31"), today), "Wed 31 Dec 2025");
        assert_eq!(period(span("2026-06-01", "2026-06-10"), today), "1-10 Jun");
        assert_eq!(period(span("2026-04-06", "2026-06-14"), today), "6 Apr-14 Jun");
        assert_eq!(period(span("2025-05-01", "2025-05-31"), today), "1-31 May 2025");
        assert_eq!(period(span("2025-12-20", "2026-01-05"), today), "20 Dec 2025-5 Jan 2026");
        assert_eq!(period(span("2026-06-10", "2026-06-10"), today), "Wed 10 Jun");
        assert_eq!(bucket(span("2025-04-01", "2025-04-30"), Grain::Month, today), "2025-04");
        assert_eq!(bucket(span("2026-04-06", "2026-04-12"), Grain::Week, today), "6 Apr");
    }

    #[test]
    fn midnight_is_the_end_of_the_day_before() {
        let calendar =
            Calendar { zone: crate::domain::calendar::Zone::parse("Asia/Shanghai").unwrap(), ..Calendar::UTC };
        let today = day("2026-06-11");
        let end = calendar.end_of(day("2026-06-10"));
        assert_eq!(complete_to(end, &calendar, today), "Wed 10 Jun 23:59");
        assert_eq!(moment(Instant(end.0 - 1), &calendar, today), "Wed 10 23:59");
        assert_eq!(moment(calendar.start_of(day("2026-05-09")), &calendar, today), "9 May 00:00");
        assert_eq!(moment(calendar.start_of(day("2011-12-09")), &calendar, today), "9 Dec 2011");
        assert_eq!([4, 400, 10_374].map(age), ["4d", "400d", "28y"]);
    }
}
