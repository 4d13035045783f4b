//! The steps as they are drawn: the step line, one table, and what is known of the row under the cursor.

use crate::query::{Cause, CheckInBoard, MissingNumber, Place, TaskRow};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::{Align, Cell, Column, FULL_WIDTH, Row, Sight, Table, rule};
use crate::ui::theme::Role;
use crate::ui::verdict::Verdict;
use crate::ui::{amount, dates, format, text};

use super::super::super::brief;
use super::super::super::screens::plans::words;
use super::super::super::screens::sources;
use super::super::super::screens::today::tables;
use super::super::super::view::Env;
use super::super::brief_page;
use super::answers::{self, FOCUS};
use super::{CheckIn, Step};

const NUMBERS: &[Column] = &[
    Column::new("", Align::Left(1), 24).compact(Align::Left(1)),
    Column::new("last", Align::Right(41), 14).compact(Align::Right(37)),
    Column::new("on", Align::Left(43), 12),
    Column::new("value", Align::Left(57), 20).compact(Align::Left(39)),
];

const CAUSES: &[Column] = &[
    Column::new("", Align::Left(1), 22).compact(Align::Left(1)),
    Column::new("actual vs line", Align::Right(38), 16).compact(Align::Right(38)),
    Column::new("effect", Align::Right(47), 8).compact(Align::Right(47)),
    Column::new("answer", Align::Left(49), 30).compact(Align::Left(49)),
];

const TASKS: &[Column] = &[
    Column::new("", Align::Left(1), 43).compact(Align::Left(1)),
    Column::new("", Align::Left(45), 7),
    Column::new("", Align::Left(54), 11),
    Column::new("answer", Align::Left(66), 14).compact(Align::Left(46)),
];

const FOCUSED: &[Column] = &[
    Column::new("", Align::Left(1), 47).compact(Align::Left(1)),
    Column::new("", Align::Left(50), 7).compact(Align::Left(50)),
    Column::new("", Align::Left(59), 20),
];

/// Rows that stay for what is known of a cause, where there is room for them.
const KNOWN: u16 = 7;

/// Draws the open step over the whole of the pen.
pub fn page(pen: &mut Pen<'_>, layer: &CheckIn, env: &Env<'_>) {
    pen.clear();
    let width = pen.width();
    pen.runs(1, 0, &steps(layer, env, width));
    let Some(board) = layer.board.shown() else { return };
    let height = pen.height().saturating_sub(1);
    let mut pen = pen.part(0, 1, width, height);
    match layer.step() {
        Step::Data => data(&mut pen, board, env),
        Step::Numbers => draw(&mut pen, layer, &numbers(layer, board, env)),
        Step::Exceptions => {
            let table = exceptions(layer, board, env);
            let wanted = table.rows.len().max(1) as u16 + 1;
            let rows = wanted.min(height.saturating_sub(KNOWN).max(4));
            draw(&mut pen.part(0, 0, width, rows), layer, &table);
            if let Some(cause) = board.today.causes.get(layer.at) {
                known(&mut pen.part(0, rows, width, height.saturating_sub(rows)), layer.at, cause, board);
            }
        }
        Step::Tasks => draw(&mut pen, layer, &tasks(layer, board, env)),
        Step::Focus => draw(&mut pen, layer, &focus(layer, board, env)),
        Step::Brief => {
            let lines = layer.brief(env).unwrap_or_default();
            brief_page::text(&mut pen, "TEXT to be sent", &lines, &layer.offset);
        }
    }
}

/// ` Check-in Thu 11 Jun   1 data 2 numbers >3 exceptions< 4 tasks 5 focus 6 brief`; narrow, numbers alone but of the
/// open one.
fn steps(layer: &CheckIn, env: &Env<'_>, width: u16) -> Vec<Run> {
    let full = width >= FULL_WIDTH;
    let title =
        if full { format!("Check-in {}   ", dates::weekday(layer.day, env.today)) } else { "Check-in   ".to_owned() };
    let mut runs: Vec<Run> = vec![(title, Role::Title)];
    for (at, (step, name, _)) in Step::ALL.into_iter().enumerate() {
        let open = step == layer.step();
        let words = if full || open { format!("{} {name}", at + 1) } else { (at + 1).to_string() };
        runs.push(if open { (format!(">{words}<"), Role::Accent) } else { (words, Role::Muted) });
        runs.push((" ".to_owned(), Role::Base));
    }
    runs
}

/// What Enter does on the row under the cursor.
pub fn proposal(layer: &CheckIn, board: &CheckInBoard, env: &Env<'_>) -> String {
    match layer.step() {
        Step::Data => match env.status.map(|status| (status.sources, status.stale.len())) {
            None | Some((0, _)) => "Enter goes on: there is no source yet".to_owned(),
            Some((_, 0)) => "Enter goes on: every source is fresh".to_owned(),
            Some((_, stale)) => format!("Enter takes the data as they are, {stale} stale"),
        },
        Step::Numbers => board.missing.facts.get(layer.at).map_or_else(
            || "Enter goes on: no number is waited for".to_owned(),
            |fact| format!("type {}; Enter on an empty field goes on and leaves the rest open", fact.metric),
        ),
        Step::Exceptions => board.today.causes.get(layer.at).map_or_else(
            || format!("Enter goes on: {}", none_abnormal(env)),
            |cause| format!("Enter takes all answers; of this one: {}", layer.answers.cause_word(cause, board)),
        ),
        Step::Tasks if board.today.work.tasks.is_empty() => "Enter goes on: nothing is due".to_owned(),
        Step::Tasks => format!("Enter goes on; {} of {} stay for today", layer.answers.left(board).len(), layer.rows()),
        Step::Focus if layer.rows() == 0 => "Enter goes on: nothing is left to do today".to_owned(),
        Step::Focus => format!("Enter takes {} of {FOCUS} as the focus of today", layer.answers.focus(board).len()),
        Step::Brief => "Enter stores the check-in; the brief stays on the screen".to_owned(),
    }
}

fn draw(pen: &mut Pen<'_>, layer: &CheckIn, table: &Table) {
    let order: Vec<usize> = (0..table.rows.len()).collect();
    let cursor = (!order.is_empty()).then_some(layer.at);
    let sight = Sight { order: &order, cursor, offset: layer.offset.get(), sort: None, note: &table.note, count: "" };
    layer.offset.set(table.draw(pen, &sight));
}

fn data(pen: &mut Pen<'_>, board: &CheckInBoard, env: &Env<'_>) {
    let table = Table {
        empty: "no source yet: Esc leaves, then i imports a file".to_owned(),
        ..sources::table(&board.today.sources, env)
    };
    let (width, height) = (pen.width(), pen.height());
    let rows = (table.rows.len().max(1) as u16 + 1).min(height.saturating_sub(5));
    let order: Vec<usize> = (0..table.rows.len()).collect();
    let sight = Sight { order: &order, cursor: None, offset: 0, sort: None, note: &table.note, count: "" };
    table.draw(&mut pen.part(0, 0, width, rows), &sight);
    let complete = env.status.and_then(|status| status.through_at).map_or_else(
        || Verdict::NoData.text(),
        |at| format!("complete to {}", dates::complete_to(at, &env.calendar(), env.today)),
    );
    pen.within(1, rows, width.saturating_sub(2), &complete, Role::Base);
    brief_page::history(&mut pen.part(0, rows + 2, width, height.saturating_sub(rows + 2)), board, env);
}

fn numbers(layer: &CheckIn, board: &CheckInBoard, env: &Env<'_>) -> Table {
    let day = dates::weekday(board.missing.day, env.today);
    let row = |(at, fact): (usize, &MissingNumber)| {
        let (last, on) = match fact.last {
            Some((day, value)) => (last(value, fact.unit), dates::short(day, env.today)),
            None => (format::MISSING.to_owned(), String::new()),
        };
        let typed = layer.answers.numbers.get(&fact.metric).map_or("", String::as_str);
        let shown = if at == layer.at { format!("[{typed}_") } else { format!("[{typed}") };
        let field = Cell::text(format!("{}]", text::pad(&shown, 14)));
        Row { id: fact.metric.clone(), cells: vec![Cell::text(&fact.metric), Cell::text(last), Cell::text(on), field] }
    };
    let stored = match layer.answers.stored.len() {
        0 => String::new(),
        n => format!(", {n} stored"),
    };
    Table {
        title: format!("NUMBERS of {day}"),
        note: format!("{} to type{stored}", board.missing.facts.len()),
        columns: NUMBERS,
        rows: board.missing.facts.iter().enumerate().map(row).collect(),
        empty: "nobody waits for a number; after this L types a new one".to_owned(),
        ..Table::default()
    }
}

/// A stored fact, which is held in millionths.
fn last(value: i128, unit: crate::query::Unit) -> String {
    let is_money = matches!(unit, crate::query::Unit::Money | crate::query::Unit::MoneyPer);
    amount::full(Some(if is_money { value as f64 } else { value as f64 / 1e6 }), unit)
}

/// Why there is no exception.
fn none_abnormal(env: &Env<'_>) -> String {
    if env.is_empty() { "there are no data to judge" } else { "nothing is abnormal and no plan is behind" }.to_owned()
}

fn exceptions(layer: &CheckIn, board: &CheckInBoard, env: &Env<'_>) -> Table {
    let row = |(at, cause): (usize, &Cause)| {
        let sign = if layer.answers.causes.contains_key(&cause.place.key()) { "x" } else { " " };
        let answer = format!("[{sign}] {}", layer.answers.cause_word(cause, board));
        let mut row = tables::cause(at, cause, &board.today);
        row.cells.truncate(3);
        row.cells.push(Cell::text(answer));
        row
    };
    Table {
        title: "EXCEPTIONS".to_owned(),
        note: match board.today.causes.len() {
            0 => String::new(),
            n => n.to_string(),
        },
        columns: CAUSES,
        rows: board.today.causes.iter().enumerate().map(row).collect(),
        empty: none_abnormal(env),
        ..Table::default()
    }
}

/// What is known of a cause, line by line.
fn known(pen: &mut Pen<'_>, at: usize, cause: &Cause, board: &CheckInBoard) {
    rule(pen, 0, &format!("{} {}", at + 1, cause.label), "");
    let plan = match cause.place {
        Place::Node { plan, .. } => board.today.primaries.iter().find(|primary| primary.plan == plan),
        _ => None,
    };
    let snoozed = board.today.snoozes.iter().find(|one| one.cause == cause.place.key());
    let lines = [
        ("when", brief::cause_since(cause, &board.today)),
        ("where", brief::cause_split(cause)),
        ("explains", cause.covers.join(", ")),
        ("plan", plan.map(|plan| format!("{} {}", plan.name, words::operation(plan.op_type))).unwrap_or_default()),
        ("open task", answers::task_on(cause, board).map(task_words).unwrap_or_default()),
        ("put off", snoozed.map(|one| dates::weekday(one.until, board.today.today)).unwrap_or_default()),
        ("look at", brief::cause_screen(cause)),
    ];
    let width = pen.width();
    let told = lines.iter().filter(|(_, told)| !told.is_empty());
    for (y, (name, told)) in (1..pen.height()).zip(told) {
        pen.text(1, y, name, Role::Muted);
        pen.within(11, y, width.saturating_sub(12), told, Role::Base);
    }
}

fn task_words(task: &crate::domain::plans::Task) -> String {
    if task.owner.is_empty() { task.title.clone() } else { format!("{}, {}", task.title, task.owner) }
}

fn tasks(layer: &CheckIn, board: &CheckInBoard, env: &Env<'_>) -> Table {
    let row = |row: &TaskRow| {
        let mut shown = tables::task(row, env);
        shown.cells.truncate(3);
        let role = if layer.answers.tasks.contains_key(&row.task.id) { Role::Accent } else { Role::Muted };
        shown.cells.push(Cell::text(layer.answers.task_word(row.task.id, env.today)).role(role));
        shown
    };
    let work = tables::work(Some(&board.today), env);
    Table { columns: TASKS, rows: board.today.work.tasks.iter().map(row).collect(), title: "TASKS".to_owned(), ..work }
}

fn focus(layer: &CheckIn, board: &CheckInBoard, env: &Env<'_>) -> Table {
    let chosen = layer.answers.focus(board);
    let row = |row: &&TaskRow| {
        let shown = tables::task(row, env);
        let mark = if chosen.contains(&row.task.id) { "[x]" } else { "[ ]" };
        let mut cells = vec![Cell::text(format!("{mark} {}", row.task.title))];
        cells.extend(shown.cells.into_iter().skip(1).take(2));
        Row { id: shown.id, cells }
    };
    Table {
        title: "FOCUS".to_owned(),
        note: format!("{} of at most {FOCUS}", chosen.len()),
        columns: FOCUSED,
        rows: layer.answers.left(board).iter().map(row).collect(),
        empty: "nothing is left to do today".to_owned(),
        ..Table::default()
    }
}
