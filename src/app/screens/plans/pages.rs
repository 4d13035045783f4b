//! Pages of a plan beside its tree: tasks, resources, revisions, rounds, review.

use crate::domain::plans::{Kiss, TaskState};
use crate::query::{PlanBoard, PlanView, TaskRow};
use crate::ui::pen::Pen;
use crate::ui::table::{Align, Cell, Column, Row, Table, rule};
use crate::ui::theme::Role;
use crate::ui::{amount, dates, format, text};

use super::super::super::view::Env;
use super::list::percent;

const TASKS: &[Column] = &[
    Column::new("", Align::Left(1), 38).compact(Align::Left(1)),
    Column::new("owner", Align::Left(40), 6),
    Column::new("due", Align::Left(47), 12).compact(Align::Left(40)),
    Column::new("urg", Align::Right(64), 5).compact(Align::Right(58)),
    Column::new("plan", Align::Left(66), 13),
];

const RESOURCES: &[Column] = &[
    Column::new("", Align::Left(1), 34).compact(Align::Left(1)),
    Column::new("asked", Align::Right(45), 9).compact(Align::Right(45)),
    Column::new("granted", Align::Right(55), 9).compact(Align::Right(55)),
    Column::new("used", Align::Right(65), 9),
    Column::new("state", Align::Left(67), 10),
];

const REVISIONS: &[Column] = &[
    Column::new("", Align::Left(1), 24).compact(Align::Left(1)),
    Column::new("old", Align::Right(36), 9).compact(Align::Right(36)),
    Column::new("new", Align::Right(46), 9).compact(Align::Right(46)),
    Column::new("who", Align::Left(48), 8),
    Column::new("why", Align::Left(57), 22),
];

const ROUNDS: &[Column] = &[
    Column::new("", Align::Left(1), 24).compact(Align::Left(1)),
    Column::new("period", Align::Left(26), 14),
    Column::new("target", Align::Right(50), 9).compact(Align::Right(40)),
    Column::new("actual", Align::Right(60), 9).compact(Align::Right(50)),
    Column::new("reslt", Align::Right(67), 6).compact(Align::Right(57)),
    Column::new("status", Align::Left(69), 10),
];

const LESSONS: &[Column] = &[
    Column::new("", Align::Left(1), 9).compact(Align::Left(1)),
    Column::new("lesson", Align::Left(11), 42).compact(Align::Left(11)),
    Column::new("cites", Align::Left(55), 24),
];

/// Tasks that can be done, those that wait, and those that are over.
pub fn tasks(rows: &[TaskRow], board: Option<&PlanBoard>, env: &Env<'_>) -> Vec<Table> {
    let part = |title: &str, empty: &str, fits: &dyn Fn(&TaskRow) -> bool| {
        let rows: Vec<Row> = rows.iter().filter(|row| fits(row)).map(|row| task(row, board, env)).collect();
        Table {
            title: title.to_owned(),
            note: rows.len().to_string(),
            columns: TASKS,
            empty: empty.to_owned(),
            rows,
            ..Table::default()
        }
    };
    let ready = |row: &TaskRow| row.task.state.is_open() && row.needs.is_empty() && !row.waiting;
    let held = |row: &TaskRow| row.task.state.is_open() && !ready(row);
    vec![
        part("READY", "nothing to do; a adds a task", &ready),
        part("BLOCKED AND WAITING", "nothing waits", &held),
        part("DONE", "nothing is done yet", &|row| !row.task.state.is_open()),
    ]
}

fn task(row: &TaskRow, board: Option<&PlanBoard>, env: &Env<'_>) -> Row {
    let mark = match (row.task.state, row.needs.is_empty(), row.waiting) {
        (TaskState::Done, ..) => "[x]",
        (TaskState::Dropped, ..) => "[-]",
        (_, false, _) => "[b]",
        (_, _, true) => "[w]",
        (TaskState::Doing, ..) => "[>]",
        _ => "[ ]",
    };
    let priority = ["", "! ", "!! "][row.task.priority.clamp(0, 2) as usize];
    let late = row.due.filter(|due| *due < env.today && row.task.state.is_open());
    let due = match (row.due, late) {
        (Some(due), Some(_)) => format!("{} !{}d", dates::short(due, env.today), env.today.since(due)),
        (Some(due), None) => dates::weekday(due, env.today),
        (None, _) => format::MISSING.to_owned(),
    };
    let plan = row.task.plan_id.and_then(|id| board.and_then(|board| board.book.plan(id)));
    let open = row.task.state.is_open();
    Row {
        id: row.task.id.to_string(),
        cells: vec![
            Cell::text(format!("{mark} {priority}{}", row.task.title)),
            Cell::text(&row.task.owner),
            Cell::text(due).role(if late.is_some() { Role::Bad } else { Role::Base }),
            if open {
                Cell::number(format::fixed(row.urgency, 1), Some(row.urgency), format!("{}", row.urgency))
            } else {
                Cell::text(row.task.state.word()).role(Role::Muted)
            },
            Cell::text(plan.map(crate::domain::plans::Plan::name).unwrap_or_default()).role(Role::Muted),
        ],
    }
}

/// Why the task is where it is in the list.
pub fn why(row: &TaskRow) -> String {
    let parts: Vec<String> =
        row.why.iter().map(|(name, points)| format!("{name} {}", format::fixed(*points, 1))).collect();
    let blocks = if row.blocks.is_empty() { String::new() } else { format!("; blocks {} tasks", row.blocks.len()) };
    let needs = if row.needs.is_empty() { String::new() } else { format!("; waits for {} tasks", row.needs.len()) };
    if parts.is_empty() {
        return format!("{} is {}", row.task.title, row.task.state.word());
    }
    format!("{} = {}{blocks}{needs}", format::fixed(row.urgency, 1), parts.join(" + "))
}

/// What a plan needs.
pub fn resources(view: &PlanView) -> Vec<Table> {
    let money = |micros: i64| {
        let value = micros as f64;
        Cell::number(
            amount::brief(Some(value), crate::query::Unit::Money),
            Some(value),
            amount::exact(value, crate::query::Unit::Money),
        )
    };
    let row = |(one, spent): &(crate::domain::plans::Resource, i64)| Row {
        id: one.id.to_string(),
        cells: vec![
            Cell::text(format!("{} {} {}", &one.scope.word()[..3], one.kind.word(), one.name)),
            money(one.planned_micros),
            money(one.granted_micros),
            money(*spent),
            Cell::text(one.state.word()),
        ],
    };
    let note = format!("spent {}", amount::brief(Some(view.head.spent as f64), crate::query::Unit::Money));
    vec![Table {
        title: "RESOURCES".to_owned(),
        note,
        columns: RESOURCES,
        rows: view.resources.iter().map(row).collect(),
        empty: "nothing asked for yet; a adds what the plan needs".to_owned(),
        ..Table::default()
    }]
}

/// Changes since the plan runs, and all its rounds.
pub fn history(view: &PlanView, env: &Env<'_>) -> Vec<Table> {
    let unit =
        |node: i64| view.tree.iter().find(|row| row.node.id == node).map_or(crate::query::Unit::Times, |row| row.unit);
    let label = |node: i64| view.tree.iter().find(|row| row.node.id == node).map_or("", |row| row.node.label.as_str());
    let cell = |value: Option<f64>, unit| Cell::text(amount::brief(value, unit));
    let revision = |one: &crate::domain::plans::Revision| Row {
        id: one.id.to_string(),
        cells: vec![
            Cell::text(format!("{} {}", label(one.node_id), one.field)),
            cell(one.old, unit(one.node_id)),
            cell(one.new, unit(one.node_id)),
            Cell::text(&one.actor),
            Cell::text(&one.reason),
        ],
    };
    let top = view.tree.first().map_or(crate::query::Unit::Times, |row| row.unit);
    let round = |one: &crate::query::RoundRow| Row {
        id: format!("plan-{}", one.plan),
        cells: vec![
            Cell::text(format!("round {}", one.round)),
            Cell::text(dates::period(one.span, env.today)),
            cell(one.target, top),
            cell(one.actual, top),
            Cell::text(percent(one.attainment)),
            Cell::text(one.status.word()),
        ],
    };
    vec![
        Table {
            title: "ROUNDS".to_owned(),
            columns: ROUNDS,
            rows: view.rounds.iter().map(round).collect(),
            empty: "no round".to_owned(),
            ..Table::default()
        },
        Table {
            title: "REVISIONS".to_owned(),
            columns: REVISIONS,
            rows: view.revisions.iter().map(revision).collect(),
            empty: "no target was changed since the plan runs".to_owned(),
            ..Table::default()
        },
    ]
}

/// Lessons of a review, and those that earlier rounds offer.
pub fn lessons(view: &PlanView) -> Vec<Table> {
    let cites = |lesson: &crate::domain::plans::Lesson| {
        let node = lesson.node_id.and_then(|id| view.tree.iter().find(|row| row.node.id == id));
        match node {
            Some(row) => Cell::text(format!("node {}", row.node.label)),
            None if lesson.evidence.is_empty() => Cell::text("! nothing yet: e").role(Role::Bad),
            None => Cell::text(&lesson.evidence),
        }
    };
    let row = |lesson: &crate::domain::plans::Lesson| Row {
        id: lesson.id.to_string(),
        cells: vec![Cell::text(kiss(lesson.kiss)), Cell::text(&lesson.body), cites(lesson)],
    };
    let offer = |offer: &crate::query::OfferRow| Row {
        id: format!("offer-{}", offer.lesson.id),
        cells: vec![
            Cell::text(kiss(offer.lesson.kiss)),
            Cell::text(&offer.lesson.body),
            Cell::text(format!("round {}, {}", offer.round, offer.state.word())),
        ],
    };
    vec![
        Table {
            title: "I INSIGHT  lessons".to_owned(),
            columns: LESSONS,
            rows: view.lessons.iter().map(row).collect(),
            empty: "no lesson yet; a writes one: keep, improve, start or stop".to_owned(),
            ..Table::default()
        },
        Table {
            title: "OFFERED by earlier rounds".to_owned(),
            note: "a adopts, - rejects".to_owned(),
            columns: LESSONS,
            rows: view.offers.iter().map(offer).collect(),
            empty: "nothing".to_owned(),
            ..Table::default()
        },
    ]
}

fn kiss(kiss: Kiss) -> &'static str {
    match kiss {
        Kiss::Keep => "KEEP",
        Kiss::Improve => "IMPROVE",
        Kiss::Start => "START",
        Kiss::Stop => "STOP",
    }
}

/// Goal, result, analysis and luck; gives the row below.
pub fn draw_review(pen: &mut Pen<'_>, view: &PlanView) -> u16 {
    let review = &view.review;
    let verdict = review.verdict.map_or("no verdict", |verdict| verdict.word());
    let written = if view.review_is_draft { "filled in from the facts, not stored" } else { "written" };
    let sections = [
        ("G GOAL", written.to_owned(), &review.goal),
        ("R RESULT", format!("verdict {verdict}"), &review.result),
        ("A ANALYSIS", "target to actual".to_owned(), &review.analysis),
    ];
    let mut y = 0;
    for (title, note, body) in sections {
        rule(pen, y, title, &note);
        y += 1;
        for line in body.lines().take(5) {
            let width = pen.width().saturating_sub(2);
            pen.within(1, y, width, line, Role::Base);
            y += 1;
        }
    }
    for (name, body) in [("insight", &review.insight), ("luck?", &review.luck)] {
        let body =
            if body.is_empty() { "--  e writes it".to_owned() } else { text::safe(body).as_str().replace('\n', " ") };
        pen.text(1, y, name, Role::Muted);
        let width = pen.width().saturating_sub(12);
        pen.within(10, y, width, &body, Role::Base);
        y += 1;
    }
    y
}
