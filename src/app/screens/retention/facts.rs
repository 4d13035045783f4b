//! The cell under the cursor in words: row 23, and the pane on wide screens.

use crate::domain::calendar::Grain;
use crate::query::{Cohort, CohortKind, RetentionTable, State, Window};
use crate::ui::pen::{Pen, Run};
use crate::ui::theme::Role;
use crate::ui::{dates, format};

use super::super::super::pane;
use super::super::super::view::Env;
use super::Retention;
use super::grid::letter;

/// Complete cohorts before, pooled, that a cell is held against.
const BEFORE: usize = 4;

/// The cell in one sentence: count, rate, interval, the cohorts before.
pub fn sentence(screen: &Retention, env: &Env<'_>) -> Vec<Run> {
    let Some(table) = screen.table.shown() else { return Vec::new() };
    let Some((index, interval)) = screen.cell(table).filter(|_| table.cohorts.iter().any(|c| c.size > 0)) else {
        let nobody = "nobody began in this period: [ is an earlier one, { a wider, C counts all active users";
        return vec![(nobody.to_owned(), Role::Base)];
    };
    let cohort = &table.cohorts[index];
    let name =
        format!("{} {}{interval}", dates::bucket(cohort.bucket, table.grain(), env.today), letter(table.grain()));
    let said = match cohort.cells.get(interval) {
        _ if cohort.size == 0 => format!("{name}: nobody began in this {}", table.grain().name()),
        Some(cell) if cell.state != State::NotReached => {
            let running = if cell.state == State::Running { "; running, not averaged" } else { "" };
            let before = before(table, index, interval).map_or_else(String::new, |(rate, n)| {
                format!("; {n} {}s before {}", table.grain().name(), format::percent(rate))
            });
            format!("{name}: {}{before}{running}", counted(cell.users, cohort.size))
        }
        _ => format!("{name}: not reached; the data ends before this {} begins", table.grain().name()),
    };
    vec![(said, Role::Base)]
}

/// `301 of 1,000 = 30.1% (27.3-33.0)`.
fn counted(users: u64, size: u64) -> String {
    let interval = format::interval(users, size).map_or_else(String::new, |i| format!(" ({i})"));
    let rate = format::percent(users as f64 / size as f64);
    format!("{} of {} = {rate}{interval}", format::count(users), format::count(size))
}

/// The pooled rate of the complete cells above a cell, and of how many cohorts.
fn before(table: &RetentionTable, index: usize, interval: usize) -> Option<(f64, usize)> {
    let complete = |c: &&Cohort| c.cells.get(interval).is_some_and(|cell| cell.state == State::Complete);
    let cohorts: Vec<&Cohort> =
        table.cohorts[..index].iter().rev().filter(|c| c.size > 0).filter(complete).take(BEFORE).collect();
    let size: u64 = cohorts.iter().map(|c| c.size).sum();
    let users: u64 = cohorts.iter().map(|c| c.cells[interval].users).sum();
    (size > 0).then(|| (users as f64 / size as f64, cohorts.len()))
}

/// Days of an interval of a rolling window.
fn rolling_days(grain: Grain) -> i32 {
    match grain {
        Grain::Day => 1,
        Grain::Week => 7,
        Grain::Month => 30,
    }
}

/// The cell in the pane: cohort, counts, interval, change, definition.
pub fn draw_pane(screen: &Retention, pen: &mut Pen<'_>, env: &Env<'_>) {
    let (Some(table), Some(mut pen)) = (screen.table.shown(), pane::open(pen)) else { return };
    let Some((index, interval)) = screen.cell(table) else { return };
    let cohort = &table.cohorts[index];
    let size = format!("size {}", format::count(cohort.size));
    let name = format!("cohort {}", dates::bucket(cohort.bucket, table.grain(), env.today));
    let mut y = pane::head(&mut pen, &name, &size);
    let cell = cohort.cells.get(interval).filter(|c| c.state != State::NotReached && cohort.size > 0);
    let letter = letter(table.grain());
    if let Some(cell) = cell {
        let until = match screen.rules.window {
            Window::Calendar => env.calendar().shift(table.grain(), cohort.bucket.first, interval as i32).last,
            // Of whoever came on the last day.
            Window::Rolling => cohort.bucket.last.plus(rolling_days(table.grain()) * (interval as i32 + 1)),
        };
        let state = if cell.state == State::Complete { "complete to" } else { "running to" };
        y = pane::paragraph(
            &mut pen,
            y,
            &format!("{letter}{interval} {state} {}", dates::weekday(until, env.today)),
            Role::Base,
        );
        let rate = cell.users as f64 / cohort.size as f64;
        let interval_text = format::interval(cell.users, cohort.size).map_or_else(String::new, |i| format!("({i})"));
        y = pane::fact(&mut pen, y, "returned", (&format::count(cell.users), Role::Base), ("", Role::Base));
        y = pane::fact(&mut pen, y, "rate", (&format::percent(rate), Role::Base), (&interval_text, Role::Muted));
        if let Some((then, n)) = before(table, index, interval) {
            let name = format!("{n} {}s before", table.grain().name());
            y = pane::fact(&mut pen, y, &name, (&format::percent(then), Role::Base), ("", Role::Base));
            let change = format!("{}pp", format::signed((rate - then) * 100.0, 1));
            y = pane::fact(&mut pen, y, "change", (&change, Role::Base), ("", Role::Base));
        }
        let gone =
            format!("not active in {letter}{interval}: {}", format::count(cohort.size - cell.users.min(cohort.size)));
        y = pane::paragraph(&mut pen, y + 1, &gone, Role::Base);
    } else {
        y = pane::paragraph(&mut pen, y, &format!("{letter}{interval} is not reached"), Role::Muted);
    }
    let meaning = match screen.rules.window {
        Window::Calendar => format!(
            "{letter}{interval} = active on any day of calendar {} {interval} after the one in which the cohort began.",
            table.grain().name()
        ),
        Window::Rolling => {
            let hours = 24 * rolling_days(table.grain()) * interval as i32;
            let more = 24 * rolling_days(table.grain());
            format!(
                "{letter}{interval} = active in the {more} hours from {hours} hours after the hour of the start on."
            )
        }
    };
    y = pane::paragraph(&mut pen, y + 1, &meaning, Role::Muted);
    if screen.rules.kind == CohortKind::Recurring {
        let who = "Recurring: a user is in the cohort of every interval with a start event.";
        y = pane::paragraph(&mut pen, y + 1, who, Role::Muted);
    } else if let Some(history) = env.status.and_then(|s| s.history) {
        let since = format!(
            "First time over the whole file; history starts {}: earlier users appear new.",
            dates::short(history.first, env.today)
        );
        y = pane::paragraph(&mut pen, y + 1, &since, Role::Muted);
    }
    let complete = "Complete when the interval ends before the data does; only complete cells are averaged.";
    pane::paragraph(&mut pen, y + 1, complete, Role::Muted);
}
