//! D-n by the bucket that completes it.

use crate::domain::calendar::Span;
use crate::query::{Number, Point, State};
use crate::ui::pen::Pen;
use crate::ui::table::rule;
use crate::ui::theme::Role;
use crate::ui::{dates, format};

use super::super::super::marks::Marks;
use super::super::super::view::Env;
use super::{DAYS_N, Retention};

/// Least cells of one bucket, and where the first ends.
const STEP: u16 = 7;
const FIRST_END: u16 = 11;

/// Draws rule, bucket names and rates over three rows, and on a fourth what the journal tells of the buckets.
pub fn draw(screen: &Retention, pen: &mut Pen<'_>, env: &Env<'_>) {
    if pen.height() < 3 {
        return;
    }
    let (_, name) = DAYS_N[screen.rules.n];
    let grain = Retention::grain(env);
    rule(pen, 0, &format!("{name} by {} that completes it", grain.name()), "first time, any active event");
    pen.text(2, 2, name, Role::Title);
    let points = screen.over_time.shown().and_then(|s| s.lines.last()).map_or(&[][..], |l| &l.points);
    if points.is_empty() {
        pen.text(FIRST_END - 2, 2, "..", Role::Muted);
        return;
    }
    let happened = shown_marks(screen, points, pen.height());
    let name = |point: &Point| {
        let bucket = env.calendar().bucket(grain, point.span.first);
        let numbers = happened.as_ref().map_or_else(String::new, |marks| marks.within(bucket));
        let gap = if numbers.is_empty() { "" } else { ":" };
        format!("{numbers}{gap}{}", dates::bucket(bucket, grain, env.today))
    };
    let step = points.iter().map(|p| name(p).len() as u16 + 1).fold(STEP, u16::max);
    let fit = usize::from((pen.width().saturating_sub(FIRST_END - step)) / step);
    let shown = &points[points.len().saturating_sub(fit)..];
    for (at, point) in shown.iter().enumerate() {
        let end = FIRST_END + step * at as u16;
        pen.right(end, 1, &name(point), Role::Muted);
        let (text, role) = rate(point);
        pen.right(end, 2, &text, role);
    }
    if let Some(marks) = happened {
        let legend = marks.legend(usize::from(pen.width().saturating_sub(2)), pen.glyphs().cut(), env.today);
        pen.text(2, 3, &legend, Role::Muted);
    }
}

/// What the journal marks among the buckets, where there is a row to tell what it is.
fn shown_marks(screen: &Retention, points: &[Point], height: u16) -> Option<Marks> {
    let (first, last) = points.first().zip(points.last())?;
    let marks = Marks::of(&screen.journal, Span { first: first.span.first, last: last.span.last });
    (height > 3 && !marks.is_empty()).then_some(marks)
}

fn rate(point: &Point) -> (String, Role) {
    let Number::Ratio { num, den } = point.value else {
        let missing = if point.state == State::NotReached { "" } else { format::MISSING };
        return (missing.to_owned(), Role::Muted);
    };
    let text = format::fixed(num as f64 / den as f64 * 100.0, 1);
    match point.state {
        State::Complete => (text, Role::Base),
        State::Running => (format!("{text}*"), Role::Muted),
        State::NotReached => (String::new(), Role::Muted),
    }
}
