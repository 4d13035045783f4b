//! Taking rows in: events in parcels, others one by one until their transaction.

use super::{Adopt, BatchWriter};
use crate::domain::calendar::{Day, Instant};
use crate::domain::money::Currency;
use crate::domain::records::{Record, Revenue};
use crate::domain::tables::{Cell, Column, Form, Row};
use crate::store::StoreError;
use crate::store::events::{Desk, Fate};
use crate::store::ledger::Entry;
use crate::store::parcel::EventParcel;

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
                self.tally.counts.read += 1;
                self.tally.saw(event.at);
                self.parcel.push(line, &event.lent())?;
                if self.parcel.is_full() {
                    self.take_own_parcel()?;
                }
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
            self.tally.saw(record.at);
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
            self.tally.saw(Instant(self.calendar.end_of(Day(day as i32)).0 - 1));
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

    /// Takes events that were packed elsewhere.
    ///
    /// # Errors
    /// When the workspace cannot be written; the caller drops the writer then.
    pub fn take(&mut self, parcel: &EventParcel) -> Result<(), StoreError> {
        self.tally.counts.read += parcel.len() as u64;
        for row in parcel.rows() {
            self.tally.saw(Instant(row.at));
        }
        self.store_parcel(parcel)
    }

    /// Takes the events that were put in one by one.
    pub(super) fn take_own_parcel(&mut self) -> Result<(), StoreError> {
        if self.parcel.is_empty() {
            return Ok(());
        }
        let mut parcel = std::mem::take(&mut self.parcel);
        self.store_parcel(&parcel)?;
        parcel.clear();
        self.parcel = parcel;
        Ok(())
    }

    fn store_parcel(&mut self, parcel: &EventParcel) -> Result<(), StoreError> {
        self.ensure_transaction()?;
        let Self { store, sink, dictionary, tally, staged, calendar, opened, .. } = self;
        let mut desk = Desk { conn: &store.conn, dictionary, calendar: *calendar, batch: opened.batch };
        sink.take(&mut desk, parcel, &mut |row, fate| match fate {
            Fate::Inserted => {
                tally.counts.inserted += 1;
                tally.digest.add(row.content, 0);
            }
            Fate::Resumed => tally.counts.inserted += 1,
            Fate::Duplicate => tally.counts.duplicate += 1,
            Fate::Conflict => {
                tally.counts.conflict += 1;
                let (id, at) = (parcel.id(row), Instant(row.at));
                let detail = format!("id \"{id}\" stands for another event of {at} UTC; the first one stays");
                staged.keep(row.line, "conflict", &detail, &parcel.raw(row));
            }
        })
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
        self.staged.keep(line, code, why, "");
        why
    }
}
