//! What the journal tells of the days of a chart: a numbered mark over each of its days, and a line that says what they
//! are.

use crate::domain::calendar::{Day, Span};
use crate::domain::plans::Journal;
use crate::ui::pen::Pen;
use crate::ui::plot::Plot;
use crate::ui::theme::Role;
use crate::ui::{dates, text};

/// Days that are marked, the newest: each has one digit.
const MOST: usize = 9;

/// Least rows of a chart that has one to spare for the line below it.
const LEAST: u16 = 6;

/// The marked days of a span, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    span: Span,
    days: Vec<(Day, String)>,
}

impl Marks {
    /// The days of a span that lines of the journal mark, the newest nine.
    pub fn of(journal: &[Journal], span: Span) -> Self {
        let mut lines: Vec<&Journal> =
            journal.iter().filter(|line| line.is_marked() && span.contains(line.day)).collect();
        lines.sort_by_key(|line| (line.day, line.id));
        let mut days: Vec<(Day, String)> = Vec::new();
        for line in lines {
            let left_out = if line.is_left_out() { " (left out)" } else { "" };
            let said = format!("{}{left_out}", line.body);
            match days.last_mut().filter(|(day, _)| *day == line.day) {
                Some((_, before)) => *before = format!("{before}; {said}"),
                None => days.push((line.day, said)),
            }
        }
        days.drain(..days.len().saturating_sub(MOST));
        Self { span, days }
    }

    /// Whether no day is marked.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// The numbers of the marked days within a bucket: `2` or `23`.
    pub fn within(&self, bucket: Span) -> String {
        let numbered = self.days.iter().enumerate().filter(|(_, (day, _))| bucket.contains(*day));
        numbered.map(|(at, _)| digit(at)).collect()
    }

    /// `1 4 Jun release 2.3  2 6 Jun feed-b is paused`, in so many cells: where that is too little each gives way alike.
    pub fn legend(&self, cells: usize, cut: char, today: Day) -> String {
        let said = |(at, (day, said)): (usize, &(Day, String))| {
            format!("{} {} {}", digit(at), dates::short(*day, today), text::safe(said))
        };
        let all: Vec<String> = self.days.iter().enumerate().map(said).collect();
        let whole = all.join("  ");
        if text::width(&whole) <= cells {
            return whole;
        }
        let each = (cells / all.len().max(1)).saturating_sub(2);
        all.iter().map(|one| text::cut_with(one, each, cut)).collect::<Vec<_>>().join("  ")
    }

    /// Draws a plot over the days of the span, with the marks where there is room for the line that tells what they are.
    pub fn draw(&self, plot: &Plot<'_>, pen: &mut Pen<'_>, today: Day) {
        let (width, height) = (pen.width(), pen.height());
        if self.is_empty() || height < LEAST {
            return plot.draw(pen);
        }
        let days = f64::from((self.span.days() - 1).max(1));
        let place = |day: Day| f64::from(day.since(self.span.first)) / days;
        let events: Vec<(f64, char)> =
            self.days.iter().enumerate().map(|(at, (day, _))| (place(*day), digit(at))).collect();
        plot.draw_with(&mut pen.part(0, 0, width, height - 1), &events);
        let legend = self.legend(usize::from(width.saturating_sub(2)), pen.glyphs().cut(), today);
        pen.text(1, height - 1, &legend, Role::Muted);
    }
}

/// `1` for the first.
fn digit(at: usize) -> char {
    u32::try_from(at + 1).ok().and_then(|n| char::from_digit(n, 10)).unwrap_or('+')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plans::JournalKind;

    fn line(day: i32, kind: JournalKind, body: &str, exclude: bool) -> Journal {
        Journal {
            id: i64::from(day),
            at: String::new(),
            day: Day(day),
            kind,
            op_type: None,
            plan_id: None,
            node_id: None,
            body: body.to_owned(),
            exclude_from_baseline: exclude,
        }
    }

    const SPAN: Span = Span { first: Day(100), last: Day(110) };

    #[test]
    fn what_happened_is_marked_and_what_is_only_said_is_not() {
        let journal = [
            line(105, JournalKind::Incident, "outage", true),
            line(102, JournalKind::Release, "2.3", false),
            line(102, JournalKind::Event, "price", false),
            line(104, JournalKind::Note, "a thought", false),
            line(104, JournalKind::Checkin, "", false),
            line(111, JournalKind::Event, "later", false),
        ];
        let marks = Marks::of(&journal, SPAN);
        let today = Day(120);
        assert_eq!(
            marks.legend(80, '~', today),
            "1 13 Apr 1970 2.3; price  2 16 Apr 1970 outage (left out)".replace(" 1970", "")
        );
        assert_eq!(marks.within(Span { first: Day(101), last: Day(107) }), "12");
        assert_eq!(marks.within(Span { first: Day(106), last: Day(107) }), "");
        assert_eq!(marks.legend(30, '~', today), "1 13 Apr 2.3~  2 16 Apr out~");
        assert!(Marks::of(&journal[3..5], SPAN).is_empty());
    }

    #[test]
    fn the_newest_nine_days_are_marked() {
        let journal: Vec<Journal> = (100..111).map(|day| line(day, JournalKind::Event, "x", false)).collect();
        let marks = Marks::of(&journal, SPAN);
        assert_eq!(
            (marks.within(SPAN), marks.within(Span { first: Day(100), last: Day(101) })),
            ("123456789".into(), String::new())
        );
    }

    #[test]
    fn a_hostile_line_is_one_line_of_text() {
        let marks = Marks::of(&[line(103, JournalKind::Event, "\u{1b}[2J\nb", false)], SPAN);
        assert_eq!(marks.legend(80, '~', Day(120)), "1 14 Apr ^[[2J^Jb");
    }
}
