//! `quarterdeck ltv`: what cohorts of users brought by an age.

use clap::{Args, ValueEnum};

use crate::domain::calendar::Grain;
use crate::query::{Among, LTV_DAYS, LtvAges, LtvCohort, LtvQuery, LtvTable, Number, State, Status};

use super::Deck;
use super::basis;
use super::flags::{Days, PeriodFlag};
use super::metric::state;
use super::nearest::Asked;
use super::output::{Failure, left_out};
use super::segment_flags::SegmentFlags;
use super::table::{Cell, Format, Table, head};

/// What cohorts of users brought by an age. Nothing is modelled.
#[derive(Debug, Args)]
pub struct LtvArgs {
    /// Width of a cohort
    #[arg(long, value_enum, default_value_t)]
    grain: PeriodFlag,
    #[command(flatten)]
    days: Days,
    /// Days of age; a cohort has a value once all of its users are that old
    #[arg(long, value_name = "N,N", value_delimiter = ',', conflicts_with = "intervals")]
    ages: Vec<u16>,
    /// Calendar intervals 0 to N instead of days; the last may be running
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(0..=400))]
    intervals: Option<u16>,
    /// Whose heads the value is a share of
    #[arg(long, value_enum, default_value_t)]
    among: AmongFlag,
    #[command(flatten)]
    segment: SegmentFlags,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Days of cohorts shown when nothing else is said.
fn usual_days(grain: Grain) -> i32 {
    match grain {
        Grain::Day => 28,
        Grain::Week => 182,
        Grain::Month => 365,
    }
}

fn letter(grain: Grain) -> char {
    match grain {
        Grain::Day => 'D',
        Grain::Week => 'W',
        Grain::Month => 'M',
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum AmongFlag {
    /// All users of the cohort
    #[default]
    Users,
    /// Those who had paid by that age
    Payers,
}

/// Runs the command.
///
/// # Errors
/// Ages that do not ascend, a span that runs backwards, and whatever the workspace refuses.
pub fn run(args: &LtvArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    let grain = args.grain.grain();
    let Some(through) = status.through else {
        return deck.no_data(&Table::new(&LONG), args.format);
    };
    args.segment.check(Asked::default(), &mut engine, deck)?;
    let mut span = args.days.span(through, usual_days(grain)).map_err(Failure::usage)?;
    if args.days.from.is_none() {
        span.first = status.calendar().bucket(grain, span.first).first;
    }
    let query = LtvQuery {
        span,
        grain,
        ages: match args.intervals {
            Some(n) => LtvAges::Buckets(n),
            None if args.ages.is_empty() => LtvAges::Days(LTV_DAYS.to_vec()),
            None => LtvAges::Days(args.ages.clone()),
        },
        among: match args.among {
            AmongFlag::Users => Among::Users,
            AmongFlag::Payers => Among::Payers,
        },
        segment: args.segment.segment(),
    };
    let answer = answer!(deck, engine, Ltv(query));
    left_out(answer.excluded, "money rows");
    let names = names(&answer, grain);
    let decimals = status.profile.currency.map_or(2, |currency| currency.exponent());
    let mut table = match args.format {
        Format::Table => wide(&answer, &names, decimals, deck.look().ascii),
        _ => long(&answer, &names),
    };
    table.choices = choices(args, &status);
    deck.write(&table, args.format)
}

/// `D7` for days of age, `M1` for calendar months.
fn names(answer: &LtvTable, grain: Grain) -> Vec<String> {
    match &answer.ages {
        LtvAges::Days(days) => days.iter().map(|n| format!("D{n}")).collect(),
        LtvAges::Buckets(last) => (0..=*last).map(|n| format!("{}{n}", letter(grain))).collect(),
    }
}

fn choices(args: &LtvArgs, status: &Status) -> Vec<(&'static str, String)> {
    let ages = if args.intervals.is_some() { "calendar intervals" } else { "days, mature cohorts only" };
    let mut choices = vec![
        ("value", "net revenue a head, realised".to_owned()),
        ("among", if args.among == AmongFlag::Users { "users" } else { "payers" }.to_owned()),
        ("ages", ages.to_owned()),
        ("grain", args.grain.grain().name().to_owned()),
        ("segment", args.segment.words()),
    ];
    choices.extend(basis::currency(&status.profile));
    choices.push(basis::zone(&status.profile));
    choices.push(basis::week(&status.profile));
    choices
}

const LONG: [&str; 7] = ["cohort", "size", "age", "net", "payers", "value", "state"];

/// One row a cell, for programs; the pooled value has no cohort, and only the heads that it is a share of.
fn long(answer: &LtvTable, names: &[String]) -> Table {
    let mut table = Table::new(&LONG);
    for cohort in &answer.cohorts {
        for (column, cell) in cohort.cells.iter().enumerate().filter(|(_, cell)| cell.state != State::NotReached) {
            table.rows.push(vec![
                Cell::text(cohort.bucket.first.to_string()),
                Cell::Count(cohort.size.into()),
                Cell::text(names[column].as_str()),
                Cell::number(Number::Money(cell.net)),
                Cell::Count(cell.payers.into()),
                Cell::number(answer.value(cohort, column)),
                Cell::text(state(cell.state)),
            ]);
        }
    }
    for (column, value) in answer.overall.iter().enumerate() {
        let Number::MoneyPer { num, den } = *value else { continue };
        let heads = |among: Among| if answer.among == among { Cell::Count(den) } else { Cell::Missing };
        table.rows.push(vec![
            Cell::Total,
            heads(Among::Users),
            Cell::text(names[column].as_str()),
            Cell::number(Number::Money(num)),
            heads(Among::Payers),
            Cell::number(*value),
            Cell::text(state(State::Complete)),
        ]);
    }
    table
}

/// The triangle in money a head: `12.30` complete, `12.30*` running, blank not reached or not mature, `--` nobody paid, a
/// dot for a cohort without users.
fn wide(answer: &LtvTable, names: &[String], decimals: u32, ascii: bool) -> Table {
    let mut table = Table::new(&["cohort", "size"]);
    table.columns.extend(names.iter().map(|name| name.clone().into()));
    for cohort in &answer.cohorts {
        let mut row = vec![Cell::text(cohort.bucket.first.to_string()), Cell::Count(cohort.size.into())];
        row.extend((0..names.len()).map(|column| Cell::Shown(shown(answer, cohort, column, decimals, ascii))));
        table.rows.push(row);
    }
    let mut row = vec![Cell::text("pooled"), Cell::Shown(String::new())];
    row.extend(answer.overall.iter().map(|value| Cell::Shown(marked(*value, decimals, ' '))));
    table.rows.push(row);
    table
}

fn shown(answer: &LtvTable, cohort: &LtvCohort, column: usize, decimals: u32, ascii: bool) -> String {
    let state = cohort.cells.get(column).map_or(State::NotReached, |cell| cell.state);
    match state {
        State::NotReached => String::new(),
        State::Running if matches!(answer.ages, LtvAges::Days(_)) => String::new(),
        _ if cohort.size == 0 => if ascii { ". " } else { "· " }.to_owned(),
        State::Running => marked(answer.value(cohort, column), decimals, '*'),
        State::Complete => marked(answer.value(cohort, column), decimals, ' '),
    }
}

/// Money a head in the currency's decimals.
fn marked(value: Number, decimals: u32, mark: char) -> String {
    match value {
        Number::MoneyPer { num, den } => format!("{}{mark}", head(num, den, decimals)),
        _ => format!("--{mark}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Day, Span};
    use crate::query::LtvCell;

    #[test]
    fn a_cell_that_is_not_mature_has_no_value_by_days_and_a_mark_by_intervals() {
        let cell = LtvCell { net: 7_000_000, payers: 1, state: State::Running };
        let cohort = LtvCohort { bucket: Span::new(Day(0), Day(6)), size: 2, cells: vec![cell] };
        let table = |ages| LtvTable { ages, among: Among::Users, cohorts: Vec::new(), overall: vec![], excluded: 0 };
        let of = |ages| shown(&table(ages), &cohort, 0, 2, false);
        assert_eq!((of(LtvAges::Days(vec![7])), of(LtvAges::Buckets(0))), (String::new(), "3.50*".to_owned()));
        assert_eq!(table(LtvAges::Days(vec![7])).value(&cohort, 0), Number::None);
        assert_eq!(shown(&table(LtvAges::Buckets(0)), &cohort, 1, 2, false), "");
        let nobody = LtvCohort { size: 0, ..cohort };
        assert_eq!(shown(&table(LtvAges::Buckets(0)), &nobody, 0, 2, true), ". ");
    }
}
