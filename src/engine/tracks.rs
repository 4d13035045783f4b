//! Numbers by day that many questions share, kept until the data changes.

use crate::domain::calendar::{Day, Span};
use crate::metrics::activity;
use crate::metrics::turnout::Turnout;

/// What is counted by day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Track {
    /// Users active on the day.
    Active,
    /// Users whose first active day it is.
    New,
    /// Users active in so many days that end on it.
    Rolling(u16),
    /// Users whose n-th day it is, and those of them active on it.
    DayN(u16),
    /// Distinct users of a whole span, kept as a single value on its first day.
    Distinct(Span),
}

/// A count by day; days outside count zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DaySeries {
    first: Day,
    /// Sums of all days before the i-th: the count, and those of it that returned.
    before: Vec<(u64, u64)>,
}

impl DaySeries {
    fn new(first: Day, values: impl Iterator<Item = (u64, u64)>) -> Self {
        let mut sum = (0, 0);
        let mut before = vec![sum];
        for (count, returned) in values {
            sum = (sum.0 + count, sum.1 + returned);
            before.push(sum);
        }
        Self { first, before }
    }

    /// Sum over the days of a span: the count, and those of it that returned.
    pub fn sum(&self, span: Span) -> (u64, u64) {
        let at = |day: Day| self.before[(day.since(self.first).max(0) as usize).min(self.before.len() - 1)];
        let (from, to) = (at(span.first), at(span.last.plus(1)));
        (to.0 - from.0, to.1 - from.1)
    }

    /// The count of one day.
    pub fn on(&self, day: Day) -> u64 {
        self.sum(Span { first: day, last: day }).0
    }
}

/// From all days of the span; the last day seen does not matter to the days up to it.
pub(super) fn make(turnout: &Turnout, span: Option<Span>, track: Track) -> DaySeries {
    let Some(span) = span else { return DaySeries::new(Day(0), std::iter::empty()) };
    let seen = turnout.until(span.last);
    let plain = |values: Vec<u64>, first: Day| DaySeries::new(first, values.into_iter().map(|n| (n, 0)));
    let longer = |by: u16| Span { first: span.first, last: span.last.plus(i32::from(by)) };
    let by_day = |span: Span| -> Vec<Span> { span.iter().map(|d| Span { first: d, last: d }).collect() };
    match track {
        Track::Active => plain(activity::rolling(seen, span, 1), span.first),
        Track::New => plain(activity::newcomers(seen, &by_day(span)), span.first),
        Track::Rolling(window) => plain(activity::rolling(seen, longer(window), window), span.first),
        Track::DayN(n) => {
            let returned = activity::day_n(seen, &by_day(longer(n)), n);
            DaySeries::new(span.first, returned.into_iter().map(|r| (r.started, r.returned)))
        }
        Track::Distinct(bucket) => plain(activity::active(seen, &[bucket]), bucket.first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Calendar;
    use crate::metrics::presence::UserDays;

    #[test]
    fn sums_leave_out_days_that_have_no_count() {
        let series = DaySeries::new(Day(10), [(1, 0), (2, 1), (4, 2)].into_iter());
        let sum = |a, b| series.sum(Span { first: Day(a), last: Day(b) });
        assert_eq!((sum(0, 99), sum(11, 12), sum(0, 9), sum(13, 20)), ((7, 3), (6, 3), (0, 0), (0, 0)));
        assert_eq!((series.on(Day(12)), series.on(Day(13)), series.on(Day(9))), (4, 0, 0));
    }

    #[test]
    fn tracks_go_on_after_the_last_active_day_as_far_as_it_matters() {
        let days = UserDays::from_pairs(vec![(0, Day(1)), (0, Day(2)), (1, Day(2))]);
        let turnout = Turnout::new(&days, None, Calendar::UTC);
        let make = |track| make(&turnout, days.span(), track);
        assert_eq!(make(Track::Rolling(7)).on(Day(8)), 2);
        assert_eq!(make(Track::Rolling(7)).on(Day(9)), 0);
        assert_eq!(make(Track::DayN(3)).sum(Span { first: Day(4), last: Day(5) }), (2, 0));
        assert_eq!(make(Track::DayN(1)).sum(Span { first: Day(0), last: Day(9) }), (2, 1));
        let bucket = Span { first: Day(2), last: Day(3) };
        assert_eq!(make(Track::Distinct(bucket)).on(Day(2)), 2);
        assert_eq!(
            super::make(&Turnout::new(&UserDays::default(), None, Calendar::UTC), None, Track::Active).on(Day(2)),
            0
        );
    }
}
