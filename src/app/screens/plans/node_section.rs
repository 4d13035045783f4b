//! The section below the tree: the days of the node under the cursor, and what is done and noted about it.

use crate::domain::calendar::Span;
use crate::domain::plans::{Revision, TaskState, UseState};
use crate::query::{PlanView, TreeRow, Unit};
use crate::ui::chart::{Range, Series, Stroke};
use crate::ui::pen::{Pen, Run};
use crate::ui::plot::Plot;
use crate::ui::table::rule;
use crate::ui::theme::Role;
use crate::ui::{dates, format, text};

use super::super::super::marks::Marks;
use super::{Seen, nodes, tasks, words};

/// What was last changed of a node, with its reason.
fn revised(revisions: &[Revision], node: i64) -> String {
    let mine: Vec<&Revision> = revisions.iter().filter(|one| one.node_id == node).collect();
    mine.first().map_or_else(String::new, |last| format!("revised {}x \"{}\"", mine.len(), last.reason))
}

/// The days of the node on the left, its tasks, journal and offered lessons on the right.
pub fn draw(pen: &mut Pen<'_>, seen: &Seen<'_>, view: &PlanView, row: &TreeRow) {
    const LEFT: u16 = 40;
    let node = &row.node;
    let owner = if node.owner.is_empty() { String::new() } else { format!("owner {}   ", node.owner) };
    let note = format!("{owner}{}", revised(&view.revisions, node.id));
    rule(pen, 0, &format!("{}{}", nodes::letter(view, row), node.label), &note);
    let (width, height) = (pen.width(), pen.height().saturating_sub(1));
    let chart = height.min(8);
    line_of(&mut pen.part(0, 1, LEFT, chart), seen, view, row);
    let mut side = pen.part(LEFT + 2, 1, width.saturating_sub(LEFT + 3), height);
    for (y, (said, role)) in
        beside(seen, view, row, (usize::from(side.width()), side.glyphs().cut())).into_iter().enumerate()
    {
        let room = side.width();
        side.within(0, y as u16, room, &said, role);
    }
}

/// The days of a node as a line; says so where nothing is measured.
pub fn line_of(pen: &mut Pen<'_>, seen: &Seen<'_>, view: &PlanView, row: &TreeRow) {
    let series = view.series.iter().find(|series| series.node == row.node.id);
    let values = series.map_or(&[][..], |series| &series.values);
    let last = values.len().saturating_sub(1).max(1) as f64;
    let points: Vec<(f64, f64)> =
        values.iter().enumerate().filter_map(|(at, v)| v.map(|v| (at as f64 / last, v))).collect();
    let (Some(series), false) = (series, points.is_empty()) else {
        let why = row.missing.as_deref().map(|why| words::with_days(why, seen.env.today));
        let why = why.unwrap_or_else(|| "nothing is measured by day".to_owned());
        let lines =
            text::wrapped(text::safe(&format!("? NODATA: {why}")).as_str(), usize::from(pen.width().saturating_sub(2)));
        for (y, line) in lines.iter().enumerate() {
            pen.text(1, y as u16, line, Role::Muted);
        }
        return;
    };
    let range = Range::around(points.iter().map(|(_, v)| *v));
    let end = series.first.plus(values.len() as i32 - 1);
    let today = seen.env.today;
    let marks = [(0.0, dates::short(series.first, today)), (1.0, dates::short(end, today))];
    let lines = [Series { points, role: Role::Series(1), stroke: Stroke::Thick }];
    let unit = row.unit;
    let label = move |v: f64| match unit {
        Unit::Rate => format::tick_percent(v),
        Unit::Money | Unit::MoneyPer => format::tick(v / 1e6),
        _ => format::tick(v),
    };
    let plot = Plot { series: &lines, range, label: &label, marks: &marks };
    Marks::of(&view.marked, Span { first: series.first, last: end }).draw(&plot, pen, today);
}

/// Tasks of the node, or of the plan where it has none; journal; offered lessons.
fn beside(seen: &Seen<'_>, view: &PlanView, row: &TreeRow, (room, cut): (usize, char)) -> Vec<Run> {
    let today = seen.env.today;
    let done = view.tasks.iter().filter(|task| task.task.state == TaskState::Done).count();
    let overdue = if view.head.overdue > 0 { format!(", {} overdue", view.head.overdue) } else { String::new() };
    let mut lines = vec![(format!("tasks {done}/{} done{overdue}", view.tasks.len()), Role::Base)];
    let open = view.tasks.iter().filter(|task| task.task.state.is_open());
    let mine = open.clone().filter(|task| task.task.node_id == Some(row.node.id));
    let shown: Vec<_> = mine.chain(open.filter(|task| task.task.node_id != Some(row.node.id))).take(2).collect();
    lines.extend(shown.into_iter().map(|task| {
        let due = task.due.map(|day| format!(", {}", tasks::due_word(day, today))).unwrap_or_default();
        let title = format!("{} {}{}", words::task_box(task), words::priority(&task.task), task.task.title);
        // The day is told whole; the title gives way.
        let title = text::cut_with(text::safe(&title).as_str(), room.saturating_sub(due.len()), cut);
        (format!("{title}{due}"), Role::Base)
    }));
    let note = view.journal.iter().find(|line| line.node_id == Some(row.node.id)).or(view.journal.first());
    lines.extend(note.map(|line| (format!("{} {} (journal)", dates::short(line.day, today), line.body), Role::Muted)));
    let offered = view.offers.iter().find(|offer| offer.state != UseState::Rejected);
    lines.extend(offered.map(|offer| {
        (
            format!("lesson r{}: {} {}", offer.round, offer.lesson.kiss.word().to_uppercase(), offer.lesson.body),
            Role::Muted,
        )
    }));
    lines
}
