//! The texts of a review.

use crate::domain::calendar::Day;
use crate::domain::plans::{Review, Table, Verdict};
use crate::query::{PlanBoard, PlanOrder, PlanView};

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool};
use super::{changed, field, options};

const REVIEW: &[FieldRow] = &[
    field("goal", "GRAI", "goal", Kind::Long, "what was to be reached, as it was said at the start"),
    field("result", "GRAI", "result", Kind::Long, "what was reached"),
    field("analysis", "GRAI", "analysis", Kind::Long, "why: the leaves that made the gap, and what happened"),
    field("insight", "GRAI", "insight", Kind::Long, "what follows; lessons below it are added with a"),
    field("luck", "LUCK", "luck", Kind::Long, "what of the result is not ours"),
    field("verdict", "LUCK", "verdict", Kind::Choice(options::verdicts), "how it ended; Backspace clears"),
];

/// The texts of a review.
pub fn review(board: &PlanBoard, view: &PlanView, today: Day) -> Form {
    let one = &view.review;
    let pool = Pool { book: &board.book, plan: Some(one.plan_id), today };
    let text = |row: &FieldRow| match row.id {
        "goal" => one.goal.clone(),
        "result" => one.result.clone(),
        "analysis" => one.analysis.clone(),
        "insight" => one.insight.clone(),
        "luck" => one.luck.clone(),
        _ => one.verdict.map_or_else(String::new, |verdict| verdict.word().to_owned()),
    };
    let (before, draft) = (one.clone(), view.review_is_draft);
    let name = view.head.plan.name();
    let title = format!("{name} > review > texts");
    Form::new(title, REVIEW, REVIEW.iter().map(text).collect(), &pool, move |values| {
        let after = Review {
            id: if draft { -1 } else { before.id },
            goal: values.text("goal").to_owned(),
            result: values.text("result").to_owned(),
            analysis: values.text("analysis").to_owned(),
            insight: values.text("insight").to_owned(),
            luck: values.text("luck").to_owned(),
            verdict: Verdict::parse(values.text("verdict")),
            ..before.clone()
        };
        Ok(PlanOrder::Edit(changed("review of", &name, (!draft).then(|| before.clone()), after)))
    })
    .of((Table::Plan, view.head.plan.id))
}
