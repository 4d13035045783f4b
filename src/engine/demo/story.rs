//! What happens in the sample workspace: its product, its channels, its fair, its leak.

use chrono::Datelike;

use crate::domain::calendar::{Calendar, Day, Span, WeekStart, Zone};

/// Seed of everything; another seed is another made-up history.
pub const SEED: u64 = 0x1A57_E12D;
/// Users who sign up over the whole story.
pub const USERS: u32 = 20_000;
/// Days of history.
pub const DAYS: i32 = 180;
/// Days before the end on which feed-a begins to bring users who leave sooner.
pub const FEED_A_LEAK: i32 = 21;
/// Days before the end on which feed-b is paused: no spend rows from then on, so its source goes stale.
pub const FEED_B_PAUSE: i32 = 4;
/// Days of the fair, from a Friday.
const FAIR_DAYS: i32 = 5;
/// The fair is over about this many days before the end, so that its users' D30 can be seen.
const FAIR_ENDS_BEFORE: i32 = 38;

/// Weight of each weekday from Monday.
pub const WEEKDAY: [f64; 7] = [0.95, 0.93, 0.94, 0.97, 1.04, 1.13, 1.08];

/// A first-touch channel.
pub struct Channel {
    /// Name in the sources; an empty one is written without a channel and shown as `(direct)`.
    pub name: &'static str,
    /// Share of sign-ups.
    pub share: f64,
    /// Factor on the share of users who stay.
    pub quality: f64,
    /// Spend per sign-up in CNY; 0 for channels that cost nothing.
    pub cost: f64,
    /// Name of the source of its spend.
    pub source: &'static str,
    /// Campaigns with their share of the spend.
    pub campaigns: &'static [(&'static str, f64)],
}

/// The six channels.
pub const CHANNELS: [Channel; 6] = [
    Channel {
        name: "feed-a",
        share: 0.27,
        quality: 0.82,
        cost: 30.0,
        source: "feed-a-spend",
        campaigns: &[("lookalike", 0.55), ("new-listers", 0.30), ("brand", 0.15)],
    },
    Channel {
        name: "feed-b",
        share: 0.16,
        quality: 0.92,
        cost: 26.0,
        source: "feed-b-spend",
        campaigns: &[("broad", 0.6), ("interest", 0.4)],
    },
    Channel {
        name: "search",
        share: 0.14,
        quality: 1.08,
        cost: 15.0,
        source: "search-spend",
        campaigns: &[("name", 0.35), ("second-hand", 0.65)],
    },
    Channel { name: "organic", share: 0.23, quality: 1.15, cost: 0.0, source: "", campaigns: &[] },
    Channel {
        name: "referral",
        share: 0.09,
        quality: 1.28,
        cost: 4.2,
        source: "referral-spend",
        campaigns: &[("invite-a-friend", 1.0)],
    },
    Channel { name: "", share: 0.11, quality: 1.0, cost: 0.0, source: "", campaigns: &[] },
];

/// Platforms with their share of users.
pub const PLATFORMS: [(&str, f64); 3] = [("Android", 0.42), ("iOS", 0.40), ("web", 0.18)];

/// Chance of an event's hour of the day, from 0 to 23, in the product's zone.
pub const HOURS: [f64; 24] = [
    0.6, 0.2, 0.1, 0.05, 0.05, 0.1, 0.5, 1.2, 1.9, 2.1, 2.2, 2.5, 3.4, 2.9, 2.2, 2.1, 2.2, 2.5, 3.1, 3.9, 4.8, 5.2,
    4.1, 2.0,
];

/// Prices in CNY of what is sold, with weights; their mean is near 146.
pub const PRICES: [(i64, f64); 11] = [
    (19_900_000, 8.0),
    (39_000_000, 12.0),
    (59_000_000, 14.0),
    (88_000_000, 14.0),
    (99_500_000, 12.0),
    (128_000_000, 11.0),
    (168_000_000, 9.0),
    (199_000_000, 8.0),
    (268_800_000, 6.0),
    (399_000_000, 4.0),
    (599_000_000, 2.0),
];

/// Prices in CNY of paid services, with weights.
pub const SERVICES: [(i64, f64); 5] =
    [(6_000_000, 20.0), (12_000_000, 25.0), (30_000_000, 30.0), (45_000_000, 15.0), (68_000_000, 10.0)];

/// The days on which things happen.
pub struct Story {
    /// All days with data.
    pub span: Span,
    /// The campaign that shows in every chart.
    pub fair: Span,
    /// Days in Asia/Shanghai, weeks from Monday.
    pub calendar: Calendar,
}

/// First day of the fair that runs at the end, and its last, from the last day of data.
pub const SECOND_FAIR: (i32, i32) = (-2, 8);

/// Days of preheat of the fair.
const PREHEAT: i32 = 4;

impl Story {
    /// The days before the fair on which one could join it already.
    pub fn preheat(&self) -> Span {
        Span { first: self.fair.first.plus(-PREHEAT), last: self.fair.first.plus(-1) }
    }

    /// The fair that has begun and is not over.
    pub fn second_fair(&self) -> Span {
        Span { first: self.span.last.plus(SECOND_FAIR.0), last: self.span.last.plus(SECOND_FAIR.1) }
    }

    /// The story that ends with this day.
    pub fn ending(last: Day) -> Self {
        let before = last.plus(1 - FAIR_ENDS_BEFORE - FAIR_DAYS);
        let friday = before.plus(-((before.date().weekday().num_days_from_monday() as i32 + 3) % 7));
        let zone = Zone::parse("Asia/Shanghai").unwrap_or(Zone::UTC);
        Self {
            span: Span { first: last.plus(1 - DAYS), last },
            fair: Span { first: friday, last: friday.plus(FAIR_DAYS - 1) },
            calendar: Calendar { zone, week_start: WeekStart::Monday },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fair_begins_on_a_friday_and_ends_inside_the_story() {
        for offset in 0..7 {
            let story = Story::ending(Day::parse("2026-06-10").unwrap().plus(offset));
            assert_eq!(story.fair.first.date().weekday(), chrono::Weekday::Fri);
            let age = story.span.last.since(story.fair.last);
            assert!((38..=45).contains(&age), "{age}");
            assert_eq!(story.calendar.zone.name(), "Asia/Shanghai");
        }
    }
}
