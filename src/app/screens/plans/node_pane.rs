//! The pane about the node under the cursor, and the sections that a high screen adds below the tree.

use crate::domain::plans::{NodeRole, UseState};
use crate::query::{GuardRow, PlanView, TreeRow, find_metric};
use crate::ui::pen::Pen;
use crate::ui::table::rule;
use crate::ui::theme::Role;
use crate::ui::{amount, dates, text};

use super::super::super::pane;
use super::{Seen, node_section, nodes, resources, revisions, rounds, tasks, words};

/// Draws the pane: numbers, line by day, targets, revisions, definition.
pub fn draw(pen: &mut Pen<'_>, seen: &Seen<'_>, view: &PlanView, row: &TreeRow) {
    let node = &row.node;
    let show = |value| amount::full(value, row.unit);
    let mut y = pane::head(pen, &node.label, node.op.word());
    for (name, value) in [("actual", row.actual), ("line", row.line), ("base", row.base), ("best of 12", row.best)] {
        let role = if value.is_none() { Role::Muted } else { Role::Base };
        y = pane::fact(pen, y, name, (&show(value), role), ("", Role::Base));
    }
    let (width, left) = (pen.width(), pen.height().saturating_sub(y + 1));
    let chart = left.min(9);
    node_section::line_of(&mut pen.part(0, y + 1, width, chart), seen, view, row);
    y += chart + 2;
    for (name, value) in [("floor", node.floor), ("target", node.target), ("stretch", node.stretch), ("cap", node.cap)]
    {
        if value.is_some() {
            y = pane::fact(pen, y, name, (&show(value), Role::Base), ("", Role::Base));
        }
    }
    let lock = if node.locked { "locked" } else { "free" };
    let owner = if node.owner.is_empty() { String::new() } else { format!(", owner {}", node.owner) };
    y = pane::paragraph(
        pen,
        y,
        text::safe(&format!("curve {}, weight {}, {lock}{owner}", node.curve.word(), node.weight)).as_str(),
        Role::Muted,
    ) + 1;
    for one in view.revisions.iter().filter(|one| one.node_id == node.id).take(2) {
        let said = revisions::told(one, row.unit, seen.env.today);
        y = pane::paragraph(pen, y, text::safe(&said).as_str(), Role::Base);
    }
    let metric = node.metric.as_deref().unwrap_or("not bound yet");
    let formula = find_metric(metric).map_or_else(|| metric.to_owned(), |m| format!("{}: {}", m.name, m.formula));
    let filter = if node.filter.is_all() { String::new() } else { format!("; only {}", node.filter.words()) };
    pane::paragraph(pen, y + 1, text::safe(&format!("{formula}{filter}")).as_str(), Role::Muted);
}

/// Rows of a section of which there may be many: on most screens, and on the highest.
const FEW: usize = 4;
const MANY: usize = 10;

/// Height from which there is room for many.
const TALL: u16 = 28;

/// Rows of the chart that takes what is left.
const CHART: u16 = 14;

/// Guards, resources, tasks, what is due by when, lessons, journal, revisions and rounds, as far as there are any; then
/// the days of the primary.
pub fn sections(pen: &mut Pen<'_>, seen: &Seen<'_>, view: &PlanView) {
    let mut y = 0;
    let (height, cut) = (pen.height(), pen.glyphs().cut());
    let most = if height >= TALL { MANY } else { FEW };
    let mut section = |pen: &mut Pen<'_>, title: &str, note: &str, lines: Vec<(String, Role)>| {
        if lines.is_empty() || y + 2 > height {
            return;
        }
        rule(pen, y, title, note);
        y += 1;
        for (line, role) in lines {
            if y < height {
                let room = pen.width().saturating_sub(2);
                pen.within(1, y, room, &line, role);
                y += 1;
            }
        }
    };
    section(pen, "GUARDS AND INFLUENCE", "rule, actual", guards(view, cut));
    let asked =
        view.resources.iter().take(most).map(|(resource, used)| (resources::line(resource, *used, cut), Role::Base));
    section(pen, "RESOURCES", &format!("{}  {}", seen.env.currency(), resources::LINE_HEADS), asked.collect());
    let open: Vec<_> = view.tasks.iter().filter(|task| task.task.state.is_open()).collect();
    let shown = open.iter().take(most + 1).map(|task| (tasks::line(task, seen.env.today, cut), Role::Base));
    section(pen, "TASKS", &format!("{} open  {} overdue", open.len(), view.head.overdue), shown.collect());
    section(pen, "DUE BY", "line - actual", due_by(seen, view));
    let offered = view.offers.iter().filter(|offer| offer.state == UseState::Offered).take(most);
    let lessons = offered
        .map(|offer| (format!("{:7} {}", offer.lesson.kiss.word().to_uppercase(), offer.lesson.body), Role::Base));
    section(pen, "LESSONS OFFERED", "the rounds view adopts and rejects", lessons.collect());
    let notes = view.journal.iter().take(most);
    let journal = notes.map(|line| (format!("{:7} {}", words::day(line.day, seen.env.today), line.body), Role::Base));
    section(pen, "JOURNAL", "", journal.collect());
    let revised = view.revisions.iter().take(most).map(|one| (revisions::line(one, view, seen.env.today), Role::Base));
    section(pen, "REVISIONS", "", revised.collect());
    let rounds = view.rounds.iter().rev().filter(|round| round.plan != view.head.plan.id).take(most);
    section(
        pen,
        "ROUNDS",
        "target, actual",
        rounds.map(|round| (rounds::line(round, seen, view), Role::Base)).collect(),
    );
    let rest = height.saturating_sub(y);
    if let Some(top) = view.tree.first().filter(|_| rest >= CHART / 2) {
        rule(pen, y, "BY DAY", &top.node.label);
        let width = pen.width();
        node_section::line_of(&mut pen.part(0, y + 1, width, (rest - 1).min(CHART)), seen, view, top);
    }
}

/// A guardrail or an influence in one line: its rule, its value, whether it is kept.
fn guards(view: &PlanView, cut: char) -> Vec<(String, Role)> {
    let line = |guard: &GuardRow| {
        let row = &guard.row;
        let (word, role) = match (guard.kept, row.node.role) {
            (Some(true), _) => ("+ kept", Role::Base),
            (Some(false), _) => ("! BROKEN", Role::Bad),
            (None, NodeRole::Influence) => ("not in the arithmetic", Role::Muted),
            (None, _) => ("? NODATA", Role::Muted),
        };
        let name = text::pad(&text::cut_with(text::safe(&row.node.label).as_str(), 34, cut), 34);
        let rule = if row.node.role == NodeRole::Influence { String::new() } else { nodes::rule_of(row) };
        let actual = amount::brief(row.actual, row.unit);
        (format!("{name}{}{}  {word}", text::pad_left(&rule, 9), text::pad_left(&actual, 9)), role)
    };
    view.guards.iter().map(line).collect()
}

/// What the line is ahead of the actual value by the end of each of the next days.
fn due_by(seen: &Seen<'_>, view: &PlanView) -> Vec<(String, Role)> {
    let Some(course) = view.head.primary.as_ref().filter(|course| !course.due_by.is_empty()) else { return Vec::new() };
    let cell = |said: String| text::pad(&said, 11);
    let days = course.due_by.iter().take(7).map(|(day, _)| {
        let long = dates::weekday(*day, seen.env.today);
        cell(long.rsplit_once(' ').map_or(long.clone(), |(head, _)| head.to_owned()))
    });
    let values = course.due_by.iter().take(7).map(|(_, value)| cell(amount::brief(Some(*value), course.unit)));
    vec![(days.collect(), Role::Muted), (values.collect(), Role::Base)]
}
