//! Who counts in a question.

use std::sync::Arc;

use crate::domain::calendar::Day;
use crate::domain::props::PropFilter;
use crate::metrics::presence::{Audience, UserDays};
use crate::query::Segment;

/// Which activity counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Lens {
    /// Any activity; orders while there are no events at all.
    Any,
    /// Any activity on one of these platforms.
    Platforms(Vec<u32>),
    /// One event.
    Event(u32),
    /// Rows that per-day sets cannot tell, so the events themselves are read: of one name (any for `None`), on one of some
    /// platforms (any where empty), with some properties.
    Rows { event: Option<u32>, platforms: Vec<u32>, props: Vec<PropFilter> },
    /// A name that no row carries.
    Nothing,
}

/// What decides who is among the people of a segment: the segment, the day that names the lifecycle's period, and the
/// last day seen.
pub(super) type People = (Segment, Option<Day>, Day);

/// Which users and rows count.
#[derive(Debug, Clone)]
pub(super) struct Who {
    pub lens: Lens,
    /// What `only` was made of.
    pub people: People,
    /// By user; `None` is everybody.
    pub only: Option<Arc<Vec<bool>>>,
}

impl Who {
    /// These users over the days of their lens.
    pub fn audience<'d>(&'d self, days: &'d UserDays, until: Day) -> Audience<'d> {
        Audience::new(days, self.only.as_deref().map(Vec::as_slice), until)
    }
}
