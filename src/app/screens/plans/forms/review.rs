//! What was learned: the texts of a review, and its lessons.

use crate::domain::plans::{Edit, Kiss, Lesson, Review};
use crate::query::{PlanOrder, PlanView};

use super::super::super::super::layers::form::{Answers, Field, Form, Kind};
use super::super::super::super::view::Env;
use super::words;

/// The texts of a review; one that was only filled in is stored with them.
pub fn review(view: &PlanView) -> Form {
    let review = view.review.clone();
    let text = |name, value: &str, hint: &str| Field::new(name, Kind::Text, value.replace('\n', "; "), hint);
    let fields = vec![
        text("goal", &review.goal, "what was to be reached"),
        text("result", &review.result, "what was"),
        text("analysis", &review.analysis, "why"),
        text("insight", &review.insight, "what follows"),
        text("luck", &review.luck, "what of it was luck"),
    ];
    let draft = view.review_is_draft;
    let saved = move |answers: &Answers<'_>, _env: &Env<'_>| {
        let text = |name: &str| answers.text(name).to_owned();
        let after = Review {
            goal: text("goal"),
            result: text("result"),
            analysis: text("analysis"),
            insight: text("insight"),
            luck: text("luck"),
            ..review.clone()
        };
        Ok(PlanOrder::Edit(stored(&review, after, draft)))
    };
    Form::new("REVIEW", fields, Box::new(saved))
}

/// The edit that stores a review.
pub fn stored(before: &Review, after: Review, draft: bool) -> Edit {
    let mut edit = Edit::new("review");
    if draft {
        edit.add(after);
    } else {
        edit.set(before.clone(), after);
    }
    edit
}

/// A lesson, new or as it is; it cites a node or a fact.
pub fn lesson(view: &PlanView, old: Option<&Lesson>) -> Form {
    let nodes: Vec<(String, i64)> =
        view.tree.iter().filter(|row| row.node.id != 0).map(|row| (row.node.label.clone(), row.node.id)).collect();
    let labels: Vec<String> =
        std::iter::once("none".to_owned()).chain(nodes.iter().map(|(label, _)| label.clone())).collect();
    let cited = old.and_then(|lesson| lesson.node_id).and_then(|id| nodes.iter().find(|(_, node)| *node == id));
    let text = |name, value: &str, hint: &str| Field::new(name, Kind::Text, value, hint);
    let fields = vec![
        Field::word("what to do", words(Kiss::ALL, Kiss::word), old.map_or(Kiss::Keep, |lesson| lesson.kiss).word()),
        text("lesson", old.map_or("", |lesson| &lesson.body), "one sentence"),
        Field::word("node", labels, cited.map_or("none", |(label, _)| label.as_str())),
        text("fact", old.map_or("", |lesson| &lesson.evidence), "what it stands on, where no node says it"),
        Field::word(
            "sure",
            vec!["1".into(), "2".into(), "3".into()],
            old.map_or(2, |lesson| lesson.confidence).to_string(),
        ),
    ];
    let (old, plan, review, draft) = (old.cloned(), view.head.plan.clone(), view.review.clone(), view.review_is_draft);
    let saved = move |answers: &Answers<'_>, _env: &Env<'_>| {
        let after = Lesson {
            id: old.as_ref().map_or(-1, |lesson| lesson.id),
            review_id: review.id,
            kiss: Kiss::parse(answers.text("what to do")).unwrap_or(Kiss::Keep),
            body: answers.text("lesson").to_owned(),
            op_type: plan.op_type,
            method: plan.method.clone(),
            evidence: answers.text("fact").to_owned(),
            node_id: nodes.iter().find(|(label, _)| label == answers.text("node")).map(|(_, id)| *id),
            confidence: answers.text("sure").parse().unwrap_or(2),
        };
        let mut edit = Edit::new(format!("lesson {}", after.kiss.word()));
        if draft {
            edit.add(review.clone());
        }
        match &old {
            Some(old) => edit.set(old.clone(), after),
            None => edit.add(after),
        }
        Ok(PlanOrder::Edit(edit))
    };
    Form::new("LESSON", fields, Box::new(saved))
}
