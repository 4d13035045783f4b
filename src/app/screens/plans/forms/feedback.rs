//! What somebody said.

use crate::domain::calendar::Day;
use crate::domain::operations::OPERATIONS;
use crate::domain::plans::{Feedback, FeedbackSource, FeedbackState, OpType, Table};
use crate::query::{PlanBoard, PlanOrder};

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool};
use super::{changed, field, missing, need, options};

const FEEDBACK: &[FieldRow] = &[
    need(field("body", "WHAT", "said", Kind::Text, "what was said")),
    need(field("source", "WHAT", "from", Kind::Choice(options::sources), "who said it")),
    need(field("severity", "WHAT", "how bad", Kind::Choice(options::severities), "how much it hurts")),
    need(field("count", "WHAT", "times", Kind::Count, "how often it was said")),
    need(field("day", "WHEN", "day", Kind::Day(""), "today, fri, 2026-06-10")),
    need(field("state", "WHEN", "state", Kind::Choice(options::feedback_states), "what is done about it")),
];

/// Feedback on a type of operation, or what was noted of it.
pub fn feedback(board: &PlanBoard, op_type: OpType, one: Option<&Feedback>, today: Day) -> Form {
    let pool = Pool { book: &board.book, plan: None, today };
    let before = one.cloned();
    let blank = one.cloned().unwrap_or(Feedback {
        id: -1,
        day: today,
        source: FeedbackSource::User,
        op_type: Some(op_type),
        plan_id: None,
        node_id: None,
        severity: 1,
        count: 1,
        body: String::new(),
        state: FeedbackState::New,
        duplicate_of: None,
        acted_task_id: None,
        acted_plan_id: None,
    });
    let text = |row: &FieldRow| match row.id {
        "body" => blank.body.clone(),
        "source" => blank.source.word().to_owned(),
        "severity" => blank.severity.to_string(),
        "count" => blank.count.to_string(),
        "day" => blank.day.to_string(),
        _ => blank.state.word().to_owned(),
    };
    let record = before.as_ref().map(|one| (Table::Feedback, one.id));
    let title = if before.is_some() { "feedback" } else { "new feedback" };
    let texts = FEEDBACK.iter().map(text).collect();
    Form::new(title, FEEDBACK, texts, &pool, move |values| {
        let day = values.day("day").ok_or_else(|| missing("day"))?;
        let after = Feedback {
            day,
            source: FeedbackSource::parse(values.text("source")).ok_or_else(|| missing("source"))?,
            severity: values.count("severity").unwrap_or(blank.severity),
            count: values.count("count").unwrap_or(1).max(1),
            body: values.text("body").to_owned(),
            state: FeedbackState::parse(values.text("state")).ok_or_else(|| missing("state"))?,
            ..blank.clone()
        };
        Ok(PlanOrder::Edit(changed("feedback", &day.to_string(), before.clone(), after)))
    })
    .of(record)
    .on(OPERATIONS[op_type as usize].name)
}
