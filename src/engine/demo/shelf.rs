//! What no visit tells: the magazine of the sample, its partners, and what is counted elsewhere.

use std::borrow::Cow;

use chrono::Datelike;

use crate::domain::calendar::Day;
use crate::domain::records::{Kind, Record};
use crate::domain::tables::{Cell, Row};

use super::dice::Dice;
use super::people::weekday;
use super::story::{SEED, Story};

/// Something to read or to watch.
pub struct Item {
    /// Id that events carry.
    pub id: &'static str,
    title: &'static str,
    kind: &'static str,
    author: &'static str,
    /// Days before the end on which it was planned, and published; `None` is not yet.
    planned: i32,
    published: Option<i32>,
    /// How many it draws beside others.
    pub draws: f64,
    /// Chance that who views it comes to its end.
    pub holds: f64,
}

#[expect(clippy::too_many_arguments, reason = "a row of the table below")]
const fn item(
    id: &'static str,
    title: &'static str,
    kind: &'static str,
    author: &'static str,
    planned: i32,
    published: Option<i32>,
    draws: f64,
    holds: f64,
) -> Item {
    Item { id, title, kind, author, planned, published, draws, holds }
}

/// The magazine, the oldest first. One title draws more than it holds; one item is late, three are to come.
const ITEMS: [Item; 15] = [
    item("lamp-wiring", "Wiring an old lamp", "article", "Kai", 96, Some(96), 0.5, 0.58),
    item("fair-prices", "Fair prices, a table", "article", "Sol", 82, Some(81), 0.6, 0.44),
    item("chairs", "Chairs worth keeping", "video", "Kai", 68, Some(68), 0.7, 0.61),
    item("brass", "Brass without scratches", "article", "Kai", 54, Some(54), 0.6, 0.55),
    item("fair-guide", "A guide to the fair", "article", "Omar", 46, Some(46), 0.9, 0.5),
    item("moving", "Moving with fragile things", "video", "Sol", 33, Some(34), 0.8, 0.52),
    item("lamps-1", "Restoring lamps, part 1", "video", "Kai", 23, Some(23), 1.3, 0.63),
    item("shades", "Shades: paper or glass", "article", "Kai", 17, Some(16), 1.0, 0.57),
    item("ten-tricks", "Ten tricks nobody tells", "article", "Sol", 13, Some(13), 2.4, 0.23),
    item("lamps-2", "Restoring lamps, part 2", "video", "Kai", 8, Some(8), 1.5, 0.6),
    item("first-sale", "Your first sale", "article", "Mia", 4, Some(4), 1.4, 0.5),
    item("lamps-3", "Restoring lamps, part 3", "video", "Kai", 2, None, 0.0, 0.0),
    item("fair-picks", "Picks of the fair", "article", "Omar", -2, None, 0.0, 0.0),
    item("letters", "Letters from readers", "article", "Sol", -6, None, 0.0, 0.0),
    item("summer", "Summer cleaning list", "video", "Kai", -11, None, 0.0, 0.0),
];

/// Items that are out on a day.
pub fn out(story: &Story, day: Day) -> impl Iterator<Item = &'static Item> {
    let last = story.span.last;
    ITEMS.iter().filter(move |item| item.published.is_some_and(|before| last.plus(-before) <= day))
}

/// Partner, what is paid in, stage, value in CNY, and days before the end on which it is due and came.
type Deal = (&'static str, &'static str, &'static str, i64, Option<i32>, Option<i32>);

/// Deals by partner. One invoice is late; one swap has not come back.
const DEALS: [Deal; 14] = [
    ("Harbor", "money", "delivered", 6_000, Some(18), None),
    ("Harbor", "money", "paid", 4_000, Some(60), Some(58)),
    ("North Quay", "money", "paid", 3_200, Some(38), Some(36)),
    ("North Quay", "money", "paid", 2_400, Some(5), Some(4)),
    ("Paper Lane", "money", "paid", 1_800, Some(9), Some(7)),
    ("Paper Lane", "money", "signed", 3_000, Some(-12), None),
    ("Wick & Son", "barter", "delivered", 4_500, Some(3), None),
    ("Old Mill", "barter", "paid", 7_500, Some(30), Some(29)),
    ("Gull Post", "money", "talk", 9_000, None, None),
    ("Gull Post", "money", "talk", 5_000, None, None),
    ("Silver Arch", "money", "talk", 12_000, None, None),
    ("Tin Bridge", "money", "lead", 8_000, None, None),
    ("Tall Pines", "money", "lead", 15_000, None, None),
    ("Red Kiln", "money", "lost", 5_000, None, None),
];

fn text(text: &str) -> Cell<'static> {
    Cell::Text(Cow::Owned(text.to_owned()))
}

fn day(day: Option<Day>) -> Cell<'static> {
    Cell::from(day.map(|day| i64::from(day.0)))
}

fn row(kind: Kind, cells: Vec<Cell<'static>>) -> Record<'static> {
    Record::Row(Row { kind, cells })
}

/// The magazine as its desk keeps it.
pub fn items(story: &Story) -> impl Iterator<Item = Record<'static>> + '_ {
    let at = |before: i32| story.span.last.plus(-before);
    ITEMS.iter().map(move |item| {
        let status = if item.published.is_some() { "published" } else { "draft" };
        let (planned, published) = (Some(at(item.planned)), item.published.map(at));
        let names = [item.id, item.title, item.kind, item.author].map(text);
        row(Kind::Content, names.into_iter().chain([day(planned), day(published), text(status)]).collect())
    })
}

/// Deals as their desk keeps them.
pub fn deals(story: &Story) -> impl Iterator<Item = Record<'static>> + '_ {
    let at = |before: i32| story.span.last.plus(-before);
    (1..).zip(DEALS).map(move |(number, (partner, kind, stage, value, due, received))| {
        let names = [&format!("D-{number:03}"), partner, kind, stage].map(text);
        let value = [Cell::Int(value * 1_000_000), text("CNY")];
        let days = [day(due.map(at)), day(received.map(at))];
        row(Kind::Deals, names.into_iter().chain(value).chain(days).collect())
    })
}

/// What a search desk and a press desk count, day by day.
pub fn facts(story: &Story) -> impl Iterator<Item = Record<'static>> + '_ {
    const MILLION: f64 = 1e6;
    story.span.iter().flat_map(move |when| {
        let mut dice = Dice::new(SEED, 9, when.since(story.span.first) as u64);
        let growth = 1.0 + 0.4 * f64::from(when.since(story.span.first)) / f64::from(story.span.days());
        let searches = (260.0 * growth * weekday(when) * (0.94 + 0.12 * dice.fraction())).round();
        // Monday's press tells of the weekend.
        let voice =
            0.14 + 0.04 * dice.fraction() + if when.date().weekday() == chrono::Weekday::Mon { 0.02 } else { 0.0 };
        let fact = |name: &str, value: f64| {
            row(Kind::Facts, vec![day(Some(when)), text(name), Cell::Int((value * MILLION).round() as i64), Cell::Null])
        };
        [fact("brand_searches", searches), fact("share_of_voice", (voice * 1_000.0).round() / 1_000.0)]
    })
}
