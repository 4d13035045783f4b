//! Every question over a small product whose numbers can be counted by hand.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use quarterdeck::domain::calendar::{Day, Grain, Instant, Span, Zone};
use quarterdeck::domain::money::Currency;
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::query::{
    Answer, Command, Comparison, DetailQuery, EventFilter, ImportRequest, IntervalZero, MetricQuery, Number,
    Occurrences, Outcome, PartChange, Query, RetentionQuery, Scope, Segment, Series, Split, State, Status,
    StickinessQuery,
};

/// Ann came through search on iOS, Ben through a feed on Android, Cy directly on the web and once on iOS.
const EVENTS: &str = "\
event_id,user_id,ts,event,channel,platform
e1,cy,2026-05-31T10:00:00Z,view,,web
e2,cy,2026-06-01T09:00:00Z,view,,ios
e3,cy,2026-06-01T09:05:00Z,buy,,web
e4,ann,2026-06-01T08:00:00Z,signup,search,ios
e5,ann,2026-06-02T08:00:00Z,view,search,ios
e6,ann,2026-06-08T08:00:00Z,view,,ios
e7,ben,2026-06-02T07:00:00Z,signup,feed,android
e8,ben,2026-06-03T07:00:00Z,buy,feed,android
e9,,2026-06-03T12:00:00Z,view,,web
";

/// One order is in another currency, one belongs to nobody, one is taken back two days later.
const ORDERS: &str = "\
order_id,user_id,ts,stream,amount,currency,refund_of
o1,ann,2026-06-02T08:01:00Z,subs,10.00,USD,
o2,ben,2026-06-03T07:01:00Z,ads,20.00,USD,
o1,ann,2026-06-04T08:01:00Z,subs,-10.00,USD,o1
o3,,2026-06-05T08:01:00Z,,5.00,USD,
o4,ann,2026-06-05T09:01:00Z,subs,7.00,EUR,
";

/// Somebody came before, so that a week before June is history too.
const EARLIER: &str = "event_id,user_id,ts,event\ne0,old,2026-05-20T10:00:00Z,view\n";

const SPEND: &str = "\
date,channel,campaign,amount,currency,impressions,clicks
2026-06-01,search,c1,3.00,USD,100,10
2026-06-02,feed,c2,4.00,USD,200,20
2026-06-02,,c3,1.00,USD,50,5
";

struct Desk {
    engine: Engine,
    clock: Clock,
    folder: tempfile::TempDir,
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn span(a: &str, b: &str) -> Span {
    Span { first: day(a), last: day(b) }
}

fn june() -> Span {
    span("2026-06-01", "2026-06-10")
}

fn noon(text: &str) -> Instant {
    Instant(i64::from(day(text).0) * 86_400_000_000 + 43_200_000_000)
}

fn place(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(format!("{name}.csv"));
    let mut file = tempfile::NamedTempFile::new_in(folder).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.persist(&path).unwrap();
    path
}

fn load(engine: &mut Engine, folder: &Path, kind: Kind, text: &str, clock: Clock) {
    let path = place(folder, kind.name(), text);
    let through = Some(day("2026-06-10"));
    let request = ImportRequest { path, kind: Some(kind), through, ..ImportRequest::default() };
    let outcome = engine.run(&Command::Import(request), clock, &mut |_| ControlFlow::Continue(())).unwrap();
    let Outcome::Imported(summary) = outcome else { panic!("{outcome:?}") };
    assert_eq!(summary.counts.rejected, 0, "{:?}", summary.first_rejects);
}

fn desk(files: &[(Kind, &str)]) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let profile = NewWorkspace { product: "Lantern".into(), ..NewWorkspace::bare(Zone::UTC, Currency::parse("USD")) };
    let mut engine = Engine::create(&folder.path().join("desk.db"), &profile).unwrap();
    let clock = Clock { now: noon("2026-06-11"), today: None };
    for (kind, text) in files {
        load(&mut engine, folder.path(), *kind, text, clock);
    }
    Desk { engine, clock, folder }
}

fn product() -> Desk {
    desk(&[(Kind::Events, EVENTS), (Kind::Revenue, ORDERS), (Kind::Spend, SPEND)])
}

fn segment(channels: &[&str], platforms: &[&str]) -> Segment {
    let owned = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
    Segment { channels: owned(channels), platforms: owned(platforms), ..Segment::default() }
}

fn metric(id: &'static str) -> MetricQuery {
    MetricQuery {
        metric: id,
        span: june(),
        grain: None,
        segment: Segment::default(),
        split: None,
        event: None,
        window_days: None,
    }
}

fn scope(comparison: Comparison) -> Scope {
    Scope { period: span("2026-06-01", "2026-06-30"), grain: Grain::Week, comparison, segment: Segment::default() }
}

impl Desk {
    fn ask(&mut self, query: &Query) -> Answer {
        self.engine.answer(query, self.clock).unwrap()
    }

    fn series(&mut self, query: MetricQuery) -> Series {
        match self.ask(&Query::Metric(query)) {
            Answer::Metric(series) => series,
            other => panic!("{other:?}"),
        }
    }

    /// The one value of a metric over the first ten days of June.
    fn value(&mut self, query: MetricQuery) -> Number {
        self.series(query).lines.last().unwrap().points[0].value
    }

    fn in_segment(&mut self, id: &'static str, segment: Segment) -> Number {
        self.value(MetricQuery { segment, ..metric(id) })
    }

    /// Parts with their value, total last.
    fn parts(&mut self, id: &'static str, split: Split) -> Vec<(String, Number)> {
        let series = self.series(MetricQuery { split: Some(split), ..metric(id) });
        let name = |part: Option<String>| part.unwrap_or_else(|| "total".into());
        series.lines.into_iter().map(|l| (name(l.part), l.points[0].value)).collect()
    }

    fn status(&mut self) -> Status {
        match self.ask(&Query::Status) {
            Answer::Status(status) => status,
            other => panic!("{other:?}"),
        }
    }
}

fn count(n: i128) -> Number {
    Number::Count(n)
}

fn dollars(n: i128) -> Number {
    Number::Money(n * 1_000_000)
}

#[test]
fn channels_follow_the_user_and_platforms_the_event() {
    let mut desk = product();
    let active = "active_users";
    assert_eq!(desk.value(metric(active)), count(3));
    assert_eq!(desk.in_segment(active, segment(&["search"], &[])), count(1));
    assert_eq!(desk.in_segment(active, segment(&["search", "(direct)"], &[])), count(2));
    assert_eq!(desk.in_segment(active, segment(&[], &["ios"])), count(2));
    assert_eq!(desk.in_segment(active, segment(&["(direct)"], &["ios"])), count(1));
    assert_eq!(desk.in_segment(active, segment(&["feed"], &["ios"])), count(0));
    assert_eq!(desk.in_segment(active, segment(&["no such"], &[])), count(0));
    let parts = desk.parts(active, Split::Channel);
    let expected = [("feed", 1), ("search", 1), ("(direct)", 1), ("total", 3)];
    let mut sorted = parts.clone();
    sorted.sort_by_key(|(name, _)| expected.iter().position(|(n, _)| n == name));
    assert_eq!(sorted, expected.map(|(name, n)| (name.to_owned(), count(n))));
    assert_eq!(parts.last().unwrap().0, "total");
}

#[test]
fn one_event_on_one_platform_is_told_from_two_events_of_one_day() {
    let mut desk = product();
    let buy = |platforms: &[&str]| MetricQuery {
        event: Some("buy".into()),
        segment: segment(&[], platforms),
        ..metric("active_users")
    };
    assert_eq!(desk.value(buy(&[])), count(2));
    assert_eq!(desk.value(buy(&["ios"])), count(0));
    assert_eq!(desk.value(buy(&["web"])), count(1));
    assert_eq!(desk.value(buy(&["web", "android"])), count(2));
}

#[test]
fn users_are_counted_by_day_window_and_history() {
    let mut desk = product();
    assert_eq!(desk.value(metric("dau")), Number::Mean { num: 6, den: 10 });
    assert_eq!(desk.value(metric("wau")), count(1));
    assert_eq!(desk.value(MetricQuery { window_days: Some(8), ..metric("active_users") }), count(2));
    assert_eq!(desk.value(metric("mau")), count(3));
    assert_eq!(desk.value(metric("new_users")), count(2));
    assert_eq!(desk.value(metric("events")), count(8));
    // Seven user-days in the eleven days of history to 10 June, three users.
    assert_eq!(desk.value(metric("stickiness")), Number::Ratio { num: 7, den: 33 });
    // First days 31 May, 1 and 2 June; active the day after: all three.
    assert_eq!(desk.value(metric("d1")), Number::Ratio { num: 3, den: 3 });
    assert_eq!(desk.value(metric("d7")), Number::Ratio { num: 1, den: 3 });
    assert_eq!(desk.value(metric("d30")), Number::None);
    let weeks =
        MetricQuery { grain: Some(Grain::Week), span: span("2026-06-01", "2026-06-14"), ..metric("active_users") };
    let points = desk.series(weeks).lines.remove(0).points;
    assert_eq!(points.iter().map(|p| p.value).collect::<Vec<_>>(), [count(3), count(1)]);
    assert_eq!(points.iter().map(|p| p.state).collect::<Vec<_>>(), [State::Complete, State::Running]);
}

#[test]
fn flows_between_weeks_add_up() {
    let mut desk = product();
    let week = |id| MetricQuery { grain: Some(Grain::Week), span: span("2026-05-25", "2026-06-14"), ..metric(id) };
    let mut of = |id| -> Vec<Number> { desk.series(week(id)).lines.remove(0).points.iter().map(|p| p.value).collect() };
    assert_eq!(of("active_users"), [1, 3, 1].map(count));
    assert_eq!(of("new_users"), [1, 2, 0].map(count));
    assert_eq!(of("returning_users"), [0, 1, 1].map(count));
    assert_eq!(of("resurrected_users"), [0, 0, 0].map(count));
    assert_eq!(of("dormant_users"), [0, 0, 2].map(count));
}

#[test]
fn money_follows_the_users_channel_and_has_no_platform() {
    let mut desk = product();
    assert_eq!(desk.value(metric("net")), dollars(25));
    assert_eq!(desk.value(metric("gross")), dollars(35));
    assert_eq!(desk.value(metric("refunds")), dollars(10));
    assert_eq!(desk.value(metric("orders")), count(3));
    assert_eq!(desk.value(metric("payers")), count(2));
    assert_eq!(desk.value(metric("net_attributed")), dollars(20));
    assert_eq!(desk.value(metric("arpu")), Number::MoneyPer { num: 20_000_000, den: 3 });
    assert_eq!(desk.value(metric("arppu")), Number::MoneyPer { num: 20_000_000, den: 2 });
    assert_eq!(desk.value(metric("arpdau")), Number::MoneyPer { num: 20_000_000, den: 6 });
    assert_eq!(desk.value(metric("paid_rate")), Number::Ratio { num: 2, den: 3 });
    assert_eq!(desk.in_segment("net", segment(&["feed"], &[])), dollars(20));
    assert_eq!(desk.in_segment("net", segment(&[], &["ios"])), Number::None);
    assert_eq!(desk.in_segment("events", segment(&["feed"], &[])), Number::None);
    assert_eq!(desk.series(metric("net")).excluded, 1);
    let sum = |parts: &[(String, Number)]| -> i128 {
        let micros = |n: &Number| if let Number::Money(m) = n { *m } else { 0 };
        parts[..parts.len() - 1].iter().map(|(_, n)| micros(n)).sum()
    };
    for split in [Split::Channel, Split::Stream] {
        let parts = desk.parts("net", split);
        assert_eq!(sum(&parts), 25_000_000, "{parts:?}");
    }
    assert!(desk.parts("net", Split::Channel).contains(&("(no user)".into(), dollars(5))));
    assert!(desk.parts("net", Split::Stream).contains(&("(none)".into(), dollars(5))));
}

#[test]
fn spend_belongs_to_the_channel_it_was_spent_on() {
    let mut desk = product();
    assert_eq!(desk.value(metric("spend")), dollars(8));
    assert_eq!(desk.in_segment("spend", segment(&["search"], &[])), dollars(3));
    assert!(desk.parts("spend", Split::Channel).contains(&("(unknown)".into(), dollars(1))));
    assert_eq!(desk.in_segment("spend", segment(&[], &["ios"])), Number::None);
}

#[test]
fn rows_of_today_and_later_are_not_seen() {
    let mut desk = product();
    desk.clock.today = Some(day("2026-06-03"));
    let daily = MetricQuery { grain: Some(Grain::Day), span: span("2026-06-01", "2026-06-04"), ..metric("dau") };
    let points = desk.series(daily).lines.remove(0).points;
    assert_eq!(points.iter().map(|p| p.value).collect::<Vec<_>>(), [count(2), count(2), Number::None, Number::None]);
    assert_eq!(points[1].state, State::Complete);
    assert_eq!(points[2].state, State::NotReached);
    assert_eq!(desk.value(metric("net")), dollars(10));
    let status = desk.status();
    assert_eq!((status.today, status.through), (day("2026-06-03"), Some(day("2026-06-02"))));
    assert_eq!(status.history, Some(span("2026-05-31", "2026-06-02")));
}

#[test]
fn a_source_is_stale_when_its_next_row_has_not_come() {
    let mut desk = product();
    let status = desk.status();
    assert_eq!(status.through, Some(day("2026-06-10")));
    assert_eq!(status.through_at.map(|t| t.to_string()).as_deref(), Some("2026-06-11T00:00:00Z"));
    assert_eq!((status.sources, status.stale.len(), status.read_only), (3, 0, false));
    desk.clock.now = noon("2026-06-20");
    let status = desk.status();
    assert_eq!(status.stale.len(), 3);
    assert!(status.stale.iter().all(|(_, days)| *days == 9), "{:?}", status.stale);
    assert!(!status.live);
}

#[test]
fn what_is_about_no_day_is_listed_and_never_stale() {
    let mut desk = product();
    let folder = tempfile::tempdir().unwrap();
    let rows = "id,partner,stage,value,due\nd1,Pier,won,5,2020-01-01\n";
    load(&mut desk.engine, folder.path(), Kind::Deals, rows, desk.clock);
    load(&mut desk.engine, folder.path(), Kind::Facts, "date,metric,value\n2026-06-10,visits,5\n", desk.clock);
    let status = desk.status();
    assert_eq!((status.sources, status.stale.len(), status.through), (4, 0, Some(day("2026-06-10"))));
    let Answer::Data(data) = desk.ask(&Query::Data) else { panic!("another answer") };
    let listed: Vec<_> = data.sources.iter().map(|s| (s.kind, s.rows, s.newest.is_some())).collect();
    assert_eq!(listed[0], (Kind::Deals, 1, false));
    assert_eq!(listed[2], (Kind::Facts, 1, true));
}

#[test]
fn orders_are_activity_while_there_are_no_events() {
    let mut desk = desk(&[(Kind::Revenue, ORDERS)]);
    assert_eq!(desk.value(metric("active_users")), count(2));
    assert_eq!(desk.value(metric("events")), Number::None);
    assert_eq!(desk.value(metric("spend")), Number::None);
    assert_eq!(desk.value(metric("arpu")), Number::MoneyPer { num: 20_000_000, den: 2 });
    let folder = tempfile::tempdir().unwrap();
    load(&mut desk.engine, folder.path(), Kind::Events, EVENTS, desk.clock);
    assert_eq!(desk.value(metric("active_users")), count(3));
}

#[test]
fn other_currencies_are_converted_at_the_rate_of_their_day() {
    let mut desk = desk(&[
        (Kind::Events, EVENTS),
        (Kind::Revenue, ORDERS),
        (
            Kind::Spend,
            "date,channel,amount,currency\n2026-06-01,search,3,USD\n2026-06-02,search,300,JPY\n2026-06-03,,9,EUR\n",
        ),
    ]);
    let told = |desk: &mut Desk| {
        let [net, spend] = ["net", "spend"].map(|id| desk.series(metric(id)));
        (net.lines[0].points[0].value, net.excluded, spend.lines[0].points[0].value, spend.excluded)
    };
    let alone = (dollars(25), 1, dollars(3), 2);
    assert_eq!(told(&mut desk), alone);
    // A rate of the day before is none of the day; yen are only known from dollars.
    let rates = "date,from,to,rate\n2026-06-05,EUR,USD,1.1\n2026-06-04,EUR,USD,9\n2026-06-02,USD,JPY,150\n";
    let folder = tempfile::tempdir().unwrap();
    load(&mut desk.engine, folder.path(), Kind::Rates, rates, desk.clock);
    assert_eq!(told(&mut desk), (Number::Money(32_700_000), 0, dollars(5), 1));
    assert_eq!(desk.value(metric("payers")), count(2));
    let mut order = |command: Command| {
        desk.engine.run(&command, desk.clock, &mut |_| ControlFlow::Continue(())).unwrap();
        told(&mut desk)
    };
    assert_eq!(order(Command::UndoImport(4)), alone);
    assert_eq!(order(Command::RedoImport(4)), (Number::Money(32_700_000), 0, dollars(5), 1));
    let other = rates.replace("EUR,USD,1.1", "EUR,USD,2");
    load(&mut desk.engine, folder.path(), Kind::Rates, &other, desk.clock);
    assert_eq!(told(&mut desk), (dollars(39), 0, dollars(5), 1));
}

#[test]
fn a_later_import_shows_in_the_next_answer() {
    let mut desk = product();
    assert_eq!(desk.value(metric("active_users")), count(3));
    let more = "event_id,user_id,ts,event,channel,platform\nf1,dee,2026-06-09T08:00:00Z,view,feed,ios\n";
    let folder = tempfile::tempdir().unwrap();
    load(&mut desk.engine, folder.path(), Kind::Events, more, desk.clock);
    assert_eq!(desk.value(metric("active_users")), count(4));
    assert_eq!(desk.in_segment("active_users", segment(&["feed"], &["ios"])), count(1));
    assert_eq!(desk.value(metric("events")), count(9));
}

fn retention(start: Option<&str>, ret: Option<&str>) -> RetentionQuery {
    RetentionQuery {
        start: EventFilter::named(start),
        ret: EventFilter::named(ret),
        ..RetentionQuery::new(span("2026-06-01", "2026-06-03"), Grain::Day, 2)
    }
}

fn detail(metric: &'static str, scope: Scope, stream: Option<&str>) -> DetailQuery {
    DetailQuery { stream: stream.map(str::to_owned), ..DetailQuery::new(metric, scope) }
}

#[test]
fn interval_zero_holds_returns_at_or_after_the_start() {
    let mut desk = product();
    let mut cells = |query: RetentionQuery| -> Vec<(u64, Vec<u64>)> {
        let Answer::Retention(answer) = desk.ask(&Query::Retention(Box::new(query))) else { panic!("another answer") };
        answer.whole.cohorts.iter().map(|c| (c.size, c.cells.iter().map(|x| x.users).collect())).collect()
    };
    // Ben buys the day after he signs up; Ann never.
    assert_eq!(
        cells(retention(Some("signup"), Some("buy"))),
        [(1, vec![0, 0, 0]), (1, vec![0, 1, 0]), (0, vec![0, 0, 0])]
    );
    // Cy looks before he buys, so a purchase first is no return of the same day.
    assert_eq!(cells(retention(Some("buy"), Some("view")))[0], (1, vec![0, 0, 0]));
    assert_eq!(cells(retention(Some("buy"), None))[0], (1, vec![1, 0, 0]));
    assert_eq!(cells(retention(None, Some("buy")))[0], (1, vec![0, 0, 0]));
    let size = RetentionQuery { interval_zero: IntervalZero::Size, ..retention(Some("signup"), Some("buy")) };
    assert_eq!(cells(size)[1], (1, vec![1, 1, 0]));
}

#[test]
fn active_days_are_counted_by_user() {
    let mut desk = product();
    let query = |rule, cumulative| StickinessQuery {
        span: span("2026-06-01", "2026-06-03"),
        grain: Grain::Day,
        event: None,
        rule,
        cumulative,
        segment: Segment::default(),
    };
    let mut users = |rule, cumulative| match desk.ask(&Query::Stickiness(query(rule, cumulative))) {
        Answer::Stickiness(users) => users,
        other => panic!("{other:?}"),
    };
    assert_eq!(users(Occurrences::AtLeast(1), false), [1, 2, 0]);
    assert_eq!(users(Occurrences::AtLeast(1), true), [3, 2, 0]);
    assert_eq!(users(Occurrences::AtLeast(2), false), [1, 0, 0]);
    assert_eq!(users(Occurrences::AtMost(1), false), [0, 2, 0]);
    assert_eq!(users(Occurrences::Exactly(2), false), [1, 0, 0]);
}

#[test]
fn today_compares_equal_lengths() {
    let mut desk = product();
    let Answer::Front(today) = desk.ask(&Query::Front(scope(Comparison::Previous))) else { panic!("another answer") };
    let of = |id: &str| today.headline.iter().find(|c| c.metric == id).unwrap();
    assert_eq!((of("new_users").now, of("new_users").before), (count(2), Number::None));
    let days = (of("net").span, of("net").before_span);
    assert_eq!(days, (span("2026-06-01", "2026-06-10"), Some(span("2026-05-01", "2026-05-10"))));
    assert_eq!(of("d7").now, Number::Ratio { num: 1, den: 3 });
    assert_eq!(of("net").trend.len(), 28);
    assert_eq!(of("net").trend[22..], [5, 0, 0, 0, 0, 0].map(dollars));
    assert_eq!(today.sources.len(), 3);
    let earlier = Some(span("2026-05-25", "2026-06-03"));
    assert_eq!(week_earlier(&mut desk), (earlier, Number::None), "the history begins on the last day of May");
    let (folder, clock) = (desk.folder.path().to_path_buf(), desk.clock);
    load(&mut desk.engine, &folder, Kind::Events, EARLIER, clock);
    assert_eq!(week_earlier(&mut desk), (earlier, dollars(30)));
}

/// Net revenue of the week before, with its days.
fn week_earlier(desk: &mut Desk) -> (Option<Span>, Number) {
    let Answer::Front(week) = desk.ask(&Query::Front(scope(Comparison::WeekEarlier))) else { panic!("another answer") };
    let net = week.headline.iter().find(|c| c.metric == "net").unwrap();
    (net.before_span, net.before)
}

#[test]
fn streams_add_up_to_the_total() {
    let mut desk = product();
    let (folder, clock) = (desk.folder.path().to_path_buf(), desk.clock);
    load(&mut desk.engine, &folder, Kind::Events, EARLIER, clock);
    let query = Query::Revenue(scope(Comparison::WeekEarlier));
    let Answer::Revenue(board) = desk.ask(&query) else { panic!("another answer") };
    assert_eq!(board.streams.iter().map(|s| s.stream.as_str()).collect::<Vec<_>>(), ["ads", "(none)", "subs"]);
    assert_eq!(board.streams.iter().map(|s| s.net).sum::<i128>(), board.total.net);
    assert_eq!(board.streams.iter().filter_map(|s| s.net_before).sum::<i128>(), board.total.net_before.unwrap());
    assert_eq!((board.total.gross, board.total.refunds, board.total.orders), (35_000_000, 10_000_000, 3));
    assert_eq!(board.total.net_before, Some(30_000_000));
    assert_eq!((board.daily.len(), board.daily_before.len()), (10, 10));
    assert_eq!(board.per_user.len(), 3);
    assert_eq!(board.excluded, 1);
}

#[test]
fn a_detail_has_days_parts_and_sources() {
    let mut desk = product();
    let detail =
        |metric, stream: Option<&str>| Query::Detail(Box::new(detail(metric, scope(Comparison::None), stream)));
    let Answer::Detail(net) = desk.ask(&detail("net", None)) else { panic!("another answer") };
    assert_eq!((net.series.len(), net.number.now, net.number.before_span), (60, dollars(25), None));
    assert_eq!(net.splits.iter().map(|b| b.split).collect::<Vec<_>>(), [Split::Channel, Split::Stream]);
    let ads = PartChange { name: "ads".into(), now: dollars(20), before: Number::None, effect: None };
    assert_eq!(net.splits[1].parts[0], ads);
    assert_eq!(net.sources, ["revenue"]);
    let Answer::Detail(subs) = desk.ask(&detail("gross", Some("subs"))) else { panic!("another answer") };
    assert_eq!(subs.number.now, dollars(10));
    assert!(desk.engine.answer(&detail("gross", Some("no such")), desk.clock).is_err());
    assert!(desk.engine.answer(&detail("no_such_metric", None), desk.clock).is_err());
}

#[test]
fn choices_are_ranked_and_data_lists_sources_and_imports() {
    let mut desk = product();
    let Answer::Choices(choices) = desk.ask(&Query::Choices) else { panic!("another answer") };
    let named = |all: &[(&str, u64)]| all.iter().map(|(n, c)| ((*n).to_owned(), *c)).collect::<Vec<_>>();
    assert_eq!(choices.channels, named(&[("(direct)", 1), ("feed", 1), ("search", 1)]));
    assert_eq!(choices.platforms, named(&[("ios", 2), ("android", 1), ("web", 1)]));
    assert_eq!(choices.events, named(&[("view", 5), ("buy", 2), ("signup", 2)]));
    let Answer::Data(data) = desk.ask(&Query::Data) else { panic!("another answer") };
    assert_eq!(data.sources.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["events", "revenue", "spend"]);
    assert_eq!(data.sources.iter().map(|s| s.rows).collect::<Vec<_>>(), [9, 5, 3]);
    assert_eq!(data.imports.len(), 3);
    assert_eq!(data.imports[0].kind, Kind::Spend);
    assert!(data.bytes > 0 && data.rejected.is_empty());
    assert_eq!(data.profile.product, "Lantern");
}

#[test]
fn an_empty_workspace_answers_everything() {
    let mut desk = desk(&[]);
    let status = desk.status();
    assert_eq!((status.history, status.through, status.sources), (None, None, 0));
    assert_eq!(desk.value(metric("active_users")), Number::None);
    assert_eq!(desk.value(metric("net")), Number::None);
    for query in [
        Query::Front(scope(Comparison::Previous)),
        Query::Today,
        Query::Revenue(scope(Comparison::Previous)),
        Query::Retention(Box::new(retention(None, None))),
        Query::Choices,
        Query::Data,
        Query::Detail(Box::new(detail("arpu", scope(Comparison::LastYear), None))),
    ] {
        assert!(desk.engine.answer(&query, desk.clock).is_ok(), "{query:?}");
    }
}

#[test]
fn a_source_is_stale_by_its_own_gap_and_not_by_that_of_busier_ones() {
    let mut daily = String::from("order_id,user_id,ts,stream,amount,currency\n");
    let mut weekly = daily.clone();
    for day in 1..=31 {
        writeln!(daily, "d{day},ann,2026-05-{day:02}T08:00:00Z,shop,1,USD").unwrap();
        if day % 7 == 6 {
            writeln!(weekly, "w{day},,2026-05-{day:02}T08:00:00Z,deals,9,USD").unwrap();
        }
    }
    let mut desk = desk(&[]);
    for (source, rows) in [("shop", &daily), ("deals", &weekly)] {
        let path = place(desk.folder.path(), source, rows);
        let request = ImportRequest { path, source: Some(source.into()), through: None, ..ImportRequest::default() };
        desk.engine.run(&Command::Import(request), desk.clock, &mut |_| ControlFlow::Continue(())).unwrap();
    }
    let mut stale = |text: &str| {
        desk.clock = Clock { now: noon(text), today: None };
        let Answer::Status(status) = desk.ask(&Query::Status) else { panic!("another answer") };
        status.stale.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(stale("2026-06-01"), [""; 0], "deals came on the 27th and comes once a week");
    assert_eq!(stale("2026-06-02"), ["shop"]);
    assert_eq!(stale("2026-06-05"), ["deals", "shop"]);
}
