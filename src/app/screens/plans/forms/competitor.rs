//! What a competitor did.

use crate::domain::calendar::Day;
use crate::domain::operations::OPERATIONS;
use crate::domain::plans::{Competitor, CompetitorNote, NoteKind, NoteVerdict, OpType, Table};
use crate::query::{PlanBoard, PlanOrder};

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool};
use super::{changed, field, missing, need, options};

const NOTE: &[FieldRow] = &[
    need(field("who", "WHAT", "who", Kind::Known(options::competitors), "a new name is added")),
    need(field("body", "WHAT", "what", Kind::Text, "what they did")),
    need(field("kind", "WHAT", "kind", Kind::Choice(options::note_kinds), "what it is about")),
    need(field("verdict", "WHAT", "verdict", Kind::Choice(options::note_verdicts), "what follows for us")),
    need(field("day", "WHEN", "day", Kind::Day(""), "today, fri, 2026-06-10")),
];

/// A note on a competitor, new or as it is; a competitor of a new name is added with it.
pub fn competitor(board: &PlanBoard, one: Option<&CompetitorNote>, today: Day) -> Form {
    let pool = Pool { book: &board.book, plan: None, today };
    let (before, known) = (one.cloned(), board.book.competitors.clone());
    let blank = one.cloned().unwrap_or(CompetitorNote {
        id: -1,
        competitor_id: -1,
        day: today,
        kind: NoteKind::Other,
        body: String::new(),
        verdict: NoteVerdict::Watch,
        plan_id: None,
    });
    let who = known.iter().find(|one| one.id == blank.competitor_id).map_or("", |one| one.name.as_str());
    let text = |row: &FieldRow| match row.id {
        "who" => who.to_owned(),
        "body" => blank.body.clone(),
        "kind" => blank.kind.word().to_owned(),
        "verdict" => blank.verdict.word().to_owned(),
        _ => blank.day.to_string(),
    };
    let record = before.as_ref().map(|one| (Table::CompetitorNote, one.id));
    let title = if before.is_some() { "note on a competitor" } else { "new note on a competitor" };
    let texts = NOTE.iter().map(text).collect();
    Form::new(title, NOTE, texts, &pool, move |values| {
        let name = values.text("who");
        let found = known.iter().find(|one| one.name.to_lowercase() == name.to_lowercase());
        let after = CompetitorNote {
            competitor_id: found.map_or(-1, |one| one.id),
            day: values.day("day").ok_or_else(|| missing("day"))?,
            kind: NoteKind::parse(values.text("kind")).ok_or_else(|| missing("kind"))?,
            body: values.text("body").to_owned(),
            verdict: NoteVerdict::parse(values.text("verdict")).ok_or_else(|| missing("verdict"))?,
            ..blank.clone()
        };
        let mut edit = changed("note on", name, before.clone(), after);
        if found.is_none() {
            let new = Competitor { id: -1, name: name.to_owned() };
            edit.changes.insert(0, crate::domain::plans::Change { before: None, after: Some(new.into()) });
        }
        Ok(PlanOrder::Edit(edit))
    })
    .of(record)
    .on(OPERATIONS[OpType::Market as usize].name)
}
