//! The list of the payers of a class, to reach out to them.

use crate::query::{Class, RfmTable, RfmUser};
use crate::ui::format;
use crate::ui::table::{Align, Cell, Column, Row, Table};

use super::super::super::list::file_name;
use super::super::super::view::{Env, Note, Request};

const COLUMNS: &[Column] = &[
    Column::new("user", Align::Left(1), 40),
    Column::new("days since", Align::Right(52), 10),
    Column::new("orders", Align::Right(62), 8),
    Column::new("net", Align::Right(74), 10),
];

/// A file of the class: the user, days since the last payment, orders and net revenue of the window.
pub fn list(class: Class, found: &RfmTable, env: &Env<'_>) -> Request {
    let row = |user: &RfmUser| Row {
        id: user.name.clone(),
        cells: vec![
            Cell::text(&user.name),
            Cell::number("", None, user.recency_days.to_string()),
            Cell::number("", None, user.frequency.to_string()),
            Cell::number("", None, format::exact(crate::query::Number::Money(user.monetary))),
        ],
    };
    let rows: Vec<Row> = found.users.iter().filter(|user| user.class == Some(class)).map(row).collect();
    if rows.is_empty() {
        return Request::Say(Note::refused("nobody is in this class"));
    }
    let order: Vec<usize> = (0..rows.len()).collect();
    let table = Table { columns: COLUMNS, rows, ..Table::default() };
    Request::Write { name: file_name(&format!("recall-{}", class.name()), env), text: table.csv(&order) }
}
