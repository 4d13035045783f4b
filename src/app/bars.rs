//! Days as text: a column a day, a letter a phase, and how much of some days is over.

use crate::domain::calendar::{Day, Span};
use crate::domain::plans::PhaseKind;
use crate::ui::{dates, text};

/// What the letters of a bar stand for.
pub const LEGEND: &str = "p prepare h preheat B burst t tail";

/// Cells of a bar of what is over.
const CELLS: i32 = 6;

/// What a day of a phase is drawn as.
pub fn letter(kind: PhaseKind) -> char {
    match kind {
        PhaseKind::Prepare => 'p',
        PhaseKind::Preheat => 'h',
        PhaseKind::Burst => 'B',
        PhaseKind::Tail => 't',
        PhaseKind::Observe => 'o',
        PhaseKind::Steady => '=',
    }
}

/// A letter a day of a span, `=` where no phase is told; `|` is today where nothing runs.
pub fn drawn(stretches: &[(Span, Option<PhaseKind>)], span: Option<Span>, today: Day) -> String {
    let on = |day: Day| match stretches.iter().find(|(days, _)| days.contains(day)) {
        Some((_, phase)) => phase.map_or('=', letter),
        None if day == today => '|',
        None => ' ',
    };
    span.map_or_else(String::new, |span| span.iter().map(on).collect::<String>().trim_end().to_owned())
}

/// The first day of each week under its column.
pub fn axis(span: Span, today: Day) -> String {
    let mut axis = String::new();
    for (at, day) in span.iter().enumerate().step_by(7) {
        let word = dates::short(day, today);
        let gap = at.saturating_sub(text::width(&axis));
        axis.extend(std::iter::repeat_n(' ', gap));
        axis.push_str(&word);
    }
    axis
}

/// How much of some days is over with the end of a day: `[###---]`.
pub fn passed(days: Span, through: Day) -> String {
    let over = (through.since(days.first) + 1).clamp(0, days.days());
    let full = over * CELLS / days.days().max(1);
    let cells: String = (0..CELLS).map(|cell| if cell < full { '#' } else { '-' }).collect();
    format!("[{cells}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(first: i32, last: i32) -> Span {
        Span { first: Day(first), last: Day(last) }
    }

    #[test]
    fn a_column_is_a_day_and_today_is_marked_where_nothing_runs() {
        let fair = [(span(2, 3), Some(PhaseKind::Preheat)), (span(4, 4), Some(PhaseKind::Burst)), (span(5, 6), None)];
        assert_eq!(drawn(&fair, Some(span(0, 9)), Day(8)), "  hhB== |");
        assert_eq!(drawn(&fair, Some(span(3, 9)), Day(4)), "hB==");
        assert_eq!(drawn(&fair, None, Day(4)), "");
    }

    #[test]
    fn weeks_stand_under_their_first_day() {
        let monday = Day::parse("2026-05-25").unwrap();
        assert_eq!(axis(Span { first: monday, last: monday.plus(20) }, monday), "25 May 1 Jun  8 Jun");
    }

    #[test]
    fn what_is_over_is_full_only_at_the_end() {
        let all = [Day(0), Day(1), Day(4), Day(5), Day(9)].map(|through| passed(span(1, 5), through));
        assert_eq!(all, ["[------]", "[#-----]", "[####--]", "[######]", "[######]"]);
    }
}
