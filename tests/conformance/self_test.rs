//! What a verdict must notice, over cases of one or two events.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use serde_json::{Value, json};

use super::compare::same;
use super::{Verdict, judge};

/// A day triangle of two cohorts over one event.
fn triangle() -> Value {
    json!({
        "metric": "retention",
        "params": {
            "kind": "recurring", "window": "calendar", "period": "day", "timezone": "UTC", "criterion": "on",
            "start": { "event": null }, "return": { "event": null },
            "from": "2024-01-01", "to": "2024-01-02", "intervals": 2
        },
        "events": [{ "user": "a", "ts": "2024-01-01T00:00:00Z", "event": "e" }],
        "expected": { "counts": [[1, 0], [0, null]] }
    })
}

/// Active users of two days over one event on the second.
fn active() -> Value {
    json!({
        "metric": "active_users",
        "params": { "event": null, "window_days": 7, "grid": "day", "from": "2024-01-01", "to": "2024-01-02" },
        "events": [{ "user": "a", "ts": "2024-01-02T00:00:00Z", "event": "e" }],
        "expected": { "at": { "1": 1 }, "recomputed_series": [0, 1] }
    })
}

pub fn with(mut case: Value, place: &str, value: Value) -> Verdict {
    let (parent, key) = place.rsplit_once('/').unwrap();
    case.pointer_mut(parent).unwrap()[key] = value;
    judge(&case)
}

pub fn fails(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Fail { .. })
}

#[test]
fn the_good_ones_are_ok() {
    assert_eq!([judge(&triangle()), judge(&active())], [Verdict::Ok, Verdict::Ok]);
    assert_eq!(with(triangle(), "/expected/counts", json!([[1.0, 0.0], [0, null]])), Verdict::Ok);
    assert_eq!(with(triangle(), "/expected", json!({ "rows": { "0": [1, 0] } })), Verdict::Ok);
}

#[test]
fn wrong_numbers_fail() {
    for counts in [json!([[2, 0], [0, null]]), json!([[1, 0], [0, 0]]), json!([[1, null], [0, null]]), json!([[1, 0]])]
    {
        assert!(fails(&with(triangle(), "/expected/counts", counts.clone())), "{counts}");
    }
    assert!(fails(&with(triangle(), "/expected", json!({ "rows": { "7": [1] } }))), "a row that is not there");
    assert!(fails(&with(active(), "/expected/at", json!({ "9": null }))), "a day beyond the grid");
    assert!(fails(&with(active(), "/expected/recomputed_series", json!([null, 1]))), "before the first row is zero");
}

#[test]
fn what_expects_nothing_or_has_another_shape_fails() {
    for expected in [
        json!({}),
        Value::Null,
        json!({ "counts": null }),
        json!({ "counts": [] }),
        json!({ "rows": [[99]] }),
        json!({ "rows": { "0": [] } }),
        json!({ "counts": 1 }),
    ] {
        assert!(fails(&with(triangle(), "/expected", expected.clone())), "{expected}");
    }
    for expected in [json!({}), json!({ "at": {} }), json!({ "at": [1] }), json!({ "recomputed_series": 1 })] {
        assert!(fails(&with(active(), "/expected", expected.clone())), "{expected}");
    }
}

#[test]
fn what_is_not_known_is_unsupported_by_name() {
    let unsupported = |verdict: Verdict, what: &str| assert_eq!(verdict, Verdict::Unsupported(what.into()));
    unsupported(with(active(), "/expected/series", json!([9, 9])), "expected.series");
    unsupported(with(triangle(), "/expected/shares", json!([1])), "expected.shares");
    unsupported(with(triangle(), "/params/start/which", json!({ "a": 1 })), "start.which");
    unsupported(with(triangle(), "/params/window", json!("sliding")), "window sliding");
    unsupported(with(triangle(), "/metric", json!("guess")), "metric guess");
    unsupported(with(triangle(), "/events/0/weight", json!(2)), "events.weight");
}

#[test]
fn an_event_is_a_name_or_an_object_with_one() {
    let (one, none) = (json!([[1, 0], [0, null]]), json!([[0, 0], [0, null]]));
    for (start, counts) in [(json!("e"), &one), (json!("other"), &none), (json!({ "event": "e" }), &one)] {
        let mut case = triangle();
        case["expected"]["counts"] = counts.clone();
        assert_eq!(with(case, "/params/start", start.clone()), Verdict::Ok, "{start}");
    }
    for start in [json!(["e"]), json!(1), json!({}), json!({ "event": 1 })] {
        assert!(fails(&with(triangle(), "/params/start", start.clone())), "{start}");
    }
}

#[test]
fn conditions_limit_the_events_that_are_counted() {
    let mut case = active();
    case["events"][0]["props"] = json!({ "plan": "pro" });
    case["params"]["event"] = json!({ "event": "e", "where": { "plan": "pro" } });
    assert_eq!(judge(&case), Verdict::Ok);
    assert!(fails(&with(case, "/params/event/where/plan", json!("free"))));
}

#[test]
fn a_window_that_is_left_out_is_the_calendar() {
    assert_eq!(with(triangle(), "/params/window", Value::Null), Verdict::Ok);
    assert!(fails(&with(triangle(), "/params/window", json!(1))));
}

#[test]
fn properties_never_stand_for_the_event_itself() {
    let props =
        json!({ "name": "x", "time": "z", "user": "q", "id": "7", "event_id": "7", "amount": 3, "channel": "c" });
    assert_eq!(with(triangle(), "/events/0/props", props), Verdict::Ok);
}

#[test]
fn nobody_came() {
    let mut case = triangle();
    case["expected"]["counts"] = json!([[0, 0], [0, null]]);
    assert_eq!(with(case.clone(), "/events", json!([])), Verdict::Ok);
    assert_eq!(with(case, "/events", Value::Null), Verdict::Ok);
    let mut case = active();
    case["expected"] = json!({ "recomputed_series": [0, 0] });
    assert_eq!(with(case, "/events", json!([])), Verdict::Ok);
    let stick = json!({
        "metric": "stickiness", "params": { "period": "day", "from": "2024-01-01", "to": "2024-01-02" },
        "expected": { "users_by_intervals": [0, 0] }
    });
    assert_eq!(judge(&stick), Verdict::Ok);
}

#[test]
fn an_average_may_expect_one_of_its_forms() {
    let case = json!({
        "metric": "average_retention",
        "params": { "cohorts": [{ "size": 3, "retained": 1, "complete": true }] },
        "expected": { "pooled_percent": 33.3, "rounded": 1 }
    });
    assert_eq!(judge(&case), Verdict::Ok);
    assert!(fails(&with(case.clone(), "/expected/pooled_percent", json!(33.4))));
    assert!(fails(&with(case.clone(), "/expected", json!({ "rounded": 1 }))));
    assert!(fails(&with(case, "/params/cohorts/0/complete", Value::Null)));
}

#[test]
fn a_funnel_holds_all_that_is_expected_of_it() {
    let event =
        |hour: u32, name: &str| json!({ "user": "a", "ts": format!("2024-01-01T{hour:02}:00:00Z"), "event": name });
    let case = json!({
        "metric": "funnel",
        "params": { "steps": [{ "event": "x" }, { "event": "y" }], "window_seconds": null },
        "events": [event(10, "y"), event(11, "x"), event(12, "z"), event(13, "y")],
        "expected": { "counts": [1, 1], "avg_seconds": [null, 7200], "step_rate_tail": [1] }
    });
    assert_eq!(judge(&case), Verdict::Ok);
    assert!(fails(&with(case.clone(), "/params/window_seconds", json!(7199))));
    assert!(fails(&with(case.clone(), "/params/order", json!("strict"))));
    assert!(
        fails(&with(case.clone(), "/params/order", json!("unordered"))),
        "the first y is an entry, an hour before x"
    );
    assert!(fails(&with(case.clone(), "/expected/average", json!(7200))), "no histogram is asked for");
    assert!(fails(&with(case.clone(), "/expected", json!({ "counts": null }))));
    let filtered = json!([{ "event": "x", "where": { "plan": "pro" } }, { "event": "y" }]);
    assert!(fails(&with(case.clone(), "/params/steps", filtered)), "nobody has the property");
    let mut nobody = case;
    nobody["expected"] = json!({ "counts": [0, 0], "step_rate": [0, 0] });
    assert_eq!(with(nobody, "/events", json!([])), Verdict::Ok);
}

#[test]
fn values_agree_by_number_and_shape() {
    assert!(same(&json!([1.0, null]), &json!([1, null]), 1e-9));
    assert!(!same(&json!([1]), &json!([1, 1]), 1e-9) && !same(&json!(null), &json!(0), 1e-9));
    assert!(!same(&json!({ "a": 1 }), &json!({ "a": 1, "b": 1 }), 1e-9) && !same(&json!("1"), &json!(1), 1e-9));
}

#[test]
fn a_file_of_payments_is_compared_in_its_amounts() {
    let csv = "id,Created (UTC),Amount,Amount Refunded,Currency,Status,Customer ID\n\
               a,2026-06-01 10:15:00,100.00,0.00,usd,Paid,x\nb,2026-06-01 23:50:00,80.00,25.50,usd,Paid,y\n\
               c,2026-06-02 09:30:00,15.00,0.00,usd,Failed,x\n";
    let case = json!({
        "metric": "import_orders", "params": { "format": "stripe_payments_csv" }, "csv": csv,
        "expected": {
            "charges_counted": 2, "excluded": 1, "refunds": { "b": 25.5 }, "gross": "180.00", "refunded": 25.5,
            "net": 154.5, "net_by_user": { "x": 100, "y": "54.50" }
        }
    });
    assert_eq!(judge(&case), Verdict::Ok);
    for (key, wrong) in [("excluded", json!(0)), ("refunds", json!({})), ("net", json!(180)), ("gross", json!("x"))] {
        assert!(fails(&with(case.clone(), &format!("/expected/{key}"), wrong)), "{key}");
    }
    assert!(fails(&with(case, "/params/format", json!("shopify_orders_csv"))));
}

#[test]
fn a_report_of_spend_is_compared_by_day() {
    let csv = "Report\nDay,Campaign,Currency code,Cost,Impr.,Clicks\n2026-09-01,A,EUR,\"2,345.67\",\"18,204\",417\n\
               2026-09-01,B,EUR,615.40,\"9,870\",133\n2026-09-02,A,EUR,0.00,0,0\nTotal: account,,EUR,1,1,1\n";
    let case = json!({
        "metric": "import_spend", "params": { "format": "google_ads_csv" }, "csv": csv,
        "expected": {
            "rows": 3, "cost": 2961.07, "impressions": 28074, "clicks": 550,
            "by_day": { "2026-09-01": "2961.07", "2026-09-02": 0 }
        }
    });
    assert_eq!(judge(&case), Verdict::Ok);
    let days = json!({ "2026-09-01": { "cost": 2961.07, "clicks": 550 }, "2026-09-02": { "cost": 0, "clicks": 0 } });
    assert_eq!(with(case.clone(), "/expected/by_day", days), Verdict::Ok);
    for (key, wrong) in [("rows", json!(4)), ("cost", json!(2961)), ("by_day", json!({ "2026-09-01": 2961.07 }))] {
        assert!(fails(&with(case.clone(), &format!("/expected/{key}"), wrong)), "{key}");
    }
}

#[test]
fn value_is_pooled_over_mature_cohorts_and_only_those() {
    let case = json!({
        "metric": "ltv_overall",
        "params": { "n_days": 3, "cohorts": [
            { "users": 3, "revenue": 10, "days_observed": 5 },
            { "users": 2, "revenue": "0.50", "days_observed": 3 },
            { "users": 9, "revenue": 900, "days_observed": 2 }
        ] },
        "expected": { "per_cohort": [3.33, 0.25, null], "overall": 2.1, "rounded": 2 }
    });
    assert_eq!(judge(&case), Verdict::Ok);
    assert!(fails(&with(case.clone(), "/expected/overall", json!(1.79))), "the mean of the cohorts");
    assert!(fails(&with(case.clone(), "/expected/per_cohort", json!([3.33, 0.25, 100]))));
    assert!(fails(&with(case.clone(), "/params/cohorts/2/days_observed", json!(3))), "a third mature cohort");
    assert_eq!(with(case, "/params/cohorts/0/churn", json!(1)), Verdict::Unsupported("cohorts.churn".into()));
}

#[test]
fn roas_is_nothing_without_a_rate() {
    let case = json!({
        "metric": "roas",
        "params": {
            "base": "USD", "rates_to_base": { "SEK": 0.095 },
            "cost": { "amount": "10.50", "currency": "SEK" }, "value": { "amount": 42, "currency": "USD" }
        },
        "expected": { "roas": 42.105_263, "cost_base": 0.9975, "value_base": 42, "wrong_if_unconverted": 4 }
    });
    assert_eq!(judge(&case), Verdict::Ok);
    assert!(fails(&with(case.clone(), "/expected/roas", json!(4))));
    let mut missing = case;
    missing["expected"] = json!({ "roas": null, "cost_base": null, "missing_rates": 1 });
    assert_eq!(with(missing, "/params/cost/currency", json!("EUR")), Verdict::Ok);
}

#[test]
fn a_mean_of_rates_skips_what_is_missing() {
    let case = json!({
        "metric": "average_matrix", "params": { "rates": [[1, 0.5, null], [1, null, null]] },
        "expected": { "simple_skip_missing": [1, 0.5, null] }
    });
    assert_eq!(judge(&case), Verdict::Ok);
    assert!(fails(&with(case, "/expected/simple_skip_missing", json!([1, 0.25, null]))));
}
