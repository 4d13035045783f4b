//! The raw events in the numbers, one after another.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

use super::blocks::{self, Rows, Wanted};
use super::reads::instants;
use super::rows::RawEvent;
use super::{Store, StoreError};
use crate::domain::calendar::{DAY_MICROS, Instant, Span};

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
        let people = self.people()?;
        let names: Option<FxHashSet<u32>> = names.map(|names| names.iter().copied().collect());
        blocks::each_live(&self.conn, (utc_day(from), utc_day(to)), wanted, &mut |head, rows| {
            let start = i64::from(head.day) * DAY_MICROS;
            for (at, name) in rows.name.iter().enumerate() {
                if names.as_ref().is_some_and(|names| !names.contains(name)) {
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
