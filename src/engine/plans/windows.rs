//! Windows of days before a plan that it is compared with: its baseline, and its own history.

use crate::domain::calendar::{Day, Span};

/// Windows of a history.
pub(super) const WINDOWS: usize = 12;

/// Fewest days that a baseline is made from.
const LEAST: i32 = 7;

/// The days of a part of a plan, whole weeks earlier so that the weekdays are the same, so far that all of the plan would
/// lie before itself and be complete by `known.last`; cut to what is known. `None` where less than a week of it is.
pub(super) fn baseline(part: Span, plan: Span, known: Span) -> Option<Span> {
    let weeks = |days: i32| days.div_euclid(7) + i32::from(days.rem_euclid(7) > 0);
    let back = 7 * weeks(plan.days());
    let late = plan.last.plus(-back).since(known.last).max(0);
    let back = back + 7 * weeks(late);
    let window = Span { first: part.first.plus(-back), last: part.last.plus(-back) };
    window.intersect(known).filter(|cut| cut.days() >= LEAST.min(part.days()))
}

/// The last twelve windows of so many days that end before `day` and are known whole, oldest first.
pub(super) fn history(days: i32, day: Day, known: Span) -> Vec<Span> {
    let last = day.plus(-1).min(known.last);
    let window = |n: i32| Span { first: last.plus(1 - days * (n + 1)), last: last.plus(-days * n) };
    let mut all: Vec<Span> = (0..WINDOWS as i32).map(window).take_while(|span| span.first >= known.first).collect();
    all.reverse();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(a: &str, b: &str) -> Span {
        Span { first: Day::parse(a).unwrap(), last: Day::parse(b).unwrap() }
    }

    #[test]
    fn a_baseline_has_the_weekdays_of_the_plan_and_lies_before_it() {
        let known = span("2026-01-01", "2026-06-10");
        let june = span("2026-06-01", "2026-06-30");
        assert_eq!(baseline(june, june, known), Some(span("2026-04-27", "2026-05-26")));
        // A plan that lies ahead is compared with the newest whole weeks that are complete.
        let july = span("2026-07-06", "2026-07-12");
        assert_eq!(baseline(july, july, known), Some(span("2026-06-01", "2026-06-07")));
        assert_eq!(baseline(june, june, span("2026-05-20", "2026-06-10")), Some(span("2026-05-20", "2026-05-26")));
        assert_eq!(baseline(june, june, span("2026-05-21", "2026-06-10")), None);
        let fair = span("2026-06-13", "2026-06-15");
        assert_eq!(baseline(fair, fair, known), Some(span("2026-06-06", "2026-06-08")));
        // Parts of a plan move together, so that their baselines add up to its own.
        assert_eq!(baseline(fair, june, known), Some(span("2026-05-09", "2026-05-11")));
    }

    #[test]
    fn a_history_ends_before_the_plan_and_holds_whole_windows() {
        let known = span("2026-01-01", "2026-06-10");
        let windows = history(30, Day::parse("2026-06-01").unwrap(), known);
        assert_eq!(windows.last(), Some(&span("2026-05-02", "2026-05-31")));
        assert_eq!((windows.len(), windows[0]), (5, span("2026-01-02", "2026-01-31")));
        assert_eq!(history(7, Day::parse("2026-06-01").unwrap(), known).len(), 12);
        assert!(history(200, known.last, known).is_empty());
    }
}
