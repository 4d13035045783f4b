//! Questions about an operation type: its headline, and one of its tables.

use crate::domain::calendar::{Day, Span};
use crate::domain::operations::Section;
use crate::domain::plans::PhaseKind;
use crate::metrics::catalog::{Direction, Metric};
use crate::metrics::number::Number;

use super::{Band, Compared, Cut, Grade, Order, Payback, RfmQuery, Scope, Segment, TypedRow};

/// The three numbers at the top of a tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadlineQuery {
    /// Rows of METRICS by id.
    pub metrics: [&'static str; 3],
    /// Period, comparison, segment.
    pub scope: Scope,
}

/// One number of a headline.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    /// The number with its comparison and its last 28 days.
    pub number: Compared,
    /// What is usual for the newest complete day, and whether it is; `None` with too few days.
    pub usual: Option<Usual>,
    /// What would feed the metric, where nothing does.
    pub needs: Option<&'static str>,
}

/// A day beside what is usual.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usual {
    /// The day.
    pub day: Day,
    /// Its value.
    pub value: Number,
    /// Mean and limits for its weekday.
    pub band: Band,
    /// The day is outside.
    pub outside: bool,
}

/// One table of a tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionQuery {
    /// Which.
    pub section: Section,
    /// Period, comparison, segment.
    pub scope: Scope,
    /// How users go through the funnel.
    pub funnel: FunnelRule,
    /// Property of the join by which participants are split; `None` is channel and platform.
    pub by: Option<String>,
}

/// How users go through the funnel of a tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunnelRule {
    /// What may come between two steps.
    pub order: Order,
    /// Days from the entry to the last step.
    pub days: u16,
}

impl Default for FunnelRule {
    fn default() -> Self {
        Self { order: Order::default(), days: 14 }
    }
}

/// Days of payments that the classes of payers look at on a tab.
const RFM_DAYS: u16 = 180;
/// Days between the two dates of their flows there.
const RFM_WEEK: i32 = 7;

/// The classes of payers on a tab, up to the end of a period or of the data.
pub fn payer_classes(scope: &Scope, through: Day) -> RfmQuery {
    let until = scope.period.last.min(through);
    RfmQuery {
        until: Some(until),
        days: Some(RFM_DAYS),
        cut: Cut::Rank,
        against: Some(until.plus(-RFM_WEEK)),
        segment: Segment { channels: scope.segment.channels.clone(), ..Segment::default() },
    }
}

/// Rows of a table with their numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SectionTable {
    /// Rows in the order shown.
    pub rows: Vec<SectionRow>,
    /// All rows together; none where that means nothing.
    pub total: Option<SectionRow>,
    /// Some rows together, below the total.
    pub partial: Option<SectionRow>,
    /// Days that the table is about; `None` where that goes without saying.
    pub span: Option<Span>,
    /// What would feed the table, where nothing does.
    pub lacks: Option<&'static str>,
    /// What is to be looked at.
    pub findings: Vec<Finding>,
    /// Where the rows are records: each as it is stored, in the order of the rows.
    pub records: Vec<TypedRow>,
    /// Where the rows are parts of those of another table: the name of that row, in the order of the rows.
    pub of: Vec<String>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SectionRow {
    /// What it is called.
    pub name: String,
    /// What all its metrics are limited to, beyond the segment.
    pub narrow: Narrow,
    /// Its numbers in the order of the table's columns.
    pub figures: Vec<Figure>,
}

/// What a number is limited to beyond the segment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Narrow {
    /// First-touch channel.
    pub channel: Option<String>,
    /// Revenue stream.
    pub stream: Option<String>,
    /// Only this event counts as activity.
    pub event: Option<String>,
}

/// One number of a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Figure {
    /// It does not exist for the row.
    #[default]
    Blank,
    /// A word.
    Word(String),
    /// A day.
    Day(Option<Day>),
    /// Seconds.
    Seconds(Option<f64>),
    /// Days, those of a plan's phases with what they are.
    Stretches(Vec<(Span, Option<PhaseKind>)>),
    /// A difference of shares, as a fraction.
    Points(f64),
    /// A change against what is usual, as a fraction of it.
    Change(f64),
    /// The grade of a channel.
    Grade(Option<Grade>),
    /// The day of age by which the cost of users is back.
    Payback(Payback),
    /// Values of weeks that are complete, the oldest first.
    Trend(Vec<Number>),
    /// Values of the days to the newest.
    Days(Vec<Number>),
    /// What is usual for the newest day.
    Usual(Option<Usual>),
    /// A value.
    Value(Value),
}

/// A value with where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// Row of METRICS by id; `None` for what is no metric.
    pub metric: Option<&'static str>,
    /// Days it is of; `None` where it is no metric.
    pub span: Option<Span>,
    /// The value.
    pub now: Number,
    /// That of the comparison; `Number::None` where there is none.
    pub before: Number,
    /// The difference is within chance.
    pub within_chance: bool,
    /// Which way is good; that of the metric where it is one.
    pub direction: Direction,
    /// It can still grow: shown with `*`.
    pub running: bool,
}

impl Value {
    /// A value that is no metric, without comparison.
    pub fn plain(now: Number) -> Self {
        let (before, direction) = (Number::None, Direction::Up);
        Self { metric: None, span: None, now, before, within_chance: false, direction, running: false }
    }

    /// The value of a metric in some days, without comparison.
    pub fn of(metric: &Metric, span: Span, now: Number) -> Self {
        Self { metric: Some(metric.id), span: Some(span), direction: metric.direction, ..Self::plain(now) }
    }
}

impl Figure {
    /// A value that is no metric.
    pub fn plain(now: Number) -> Self {
        Self::Value(Value::plain(now))
    }

    /// A count.
    pub fn count(n: u64) -> Self {
        Self::plain(Number::Count(n.into()))
    }

    /// The value, where it is one.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }
}

/// Something that a table tells of by itself, with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// A channel looks as cheap as before and brings users who do not stay: cost of a user, cost of a kept one.
    CheapButLost {
        /// The channel.
        channel: String,
        /// CAC before and now.
        cac: (Number, Number),
        /// Cost per kept user before and now.
        kept: (Number, Number),
    },
    /// The largest channel's share of new users.
    LargestChannel {
        /// The channel.
        channel: String,
        /// Its share.
        share: f64,
    },
    /// The step of the funnel that lost most against the comparison.
    WorstStep {
        /// The step.
        step: String,
        /// Share of the step before, before and now.
        rate: (Number, Number),
    },
    /// Users of a feature come back more, or less, than the others; no cause is shown.
    FeatureKeeps {
        /// The event.
        event: String,
        /// D7 of those who used it.
        with: Number,
        /// D7 of the others.
        without: Number,
    },
    /// New and resurrected users over dormant ones.
    QuickRatio(Number),
    /// A class of payers that grew by those who slip away.
    Slipping {
        /// Users in it.
        users: u64,
        /// Of these, those who came into it.
        came: u64,
    },
    /// A campaign cost more than it brought back.
    CampaignLoss {
        /// The plan.
        plan: String,
        /// Return on its cost.
        roi: Number,
    },
    /// Of those who joined, fewer came back a week later than in the round before.
    CampaignFades {
        /// The plan.
        plan: String,
        /// D7 of participants, before and now.
        kept: (Number, Number),
    },
    /// A campaign that spends and brings few clicks for it: its cost a click, that of all.
    DearClicks {
        /// Channel and campaign.
        campaign: String,
        /// Its cost of a click.
        cost: Number,
        /// That of all campaigns.
        all: Number,
    },
    /// An item is viewed much and finished by few.
    Clickbait {
        /// The item.
        item: String,
        /// Its views.
        views: Number,
        /// Share of viewers who finish.
        completion: Number,
        /// That of all items.
        all: Number,
    },
    /// Items planned for a day that is over and not published.
    LateItems {
        /// How many.
        items: u64,
        /// Planned day of the oldest.
        oldest: Day,
    },
    /// A stream that moved the total most.
    StreamMoved {
        /// The stream.
        stream: String,
        /// Its net, before and now.
        net: (Number, Number),
    },
    /// Deals that are due and not received.
    Overdue {
        /// How many.
        deals: u64,
        /// Micros.
        value: i128,
    },
    /// Barter whose return has not come, in micros.
    BarterOpen(i128),
}
