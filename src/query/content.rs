//! Questions about what is published and what it brings.

use crate::domain::calendar::{Day, Span};
use crate::metrics::number::{Number, State};

use super::Segment;

/// Property of events that names the item.
pub const CONTENT_PROPERTY: &str = "content";

/// Items with what was done with them and what they brought in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentQuery {
    /// Days of the events and of what is credited; views before them earn too.
    pub span: Span,
    /// Users and events that count. Money has no platform and no property, so with either there is no revenue.
    pub segment: Segment,
}

/// Items of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct ContentTable {
    /// Items with events, credit, or a planned or published day in the period, and those planned for no day at all; the
    /// most views first.
    pub items: Vec<ContentRow>,
    /// All items together: uniques are distinct, rates pooled. Each is the metric of the same name.
    pub total: ContentNumbers,
    /// What the credited sum of each model lacks to all sign-ups of the period and to all that users paid in it.
    pub uncredited: ContentNumbers,
    /// What would feed the table, where something needed is not there.
    pub lacks: Option<ContentLack>,
    /// Amounts left out because their currency has no rate.
    pub excluded: u64,
}

/// Why nothing was viewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentLack {
    /// No event name has the role view.
    Views,
    /// No view names an item.
    Property,
}

/// One item.
#[derive(Debug, Clone, PartialEq)]
pub struct ContentRow {
    /// Id: what events carry, and records have.
    pub item: String,
    /// What is known of it; `None` where only events name it.
    pub record: Option<ContentRecord>,
    /// Its numbers.
    pub numbers: ContentNumbers,
}

/// A content item as imported. Of several sources that have it, the record that was published first holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContentRecord {
    /// Title.
    pub title: Option<String>,
    /// Kind, such as video.
    pub kind: Option<String>,
    /// Author.
    pub author: Option<String>,
    /// Day planned for its publication.
    pub planned: Option<Day>,
    /// Day of its publication, if it is seen.
    pub published: Option<Day>,
    /// Status.
    pub status: Option<String>,
}

/// Numbers of one item or of all; none where no event name has the role that one needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentNumbers {
    /// Views, with or without a user.
    pub views: Number,
    /// Users who viewed.
    pub uniques: Number,
    /// Users who completed over users who viewed.
    pub completion: Number,
    /// Users who engaged over users who viewed.
    pub engagement: Number,
    /// Shares, with or without a user.
    pub shares: Number,
    /// Users who shared.
    pub sharers: Number,
    /// Sign-ups credited to the first content viewed.
    pub signups_first: Number,
    /// Sign-ups credited to the last content viewed before.
    pub signups_last: Number,
    /// Net revenue credited to the first content viewed.
    pub revenue_first: Number,
    /// Net revenue credited to the last content viewed before.
    pub revenue_last: Number,
    /// Items published on or before the planned day over items due.
    pub on_time: Number,
}

impl ContentNumbers {
    /// Nothing is known.
    pub const NONE: Self = Self {
        views: Number::None,
        uniques: Number::None,
        completion: Number::None,
        engagement: Number::None,
        shares: Number::None,
        sharers: Number::None,
        signups_first: Number::None,
        signups_last: Number::None,
        revenue_first: Number::None,
        revenue_last: Number::None,
        on_time: Number::None,
    };
}

/// The first seven days of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentReportQuery {
    /// Its id.
    pub item: String,
    /// Users and events that count.
    pub segment: Segment,
}

/// An item day by day.
#[derive(Debug, Clone, PartialEq)]
pub struct ContentReport {
    /// What is known of it; `None` where only events name it.
    pub record: Option<ContentRecord>,
    /// The seven days from its publication, else from its first view, then all of them together; none where it has
    /// neither.
    pub days: Vec<ContentDays>,
    /// The days begin with the first view: no publication is known.
    pub by_first_view: bool,
    /// The usual week of its kind; none where it has no kind, or no other item of it has its seven days behind it.
    pub peers: Option<ContentPeers>,
}

/// The other items of a kind whose seven days are over.
#[derive(Debug, Clone, PartialEq)]
pub struct ContentPeers {
    /// The kind.
    pub kind: String,
    /// How many they are.
    pub items: u64,
    /// The median of each number over their seven days, of an even number the lower of the two in the middle; the days are
    /// those of one of them.
    pub median: ContentDays,
}

/// Some days of an item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContentDays {
    /// The days.
    pub span: Span,
    /// Whether the data covers them.
    pub state: State,
    /// Views, with or without a user.
    pub views: Number,
    /// Users who viewed.
    pub uniques: Number,
    /// Users who completed.
    pub completes: Number,
    /// These over users who viewed.
    pub completion: Number,
    /// Users who engaged over users who viewed.
    pub engagement: Number,
    /// Shares, with or without a user.
    pub shares: Number,
    /// Sign-ups credited to it as the last content viewed before.
    pub signups: Number,
    /// Net revenue credited to it in the same way.
    pub revenue: Number,
}
