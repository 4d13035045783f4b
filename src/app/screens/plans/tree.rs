//! The tree of a plan: where the gap comes from, and which single lever would close it.
//!
//! ```text
//!  Plans > June revenue r4   6 Commercial   owner Ben   day 10/30   running
//!  time 33%  work 40%  result 30% [# |      ]  budget 42%   "burning"
//! ── TREE vs target ───── base ─── line ─ actual ─ pace ── blame ── alone can
//! ── B CVR   owner Lin ──
//! ```

use crate::domain::plans::NodeOp;
use crate::query::{Against, GuardRow, PlanView, TreeRow};
use crate::ui::pen::Pen;
use crate::ui::table::{Align, Cell, Column, Row, Table};
use crate::ui::theme::Role;
use crate::ui::{amount, format, text};

use super::super::super::list::Board;
use super::super::super::pane;
use super::{Page, Seen, crumb, node_pane, node_section, nodes, words};

const COLUMNS: &[Column] = &columns("line");

/// The same while there is no line yet: the target is all that can be looked at.
const COLUMNS_AHEAD: &[Column] = &columns("target");

const fn columns(held: &'static str) -> [Column; 11] {
    [
        Column::new("", Align::Left(1), 24).compact(Align::Left(1)),
        Column::new("base", Align::Right(32), 7),
        Column::new(held, Align::Right(41), 8).compact(Align::Right(32)),
        Column::new("actual", Align::Right(50), 8).compact(Align::Right(41)),
        Column::new("pace", Align::Right(57), 6).compact(Align::Right(48)),
        Column::new("blame", Align::Right(66), 8).compact(Align::Right(57)),
        Column::new("alone", Align::Right(75), 8),
        Column::new("can", Align::Right(79), 3),
        // What stands in place of numbers: whether a guard is kept, why there is no value, whether parts make the whole.
        Column::new("", Align::Left(51), 6).compact(Align::Left(42)),
        Column::new("", Align::Left(52), 28).compact(Align::Left(43)),
        Column::new("", Align::Left(58), IDENTITY),
    ]
}

/// Rows of the section about the node under the cursor: its rule, four of its line, one of its days.
const NODE_ROWS: u16 = 6;

/// Nodes below the tree whose parts have another target.
const UNMATCHED: usize = 2;

/// Cells of what the last guard tells of the whole.
const IDENTITY: u16 = 22;
/// Share of the line from which on what the lines of the parts leave over is told in a line of its own.
const REST: f64 = 0.005;

/// What the ids of rows begin with that close a measured sum.
pub const OTHER: &str = "other ";

/// The rows that no folded node hides.
fn open_rows<'v>(view: &'v PlanView, seen: &Seen<'_>) -> Vec<(usize, &'v TreeRow)> {
    let mut hidden_below: Option<usize> = None;
    let mut rows = Vec::new();
    for (at, row) in view.tree.iter().enumerate() {
        if hidden_below.is_some_and(|depth| row.depth > depth) {
            continue;
        }
        hidden_below = (seen.folded.contains(&row.node.id)).then_some(row.depth);
        rows.push((at, row));
    }
    rows
}

/// Tree and guards as one table.
pub fn tables(seen: &Seen<'_>, view: &PlanView) -> Vec<Table> {
    let top = view.tree.first();
    let top_unit = top.map(|row| row.unit);
    let rows = open_rows(view, seen).into_iter().map(|(at, row)| {
        let row_of_tree = tree_row(seen, view, row, top_unit);
        // Rows that close a sum have no number, and there may be several.
        if row.node.id == 0 { Row { id: format!("{OTHER}{at}"), ..row_of_tree } } else { row_of_tree }
    });
    let last = view.guards.len().saturating_sub(1);
    let guards = view.guards.iter().enumerate().map(|(at, guard)| guard_row(view, guard, at == last));
    vec![Table {
        title: format!("TREE vs {}", view.against.word()),
        columns: if is_ahead(view) { COLUMNS_AHEAD } else { COLUMNS },
        rows: rows.chain(guards).collect(),
        empty: "no target yet: t gives the plan a metric and a target".to_owned(),
        ..Table::default()
    }]
}

/// Whether nothing is held against a line yet.
fn is_ahead(view: &PlanView) -> bool {
    view.tree.iter().all(|row| row.line.is_none() && row.actual.is_none())
}

/// How a node follows from its parts: ` =sum` ` =AxBxC` ` =A/B`.
fn formula(view: &PlanView, row: &TreeRow) -> String {
    let parts: Vec<&TreeRow> = view.tree.iter().filter(|part| part.node.parent_id == Some(row.node.id)).collect();
    let letters = |sign: i64| {
        let mine = parts.iter().enumerate().filter(|(_, part)| part.node.sign == sign);
        mine.filter_map(|(at, _)| char::from_u32(u32::from(b'A') + at as u32))
            .map(String::from)
            .collect::<Vec<_>>()
            .join("x")
    };
    match row.node.op {
        NodeOp::Leaf => String::new(),
        NodeOp::Sum => " =sum".to_owned(),
        NodeOp::Product => format!(" ={}", letters(1)),
        NodeOp::Ratio => format!(" ={}/{}", letters(1), letters(-1)),
    }
}

fn name(seen: &Seen<'_>, view: &PlanView, row: &TreeRow) -> String {
    let sign = match (nodes::has_parts(view, row.node.id), seen.folded.contains(&row.node.id)) {
        (false, _) => ' ',
        (true, true) => '+',
        (true, false) => 'v',
    };
    let minus = if row.node.sign < 0 && nodes::letter(view, row).is_empty() { "- " } else { "" };
    let lock = if row.node.locked { " [L]" } else { "" };
    // Measured and computed values differ.
    let off = if row.mismatch.is_some() { " !=" } else { "" };
    let indent = " ".repeat(row.depth);
    format!("{indent}{sign} {}{minus}{}{}{lock}{off}", nodes::letter(view, row), row.node.label, formula(view, row))
}

fn value(row: &TreeRow, value: Option<f64>) -> Cell {
    let role = if value.is_none() { Role::Muted } else { Role::Base };
    let exact = value.map_or_else(String::new, |v| amount::exact(v, row.unit));
    Cell::number(amount::brief(value, row.unit), value, exact).role(role)
}

fn tree_row(seen: &Seen<'_>, view: &PlanView, row: &TreeRow, top: Option<crate::query::Unit>) -> Row {
    let unit = top.unwrap_or(row.unit);
    let missing = row.missing.is_some() && row.actual.is_none();
    let blank = || Cell::text("");
    let blame_role = match row.blame {
        Some(blame) if blame < 0.0 => Role::Bad,
        Some(_) => Role::Good,
        None => Role::Muted,
    };
    let blame = Cell::number(
        words::signed(row.blame, unit),
        row.blame,
        row.blame.map_or_else(String::new, |v| amount::exact(v, unit)),
    );
    let pace =
        Cell::number(words::pace(row.pace), row.pace, row.pace.map_or_else(String::new, |v| format::fixed(v, 6)));
    let can = match row.can {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    };
    let alone = if row.alone.is_some() { value(row, row.alone) } else { blank() };
    let actual = if missing { Cell::text("? NODATA").role(Role::Muted) } else { value(row, row.actual) };
    let ahead = is_ahead(view);
    let why = row.missing.as_deref().filter(|_| missing).map(|why| words::with_days(why, seen.env.today));
    let why = match (why, row.node.target) {
        // The target of a part that begins later stands in no column.
        (Some(why), Some(target)) if !ahead => format!("{why}, target {}", amount::brief(Some(target), row.unit)),
        (why, _) => why.unwrap_or_default(),
    };
    Row {
        id: row.node.id.to_string(),
        cells: vec![
            Cell::text(name(seen, view, row)),
            value(row, row.base),
            value(row, if ahead { row.node.target } else { row.line }),
            actual,
            if missing { blank() } else { pace },
            if missing { blank() } else { blame.role(blame_role) },
            if missing { blank() } else { alone },
            Cell::text(if missing { "" } else { can }),
            blank(),
            Cell::text(why).role(Role::Muted),
            blank(),
        ],
    }
}

/// A guardrail with its rule in place of the line; the last one tells whether the parts make the whole.
fn guard_row(view: &PlanView, guard: &GuardRow, last: bool) -> Row {
    let row = &guard.row;
    let (word, role) = match (guard.kept, row.actual) {
        (Some(true), _) => ("+ kept", Role::Good),
        (Some(false), _) => ("BROKEN", Role::Bad),
        (None, None) => ("NODATA", Role::Muted),
        (None, Some(_)) => ("", Role::Base),
    };
    let kind = if guard.kept.is_none() && row.node.role == crate::domain::plans::NodeRole::Influence {
        "maybe"
    } else {
        "guard"
    };
    let identity = if last { identity(view) } else { String::new() };
    Row {
        id: row.node.id.to_string(),
        cells: vec![
            Cell::text(format!("{kind} {}", row.node.label)),
            value(row, row.base),
            Cell::text(nodes::rule_of(row)),
            value(row, row.actual),
            Cell::text(""),
            Cell::text(""),
            Cell::text(""),
            Cell::text(""),
            Cell::text(word).role(role),
            Cell::text(""),
            Cell::text(identity).role(Role::Muted),
        ],
    }
}

/// Whether measured and computed values agree, and what the lines of the parts leave over; one of the two where both have
/// no room.
fn identity(view: &PlanView) -> String {
    let off = view.tree.iter().any(|row| row.mismatch.is_some());
    let agreed = if off { "identity off" } else { "identity ok" };
    let Some(rest) = rest(view).map(|rest| format!("rest {}", format::percent(rest))) else { return agreed.to_owned() };
    let both = format!("{agreed}, {rest}");
    match text::width(&both) <= usize::from(IDENTITY) {
        true => both,
        false if off => agreed.to_owned(),
        false => rest,
    }
}

/// What the lines of the parts leave over of the top's own line, as a share of it.
fn rest(view: &PlanView) -> Option<f64> {
    let line = view.tree.first()?.line.filter(|line| *line != 0.0)?;
    Some(view.residual? / line)
}

/// That the lines of the parts come to another than the line of the whole, in so many cells.
fn apart(view: &PlanView, cells: usize) -> Option<String> {
    let share = rest(view).filter(|share| share.abs() > REST && view.against == Against::Target)?;
    let top = view.tree.first()?;
    let show = |value| amount::brief(value, top.unit);
    let (own, parts) = (show(top.line), show(view.line_of_parts()));
    let said = format!("lines of the parts come to {parts}, the line to {own}: rest {}", format::percent(share));
    let why = format!("{said}; the parts spread over the days in their own way");
    [why, said].into_iter().find(|said| text::width(said) <= cells)
}

/// Draws rows 3 to 22 and the pane.
pub fn draw(pen: &mut Pen<'_>, seen: &Seen<'_>, view: &PlanView, cursor: &Board, tables: &[Table]) {
    let here = cursor.current(tables).and_then(|(_, row)| row.id.parse().ok()).and_then(|id| nodes::find(view, id));
    if let (Some(row), Some(mut pen)) = (here, pane::open(pen)) {
        node_pane::draw(&mut pen, seen, view, row);
    }
    let (width, height) = (pane::content_width(pen.width()), pen.height());
    let mut pen = pen.part(0, 0, width, height);
    crumb(&mut pen, seen, view, Page::Tree);
    gauge_line(&mut pen, view);
    let rows = tables[0].rows.len() as u16 + 1;
    let rest = height.saturating_sub(2);
    let below = if rest >= 8 + NODE_ROWS { NODE_ROWS } else { 0 };
    let cells = usize::from(width.saturating_sub(4));
    let off = view.tree.iter().filter_map(|row| nodes::unmatched(row, cells)).take(UNMATCHED);
    let mut off: Vec<(String, Role)> = off.map(|said| (format!("! {said}"), Role::Warn)).collect();
    off.extend(apart(view, cells).map(|said| (format!("o {said}"), Role::Base)));
    let tree = rows.max(2).min(rest.saturating_sub(below.max(off.len() as u16)));
    cursor.draw(&mut pen.part(0, 2, width, tree), tables, 0);
    let mut y = 2 + tree;
    for (at, (said, role)) in (y..height).zip(&off) {
        pen.within(1, at, width.saturating_sub(2), said, *role);
        y = at + 1;
    }
    let free = height.saturating_sub(y);
    if height > 24 {
        node_pane::sections(&mut pen.part(0, y, width, free), seen, view);
    } else if let Some(row) = here.filter(|_| below > 0) {
        node_section::draw(&mut pen.part(0, y, width, free), seen, view, row);
    }
}

fn gauge_line(pen: &mut Pen<'_>, view: &PlanView) {
    let gauges = &view.head.gauges;
    let reading = view.head.readings.iter().min().map(|reading| {
        let short = reading.text().split(':').next().unwrap_or_default();
        format!("   \"{short}\"")
    });
    let room = usize::from(pen.width().saturating_sub(2));
    let fits = |said: &String| text::width(said) + reading.as_deref().map_or(0, text::width) <= room;
    let said = if pen.width() < super::super::super::frame::FULL {
        format!(
            "time {}  result {} {}  budget {}",
            words::percent(gauges.time),
            words::percent(gauges.result),
            words::bar(gauges.result, gauges.time),
            words::percent(gauges.budget)
        )
    } else {
        // The figures stand beside the bar, so it gives way to what they tell together.
        Some(words::gauges(gauges, true)).filter(fits).unwrap_or_else(|| words::gauges(gauges, false))
    };
    pen.runs(1, 1, &[(said, Role::Base), (reading.unwrap_or_default(), Role::Warn)]);
}
