//! The sample workspace: half a year of a made-up product, "Lantern", in which everything a screen shows has a reason.
//!
//! About 20,000 users over 180 days come through six channels and three platforms. A fair brings a burst of sign-ups,
//! visits and orders; since three weeks feed-a brings users who leave sooner; feed-b is paused, so its source is stale.
//! The same end day always gives the same rows: chance is `SplitMix64` seeded by what is told, never by the clock, and
//! rows come in the order of their days.

mod dice;
mod ledger;
mod people;
mod plans;
mod shelf;
mod story;
mod visits;

use std::borrow::Cow;

use crate::domain::calendar::{Calendar, Day};
use crate::domain::money::{Currency, Micros};
use crate::domain::records::{Event, Kind, Record, Revenue, Spend};

use ledger::{Cost, Entry, Refunds};
use people::Person;
pub use plans::TEAM;
use story::{CHANNELS, Story};
use visits::{Act, DayBook, Order};

/// Product name in the sample's profile.
pub const PRODUCT: &str = "Lantern";

/// The source that stopped some days before the end.
pub const PAUSED: &str = "feed-b-spend";

/// The sources of the sample with the kind of their records; the events come first, and with them all others are told.
pub const SOURCES: [(&str, Kind); 11] = [
    ("app-events", Kind::Events),
    ("shop-orders", Kind::Revenue),
    ("ads-desk", Kind::Revenue),
    ("deals-desk", Kind::Revenue),
    ("feed-a-spend", Kind::Spend),
    ("feed-b-spend", Kind::Spend),
    ("search-spend", Kind::Spend),
    ("referral-spend", Kind::Spend),
    ("magazine", Kind::Content),
    ("partners", Kind::Deals),
    ("search-desk", Kind::Facts),
];

/// Event whose meaning nobody could guess: the first listing is what brings a user the value of the product.
pub const ACTIVATES: &str = "first_list";

/// The calendar of the sample: Asia/Shanghai, weeks from Monday.
pub fn calendar(last: Day) -> Calendar {
    Story::ending(last).calendar
}

/// Tells the story that ends with `last`: each row with the name of its source, day by day.
///
/// # Errors
/// The first error of `each` ends the telling and is returned.
pub fn tell<E>(last: Day, mut each: impl FnMut(&'static str, Record<'_>) -> Result<(), E>) -> Result<(), E> {
    let story = Story::ending(last);
    let people = people::people(&story);
    let mut refunds = Refunds::default();
    for (source, record) in shelves(&story) {
        each(source, record)?;
    }
    let (mut event_number, mut order_number) = (0, 0);
    for day in story.span.iter() {
        let book = visits::visits(&story, &people, day);
        for act in &book.acts {
            event_number += 1;
            each("app-events", event(act, &people[act.person], event_number))?;
        }
        for order in &book.orders {
            order_number += 1;
            let entry = paid(order, order_number);
            if let Some(days) = order.refunded_after {
                refunds.plan(day.plus(days), refund(&entry, days));
            }
            each(entry.source, revenue(&entry, &people))?;
        }
        for entry in refunds.due(day).into_iter().chain(ledger::ads(&story, day, book.visitors)) {
            each(entry.source, revenue(&entry, &people))?;
        }
        if let Some(entry) = ledger::deals(&story, day) {
            each(entry.source, revenue(&entry, &people))?;
        }
        for cost in ledger::costs(&story, day, &sign_ups(&book, &people)) {
            each(cost.source, spend(&cost, day))?;
        }
    }
    Ok(())
}

/// What desks keep beside the visits.
fn shelves(story: &Story) -> impl Iterator<Item = (&'static str, Record<'static>)> + '_ {
    let items = shelf::items(story).map(|record| ("magazine", record));
    let deals = shelf::deals(story).map(|record| ("partners", record));
    items.chain(deals).chain(shelf::facts(story).map(|record| ("search-desk", record)))
}

fn currency() -> Option<Currency> {
    Currency::parse("CNY")
}

fn sign_ups(book: &DayBook, people: &[Person]) -> [u64; CHANNELS.len()] {
    let mut by_channel = [0; CHANNELS.len()];
    for act in book.acts.iter().filter(|act| act.name == "user_signup") {
        by_channel[people[act.person].channel] += 1;
    }
    by_channel
}

/// Only what a user does first carries channel and campaign, as in a log that knows the campaign of the install.
fn event<'a>(act: &'a Act, person: &'a Person, number: u64) -> Record<'a> {
    let channel = CHANNELS[person.channel].name;
    let campaign = person.campaign.and_then(|row| CHANNELS[person.channel].campaigns.get(row)).filter(|_| act.first);
    Record::Event(Event {
        id: Some(Cow::Owned(format!("e{number:07}"))),
        user: Some(Cow::Borrowed(&person.id)),
        at: act.at,
        name: Cow::Borrowed(act.name),
        channel: (act.first && !channel.is_empty()).then_some(Cow::Borrowed(channel)),
        platform: Some(Cow::Borrowed(act.platform)),
        props: match (campaign, act.props.as_deref()) {
            (Some((name, _)), None) => Some(Cow::Owned(format!("{{\"utm_campaign\":\"{name}\"}}"))),
            (Some((name, _)), Some(props)) => {
                Some(Cow::Owned(format!("{{\"utm_campaign\":\"{name}\",{}", props.trim_start_matches('{'))))
            }
            (None, props) => props.map(Cow::Borrowed),
        },
    })
}

fn paid(order: &Order, number: u64) -> Entry {
    Entry {
        source: "shop-orders",
        order: format!("A-{number:06}"),
        person: Some(order.person),
        at: order.at,
        stream: order.stream,
        amount: order.amount,
        refund_of: None,
    }
}

/// The whole amount goes back at the same time of day.
fn refund(of: &Entry, days: i32) -> Entry {
    Entry {
        source: of.source,
        order: of.order.clone(),
        person: of.person,
        at: crate::domain::calendar::Instant(of.at.0 + i64::from(days) * crate::domain::calendar::DAY_MICROS),
        stream: of.stream,
        amount: -of.amount,
        refund_of: Some(of.order.clone()),
    }
}

fn revenue<'a>(entry: &'a Entry, people: &'a [Person]) -> Record<'a> {
    Record::Revenue(Revenue {
        order: Some(Cow::Borrowed(&entry.order)),
        line: None,
        user: entry.person.map(|index| Cow::Borrowed(people[index].id.as_str())),
        at: entry.at,
        stream: Some(Cow::Borrowed(entry.stream)),
        amount: Micros(entry.amount),
        currency: currency(),
        refund_of: entry.refund_of.as_deref().map(Cow::Borrowed),
        undated_refund: false,
        refund_total: false,
        props: None,
    })
}

fn spend(cost: &Cost, day: Day) -> Record<'static> {
    Record::Spend(Spend {
        day,
        channel: Some(Cow::Borrowed(cost.channel)),
        campaign: Some(Cow::Borrowed(cost.campaign)),
        amount: Micros(cost.amount),
        currency: currency(),
        impressions: Some(cost.impressions),
        clicks: Some(cost.clicks),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::convert::Infallible;
    use std::hash::{DefaultHasher, Hash, Hasher};

    use super::*;

    /// What the tests look at, gathered in one telling.
    #[derive(Default)]
    struct Heard {
        digest: u64,
        events: u64,
        users: BTreeSet<String>,
        names: BTreeMap<String, u64>,
        gross: BTreeMap<String, i64>,
        refunds: i64,
        rows: BTreeMap<&'static str, u64>,
        days: BTreeMap<Day, u64>,
        last_spend: BTreeMap<&'static str, Day>,
    }

    fn hear(last: Day) -> Heard {
        let mut heard = Heard::default();
        let calendar = calendar(last);
        let mut hasher = DefaultHasher::new();
        tell(last, |source, record| {
            format!("{source}{record:?}").hash(&mut hasher);
            *heard.rows.entry(source).or_default() += 1;
            match record {
                Record::Event(e) => {
                    heard.events += 1;
                    *heard.days.entry(calendar.day_of(e.at)).or_default() += 1;
                    *heard.names.entry(e.name.into_owned()).or_default() += 1;
                    heard.users.extend(e.user.map(Cow::into_owned));
                }
                Record::Revenue(r) if r.amount.0 < 0 => heard.refunds -= r.amount.0,
                Record::Revenue(r) => {
                    *heard.gross.entry(r.stream.unwrap_or_default().into_owned()).or_default() += r.amount.0;
                }
                Record::Spend(s) => {
                    heard.last_spend.insert(source, s.day);
                }
                Record::Row(_) => {}
            }
            Ok::<(), Infallible>(())
        })
        .unwrap();
        heard.digest = hasher.finish();
        heard
    }

    #[test]
    fn the_story_is_the_same_for_the_same_end_and_has_its_promised_size_and_shape() {
        let last = Day::parse("2026-06-10").unwrap();
        let heard = hear(last);
        assert_eq!(heard.digest, hear(last).digest);
        assert_ne!(heard.digest, hear(last.plus(1)).digest);
        assert_eq!(heard.users.len(), 20_000);
        assert!((600_000..1_000_000).contains(&heard.events), "{}", heard.events);
        assert_eq!(heard.days.len(), 180);
        assert_eq!(heard.days.keys().next_back(), Some(&last));
        assert_eq!(heard.names["user_signup"], 20_000);
        assert_eq!(heard.gross.keys().map(String::as_str).collect::<Vec<_>>(), ["ads", "deals", "ecommerce", "vas"]);
        let sold = heard.gross["ecommerce"] + heard.gross["vas"];
        let share = heard.refunds as f64 / sold as f64;
        assert!((0.03..0.05).contains(&share), "{share}");
        assert_eq!(heard.rows.len(), SOURCES.len());
        assert_eq!(heard.last_spend["feed-a-spend"], last);
        assert_eq!(heard.last_spend["feed-b-spend"], last.plus(-4));
        let story = Story::ending(last);
        let fair_day = story.fair.first.plus(1);
        assert!(heard.days[&fair_day] * 10 > heard.days[&fair_day.plus(-14)] * 13, "the fair shows");
    }
}
