//! `quarterdeck mrr`: what subscriptions are worth a month, and how that moved.

use clap::Args;

use crate::domain::calendar::Span;
use crate::query::{self, Movement, MrrQuery, Number, State};

use super::Deck;
use super::basis;
use super::flags::Days;
use super::metric::{GrainFlag, notes, state};
use super::nearest::Asked;
use super::output::Failure;
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
        return deck.no_data(&table, args.format);
    };
    args.segment.check(Asked::default(), &mut engine, deck)?;
    let mut span = args.days.span(through, args.grain.usual_days()).map_err(Failure::usage)?;
    if let (None, Some(grain)) = (args.days.from, args.grain.grain()) {
        span.first = status.calendar().bucket(grain, span.first).first;
    }
    let query = MrrQuery { span, grain: args.grain.grain(), segment: args.segment.segment() };
    let answer = answer!(deck, engine, Mrr(query));
    if let Some(metric) = query::find_metric("mrr") {
        notes(metric, answer.needs, (answer.excluded, answer.undated));
    }
    table.rows = answer.rows.iter().map(row).collect();
    table.choices = vec![("segment", args.segment.words())];
    table.choices.extend(basis::currency(&status.profile));
    table.choices.push(basis::zone(&status.profile));
    deck.write(&table, args.format)
}

fn row((span, reached, movement): &(Span, State, Option<Movement>)) -> Vec<Cell> {
    let known = movement.as_ref().filter(|m| m.is_known());
    let amount = |m: Option<&Movement>, of: fn(&Movement) -> i128| {
        m.map_or(Cell::Missing, |m| Cell::number(Number::Money(of(m))))
    };
    let count = |m: Option<&Movement>, of: fn(&Movement) -> u64| m.map_or(Cell::Missing, |m| Cell::Count(of(m).into()));
    let at_end = movement.as_ref();
    vec![
        Cell::text(span.first.to_string()),
        Cell::text(span.last.to_string()),
        Cell::text(state(*reached)),
        amount(at_end, |m| m.opening.amount),
        amount(known, |m| m.new.amount),
        amount(known, |m| m.reactivation.amount),
        amount(known, |m| m.expansion.amount),
        amount(known, |m| m.contraction.amount),
        amount(known, |m| m.churn.amount),
        amount(at_end, |m| m.closing.amount),
        count(at_end, |m| m.opening.customers),
        count(known, |m| m.new.customers),
        count(known, |m| m.reactivation.customers),
        count(known, |m| m.churn.customers),
        count(known, Movement::flat),
        count(at_end, |m| m.closing.customers),
    ]
}
