//! What credit must notice, over a handful of sessions: windows, months, keys, direct visits, spend of several rows.

use serde_json::{Value, json};

use super::self_test::{fails, with};
use super::{Verdict, judge};

fn session(user: &str, ts: &str, source: Option<&str>, campaign: Option<&str>) -> Value {
    json!({
        "user": user, "ts": ts, "event": "session",
        "props": { "utm_source": source, "utm_medium": source.map(|_| "cpc"), "utm_campaign": campaign }
    })
}

fn conversion(user: &str, ts: &str, revenue: &str) -> Value {
    json!({ "user": user, "ts": ts, "event": "conversion", "props": { "revenue": revenue } })
}

/// Two conversions in March and one in February; spend of two months.
fn case() -> Value {
    let spend = |date: &str, source: &str, campaign: &str, amount: &str| {
        json!({
            "date": date, "utm_source": source, "utm_medium": "cpc", "utm_campaign": campaign,
            "amount": amount, "currency": "EUR"
        })
    };
    json!({
        "metric": "channel_economics",
        "params": {
            "lookback_days": 30, "window_inclusive": true, "key": "utm_source", "month": "2024-03",
            "models": ["first", "last", "linear", "u"]
        },
        "events": [
            session("a", "2024-02-09T12:00:00Z", Some("google"), Some("spring")),
            session("a", "2024-03-01T08:00:00Z", None, None),
            session("a", "2024-03-05T08:00:00Z", Some("Bing"), None),
            conversion("a", "2024-03-10T12:00:00Z", "100.10"),
            session("b", "2024-02-20T08:00:00Z", Some("google"), Some("brand")),
            conversion("b", "2024-02-21T08:00:00Z", "40"),
            conversion("b", "2024-03-20T08:00:00Z", "50.05"),
            conversion("c", "2024-03-31T23:59:59Z", "7"),
        ],
        "spend": [
            spend("2024-03-01", "google", "spring", "30"),
            spend("2024-03-01", "google", "brand", "12.5"),
            spend("2024-03-31", "bing", "x", "8"),
            spend("2024-02-29", "google", "spring", "999"),
            spend("2024-03-02", "tv", "x", "5"),
        ],
        "expected": {
            "first": {
                "google": { "conversions": 2, "revenue": 150.15, "spend": 42.5, "cac": 21.25, "roas": 3.5329 },
                "tv": { "conversions": 0, "revenue": 0, "spend": 5, "cac": null, "roas": 0 }
            },
            "last": {
                "bing": { "conversions": 1, "revenue": 100.1, "spend": 8, "cac": 8, "roas": 12.5125 },
                "google": { "conversions": 1, "revenue": 50.05, "spend": 42.5, "cac": 42.5, "roas": 1.18 }
            },
            "linear": {
                "google": { "conversions": 1.333_333, "revenue": 83.42 },
                "bing": { "conversions": 0.33 },
                "(direct)": { "conversions": 0.33, "revenue": 33.37, "spend": null, "cac": null, "roas": null }
            },
            "u": {
                "google": { "conversions": 1.4 }, "bing": { "conversions": 0.4 }, "direct": { "conversions": 0.2 },
                "(unknown)": { "conversions": 1, "revenue": 7, "spend": null }
            }
        }
    })
}

#[test]
fn a_month_of_channels_by_four_models() {
    assert_eq!(judge(&case()), Verdict::Ok);
}

#[test]
fn each_choice_of_the_case_changes_the_answer() {
    assert!(fails(&with(case(), "/params/window_inclusive", json!(false))), "a touch of exactly 30 days");
    assert!(fails(&with(case(), "/params/lookback_days", json!(29))));
    assert!(fails(&with(case(), "/params/month", json!(null))), "the conversion of February");
    assert!(fails(&with(case(), "/params/key", json!("utm_campaign"))));
    assert!(fails(&with(case(), "/params/exclude_direct", json!(true))));
    for (place, wrong) in [
        ("/expected/first/google/cac", json!(21.24)),
        ("/expected/first/google/spend", json!(1041.5)),
        ("/expected/first/tv/roas", json!(null)),
        ("/expected/linear/google/conversions", json!(1.34)),
        ("/expected/u/direct/conversions", json!(0)),
    ] {
        assert!(fails(&with(case(), place, wrong)), "{place}");
    }
    let mut short = case();
    short["expected"]["linear"].as_object_mut().map(|linear| linear.remove("bing"));
    assert!(fails(&judge(&short)), "a source with credit is not listed");
    assert_eq!(with(case(), "/expected/custom", json!({ "x": {} })), Verdict::Unsupported("expected.custom".into()));
}

#[test]
fn names_of_other_tools_are_understood() {
    let mut case = case();
    case["params"]["models"] = json!(["first_touch"]);
    case["expected"] = json!({ "first_touch": { "google": { "conversions": 2 } }, "forty_twenty_forty": {
        "google": { "conversions": 1.4 }, "bing": { "conversions": 0.4 }, "null": { "conversions": 0.2 }
    } });
    case["events"].as_array_mut().unwrap().push(json!({
        "user": "a", "ts": "2024-03-09T12:00:00Z", "event": "page", "props": { "utm_source": "mail" }
    }));
    assert_eq!(judge(&case), Verdict::Ok, "only sessions are touches");
    assert!(fails(&with(case, "/expected/first_touch/google/conversions", json!(1))));
}

#[test]
fn a_key_may_be_shortened_or_have_two_parts() {
    let expected = json!({ "first": {
        "spring": { "conversions": 1, "revenue": 100.1, "spend": 30 },
        "brand": { "conversions": 1, "spend": 12.5, "cac": 12.5 }
    } });
    let mut campaigns = case();
    campaigns["params"]["models"] = json!(null);
    campaigns["expected"] = expected;
    assert_eq!(with(campaigns.clone(), "/params/key", json!("campaign")), Verdict::Ok);
    campaigns["expected"] = json!({ "first": {
        "google / spring": { "conversions": 1, "spend": 30 }, "google/brand": { "roas": 4.004 }
    } });
    assert_eq!(with(campaigns.clone(), "/params/key", json!(["utm_source", "utm_campaign"])), Verdict::Ok);
    let three = json!(["utm_source", "utm_medium", "utm_campaign"]);
    assert_eq!(with(campaigns, "/params/key", three), Verdict::Unsupported("key of 3 properties".into()));
}

#[test]
fn credit_adds_up_to_the_conversions_of_the_period() {
    let case = json!({
        "metric": "attribution",
        "params": { "lookback_days": 3, "key": "campaign", "exclude_direct": true, "from": "2024-01-03", "to": "2024-01-09" },
        "events": [
            { "user": "p", "ts": "2024-01-01T00:00:00Z", "event": "touch", "props": { "campaign": "x" } },
            { "user": "p", "ts": "2024-01-02T00:00:00Z", "event": "purchase", "props": { "revenue": 9 } },
            { "user": "p", "ts": "2024-01-03T00:00:00Z", "event": "touch", "props": {} },
            { "user": "p", "ts": "2024-01-04T00:00:00Z", "event": "purchase", "props": { "revenue": 1 } }
        ],
        "expected": { "last": { "x": 1 }, "time_decay": { "x": 1 }, "conversions": 1, "value": 1 }
    });
    assert_eq!(judge(&case), Verdict::Ok);
    assert!(fails(&with(case.clone(), "/params/exclude_direct", json!(false))));
    assert!(fails(&with(case.clone(), "/expected/conversions", json!(2))), "a conversion before the range");
    assert!(fails(&with(case.clone(), "/params/lookback_days", json!(2))));
    let totals = json!({ "conversions": 1, "value": 1 });
    assert_eq!(with(case.clone(), "/expected", totals), Verdict::Ok, "totals need no model");
    assert!(fails(&with(case.clone(), "/expected", json!({ "conversions": 1, "value": 2 }))));
    assert_eq!(with(case, "/params/models", json!(["markov"])), Verdict::Unsupported("model markov".into()));
}

#[test]
fn weights_are_those_of_the_touches_in_their_order() {
    let case = json!({
        "metric": "attribution_weights", "params": { "touches": 2 },
        "expected": { "u": [0.5, 0.5], "j": [0.25, 0.75], "first": [1, 0] }
    });
    assert_eq!(judge(&case), Verdict::Ok);
    assert!(fails(&with(case.clone(), "/expected/j", json!([0.75, 0.25]))));
    assert!(fails(&with(case, "/expected/u", json!([0.5]))));
}
