//! Days on which users did what per-day sets cannot tell.

use rustc_hash::FxHashSet;

use crate::domain::calendar::{Calendar, Day, Instant};
use crate::metrics::presence::UserDays;

use super::EngineError;
use super::halt::Halt;
use super::timeline::Timeline;
use crate::domain::days::DayFinder;

/// Days on which each user did an event of a name, or of any that is not passive, on one of some platforms (any where
/// empty), from the events in memory.
pub(super) fn recall(
    timeline: &Timeline,
    (event, platforms): (Option<u32>, &[u32]),
    (passive, calendar, halt): (&FxHashSet<u32>, Calendar, &Halt),
) -> Result<UserDays, EngineError> {
    let counts = timeline.by_kind(|row| {
        (platforms.is_empty() || row.platform.is_some_and(|platform| platforms.contains(&platform)))
            && event.map_or_else(|| !passive.contains(&row.name), |event| row.name == event)
    });
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
