//! Local days of many instants.

use super::calendar::{Calendar, Day, Instant};

/// Remembers the day of the last instant, because neighbouring rows mostly share it and zone rules are slow.
#[derive(Debug, Clone)]
pub struct DayFinder {
    calendar: Calendar,
    from: Instant,
    to: Instant,
    day: Day,
}

impl DayFinder {
    /// Finds days of a calendar.
    pub fn new(calendar: Calendar) -> Self {
        Self { calendar, from: Instant(0), to: Instant(0), day: Day(0) }
    }

    /// The local day of an instant.
    pub fn day(&mut self, at: Instant) -> Day {
        if at < self.from || at >= self.to {
            self.day = self.calendar.day_of(at);
            (self.from, self.to) = (self.calendar.start_of(self.day), self.calendar.end_of(self.day));
        }
        self.day
    }
}

#[cfg(test)]
mod tests {
    use super::super::calendar::{WeekStart, Zone};
    use super::*;

    #[test]
    fn it_agrees_with_the_calendar_across_clock_changes() {
        let zone = Zone::parse("America/New_York").unwrap();
        let calendar = Calendar { zone, week_start: WeekStart::Monday };
        let mut finder = DayFinder::new(calendar);
        let start = calendar.start_of(Day::parse("2026-03-07").unwrap());
        for hour in (0..96).rev().chain(0..96) {
            let at = Instant(start.0 + hour * 3_600_000_000);
            assert_eq!(finder.day(at), calendar.day_of(at));
        }
    }
}
