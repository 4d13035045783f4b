//! The raw events in the numbers, one after another.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::blocks::{self, Rows, Wanted};
use super::reads::instants;
use super::rows::RawEvent;
use super::{Store, StoreError};
use crate::domain::calendar::{DAY_MICROS, Instant, Span};

/// Events that a second thread, with a connection of its own, pays for; few in tests, so that they take that way.
const WORTH: usize = if cfg!(test) { 2 } else { 400_000 };

impl Store {
    /// Gives every event of a span of local days with one of the names to `each`, by UTC day.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn scan_events(
        &self,
        span: Option<Span>,
        names: Option<&[u32]>,
        each: &mut dyn FnMut(RawEvent),
    ) -> Result<(), StoreError> {
        self.scan(Wanted::default(), span, names, &mut |event, _, _| each(event))
    }

    /// Gives all events with one of the names to `each` in the order of their UTC days, those of later days to a part that
    /// another thread reads with a connection of its own where that pays, and their properties where those are wanted. The
    /// parts come back in the order of their days.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn scan_parts<T: Send>(
        &self,
        (names, props): (Option<&[u32]>, bool),
        begin: impl Fn() -> T + Sync,
        each: impl Fn(&mut T, RawEvent, Option<&str>) + Sync,
    ) -> Result<Vec<T>, StoreError> {
        let part = |store: &Self, days: &(i32, i32)| -> Result<T, StoreError> {
            let (mut part, all) = (begin(), (i64::MIN, i64::MAX));
            let wanted = Wanted { props, ..Wanted::default() };
            let each = &mut |event, rows: &Rows, at| each(&mut part, event, rows.props(at));
            store.scan_days(wanted, (*days, all), names, each)?;
            Ok(part)
        };
        let (first, last) = blocks::ALL_DAYS;
        match self.middle_day()? {
            Some(middle) => self.read_shares(2, &[(first, middle - 1), (middle, last)], part),
            None => self.read_shares(1, &[(first, last)], part),
        }
    }

    /// The UTC day from which on the later half of the events is; `None` where no second reader is paid for.
    fn middle_day(&self) -> Result<Option<i32>, StoreError> {
        let sql = "SELECT id >> 32, sum(n) FROM event_block GROUP BY 1 ORDER BY 1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let days = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let days: Vec<(i32, i64)> = days.collect::<Result<_, _>>()?;
        let events: i64 = days.iter().map(|day| day.1).sum();
        if self.readers(events as usize, WORTH) < 2 {
            return Ok(None);
        }
        let mut before = 0;
        let reached = days.iter().find(|(_, n)| {
            before += n;
            before * 2 >= events
        });
        Ok(reached.map(|day| day.0).filter(|day| days.first().is_some_and(|first| first.0 < *day)))
    }

    /// Like [`Store::scan_events`], with the properties of each event as JSON text.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn scan_rows(
        &self,
        span: Option<Span>,
        names: Option<&[u32]>,
        each: &mut dyn FnMut(RawEvent, Option<&str>),
    ) -> Result<(), StoreError> {
        self.scan(Wanted::PROPS, span, names, &mut |event, rows, at| each(event, rows.props(at)))
    }

    fn scan(
        &self,
        wanted: Wanted,
        span: Option<Span>,
        names: Option<&[u32]>,
        each: &mut dyn FnMut(RawEvent, &Rows, usize),
    ) -> Result<(), StoreError> {
        let (from, to) = instants(self.calendar()?, span);
        let utc_day =
            |micros: i64| micros.div_euclid(DAY_MICROS).clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        self.scan_days(wanted, ((utc_day(from), utc_day(to)), (from, to)), names, each)
    }

    /// Events of UTC days within instants.
    fn scan_days(
        &self,
        wanted: Wanted,
        (days, (from, to)): ((i32, i32), (i64, i64)),
        names: Option<&[u32]>,
        each: &mut dyn FnMut(RawEvent, &Rows, usize),
    ) -> Result<(), StoreError> {
        let people = self.people()?;
        let names = names.map(marked);
        blocks::each_live(&self.conn, days, wanted, &mut |head, rows| {
            let start = i64::from(head.day) * DAY_MICROS;
            for (at, name) in rows.name.iter().enumerate() {
                if names.as_ref().is_some_and(|names| names.get(*name as usize) != Some(&true)) {
                    continue;
                }
                let cells = rows.cells(at);
                let when = start + cells.t;
                if (from..=to).contains(&when) {
                    let event = RawEvent {
                        user: cells.user.checked_sub(1).map(|user| people.of(user)),
                        at: Instant(when),
                        name: cells.name,
                        platform: cells.platform.checked_sub(1),
                        channel: cells.channel.checked_sub(1),
                    };
                    each(event, rows, at);
                }
            }
            Ok(())
        })
    }

    /// Whether any event carries a property.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn has_property(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self.property_counts()?.contains_key(name))
    }

    /// Names of the properties that events carry, at most so many, with the number of events that carry them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn properties(&self, most: u32) -> Result<Vec<(String, u64)>, StoreError> {
        let mut counts: Vec<(String, u64)> = self.property_counts()?.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        counts.truncate(most as usize);
        Ok(counts)
    }

    /// Events that carry each property. Text that is no JSON object has none.
    fn property_counts(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut counts = BTreeMap::new();
        blocks::each_live(&self.conn, blocks::ALL_DAYS, Wanted::PROPS, &mut |_, rows| {
            let mut events = vec![0_u64; rows.props.len() + 1];
            for prop in &rows.prop {
                if let Some(events) = events.get_mut(*prop as usize) {
                    *events += 1;
                }
            }
            for (text, events) in rows.props.iter().zip(events.iter().skip(1)) {
                let found = serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
                for (key, _) in found {
                    *counts.entry(key).or_default() += events;
                }
            }
            Ok(())
        })?;
        Ok(counts)
    }
}

/// Whether an id is among some, by id: ids are dense, and a set takes longer than what is done with a row.
fn marked(ids: &[u32]) -> Vec<bool> {
    let mut marked = vec![false; ids.iter().max().map_or(0, |id| *id as usize + 1)];
    for id in ids {
        marked[*id as usize] = true;
    }
    marked
}
