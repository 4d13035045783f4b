//! `quarterdeck plan propose`: targets for the parts of a node.

use clap::Args;

use crate::query::{Mark, PlanOrder, Proposal, ProposalRow, ProposeQuery, Share, Unit};
use crate::ui::amount;

use super::super::output::{FINDINGS, Failure, note};
use super::super::table::{Cell, Format, Table};
use super::super::values::value;
use super::super::{Deck, planned};
use super::change::Tree;

/// What is asked of a proposal.
#[derive(Debug, Args)]
pub struct ProposeArgs {
    /// Number that `plan list` shows
    id: i64,
    /// Node whose target is shared, by its number or label; else the primary
    #[arg(long, value_name = "NODE")]
    node: Option<String>,
    /// Its target, where it is not the stored one: 300000, 300k, 2.5%
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    target: Option<String>,
    /// A part at a value of its own; may be given again
    #[arg(long, value_name = "NODE=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    /// A part to leave at its target; may be given again
    #[arg(long, value_name = "NODE")]
    lock: Vec<String>,
    /// A part that is locked to be proposed again; may be given again
    #[arg(long, value_name = "NODE")]
    free: Vec<String>,
    /// The weight of a part; may be given again
    #[arg(long, value_name = "NODE=WEIGHT", value_parser = pair)]
    weight: Vec<(String, String)>,
    /// How sums are shared: share, in proportion to the baselines, or weight, the gap by weight
    #[arg(long, value_name = "MODE", value_parser = share, default_value = "share")]
    mode: Share,
    /// Store what is proposed
    #[arg(long)]
    accept: bool,
    /// Why; needed while the plan runs
    #[arg(long, default_value = "", hide_default_value = true, value_name = "TEXT", requires = "accept")]
    reason: String,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Splits at the last `=`: a label may have one.
fn pair(text: &str) -> Result<(String, String), String> {
    let split = text.rsplit_once('=').filter(|(node, value)| !node.trim().is_empty() && !value.trim().is_empty());
    split
        .map(|(node, value)| (node.to_owned(), value.to_owned()))
        .ok_or_else(|| "it is written NODE=VALUE, the node by its number or label".to_owned())
}

fn share(text: &str) -> Result<Share, String> {
    match text {
        "share" => Ok(Share::Share),
        "weight" => Ok(Share::Weight),
        _ => Err("a sum is shared by share or weight".to_owned()),
    }
}

/// Prints a proposal, and stores it where that is asked for.
///
/// # Errors
/// When a node or value cannot be meant, or the workspace cannot be read or written.
pub fn run(args: &ProposeArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = if args.accept { deck.open_to_write()? } else { deck.open()? };
    let query = asked(args, &Tree::of(args.id, &mut engine, deck)?)?;
    let proposal = *answer!(deck, engine, Propose(Box::new(query.clone())));
    deck.write(&table(&proposal, args.format), args.format)?;
    for line in &proposal.checks {
        note(line);
    }
    if let Some(problem) = &proposal.problem {
        note(&format!("it cannot be done: {problem}"));
    }
    match (&proposal.problem, args.accept) {
        (None, true) => {
            Ok(planned::order(PlanOrder::Accept { query, reason: args.reason.clone() }, &mut engine, deck)?.code)
        }
        (None, false) => {
            let targets = if proposal.changes == 1 { "target" } else { "targets" };
            let reason = if proposal.needs_reason { " --reason TEXT" } else { "" };
            note(&format!("{} {targets} would change; store them with --accept{reason}", proposal.changes));
            Ok(0)
        }
        (Some(_), _) => Ok(FINDINGS),
    }
}

fn asked(args: &ProposeArgs, tree: &Tree) -> Result<ProposeQuery, Failure> {
    let (node, unit) = tree.node(args.node.as_deref())?;
    let id = |typed: &String| tree.node(Some(typed)).map(|(node, _)| node.id);
    let typed = |(name, text): &(String, String)| {
        let (node, unit) = tree.node(Some(name))?;
        Ok((node.id, Tree::value(text, unit)?))
    };
    let weight = |(name, text): &(String, String)| {
        let weight = Tree::value(text, Unit::Times)?;
        if weight < 0.0 {
            return Err(Failure::usage(format!("a weight of {weight} for {name} is none; give 0 or more")));
        }
        Ok((id(name)?, weight))
    };
    let lock = |(name, locked): (&String, bool)| Ok((id(name)?, locked));
    let locks = args.lock.iter().map(|name| (name, true)).chain(args.free.iter().map(|name| (name, false)));
    Ok(ProposeQuery {
        plan: args.id,
        node: node.id,
        target: args.target.as_deref().map(|text| Tree::value(text, unit)).transpose()?,
        typed: args.set.iter().map(typed).collect::<Result<_, Failure>>()?,
        locked: locks.map(lock).collect::<Result<_, Failure>>()?,
        weights: args.weight.iter().map(weight).collect::<Result<_, Failure>>()?,
        share: args.mode,
    })
}

fn table(proposal: &Proposal, format: Format) -> Table {
    let mut table = Table::new(&["id", "node", "base", "old", "new", "change", "percentile", "mark", "locked"]);
    table.rows = proposal.rows.iter().map(|row| self::row(row, format)).collect();
    table
}

fn row(row: &ProposalRow, format: Format) -> Vec<Cell> {
    let of = |number| value(number, row.unit, format);
    let indent = if format == Format::Table { "  ".repeat(row.depth) } else { String::new() };
    let change = match (row.old, row.new) {
        (Some(_), Some(_)) if format == Format::Table => Cell::Shown(amount::change(row.old, row.new, row.unit)),
        (Some(old), Some(new)) => of(Some(new - old)),
        _ => Cell::Missing,
    };
    let mark = match row.mark {
        None => Cell::Missing,
        Some(Mark::Stretch) => Cell::text("stretch"),
        Some(Mark::Unlikely) => Cell::text("unlikely"),
        Some(Mark::Typed) => Cell::text("typed"),
    };
    vec![
        Cell::Count(row.node.id.into()),
        Cell::text(format!("{indent}{}", row.node.label)),
        of(row.base),
        of(row.old),
        of(row.new),
        change,
        row.percentile.map_or(Cell::Missing, |percent| Cell::Count(percent.into())),
        mark,
        Cell::Flag(row.locked),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_and_its_value_are_split_at_the_last_sign() {
        assert_eq!(pair("CVR=2.5%"), Ok(("CVR".into(), "2.5%".into())));
        assert_eq!(pair("a=b=3"), Ok(("a=b".into(), "3".into())));
        for wrong in ["CVR", "=3", "CVR=", " = "] {
            assert!(pair(wrong).is_err(), "{wrong}");
        }
    }
}
