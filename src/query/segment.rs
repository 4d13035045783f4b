//! Users and rows that count, and events by name and property.

use crate::domain::calendar::{Grain, Span};
pub use crate::domain::props::{PropFilter, Test};
use crate::metrics::catalog::Metric;
pub use crate::metrics::lifecycle::Lifecycle;
pub use crate::metrics::rfm::Class;

/// Users and rows that count: values within a list are alternatives, lists must all match; an empty list is no limit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Segment {
    /// First-touch channels of the user.
    pub channels: Vec<String>,
    /// Days of the user's first activity.
    pub cohort: Option<Span>,
    /// Classes of paying users by all payments seen, cut by rank.
    pub rfm: Vec<Class>,
    /// Places of the user in the month of the last whole day of activity.
    pub lifecycle: Vec<Lifecycle>,
    /// Platforms of the event.
    pub platforms: Vec<String>,
    /// Properties of the event, all of which must hold.
    pub props: Vec<PropFilter>,
    /// Streams of money; they limit money alone, never who was active.
    pub streams: Vec<String>,
}

/// One thing that users or rows are limited to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limit {
    /// First-touch channel of the user.
    Channel(String),
    /// Platform of the event.
    Platform(String),
    /// Class of paying users.
    Rfm(Class),
    /// Place of the user.
    Lifecycle(Lifecycle),
    /// Stream of money.
    Stream(String),
    /// Days of the user's first activity.
    Cohort(Span),
    /// Property of the event.
    Prop(PropFilter),
}

/// Width of the period in which a user has the place that a segment asks for.
pub const LIFECYCLE_GRAIN: Grain = Grain::Month;

impl Segment {
    /// Whether everything counts.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// The segment of some limits: those of one kind are alternatives.
    pub fn of(limits: impl IntoIterator<Item = Limit>) -> Self {
        let (mut segment, mut props) = (Self::default(), Vec::new());
        for limit in limits {
            match limit {
                Limit::Channel(name) => segment.channels.push(name),
                Limit::Platform(name) => segment.platforms.push(name),
                Limit::Rfm(class) => segment.rfm.push(class),
                Limit::Lifecycle(place) => segment.lifecycle.push(place),
                Limit::Stream(name) => segment.streams.push(name),
                Limit::Cohort(days) => segment.cohort = Some(days),
                Limit::Prop(filter) => props.push(filter),
            }
        }
        Self { props: PropFilter::all(props), ..segment }
    }

    /// What it limits to.
    pub fn limits(&self) -> Vec<Limit> {
        let mut all: Vec<Limit> = self.channels.iter().cloned().map(Limit::Channel).collect();
        all.extend(self.platforms.iter().cloned().map(Limit::Platform));
        all.extend(self.rfm.iter().copied().map(Limit::Rfm));
        all.extend(self.lifecycle.iter().copied().map(Limit::Lifecycle));
        all.extend(self.streams.iter().cloned().map(Limit::Stream));
        all.extend(self.cohort.map(Limit::Cohort));
        all.extend(self.props.iter().cloned().map(Limit::Prop));
        all
    }

    /// The part that limits users, whatever they did.
    #[must_use]
    pub fn people(&self) -> Self {
        Self { platforms: Vec::new(), props: Vec::new(), streams: Vec::new(), ..self.clone() }
    }

    /// Whether users are limited.
    pub fn limits_people(&self) -> bool {
        !self.people().is_all()
    }

    /// Why a metric cannot be had for it; `None` where it can.
    pub fn refused_by(&self, metric: &Metric) -> Option<&'static str> {
        let limits = [
            (!self.channels.is_empty() && !metric.by_channel, "cannot be limited to a channel"),
            (self.cohort.is_some() && !metric.has_users(), "cannot be limited to a cohort of users"),
            (!self.rfm.is_empty() && !metric.has_users(), "cannot be limited to a class of paying users"),
            (!self.lifecycle.is_empty() && !metric.has_users(), "cannot be limited to a place in the lifecycle"),
            (!self.platforms.is_empty() && !metric.by_platform, "cannot be limited to a platform"),
            (!self.props.is_empty() && !metric.by_platform, "cannot be limited to a property of events"),
            (!self.streams.is_empty() && !metric.by_stream, "cannot be limited to a stream"),
        ];
        limits.into_iter().find(|(refused, _)| *refused).map(|(_, says)| says)
    }

    /// Whether events are limited, beyond who did them.
    pub fn limits_events(&self) -> bool {
        !self.platforms.is_empty() || !self.props.is_empty()
    }
}

/// Events of a name whose properties pass.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct EventFilter {
    /// Name; `None` is any activity.
    pub name: Option<String>,
    /// Conditions, all of which must hold.
    pub props: Vec<PropFilter>,
}

impl EventFilter {
    /// All events of a name; any activity for `None`.
    pub fn named(name: Option<&str>) -> Self {
        Self { name: name.map(str::to_owned), props: Vec::new() }
    }
}

/// What a table is broken down by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum BreakdownKey {
    /// A property of the event that counts a user in.
    Property(String),
    /// First-touch channel of the user.
    Channel,
    /// Platform of the event that counts a user in.
    Platform,
}

/// A breakdown: the largest values, the rest together as [`OTHER`], those without a value as [`NO_VALUE`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BreakdownBy {
    /// Where the value comes from.
    pub key: BreakdownKey,
    /// Values with a row of their own; `None` is all.
    pub top: Option<usize>,
}

/// Name of the row of all values that are not among the largest.
pub const OTHER: &str = "Other";
/// Name of the row of those without a value.
pub const NO_VALUE: &str = "(none)";
