//! The choices of the context line, and how they become days.

use crate::domain::calendar::{Calendar, Day, Grain, Span};
use crate::query::{Comparison, Scope, Segment, Status, Width, compared};

/// Widths from narrow to wide, for `{` and `}`.
const WIDTHS: [Width; 6] = [Width::Day, Width::Week, Width::Month, Width::Quarter, Width::Year, Width::All];

/// What the operator chose; days follow from it and the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Width of the period.
    pub width: Width,
    /// A day inside the period; `None` follows the data.
    pub anchor: Option<Day>,
    /// Bucket width; `None` leaves it to each screen.
    pub grain: Option<Grain>,
    /// What the period is compared with.
    pub comparison: Comparison,
    /// Users and rows that count.
    pub segment: Segment,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            width: Width::Month,
            anchor: None,
            grain: None,
            comparison: Comparison::Previous,
            segment: Segment::default(),
        }
    }
}

/// The calendar of the workspace.
pub fn calendar(status: &Status) -> Calendar {
    Calendar { zone: status.profile.zone, week_start: status.profile.week_start }
}

/// Last day with data, or today before there is any.
pub fn through(status: &Status) -> Day {
    status.through.unwrap_or(status.today)
}

impl Choice {
    /// The choices as days.
    pub fn resolve(&self, status: &Status) -> Scope {
        Scope {
            period: self.period(status),
            grain: self.grain.unwrap_or_else(|| self.default_grain()),
            comparison: self.comparison,
            segment: self.segment.clone(),
        }
    }

    /// The bucket width that goes with the width of the period.
    pub fn default_grain(&self) -> Grain {
        match self.width {
            Width::Day => Grain::Day,
            Width::Week => Grain::Week,
            Width::Month | Width::Quarter | Width::Year | Width::All => Grain::Month,
        }
    }

    /// Days of the period, whole calendar units.
    pub fn period(&self, status: &Status) -> Span {
        let anchor = self.anchor.unwrap_or_else(|| through(status));
        span_of(self.width, anchor, status)
    }

    /// The part of the period that can have data.
    pub fn shown(&self, status: &Status) -> Span {
        let period = self.period(status);
        let through = through(status);
        // A period that the data does not reach is shown as it was asked for.
        if through < period.first { period } else { Span { first: period.first, last: period.last.min(through) } }
    }

    /// Days the period is compared with.
    pub fn compared(&self, status: &Status) -> Option<Span> {
        let (period, through) = (self.period(status), through(status));
        compared(period, self.width, self.comparison, if through < period.first { period.last } else { through })
    }

    /// Moves by `n` periods, never before the first data and never beyond the period that holds today.
    #[must_use]
    pub fn stepped(&self, n: i32, status: &Status) -> Self {
        let calendar = calendar(status);
        let first = self.period(status).first;
        let moved = match self.width {
            Width::All => return self.clone(),
            Width::Day => first.plus(n),
            Width::Week => first.plus(7 * n),
            Width::Month => calendar.shift(Grain::Month, first, n).first,
            Width::Quarter => calendar.shift(Grain::Month, first, 3 * n).first,
            Width::Year => calendar.shift(Grain::Month, first, 12 * n).first,
        };
        let target = span_of(self.width, moved, status);
        let before_data = status.history.is_some_and(|h| target.last < h.first);
        if before_data || target.first > status.today {
            return self.clone();
        }
        self.at(self.width, moved, status)
    }

    /// One step wider (`n` is 1) or narrower (-1), keeping the day looked at.
    #[must_use]
    pub fn widened(&self, n: i32, status: &Status) -> Self {
        let here = WIDTHS.iter().position(|w| *w == self.width).unwrap_or(0);
        let there = WIDTHS[here.saturating_add_signed(n as isize).min(WIDTHS.len() - 1)];
        let anchor = self.anchor.unwrap_or_else(|| through(status));
        self.at(there, anchor, status)
    }

    /// A period of a width around a day; one that holds the newest data goes on following it.
    #[must_use]
    pub fn at(&self, width: Width, day: Day, status: &Status) -> Self {
        let newest = span_of(width, day, status).contains(through(status));
        Self { width, anchor: (!newest).then_some(day), ..self.clone() }
    }

    /// The next comparison.
    #[must_use]
    pub fn recompared(&self) -> Self {
        let all = Comparison::ALL;
        let here = all.iter().position(|c| *c == self.comparison).unwrap_or(0);
        Self { comparison: all[(here + 1) % all.len()], ..self.clone() }
    }
}

fn span_of(width: Width, day: Day, status: &Status) -> Span {
    let calendar = calendar(status);
    let months = |from: Day, n: i32| {
        let first = calendar.bucket(Grain::Month, from).first;
        Span { first, last: calendar.shift(Grain::Month, first, n).first.plus(-1) }
    };
    match width {
        Width::Day => Span { first: day, last: day },
        Width::Week => calendar.bucket(Grain::Week, day),
        Width::Month => calendar.bucket(Grain::Month, day),
        Width::Quarter => {
            let month = chrono::Datelike::month0(&day.date());
            months(calendar.shift(Grain::Month, day, -((month % 3) as i32)).first, 3)
        }
        Width::Year => {
            let month = chrono::Datelike::month0(&day.date());
            months(calendar.shift(Grain::Month, day, -(month as i32)).first, 12)
        }
        Width::All => {
            let last = through(status);
            let first = status.history.map_or(last, |h| h.first).min(last);
            Span { first, last }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn span(a: &str, b: &str) -> Span {
        Span::new(day(a), day(b))
    }

    #[test]
    fn the_period_follows_the_data_until_it_is_moved() {
        let status = fixture::status();
        let choice = Choice::default();
        assert_eq!(choice.period(&status), span("2026-06-01", "2026-06-30"));
        assert_eq!(choice.shown(&status), span("2026-06-01", "2026-06-10"));
        assert_eq!(choice.compared(&status), Some(span("2026-05-01", "2026-05-10")));
        let may = choice.stepped(-1, &status);
        assert_eq!(may.shown(&status), span("2026-05-01", "2026-05-31"));
        assert_eq!(may.stepped(1, &status), choice, "back at the newest it follows again");
        assert_eq!(choice.stepped(1, &status), choice, "there is no July yet");
    }

    #[test]
    fn periods_end_with_the_first_data() {
        let status = fixture::status();
        let mut choice = Choice::default();
        for _ in 0..40 {
            choice = choice.stepped(-1, &status);
        }
        assert_eq!(choice.period(&status), span("2025-12-01", "2025-12-31"));
    }

    #[test]
    fn widths_go_round_the_day_looked_at() {
        let status = fixture::status();
        let week = Choice::default().widened(-1, &status);
        assert_eq!(week.period(&status), span("2026-06-08", "2026-06-14"));
        let quarter = Choice::default().widened(1, &status);
        assert_eq!(quarter.period(&status), span("2026-04-01", "2026-06-30"));
        let year = quarter.widened(1, &status);
        assert_eq!(year.period(&status), span("2026-01-01", "2026-12-31"));
        assert_eq!(year.compared(&status), Some(span("2025-01-01", "2025-06-10")));
        let all = year.widened(1, &status).widened(1, &status);
        assert_eq!(all.period(&status), span("2025-12-13", "2026-06-10"));
        assert_eq!(all.stepped(-1, &status), all);
        assert_eq!(Choice::default().widened(-1, &status).widened(-1, &status).widened(-1, &status).width, Width::Day);
    }

    #[test]
    fn comparisons_go_round() {
        let mut choice = Choice::default();
        for _ in 0..4 {
            choice = choice.recompared();
        }
        assert_eq!(choice, Choice::default());
    }
}
