//! A report as CSV: one row a value, exact, so that sections of any shape stand in one table.

use crate::ui::safe::{csv_cell, spreadsheet_cell};

use super::super::table::Cell;
use super::Report;

/// The whole text. A cell of text that a spreadsheet would take for a formula begins with an apostrophe.
pub fn written(report: &Report) -> String {
    let mut out = "section,item,field,value\n".to_owned();
    let mut line = |section: &str, item: &str, field: &str, value: &str| {
        let cells = [spreadsheet_cell(section), spreadsheet_cell(item), spreadsheet_cell(field), value.to_owned()];
        out.push_str(&cells.join(","));
        out.push('\n');
    };
    for (name, value) in &report.facts {
        line("report", "", name, &spreadsheet_cell(value));
    }
    for section in &report.sections {
        let Some(table) = &section.table else { continue };
        for row in &table.rows {
            let (keys, values) = row.split_at(section.keys.min(row.len()));
            let item: Vec<String> = keys.iter().map(named).collect();
            for (field, cell) in table.columns[keys.len()..].iter().zip(values) {
                line(&section.id, &item.join(" "), field, &value(cell));
            }
        }
    }
    out
}

fn named(cell: &Cell) -> String {
    if *cell == Cell::Total { "total".to_owned() } else { cell.plain() }
}

fn value(cell: &Cell) -> String {
    let text = cell.plain();
    if cell.is_number() { csv_cell(&text) } else { spreadsheet_cell(&text) }
}
