//! Which rows of a scan count, and which events a filter means.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::domain::calendar::{Instant, Span};
use crate::domain::props::PropFilter;
use crate::query::{EventFilter, Segment};
use crate::store::{RawEvent, TermKind};

use super::EngineError;
use super::halt::Halt;
use super::timeline::Timeline;
use super::view::View;

/// The rows of a segment that are seen.
pub(super) struct Sieve {
    only: Option<Arc<Vec<bool>>>,
    platforms: Option<Vec<u32>>,
    props: Vec<PropFilter>,
    /// First instant that is not seen.
    until: Instant,
}

impl Sieve {
    pub fn new(view: &mut View, segment: &Segment) -> Result<Self, EngineError> {
        let platforms = view.ids(TermKind::Platform, &segment.platforms)?;
        Ok(Self {
            only: view.only(segment)?,
            platforms: (!segment.platforms.is_empty()).then_some(platforms),
            props: segment.props.clone(),
            until: view.seen_until(),
        })
    }

    /// Gives every row of a span of days with one of the names that counts to `each`, with its user; `props` tells whether
    /// the properties are needed too.
    pub fn scan(
        &self,
        view: &mut View,
        (span, names, props): (Option<Span>, Option<&[u32]>, bool),
        each: &mut dyn FnMut(u32, &RawEvent, Option<&str>),
    ) -> Result<(), EngineError> {
        self.rows(view, (span, names, props), &mut |row, props| {
            if let Some(user) = row.user {
                each(user, row, props);
            }
        })
    }

    /// Like [`Sieve::scan`], with the rows that have no user where the segment is not about users.
    pub fn rows(
        &self,
        view: &mut View,
        (span, names, props): (Option<Span>, Option<&[u32]>, bool),
        each: &mut dyn FnMut(&RawEvent, Option<&str>),
    ) -> Result<(), EngineError> {
        let mut pass = |row: RawEvent, props: Option<&str>| {
            if self.holds(&row, props) {
                each(&row, props);
            }
        };
        if props || !self.props.is_empty() {
            view.store.scan_rows(span, names, &mut pass)?;
        } else if let Some(timeline) = view.timeline(span)? {
            self.recall(&timeline, (span.map(|span| instants(view, span)), names), &view.halt(), each)?;
        } else {
            view.store.scan_events(span, names, &mut |row| pass(row, None))?;
        }
        Ok(())
    }

    /// The rows by user instead of by day.
    fn recall(
        &self,
        timeline: &Timeline,
        (span, names): (Option<Range<i64>>, Option<&[u32]>),
        halt: &Halt,
        each: &mut dyn FnMut(&RawEvent, Option<&str>),
    ) -> Result<(), EngineError> {
        let span = span.unwrap_or(i64::MIN..i64::MAX);
        let span = span.start..span.end.min(self.until.0);
        let wanted =
            timeline.by_kind(|event| names.is_none_or(|names| names.contains(&event.name)) && self.is_on(event));
        let counts = |at: i64, kind: u32| wanted[kind as usize] && span.contains(&at);
        timeline.each(0..timeline.users(), halt, |user, at, kind| {
            if self.is_of(Some(user)) {
                for (at, kind) in at.iter().zip(kind).filter(|(at, kind)| counts(**at, **kind)) {
                    each(&timeline.event(Some(user), *at, *kind), None);
                }
            }
        })?;
        if self.only.is_none() {
            for (at, kind) in timeline.nobody().filter(|(at, kind)| counts(*at, *kind)) {
                each(&timeline.event(None, at, kind), None);
            }
        }
        Ok(())
    }

    /// Whether a row counts.
    fn holds(&self, row: &RawEvent, props: Option<&str>) -> bool {
        row.at < self.until
            && self.is_of(row.user)
            && self.is_on(row)
            && self.props.iter().all(|filter| filter.holds(props))
    }

    /// Whether the rows of a user count.
    pub fn is_of(&self, user: Option<u32>) -> bool {
        let of_user = |only: &[bool]| user.is_some_and(|user| only.get(user as usize).copied().unwrap_or(false));
        self.only.as_ref().is_none_or(|only| of_user(only))
    }

    /// Whether the rows of a platform count.
    pub fn is_on(&self, row: &RawEvent) -> bool {
        self.platforms.as_ref().is_none_or(|all| row.platform.is_some_and(|p| all.contains(&p)))
    }

    /// First instant that is not seen.
    pub fn until(&self) -> Instant {
        self.until
    }

    /// Whether properties must be read.
    pub fn needs_props(&self) -> bool {
        !self.props.is_empty()
    }
}

/// From the first instant of a span to that after its last.
pub(super) fn instants(view: &View, span: Span) -> Range<i64> {
    view.calendar.start_of(span.first).0..view.calendar.end_of(span.last).0
}

/// An event filter with its name looked up.
pub(super) struct Matcher {
    /// `None` is any activity.
    name: Option<Name>,
    /// Names that are no activity.
    passive: Arc<FxHashSet<u32>>,
    props: Vec<PropFilter>,
}

/// An event name as the workspace knows it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Known(u32),
    Unknown,
}

impl Matcher {
    pub fn new(view: &mut View, filter: &EventFilter) -> Result<Self, EngineError> {
        let name = match &filter.name {
            Some(name) => Some(view.id(TermKind::EventName, name)?.map_or(Name::Unknown, Name::Known)),
            None => None,
        };
        Ok(Self { name, passive: view.cache.passive(view.store)?, props: filter.props.clone() })
    }

    /// Whether properties must be read.
    pub fn needs_props(&self) -> bool {
        !self.props.is_empty()
    }

    /// Whether a row has the name, whatever its properties.
    pub fn is_named(&self, row: &RawEvent) -> bool {
        self.name.map_or_else(|| !self.passive.contains(&row.name), |name| name == Name::Known(row.name))
    }

    /// Whether a row has the name and passes.
    pub fn holds(&self, row: &RawEvent, props: Option<&str>) -> bool {
        self.is_named(row) && self.props.iter().all(|filter| filter.holds(props))
    }
}

/// The names that some matchers look at; `None` where one takes every name.
pub(super) fn names<'m>(matchers: impl IntoIterator<Item = &'m Matcher>) -> Option<Vec<u32>> {
    let mut names = Vec::new();
    for matcher in matchers {
        if let Name::Known(id) = matcher.name? {
            names.push(id);
        }
    }
    Some(names)
}
