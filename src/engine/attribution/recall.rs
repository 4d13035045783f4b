//! Touches and conversions from the events in memory, where no property matters.

use std::ops::Range;

use crate::domain::calendar::Instant;
use crate::engine::EngineError;
use crate::engine::halt::Halt;
use crate::engine::timeline::Timeline;
use crate::metrics::attribution::{Conversion, Source, Touch};

use super::Journeys;

/// What the events of a kind are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Nothing,
    Conversion,
    /// With its source; `None` is direct.
    Touch(Option<u32>),
}

impl Part {
    /// A touch from a source.
    pub fn touch(source: Option<Source>) -> Self {
        Self::Touch(source.and_then(|source| if let Source::Named(id) = source { Some(id) } else { None }))
    }
}

/// Adds the events of users who have a conversion; of the others none matters.
pub(super) fn add(
    journeys: &mut Journeys,
    (timeline, halt): (&Timeline, &Halt),
    parts: &[Part],
    (read, conversions): (Range<i64>, Range<i64>),
    counts: impl Fn(u32) -> bool,
) -> Result<(), EngineError> {
    timeline.each(0..timeline.users(), halt, |user, at, kind| {
        let own =
            || at.iter().zip(kind).filter(|(at, _)| read.contains(at)).map(|(at, kind)| (*at, parts[*kind as usize]));
        let converts = |(at, part): (i64, Part)| part == Part::Conversion && conversions.contains(&at);
        if !counts(user) || !(journeys.users.contains_key(&user) || own().any(converts)) {
            return;
        }
        let journey = journeys.users.entry(user).or_default();
        for (at, part) in own() {
            match part {
                Part::Touch(source) => journey.touches.push(Touch { at: Instant(at), source }),
                Part::Conversion if conversions.contains(&at) => {
                    journey.conversions.push(Conversion { at: Instant(at), value: 0 });
                }
                Part::Conversion | Part::Nothing => {}
            }
        }
    })
}
