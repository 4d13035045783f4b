//! How a proposal looks.

use crate::query::{Mark, Proposal, ProposalRow, Share};
use crate::ui::pen::Pen;
use crate::ui::table::{Align, Cell, Column, Row, Sight, Table, rule};
use crate::ui::theme::Role;
use crate::ui::{amount, spark, text};

use super::Propose;

const COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), NAME as u16).compact(Align::Left(1)),
    Column::new("base", Align::Right(32), 9),
    Column::new("old", Align::Right(42), 9).compact(Align::Right(28)),
    Column::new("new", Align::Right(52), 9).compact(Align::Right(38)),
    Column::new("change", Align::Right(60), 7).compact(Align::Right(46)),
    Column::new("hist", Align::Right(68), 7),
    Column::new("mark", Align::Left(69), 10).compact(Align::Left(48)),
];

/// Cells of a name, and what of them is left beside the sign of a lock.
const NAME: usize = 21;
const NAME_LOCKED: usize = 17;

/// Rows that the parts below the tree take.
const REASON: u16 = 3;
const HISTORY: u16 = 3;

/// Draws rows 3 to 22.
pub fn preview(layer: &Propose, pen: &mut Pen<'_>) {
    let (width, height) = (pen.width(), pen.height().saturating_sub(4));
    let mut pen = pen.part(0, 2, width, height);
    pen.clear();
    let Some(proposal) = layer.answer.shown() else {
        pen.text(1, 0, &format!("Plans > {} > propose", layer.plan), Role::Title);
        pen.text(1, 1, "..", Role::Muted);
        return;
    };
    head(layer, proposal, &mut pen);
    let reason = if proposal.needs_reason { REASON } else { 1 };
    let history = if height >= 16 { HISTORY } else { 0 };
    let checks = if height >= 16 { (proposal.checks.len() as u16 + 1).min(4) } else { 0 };
    let room = height.saturating_sub(1 + reason + history + checks);
    let rows = (proposal.rows.len() as u16 + 1).min(room);
    tree(layer, proposal, &mut pen.part(0, 1, width, rows));
    let mut y = 1 + rows;
    if checks > 0 {
        rule(&mut pen, y, "CHECK", "");
        for (line, said) in (1..checks).zip(&proposal.checks) {
            pen.within(1, y + line, width.saturating_sub(2), said, Role::Base);
        }
        y += checks;
    }
    if let Some(row) = layer.row().filter(|_| history > 0) {
        past(row, &mut pen.part(0, y, width, history));
        y += history;
    }
    if proposal.needs_reason {
        reason_field(layer, &mut pen.part(0, y, width, 2));
        y += 2;
    }
    let targets =
        if proposal.changes == 1 { "1 new target".to_owned() } else { format!("{} new targets", proposal.changes) };
    let forms = [
        format!("Enter stores {targets} as one step; u takes it back. Nothing is stored yet."),
        format!("Enter stores {targets}; u takes it back. Nothing is stored yet."),
        format!("Enter stores {targets}; nothing is stored yet"),
    ];
    let cut = pen.glyphs().cut();
    let said = text::first_fit(&forms, usize::from(width.saturating_sub(2)), cut);
    pen.text(1, y, &said, Role::Muted);
}

fn head(layer: &Propose, proposal: &Proposal, pen: &mut Pen<'_>) {
    let top = proposal.rows.first();
    let total = top.map_or_else(String::new, |row| format!("{} {}", row.node.label, amount::full(row.new, row.unit)));
    let mode = match proposal.query.share {
        Share::Share => "share by baseline",
        Share::Weight => "gap by weight",
    };
    let runs = [
        (format!("Plans > {} > propose", layer.plan), Role::Title),
        (format!("   {total}   "), Role::Base),
        (mode.to_owned(), Role::Muted),
    ];
    pen.runs(1, 0, &runs);
}

fn tree(layer: &Propose, proposal: &Proposal, pen: &mut Pen<'_>) {
    let cut = pen.glyphs().cut();
    let rows: Vec<Row> = proposal.rows.iter().map(|row| row_of(row, cut)).collect();
    let order: Vec<usize> = (0..rows.len()).collect();
    let table = Table { title: "OLD > NEW".to_owned(), columns: COLUMNS, rows, ..Table::default() };
    let offset = layer.at.saturating_sub(usize::from(pen.height().saturating_sub(3)));
    let cursor = (!layer.in_reason).then_some(layer.at);
    table.draw(pen, &Sight { order: &order, cursor, offset, sort: None, note: "", count: "" });
}

/// The label below its parent's; the sign of a lock is never cut.
fn name(row: &ProposalRow, cut: char) -> String {
    let label = format!("{} {}", " ".repeat(row.depth), row.node.label);
    if row.locked {
        let label = text::cut_with(text::safe(&label).as_str(), NAME_LOCKED, cut);
        return format!("{} [L]", text::pad(&label, NAME_LOCKED));
    }
    label
}

fn row_of(row: &ProposalRow, cut: char) -> Row {
    let value = |value: Option<f64>| {
        let text = amount::full(value, row.unit);
        // What does not fit in full is told short; the sentence below has it in full.
        let text = if text.len() > 9 { amount::brief(value, row.unit) } else { text };
        Cell::text(text).role(if value.is_none() { Role::Muted } else { Role::Base })
    };
    let (mark, role) = mark(row.mark);
    let past = match (row.mark, row.percentile) {
        (Some(Mark::Stretch | Mark::Unlikely), _) => ">best".to_owned(),
        (_, Some(percentile)) => format!("p{percentile}"),
        (_, None) => String::new(),
    };
    Row {
        id: row.node.id.to_string(),
        cells: vec![
            Cell::text(name(row, cut)),
            value(row.base),
            value(row.old),
            value(row.new),
            Cell::text(amount::change(row.old, row.new, row.unit)),
            Cell::text(past),
            Cell::text(mark).role(role),
        ],
    }
}

fn mark(mark: Option<Mark>) -> (&'static str, Role) {
    match mark {
        Some(Mark::Stretch) => ("stretch", Role::Warn),
        Some(Mark::Unlikely) => ("! unlikely", Role::Bad),
        Some(Mark::Typed) => ("typed", Role::Accent),
        None => ("", Role::Base),
    }
}

/// Least, median and best of the windows of the node under the cursor.
fn past(row: &ProposalRow, pen: &mut Pen<'_>) {
    let windows = row.history.len();
    rule(pen, 0, &format!("HISTORY of {}", row.node.label), &format!("{windows} windows of as many days"));
    let mut known: Vec<f64> = row.history.iter().copied().flatten().collect();
    known.sort_by(f64::total_cmp);
    let width = pen.width().saturating_sub(2);
    let (Some(least), Some(most)) = (known.first().copied(), known.last().copied()) else {
        pen.within(1, 1, width, "? NODATA: nothing was measured before the plan", Role::Muted);
        return;
    };
    let show = |value| amount::brief(Some(value), row.unit);
    let standing =
        row.percentile.map_or_else(String::new, |p| format!("   new {} is p{p}", amount::brief(row.new, row.unit)));
    let said = format!("least {}   median {}   most {}{standing}", show(least), show(median(&known)), show(most));
    pen.within(1, 1, width, &said, Role::Base);
    let line = spark::line(&row.history, windows.min(24), pen.glyphs());
    let x = pen.text(1, 2, &line, Role::Series(1));
    if let Some(limit) = row.unlikely_above {
        pen.within(x + 3, 2, width.saturating_sub(x + 3), &format!("unlikely beyond {}", show(limit)), Role::Muted);
    }
}

fn median(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { f64::midpoint(sorted[half - 1], sorted[half]) }
}

fn reason_field(layer: &Propose, pen: &mut Pen<'_>) {
    rule(pen, 0, "REASON", "required: the plan is running");
    let cells = usize::from(pen.width().saturating_sub(4));
    let cut = pen.glyphs().cut();
    if layer.in_reason {
        pen.text(0, 1, ">", Role::Accent);
        let typed = text::pad(&layer.reason.shown(cells, cut), cells);
        pen.text(1, 1, &format!("[{typed}]"), Role::Base);
    } else if layer.reason.text().is_empty() {
        pen.text(1, 1, "[Tab, then type why]", Role::Muted);
    } else {
        pen.within(1, 1, cells as u16, layer.reason.text(), Role::Base);
    }
}

/// The row under the cursor in one sentence.
pub fn sentence(row: &ProposalRow) -> String {
    let show = |value| amount::full(value, row.unit);
    let mut known: Vec<f64> = row.history.iter().copied().flatten().collect();
    known.sort_by(f64::total_cmp);
    let best = known.last().map(|best| amount::full(Some(*best), row.unit)).unwrap_or_default();
    let why = match row.mark {
        Some(Mark::Stretch) => format!(": stretch, best of {} windows {best}", row.history.len()),
        Some(Mark::Unlikely) => format!(": unlikely, best of {} windows {best}", row.history.len()),
        Some(Mark::Typed) => ", typed and kept".to_owned(),
        None if row.locked => ", locked and kept".to_owned(),
        None => String::new(),
    };
    let values = match row.old {
        Some(_) if row.old == row.new => format!("{}, as before", show(row.new)),
        Some(_) => {
            format!("{} > {} ({})", show(row.old), show(row.new), amount::change(row.old, row.new, row.unit))
        }
        None => format!("{}, base {}", show(row.new), show(row.base)),
    };
    format!("{} {values}{why}", row.node.label)
}
