//! `quarterdeck note`: lines of the journal, feedback, and what competitors do.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use crate::domain::calendar::Day;
use crate::domain::plans::{
    Book, CompetitorNote, Feedback, FeedbackSource, Journal, JournalKind, Node, NoteKind, NoteVerdict, OpType,
};
use crate::query::{NewNote, NoteOf, PlanOrder};

use super::output::{Failure, note};
use super::plan::{named, op_type, word};
use super::table::{Cell, Format, Table};
use super::values::{number, text};
use super::{Deck, planned, task};
use crate::ui::when::{When, when};

/// A line of the journal, feedback, or what a competitor does.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct NoteArgs {
    #[command(subcommand)]
    list: Option<List>,
    #[command(flatten)]
    new: NewArgs,
}

#[derive(Debug, Subcommand)]
enum List {
    /// List the journal, feedback and notes on competitors, newest first
    List {
        /// Only those of a plan
        #[arg(long, value_name = "ID")]
        plan: Option<i64>,
        /// How to write the rows
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Debug, Args)]
struct NewArgs {
    /// The text
    #[arg(value_name = "TEXT", required = true, value_parser = NonEmptyStringValueParser::new())]
    text: Option<String>,
    /// Day that it is about: 2026-06-10, yesterday, fri
    #[arg(short, long, value_name = "DATE", value_parser = when, default_value = "today")]
    day: When,
    /// Journal: note, action, event, holiday, incident, release, decision or checkin; competitor: campaign, price,
    /// feature, content, channel, rank or other
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Number of its plan
    #[arg(long, value_name = "ID")]
    plan: Option<i64>,
    /// Node of its plan, by number or label
    #[arg(long, value_name = "NODE", requires = "plan")]
    node: Option<String>,
    /// Operation type
    #[arg(long = "type", value_name = "TYPE", value_parser = op_type)]
    op_type: Option<OpType>,
    /// It is something that happened: charts mark its day; --kind says what, else it is an event
    #[arg(long, conflicts_with_all = ["feedback", "competitor"])]
    event: bool,
    /// Leave its day out of baselines, weekday shares, forecasts and limits; the day of a holiday always is
    #[arg(long, conflicts_with_all = ["feedback", "competitor"])]
    exclude: bool,
    /// It is what somebody said
    #[arg(long, conflicts_with_all = ["competitor", "kind"])]
    feedback: bool,
    /// Who said it: user, data, team, partner, channel or support
    #[arg(long, value_name = "WHO", value_parser = source, default_value = "user", requires = "feedback")]
    source: FeedbackSource,
    /// How bad it is: 1 small, 2 bad, 3 very bad
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..=3), requires = "feedback")]
    severity: i64,
    /// How often it was said
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..=1_000_000), requires = "feedback")]
    count: i64,
    /// It is about this competitor
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    competitor: Option<String>,
    /// What to do about it: borrow, watch or ignore
    #[arg(long, value_name = "WORD", value_parser = verdict, default_value = "watch", requires = "competitor")]
    verdict: NoteVerdict,
}

fn source(text: &str) -> Result<FeedbackSource, String> {
    word(text, FeedbackSource::parse, FeedbackSource::ALL, FeedbackSource::word)
}

fn verdict(text: &str) -> Result<NoteVerdict, String> {
    word(text, NoteVerdict::parse, NoteVerdict::ALL, NoteVerdict::word)
}

/// Runs the command.
///
/// # Errors
/// When there is no such plan or node, or the workspace cannot be read or written.
pub fn run(args: &NoteArgs, deck: &mut Deck) -> Result<u8, Failure> {
    match &args.list {
        Some(List::List { plan, format }) => list(*plan, *format, deck),
        None => add(&args.new, deck),
    }
}

fn add(new: &NewArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open_to_write()?;
    let day = new.day.until(deck.status(&mut engine)?.today);
    let book = planned::book(&mut engine, deck)?;
    let node = node(new, &book)?;
    let of = match &new.competitor {
        Some(name) => {
            let kind = kind(new, NoteKind::Other, (NoteKind::parse, NoteKind::ALL, NoteKind::word))?;
            NoteOf::Competitor { name: name.clone(), kind, verdict: new.verdict }
        }
        None if new.feedback => NoteOf::Feedback { source: new.source, severity: new.severity, count: new.count },
        None => {
            let usual = if new.event { JournalKind::Event } else { JournalKind::Note };
            let kind = kind(new, usual, (JournalKind::parse, JournalKind::ALL, JournalKind::word))?;
            NoteOf::Journal { kind, exclude: new.exclude }
        }
    };
    let body = new.text.clone().unwrap_or_default();
    let note = NewNote { day, body, of, op_type: new.op_type, plan: new.plan, node };
    Ok(planned::order(PlanOrder::Note(note), &mut engine, deck)?.code)
}

/// A closed vocabulary: how a word is read, all of them, how one is written.
type Words<T> = (fn(&str) -> Option<T>, &'static [T], fn(T) -> &'static str);

/// What is given as `--kind`, else the usual one.
fn kind<T: Copy + 'static>(new: &NewArgs, usual: T, (parse, all, name): Words<T>) -> Result<T, Failure> {
    let Some(kind) = new.kind.as_deref() else { return Ok(usual) };
    word(kind, parse, all, name).map_err(|why| Failure::usage(format!("--kind: {why}")))
}

/// The node that is named, within the plan that must be there.
fn node(new: &NewArgs, book: &Book) -> Result<Option<i64>, Failure> {
    let Some(plan) = new.plan.map(|id| task::plan(book, id)).transpose()? else { return Ok(None) };
    let nodes: Vec<&Node> = book.tree(plan.id);
    new.node.as_deref().map(|typed| named(&nodes, typed).map(|node| node.id)).transpose()
}

/// A line of the list with what puts it in order.
type Row = (Day, i64, Vec<Cell>);

fn list(plan: Option<i64>, format: Format, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let book = planned::book(&mut engine, deck)?;
    if let Some(id) = plan {
        task::plan(&book, id)?;
    }
    let of_plan = |own: Option<i64>| plan.is_none_or(|id| own == Some(id));
    let table = table(&book, &|_, own| of_plan(own));
    if table.rows.is_empty() {
        note("nothing is noted: `quarterdeck note TEXT` adds a line");
    }
    deck.write(&table, format)
}

/// What is noted, newest first: of which days, and of which plan.
pub fn table(book: &Book, wanted: &dyn Fn(Day, Option<i64>) -> bool) -> Table {
    let mut rows: Vec<Row> = journal_rows(book, wanted);
    rows.extend(feedback_rows(book, wanted));
    rows.extend(competitor_rows(book, wanted));
    rows.sort_by_key(|(day, id, _)| (std::cmp::Reverse(*day), std::cmp::Reverse(*id)));
    let mut table =
        Table::new(&["of", "id", "day", "kind", "from", "type", "plan", "text", "excluded", "state", "count"]);
    table.rows = rows.into_iter().map(|(_, _, cells)| cells).collect();
    table
}

fn journal_rows(book: &Book, wanted: &dyn Fn(Day, Option<i64>) -> bool) -> Vec<Row> {
    let row = |one: &Journal| {
        let tail = [Cell::Flag(one.is_left_out()), Cell::Missing, Cell::Missing];
        line(("journal", one.id, one.day), (one.kind.word(), ""), (one.op_type, one.plan_id, &one.body), tail)
    };
    book.journal.iter().filter(|one| wanted(one.day, one.plan_id)).map(row).collect()
}

fn feedback_rows(book: &Book, wanted: &dyn Fn(Day, Option<i64>) -> bool) -> Vec<Row> {
    let row = |one: &Feedback| {
        let kind =
            ["small", "bad", "very bad"].get((one.severity - 1).clamp(0, 2) as usize).copied().unwrap_or("small");
        let tail = [Cell::Missing, Cell::text(one.state.word()), number(Some(one.count))];
        line(("feedback", one.id, one.day), (kind, one.source.word()), (one.op_type, one.plan_id, &one.body), tail)
    };
    book.feedback.iter().filter(|one| wanted(one.day, one.plan_id)).map(row).collect()
}

fn competitor_rows(book: &Book, wanted: &dyn Fn(Day, Option<i64>) -> bool) -> Vec<Row> {
    let row = |one: &CompetitorNote| {
        let who = book.competitors.iter().find(|competitor| competitor.id == one.competitor_id);
        let who = who.map_or("", |competitor| competitor.name.as_str());
        let tail = [Cell::Missing, Cell::text(one.verdict.word()), Cell::Missing];
        line(("competitor", one.id, one.day), (one.kind.word(), who), (None, one.plan_id, &one.body), tail)
    };
    book.competitor_notes.iter().filter(|one| wanted(one.day, one.plan_id)).map(row).collect()
}

fn line(
    (of, id, day): (&'static str, i64, Day),
    (kind, from): (&'static str, &str),
    (op_type, plan, body): (Option<OpType>, Option<i64>, &str),
    tail: [Cell; 3],
) -> Row {
    let mut cells = vec![
        Cell::text(of),
        Cell::Count(id.into()),
        Cell::text(day.to_string()),
        Cell::text(kind),
        text(from),
        text(op_type.map_or("", OpType::word)),
        number(plan),
        Cell::text(body),
    ];
    cells.extend(tail);
    (day, id, cells)
}
