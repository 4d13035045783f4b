//! `quarterdeck plan show`: for reading, a head and the tree; for programs, one row a node.

use crate::domain::plans::{NodeRole, TaskState};
use crate::query::{Course, PlanView, Said, TreeRow, Unit};
use crate::ui::amount;
use crate::ui::format::odds;
use crate::ui::text::safe;

use super::super::output::Failure;
use super::super::table::{Cell, Format, Table};
use super::super::values::{rate, text, times, value};
use super::super::{Deck, basis};
use super::{Held, list};

/// Prints one plan.
///
/// # Errors
/// When there is no such plan, or the workspace cannot be read.
pub fn run(held: &Held, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let query = crate::query::PlanQuery { plan: held.id, against: held.against };
    let view = *answer!(deck, engine, Plan(query));
    let status = deck.status(&mut engine)?;
    if held.format == Format::Table {
        for line in head(&view) {
            deck.out.line(safe(&line).as_str())?;
        }
        return deck.write(&tree(&view), held.format);
    }
    let mut table = exact(&view, held.format);
    table.choices = facts(&view);
    table.choices.extend(basis::currency(&status.profile));
    deck.write(&table, held.format)
}

/// The plan in a few lines above its tree.
fn head(view: &PlanView) -> Vec<String> {
    let (row, plan) = (&view.head, &view.head.plan);
    let mut lines = vec![format!(
        "plan {}  {}  {}  {} to {}  {}{}",
        plan.id,
        plan.name(),
        plan.op_type.word(),
        plan.start,
        plan.finish,
        row.status.word(),
        row.standing.map_or_else(String::new, |word| format!("  {}", list::standing(word))),
    )];
    let gauges = [("time", row.gauges.time), ("work", row.gauges.work), ("result", row.gauges.result)];
    let gauges = gauges.into_iter().chain([("budget", row.gauges.budget)]);
    let gauges: Vec<String> =
        gauges.map(|(name, share)| format!("{name} {}", amount::full(share, Unit::Rate))).collect();
    lines.push(gauges.join("  "));
    lines.extend(row.readings.iter().map(|reading| reading.text().to_owned()));
    lines.extend(row.primary.as_ref().and_then(forecast));
    lines.extend(view.said.zip(row.primary.as_ref()).map(|(said, course)| said_half_way(&said, course)));
    lines.push(format!("our forecasts: {}", view.forecasts.text()));
    let open = view.tasks.iter().filter(|task| task.task.state.is_open()).count();
    let done = view.tasks.iter().filter(|task| task.task.state == TaskState::Done).count();
    lines.push(format!("tasks {done} done, {open} open, {} overdue  against {}", row.overdue, view.against.word()));
    lines
}

fn forecast(course: &Course) -> Option<String> {
    let outlook = course.outlook?;
    let shown = |value: f64| amount::full(Some(value), course.unit);
    Some(format!(
        "forecast {} ({} to {}, about 80%)  hit {}{}",
        shown(outlook.value),
        shown(outlook.low),
        shown(outlook.high),
        odds(outlook.p_hit),
        if outlook.level_shift { "  the last 7 days are on another level" } else { "" },
    ))
}

/// What was to be expected half-way of a plan that is over.
fn said_half_way(said: &Said, course: &Course) -> String {
    let shown = |value: f64| amount::full(Some(value), course.unit);
    format!("said half-way {} to {}, about 80%  hit {}", shown(said.low), shown(said.high), odds(said.p_hit))
}

/// The tree as screens draw it.
fn tree(view: &PlanView) -> Table {
    let mut table =
        Table::new(&["id", "node", "base", "target", "line", "actual", "pace", "blame", "alone", "can", "note"]);
    let top = view.tree.first().map_or(Unit::Times, |row| row.unit);
    table.rows = rows(view)
        .map(|(row, kept)| {
            let of = |number| value(number, row.unit, Format::Table);
            let lock = if row.node.locked { " [L]" } else { "" };
            vec![
                id(row),
                Cell::text(format!("{}{}{lock}", "  ".repeat(row.depth), row.node.label)),
                of(row.base),
                of(row.node.target),
                of(row.line),
                of(row.actual),
                times(row.pace, Format::Table),
                value(row.blame, top, Format::Table),
                of(row.alone),
                row.can.map_or(Cell::Missing, |can| Cell::text(if can { "yes" } else { "no" })),
                text(&remark(row, kept)),
            ]
        })
        .collect();
    table
}

/// What is to be said of a node beside its numbers.
fn remark(row: &TreeRow, kept: Option<bool>) -> String {
    let mut told = Vec::new();
    if row.node.role != NodeRole::Driver && row.node.role != NodeRole::Primary {
        told.push(row.node.role.word().to_owned());
    }
    told.extend(kept.map(|kept| if kept { "kept" } else { "BROKEN" }.to_owned()));
    told.extend(row.missing.clone());
    told.extend(row.mismatch.map(|gap| format!("measured {} more than its parts", amount::full(Some(gap), row.unit))));
    told.join("; ")
}

fn id(row: &TreeRow) -> Cell {
    // The row that closes a measured sum is no node.
    if row.node.id == 0 { Cell::Missing } else { Cell::Count(row.node.id.into()) }
}

/// Nodes of the tree, then guardrails and influences with whether they are kept.
fn rows(view: &PlanView) -> impl Iterator<Item = (&TreeRow, Option<bool>)> {
    view.tree.iter().map(|row| (row, None)).chain(view.guards.iter().map(|guard| (&guard.row, guard.kept)))
}

fn exact(view: &PlanView, format: Format) -> Table {
    let mut table = Table::new(&[
        "id",
        "parent",
        "depth",
        "node",
        "role",
        "op",
        "metric",
        "owner",
        "locked",
        "base",
        "floor",
        "target",
        "stretch",
        "line",
        "actual",
        "pace",
        "blame",
        "alone",
        "best",
        "can",
        "kept",
        "forecast",
        "forecast_low",
        "forecast_high",
        "p_hit",
        "standing",
        "missing",
    ]);
    let top = view.tree.first().map_or(Unit::Times, |row| row.unit);
    for (row, kept) in rows(view) {
        let mut cells = node(row);
        cells.extend(numbers(row, top, format));
        cells.push(kept.map_or(Cell::Missing, Cell::Flag));
        cells.extend(outlook(
            view.progress.iter().find(|course| course.node == row.node.id && row.node.id != 0),
            format,
        ));
        cells.push(text(row.missing.as_deref().unwrap_or_default()));
        table.rows.push(cells);
    }
    table
}

fn node(row: &TreeRow) -> Vec<Cell> {
    let node = &row.node;
    vec![
        id(row),
        node.parent_id.map_or(Cell::Missing, |id| Cell::Count(id.into())),
        Cell::Count(row.depth as i128),
        Cell::text(&node.label),
        Cell::text(node.role.word()),
        Cell::text(node.op.word()),
        text(node.metric.as_deref().unwrap_or_default()),
        text(&node.owner),
        Cell::Flag(node.locked),
    ]
}

fn numbers(row: &TreeRow, top: Unit, format: Format) -> [Cell; 11] {
    let of = |number| value(number, row.unit, format);
    [
        of(row.base),
        of(row.node.floor),
        of(row.node.target),
        of(row.node.stretch),
        of(row.line),
        of(row.actual),
        times(row.pace, format),
        value(row.blame, top, format),
        of(row.alone),
        of(row.best),
        row.can.map_or(Cell::Missing, Cell::Flag),
    ]
}

fn outlook(course: Option<&Course>, format: Format) -> [Cell; 5] {
    let outlook = course.and_then(|course| course.outlook);
    let of = |number| value(number, course.map_or(Unit::Times, |course| course.unit), format);
    [
        of(outlook.map(|outlook| outlook.value)),
        of(outlook.map(|outlook| outlook.low)),
        of(outlook.map(|outlook| outlook.high)),
        rate(outlook.map(|outlook| outlook.p_hit), format),
        course.map_or(Cell::Missing, |course| Cell::text(list::standing(course.standing))),
    ]
}

/// The plan itself beside its rows.
fn facts(view: &PlanView) -> Vec<(&'static str, String)> {
    let (row, plan) = (&view.head, &view.head.plan);
    let mut facts = vec![
        ("plan", plan.name()),
        ("type", plan.op_type.word().to_owned()),
        ("status", row.status.word().to_owned()),
        ("from", plan.start.to_string()),
        ("to", plan.finish.to_string()),
        ("against", view.against.word().to_owned()),
    ];
    let gauges = [("time", row.gauges.time), ("work", row.gauges.work), ("result", row.gauges.result)];
    let gauges = gauges.into_iter().chain([("budget", row.gauges.budget)]);
    facts.extend(gauges.filter_map(|(name, share)| Some((name, amount::exact(share?, Unit::Rate)))));
    facts.push(("tasks_open", view.tasks.iter().filter(|task| task.task.state.is_open()).count().to_string()));
    facts.push(("tasks_overdue", row.overdue.to_string()));
    facts.extend(view.said.map(|said| ("said_half_way", amount::exact(said.p_hit, Unit::Rate))));
    facts.push(("forecasts_of_closed_plans", view.forecasts.plans.to_string()));
    let record = [
        ("forecasts_said", view.forecasts.said),
        ("forecasts_came", view.forecasts.came),
        ("forecasts_in_band", view.forecasts.in_band),
    ];
    facts.extend(record.into_iter().filter_map(|(name, share)| Some((name, amount::exact(share?, Unit::Rate)))));
    facts.extend(view.residual.zip(view.tree.first()).map(|(gap, top)| ("residual", amount::exact(gap, top.unit))));
    facts
}
