//! `quarterdeck retention`: the cohort triangle.

use clap::{Args, ValueEnum};

use crate::domain::calendar::Grain;
use crate::query::{
    Answer, Average, Cell as Kept, CohortKind, Criterion, IntervalZero, Query, RetentionQuery, RetentionTable, State,
    Status,
};

use super::Deck;
use super::flags::Days;
use super::metric::{SegmentFlags, state};
use super::nearest::{self, Asked};
use super::output::{Failure, note};
use super::table::{Cell, Format, Table, rate};

/// The cohort triangle.
#[derive(Debug, Args)]
pub struct RetentionArgs {
    /// Width of cohorts and intervals
    #[arg(long, value_enum, default_value_t)]
    grain: GrainFlag,
    #[command(flatten)]
    days: Days,
    /// Intervals after 0; else 30 days, 12 weeks or 12 months
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(0..=400))]
    intervals: Option<u16>,
    /// Who is in a cohort
    #[arg(long, value_enum, default_value_t)]
    kind: KindFlag,
    /// Which return counts for an interval
    #[arg(long, value_enum, default_value_t)]
    criterion: CriterionFlag,
    /// What interval 0 holds
    #[arg(long, value_enum, default_value_t)]
    interval_zero: ZeroFlag,
    /// Event that starts; else any activity
    #[arg(long, value_name = "EVENT")]
    start: Option<String>,
    /// Event that returns; else any activity
    #[arg(long = "return", value_name = "EVENT")]
    ret: Option<String>,
    /// How the average row is formed from complete cells
    #[arg(long, value_enum, default_value_t)]
    average: AverageFlag,
    #[command(flatten)]
    segment: SegmentFlags,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum GrainFlag {
    Day,
    #[default]
    Week,
    Month,
}

impl GrainFlag {
    fn grain(self) -> Grain {
        match self {
            Self::Day => Grain::Day,
            Self::Week => Grain::Week,
            Self::Month => Grain::Month,
        }
    }

    /// Days of cohorts shown when nothing else is said.
    fn usual_days(self) -> i32 {
        match self {
            Self::Day => 14,
            Self::Week => 70,
            Self::Month => 180,
        }
    }

    fn usual_intervals(self) -> u16 {
        match self {
            Self::Day => 30,
            Self::Week | Self::Month => 12,
        }
    }

    fn letter(self) -> char {
        match self {
            Self::Day => 'D',
            Self::Week => 'W',
            Self::Month => 'M',
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum KindFlag {
    /// By the first start event over the whole history
    #[default]
    FirstTime,
    /// In the cohort of every interval with a start event
    Recurring,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum CriterionFlag {
    /// Active in interval N
    #[default]
    On,
    /// Active in interval N or a later one
    OnOrAfter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum ZeroFlag {
    /// Users with the return event at or after their start event
    #[default]
    Observed,
    /// The size of the cohort
    Size,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum AverageFlag {
    /// Users returned over users started
    #[default]
    Pooled,
    /// Mean of the cohorts' rates
    Simple,
}

/// Runs the command.
///
/// # Errors
/// A span that runs backwards, and whatever the workspace refuses.
pub fn run(args: &RetentionArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    let Some(through) = status.through else {
        note("no data yet: `quarterdeck import FILE` brings some");
        return deck.write(&long(&empty(args.grain.grain())), args.format);
    };
    let events = args.start.iter().chain(&args.ret).collect();
    let SegmentFlags { channel: channels, platform: platforms } = &args.segment;
    nearest::check(&Asked { channels, platforms, events }, &mut engine, deck)?;
    let mut span = args.days.span(through, args.grain.usual_days()).map_err(Failure::usage)?;
    if args.days.from.is_none() {
        span.first = status.calendar().bucket(args.grain.grain(), span.first).first;
    }
    let asked = RetentionQuery {
        span,
        grain: args.grain.grain(),
        intervals: args.intervals.unwrap_or(args.grain.usual_intervals()),
        kind: match args.kind {
            KindFlag::FirstTime => CohortKind::FirstTime,
            KindFlag::Recurring => CohortKind::Recurring,
        },
        criterion: match args.criterion {
            CriterionFlag::On => Criterion::On,
            CriterionFlag::OnOrAfter => Criterion::OnOrAfter,
        },
        interval_zero: match args.interval_zero {
            ZeroFlag::Observed => IntervalZero::Observed,
            ZeroFlag::Size => IntervalZero::Size,
        },
        average: match args.average {
            AverageFlag::Pooled => Average::Pooled,
            AverageFlag::Simple => Average::Simple,
        },
        start: args.start.clone(),
        ret: args.ret.clone(),
        segment: args.segment.segment(),
        observe_until: None,
    };
    let Answer::Retention(answer) = engine.answer(&Query::Retention(asked), deck.clock())? else {
        return Err(Failure::failed("the engine answered another question"));
    };
    let mut table = if args.format == Format::Table { wide(&answer, args, deck.look().ascii) } else { long(&answer) };
    table.choices = choices(args, &status);
    deck.write(&table, args.format)
}

fn empty(grain: Grain) -> RetentionTable {
    RetentionTable { grain, cohorts: Vec::new(), average: Vec::new(), average_n: Vec::new() }
}

fn choices(args: &RetentionArgs, status: &Status) -> Vec<(&'static str, String)> {
    let any = |event: &Option<String>| event.clone().unwrap_or_else(|| "any activity".to_owned());
    let word = |value: &dyn Fn() -> Option<clap::builder::PossibleValue>| {
        value().map_or(String::new(), |value| value.get_name().to_owned())
    };
    vec![
        ("start", any(&args.start)),
        ("return", any(&args.ret)),
        ("kind", word(&|| args.kind.to_possible_value())),
        ("criterion", word(&|| args.criterion.to_possible_value())),
        ("interval_zero", word(&|| args.interval_zero.to_possible_value())),
        ("average", word(&|| args.average.to_possible_value())),
        ("grain", args.grain.grain().name().to_owned()),
        ("segment", args.segment.words()),
        ("zone", status.profile.zone.name().to_owned()),
        ("week", status.profile.week_start.name().to_owned()),
    ]
}

/// One row a cell, for programs; the average has no cohort and its size is the number of users behind it.
fn long(answer: &RetentionTable) -> Table {
    let mut table = Table::new(&["cohort", "size", "interval", "users", "rate", "state"]);
    for cohort in &answer.cohorts {
        for (interval, cell) in cohort.cells.iter().enumerate().filter(|(_, cell)| cell.state != State::NotReached) {
            let of_size = cohort.size > 0;
            table.rows.push(vec![
                Cell::text(cohort.bucket.first.to_string()),
                Cell::Count(i128::from(cohort.size)),
                Cell::Count(interval as i128),
                Cell::Count(i128::from(cell.users)),
                if of_size { Cell::Rate(rate(cell.users.into(), cohort.size.into())) } else { Cell::Missing },
                Cell::text(state(cell.state)),
            ]);
        }
    }
    for (interval, (average, n)) in answer.average.iter().zip(&answer.average_n).enumerate() {
        if let Some(average) = average {
            table.rows.push(vec![
                Cell::Total,
                Cell::Count(i128::from(*n)),
                Cell::Count(interval as i128),
                Cell::Missing,
                Cell::Rate(format!("{average:.6}")),
                Cell::text(state(State::Complete)),
            ]);
        }
    }
    table
}

/// The triangle, in percent: `38.4` complete, `14.6*` running, blank not reached, a dot for a cohort without users.
fn wide(answer: &RetentionTable, args: &RetentionArgs, ascii: bool) -> Table {
    let mut table = Table::new(&["cohort", "size"]);
    let intervals = answer.cohorts.iter().map(|c| reached(&c.cells)).max().unwrap_or(0);
    table.columns.extend((0..intervals).map(|n| format!("{}{n}", args.grain.letter()).into()));
    for cohort in &answer.cohorts {
        let mut row = vec![Cell::text(cohort.bucket.first.to_string()), Cell::Count(i128::from(cohort.size))];
        row.extend((0..intervals).map(|n| Cell::Shown(percent(cohort.cells.get(n), cohort.size, ascii))));
        table.rows.push(row);
    }
    let average = if args.average == AverageFlag::Pooled { "pooled" } else { "simple" };
    let mut row = vec![Cell::text(average), Cell::Shown(String::new())];
    row.extend((0..intervals).map(|n| {
        let average = answer.average.get(n).copied().flatten();
        Cell::Shown(average.map_or(String::new(), |a| format!("{:.1} ", a * 100.0)))
    }));
    table.rows.push(row);
    table
}

/// Number of leading intervals of which anything is known.
fn reached(cells: &[Kept]) -> usize {
    cells.iter().rposition(|cell| cell.state != State::NotReached).map_or(0, |last| last + 1)
}

fn percent(cell: Option<&Kept>, size: u64, ascii: bool) -> String {
    let Some(cell) = cell.filter(|cell| cell.state != State::NotReached) else {
        return String::new();
    };
    if size == 0 {
        return if ascii { ". " } else { "· " }.to_owned();
    }
    let tenths = (u128::from(cell.users) * 2_000 + u128::from(size)) / (2 * u128::from(size));
    let mark = if cell.state == State::Running { '*' } else { ' ' };
    format!("{}.{}{mark}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_the_triangle_tell_their_state() {
        let cell = |users, state| Kept { users, state };
        assert_eq!(percent(Some(&cell(301, State::Complete)), 1_000, false), "30.1 ");
        assert_eq!(percent(Some(&cell(1, State::Running)), 3, false), "33.3*");
        assert_eq!(percent(Some(&cell(0, State::NotReached)), 3, false), "");
        assert_eq!(percent(Some(&cell(0, State::Complete)), 0, false), "· ");
        assert_eq!(percent(Some(&cell(0, State::Complete)), 0, true), ". ");
        assert_eq!(reached(&[cell(0, State::Complete), cell(0, State::NotReached)]), 1);
    }
}
