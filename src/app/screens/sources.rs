//! Sources as a table: how fresh, how many, in what state. Today and Data show the same rows.

use crate::domain::calendar::Instant;
use crate::domain::records::Kind;
use crate::query::Source;
use crate::ui::pen::Run;
use crate::ui::table::{Align, Cell, Column, Row, Table};
use crate::ui::theme::Role;
use crate::ui::verdict::Verdict;
use crate::ui::{dates, format};

use super::super::layers::message::Message;
use super::super::view::Env;

const COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 17).compact(Align::Left(1)),
    Column::new("", Align::Left(19), 8).compact(Align::Left(19)),
    Column::new("newest", Align::Right(43), 14).compact(Align::Right(43)),
    Column::new("rows", Align::Right(57), 12),
    Column::new("rejected", Align::Right(67), 8),
    Column::new("state", Align::Left(69), 11).compact(Align::Left(46)),
];

/// The table of sources.
pub fn table(sources: &[Source], env: &Env<'_>) -> Table {
    let in_use = || sources.iter().filter(|s| !s.ended && s.newest.is_some());
    let (open, fresh) = (in_use().count(), in_use().filter(|s| s.stale_days.is_none()).count());
    Table {
        title: "SOURCES".to_owned(),
        note: if open == 0 { String::new() } else { format!("{fresh} of {open} fresh") },
        columns: COLUMNS,
        rows: sources.iter().map(|s| row(s, env)).collect(),
        empty: "no source yet: i imports a file".to_owned(),
        ..Table::default()
    }
}

fn row(source: &Source, env: &Env<'_>) -> Row {
    let newest = source.newest.map(|at| newest(source.kind, at, env));
    let (state, role) = state(source);
    let refused = if source.rejected > 0 { Role::Bad } else { Role::Base };
    Row {
        id: source.name.clone(),
        cells: vec![
            Cell::text(&source.name),
            Cell::text(source.kind.name()),
            Cell::number(
                newest.unwrap_or_else(|| format::MISSING.to_owned()),
                source.newest.map(|at| at.0 as f64),
                source.newest.map_or_else(String::new, |at| at.to_string()),
            ),
            Cell::number(format::count(source.rows), Some(source.rows as f64), source.rows.to_string()),
            Cell::number(format::count(source.rejected), Some(source.rejected as f64), source.rejected.to_string())
                .role(refused),
            Cell::text(state).role(role),
        ],
    }
}

/// The newest row: what is about a day has no time of day.
fn newest(kind: Kind, at: Instant, env: &Env<'_>) -> String {
    let said = dates::moment(at, &env.calendar(), env.today);
    match said.rsplit_once(' ') {
        Some((day, clock)) if kind.is_daily() && clock.contains(':') => day.to_owned(),
        _ => said,
    }
}

fn state(source: &Source) -> (String, Role) {
    if source.ended {
        return ("ended".to_owned(), Role::Muted);
    }
    if let Some(days) = source.stale_days {
        return (format!("{} {}", Verdict::Stale.text(), dates::age(days)), Verdict::Stale.role());
    }
    if source.newest.is_none() && source.rows == 0 {
        return (Verdict::NoData.text(), Verdict::NoData.role());
    }
    let live = if source.live { " live" } else { "" };
    (format!("{}{live}", Verdict::Ok.text()), Verdict::Ok.role())
}

/// Everything about a source.
pub fn told(source: &Source, env: &Env<'_>) -> Message {
    let (state, _) = state(source);
    let rows = format!(
        "{} {} rows, {} refused, {state}",
        format::count(source.rows),
        source.kind.name(),
        format::count(source.rejected)
    );
    Message::new("Source", vec![sentence(source, env)[0].0.clone(), rows])
}

/// A source in one sentence.
pub fn sentence(source: &Source, env: &Env<'_>) -> Vec<Run> {
    let calendar = env.calendar();
    let said = source.newest.map_or_else(
        || if source.rows == 0 { "no row yet" } else { "rows without a day" }.to_owned(),
        |at| format!("newest row {}", newest(source.kind, at, env)),
    );
    let complete = source
        .through
        .map_or_else(String::new, |at| format!("; complete to {}", dates::complete_to(at, &calendar, env.today)));
    let next = if source.stale_days.is_some() { "; i imports the next file" } else { "" };
    vec![(format!("{}: {said}{complete}{next}", source.name), Role::Base)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_a_day_are_no_missing_data() {
        let source = |rows| Source {
            name: "pipeline".into(),
            kind: Kind::Deals,
            newest: None,
            through: None,
            rows,
            rejected: 0,
            stale_days: None,
            live: false,
            ended: false,
        };
        assert_eq!(state(&source(3)).0, Verdict::Ok.text());
        assert_eq!(state(&source(0)).0, Verdict::NoData.text());
    }
}
