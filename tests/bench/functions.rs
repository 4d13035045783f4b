//! Functions on which every larger cost rests: a row read, a pass over user-days, a user walked through a funnel.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "no workspace is open here")]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use quarterdeck::domain::calendar::{Calendar, Day, Grain, Instant, Span, WeekStart, Zone};
use quarterdeck::ingest::{Fate, Rules, inspect, propose, read};
use quarterdeck::metrics::activity::{growth, rolling};
use quarterdeck::metrics::funnel::{Entry, Exclusion, Hit, Order, Rules as FunnelRules, Walker};
use quarterdeck::metrics::number::Horizon;
use quarterdeck::metrics::presence::{Audience, UserDays};
use quarterdeck::metrics::retention::days::{Rules as TriangleRules, Zero, table};
use quarterdeck::metrics::retention::{Average, CohortKind, Criterion as Rule};
use quarterdeck::metrics::turnout::Turnout;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CALENDAR: Calendar = Calendar { zone: Zone::UTC, week_start: WeekStart::Monday };
const ROWS: u64 = 10_000;
const USERS: u32 = 100_000;
const YEAR: Span = Span { first: Day(19_723), last: Day(20_087) };

/// Spread over all 64 bits (splitmix64's finisher).
fn mix(n: u64) -> u64 {
    let z = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB)
}

fn csv() -> String {
    (0..ROWS).fold("event_id,user_id,event,ts,platform,channel\n".to_owned(), |all, n| {
        let (id, second) = (mix(n + 1), n % 60);
        all + &format!("{id:016x}{id:016x}0000,u{:08},view_item,2024-01-01T10:20:{second:02}.117Z,ios,email\n", n % 999)
    })
}

fn ndjson() -> String {
    (0..ROWS).fold(String::new(), |all, n| {
        let (id, second) = (mix(n + 1), n % 60);
        all + &format!(
            "{{\"event_id\":\"{id:016x}{id:016x}0000\",\"user_id\":\"u{:08}\",\"event\":\"view_item\",\
             \"ts\":\"2024-01-01T10:20:{second:02}.117Z\",\"platform\":\"ios\",\"channel\":\"email\"}}\n",
            n % 999
        )
    })
}

/// Records of a file, as an import reads them.
fn records(path: &Path) -> u64 {
    let shape = inspect(path, &[]).unwrap();
    let mapping = propose(&shape, None, &[], None).unwrap();
    let rules = Rules { calendar: CALENDAR, zone: Zone::UTC, time_unit: None };
    let mut rows = read(path, &shape, &mapping, &rules).unwrap();
    let mut records = 0;
    while let Some(row) = rows.next_row().unwrap() {
        records += u64::from(matches!(black_box(row.fate), Fate::Record(_)));
    }
    records
}

fn reading(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let mut group = c.benchmark_group("read");
    group.throughput(Throughput::Elements(ROWS));
    for (name, text) in [("rows.csv", csv()), ("rows.ndjson", ndjson())] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        assert_eq!(records(&path), ROWS);
        group.bench_function(name, |b| b.iter(|| records(&path)));
    }
    group.finish();
}

/// A year of users who come back after longer and longer whiles.
fn user_days() -> UserDays {
    let mut pairs = Vec::new();
    for user in 0..USERS {
        let mut day = (mix(u64::from(user)) % 365) as i32;
        let mut away = 1;
        while day < 365 {
            pairs.push((user, YEAR.first.plus(day)));
            away += (mix(u64::from(user) << 9 | day as u64) % 40) as i32;
            day += away;
        }
    }
    UserDays::from_pairs(pairs)
}

fn counting(c: &mut Criterion) {
    let days = user_days();
    let all = Audience::new(&days, None, YEAR.last);
    let mut group = c.benchmark_group("user-days");
    group.throughput(Throughput::Elements(all.each().map(|(_, days)| days.len() as u64).sum()));
    let weeks = CALENDAR.buckets(Grain::Week, YEAR);
    let turnout = Turnout::new(&days, None, CALENDAR);
    group.bench_function("turnout", |b| b.iter(|| Turnout::new(black_box(&days), None, CALENDAR)));
    group.bench_function("growth by week", |b| b.iter(|| growth(black_box(all), &turnout, &weeks)));
    let seen = turnout.until(YEAR.last);
    group.bench_function("rolling 30 days", |b| b.iter(|| rolling(black_box(seen), YEAR, 30)));
    for (name, grain, intervals) in [("triangle of days", Grain::Day, 30), ("triangle of weeks", Grain::Week, 52)] {
        let rules = TriangleRules {
            calendar: CALENDAR,
            grain,
            span: YEAR,
            intervals,
            kind: CohortKind::FirstTime,
            criterion: Rule::On,
            zero: Zero::Size,
            average: Average::Pooled,
            horizon: Horizon { through: YEAR.last, reach: YEAR.last },
        };
        group.bench_function(name, |b| b.iter(|| table(black_box(all), all, &rules)));
    }
    group.finish();
}

fn walking(c: &mut Criterion) {
    let user = |user: u64| -> Vec<Hit> {
        let hit = |n: u64| Hit {
            at: Instant(((n * 7_200 + mix(user) % 3_600) * 1_000_000) as i64),
            steps: 1 << (mix(user << 8 | n) % 4),
            excluded: false,
            value: None,
        };
        (0..12).map(hit).collect()
    };
    let users: Vec<Vec<Hit>> = (0..1_000).map(user).collect();
    let mut walker = Walker::new(FunnelRules {
        steps: 4,
        order: Order::Ordered,
        window: Some(7 * 86_400_000_000),
        entry: Entry::Best,
        exclusion: Exclusion::EndsAttempt,
        from: Instant(0),
        until: Instant(i64::MAX),
    });
    let mut group = c.benchmark_group("funnel");
    group.throughput(Throughput::Elements(users.len() as u64));
    group.bench_function("users of 12 events through 4 steps", |b| {
        b.iter(|| users.iter().filter(|hits| walker.attempt(black_box(hits)).is_some()).count());
    });
    group.finish();
}

criterion_group!(functions, reading, counting, walking);
criterion_main!(functions);
