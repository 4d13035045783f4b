//! What users do on one day: visits with their events, and the orders in them.

use crate::domain::calendar::{Day, Instant};

use super::dice::Dice;
use super::people::{Person, weekday};
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

/// The day's visits of all who have come and not left.
pub fn visits(story: &Story, people: &[Person], day: Day) -> DayBook {
    let mut book = DayBook::default();
    let start = story.calendar.start_of(day).0;
    for (index, person) in people.iter().enumerate() {
        if person.came > day {
            break;
        }
        if person.leaves < day {
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

fn visit_chance(story: &Story, person: &Person, day: Day) -> f64 {
    let fair = if story.fair.contains(day) { 1.32 } else { 1.0 };
    (person.habit * weekday(day) * fair).min(0.95)
}

/// A visit being told: a clock that only moves on.
struct Visit {
    now: i64,
    person: usize,
    platform: &'static str,
}

impl Visit {
    fn begin(person: &Person, index: usize, start: i64, dice: &mut Dice) -> Self {
        // The last hour of the day starts no visit later than 23:30, so that a visit ends on the day it began.
        let hour = dice.pick(&HOURS) as i64;
        let within = dice.between(0, if hour == 23 { 1_799 } else { 3_599 });
        let platform = if dice.chance(0.06) { dice.pick(&PLATFORMS.map(|p| p.1)) } else { person.platform };
        Self { now: start + (hour * 3_600 + within) * SECOND, person: index, platform: PLATFORMS[platform].0 }
    }

    fn unfold(mut self, story: &Story, person: &Person, day: Day, dice: &mut Dice, book: &mut DayBook) {
        book.visitors += 1;
        let age = day.since(person.came);
        if age == 0 {
            self.act("user_signup", book);
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
        self.act("order_paid", book);
        let weights: Vec<f64> = prices.iter().map(|p| p.1).collect();
        let amount = prices[dice.pick(&weights)].0;
        let refunded_after = dice.chance(REFUNDED).then(|| dice.between(1, 6) as i32);
        book.orders.push(Order { at: Instant(self.now), person: self.person, stream, amount, refunded_after });
    }

    fn wait(&mut self, low: i64, high: i64, dice: &mut Dice) {
        self.now += dice.between(low, high) * SECOND;
    }

    fn act(&self, name: &'static str, book: &mut DayBook) {
        book.acts.push(Act { at: Instant(self.now), person: self.person, name, platform: self.platform });
    }
}
