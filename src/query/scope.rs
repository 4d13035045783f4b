//! Period, grain, comparison and segment: the choices that apply to every screen.

use crate::domain::calendar::{Day, Grain, Span};

use super::Segment;

/// The choices of the context line, resolved to days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Days shown.
    pub period: Span,
    /// Bucket width of series and cohorts.
    pub grain: Grain,
    /// What the period is compared with.
    pub comparison: Comparison,
    /// Users and rows that count.
    pub segment: Segment,
}

/// What a period is compared with. A partial period is compared with the same number of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// The period before: the calendar month, week or day before, or as many days before.
    Previous,
    /// The same weekdays one week earlier.
    WeekEarlier,
    /// The same days last year.
    LastYear,
    /// Nothing.
    None,
}

impl Comparison {
    /// All choices in the order of the key `v`.
    pub const ALL: [Self; 4] = [Self::Previous, Self::WeekEarlier, Self::LastYear, Self::None];
}

/// Width of the period shown, for the keys `[` `]` `{` `}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Width {
    /// One day.
    Day,
    /// A calendar week.
    Week,
    /// A calendar month.
    Month,
    /// Three calendar months.
    Quarter,
    /// Twelve calendar months.
    Year,
    /// From the first day of data.
    All,
}

impl Width {
    /// The width of a period that is a whole calendar month, quarter or year, a day or a week; else [`Width::All`].
    ///
    /// [`compared`] treats the last three alike, so the width of a free period does not matter.
    pub fn of(period: Span) -> Self {
        use chrono::{Datelike, Months};

        let first = period.first.date();
        let ends_after = |months: u32| {
            first.checked_add_months(Months::new(months)).map(Day::from_date) == Some(period.last.plus(1))
        };
        match period.days() {
            1 => Self::Day,
            7 => Self::Week,
            _ if first.day() != 1 => Self::All,
            _ if ends_after(1) => Self::Month,
            _ if ends_after(3) && first.month0().is_multiple_of(3) => Self::Quarter,
            _ if ends_after(12) && first.month0() == 0 => Self::Year,
            _ => Self::All,
        }
    }
}

/// The comparison period of a period that is cut at `through`: as long as the part that has data. A calendar period that
/// has ended is compared with a whole one: June with all of May.
///
/// `width` tells calendar periods (June against May) from free ones. `None` when nothing is compared.
pub fn compared(period: Span, width: Width, comparison: Comparison, through: Day) -> Option<Span> {
    use chrono::Months;

    let shown = period.intersect(Span { first: period.first, last: through.max(period.first) })?;
    let length = match width {
        Width::Month => Some(Months::new(1)),
        Width::Quarter => Some(Months::new(3)),
        Width::Year => Some(Months::new(12)),
        Width::Day | Width::Week | Width::All => None,
    };
    let back = |months: Months| {
        let first = shown.first.date().checked_sub_months(months).map(Day::from_date)?;
        let cut = first.plus(shown.days() - 1);
        let whole = length.and_then(|l| first.date().checked_add_months(l)).map(|next| Day::from_date(next).plus(-1));
        let last = whole.map_or(cut, |whole| if shown == period { whole } else { cut.min(whole) });
        Some(Span { first, last })
    };
    match comparison {
        Comparison::None => None,
        Comparison::WeekEarlier => Some(Span { first: shown.first.plus(-7), last: shown.last.plus(-7) }),
        Comparison::LastYear => back(Months::new(12)),
        Comparison::Previous => length.map_or_else(
            || {
                let days = period.days();
                Some(Span { first: shown.first.plus(-days), last: shown.last.plus(-days) })
            },
            back,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(a: &str, b: &str) -> Span {
        Span { first: Day::parse(a).unwrap(), last: Day::parse(b).unwrap() }
    }

    #[test]
    fn a_running_month_is_compared_with_as_many_days_of_the_month_before() {
        let june = span("2026-06-01", "2026-06-30");
        let through = Day::parse("2026-06-10").unwrap();
        assert_eq!(compared(june, Width::Month, Comparison::Previous, through), Some(span("2026-05-01", "2026-05-10")));
        assert_eq!(compared(june, Width::Month, Comparison::LastYear, through), Some(span("2025-06-01", "2025-06-10")));
        assert_eq!(
            compared(june, Width::Month, Comparison::WeekEarlier, through),
            Some(span("2026-05-25", "2026-06-03"))
        );
    }

    #[test]
    fn a_period_that_has_ended_is_compared_with_a_whole_one() {
        let of = |a, b, width, how| compared(span(a, b), width, how, Day::parse("2026-07-05").unwrap());
        let june = of("2026-06-01", "2026-06-30", Width::Month, Comparison::Previous);
        assert_eq!(june, Some(span("2026-05-01", "2026-05-31")));
        let quarter = of("2026-01-01", "2026-03-31", Width::Quarter, Comparison::Previous);
        assert_eq!(quarter, Some(span("2025-10-01", "2025-12-31")));
        let year_ago = of("2026-02-01", "2026-02-28", Width::Month, Comparison::LastYear);
        assert_eq!(year_ago, Some(span("2025-02-01", "2025-02-28")));
    }

    #[test]
    fn whole_calendar_periods_tell_their_width() {
        let of = |a, b| Width::of(span(a, b));
        assert_eq!(of("2026-02-01", "2026-02-28"), Width::Month);
        assert_eq!(of("2026-04-01", "2026-06-30"), Width::Quarter);
        assert_eq!(of("2026-05-01", "2026-07-31"), Width::All);
        assert_eq!(of("2026-01-01", "2026-12-31"), Width::Year);
        assert_eq!(of("2026-06-08", "2026-06-14"), Width::Week);
        assert_eq!(of("2026-06-01", "2026-06-10"), Width::All);
        assert_eq!(of("2026-06-01", "2026-06-01"), Width::Day);
    }

    #[test]
    fn a_longer_month_is_never_compared_with_days_of_its_own() {
        let march = span("2026-03-01", "2026-03-31");
        let end = march.last;
        assert_eq!(compared(march, Width::Month, Comparison::Previous, end), Some(span("2026-02-01", "2026-02-28")));
        let cut = Day::parse("2026-03-30").unwrap();
        assert_eq!(compared(march, Width::Month, Comparison::Previous, cut), Some(span("2026-02-01", "2026-02-28")));
        let day = span("2026-03-05", "2026-03-05");
        assert_eq!(compared(day, Width::Day, Comparison::Previous, end), Some(span("2026-03-04", "2026-03-04")));
    }
}
