//! `quarterdeck participants`: who took part in a campaign, what it cost and what came of them.

use clap::Args;

use crate::domain::props;
use crate::query::{BreakdownBy, Cost, Number, Participants, ParticipantsQuery, roi};

use super::Deck;
use super::basis;
use super::flags::Days;
use super::nearest::Asked;
use super::output::{Failure, left_out, note};
use super::retention::{by_parts, key, part_column};
use super::segment_flags::SegmentFlags;
use super::table::{Cell, Format, Table};

/// Distinct users who joined in some days, what that cost and what came of them; else of the last 28 days.
#[derive(Debug, Args)]
pub struct ParticipantsArgs {
    /// Event that is a join; else every event of the role join
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
    #[command(flatten)]
    days: Days,
    /// What it cost, in the workspace's currency
    #[arg(long, value_name = "AMOUNT", value_parser = amount, conflicts_with = "campaign")]
    cost: Option<i64>,
    /// It cost what was spent in these days under this campaign
    #[arg(long, value_name = "NAME")]
    campaign: Option<String>,
    /// Split users by channel, platform or a property of the event by which they first joined
    #[arg(long, value_name = "KEY")]
    by: Option<String>,
    /// Values with a row of their own
    #[arg(long, value_name = "N", default_value_t = 10, requires = "by")]
    top: usize,
    #[command(flatten)]
    segment: SegmentFlags,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

fn amount(text: &str) -> Result<i64, String> {
    props::micros(text).filter(|micros| *micros >= 0).ok_or_else(|| "a cost is written 1200 or 99.50".to_owned())
}

const COLUMNS: [&str; 10] =
    ["participants", "joins", "cost", "cost_per_participant", "aged", "active_d7", "d7", "payers", "net", "roi"];

/// Runs the command.
///
/// # Errors
/// Unknown names, a span that runs backwards, and whatever the workspace refuses.
pub fn run(args: &ParticipantsArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    let mut table = Table::new(&COLUMNS);
    if let Some(by) = &args.by {
        table.columns.insert(0, part_column(by).into());
    }
    let Some(through) = status.through else {
        return deck.no_data(&table, args.format);
    };
    let (properties, split) = by_parts(args.by.as_deref());
    let asked = Asked { events: args.event.iter().collect(), properties, split, ..Asked::default() };
    args.segment.check(asked, &mut engine, deck)?;
    let span = args.days.span(through, 28).map_err(Failure::usage)?;
    let cost = match (args.cost, &args.campaign) {
        (Some(micros), _) => Cost::Known(micros),
        (None, Some(name)) => Cost::Campaign(name.clone()),
        (None, None) => Cost::Unknown,
    };
    let by = args.by.as_deref().map(|by| BreakdownBy { key: key(by), top: Some(args.top) });
    let asked = ParticipantsQuery { event: args.event.clone(), span, segment: args.segment.segment(), cost, by };
    let answer = answer!(deck, engine, Participants(Box::new(asked)));
    if answer.joins.is_none() {
        note("no event has the role join: name one with --event, or say `quarterdeck role set NAME join`");
    }
    left_out(answer.excluded, "money rows");
    table.rows = vec![row(&answer)];
    if args.by.is_some() {
        table.rows[0].insert(0, Cell::Total);
        for (name, campaign) in &answer.parts {
            let part = Participants { joins: answer.joins, campaign: *campaign, ..Participants::default() };
            let mut cells = row(&part);
            // Joins are counted once, whoever they are of.
            cells[1] = Cell::Missing;
            cells.insert(0, Cell::text(name));
            table.rows.push(cells);
        }
    }
    table.choices = vec![
        ("join", args.event.clone().unwrap_or_else(|| "role join".to_owned())),
        ("from", span.first.to_string()),
        ("to", span.last.to_string()),
        ("net", "of participants, from the day they joined to the last day".to_owned()),
        ("segment", args.segment.words()),
        basis::zone(&status.profile),
    ];
    deck.write(&table, args.format)
}

fn row(answer: &Participants) -> Vec<Cell> {
    let out = &answer.campaign;
    let count = |n: u64| if answer.joins.is_some() { Cell::Count(n.into()) } else { Cell::Missing };
    let each = answer.cost.map_or(Number::None, |cost| Number::money_per(cost, out.participants.into()));
    let known = answer.joins.is_some();
    vec![
        count(out.participants),
        answer.joins.map_or(Cell::Missing, |n| Cell::Count(n.into())),
        answer.cost.map_or(Cell::Missing, |cost| Cell::number(Number::Money(cost))),
        Cell::number(each),
        count(out.aged),
        count(out.kept),
        Cell::number(out.post_event_d7()),
        count(out.paid),
        if known { Cell::number(Number::Money(out.net)) } else { Cell::Missing },
        Cell::number(if known { roi(out.net, answer.cost) } else { Number::None }),
    ]
}
