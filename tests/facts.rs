//! Daily facts of a metric's name: they tell of days that nothing measures, and never add to what is measured.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use std::io::Write as _;
use std::ops::ControlFlow;

use quarterdeck::domain::calendar::{Day, Grain, Instant, Span, Zone};
use quarterdeck::domain::money::Currency;
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::query::{
    Answer, Command, Comparison, ImportRequest, MetricQuery, Number, Query, Scope, Segment, Series, Split, State,
};

const CLOCK: Clock = Clock { now: Instant(1_780_531_200_000_000), today: None };

const FACTS: &str = "date,metric,value,channel\n\
    2026-05-30,dau,100,\n2026-05-31,dau,110.5,\n2026-06-01,dau,90,\n\
    2026-05-30,new_users,20,search\n2026-05-30,new_users,5,feed\n2026-05-31,new_users,30,\n2026-05-31,new_users,7,feed\n\
    2026-05-30,net,12.50,\n2026-05-31,net,0.25,\n2026-05-30,d7,0.25,\n2026-05-30,wau,300,\n2026-05-30,visits,9,\n";

/// One user on 1 June, two on 2 June.
const EVENTS: &str = "user_id,ts,event\n\
    ann,2026-06-01T08:00:00Z,open\nann,2026-06-02T08:00:00Z,open\nben,2026-06-02T09:00:00Z,open\n";

struct Desk {
    engine: Engine,
    _folder: tempfile::TempDir,
}

fn desk(files: &[(Kind, &str)]) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let profile = NewWorkspace::bare(Zone::UTC, Currency::parse("USD"));
    let mut engine = Engine::create(&folder.path().join("w.db"), &profile).unwrap();
    for (at, (kind, text)) in files.iter().enumerate() {
        let path = folder.path().join(format!("{at}.csv"));
        let mut file = tempfile::NamedTempFile::new_in(folder.path()).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.persist(&path).unwrap();
        let request = ImportRequest { path, kind: Some(*kind), ..ImportRequest::default() };
        engine.run(&Command::Import(request), CLOCK, &mut |_| ControlFlow::Continue(())).unwrap();
    }
    Desk { engine, _folder: folder }
}

fn span(first: &str, last: &str) -> Span {
    Span { first: Day::parse(first).unwrap(), last: Day::parse(last).unwrap() }
}

impl Desk {
    fn series(&mut self, metric: &'static str, span: Span, grain: Option<Grain>, split: Option<Split>) -> Series {
        let segment = Segment::default();
        let query = MetricQuery { metric, span, grain, segment, split, event: None, window_days: None };
        let Answer::Metric(series) = self.engine.answer(&Query::Metric(query), CLOCK).unwrap() else { panic!() };
        series
    }

    fn values(&mut self, metric: &'static str, span: Span, grain: Option<Grain>) -> Vec<Number> {
        self.series(metric, span, grain, None).lines[0].points.iter().map(|p| p.value).collect()
    }
}

#[test]
fn facts_alone_tell_of_their_days_and_add_up_only_where_such_numbers_do() {
    let mut desk = desk(&[(Kind::Facts, FACTS)]);
    let days = span("2026-05-30", "2026-06-01");
    let mean = |num, den| Number::Mean { num, den };
    assert_eq!(
        desk.values("dau", days, Some(Grain::Day)),
        [Number::Count(100), mean(110_500_000, 1_000_000), Number::Count(90)]
    );
    assert_eq!(desk.values("dau", days, None)[0].value(), Some(300.5 / 3.0));
    assert_eq!(
        desk.values("new_users", days, Some(Grain::Day)),
        [Number::Count(25), Number::Count(30), Number::None],
        "a total of a day holds over the sum of its channels"
    );
    assert_eq!(desk.values("new_users", days, None), [Number::Count(55)]);
    assert_eq!(desk.values("net", days, None), [Number::Money(12_750_000)]);
    assert_eq!(desk.values("d7", days, Some(Grain::Day))[0].value(), Some(0.25));
    assert_eq!(desk.values("d7", days, None), [Number::None], "rates of days are no rate of all");
    assert_eq!(desk.values("wau", days, None), [Number::None]);
    assert_eq!(desk.values("gross", days, None), [Number::None]);
    let by_channel = desk.series("new_users", span("2026-05-30", "2026-05-30"), None, Some(Split::Channel));
    let parts: Vec<_> = by_channel.lines.iter().map(|l| (l.part.as_deref(), l.points[0].value)).collect();
    for (name, users) in [("search", 20), ("feed", 5)] {
        assert!(parts.contains(&(Some(name), Number::Count(users))), "{parts:?}");
    }
    assert!(desk.series("dau", days, None, None).lines[0].points[0].state == State::Complete);
}

#[test]
fn what_is_measured_holds_and_the_difference_is_told() {
    let mut desk = desk(&[(Kind::Facts, FACTS), (Kind::Events, EVENTS)]);
    let days = span("2026-05-30", "2026-06-02");
    let told = desk.series("dau", days, Some(Grain::Day), None);
    let values: Vec<_> = told.lines[0].points.iter().filter_map(|p| p.value.value()).collect();
    assert_eq!(values, [100.0, 110.5, 1.0, 2.0]);
    assert_eq!(told.facts.filled, 2);
    let first = Day::parse("2026-06-01").unwrap();
    assert_eq!(told.facts.overruled, [(first, Number::Count(90), Number::Count(1))]);
    // 25 and 30 by facts, ann and ben by events.
    assert_eq!(desk.values("new_users", days, None), [Number::Count(57)]);
}

#[test]
fn facts_feed_what_the_rows_there_are_do_not_tell() {
    let facts = "date,metric,value\n2026-06-01,ad_fill,0.5\n2026-06-02,ad_fill,0.75\n";
    let mut desk = desk(&[(Kind::Facts, facts), (Kind::Events, EVENTS)]);
    let days = span("2026-06-01", "2026-06-02");
    let told = desk.series("ad_fill", days, Some(Grain::Day), None);
    assert_eq!(told.lines[0].points.iter().map(|p| p.value.value()).collect::<Vec<_>>(), [Some(0.5), Some(0.75)]);
    assert_eq!((told.facts.filled, told.facts.overruled.len(), told.needs), (2, 0, None));
}

/// Whoever came before the day that is looked at, but was touched by a channel only later, is direct as of that day.
#[test]
fn a_later_touch_is_not_seen_from_before() {
    let events = "user_id,ts,event,channel\nann,2026-06-01T08:00:00Z,open,\nben,2026-06-01T09:00:00Z,open,search\n\
                  ann,2026-06-20T08:00:00Z,open,ads\n";
    let mut desk = desk(&[(Kind::Events, events)]);
    let split = |desk: &mut Desk, today: Option<&str>| -> Vec<(Option<String>, Number)> {
        let (metric, span) = ("new_users", span("2026-06-01", "2026-06-02"));
        let (segment, split) = (Segment::default(), Some(Split::Channel));
        let query = MetricQuery { metric, span, grain: None, segment, split, event: None, window_days: None };
        let clock = Clock { today: today.map(|day| Day::parse(day).unwrap()), ..CLOCK };
        let Answer::Metric(series) = desk.engine.answer(&Query::Metric(query), clock).unwrap() else { panic!() };
        series.lines.into_iter().map(|line| (line.part, line.points[0].value)).collect()
    };
    let part = |name: &str, users| (Some(name.to_owned()), Number::Count(users));
    assert!(split(&mut desk, None).contains(&part("ads", 1)));
    let before = split(&mut desk, Some("2026-06-10"));
    assert!(before.contains(&part("(direct)", 1)) && before.contains(&part("ads", 0)), "{before:?}");
    assert!(split(&mut desk, None).contains(&part("ads", 1)), "and back again");
}

#[test]
fn properties_that_are_no_json_are_none_and_disturb_no_others() {
    let events = "user_id,ts,event,props\nann,2026-06-01T08:00:00Z,open,not json\n\
                  ben,2026-06-01T09:00:00Z,open,\"{\"\"plan\"\":\"\"pro\"\"}\"\n";
    let mut desk = desk(&[(Kind::Events, events)]);
    let mut missing = |name: &str| {
        let asked = Query::Properties(vec![name.to_owned()]);
        let Answer::Properties(found) = desk.engine.answer(&asked, CLOCK).unwrap() else { panic!() };
        found
    };
    assert_eq!(missing("plan"), None);
    assert_eq!(missing("seats"), Some(("seats".to_owned(), vec!["plan".to_owned()])));
}

#[test]
fn today_shows_what_facts_tell() {
    let mut desk = desk(&[(Kind::Facts, FACTS)]);
    let scope = Scope {
        period: span("2026-05-30", "2026-06-01"),
        grain: Grain::Day,
        comparison: Comparison::None,
        segment: Segment::default(),
    };
    let Answer::Today(today) = desk.engine.answer(&Query::Today(scope), CLOCK).unwrap() else { panic!() };
    let of = |id: &str| today.headline.iter().find(|c| c.metric == id).unwrap().now;
    assert_eq!((of("new_users"), of("net")), (Number::Count(55), Number::Money(12_750_000)));
}
