//! The users of the sample product: when they came, from where, and how long they stay.

use chrono::Datelike;

use crate::domain::calendar::{Day, Span};

use super::dice::Dice;
use super::story::{CHANNELS, Channel, FEED_A_LEAK, FEED_B_PAUSE, PLATFORMS, SEED, Story, USERS, WEEKDAY};

/// One user.
pub struct Person {
    /// Id as it stands in every source.
    pub id: String,
    /// Day of the sign-up.
    pub came: Day,
    /// Row of [`CHANNELS`].
    pub channel: usize,
    /// Row of the channel's campaigns; `None` where it has none, or where the link lost it.
    pub campaign: Option<usize>,
    /// Row of [`PLATFORMS`] for most visits.
    pub platform: usize,
    /// Last day on which a visit is possible.
    pub leaves: Day,
    /// Chance of a visit on an ordinary day while the user is with us.
    pub habit: f64,
    /// Chance of an order on a day with a visit.
    pub buys: f64,
    /// Chance of a paid service on a day with a visit.
    pub subscribes: f64,
    /// Days after the sign-up of the first listing, for those who get that far.
    pub lists_after: Option<i32>,
}

/// Share of an average channel's users who are still with us after so many days; linear in between.
const STAY: [(i32, f64); 10] = [
    (1, 0.62),
    (2, 0.54),
    (3, 0.50),
    (7, 0.40),
    (14, 0.33),
    (30, 0.265),
    (60, 0.215),
    (90, 0.185),
    (180, 0.15),
    (400, 0.10),
];

/// Everyone, in the order of their days.
pub fn people(story: &Story) -> Vec<Person> {
    let days = sign_ups(story);
    let mut all = Vec::with_capacity(USERS as usize);
    for (day, count) in story.span.iter().zip(days) {
        for _ in 0..count {
            all.push(person(story, day, all.len() as u64));
        }
    }
    all
}

/// Sign-ups of each day, [`USERS`] in all: growth, weekdays, the fair, some noise.
fn sign_ups(story: &Story) -> Vec<u32> {
    let Span { first, .. } = story.span;
    let weights: Vec<f64> = story
        .span
        .iter()
        .map(|day| {
            let mut dice = Dice::new(SEED, 1, day.since(first) as u64);
            let growth = 1.0 + 0.9 * f64::from(day.since(first)) / f64::from(story.span.days());
            let fair = if story.fair.contains(day) { 2.1 } else { 1.0 };
            growth * fair * weekday(day) * (0.93 + 0.14 * dice.fraction())
        })
        .collect();
    let total: f64 = weights.iter().sum();
    let (mut sum, mut given) = (0.0, 0);
    weights
        .iter()
        .map(|weight| {
            sum += weight;
            let upto = (sum / total * f64::from(USERS)).round() as u32;
            let count = upto - given;
            given = upto;
            count
        })
        .collect()
}

/// Factor of a weekday on visits and sign-ups.
pub fn weekday(day: Day) -> f64 {
    WEEKDAY[day.date().weekday().num_days_from_monday() as usize]
}

fn person(story: &Story, came: Day, number: u64) -> Person {
    let mut dice = Dice::new(SEED, 2, number);
    let age_of_story = story.span.last.since(came);
    let weights: Vec<f64> = CHANNELS.iter().map(|c| share(c, age_of_story)).collect();
    let channel = dice.pick(&weights);
    let platform = dice.pick(&PLATFORMS.map(|p| p.1));
    let quality = if CHANNELS[channel].name == "feed-a" && age_of_story < FEED_A_LEAK {
        CHANNELS[channel].quality * 0.55
    } else {
        CHANNELS[channel].quality
    };
    Person {
        id: format!("u-{:05}", number + 1),
        came,
        channel,
        campaign: campaign(&CHANNELS[channel], number),
        platform,
        leaves: came.plus(stays(dice.fraction(), quality)),
        habit: 0.45 + 0.2 * dice.fraction(),
        buys: if dice.chance(0.36) { 0.02 + 0.07 * dice.fraction() } else { 0.0 },
        subscribes: if dice.chance(0.24) { 0.04 + 0.12 * dice.fraction() } else { 0.0 },
        lists_after: dice.chance(0.46).then(|| [0, 0, 0, 1, 1, 2, 4][dice.between(0, 6) as usize]),
    }
}

/// What a user's link said: campaigns bring less for their money the more is spent on them, and some links lose their name.
fn campaign(channel: &Channel, number: u64) -> Option<usize> {
    let mut dice = Dice::new(SEED, 11, number);
    let weights: Vec<f64> = channel.campaigns.iter().map(|(_, share)| share.powf(0.8)).collect();
    (!weights.is_empty() && !dice.chance(0.06)).then(|| dice.pick(&weights))
}

/// A channel's share of a day's sign-ups, `age` days before the end.
fn share(channel: &Channel, age: i32) -> f64 {
    match channel.name {
        "feed-a" if age < FEED_A_LEAK => channel.share * 1.35,
        "feed-b" if age < FEED_B_PAUSE => channel.share * 0.1,
        _ => channel.share,
    }
}

/// The number of days after the sign-up for which a user stays, for a draw from 0 to below 1.
fn stays(draw: f64, quality: f64) -> i32 {
    let (mut day, mut left) = (0, 1.0);
    for (next, share) in STAY {
        let share = (share * quality).min(1.0);
        if draw >= share {
            // Leaves between the two knots, in proportion to what is lost there.
            let part = if left > share { (left - draw) / (left - share) } else { 0.0 };
            return day + (f64::from(next - day) * part) as i32;
        }
        (day, left) = (next, share);
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_follow_the_table() {
        assert_eq!(stays(0.99, 1.0), 0);
        assert_eq!(stays(0.619, 1.0), 1);
        assert_eq!(stays(0.0, 1.0), 400);
        let kept = (0..1000).filter(|i| stays(f64::from(*i) / 1000.0, 1.0) >= 7).count();
        assert!((395..=405).contains(&kept), "{kept}");
    }

    #[test]
    fn the_recent_users_of_one_feed_stay_less() {
        let story = Story::ending(Day::parse("2026-06-10").unwrap());
        let all = people(&story);
        assert_eq!(all.len(), USERS as usize);
        let kept = |recent: bool| {
            let of: Vec<_> = all
                .iter()
                .filter(|p| CHANNELS[p.channel].name == "feed-a")
                .filter(|p| (story.span.last.since(p.came) < FEED_A_LEAK) == recent)
                .collect();
            of.iter().filter(|p| p.leaves.since(p.came) >= 7).count() as f64 / of.len() as f64
        };
        assert!(kept(true) < 0.7 * kept(false), "{} {}", kept(true), kept(false));
    }
}
