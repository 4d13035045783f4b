//! What comes back from a query: numbers with their quality, never text ready for a screen.

use super::Unit;
use crate::domain::calendar::{Day, Instant, Span, WeekStart, Zone};
use crate::domain::channels::ChannelRule;
use crate::domain::drafts::Draft;
use crate::domain::money::Currency;
use crate::domain::plans::Setting;
use crate::domain::records::{Counts, Kind};
use crate::domain::roles::EventRole;
pub use crate::metrics::limits::Band;
pub use crate::metrics::mix::Effect;
use crate::metrics::number::{Number, Point};

/// Answer to a [`super::Query`], variant by variant.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// For `Query::Status`.
    Status(Status),
    /// For `Query::Metric`.
    Metric(Series),
    /// For `Query::Retention`.
    Retention(super::Retention),
    /// For `Query::Stickiness`: users active in exactly (or at least) 1, 2, .. buckets.
    Stickiness(Vec<u64>),
    /// For `Query::Funnel`.
    Funnel(super::Funnel),
    /// For `Query::FunnelSteps`.
    FunnelSteps(super::FunnelSteps),
    /// For `Query::Ltv`.
    Ltv(super::LtvTable),
    /// For `Query::Rfm`.
    Rfm(super::RfmTable),
    /// For `Query::Lifecycle`.
    Lifecycle(super::LifecycleTable),
    /// For `Query::Attribution`.
    Attribution(super::AttributionTable),
    /// For `Query::Channels`.
    Channels(Box<super::ChannelsTable>),
    /// For `Query::Campaigns`.
    Campaigns(Box<super::CampaignsTable>),
    /// For `Query::Content`.
    Content(Box<super::ContentTable>),
    /// For `Query::ContentReport`.
    ContentReport(Box<super::ContentReport>),
    /// For `Query::Mrr`.
    Mrr(super::MrrTable),
    /// For `Query::Today`.
    Today(Box<super::Today>),
    /// For `Query::Front`.
    Front(Front),
    /// For `Query::Headline`: in the order asked for.
    Headline(Vec<super::Headline>),
    /// For `Query::Section`.
    Section(Box<super::SectionTable>),
    /// For `Query::Revenue`.
    Revenue(RevenueBoard),
    /// For `Query::Data`.
    Data(DataBoard),
    /// For `Query::Detail`.
    Detail(Detail),
    /// For `Query::Limits`.
    Limits(Vec<DayLimits>),
    /// For `Query::Fact`.
    Fact(super::FactSeries),
    /// For `Query::Journal`: by day, the oldest first.
    Journal(Vec<crate::domain::plans::Journal>),
    /// For `Query::Lift`.
    Lift(super::Lifted),
    /// For `Query::Participants`.
    Participants(super::Participants),
    /// For `Query::Deals`.
    Deals(super::DealsTable),
    /// For `Query::Plans`.
    Plans(Box<super::PlanBoard>),
    /// For `Query::Plan`.
    Plan(Box<super::PlanView>),
    /// For `Query::Propose`.
    Propose(Box<super::Proposal>),
    /// For `Query::Past`.
    Past(super::Past),
    /// For `Query::Breaks`.
    Breaks(Vec<super::BreakRow>),
    /// For `Query::PlanText`.
    PlanText(String),
    /// For `Query::Missing`, by name.
    Missing(MissingNumbers),
    /// For `Query::Drafts`, by name.
    Drafts(Vec<Draft>),
    /// For `Query::CheckIn`.
    CheckIn(Box<super::CheckInBoard>),
    /// For `Query::Choices`.
    Choices(Choices),
    /// For `Query::Roles`: event names, most frequent first.
    Roles(Vec<EventName>),
    /// For `Query::Mapping`.
    Mapping(ChannelMapping),
    /// For `Query::Thresholds`.
    Thresholds(super::Thresholds),
    /// For `Query::Properties`: `None` where events carry all of them, else the first that none does and the names of
    /// those that some do, most frequent first.
    Properties(Option<(String, Vec<String>)>),
}

/// Daily facts without a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingNumbers {
    /// The day: the last whole one.
    pub day: Day,
    /// The facts.
    pub facts: Vec<MissingNumber>,
    /// Rows of METRICS that Today and the heads of the tabs show and that nothing feeds, by id.
    pub unfed: Vec<&'static str>,
}

/// A daily fact without a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingNumber {
    /// Its name.
    pub metric: String,
    /// Unit that it is typed in.
    pub unit: Unit,
    /// The last day with a value, and that in millionths of one.
    pub last: Option<(Day, i128)>,
}

/// Settings of the workspace that the frame shows and that change numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Product name; empty until set.
    pub product: String,
    /// Product form such as `app`; empty until set.
    pub form: String,
    /// Stage such as `growth`; empty until set.
    pub stage: String,
    /// Currency; `None` until the first amount or `init --currency`.
    pub currency: Option<Currency>,
    /// Zone whose days are counted.
    pub zone: Zone,
    /// First day of the week.
    pub week_start: WeekStart,
}

/// What the frame shows on every screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Settings.
    pub profile: Profile,
    /// Today in the workspace's zone (or `--today`).
    pub today: Day,
    /// Days from the first to the last row of any source; `None` without data.
    pub history: Option<Span>,
    /// Last day that every fresh source covers whole; `None` without data.
    pub through: Option<Day>,
    /// The instant up to which every fresh source is complete.
    pub through_at: Option<Instant>,
    /// Number of sources that are not ended.
    pub sources: u32,
    /// Names of stale sources with the days since their through.
    pub stale: Vec<(String, i32)>,
    /// A writer committed in the last 10 seconds.
    pub live: bool,
    /// The file was opened read only.
    pub read_only: bool,
    /// Rows refused and not yet retried.
    pub rejected: u64,
}

impl Status {
    /// The calendar whose days are counted.
    pub fn calendar(&self) -> crate::domain::calendar::Calendar {
        crate::domain::calendar::Calendar { zone: self.profile.zone, week_start: self.profile.week_start }
    }
}

/// A metric, whole or split.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Id of the metric.
    pub metric: &'static str,
    /// One line per part; the last is the total. Parts of a unique metric do not add up to it.
    pub lines: Vec<Line>,
    /// Money rows left out because their currency has no rate.
    pub excluded: u64,
    /// What daily facts of the metric's name do in it.
    pub facts: FactUse,
    /// Rows of subscriptions left out because their days of service are missing or no days.
    pub undated: u64,
    /// What would feed the metric, where nothing does.
    pub needs: Option<&'static str>,
}

/// What daily facts do in a series.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FactUse {
    /// Days that only a fact tells of.
    pub filled: u64,
    /// Days with a fact on which the measured value holds: the fact, and the value.
    pub overruled: Vec<(Day, Number, Number)>,
}

/// One part of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Channel, platform or stream as stored; `None` for the total.
    pub part: Option<String>,
    /// One point a bucket.
    pub points: Vec<Point>,
}

/// A number with what it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Id of the metric.
    pub metric: &'static str,
    /// Days of the period that are complete in what feeds the metric; all of it where none is.
    pub span: Span,
    /// Value over those days.
    pub now: Number,
    /// As many days of the comparison period; `None` when nothing is compared.
    pub before_span: Option<Span>,
    /// Value over those; `Number::None` when nothing is compared or there is no data.
    pub before: Number,
    /// Whether a source that feeds the metric lags behind the date of the screen, so that later days are missing.
    pub stale: bool,
    /// Whether the difference is within chance (rates only, two-proportion z below 1.96).
    pub within_chance: bool,
    /// Values of the last 28 days, oldest first.
    pub trend: Vec<Number>,
}

/// What a start shows first.
#[derive(Debug, Clone, PartialEq)]
pub struct Front {
    /// Headline numbers in the order of the three focuses.
    pub headline: Vec<Compared>,
    /// Every source with its age, the longest stale first.
    pub sources: Vec<Source>,
}

/// The Revenue screen.
#[derive(Debug, Clone, PartialEq)]
pub struct RevenueBoard {
    /// The comparison period, cut to equal length.
    pub before: Option<Span>,
    /// Net revenue of each day of the period that has data.
    pub daily: Vec<Point>,
    /// Net revenue of each day of the comparison period.
    pub daily_before: Vec<Point>,
    /// One row a stream, by net, largest first.
    pub streams: Vec<StreamRow>,
    /// All streams together.
    pub total: StreamRow,
    /// ARPU, ARPPU, paid rate, payers, active users, orders.
    pub per_user: Vec<Compared>,
    /// Money rows left out because their currency has no rate.
    pub excluded: u64,
}

impl RevenueBoard {
    /// The largest amount of the whole in micros, which decides how many decimals its columns have.
    pub fn largest(&self) -> i128 {
        let total = &self.total;
        total.gross.abs().max(total.net.abs()).max(total.refunds.abs())
    }
}

/// Money of one stream in a period, in micros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamRow {
    /// Stream as stored; `(none)` where the source has none.
    pub stream: String,
    /// Gross less refunds.
    pub net: i128,
    /// Net of the comparison period; `None` when nothing is compared.
    pub net_before: Option<i128>,
    /// Sum of amounts above 0.
    pub gross: i128,
    /// Sum of refunds, positive.
    pub refunds: i128,
    /// Gross of the comparison period.
    pub gross_before: Option<i128>,
    /// Distinct orders with an amount above 0.
    pub orders: u64,
    /// Distinct users with an amount above 0.
    pub payers: u64,
}

/// A named supplier of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Name.
    pub name: String,
    /// Kind of its records.
    pub kind: Kind,
    /// Time of the newest row.
    pub newest: Option<Instant>,
    /// Complete up to this instant.
    pub through: Option<Instant>,
    /// Rows stored.
    pub rows: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Days since through when stale; `None` when fresh.
    pub stale_days: Option<i32>,
    /// A stream is writing to it now.
    pub live: bool,
    /// Marked as ended by the operator.
    pub ended: bool,
}

/// One import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Batch number, as in `import undo BATCH`.
    pub batch: i64,
    /// When it began.
    pub at: Instant,
    /// File as given, or `(stream)`.
    pub file: String,
    /// Source it was booked to.
    pub source: String,
    /// Kind of record.
    pub kind: Kind,
    /// Counts.
    pub counts: Counts,
    /// Whether it is in the numbers.
    pub state: ImportState,
}

/// Whether an import is in the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// Being written.
    Open,
    /// It ended without its end; for a file the same command goes on from there.
    Stopped,
    /// Complete.
    Done,
    /// Taken back; `import redo` brings it back.
    Undone,
}

/// One rejected row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Batch that refused it.
    pub batch: i64,
    /// File as given.
    pub file: String,
    /// Line on which the row begins; the first line of a file is 1.
    pub line: u64,
    /// Stable code such as `bad_time`.
    pub code: String,
    /// Why, with the field and its raw value.
    pub detail: String,
    /// The row as it stood, at most 64 KiB, invalid UTF-8 replaced.
    pub raw: String,
}

/// The Data screen.
#[derive(Debug, Clone, PartialEq)]
pub struct DataBoard {
    /// All sources by name.
    pub sources: Vec<Source>,
    /// Imports, newest first, at most 200.
    pub imports: Vec<Import>,
    /// Rejected and conflicting rows, newest first, at most 1,000.
    pub rejected: Vec<Rejected>,
    /// Number of rejected rows in all.
    pub rejected_total: u64,
    /// Event names, most frequent first.
    pub event_names: Vec<EventName>,
    /// Settings.
    pub profile: Profile,
    /// The same as they are stored, thresholds included, by name.
    pub settings: Vec<Setting>,
    /// Size of the file in bytes, write-ahead log included.
    pub bytes: u64,
}

/// An event name and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventName {
    /// Its number in the workspace.
    pub id: u32,
    /// Name as it stood in the files.
    pub name: String,
    /// Its role, if any.
    pub role: Option<EventRole>,
    /// Its events are no activity.
    pub passive: bool,
    /// The role is guessed from the name; nobody has said it.
    pub guessed: bool,
    /// Number of events.
    pub events: u64,
}

/// The channel mapping and what it is applied to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChannelMapping {
    /// Raw channels of users and spend, most users first.
    pub raw: Vec<RawChannel>,
    /// Rules by source and medium.
    pub rules: Vec<ChannelRule>,
}

/// A channel as it stood in files, without case and outer blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawChannel {
    /// Channel column or source; of spellings that differ in case, the first in byte order.
    pub source: String,
    /// Medium in the properties of the event; empty where it has none.
    pub medium: String,
    /// Users who came through it.
    pub users: u64,
    /// Channel that it is shown as.
    pub channel: String,
    /// A rule sends it there.
    pub mapped: bool,
}

/// Everything about one number.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// Id of the metric.
    pub metric: &'static str,
    /// Daily series of the 60 days to the end of the period.
    pub series: Vec<Point>,
    /// The period and its comparison.
    pub number: Compared,
    /// Parts by each split the metric allows.
    pub splits: Vec<Breakdown>,
    /// Sources that feed it.
    pub sources: Vec<String>,
}

/// The parts of a number by one split, largest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Breakdown {
    /// What it is split by.
    pub split: super::Split,
    /// The parts.
    pub parts: Vec<PartChange>,
}

/// A part of a number in two periods.
#[derive(Debug, Clone, PartialEq)]
pub struct PartChange {
    /// Channel, platform or stream as stored.
    pub name: String,
    /// Value of the period.
    pub now: Number,
    /// Value of the comparison period.
    pub before: Number,
    /// What it adds to the change of the whole rate, by itself and by its share; `None` where the parts do not add up to
    /// the whole.
    pub effect: Option<Effect>,
}

/// A day of a metric beside the limits of what is usual on its weekday.
#[derive(Debug, Clone, PartialEq)]
pub struct DayLimits {
    /// The day.
    pub day: Day,
    /// Its value.
    pub value: Number,
    /// Days that the limits are made from.
    pub n: usize,
    /// Mean and limits in the unit of the value; `None` with fewer than ten days.
    pub band: Option<Band>,
    /// The day is beyond them, or two of the last three where each day follows the one before.
    pub outside: bool,
    /// The last eight days are on one side of the mean.
    pub run: bool,
    /// The journal leaves the day out: it is judged by none, and none is judged by it.
    pub left_out: bool,
}

/// Names to choose from, most users or rows first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    /// First-touch channels with their number of users.
    pub channels: Vec<(String, u64)>,
    /// Platforms with their number of users.
    pub platforms: Vec<(String, u64)>,
    /// Event names with their number of events.
    pub events: Vec<(String, u64)>,
    /// Streams of money with their number of payments and refunds.
    pub streams: Vec<(String, u64)>,
}
