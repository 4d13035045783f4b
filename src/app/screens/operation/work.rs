//! What a tab takes from the plans: those of its type, its open tasks, feedback and notes on competitors.

use crate::domain::calendar::Day;
use crate::domain::operations::Section;
use crate::domain::plans::{CompetitorNote, Feedback, FeedbackState, NoteVerdict, OpType, PlanStatus, TaskState};
use crate::query::{
    Figure, Gauges, Narrow, Number, PlanBoard, PlanRow, SectionRow, SectionTable, TargetWord, TaskRow, Value,
};
use crate::ui::table::{Align, Cell, Column, Row, Table};
use crate::ui::theme::Role;
use crate::ui::verdict::Verdict;
use crate::ui::{dates, format};

use super::super::super::view::Env;

const PLAN_COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 26).compact(Align::Left(1)),
    Column::new("owner", Align::Left(29), 8),
    Column::new("time", Align::Right(42), 5).compact(Align::Right(34)),
    Column::new("work", Align::Right(49), 5),
    Column::new("result", Align::Right(56), 6).compact(Align::Right(42)),
    Column::new("budget", Align::Right(64), 6),
    Column::new("hit", Align::Right(70), 5).compact(Align::Right(48)),
    Column::new("", Align::Left(71), 9).compact(Align::Left(49)),
];

const TASK_COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 44).compact(Align::Left(1)),
    Column::new("owner", Align::Left(46), 8),
    Column::new("due", Align::Left(55), 18).compact(Align::Left(46)),
];

/// Plans of a type: running ones first, closed ones last.
pub fn plans(board: Option<&PlanBoard>, op: OpType) -> Table {
    let mut table =
        Table { title: "PLANS".to_owned(), columns: PLAN_COLUMNS, empty: "..".to_owned(), ..Table::default() };
    let Some(board) = board else { return table };
    let shown = |row: &&PlanRow| row.plan.op_type == op && row.status != PlanStatus::Cancelled;
    table.rows = board.plans.iter().filter(shown).map(plan).collect();
    "no plan of this type; 8 Plans, a makes one".clone_into(&mut table.empty);
    table
}

/// The verdict of a running plan, else how far it has come.
fn status(row: &PlanRow) -> (String, Role) {
    let verdict = match row.standing {
        None => return (row.status.word().to_owned(), Role::Muted),
        Some(TargetWord::Ok) => Verdict::Ok,
        Some(TargetWord::Risk) => Verdict::Risk,
        Some(TargetWord::Off) => Verdict::Off,
        Some(TargetWord::Over) => Verdict::Over,
        Some(TargetWord::NoData) => Verdict::NoData,
        Some(TargetWord::Stale) => Verdict::Stale,
    };
    (verdict.text(), verdict.role())
}

/// A gauge as whole percent.
fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| format::MISSING.to_owned(), |value| format!("{}%", format::fixed(value * 100.0, 0)))
}

fn plan(row: &PlanRow) -> Row {
    let Gauges { time, work, result, budget } = row.gauges;
    let gauge = |value: Option<f64>| {
        let role = if value.is_none() { Role::Muted } else { Role::Base };
        Cell::number(percent(value), value, value.map_or_else(String::new, |v| format::fixed(v, 6))).role(role)
    };
    let hit = row.primary.as_ref().and_then(|course| course.outlook).map(|outlook| outlook.p_hit);
    let (word, role) = status(row);
    Row {
        id: row.plan.id.to_string(),
        cells: vec![
            Cell::text(row.plan.name()),
            Cell::text(&row.plan.owner),
            gauge(time),
            gauge(work),
            gauge(result),
            gauge(budget),
            hit.map_or_else(
                || Cell::number(format::MISSING, None, "").role(Role::Muted),
                |p| Cell::number(format::odds(p), Some(p), format::fixed(p, 6)),
            ),
            Cell::text(word).role(role),
        ],
    }
}

/// Open tasks of a type, the most urgent first.
pub fn tasks(board: Option<&PlanBoard>, op: OpType, env: &Env<'_>) -> Table {
    let mut table =
        Table { title: "WORK".to_owned(), columns: TASK_COLUMNS, empty: "..".to_owned(), ..Table::default() };
    let Some(board) = board else { return table };
    let open = |row: &&TaskRow| row.task.op_type == op && row.task.state.is_open();
    let list: Vec<&TaskRow> = board.tasks.iter().filter(open).collect();
    let late = list.iter().filter(|row| row.due.is_some_and(|due| due < env.today)).count();
    let late = if late > 0 { format!("  {late} overdue") } else { String::new() };
    table.note = format!("{} open{late}", list.len());
    table.rows = list.into_iter().map(|row| task(row, env)).collect();
    "nothing to do is written down; 8 Plans, a task".clone_into(&mut table.empty);
    table
}

fn task(row: &TaskRow, env: &Env<'_>) -> Row {
    let mark = match row.task.state {
        _ if !row.needs.is_empty() => "[b]",
        _ if row.waiting => "[w]",
        TaskState::Done => "[x]",
        _ => "[ ]",
    };
    let urgent = ["  ", "! ", "!!"][row.task.priority.clamp(0, 2) as usize];
    let due = row.due.map_or_else(
        || Cell::text(""),
        |due| {
            let late = env.today.since(due);
            let (text, role) = match late {
                1.. => (format!("overdue {late}d"), Role::Bad),
                0 => ("today".to_owned(), Role::Warn),
                -1 => ("tomorrow".to_owned(), Role::Base),
                _ => (dates::weekday(due, env.today), Role::Base),
            };
            Cell::number(text, Some(f64::from(due.0)), due.to_string()).role(role)
        },
    );
    Row {
        id: row.task.id.to_string(),
        cells: vec![Cell::text(format!("{mark} {urgent} {}", row.task.title)), Cell::text(&row.task.owner), due],
    }
}

/// What was said, what nobody has looked at first, the newest first.
pub fn feedback(board: &PlanBoard) -> Vec<&Feedback> {
    let mut all: Vec<&Feedback> = board.book.feedback.iter().collect();
    all.sort_by_key(|one| (one.state != FeedbackState::New, std::cmp::Reverse((one.day, one.id))));
    all
}

/// How much of it nobody has looked at, and for how long: `3 new  oldest 16d`.
pub fn unread(board: &PlanBoard, today: Day) -> String {
    let new = || board.book.feedback.iter().filter(|one| one.state == FeedbackState::New);
    let oldest = new().map(|one| one.day).min();
    oldest.map_or_else(String::new, |day| {
        format!("{} new  oldest {}d", format::count(new().count() as u64), today.since(day))
    })
}

/// What competitors did, the newest first; what is ignored last.
pub fn competitors(board: &PlanBoard) -> Vec<&CompetitorNote> {
    let mut all: Vec<&CompetitorNote> = board.book.competitor_notes.iter().collect();
    all.sort_by_key(|one| (one.verdict == NoteVerdict::Ignore, std::cmp::Reverse((one.day, one.id))));
    all
}

/// What the competitor of a note is called.
pub fn rival<'b>(board: &'b PlanBoard, note: &CompetitorNote) -> &'b str {
    board.book.competitors.iter().find(|one| one.id == note.competitor_id).map_or("", |one| one.name.as_str())
}

/// A table of what was noted; `None` for one that is measured.
pub fn noted(section: Section, board: Option<&PlanBoard>, env: &Env<'_>) -> Option<SectionTable> {
    let board = board?;
    let word = |text: &str| Figure::Word(text.to_owned());
    let row = |day, figures| SectionRow { name: dates::short(day, env.today), narrow: Narrow::default(), figures };
    let rows = match section {
        Section::Feedback => feedback(board)
            .into_iter()
            .map(|one| {
                let times = Figure::Value(Value::plain(Number::Count(one.count.into())));
                row(one.day, vec![word(one.source.word()), times, word(&one.body), word(one.state.word())])
            })
            .collect(),
        Section::Competitors => competitors(board)
            .into_iter()
            .map(|one| {
                let (kind, who) = (word(one.kind.word()), word(rival(board, one)));
                row(one.day, vec![kind, who, word(&one.body), word(one.verdict.word())])
            })
            .collect(),
        _ => return None,
    };
    Some(SectionTable { rows, ..SectionTable::default() })
}
