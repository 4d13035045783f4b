//! Every row of a kind as texts, for export.

use std::io;
use std::ops::ControlFlow;

use rusqlite::Row;

use super::blocks::{self, Wanted};
use super::spelling::Spelling;
use super::tables::{SAYS, Table};
use super::{Store, StoreError};
use crate::domain::calendar::{DAY_MICROS, Day, Instant};
use crate::domain::money::exact;
use crate::domain::records::{Kind, Text};
use crate::domain::tables::{Cell, Form, Row as TableRow};

type Each<'a> = &'a mut dyn FnMut(&[Option<String>]) -> io::Result<()>;

/// Rows in the order in which an export is the same however they came: by time, then by what tells them apart.
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
        if Table::of(kind).is_some() {
            return self.export_table(kind, before.map(|(day, _)| day), each);
        }
        let until = before.map_or(i64::MAX, |(_, at)| at.0);
        if kind == Kind::Events {
            return self.export_events(until, each);
        }
        let mut statement = self.conn.prepare(REVENUE)?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([until])?;
        while let Some(row) = rows.next()? {
            let cells = names.iter().enumerate().map(|(at, name)| cell(row, at, name));
            let cells: Vec<Option<String>> = cells.collect::<Result<_, _>>()?;
            if let Err(error) = each(&cells) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }

    fn export_events(&self, until: i64, each: Each<'_>) -> Result<io::Result<()>, StoreError> {
        let spelling = Spelling::read(&self.conn)?;
        let last = until.div_euclid(DAY_MICROS).clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        let mut done = Ok(());
        blocks::each_live(&self.conn, (i32::MIN, last), Wanted::PROPS, &mut |head, rows| {
            for at in 0..rows.len() {
                let event = spelling.event(head.day, rows, at);
                if done.is_ok() && event.at.0 < until {
                    let own = |text: Option<Text<'_>>| text.map(Text::into_owned);
                    let (at, name) = (Some(event.at.to_string()), Some(event.name.into_owned()));
                    let (user, channel) = (own(event.user), own(event.channel));
                    done = each(&[user, at, name, channel, own(event.platform), own(event.props)]);
                }
            }
            Ok(())
        })?;
        Ok(done)
    }

    fn export_table(&self, kind: Kind, before: Option<Day>, each: Each<'_>) -> Result<io::Result<()>, StoreError> {
        let mut done = Ok(());
        self.rows(kind, before, &mut |row| {
            let texts: Vec<_> = row.pairs().map(|(column, cell)| text(column.form, cell)).collect();
            done = each(&texts);
            if done.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(done)
    }

    /// Gives every row in the numbers of a kind that has a table of columns to `each`, until it breaks off, ordered by
    /// what tells rows apart; `before` leaves out rows of this day and later, where the kind is about days. Orders and
    /// events have no such rows.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn rows(
        &self,
        kind: Kind,
        before: Option<Day>,
        each: &mut dyn FnMut(TableRow<'static>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.sourced(kind, before, &mut |_, row| each(row))
    }

    /// The same, each row with the name of its source.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sourced(
        &self,
        kind: Kind,
        before: Option<Day>,
        each: &mut dyn FnMut(&str, TableRow<'static>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        const SOURCE: &str = "(SELECT name FROM source WHERE id = x.source)";
        let Some(table) = Table::of(kind) else { return Ok(()) };
        let day = table.day().map_or("NULL".to_owned(), |day| format!("x.{day}"));
        let sql = format!(
            "{} WHERE x.state = 0 AND {SAYS} AND ifnull({day} < ?1, 1) {}",
            table.select(SOURCE),
            table.order()
        );
        let mut statement = self.conn.prepare(&sql)?;
        let mut rows = statement.query([before.map(|day| day.0)])?;
        while let Some(row) = rows.next()? {
            let source: String = row.get(0)?;
            if each(&source, TableRow { kind, cells: table.cells(row, 1)? }).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// A cell as import reads it.
pub fn text(form: Form, cell: &Cell<'_>) -> Option<String> {
    match (cell, form) {
        (Cell::Null, _) => None,
        (Cell::Int(n), Form::Day) => Some(Day(*n as i32).to_string()),
        (Cell::Int(n), Form::Amount | Form::Decimal) => Some(exact((*n).into())),
        (Cell::Int(n), _) => Some(n.to_string()),
        (Cell::Text(text), _) => Some(text.to_string()),
    }
}

fn cell(row: &Row<'_>, at: usize, name: &str) -> Result<Option<String>, rusqlite::Error> {
    Ok(match name {
        "at_micros" => Some(Instant(row.get(at)?).to_string()),
        "amount_micros" => Some(exact(row.get::<_, i64>(at)?.into())),
        _ => row.get(at)?,
    })
}
