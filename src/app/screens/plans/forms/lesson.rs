//! One thing learned, and what it stands on.

use crate::domain::calendar::Day;
use crate::domain::plans::{Change, Kiss, Lesson, Review, Table};
use crate::query::{PlanBoard, PlanOrder, PlanView};

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool};
use super::{changed, fault, field, missing, need, options};

const LESSON: &[FieldRow] = &[
    need(field("kiss", "LESSON", "KISS", Kind::Choice(options::kisses), "keep, improve, start or stop")),
    need(field("body", "LESSON", "lesson", Kind::Text, "what to do")),
    field("node_id", "STANDS ON", "node", Kind::Choice(options::nodes), "the node that shows it; Backspace clears"),
    field("evidence", "STANDS ON", "fact", Kind::Text, "or the fact: 31% of cost, 12% of views"),
    need(field("confidence", "STANDS ON", "sure", Kind::Choice(options::confidences), "how sure it is")),
];

/// A lesson of the review, or a new one.
pub fn lesson(board: &PlanBoard, view: &PlanView, one: Option<&Lesson>, today: Day) -> Form {
    let plan = &view.head.plan;
    let pool = Pool { book: &board.book, plan: Some(plan.id), today };
    let text = |row: &FieldRow| match (one, row.id) {
        (None, "kiss") => "keep".to_owned(),
        (None, "confidence") => "2".to_owned(),
        (None, _) => String::new(),
        (Some(one), id) => match id {
            "kiss" => one.kiss.word().to_owned(),
            "body" => one.body.clone(),
            "node_id" => one.node_id.map_or_else(String::new, |id| id.to_string()),
            "evidence" => one.evidence.clone(),
            _ => one.confidence.to_string(),
        },
    };
    let (before, review, draft) = (one.cloned(), view.review.clone(), view.review_is_draft);
    let (op_type, method) = (plan.op_type, plan.method.clone());
    let title = format!("{} > review > {}", plan.name(), if one.is_some() { "lesson" } else { "new lesson" });
    Form::new(title, LESSON, LESSON.iter().map(text).collect(), &pool, move |values| {
        let node_id = values.count("node_id");
        if node_id.is_none() && values.text("evidence").is_empty() {
            return Err(fault("node_id", "a lesson cites a node or a fact"));
        }
        let after = Lesson {
            id: before.as_ref().map_or(-2, |one| one.id),
            review_id: if draft { -1 } else { review.id },
            kiss: Kiss::parse(values.text("kiss")).ok_or_else(|| missing("kiss"))?,
            body: values.text("body").to_owned(),
            op_type: before.as_ref().map_or(op_type, |one| one.op_type),
            method: before.as_ref().map_or_else(|| method.clone(), |one| one.method.clone()),
            evidence: values.text("evidence").to_owned(),
            node_id,
            confidence: values.count("confidence").unwrap_or(1),
        };
        let mut edit = changed("lesson", &after.body.clone(), before.clone(), after);
        if draft {
            let first = Change { before: None, after: Some(Review { id: -1, ..review.clone() }.into()) };
            edit.changes.insert(0, first);
        }
        Ok(PlanOrder::Edit(edit))
    })
    .of(one.map_or((Table::Plan, plan.id), |one| (Table::Lesson, one.id)))
}
