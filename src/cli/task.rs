//! `quarterdeck task`: what is to be done.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use crate::app::written::{self, TaskLine};
use crate::domain::calendar::Day;
use crate::domain::plans::{Book, Edit, Node, OpType, Plan, Repeat, Task, TaskKind, TaskState};
use crate::engine::Engine;
use crate::query::{PlanOrder, TaskRow};
use crate::ui::format::fixed;

use super::output::{Failure, note};
use super::plan::{among, named};
use super::table::{Cell, Format, Table};
use super::values::{day, text};
use super::{Deck, planned};
use crate::ui::when::{Due, When, due, when};

/// Tasks; without a command, the open ones.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct TaskArgs {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Args)]
struct ListArgs {
    /// Only those of a plan
    #[arg(long, value_name = "ID")]
    plan: Option<i64>,
    /// Also those that are done or dropped
    #[arg(long)]
    all: bool,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List open tasks by urgency
    List(ListArgs),
    /// Add a task: "Call Harbor due:fri @ben on:deals !"
    Add(AddArgs),
    /// A task is done
    Done {
        /// Number that `task list` shows
        id: i64,
    },
    /// A task is not to be done
    Drop {
        /// Number that `task list` shows
        id: i64,
    },
    /// Give a task another day
    Move {
        /// Number that `task list` shows
        id: i64,
        /// 2026-06-10, today, fri, +7d, or start-7 and finish+3 counted from its plan
        #[arg(value_name = "DATE", value_parser = due, allow_hyphen_values = true)]
        to: Due,
    },
}

#[derive(Debug, Args)]
struct AddArgs {
    /// What is to be done; due:DATE, wait:DATE, every:7d, @OWNER, on:NODE, ! and !! within it are read
    #[arg(value_name = "TEXT", required = true, value_parser = NonEmptyStringValueParser::new())]
    text: Vec<String>,
    /// Number of its plan; else that of its node
    #[arg(long, value_name = "ID")]
    plan: Option<i64>,
    /// Operation type; else that of its plan
    #[arg(long = "type", value_name = "TYPE", value_parser = super::plan::op_type)]
    op_type: Option<OpType>,
    /// copy, activity, `event_spread`, `user_care`, data, asset, negotiate, release, review or other
    #[arg(long, value_name = "KIND", value_parser = kind, default_value = "other")]
    kind: TaskKind,
    /// Minutes it is thought to take
    #[arg(long, value_name = "MINUTES")]
    estimate: Option<u32>,
    /// Nothing can be done before this day
    #[arg(long, value_name = "DATE", value_parser = when)]
    wait: Option<When>,
}

fn kind(text: &str) -> Result<TaskKind, String> {
    super::plan::word(text, TaskKind::parse, TaskKind::ALL, TaskKind::word)
}

/// Runs the command.
///
/// # Errors
/// When there is no such task, plan or node, or the workspace cannot be read or written.
pub fn run(args: &TaskArgs, deck: &mut Deck) -> Result<u8, Failure> {
    match &args.action {
        None => list(&args.list, deck),
        Some(Action::List(args)) => list(args, deck),
        Some(Action::Add(args)) => add(args, deck),
        Some(Action::Done { id }) => close(*id, TaskState::Done, deck),
        Some(Action::Drop { id }) => close(*id, TaskState::Dropped, deck),
        Some(Action::Move { id, to }) => change(*id, deck, |task, today| {
            let (anchor, offset_days, due) = to.parts(|when| when.after(today));
            let mut edit = Edit::new(format!("moved {}", task.title));
            edit.set(task.clone(), Task { anchor, offset_days, due, ..task.clone() });
            edit
        }),
    }
}

fn add(args: &AddArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open_to_write()?;
    let today = deck.status(&mut engine)?.today;
    let line = written::task(&args.text.join(" ")).map_err(Failure::usage)?;
    let book = planned::book(&mut engine, deck)?;
    let (plan, node, op_type) = place(args, &line, &book, today)?;
    let due = line.due.map_or((None, None, None), |due| due.parts(|when| when.from(today)));
    let mut edit = Edit::new(format!("new task {}", line.title));
    edit.add(Task {
        plan_id: plan.map(|plan| plan.id),
        node_id: node.map(|node| node.id),
        kind: args.kind,
        anchor: due.0,
        offset_days: due.1,
        due: due.2,
        wait_until: args.wait.or(line.wait).map(|wait| wait.from(today)),
        estimate_min: args.estimate.map(i64::from),
        priority: line.priority,
        owner: line.owner,
        repeat_days: line.every,
        repeat_mode: line.every.map(|_| Repeat::AfterDone),
        ..Task::new(line.title, op_type, today)
    });
    Ok(planned::order(PlanOrder::Edit(edit), &mut engine, deck)?.code)
}

/// The plan, node and operation type of a new task.
fn place<'b>(
    args: &AddArgs,
    line: &TaskLine,
    book: &'b Book,
    today: Day,
) -> Result<(Option<&'b Plan>, Option<&'b Node>, OpType), Failure> {
    let told = args.plan.map(|id| plan(book, id)).transpose()?;
    let is_live = |plan: &&Plan| told.map_or(!plan.shown(today).is_over(), |told| told.id == plan.id);
    let live: Vec<&Plan> = book.plans.iter().filter(is_live).collect();
    let nodes: Vec<&Node> = live.iter().flat_map(|plan| book.tree(plan.id)).collect();
    let on_type = line.on.as_deref().and_then(OpType::parse);
    let is_label = |node: &&Node| line.on.as_deref().is_some_and(|on| node.label.eq_ignore_ascii_case(on));
    let node = match line.on.as_deref() {
        // A word of its own beats a label, unless a node has just that label.
        Some(_) if on_type.is_some() && !nodes.iter().any(is_label) => None,
        Some(on) => Some(named(&nodes, on)?),
        None => None,
    };
    let plan = told.or_else(|| node.and_then(|node| book.plan(node.plan_id)));
    let op_type = args.op_type.or(on_type.filter(|_| node.is_none())).or(plan.map(|plan| plan.op_type));
    op_type.map(|op_type| (plan, node, op_type)).ok_or_else(|| {
        let types: Vec<&str> = OpType::ALL.iter().map(|op| op.word()).collect();
        let nodes = if nodes.is_empty() { String::new() } else { format!("; nodes are {}", among(&nodes, &nodes)) };
        let types = types.join(", ");
        Failure::usage(format!("whose task is it? Give --plan ID, on:NODE, or on:TYPE ({types}){nodes}"))
    })
}

/// The plan of a number.
///
/// # Errors
/// Usage, where there is none.
pub fn plan(book: &Book, id: i64) -> Result<&Plan, Failure> {
    book.plan(id).ok_or_else(|| Failure::usage(format!("there is no plan {id}; `quarterdeck plan list` names them")))
}

fn close(id: i64, state: TaskState, deck: &mut Deck) -> Result<u8, Failure> {
    change(id, deck, |task, today| {
        let done = if state == TaskState::Done { "done" } else { "dropped" };
        let mut edit = Edit::new(format!("{done}: {}", task.title));
        edit.set(task.clone(), Task { state, done_at: Some(today), ..task.clone() });
        edit
    })
}

/// Changes a task that is still open.
fn change(id: i64, deck: &mut Deck, edit: impl Fn(&Task, Day) -> Edit) -> Result<u8, Failure> {
    let mut engine = deck.open_to_write()?;
    let today = deck.status(&mut engine)?.today;
    let book = planned::book(&mut engine, deck)?;
    let Some(task) = book.task(id) else {
        return Err(Failure::usage(format!("there is no task {id}; `quarterdeck task list` names them")));
    };
    if !task.state.is_open() {
        return Err(Failure::usage(format!("task {id} is {} already", task.state.word())));
    }
    Ok(planned::order(PlanOrder::Edit(edit(task, today)), &mut engine, deck)?.code)
}

fn list(args: &ListArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine: Engine = deck.open()?;
    let board = answer!(deck, engine, Plans);
    if let Some(id) = args.plan {
        plan(&board.book, id)?;
    }
    let shown = |row: &&TaskRow| {
        (args.all || row.task.state.is_open()) && args.plan.is_none_or(|plan| row.task.plan_id == Some(plan))
    };
    let rows: Vec<&TaskRow> = board.tasks.iter().filter(shown).collect();
    if rows.is_empty() {
        note("nothing is to be done: `quarterdeck task add` adds a task");
    }
    let mut table = Table::new(&[
        "id", "task", "due", "owner", "state", "urgency", "why", "type", "plan", "node", "needs", "blocks", "estimate",
    ]);
    table.rows = rows.into_iter().map(|row| self::row(row, &board.book, args.format)).collect();
    deck.write(&table, args.format)
}

fn row(row: &TaskRow, book: &Book, format: Format) -> Vec<Cell> {
    let task = &row.task;
    let why: Vec<String> = row.why.iter().map(|(name, part)| format!("{name} {}", fixed(*part, 1))).collect();
    let numbers = |list: &[i64]| text(&list.iter().map(i64::to_string).collect::<Vec<_>>().join(", "));
    let urgency = match (task.state.is_open(), format) {
        (false, _) => Cell::Missing,
        (true, Format::Table) => Cell::Shown(fixed(row.urgency, 1)),
        (true, _) => Cell::Rate(fixed(row.urgency, 6)),
    };
    let state = if row.waiting && task.state.is_open() { "waiting" } else { task.state.word() };
    vec![
        Cell::Count(task.id.into()),
        Cell::text(format!("{}{}", "!".repeat(task.priority.clamp(0, 2) as usize), task.title)),
        day(row.due),
        text(&task.owner),
        Cell::text(state),
        urgency,
        text(&why.join(", ")),
        Cell::text(task.op_type.word()),
        super::values::number(task.plan_id),
        text(task.node_id.and_then(|id| book.node(id)).map_or("", |node| &node.label)),
        numbers(&row.needs),
        numbers(&row.blocks),
        super::values::number(task.estimate_min),
    ]
}
