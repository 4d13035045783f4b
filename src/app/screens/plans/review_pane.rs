//! What the pane tells beside a review on wide screens: the lesson or the cause under the cursor, else the plan's record.

use crate::domain::plans::Lesson;
use crate::query::{PlanView, TreeRow};
use crate::ui::table::Table;
use crate::ui::{amount, dates, format};

use super::super::super::list::Board;
use super::facts::About;
use super::{Seen, nodes, review, words};

/// What is told of the row under the cursor.
pub fn about(seen: &Seen<'_>, view: &PlanView, cursor: &Board, tables: &[Table]) -> About {
    let here = cursor.current(tables);
    let id = here.as_ref().map_or("", |(_, row)| row.id.as_str());
    let in_lessons = here.as_ref().is_some_and(|(section, _)| *section == review::INSIGHT);
    if let Some(lesson) = view.lessons.iter().find(|lesson| in_lessons && lesson.id.to_string() == id) {
        return of_lesson(view, lesson);
    }
    let cause = id.strip_prefix("blame ").and_then(|node| nodes::find(view, node.parse().ok()?));
    cause.map_or_else(|| record(seen, view), |row| of_cause(view, row))
}

fn of_lesson(view: &PlanView, lesson: &Lesson) -> About {
    let node = lesson.node_id.and_then(|id| nodes::find(view, id)).map(|row| row.node.label.clone());
    About {
        title: lesson.kiss.word().to_uppercase(),
        remark: review::sure(lesson.confidence).to_owned(),
        facts: vec![
            ("lesson", lesson.body.clone()),
            ("node", node.unwrap_or_default()),
            ("fact", lesson.evidence.clone()),
            ("method", lesson.method.clone()),
        ],
    }
}

/// A leaf of the tree with what it was to reach, and what it did to the whole.
fn of_cause(view: &PlanView, row: &TreeRow) -> About {
    let full = |value: Option<f64>| value.map(|v| amount::full(Some(v), row.unit)).unwrap_or_default();
    let unit = view.tree.first().map_or(row.unit, |top| top.unit);
    let effect = row.blame.map(|blame| words::signed(Some(blame), unit)).unwrap_or_default();
    About {
        title: format!("{}{}", nodes::letter(view, row), row.node.label),
        remark: "its part in the gap".to_owned(),
        facts: vec![
            ("base", full(row.base)),
            ("line", full(row.line)),
            ("actual", full(row.actual)),
            ("pace", words::pace(row.pace)),
            ("effect", effect),
            ("alone", full(row.alone)),
            ("best of 12", full(row.best)),
            ("owner", row.node.owner.clone()),
        ],
    }
}

/// How the plan ended, how the other rounds did, and why its targets changed.
fn record(seen: &Seen<'_>, view: &PlanView) -> About {
    let course = view.head.primary.as_ref();
    let full = |value: Option<f64>| {
        course.zip(value).map(|(course, value)| amount::full(Some(value), course.unit)).unwrap_or_default()
    };
    let top = view.tree.first().map(|row| &row.node);
    let mut facts = vec![
        ("verdict", review::verdict(view).0),
        ("by numbers", review::verdict_words(view)),
        ("floor", full(top.and_then(|node| node.floor))),
        ("target", full(course.and_then(|course| course.target))),
        ("stretch", full(top.and_then(|node| node.stretch))),
        ("actual", full(course.and_then(|course| course.actual))),
    ];
    let broken = view.guards.iter().filter(|guard| guard.kept == Some(false));
    facts.extend(broken.map(|guard| ("broken", guard.row.node.label.clone())));
    let others = view.rounds.iter().filter(|round| round.plan != view.head.plan.id);
    facts.extend(others.map(|round| {
        let share = round.attainment.map_or_else(|| format::MISSING.to_owned(), format::percent);
        ("round", format!("r{} {}: {share} of its target", round.round, dates::period(round.span, seen.env.today)))
    }));
    facts.extend(view.revisions.iter().map(|one| ("revised", format!("{}: {}", one.field, one.reason))));
    About { title: view.head.plan.name(), remark: "review".to_owned(), facts }
}
