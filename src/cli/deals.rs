//! `quarterdeck deals`: deals by stage, and what they come to.

use clap::Args;

use crate::domain::calendar::Day;
use crate::query::{DealsQuery, Number, Pile, Stage};

use super::Deck;
use super::basis;
use super::flags;
use super::output::{Failure, note};
use super::table::{Cell, Format, Table};

/// Deals by stage with their value, then what is won, overdue, and out in barter. Deals tell how they stand, not since when.
#[derive(Debug, Args)]
pub struct DealsArgs {
    /// Stages in their order, so that their conversion is told; a deal has reached those before its own
    #[arg(long, value_name = "STAGE,..", value_delimiter = ',')]
    stages: Vec<String>,
    /// Stage of a won deal; else won, signed, delivered, invoiced, paid and the like. May be given again
    #[arg(long, value_name = "STAGE")]
    won: Vec<String>,
    /// Overdue at the end of this day, else of the last whole day of data; stages are those of today, none earlier is
    /// kept
    #[arg(long, value_name = "DATE", value_parser = flags::day)]
    at: Option<Day>,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// Whatever the workspace refuses.
pub fn run(args: &DealsArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    let query = DealsQuery { stages: args.stages.clone(), won: args.won.clone(), at: args.at };
    let answer = answer!(deck, engine, Deals(query));
    let standing = &answer.standing;
    if standing.all.deals == 0 {
        note("nothing feeds deals: they need rows of deals, `quarterdeck import --kind deals FILE`");
    }
    if answer.excluded > 0 {
        note(&format!("{} deals count without their value: its currency has no rate", answer.excluded));
    }
    let mut table = Table::new(&[
        "part",
        "stage",
        "deals",
        "value",
        "reached",
        "conversion_from_previous",
        "conversion_from_first",
    ]);
    let first = answer.stages.first().and_then(|stage| stage.reached);
    let mut before = None;
    for stage in &answer.stages {
        table.rows.push(of_stage(stage, before, first));
        before = stage.reached;
    }
    let piles =
        [("won", standing.won), ("overdue", standing.overdue), ("barter", standing.barter), ("all", standing.all)];
    let fed = standing.all.deals > 0;
    table.rows.extend(
        piles
            .into_iter()
            .filter(|_| fed)
            .map(|(part, pile)| row(part, Cell::Missing, pile, [const { Cell::Missing }; 3])),
    );
    table.choices.push(("at", answer.at.to_string()));
    table.choices.extend(basis::currency(&status.profile));
    deck.write(&table, args.format)
}

fn of_stage(stage: &Stage, before: Option<u64>, first: Option<u64>) -> Vec<Cell> {
    let over = |den: Option<u64>| {
        let rate = stage.reached.zip(den).map(|(num, den)| Number::ratio(num.into(), den.into()));
        Cell::number(rate.unwrap_or(Number::None))
    };
    let reached = stage.reached.map_or(Cell::Missing, |n| Cell::Count(n.into()));
    row("stage", Cell::text(&stage.name), stage.pile, [reached, over(before), over(first)])
}

fn row(part: &'static str, stage: Cell, pile: Pile, reached: [Cell; 3]) -> Vec<Cell> {
    let head = [Cell::text(part), stage, Cell::Count(pile.deals.into()), Cell::number(Number::Money(pile.value))];
    head.into_iter().chain(reached).collect()
}
