//! `quarterdeck mrr`: what subscriptions are worth a month, and how that moved.

use clap::Args;

use crate::domain::calendar::Span;
use crate::query::{self, Answer, Movement, MrrQuery, Number, Query, State};

use super::Deck;
use super::flags::Days;
use super::metric::{GrainFlag, notes, state};
use super::nearest::Asked;
use super::output::{Failure, note};
use super::segment_flags::SegmentFlags;
use super::table::{Cell, Format, Table};

/// Monthly recurring revenue at both ends of each row, and the movements that lead from one to the other. Customers are
/// users; a subscription without one is a customer of its own.
#[derive(Debug, Args)]
pub struct MrrArgs {
    #[command(flatten)]
    days: Days,
    /// Width of a row
    #[arg(long, value_enum, default_value = "month")]
    grain: GrainFlag,
    #[command(flatten)]
    segment: SegmentFlags,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const COLUMNS: [&str; 16] = [
    "from",
    "to",
    "state",
    "opening",
    "new",
    "reactivation",
    "expansion",
    "contraction",
    "churn",
    "closing",
    "customers_before",
    "customers_new",
    "customers_back",
    "customers_lost",
    "customers_flat",
    "customers",
];

/// Runs the command.
///
/// # Errors
/// A span that runs backwards, unknown names, and whatever the workspace refuses.
pub fn run(args: &MrrArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    let mut table = Table::new(&COLUMNS);
    let Some(through) = status.through else {
        note("no data yet: `quarterdeck import FILE` brings some");
        return deck.write(&table, args.format);
    };
    args.segment.check(Asked::default(), &mut engine, deck)?;
    let mut span = args.days.span(through, args.grain.usual_days()).map_err(Failure::usage)?;
    if let (None, Some(grain)) = (args.days.from, args.grain.grain()) {
        span.first = status.calendar().bucket(grain, span.first).first;
    }
    let query = MrrQuery { span, grain: args.grain.grain(), segment: args.segment.segment() };
    let Answer::Mrr(answer) = engine.answer(&Query::Mrr(query), deck.clock())? else {
        return Err(Failure::failed("the engine answered another question"));
    };
    if let Some(metric) = query::find_metric("mrr") {
        notes(metric, answer.needs, (answer.excluded, answer.undated));
    }
    table.rows = answer.rows.iter().map(row).collect();
    table.choices = vec![("segment", args.segment.words())];
    if let Some(currency) = status.profile.currency {
        table.choices.push(("currency", currency.to_string()));
    }
    table.choices.push(("zone", status.profile.zone.name().to_owned()));
    deck.write(&table, args.format)
}

fn row((span, reached, movement): &(Span, State, Option<Movement>)) -> Vec<Cell> {
    let money =
        |part: fn(&Movement) -> i128| movement.as_ref().map_or(Cell::Missing, |m| Cell::number(Number::Money(part(m))));
    let heads = |part: fn(&Movement) -> u64| movement.as_ref().map_or(Cell::Missing, |m| Cell::Count(part(m).into()));
    vec![
        Cell::text(span.first.to_string()),
        Cell::text(span.last.to_string()),
        Cell::text(state(*reached)),
        money(|m| m.opening.amount),
        money(|m| m.new.amount),
        money(|m| m.reactivation.amount),
        money(|m| m.expansion.amount),
        money(|m| m.contraction.amount),
        money(|m| m.churn.amount),
        money(|m| m.closing.amount),
        heads(|m| m.opening.customers),
        heads(|m| m.new.customers),
        heads(|m| m.reactivation.customers),
        heads(|m| m.churn.customers),
        heads(Movement::flat),
        heads(|m| m.closing.customers),
    ]
}
