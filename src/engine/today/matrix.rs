//! Seven operation types by plan, decomposed targets, live data and review (V1).

use crate::domain::calendar::Day;
use crate::domain::plans::{OpType, PlanStatus};
use crate::query::{Coverage, Matrix, PlanBoard, PlanRow};

use super::super::EngineError;
use super::super::view::View;

/// Days that data may lag before it is old.
const OLD: i32 = 3;

/// What each type has.
pub(super) fn matrix(view: &View, board: &PlanBoard) -> Result<Matrix, EngineError> {
    let days = view.thresholds()?.lamps.review_days as i32;
    let cells: Vec<[Coverage; 4]> = OpType::ALL.iter().map(|op| row(view.today, board, *op, days)).collect();
    let flat = || cells.iter().flatten();
    Ok(Matrix {
        covered: flat().filter(|cell| **cell == Coverage::Ok).count(),
        all: flat().filter(|cell| **cell != Coverage::Aside).count(),
        cells,
    })
}

fn row(today: Day, board: &PlanBoard, op: OpType, review_days: i32) -> [Coverage; 4] {
    if board.book.asides.iter().any(|aside| aside.op_type == op) {
        return [Coverage::Aside; 4];
    }
    let mine = || board.plans.iter().filter(move |row| row.plan.op_type == op);
    let live = |row: &&PlanRow| matches!(row.status, PlanStatus::Running | PlanStatus::Paused | PlanStatus::Ready);
    let has = |any: bool| if any { Coverage::Ok } else { Coverage::Absent };
    let is_decomposed = |row: &PlanRow| {
        let nodes = board.book.tree(row.plan.id);
        nodes.iter().any(|node| node.target.is_some() && (node.parent_id.is_some() || nodes.len() == 1))
    };
    let newest = mine().filter(live).filter_map(|row| row.primary.as_ref()).filter(|p| p.actual.is_some());
    let data = match newest.filter_map(|course| course.through).max() {
        None => Coverage::Absent,
        Some(through) if today.since(through) > OLD => Coverage::Old,
        Some(_) => Coverage::Ok,
    };
    let late = |row: &PlanRow| is_late(row, today, review_days);
    let reviewed = |row: &PlanRow| board.book.review_of(row.plan.id).is_some_and(|review| review.verdict.is_some());
    let review = if mine().any(late) { Coverage::Due } else { has(mine().any(reviewed)) };
    [has(mine().any(|row| live(&row))), has(mine().filter(live).any(is_decomposed)), data, review]
}

/// Whether the review of a plan should have been written.
pub(super) fn is_late(row: &PlanRow, today: Day, review_days: i32) -> bool {
    row.status == PlanStatus::Review && today > row.plan.finish.plus(row.plan.observe_days as i32).plus(review_days)
}
