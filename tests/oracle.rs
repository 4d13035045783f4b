//! Answers of the engine beside a naive recount of the rows, on random products: repeated, late and shuffled rows, refunds,
//! users of several platforms, days on which the clocks change.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use proptest::prelude::*;
use quarterdeck::domain::calendar::{Calendar, Day, Grain, Instant, Span, WeekStart, Zone};
use quarterdeck::domain::money::Currency;
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::query::{
    Answer, Class, Command, Comparison, Cut, DetailQuery, EventFilter, FunnelQuery, ImportRequest, Lifecycle,
    MetricQuery, Number, Outcome, ProfileChange, PropFilter, Query, RetentionQuery, RfmQuery, Scope, Segment, Split,
    State,
};

const HOUR: i64 = 3_600_000_000;
const NAMES: [&str; 3] = ["view", "signup", "buy"];
const PLATFORMS: [&str; 2] = ["ios", "web"];
const CHANNELS: [&str; 2] = ["ads", "search"];

/// One event, so many hours after the product began: on 1 March 2026, a week before the clocks of New York change.
#[derive(Debug, Clone)]
struct Happened {
    id: u32,
    user: u32,
    hour: i64,
    name: usize,
    platform: usize,
    channel: Option<usize>,
    seats: u8,
}

/// One payment or refund.
#[derive(Debug, Clone)]
struct Paid {
    order: u32,
    user: Option<u32>,
    hour: i64,
    cents: i64,
}

#[derive(Debug)]
struct Product {
    calendar: Calendar,
    /// When the first event happened, by whatever calendar its day is counted.
    origin: Instant,
    /// Days that are looked at.
    days: i32,
    events: Vec<Happened>,
    money: Vec<Paid>,
}

impl Product {
    fn at(&self, hour: i64) -> Instant {
        Instant(self.origin.0 + hour * HOUR)
    }

    fn day(&self, hour: i64) -> Day {
        self.calendar.day_of(self.at(hour))
    }

    fn span(&self) -> Span {
        let first = self.day(0);
        Span { first, last: first.plus(self.days - 1) }
    }

    fn events_csv(&self, rows: &[usize]) -> String {
        let mut csv = "event_id,user_id,ts,event,channel,platform,seats\n".to_owned();
        for row in rows {
            let e = &self.events[*row];
            let channel = e.channel.map_or("", |c| CHANNELS[c]);
            let (name, platform) = (NAMES[e.name], PLATFORMS[e.platform]);
            writeln!(csv, "e{},u{},{},{name},{channel},{platform},{}", e.id, e.user, self.at(e.hour), e.seats).unwrap();
        }
        csv
    }

    fn money_csv(&self) -> String {
        let mut csv = "order_id,user_id,ts,amount,currency\n".to_owned();
        for p in &self.money {
            let user = p.user.map_or_else(String::new, |u| format!("u{u}"));
            let sign = if p.cents < 0 { "-" } else { "" };
            let (whole, rest) = (p.cents.abs() / 100, p.cents.abs() % 100);
            writeln!(csv, "o{},{user},{},{sign}{whole}.{rest:02},USD", p.order, self.at(p.hour)).unwrap();
        }
        csv
    }

    /// First-touch channel: that of the earliest event with one, the first in the order of the alphabet of equal ones.
    fn channel(&self, user: u32) -> Option<usize> {
        let touches = self.events.iter().filter(|e| e.user == user && e.channel.is_some());
        touches.map(|e| (e.hour, e.channel)).min().and_then(|(_, channel)| channel)
    }

    /// Active days by user of the events that pass.
    fn days(&self, pass: Pass) -> BTreeMap<u32, BTreeSet<Day>> {
        let mut days: BTreeMap<u32, BTreeSet<Day>> = BTreeMap::new();
        for e in self.events.iter().filter(|e| pass(e)) {
            days.entry(e.user).or_default().insert(self.day(e.hour));
        }
        days
    }
}

fn import(engine: &mut Engine, folder: &Path, (name, kind): (&str, Kind), text: &str, through: Day) {
    let path = folder.join(name);
    let mut file = tempfile::NamedTempFile::new_in(folder).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.persist(&path).unwrap();
    let request = ImportRequest { path, kind: Some(kind), through: Some(through), ..ImportRequest::default() };
    let outcome = engine.run(&Command::Import(request), CLOCK, &mut |_| ControlFlow::Continue(())).unwrap();
    let Outcome::Imported(summary) = outcome else { panic!("{outcome:?}") };
    assert_eq!((summary.counts.rejected, summary.counts.conflict), (0, 0), "{:?}", summary.first_rejects);
}

const CLOCK: Clock = Clock { now: Instant(1_893_456_000_000_000), today: None };

/// The product in a workspace: the events in two files in the given order, the second of which repeats the first rows.
fn workspace(product: &Product, order: &[usize]) -> (tempfile::TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let profile = NewWorkspace {
        product: "oracle".into(),
        week_start: product.calendar.week_start,
        ..NewWorkspace::bare(product.calendar.zone, Currency::parse("USD"))
    };
    let mut engine = Engine::create(&folder.path().join("oracle.db"), &profile).unwrap();
    let (half, through) = (order.len() / 2, product.span().last);
    let first = product.events_csv(&order[..half]);
    let second = product.events_csv(&[&order[half..], &order[..half.min(3)]].concat());
    for (name, text) in [("one.csv", first), ("two.csv", second)] {
        import(&mut engine, folder.path(), (name, Kind::Events), &text, through);
    }
    import(&mut engine, folder.path(), ("money.csv", Kind::Revenue), &product.money_csv(), through);
    (folder, engine)
}

fn metric(engine: &mut Engine, id: &'static str, span: Span, grain: Option<Grain>, segment: &Segment) -> Vec<Number> {
    let asked =
        MetricQuery { metric: id, span, grain, segment: segment.clone(), split: None, event: None, window_days: None };
    let Answer::Metric(series) = engine.answer(&Query::Metric(asked), CLOCK).unwrap() else { panic!("another answer") };
    series.lines.last().unwrap().points.iter().map(|p| p.value).collect()
}

fn count(n: usize) -> Number {
    Number::Count(n as i128)
}

/// Buckets that hold some of the history.
fn buckets(product: &Product, grain: Grain) -> Vec<Span> {
    let span = product.span();
    product.calendar.buckets(grain, span).into_iter().filter_map(|b| b.intersect(span)).collect()
}

fn active(days: &BTreeMap<u32, BTreeSet<Day>>, bucket: Span) -> BTreeSet<u32> {
    days.iter().filter(|(_, days)| days.iter().any(|d| bucket.contains(*d))).map(|(user, _)| *user).collect()
}

/// Active, new, returning, resurrected and dormant users of every bucket but the first, and money.
fn check_series(product: &Product, engine: &mut Engine, grain: Grain) {
    let span = product.span();
    let all = product.days(&|_| true);
    let buckets = buckets(product, grain);
    let mut got = |id| metric(engine, id, span, Some(grain), &Segment::default());
    let [actives, new, back, again, gone] =
        ["active_users", "new_users", "returning_users", "resurrected_users", "dormant_users"].map(&mut got);
    let [net, gross, payers, orders] = ["net", "gross", "payers", "orders"].map(&mut got);
    let [arpu, arppu, paid] = ["arpu", "arppu", "paid_rate"].map(&mut got);
    for (at, bucket) in buckets.iter().enumerate() {
        let now = active(&all, *bucket);
        assert_eq!(actives[at], count(now.len()), "{grain:?} {bucket:?}");
        let first: BTreeSet<u32> = all
            .iter()
            .filter(|(_, days)| days.first().is_some_and(|d| bucket.contains(*d)))
            .map(|(user, _)| *user)
            .collect();
        assert_eq!(new[at], count(first.len()));
        if at > 0 {
            let before = active(&all, buckets[at - 1]);
            assert_eq!(back[at], count(now.intersection(&before).count()));
            let again_now = now.difference(&before).filter(|u| !first.contains(u)).count();
            assert_eq!((again[at], gone[at]), (count(again_now), count(before.difference(&now).count())));
        }
        let rows: Vec<&Paid> = product.money.iter().filter(|p| bucket.contains(product.day(p.hour))).collect();
        let micros = |pass: &dyn Fn(&Paid) -> bool| -> i128 {
            rows.iter().filter(|p| pass(p)).map(|p| i128::from(p.cents) * 10_000).sum()
        };
        assert_eq!((net[at], gross[at]), (Number::Money(micros(&|_| true)), Number::Money(micros(&|p| p.cents > 0))));
        let buyers: BTreeSet<u32> = rows.iter().filter(|p| p.cents > 0).filter_map(|p| p.user).collect();
        let paid_orders: BTreeSet<u32> = rows.iter().filter(|p| p.cents > 0).map(|p| p.order).collect();
        assert_eq!((payers[at], orders[at]), (count(buyers.len()), count(paid_orders.len())));
        let (heads, attributed) = (now.len() as i128, micros(&|p| p.user.is_some()));
        assert_eq!(arpu[at], Number::money_per(attributed, heads));
        assert_eq!(arppu[at], Number::money_per(attributed, buyers.len() as i128));
        assert_eq!(paid[at], Number::ratio(buyers.len() as i128, heads));
    }
}

/// Which events count.
type Pass<'p> = &'p dyn Fn(&Happened) -> bool;

/// Daily active users of segments: by platform, property, first-touch channel and cohort, and several at once.
fn check_segments(product: &Product, engine: &mut Engine) {
    let (span, firsts) = (product.span(), product.days(&|_| true));
    let early = Span { first: span.first, last: span.first.plus(6) };
    let is_early = |user: u32| firsts[&user].first().is_some_and(|d| early.contains(*d));
    let ios = |e: &Happened| e.platform == 0;
    let from_ads = |e: &Happened| product.channel(e.user) == Some(0);
    let many = |e: &Happened| e.seats >= 5;
    let named = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    let seats = || vec![PropFilter::parse("seats>=5").unwrap()];
    let cases: [(Segment, Pass); 5] = [
        (Segment { platforms: named(&["ios"]), ..Segment::default() }, &ios),
        (Segment { props: seats(), ..Segment::default() }, &many),
        (Segment { channels: named(&["ads"]), ..Segment::default() }, &from_ads),
        (Segment { cohort: Some(early), ..Segment::default() }, &|e| is_early(e.user)),
        (
            Segment {
                channels: named(&["ads"]),
                platforms: named(&["ios"]),
                props: seats(),
                cohort: Some(early),
                ..Segment::default()
            },
            &|e| ios(e) && from_ads(e) && many(e) && is_early(e.user),
        ),
    ];
    for (segment, pass) in cases {
        let days = product.days(pass);
        let got = metric(engine, "dau", span, Some(Grain::Day), &segment);
        let want: Vec<Number> = span.iter().map(|d| count(active(&days, Span { first: d, last: d }).len())).collect();
        assert_eq!(got, want, "{segment:?}");
    }
}

/// Day triangles over days of activity and over events, and with a filter on the start.
fn check_retention(product: &Product, engine: &mut Engine) {
    let span = Span { first: product.span().first, last: product.span().first.plus(13) };
    let filtered = EventFilter { name: Some("signup".into()), props: vec![PropFilter::parse("seats>=5").unwrap()] };
    let cases =
        [(EventFilter::default(), product.days(&|_| true)), (filtered, product.days(&|e| e.name == 1 && e.seats >= 5))];
    let back = product.days(&|_| true);
    for (start, starts) in cases {
        let query = RetentionQuery { start, ..RetentionQuery::new(span, Grain::Day, 5) };
        let mut by_events = query.clone();
        // A block of one day over the events themselves is the same question.
        by_events.amount = Some("seats".into());
        for asked in [query, by_events] {
            let Answer::Retention(answer) = engine.answer(&Query::Retention(Box::new(asked)), CLOCK).unwrap() else {
                panic!("another answer")
            };
            for cohort in &answer.whole.cohorts {
                let first = cohort.bucket.first;
                let users: Vec<u32> =
                    starts.iter().filter(|(_, days)| days.first() == Some(&first)).map(|(user, _)| *user).collect();
                assert_eq!(cohort.size as usize, users.len());
                for (n, cell) in cohort.cells.iter().enumerate().skip(1) {
                    let day = first.plus(n as i32);
                    let returned = users.iter().filter(|u| back[*u].contains(&day)).count();
                    assert_eq!((cell.users as usize, cell.state), (returned, State::Complete), "{first} {n}");
                }
            }
        }
    }
}

/// A segment of a class counts the users that the class lists.
fn check_classes(product: &Product, engine: &mut Engine) {
    let (span, days) = (product.span(), product.days(&|_| true));
    let query = RfmQuery { until: None, days: None, cut: Cut::Rank, against: None, segment: Segment::default() };
    let Answer::Rfm(table) = engine.answer(&Query::Rfm(query), CLOCK).unwrap() else { panic!("another answer") };
    let inside = active(&days, span);
    for class in Class::ALL {
        let listed = table.users.iter().filter(|user| user.class == Some(class));
        let want = listed.filter(|user| inside.iter().any(|u| format!("u{u}") == user.name)).count();
        let segment = Segment { rfm: vec![class], ..Segment::default() };
        assert_eq!(metric(engine, "active_users", span, None, &segment), [count(want)], "{class:?}");
    }
    let march = product.calendar.bucket(Grain::Month, span.last);
    let before = product.calendar.bucket(Grain::Month, march.first.plus(-1));
    let (now, then) = (active(&days, march), active(&days, before));
    let both = now.intersection(&then).count();
    for (place, want) in [(Lifecycle::New, now.len() - both), (Lifecycle::Returning, both)] {
        let segment = Segment { lifecycle: vec![place], ..Segment::default() };
        let got = metric(engine, "active_users", march, None, &segment);
        assert_eq!(got, [count(want)], "{place:?}");
    }
}

/// What the channels add to the change of a rate is the whole change.
fn check_effects(product: &Product, engine: &mut Engine) {
    let first = product.span().first.plus(15);
    let scope = Scope {
        period: Span { first, last: first.plus(6) },
        grain: Grain::Day,
        comparison: Comparison::Previous,
        segment: Segment::default(),
    };
    for id in ["paid_rate", "arpu", "stickiness"] {
        let asked = DetailQuery::new(id, scope.clone());
        let Answer::Detail(detail) = engine.answer(&Query::Detail(Box::new(asked)), CLOCK).unwrap() else {
            panic!("another answer")
        };
        let parts = &detail.splits.iter().find(|b| b.split == Split::Channel).unwrap().parts;
        let (Some(now), Some(before)) = (fraction(detail.number.now), fraction(detail.number.before)) else { continue };
        let is_active = |p: &Paid| {
            product.events.iter().any(|e| Some(e.user) == p.user && product.day(e.hour) == product.day(p.hour))
        };
        if parts.iter().all(|p| p.effect.is_none()) {
            assert!(!product.money.iter().all(is_active), "{id}: the parts leave nothing out {parts:?}");
            continue;
        }
        let sum: f64 = parts.iter().filter_map(|p| p.effect).map(|e| e.rate + e.mix).sum();
        let scale = now.abs().max(before.abs()).max(1.0);
        assert!((sum - (now - before)).abs() < 1e-9 * scale, "{id}: {sum} of {now} - {before} {parts:?}");
    }
}

fn fraction(number: Number) -> Option<f64> {
    match number {
        Number::Ratio { num, den } | Number::MoneyPer { num, den } => Some(num as f64 / den as f64),
        _ => None,
    }
}

/// An ordered funnel with an open window: the earliest chain of each user.
fn check_funnel(product: &Product, engine: &mut Engine) {
    let query = FunnelQuery::new(&["signup", "view", "buy"], None);
    let Answer::Funnel(funnel) = engine.answer(&Query::Funnel(Box::new(query)), CLOCK).unwrap() else {
        panic!("another answer")
    };
    let mut reached = [0_u64; 3];
    for user in 0..8 {
        let mut hour = i64::MIN;
        for (step, name) in [1, 0, 2].into_iter().enumerate() {
            let next = product.events.iter().filter(|e| e.user == user && e.name == name && e.hour >= hour);
            let Some(earliest) = next.map(|e| e.hour).min() else { break };
            hour = earliest;
            reached[step] += 1;
        }
    }
    let got: Vec<u64> = funnel.whole.conversion.steps.iter().map(|s| s.users).collect();
    assert_eq!(got, reached);
}

fn products() -> impl Strategy<Value = Product> {
    let event = (0_u32..8, 0_i64..28 * 24 - 2, 0_usize..3, 0_usize..2, prop::option::of(0_usize..2), 0_u8..10);
    let money = (prop::option::of(0_u32..8), 0_i64..28 * 24 - 2, -900_i64..3_000);
    let zone = prop::sample::select(vec!["UTC", "America/New_York", "Asia/Shanghai"]);
    (prop::collection::vec(event, 1..60), prop::collection::vec(money, 1..20), zone).prop_map(
        |(events, money, zone)| {
            let mut events: Vec<Happened> = events
                .into_iter()
                .enumerate()
                .map(|(id, (user, hour, name, platform, channel, seats))| Happened {
                    id: id as u32,
                    user,
                    hour,
                    name,
                    platform,
                    channel,
                    seats,
                })
                .collect();
            // The history begins on the first day.
            events[0].hour = 0;
            let money = money
                .into_iter()
                .enumerate()
                .map(|(order, (user, hour, cents))| Paid {
                    order: order as u32,
                    user,
                    hour,
                    cents: if cents == 0 { 1 } else { cents },
                })
                .collect();
            let calendar = Calendar { zone: Zone::parse(zone).unwrap(), ..Calendar::UTC };
            let origin = calendar.start_of(Day::parse("2026-03-01").unwrap());
            Product { calendar, origin, days: 28, events, money }
        },
    )
}

fn check(product: &Product, engine: &mut Engine) {
    for grain in Grain::ALL {
        check_series(product, engine, grain);
    }
    check_segments(product, engine);
    check_retention(product, engine);
    check_classes(product, engine);
    check_funnel(product, engine);
    check_effects(product, engine);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_is_a_recount_whatever_the_order_of_rows(product in products(), turn in 0_usize..60) {
        let rows = product.events.len();
        let mut order: Vec<usize> = (0..rows).collect();
        order.rotate_left(turn % rows);
        order.reverse();
        let (_folder, mut engine) = workspace(&product, &order);
        check(&product, &mut engine);
        // The days of another zone begin at other times; the last one may not be over.
        let zone = Zone::parse(["America/New_York", "Asia/Kolkata", "UTC"][turn % 3]).unwrap();
        let change = ProfileChange { zone: Some(zone), week_start: Some(WeekStart::Sunday), ..ProfileChange::default() };
        engine.run(&Command::ChangeProfile(change), CLOCK, &mut |_| ControlFlow::Continue(())).unwrap();
        let calendar = Calendar { zone, week_start: WeekStart::Sunday };
        check(&Product { calendar, days: 26, ..product }, &mut engine);
        let report = engine.run(&Command::Verify, CLOCK, &mut |_| ControlFlow::Continue(())).unwrap();
        let Outcome::Verified(report) = report else { panic!("another outcome") };
        prop_assert!(report.passed(), "{:?}", report.checks);
    }
}
