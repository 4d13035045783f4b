//! Every row of a kind as texts, for export.

use std::io;

use rusqlite::Row;

use super::tables::Table;
use super::{Store, StoreError};
use crate::domain::calendar::{DAY_MICROS, Day, Instant};
use crate::domain::money::exact;
use crate::domain::records::Kind;
use crate::domain::tables::{Cell, Form, columns};

type Each<'a> = &'a mut dyn FnMut(&[Option<String>]) -> io::Result<()>;

/// Rows in the order in which an export is the same however they came: by time, then by what tells them apart.
const EVENTS: &str = "
    SELECT u.name, (e.id >> 32) * 86400000000 + e.t AS at_micros, n.text, c.text, p.text, e.props
    FROM event e LEFT JOIN user u ON u.id = e.user JOIN term n ON n.kind = 0 AND n.id = e.name
      LEFT JOIN term c ON c.kind = 1 AND c.id = e.channel LEFT JOIN term p ON p.kind = 2 AND p.id = e.platform
    WHERE e.id < ?1 ORDER BY e.id";
const REVENUE: &str = "
    SELECT r.order_id, u.name, r.at AS at_micros, s.text, r.amount AS amount_micros, r.currency, r.refund_of, r.line,
      r.props
    FROM revenue r LEFT JOIN user u ON u.id = r.user LEFT JOIN term s ON s.kind = 3 AND s.id = r.stream
    WHERE r.state = 0 AND r.at < ?1 ORDER BY r.at, r.order_id, r.line, r.amount DESC, r.key";
impl Store {
    /// Gives every row in the numbers to `each`, cells in the order of the import titles; `before` leaves out rows of
    /// this day, which starts at this instant, and later.
    ///
    /// # Errors
    /// When the file cannot be read; an error of `each` ends the export and is returned inside.
    pub fn export(
        &self,
        kind: Kind,
        before: Option<(Day, Instant)>,
        each: Each<'_>,
    ) -> Result<io::Result<()>, StoreError> {
        if let Some(table) = Table::of(kind) {
            return self.export_table(table, before.map(|(day, _)| day), each);
        }
        let (sql, limit) = match kind {
            Kind::Events => (EVENTS, before.map(|(_, at)| event_limit(at))),
            _ => (REVENUE, before.map(|(_, at)| at.0)),
        };
        let until = before.map(|(_, at)| at.0);
        let mut statement = self.conn.prepare(sql)?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([limit.unwrap_or(i64::MAX)])?;
        while let Some(row) = rows.next()? {
            if kind == Kind::Events && until.is_some_and(|until| row.get::<_, i64>(1).is_ok_and(|at| at >= until)) {
                continue;
            }
            let cells = names.iter().enumerate().map(|(at, name)| cell(row, at, name));
            let cells: Vec<Option<String>> = cells.collect::<Result<_, _>>()?;
            if let Err(error) = each(&cells) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }

    /// Rows of a kind that is about no day have none to leave out.
    fn export_table(&self, table: &Table, before: Option<Day>, each: Each<'_>) -> Result<io::Result<()>, StoreError> {
        let day = table.day().map_or("NULL".to_owned(), |day| format!("x.{day}"));
        let sql = format!("{} WHERE x.state = 0 AND ifnull({day} < ?1, 1) {}", table.select(""), table.order());
        let mut statement = self.conn.prepare(&sql)?;
        let mut rows = statement.query([before.map(|day| day.0)])?;
        while let Some(row) = rows.next()? {
            let cells = table.cells(row, 0)?;
            let texts = columns(table.kind).iter().zip(&cells).map(|(column, cell)| text(column.form, cell));
            if let Err(error) = each(&texts.collect::<Vec<_>>()) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }
}

/// A cell as import reads it.
fn text(form: Form, cell: &Cell<'_>) -> Option<String> {
    match (cell, form) {
        (Cell::Null, _) => None,
        (Cell::Int(n), Form::Day) => Some(Day(*n as i32).to_string()),
        (Cell::Int(n), Form::Amount | Form::Decimal) => Some(exact((*n).into())),
        (Cell::Int(n), _) => Some(n.to_string()),
        (Cell::Text(text), _) => Some(text.to_string()),
    }
}

/// The first id of the UTC day after the one that holds an instant: ids carry the day, not the time within it.
fn event_limit(at: Instant) -> i64 {
    (at.0.div_euclid(DAY_MICROS) + 1) << 32
}

fn cell(row: &Row<'_>, at: usize, name: &str) -> Result<Option<String>, rusqlite::Error> {
    Ok(match name {
        "at_micros" => Some(Instant(row.get(at)?).to_string()),
        "amount_micros" => Some(exact(row.get::<_, i64>(at)?.into())),
        _ => row.get(at)?,
    })
}
