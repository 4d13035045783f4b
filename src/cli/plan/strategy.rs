//! `quarterdeck plan strategy`: directions that plans follow.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use crate::domain::plans::{Edit, Focus, Strategy, StrategyStatus};
use crate::query::PlanOrder;

use super::super::output::{Failure, note};
use super::super::table::{Cell, Format, Table};
use super::super::values::rate;
use super::super::{Deck, planned};
use super::new::focus;
use super::word;
use crate::ui::when::{When, when};

/// Strategies; without a command, the list.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct StrategyArgs {
    #[command(subcommand)]
    action: Option<Action>,
    /// How to write the list
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List strategies with the budget and the operation types of their plans
    List {
        /// How to write the rows
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Make a strategy
    New(NewArgs),
}

#[derive(Debug, Args)]
struct NewArgs {
    /// What it is called
    #[arg(value_name = "TITLE", value_parser = NonEmptyStringValueParser::new())]
    title: String,
    /// acquire, retain, revenue or balanced
    #[arg(long, value_name = "FOCUS", value_parser = focus)]
    focus: Focus,
    /// First day: 2026-06-10, today, fri, +7d
    #[arg(long, value_name = "DATE", value_parser = when, default_value = "today")]
    start: When,
    /// Last day; +89d counts from the first
    #[arg(long, value_name = "DATE", value_parser = when)]
    finish: When,
    /// draft, active or closed
    #[arg(long, value_name = "STATUS", value_parser = status, default_value = "active")]
    status: StrategyStatus,
    /// What is
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    situation: String,
    /// What is in the way
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    complication: String,
    /// What is believed to help
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    hypothesis: String,
}

fn status(text: &str) -> Result<StrategyStatus, String> {
    word(text, StrategyStatus::parse, StrategyStatus::ALL, StrategyStatus::word)
}

/// Runs the command.
///
/// # Errors
/// When the workspace cannot be read or written.
pub fn run(args: &StrategyArgs, deck: &mut Deck) -> Result<u8, Failure> {
    match &args.action {
        None => list(args.format, deck),
        Some(Action::List { format }) => list(*format, deck),
        Some(Action::New(new)) => make(new, deck),
    }
}

fn make(new: &NewArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let start = new.start.from(deck.status(&mut deck.open()?)?.today);
    let mut edit = Edit::new(format!("new strategy {}", new.title));
    edit.add(Strategy {
        id: -1,
        title: new.title.trim().to_owned(),
        situation: new.situation.clone(),
        complication: new.complication.clone(),
        hypothesis: new.hypothesis.clone(),
        focus: new.focus,
        start,
        finish: new.finish.from(start),
        status: new.status,
    });
    planned::obey(PlanOrder::Edit(edit), deck)
}

fn list(format: Format, deck: &mut Deck) -> Result<u8, Failure> {
    let board = answer!(deck, deck.open()?, Plans);
    if board.strategies.is_empty() {
        note("no strategy yet: `quarterdeck plan strategy new` makes one");
    }
    let mut table = Table::new(&[
        "id",
        "strategy",
        "focus",
        "status",
        "start",
        "finish",
        "budget_acquire",
        "budget_retain",
        "budget_revenue",
        "budget_balanced",
        "covers",
    ]);
    for row in &board.strategies {
        let Some(strategy) = board.book.strategies.iter().find(|strategy| strategy.id == row.id) else { continue };
        let covers: Vec<&str> = row.covers.iter().map(|op| op.word()).collect();
        let mut cells = vec![
            Cell::Count(strategy.id.into()),
            Cell::text(&strategy.title),
            Cell::text(strategy.focus.word()),
            Cell::text(strategy.status.word()),
            Cell::text(strategy.start.to_string()),
            Cell::text(strategy.finish.to_string()),
        ];
        cells.extend(row.budget.iter().map(|share| rate(*share, format)));
        cells.push(Cell::text(covers.join(", ")));
        table.rows.push(cells);
    }
    deck.write(&table, format)
}
