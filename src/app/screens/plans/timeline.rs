//! Plans by phase: a column a day.

use chrono::Datelike;

use crate::domain::calendar::Day;
use crate::domain::plans::{PhaseKind, PlanStatus};
use crate::query::{PlanBoard, PlanRow};
use crate::ui::pen::Pen;
use crate::ui::table::{Align, Cell, Column, Row, Table};
use crate::ui::theme::Role;

use super::super::super::view::Env;

/// Column where the days begin.
const LEFT: u16 = 24;

const COLUMNS: &[Column] = &[Column::new("", Align::Left(1), 22).compact(Align::Left(1))];

/// One row a plan that is not given up.
pub fn tables(board: Option<&PlanBoard>) -> Vec<Table> {
    let mut table = Table {
        title: "BY PHASE".to_owned(),
        note: "p prepare h preheat B burst t tail o observe = run".to_owned(),
        columns: COLUMNS,
        empty: "no plan yet; a makes one".to_owned(),
        ..Table::default()
    };
    let Some(board) = board else { return vec![table] };
    let shown = board.plans.iter().filter(|plan| plan.status != PlanStatus::Cancelled);
    let row = |plan: &PlanRow| Row {
        id: plan.plan.id.to_string(),
        cells: vec![Cell::text(format!("{} {}", plan.plan.op_type.digit(), plan.plan.name()))],
    };
    table.rows = shown.map(row).collect();
    vec![table]
}

/// The first day shown: two weeks before today, moved by weeks.
pub fn first(env: &Env<'_>, weeks: i32) -> Day {
    env.today.plus(-14 + 7 * weeks)
}

/// Draws the days of the rows that the table shows from row 1 on, and the scale in the last row.
pub fn draw(pen: &mut Pen<'_>, board: &PlanBoard, ids: &[String], first: Day, env: &Env<'_>) {
    let days = i32::from(pen.width().saturating_sub(LEFT + 1));
    for (at, id) in ids.iter().enumerate() {
        let Some(plan) = board.plans.iter().find(|plan| plan.plan.id.to_string() == *id) else { continue };
        for ahead in 0..days {
            if let Some(mark) = mark(board, plan, first.plus(ahead)) {
                let role = if first.plus(ahead) == env.today { Role::Accent } else { Role::Base };
                pen.fill(LEFT + ahead as u16, 1 + at as u16, 1, mark, role);
            }
        }
    }
    let y = ids.len() as u16 + 1;
    for ahead in 0..days {
        let day = first.plus(ahead);
        let x = LEFT + ahead as u16;
        if day == env.today {
            pen.text(x, y, "^", Role::Accent);
            pen.text(x.saturating_sub(2), y + 1, "today", Role::Accent);
        } else if day.date().day() == 1 && (day.since(env.today)).abs() > 6 {
            pen.text(x, y, "|", Role::Muted);
            pen.text(x, y + 1, &day.date().format("%-d %b").to_string(), Role::Muted);
        }
    }
}

/// What happens on a day of a plan.
fn mark(board: &PlanBoard, row: &PlanRow, day: Day) -> Option<char> {
    let plan = &row.plan;
    if day < plan.start || day > plan.finish.plus(plan.observe_days as i32) {
        return None;
    }
    if day > plan.finish {
        return Some('o');
    }
    let phase =
        board.book.phases.iter().find(|phase| phase.plan_id == plan.id && phase.start <= day && day <= phase.finish);
    Some(match phase.map(|phase| phase.kind) {
        Some(PhaseKind::Prepare) => 'p',
        Some(PhaseKind::Preheat) => 'h',
        Some(PhaseKind::Burst) => 'B',
        Some(PhaseKind::Tail) => 't',
        Some(PhaseKind::Observe) => 'o',
        Some(PhaseKind::Steady) | None => '=',
    })
}
