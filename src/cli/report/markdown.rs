//! A report as Markdown with tables of its usual extension.

use std::fmt::Write as _;

use crate::ui::glyphs::Glyphs;
use crate::ui::markup::markdown;
use crate::ui::spark;

use super::super::table::{Cell, Table};
use super::{Report, Section, read};

/// The whole text.
pub fn written(report: &Report) -> String {
    let mut out = format!("# {}\n\n", markdown(&report.title));
    for (name, value) in &report.facts {
        let _ = writeln!(out, "- {}: {}", name.replace('_', " "), markdown(value));
    }
    for section in &report.sections {
        let _ = write!(out, "\n## {}\n", markdown(&section.title));
        for line in &section.notes {
            let _ = write!(out, "\n{}\n", markdown(line));
        }
        if let Some(table) = &section.table {
            out.push('\n');
            rows(&mut out, section, table);
        }
    }
    out
}

fn rows(out: &mut String, section: &Section, table: &Table) {
    let mut heads: Vec<String> = table.columns.iter().map(|name| markdown(&name.replace('_', " "))).collect();
    let mut sides: Vec<&str> =
        (0..heads.len()).map(|column| if table.is_numeric(column) { "---:" } else { "---" }).collect();
    if !section.trends.is_empty() {
        heads.push("28 days".to_owned());
        sides.push("---");
    }
    let _ = writeln!(out, "| {} |\n| {} |", heads.join(" | "), sides.join(" | "));
    for (at, row) in table.rows.iter().enumerate() {
        let mut cells: Vec<String> = row.iter().map(cell).collect();
        cells.extend(
            section.trends.get(at).map(|trend| spark::line(trend, trend.len(), Glyphs::Unicode).trim().to_owned()),
        );
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
}

/// Only text can hold what Markdown would obey; numbers have signs of their own, such as `<1%` and `14.6*`.
fn cell(cell: &Cell) -> String {
    let text = read(cell);
    if let Cell::Text(_) = cell { markdown(&text) } else { text }
}
