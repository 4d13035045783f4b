//! Days in a row on which something was done, where days off neither count nor end the row.

use std::collections::BTreeSet;

use chrono::{Datelike, Weekday};

use crate::domain::calendar::Day;

/// Work days in a row, the newest today, or before today where nothing is done today yet. Saturdays, Sundays and the
/// days off are passed over.
pub fn streak(done: &BTreeSet<Day>, off: &BTreeSet<Day>, today: Day) -> usize {
    let Some(first) = done.first() else { return 0 };
    let is_off = |day: &Day| matches!(day.date().weekday(), Weekday::Sat | Weekday::Sun) || off.contains(day);
    let newest = if done.contains(&today) { today } else { today.plus(-1) };
    let days = (0..=newest.since(*first)).map(|ago| newest.plus(-ago));
    days.filter(|day| !is_off(day)).take_while(|day| done.contains(day)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(day: u32) -> Day {
        Day::ymd(2026, 6, day).unwrap()
    }

    /// June 2026: 1, 8 and 15 are Mondays.
    fn row(done: &[u32], off: &[u32], today: u32) -> usize {
        let set = |days: &[u32]| days.iter().map(|day| d(*day)).collect();
        streak(&set(done), &set(off), d(today))
    }

    #[test]
    fn a_missed_weekend_breaks_nothing() {
        assert_eq!(row(&[3, 4, 5, 8, 9, 10], &[], 10), 6);
        assert_eq!(row(&[3, 4, 5, 6, 7, 8, 9, 10], &[], 10), 6, "nor does one that was worked lengthen it");
    }

    #[test]
    fn today_counts_from_its_check_in_on() {
        assert_eq!(row(&[8, 9, 10], &[], 11), 3);
        assert_eq!(row(&[8, 9, 10, 11], &[], 11), 4);
        assert_eq!(row(&[5], &[], 8), 1, "Monday, before its own");
    }

    #[test]
    fn a_missed_work_day_ends_it_and_a_holiday_does_not() {
        assert_eq!(row(&[4, 5, 9, 10], &[], 10), 2);
        assert_eq!(row(&[4, 5, 9, 10], &[8], 10), 4);
        assert_eq!((row(&[], &[], 10), row(&[12], &[], 10), row(&[4], &[], 10)), (0, 0, 0));
    }
}
