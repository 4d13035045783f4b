//! What can be asked, and what comes back: plain data that screens, command line and engine share.

mod answer;
mod attribution;
mod campaigns;
mod channels;
mod checkin;
mod command;
mod content;
mod deals;
mod facts;
mod funnel;
mod lift;
mod ltv;
mod mrr;
mod operation;
mod participants;
mod plans;
mod retention;
mod scope;
mod segment;
mod segments;
mod today;
mod typed;

pub use answer::*;
pub use attribution::*;
pub use campaigns::*;
pub use channels::*;
pub use checkin::*;
pub use command::*;
pub use content::*;
pub use deals::*;
pub use facts::*;
pub use funnel::*;
pub use lift::*;
pub use ltv::*;
pub use mrr::*;
pub use operation::*;
pub use participants::*;
pub use plans::*;
pub use retention::*;
pub use scope::*;
pub use segment::*;
pub use segments::*;
pub use today::*;
pub use typed::*;

pub use crate::metrics::binding::Binding;
pub use crate::metrics::catalog::{
    Accumulation, AcquisitionMeasure, ActivityMeasure, Direction, Focus, METRICS, Measure, Metric, RecurringMeasure,
    Unit, find as find_metric, meant,
};
pub use crate::metrics::compare::{Change, wilson};
pub use crate::metrics::number::{Number, Point, State};
pub use crate::metrics::planning::{SETTINGS, Setting, Thresholds, setting};

use crate::domain::calendar::{Grain, Span};

/// A question. The same question gives the same answer on a screen and on the command line.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// What the frame shows: product, through, stale sources.
    Status,
    /// A metric over buckets, whole or split.
    Metric(MetricQuery),
    /// Cohort triangle.
    Retention(Box<RetentionQuery>),
    /// Users by number of active buckets.
    Stickiness(StickinessQuery),
    /// How far users get through some steps.
    Funnel(Box<FunnelQuery>),
    /// The steps of the funnel of the tab Product.
    FunnelSteps,
    /// What cohorts brought by some ages.
    Ltv(LtvQuery),
    /// Paying users by recency, frequency and money.
    Rfm(RfmQuery),
    /// Users by their place in a period.
    Lifecycle(LifecycleQuery),
    /// Credit for conversions by the touches before them.
    Attribution(Box<AttributionQuery>),
    /// What channels cost and brought.
    Channels(ChannelsQuery),
    /// What campaigns cost and whom they brought.
    Campaigns(CampaignsQuery),
    /// What is published, and what it brings.
    Content(ContentQuery),
    /// The first seven days of one item.
    ContentReport(ContentReportQuery),
    /// What subscriptions are worth a month, and how that moved.
    Mrr(MrrQuery),
    /// What a start shows first.
    Front(Scope),
    /// What the morning needs to know.
    Today,
    /// The three numbers at the top of an operation type's tab.
    Headline(HeadlineQuery),
    /// One table of an operation type's tab.
    Section(Box<SectionQuery>),
    /// The Revenue screen.
    Revenue(Scope),
    /// The Data screen: sources, imports, rejected rows, profile.
    Data,
    /// One number: series, values, split, definition.
    Detail(Box<DetailQuery>),
    /// Each day of a metric beside the limits of what is usual.
    Limits(LimitsQuery),
    /// A period of a metric beside the same weekdays of the weeks before.
    Lift(LiftQuery),
    /// A daily fact by its own name.
    Fact(FactQuery),
    /// What the journal tells of some days.
    Journal(Span),
    /// Who took part in a campaign, and what came of them.
    Participants(Box<ParticipantsQuery>),
    /// Deals by stage, and what they come to.
    Deals(DealsQuery),
    /// All plans, their tasks, and the records that forms need.
    Plans,
    /// One plan with its tree.
    Plan(PlanQuery),
    /// Targets for the parts of a node.
    Propose(Box<ProposeQuery>),
    /// What a metric gave before the days of a plan that is being written.
    Past(PastQuery),
    /// Ways to break a node of a plan down: plan, node.
    Breaks(i64, i64),
    /// Daily facts that somebody waits for and that a day has no value of.
    Missing,
    /// What this person has typed and not stored.
    Drafts,
    /// What a check-in starts from.
    CheckIn,
    /// A plan as TOML, which import reads back.
    PlanText(i64),
    /// Names to choose from: channels, platforms, event names, streams.
    Choices,
    /// Event names with their roles.
    Roles,
    /// Raw channels and where the mapping sends them.
    Mapping,
    /// Where verdicts begin.
    Thresholds,
    /// Whether events carry these properties; which they do carry, where one is missing.
    Properties(Vec<String>),
}

/// A metric over the buckets of a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricQuery {
    /// Row of METRICS by id.
    pub metric: &'static str,
    /// Days asked for.
    pub span: Span,
    /// Bucket width; `None` is one bucket for the whole span.
    pub grain: Option<Grain>,
    /// Users and rows that count.
    pub segment: Segment,
    /// Splits the metric; the unsplit total comes last.
    pub split: Option<Split>,
    /// Only this event counts as activity (activity metrics only).
    pub event: Option<String>,
    /// Rolling window in days ending on the last day of each bucket, for `active_users` only; `None` is the bucket.
    pub window_days: Option<u16>,
}

/// What a metric is split by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Split {
    /// First-touch channel of the user.
    Channel,
    /// Platform of the event.
    Platform,
    /// Revenue stream.
    Stream,
}

/// Users by number of buckets in which they were active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StickinessQuery {
    /// Days observed.
    pub span: Span,
    /// Bucket width.
    pub grain: Grain,
    /// Only this event counts; `None` is any activity.
    pub event: Option<String>,
    /// How many events in a bucket make it active.
    pub rule: Occurrences,
    /// "n or more" instead of exactly n.
    pub cumulative: bool,
    /// Users that count.
    pub segment: Segment,
}

/// How many events in a bucket make a user active in it. A bucket without events is never active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Occurrences {
    /// At least this many.
    AtLeast(u32),
    /// At most this many, and at least one.
    AtMost(u32),
    /// Exactly this many.
    Exactly(u32),
}

/// The days of a metric beside the limits of what is usual (planning.md §3.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitsQuery {
    /// Row of METRICS by id.
    pub metric: &'static str,
    /// Days asked for; only complete ones have limits.
    pub span: Span,
    /// Users and rows that count.
    pub segment: Segment,
    /// Only this event counts as activity (activity metrics only).
    pub event: Option<String>,
}

/// Everything about one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailQuery {
    /// Row of METRICS by id.
    pub metric: &'static str,
    /// Period, grain, comparison, segment.
    pub scope: Scope,
    /// Narrows the number to one stream, for a row of a split.
    pub stream: Option<String>,
    /// Only this event counts as activity (activity metrics only).
    pub event: Option<String>,
    /// Rolling window in days, for `active_users` only.
    pub window_days: Option<u16>,
}

impl DetailQuery {
    /// All of a metric.
    pub fn new(metric: &'static str, scope: Scope) -> Self {
        Self { metric, scope, stream: None, event: None, window_days: None }
    }
}
