//! Tasks of all plans or of one: what can be done now by urgency, what waits, what is done; and why the first is first.
//!
//! ```text
//! ── READY  7 ──────────────── owner  due ──────── urg  where  state ──
//! ── BLOCKED 1  WAITING 1 ──
//! ── DONE  2 ──
//! ── WHY FIRST ──
//! ```

use crate::domain::calendar::Day;
use crate::domain::plans::{Plan, TaskState};
use crate::query::TaskRow;
use crate::ui::pen::{Pen, Run};
use crate::ui::table::{Align, Cell, Column, Row, Table, rule};
use crate::ui::theme::Role;
use crate::ui::{dates, format, text};

use super::super::super::list::{Board, allot};
use super::super::super::pane;
use super::facts::{self, About};
use super::{Page, Seen, crumb, words};

const COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 37).compact(Align::Left(1)),
    Column::new("owner", Align::Left(39), 6),
    Column::new("due", Align::Left(46), 12).compact(Align::Left(39)),
    Column::new("urg", Align::Right(63), 4),
    Column::new("where", Align::Left(64), 6),
    Column::new("state", Align::Left(71), 9).compact(Align::Left(53)),
];

/// Places of the tables.
const READY: usize = 0;
const WAITING: usize = 1;

fn section_of(row: &TaskRow) -> usize {
    if !row.task.state.is_open() {
        2
    } else if row.waiting || !row.needs.is_empty() {
        WAITING
    } else {
        READY
    }
}

/// The three tables of a list of tasks.
pub fn tables(seen: &Seen<'_>, tasks: &[TaskRow]) -> Vec<Table> {
    let of = |section: usize| tasks.iter().filter(move |row| section_of(row) == section);
    let blocked = of(WAITING).filter(|row| !row.needs.is_empty()).count();
    let waiting = of(WAITING).count() - blocked;
    let table = |section: usize, title: String, empty: &str| Table {
        title,
        note: if section == WAITING { String::new() } else { of(section).count().to_string() },
        columns: COLUMNS,
        rows: of(section).map(|row| task_row(row, seen)).collect(),
        empty: empty.to_owned(),
        ..Table::default()
    };
    let none = if tasks.is_empty() { "no task yet: a adds one in one line" } else { "nothing to do now" };
    vec![
        table(READY, "READY".to_owned(), none),
        table(WAITING, format!("BLOCKED {blocked}  WAITING {waiting}"), "nothing waits"),
        table(2, "DONE".to_owned(), "nothing done yet"),
    ]
}

/// The day of a task in few letters: `today` `Fri 12` `20 Jul`.
pub fn due_word(day: Day, today: Day) -> String {
    match day.since(today) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        n if n.abs() < 21 => day.date().format("%a %-d").to_string(),
        _ => words::day(day, today),
    }
}

fn due(row: &TaskRow, today: Day) -> (String, Role) {
    if let Some(day) = row.task.wait_until.filter(|_| row.waiting && row.task.state.is_open()) {
        return (format!("from {}", words::day(day, today)), Role::Muted);
    }
    let Some(day) = row.due else { return (format::MISSING.to_owned(), Role::Muted) };
    let late = today.since(day);
    if late > 0 && row.task.state.is_open() {
        return (format!("{} !{}", due_word(day, today), dates::age(late)), Role::Bad);
    }
    (due_word(day, today), Role::Base)
}

fn state(row: &TaskRow) -> String {
    match row.task.state {
        TaskState::Todo if !row.needs.is_empty() => format!("needs {}", row.needs.len()),
        TaskState::Todo if row.waiting => "waiting".to_owned(),
        state => state.word().to_owned(),
    }
}

fn task_row(row: &TaskRow, seen: &Seen<'_>) -> Row {
    let task = &row.task;
    let (due, role) = due(row, seen.env.today);
    let urgency = if task.state.is_open() { format::fixed(row.urgency, 1) } else { String::new() };
    let exact_day = row.due.map_or_else(String::new, |day| day.to_string());
    Row {
        id: task.id.to_string(),
        cells: vec![
            Cell::text(format!("{} {}{}", words::task_box(row), words::priority(task), task.title)),
            Cell::text(&task.owner),
            Cell { exact: Some(exact_day), ..Cell::text(due).role(role) },
            Cell::number(urgency, Some(row.urgency), format::fixed(row.urgency, 3)),
            Cell::text(words::tab(task.op_type)),
            Cell::text(state(row)),
        ],
    }
}

/// A task in one line of a section: `[ ] !! Ask feed-b owner   7Chan  overdue 1d  Sol`.
pub fn line(row: &TaskRow, today: Day, cut: char) -> String {
    let task = &row.task;
    let late = row.due.map(|day| match today.since(day) {
        late if late > 0 => format!("overdue {}", dates::age(late)),
        _ => due_word(day, today),
    });
    let title = format!("{} {}{}", words::task_box(row), words::priority(task), task.title);
    let title = text::pad(&text::cut_with(text::safe(&title).as_str(), 48, cut), 49);
    format!(
        "{title}{}{} {}",
        text::pad(&words::tab(task.op_type), 8),
        text::pad(&late.unwrap_or_default(), 12),
        task.owner
    )
}

/// Draws rows 3 to 22.
pub fn draw(pen: &mut Pen<'_>, seen: &Seen<'_>, tasks: &[TaskRow], cursor: &Board, tables: &[Table]) {
    let here = cursor.current(tables).and_then(|(_, row)| tasks.iter().find(|task| task.task.id.to_string() == row.id));
    facts::draw(pen, here.map(|row| about(seen, row)));
    let (width, height) = (pane::content_width(pen.width()), pen.height());
    let pen = &mut pen.part(0, 0, width, height);
    match seen.view {
        Some(view) => crumb(pen, seen, view, Page::Tasks),
        None => head(pen, seen, tasks),
    }
    let first = tasks.iter().find(|row| section_of(row) == READY);
    let foot = if height >= 16 && first.is_some() { 2 } else { 0 };
    let rows = |at: usize| tables[at].rows.len().max(1) as u16 + 1;
    let wants = [(rows(0).min(6), rows(0)), (rows(1).min(3), rows(1)), (rows(2).min(3), rows(2))];
    let mut y = 1;
    for (at, rows) in allot(height.saturating_sub(1 + foot), &wants, cursor.section(tables)).into_iter().enumerate() {
        cursor.draw(&mut pen.part(0, y, width, rows), tables, at);
        y += rows;
    }
    if let (Some(first), true) = (first, foot > 0) {
        rule(pen, y, "WHY FIRST", "");
        pen.within(1, y + 1, width.saturating_sub(2), &why(first), Role::Base);
    }
}

/// What the pane tells of a task.
fn about(seen: &Seen<'_>, row: &TaskRow) -> About {
    let (task, today) = (&row.task, seen.env.today);
    let book = &seen.board.book;
    let day = |day: Option<Day>| day.map_or_else(String::new, |day| dates::weekday(day, today));
    let minutes = |minutes: Option<i64>| minutes.map_or_else(String::new, |n| format!("{n} min"));
    let often = task.repeat_days.map_or_else(String::new, |days| format!("{days} d"));
    About {
        title: task.title.clone(),
        remark: state(row),
        facts: vec![
            ("owner", task.owner.clone()),
            ("due", day(row.due)),
            ("from", day(task.wait_until)),
            ("done", day(task.done_at)),
            ("plan", task.plan_id.and_then(|id| book.plan(id)).map(Plan::name).unwrap_or_default()),
            ("node", task.node_id.and_then(|id| book.node(id)).map(|node| node.label.clone()).unwrap_or_default()),
            ("where", words::operation(task.op_type)),
            ("needs", titles(seen, &row.needs)),
            ("blocks", titles(seen, &row.blocks)),
            ("urgency", if task.state.is_open() { why(row) } else { String::new() }),
            ("estimate", minutes(task.estimate_min)),
            ("every", often),
            ("came up", day(Some(task.created))),
        ],
    }
}

fn titles(seen: &Seen<'_>, ids: &[i64]) -> String {
    let found = ids.iter().filter_map(|id| seen.board.book.task(*id)).map(|task| task.title.clone());
    found.collect::<Vec<_>>().join(", ")
}

fn head(pen: &mut Pen<'_>, seen: &Seen<'_>, tasks: &[TaskRow]) {
    let today = seen.env.today;
    let open = tasks.iter().filter(|row| row.task.state.is_open());
    let due = open.clone().filter(|row| row.due.is_some_and(|day| day <= today)).count();
    let overdue = open.clone().filter(|row| row.due.is_some_and(|day| day < today)).count();
    let blocked = open.filter(|row| !row.needs.is_empty()).count();
    let late = if overdue > 0 { Role::Bad } else { Role::Base };
    let runs = [
        ("Plans > tasks, all plans".to_owned(), Role::Title),
        (format!("   {due} due  "), Role::Base),
        (format!("{overdue} overdue"), late),
        (format!("  {blocked} blocked"), Role::Base),
    ];
    pen.runs(1, 0, &runs);
}

/// `23.3 = due 9.3 + blocks someone 8.0`.
fn why(row: &TaskRow) -> String {
    let mut said = format::fixed(row.urgency, 1);
    for (at, (name, part)) in row.why.iter().enumerate() {
        let sign = match (at, *part < 0.0) {
            (0, _) => "=",
            (_, true) => "-",
            (_, false) => "+",
        };
        let part = if at == 0 { *part } else { part.abs() };
        said = format!("{said} {sign} {name} {}", format::fixed(part, 1));
    }
    said
}

/// The task under the cursor in one sentence.
pub fn sentence(seen: &Seen<'_>, tasks: &[TaskRow], id: &str) -> Vec<Run> {
    let Some(row) = tasks.iter().find(|row| row.task.id.to_string() == id) else { return Vec::new() };
    let book = &seen.board.book;
    let plan = row.task.plan_id.and_then(|id| book.plan(id)).map(Plan::name);
    let node = row.task.node_id.and_then(|id| book.node(id)).map(|node| format!(" on {}", node.label));
    let place = plan.map(|plan| format!("; {plan}{}", node.unwrap_or_default())).unwrap_or_default();
    let said = if !row.needs.is_empty() {
        format!("needs: {}", titles(seen, &row.needs))
    } else if !row.blocks.is_empty() {
        format!("blocks: {}", titles(seen, &row.blocks))
    } else if row.task.state.is_open() {
        why(row)
    } else {
        let day = row.task.done_at.map(|day| format!(" {}", dates::weekday(day, seen.env.today)));
        format!("{}{}", row.task.state.word(), day.unwrap_or_default())
    };
    vec![(format!("{}: {said}{place}", row.task.title), Role::Base)]
}
