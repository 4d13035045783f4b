//! Commands that change a plan, and its file.

use std::path::Path;

use clap::Args;

use crate::domain::plans::Node;
use crate::engine::Engine;
use crate::query::{Against, Answer, Break, PlanOrder, PlanQuery, PlanView, Query, Unit};
use crate::ui::amount;

use super::super::output::{Failure, note, save};
use super::super::table::{Cell, Format, Table};
use super::super::{Deck, planned};
use super::find;
use crate::ui::when::When;

/// A node to be broken down.
#[derive(Debug, Args)]
pub struct DecomposeArgs {
    /// Number that `plan list` shows
    id: i64,
    /// Node by its number or label; else the primary
    #[arg(long, value_name = "NODE")]
    node: Option<String>,
    /// A way of the list: a formula, channel, platform, stream, week or operation
    #[arg(long, value_name = "WAY", value_parser = way)]
    by: Option<Break>,
    /// Why; needed while the plan runs
    #[arg(long, default_value = "", hide_default_value = true, value_name = "TEXT")]
    reason: String,
    /// How to write the ways
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// A target to be set.
#[derive(Debug, Args)]
pub struct TargetArgs {
    /// Number that `plan list` shows
    id: i64,
    /// Node by its number or label
    #[arg(value_name = "NODE")]
    node: String,
    /// 300000, 300k, 2.5%, or none
    #[arg(value_name = "VALUE", allow_negative_numbers = true)]
    value: String,
    /// Why; needed while the plan runs
    #[arg(long, default_value = "", hide_default_value = true, value_name = "TEXT")]
    reason: String,
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of a value parser")]
fn way(text: &str) -> Result<Break, String> {
    Ok(Break::PLAIN.into_iter().find(|way| way.word() == text).unwrap_or_else(|| Break::Formula(text.to_owned())))
}

/// A plan with the nodes that commands may name.
pub struct Tree {
    view: PlanView,
}

impl Tree {
    /// Reads it.
    ///
    /// # Errors
    /// When there is no such plan, or the workspace cannot be read.
    pub fn of(plan: i64, engine: &mut Engine, deck: &Deck) -> Result<Self, Failure> {
        let view = *answer!(deck, engine, Plan(PlanQuery { plan, against: Against::Target }));
        Ok(Self { view })
    }

    /// All that is known of the plan.
    pub fn view(&self) -> &PlanView {
        &self.view
    }

    /// The node that is named, else the primary, and the unit of its values.
    ///
    /// # Errors
    /// Usage, with the nodes there are.
    pub fn node(&self, typed: Option<&str>) -> Result<(&Node, Unit), Failure> {
        let guards = self.view.guards.iter().map(|guard| &guard.row);
        let rows: Vec<_> = self.view.tree.iter().chain(guards).filter(|row| row.node.id != 0).collect();
        let nodes: Vec<&Node> = rows.iter().map(|row| &row.node).collect();
        let node = match (typed, nodes.first()) {
            (Some(typed), _) => find::named(&nodes, typed)?,
            (None, Some(first)) => first,
            (None, None) => {
                let plan = &self.view.head.plan;
                return Err(Failure::usage(format!(
                    "plan {} has no target yet; a TOML file or the form gives it one",
                    plan.id
                )));
            }
        };
        let unit = rows.iter().find(|row| row.node.id == node.id).map_or(Unit::Times, |row| row.unit);
        Ok((node, unit))
    }

    /// A value typed for a node.
    ///
    /// # Errors
    /// Usage, where it is no number.
    pub fn value(text: &str, unit: Unit) -> Result<f64, Failure> {
        amount::parse(text, unit).map_err(Failure::usage)
    }
}

/// Breaks a node down, or lists the ways.
///
/// # Errors
/// When there is no such node, or the workspace cannot be read or written.
pub fn decompose(args: &DecomposeArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = if args.by.is_some() { deck.open_to_write()? } else { deck.open()? };
    let node = Tree::of(args.id, &mut engine, deck)?.node(args.node.as_deref())?.0.id;
    match &args.by {
        Some(how) => {
            let order = PlanOrder::Break { node, how: how.clone(), reason: args.reason.clone() };
            Ok(planned::order(order, &mut engine, deck)?.code)
        }
        None => ways((args.id, node), args.format, &mut engine, deck),
    }
}

fn ways((plan, node): (i64, i64), format: Format, engine: &mut Engine, deck: &mut Deck) -> Result<u8, Failure> {
    let Answer::Breaks(ways) = engine.answer(&Query::Breaks(plan, node), deck.clock())? else {
        return Err(Failure::failed("the engine answered another question"));
    };
    if ways.is_empty() {
        note("it has parts already, or nothing breaks it down");
    }
    let mut table = Table::new(&["by", "about", "parts"]);
    table.rows = ways
        .iter()
        .map(|way| vec![Cell::text(way.how.word()), Cell::text(&way.about), Cell::text(way.parts.join(", "))])
        .collect();
    deck.write(&table, format)
}

/// Sets a target.
///
/// # Errors
/// When there is no such node, the value is no number, or the workspace cannot be read or written.
pub fn target(args: &TargetArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open_to_write()?;
    let tree = Tree::of(args.id, &mut engine, deck)?;
    let (node, unit) = tree.node(Some(&args.node))?;
    let value = if args.value == "none" { None } else { Some(Tree::value(&args.value, unit)?) };
    let order = PlanOrder::Target { node: node.id, seen: node.target, value, reason: args.reason.clone() };
    Ok(planned::order(order, &mut engine, deck)?.code)
}

/// Makes the next round and prints its number.
///
/// # Errors
/// When the workspace cannot be read or written.
pub fn next(plan: i64, start: Option<When>, deck: &mut Deck) -> Result<u8, Failure> {
    let today = deck.status(&mut deck.open()?)?.today;
    made(PlanOrder::NextRound { plan, start: start.map(|start| start.from(today)) }, deck)
}

/// Gives an order that makes a plan, and prints the number of the plan.
///
/// # Errors
/// When the workspace cannot be read or written.
pub fn made(order: PlanOrder, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open_to_write()?;
    let told = planned::order(order, &mut engine, deck)?;
    if let Some(plan) = told.plan {
        deck.out.line(&plan.to_string())?;
    }
    Ok(told.code)
}

/// Writes a plan as TOML.
///
/// # Errors
/// When there is no such plan, or the file exists or cannot be written.
pub fn export(plan: i64, to: Option<&Path>, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let text = answer!(deck, engine, PlanText(plan));
    let Some(path) = to else {
        for line in text.lines() {
            deck.out.line(line)?;
        }
        return Ok(0);
    };
    save(path, text.as_bytes(), false)?;
    note(&format!("plan {plan} is in {}", path.display()));
    Ok(0)
}
