//! Days on which users did what per-day sets cannot tell.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::calendar::{Calendar, Day, Instant};
use crate::domain::days::DayFinder;
use crate::domain::props::PropFilter;
use crate::domain::threads;
use crate::metrics::presence::UserDays;
use crate::store::{RawEvent, Store};

use super::EngineError;
use super::halt::Halt;
use super::timeline::Timeline;

/// Names that are no activity, where days begin, and what ends the question.
type Rules<'r> = (&'r FxHashSet<u32>, Calendar, &'r Halt);

/// Days on which each user did an event of a name, or of any that is not passive, on one of some platforms (any where
/// empty), from the events in memory.
pub(super) fn recall(
    timeline: &Timeline,
    (event, platforms): (Option<u32>, &[u32]),
    (passive, calendar, halt): Rules<'_>,
) -> Result<UserDays, EngineError> {
    let counts = timeline.by_kind(|row| is_of(row, (event, platforms), passive));
    let shares = timeline.spread(|users| {
        let (mut pairs, mut finder) = (Vec::<(u32, Day)>::new(), DayFinder::new(calendar));
        timeline.each(users, halt, |user, at, kind| {
            for (at, _) in at.iter().zip(kind).filter(|(_, kind)| counts[**kind as usize]) {
                let pair = (user, finder.day(Instant(*at)));
                if pairs.last() != Some(&pair) {
                    pairs.push(pair);
                }
            }
        })?;
        Ok(pairs)
    })?;
    Ok(UserDays::from_pairs(shares.concat()))
}

/// The same of events with some properties, from the file.
pub(super) fn read(
    store: &Store,
    (event, platforms, props): (Option<u32>, &[u32], &[PropFilter]),
    (passive, calendar, halt): Rules<'_>,
) -> Result<UserDays, EngineError> {
    let names = event.as_ref().map(std::slice::from_ref);
    let parts = store.scan_parts(
        (names, !props.is_empty()),
        || Found::new(calendar),
        |found, row, texts| {
            let counts = !halt.is_set() && is_of(&row, (event, platforms), passive);
            if let Some(user) = row.user.filter(|_| counts && props.iter().all(|filter| filter.holds(texts))) {
                found.add(user, row.at);
            }
        },
    )?;
    halt.check()?;
    let mut sets = threads::share(parts, Found::sets).concat();
    sets.sort_by_key(|(day, _)| *day);
    Ok(UserDays::from_sets(sets.into_iter().map(|(day, users)| (day, users.into()))))
}

/// Whether an event counts by its name and platform.
fn is_of(row: &RawEvent, (event, platforms): (Option<u32>, &[u32]), passive: &FxHashSet<u32>) -> bool {
    (platforms.is_empty() || row.platform.is_some_and(|platform| platforms.contains(&platform)))
        && event.map_or_else(|| !passive.contains(&row.name), |event| row.name == event)
}

/// Users by day, from events of which those of a day come more or less together.
struct Found {
    finder: DayFinder,
    /// Micros of instants on the day of the last event.
    within: Range<i64>,
    /// Its place.
    place: usize,
    places: FxHashMap<Day, usize>,
    sets: Vec<(Day, Vec<u32>)>,
}

impl Found {
    fn new(calendar: Calendar) -> Self {
        let (places, sets) = (FxHashMap::default(), Vec::new());
        Self { finder: DayFinder::new(calendar), within: 0..0, place: 0, places, sets }
    }

    fn add(&mut self, user: u32, at: Instant) {
        if !self.within.contains(&at.0) {
            let (day, within) = self.finder.stretch(at);
            let next = self.sets.len();
            self.place = *self.places.entry(day).or_insert(next);
            self.within = within;
            if self.place == next {
                self.sets.push((day, Vec::new()));
            }
        }
        self.sets[self.place].1.push(user);
    }

    /// Each user once a day.
    fn sets(mut self) -> Vec<(Day, Vec<u32>)> {
        for (_, users) in &mut self.sets {
            users.sort_unstable();
            users.dedup();
        }
        self.sets
    }
}
