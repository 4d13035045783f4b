//! `quarterdeck plan`: plans, their trees and what becomes of them.

mod add;
pub mod blame;
mod change;
mod find;
pub mod list;
mod new;
mod phase;
mod propose;
mod show;
mod strategy;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::domain::plans::PlanStatus;
use crate::query::{Against, PlanOrder};

use super::output::Failure;
use super::table::Format;
use super::{Deck, planned};
use crate::ui::when::{When, when};

pub use find::{among, named};
pub use new::op_type;

/// Plans; without a command, the list.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct PlanArgs {
    #[command(subcommand)]
    action: Option<Action>,
    /// How to write the list
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List plans with their gauges, running ones worst first
    List {
        /// How to write the rows
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Print a plan: its tree with base, line, actual, pace and blame, its gauges and forecast
    Show {
        #[command(flatten)]
        held: Held,
    },
    /// Print why a plan is off: the parts by their share in the gap
    Blame {
        #[command(flatten)]
        held: Held,
    },
    /// Make a plan, its baseline measured
    New(Box<new::NewArgs>),
    /// Break a node down into parts; without --by, list the ways
    Decompose(change::DecomposeArgs),
    /// Propose targets for the parts of a node; store them with --accept
    Propose(propose::ProposeArgs),
    /// Move a plan on: ready, running, paused, cancelled, draft
    Status {
        /// Number that `plan list` shows
        id: i64,
        /// Where to
        #[arg(value_parser = status)]
        to: PlanStatus,
        /// Why; needed to cancel
        #[arg(long, default_value = "", hide_default_value = true, value_name = "TEXT")]
        reason: String,
    },
    /// Set the target of a node
    Target(change::TargetArgs),
    /// Add what stands beside the tree: guard, influence, resource, cost, lesson
    #[command(subcommand)]
    Add(add::Add),
    /// Close a plan with its review, its tree kept as it is
    Close {
        /// Number that `plan list` shows
        id: i64,
    },
    /// Make the next round of a plan: tree, phases and tasks moved, what was reached as baselines
    Next {
        /// Number that `plan list` shows
        id: i64,
        /// First day of the round; else right after the old one
        #[arg(long, value_name = "DATE", value_parser = when)]
        start: Option<When>,
    },
    /// Write a plan as TOML, as `plan import` reads it
    Export {
        /// Number that `plan list` shows
        id: i64,
        /// File to write, which must not exist; else standard output
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Make a plan of a TOML file
    Import {
        /// File to read
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Take back your last action on plans, tasks and notes
    Undo,
    /// Do again what you have just taken back
    Redo,
    /// List strategies; make one
    Strategy(strategy::StrategyArgs),
}

/// A plan and what it is held against.
#[derive(Debug, Args)]
pub struct Held {
    /// Number that `plan list` shows
    id: i64,
    /// Its target to date, as many days before it, or the round before
    #[arg(long, default_value = "target", value_name = "WHAT", value_parser = against)]
    against: Against,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

fn against(text: &str) -> Result<Against, String> {
    let found = Against::ALL.into_iter().find(|against| against.word() == text);
    found.ok_or_else(|| "it is held against target, previous or round".to_owned())
}

fn status(text: &str) -> Result<PlanStatus, String> {
    word(text, PlanStatus::parse, PlanStatus::ALL, PlanStatus::word)
}

/// Reads a word of a closed vocabulary.
///
/// # Errors
/// Names them all.
pub fn word<T: Copy>(
    text: &str,
    parse: fn(&str) -> Option<T>,
    all: &[T],
    word: fn(T) -> &'static str,
) -> Result<T, String> {
    parse(text).ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(|one| word(*one)).collect();
        format!("it is one of {}", words.join(", "))
    })
}

/// Runs the command.
///
/// # Errors
/// When there is no such plan or node, or the workspace cannot be read or written.
pub fn run(args: &PlanArgs, deck: &mut Deck) -> Result<u8, Failure> {
    match &args.action {
        None => list::run(args.format, deck),
        Some(Action::List { format }) => list::run(*format, deck),
        Some(Action::Show { held }) => show::run(held, deck),
        Some(Action::Blame { held }) => blame::run(held, deck),
        Some(Action::New(new)) => new::run(new, deck),
        Some(Action::Decompose(args)) => change::decompose(args, deck),
        Some(Action::Propose(args)) => propose::run(args, deck),
        Some(Action::Status { id, to, reason }) => {
            planned::obey(PlanOrder::Status { plan: *id, to: *to, reason: reason.clone() }, deck)
        }
        Some(Action::Target(args)) => change::target(args, deck),
        Some(Action::Add(add)) => add::run(add, deck),
        Some(Action::Close { id }) => planned::obey(PlanOrder::Close(*id), deck),
        Some(Action::Next { id, start }) => change::next(*id, *start, deck),
        Some(Action::Export { id, output }) => change::export(*id, output.as_deref(), deck),
        Some(Action::Import { file }) => change::made(PlanOrder::Import(file.clone()), deck),
        Some(Action::Undo) => planned::obey(PlanOrder::Undo, deck),
        Some(Action::Redo) => planned::obey(PlanOrder::Redo, deck),
        Some(Action::Strategy(args)) => strategy::run(args, deck),
    }
}
