//! Daily facts as they are read from the store.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use crate::domain::calendar::Day;
use crate::domain::records::Kind;
use crate::domain::tables::Cell;
use crate::store::{Store, TermKind};

use super::EngineError;
use super::routes::Routes;

/// Facts by metric: day, channel, millionths.
#[derive(Debug, Default)]
pub(super) struct Facts(FxHashMap<String, Vec<(Day, Option<String>, i64)>>);

impl Facts {
    /// Reads them all, with the channels that the mapping gives.
    pub fn read(store: &Store, routes: &Routes) -> Result<Self, EngineError> {
        let raw = store.terms(TermKind::Channel)?;
        let ids: FxHashMap<&str, u32> = raw.iter().zip(0..).map(|(name, id)| (name.as_str(), id)).collect();
        let channel = |text: String| {
            let place = ids.get(text.as_str()).and_then(|id| routes.of_spend(*id));
            place.and_then(|place| routes.names.get(place as usize).cloned()).unwrap_or(text)
        };
        let mut facts = Self::default();
        store.rows(Kind::Facts, None, &mut |row| {
            let text = |cell: Option<&Cell>| match cell {
                Some(Cell::Text(text)) => Some(text.to_string()),
                _ => None,
            };
            let (day, value) = (row.cells.first().and_then(Cell::int), row.cells.get(2).and_then(Cell::int));
            if let (Some(day), Some(metric), Some(value)) = (day, text(row.cells.get(1)), value) {
                facts.0.entry(metric).or_default().push((Day(day as i32), text(row.cells.get(3)).map(&channel), value));
            }
            ControlFlow::Continue(())
        })?;
        Ok(facts)
    }

    /// First day of any fact.
    pub fn first_day(&self) -> Option<Day> {
        self.0.values().flatten().map(|(day, ..)| *day).min()
    }

    /// Names of the facts with a value on a day or later.
    pub fn since(&self, day: Day) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(_, rows)| rows.iter().any(|(on, ..)| *on >= day)).map(|(name, _)| name.as_str())
    }

    /// All names in order.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.0.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// Channels of a fact in order.
    pub fn channels(&self, metric: &str) -> BTreeSet<String> {
        self.0.get(metric).into_iter().flatten().filter_map(|(_, channel, _)| channel.clone()).collect()
    }

    /// Channels of all facts in order.
    pub fn all_channels(&self) -> BTreeSet<&str> {
        self.0.values().flatten().filter_map(|(_, channel, _)| channel.as_deref()).collect()
    }

    /// Millionths of each day: the total of the day where it is given, else the sum of its channels.
    pub fn days(&self, metric: &str, only: Option<&dyn Fn(&str) -> bool>) -> BTreeMap<Day, i128> {
        let (mut totals, mut sums) = (BTreeMap::new(), BTreeMap::new());
        for (day, channel, value) in self.0.get(metric).into_iter().flatten() {
            let into = match channel {
                None if only.is_none() => &mut totals,
                Some(channel) if only.is_none_or(|fits| fits(channel)) => &mut sums,
                _ => continue,
            };
            *into.entry(*day).or_insert(0) += i128::from(*value);
        }
        sums.extend(totals);
        sums
    }
}
