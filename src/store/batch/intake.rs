//! Taking rows in: events go straight to the file, others wait for their transaction.

use super::{Adopt, BatchWriter};
use crate::domain::calendar::{Day, Instant};
use crate::domain::money::Currency;
use crate::domain::records::{Event, Record, Revenue};
use crate::domain::tables::{Cell, Column, Form, Row};
use crate::store::ledger::Entry;
use crate::store::{StoreError, events};

/// Why a row that was read cannot be kept.
pub type Refused = &'static str;

const NO_CURRENCY: Refused = "no currency, and the workspace has none";

impl BatchWriter<'_> {
    /// Takes one row of the file; says why where it cannot be kept, which then is a rejected row.
    ///
    /// # Errors
    /// When the workspace cannot be written; the caller drops the writer then.
    pub fn put(&mut self, line: u64, record: &Record<'_>) -> Result<Option<Refused>, StoreError> {
        match record {
            Record::Event(event) => {
                self.ensure_transaction()?;
                self.tally.counts.read += 1;
                let place = (self.opened.batch, self.names.source.as_str());
                let conn = &self.store.conn;
                let fate = self.sink.put(conn, &mut self.dictionary, self.calendar, place, event)?;
                self.settle_event(line, event, fate);
                Ok(None)
            }
            Record::Revenue(row) => Ok(self.put_money(line, &[row])),
            Record::Spend(row) => self.put_rows(line, vec![Row::from(row)], true),
            Record::Row(row) => self.put_rows(line, vec![row.clone()], true),
        }
    }

    /// Takes one row of the file that yields several records of one kind, such as a payment and its refund. The row counts
    /// once.
    ///
    /// # Errors
    /// When the workspace cannot be read; the caller drops the writer then.
    pub fn put_several(&mut self, line: u64, records: &[Record<'_>]) -> Result<Option<Refused>, StoreError> {
        let (mut money, mut rows, mut refused) = (Vec::new(), Vec::new(), None);
        for record in records {
            match record {
                Record::Revenue(row) => money.push(row),
                Record::Spend(row) => rows.push(Row::from(row)),
                Record::Row(row) => rows.push(row.clone()),
                // An event is a row of its own.
                Record::Event(_) => refused = self.put(line, record)?,
            }
        }
        if !money.is_empty() {
            refused = self.put_money(line, &money);
        }
        if rows.is_empty() { Ok(refused) } else { self.put_rows(line, rows, false) }
    }

    fn put_money(&mut self, line: u64, records: &[&Revenue<'_>]) -> Option<Refused> {
        self.tally.counts.read += 1;
        let row = (records.len() > 1).then_some(self.tally.counts.read);
        let mut entries = Vec::with_capacity(records.len());
        for record in records {
            let Some(currency) = self.currency_of(record.currency) else {
                return Some(self.refuse(line, "no_currency", NO_CURRENCY));
            };
            let entry = Entry::new(record, currency);
            entries.push(match row {
                Some(row) => entry.part_of(row),
                None => entry,
            });
        }
        for (record, entry) in records.iter().zip(entries) {
            self.saw(record.at);
            self.staged.bytes += entry.bytes();
            self.staged.entries.push(entry);
        }
        None
    }

    /// Takes the rows with a key that one row of the file yields; `whole` says that it can only yield one.
    fn put_rows(&mut self, line: u64, rows: Vec<Row<'_>>, whole: bool) -> Result<Option<Refused>, StoreError> {
        self.tally.counts.read += 1;
        let mut owned = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(row) = self.with_currency(row.into_owned()) else {
                return Ok(Some(self.refuse(line, "no_currency", NO_CURRENCY)));
            };
            owned.push(row);
        }
        let texts = owned.iter().flat_map(|row| &row.cells).filter_map(Cell::text).map(str::len).sum::<usize>();
        let cells =
            owned.iter().map(|row| size_of::<Row<'_>>() + size_of::<Cell<'_>>() * row.cells.len()).sum::<usize>();
        self.staged.bytes += texts + cells;
        let day = owned.first().and_then(|row| row.pairs().find(|(column, _)| column.is_date())?.1.int());
        if !self.staged.rows.put(&self.store.conn, owned, whole)? {
            return Ok(Some(self.refuse(line, "too_large", "the sum of the day's rows does not fit")));
        }
        if let Some(day) = day {
            self.saw(Instant(self.calendar.end_of(Day(day as i32)).0 - 1));
        }
        Ok(None)
    }

    /// A row whose amount has a currency: its own, else the workspace's; `None` where there is neither.
    fn with_currency(&mut self, mut row: Row<'static>) -> Option<Row<'static>> {
        let place = |row: &Row<'_>, wanted: fn(&Column) -> bool| row.pairs().position(|(column, _)| wanted(column));
        let amount = place(&row, |column| column.form == Form::Amount).and_then(|at| row.cells.get(at)?.int());
        if amount.is_some() {
            let currency = self.currency_of(row.currency())?;
            if let Some(cell) = place(&row, |column| column.form == Form::Currency).and_then(|at| row.cells.get_mut(at))
            {
                *cell = Cell::Text(currency.code().to_owned().into());
            }
        }
        Some(row)
    }

    fn settle_event(&mut self, line: u64, event: &Event<'_>, fate: events::Fate) {
        self.saw(event.at);
        let counts = &mut self.tally.counts;
        match fate {
            events::Fate::Inserted(content) => {
                counts.inserted += 1;
                self.tally.digest.add(content, 0);
            }
            events::Fate::Resumed => counts.inserted += 1,
            events::Fate::Duplicate => counts.duplicate += 1,
            events::Fate::Conflict => {
                counts.conflict += 1;
                let id = event.id.as_deref().unwrap_or("");
                let detail = format!("id \"{id}\" stands for another event of {} UTC; the first one stays", event.at);
                let fields = [
                    Some(id),
                    event.user.as_deref(),
                    Some(&event.name),
                    event.channel.as_deref(),
                    event.props.as_deref(),
                ];
                let raw = fields.into_iter().flatten().collect::<Vec<_>>().join(",");
                self.keep(line, "conflict", &detail, &raw);
            }
        }
    }

    /// The currency of a row: its own, else the workspace's.
    fn currency_of(&mut self, own: Option<Currency>) -> Option<Currency> {
        if self.adopt == Adopt::First && own.is_some() {
            (self.currency, self.adopt) = (own, Adopt::Found);
        }
        own.or(self.currency)
    }

    fn refuse(&mut self, line: u64, code: &str, why: Refused) -> Refused {
        self.tally.counts.rejected += 1;
        self.keep(line, code, why, "");
        why
    }
}
