//! Whether an adopted lesson proved true.

use crate::domain::plans::{Edit, Lesson, LessonUse};

use super::super::super::super::layers::choose::{ChoiceRow, Chooser};
use super::super::acts::run;

/// Asks whether a lesson held in the round that adopted it.
pub fn held(one: &LessonUse, lesson: &Lesson) -> Chooser {
    let answers = [
        ("held", "it proved true in this round", Some(1)),
        ("not held", "it did not", Some(0)),
        ("open", "not known yet", None),
    ];
    let row = |(word, about, held): (&'static str, &'static str, Option<i64>)| {
        let mut edit = Edit::new(format!("lesson {word}: {}", lesson.body));
        edit.set(one.clone(), LessonUse { held, ..one.clone() });
        ChoiceRow::new(word, about, move || run(edit))
    };
    let now = answers.iter().position(|(.., held)| *held == one.held).filter(|_| one.held.is_some()).unwrap_or(0);
    Chooser::new(format!("did it hold? {}", lesson.body), answers.map(row).into()).at(now)
}
