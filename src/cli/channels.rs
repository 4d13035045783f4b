//! `quarterdeck channels`: what channels cost and brought.

use clap::Args;

use crate::domain::money;
use crate::query::{ChannelRow, ChannelsQuery, Cuts, Number, Payback, Status, WHOLE_MARGIN};

use super::Deck;
use super::basis;
use super::flags::Days;
use super::metric::state;
use super::nearest::Asked;
use super::output::{Failure, late, left_out};
use super::segment_flags::SegmentFlags;
use super::table::{Cell, Format, Table};

/// What the users acquired in some days cost and brought, by the channel of their first touch; else of the last 28 days
/// whose users are all old enough.
#[derive(Debug, Args)]
pub struct ChannelsArgs {
    #[command(flatten)]
    days: Days,
    /// Day of age at which value is held against cost
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u16).range(0..=3660))]
    at: u16,
    /// Part of revenue that pays back
    #[arg(long, value_name = "SHARE", default_value = "1", value_parser = margin)]
    margin: u32,
    /// Users kept per cost from which a channel is an A and below which it is a C, in percent of all paid ones together;
    /// else as `quarterdeck setting` says
    #[arg(long, value_name = "A,C", value_parser = cuts)]
    grades: Option<Cuts>,
    #[command(flatten)]
    segment: SegmentFlags,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Millionths of a share above 0 and up to 1.
fn margin(text: &str) -> Result<u32, String> {
    let share = text.parse::<f64>().ok().filter(|share| *share > 0.0 && *share <= 1.0);
    let millionths = share.map(|share| (share * f64::from(WHOLE_MARGIN)).round() as u32).filter(|m| *m > 0);
    millionths.ok_or_else(|| "a margin is a share above 0 and at most 1, such as 0.6".to_owned())
}

fn cuts(text: &str) -> Result<Cuts, String> {
    let parts = text.split_once(',').and_then(|(upper, lower)| Some((upper.parse().ok()?, lower.parse().ok()?)));
    let cuts = parts.filter(|(upper, lower)| upper >= lower && *lower > 0);
    cuts.map(|(upper, lower)| Cuts { upper, lower })
        .ok_or_else(|| "grades part at two percentages, the higher first, such as 125,75".to_owned())
}

const COLUMNS: [&str; 18] = [
    "part",
    "channel",
    "spend",
    "users",
    "cac",
    "retained_d7",
    "cost_per_retained",
    "payers",
    "cost_per_payer",
    "roas_d7",
    "roas_d30",
    "ltv",
    "ltv_over_cac",
    "payback_day",
    "paid_back",
    "by_day",
    "grade",
    "state",
];

/// Runs the command.
///
/// # Errors
/// A span that runs backwards, unknown names, and whatever the workspace refuses.
pub fn run(args: &ChannelsArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    let mut table = Table::new(&COLUMNS);
    let Some(through) = status.through else {
        return deck.no_data(&table, args.format);
    };
    args.segment.check(Asked::default(), &mut engine, deck)?;
    // Without days of their own, all numbers have a value.
    let mature = through.plus(-i32::from(args.at));
    let last = if args.days.from.is_none() && args.days.to.is_none() { mature } else { through };
    let span = args.days.span(last, 28).map_err(Failure::usage)?;
    let query =
        ChannelsQuery { span, at: args.at, margin: args.margin, cuts: args.grades, segment: args.segment.segment() };
    let answer = answer!(deck, engine, Channels(query));
    left_out(answer.excluded, "amounts");
    late(answer.covered, span);
    let channel = |(name, channel): &(String, ChannelRow)| row("channel", Cell::text(name.as_str()), channel);
    table.rows.extend(answer.channels.iter().map(channel));
    table.rows.push(row("paid", Cell::Missing, &answer.paid));
    table.rows.push(row("blended", Cell::Missing, &answer.blended));
    table.rows.iter_mut().for_each(|row| row.push(Cell::text(state(answer.covered.0))));
    table.choices = choices(args, answer.cuts, &status);
    table.choices.extend(basis::days(span));
    deck.write(&table, args.format)
}

fn choices(args: &ChannelsArgs, cuts: Cuts, status: &Status) -> Vec<(&'static str, String)> {
    let mut choices = vec![
        ("acquired", "first activity".to_owned()),
        ("channel", "first touch".to_owned()),
        ("ltv", format!("D{} realised", args.at)),
        ("grades", format!("A from {} %, C below {} % of users kept on D7 per cost", cuts.upper, cuts.lower)),
        ("margin", money::exact(i128::from(args.margin))),
        ("segment", args.segment.words()),
    ];
    choices.extend(basis::currency(&status.profile));
    choices.push(basis::zone(&status.profile));
    choices
}

fn row(part: &'static str, name: Cell, channel: &ChannelRow) -> Vec<Cell> {
    let day = |day: u16| Cell::Count(day.into());
    let (back, share, by) = match channel.payback {
        Payback::Day(n) => (day(n), Cell::Missing, Cell::Missing),
        Payback::NotYet { share, at } => (Cell::Missing, Cell::Rate(format!("{share:.6}")), day(at)),
        Payback::Undefined => (Cell::Missing, Cell::Missing, Cell::Missing),
    };
    vec![
        Cell::text(part),
        name,
        Cell::number(channel.spend.map_or(Number::None, Number::Money)),
        Cell::Count(channel.users.into()),
        Cell::number(channel.cac),
        Cell::number(channel.retained),
        Cell::number(channel.per_retained),
        Cell::Count(channel.payers.into()),
        Cell::number(channel.per_payer),
        Cell::number(channel.roas_d7),
        Cell::number(channel.roas_d30),
        Cell::number(channel.ltv),
        Cell::number(channel.ltv_over_cac),
        back,
        share,
        by,
        channel.grade.map_or(Cell::Missing, |grade| Cell::text(format!("{grade:?}"))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_margin_is_a_share() {
        assert_eq!((margin("1"), margin("0.625")), (Ok(1_000_000), Ok(625_000)));
        assert_eq!(cuts("150,50"), Ok(Cuts { upper: 150, lower: 50 }));
        assert!(["", "150", "50,150", "0,0", "150,0", "a,b"].iter().all(|wrong| cuts(wrong).is_err()));
        assert!(["0", "-1", "1.01", "60%", "NaN", "0.0000001"].iter().all(|wrong| margin(wrong).is_err()));
    }
}
