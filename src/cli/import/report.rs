//! What an import did, for people and for programs.

use crate::cli::Deck;
use crate::cli::output::Failure;
use crate::cli::table::{Cell, Table};
use crate::domain::records::Counts;
use crate::query::ImportSummary;
use crate::ui::text;

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
    for (line, reason) in &summary.first_rejects {
        deck.out.line(&format!("  line {line}: {}", text::safe(reason)))?;
    }
    let more = summary.counts.rejected.saturating_sub(summary.first_rejects.len() as u64);
    if more > 0 && !summary.first_rejects.is_empty() {
        deck.out.line(&format!("  and {more} more rejected rows"))?;
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
    row
}
