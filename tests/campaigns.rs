//! Spend and new users by campaign over random rows, against a count that reads the rows one by one.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use proptest::prelude::*;
use quarterdeck::domain::calendar::{Calendar, Day, Grain, Instant, Span, WeekStart, Zone};
use quarterdeck::domain::money::Currency;
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::query::{
    Answer, CampaignsQuery, CampaignsTable, Command, ImportRequest, MetricQuery, NO_VALUE, Number, Outcome, Query,
    Segment,
};

/// 2026-05-04, a Monday.
const FIRST: Day = Day(20_577);
const DAYS: i32 = 30;
const CALENDAR: Calendar = Calendar { zone: Zone::UTC, week_start: WeekStart::Monday };
/// Channels as they stand in files; one is written in two ways, and mail never names a campaign.
const CHANNELS: [&str; 4] = ["", "feed", "Feed", "mail"];
const CAMPAIGNS: [&str; 4] = ["", "spring", " Spring", "brand"];

#[derive(Debug, Clone)]
struct Row {
    day: i32,
    user: u8,
    channel: &'static str,
    campaign: &'static str,
}

#[derive(Debug, Clone)]
struct Spent {
    day: i32,
    channel: &'static str,
    campaign: &'static str,
    amount: i64,
    clicks: Option<u8>,
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (0..DAYS, 0..12_u8, 0..CHANNELS.len(), 0..CAMPAIGNS.len()).prop_map(|(day, user, channel, campaign)| {
        Row { day, user, channel: CHANNELS[channel], campaign: if channel == 3 { "" } else { CAMPAIGNS[campaign] } }
    });
    prop::collection::vec(row, 1..60)
}

fn spend() -> impl Strategy<Value = Vec<Spent>> {
    let row = (0..DAYS, 1..CHANNELS.len(), 0..CAMPAIGNS.len(), 1..90_i64, prop::option::of(0..9_u8));
    let row = row.prop_map(|(day, channel, campaign, amount, clicks)| Spent {
        day,
        channel: CHANNELS[channel],
        campaign: CAMPAIGNS[campaign],
        amount,
        clicks,
    });
    prop::collection::vec(row, 1..30)
}

fn clock() -> Clock {
    Clock { now: Instant(i64::from(FIRST.0 + DAYS + 2) * 86_400_000_000), today: None }
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

fn workspace(rows: &[Row], spend: &[Spent]) -> Engine {
    let mut engine = Engine::in_memory(&NewWorkspace::bare(Zone::UTC, Currency::parse("USD"))).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("event_id,user_id,ts,event,channel,utm_campaign\n");
    for (at, row) in rows.iter().enumerate() {
        let (day, time) = (FIRST.plus(row.day), format!("10:{:02}:{:02}", at / 60, at % 60));
        writeln!(text, "e{at},u{},{day}T{time}Z,open,{},{}", row.user, row.channel, row.campaign).unwrap();
    }
    load(&mut engine, folder.path(), Kind::Events, &text);
    let mut text = String::from("date,channel,campaign,amount,impressions,clicks\n");
    // Rows of one day, channel and campaign are one key: each line has its own spelling of nothing else.
    let mut keyed: BTreeMap<(i32, &str, &str), &Spent> = BTreeMap::new();
    for one in spend {
        keyed.insert((one.day, one.channel, one.campaign.trim()), one);
    }
    for one in keyed.values() {
        let clicks = one.clicks.map_or_else(String::new, |n| n.to_string());
        writeln!(text, "{},{},{},{},,{clicks}", FIRST.plus(one.day), one.channel, one.campaign, one.amount).unwrap();
    }
    load(&mut engine, folder.path(), Kind::Spend, &text);
    engine
}

fn ask(engine: &mut Engine, grain: Option<Grain>) -> CampaignsTable {
    let query = CampaignsQuery { span: whole(), grain, segment: Segment::default() };
    let Answer::Campaigns(table) = engine.answer(&Query::Campaigns(query), clock()).unwrap() else { panic!() };
    *table
}

fn whole() -> Span {
    Span { first: FIRST, last: FIRST.plus(DAYS - 1) }
}

/// Spend in micros, clicks and users of each campaign and bucket.
type Naive = BTreeMap<(String, String, usize), (Option<i128>, Option<i128>, Option<u64>)>;

fn naive(rows: &[Row], spend: &[Spent], buckets: &[Span]) -> Naive {
    let fold = |text: &str| text.trim().to_lowercase();
    let bucket = |day: i32| buckets.iter().position(|bucket| bucket.contains(FIRST.plus(day))).unwrap();
    let mut keyed = BTreeMap::new();
    for one in spend {
        keyed.insert((one.day, one.channel, one.campaign.trim()), one);
    }
    let paid = |channel: &str| spend.iter().any(|one| fold(one.channel) == channel);
    let tells = |channel: &str| rows.iter().any(|row| fold(row.channel) == channel && !row.campaign.is_empty());
    let mut out = Naive::new();
    let mut names: Vec<(String, String)> = keyed.values().map(|one| (fold(one.channel), fold(one.campaign))).collect();
    let mut born: Vec<(String, String, usize)> = Vec::new();
    for user in 0..12 {
        let mut own: Vec<(usize, &Row)> = rows.iter().enumerate().filter(|(_, row)| row.user == user).collect();
        own.sort_by_key(|(at, row)| (row.day, *at));
        let Some((_, first)) = own.first() else { continue };
        let touch = own.iter().find(|(_, row)| !row.channel.is_empty()).map(|(_, row)| *row);
        let Some(touch) = touch.filter(|touch| paid(&fold(touch.channel))) else { continue };
        let channel = fold(touch.channel);
        let campaign = if tells(&channel) { fold(touch.campaign) } else { String::new() };
        names.push((channel.clone(), campaign.clone()));
        born.push((channel, campaign, bucket(first.day)));
    }
    names.sort();
    names.dedup();
    for (channel, campaign) in names {
        for (at, days) in buckets.iter().enumerate() {
            let of = || {
                keyed.values().filter(|one| {
                    (fold(one.channel), fold(one.campaign), bucket(one.day)) == (channel.clone(), campaign.clone(), at)
                })
            };
            let sum = of().map(|one| i128::from(one.amount) * 1_000_000).reduce(|a, b| a + b);
            let clicks = of().filter_map(|one| one.clicks).map(i128::from).reduce(|a, b| a + b);
            let key = (channel.clone(), campaign.clone(), at);
            // A campaign that brought nobody in days with events brought none, where the channel names campaigns.
            let seen = rows.iter().map(|row| row.day);
            let (low, high) = (seen.clone().min().unwrap_or(0), DAYS - 1);
            let told = Span { first: FIRST.plus(low), last: FIRST.plus(high) };
            let known = (tells(&channel) || campaign.is_empty()) && told.intersect(*days).is_some();
            let users = known.then(|| born.iter().filter(|one| **one == key).count() as u64);
            out.insert(key, (sum, clicks, users));
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn campaigns_are_what_the_rows_say(rows in rows(), spend in spend()) {
        let mut engine = workspace(&rows, &spend);
        for grain in [None, Some(Grain::Week)] {
            let table = ask(&mut engine, grain);
            let buckets = grain.map_or_else(|| vec![whole()], |grain| CALENDAR.buckets(grain, whole()));
            prop_assert_eq!(table.buckets.iter().map(|b| b.first).collect::<Vec<_>>(),
                buckets.iter().map(|b| b.first.max(FIRST)).collect::<Vec<_>>());
            let mut found = Naive::new();
            for row in &table.rows {
                for (at, bill) in row.bills.iter().enumerate() {
                    let campaign = Some(row.campaign.to_lowercase()).filter(|name| name != NO_VALUE).unwrap_or_default();
                    let key = (row.channel.to_lowercase(), campaign, at);
                    found.insert(key, (bill.spend, bill.clicks, bill.users));
                }
            }
            prop_assert_eq!(found, naive(&rows, &spend, &buckets));
        }
        // What all campaigns with spend together cost a user is the metric of it.
        let paid = ask(&mut engine, None).paid[0];
        let query = MetricQuery { metric: "cac_paid", span: whole(), grain: None, segment: Segment::default(), split: None,
            event: None, window_days: None };
        let Answer::Metric(series) = engine.answer(&Query::Metric(query), clock()).unwrap() else { panic!() };
        let same = |a: Number, b: Number| a.value() == b.value();
        prop_assert!(same(paid.cac(), series.lines[0].points[0].value), "{:?} {:?}", paid.cac(), series.lines[0].points[0]);
    }
}
