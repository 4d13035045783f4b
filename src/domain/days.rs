//! Local days of many instants.

use std::ops::Range;

use super::calendar::{Calendar, DAY_MICROS, Day, Instant};

/// A UTC day that no instant has.
const NO_DAY: i32 = i32::MIN;
/// UTC days remembered at once.
const SLOTS: usize = 512;

/// Remembers the local days of a UTC day, because zone rules are slow.
#[derive(Debug, Clone)]
pub struct DayFinder {
    calendar: Calendar,
    slots: Vec<Slot>,
}

/// The local day in which a UTC day begins, and the one after it.
#[derive(Debug, Clone, Copy)]
struct Slot {
    utc_day: i32,
    days: [Day; 2],
    /// First instants that are no longer in them.
    ends: [Instant; 2],
}

impl DayFinder {
    /// Finds days of a calendar.
    pub fn new(calendar: Calendar) -> Self {
        Self { calendar, slots: Vec::new() }
    }

    /// The local day of an instant.
    pub fn day(&mut self, at: Instant) -> Day {
        let utc_day = at.utc_day();
        let place = utc_day as usize % SLOTS;
        match self.slots.get(place) {
            Some(slot) if slot.utc_day == utc_day => slot.day(at).unwrap_or_else(|| self.calendar.day_of(at)),
            _ => self.learn(place, utc_day, at),
        }
    }

    /// The local day of an instant, and the micros of instants of the same UTC day that are known to be in it, this one
    /// among them: many that come one after another need be looked for only once.
    pub fn stretch(&mut self, at: Instant) -> (Day, Range<i64>) {
        let (day, utc_day) = (self.day(at), at.utc_day());
        let begins = i64::from(utc_day).saturating_mul(DAY_MICROS);
        let over = begins.saturating_add(DAY_MICROS);
        let slot = self.slots.get(utc_day as usize % SLOTS);
        let within = slot.and_then(|slot| {
            let [first, second] = slot.ends.map(|end| end.0.min(over));
            [begins..first, first..second].into_iter().find(|within| within.contains(&at.0))
        });
        (day, within.unwrap_or(at.0..at.0.saturating_add(1)))
    }

    fn learn(&mut self, place: usize, utc_day: i32, at: Instant) -> Day {
        let first = self.calendar.day_of(Instant(i64::from(utc_day) * DAY_MICROS));
        let end = self.calendar.end_of(first);
        let second = self.calendar.day_of(end);
        let slot = Slot { utc_day, days: [first, second], ends: [end, self.calendar.end_of(second)] };
        self.slots.resize(SLOTS, Slot { utc_day: NO_DAY, ..slot });
        self.slots[place] = slot;
        slot.day(at).unwrap_or_else(|| self.calendar.day_of(at))
    }
}

impl Slot {
    fn day(&self, at: Instant) -> Option<Day> {
        self.ends.iter().position(|end| at < *end).map(|place| self.days[place])
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
            let (day, within) = finder.stretch(at);
            assert!(day == calendar.day_of(at) && within.contains(&at.0));
            for end in [within.start, within.end - 1].map(Instant) {
                assert_eq!((calendar.day_of(end), end.utc_day()), (day, at.utc_day()));
            }
        }
    }
}
