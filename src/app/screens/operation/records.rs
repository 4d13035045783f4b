//! Records of a tab: which forms they have, and how they are moved on.

use crate::domain::calendar::Day;
use crate::domain::operations::Section;
use crate::domain::plans::{CompetitorNote, Edit, NoteVerdict};
use crate::domain::records::Kind;
use crate::query::{Command, DEAL_STAGES, PlanOrder, TypedRow, Typing};

use super::super::super::layers::choose::{ChoiceRow, Chooser};
use super::super::super::layers::form::Form;
use super::super::super::view::{Note, Request};
use super::super::plans::forms;

/// How records of a kind go on: the column that says how far they are, the usual words in their order, and the day that is
/// set with a word.
struct Course {
    column: &'static str,
    words: &'static [&'static str],
    dated: (&'static str, &'static str),
}

const ITEM: Course = Course {
    column: "status",
    words: &["idea", "draft", "review", "ready", "published"],
    dated: ("published", "published"),
};
const DEAL: Course = Course { column: "stage", words: &DEAL_STAGES, dated: ("received", "received") };

/// The kind of the records of a table that has forms for them.
pub fn kind_of(section: Section) -> Option<Kind> {
    match section {
        Section::Items | Section::Queue => Some(Kind::Content),
        Section::Pipeline | Section::Deals | Section::Receivables => Some(Kind::Deals),
        _ => None,
    }
}

/// The form of a record, or of a new one of a kind.
pub fn form(kind: Kind, one: Option<&TypedRow>, known: &[TypedRow], today: Day) -> Form {
    if kind == Kind::Deals { forms::deal(one, known, today) } else { forms::item(one, known, today) }
}

/// Asks how far a record has come; what follows on its present word is under the cursor. Other words of the table are
/// offered too.
pub fn move_on(one: &TypedRow, known: &[TypedRow], today: Day) -> Request {
    let course = if one.kind == Kind::Deals { &DEAL } else { &ITEM };
    let mut words: Vec<String> = course.words.iter().map(|&word| word.to_owned()).collect();
    for word in known.iter().map(|row| row.cell(course.column)) {
        if !word.is_empty() && !words.iter().any(|one| one.eq_ignore_ascii_case(word)) {
            words.push(word.to_owned());
        }
    }
    let now = words.iter().position(|word| word.eq_ignore_ascii_case(one.cell(course.column)));
    let next = now.map_or(0, |now| (now + 1).min(words.len() - 1));
    let (word, day) = course.dated;
    let choice = |name: &String| {
        let dates = name == word && one.cell(day).is_empty();
        let row = one.clone().with(course.column, name);
        let row = if dates { row.with(day, today.to_string()) } else { row };
        let before = one.clone();
        let about = if dates { format!("{day} {today}") } else { String::new() };
        ChoiceRow::new(name, about, move || {
            vec![Request::Run(Command::Type(Typing::of(Some(before.clone()), row.clone())))]
        })
    };
    let title = format!("{} of {}", course.column, one.cell("id"));
    Request::Push(Box::new(Chooser::new(title, words.iter().map(choice).collect()).at(next)))
}

/// Takes a record out; an item that only events name has none.
pub fn remove(one: &TypedRow) -> Request {
    if one.says() {
        Request::Run(Command::Type(Typing::without(one.clone())))
    } else {
        Request::Say(Note::refused("only events name this item: there is no record to take out"))
    }
}

/// The next verdict on what a competitor did.
pub fn verdict_on(one: &CompetitorNote) -> Request {
    let all = NoteVerdict::ALL;
    let at = all.iter().position(|verdict| *verdict == one.verdict).unwrap_or(0);
    let verdict = all[(at + 1) % all.len()];
    let mut edit = Edit::new(format!("note: {}", verdict.word()));
    edit.set(one.clone(), CompetitorNote { verdict, ..one.clone() });
    Request::Run(Command::Plan(PlanOrder::Edit(edit)))
}
