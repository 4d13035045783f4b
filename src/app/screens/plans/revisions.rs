//! What was changed since the plan runs, with the reasons; and the journal of its days.

use crate::domain::calendar::Day;
use crate::domain::plans::{Journal, Revision};
use crate::query::{PlanView, Unit};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::{Align, Cell, Column, Row, Table};
use crate::ui::theme::Role;
use crate::ui::{amount, dates};

use super::super::super::list::{Board, allot};
use super::super::super::pane;
use super::facts::{self, About};
use super::{Page, Seen, crumb, nodes, words};

const COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 18).compact(Align::Left(1)),
    Column::new("field", Align::Left(20), 8),
    Column::new("old > new", Align::Left(29), 18).compact(Align::Left(20)),
    Column::new("when", Align::Left(48), 7),
    Column::new("who", Align::Left(56), 6),
    Column::new("why", Align::Left(63), 17).compact(Align::Left(40)),
];

const NOTES: &[Column] = &[
    Column::new("", Align::Left(1), 7).compact(Align::Left(1)),
    Column::new("kind", Align::Left(9), 9).compact(Align::Left(9)),
    Column::new("", Align::Left(20), 59).compact(Align::Left(19)),
];

fn day_of(revision: &Revision) -> Option<Day> {
    revision.at.get(..10).and_then(Day::parse)
}

fn when(revision: &Revision, today: Day, told: fn(Day, Day) -> String) -> String {
    day_of(revision).map_or_else(|| revision.at.clone(), |day| told(day, today))
}

fn values(revision: &Revision, unit: Unit, today: Day) -> String {
    let day = |number: Option<f64>| number.map_or_else(String::new, |day| dates::short(Day(day as i32), today));
    let (old, new) = (revision.old, revision.new);
    match revision.field.as_str() {
        // Days of the plan, which stand on its primary, are no values of that.
        "start" | "finish" => return format!("{} > {}", day(old), day(new)),
        "observe" => return format!("{} > {} days", old.unwrap_or(0.0), new.unwrap_or(0.0)),
        _ if old.is_none() && new.is_none() => return String::new(),
        _ => {}
    }
    format!("{} > {}", amount::brief(revision.old, unit), amount::brief(revision.new, unit))
}

/// A revision in words: `8 Jun target 2.55% > 2.50% Ben "after 2.3 rollback"`.
pub fn told(revision: &Revision, unit: Unit, today: Day) -> String {
    let (when, values) = (when(revision, today, dates::short), values(revision, unit, today));
    let gap = if values.is_empty() { "" } else { " " };
    format!("{when} {}{gap}{values} {} \"{}\"", revision.field, revision.actor, revision.reason)
}

/// The same with the node that was changed.
pub fn line(revision: &Revision, view: &PlanView, today: Day) -> String {
    let label = nodes::find(view, revision.node_id).map_or("(removed)", |row| row.node.label.as_str());
    format!("{label}: {}", told(revision, unit_of(view, revision.node_id), today))
}

fn unit_of(view: &PlanView, node: i64) -> Unit {
    nodes::find(view, node).map_or(Unit::Users, |row| row.unit)
}

/// Revisions, then the journal.
pub fn tables(seen: &Seen<'_>, view: &PlanView) -> Vec<Table> {
    let today = seen.env.today;
    let revision = |one: &Revision| Row {
        id: one.id.to_string(),
        cells: vec![
            Cell::text(
                nodes::find(view, one.node_id).map_or_else(|| "(removed)".to_owned(), |row| row.node.label.clone()),
            ),
            Cell::text(&one.field),
            Cell::text(values(one, unit_of(view, one.node_id), today)),
            Cell { exact: Some(one.at.clone()), ..Cell::text(when(one, today, words::day)) },
            Cell::text(&one.actor),
            Cell::text(&one.reason),
        ],
    };
    let note = |one: &Journal| {
        let left_out = if one.exclude_from_baseline { "  (left out of baselines)" } else { "" };
        Row {
            id: one.id.to_string(),
            cells: vec![
                Cell { exact: Some(one.day.to_string()), ..Cell::text(words::day(one.day, today)) },
                Cell::text(one.kind.word()).role(Role::Muted),
                Cell::text(format!("{}{left_out}", one.body)),
            ],
        }
    };
    vec![
        Table {
            title: "REVISIONS".to_owned(),
            note: if view.revisions.is_empty() { String::new() } else { view.revisions.len().to_string() },
            columns: COLUMNS,
            rows: view.revisions.iter().map(revision).collect(),
            empty: "no target was changed while the plan ran; t on the tree changes one".to_owned(),
            ..Table::default()
        },
        Table {
            title: "JOURNAL".to_owned(),
            columns: NOTES,
            rows: view.journal.iter().map(note).collect(),
            empty: "nothing was noted in these days".to_owned(),
            ..Table::default()
        },
    ]
}

/// What the pane tells of a revision or a line of the journal.
fn about(seen: &Seen<'_>, view: &PlanView, cursor: &Board, tables: &[Table]) -> Option<About> {
    let (section, row) = cursor.current(tables)?;
    let today = seen.env.today;
    if section > 0 {
        let note = view.journal.iter().find(|note| note.id.to_string() == row.id)?;
        let facts = vec![("day", dates::weekday(note.day, today)), ("text", note.body.clone())];
        return Some(About { title: "Journal".to_owned(), remark: note.kind.word().to_owned(), facts });
    }
    let one = view.revisions.iter().find(|one| one.id.to_string() == row.id)?;
    Some(About {
        title: row.cells.first().map(|cell| cell.text.clone()).unwrap_or_default(),
        remark: one.field.clone(),
        facts: vec![
            ("old > new", values(one, unit_of(view, one.node_id), today)),
            ("at", one.at.clone()),
            ("who", one.actor.clone()),
            ("why", one.reason.clone()),
        ],
    })
}

/// Draws rows 3 to 22.
pub fn draw(pen: &mut Pen<'_>, seen: &Seen<'_>, view: &PlanView, cursor: &Board, tables: &[Table]) {
    facts::draw(pen, about(seen, view, cursor, tables));
    let (width, height) = (pane::content_width(pen.width()), pen.height());
    let pen = &mut pen.part(0, 0, width, height);
    crumb(pen, seen, view, Page::Revisions);
    let rows = |at: usize| tables[at].rows.len().max(1) as u16 + 1;
    let wants = [(rows(0).min(6), rows(0)), (rows(1).min(4), rows(1))];
    let mut y = 1;
    for (at, rows) in allot(height.saturating_sub(1), &wants, cursor.section(tables)).into_iter().enumerate() {
        cursor.draw(&mut pen.part(0, y, width, rows), tables, at);
        y += rows;
    }
}

/// The row under the cursor in one sentence.
pub fn sentence(seen: &Seen<'_>, view: &PlanView, section: usize, id: &str) -> Vec<Run> {
    let today = seen.env.today;
    let said = if section == 0 {
        let one = view.revisions.iter().find(|one| one.id.to_string() == id);
        one.map(|one| line(one, view, today))
    } else {
        let one = view.journal.iter().find(|one| one.id.to_string() == id);
        one.map(|one| format!("{}: {}", dates::weekday(one.day, today), one.body))
    };
    vec![(said.unwrap_or_default(), Role::Base)]
}
