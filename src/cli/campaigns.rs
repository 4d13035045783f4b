//! `quarterdeck campaigns`: what campaigns cost and whom they brought.

use clap::Args;

use crate::query::{Bill, CampaignsQuery, Number};

use super::Deck;
use super::basis;
use super::flags::Days;
use super::metric::{GrainFlag, state};
use super::nearest::Asked;
use super::output::{Failure, late, left_out};
use super::segment_flags::SegmentFlags;
use super::table::{Cell, Format, Table};

/// Spend, impressions, clicks, new users and CAC by channel and campaign; else of the last 28 days. The campaign of a user is
/// `utm_campaign` of the first touch; where no event of a channel has one, its new users stand beside no campaign.
#[derive(Debug, Args)]
pub struct CampaignsArgs {
    #[command(flatten)]
    days: Days,
    /// Rows of each campaign
    #[arg(long, value_enum, default_value = "total")]
    grain: GrainFlag,
    #[command(flatten)]
    segment: SegmentFlags,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const COLUMNS: [&str; 12] = [
    "part",
    "from",
    "channel",
    "campaign",
    "spend",
    "impressions",
    "clicks",
    "ctr",
    "cost_per_click",
    "new_users",
    "cac",
    "state",
];

/// Runs the command.
///
/// # Errors
/// A span that runs backwards, unknown names, and whatever the workspace refuses.
pub fn run(args: &CampaignsArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    let mut table = Table::new(&COLUMNS);
    let Some(through) = status.through else {
        return deck.no_data(&table, args.format);
    };
    args.segment.check(Asked::default(), &mut engine, deck)?;
    let span = args.grain.span(args.days, through, &status)?;
    let query = CampaignsQuery { span, grain: args.grain.grain(), segment: args.segment.segment() };
    let answer = answer!(deck, engine, Campaigns(query));
    left_out(answer.excluded, "amounts");
    late(answer.covered, span);
    for (at, bucket) in answer.buckets.iter().enumerate() {
        let from = || Cell::text(bucket.first.to_string());
        for one in &answer.rows {
            let name = Some(&one.campaign).filter(|name| !name.is_empty());
            let names = [Cell::text(&one.channel), name.map_or(Cell::Missing, Cell::text)];
            table.rows.push(row("campaign", from(), names, &one.bills[at]));
        }
        table.rows.push(row("paid", from(), [Cell::Missing, Cell::Missing], &answer.paid[at]));
    }
    table.rows.iter_mut().for_each(|row| row.push(Cell::text(state(answer.covered.0))));
    table.choices = vec![
        ("acquired", "first activity".to_owned()),
        ("campaign", "utm_campaign of the first touch".to_owned()),
        ("segment", args.segment.words()),
    ];
    table.choices.extend(basis::currency(&status.profile));
    table.choices.push(basis::zone(&status.profile));
    table.choices.extend(basis::days(span));
    deck.write(&table, args.format)
}

fn row(part: &'static str, from: Cell, [channel, campaign]: [Cell; 2], bill: &Bill) -> Vec<Cell> {
    let count = |n: Option<i128>| n.map_or(Cell::Missing, Cell::Count);
    vec![
        Cell::text(part),
        from,
        channel,
        campaign,
        Cell::number(bill.spend.map_or(Number::None, Number::Money)),
        count(bill.shown),
        count(bill.clicks),
        Cell::number(bill.ctr()),
        Cell::number(bill.per_click()),
        count(bill.users.map(i128::from)),
        Cell::number(bill.cac()),
    ]
}
