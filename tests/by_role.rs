//! Metrics of events by role over random rows, against a count that knows nothing of rollups.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use proptest::prelude::*;
use quarterdeck::domain::calendar::{Calendar, Day, Grain, Instant, Span, WeekStart, Zone};
use quarterdeck::domain::money::Currency;
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::query::{Answer, Command, ImportRequest, MetricQuery, Number, Outcome, Query, Segment};

/// 2026-05-04, a Monday.
const FIRST: Day = Day(20_577);
const DAYS: i32 = 60;
const NAMES: [&str; 10] = [
    "open",
    "share",
    "invite",
    "sign_up",
    "push_received",
    "purchase",
    "payment_failed",
    "ad_impression",
    "ad_request",
    "ad_filled",
];
const CALENDAR: Calendar = Calendar { zone: Zone::UTC, week_start: WeekStart::Monday };

#[derive(Debug, Clone)]
struct Row {
    day: i32,
    /// None is 0.
    user: u8,
    name: &'static str,
    referrer: bool,
    web: bool,
}

impl Row {
    /// Opening tells the level, which may fall too.
    fn level(&self) -> Option<i32> {
        (self.name == "open").then_some((self.day * 7 + i32::from(self.user)) % 5 + self.day / 20)
    }
}

/// The channel of a user, always the same.
fn channel(user: u8) -> &'static str {
    ["", "feed", "search"][usize::from(user % 3)]
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (0..DAYS, 0..6_u8, 0..NAMES.len(), prop::bool::ANY, prop::bool::ANY)
        .prop_map(|(day, user, name, referrer, web)| Row { day, user, name: NAMES[name], referrer, web });
    prop::collection::vec(row, 1..120)
}

#[expect(clippy::disallowed_methods, reason = "a file of the test")]
fn load(engine: &mut Engine, folder: &Path, kind: Kind, text: &str) {
    let path = folder.join(format!("{}.csv", kind.name()));
    std::fs::write(&path, text).unwrap();
    let through = Some(FIRST.plus(DAYS - 1));
    let request = ImportRequest { path, kind: Some(kind), through, ..ImportRequest::default() };
    let outcome = engine.run(&Command::Import(request), clock(), &mut |_| ControlFlow::Continue(())).unwrap();
    let Outcome::Imported(summary) = outcome else { panic!("{outcome:?}") };
    assert_eq!(summary.counts.rejected, 0, "{:?}", summary.first_rejects);
}

fn clock() -> Clock {
    Clock { now: Instant(i64::from(FIRST.0 + DAYS + 5) * 86_400_000_000), today: None }
}

fn workspace(rows: &[Row], ads: &[(i32, i64)]) -> Engine {
    let mut engine = Engine::in_memory(&NewWorkspace::bare(Zone::UTC, Currency::parse("USD"))).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("event_id,user_id,ts,event,channel,platform,referrer,level\n");
    for (at, row) in rows.iter().enumerate() {
        let user = if row.user == 0 { String::new() } else { format!("u{}", row.user) };
        let (day, channel) = (FIRST.plus(row.day), if row.user == 0 { "" } else { channel(row.user) });
        let (platform, referrer) = (if row.web { "web" } else { "ios" }, if row.referrer { "bob" } else { "" });
        let level = row.level().map_or_else(String::new, |level| level.to_string());
        writeln!(text, "e{at},{user},{day}T10:00:00Z,{},{channel},{platform},{referrer},{level}", row.name).unwrap();
    }
    load(&mut engine, folder.path(), Kind::Events, &text);
    let mut text = String::from("order_id,ts,stream,amount\n");
    for (at, (day, amount)) in ads.iter().enumerate() {
        let stream = if at % 3 == 2 { "vas" } else { ["Ads", "广告"][at % 2] };
        writeln!(text, "o{at},{}T11:00:00Z,{stream},{amount}", FIRST.plus(*day)).unwrap();
    }
    load(&mut engine, folder.path(), Kind::Revenue, &text);
    engine
}

fn points(
    engine: &mut Engine,
    metric: &'static str,
    grain: Option<Grain>,
    segment: &Segment,
    event: Option<&str>,
) -> Vec<(Span, Number)> {
    let query = MetricQuery {
        metric,
        span: Span { first: FIRST, last: FIRST.plus(DAYS - 1) },
        grain,
        segment: segment.clone(),
        split: None,
        event: event.map(str::to_owned),
        window_days: None,
    };
    let Answer::Metric(series) = engine.answer(&Query::Metric(query), clock()).unwrap() else { panic!() };
    series.lines[0].points.iter().map(|p| (p.span, p.value)).collect()
}

/// The rows of a bucket and segment, and what can be counted of them.
struct Naive<'r> {
    rows: Vec<&'r Row>,
    bucket: Span,
}

impl<'r> Naive<'r> {
    fn new(all: &'r [Row], segment: &Segment, bucket: Span) -> Self {
        let counts = |row: &&Row| {
            let platform = if row.web { "web" } else { "ios" };
            (segment.channels.is_empty() || (row.user > 0 && segment.channels.iter().any(|c| c == channel(row.user))))
                && (segment.platforms.is_empty() || segment.platforms.iter().any(|p| p == platform))
        };
        Self { rows: all.iter().filter(counts).collect(), bucket }
    }

    fn inside(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().copied().filter(|row| self.bucket.contains(FIRST.plus(row.day)))
    }

    fn events(&self, names: &[&str], with_user: bool) -> i128 {
        self.inside().filter(|row| names.contains(&row.name) && (!with_user || row.user > 0)).count() as i128
    }

    fn users(&self, holds: impl Fn(&Row) -> bool) -> i128 {
        let users: BTreeSet<u8> = self.inside().filter(|row| row.user > 0 && holds(row)).map(|row| row.user).collect();
        users.len() as i128
    }

    fn active(&self) -> i128 {
        self.users(is_activity)
    }

    fn weeks(&self) -> i128 {
        let pushed = self.inside().filter(|row| row.user > 0 && row.name == "push_received");
        let weeks: BTreeSet<(u8, i32)> = pushed.map(|row| (row.user, row.day / 7)).collect();
        weeks.len() as i128
    }

    fn referred(&self) -> i128 {
        self.inside().filter(|row| row.name == "sign_up" && row.referrer).count() as i128
    }

    /// Users whose level was above every earlier one in the bucket; levels of one instant rise.
    fn risen(&self) -> i128 {
        self.users(|row| {
            let own = row.level().map(|level| (row.day, level));
            let levels = self.rows.iter().filter(|r| r.user == row.user).filter_map(|r| Some((r.day, r.level()?)));
            let before = levels.filter(|known| Some(*known) < own).map(|(_, level)| level).max();
            before.is_some_and(|before| Some(before) < row.level())
        })
    }

    /// Users dormant when touched, and those who came back.
    fn won_back(&self) -> (i128, i128) {
        let on = |user: u8, day: i32| self.rows.iter().any(|r| r.user == user && r.day == day && is_activity(r));
        let (mut touched, mut back) = (0, 0);
        for user in 1..6 {
            let sent =
                self.rows.iter().filter(|row| row.user == user && row.name == "push_received").map(|row| row.day);
            let found = sent.filter(|day| {
                self.bucket.contains(FIRST.plus(day + 7))
                    && (0..=day - 28).any(|d| on(user, d))
                    && !(day - 27..*day).any(|d| on(user, d))
            });
            let found: Vec<i32> = found.collect();
            touched += i128::from(!found.is_empty());
            back += i128::from(found.iter().any(|day| (*day..=day + 7).any(|d| on(user, d))));
        }
        (touched, back)
    }
}

fn is_activity(row: &Row) -> bool {
    row.name != "push_received"
}

fn expected(naive: &Naive<'_>, metric: &str) -> Number {
    let count = |names: &[&str]| naive.events(names, false);
    let of_users = |names: &[&str]| naive.events(names, true);
    let invites = of_users(&["share", "invite"]);
    match metric {
        "invites_per_active" => Number::mean(invites, naive.active()),
        "referral_conversion" => Number::ratio(naive.referred(), invites),
        "k_factor" if invites == 0 => Number::None,
        "k_factor" => Number::mean(naive.referred(), naive.active()),
        "touches_per_user_week" => Number::mean(of_users(&["push_received"]), naive.weeks()),
        "win_back_rate" => {
            let (touched, back) = naive.won_back();
            Number::ratio(back, touched)
        }
        "payment_success" => Number::ratio(count(&["purchase"]), count(&["purchase", "payment_failed"])),
        "ad_load" => Number::mean(of_users(&["ad_impression"]), naive.active()),
        "ad_fill" => Number::ratio(count(&["ad_filled"]), count(&["ad_request"])),
        "penetration" => Number::ratio(naive.users(|row| row.name == "share"), naive.active()),
        "level_up_rate" => Number::ratio(naive.risen(), naive.active()),
        other => panic!("{other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn every_metric_by_role_equals_a_naive_count(rows in rows(), ads in prop::collection::vec((0..DAYS, 1..50_i64), 1..9)) {
        // Every name is there once, so that every role is known, and the history has its first day.
        let mut rows = rows;
        rows.extend(NAMES.map(|name| Row { day: 0, user: 1, name, referrer: true, web: true }));
        let mut engine = workspace(&rows, &ads);
        let segment = |channels: &[&str], platforms: &[&str]| {
            let owned = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
            Segment { channels: owned(channels), platforms: owned(platforms), ..Segment::default() }
        };
        let segments = [segment(&[], &[]), segment(&["feed"], &[]), segment(&[], &["web"])];
        let metrics = [
            "invites_per_active", "referral_conversion", "k_factor", "touches_per_user_week", "win_back_rate",
            "payment_success", "ad_load", "ad_fill", "penetration", "level_up_rate",
        ];
        for (metric, segment) in metrics.iter().flat_map(|m| segments.iter().map(move |s| (*m, s))) {
            if metric == "win_back_rate" && !segment.platforms.is_empty() {
                continue;
            }
            let event = (metric == "penetration").then_some("share");
            for grain in [None, Some(Grain::Week)] {
                for (bucket, value) in points(&mut engine, metric, grain, segment, event) {
                    let naive = Naive::new(&rows, segment, bucket);
                    prop_assert_eq!(value, expected(&naive, metric), "{} {:?} {:?}", metric, segment, bucket);
                }
            }
        }
        for (bucket, value) in points(&mut engine, "ecpm", Some(Grain::Week), &segments[0], None) {
            let inside = |day: i32| bucket.contains(FIRST.plus(day));
            let money = ads.iter().enumerate().filter(|(at, (day, _))| at % 3 != 2 && inside(*day));
            let micros: i128 = money.map(|(_, (_, amount))| i128::from(*amount) * 1_000_000).sum();
            let shown = Naive::new(&rows, &segments[0], bucket).events(&["ad_impression"], false);
            prop_assert_eq!(value, Number::money_per(micros * 1_000, shown));
        }
        prop_assert_eq!(CALENDAR.bucket(Grain::Week, FIRST).first, FIRST);
    }
}

#[test]
fn without_a_name_of_the_role_there_is_no_value_and_penetration_needs_its_event() {
    let row = |name| Row { day: 1, user: 1, name, referrer: false, web: true };
    let mut engine = workspace(&[row("open"), row("purchase"), row("sign_up"), row("push_received")], &[(1, 5)]);
    let all = Segment::default();
    for metric in ["payment_success", "invites_per_active", "win_back_rate", "ad_fill", "ecpm", "k_factor"] {
        assert!(points(&mut engine, metric, None, &all, None).iter().all(|(_, v)| *v == Number::None), "{metric}");
    }
    let mut inviting = workspace(&[row("invite"), row("sign_up")], &[(1, 5)]);
    for metric in ["referral_conversion", "k_factor"] {
        let value = points(&mut inviting, metric, None, &all, None)[0].1;
        assert_eq!(value, Number::None, "no sign-up ever names a referrer");
    }
    let query = MetricQuery {
        metric: "penetration",
        span: Span { first: FIRST, last: FIRST },
        grain: None,
        segment: all,
        split: None,
        event: None,
        window_days: None,
    };
    let said = engine.answer(&Query::Metric(query.clone()), clock()).unwrap_err();
    assert!(said.exit_code() == 2 && said.to_string().contains("--event"), "{said}");
    let query = MetricQuery { metric: "ad_load", event: Some("open".into()), ..query };
    assert_eq!(engine.answer(&Query::Metric(query), clock()).unwrap_err().exit_code(), 2);
}
