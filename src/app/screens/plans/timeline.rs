//! Plans by day: a column a day, a letter a phase.
//!
//! ```text
//! ── BY PHASE  p prepare h preheat B burst t tail o observe = run ──
//!                       18 May   25 May   1 Jun    8 Jun  11 Jun today
//!  6Co June revenue r4   !       ==============================
//! ── LOAD ──
//! ── NEXT ──
//! ```

use chrono::Datelike;

use crate::domain::calendar::{Day, Span};
use crate::domain::plans::{Phase, PhaseKind, PlanStatus};
use crate::query::PlanRow;
use crate::ui::pen::{Pen, Run};
use crate::ui::table::{Align, Cell, Column, Row, Table, rule};
use crate::ui::theme::Role;
use crate::ui::{dates, text};

use super::super::super::bars::letter;
use super::super::super::list::Board;
use super::{Seen, list, words};

/// Column of the first day.
const DAYS: u16 = 28;

/// What the letters stand for.
const LEGEND: &str = "p prepare h preheat B burst t tail o observe = run R review";

const COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 22).compact(Align::Left(1)),
    Column::new("", Align::Left(24), 3).compact(Align::Left(24)),
    Column::new("", Align::Left(DAYS), 200).compact(Align::Left(DAYS)),
];

/// The days that are drawn: from a Monday, with today in the left half.
fn window(seen: &Seen<'_>) -> Span {
    let today = seen.env.today;
    let width = seen.env.size.0;
    let days = i32::from(width.saturating_sub(DAYS + 1)).max(7);
    let monday = today.plus(-(today.date().weekday().num_days_from_monday() as i32));
    let before = days / 3 / 7;
    let first = monday.plus(7 * (seen.weeks - before));
    Span::new(first, first.plus(days - 1))
}

/// What a plan does on a day.
fn on(row: &PlanRow, phases: &[&Phase], day: Day, today: Day) -> char {
    let plan = &row.plan;
    let watched = plan.finish.plus(plan.observe_days as i32);
    if let Some(phase) = phases.iter().find(|phase| phase.start <= day && day <= phase.finish) {
        return letter(phase.kind);
    }
    if plan.span().contains(day) {
        return '=';
    }
    if day > plan.finish && day <= watched {
        return 'o';
    }
    if day > watched && day <= today && row.status == PlanStatus::Review { 'R' } else { ' ' }
}

fn phases_of<'a>(seen: &Seen<'a>, plan: i64) -> Vec<&'a Phase> {
    seen.board.book.phases.iter().filter(|phase| phase.plan_id == plan).collect()
}

/// A row a plan, with its days as one text.
pub fn tables(seen: &Seen<'_>) -> Vec<Table> {
    let days = window(seen);
    let row = |row: &PlanRow| {
        let phases = phases_of(seen, row.plan.id);
        let drawn: String = days.iter().map(|day| on(row, &phases, day, seen.env.today)).collect();
        let (status, role) = words::status(row);
        let sign = match row.status {
            PlanStatus::Running => &status[..1],
            PlanStatus::Review => "rev",
            PlanStatus::Closed => "end",
            PlanStatus::Draft => "dra",
            PlanStatus::Ready => "rdy",
            PlanStatus::Paused => "pau",
            PlanStatus::Observing => "obs",
            PlanStatus::Cancelled => "can",
        };
        Row {
            id: row.plan.id.to_string(),
            cells: vec![
                Cell::text(format!("{} {}", words::code(row.plan.op_type), row.plan.name())),
                Cell::text(sign).role(role),
                Cell::text(drawn.trim_end()),
            ],
        }
    };
    vec![Table {
        title: "BY PHASE".to_owned(),
        note: if seen.env.size.0 < super::super::super::frame::FULL { "p h B t o = R" } else { LEGEND }.to_owned(),
        columns: COLUMNS,
        rows: seen.board.plans.iter().filter(|row| row.status != PlanStatus::Cancelled).map(row).collect(),
        empty: "no plan yet: , goes back to the list, a there writes one".to_owned(),
        ..Table::default()
    }]
}

/// Draws rows 3 to 22.
pub fn draw(pen: &mut Pen<'_>, seen: &Seen<'_>, cursor: &Board, tables: &[Table]) {
    let count = |status: PlanStatus| seen.board.plans.iter().filter(|row| row.status == status).count();
    let facts = format!(
        "   {} running  {} in review  {} closed",
        count(PlanStatus::Running),
        count(PlanStatus::Review),
        count(PlanStatus::Closed)
    );
    pen.runs(1, 0, &[("Plans > timeline".to_owned(), Role::Title), (facts, Role::Base)]);
    let (width, height) = (pen.width(), pen.height());
    let load = if height >= 16 { 4 } else { 0 };
    let next = coming(seen);
    let most = if height > 24 { 12 } else { 3 };
    let coming = if height >= 16 { next.len().clamp(1, most) as u16 + 1 } else { 0 };
    let rows = (tables[0].rows.len().max(1) as u16 + 1).min(height.saturating_sub(3 + load + coming));
    cursor.draw(&mut pen.part(0, 1, width, rows), tables, 0);
    let mut y = 1 + rows;
    axis(&mut pen.part(0, y, width, 1), seen);
    y += 1;
    if load > 0 {
        draw_load(&mut pen.part(0, y, width, load), seen);
        y += load;
        rule(pen, y, "NEXT", "");
        if next.is_empty() {
            pen.text(3, y + 1, "nothing begins or ends in the next three weeks", Role::Muted);
        }
        for (line, said) in (1..coming).zip(&next) {
            pen.within(1, y + line, width.saturating_sub(2), said, Role::Base);
        }
    }
}

/// Dates under the days, each beginning at its Monday; today with its mark.
fn axis(pen: &mut Pen<'_>, seen: &Seen<'_>) {
    let (days, today) = (window(seen), seen.env.today);
    let from = DAYS;
    let place = |day: Day| from + day.since(days.first) as u16;
    let label = format!("^today {}", dates::short(today, today));
    let now = days.contains(today).then(|| (place(today), place(today) + text::width(&label) as u16));
    if let Some((start, _)) = now {
        pen.text(start, 0, &label, Role::Accent);
    }
    let mut free = from;
    for monday in days.iter().step_by(7) {
        let word = dates::short(monday, today);
        let (start, end) = (place(monday), place(monday) + text::width(&word) as u16 + 1);
        let clear = now.is_none_or(|(a, b)| end <= a || start > b);
        if start >= free && clear && end <= pen.width() {
            pen.text(start, 0, &word, Role::Muted);
            free = end + 4;
        }
    }
}

/// A digit a day: `9` is nine or more.
fn digits(days: Span, count: impl Fn(Day) -> usize) -> String {
    let digit = |n: usize| if n == 0 { ' ' } else { char::from_digit(n.min(9) as u32, 10).unwrap_or(' ') };
    days.iter().map(|day| digit(count(day))).collect::<String>()
}

fn draw_load(pen: &mut Pen<'_>, seen: &Seen<'_>) {
    let days = window(seen);
    let from = DAYS;
    let book = &seen.board.book;
    let live = |plan: i64| seen.board.plans.iter().any(|row| row.plan.id == plan && !row.status.is_over());
    let is_burst = |phase: &&Phase| phase.kind == PhaseKind::Burst && live(phase.plan_id);
    let bursts = |day: Day| book.phases.iter().filter(is_burst).filter(|p| p.start <= day && day <= p.finish).count();
    let due = |day: Day| seen.board.tasks.iter().filter(|t| t.task.state.is_open() && t.due == Some(day)).count();
    rule(pen, 0, "LOAD", "");
    for (y, (name, line)) in (1..).zip([("bursts", digits(days, bursts)), ("tasks due", digits(days, due))]) {
        pen.text(1, y, name, Role::Base);
        pen.text(from, y, line.trim_end(), Role::Base);
    }
    pen.text(1, 3, "clash", Role::Base);
    let (said, role) = match clash(seen) {
        None => ("none: no audience has two bursts in one week".to_owned(), Role::Muted),
        Some(said) => (format!("! {said}"), Role::Bad),
    };
    let room = pen.width().saturating_sub(13);
    pen.within(12, 3, room, &said, role);
}

/// Two bursts for one audience that begin within a week of each other.
fn clash(seen: &Seen<'_>) -> Option<String> {
    let bursts: Vec<(&PlanRow, &Phase)> = seen
        .board
        .plans
        .iter()
        .filter(|row| !row.status.is_over() && !row.plan.audience.is_empty())
        .flat_map(|row| phases_of(seen, row.plan.id).into_iter().map(move |phase| (row, phase)))
        .filter(|(_, phase)| phase.kind == PhaseKind::Burst)
        .collect();
    let pair = bursts.iter().enumerate().find_map(|(at, one)| {
        let other = bursts[at + 1..].iter().find(|other| {
            other.0.plan.id != one.0.plan.id
                && other.0.plan.audience == one.0.plan.audience
                && other.1.start.since(one.1.start).abs() < 7
        })?;
        Some((one, other))
    })?;
    let (one, other) = pair;
    let day = dates::short(one.1.start.max(other.1.start), seen.env.today);
    Some(format!("{}: {} and {}, {day}", one.0.plan.audience, one.0.plan.name(), other.0.plan.name()))
}

/// What begins and ends in the next three weeks, soonest first.
fn coming(seen: &Seen<'_>) -> Vec<String> {
    let today = seen.env.today;
    let mut found: Vec<(Day, String)> = Vec::new();
    for row in seen.board.plans.iter().filter(|row| !row.status.is_over()) {
        let plan = &row.plan;
        found.push((plan.start, format!("{} starts", plan.name())));
        found.push((plan.finish, format!("{} ends", plan.name())));
        let review = plan.finish.plus(plan.observe_days as i32 + 1);
        found.push((review, format!("{}: review opens", plan.name())));
        let phases = phases_of(seen, plan.id).into_iter().filter(|phase| phase.start > plan.start);
        found.extend(phases.map(|phase| (phase.start, format!("{}: {} starts", plan.name(), phase.kind.word()))));
    }
    found.retain(|(day, _)| *day >= today && day.since(today) <= 21);
    found.sort();
    found.into_iter().map(|(day, said)| format!("{:11} {said}", dates::weekday(day, today))).collect()
}

/// The phases of the plan under the cursor in one sentence.
pub fn sentence(seen: &Seen<'_>, id: &str) -> Vec<Run> {
    let Some(row) = seen.board.plans.iter().find(|row| row.plan.id.to_string() == id) else { return Vec::new() };
    let phases = phases_of(seen, row.plan.id);
    if phases.is_empty() {
        return vec![(list::plan_sentence(row, seen.env.today), Role::Base)];
    }
    let told = phases.iter().map(|phase| {
        let days = dates::period(Span::new(phase.start, phase.finish), seen.env.today);
        format!("{} {days}", phase.kind.word())
    });
    vec![(format!("{}: {}", row.plan.name(), told.collect::<Vec<_>>().join(", ")), Role::Base)]
}
