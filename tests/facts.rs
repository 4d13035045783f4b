//! Daily facts of a metric's name: they tell of days that nothing measures, and never add to what is measured.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::ops::ControlFlow;

use quarterdeck::domain::calendar::{Day, Grain, Instant, Span, Zone};
use quarterdeck::domain::money::Currency;
use quarterdeck::domain::operations::Section;
use quarterdeck::domain::plans::OpType;
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::query::{
    Accumulation, Answer, Command, Comparison, FactQuery, Front, FunnelRule, ImportRequest, MetricQuery, NewPlan,
    Number, Outcome, PlanOrder, Planned, Query, Scope, SectionQuery, Segment, Series, Split, State,
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
    folder: tempfile::TempDir,
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
    Desk { engine, folder }
}

fn span(first: &str, last: &str) -> Span {
    Span { first: Day::parse(first).unwrap(), last: Day::parse(last).unwrap() }
}

fn scope(period: Span) -> Scope {
    Scope { period, grain: Grain::Day, comparison: Comparison::None, segment: Segment::default() }
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

/// What an import of facts tells, the names that are stored, and their values over all days.
fn named(files: &[&str]) -> (Vec<String>, BTreeMap<String, i128>) {
    let mut desk = desk(&[]);
    let mut notes = Vec::new();
    for (at, text) in files.iter().enumerate() {
        let path = desk.folder.path().join(format!("named{at}.csv"));
        let mut file = tempfile::NamedTempFile::new_in(desk.folder.path()).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.persist(&path).unwrap();
        let request = ImportRequest { path, kind: Some(Kind::Facts), ..ImportRequest::default() };
        let done = desk.engine.run(&Command::Import(request), CLOCK, &mut |_| ControlFlow::Continue(())).unwrap();
        let Outcome::Imported(summary) = done else { panic!("another outcome") };
        notes = summary.notes;
        notes.extend(summary.first_rejects.into_iter().map(|(line, why)| format!("line {line}: {why}")));
    }
    let mut stored = BTreeMap::new();
    for name in ["revenue", "net", "spend", "cost", "orders", "visits"] {
        let query = FactQuery {
            name: name.to_owned(),
            accumulation: Accumulation::Flow,
            span: span("2026-05-01", "2026-06-02"),
            grain: None,
            channels: Vec::new(),
            by_channel: false,
        };
        if let Ok(Answer::Fact(found)) = desk.engine.answer(&Query::Fact(query), CLOCK) {
            stored.insert(name.to_owned(), found.lines[0].1[0].value.unwrap() / 1_000_000);
        }
    }
    (notes, stored)
}

#[test]
fn words_of_a_spreadsheet_are_taken_for_the_metric_and_the_import_says_so() {
    let stored =
        |pairs: &[(&str, i128)]| pairs.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect::<BTreeMap<_, _>>();
    let (notes, found) = named(&["day,Revenue,cost,订单,visits\n2026-05-30,90,4,3,8\n2026-05-31,10,5,2,9\n"]);
    assert_eq!(found, stored(&[("net", 100), ("spend", 9), ("orders", 5), ("visits", 17)]));
    for said in
        ["Revenue is taken for net: Net revenue", "cost is taken for spend: Spend", "订单 is taken for orders: Orders"]
    {
        assert!(notes.iter().any(|note| note == said), "{said}: {notes:?}");
    }
    let (notes, found) = named(&["day,revenue,net\n2026-05-30,90,80\n"]);
    assert_eq!(found, stored(&[("revenue", 90), ("net", 80)]), "beside the id a word means something else");
    assert!(notes.contains(&"revenue stays a number of its own: net is net here".to_owned()), "{notes:?}");
}

#[test]
fn two_names_of_a_metric_are_never_added_up() {
    let days: Vec<String> = (10..25).map(|day| format!("2026-05-{day},revenue,1\n")).collect();
    let long = format!("date,metric,value\n{}", days.concat());
    let (notes, found) = named(&[&format!("{long}2026-05-10,net,7\n2026-05-10,营收,9\n")]);
    assert_eq!((found.get("net"), found.get("revenue")), (Some(&15), None), "{found:?}");
    let refused = "line 17: net: revenue is taken for it in the rows before; call one of the two something else";
    assert!(notes.contains(&refused.to_owned()), "{notes:?}");
    assert!(notes.contains(&"营收 stays a number of its own: revenue is net here".to_owned()), "{notes:?}");
}

/// A plan is measured by revenue as it was typed before; what comes later under that name is the same number.
#[test]
fn a_name_that_is_a_number_of_ones_own_keeps_its_meaning() {
    let mut desk = desk(&[]);
    let days = span("2026-05-01", "2026-06-30");
    let plan = NewPlan {
        op_type: OpType::Commercial,
        title: "More".to_owned(),
        method: String::new(),
        focus: None,
        owner: String::new(),
        start: days.first,
        finish: days.last,
        phases: Vec::new(),
        observe_days: 7,
        revenue_link: None,
        strategy: None,
        metric: Some("fact:revenue".to_owned()),
        target: Some(9.0),
        audience: String::new(),
        place: String::new(),
        mechanic: String::new(),
    };
    let order = Command::Plan(PlanOrder::New(Box::new(plan)));
    let done = desk.engine.run(&order, CLOCK, &mut |_| ControlFlow::Continue(())).unwrap();
    assert!(matches!(done, Outcome::Planned(Planned::Done { .. })), "{done:?}");
    assert_eq!(desk.engine.fact_name("revenue").unwrap(), "revenue");
    assert_eq!(desk.engine.fact_name("Cost").unwrap(), "spend");
}

#[test]
fn a_number_of_ones_own_is_the_same_by_its_name_and_as_a_metric() {
    let mut desk = desk(&[(
        Kind::Facts,
        "date,metric,value,channel\n2026-05-30,jars,9,a\n2026-05-30,jars,2,b\n2026-06-01,jars,4.5,\n",
    )]);
    let days = span("2026-05-30", "2026-06-02");
    let query = SectionQuery { section: Section::Numbers, scope: scope(days), funnel: FunnelRule::default(), by: None };
    let Answer::Section(table) = desk.engine.answer(&Query::Section(Box::new(query)), CLOCK).unwrap() else { panic!() };
    let row = &table.rows[0];
    assert_eq!(row.name, "jars");
    for (at, accumulation) in [(0, Accumulation::Level), (1, Accumulation::Flow)] {
        let value = row.figures[at].value().unwrap();
        let name = "jars".to_owned();
        let query = FactQuery { name, accumulation, span: days, grain: None, channels: Vec::new(), by_channel: false };
        let Answer::Fact(fact) = desk.engine.answer(&Query::Fact(query), CLOCK).unwrap() else { panic!() };
        let told = fact.lines[0].1[0].value.unwrap() as f64 / 1e6;
        assert_eq!(value.now.value(), Some(told), "{accumulation:?}");
        assert_eq!(desk.values(value.metric.unwrap(), days, None), [value.now]);
    }
}

#[test]
fn what_a_new_user_costs_is_told_by_facts_as_by_rows() {
    let facts = "date,metric,value,channel\n2026-05-30,spend,60,search\n2026-05-30,new_users,20,search\n\
                 2026-05-30,new_users,10,\n2026-05-31,spend,40,search\n2026-05-31,new_users,5,search\n";
    let mut facts_desk = desk(&[(Kind::Facts, facts)]);
    let days = span("2026-05-30", "2026-05-31");
    let paid = |desk: &mut Desk, id| desk.values(id, days, None)[0];
    // The total of the first day holds over its channel: 10 and 5 users.
    assert_eq!(paid(&mut facts_desk, "cac_paid"), Number::money_per(100_000_000, 25));
    assert_eq!(paid(&mut facts_desk, "cac_blended"), Number::money_per(100_000_000, 15));
    assert_eq!(facts_desk.series("cac_paid", days, None, None).needs, None);
    let Answer::Choices(choices) = facts_desk.engine.answer(&Query::Choices, CLOCK).unwrap() else { panic!() };
    assert_eq!(choices.channels, [("search".to_owned(), 0)], "so that every number can be limited to it");
    let spend = "day,channel,amount\n2026-05-30,search,60\n2026-05-31,search,40\n";
    let users = "date,metric,value,channel\n2026-05-30,new_users,20,search\n2026-05-31,new_users,5,search\n";
    let mut beside = desk(&[(Kind::Spend, spend), (Kind::Facts, users)]);
    assert_eq!(paid(&mut beside, "cac_paid"), Number::money_per(100_000_000, 25));
    let whole = "date,metric,value\n2026-05-30,new_users,20\n2026-05-30,spend,60\n";
    let mut whole = desk(&[(Kind::Facts, whole)]);
    let told = whole.series("cac_paid", days, None, None);
    assert_eq!(told.lines[0].points[0].value, Number::None, "which channels were paid for is not known");
    assert_eq!(told.needs, Some("spend and new users by channel: rows or daily facts"));
    assert_eq!(paid(&mut whole, "cac_blended"), Number::money_per(60_000_000, 20));
}

#[test]
fn today_shows_what_facts_tell() {
    let mut desk = desk(&[(Kind::Facts, FACTS)]);
    let scope = scope(span("2026-05-30", "2026-06-01"));
    let Answer::Front(Front { headline, .. }) = desk.engine.answer(&Query::Front(scope), CLOCK).unwrap() else {
        panic!()
    };
    let of = |id: &str| headline.iter().find(|c| c.metric == id).unwrap().now;
    assert_eq!((of("new_users"), of("net")), (Number::Count(55), Number::Money(12_750_000)));
    assert_eq!(of("level:visits"), Number::Count(9));
    let place = |id: &str| headline.iter().position(|c| c.metric == id).unwrap();
    assert!(place("level:visits") < place("spend"), "what nothing feeds stands last");
}
