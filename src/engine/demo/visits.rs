//! What users do on one day: visits with their events, and the orders in them.

use chrono::Datelike;

use crate::domain::calendar::{Day, Instant};

use super::dice::Dice;
use super::people::{Person, weekday};
use super::shelf::{self, Item};
use super::story::{HOURS, PLATFORMS, PRICES, SEED, SERVICES, Story};

/// One event of one user.
pub struct Act {
    /// When.
    pub at: Instant,
    /// Index of the user.
    pub person: usize,
    /// Event name.
    pub name: &'static str,
    /// Platform of this visit.
    pub platform: &'static str,
    /// Properties as JSON.
    pub props: Option<String>,
    /// It is what a user did first, so that it carries the channel.
    pub first: bool,
}

/// One order, paid.
pub struct Order {
    /// When.
    pub at: Instant,
    /// Index of the user.
    pub person: usize,
    /// Revenue stream.
    pub stream: &'static str,
    /// Price in micros.
    pub amount: i64,
    /// Days until it is refunded; `None` for most.
    pub refunded_after: Option<i32>,
}

/// Everything of one day, in the order of time.
#[derive(Default)]
pub struct DayBook {
    /// Events.
    pub acts: Vec<Act>,
    /// Orders.
    pub orders: Vec<Order>,
    /// Users with a visit.
    pub visitors: u64,
}

/// Microseconds in a second.
const SECOND: i64 = 1_000_000;
/// Share of orders that are given back.
const REFUNDED: f64 = 0.04;
/// Share of payments that fail first, and since the release.
const FAILED: f64 = 0.02;
const FAILED_SINCE: f64 = 0.06;
/// Days since the release of the new checkout form, before the end.
const RELEASE: i32 = 7;
/// Days that a level takes.
const LEVEL_DAYS: i32 = 21;

/// The day's visits of all who have come and not left.
pub fn visits(story: &Story, people: &[Person], day: Day) -> DayBook {
    let mut book = DayBook::default();
    let start = story.calendar.start_of(day).0;
    for (index, person) in people.iter().enumerate() {
        if person.came > day {
            break;
        }
        if person.leaves < day {
            remind(story, (person, index), day, &mut book);
            continue;
        }
        let about = index as u64 * 1_000 + day.since(story.span.first) as u64;
        let mut dice = Dice::new(SEED, 3, about);
        if person.came == day || dice.chance(visit_chance(story, person, day)) {
            Visit::begin(person, index, start, &mut dice).unfold(story, person, day, &mut dice, &mut book);
        }
    }
    book.acts.sort_by_key(|act| (act.at, act.person));
    book.orders.sort_by_key(|order| (order.at, order.person));
    book
}

/// Every Tuesday some of those who are gone for a month or more get a message; nobody has come back for one so far.
fn remind(story: &Story, (person, index): (&Person, usize), day: Day, book: &mut DayBook) {
    let gone = day.since(person.leaves);
    let about = ((index as u64) << 32) | u64::from(day.0.unsigned_abs());
    if day.date().weekday() != chrono::Weekday::Tue || !(30..120).contains(&gone) {
        return;
    }
    if Dice::new(SEED, 10, about).chance(0.04) {
        let at = Instant(story.calendar.start_of(day).0 + 18 * 3_600 * SECOND);
        let platform = PLATFORMS[person.platform].0;
        book.acts.push(Act { at, person: index, name: "push_in", platform, props: None, first: false });
    }
}

fn visit_chance(story: &Story, person: &Person, day: Day) -> f64 {
    let fair = if story.fair.contains(day) { 1.32 } else { 1.0 };
    (person.habit * weekday(day) * fair).min(0.95)
}

/// An item that is out, those that draw more more often.
fn pick(story: &Story, day: Day, side: &mut Dice) -> Option<&'static Item> {
    let out: Vec<&Item> = shelf::out(story, day).collect();
    let weights: Vec<f64> = out.iter().map(|item| item.draws).collect();
    (!out.is_empty()).then(|| out[side.pick(&weights)])
}

/// What an event about an item carries.
fn about(item: &Item) -> String {
    format!("{{\"content\":\"{}\"}}", item.id)
}

/// A visit being told: a clock that only moves on.
struct Visit {
    now: i64,
    person: usize,
    platform: &'static str,
    /// Level of the incentive system, from 1: what three weeks with us give.
    level: i32,
    /// Chance that a payment fails before it goes through.
    fails: f64,
}

impl Visit {
    fn begin(person: &Person, index: usize, start: i64, dice: &mut Dice) -> Self {
        // The last hour of the day starts no visit later than 23:30, so that a visit ends on the day it began.
        let hour = dice.pick(&HOURS) as i64;
        let within = dice.between(0, if hour == 23 { 1_799 } else { 3_599 });
        let platform = if dice.chance(0.06) { dice.pick(&PLATFORMS.map(|p| p.1)) } else { person.platform };
        let now = start + (hour * 3_600 + within) * SECOND;
        Self { now, person: index, platform: PLATFORMS[platform].0, level: 1, fails: FAILED }
    }

    fn unfold(mut self, story: &Story, person: &Person, day: Day, dice: &mut Dice, book: &mut DayBook) {
        book.visitors += 1;
        let age = day.since(person.came);
        // What came later to the story has dice of its own, so that the rest of it stays as it was.
        let mut side = Dice::new(SEED, 7, ((self.person as u64) << 32) | u64::from(day.0.unsigned_abs()));
        self.level = 1 + (age / LEVEL_DAYS).min(4);
        self.fails = if story.span.last.since(day) < RELEASE { FAILED_SINCE } else { FAILED };
        if age == 0 {
            let read = self.look(story, day, &mut side, book);
            self.act("user_signup", book);
            if let Some(act) = book.acts.last_mut() {
                act.first = !read;
            }
        } else if dice.chance(0.16) {
            self.act("push_in", book);
            self.wait(20, 240, dice);
        }
        self.act("app_open", book);
        for _ in 0..dice.pick(&[0.22, 0.34, 0.24, 0.13, 0.07]) {
            self.wait(4, 90, dice);
            self.act("item_view", book);
        }
        if person.lists_after == Some(age) {
            self.wait(40, 200, dice);
            self.act("first_list", book);
        }
        let fair = story.fair.contains(day);
        if fair && dice.chance(0.34) {
            self.wait(5, 60, dice);
            self.act("fair_join", book);
        }
        self.shop(person, if fair { 1.7 } else { 1.0 }, dice, book);
        if dice.chance(0.045) {
            self.wait(5, 60, dice);
            self.act("card_share", book);
        }
        self.join(story, day, &mut side, book);
        self.read(story, day, &mut side, book);
        self.see_ads(&mut side, book);
    }

    /// Swap Sundays, those who join the fair before it begins, and the fair of this month since it began.
    fn join(&mut self, story: &Story, day: Day, side: &mut Dice, book: &mut DayBook) {
        let sunday = day.date().weekday() == chrono::Weekday::Sun;
        let early = ((self.person as u64) << 32) | u64::from(day.0.unsigned_abs());
        if story.preheat().contains(day) && Dice::new(SEED, 12, early).chance(0.09) {
            self.act("fair_join", book);
        }
        if story.second_fair().contains(day) && side.chance(0.22) {
            self.wait(5, 60, side);
            self.act("fair_join", book);
        } else if sunday && side.chance(0.09) {
            self.wait(5, 60, side);
            self.act("event_join", book);
        }
    }

    /// Some find the product by an item that they read before they sign up.
    fn look(&mut self, story: &Story, day: Day, side: &mut Dice, book: &mut DayBook) -> bool {
        let Some(item) = pick(story, day, side).filter(|_| side.chance(0.09)) else { return false };
        self.tell("content_view", Some(about(item)), book);
        if let Some(act) = book.acts.last_mut() {
            act.first = true;
        }
        self.wait(10, 90, side);
        true
    }

    /// An item of the magazine, if one is out: read to its end or not, liked, shared.
    fn read(&mut self, story: &Story, day: Day, side: &mut Dice, book: &mut DayBook) {
        let Some(item) = pick(story, day, side).filter(|_| side.chance(0.16)) else { return };
        let mut act = |visit: &mut Self, name, side: &mut Dice| {
            visit.wait(10, 90, side);
            visit.tell(name, Some(about(item)), book);
        };
        act(self, "content_view", side);
        let done = side.chance(item.holds);
        if done {
            act(self, "content_complete", side);
        }
        if side.chance(if done { 0.14 } else { 0.02 }) {
            act(self, "like", side);
        }
        if side.chance(0.03) {
            act(self, "content_share", side);
        }
    }

    /// A place for an advertisement, mostly filled.
    fn see_ads(&mut self, side: &mut Dice, book: &mut DayBook) {
        if !side.chance(0.15) {
            return;
        }
        self.act("ad_request", book);
        if side.chance(0.91) {
            self.act("ad_fill", book);
            self.act("ad_impression", book);
        }
    }

    /// Cart, checkout and payment: most carts are left.
    fn shop(&mut self, person: &Person, mood: f64, dice: &mut Dice, book: &mut DayBook) {
        let buys = dice.chance(person.buys * mood);
        if buys || dice.chance(0.07 * mood) {
            self.wait(5, 60, dice);
            self.act("add_to_cart", book);
        }
        if buys || dice.chance(0.012 * mood) {
            self.wait(10, 120, dice);
            self.act("check_out", book);
        }
        if buys {
            self.pay("ecommerce", &PRICES, dice, book);
        }
        if dice.chance(person.subscribes) {
            self.pay("vas", &SERVICES, dice, book);
        }
    }

    fn pay(&mut self, stream: &'static str, prices: &[(i64, f64)], dice: &mut Dice, book: &mut DayBook) {
        self.wait(8, 60, dice);
        let about = ((self.person as u64) << 32) ^ self.now.unsigned_abs();
        if Dice::new(SEED, 8, about).chance(self.fails) {
            self.act("pay_failed", book);
        }
        self.tell("order_paid", Some(format!("{{\"level\":{}}}", self.level)), book);
        let weights: Vec<f64> = prices.iter().map(|p| p.1).collect();
        let amount = prices[dice.pick(&weights)].0;
        let refunded_after = dice.chance(REFUNDED).then(|| dice.between(1, 6) as i32);
        book.orders.push(Order { at: Instant(self.now), person: self.person, stream, amount, refunded_after });
    }

    fn wait(&mut self, low: i64, high: i64, dice: &mut Dice) {
        self.now += dice.between(low, high) * SECOND;
    }

    fn act(&self, name: &'static str, book: &mut DayBook) {
        self.tell(name, None, book);
    }

    fn tell(&self, name: &'static str, props: Option<String>, book: &mut DayBook) {
        book.acts.push(Act {
            at: Instant(self.now),
            person: self.person,
            name,
            platform: self.platform,
            props,
            first: false,
        });
    }
}
