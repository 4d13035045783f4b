//! What the store takes and gives: rows with dense ids, never SQL types.

use std::sync::Arc;

use crate::domain::calendar::{Day, Instant, WeekStart, Zone};
use crate::domain::money::{Currency, Micros};
use crate::domain::records::{Counts, Kind};

/// Settings of a workspace, as it is made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWorkspace {
    /// Product name; may be empty.
    pub product: String,
    /// Product form such as `app`; may be empty.
    pub form: String,
    /// Stage such as `growth`; may be empty.
    pub stage: String,
    /// Currency of money without one.
    pub currency: Option<Currency>,
    /// Zone whose days are counted.
    pub zone: Zone,
    /// First day of the week.
    pub week_start: WeekStart,
}

impl NewWorkspace {
    /// A workspace of which nothing is said but zone and currency; weeks start on Monday.
    pub fn bare(zone: Zone, currency: Option<Currency>) -> Self {
        Self {
            product: String::new(),
            form: String::new(),
            stage: String::new(),
            currency,
            zone,
            week_start: WeekStart::Monday,
        }
    }
}

/// Settings as stored.
pub type Settings = NewWorkspace;

/// Whether an import is in the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchState {
    /// A process is writing it.
    Open,
    /// It ended without its end; the same import of a file goes on from there.
    Stopped,
    /// Finished.
    Done,
    /// Taken back.
    Undone,
}

/// One import.
#[derive(Debug, Clone)]
pub struct ImportRow {
    /// Batch number.
    pub batch: i64,
    /// When it began.
    pub at: Instant,
    /// File as given.
    pub file: String,
    /// Source name.
    pub source: String,
    /// Kind of record.
    pub kind: Kind,
    /// Counts.
    pub counts: Counts,
    /// Whether it is in the numbers.
    pub state: BatchState,
}

/// One rejected or conflicting row.
#[derive(Debug, Clone)]
pub struct RejectedRow {
    /// Batch that refused it.
    pub batch: i64,
    /// File as given.
    pub file: String,
    /// Line on which the row begins.
    pub line: u64,
    /// Stable code.
    pub code: String,
    /// Why.
    pub detail: String,
    /// The row as it stood.
    pub raw: String,
}

/// What changed since a commit number.
#[expect(clippy::struct_excessive_bools, reason = "each part of the file changes by itself")]
#[derive(Debug, Clone)]
pub struct Changes {
    /// Newest commit number.
    pub seq: i64,
    /// Local days whose rollups changed.
    pub days: Vec<Day>,
    /// Revenue rows changed.
    pub money: bool,
    /// Spend rows changed.
    pub spend: bool,
    /// Rates between currencies changed.
    pub rates: bool,
    /// Dictionaries grew.
    pub terms: bool,
    /// Users or their firsts changed.
    pub users: bool,
    /// Everything was made anew; drop what is held.
    pub rebuilt: bool,
}

/// Which sets of users of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SetKind {
    /// Users with any activity.
    Active,
    /// Users of a platform.
    Platform(u32),
    /// Users with events of a name.
    Event(u32),
    /// Users with an order of amount 0 or more.
    Buyers,
}

/// Users of one day, ascending without repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySet {
    /// Local day.
    pub day: Day,
    /// Dense user ids.
    pub users: Arc<[u32]>,
}

/// What users came through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// Channel as the event had it.
    pub channel: u32,
    /// Medium in the event's properties; empty where it has none.
    pub medium: String,
    /// Campaign in the event's properties; empty where it has none.
    pub campaign: String,
}

/// Dictionaries of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TermKind {
    /// Event names.
    EventName,
    /// Channels.
    Channel,
    /// Platforms.
    Platform,
    /// Revenue streams.
    Stream,
    /// Campaigns.
    Campaign,
}

/// A payment or refund in the numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyRow {
    /// Local day.
    pub day: Day,
    /// When.
    pub at: Instant,
    /// Dense user id.
    pub user: Option<u32>,
    /// Stream.
    pub stream: Option<u32>,
    /// Equal for rows of one order; `None` where the row has no order id.
    pub order: Option<u64>,
    /// Signed amount.
    pub amount: Micros,
    /// Currency; the workspace's where the row had none.
    pub currency: Option<Currency>,
}

/// Spend of a day in the numbers.
#[derive(Debug, Clone)]
pub struct SpendRow {
    /// Day.
    pub day: Day,
    /// Channel.
    pub channel: Option<u32>,
    /// Campaign.
    pub campaign: Option<u32>,
    /// Amount.
    pub amount: Micros,
    /// Currency.
    pub currency: Option<Currency>,
    /// Impressions.
    pub impressions: Option<u64>,
    /// Clicks.
    pub clicks: Option<u64>,
}

/// What a currency was worth on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateRow {
    /// Day.
    pub day: Day,
    /// From this currency.
    pub from: Currency,
    /// To this currency.
    pub to: Currency,
    /// Units of `to` for one of `from`, in parts of ten to the minus [`RATE_PLACES`](crate::domain::money::RATE_PLACES).
    pub rate: i128,
}

/// An event in the numbers.
#[derive(Debug, Clone)]
pub struct RawEvent {
    /// Dense user id.
    pub user: Option<u32>,
    /// When.
    pub at: Instant,
    /// Event name.
    pub name: u32,
    /// Platform.
    pub platform: Option<u32>,
    /// Channel of the event itself, not of the user's first touch.
    pub channel: Option<u32>,
}

/// A source with its freshness.
#[derive(Debug, Clone)]
pub struct SourceRow {
    /// Name.
    pub name: String,
    /// Kind of its records.
    pub kind: Kind,
    /// Time of its newest row.
    pub newest: Option<Instant>,
    /// Complete up to this instant.
    pub through: Option<Instant>,
    /// Rows stored.
    pub rows: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Marked as ended.
    pub ended: bool,
    /// When it last committed.
    pub committed: Option<Instant>,
    /// A batch of it is open.
    pub streaming: bool,
}

/// Code of a kind in the source table: its place among all kinds, to which new ones are only added.
pub(super) fn kind_code(kind: Kind) -> i64 {
    Kind::ALL.iter().position(|known| *known == kind).map_or(0, |at| at as i64)
}

/// The kind of a code.
pub(super) fn kind_of(code: i64) -> Kind {
    usize::try_from(code).ok().and_then(|at| Kind::ALL.get(at).copied()).unwrap_or(Kind::Events)
}
