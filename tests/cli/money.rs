//! Commands about what users bring and what they cost.

use crate::bytes::pinned;
use crate::endings::fails;
use crate::place::Place;

#[test]
fn money_without_a_rate_is_missing_and_not_nothing() {
    let place = Place::bare();
    assert_eq!(place.line("init --tz UTC --currency USD").code, Some(0));
    place.write(
        "orders.csv",
        "order_id,user_id,ts,amount,currency\na,ann,2026-06-01T08:00:00Z,5,EUR\nb,ben,2026-06-02T08:00:00Z,7,USD\n\
         c,ben,2026-06-02T08:00:00Z,9,EUR\nd,ann,2026-06-04T08:00:00Z,1,USD\n",
    );
    place.write(
        "ads.csv",
        "date,channel,amount,currency\n2026-06-01,tv,5,EUR\n2026-06-02,tv,3,USD\n2026-06-04,tv,1,USD\n",
    );
    for file in ["orders.csv", "ads.csv"] {
        assert_eq!(place.line(&format!("import {file} --through 2026-06-04")).code, Some(0), "{file}");
    }
    let values = |id: &str| {
        let ended = place.line(&format!("metric {id} --from 2026-06-01 --to 2026-06-04 --format csv"));
        assert!(ended.code == Some(0) && ended.err.contains("their currency has no rate"), "{ended:?}");
        let cell = |line: &str| line.split(',').nth(3).unwrap_or_default().to_owned();
        ended.out.lines().skip(1).map(cell).collect::<Vec<String>>()
    };
    // Nothing is known of the first day, part of the second is left out, nothing came on the third.
    assert_eq!(values("net"), ["", "7", "0", "1"]);
    assert_eq!(values("orders"), ["", "1", "0", "1"]);
    assert_eq!(values("paid_rate")[0], "");
    assert_eq!(values("spend"), ["", "3", "0", "1"]);
    place.write("rates.csv", "date,from,to,rate\n2026-06-01,EUR,USD,2\n2026-06-02,EUR,USD,2\n");
    assert_eq!(place.line("import rates.csv --kind rates").code, Some(0));
    let ended = place.line("metric net --from 2026-06-01 --to 2026-06-02 --format csv");
    assert!(ended.out.contains(",10,complete\n") && ended.out.contains(",25,complete\n"), "{ended:?}");
}

#[test]
fn a_workspace_is_kept_in_a_currency_that_there_is() {
    let place = Place::new();
    for line in ["profile --currency ZZZ", "init --currency RMB", "import orders.csv --currency ZZZ"] {
        let ended = place.line(line);
        assert!(ended.code == Some(2) && ended.err.contains("is no currency of ISO 4217, which has CNY"), "{ended:?}");
    }
    assert!(place.line("profile --format csv").out.contains("currency,USD\n"));
    assert_eq!(place.line("profile --currency jpy").code, Some(0));
}

#[test]
fn grades_part_where_the_workspace_says_and_a_late_source_is_named() {
    let place = Place::new();
    place.write(
        "joined.csv",
        "user_id,ts,event,channel\na1,2026-05-01T08:00:00Z,open,tv\na1,2026-05-08T08:00:00Z,open,tv\n\
         b1,2026-05-01T08:00:00Z,open,web\nb1,2026-05-08T08:00:00Z,open,web\n",
    );
    place.write("ads.csv", "date,channel,amount\n2026-05-01,tv,10\n2026-05-01,web,20\n");
    assert_eq!(place.line("import joined.csv --source app --through 2026-06-03").code, Some(0));
    assert_eq!(place.line("import ads.csv --through 2026-05-02").code, Some(0));
    let rows = |flags: &str| {
        let ended = place.line(&format!("channels --from 2026-05-01 {flags} --format csv"));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let ends = |line: &str| line.rsplit(',').take(2).map(str::to_owned).collect::<Vec<String>>();
        (ended.out.lines().skip(1).take(2).map(ends).collect::<Vec<_>>(), ended.err)
    };
    // 1 kept for 20 and 1 for 10, of 2 for 30: 0.75 and 1.5 of all.
    let (graded, said) = rows("--to 2026-05-01");
    assert_eq!(graded, [["complete", "B"], ["complete", "A"]]);
    assert_eq!(said, "");
    assert_eq!(place.line("setting set grade_c 0.8").code, Some(0));
    assert_eq!(place.line("setting set grade_a 1.6").code, Some(0));
    let (graded, said) = rows("--to 2026-05-03");
    assert_eq!(graded, [["running", "C"], ["running", "B"]]);
    assert!(said.contains("data is complete through 2026-05-02, so days up to 2026-05-03 are told in part"), "{said}");
    assert_eq!(rows("--to 2026-05-01 --grades 125,75").0, [["complete", "B"], ["complete", "A"]]);
    assert_eq!(place.line("setting set grade_c 2").code, Some(2));
    let credit = place.line("attribution --from 2026-05-01 --to 2026-06-03 --format csv");
    assert!(credit.out.starts_with("model,source,conversions,share,revenue,spend,cac,roas,state\n"), "{credit:?}");
    assert!(credit.err.contains("complete through 2026-05-02"), "{credit:?}");
}

#[test]
fn value_of_cohorts_by_days_and_by_intervals() {
    pinned("ltv-days", "ltv --grain day --ages 0,1,2 --from 2026-06-01 --to 2026-06-03");
    pinned("ltv-intervals", "ltv --grain week --intervals 1 --among payers --from 2026-06-01");
}

#[test]
fn value_refuses_what_it_has_not() {
    let place = Place::new();
    fails(&place.line("ltv --ages 30,7"), 2, &["ascending", "7,30"]);
    fails(&place.line("ltv --ages 4000"), 2, &["at most 3660"]);
    fails(&place.line("ltv --platform ios"), 2, &["platform", "channels"]);
    fails(&place.line("ltv --channel serch"), 2, &["serch", "did you mean search?"]);
    let ended = place.line("ltv --ages 7 --intervals 3");
    assert!(ended.code == Some(2) && ended.err.contains("cannot be used with"), "{ended:?}");
}

#[test]
fn groups_of_users_with_their_flows_and_lists() {
    pinned("segment-rfm", "segment rfm --against 2026-06-02");
    pinned("segment-rfm-flows", "segment rfm --against 2026-06-02 --flows");
    pinned("segment-rfm-list", "segment rfm --cut ntile --list hibernating");
    pinned("segment-lifecycle", "segment lifecycle --grain day --at 2026-06-02");
    pinned("segment-lifecycle-list", "segment lifecycle --grain day --at 2026-06-02 --list dormant");
}

#[test]
fn groups_refuse_what_they_have_not() {
    let place = Place::new();
    for (line, words) in [
        ("segment rfm --list best", ["a class is champions", "cannot_lose"]),
        ("segment lifecycle --list gone", ["a place is new", "dormant"]),
        ("segment rfm --list loyal --flows", ["--list", "--flows"]),
        ("segment rfm --days 0", ["--days", "1.."]),
        ("segment", ["rfm", "lifecycle"]),
    ] {
        let ended = place.line(line);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{line}");
        assert!(words.iter().all(|w| ended.err.contains(w)), "{line}: {words:?} in {}", ended.err);
    }
    fails(&place.line("segment rfm --to 2026-06-02 --against 2026-06-02"), 2, &["earlier day", "2026-06-02"]);
    fails(&place.line("segment rfm --platform ios"), 2, &["platform", "channels"]);
    fails(&place.line("segment lifecycle --grain week --against 2026-06-03"), 2, &["earlier week", "2026-06-01"]);
}

/// A workspace with spend of the days of its events.
fn with_spend() -> Place {
    let place = Place::new();
    let rows = "date,channel,campaign,amount,currency\n2026-06-01,search,brand,4.5,USD\n2026-06-02,tv,,3,USD\n\
                2026-06-03,feed,x,1.25,USD\n2026-06-03,feed,x,100,EUR\n";
    place.write("spend.csv", rows);
    assert_eq!(place.line("import spend.csv --through 2026-06-03").code, Some(0));
    place
}

#[test]
fn credit_of_orders_and_of_an_event_with_what_it_cost() {
    let place = with_spend();
    let ended = place.line("attribution --from 2026-06-01 --to 2026-06-03 --format csv");
    let rows = [
        "model,source,conversions,share,revenue,spend,cac,roas,state",
        "last_non_direct,search,1.000000,0.500000,10,4.5,4.5,2.222222,complete",
        "last_non_direct,feed,1.000000,0.500000,20.25,1.25,1.25,16.200000,complete",
        "last_non_direct,tv,0.000000,0.000000,0,3,,0.000000,complete",
        "last_non_direct,,2.000000,1.000000,30.25,8.75,4.375,3.457143,complete",
    ];
    assert_eq!((ended.code, ended.out), (Some(0), rows.map(|row| format!("{row}\n")).concat()));
    assert!(ended.err.contains("1 amounts are left out"), "{}", ended.err);
    let event = "attribution --model first --model time-decay --half-life 2 --conversion buy --touch open --lookback 1";
    pinned("attribution-event", &format!("{event} --from 2026-06-01 --to 2026-06-03"));
    pinned("attribution-exclusive", &format!("{event} --exclusive --without-direct --from 2026-06-01"));
}

#[test]
fn credit_refuses_what_does_not_go_together() {
    let place = Place::new();
    fails(&place.line("attribution --half-life 7"), 2, &["time-decay"]);
    fails(&place.line("attribution --conversion buy --touch buy"), 2, &["both a touch and the conversion"]);
    fails(&place.line("attribution --conversion byu"), 2, &["byu", "2 are known"]);
    fails(&place.line("attribution --platform ios"), 2, &["platform", "channels"]);
    fails(&place.line("attribution --key utm_source,"), 2, &["key", "channel"]);
    for (line, words) in [
        ("attribution --value revenue", ["--conversion", "required"]),
        ("attribution --lookback 0", ["1 to 3660 days", "all"]),
        ("attribution --model markov", ["markov", "inverse-j"]),
    ] {
        let ended = place.line(line);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{line}");
        assert!(words.iter().all(|w| ended.err.contains(w)), "{line}: {words:?} in {}", ended.err);
    }
}

#[test]
fn channels_with_what_they_cost_and_brought() {
    let place = with_spend();
    let ended = place.line("channels --from 2026-06-01 --to 2026-06-03 --at 0 --margin 0.5 --format csv");
    let rows = [
        "part,channel,spend,users,cac,retained_d7,cost_per_retained,payers,cost_per_payer,roas_d7,roas_d30,ltv,\
         ltv_over_cac,payback_day,paid_back,by_day,grade,state",
        "channel,search,4.5,1,4.5,,,1,4.5,,,0,0.000000,,0.000000,0,,complete",
        "channel,tv,3,0,,,,0,,,,,,,,,,complete",
        "channel,feed,1.25,1,1.25,,,1,1.25,,,0,0.000000,,0.000000,0,,complete",
        "channel,搜索,,1,,,,0,,,,0,,,,,,complete",
        "paid,,8.75,2,4.375,,,2,4.375,,,0,0.000000,,0.000000,0,,complete",
        "blended,,8.75,3,2.916667,,,2,4.375,,,0,0.000000,,0.000000,0,,complete",
    ];
    assert_eq!((ended.code, ended.out), (Some(0), rows.map(|row| format!("{row}\n")).concat()));
    assert!(ended.err.contains("1 amounts are left out"), "{}", ended.err);
    pinned("channels", "channels --from 2026-06-01 --to 2026-06-02");
    pinned("campaigns", "campaigns --from 2026-06-01 --to 2026-06-02");
    for (line, words) in [
        ("channels --margin 0", ["share above 0", "0.6"]),
        ("channels --at 4000", ["--at", "0..=3660"]),
        ("channels --platform ios", ["platform", "use channels"]),
        ("metric cac_blended --by channel", ["cac_blended", "metric --list"]),
    ] {
        let ended = place.line(line);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{line}");
        assert!(words.iter().all(|w| ended.err.contains(w)), "{line}: {words:?} in {}", ended.err);
    }
}
