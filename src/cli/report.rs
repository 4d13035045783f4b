//! `quarterdeck report`: what happened in a week or a month, for those who do not open the dashboard.
//!
//! ```text
//! period -> sections (the questions of the screens) -> Markdown, HTML or CSV -> a file or standard output
//! ```

mod asked;
mod html;
mod markdown;
mod plans;
mod retention;
mod rows;
mod sections;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::domain::calendar::{Day, Grain, Span};
use crate::query::Status;
use crate::ui::when::{When, when};

use super::Deck;
use super::output::{Failure, note, save};
use super::table::{Cell, Format, Table, shown};

/// What happened in a week or a month.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Of a calendar week; so it is when nothing is said
    #[arg(long, conflicts_with = "month")]
    week: bool,
    /// Of a calendar month
    #[arg(long)]
    month: bool,
    /// A day of it: 2026-06-10, yesterday, fri; else the newest that the data covers whole
    #[arg(long, value_name = "DAY", value_parser = when)]
    of: Option<When>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    format: ReportFormat,
    /// File to write, which must not exist, its name printed; else standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file where it is there
    #[arg(long, requires = "output")]
    replace: bool,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum ReportFormat {
    /// Markdown with tables
    #[default]
    Md,
    /// One page with charts, without scripts, that needs no other file
    Html,
    /// A row a value, exact: section, item, field, value
    Csv,
}

/// A report before it is written.
struct Report {
    /// Product and period.
    title: String,
    /// The choices behind the numbers.
    facts: Vec<(&'static str, String)>,
    /// In order of reading.
    sections: Vec<Section>,
}

/// A part of a report.
#[derive(Default)]
struct Section {
    /// Stable name for programs.
    id: String,
    /// Its heading.
    title: String,
    /// Lines above the table.
    notes: Vec<String>,
    /// One `svg` element.
    chart: Option<String>,
    /// Lines below the chart, numbered as its events are.
    legend: Vec<String>,
    /// Its rows; `None` where there is nothing to show.
    table: Option<Table>,
    /// Leading columns that tell rows apart.
    keys: usize,
    /// Class of a cell by row and column.
    tones: Vec<(usize, usize, String)>,
    /// Last days of a row, drawn beside it.
    trends: Vec<Vec<Option<f64>>>,
}

impl Section {
    fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into(), keys: 1, ..Self::default() }
    }

    /// A table that programs, too, have something to read in; else the line that says why there is none.
    fn with(mut self, table: Table, empty: &str) -> Self {
        if table.rows.is_empty() {
            self.notes.push(empty.to_owned());
        } else {
            self.table = Some(table);
        }
        self
    }

    fn tone(&self, row: usize, column: usize) -> Option<&str> {
        self.tones.iter().find(|(r, c, _)| (*r, *c) == (row, column)).map(|(_, _, class)| class.as_str())
    }
}

/// A cell as people read it.
fn read(cell: &Cell) -> String {
    match cell {
        Cell::Flag(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        cell => shown(cell).trim_end().to_owned(),
    }
}

/// Runs the command.
///
/// # Errors
/// When the workspace cannot be read, or the file or standard output cannot be written.
pub fn run(args: &ReportArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    if status.through.is_none() {
        note("no data yet: `quarterdeck import FILE` brings some");
    }
    let grain = if args.month { Grain::Month } else { Grain::Week };
    let period = period(args.of.map(|of| of.until(status.today)), grain, &status);
    let cells = if args.format == ReportFormat::Csv { Format::Csv } else { Format::Table };
    let report = sections::gather(asked::Asked { period, grain, cells }, &status, &mut engine, deck)?;
    let text = match args.format {
        ReportFormat::Md => markdown::written(&report),
        ReportFormat::Html => html::written(&report),
        ReportFormat::Csv => rows::written(&report),
    };
    let Some(path) = &args.output else {
        for line in text.lines() {
            deck.out.line(line)?;
        }
        return Ok(0);
    };
    save(path, text.as_bytes(), args.replace)?;
    deck.out.line(&path.display().to_string())?;
    Ok(0)
}

/// The calendar period of a day; without one the newest that is over in the data, else the one that runs.
fn period(of: Option<Day>, grain: Grain, status: &Status) -> Span {
    let calendar = status.calendar();
    let through = status.through.unwrap_or(status.today);
    let newest = calendar.bucket(grain, of.unwrap_or(through));
    if of.is_some() || newest.last <= through {
        return newest;
    }
    let before = calendar.shift(grain, newest.first, -1);
    let has_data = status.history.is_some_and(|history| history.first <= before.last);
    if has_data { before } else { newest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{WeekStart, Zone};
    use crate::query::Profile;

    fn status(first: &str, through: &str) -> Status {
        let day = |text: &str| Day::parse(text).unwrap();
        Status {
            profile: Profile {
                product: String::new(),
                form: String::new(),
                stage: String::new(),
                currency: None,
                zone: Zone::UTC,
                week_start: WeekStart::Monday,
            },
            today: day(through).plus(1),
            history: Some(Span { first: day(first), last: day(through) }),
            through: Some(day(through)),
            through_at: None,
            sources: 1,
            stale: Vec::new(),
            live: false,
            read_only: false,
            rejected: 0,
        }
    }

    #[test]
    fn the_period_is_the_newest_that_is_over() {
        let of = |day: Option<&str>, grain, status: &Status| {
            let span = period(day.map(|day| Day::parse(day).unwrap()), grain, status);
            (span.first.to_string(), span.last.to_string())
        };
        let span = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let old = status("2026-01-01", "2026-06-10");
        assert_eq!(of(None, Grain::Week, &old), span("2026-06-01", "2026-06-07"));
        assert_eq!(of(None, Grain::Month, &old), span("2026-05-01", "2026-05-31"));
        assert_eq!(of(Some("2026-06-09"), Grain::Month, &old), span("2026-06-01", "2026-06-30"));
        let whole = status("2026-01-01", "2026-06-07");
        assert_eq!(of(None, Grain::Week, &whole), span("2026-06-01", "2026-06-07"));
        let young = status("2026-06-08", "2026-06-10");
        assert_eq!(of(None, Grain::Week, &young), span("2026-06-08", "2026-06-14"));
    }
}
