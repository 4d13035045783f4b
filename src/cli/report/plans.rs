//! Plans of a report: how they stand, why those are behind that are, which were reviewed, what was learned.

use crate::domain::calendar::Instant;
use crate::domain::plans::{Plan, PlanStatus, Review};
use crate::engine::Engine;
use crate::query::{Against, PlanBoard, PlanQuery, PlanRow, PlanView, Status, TargetWord};
use crate::ui::dates;

use super::super::Deck;
use super::super::output::Failure;
use super::super::plan::{blame, list};
use super::super::table::{Cell, Table};
use super::super::values::text;
use super::Section;
use super::asked::Asked;

/// What is shown of a plan for reading.
const SHOWN: [&str; 14] = [
    "plan", "type", "status", "standing", "time", "work", "result", "budget", "metric", "target", "actual", "pace",
    "p_hit", "owner",
];

/// Plans whose days meet the period, the reasons of those that are behind, and what was reviewed in it.
///
/// # Errors
/// Whatever the workspace refuses.
pub fn sections(
    board: &PlanBoard,
    asked: Asked,
    status: &Status,
    engine: &mut Engine,
    deck: &mut Deck,
) -> Result<Vec<Section>, Failure> {
    let meets = |row: &&PlanRow| {
        let begun = !matches!(row.status, PlanStatus::Draft | PlanStatus::Cancelled);
        begun && row.plan.start <= asked.period.last && row.plan.finish >= asked.period.first
    };
    let rows: Vec<&PlanRow> = board.plans.iter().filter(meets).collect();
    let mut found = vec![standing(&rows, asked, status)];
    let behind = |row: &&&PlanRow| matches!(row.standing, Some(TargetWord::Off | TargetWord::Risk | TargetWord::Over));
    for row in rows.iter().filter(behind) {
        let query = PlanQuery { plan: row.plan.id, against: Against::Target };
        let view = *answer!(deck, engine, Plan(query));
        found.push(why(&view, asked));
    }
    found.extend(reviews(board, asked, status));
    Ok(found)
}

fn standing(rows: &[&PlanRow], asked: Asked, status: &Status) -> Section {
    let mut table = list::table(rows.iter().copied(), asked.cells);
    if !asked.is_exact() {
        table = table.picked(&SHOWN);
    }
    let mut section = Section::new("plans", "Plans of the period");
    let column = table.columns.iter().position(|name| name == "standing");
    for (at, row) in rows.iter().enumerate() {
        let class = match row.standing {
            Some(TargetWord::Off) => "bad",
            Some(TargetWord::Risk | TargetWord::Over | TargetWord::Stale) => "warn",
            Some(TargetWord::Ok) => "good",
            Some(TargetWord::NoData) | None => continue,
        };
        section.tones.extend(column.map(|column| (at, column, class.to_owned())));
    }
    if !table.rows.is_empty() {
        section.notes.push(format!("As they stand on {}.", dates::weekday(status.today, status.today)));
    }
    section.with(table, "no plan that has begun meets this period")
}

/// The leaves of a plan by their part in its gap, and the guardrails that are broken.
fn why(view: &PlanView, asked: Asked) -> Section {
    let plan = &view.head.plan;
    let mut table = blame::table(view, asked.cells);
    let said: Vec<String> = ["node", "line", "actual", "gap", "residual"]
        .iter()
        .filter_map(|name| table.choices.iter().find(|(choice, _)| choice == name))
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    let mut section = Section::new(format!("blame {}", plan.id), format!("Why: {}", plan.name()));
    section.notes.push(format!("Against the target to date: {}.", said.join(", ")));
    section.notes.extend(blame::unexplained(view).map(|why| format!("There is no gap to explain: {why}")));
    let broken = view.guards.iter().filter(|guard| guard.kept == Some(false));
    section.notes.extend(broken.map(|guard| format!("Guardrail broken: {}", guard.row.node.label)));
    // Labels tell the parts apart; the row that closes a measured sum has no number.
    table.columns.remove(0);
    table.rows.iter_mut().for_each(|row| drop(row.remove(0)));
    section.with(table, "it has no target yet")
}

/// Reviews that were closed in the period, and their lessons.
fn reviews(board: &PlanBoard, asked: Asked, status: &Status) -> [Section; 2] {
    let calendar = status.calendar();
    let closed = |review: &&Review| {
        let at = review.done_at.as_deref().and_then(Instant::parse);
        at.is_some_and(|at| asked.period.contains(calendar.day_of(at)))
    };
    let mut told = Table::new(&["plan", "verdict", "goal", "result", "analysis", "insight", "luck"]);
    let mut learned = Table::new(&["lesson", "plan", "keep_improve_start_stop", "text", "evidence"]);
    for review in board.book.reviews.iter().filter(closed) {
        let plan = board.book.plans.iter().find(|plan| plan.id == review.plan_id);
        let plan = plan.map_or_else(|| review.plan_id.to_string(), Plan::name);
        let texts = [&review.goal, &review.result, &review.analysis, &review.insight, &review.luck];
        let verdict = review.verdict.map_or(Cell::Missing, |verdict| Cell::text(verdict.word()));
        told.rows.push([Cell::text(&plan), verdict].into_iter().chain(texts.map(|told| text(told))).collect());
        for lesson in board.book.lessons.iter().filter(|lesson| lesson.review_id == review.id) {
            learned.rows.push(vec![
                Cell::Count(lesson.id.into()),
                Cell::text(&plan),
                Cell::text(lesson.kiss.word()),
                text(&lesson.body),
                text(&lesson.evidence),
            ]);
        }
    }
    [
        Section::new("reviews", "Reviews closed").with(told, "no review was closed in this period"),
        Section::new("lessons", "Lessons").with(learned, "no lesson of a review closed in this period"),
    ]
}
