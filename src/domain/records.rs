//! What an operator's files hold, after parsing and before storing. Text is borrowed from the reader's buffer.

use std::borrow::Cow;

use super::calendar::{Day, Instant};
pub use super::kind::Kind;
use super::money::{Currency, Micros};
use super::tables::{Cell, Row};

/// Text of one field as it stood in the file, byte for byte (formats.md A24).
pub type Text<'a> = Cow<'a, str>;

/// An event: who did what, when and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<'a> {
    /// Id given by the producer; `None` where the file has none.
    pub id: Option<Text<'a>>,
    /// User; `None` counts as an event, never as a user.
    pub user: Option<Text<'a>>,
    /// When.
    pub at: Instant,
    /// Event name.
    pub name: Text<'a>,
    /// Channel as written (utm source or a channel column).
    pub channel: Option<Text<'a>>,
    /// Platform as written.
    pub platform: Option<Text<'a>>,
    /// Remaining columns as one JSON object in file order; `None` when there are none.
    pub props: Option<Text<'a>>,
}

/// An event whose texts are lent; each field says what it says in [`Event`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lent<'a> {
    /// Id given by the producer.
    pub id: Option<&'a str>,
    /// User.
    pub user: Option<&'a str>,
    /// When.
    pub at: Instant,
    /// Event name.
    pub name: &'a str,
    /// Channel as written.
    pub channel: Option<&'a str>,
    /// Platform as written.
    pub platform: Option<&'a str>,
    /// Remaining columns as one JSON object.
    pub props: Option<&'a str>,
}

impl Event<'_> {
    /// The same event, its texts lent.
    pub fn lent(&self) -> Lent<'_> {
        Lent {
            id: self.id.as_deref(),
            user: self.user.as_deref(),
            at: self.at,
            name: &self.name,
            channel: self.channel.as_deref(),
            platform: self.platform.as_deref(),
            props: self.props.as_deref(),
        }
    }
}

/// One payment (amount >= 0) or refund (amount < 0).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revenue<'a> {
    /// Order id; `None` where the file has none.
    pub order: Option<Text<'a>>,
    /// Line of an order where the file has a line column.
    pub line: Option<Text<'a>>,
    /// User; `None` counts as money, never as a payer.
    pub user: Option<Text<'a>>,
    /// When it was paid or refunded.
    pub at: Instant,
    /// Revenue stream; `None` is shown as `(none)`.
    pub stream: Option<Text<'a>>,
    /// Signed amount.
    pub amount: Micros,
    /// Currency as written; `None` is the workspace's.
    pub currency: Option<Currency>,
    /// Order that a refund takes back.
    pub refund_of: Option<Text<'a>>,
    /// The refund had no date of its own and is booked on the charge's day (shown with `~`).
    pub undated_refund: bool,
    /// The refund is all that was refunded of the line so far: a later one replaces it, whatever its date.
    pub refund_total: bool,
    /// Remaining columns as one JSON object in file order.
    pub props: Option<Text<'a>>,
}

/// Money spent on a channel on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spend<'a> {
    /// Day in the workspace zone.
    pub day: Day,
    /// Channel; `None` is `(unknown)`.
    pub channel: Option<Text<'a>>,
    /// Campaign.
    pub campaign: Option<Text<'a>>,
    /// Amount.
    pub amount: Micros,
    /// Currency as written; `None` is the workspace's.
    pub currency: Option<Currency>,
    /// Impressions; `None` where the source has no such column.
    pub impressions: Option<u64>,
    /// Clicks; `None` where the source has no such column.
    pub clicks: Option<u64>,
}

impl<'a> From<&Spend<'a>> for Row<'a> {
    fn from(spend: &Spend<'a>) -> Self {
        let count = |n: Option<u64>| Cell::from(n.map(u64::cast_signed));
        let currency = spend.currency.map(|currency| Cow::Owned(currency.code().to_owned()));
        let cells = vec![
            Cell::Int(spend.day.0.into()),
            spend.channel.clone().into(),
            spend.campaign.clone().into(),
            Cell::Int(spend.amount.0),
            currency.into(),
            count(spend.impressions),
            count(spend.clicks),
        ];
        Row { kind: Kind::Spend, cells }
    }
}

/// Any record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record<'a> {
    /// An event.
    Event(Event<'a>),
    /// A payment or refund.
    Revenue(Revenue<'a>),
    /// Spend of a day.
    Spend(Spend<'a>),
    /// A row of a kind that only its table of columns describes.
    Row(Row<'a>),
}

impl Record<'_> {
    /// The currency of its amount as written.
    pub fn currency(&self) -> Option<Currency> {
        match self {
            Self::Event(_) => None,
            Self::Revenue(row) => row.currency,
            Self::Spend(row) => row.currency,
            Self::Row(row) => row.currency(),
        }
    }

    /// The same record with text of its own, to be kept beyond the reader's buffer.
    pub fn into_owned(self) -> Record<'static> {
        let own = |text: Option<Text<'_>>| text.map(|t| Cow::Owned(t.into_owned()));
        match self {
            Self::Event(e) => Record::Event(Event {
                id: own(e.id),
                user: own(e.user),
                at: e.at,
                name: Cow::Owned(e.name.into_owned()),
                channel: own(e.channel),
                platform: own(e.platform),
                props: own(e.props),
            }),
            Self::Revenue(r) => Record::Revenue(Revenue {
                order: own(r.order),
                line: own(r.line),
                user: own(r.user),
                stream: own(r.stream),
                refund_of: own(r.refund_of),
                props: own(r.props),
                at: r.at,
                amount: r.amount,
                currency: r.currency,
                undated_refund: r.undated_refund,
                refund_total: r.refund_total,
            }),
            Self::Spend(s) => Record::Spend(Spend {
                channel: own(s.channel),
                campaign: own(s.campaign),
                day: s.day,
                amount: s.amount,
                currency: s.currency,
                impressions: s.impressions,
                clicks: s.clicks,
            }),
            Self::Row(row) => Record::Row(row.into_owned()),
        }
    }
}

/// How many rows of a file went where: `read` is the sum of the other six.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Rows below the header.
    pub read: u64,
    /// Stored for the first time.
    pub inserted: u64,
    /// Replaced an earlier row of the same key.
    pub updated: u64,
    /// Equal to a stored row.
    pub duplicate: u64,
    /// Same id as a stored event with other content; kept in the ledger.
    pub conflict: u64,
    /// Not readable; kept with line and reason.
    pub rejected: u64,
    /// Empty, a repeated header, a total, or left out by the format.
    pub blank: u64,
}

impl Counts {
    /// Whether every row read went to exactly one place.
    pub fn conserved(&self) -> bool {
        self.read == self.inserted + self.updated + self.duplicate + self.conflict + self.rejected + self.blank
    }

    /// Adds the counts of another file or chunk.
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.inserted += other.inserted;
        self.updated += other.updated;
        self.duplicate += other.duplicate;
        self.conflict += other.conflict;
        self.rejected += other.rejected;
        self.blank += other.blank;
    }
}
