//! What an import did, for people and for programs.

use crate::cli::Deck;
use crate::cli::output::{Failure, note};
use crate::cli::table::{Cell, Table};
use crate::domain::records::Counts;
use crate::query::{ImportSummary, PreviewColumn, Reading};
use crate::ui::text;

/// Cells of a title or sample before an import.
const COLUMN: usize = 32;
/// Cells of one value of a row before an import.
const CELL: usize = 20;

/// Whether rows were refused or contradict stored ones.
pub fn has_findings(summary: &ImportSummary) -> bool {
    summary.counts.rejected + summary.counts.conflict > 0
}

/// The conservation law of an import, in one line.
pub fn conservation(counts: &Counts) -> String {
    let Counts { read, inserted, updated, duplicate, conflict, rejected, blank } = counts;
    format!(
        "read {read} = inserted {inserted} + updated {updated} + duplicate {duplicate} + conflict {conflict} + rejected \
         {rejected} + blank {blank}"
    )
}

/// The first refused rows with their reason, how many more there are, and what to do. Raw text of the file.
pub fn rejects(summary: &ImportSummary) -> Vec<String> {
    let mut said: Vec<String> =
        summary.first_rejects.iter().map(|(line, reason)| format!("line {line}: {reason}")).collect();
    let more = summary.counts.rejected.saturating_sub(summary.first_rejects.len() as u64);
    if more > 0 && !said.is_empty() {
        said.push(format!("and {more} more rejected rows"));
    }
    if !said.is_empty() {
        said.push("mend these lines and load them again; rows that are stored do not come twice".to_owned());
    }
    said
}

/// Shows on standard error where the columns go and the first rows, before they are loaded.
pub fn mapping(reading: &Reading) {
    let titles = reading.columns.iter().map(|c| text::width(&c.title)).max().unwrap_or(0).min(COLUMN);
    for column in &reading.columns {
        let field = column.field.as_deref().unwrap_or("(no field)");
        let title = text::pad(&text::cut(&column.title, COLUMN, true), titles);
        note(&format!("  {title}  {field:<12}  {}", text::cut(&column.sample, COLUMN, true)));
    }
    for row in &reading.samples {
        let cells: Vec<String> = row.iter().map(|cell| text::cut(cell, CELL, true)).collect();
        note(&format!("  {}", cells.join(" | ")));
    }
}

/// Prints a summary: where the rows went, the choices made, the first refused rows, the conservation law.
pub fn print(summary: &ImportSummary, deck: &mut Deck) -> Result<(), Failure> {
    let batch = match summary.batch {
        Some(batch) if !summary.dry_run => format!("  batch {batch}"),
        _ if summary.dry_run => "  nothing stored (dry run)".to_owned(),
        _ => String::new(),
    };
    let (file, source) = (text::safe(&summary.file), text::safe(&summary.source));
    deck.out.line(&format!("{file}: {} to source {source}{batch}", summary.kind.name()))?;
    for said in &summary.notes {
        deck.out.line(&format!("  {}", text::safe(said)))?;
    }
    if let Some(through) = summary.through {
        deck.out.line(&format!("  complete to {through}"))?;
    }
    for said in rejects(summary) {
        deck.out.line(&format!("  {}", text::safe(&said)))?;
    }
    if summary.empty {
        deck.out.line("  a header and no rows")?;
    }
    deck.out.line(&format!("  {}", conservation(&summary.counts)))
}

/// One row a file.
pub fn table(summaries: &[ImportSummary]) -> Table {
    let mut table = Table::new(&[
        "file",
        "kind",
        "source",
        "batch",
        "read",
        "inserted",
        "updated",
        "duplicate",
        "conflict",
        "rejected",
        "blank",
        "through",
        "dry_run",
        "format",
        "encoding",
        "zone",
        "mapping",
        "rejected_lines",
    ]);
    table.rows = summaries.iter().map(row).collect();
    table
}

fn row(summary: &ImportSummary) -> Vec<Cell> {
    let counts = summary.counts;
    let mut row = vec![
        Cell::text(&summary.file),
        Cell::text(summary.kind.name()),
        Cell::text(&summary.source),
        summary.batch.map_or(Cell::Missing, |batch| Cell::Count(batch.into())),
    ];
    row.extend(
        [
            counts.read,
            counts.inserted,
            counts.updated,
            counts.duplicate,
            counts.conflict,
            counts.rejected,
            counts.blank,
        ]
        .map(|n| Cell::Count(n.into())),
    );
    row.push(summary.through.map_or(Cell::Missing, |at| Cell::text(at.to_string())));
    row.push(Cell::Flag(summary.dry_run));
    let read = |what: fn(&Reading) -> String| summary.reading.as_ref().map_or(Cell::Missing, |r| Cell::text(what(r)));
    row.extend([
        read(|r| r.format.clone()),
        read(|r| r.encoding.clone()),
        read(|r| r.zone.name().to_owned()),
        read(pairs),
        Cell::text(lines(&summary.rejected_lines)),
    ]);
    row
}

/// Where the columns went, as `--map` takes it.
fn pairs(reading: &Reading) -> String {
    let pair = |column: &PreviewColumn| Some(format!("{}={}", column.title, column.field.as_deref()?));
    reading.columns.iter().filter_map(pair).collect::<Vec<_>>().join(",")
}

fn lines(lines: &[u64]) -> String {
    lines.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
}
