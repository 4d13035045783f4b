//! `quarterdeck content`: what is published, how far it reaches, whether it comes in time, what it brings.

use clap::Args;

use crate::domain::calendar::Day;
use crate::engine::Engine;
use crate::query::{
    CONTENT_PROPERTY, ContentDays, ContentLack, ContentNumbers, ContentPeers, ContentQuery, ContentRecord,
    ContentReportQuery, ContentRow, Status,
};

use super::Deck;
use super::basis;
use super::flags::Days;
use super::metric::state;
use super::nearest::Asked;
use super::output::{Failure, left_out, note};
use super::segment_flags::SegmentFlags;
use super::table::{Cell, Format, Table};

/// What is published, how far it reaches, whether it comes in time, what it brings. Events name an item with a property
/// content.
#[derive(Debug, Args)]
pub struct ContentArgs {
    /// The first seven days of this item, from its publication, else from its first view
    #[arg(long, value_name = "ITEM", conflicts_with_all = ["from", "to"])]
    report: Option<String>,
    #[command(flatten)]
    days: Days,
    #[command(flatten)]
    segment: SegmentFlags,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Days shown when nothing else is said.
const USUAL_DAYS: i32 = 28;
/// Row of what no item earned.
const UNCREDITED: &str = "(uncredited)";

/// Row of the usual item of the kind.
const MEDIAN: &str = "(median)";

const REPORT: [&str; 12] = [
    "day",
    "from",
    "to",
    "views",
    "uniques",
    "completes",
    "completion",
    "engagement",
    "shares",
    "signups_last",
    "revenue_last",
    "state",
];

const COLUMNS: [&str; 18] = [
    "item",
    "title",
    "kind",
    "author",
    "planned",
    "published",
    "status",
    "views",
    "uniques",
    "completion",
    "engagement",
    "shares",
    "sharers",
    "signups_first",
    "signups_last",
    "revenue_first",
    "revenue_last",
    "on_time",
];

/// Runs the command.
///
/// # Errors
/// An unknown item, and whatever the workspace refuses.
pub fn run(args: &ContentArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    args.segment.check(Asked::default(), &mut engine, deck)?;
    match &args.report {
        Some(item) => report(args, item, (&mut engine, &status), deck),
        None => list(args, (&mut engine, &status), deck),
    }
}

fn list(args: &ContentArgs, (engine, status): (&mut Engine, &Status), deck: &mut Deck) -> Result<u8, Failure> {
    // Items alone are complete through no day: they are shown up to yesterday.
    let through = status.through.unwrap_or_else(|| deck.clock().day(&status.calendar()).plus(-1));
    let span = args.days.span(through, USUAL_DAYS).map_err(Failure::usage)?;
    let query = ContentQuery { span, segment: args.segment.segment() };
    let answer = answer!(deck, engine, Content(query));
    match answer.lacks {
        None => {}
        Some(ContentLack::Views) => note(
            "no event name has the role view, so nothing is viewed: `quarterdeck role set NAME view` says which has it",
        ),
        Some(ContentLack::Property) => note(&format!(
            "no view has the property {CONTENT_PROPERTY}, so nothing is viewed: import events with a column \
             {CONTENT_PROPERTY} that holds the item's id"
        )),
    }
    left_out(answer.excluded, "money rows");
    let mut table = Table::new(&COLUMNS);
    table.rows = answer.items.iter().map(row).collect();
    table.rows.push(titled(Cell::Total, None, &answer.total));
    table.rows.push(titled(Cell::text(UNCREDITED), None, &answer.uncredited));
    table.choices = vec![
        ("from", span.first.to_string()),
        ("to", span.last.to_string()),
        ("credit", "7 x 24 h after the first or last content viewed".to_owned()),
        ("segment", args.segment.words()),
    ];
    table.choices.extend(basis::currency(&status.profile));
    table.choices.push(basis::zone(&status.profile));
    deck.write(&table, args.format)
}

fn row(row: &ContentRow) -> Vec<Cell> {
    titled(Cell::text(row.item.as_str()), row.record.as_ref(), &row.numbers)
}

/// A row that begins with an item, or with what stands for one.
fn titled(item: Cell, record: Option<&ContentRecord>, numbers: &ContentNumbers) -> Vec<Cell> {
    let text = |of: fn(&ContentRecord) -> Option<&String>| record.and_then(of).map_or(Cell::Missing, Cell::text);
    let mut cells = vec![
        item,
        text(|record| record.title.as_ref()),
        text(|record| record.kind.as_ref()),
        text(|record| record.author.as_ref()),
        day(record.and_then(|record| record.planned)),
        day(record.and_then(|record| record.published)),
        text(|record| record.status.as_ref()),
    ];
    let ContentNumbers {
        views,
        uniques,
        completion,
        engagement,
        shares,
        sharers,
        signups_first,
        signups_last,
        revenue_first,
        revenue_last,
        on_time,
    } = *numbers;
    let reach = [views, uniques, completion, engagement, shares, sharers];
    let brought = [signups_first, signups_last, revenue_first, revenue_last, on_time];
    cells.extend(reach.into_iter().chain(brought).map(Cell::number));
    cells
}

fn day(day: Option<Day>) -> Cell {
    day.map_or(Cell::Missing, |day| Cell::text(day.to_string()))
}

fn report(
    args: &ContentArgs,
    item: &str,
    (engine, status): (&mut Engine, &Status),
    deck: &mut Deck,
) -> Result<u8, Failure> {
    args.segment.without_streams()?;
    let query = ContentReportQuery { item: item.to_owned(), segment: args.segment.segment() };
    let answer = answer!(deck, engine, ContentReport(query));
    if answer.days.is_empty() {
        note(&format!("{item} is neither published nor viewed yet, so its seven days have not begun"));
    }
    let mut table = Table::new(&REPORT);
    let last = answer.days.len().saturating_sub(1);
    for (at, days) in answer.days.iter().enumerate() {
        let name = if at == last { Cell::Total } else { Cell::Count(at as i128) };
        let [from, to] = [days.span.first, days.span.last].map(|day| Cell::text(day.to_string()));
        table.rows.push(reported([name, from, to], days, Cell::text(state(days.state))));
    }
    if let Some(ContentPeers { median, .. }) = &answer.peers {
        let name = Cell::text(MEDIAN);
        table.rows.push(reported([name, Cell::Missing, Cell::Missing], median, Cell::text(state(median.state))));
    }
    let of_kind = answer.peers.map(|peers| format!("of {} other items of the kind {}", peers.items, peers.kind));
    let said = |text: Option<String>| text.unwrap_or_else(|| "--".to_owned());
    table.choices = vec![
        ("item", item.to_owned()),
        ("title", said(answer.record.as_ref().and_then(|record| record.title.clone()))),
        ("published", said(answer.record.and_then(|record| record.published).map(|day| day.to_string()))),
        ("from", if answer.by_first_view { "the first view" } else { "the publication" }.to_owned()),
        ("median", said(of_kind)),
        ("credit", "7 x 24 h after the last content viewed".to_owned()),
        ("segment", args.segment.words()),
        basis::zone(&status.profile),
    ];
    table.choices.extend(basis::currency(&status.profile));
    deck.write(&table, args.format)
}

/// Some days of the report of an item.
fn reported(name: [Cell; 3], days: &ContentDays, state: Cell) -> Vec<Cell> {
    let &ContentDays { views, uniques, completes, completion, engagement, shares, signups, revenue, .. } = days;
    let numbers = [views, uniques, completes, completion, engagement, shares, signups, revenue].map(Cell::number);
    name.into_iter().chain(numbers).chain([state]).collect()
}
