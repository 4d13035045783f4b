//! Campaigns by phase, beside the round before, by who joined, and in the calendar, against the rows read one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use quarterdeck::domain::calendar::{Day, Grain, Span};
use quarterdeck::domain::operations::Section;
use quarterdeck::domain::plans::{Edit, OpType, PhaseKind, Plan};
use quarterdeck::domain::records::Kind;
use quarterdeck::query::{
    Answer, BreakdownBy, BreakdownKey, Comparison, Cost, Figure, FunnelRule, NewPlan, Number, ParticipantsQuery,
    PlanOrder, Query, Scope, SectionQuery, SectionRow, SectionTable, Segment,
};

use super::desk::{Desk, day, plan};

const NAMES: [&str; 5] = ["event_join", "share", "item_view", "app_open", "push_in"];
const CHANNELS: [&str; 3] = ["feed", "search", ""];

#[derive(Clone, Copy)]
struct Row {
    day: Day,
    user: u32,
    name: &'static str,
    platform: &'static str,
}

/// The channel of a user, which every event of his has.
fn channel(user: u32) -> &'static str {
    CHANNELS[(user % 3) as usize]
}

/// What an event has as its property; some have none.
fn prize(at: usize) -> &'static str {
    ["tea", "mug", ""][at % 3]
}

/// Two hundred days of users who come and go: numbers that look like chance and are always the same.
fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut seed = 7_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for at in (day("2026-03-01").0..=day("2026-06-10").0).map(Day) {
        for _ in 0..next(14) {
            let platform = ["ios", "web"][next(2) as usize];
            rows.push(Row { day: at, user: next(40) as u32, name: NAMES[next(5) as usize], platform });
        }
    }
    rows
}

fn desk(rows: &[Row]) -> Desk {
    let mut desk = Desk::bare();
    let mut text = String::from("event_id,user_id,ts,event,channel,platform,prize\n");
    for (at, row) in rows.iter().enumerate() {
        let (minute, second) = (at / 60 % 60, at % 60);
        let Row { day, user, name, platform } = row;
        writeln!(
            text,
            "e{at},u{user},{day}T{:02}:{minute:02}:{second:02}Z,{name},{},{platform},{}",
            8 + at / 3_600,
            channel(*user),
            prize(at)
        )
        .unwrap();
    }
    desk.import(Kind::Events, &text);
    desk.import(
        Kind::Spend,
        "date,channel,campaign,amount\n2026-05-01,feed,old,5\n2026-06-02,feed,spring,5\n2026-06-03,feed,spring,5\n\
         2026-06-06,feed,spring,5\n2026-06-06,feed,,5\n",
    );
    desk
}

/// The fair of May, and that of June as its second round.
fn fairs(desk: &mut Desk) -> (Plan, Plan) {
    let fair = |start, finish, phases| NewPlan {
        op_type: OpType::Activity,
        title: "Fair".to_owned(),
        method: "activity_mkt".to_owned(),
        target: Some(1_000.0),
        phases,
        ..plan("active_users", start, finish)
    };
    let first = desk.done(PlanOrder::New(Box::new(fair("2026-05-02", "2026-05-12", Vec::new()))));
    let phases = vec![
        (PhaseKind::Preheat, day("2026-06-05"), day("2026-06-07"), 0.25),
        (PhaseKind::Burst, day("2026-06-08"), day("2026-06-12"), 0.6),
        (PhaseKind::Tail, day("2026-06-13"), day("2026-06-14"), 0.15),
    ];
    let second = desk.done(PlanOrder::New(Box::new(fair("2026-06-05", "2026-06-14", phases))));
    let book = desk.book();
    let (first, second) = (book.plan(first).unwrap().clone(), book.plan(second).unwrap().clone());
    let mut edit = Edit::new("a round");
    let round = Plan { series_id: first.series_id, round: 2, prev_plan_id: Some(first.id), ..second.clone() };
    edit.set(second, round.clone());
    desk.done(PlanOrder::Edit(edit));
    (first, round)
}

fn section(desk: &mut Desk, section: Section) -> SectionTable {
    let period = Span { first: day("2026-06-01"), last: day("2026-06-30") };
    let scope = Scope { period, grain: Grain::Month, comparison: Comparison::Previous, segment: Segment::default() };
    let query = SectionQuery { section, scope, funnel: FunnelRule::default(), by: None };
    match desk.ask(&Query::Section(Box::new(query))) {
        Answer::Section(table) => *table,
        other => panic!("{other:?}"),
    }
}

fn span(first: &str, last: &str) -> Span {
    Span { first: day(first), last: day(last) }
}

/// Distinct users with an event in some days.
fn users(rows: &[Row], name: &str, days: Span) -> BTreeSet<u32> {
    rows.iter().filter(|row| row.name == name && days.contains(row.day)).map(|row| row.user).collect()
}

fn number(row: &SectionRow, at: usize) -> Number {
    row.figures[at].value().unwrap().now
}

fn of<'t>(table: &'t SectionTable, plan: &Plan) -> Vec<&'t SectionRow> {
    let name = plan.name();
    table.rows.iter().zip(&table.of).filter(|(_, of)| **of == name).map(|(row, _)| row).collect()
}

#[test]
fn phases_count_who_joined_in_their_days_as_far_as_these_are_seen() {
    let rows = rows();
    let mut desk = desk(&rows);
    let (first, second) = fairs(&mut desk);
    let table = section(&mut desk, Section::Phases);
    assert!(of(&table, &first).is_empty(), "it has no phases");
    let phases = of(&table, &second);
    let seen = [span("2026-06-05", "2026-06-07"), span("2026-06-08", "2026-06-10")];
    for (row, days) in phases.iter().zip(seen) {
        assert_eq!(number(row, 2), Number::Count(users(&rows, "event_join", days).len() as i128), "{}", row.name);
    }
    assert_eq!(phases.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["preheat", "burst", "tail"]);
    let running: Vec<bool> = phases.iter().map(|row| row.figures[2].value().unwrap().running).collect();
    assert_eq!(running, [false, true, false]);
    assert_eq!(number(phases[2], 2), Number::None, "the tail has not begun");
}

#[test]
fn a_round_is_compared_with_as_many_days_of_the_one_before() {
    let rows = rows();
    let mut desk = desk(&rows);
    let (first, second) = fairs(&mut desk);
    let table = section(&mut desk, Section::Round);
    let (now, then) = (span("2026-06-05", "2026-06-10"), span("2026-05-02", "2026-05-07"));
    let steps = [("touched", "push_in"), ("viewed", "item_view"), ("joined", "event_join"), ("shared", "share")];
    let count = |name, days| Number::Count(users(&rows, name, days).len() as i128);
    let found: Vec<_> = of(&table, &second)
        .iter()
        .map(|row| {
            let value = row.figures[0].value().unwrap();
            (row.name.clone(), value.now, value.before)
        })
        .collect();
    let expected = steps.map(|(step, name)| (step.to_owned(), count(name, now), count(name, then)));
    assert_eq!(found, expected);
    let alone = of(&table, &first);
    assert!(alone.iter().all(|row| row.figures[0].value().unwrap().before == Number::None), "a first round has none");
}

#[test]
fn participants_stand_in_one_row_by_channel_and_in_one_by_platform() {
    let rows = rows();
    let mut desk = desk(&rows);
    let (_, second) = fairs(&mut desk);
    let days = span("2026-06-05", "2026-06-10");
    // Rows are in the order of time, so the first join of a user is the first row of his.
    let mut first: BTreeMap<u32, &str> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.name == "event_join" && days.contains(row.day)) {
        first.entry(row.user).or_insert(row.platform);
    }
    let mut expected: BTreeMap<(String, String), i128> = BTreeMap::new();
    for (user, platform) in &first {
        let channel = if channel(*user).is_empty() { "(direct)" } else { channel(*user) };
        *expected.entry(("channel".to_owned(), channel.to_owned())).or_default() += 1;
        *expected.entry(("platform".to_owned(), (*platform).to_owned())).or_default() += 1;
    }
    let table = section(&mut desk, Section::Joiners);
    let mut found = BTreeMap::new();
    for row in of(&table, &second) {
        let Figure::Word(by) = &row.figures[0] else { panic!("{row:?}") };
        let Number::Count(users) = number(row, 1) else { panic!("{row:?}") };
        assert_eq!(number(row, 2), Number::ratio(users, first.len() as i128));
        found.insert((by.clone(), row.name.clone()), users);
    }
    assert_eq!(found, expected);
}

#[test]
fn participants_are_split_by_a_property_of_their_first_join() {
    let rows = rows();
    let mut desk = desk(&rows);
    let days = span("2026-06-05", "2026-06-10");
    let mut first: BTreeMap<u32, &str> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.name == "event_join" && days.contains(row.day)) {
        first.entry(row.user).or_insert(prize(at));
    }
    let by = BreakdownBy { key: BreakdownKey::Property("prize".to_owned()), top: None };
    let query =
        ParticipantsQuery { event: None, span: days, segment: Segment::default(), cost: Cost::Unknown, by: Some(by) };
    let Answer::Participants(found) = desk.ask(&Query::Participants(Box::new(query))) else { panic!() };
    let count = |prize: &str| first.values().filter(|own| **own == prize).count() as u64;
    let found: BTreeMap<&str, u64> =
        found.parts.iter().map(|(name, part)| (name.as_str(), part.participants)).collect();
    assert_eq!(found, BTreeMap::from([("(none)", count("")), ("mug", count("mug")), ("tea", count("tea"))]));
}

#[test]
fn the_calendar_has_plans_with_their_phases_and_the_days_of_spend_near_today() {
    let rows = rows();
    let mut desk = desk(&rows);
    fairs(&mut desk);
    let table = section(&mut desk, Section::Calendar);
    assert_eq!(table.span, Some(span("2026-05-25", "2026-06-28")));
    let days = |row: &SectionRow| match &row.figures[0] {
        Figure::Stretches(days) => days.clone(),
        other => panic!("{other:?}"),
    };
    let found: Vec<_> = table.rows.iter().map(|row| (row.name.as_str(), days(row))).collect();
    let fair = vec![
        (span("2026-06-05", "2026-06-07"), Some(PhaseKind::Preheat)),
        (span("2026-06-08", "2026-06-12"), Some(PhaseKind::Burst)),
        (span("2026-06-13", "2026-06-14"), Some(PhaseKind::Tail)),
    ];
    let spring = vec![(span("2026-06-02", "2026-06-03"), None), (span("2026-06-06", "2026-06-06"), None)];
    assert_eq!(found, [("Fair r2", fair), ("feed / spring", spring)]);
}
