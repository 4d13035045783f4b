//! Identity links: every answer is the one that rows with one id a person would give, and taking the links back gives
//! what was told before.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]
#![expect(clippy::disallowed_methods, reason = "files of the test, never an open workspace")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::ControlFlow;

use proptest::prelude::*;
use quarterdeck::domain::calendar::{Day, Grain, Instant, Span, Zone};
use quarterdeck::domain::money::Currency;
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::query::{
    Among, Answer, CohortKind, Command, Comparison, Entry, EventFilter, FunnelQuery, ImportRequest, LifecycleQuery,
    LifecycleTable, LtvAges, LtvQuery, METRICS, MetricQuery, Occurrences, Outcome, Query, RetentionQuery, Scope,
    Segment, Split, StickinessQuery, Window,
};

/// 2026-06-01.
const DAY: i32 = 20_605;
const DAYS: i32 = 12;
const CLOCK: Clock = Clock { now: Instant((DAY as i64 + 20) * 86_400_000_000), today: None };
const USERS: u8 = 7;

/// Something a user does: who, minute, what; an order where the last is above 3.
type Act = (u8, u32, u8);

struct Desk {
    engine: Engine,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let profile = NewWorkspace::bare(Zone::UTC, Currency::parse("USD"));
        Self { engine: Engine::create(&folder.path().join("w.db"), &profile).unwrap(), folder }
    }

    fn run(&mut self, command: &Command) -> Outcome {
        self.engine.run(command, CLOCK, &mut |_| ControlFlow::Continue(())).unwrap()
    }

    /// Loads rows and gives the number of their import.
    fn load(&mut self, kind: Kind, rows: &str) -> i64 {
        let path = self.folder.path().join(format!("{}.csv", kind.name()));
        std::fs::write(&path, rows).unwrap();
        let request = ImportRequest { path, kind: Some(kind), ..ImportRequest::default() };
        let Outcome::Imported(summary) = self.run(&Command::Import(request)) else { panic!("another outcome") };
        assert_eq!(summary.counts.rejected, 0, "{:?}", summary.first_rejects);
        summary.batch.unwrap()
    }

    /// Every row of the acts, under the names that their users go by.
    fn act(&mut self, acts: &[Act], name: &dyn Fn(u8) -> String) {
        let mut events = "event_id,user_id,ts,event,channel,platform\n".to_owned();
        let mut orders = "order_id,user_id,ts,amount\n".to_owned();
        for (at, (user, minute, what)) in acts.iter().enumerate() {
            let ts = Instant((i64::from(DAY) * 1440 + i64::from(*minute)) * 60_000_000);
            let user = name(*user);
            let event = ["view", "buy", "share", "view"][usize::from(*what) % 4];
            let channel = ["", "search", "feed"][(*minute % 3) as usize];
            writeln!(events, "e{at},{user},{ts},{event},{channel},{}", ["ios", "web"][(*minute % 2) as usize]).unwrap();
            if *what > 3 {
                writeln!(orders, "o{at},{user},{ts},{what}").unwrap();
            }
        }
        self.load(Kind::Events, &events);
        self.load(Kind::Revenue, &orders);
    }

    fn ask(&mut self, query: &Query) -> Answer {
        self.engine.answer(query, CLOCK).unwrap()
    }

    /// All that the workspace tells of its users, refusals included.
    fn told(&mut self) -> Vec<String> {
        let span = Span { first: Day(DAY), last: Day(DAY + DAYS - 1) };
        let mut told = Vec::new();
        for metric in METRICS {
            for grain in [Some(Grain::Day), Some(Grain::Week), None] {
                told.push(self.metric(&MetricQuery { grain, ..metric_of(metric.id, span) }));
            }
            for split in [Split::Channel, Split::Platform, Split::Stream] {
                told.push(self.metric(&MetricQuery { split: Some(split), ..metric_of(metric.id, span) }));
            }
            let segment = Segment { channels: vec!["search".into()], ..Segment::default() };
            told.push(self.metric(&MetricQuery { segment, ..metric_of(metric.id, span) }));
        }
        let more = groups(span).into_iter().chain([funnel(span), active_days(span), Query::Choices]);
        for query in cohorts(span).into_iter().chain(more) {
            let answer = match self.ask(&query) {
                // Which of its ids names a person is the table's choice.
                Answer::Lifecycle(table) => Answer::Lifecycle(LifecycleTable { users: Vec::new(), ..table }),
                answer => answer,
            };
            told.push(format!("{query:?} {answer:?}"));
        }
        let scope =
            Scope { period: span, grain: Grain::Day, comparison: Comparison::Previous, segment: Segment::default() };
        told.push(format!("{:?}", self.ask(&Query::Revenue(scope))));
        told
    }

    fn metric(&mut self, query: &MetricQuery) -> String {
        match self.engine.answer(&Query::Metric(query.clone()), CLOCK) {
            Ok(answer) => format!("{query:?} {answer:?}"),
            Err(error) => format!("{query:?} {error}"),
        }
    }
}

fn metric_of(metric: &'static str, span: Span) -> MetricQuery {
    MetricQuery { metric, span, grain: None, segment: Segment::default(), split: None, event: None, window_days: None }
}

fn cohorts(span: Span) -> Vec<Query> {
    let query = |kind, start: Option<&str>, ret: Option<&str>| RetentionQuery {
        kind,
        start: EventFilter::named(start),
        ret: EventFilter::named(ret),
        ..RetentionQuery::new(span, Grain::Day, 5)
    };
    let all = [
        query(CohortKind::FirstTime, None, None),
        query(CohortKind::Recurring, None, None),
        query(CohortKind::FirstTime, Some("view"), Some("buy")),
        RetentionQuery { window: Window::Rolling, ..query(CohortKind::FirstTime, None, None) },
    ];
    all.map(|query| Query::Retention(Box::new(query))).into()
}

fn funnel(span: Span) -> Query {
    let query = FunnelQuery::new(&["view", "buy"], Some(86_400));
    Query::Funnel(Box::new(FunnelQuery { entry: Entry::First, span: Some(span), ..query }))
}

fn groups(span: Span) -> [Query; 2] {
    let segment = Segment::default;
    let (grain, at) = (Grain::Week, span.last);
    [
        Query::Ltv(LtvQuery {
            span,
            grain: Grain::Day,
            ages: LtvAges::Buckets(3),
            among: Among::Users,
            segment: segment(),
        }),
        Query::Lifecycle(LifecycleQuery { at, grain, against: None, event: None, segment: segment() }),
    ]
}

fn active_days(span: Span) -> Query {
    Query::Stickiness(StickinessQuery {
        span,
        grain: Grain::Day,
        event: None,
        rule: Occurrences::AtLeast(2),
        cumulative: false,
        segment: Segment::default(),
    })
}

fn own(user: u8) -> String {
    format!("u{user}")
}

fn table(links: &[(u8, u8)]) -> String {
    links.iter().fold("alias,user\n".to_owned(), |mut rows, (alias, user)| {
        writeln!(rows, "u{alias},u{user}").unwrap();
        rows
    })
}

/// For each user the least one that links lead to, whichever way.
fn persons(links: &[(u8, u8)]) -> BTreeMap<u8, u8> {
    // A second link of an alias in one file replaces the first.
    let links: BTreeMap<u8, u8> = links.iter().copied().collect();
    let person = |user: u8| {
        let mut whole = BTreeSet::from([user]);
        loop {
            let more: Vec<u8> = links
                .iter()
                .filter(|(a, b)| whole.contains(a) != whole.contains(b))
                .flat_map(|(a, b)| [*a, *b])
                .collect();
            if more.is_empty() {
                return *whole.iter().next().unwrap();
            }
            whole.extend(more);
        }
    };
    (0..USERS).map(|user| (user, person(user))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn linked_users_are_one_in_every_answer_until_the_links_are_taken_back(
        acts in prop::collection::vec((0..USERS, 0..DAYS as u32 * 1440, 0..6_u8), 1..60),
        links in prop::collection::vec((0..USERS, 0..USERS), 1..6),
        links_first in any::<bool>(),
    ) {
        let (mut linked, mut plain, mut one) = (Desk::new(), Desk::new(), Desk::new());
        plain.act(&acts, &own);
        let persons = persons(&links);
        one.act(&acts, &|user| own(persons[&user]));
        let batch = if links_first {
            let batch = linked.load(Kind::Links, &table(&links));
            linked.act(&acts, &own);
            batch
        } else {
            linked.act(&acts, &own);
            prop_assert_eq!(linked.told(), plain.told(), "read before the links come");
            linked.load(Kind::Links, &table(&links))
        };
        let merged = one.told();
        prop_assert_eq!(linked.told(), merged.clone());
        linked.run(&Command::UndoImport(batch));
        prop_assert_eq!(linked.told(), plain.told());
        linked.run(&Command::RedoImport(batch));
        prop_assert_eq!(linked.told(), merged);
        let Outcome::Verified(report) = linked.run(&Command::Verify) else { panic!("another outcome") };
        prop_assert!(report.checks.iter().all(|(_, passed, _)| *passed), "{:?}", report.checks);
    }
}

#[test]
fn a_link_to_nobody_known_adds_no_user() {
    let mut desk = Desk::new();
    desk.act(&[(0, 5, 0), (1, 6, 0)], &own);
    let before = desk.told();
    desk.load(Kind::Links, "alias,user\nx,y\n");
    assert_eq!(desk.told(), before);
    let mut exported = Vec::new();
    desk.engine
        .export(Kind::Events, None, &mut |cells| {
            exported.push(cells[0].clone().unwrap());
            Ok(())
        })
        .unwrap()
        .unwrap();
    assert_eq!(exported, ["u0", "u1"]);
}
