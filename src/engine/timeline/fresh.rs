//! Keeping a timeline current: the days that a commit touched are read again, and only their new events are taken.

use rustc_hash::FxHashMap;

use crate::domain::calendar::{Calendar, Day, Span};
use crate::store::{RawEvent, Store};

use super::super::EngineError;
use super::{Row, Timeline};
use crate::domain::days::DayFinder;

/// Fresh events that are always kept apart, however few there are in all.
const FEW: usize = 1 << 16;
/// Share of all events that may be fresh: taking them in moves everything once.
const SHARE: usize = 64;

impl Timeline {
    /// Takes in what is new in some days, ascending. No event ever leaves a file without its being made anew.
    pub fn top_up(&mut self, store: &Store, calendar: Calendar, days: &[Day]) -> Result<(), EngineError> {
        let (mut counts, mut new) = (FxHashMap::<(Day, i32), u32>::default(), Vec::<RawEvent>::new());
        let mut finder = DayFinder::new(calendar);
        for run in days.chunk_by(|a, b| a.plus(1) == *b) {
            let span = Span { first: run[0], last: run[run.len() - 1] };
            store.scan_events(Some(span), None, &mut |event| {
                let place = (finder.day(event.at), event.at.utc_day());
                let count = counts.entry(place).or_default();
                *count += 1;
                if *count > self.known.get(&place).copied().unwrap_or(0) {
                    new.push(event);
                }
            })?;
        }
        self.known.extend(counts);
        let rows: Vec<Row> = new.iter().filter_map(|event| self.row_of(event)).collect();
        self.take(rows);
        Ok(())
    }

    /// Adds events that came after all that are held.
    pub(super) fn take(&mut self, rows: Vec<Row>) {
        self.fresh.extend(rows);
        self.fresh.sort_by_key(|row| (row.user, row.at));
        if self.fresh.len() > FEW.max(self.at.len() / SHARE) {
            self.settle();
        }
    }

    /// Puts the fresh events in their places, from the end on, so that nothing needs room twice.
    pub(super) fn settle(&mut self) {
        let (users, fresh) = (self.users() as usize, std::mem::take(&mut self.fresh));
        let (mut read, mut write) = (self.at.len(), self.at.len() + fresh.len());
        self.starts.resize(users + 1, read as u32);
        self.at.resize(write, 0);
        self.kind.resize(write, 0);
        for row in fresh.iter().rev() {
            let own = self.own(row.user);
            let stay = own.start + self.at[own.start..own.end.min(read)].partition_point(|t| *t <= row.at);
            write -= read - stay;
            self.at.copy_within(stay..read, write);
            self.kind.copy_within(stay..read, write);
            (read, write) = (stay, write - 1);
            (self.at[write], self.kind[write]) = (row.at, row.kind);
        }
        let mut before = 0;
        for (user, start) in self.starts.iter_mut().enumerate() {
            before += fresh[before..].iter().take_while(|row| (row.user as usize) < user).count();
            *start += before as u32;
        }
    }
}
