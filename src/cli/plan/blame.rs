//! `quarterdeck plan blame`: whose fault the gap is.

use crate::query::{PlanQuery, PlanView, TreeRow};
use crate::ui::amount;

use super::super::Deck;
use super::super::output::{Failure, note};
use super::super::table::{Cell, Format, Table};
use super::super::values::{rate, times, value};
use super::Held;

/// Prints the parts that nothing stands below, the largest part of the gap first.
///
/// # Errors
/// When there is no such plan, or the workspace cannot be read.
pub fn run(held: &Held, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let view = *answer!(deck, engine, Plan(PlanQuery { plan: held.id, against: held.against }));
    if view.tree.is_empty() {
        note(&format!("plan {} has no target yet: `quarterdeck plan import` and the form give it one", held.id));
    } else if let Some(why) = unexplained(&view) {
        note(&format!("there is no gap to explain: {why}"));
    }
    deck.write(&table(&view, held.format), held.format)
}

/// Why a tree has no gap.
pub fn unexplained(view: &PlanView) -> Option<String> {
    let top = view.tree.first()?;
    let known = top.actual.is_some() && top.line.is_some();
    (!known).then(|| top.missing.clone().unwrap_or_else(|| "a part has no value".to_owned()))
}

/// The parts that nothing stands below, the largest part of the gap first; the gap itself among the choices.
pub fn table(view: &PlanView, format: Format) -> Table {
    let mut table = Table::new(&["id", "node", "line", "actual", "pace", "blame", "share", "alone", "best", "can"]);
    let Some(top) = view.tree.first() else { return table };
    let gap = view.gap();
    let has_parts = |row: &TreeRow| view.tree.iter().any(|other| other.node.parent_id == Some(row.node.id));
    let mut leaves: Vec<&TreeRow> = view.tree.iter().filter(|row| row.node.id == 0 || !has_parts(row)).collect();
    let size = |row: &TreeRow| row.blame.map_or(-1.0, f64::abs);
    leaves.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let share = |row: &TreeRow| Some(row.blame? / gap.filter(|gap| *gap != 0.0)?);
    table.rows = leaves
        .into_iter()
        .map(|row| {
            let of = |number| value(number, row.unit, format);
            vec![
                if row.node.id == 0 { Cell::Missing } else { Cell::Count(row.node.id.into()) },
                Cell::text(&row.node.label),
                of(row.line),
                of(row.actual),
                times(row.pace, format),
                value(row.blame, top.unit, format),
                rate(share(row), format),
                of(row.alone),
                of(row.best),
                row.can.map_or(Cell::Missing, Cell::Flag),
            ]
        })
        .collect();
    let shown = |number: Option<f64>| match number {
        Some(number) if format != Format::Table => amount::exact(number, top.unit),
        number => amount::full(number, top.unit),
    };
    table.choices = vec![
        ("plan", view.head.plan.name()),
        ("against", view.against.word().to_owned()),
        ("node", top.node.label.clone()),
        ("line", shown(top.line)),
        ("line_of_parts", shown(view.line_of_parts())),
        ("actual", shown(top.actual)),
        ("gap", shown(gap)),
        ("residual", shown(view.residual)),
    ];
    table
}
