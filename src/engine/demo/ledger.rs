//! Money that no single visit tells: refunds, what advertisers and partners pay, and what the channels cost.

use std::collections::BTreeMap;

use chrono::Datelike;

use crate::domain::calendar::{Day, Instant};

use super::dice::Dice;
use super::story::{CHANNELS, FEED_B_PAUSE, SEED, Story};

/// One row of the shop, the ads desk or the deals desk.
pub struct Entry {
    /// Name of the source.
    pub source: &'static str,
    /// Order id.
    pub order: String,
    /// Index of the user; `None` for money that no user pays.
    pub person: Option<usize>,
    /// When.
    pub at: Instant,
    /// Revenue stream.
    pub stream: &'static str,
    /// Micros, negative for a refund.
    pub amount: i64,
    /// The order a refund takes back.
    pub refund_of: Option<String>,
}

/// Refunds that are due on later days.
#[derive(Default)]
pub struct Refunds(BTreeMap<Day, Vec<Entry>>);

impl Refunds {
    /// Plans a refund; one after the end of the story is never asked for.
    pub fn plan(&mut self, day: Day, entry: Entry) {
        self.0.entry(day).or_default().push(entry);
    }

    /// Refunds of a day in the order of time.
    pub fn due(&mut self, day: Day) -> Vec<Entry> {
        let mut due = self.0.remove(&day).unwrap_or_default();
        due.sort_by(|a, b| (a.at, &a.order).cmp(&(b.at, &b.order)));
        due
    }
}

/// What two ad networks pay for the day's visitors, in whole fen.
pub fn ads(story: &Story, day: Day, visitors: u64) -> Vec<Entry> {
    let mut dice = Dice::new(SEED, 4, day.since(story.span.first) as u64);
    let at = Instant(story.calendar.end_of(day).0 - 60_000_000);
    [("net-a", 0.78), ("net-b", 0.41)]
        .into_iter()
        .map(|(network, per_visitor)| {
            let fen = visitors as f64 * per_visitor * (0.9 + 0.2 * dice.fraction()) * 100.0;
            let order = format!("ads-{network}-{day}");
            Entry {
                source: "ads-desk",
                order,
                person: None,
                at,
                stream: "ads",
                amount: fen as i64 * 10_000,
                refund_of: None,
            }
        })
        .collect()
}

/// Partners pay on Wednesdays.
pub fn deals(story: &Story, day: Day) -> Option<Entry> {
    if day.date().weekday() != chrono::Weekday::Wed {
        return None;
    }
    let mut dice = Dice::new(SEED, 5, day.since(story.span.first) as u64);
    let partner = ["harbor", "north-quay", "paper-lane"][dice.between(0, 2) as usize];
    Some(Entry {
        source: "deals-desk",
        order: format!("deal-{partner}-{day}"),
        person: None,
        at: Instant(story.calendar.start_of(day).0 + 10 * 3_600_000_000),
        stream: "deals",
        amount: dice.between(18, 40) * 100_000_000,
        refund_of: None,
    })
}

/// What one campaign cost on one day.
pub struct Cost {
    /// Name of the source.
    pub source: &'static str,
    /// Channel.
    pub channel: &'static str,
    /// Campaign.
    pub campaign: &'static str,
    /// Micros.
    pub amount: i64,
    /// Times shown.
    pub impressions: u64,
    /// Clicks.
    pub clicks: u64,
}

/// Spend of a day, for the sign-ups that each channel brought on it.
pub fn costs(story: &Story, day: Day, sign_ups: &[u64; CHANNELS.len()]) -> Vec<Cost> {
    let mut dice = Dice::new(SEED, 6, day.since(story.span.first) as u64);
    let mut out = Vec::new();
    for (channel, count) in CHANNELS.iter().zip(sign_ups) {
        let paused = channel.name == "feed-b" && story.span.last.since(day) < FEED_B_PAUSE;
        if channel.cost <= 0.0 || paused {
            continue;
        }
        let fair = story.fair.contains(day).then_some(("spring-fair", 0.35));
        for (campaign, share) in channel.campaigns.iter().copied().chain(fair) {
            // A campaign has a floor: a day without a sign-up still costs something.
            let units = (*count as f64 + 1.5) * share * (0.85 + 0.3 * dice.fraction());
            let clicks = (units * 11.0 * (0.9 + 0.2 * dice.fraction())) as u64;
            out.push(Cost {
                source: channel.source,
                channel: channel.name,
                campaign,
                amount: (units * channel.cost * 100.0) as i64 * 10_000,
                impressions: clicks * dice.between(48, 66) as u64,
                clicks,
            });
        }
    }
    out
}
