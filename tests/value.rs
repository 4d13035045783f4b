//! What users cost and bring: by hand over a small product, and against plain recomputation over random rows.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;

use proptest::prelude::*;
use quarterdeck::domain::calendar::{Day, Grain, Instant, Span, Zone};
use quarterdeck::domain::money::Currency;
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::query::{
    Among, Answer, AttributionQuery, ChannelRow, ChannelsQuery, ChannelsTable, Command, Comparison, ConversionOf, Cut,
    DetailQuery, ImportRequest, Lifecycle, LifecycleQuery, LtvAges, LtvQuery, LtvTable, MetricQuery, Model, Number,
    Outcome, Payback, Point, Query, RfmQuery, Scope, Segment, Split, State, TouchKey, WHOLE_MARGIN,
};

/// Ann came through search and was back on day 7, Ben through a feed, Cy directly.
const EVENTS: &str = "\
user_id,ts,event,channel
cy,2026-05-31T10:00:00Z,view,
ann,2026-06-01T08:00:00Z,signup,search
ann,2026-06-08T08:00:00Z,view,
ben,2026-06-02T07:00:00Z,signup,feed
";

/// Ann takes her money back on day 3; one order has no rate, one nobody.
const ORDERS: &str = "\
order_id,user_id,ts,stream,amount,currency
o1,ann,2026-06-02T08:01:00Z,subs,10.00,USD
o2,ben,2026-06-03T07:01:00Z,ads,20.00,USD
o1,ann,2026-06-04T08:01:00Z,subs,-10.00,USD
o3,,2026-06-05T08:01:00Z,,5.00,USD
o4,ann,2026-06-05T09:01:00Z,subs,7.00,EUR
";

const SPEND: &str = "\
date,channel,amount
2026-06-01,search,3.00
2026-06-02,feed,4.00
2026-06-02,,1.00
";

struct Desk {
    engine: Engine,
    _folder: tempfile::TempDir,
}

const CLOCK: Clock = Clock { now: Instant(1_893_456_000_000_000), today: None };

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn span(a: &str, b: &str) -> Span {
    Span { first: day(a), last: day(b) }
}

fn desk(files: &[(Kind, &str)], zone: &str, through: Day) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let profile = NewWorkspace {
        product: "Lantern".into(),
        ..NewWorkspace::bare(Zone::parse(zone).unwrap(), Currency::parse("USD"))
    };
    let mut engine = Engine::create(&folder.path().join("desk.db"), &profile).unwrap();
    for (kind, text) in files {
        let path = folder.path().join(format!("{}.csv", kind.name()));
        let mut file = tempfile::NamedTempFile::new_in(folder.path()).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.persist(&path).unwrap();
        // The same file again changes no number.
        for again in [false, true] {
            let (kind, through) = (Some(*kind), Some(through));
            let request = ImportRequest { path: path.clone(), kind, through, ..ImportRequest::default() };
            let outcome = engine.run(&Command::Import(request), CLOCK, &mut |_| ControlFlow::Continue(())).unwrap();
            let Outcome::Imported(summary) = outcome else { panic!("{outcome:?}") };
            assert_eq!(summary.counts.rejected, 0, "{:?}", summary.first_rejects);
            assert!(!again || summary.counts.inserted == 0, "{:?}", summary.counts);
        }
    }
    Desk { engine, _folder: folder }
}

fn product() -> Desk {
    let files = [(Kind::Events, EVENTS), (Kind::Revenue, ORDERS), (Kind::Spend, SPEND)];
    desk(&files, "UTC", day("2026-06-10"))
}

impl Desk {
    fn ask(&mut self, query: &Query) -> Answer {
        self.engine.answer(query, CLOCK).unwrap()
    }

    fn refused(&mut self, query: &Query) -> String {
        let error = self.engine.answer(query, CLOCK).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{error}");
        error.to_string()
    }

    /// The parts and at last the whole of a metric.
    fn metric(
        &mut self,
        metric: &'static str,
        span: Span,
        by: (Option<Grain>, Option<Split>),
    ) -> Vec<(String, Vec<Point>)> {
        let query = MetricQuery {
            metric,
            span,
            grain: by.0,
            segment: Segment::default(),
            split: by.1,
            event: None,
            window_days: None,
        };
        let Answer::Metric(series) = self.ask(&Query::Metric(query)) else { panic!("another answer") };
        series.lines.into_iter().map(|line| (line.part.unwrap_or_default(), line.points)).collect()
    }

    fn value(&mut self, metric: &'static str, span: Span) -> Option<f64> {
        self.metric(metric, span, (None, None))[0].1[0].value.value()
    }

    fn ltv(&mut self, span: Span, grain: Grain, ages: LtvAges) -> LtvTable {
        let query = LtvQuery { span, grain, ages, among: Among::Users, segment: Segment::default() };
        let Answer::Ltv(table) = self.ask(&Query::Ltv(query)) else { panic!("another answer") };
        table
    }

    fn channels(&mut self, span: Span, at: u16, margin: u32) -> ChannelsTable {
        let query = ChannelsQuery { span, at, margin, cuts: None, segment: Segment::default() };
        let Answer::Channels(table) = self.ask(&Query::Channels(query)) else { panic!("another answer") };
        *table
    }
}

#[test]
fn paid_and_blended_costs_are_two_numbers() {
    let (mut desk, days) = (product(), span("2026-05-31", "2026-06-02"));
    let ids = ["cac_paid", "cac_blended", "cost_per_retained", "cost_per_payer", "roas_d7", "ltv_d7"];
    let values = ids.map(|id| desk.value(id, days));
    // Eight spent, one of it on nobody's channel; three users, one of them organic; one is back on day 7, two paid.
    assert_eq!(values, [4.0, 8.0 / 3.0, 8.0, 4.0, 2.5, 20.0 / 3.0].map(Some));
    assert_eq!((desk.value("roas_d30", days), desk.value("ltv_d180", days)), (None, None), "not that old");
    assert_eq!(desk.value("cost_per_retained", span("2026-06-01", "2026-06-04")), None, "their day 7 is to come");
}

#[test]
fn a_value_that_needs_age_says_how_far_it_is() {
    let mut desk = product();
    let points = &desk.metric("ltv_d7", span("2026-06-01", "2026-06-05"), (Some(Grain::Day), None))[0].1;
    let states: Vec<_> = points.iter().map(|p| (p.state, p.value.value())).collect();
    let nobody = (State::Complete, None);
    assert_eq!(states[..3], [(State::Complete, Some(0.0)), (State::Complete, Some(20.0)), nobody]);
    assert_eq!(states[3..], [(State::NotReached, None), (State::NotReached, None)]);
}

#[test]
fn channels_have_their_own_costs_and_pay_back() {
    let (mut desk, days) = (product(), span("2026-05-31", "2026-06-02"));
    let table = desk.channels(days, 7, WHOLE_MARGIN);
    let names: Vec<&str> = table.channels.iter().map(|c| c.0.as_str()).collect();
    assert_eq!(names, ["feed", "search", "(unknown)", "(direct)"]);
    let of = |name: &str| table.channels.iter().find(|c| c.0 == name).unwrap().1;
    let (search, feed, direct) = (of("search"), of("feed"), of("(direct)"));
    assert_eq!(
        (search.cac.value(), search.per_retained.value(), search.per_payer.value()),
        (Some(3.0), Some(3.0), Some(3.0))
    );
    assert_eq!((search.roas_d7.value(), search.ltv.value(), search.payback), (Some(0.0), Some(0.0), Payback::Day(1)));
    assert_eq!((feed.cac.value(), feed.per_retained, feed.roas_d7.value()), (Some(4.0), Number::None, Some(5.0)));
    assert_eq!((feed.ltv_over_cac.value(), feed.roas_d30), (Some(5.0), Number::None));
    assert_eq!((direct.spend, direct.users, direct.cac, direct.payback), (None, 1, Number::None, Payback::Undefined));
    assert_eq!((table.paid.cac.value(), table.paid.users, table.blended.users), (Some(4.0), 2, 3));
    assert_eq!((table.paid.ltv_over_cac.value(), table.excluded), (Some(2.5), 1));
    let thin = desk.channels(days, 7, 200_000);
    let search = thin.channels.iter().find(|c| c.0 == "search").unwrap().1;
    assert_eq!(search.payback, Payback::NotYet { share: 0.0, at: 8 });
}

#[test]
fn a_screen_shows_what_the_metric_says() {
    let (mut desk, days) = (product(), span("2026-05-31", "2026-06-02"));
    let scope = Scope { period: days, grain: Grain::Day, comparison: Comparison::None, segment: Segment::default() };
    // What is known a week on is that of the users who are a week old inside the period.
    let aged = Scope { period: span("2026-06-07", "2026-06-09"), ..scope.clone() };
    for (id, scope) in [
        ("cac_paid", &scope),
        ("cac_blended", &scope),
        ("cost_per_payer", &scope),
        ("cost_per_retained", &aged),
        ("roas_d7", &aged),
        ("ltv_d7", &aged),
    ] {
        let query = Box::new(DetailQuery::new(id, scope.clone()));
        let Answer::Detail(detail) = desk.ask(&Query::Detail(query)) else { panic!("another answer") };
        assert_eq!(detail.number.now.value(), desk.value(id, days), "{id}");
        assert_eq!(detail.number.span, days, "{id}");
    }
    // A period that is not over is cut to the days that are.
    let scope = Scope { period: span("2026-05-31", "2026-06-30"), ..scope };
    let query = Box::new(DetailQuery::new("ltv_d7", scope));
    let Answer::Detail(detail) = desk.ask(&Query::Detail(query)) else { panic!("another answer") };
    assert_eq!((detail.number.span, detail.number.now.value()), (span("2026-05-24", "2026-06-03"), Some(20.0 / 3.0)));
    assert!(!detail.number.stale, "its sources are complete, only its users are young");
}

#[test]
fn places_have_the_sizes_that_the_metrics_count() {
    let mut desk = product();
    for (at, grain) in [("2026-06-01", Grain::Day), ("2026-06-08", Grain::Week), ("2026-06-05", Grain::Month)] {
        let query = LifecycleQuery { at: day(at), grain, against: None, event: None, segment: Segment::default() };
        let Answer::Lifecycle(table) = desk.ask(&Query::Lifecycle(query)) else { panic!("another answer") };
        let sizes: Vec<_> = table.flows.iter().map(|f| Number::Count(f.users.into())).collect();
        let ids = ["new_users", "returning_users", "resurrected_users", "dormant_users"];
        let metrics = ids.map(|id| desk.metric(id, table.period, (Some(grain), None))[0].1[0].value);
        assert_eq!(sizes, metrics, "{at}");
        let listed = table.users.iter().filter(|u| u.place == Lifecycle::New).count() as i128;
        assert_eq!(Number::Count(listed), metrics[0], "{at}");
    }
}

#[test]
fn streams_of_value_add_up() {
    let (mut desk, days) = (product(), span("2026-05-31", "2026-06-02"));
    let lines = desk.metric("ltv_d7", days, (None, Some(Split::Stream)));
    let values: Vec<_> = lines.iter().map(|l| (l.0.as_str(), l.1[0].value.value().unwrap())).collect();
    assert_eq!(values, [("subs", 0.0), ("ads", 20.0 / 3.0), ("(none)", 0.0), ("", 20.0 / 3.0)]);
}

#[test]
fn what_is_impossible_is_refused_with_what_is_allowed() {
    let (mut desk, days) = (product(), span("2026-05-31", "2026-06-02"));
    let platforms = Segment { platforms: vec!["ios".into()], ..Segment::default() };
    let ltv = |ages: LtvAges, segment: &Segment| {
        let among = Among::Users;
        Query::Ltv(LtvQuery { span: days, grain: Grain::Day, ages, among, segment: segment.clone() })
    };
    assert!(desk.refused(&ltv(LtvAges::Days(vec![7, 7]), &Segment::default())).contains("ascending"));
    assert!(desk.refused(&ltv(LtvAges::Days(vec![]), &Segment::default())).contains("at least one"));
    assert!(desk.refused(&ltv(LtvAges::Buckets(1), &platforms)).contains("use channels"));
    let channels = ChannelsQuery { span: days, at: 7, margin: WHOLE_MARGIN, cuts: None, segment: platforms };
    assert!(desk.refused(&Query::Channels(channels)).contains("use channels"));
    let split = MetricQuery {
        metric: "cac_blended",
        span: days,
        grain: None,
        segment: Segment::default(),
        split: Some(Split::Channel),
        event: None,
        window_days: None,
    };
    assert!(desk.refused(&Query::Metric(split)).contains("cac_blended cannot be split by channel"));
}

#[test]
fn credit_is_in_one_currency_at_the_rate_of_the_day() {
    let events = "user_id,ts,event,channel,props\nann,2026-06-01T08:00:00Z,visit,search,\n\
        ann,2026-06-02T08:00:00Z,deal,,\"{\"\"worth\"\":\"\"8\"\",\"\"currency\"\":\"\"EUR\"\"}\"\n\
        ann,2026-06-03T08:00:00Z,deal,,\"{\"\"worth\"\":5,\"\"currency\"\":\"\"EUR\"\"}\"\n";
    let orders = "order_id,user_id,ts,amount,currency\no1,ann,2026-06-02T08:00:00Z,10,EUR\n\
        o2,ann,2026-06-02T09:00:00Z,1,USD\no3,ann,2026-06-03T08:00:00Z,7,EUR\n";
    let rates = "date,from,to,rate\n2026-06-02,EUR,USD,1.25\n";
    let files = [(Kind::Events, events), (Kind::Revenue, orders), (Kind::Rates, rates)];
    let mut desk = desk(&files, "UTC", day("2026-06-10"));
    let mut ask = |conversion: ConversionOf| {
        let query = AttributionQuery {
            models: vec![Model::LastNonDirect],
            lookback_days: Some(30),
            inclusive: true,
            without_direct: false,
            key: TouchKey::Channel,
            touches: vec!["visit".into()],
            conversion,
            span: Some(span("2026-06-01", "2026-06-05")),
            segment: Segment::default(),
        };
        let Answer::Attribution(table) = desk.ask(&Query::Attribution(Box::new(query))) else {
            panic!("another answer")
        };
        (table.conversions, table.value, table.models[0][0].revenue, table.excluded)
    };
    // The second day has no rate.
    assert_eq!(ask(ConversionOf::Orders), (2, 13_500_000, 13_500_000, 1));
    let deal = ConversionOf::Event { name: "deal".into(), value: Some("worth".into()) };
    assert_eq!(ask(deal), (2, 10_000_000, 10_000_000, 1));
}

#[test]
fn a_segment_limits_value_by_stream_and_cost_not_by_cohort() {
    let (mut desk, days) = (product(), span("2026-05-31", "2026-06-02"));
    let mut value = |metric: &'static str, segment: Segment| {
        let (grain, split, event, window_days) = (None, None, None, None);
        let query = MetricQuery { metric, span: days, grain, segment, split, event, window_days };
        let Answer::Metric(series) = desk.ask(&Query::Metric(query)) else { panic!("another answer") };
        series.lines[0].points[0].value.value()
    };
    let ads = Segment { streams: vec!["ads".into()], ..Segment::default() };
    let first = Segment { cohort: Some(span("2026-06-01", "2026-06-01")), ..Segment::default() };
    assert_eq!(value("ltv_d7", ads.clone()), Some(20.0 / 3.0));
    assert_eq!(value("ltv_d7", Segment { streams: vec!["subs".into()], ..Segment::default() }), Some(0.0));
    assert_eq!(value("ltv_d7", first.clone()), Some(0.0), "ann alone");
    assert_eq!((value("cac_paid", first.clone()), value("roas_d7", ads)), (None, None));
    let channels = ChannelsQuery { span: days, at: 7, margin: WHOLE_MARGIN, cuts: None, segment: first };
    assert!(desk.refused(&Query::Channels(channels)).contains("--from and --to"));
}

/// Rows of a random product: user, day and channel of events; user, day and cents of money; day, channel and cents of
/// spend.
#[derive(Debug, Clone)]
struct Rows {
    events: Vec<(u32, i32, Option<u8>)>,
    money: Vec<(u32, i32, i64)>,
    spend: Vec<(i32, u8, i64)>,
}

/// At noon in UTC the day after has begun in Auckland, with and without daylight saving, which ends inside the days.
const ZONE: &str = "Pacific/Auckland";
const FIRST: i32 = 20_540;
const DAYS: i32 = 24;

impl Rows {
    fn files(&self, reversed: bool) -> [String; 3] {
        let lines: [Vec<String>; 3] = [
            self.events
                .iter()
                .map(|(user, day, channel)| {
                    let channel = channel.map(|c| format!("c{c}")).unwrap_or_default();
                    format!("u{user},{}T12:00:00Z,e,{channel}", Day(FIRST + day - 1))
                })
                .collect(),
            self.money
                .iter()
                .enumerate()
                .map(|(at, (user, day, cents))| {
                    let sign = if *cents < 0 { "-" } else { "" };
                    let (whole, rest) = (cents.abs() / 100, cents.abs() % 100);
                    format!("o{at},u{user},{}T12:00:00Z,{sign}{whole}.{rest:02}", Day(FIRST + day - 1))
                })
                .collect(),
            self.spend
                .iter()
                .map(|(day, channel, cents)| {
                    format!("{},c{channel},{}.{:02}", Day(FIRST + day), cents / 100, cents % 100)
                })
                .collect(),
        ];
        let titles = ["user_id,ts,event,channel", "order_id,user_id,ts,amount", "date,channel,amount"];
        let mut at = 0;
        lines.map(|mut rows| {
            if reversed {
                rows.reverse();
            }
            let mut text = format!("{}\n", titles[at]);
            for row in rows {
                writeln!(text, "{row}").unwrap();
            }
            at += 1;
            text
        })
    }

    fn first(&self, user: u32) -> Option<i32> {
        self.events.iter().filter(|e| e.0 == user).map(|e| e.1).min()
    }

    /// Channel of a user, which his only events with one share.
    fn channel(&self, user: u32) -> Option<u8> {
        self.events.iter().filter(|e| e.0 == user).find_map(|e| e.2)
    }

    fn acquired(&self, from: i32, to: i32) -> Vec<u32> {
        let users: BTreeSet<u32> = self.events.iter().map(|e| e.0).collect();
        users.into_iter().filter(|u| self.first(*u).is_some_and(|f| (from..=to).contains(&f))).collect()
    }

    /// Cents of a user from his first day to so many days after.
    fn net(&self, user: u32, n: i32) -> i64 {
        let first = self.first(user).unwrap();
        self.money.iter().filter(|m| m.0 == user && (first..=first + n).contains(&m.1)).map(|m| m.2).sum()
    }

    fn spent(&self, from: i32, to: i32) -> BTreeMap<u8, i64> {
        let mut sums = BTreeMap::new();
        for (_, channel, cents) in self.spend.iter().filter(|s| (from..=to).contains(&s.0)) {
            *sums.entry(*channel).or_default() += cents;
        }
        sums
    }
}

/// Users keep one channel, so that row order cannot matter.
fn rows() -> impl Strategy<Value = Rows> {
    let events = prop::collection::vec((0_u32..7, 0..DAYS, any::<bool>()), 1..40);
    let money = prop::collection::vec((0_u32..8, 0..DAYS, -400_i64..900), 1..30);
    let spend = prop::collection::vec((0..DAYS, 0_u8..3, 1_i64..500), 1..12);
    (events, money, spend).prop_map(|(events, money, spend)| {
        let named = |(user, day, said): (u32, i32, bool)| (user, day, said.then_some((user % 3) as u8));
        Rows { events: events.into_iter().map(named).collect(), money, spend }
    })
}

fn near(got: Option<f64>, num: i64, den: i64) {
    let want = (den != 0).then(|| num as f64 / den as f64);
    let same = got.zip(want).map_or(got.is_none() == want.is_none(), |(a, b)| (a - b).abs() < 1e-9);
    assert!(same, "got {got:?}, expected {num} / {den}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn answers_are_those_of_plain_recomputation(rows in rows(), reversed: bool, from in 0..10, length in 0..10) {
        let files = rows.files(reversed);
        let kinds = [Kind::Events, Kind::Revenue, Kind::Spend];
        let files: Vec<(Kind, &str)> = kinds.into_iter().zip(files.iter().map(String::as_str)).collect();
        let mut desk = desk(&files, ZONE, Day(FIRST + DAYS));
        let to = from + length;
        let span = Span { first: Day(FIRST + from), last: Day(FIRST + to) };
        let users = rows.acquired(from, to);
        let spent = rows.spent(from, to);
        let all_spent: i64 = spent.values().sum();
        // Users of channels with spend; spend of a channel without users counts too.
        let paid: Vec<u32> = users.iter().copied().filter(|u| rows.channel(*u).is_some_and(|c| spent.contains_key(&c))).collect();
        let has_spend = |den: usize| if spent.is_empty() { 0 } else { den as i64 };
        let history = rows.events.iter().map(|e| e.1).chain(rows.money.iter().map(|m| m.1)).min().unwrap();
        if to >= history {
            near(desk.value("cac_paid", span), all_spent, has_spend(paid.len()) * 100);
            near(desk.value("cac_blended", span), all_spent, has_spend(users.len()) * 100);
            let payers = paid.iter().filter(|u| rows.money.iter().any(|m| m.0 == **u && m.2 > 0)).count();
            near(desk.value("cost_per_payer", span), all_spent, has_spend(payers) * 100);
            let back = |u: &&u32| rows.events.iter().any(|e| e.0 == **u && Some(e.1) == rows.first(**u).map(|f| f + 7));
            let retained = if to + 7 <= DAYS { paid.iter().filter(back).count() } else { 0 };
            near(desk.value("cost_per_retained", span), all_spent, has_spend(retained) * 100);
            let net: i64 = users.iter().map(|u| rows.net(*u, 7)).sum();
            let mature = to + 7 <= DAYS;
            near(desk.value("ltv_d7", span), net, if mature { users.len() as i64 * 100 } else { 0 });
            near(desk.value("roas_d7", span), net, if mature { all_spent } else { 0 });
        }
        let table = desk.ltv(span, Grain::Day, LtvAges::Days(vec![0, 3, 7]));
        for (cohort, at) in table.cohorts.iter().zip(from..) {
            let users = rows.acquired(at, at);
            prop_assert_eq!(cohort.size, users.len() as u64);
            for (column, n) in [0, 3, 7].into_iter().enumerate() {
                let net: i64 = users.iter().map(|u| rows.net(*u, n)).sum();
                near(table.value(cohort, column).value(), net, if at + n <= DAYS { users.len() as i64 * 100 } else { 0 });
            }
        }
        let channels = desk.channels(span, 7, WHOLE_MARGIN);
        let sum = |pick: fn(&ChannelRow) -> u64| channels.channels.iter().map(|c| pick(&c.1)).sum::<u64>();
        prop_assert_eq!((sum(|c| c.users), sum(|c| c.payers)), (channels.blended.users, channels.blended.payers));
        prop_assert_eq!(channels.blended.spend, (!spent.is_empty()).then_some(i128::from(all_spent) * 10_000));
    }

    #[test]
    fn credit_adds_up_whatever_the_order_of_rows(rows in rows(), from in 0..10, length in 0..14, lookback in 1_u16..9) {
        let span = Span { first: Day(FIRST + from), last: Day(FIRST + from + length) };
        let query = AttributionQuery {
            models: vec![Model::Last, Model::Linear, Model::U],
            lookback_days: Some(lookback),
            inclusive: true,
            without_direct: false,
            key: TouchKey::Channel,
            touches: Vec::new(),
            conversion: ConversionOf::Orders,
            span: Some(span),
            segment: Segment::default(),
        };
        let ask = |reversed: bool| {
            let files = rows.files(reversed);
            let kinds = [Kind::Events, Kind::Revenue, Kind::Spend];
            let files: Vec<(Kind, &str)> = kinds.into_iter().zip(files.iter().map(String::as_str)).collect();
            let mut desk = desk(&files, ZONE, Day(FIRST + DAYS));
            let Answer::Attribution(table) = desk.ask(&Query::Attribution(Box::new(query.clone()))) else {
                panic!("another answer")
            };
            table
        };
        let table = ask(false);
        prop_assert_eq!(&table, &ask(true));
        let bought: Vec<_> =
            rows.money.iter().filter(|m| m.2 > 0 && (from..=from + length).contains(&m.1)).collect();
        prop_assert_eq!(table.conversions, bought.len() as u64);
        prop_assert_eq!(table.value, bought.iter().map(|m| i128::from(m.2) * 10_000).sum::<i128>());
        for sources in &table.models {
            let sum: f64 = sources.iter().filter_map(|s| s.conversions.value()).sum();
            prop_assert!((sum - bought.len() as f64).abs() < 1e-9);
        }
        // A user's only channel earns all of his orders that a touch of the days before, or of the day, leads to.
        let mut earned: BTreeMap<String, u64> = BTreeMap::new();
        for (user, day, _) in &bought {
            let touch = |e: &&(u32, i32, Option<u8>)| {
                e.0 == *user && e.2.is_some() && (day - i32::from(lookback)..=*day).contains(&e.1)
            };
            let source = rows.events.iter().find(touch).and_then(|e| e.2);
            *earned.entry(source.map_or("(unknown)".into(), |c| format!("c{c}"))).or_default() += 1;
        }
        for sources in &table.models {
            let with_credit = sources.iter().filter(|s| s.conversions.value() != Some(0.0));
            let got: BTreeMap<String, u64> =
                with_credit.map(|s| (s.source.clone(), s.conversions.value().unwrap().round() as u64)).collect();
            prop_assert_eq!(&got, &earned);
        }
    }

    #[test]
    fn users_are_scored_whatever_the_order_of_rows(rows in rows(), days in prop::option::of(1_u16..30)) {
        let ask = |reversed: bool| {
            let files = rows.files(reversed);
            let files = [(Kind::Events, files[0].as_str()), (Kind::Revenue, files[1].as_str())];
            let mut desk = desk(&files, ZONE, Day(FIRST + DAYS));
            let query = RfmQuery { until: None, days, cut: Cut::Rank, against: None, segment: Segment::default() };
            let Answer::Rfm(table) = desk.ask(&Query::Rfm(query)) else { panic!("another answer") };
            table
        };
        let table = ask(false);
        prop_assert_eq!(&table, &ask(true));
        let last = rows.money.iter().map(|m| m.1).max().unwrap();
        let first = days.map_or(0, |n| last + 1 - i32::from(n));
        let seen = || rows.money.iter().filter(|m| m.1 >= first);
        let payers: BTreeSet<u32> = seen().filter(|m| m.2 > 0).map(|m| m.0).collect();
        prop_assert_eq!(table.users.len(), payers.len());
        for (user, got) in payers.iter().zip(&table.users) {
            let own = || seen().filter(|m| m.0 == *user);
            let newest = own().filter(|m| m.2 > 0).map(|m| m.1).max().unwrap();
            let cents: i64 = own().map(|m| m.2).sum();
            prop_assert_eq!(&got.name, &format!("u{user}"));
            prop_assert_eq!(got.recency_days, last + 1 - newest);
            prop_assert_eq!(got.frequency, own().filter(|m| m.2 > 0).count() as u64);
            prop_assert_eq!(got.monetary, i128::from(cents) * 10_000);
        }
        prop_assert_eq!(table.flows.iter().map(|f| f.users).sum::<u64>(), payers.len() as u64);
    }
}

#[test]
fn a_channel_is_graded_by_whom_it_kept_for_its_cost() {
    let mut desk = product();
    let asked = |last: &str| {
        let (span, segment) = (span("2026-06-01", last), Segment::default());
        Query::Channels(ChannelsQuery { span, at: 7, margin: WHOLE_MARGIN, cuts: None, segment })
    };
    let mut grades = |last: &str| {
        let Answer::Channels(table) = desk.ask(&asked(last)) else { panic!("channels") };
        assert_eq!((table.paid.grade, table.blended.grade), (None, None));
        table.channels.iter().map(|(name, row)| (name.clone(), row.grade)).collect::<BTreeMap<_, _>>()
    };
    // Search kept Ann for 3, the feed and what has no channel nobody for 5.
    let known = grades("2026-06-02");
    assert_eq!(
        (known["search"], known["feed"]),
        (Some(quarterdeck::query::Grade::A), Some(quarterdeck::query::Grade::C))
    );
    assert!(grades("2026-06-04").values().all(Option::is_none), "not all are 7 days old");
}
