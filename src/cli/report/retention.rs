//! The triangle of a report with its curve.

use crate::domain::calendar::Span;
use crate::engine::Engine;
use crate::query::{RetentionQuery, RetentionTable, State, Status};
use crate::ui::chart::{Range, Series, Stroke};
use crate::ui::svg::Chart;
use crate::ui::theme::Role;
use crate::ui::{format, heat};

use super::super::Deck;
use super::super::output::Failure;
use super::super::retention::rows::{self as triangle, Shape};
use super::super::table::Table;
use super::Section;
use super::asked::Asked;

/// Cohorts, and intervals after 0.
const COHORTS: i32 = 8;

const ABOUT: &str = "Percent active in the interval. * still runs and counts in no average; blank is not reached; pooled \
                     over complete cells.";

/// The cohorts that end with the period: for people a triangle, for programs a row a cell.
///
/// # Errors
/// Whatever the workspace refuses.
pub fn section(asked: Asked, status: &Status, engine: &mut Engine, deck: &mut Deck) -> Result<Section, Failure> {
    let calendar = status.calendar();
    let first = calendar.shift(asked.grain, asked.period.first, 1 - COHORTS).first;
    let begun = status.history.map_or(first, |history| calendar.bucket(asked.grain, history.first).first);
    let span = Span::new(first.max(begun).min(asked.period.first), asked.period.last);
    let query = RetentionQuery::new(span, asked.grain, COHORTS as u16);
    let answer = answer!(deck, engine, Retention(Box::new(query.clone())));
    let mut section = Section::new("retention", "Retention of first-time users");
    if answer.whole.cohorts.iter().all(|cohort| cohort.size == 0) {
        return Ok(section.with(Table::new(&[]), "no cohort: it needs events with a user and a time"));
    }
    section.chart = curve(&answer.whole);
    section.notes.push(ABOUT.to_owned());
    let zone = status.profile.zone;
    let shape = Shape { by: None, amounts: false, columns: &query.columns, zone, average: "pooled", ascii: false };
    if asked.is_exact() {
        section.keys = 2;
        let mut table = triangle::long(&answer, &shape);
        // The interval tells rows of a cohort apart, the size does not.
        table.columns.swap(1, 2);
        table.rows.iter_mut().for_each(|row| row.swap(1, 2));
        return Ok(section.with(table, ""));
    }
    section.tones = tones(&answer.whole);
    Ok(section.with(triangle::wide(&answer, &shape), ""))
}

/// The pooled row as a line; nothing where no cell is complete.
fn curve(table: &RetentionTable) -> Option<String> {
    let rates: Vec<(usize, f64)> =
        table.average.iter().enumerate().filter_map(|(at, mean)| Some((at, mean.rate?))).collect();
    let last = rates.last().map(|(at, _)| (*at).max(1) as f64)?;
    let points = rates.iter().map(|(at, rate)| (*at as f64 / last, *rate)).collect();
    let letter = table.period.letter();
    let below: Vec<(f64, String)> = rates.iter().map(|(at, _)| (*at as f64 / last, format!("{letter}{at}"))).collect();
    let chart = Chart {
        about: "Share of users who come back, by interval, over complete cells",
        series: &[Series { points, role: Role::Series(1), stroke: Stroke::Thick }],
        range: Range { low: 0.0, high: 1.0 },
        label: &format::tick_percent,
        marks: &below,
        events: &[],
    };
    Some(chart.draw())
}

/// The step of the heat scale of each complete cell.
fn tones(table: &RetentionTable) -> Vec<(usize, usize, String)> {
    let mut tones = Vec::new();
    for (row, cohort) in table.cohorts.iter().enumerate().filter(|(_, cohort)| cohort.size > 0) {
        for (column, cell) in cohort.cells.iter().enumerate() {
            let class = match cell.state {
                State::Complete => format!("h{}", heat::step(cell.users as f64 / cohort.size as f64)),
                State::Running => "muted".to_owned(),
                State::NotReached => continue,
            };
            // Cohort and size stand before the intervals.
            tones.push((row, column + 2, class));
        }
    }
    tones
}
