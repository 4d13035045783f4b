//! Targets and causes in a sentence, for row 23 and the pane.

use crate::query::{Cause, Primary, Today};
use crate::ui::{dates, format};

use super::super::super::brief;
use super::super::super::view::Env;
use super::super::plans::words;

/// What each of the next days needs, and the line of the next.
pub fn primary(primary: &Primary, env: &Env<'_>) -> String {
    let course = &primary.course;
    let value = |value| crate::ui::amount::brief(value, course.unit);
    let uplift = course.uplift.map(|uplift| format!(" ({}%)", format::signed((uplift - 1.0) * 100.0, 1)));
    let need = course
        .required
        .first()
        .map(|need| format!("{}/day needed from today{}", value(Some(*need)), uplift.unwrap_or_default()));
    let due = course.due_by.first().zip(course.actual);
    let line =
        due.map(|((day, by), actual)| format!("{} line {}", dates::weekday(*day, env.today), value(Some(actual + by))));
    let gap = course
        .actual
        .zip(course.line)
        .map(|(actual, line)| format!("gap {}", words::signed(Some(actual - line), course.unit)));
    let told: Vec<String> = need.into_iter().chain(line).chain(gap).collect();
    format!("{}: {}", course.label, told.join("; "))
}

/// A cause in a sentence, with what else it explains.
pub fn cause(cause: &Cause, today: &Today) -> String {
    let covers =
        if cause.covers.is_empty() { String::new() } else { format!(" Explains {}.", cause.covers.join(", ")) };
    format!("{}{covers}", brief::cause_sentence(cause, today))
}
