//! An engine that answered before a commit answers after it as one that has just opened the file.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]
#![expect(clippy::disallowed_methods, reason = "files of the test, never an open workspace")]

use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;
use quarterdeck::domain::calendar::{Day, Grain, Instant, Span, Zone};
use quarterdeck::domain::money::Currency;
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Access, Clock, Engine, NewWorkspace};
use quarterdeck::query::{Command, Comparison, ImportRequest, MetricQuery, Query, RetentionQuery, Scope, Segment};

/// 2026-06-01.
const DAY: i32 = 20_605;
const DAYS: i32 = 10;
const CLOCK: Clock = Clock { now: Instant((DAY as i64 + 12) * 86_400_000_000), today: None };

/// A user, an hour, a channel or none where it is above 1, a platform.
type Act = (u8, u16, u8, u8);

#[derive(Debug, Clone)]
enum Commit {
    Events(Vec<Act>),
    /// User and hour.
    Orders(Vec<(u8, u16)>),
    /// The first user counts as the second.
    Link(u8, u8),
}

fn commits() -> impl Strategy<Value = Vec<Commit>> {
    let hour = 0_u16..24 * DAYS as u16;
    let one = prop_oneof![
        6 => prop::collection::vec((0_u8..9, hour.clone(), 0_u8..4, 0_u8..3), 1..8).prop_map(Commit::Events),
        2 => prop::collection::vec((0_u8..9, hour), 1..5).prop_map(Commit::Orders),
        1 => (0_u8..9, 0_u8..9).prop_map(|(alias, user)| Commit::Link(alias, user)),
    ];
    prop::collection::vec(one, 1..7)
}

fn load(engine: &mut Engine, folder: &Path, number: usize, commit: &Commit) {
    let at = |hour: u16| Instant(i64::from(DAY) * 86_400_000_000 + i64::from(hour) * 3_600_000_000);
    let (kind, mut rows) = match commit {
        Commit::Events(_) => (Kind::Events, "event_id,user_id,ts,event,channel,platform\n".to_owned()),
        Commit::Orders(_) => (Kind::Revenue, "order_id,user_id,ts,amount\n".to_owned()),
        Commit::Link(..) => (Kind::Links, "alias,user_id\n".to_owned()),
    };
    match commit {
        Commit::Events(acts) => {
            for (i, (user, hour, channel, platform)) in acts.iter().enumerate() {
                let channel = ["ads", "search"].get(usize::from(*channel)).unwrap_or(&"");
                writeln!(rows, "e{number}-{i},u{user},{},open,{channel},p{platform}", at(*hour)).unwrap();
            }
        }
        Commit::Orders(orders) => {
            for (i, (user, hour)) in orders.iter().enumerate() {
                writeln!(rows, "o{number}-{i},u{user},{},5", at(*hour)).unwrap();
            }
        }
        Commit::Link(alias, user) => writeln!(rows, "u{alias},u{user}").unwrap(),
    }
    let path = folder.join(format!("{number}.csv"));
    std::fs::write(&path, rows).unwrap();
    let request = ImportRequest { path, kind: Some(kind), ..ImportRequest::default() };
    engine.run(&Command::Import(request), CLOCK, &mut |_| ControlFlow::Continue(())).unwrap();
}

fn questions() -> Vec<Query> {
    let span = Span { first: Day(DAY), last: Day(DAY + DAYS - 1) };
    let segments = [
        Segment::default(),
        Segment { channels: vec!["ads".into()], ..Segment::default() },
        Segment { platforms: vec!["p1".into()], ..Segment::default() },
    ];
    let of = |segment: Segment| {
        let metric = |metric| MetricQuery {
            metric,
            span,
            grain: Some(Grain::Day),
            segment: segment.clone(),
            split: None,
            event: None,
            window_days: None,
        };
        let scope =
            Scope { period: span, grain: Grain::Day, comparison: Comparison::Previous, segment: segment.clone() };
        [
            Query::Metric(metric("wau")),
            Query::Metric(metric("returning_users")),
            Query::Front(scope.clone()),
            Query::Revenue(scope),
            Query::Retention(Box::new(RetentionQuery {
                segment: segment.clone(),
                ..RetentionQuery::new(span, Grain::Day, 5)
            })),
        ]
    };
    segments.into_iter().flat_map(of).chain([Query::Today, Query::Status, Query::Choices, Query::Mapping]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_held_in_memory_follows_every_commit(commits in commits()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        let mut warm = Engine::create(&path, &NewWorkspace::bare(Zone::UTC, Currency::parse("USD"))).unwrap();
        for (number, commit) in commits.iter().enumerate() {
            load(&mut warm, folder.path(), number, commit);
            let mut fresh = Engine::open(&path, Access::ReadOnly, Duration::from_secs(5)).unwrap();
            for query in questions() {
                let told = [&mut warm, &mut fresh].map(|engine| format!("{:?}", engine.answer(&query, CLOCK)));
                // Who opened the file to read says so.
                let told = told.map(|text| text.replace("read_only: true", "read_only: false"));
                prop_assert_eq!(&told[0], &told[1], "{:?}", query);
            }
            // What one state of the file leaves for the next start is not shown over another.
            warm.keep_counted();
        }
    }
}
