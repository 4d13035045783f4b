//! `quarterdeck segment`: groups of users, their sizes and flows, and who is in them.

use clap::{Args, Subcommand, ValueEnum};

use crate::domain::calendar::Day;
use crate::query::{
    Class, Cut, Flow, Lifecycle, LifecycleQuery, LifecycleTable, Move, Number, RfmQuery, RfmTable, Status,
};

use super::Deck;
use super::basis;
use super::flags::{PeriodFlag, day};
use super::metric::state;
use super::nearest::Asked;
use super::output::{Failure, left_out, note};
use super::segment_flags::{SegmentFlags, class, place};
use super::table::{Cell, Format, Table, rate};

/// Groups of users, their sizes and flows, and who is in them.
#[derive(Debug, Args)]
pub struct SegmentArgs {
    #[command(subcommand)]
    by: By,
}

#[derive(Debug, Subcommand)]
enum By {
    /// Paying users by recency, frequency and money
    Rfm(RfmArgs),
    /// Users by new, returning, resurrected and dormant
    Lifecycle(LifecycleArgs),
}

#[derive(Debug, Args)]
struct RfmArgs {
    /// Last day of the payments seen; else the last with any
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<Day>,
    /// Days of payments that end on it; else all
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    days: Option<u16>,
    /// How users are cut into fifths
    #[arg(long, value_enum, default_value_t)]
    cut: CutFlag,
    /// Last day of the earlier window that flows compare with; else 28 days earlier
    #[arg(long, value_name = "DATE", value_parser = day)]
    against: Option<Day>,
    /// Users of this class, for a recall list
    #[arg(long, value_name = "CLASS", value_parser = class)]
    list: Option<Class>,
    /// Users by their class before and now
    #[arg(long, conflicts_with = "list")]
    flows: bool,
    #[command(flatten)]
    segment: SegmentFlags,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
struct LifecycleArgs {
    /// Width of the period
    #[arg(long, value_enum, default_value_t)]
    grain: PeriodFlag,
    /// A day of the period; else the last whole day of data
    #[arg(long, value_name = "DATE", value_parser = day)]
    at: Option<Day>,
    /// A day of the earlier period that flows compare with; else of the one before
    #[arg(long, value_name = "DATE", value_parser = day)]
    against: Option<Day>,
    /// Users in this place, for a recall list
    #[arg(long, value_name = "PLACE", value_parser = place)]
    list: Option<Lifecycle>,
    /// Users by their place before and now
    #[arg(long, conflicts_with = "list")]
    flows: bool,
    /// Only this event counts as activity
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
    #[command(flatten)]
    segment: SegmentFlags,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum CutFlag {
    /// Equal values share a score
    #[default]
    Rank,
    /// Fifths of equal size; equal values are parted by the user's id
    Ntile,
}

/// Runs the command.
///
/// # Errors
/// Dates in the wrong order, and whatever the workspace refuses.
pub fn run(args: &SegmentArgs, deck: &mut Deck) -> Result<u8, Failure> {
    match &args.by {
        By::Rfm(args) => rfm(args, deck),
        By::Lifecycle(args) => lifecycle(args, deck),
    }
}

fn rfm(args: &RfmArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    args.segment.check(Asked::default(), &mut engine, deck)?;
    let query = RfmQuery {
        until: args.to,
        days: args.days,
        cut: match args.cut {
            CutFlag::Rank => Cut::Rank,
            CutFlag::Ntile => Cut::Ntile,
        },
        against: args.against,
        segment: args.segment.segment(),
    };
    let answer = answer!(deck, engine, Rfm(query));
    if answer.window.is_none() {
        note("no payments yet: `quarterdeck import FILE` brings some");
    }
    left_out(answer.excluded, "money rows");
    let mut table = match args.list {
        Some(class) => rfm_list(&answer, class, args.cut),
        None if args.flows => flows(&answer.moves, Class::name),
        None => rfm_sizes(&answer),
    };
    table.choices = rfm_choices(args, &answer, &status);
    deck.write(&table, args.format)
}

fn rfm_choices(args: &RfmArgs, answer: &RfmTable, status: &Status) -> Vec<(&'static str, String)> {
    let mut choices = vec![("segment_by", "rfm".to_owned())];
    for (name, span) in [("window", answer.window), ("against", answer.before)] {
        choices.extend(span.map(|s| (name, format!("{} to {}", s.first, s.last))));
    }
    choices.push(("cut", if args.cut == CutFlag::Rank { "rank" } else { "ntile" }.to_owned()));
    choices.push(("segment", args.segment.words()));
    choices.extend(basis::currency(&status.profile));
    choices.push(basis::zone(&status.profile));
    choices
}

fn rfm_list(answer: &RfmTable, class: Class, cut: CutFlag) -> Table {
    let mut table = Table::new(&["user", "class", "recency_days", "frequency", "monetary", "r", "f", "m"]);
    for user in answer.users.iter().filter(|u| u.class == Some(class)) {
        let score = if cut == CutFlag::Rank { user.rank } else { user.ntile };
        let fifth = |value: u8| Cell::Count(value.into());
        table.rows.push(vec![
            Cell::text(user.name.as_str()),
            Cell::text(class.name()),
            Cell::Count(user.recency_days.into()),
            Cell::Count(user.frequency.into()),
            Cell::number(Number::Money(user.monetary)),
            fifth(score.r),
            fifth(score.f),
            fifth(score.m),
        ]);
    }
    table
}

fn rfm_sizes(answer: &RfmTable) -> Table {
    let mut table = Table::new(&["class", "users", "share", "monetary", "came", "left"]);
    let all = answer.users.len() as u64;
    let money = |class: Option<Class>| {
        let of = answer.users.iter().filter(|u| class.is_none() || u.class == class);
        Cell::number(Number::Money(of.map(|u| u.monetary).sum()))
    };
    for flow in &answer.flows {
        let mut row = sized(flow, flow.group.name(), all);
        row.insert(3, money(Some(flow.group)));
        table.rows.push(row);
    }
    table.rows.push(vec![
        Cell::Total,
        Cell::Count(all.into()),
        share(all, all),
        money(None),
        Cell::Missing,
        Cell::Missing,
    ]);
    table
}

fn lifecycle(args: &LifecycleArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    let Some(at) = args.at.or(status.through) else {
        return deck.no_data(&Table::new(&SIZES), args.format);
    };
    args.segment.without_streams()?;
    let events = args.event.iter().collect();
    args.segment.check(Asked { events, ..Asked::default() }, &mut engine, deck)?;
    let query = LifecycleQuery {
        at,
        grain: args.grain.grain(),
        against: args.against,
        event: args.event.clone(),
        segment: args.segment.segment(),
    };
    let answer = answer!(deck, engine, Lifecycle(query));
    let mut table = match args.list {
        Some(place) => lifecycle_list(&answer, place),
        None if args.flows => flows(&answer.moves, Lifecycle::name),
        None => lifecycle_sizes(&answer),
    };
    table.choices = vec![
        ("segment_by", "lifecycle".to_owned()),
        ("period", format!("{} to {}", answer.period.first, answer.period.last)),
        ("state", state(answer.state).to_owned()),
        ("against", format!("{} to {}", answer.before.first, answer.before.last)),
        ("event", args.event.clone().unwrap_or_else(|| "any activity".to_owned())),
        ("segment", args.segment.words()),
        basis::zone(&status.profile),
        basis::week(&status.profile),
    ];
    deck.write(&table, args.format)
}

fn lifecycle_list(answer: &LifecycleTable, place: Lifecycle) -> Table {
    let mut table = Table::new(&["user", "place", "first_active", "last_active"]);
    for user in answer.users.iter().filter(|u| u.place == place) {
        table.rows.push(vec![
            Cell::text(user.name.as_str()),
            Cell::text(place.name()),
            Cell::text(user.first.to_string()),
            Cell::text(user.last.to_string()),
        ]);
    }
    table
}

const SIZES: [&str; 5] = ["place", "users", "share", "came", "left"];

fn lifecycle_sizes(answer: &LifecycleTable) -> Table {
    let mut table = Table::new(&SIZES);
    let all = answer.users.len() as u64;
    table.rows.extend(answer.flows.iter().map(|flow| sized(flow, flow.group.name(), all)));
    table.rows.push(vec![Cell::Total, Cell::Count(all.into()), share(all, all), Cell::Missing, Cell::Missing]);
    table
}

/// Name, users, their share of all, how many came and left.
fn sized<G>(flow: &Flow<G>, name: &str, all: u64) -> Vec<Cell> {
    vec![
        Cell::text(name),
        Cell::Count(flow.users.into()),
        share(flow.users, all),
        Cell::Count(flow.came.into()),
        Cell::Count(flow.left.into()),
    ]
}

fn share(part: u64, whole: u64) -> Cell {
    match Number::ratio(part.into(), whole.into()) {
        Number::Ratio { num, den } => Cell::Rate(rate(num, den)),
        _ => Cell::Missing,
    }
}

/// One row a move; who was or is in no group has none.
fn flows<G: Copy>(moves: &[Move<G>], name: fn(G) -> &'static str) -> Table {
    let mut table = Table::new(&["from", "to", "users"]);
    let group = |group: Option<G>| group.map_or(Cell::Missing, |g| Cell::text(name(g)));
    table.rows = moves.iter().map(|m| vec![group(m.from), group(m.to), Cell::Count(m.users.into())]).collect();
    table
}
