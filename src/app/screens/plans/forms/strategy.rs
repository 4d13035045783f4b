//! A strategy: a direction for a time.

use crate::domain::calendar::Day;
use crate::domain::plans::{Focus, Strategy, StrategyStatus, Table};
use crate::query::{PlanBoard, PlanOrder};

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool};
use super::{changed, field, missing, need, options};

const STRATEGY: &[FieldRow] = &[
    need(field("title", "WHAT", "title", Kind::Text, "what it is called")),
    need(field("focus", "WHAT", "focus", Kind::Choice(options::focuses), "what it is for")),
    need(field("start", "WHEN", "start", Kind::Day(""), "first day")),
    need(field("finish", "WHEN", "finish", Kind::Day("start"), "last day; +89d counts from the start")),
    need(field("status", "WHEN", "status", Kind::Choice(options::strategy_states), "where it stands")),
    field("situation", "WHY", "situation", Kind::Long, "what is, with a number"),
    field("complication", "WHY", "in the way", Kind::Long, "what keeps it from getting better"),
    field("hypothesis", "WHY", "hypothesis", Kind::Long, "what is believed to help, so that it can be tested"),
];

/// A strategy, or a new one.
pub fn strategy(board: &PlanBoard, one: Option<&Strategy>, today: Day) -> Form {
    let pool = Pool { book: &board.book, plan: None, today };
    let text = |row: &FieldRow| match (one, row.id) {
        (None, "focus") => "balanced".to_owned(),
        (None, "status") => "active".to_owned(),
        (None, "start") => today.to_string(),
        (None, "finish") => "+89d".to_owned(),
        (None, _) => String::new(),
        (Some(one), id) => match id {
            "title" => one.title.clone(),
            "focus" => one.focus.word().to_owned(),
            "start" => one.start.to_string(),
            "finish" => one.finish.to_string(),
            "status" => one.status.word().to_owned(),
            "situation" => one.situation.clone(),
            "complication" => one.complication.clone(),
            _ => one.hypothesis.clone(),
        },
    };
    let before = one.cloned();
    let title = one.map_or_else(|| "new strategy".to_owned(), |one| format!("strategy {}", one.title));
    Form::new(title, STRATEGY, STRATEGY.iter().map(text).collect(), &pool, move |values| {
        if let Some(fault) = values.days_fault() {
            return Err(vec![fault]);
        }
        let after = Strategy {
            id: before.as_ref().map_or(-1, |one| one.id),
            title: values.text("title").to_owned(),
            situation: values.text("situation").to_owned(),
            complication: values.text("complication").to_owned(),
            hypothesis: values.text("hypothesis").to_owned(),
            focus: Focus::parse(values.text("focus")).ok_or_else(|| missing("focus"))?,
            start: values.day("start").ok_or_else(|| missing("start"))?,
            finish: values.day("finish").ok_or_else(|| missing("finish"))?,
            status: StrategyStatus::parse(values.text("status")).ok_or_else(|| missing("status"))?,
        };
        Ok(PlanOrder::Edit(changed("strategy", &after.title.clone(), before.clone(), after)))
    })
    .of(one.map(|one| (Table::Strategy, one.id)))
}
